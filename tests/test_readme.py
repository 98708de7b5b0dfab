"""What README.md tells to type, open or look at is there."""

import re
from datetime import date

import pytest

from generator.checked import Content
from generator.cli import main
from generator.combinations import Combination, Combinations
from tests.builders import ROOT

README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def code(text: str) -> list[str]:
    """Every command and name in a Markdown text that is set as code, one a line of a block."""
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    spans = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [line for block in blocks for line in block.splitlines() if line] + [" ".join(span.split()) for span in spans]


def named(pattern: str) -> list[str]:
    """What the first group matches in the README's code, each once."""
    return sorted({found[1] for one in code(README) for found in re.finditer(pattern, one)})


def links(text: str) -> list[str]:
    return [target for target in re.findall(r"\]\(([^)#]+)", text) if not target.startswith(("https:", "mailto:", "/"))]


def test_code_is_found_in_blocks_and_across_line_ends() -> None:
    assert code("a `make\nx` b\n```sh\none\n\ntwo\n```\n`y`") == ["one", "two", "make x", "y"]


@pytest.mark.parametrize("target", named(r"^make ([\w-]+)"))
def test_make_has_the_target(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)
    assert target in re.search(r"^\.PHONY:(.*)", MAKEFILE, re.MULTILINE)[1].split()


@pytest.mark.parametrize("command", named(r"(?:^|[\\/])tarjotin ([a-z]+)"))
def test_command_exists(command: str) -> None:
    assert command in main.commands


@pytest.mark.parametrize("option", named(r"(?:^|[\\/])tarjotin [a-z ]*(--[a-z-]+)"))
def test_option_exists(option: str) -> None:
    context = main.make_context("tarjotin", [], resilient_parsing=True)  # with the options as they are when it runs
    parameters = [*main.get_params(context), *(one for command in main.commands.values() for one in command.get_params(context))]
    assert option in {name for parameter in parameters for name in parameter.opts}


@pytest.mark.parametrize("variable", named(r"\b([A-Z]+)=\w"))
def test_make_knows_the_variable(variable: str) -> None:
    assert re.search(rf"^{variable} \?= ", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("path", sorted(set(links(README))))
def test_link_leads_to_a_file(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("path", named(r"^((?:content|generator|site_templates|docs|tests)/\S*|[\w-]+\.(?:yaml|toml|txt|md))$"))
def test_path_names_a_file(path: str) -> None:
    assert list(ROOT.glob(re.sub(r"<\w+>", "*", path.rstrip("/"))))


@pytest.mark.parametrize("file", named(r"-r (\S+)"))
def test_requirements_exist(file: str) -> None:
    assert (ROOT / file).is_file()


@pytest.mark.parametrize("document", sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")))
def test_links_between_documents_lead_to_files(document: str) -> None:
    file = ROOT / document
    assert [target for target in links(file.read_text("utf-8")) if not (file.parent / target).exists()] == []


def test_addresses_are_those_where_serve_answers() -> None:
    ports = set(re.findall(r"http://127\.0\.0\.1:(\d+)", README))
    default = next(parameter.default for parameter in main.commands["serve"].params if parameter.name == "port")
    assert ports == {str(default)} == {re.search(r"^PORT \?= (\d+)", MAKEFILE, re.MULTILINE)[1]}


def test_sample_region_is_as_large_as_told(content: Content) -> None:
    assert f"{len(content.organisations)} associations" in README


def test_first_walk_through_the_site_meets_the_association_to_be_changed(content: Content) -> None:
    """Choose … → … → …, then change the pitch of this file: it must be on that very page."""
    need, kind, municipality = re.search(r"Choose \*(.+?)\* → \*(.+?)\* → \*(.+?)\*", " ".join(README.split())).groups()
    taxonomy = content.taxonomy
    wanted = Combination(
        *(
            next(term.id for term in terms if term.label.fi == label)
            for terms, label in ((taxonomy.needs, need), (taxonomy.activity_types, kind), (taxonomy.municipalities, municipality))
        )
    )
    day: date = content.site.sample.today
    listed = Combinations(content.organisations, taxonomy, content.site.freshness, day).results(wanted).listings
    slug = re.search(r"`content/organisations/([a-z-]+)\.yaml`,\s+change its `pitch`", README)[1]
    assert slug in [listing.slug for listing in listed]
