"""Files to text values: what is read, what is refused, and on which line."""

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.content import (
    MAX_DEPTH,
    Document,
    Fault,
    PageDocument,
    list_folder,
    load_document,
    load_page,
    load_sources,
    parse_yaml,
    read_now,
)
from generator.problems import Problem
from tests.builders import make_project


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform without libyaml reads the same."""
    monkeypatch.setattr("generator.content.Loader", yaml.CBaseLoader if request.param == "libyaml" else yaml.BaseLoader)


def read(folder: Path, raw: bytes | str, name: str = "x.yaml") -> Document | Problem:
    path = folder / name
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return load_document(path, folder, folder)


def refusal(text: str) -> tuple[int, str]:
    with pytest.raises(Fault) as caught:
        parse_yaml(text)
    return caught.value.line, caught.value.message


# Values


@pytest.mark.parametrize(
    "scalar",
    ["00100", "0401234567", "9:30", "22:22:22", "1e3", "0x1F", "1_000", "3.10", ".inf", "yes", "No", "on", "true", "null", "~"],
)
def test_scalar_that_yaml_would_turn_into_something_stays_text(scalar: str) -> None:
    assert parse_yaml(f"key: {scalar}\nlist: [{scalar}]\n{scalar}: key") == {"key": scalar, "list": [scalar], scalar: "key"}


@pytest.mark.parametrize("empty", ["", " ", "''", '""', "# huomautus"])
def test_empty_value_means_missing(empty: str) -> None:
    text = f"first: {empty}\nlist:\n  - a\n  - {empty}\n  - b\ninner:\n  second: {empty}\n"
    assert parse_yaml(text) == {"list": ["a", "b"], "inner": {}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: |\n  yksi\n\n  kaksi\n", "yksi\n\nkaksi\n", id="block"),
        pytest.param("a: >-\n  yksi\n  kaksi\n", "yksi kaksi", id="folded"),
        pytest.param("a: yksi\n  kaksi\n", "yksi kaksi", id="wrapped"),
        pytest.param('a: "yksi: # kaksi\\u00e4"\n', "yksi: # kaksiä", id="double-quoted"),
        pytest.param("a: 'Maija''n'\n", "Maija'n", id="single-quoted"),
        pytest.param("a: 'x' # huomautus\n", "x", id="comment"),
        pytest.param("---\na: x\n...\n", "x", id="one-marked-document"),
        pytest.param("%YAML 1.1\n---\na: x\n", "x", id="directive"),
    ],
)
def test_texts_are_read_as_yaml_says(text: str, value: str) -> None:
    assert parse_yaml(text) == {"a": value}


def test_nested_values_keep_their_shape() -> None:
    assert parse_yaml("a: {b: [c, {d: e}], f: []}\n") == {"a": {"b": ["c", {"d": "e"}], "f": []}}


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"a: x\r\nb: |\r\n  yksi\r\n  kaksi\r\n", id="windows-line-ends"),
        pytest.param(b"\xef\xbb\xbfa: x\nb: |\n  yksi\n  kaksi\n", id="byte-order-mark"),
        pytest.param(b"\xef\xbb\xbfa: x\r\nb: |\r\n  yksi\r\n  kaksi\r\n", id="both"),
        pytest.param(b"a: x\rb: |\r  yksi\r  kaksi\r", id="old-mac-line-ends"),
    ],
)
def test_file_of_any_editor_is_read_alike(raw: bytes, tmp_path: Path) -> None:
    document = read(tmp_path, raw)
    assert isinstance(document, Document)
    assert document.data == {"a": "x", "b": "yksi\nkaksi\n"}
    assert document.line_of(("b",)) == 2


# Lines


@pytest.mark.parametrize(
    ("location", "line"),
    [
        ((), 1),
        (("name",), 2),
        (("contacts", 0), 4),
        (("contacts", 0, "phone"), 5),
        (("contacts", 1, "role"), 8),
        (("contacts", 1, "email"), 8),  # missing: the contact that lacks it
        (("activities", 0, "needs", 2), 10),
        (("activities", 7, "needs"), 9),
        (("website",), 1),
        (("name", "fi"), 2),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else f"line-{value}",
)
def test_line_of_a_value_or_of_the_nearest_thing_around_it(location: tuple[str | int, ...], line: int, tmp_path: Path) -> None:
    text = """# huomautus
name: Esimerkki
contacts:
  - role: Toimisto
    phone: "017 000 0101"

  -
  - role: Sihteeri
activities:
  - needs: [a, b, c]
"""
    document = read(tmp_path, text)
    assert isinstance(document, Document)
    assert document.line_of(location) == line
    assert document.problem("missing", location, found="x").line == line


# Refusals


@pytest.mark.parametrize(
    ("text", "line", "piece"),
    [
        pytest.param("a: x\nb: &n y\n", 2, "Ankkureita", id="anchor"),
        pytest.param("a: &n {b: c}\n", 1, "Ankkureita", id="anchor-on-mapping"),
        pytest.param("&n a: x\n", 1, "Ankkureita", id="anchor-on-key"),
        pytest.param("a: x\nb: [*n]\n", 2, "Ankkureita", id="alias-to-nothing"),
        pytest.param("<<: *n\n", 1, "Ankkureita", id="merge-key"),
        pytest.param("a: !!python/object/apply:os.system [ls]\n", 1, "Tyyppimerkintöjä", id="tag"),
        pytest.param("a: !!str 1\n", 1, "Tyyppimerkintöjä", id="harmless-tag"),
        pytest.param("a: !oma x\n", 1, "Tyyppimerkintöjä", id="local-tag"),
        pytest.param("!!map\na: x\n", 1, "Tyyppimerkintöjä", id="tag-on-document"),
        pytest.param("a: x\nb: y\na: z\n", 3, 'Avain "a"', id="repeated-key"),
        pytest.param("a: {b: 1, c: 2, b: 3}\n", 1, 'Avain "b"', id="repeated-inner-key"),
        pytest.param("a:\nb: y\na: z\n", 3, 'Avain "a"', id="repeated-after-empty"),
        pytest.param('a: x\n"a": y\n', 2, 'Avain "a"', id="repeated-in-quotes"),
        pytest.param("a:\n\tb: x\n", 2, "sarkain", id="tab"),
        pytest.param("a: x\n---\nb: y\n", 2, "monta osaa", id="two-documents"),
        pytest.param("a: x\n...\n---\nb: y\n", 3, "monta osaa", id="two-documents-with-end"),
        pytest.param("- a\n- b\n", 1, "avain: arvo", id="list"),
        pytest.param("pelkkää tekstiä", 1, "avain: arvo", id="text"),
        pytest.param("", 1, "tyhjä", id="empty"),
        pytest.param("\n\n# vain huomautus\n", 1, "tyhjä", id="only-comments"),
        pytest.param("---\n...\n", 1, "tyhjä", id="empty-document"),
        pytest.param("a: x\n? [b, c]\n: d\n", 2, "Avaimen", id="list-as-key"),
        pytest.param("a: x\n{b: c}: d\n", 2, "Avaimen", id="mapping-as-key"),
        pytest.param("a: x\n'': y\n", 2, "Avaimen", id="empty-key"),
        pytest.param("a: b: c\n", 1, "Kaksoispiste", id="colon-in-text"),
        pytest.param("a: x\nb: @c\n", 2, "lainausmerkkeihin", id="at-sign"),
        pytest.param("a: `c`\n", 1, "lainausmerkkeihin", id="backtick"),
        pytest.param("a: [b\nc: d\n", 2, "YAML-rakenne", id="unclosed-list"),
        pytest.param("a: x\nb: 'y\nc: z\n", 2, "Lainausmerkki", id="unclosed-quote"),
        pytest.param("a: x\n  b: y\n", 2, "Kaksoispiste", id="indentation"),
        pytest.param("a: x\nb: \x07\n", 2, "merkki", id="control-character"),
        pytest.param(
            "a: ääääääääää\nb: öööööööööö\nc: \x07\nd: x\ne: x\nf: x\n", 3, "merkki", id="control-character-after-letters"
        ),
        pytest.param("a: \x00\n", 1, "merkki", id="nul"),
    ],
)
def test_what_could_surprise_is_refused_on_its_line(text: str, line: int, piece: str) -> None:
    at, message = refusal(text)
    assert at == line
    assert piece in message


def nested(depth: int) -> str:
    return "a: " + "[" * depth + "x" + "]" * depth


def test_nesting_is_accepted_as_deep_as_the_limit_and_no_deeper() -> None:
    assert parse_yaml(nested(MAX_DEPTH - 2))
    assert "sisäkkäin" in refusal(nested(MAX_DEPTH - 1))[1]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(nested(100_000), id="lists"),
        pytest.param("a: " + "{a: " * 50_000, id="mappings"),
        pytest.param("\n".join("  " * level + "a:" for level in range(300)), id="indented"),
        pytest.param("- " * 30_000, id="dashes"),
    ],
)
def test_hostile_nesting_is_a_message_and_not_a_crash(text: str) -> None:
    assert "sisäkkäin" in refusal(text)[1]


@given(st.text(alphabet=st.sampled_from("ab:-?[]{},&*!|>'\"%@`# \n\t~=<\x00\x85\u2028\ufeffä😀"), max_size=40))
@settings(derandomize=True, deadline=None, max_examples=1500)
def test_any_text_is_a_mapping_or_a_fault(text: str) -> None:
    try:
        value = parse_yaml(text)
    except Fault:
        return
    assert isinstance(value, dict)
    assert Document("x.yaml", "x", text, value).line_of(("a", 0, "b")) >= 1


@given(st.binary(max_size=60))
@settings(derandomize=True, deadline=None, max_examples=500)
def test_any_bytes_are_a_document_or_a_problem(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    assert isinstance(read(tmp_path_factory.getbasetemp(), raw), Document | Problem)


# Files


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        pytest.param("a: x\nb: Täällä\n".encode("latin-1"), 2, id="latin-1"),
        pytest.param("a: x\n".encode("utf-16"), 1, id="utf-16"),
        pytest.param(b"a: \xc0\xaf\n", 1, id="overlong"),
        pytest.param(b"a: \xed\xa0\x80\n", 1, id="surrogate"),
        pytest.param(b"a: x\nb: y\nc: \xc3", 3, id="cut-in-the-middle"),
    ],
)
def test_file_that_is_not_utf8_is_refused(raw: bytes, line: int, tmp_path: Path) -> None:
    problem = read(tmp_path, raw)
    assert isinstance(problem, Problem)
    assert (problem.file, problem.line) == ("x.yaml", line)
    assert "UTF-8" in problem.message


def test_file_is_read_up_to_its_limit_and_no_larger(tmp_path: Path) -> None:
    text = "a: " + "x" * (64 * 1024 - 3)
    assert isinstance(read(tmp_path, text), Document)
    problem = read(tmp_path, text + "x")
    assert isinstance(problem, Problem)
    assert "liian suuri" in problem.message


def test_huge_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    huge = tmp_path / "x.yaml"
    with huge.open("wb") as file:
        file.truncate(10 * 1024 * 1024)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("it was read"))
    problem = load_document(huge, tmp_path, tmp_path)
    assert isinstance(problem, Problem)
    assert "10240 kt" in problem.message


def test_taxonomy_may_be_larger_than_an_association(tmp_path: Path) -> None:
    project = make_project(tmp_path / "region")
    taxonomy = project / "taxonomy.yaml"
    taxonomy.write_text(taxonomy.read_text("utf-8") + "# huomautus\n" * 10_000, "utf-8")
    assert isinstance(load_sources(project).taxonomy, Document)
    taxonomy.write_text("# huomautus\n" * 100_000, "utf-8")
    assert isinstance(load_sources(project).taxonomy, Problem)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize(
    ("target", "piece"),
    [
        pytest.param("../secret.yaml", "ulkopuolelle", id="out-of-the-folder"),
        pytest.param("/etc/hostname", "ulkopuolelle", id="absolute"),
        pytest.param("../olematon.yaml", "ulkopuolelle", id="out-to-nothing"),
        pytest.param("out/secret.yaml", "ulkopuolelle", id="through-a-linked-folder"),
        pytest.param("x.yaml", "ei voi lukea", id="to-itself"),
        pytest.param("loop.yaml", "ei voi lukea", id="loop"),
        pytest.param("olematon.yaml", "puuttuu", id="to-nothing"),
        pytest.param("folder", "Siirrä tämä muualle", id="to-a-folder"),
    ],
)
def test_link_is_refused_unless_it_stays_in_the_folder(target: str, piece: str, tmp_path: Path) -> None:
    folder = tmp_path / "organisations"
    (folder / "folder").mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text("name: salaisuus")
    (folder / "out").symlink_to(tmp_path)
    (folder / "loop.yaml").symlink_to("x.yaml")
    (folder / "x.yaml").symlink_to(target)
    problem = load_document(folder / "x.yaml", folder, tmp_path)
    assert isinstance(problem, Problem)
    assert piece in problem.message
    assert "salaisuus" not in problem.message


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    read(tmp_path, "a: x", "y.yaml")
    (tmp_path / "x.yaml").symlink_to("y.yaml")
    assert isinstance(load_document(tmp_path / "x.yaml", tmp_path, tmp_path), Document)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_named_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    assert isinstance(load_document(tmp_path / "x.yaml", tmp_path, tmp_path), Problem)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_a_problem(tmp_path: Path) -> None:
    read(tmp_path, "a: x")
    (tmp_path / "x.yaml").chmod(0)
    problem = load_document(tmp_path / "x.yaml", tmp_path, tmp_path)
    assert isinstance(problem, Problem)
    assert "PermissionError" in problem.message


# Folders


def test_folder_is_read_in_the_order_of_names_and_tells_of_what_is_not_content(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", "c.yml", "D.YAML", "ohje.txt", "a.yaml.orig", ".piilossa.yaml", "~lukko.yaml", ".gitkeep"):
        (tmp_path / name).write_text("a: x")
    (tmp_path / "alikansio").mkdir()
    (tmp_path / "kansio.yaml").mkdir()
    found = [(item.file, type(read_now(item, tmp_path))) for item in list_folder(tmp_path, tmp_path)]
    assert found == [
        ("D.YAML", Problem),
        ("a.yaml", Document),
        ("a.yaml.orig", Problem),
        ("alikansio", Problem),
        ("b.yaml", Document),
        ("c.yml", Problem),
        ("kansio.yaml", Problem),
        ("ohje.txt", Problem),
    ]


def test_yml_is_told_its_right_name(tmp_path: Path) -> None:
    (tmp_path / "kerho.yml").write_text("a: x")
    (problem,) = list_folder(tmp_path, tmp_path)
    assert isinstance(problem, Problem)
    assert '"kerho.yaml"' in problem.message


def test_missing_folder_is_a_problem_and_an_empty_one_is_not(tmp_path: Path) -> None:
    assert list(list_folder(tmp_path, tmp_path)) == []
    (problem,) = list_folder(tmp_path / "content" / "organisations", tmp_path)
    assert isinstance(problem, Problem)
    assert problem.file == "content/organisations"
    assert "tarjotin new" in problem.message


def test_private_folder_may_stand_anywhere_and_may_be_absent(tmp_path: Path) -> None:
    project = make_project(tmp_path / "region")
    (project / "content" / "private").rename(tmp_path / "salaiset")
    assert load_sources(project).private is None
    site = project / "content" / "site.yaml"
    site.write_text(site.read_text("utf-8") + "private_folder: ../salaiset\n", "utf-8")
    private = load_sources(project).private
    assert private is not None
    assert [type(item) for item in private] == [Document]


# Pages of running text


def read_page(folder: Path, raw: str | bytes, name: str = "ohjeet.sv.md") -> PageDocument | Problem:
    (folder / name).write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return load_page(folder / name, folder, folder)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte-order-mark"])
def test_page_is_its_front_matter_and_its_text(line_end: str, mark: str, tmp_path: Path) -> None:
    text = mark + line_end.join(["---", "title: Anvisningar", "description: Så här", "---", "Text.", "", "---", "", "Mer."])
    page = read_page(tmp_path, text)
    assert isinstance(page, PageDocument)
    assert (page.slug, page.language) == ("ohjeet", "sv")
    assert page.head.data == {"title": "Anvisningar", "description": "Så här"}
    assert page.head.line_of(("description",)) == 3
    assert (page.body, page.first_line) == ("Text.\n\n---\n\nMer.", 5)


@pytest.mark.parametrize("name", ["ohjeet.md", "ohjeet.de.md", "Ohjeet.fi.md", "ohjeet.fi.fi.md", "öhjeet.fi.md", ".fi.md"])
def test_page_with_another_name_is_refused(name: str, tmp_path: Path) -> None:
    problem = read_page(tmp_path, "---\ntitle: x\n---\n", name)
    assert isinstance(problem, Problem)
    assert '"ohjeet.fi.md"' in problem.message


@pytest.mark.parametrize(
    ("raw", "line", "piece"),
    [
        pytest.param("# Otsikko\n", 1, "otsikkotiedot", id="no-front-matter"),
        pytest.param("", 1, "otsikkotiedot", id="empty"),
        pytest.param("---\ntitle: x\n", 1, "otsikkotiedot", id="front-matter-does-not-end"),
        pytest.param("\n---\ntitle: x\n---\n", 1, "otsikkotiedot", id="empty-line-first"),
        pytest.param("---\ntitle: x\ntitle: y\n---\n", 3, "kahdesti", id="repeated-key"),
        pytest.param("---\n- x\n---\n", 1, "avain: arvo", id="list"),
        pytest.param("---\ntitle: x\n---\nTäällä\n".encode("latin-1"), 4, "UTF-8", id="not-utf8"),
    ],
)
def test_broken_page_is_told_on_its_line(raw: str | bytes, line: int, piece: str, tmp_path: Path) -> None:
    problem = read_page(tmp_path, raw)
    assert isinstance(problem, Problem)
    assert problem.line == line
    assert piece in problem.message
