"""`tarjotin init`: a new region's own repository, which holds the program as a fork would. It builds and serves at once."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from string import Template

import yaml

from generator import PROGRAM
from generator.pipeline import Settings, load_content
from generator.problems import Problem
from generator.regions import County, Place, places_of

STARTER = Path(__file__).parent / "starter"
SLUG = "esimerkkiyhdistys"

# The program and its documents, as they are. Tests stay behind: they are about the sample content.
COPIED = (
    *(
        "generator",
        "lambda_common",
        "lambda_edit",
        "lambda_referral",
        "site_templates",
        "deploy",
        "docs",
        "content/pages",
        "content/pictures",
        "tools",
        ".github",
    ),
    *("pyproject.toml", "requirements.txt", "LICENSE", "CHANGELOG.md"),
)
LEFT_BEHIND = ("__pycache__", "*.pyc", ".*cache", "tests.yml")
# The starter's own texts, and where they go: with the region's names filled in, or as they are.
FILLED_IN = {
    "site.yaml": "content/site.yaml",
    "organisation.yaml": f"content/organisations/{SLUG}.yaml",
    "private.yaml": f"content/private/{SLUG}.yaml",
    "README.md": "README.md",
}
AS_THEY_ARE = {
    "Makefile": "Makefile",
    "gitignore": ".gitignore",
    "dependabot.yml": ".github/dependabot.yml",
    "pull_request_template.md": ".github/pull_request_template.md",
}


class Refused(Exception):
    """The folder cannot be made: a sentence."""


def found_region(target: Path, county: County, today: date) -> tuple[Problem, ...]:
    """Makes the folder of a new region, whole or not at all; returns what `tarjotin check` warns about there. Raises Refused,
    ContentError or OSError."""
    _check_program()
    _check_target(target)
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _fill(made, county, today)
        content = load_content(Settings(made, today))
        made.chmod(0o755)  # mkdtemp's own would keep everybody else out
        if target.exists():
            target.rmdir()
        made.rename(target)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return content.warnings


def _check_program() -> None:
    missing = [name for name in (*COPIED, "taxonomy.yaml") if not (PROGRAM / name).exists()]
    if missing:
        raise Refused(
            f"Tässä asennuksessa ei ole ohjelman koko lähdekoodia (puuttuu {missing[0]}). "
            "Kloonaa ohjelman varasto ja aja komento sen kansiossa."
        )


def _check_target(target: Path) -> None:
    if target == PROGRAM or target.is_relative_to(PROGRAM):
        raise Refused(f"Uusi alue ei voi olla ohjelman kansion sisällä. Anna kansio sen vierestä, esimerkiksi ../{target.name}")
    if target.is_dir() and any(target.iterdir()):
        raise Refused(f"Kansio {target} ei ole tyhjä. Anna uuden kansion nimi tai tyhjennä kansio.")
    if target.exists() and not target.is_dir():
        raise Refused(f"{target} on tiedosto. Anna uuden kansion nimi.")
    if not target.parent.is_dir():
        raise Refused(f"Kansiota {target.parent} ei ole. Luo se ensin.")


def _fill(folder: Path, county: County, today: date) -> None:
    for name in COPIED:
        _copy(PROGRAM / name, folder / name)
    places = places_of(county)
    facts = _facts(county, places, today)
    for name, path in FILLED_IN.items():
        _write(folder / path, Template(_starter(name)).substitute(facts))
    for name, path in AS_THEY_ARE.items():
        _write(folder / path, _starter(name))
    _write(folder / "taxonomy.yaml", taxonomy_of(places, county.region["fi"], (PROGRAM / "taxonomy.yaml").read_text("utf-8")))
    _adapt_pages(folder / "content" / "pages", facts)


def _starter(name: str) -> str:
    return (STARTER / name).read_text("utf-8")


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    else:
        shutil.copy(source, target)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _facts(county: County, places: tuple[Place, ...], today: date) -> Mapping[str, str]:
    """What the starter's texts leave open."""
    names = {"region": county.region, "whole": county.whole, "publisher": county.publisher}
    return {
        **{f"{kind}_{language}": name for kind, by_language in names.items() for language, name in by_language.items()},
        "municipality": places[0].id,
        "municipality_name": places[0].name_fi,
        "slug": SLUG,
        "today": today.isoformat(),
        "language_note": _starter("aland.md") if county.id == "ahvenanmaa" else "",
    }


def _adapt_pages(folder: Path, facts: Mapping[str, str]) -> None:
    """The sample region's running text, without what it says of the sample."""
    for name, changes in yaml.safe_load(_starter("pages.yaml")).items():
        text = (folder / name).read_text("utf-8")
        for change in changes:
            if text.count(change["was"]) != 1:
                raise Refused(
                    f'Sivulla content/pages/{name} ei ole kohtaa "{change["was"][:40].strip()}…". '
                    "Aja komento ohjelman omassa kansiossa, jonka mallisivuja ei ole muutettu."
                )
            text = text.replace(change["was"], Template(change["now"]).substitute(facts))
        _write(folder / name, text)


def taxonomy_of(places: tuple[Place, ...], region: str, sample: str) -> str:
    """The sample's taxonomy with other municipalities; every other line stays, comments too."""
    head, _, _ = sample.partition("\nmunicipalities:")
    comment = 'locative = Finnish "in ..."; centre = [latitude, longitude] of the municipal centre'
    return f"{head}\nmunicipalities: # {region}; {comment}\n" + "".join(line for place in places for line in _lines(place))


def _lines(place: Place) -> Iterator[str]:
    yield f"  - id: {place.id}\n"
    yield f'    code: "{place.code}"\n'
    yield f"    label: {{fi: {place.name_fi}, sv: {place.name_sv}}}\n"
    if place.locative:
        yield f"    locative: {place.locative}\n"
    yield f"    centre: [{', '.join(place.centre)}]\n"
