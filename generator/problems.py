"""Faults in the content, and the only home of the sentences that tell of them.

A sentence is Finnish, because coordinators and volunteers read it, and ends in something to do.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

Location = tuple[str | int, ...]


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: `file` relative to the project folder, `line` from 1, `field` as a dotted path ("" = the whole file)."""

    file: str
    line: int
    field: str
    message: str
    severity: Severity = Severity.ERROR

    def as_warning(self) -> "Problem":
        return replace(self, severity=Severity.WARNING)

    def as_json(self) -> dict[str, str | int]:
        return {**asdict(self), "severity": str(self.severity)}


class ContentError(Exception):
    """The content has errors: nothing may be planned or written."""

    def __init__(self, problems: Iterable[Problem], files: int) -> None:
        self.problems = sorted(problems)
        self.files = files
        super().__init__(f"{len(self.problems)} problems")


def sentence(code: str, **facts: object) -> str:
    """The sentence for one kind of fault; a code without a sentence is a programming error (KeyError)."""
    return SENTENCES[code].format(**facts)


def dotted(location: Location) -> str:
    return ".".join(str(part) for part in location)


def suggestion(found: str, allowed: Iterable[str], *, listed_in: str = "tiedostosta taxonomy.yaml") -> str:
    """The end of a sentence about an unknown word: its nearest match, or what is allowed, or where that is listed."""
    choices = list(allowed)
    near = difflib.get_close_matches(found, choices, n=1, cutoff=0.55)
    if near:
        return f'Tarkoititko "{near[0]}"?'
    if 0 < len(choices) <= 25:
        return f"Sallitut: {', '.join(choices)}."
    return f"Katso sallitut tunnisteet {listed_in}."


def counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


SENTENCES: Mapping[str, str] = {
    # The file itself
    "file.encoding": "Tiedosto ei ole UTF-8-muotoista tekstiä. Tallenna se editorissa merkistöllä UTF-8.",
    "file.empty": "Tiedosto on tyhjä. Kirjoita siihen tiedot tai poista tiedosto.",
    "file.too_large": "Tiedosto on liian suuri ({found} kt, enintään {allowed} kt). Poista siitä ylimääräinen.",
    "file.link": "Tiedosto on linkki, joka osoittaa kansion ulkopuolelle. Korvaa linkki oikealla tiedostolla.",
    "file.unreadable": "Tiedostoa ei voi lukea ({reason}). Tarkista tiedoston oikeudet.",
    "file.missing": "Tiedosto puuttuu. Palauta se versiohistoriasta tai kopioi se mallisivustosta.",
    "file.extension": 'Tiedoston pääte ei ole ".yaml", joten sitä ei lueta. Nimeä tiedosto uudelleen: "{wanted}".',
    "file.not_a_file": "Kansiossa saa olla vain .yaml-tiedostoja. Siirrä tämä muualle.",
    "file.slug": (
        'Tiedoston nimi "{found}" ei kelpaa osoitteeksi. '
        'Käytä pieniä kirjaimia a–z, numeroita ja yhdysviivoja, esimerkiksi "{wanted}.yaml".'
    ),
    "file.reserved": 'Nimi "{found}" on varattu sivuston omaan käyttöön. Anna tiedostolle toinen nimi.',
    "folder.missing": "Kansio puuttuu. Luo se ja lisää siihen ensimmäinen järjestö komennolla: tarjotin new jarjeston-nimi",
    # YAML
    "yaml.broken": "YAML-rakenne katkeaa tähän. Tarkista sisennykset, kaksoispisteet ja lainausmerkit.",
    "yaml.tab": "Rivillä on sarkain (Tab). Sisennä välilyönneillä, kaksi kerrallaan.",
    "yaml.colon": (
        "Kaksoispiste on yllättävässä paikassa. Kirjoita teksti lainausmerkkeihin, jos kaksoispiste kuuluu siihen. "
        "Muuten tarkista ylemmän rivin kaksoispiste."
    ),
    "yaml.start": 'Teksti ei voi alkaa tällä merkillä. Kirjoita teksti lainausmerkkeihin: "@merkki".',
    "yaml.quote": "Lainausmerkki jää sulkematta. Lisää puuttuva lainausmerkki.",
    "yaml.character": "Tekstissä on merkki, jota ei voi lukea. Kirjoita rivi uudelleen.",
    "yaml.anchor": "Ankkureita (&) ja viittauksia (*) ei käytetä. Kirjoita sisältö auki.",
    "yaml.tag": 'Tyyppimerkintöjä ("{found}") ei käytetä. Poista huutomerkillä alkava merkintä.',
    "yaml.repeated": 'Avain "{found}" on kahdesti samassa kohdassa. Poista toinen tai yhdistä ne.',
    "yaml.depth": "Sisennyksiä on liikaa sisäkkäin. Tarkista rakenne mallitiedostosta.",
    "yaml.key": "Avaimen pitää olla yksi sana. Tarkista, ettei rivin alussa ole luetteloa tai sulkeita.",
    "yaml.documents": 'Tiedostossa on monta osaa ("---"). Jätä yksi järjestö yhteen tiedostoon.',
    "yaml.mapping": 'Tiedoston pitää koostua riveistä "avain: arvo". Katso malli: docs/muokkaaminen.md.',
    # Shapes of fields (from the models)
    "missing": 'Pakollinen tieto "{found}" puuttuu. Lisää se.',
    "extra_forbidden": 'Avainta "{found}" ei tunneta. {hint}',
    "string_type": "Tähän tarvitaan tekstiä. Poista luettelo tai alakohdat.",
    "string_too_long": "Teksti on liian pitkä ({length} merkkiä, enintään {max_length}). Lyhennä sitä.",
    "string_too_short": "Teksti puuttuu. Kirjoita se tai poista avain.",
    "text_too_long": "Teksti ({language}) on liian pitkä ({length} merkkiä, enintään {max_length}). Lyhennä sitä.",
    "text_shape": "Kirjoita tähän teksti, tai kielittäin: fi, sv ja en.",
    "text_control": "Tekstissä on merkki, joka ei näy kaikille, esim. luettelomerkki Wordista. Kirjoita kohta uudelleen.",
    "list_type": 'Tähän tarvitaan luettelo. Kirjoita joka kohta omalle rivilleen: "- arvo".',
    "mapping_type": 'Tähän tarvitaan alakohtia muodossa "avain: arvo", kaksi välilyöntiä sisempänä.',
    "too_short": "Luettelo on tyhjä. Lisää ainakin {min_length} kohta.",
    "too_long": "Luettelossa on liikaa kohtia ({actual_length}, enintään {max_length}). Poista ylimääräiset.",
    "choice": 'Arvo "{found}" ei kelpaa. {hint}',
    "bool_parsing": 'Arvo "{found}" ei kelpaa. Kirjoita true (kyllä) tai false (ei).',
    "int_parsing": 'Arvo "{found}" ei ole kokonaisluku. Kirjoita pelkkä numero.',
    "float_parsing": 'Arvo "{found}" ei ole luku. Kirjoita desimaalit pisteellä, esimerkiksi 62.892.',
    "greater_than_equal": 'Luku "{found}" on liian pieni. Pienin sallittu on {ge}.',
    "less_than_equal": 'Luku "{found}" on liian suuri. Suurin sallittu on {le}.',
    "date_form": 'Päivämäärä "{found}" ei kelpaa. Kirjoita se muodossa vuosi-kuukausi-päivä, esimerkiksi 2026-09-01.',
    "date_year": 'Päivämäärän "{found}" vuosi ei voi olla oikea. Tarkista vuosi.',
    "slug_form": ('Tunniste "{found}" ei kelpaa. Käytä pieniä kirjaimia a–z, numeroita ja yhdysviivoja, esimerkiksi "{wanted}".'),
    "slug_reserved": 'Tunniste "{found}" on varattu sivuston omaan käyttöön. Valitse toinen.',
    "url_form": 'Osoite "{found}" ei kelpaa. Kirjoita koko osoite, jonka alussa on https://.',
    "phone_form": 'Puhelinnumero "{found}" ei kelpaa. Kirjoita se suuntanumeron kanssa, esimerkiksi 017 123 4567.',
    "email_form": 'Sähköpostiosoite "{found}" ei kelpaa. Tarkista se, esimerkiksi toimisto@yhdistys.fi.',
    "origin_form": (
        'Osoite "{found}" ei kelpaa sivustoksi, joka saa upottaa. Kirjoita https:// ja palvelimen nimi pienillä kirjaimilla '
        "ilman polkua, esimerkiksi https://intra.example.fi."
    ),
    "domain_form": 'Verkkotunnus "{found}" ei kelpaa. Kirjoita se pienillä kirjaimilla, esimerkiksi hyvinvointialue.fi.',
    "protection_decision": "Suojaustason päätös puuttuu. Lisää decided_on (päivä) ja decided_by (kuka päätti).",
    "verified_domains": (
        "Asetus senders: verified tarvitsee työosoitteet. Lisää kohtaan sender_domains ne verkkotunnukset, joista pyyntöjä "
        "lähetetään, esimerkiksi [hyvinvointialue.fi], tai vaihda asetukseksi open."
    ),
    "key_form": "Avain ei kelpaa: siitä puuttuu merkkejä tai niitä on liikaa. Tehkää uusi avain sivulla /avain/.",
    "keys_order": "Avaimet ovat väärässä järjestyksessä tai sama avain on kahdesti. Kirjoita uusin ensin ja poista toinen.",
    "business_id_form": 'Y-tunnus "{found}" ei kelpaa: muoto tai tarkistusnumero on väärin. Tarkista se YTJ-palvelusta.',
    "code_form": 'Koodi "{found}" ei kelpaa. Kirjoita koodi (F32, T89) tai väli (F30-F39).',
    "base_path_form": 'Polku "{found}" ei kelpaa. Sen pitää alkaa ja päättyä vinoviivaan, esimerkiksi /tarjotin/.',
    "municipality_code_form": 'Kuntanumero "{found}" ei kelpaa. Kirjoita kolme numeroa lainausmerkkeihin, esimerkiksi "097".',
    "languages_order": "Kielissä pitää olla suomi ensimmäisenä, ja kukin kieli kerran. Kirjoita esimerkiksi [fi, sv, en].",
    "contact_reach": "Yhteystiedosta puuttuu sekä puhelin että sähköposti. Lisää ainakin toinen.",
    "contact_name": "Henkilön nimi näkyy sivustolla. Lisää name_public: true, jos hän on antanut luvan, tai poista nimi.",
    "capacity_until": 'Tilanteella "{found}" pitää olla päättymispäivä. Lisää until, esimerkiksi until: 2027-01-31.',
    "period_order": "Jakson loppu on ennen alkua. Vaihda päivät oikein päin.",
    "enrol_after_end": "Ilmoittautuminen päättyy vasta kauden jälkeen. Tarkista enrol_by.",
    "merged_not_closed": "Tieto merged_into kuuluu vain lopetetulle järjestölle. Lisää status: closed tai poista merged_into.",
    "limits_order": "Tuoreusrajojen pitää kasvaa: warn_months, sitten last_months, sitten hide_months.",
    # Rules across fields and files
    "unknown.need": 'Tarvetta "{found}" ei ole luettelossa taxonomy.yaml. {hint}',
    "unknown.type": 'Toimintaa "{found}" ei ole luettelossa taxonomy.yaml. {hint}',
    "unknown.target_group": 'Kohderyhmää "{found}" ei ole luettelossa taxonomy.yaml. {hint}',
    "unknown.municipality": 'Kuntaa "{found}" ei ole luettelossa taxonomy.yaml. {hint}',
    "unknown.language": 'Kieltä "{found}" ei ole luettelossa taxonomy.yaml. {hint}',
    "unknown.group": 'Tarveryhmää "{found}" ei ole luettelossa need_groups. {hint}',
    "unknown.helpline": 'Auttavaa puhelinta "{found}" ei ole luettelossa helplines. {hint}',
    "unknown.organisation": 'Järjestöä "{found}" ei ole kansiossa content/organisations. {hint}',
    "unknown.activity": 'Järjestöllä ei ole toimintaa "{found}". {hint}',
    "repeated.id": 'Tunniste "{found}" on käytössä kahdesti. Anna toiselle oma tunniste.',
    "repeated.value": 'Arvo "{found}" on luettelossa kahdesti. Poista toinen.',
    "repeated.slug": 'Osoite "{found}" on jo käytössä: {other}. Poista se jommastakummasta.',
    "self.reference": "Järjestö viittaa itseensä. Poista viittaus tai kirjoita toisen järjestön tunniste.",
    "merge.loop": "Yhdistymiset kiertävät kehää ({found}). Korjaa merged_into niin, että viimeinen järjestö on toiminnassa.",
    "merge.closed": 'Järjestö "{found}" on lopettanut, eikä ohjaa minnekään. Kirjoita merged_into-kohtaan toimiva järjestö.',
    "date.future": "Päivä {found} on tulevaisuudessa. Kirjoita päivä, jona tiedot tarkistettiin.",
    "municipalities.missing": "Toiminnan kunnat puuttuvat. Lisää municipalities, tai remote: true, jos toiminta on vain etänä.",
    "municipalities.national": "Valtakunnallinen järjestö palvelee kaikkia kuntia. Poista municipalities tai scope: national.",
    "activities.none": "Järjestöllä ei ole yhtään toimintaa. Lisää toiminta tai kirjoita status: closed.",
    "sample.phone": "Puhelinnumero {found} on esimerkkinumero. Vaihda siihen oikea numero.",
    "sample.domain": "Osoite {found} on esimerkkiosoite. Vaihda siihen oikea osoite.",
    "sample.key": (
        "Avain on mallisivuston, ja kuka tahansa voi lukea sen tunnuslauseen. Poista avain ja tehkää oma sivulla /avain/."
    ),
    "site.unfinished": (
        "Alue on vielä keskeneräinen: hakukoneet pidetään poissa, ja esimerkkitiedoista vain varoitetaan. "
        "Kun tiedot on vaihdettu ja malliyhdistys poistettu, poista rivi unfinished."
    ),
    "translation.partial": "Käännös ({language}) puuttuu {count}: ensimmäinen on {found}. Käännä ne, tai näytetään suomi.",
    "same.business_id": "Sama Y-tunnus on myös tiedostossa {other}. Poista toinen, jos järjestö on sama.",
    "same.phone": "Sama puhelinnumero on myös tiedostossa {other}. Tarkista, onko järjestö kirjattu kahdesti.",
    "same.name": 'Lähes sama nimi on myös tiedostossa {other} ("{name}"). Tarkista, onko järjestö kirjattu kahdesti.',
    "private.missing": (
        "Järjestö ottaa pyyntöjä, mutta sen yksityinen tiedosto puuttuu: {found}. Luo tiedosto ja lisää siihen referral_email."
    ),
    "private.email": "Järjestö ottaa pyyntöjä, mutta osoite referral_email puuttuu. Lisää osoite.",
    "private.orphan": "Järjestöä ei ole kansiossa content/organisations. Nimeä tiedosto oikein tai poista se.",
    "private.awaiting": (
        "Osoitteen vahvistus on kesken. Pyydä vahvistus osoitteisiin lähetetyillä linkeillä, tai kirjaa puhelu hyväksyntäsivulla."
    ),
    "private.personal": "Osoite {found} näyttää henkilön omalta. Pyydä rooliosoite, esimerkiksi toimisto@.",
    "code.order": 'Koodiväli "{found}" on väärin päin. Vaihda alku ja loppu.',
    "code.decimals": (
        'Koodiväli "{found}" ei kelpaa. Kirjoita desimaalit samalle koodille pienemmästä suurempaan, esimerkiksi G90.1-G90.3.'
    ),
    # The edit form and the approval page
    "edit.commitment": "Sitoumus puuttuu. Lisää rasti, kun olette lukeneet sitoumuksen ja hyväksytte sen.",
    "edit.part": "Osa on merkitsemättä. Lisää rasti, kun osan tiedot on tarkistettu.",
    "edit.callers": "Soittajia pitää olla kaksi eri ihmistä. Kirjoita kummankin tehtävä kirjaimin, esimerkiksi koordinaattori.",
    "edit.number": "Numeroa ei ole yhdistyksen julkisissa tiedoissa. Tarkista numero yhdistyksen sivulta.",
    "edit.reason": "Syy puuttuu. Kirjoita, miksi ehdotus palautetaan.",
    "edit.fields": "Kohdat puuttuvat. Valitse ainakin yksi kohta tai kirjoita viesti.",
    # Posters
    "poster.options": "Valinta {option} kuuluu vain julisteeseen --kind {kind}. Poista toinen valinnoista.",
    "poster.both": "Valitse joko --slug tai --need. Tee toinen juliste omalla komennollaan.",
    "poster.language": 'Sivustolla ei ole kieltä "{found}". Valitse jokin näistä: {allowed}.',
    "poster.merged": 'Järjestö "{found}" on yhdistynyt toiseen. Tee juliste siitä: --slug {target}.',
    "poster.moved": 'Järjestön "{found}" tunnus on nyt "{target}". Tee juliste sillä: --slug {target}.',
    "poster.closed": 'Järjestö "{found}" on lopettanut, joten siitä ei tehdä julistetta. Ota vanhat julisteet pois seinältä.',
    "poster.paused": (
        'Järjestö "{found}" on tauolla toistaiseksi, eikä kukaan vastaa. Tee juliste, kun toiminta jatkuu (status: active).'
    ),
    "poster.stale": (
        'Järjestön "{found}" tietoja ei ole vahvistettu vuoteen. Juliste on seinällä pitkään: '
        "pyydä ensin järjestöä vahvistamaan tiedot."
    ),
    "poster.empty": (
        'Tarpeeseen "{found}" ei ole nyt yhtään järjestöä eikä auttavaa puhelinta. Tee juliste, kun tarpeeseen on toimintaa.'
    ),
    "catalogue.language": 'Sivustolla ei ole kieltä "{found}". Valitse jokin näistä: {allowed}.',
    "catalogue.character": "Nämä merkit jäivät PDF:stä pois, koska kirjasimessa ei ole niitä: {characters} Vaihda ne kirjaimiin.",
    "poster.character": 'Julisteen "{found}" tekstissä on merkki "{character}", jota kirjasimessa ei ole. Vaihda se kirjaimiin.',
    # Numbers of requests
    "figure_step": (
        'Luku "{found}" ei ole {step}:n kerrannainen, eikä tarkkoja lukuja julkaista. '
        "Tee tiedosto komennolla: tarjotin counts --write."
    ),
    "usual_of_few": "Vastausaikaa ei kerrota alle viidestä vastauksesta. Tee tiedosto uudelleen: tarjotin counts --write.",
    "counts.old": "Luvut ovat yli vuoden vanhat, joten niitä ei näytetä. Tee tiedosto uudelleen: tarjotin counts --write.",
    # Content pages
    "page.name": 'Tiedoston nimi ei kelpaa. Käytä muotoa sivu.kieli.md, esimerkiksi "ohjeet.fi.md".',
    "page.front_matter": 'Sivun alusta puuttuvat otsikkotiedot. Aloita rivillä "---", sitten title ja description, sitten "---".',
    "page.unknown": 'Sivua "{found}" ei ole sivuston rakenteessa. {hint}',
    "page.missing": "Suomenkielinen sivu puuttuu: {found}. Luo tiedosto.",
    "page.picture": (
        'Kuvaa "{found}" ei ole kansiossa content/pictures. Tarkista nimi, tai ota kuvat uudelleen komennolla make pictures.'
    ),
    "page.picture_alt": (
        'Kuvalla "{found}" ei ole tekstiä niille, jotka eivät näe sitä. Kirjoita se hakasulkeisiin: ![Kuvan sisältö]({found}).'
    ),
    "picture.kind": "Tiedosto ei ole PNG- tai WebP-kuva. Tallenna kuva jommassakummassa muodossa tai poista tiedosto.",
    "page.link": 'Linkki "{found}" ei johda mihinkään. Tarkista osoite.',
}

# What libyaml says, by a piece of its sentence, and what we say.
YAML_SENTENCES: Mapping[str, str] = {
    "maximum nesting depth": "yaml.depth",
    "mapping values are not allowed": "yaml.colon",
    "quoted scalar": "yaml.quote",
    "cannot start any token": "yaml.start",
}


def yaml_sentence(said: str, line: Iterable[str]) -> str:
    """Our sentence for the parser's; a tab on the line is the likeliest cause whatever the parser says."""
    if any("\t" in text for text in line):
        return sentence("yaml.tab")
    code = next((code for piece, code in YAML_SENTENCES.items() if piece in said), "yaml.broken")
    return sentence(code)
