"""What the pages carry for the filters and for the remembered municipality. What a press does: tests/browser/."""

import json

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.builders import make_content, make_organisation, make_site, make_taxonomy, render
from tests.everything import everything
from tests.test_rendering import HOSTILE, markup_of

LIST = "/tarve/masennus/kaikki/kuopio/index.html"
REMOTE_ONLY = {"municipalities": [], "remote": True}


def part(page: str, selector: str) -> list[LexborNode]:
    return LexborHTMLParser(page).css(selector)


def test_each_activity_on_a_card_carries_what_it_is_and_only_there() -> None:
    activities = [{"price": "paid", "languages": ["fi", "sv"], "target_groups": ["nuoret"], "remote": True}, {}]
    taxonomy = everything(lambda _: "Sana").taxonomy
    pages = render(make_content(taxonomy, yhdistys=make_organisation(activities=activities)))
    marks = [activity.attributes["data-is"] for activity in part(pages[LIST], ".activity")]
    assert marks == ["kieli.fi kieli.sv ryhma.nuoret eta", "kieli.fi maksuton"]
    assert part(pages["/jarjesto/yhdistys/index.html"], "[data-is]") == []


def test_list_of_two_cards_can_be_narrowed_wherever_they_are_and_one_card_cannot() -> None:
    one, afar = make_organisation(), make_organisation(name="Toinen ry", activities=[REMOTE_ONLY])
    assert part(render(make_content(yksi=one))[LIST], ".filters") == []
    assert part(render(make_content(yksi=one, toinen=one))[LIST], ".filters")
    assert part(render(make_content(yksi=one, toinen=afar))[LIST], ".filters")


def test_filters_of_a_page_are_the_same_bytes_in_all_of_a_language() -> None:
    two = make_content(
        yksi=make_organisation(), toinen=make_organisation(name="Toinen ry", activities=[{"municipalities": "koko-alue"}])
    )
    other = make_content(yksi=make_organisation(activities=[{"languages": ["fi"], "price": "paid"}]), toinen=make_organisation())
    found = {
        (path.startswith(("/sv/", "/en/")), path[1:3] if path.startswith(("/sv/", "/en/")) else "fi", node.html)
        for content in (two, other)
        for path, page in render(content).items()
        if path.endswith(".html")
        for node in part(page, ".filters")
    }
    assert len(found) == 3


def test_choices_are_told_in_every_language_under_the_same_marks() -> None:
    pages = render(everything(lambda field: f"Sana {field}"))
    marks = []
    for folder in ("", "/sv", "/en"):
        fetched = json.loads(pages[f"{folder}/suodatus.json"])
        buttons = part(fetched["panel"], "button")
        marks.append([button.attributes["data-mark"] for button in buttons])
        assert "Sana target_group.label" in fetched["panel"]
        assert [button.attributes["data-mark"] for button in part(fetched["chosen"], ".chip")] == marks[-1]
    assert marks[0] == ["vapaa", "maksuton", "eta", "kieli.fi", "kieli.sv", "ryhma.aikuiset", "ryhma.nuoret"]
    assert marks[1:] == [marks[0]] * 2


def test_hostile_labels_leave_the_markup_of_the_choices_as_it_is() -> None:
    def fetched(text: str) -> dict[str, str]:
        return dict(json.loads(render(everything(lambda _: text))["/suodatus.json"]))

    hostile, ordinary = fetched(HOSTILE), fetched("Tavallinen teksti")
    for name in ("panel", "chosen"):
        assert HOSTILE not in hostile[name]
        assert markup_of(hostile[name]) == markup_of(ordinary[name])


def test_choices_are_found_below_a_base_path() -> None:
    two = {slug: make_organisation() for slug in ("yksi", "toinen")}
    pages = render(make_content(site=make_site(base_path="/tarjotin/", languages=["fi", "sv"]), **two))
    for folder in ("", "/sv"):
        (filters,) = part(pages[f"{folder}{LIST}"], ".filters")
        assert filters.attributes["data-filters"] == f"/tarjotin{folder}/suodatus.json"
        assert f"{folder}/suodatus.json" in pages


def test_municipality_can_be_remembered_from_its_own_pages_only() -> None:
    pages = render(make_content(taxonomy=make_taxonomy(), yhdistys=make_organisation()))
    told = {path: [node.attributes["data-remember"] for node in part(page, "[data-keep]")] for path, page in pages.items()}
    for path, municipalities in told.items():
        own = path.split("/")[-2] if path.endswith("/index.html") else ""
        is_own = own in ("kuopio", "siilinjarvi", "tervo") and ("/tarve/" in path or "/kunta/" in path)
        assert (path, municipalities) == (path, [own] if is_own else [])
    assert sum(map(len, told.values())) > 10
