"""How much of what a reader needs an association has told: a score from 0 to 100, and what would raise it, in plain words.

It never blocks anything. The score is for the coordinator; the association gets only the advice, most useful first.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from generator.models import LANGUAGES, Activity, Organisation, Text
from generator.shapes import each

SHORTEST_PITCH = 50
SHORTEST_DESCRIPTION = 200


@dataclass(frozen=True)
class Missing:
    """What could be told, how many points it would bring, and the names of the activities that it is about (none: the
    association itself)."""

    key: str
    points: float
    advice: Text
    activities: tuple[Text, ...] = ()

    def sentence(self, language: str) -> str:
        """The advice in a language, with the activities' names at its end."""
        names = "; ".join(_in(name, language) for name in self.activities)
        return f"{_in(self.advice, language)} ({names})" if names else _in(self.advice, language)


@dataclass(frozen=True)
class Completeness:
    score: int
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class OfOrganisation:
    key: str
    points: int
    is_told: Callable[[Organisation], bool]
    advice: Text


@dataclass(frozen=True)
class OfActivities:
    """Each activity brings its share of the points."""

    key: str
    points: int
    is_told: Callable[[Activity], bool]
    advice: Text


def _in(text: Text, language: str) -> str:
    return str(getattr(text, language) or text.fi)


def _advice(fi: str, sv: str, en: str) -> Text:
    return Text(fi=fi, sv=sv, en=en)


def _is_translated(organisation: Organisation) -> bool:
    """Whether every text is there in one more language of the site: half a translation helps nobody."""
    texts = [text for _, text in each(organisation, Text)]
    return any(all(getattr(text, language) for text in texts) for language in LANGUAGES[1:])


# The one table. The points are 100 together; they weigh what a professional asks first: whom to call, when, where, for whom,
# is there room.
CRITERIA: tuple[OfOrganisation | OfActivities, ...] = (
    OfOrganisation(
        "phone",
        14,
        lambda it: bool(it.contacts[0].phone),
        _advice(
            "Lisää ensimmäiseen yhteystietoon puhelinnumero. Ammattilainen soittaa mieluummin kuin kirjoittaa.",
            "Lägg till ett telefonnummer i den första kontaktuppgiften. Yrkespersoner ringer hellre än skriver.",
            "Add a phone number to the first contact. Professionals would rather call than write.",
        ),
    ),
    OfActivities(
        "when",
        12,
        lambda it: it.when is not None,
        _advice(
            "Kerro, milloin toimintaa on: viikonpäivä ja kellonaika, tai miten aika sovitaan.",
            "Berätta när verksamheten ordnas: veckodag och klockslag, eller hur man kommer överens om tiden.",
            "Say when it takes place: the day and time, or how the time is agreed.",
        ),
    ),
    OfActivities(
        "where",
        10,
        lambda it: it.where is not None or (it.remote and not it.municipalities),
        _advice(
            "Kerro osoite tai paikka, jonne tullaan.",
            "Berätta adressen eller platsen dit man kommer.",
            "Give the address or the place to come to.",
        ),
    ),
    OfActivities(
        "for_whom",
        12,
        lambda it: it.for_whom is not None,
        _advice(
            "Kerro, kenelle toiminta sopii ja mitä se ei ole. Silloin teille ohjataan oikeat ihmiset.",
            "Berätta vem verksamheten passar för och vad den inte är. Då hänvisas rätt personer till er.",
            "Say whom it suits and what it is not, so that the right people are sent to you.",
        ),
    ),
    OfActivities(
        "capacity",
        8,
        lambda it: it.capacity.status != "ask",
        _advice(
            "Kerro, mahtuuko mukaan nyt: paikkoja on, jonoon voi ilmoittautua vai täynnä.",
            "Berätta om det finns plats nu: det finns platser, man kan ställa sig i kö eller fullt.",
            "Say whether there is room now: places free, a waiting list, or full.",
        ),
    ),
    OfActivities(
        "accessibility",
        10,
        lambda it: it.accessibility is not None or (it.remote and not it.municipalities),
        _advice(
            "Kerro esteettömyydestä: pääseekö pyörätuolilla, onko hissi, esteetön wc tai induktiosilmukka.",
            "Berätta om tillgängligheten: kommer man in med rullstol, finns hiss, tillgänglig toalett eller hörslinga.",
            "Describe accessibility: wheelchair access, a lift, an accessible toilet, a hearing loop.",
        ),
    ),
    OfOrganisation(
        "referral",
        10,
        lambda it: it.referral is not None,
        _advice(
            "Ota vastaan yhteydenottopyyntöjä: silloin yhdistys soittaa, eikä ihmisen itse tarvitse uskaltaa soittaa ensin.",
            "Ta emot kontaktbegäranden: då ringer ni upp, och personen behöver inte våga ringa först.",
            "Take contact requests: then you call the person, who need not find the courage to call first.",
        ),
    ),
    OfActivities(
        "target_groups",
        5,
        lambda it: bool(it.target_groups),
        _advice(
            "Valitse kohderyhmät, esimerkiksi ikääntyneet tai läheiset.",
            "Välj målgrupper, till exempel äldre eller närstående.",
            "Choose target groups, such as older people or families.",
        ),
    ),
    OfActivities(
        "interpreter",
        4,
        lambda it: it.interpreter is not None,
        _advice(
            "Kerro, voiko mukaan tulla tulkin kanssa.",
            "Berätta om man kan delta med tolk.",
            "Say whether one can take part with an interpreter.",
        ),
    ),
    OfOrganisation(
        "pitch",
        4,
        lambda it: len(it.pitch.fi) >= SHORTEST_PITCH,
        _advice(
            "Täydennä esittelylausetta: mitä yhdistys tekee, kenelle ja miten. Ammattilainen sanoo sen ääneen.",
            "Fyll på presentationen: vad ni gör, för vem och hur. Yrkespersonen säger den högt.",
            "Say more in the one-sentence introduction: what you do, for whom and how. Professionals say it aloud.",
        ),
    ),
    OfOrganisation(
        "description",
        4,
        lambda it: len(it.description.fi) >= SHORTEST_DESCRIPTION,
        _advice(
            "Kirjoita pidempi kuvaus: mitä ensimmäisellä kerralla tapahtuu ja pitääkö olla jäsen.",
            "Skriv en längre beskrivning: vad som händer första gången och om man måste vara medlem.",
            "Write a longer description: what happens the first time, and whether one must be a member.",
        ),
    ),
    OfOrganisation(
        "translation",
        3,
        _is_translated,
        _advice(
            "Käännä kaikki tekstit ruotsiksi tai englanniksi. Koordinaattori voi auttaa.",
            "Översätt alla texter till svenska eller engelska. Koordinatorn kan hjälpa.",
            "Translate all texts into Swedish or English. The coordinator can help.",
        ),
    ),
    OfOrganisation(
        "website",
        2,
        lambda it: it.website is not None,
        _advice("Lisää verkkosivujen osoite.", "Lägg till adressen till er webbplats.", "Add the address of your website."),
    ),
    OfOrganisation(
        "number",
        2,
        lambda it: bool(it.business_id or it.register_number),
        _advice(
            "Lisää Y-tunnus tai yhdistyksen rekisterinumero.",
            "Lägg till FO-numret eller föreningens registernummer.",
            "Add the business ID or the association's register number.",
        ),
    ),
)


def completeness(organisation: Organisation) -> Completeness:
    """A hundred only when nothing is missing. An association without activities (closed) loses nothing for them."""
    missing = tuple(_missing(organisation))
    score = 100 - math.ceil(sum(one.points for one in missing) - 1e-9)
    return Completeness(score, tuple(sorted(missing, key=lambda one: -one.points)))


def _missing(organisation: Organisation) -> Iterator[Missing]:
    for rule in CRITERIA:
        if isinstance(rule, OfOrganisation):
            if not rule.is_told(organisation):
                yield Missing(rule.key, rule.points, rule.advice)
            continue
        untold = tuple(one.name for one in organisation.activities if not rule.is_told(one))
        if untold:
            points = rule.points * len(untold) / len(organisation.activities)
            yield Missing(rule.key, points, rule.advice, untold)
