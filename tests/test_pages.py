from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from generator import pages
from generator.checked import Content
from generator.codes import range_members
from generator.models import Taxonomy
from generator.pages import CodePage, ForwardPage, NeedPage, OrganisationPage, Page, Plan, ResultsPage, TypePage
from generator.pipeline import Settings, plan_site
from tests.builders import TODAY, make_content, make_organisation, make_plan, make_taxonomy


def plan(taxonomy: Taxonomy | None = None, **organisations: Any) -> Plan:
    return make_plan(make_content(taxonomy, **organisations))


def planned(plan: Plan, kind: type[Page]) -> list[Any]:
    return [page for page in plan.pages() if isinstance(page, kind)]


@pytest.fixture(scope="module")
def region(content: Content, root: Path) -> Plan:
    return plan_site(content, Settings(root, TODAY))


# The three clicks


def test_every_need_type_and_municipality_is_planned_exactly_once(region: Plan) -> None:
    taxonomy = region.taxonomy
    wanted = Counter(
        (need.id, kind, municipality)
        for need in taxonomy.needs
        for kind in ("kaikki", *(kind.id for kind in taxonomy.activity_types))
        for municipality in ("koko-alue", *(place.id for place in taxonomy.municipalities))
    )
    assert Counter(tuple(page.wanted) for page in planned(region, ResultsPage) if page.number == 1) == wanted
    assert Counter((page.need, page.type) for page in planned(region, TypePage)) == Counter({key[:2] for key in wanted})
    assert Counter(page.need for page in planned(region, NeedPage)) == Counter({key[0] for key in wanted})


def test_no_address_is_planned_twice(region: Plan) -> None:
    assert [path for path, times in Counter(page.path for page in region.pages()).items() if times > 1] == []


def test_combination_without_any_association_has_a_page_too() -> None:
    assert {page.path: page.is_indexed for page in planned(plan(), ResultsPage)}["/tarve/diabetes/neuvonta/tervo/"] is False


@pytest.mark.parametrize(
    ("activity", "indexed"),
    [
        pytest.param({"municipalities": ["kuopio"]}, {"kuopio", "koko-alue"}, id="own"),
        pytest.param({"municipalities": "koko-alue"}, {"kuopio", "siilinjarvi", "tervo", "koko-alue"}, id="region-wide"),
        pytest.param({"municipalities": [], "remote": True}, set(), id="remote"),
    ],
)
def test_only_pages_with_something_are_indexed(activity: dict[str, Any], indexed: set[str]) -> None:
    pages_of_need = planned(plan(yhdistys=make_organisation(activities=[activity])), ResultsPage)
    found = {page.wanted.municipality for page in pages_of_need if page.is_indexed}
    assert found == indexed


@pytest.mark.parametrize("reserved", ["uusi", "kaikki", "koko-alue"])
@pytest.mark.parametrize("place", ["needs", "types", "municipalities"])
def test_reserved_word_is_refused_as_an_id(place: str, reserved: str) -> None:
    term = (reserved, 63.0, 27.0) if place == "municipalities" else reserved
    with pytest.raises(ValidationError, match="slug_reserved"):
        make_taxonomy(**{place: (term,)})


# Long lists


@pytest.mark.parametrize(
    ("associations", "numbers"),
    [
        pytest.param(0, [1], id="none"),
        pytest.param(60, [1], id="60 fit on a page"),
        pytest.param(61, [1, 2], id="61 continue on the next"),
        pytest.param(120, [1, 2], id="120 fill two"),
        pytest.param(121, [1, 2, 3], id="121 need a third"),
    ],
)
def test_list_of_over_sixty_continues_on_numbered_pages(associations: int, numbers: list[int]) -> None:
    many = {f"y{number}": make_organisation() for number in range(associations)}
    found = [page for page in planned(plan(**many), ResultsPage) if page.path.startswith("/tarve/masennus/vertaisryhma/kuopio/")]
    base = "/tarve/masennus/vertaisryhma/kuopio/"
    assert [(page.path, page.number) for page in found] == [
        (base if number == 1 else f"{base}{number}/", number) for number in numbers
    ]
    assert {page.pages for page in found} == {len(numbers)}


def test_remote_associations_do_not_lengthen_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LISTINGS_PER_PAGE", 1)
    online = make_organisation(activities=[{"municipalities": [], "remote": True}])
    assert {page.pages for page in planned(plan(a=online, b=online), ResultsPage)} == {1}


# Codes


@pytest.mark.parametrize(
    ("span", "members"),
    [
        pytest.param("T90", ["T90"], id="one code"),
        pytest.param("F32.1", ["F32.1"], id="one decimal"),
        pytest.param("E10-E12", ["E10", "E11", "E12"], id="range"),
        pytest.param("E10-E10", ["E10"], id="range of one"),
        pytest.param("A08-A11", ["A08", "A09", "A10", "A11"], id="leading zeros"),
        pytest.param("X85-Y09", [f"X{n}" for n in range(85, 100)] + [f"Y{n:02}" for n in range(10)], id="across letters"),
        pytest.param("R52.0-R52.2", ["R52.0", "R52.1", "R52.2"], id="decimals"),
        pytest.param("R52.9-R52.9", ["R52.9"], id="decimal range of one"),
        pytest.param("E12-E10", [], id="backwards"),
        pytest.param("Y09-X85", [], id="letters backwards"),
        pytest.param("R52.2-R52.0", [], id="decimals backwards"),
    ],
)
def test_range_of_codes_includes_both_ends(span: str, members: list[str]) -> None:
    assert list(range_members(span)) == members


@pytest.mark.parametrize("span", ["E10-E10.9", "E10.0-E11", "E10.8-E11.2"])
def test_range_that_mixes_codes_is_no_range(span: str) -> None:
    """Validation tells a person about a range without members; anything else would fail or mislead."""
    assert range_members(span) == ()


def test_two_digit_decimals_keep_their_zeros() -> None:
    assert range_members("M54.08-M54.11") == ("M54.08", "M54.09", "M54.10", "M54.11")


CODED = make_taxonomy(
    needs=(
        {"id": "masennus", "icpc2": ["P76"], "icd10": ["F32-F33"]},
        {"id": "kriisi", "icpc2": ["P76"], "icd10": ["F33", "Z73.0"]},
    )
)


def test_code_of_one_need_forwards_to_it_and_of_several_asks() -> None:
    found = plan(CODED)
    assert {page.path: page.target for page in planned(found, ForwardPage)} == {
        "/koodi/F32/": "/tarve/masennus/",
        "/koodi/Z73.0/": "/tarve/kriisi/",
    }
    assert {page.path: page.needs for page in planned(found, CodePage)} == {
        "/koodi/P76/": ("masennus", "kriisi"),
        "/koodi/F33/": ("masennus", "kriisi"),
    }


def test_code_written_twice_for_a_need_still_leads_to_one() -> None:
    taxonomy = make_taxonomy(needs=({"id": "masennus", "icd10": ["F32", "F30-F33"]},))
    assert {page.path for page in planned(plan(taxonomy), ForwardPage)} == {f"/koodi/F3{n}/" for n in range(4)}
    assert planned(plan(taxonomy), CodePage) == []


def test_every_code_of_the_taxonomy_has_a_page(region: Plan) -> None:
    written = {code for need in region.taxonomy.needs for code in (*need.icpc2, *need.icd10) if "-" not in code}
    found = {page.path for page in region.pages()}
    assert [code for code in written if f"/koodi/{code}/" not in found] == []


# Old addresses of associations


def closed(merged_into: str | None, **changes: Any) -> Any:
    return make_organisation(status="closed", merged_into=merged_into, **changes)


def test_merged_and_renamed_associations_forward_to_the_last_in_the_chain() -> None:
    found = plan(
        eka=closed("toka", former_slugs=["vanhin"]),
        toka=closed("kolmas"),
        kolmas=make_organisation(former_slugs=["vanha", "viela-vanhempi"]),
    )
    last = "/jarjesto/kolmas/"
    assert {page.path: page.target for page in planned(found, ForwardPage)} == {
        "/jarjesto/eka/": last,
        "/jarjesto/toka/": last,
        "/jarjesto/vanhin/": last,
        "/jarjesto/vanha/": last,
        "/jarjesto/viela-vanhempi/": last,
    }
    assert [page.slug for page in planned(found, OrganisationPage)] == ["kolmas"]
    assert not any(page.is_indexed for page in planned(found, ForwardPage))


@pytest.mark.parametrize(("status", "is_indexed"), [("active", True), ("paused", True), ("closed", False)])
def test_association_keeps_its_page_whatever_its_status(status: str, is_indexed: bool) -> None:
    [page] = planned(plan(yhdistys=make_organisation(status=status)), OrganisationPage)
    assert (page.path, page.is_indexed) == ("/jarjesto/yhdistys/", is_indexed)
