"""What a results page can be narrowed by: one file a language with what there is to choose. (Activities carry marks: views.py.)

The address of a narrowed page is `#suodata=` and marks with commas between, the same in every language:
`ryhma.<target group>`, `kieli.<language>`, `maksuton`, `eta`, and `vapaa`, which the script reads from what the dates show today.
"""

import json

from generator.rendering.frame import Frame

CHOICES_FILE = "/suodatus.json"  # a fixed name, so that a changed label changes no page

Choice = tuple[str, str, str]  # a mark, its label in its group, and how it is told alone


def filter_choices(frame: Frame) -> bytes:
    """The markup and the sentences that the script of the filters fetches."""
    groups = filter_groups(frame)
    markup = {name: frame.component("filters", name, groups) for name in ("panel", "chosen")}
    sentences = {name: frame.text("filters", name) for name in ("found", "here", "section", "none")}
    return json.dumps(markup | sentences, ensure_ascii=False, separators=(",", ":")).encode()


def filter_groups(frame: Frame) -> list[tuple[str, list[Choice]]]:
    ways = {"vapaa": ("filters", "open_now"), "maksuton": ("filters", "free"), "eta": ("results", "remote")}
    languages = frame.content.taxonomy.languages
    target_groups = frame.content.taxonomy.target_groups
    return [
        (frame.text("filters", "ways"), [(mark, frame.text(*place), frame.text(*place)) for mark, place in ways.items()]),
        (frame.text("card", "languages"), [_language(one.id, frame.voice.plain(one.label), frame) for one in languages]),
        (
            frame.text("organisation", "target_groups"),
            [(f"ryhma.{one.id}", frame.voice.plain(one.label), frame.voice.plain(one.label)) for one in target_groups],
        ),
    ]


def _language(language: str, label: str, frame: Frame) -> Choice:
    return f"kieli.{language}", label, frame.text("filters", "language").format(value=label)
