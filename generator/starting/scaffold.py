"""`tarjotin new`: a valid file for a new association, from a few questions, with comments that say what to add."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from generator.checked import Content
from generator.content import shown_path
from generator.fields import RESERVED_SLUGS, Email, Line, Name, Phone, Slug, slugify
from generator.models import Label, Pitch, Term
from generator.pipeline import Settings, load_content
from generator.problems import suggestion
from generator.shapes import explain

Say = Callable[[str], None]


CONFIRMED_BY = "Kuka järjestöstä vahvisti tiedot tänään (rooli; tyhjä, jos ei vielä kukaan)"


class Ask(Protocol):
    """Puts a question and returns the answer; only an optional one may be empty."""

    def __call__(self, question: str, *, optional: bool = False) -> str: ...


class Refused(Exception):
    """The file cannot be made: a sentence."""


def write_organisation(settings: Settings, slug: str, ask: Ask, say: Say) -> str:
    """Asks, writes the file and its private addresses, and returns the file's name. Raises Refused or ContentError."""
    content = load_content(settings)
    _check_slug(slug, content)
    path = settings.root / "content" / "organisations" / f"{slug}.yaml"
    private = settings.root / content.site.private_folder / f"{slug}.yaml"
    taxonomy = content.taxonomy
    answers = {
        "name": _valid(ask, say, "Järjestön nimi", Name),
        "pitch": _valid(ask, say, "Yksi lause, jonka voi sanoa asiakkaalle ääneen (mitä, kenelle, miten)", Pitch),
        "phone": _valid(ask, say, "Puhelinnumero", Phone),
        "email": _valid(ask, say, "Yhteinen sähköposti (esim. toimisto@…)", Email),
        "activity": _valid(ask, say, "Ensimmäisen toiminnan nimi", Label),
        "type": _term(ask, say, "Toiminnan tyyppi", taxonomy.activity_types),
        "need": _term(ask, say, "Tarve, johon se vastaa", taxonomy.needs),
        "municipality": _term(ask, say, "Kunta", taxonomy.municipalities),
        "confirmed_by": _valid(ask, say, CONFIRMED_BY, Line, optional=True),
        "today": settings.today.isoformat(),
    }
    path.write_text(_organisation_file(answers), encoding="utf-8", newline="\n")
    if private.parent.is_dir():
        private.write_text(_private_file(answers), encoding="utf-8", newline="\n")
    return shown_path(path, settings.root)


def _check_slug(slug: str, content: Content) -> None:
    fault = explain(Slug, slug)
    if fault:
        raise Refused(fault)
    former = {old: now for now, one in content.organisations.items() for old in one.former_slugs}
    if slug in content.organisations or slug in former:
        file = f"content/organisations/{former.get(slug, slug)}.yaml"
        raise Refused(f"Järjestö on jo olemassa: {file}. Muokkaa sitä tai valitse toinen nimi.")


def _valid(ask: Ask, say: Say, question: str, kind: Any, *, optional: bool = False) -> str:
    """An answer that the model accepts, as it was written; an optional one may be empty."""
    while True:
        answer = ask(question, optional=optional)
        fault = explain(kind, answer) if answer or not optional else None
        if fault is None:
            return answer
        say(fault)


def _activity_id(name: str) -> str:
    wanted = slugify(name)
    return "toiminta" if wanted in RESERVED_SLUGS else wanted


def _term(ask: Ask, say: Say, question: str, terms: Iterable[Term]) -> str:
    """The id of a term, asked by id or label."""
    by_word = {term.id: term.id for term in terms} | {term.label.fi.lower(): term.id for term in terms}
    while True:
        answer = ask(question).strip().lower()
        if answer in by_word:
            return by_word[answer]
        say(f'"{answer}" ei ole luettelossa taxonomy.yaml. {suggestion(answer, by_word)}')


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar: JSON's string form is one."""
    return json.dumps(text, ensure_ascii=False)


def _organisation_file(answers: dict[str, str]) -> str:
    q = {key: _quoted(value) for key, value in answers.items()}
    review = f"review: {{confirmed_on: {answers['today']}, confirmed_by: {q['confirmed_by']}}}"
    if not answers["confirmed_by"]:
        review = f"# review: {{confirmed_on: {answers['today']}, confirmed_by: sihteeri}}"
    return f"""\
# Kaikki tässä tiedostossa on julkista. Kentät ja rajat: docs/muokkaaminen.md. Tarkista: tarjotin check
name: {q["name"]}
pitch: {q["pitch"]}
# Kerro järjestöstä muutamalla lauseella. Voit käyttää luetteloita ja linkkejä (Markdown).
description: {q["pitch"]}
# website: https://www.yhdistys.fi
contacts:
  - role: Toimisto
    phone: {q["phone"]}
    email: {q["email"]}
activities:
  - id: {_activity_id(answers["activity"])}
    type: {answers["type"]}
    name: {q["activity"]}
    # Mitä siellä tapahtuu? Enintään 300 merkkiä.
    summary: {q["activity"]}
    needs: [{answers["need"]}]
    # Kohderyhmät, esimerkiksi [ikaantyneet, laheiset]
    target_groups: []
    # Kunnat luettelona, tai koko-alue
    municipalities: [{answers["municipality"]}]
    languages: [fi]
    # when: Tiistaisin klo 13–15
    # where: Järjestötalo, 2. kerros
    price: free
    # open = paikkoja on, waitlist = jonoon voi ilmoittautua, full = täynnä (lisää until: päivä), ask = kysy
    capacity: {{status: ask}}
# Kuka järjestöstä vahvisti, että kaikki yllä oleva on totta, ja milloin? Ilman tätä järjestö näkyy luetteloissa viimeisenä.
{review}
"""


def _private_file(answers: dict[str, str]) -> str:
    return f"""\
# Näitä osoitteita ei julkaista.
# Kenelle tietojen tarkistuspyyntö lähetetään:
data_maintainers: [{_quoted(answers["email"])}]
link_generation: 1
"""
