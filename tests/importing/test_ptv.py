"""The Finnish Service Catalogue's open data: test data made by hand after the published model of its API, version 11."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.checked import Content
from generator.cli import main
from generator.importing.drafts import Reading, Unreadable
from generator.importing.ptv import read_ptv
from generator.importing.ptv_document import is_ptv
from generator.importing.ptv_words import CLASSES
from generator.models import WHOLE_REGION
from tests.builders import TODAY, make_content, make_organisation, make_taxonomy, write_project, written_organisation

NEEDS = (
    {"id": "masennus", "synonyms": {"fi": ["mielenterveys"]}, "label": {"fi": "Masennus"}},
    {"id": "omaishoito", "label": {"fi": "Omaishoito"}},
)
TYPES = ({"id": "vertaisryhma", "synonyms": {"fi": ["vertaistuki"]}, "label": {"fi": "Vertaisryhmä"}}, "neuvonta")
ORGANISATION, SERVICE, CHANNEL = "11111111-1111-4111-8111-111111111111", "2222", "3333"


def said(value: str, language: str = "fi", **more: str) -> dict[str, str]:
    return {"value": value, "language": language, **more}


def organization(**changes: Any) -> dict[str, Any]:
    return {
        "id": ORGANISATION,
        "organizationType": "Organization",
        "businessCode": "9011427-0",
        "organizationNames": [said("Kuopion Kuvitteellinen Tuki ry", type="Name"), said("Tuki", type="AlternativeName")],
        "areaType": "LimitedType",
        "organizationDescriptions": [
            said("Vertaistukea mielen asioihin.", type="Summary"),
            said("Stöd för psyket.", "sv", type="Summary"),
            said("Ensimmäinen kappale.\n\nToinen kappale.", type="Description"),
        ],
        "emails": [said("toimisto@tuki.example.fi")],
        "phoneNumbers": [
            {"number": "17 000 0102", "prefixNumber": "+358", "language": "fi", "additionalInformation": "Neuvonta"}
        ],
        "webPages": [{"url": "https://tuki.example.fi", "language": "fi"}],
        "publishingStatus": "Published",
        **changes,
    }


def service(**changes: Any) -> dict[str, Any]:
    return {
        "id": SERVICE,
        "type": "Service",
        "serviceNames": [said("Keskiviikkoryhmä", type="Name"), said("Onsdagsgruppen", "sv", type="Name")],
        "serviceChargeType": "FreeOfCharge",
        "areaType": "LimitedType",
        "serviceDescriptions": [said("Ryhmä kokoontuu viikoittain.", type="Summary"), said("Pitkä kuvaus.", type="Description")],
        "languages": ["fi"],
        "keywords": [said("mielenterveys")],
        "requirements": [said("Täysi-ikäisille.")],
        "areas": [{"type": "Municipality", "municipalities": [{"code": "000", "name": [said("Kuopio")]}]}],
        "serviceClasses": [{"code": "P5.16", "name": [said("Terveyden vertais- ja vapaaehtoistoiminta")]}],
        "ontologyTerms": [],
        "serviceChannels": [{"serviceChannel": {"id": CHANNEL, "name": "Toimisto"}}],
        "mainOrganization": {"id": ORGANISATION},
        "organizations": [{"roleType": "Producer", "organization": {"id": "muu"}}],
        "publishingStatus": "Published",
        **changes,
    }


def channel(**changes: Any) -> dict[str, Any]:
    street = {
        "street": [said("Esimerkkikatu")],
        "streetNumber": "1 A",
        "postalCode": "70100",
        "postOffice": [said("KUOPIO")],
        "municipality": {"code": "000"},
    }
    return {
        "id": CHANNEL,
        "serviceChannelType": "ServiceLocation",
        "serviceChannelNames": [said("Toimisto", type="Name")],
        "addresses": [{"type": "Location", "subType": "Single", "streetAddress": street}],
        "phoneNumbers": [{"type": "Fax", "number": "1"}, {"type": "Phone", "prefixNumber": "+358", "number": "17 000 0103"}],
        "supportEmails": [],
        **changes,
    }


@pytest.fixture
def content() -> Content:
    named = make_organisation(name="Vanha nimi ry", business_id="9012344-1")
    return make_content(make_taxonomy(needs=NEEDS, types=TYPES), tuttu=named)


def read(tmp_path: Path, content: Content, *items: Any, whole: Any = None) -> Reading:
    file = tmp_path / "ptv.json"
    file.write_text(json.dumps(whole if whole is not None else list(items), ensure_ascii=False), "utf-8")
    assert is_ptv(file)
    return read_ptv(file, content)


def activity(tmp_path: Path, content: Content, **changes: Any) -> dict[str, Any]:
    (draft,) = read(tmp_path, content, organization(), service(**changes), channel()).drafts
    (found,) = draft.written["activities"]
    return dict(found)


def notes(reading: Reading) -> str:
    return "\n".join(f"{one.field}: {one.message}" for one in reading.notes)


def test_association_is_read_whole(tmp_path: Path, content: Content) -> None:
    reading = read(tmp_path, content, organization(), service(), channel())
    (draft,) = reading.drafts
    assert reading.notes == ()
    assert draft.slug == "kuopion-kuvitteellinen-tuki-ry"
    assert draft.written == {
        "name": "Kuopion Kuvitteellinen Tuki ry",
        "business_id": "9011427-0",
        "pitch": {"fi": "Vertaistukea mielen asioihin.", "sv": "Stöd för psyket."},
        "description": "Ensimmäinen kappale.\n\nToinen kappale.",
        "website": "https://tuki.example.fi",
        "contacts": [{"role": "Neuvonta", "phone": "+358 17 000 0102", "email": "toimisto@tuki.example.fi"}],
        "activities": [
            {
                "id": "keskiviikkoryhma",
                "type": "vertaisryhma",
                "name": {"fi": "Keskiviikkoryhmä", "sv": "Onsdagsgruppen"},
                "summary": "Ryhmä kokoontuu viikoittain.",
                "needs": ["masennus"],
                "municipalities": ["kuopio"],
                "where": "Esimerkkikatu 1 A, KUOPIO",
                "languages": ["fi"],
                "for_whom": "Täysi-ikäisille.",
                "contact": {"role": "Toimisto", "phone": "+358 17 000 0103"},
            }
        ],
    }


SHAPES: dict[str, Any] = {
    "a list": [organization(), service(), channel()],
    "our collections": {"organizations": [organization()], "services": [service()], "serviceChannels": [channel()]},
    "a page of the API": {"pageNumber": 1, "pageCount": 1, "itemList": [service(), organization()]},
    "responsible instead of main": [
        organization(),
        service(mainOrganization=None, organizations=[{"roleType": "Responsible", "organization": {"id": ORGANISATION}}]),
    ],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_read(tmp_path: Path, content: Content, shape: str) -> None:
    (draft,) = read(tmp_path, content, whole=SHAPES[shape]).drafts
    assert [one["id"] for one in draft.written["activities"]] == ["keskiviikkoryhma"]


def test_importing_is_not_confirming(tmp_path: Path, content: Content) -> None:
    (draft,) = read(tmp_path, content, organization(modified="2026-11-01T00:00:00Z"), service()).drafts
    assert not {"review", "referral", "status"} & draft.written.keys()


def test_association_is_known_by_its_business_id_whatever_its_name(tmp_path: Path, content: Content) -> None:
    (draft,) = read(tmp_path, content, organization(businessCode="9012344-1"), service()).drafts
    assert draft.slug == "tuttu"


def test_association_is_known_by_its_name(tmp_path: Path, content: Content) -> None:
    names = [said("Vanha nimi ry", type="Name")]
    (draft,) = read(tmp_path, content, organization(businessCode=None, organizationNames=names), service()).drafts
    assert draft.slug == "tuttu"


WORDS: dict[str, tuple[dict[str, Any], str]] = {
    "name of a class": (
        {"serviceClasses": [{"code": "X", "name": [said("Omaishoito")]}], "keywords": [said("vertaistuki")]},
        "omaishoito",
    ),
    "code of a class": (
        {"serviceClasses": [{"code": "P5.14", "name": [said("Kotisairaanhoito")]}], "keywords": [said("vertaistuki")]},
        "omaishoito",
    ),
    "term of an ontology": ({"keywords": [], "ontologyTerms": [{"name": [said("masennus")]}]}, "masennus"),
}


@pytest.mark.parametrize(("changes", "need"), WORDS.values(), ids=WORDS)
def test_need_is_found_in(tmp_path: Path, content: Content, changes: dict[str, Any], need: str) -> None:
    assert activity(tmp_path, content, **changes)["needs"] == [need]


PLACES: dict[str, tuple[dict[str, Any], Any]] = {
    "whole country": ({"areaType": "Nationwide", "areas": []}, WHOLE_REGION),
    "the region by name": ({"areas": [{"type": "Region", "name": [said("Pohjois-Savo")], "municipalities": []}]}, WHOLE_REGION),
    "municipalities by code": (
        {"areas": [], "municipalities": [{"code": "001"}, {"code": "002"}, {"code": "091"}]},
        ["siilinjarvi", "tervo"],
    ),
}


@pytest.mark.parametrize(("changes", "municipalities"), PLACES.values(), ids=PLACES)
def test_where_the_service_is_offered(tmp_path: Path, content: Content, changes: dict[str, Any], municipalities: Any) -> None:
    assert activity(tmp_path, content, **changes)["municipalities"] == municipalities


def test_service_that_is_only_on_the_telephone_is_remote(tmp_path: Path, content: Content) -> None:
    (draft,) = read(tmp_path, content, organization(), service(), channel(serviceChannelType="Phone", addresses=[])).drafts
    assert draft.written["activities"][0]["remote"] == "true"


def test_price_is_read(tmp_path: Path, content: Content) -> None:
    descriptions = [said("Kahvimaksu 2 €", type="ChargeTypeAdditionalInfo")]
    found = activity(tmp_path, content, serviceChargeType="Chargeable", serviceDescriptions=descriptions)
    assert (found["price"], found["price_note"]) == ("paid", {"fi": "Kahvimaksu 2 €"}["fi"])


LEFT_OUT: dict[str, tuple[list[Any], str]] = {
    "unknown class": (
        [
            organization(),
            service(
                serviceClasses=[{"code": "P16.4", "name": [said("Pysäköinti")]}], keywords=[said("masennus"), said("vertaistuki")]
            ),
        ],
        'Palveluluokalla P16.4 "Pysäköinti" ei ole vastinetta',
    ),
    "no need": ([organization(), service(keywords=[])], 'Palvelulle "Keskiviikkoryhmä" ei löytynyt tarvetta'),
    "no type": ([organization(), service(serviceClasses=[])], 'Palvelulle "Keskiviikkoryhmä" ei löytynyt toimintaa'),
    "a permit": ([organization(), service(type="PermitOrObligation")], "on lupa tai tutkinto"),
    "a municipality": ([organization(organizationType="Municipality"), service()], "ei ole järjestö (Municipality)"),
    "a draft": ([organization(publishingStatus="Draft"), service()], "ei ole julkaistu"),
    "no services": ([organization()], "Yhtään palvelua ei voitu ottaa mukaan"),
    "service of another": (
        [organization(), service(), service(id="9", mainOrganization={"id": "muu"})],
        'järjestöä "muu" ei ole tiedostossa',
    ),
    "another language only": (
        [organization(organizationDescriptions=[said("Stöd.", "sv", type="Summary")]), service()],
        "Suomenkielinen kuvaus puuttuu",
    ),
    "no summary": (
        [organization(organizationDescriptions=[said("Kuvaus.", type="Description")]), service()],
        "Esittelylause tehtiin",
    ),
    "unprotected site": ([organization(webPages=[{"url": "http://tuki.example.fi"}]), service()], "ei ala https://"),
    "other region": ([organization(), service(areas=[])], "ei ole kuntaa tältä alueelta"),
    "unknown language": ([organization(), service(languages=["xx"])], 'Kieltä "xx" ei ole'),
}


@pytest.mark.parametrize(("items", "sentence"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_left_out_is_told(tmp_path: Path, content: Content, items: list[Any], sentence: str) -> None:
    assert sentence in notes(read(tmp_path, content, *items))


@pytest.mark.parametrize("broken", ["text", 1, None, [1], [None], {"fi": "x"}])
@pytest.mark.parametrize(
    "key", ["organizationNames", "organizationDescriptions", "phoneNumbers", "emails", "webPages", "businessCode"]
)
def test_odd_values_of_an_organisation_are_survived(tmp_path: Path, content: Content, key: str, broken: Any) -> None:
    read(tmp_path, content, organization(**{key: broken}), service())


@pytest.mark.parametrize("broken", ["text", None, [1], [None], {"fi": "x"}])
@pytest.mark.parametrize(
    "key",
    [
        "serviceNames",
        "serviceDescriptions",
        "areas",
        "serviceClasses",
        "keywords",
        "serviceChannels",
        "languages",
        "organizations",
    ],
)
def test_odd_values_of_a_service_are_survived(tmp_path: Path, content: Content, key: str, broken: Any) -> None:
    read(tmp_path, content, organization(), service(**{key: broken}))


def test_file_that_is_cut_short_is_told(tmp_path: Path, content: Content) -> None:
    file = tmp_path / "ptv.json"
    file.write_text('[{"organizationNames": [', "utf-8")
    with pytest.raises(Unreadable, match="ei ole JSON-muotoa"):
        read_ptv(file, content)


def test_our_table_of_classes_names_terms_that_the_sample_has(content: Content, root: Path) -> None:
    from tests.builders import _written

    taxonomy = _written("taxonomy.yaml")
    ids = {kind: {one["id"] for one in taxonomy[key]} for kind, key in (("need", "needs"), ("activity_type", "activity_types"))}
    rows = [line.split(",") for line in CLASSES.read_text("utf-8").splitlines()[1:]]
    assert {row[1] for row in rows} - {""} <= ids["need"]
    assert {row[2] for row in rows} - {""} <= ids["activity_type"]
    assert all(row[1] or row[2] for row in rows)


# The command


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "alue", {"yksi": written_organisation()}, sample=TODAY)


def run(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(project), "--today", str(TODAY), "import", *arguments])


def written_file(tmp_path: Path, *items: Any) -> str:
    file = tmp_path / "ptv.json"
    file.write_text(json.dumps(items, ensure_ascii=False), "utf-8")
    return str(file)


KUOPIO = {
    "areas": [{"type": "Municipality", "municipalities": [{"code": "297", "name": [said("Kuopio")]}]}],
    "keywords": [said("masennus"), said("vertaistuki")],
}


def test_dry_run_writes_nothing_and_a_second_import_changes_only_what_has_changed(project: Path, tmp_path: Path) -> None:
    made = project / "content" / "organisations" / "kuopion-kuvitteellinen-esimerkki-ry.yaml"
    names = [said("Kuopion Kuvitteellinen Esimerkki ry", type="Name")]
    source = written_file(tmp_path, organization(organizationNames=names), service(**KUOPIO), channel())
    dry = run(project, source)
    assert (dry.exit_code, made.exists()) == (0, False), dry.output
    assert "1 uusi järjestö" in dry.output
    assert run(project, source, "--write").exit_code == 0
    made.write_text(made.read_text("utf-8") + "# Oma huomautus\n", "utf-8")
    assert "1 ennallaan" in run(project, source, "--write").output
    written_file(
        tmp_path,
        organization(organizationNames=names, businessCode=None),
        service(**KUOPIO, serviceChargeType="Chargeable"),
        channel(),
    )
    again = run(project, source, "--write")
    assert "muuttuu  kuopion-kuvitteellinen-esimerkki-ry: activities" in again.output
    assert "# Oma huomautus" in made.read_text("utf-8")
    assert "9011427-0" in made.read_text("utf-8")


def test_invalid_value_blocks_everything(project: Path, tmp_path: Path) -> None:
    source = written_file(
        tmp_path, organization(businessCode="1"), service(**KUOPIO), organization(id="x", businessCode=None), channel()
    )
    result = run(project, source, "--write")
    assert result.exit_code == 1
    assert "Mitään ei kirjoitettu" in result.output
    assert [path.name for path in (project / "content" / "organisations").iterdir()] == ["yksi.yaml"]
