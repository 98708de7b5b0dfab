"""A file changes where its values change and nowhere else, and reads the same in every reader of YAML."""

import copy
import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.content import MAX_FILE_BYTES, parse_yaml
from generator.models import Organisation, PrivateAddresses
from lambda_edit.document import Unwritable, new_document, rewrite
from tests.builders import ROOT, WRITTEN_REFERRAL, written_organisation

FILES = sorted((ROOT / "content" / "organisations").glob("*.yaml"))

# What people type, paste or try. Written bare, most of these would come back as something else from one reader or another.
NASTY = [
    *(
        "no",
        "Yes",
        "on",
        "OFF",
        "y",
        "true",
        "null",
        "~",
        "070",
        "0o14",
        "0x1F",
        "1e5",
        "1_000",
        ".5",
        ".inf",
        ".NaN",
        "-0",
        "+358",
    ),
    *(
        "2026-05-01",
        "12:30:00",
        "190:20:30",
        "2001-12-14t21:59:43.10-05:00",
        "=",
        "<<",
        "- x",
        "-",
        "? x",
        ": x",
        "a: b # c",
        "# x",
    ),
    *(
        "!!python/object/apply:os.system [ls]",
        "!x",
        "&a *a",
        "*a",
        "%YAML 1.1",
        "@x",
        "`x`",
        "{a: b}",
        "[a, b",
        "a, b]",
        "> x",
        "| x",
    ),
    *(
        "---",
        "...",
        "--- x\n...",
        "'",
        '"',
        "'a' \"b\"",
        "\\",
        "\\n",
        "C:\\new\\t",
        " x ",
        "x:",
        "\tx",
        "a\tb",
        "a\nb",
        "a\n",
        "\n\na",
    ),
    *("a\n\n\n", "a\n  b\n", "  a\nb", "a \nb", "a\n# b\nc", "a\r\nb", "a\rb", "a\x85b", "a\u2028b\u2029", "\ufeffx", "a\u00a0b"),
    *(
        "a\x00b",
        "\x1b[31m",
        "\x7f",
        "\x9b",
        "\u202eabc\u202c",
        "\u2066x\u2069",
        "\u200bx",
        "\ufffe",
        "👩‍👩‍👧 😀",
        "ÅÄÖ åäö ŋ",
        "</script>",
    ),
    *(
        "```\n@everyone\n```",
        "Fixes #1",
        "{{ x }}",
        "${x}",
        "Karjalan\u00adpiirakka",
        "x" * 3000,
        "- a\n- b\n",
        "a: 1\nb: 2\n",
        "|\n  a\n",
    ),
]

# Characters that would hide something from who reads a change before approving it.
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def typed_readers(text: str) -> list[Any]:
    """What programs read that decide types by themselves: one of YAML 1.1 and one of 1.2."""
    return [yaml.load(text, yaml.CSafeLoader), ruamel.yaml.YAML(typ="safe", pure=True).load(text)]


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


def edited(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    wanted = parse_yaml(text)
    change(wanted)
    return rewrite(text, wanted)


def test_there_are_at_least_55_nasty_strings() -> None:
    assert len(set(NASTY)) == len(NASTY) >= 55


@pytest.mark.parametrize("nasty", NASTY, ids=ascii)
def test_nasty_text_reads_the_same_in_every_reader(nasty: str) -> None:
    text = rewrite("name: Nimi  # kommentti\nlast: x\n", {"name": nasty, "other": nasty, "last": "x"})
    assert parse_yaml(text) == {"name": nasty, "other": nasty, "last": "x"}
    for found in typed_readers(text):
        assert (found["name"], found["other"]) == (nasty, nasty)
    assert not UNSEEN.search(text)


@pytest.mark.parametrize("nasty", NASTY, ids=ascii)
def test_nasty_text_of_a_new_file_reads_the_same_in_every_reader(nasty: str) -> None:
    wanted = written_organisation(name=nasty, pitch={"fi": nasty, "sv": nasty}, activities=[{"needs": [nasty], "summary": nasty}])
    text = new_document(wanted)
    assert [parse_yaml(text), *typed_readers(text)] == [wanted] * 3


@pytest.mark.parametrize("nasty", NASTY, ids=ascii)
def test_nasty_word_in_brackets_reads_the_same_in_every_reader(nasty: str) -> None:
    text = rewrite("needs: [diabetes, sydan]\nwhen: {fi: ti}\n", {"needs": ["sydan", nasty], "when": {"fi": nasty, "sv": nasty}})
    for found in [parse_yaml(text), *typed_readers(text)]:
        assert found == {"needs": ["sydan", nasty], "when": {"fi": nasty, "sv": nasty}}


@settings(deadline=None, max_examples=150)
@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_text_reads_the_same_in_every_reader(text: str) -> None:
    written = rewrite("a:\n  - b: |\n      vanha\n    c: x\n", {"a": [{"b": text, "c": "x"}]})
    assert [parse_yaml(written), *typed_readers(written)] == [{"a": [{"b": text, "c": "x"}]}] * 3


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_sample_file_with_nothing_changed_stays_as_it_is(file: Path) -> None:
    text = file.read_text("utf-8")
    assert rewrite(text, parse_yaml(text)) is text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_changing_a_phone_number_changes_one_line(file: Path) -> None:
    text = file.read_text("utf-8")
    changed = edited(text, lambda wanted: wanted["contacts"][0].update(phone="017 000 9999"))
    assert len(changed_lines(text, changed)) <= 2
    assert '+    phone: "017 000 9999"' in changed_lines(text, changed)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_sample_file_written_anew_says_the_same(file: Path) -> None:
    written = parse_yaml(file.read_text("utf-8"))
    assert parse_yaml(new_document(written)) == written


# Laid out as people do, which is not how any program would: each row is a change and the lines of a diff it must make.
LAID_OUT = """\
# Yhdistyksen tiedot
name:   Esimerkki ry   # virallinen nimi
pitch: >-
  Taitettu
  lause.

# Kuvaus on pitkä
description: | # Markdown
    Ensimmäinen rivi.

    ## Otsikko

contacts:      # kaksi
# puheenjohtaja
- role: 'Pj'
  phone: "017 000 0101"   # iltaisin

# sihteeri
-
  role: Sihteeri
  email:   sihteeri@esimerkki.example.fi
activities:
    # lukittu
    - id: kerho
      needs: [ diabetes,"sydan" ] # kaksi tarvetta
      municipalities:
        - kuopio
        # naapuri
        - siilinjarvi
      capacity: {status: open}
      when:
        # kerran viikossa
        fi: ti
        sv: tis
    - id: ryhma
      needs: [
        diabetes,
        sydan,
      ]
      remote: true
website:
review: {confirmed_on: 2026-09-01, confirmed_by: "sihteeri"}
# loppu
"""
LAID_OUT_CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], list[str]]] = {
    "a comment beside a value and the spaces before it stay": (
        lambda one: one.update(name="Uusi ry"),
        ["-name:   Esimerkki ry   # virallinen nimi", '+name:   "Uusi ry"   # virallinen nimi'],
    ),
    "a folded text becomes one line": (
        lambda one: one.update(pitch="Uusi lause."),
        ["-pitch: >-", "-  Taitettu", "-  lause.", '+pitch: "Uusi lause."'],
    ),
    "a text of lines stays lines, with the comment beside its key": (
        lambda one: one.update(description="Ensimmäinen rivi.\n\n## Uusi otsikko\n"),
        ["-    Ensimmäinen rivi.", "+  Ensimmäinen rivi.", "-    ## Otsikko", "+  ## Uusi otsikko"],
    ),
    "a value in a list without indentation": (
        lambda one: one["contacts"][0].update(phone="017 000 0102"),
        ['-  phone: "017 000 0101"   # iltaisin', '+  phone: "017 000 0102"   # iltaisin'],
    ),
    "an item that goes takes the comment above it along": (
        lambda one: one["contacts"].pop(1),
        ["-", "-# sihteeri", "--", "-  role: Sihteeri", "-  email:   sihteeri@esimerkki.example.fi"],
    ),
    "an item that comes is written as the list is": (
        lambda one: one["contacts"].append({"role": "Uusi", "phone": "112"}),
        ['+- role: "Uusi"', '+  phone: "112"'],
    ),
    "a list in brackets keeps the words it has": (
        lambda one: one["activities"][0]["needs"].append("muisti"),
        ['-      needs: [ diabetes,"sydan" ] # kaksi tarvetta', '+      needs: [diabetes, "sydan", muisti] # kaksi tarvetta'],
    ),
    "a list in lines loses a line": (
        lambda one: one["activities"][0]["municipalities"].remove("siilinjarvi"),
        ["-        # naapuri", "-        - siilinjarvi"],
    ),
    "a list in lines gets a line": (
        lambda one: one["activities"][0]["municipalities"].append("no"),
        ['+        - "no"'],
    ),
    "a list in brackets over many lines": (
        lambda one: one["activities"][1].update(needs=["diabetes"]),
        ["-      needs: [", "-        diabetes,", "-        sydan,", "-      ]", "+      needs: [diabetes]"],
    ),
    "a mapping in brackets stays so, a new date beside a bare word is quoted": (
        lambda one: one["activities"][0].update(capacity={"status": "full", "until": "2027-01-31"}),
        ["-      capacity: {status: open}", '+      capacity: {status: full, until: "2027-01-31"}'],
    ),
    "a language goes": (lambda one: one["activities"][0]["when"].pop("sv"), ["-        sv: tis"]),
    "a language comes": (lambda one: one["activities"][0]["when"].update(en="Tue"), ['+        en: "Tue"']),
    "a translated text becomes one text, and the comment under its key stays": (
        lambda one: one["activities"][0].update(when="ke"),
        ["-      when:", '+      when: "ke"', "-        fi: ti", "-        sv: tis"],
    ),
    "one text becomes translated": (
        lambda one: one.update(name={"fi": "Nimi", "sv": "Namn"}),
        ["-name:   Esimerkki ry   # virallinen nimi", "+name:   # virallinen nimi", '+  fi: "Nimi"', '+  sv: "Namn"'],
    ),
    "an empty key gets its value": (
        lambda one: one.update(website="https://esimerkki.example.fi"),
        ["-website:", '+website: "https://esimerkki.example.fi"'],
    ),
    "a date stays a date, and yes stays yes": (
        lambda one: (one["review"].update(confirmed_on="2027-03-01"), one["activities"][1].update(remote="false")),
        [
            "-      remote: true",
            "+      remote: false",
            '-review: {confirmed_on: 2026-09-01, confirmed_by: "sihteeri"}',
            '+review: {confirmed_on: 2027-03-01, confirmed_by: "sihteeri"}',
        ],
    ),
    "a key goes, its comment above stays": (
        lambda one: one.pop("description"),
        ["-description: | # Markdown", "-    Ensimmäinen rivi.", "-", "-    ## Otsikko"],
    ),
    "a new key stands where the model has it": (
        lambda one: one.update(business_id="9010312-5", scope="national"),
        ['+business_id: "9010312-5"', '+scope: "national"'],
    ),
    "the first key of an item goes": (
        lambda one: one["activities"][1].pop("id"),
        ["-    - id: ryhma", "-      needs: [", "+    - needs: ["],
    ),
    "a list is emptied, and the comments under its key go with its items": (
        lambda one: one["activities"][0].update(when={}, municipalities=[]),
        [
            "-      municipalities:",
            "-        - kuopio",
            "-        # naapuri",
            "-        - siilinjarvi",
            "+      municipalities: []",
            "-      when:",
            "+      when: {}",
            "-        fi: ti",
            "-        sv: tis",
        ],
    ),
}


@pytest.mark.parametrize(("change", "lines"), LAID_OUT_CHANGES.values(), ids=LAID_OUT_CHANGES)
def test_only_the_lines_of_the_change_change(change: Callable[[dict[str, Any]], object], lines: list[str]) -> None:
    assert changed_lines(LAID_OUT, edited(LAID_OUT, change)) == lines


def test_items_that_change_places_are_moved_as_they_are() -> None:
    changed = edited(LAID_OUT, lambda one: one["contacts"].reverse())
    first = "# puheenjohtaja\n- role: 'Pj'\n  phone: \"017 000 0101\"   # iltaisin\n"
    second = "\n# sihteeri\n-\n  role: Sihteeri\n  email:   sihteeri@esimerkki.example.fi\n"
    assert changed == LAID_OUT.replace(first + second, second + first) != LAID_OUT


def test_comments_of_what_stays_stay() -> None:
    """Whatever else is done at once."""

    def change(one: dict[str, Any]) -> None:
        one["activities"].reverse()
        one["activities"].insert(0, {"id": "uusi", "needs": ["a", "b"], "summary": "x"})
        one["contacts"].append({"role": "Uusi", "phone": "112"})
        one.update(name="a", pitch="b", description="c\nd", website="https://e.example.fi", pauses=[{"from": "2027-07-01"}])

    comments = [line[line.index("#") :] for line in LAID_OUT.splitlines() if re.search(r"(^|\s)# ", line)]
    changed = edited(LAID_OUT, change)
    assert len(comments) == 13
    assert [comment for comment in comments if comment not in changed] == []


def test_new_key_of_an_item_stands_where_the_model_has_it() -> None:
    text = "activities:\n  - id: a\n    price: free # aina\n    for_whom: x\n"
    changed = edited(text, lambda one: one["activities"][0].update(season={"to": "2027-01-02", "from": "2027-01-01"}))
    season = '    season:\n      from: "2027-01-01"\n      to: "2027-01-02"\n'
    assert changed == "activities:\n  - id: a\n" + season + "    price: free # aina\n    for_whom: x\n"


def test_new_first_key_stands_first() -> None:
    assert rewrite("# alku\npitch: x\n", {"pitch": "x", "name": "y"}) == '# alku\nname: "y"\npitch: x\n'
    assert (
        rewrite("activities:\n- name: x\n", {"activities": [{"name": "x", "id": "a"}]}) == 'activities:\n- id: "a"\n  name: x\n'
    )


def test_private_file_is_changed_by_its_own_model() -> None:
    text = "data_maintainers:\n  - a@example.fi\n  # uusi sihteeri\n  - b@example.fi\nlink_generation: 1\n"
    wanted = {"data_maintainers": ["b@example.fi"], "link_generation": "2", "referral_email": "c@example.fi", "language": "sv"}
    changed = rewrite(text, wanted, PrivateAddresses)
    assert changed.startswith('referral_email: "c@example.fi"\nlanguage: "sv"\ndata_maintainers:\n  # uusi sihteeri\n')
    assert changed.endswith("  - b@example.fi\nlink_generation: 2\n")


def test_lines_end_as_the_file_has_them() -> None:
    text = "name: x\r\n# kommentti\r\npitch: y\r\n"
    changed = rewrite(text, {"name": "x", "pitch": "a\n\nb\n", "description": "c"})
    assert changed == 'name: x\r\n# kommentti\r\npitch: |\r\n  a\r\n\r\n  b\r\ndescription: "c"\r\n'


def test_file_without_a_last_newline_gets_one() -> None:
    assert rewrite("name: x", {"name": "x", "pitch": "y"}) == 'name: x\npitch: "y"\n'


def test_comment_below_a_text_of_lines_does_not_become_text() -> None:
    """It would, if the text were written line by line: so it is written in quotes."""
    text = "pitch: x\n    # syvällä\nname: y\n"
    assert rewrite(text, {"pitch": "a\nb", "name": "y"}) == 'pitch: "a\\nb"\n    # syvällä\nname: y\n'


def test_text_of_lines_that_begins_with_a_space_does_not_keep_others_from_being_written_in_lines() -> None:
    text = rewrite("name: x\npitch: y\n", {"name": " a\nb", "pitch": "c\nd"})
    assert text == 'name: " a\\nb"\npitch: |-\n  c\n  d\n'


def test_list_of_five_hundred_changes_in_one_line() -> None:
    words = [f"kunta-{number}" for number in range(500)]
    text = rewrite(f"municipalities: [{', '.join(words)}]\n", {"municipalities": [*words[1:], "no", "uusi"]})
    assert text == f'municipalities: [{", ".join(words[1:])}, "no", uusi]\n'


UNWRITABLE: dict[str, tuple[str, dict[str, Any]]] = {
    "a file that is no mapping": ("- a\n", {"name": "x"}),
    "a file in brackets": ("{name: x}\n", {"name": "y"}),
    "a broken file": ("name: [\n", {"name": "y"}),
    "an anchor": ("name: &a x\npitch: *a\n", {"name": "y", "pitch": "x"}),
    "a tag": ("name: !!python/object:x y\npitch: x\n", {"name": "y", "pitch": "x"}),
    "two documents": ("name: x\n---\nname: y\n", {"name": "z"}),
    "a key asked for with a question mark": ("? name\n: x\npitch: y\n", {"name": "z: z", "pitch": {"fi": "y"}}),
    "nothing that stays": ("name: x\n", {"pitch": "y"}),
    "half of a character": ("name: x\n", {"name": "\ud83d"}),
    "a text too large": ("name: x\n", {"name": "x" * MAX_FILE_BYTES}),
    "a number": ("name: x\n", {"name": 1}),
    "nothing": ("name: x\n", {"name": None}),
    "an empty text": ("name: x\n", {"name": ""}),
    "deep nesting": ("name: x\n", {"name": [[[[[[[[[[[[["x"]]]]]]]]]]]]]}),
}


@pytest.mark.parametrize(("text", "wanted"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_cannot_be_written_is_refused(text: str, wanted: dict[str, Any]) -> None:
    with pytest.raises(Unwritable):
        rewrite(text, wanted)


def test_bottomless_nesting_is_refused() -> None:
    value: Any = "x"
    for _ in range(5000):
        value = [value]
    for write in (lambda: rewrite("name: x\n", {"name": value}), lambda: new_document({"name": value})):
        with pytest.raises(Unwritable):
            write()


def test_text_of_60_kilobytes_is_written() -> None:
    wanted = {"name": "x", "description": "ä" * 30_000}
    assert parse_yaml(rewrite("name: y\n", wanted)) == wanted


def test_new_file_has_the_order_of_the_model_and_its_texts_in_quotes() -> None:
    wanted = written_organisation(
        referral=WRITTEN_REFERRAL | {"within_working_days": "3"},
        description="Yksi.\n\n- kaksi\n",
        activities=[{"remote": "true"}],
    )
    text = new_document(dict(reversed(wanted.items())))
    assert re.findall(r"^[a-z_]+", text, re.MULTILINE) == [key for key in Organisation.model_fields if key in wanted]
    assert "description: |\n  Yksi.\n\n  - kaksi\n" in text
    assert '  - id: "toiminta-0"\n    type: "vertaisryhma"\n' in text
    assert '    needs: ["masennus"]\n    municipalities: ["kuopio"]\n    remote: "true"\n' in text


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=30)
texts = words | st.fixed_dictionaries({"fi": words}, optional={"sv": words, "en": words})
ids = st.lists(st.from_regex(r"[a-z]{1,6}(-[a-z]{2,4})?", fullmatch=True), unique=True, max_size=4)
activities = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["a", "b", "c", "d"]), "name": texts, "needs": ids},
        optional={"when": texts, "capacity": st.fixed_dictionaries({"status": words}, optional={"until": words})},
    ),
    unique_by=lambda one: str(one["id"]),
    max_size=4,
)
organisations = st.fixed_dictionaries(
    {"name": words, "activities": activities},
    optional={
        "pitch": texts,
        "description": texts,
        "pauses": st.lists(st.fixed_dictionaries({"from": words, "note": texts}), max_size=3),
    },
)


def sections(text: str) -> dict[str, str]:
    """The lines of each key of the file, with the comment above it."""
    pieces = re.split(r"^(?=# \w+\n)", text, flags=re.MULTILINE)
    return {piece.split("\n")[1].split(":")[0]: piece for piece in pieces if piece}


@settings(deadline=None, max_examples=150)
@given(organisations, organisations)
def test_any_file_becomes_any_other_and_untouched_keys_keep_their_lines(before: dict[str, Any], after: dict[str, Any]) -> None:
    text = "".join(f"# {key}\n{new_document({key: value})}" for key, value in before.items())
    changed = rewrite(text, after)
    assert [parse_yaml(changed), ruamel.yaml.YAML(typ="safe", pure=True).load(changed)] == [after, after]
    old, new = sections(text), sections(changed)
    assert all(new[key].startswith(old[key]) for key in before if before[key] == after.get(key))


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_any_changes_to_a_hand_made_file_leave_no_comment_behind(data: st.DataObject) -> None:
    wanted = copy.deepcopy(parse_yaml(LAID_OUT))
    for place in data.draw(st.lists(st.sampled_from([(), ("contacts", 0), ("activities", 0), ("activities", 1)]), min_size=1)):
        one: Any = wanted
        for part in place:
            one = one[part]
        key = data.draw(st.sampled_from(["name", "role", "phone", "when", "needs", "review", "capacity", "summary"]))
        one[key] = data.draw(texts | ids)
    changed = rewrite(LAID_OUT, wanted)
    kept = ("# Yhdistyksen tiedot", "# Kuvaus on pitkä", "# puheenjohtaja", "# sihteeri", "# lukittu", "# naapuri", "# loppu")
    assert all(f"{comment}\n" in changed for comment in kept)
