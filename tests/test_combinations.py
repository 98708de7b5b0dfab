from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.combinations import Combination, Combinations, Listing
from generator.models import Activity, Organisation
from tests.builders import TODAY, make_combinations, make_organisation, make_taxonomy

HERE = Combination("masennus", "vertaisryhma", "kuopio")
ELSEWHERE = HERE._replace(municipality="tervo")
EVERYWHERE = HERE._replace(municipality="koko-alue")

REMOTE_ONLY = {"municipalities": [], "remote": True}
REGION_WIDE = {"municipalities": "koko-alue"}


def national(**activity: Any) -> Organisation:
    return make_organisation(scope="national", activities=[{"municipalities": [], **activity}])


def offering(**activity: Any) -> Organisation:
    return make_organisation(activities=[activity])


def confirmed(day: date) -> dict[str, Any]:
    return {"confirmed_on": day, "confirmed_by": "sihteeri"}


def slugs(listings: tuple[Listing, ...]) -> list[str]:
    return [listing.slug for listing in listings]


def counted(combinations: Combinations, wanted: Combination) -> list[str]:
    return slugs(combinations.results(wanted).listings)


def remote(combinations: Combinations, wanted: Combination) -> list[str]:
    return slugs(combinations.results(wanted).remote)


# What belongs


def test_municipality_lists_its_own_region_wide_and_national_activities() -> None:
    combinations = make_combinations(
        own=offering(municipalities=["kuopio"]),
        other=offering(municipalities=["tervo"]),
        region=offering(**REGION_WIDE),
        nation=national(),
        both=offering(municipalities=["siilinjarvi", "kuopio"]),
    )
    assert sorted(counted(combinations, HERE)) == ["both", "nation", "own", "region"]
    assert sorted(counted(combinations, ELSEWHERE)) == ["nation", "other", "region"]
    assert combinations.count(HERE) == 4


def test_whole_region_has_every_activity_once() -> None:
    combinations = make_combinations(
        many=make_organisation(activities=[{"municipalities": ["kuopio", "tervo"]}, REGION_WIDE, {"municipalities": ["tervo"]}]),
        nation=national(),
        online=offering(**REMOTE_ONLY),
    )
    results = combinations.results(EVERYWHERE)
    assert [(one.slug, list(one.activities)) for one in results.listings] == [
        ("many", ["toiminta-0", "toiminta-1", "toiminta-2"]),
        ("nation", ["toiminta-0"]),
    ]
    assert slugs(results.remote) == ["online"]


def test_remote_activity_has_a_section_of_its_own_and_is_not_counted() -> None:
    combinations = make_combinations(
        here=offering(), online=offering(**REMOTE_ONLY), phone=make_organisation(scope="national", activities=[REMOTE_ONLY])
    )
    assert counted(combinations, HERE) == ["here"]
    assert sorted(remote(combinations, HERE)) == ["online", "phone"]
    assert combinations.count(HERE) == 1


def test_remote_activity_that_also_meets_is_listed_where_it_meets_and_offered_as_remote_elsewhere() -> None:
    combinations = make_combinations(hybrid=offering(municipalities=["kuopio"], remote=True))
    assert (counted(combinations, HERE), remote(combinations, HERE)) == (["hybrid"], [])
    assert (counted(combinations, ELSEWHERE), remote(combinations, ELSEWHERE)) == ([], ["hybrid"])
    assert (counted(combinations, EVERYWHERE), remote(combinations, EVERYWHERE)) == (["hybrid"], [])


def test_region_wide_remote_activity_is_listed_everywhere_and_nowhere_twice() -> None:
    combinations = make_combinations(hybrid=offering(**REGION_WIDE, remote=True))
    for wanted in (HERE, ELSEWHERE, EVERYWHERE):
        assert (counted(combinations, wanted), remote(combinations, wanted)) == (["hybrid"], [])


def test_association_can_be_counted_for_one_activity_and_remote_for_another() -> None:
    combinations = make_combinations(both=make_organisation(activities=[{}, REMOTE_ONLY]))
    results = combinations.results(HERE)
    assert list(results.listings[0].activities) == ["toiminta-0"]
    assert list(results.remote[0].activities) == ["toiminta-1"]


def test_needs_and_municipalities_of_different_activities_are_not_crossed() -> None:
    combinations = make_combinations(
        ristiin=make_organisation(
            activities=[
                {"needs": ["masennus"], "municipalities": ["kuopio"]},
                {"needs": ["diabetes"], "type": "neuvonta", "municipalities": ["tervo"]},
            ]
        )
    )
    listed = {
        (need, kind, municipality)
        for need in ("masennus", "diabetes")
        for kind in ("kaikki", "vertaisryhma", "neuvonta")
        for municipality in ("kuopio", "siilinjarvi", "tervo")
        if counted(combinations, Combination(need, kind, municipality))
    }
    assert listed == {
        ("masennus", "kaikki", "kuopio"),
        ("masennus", "vertaisryhma", "kuopio"),
        ("diabetes", "kaikki", "tervo"),
        ("diabetes", "neuvonta", "tervo"),
    }


def test_only_the_activities_that_belong_are_shown_of_an_association() -> None:
    combinations = make_combinations(
        monta=make_organisation(
            activities=[{"id": "eka"}, {"id": "muu-tarve", "needs": ["diabetes"]}, {"id": "muu-tyyppi", "type": "neuvonta"}]
        )
    )
    one_type, all_types = (combinations.results(HERE._replace(type=kind)).listings for kind in ("vertaisryhma", "kaikki"))
    assert list(one_type[0].activities) == ["eka"]
    assert list(all_types[0].activities) == ["eka", "muu-tyyppi"]


@pytest.mark.parametrize(
    ("changes", "is_listed"),
    [
        pytest.param({}, True, id="active"),
        pytest.param({"status": "paused"}, False, id="paused"),
        pytest.param({"status": "closed"}, False, id="closed"),
        pytest.param({"review": None}, True, id="never confirmed"),
        pytest.param({"review": confirmed(date(2025, 5, 21))}, True, id="18 months"),
        pytest.param({"review": confirmed(date(2025, 5, 20))}, False, id="over 18 months"),
        pytest.param({"pauses": [{"from": "2026-11-01", "to": "2026-12-01"}]}, True, id="on holiday"),
    ],
)
def test_paused_closed_and_forgotten_associations_are_nowhere(changes: dict[str, Any], is_listed: bool) -> None:
    activities = [{"municipalities": ["kuopio"]}, REGION_WIDE, REMOTE_ONLY]
    combinations = make_combinations(yhdistys=make_organisation(activities=activities, **changes))
    for municipality in ("kuopio", "tervo", "koko-alue"):
        wanted = HERE._replace(municipality=municipality)
        assert (counted(combinations, wanted) == ["yhdistys"]) is is_listed
        assert (remote(combinations, wanted) == ["yhdistys"]) is is_listed
        assert combinations.count(wanted) == is_listed


# The order

OLD = {"review": confirmed(date(2025, 11, 20))}
NOT_YET_OLD = {"review": confirmed(date(2025, 11, 21))}
NEWER = {"review": confirmed(date(2026, 9, 2))}


def having(status: str, until: str | None = "2027-01-01", **more: Any) -> dict[str, Any]:
    return {"capacity": {"status": status, "until": until}, **more}


def one(activity: dict[str, Any] | None = None, **changes: Any) -> Organisation:
    return make_organisation(activities=[activity or {}], **changes)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(one(having("open")), one(having("waitlist")), id="open before waitlist"),
        pytest.param(one(having("waitlist")), one(having("ask")), id="waitlist before ask"),
        pytest.param(one(having("ask")), one(having("full")), id="ask before full"),
        pytest.param(one(having("waitlist")), one(having("open", "2026-11-20")), id="open that has ended is ask"),
        pytest.param(one(having("full", "2026-11-20")), one(having("full")), id="full that has ended is ask"),
        pytest.param(
            one(having("waitlist")),
            one(having("open", season={"from": "2026-01-01", "to": "2026-05-31"})),
            id="open in a season that is over is ask",
        ),
        pytest.param(one(), one(REGION_WIDE), id="own municipality before the region"),
        pytest.param(one(REGION_WIDE), national(), id="region before the nation"),
        pytest.param(national(**having("open")), one(having("ask")), id="capacity before nearness"),
        pytest.param(one(**NEWER), one(), id="newer confirmation first"),
        pytest.param(one(name="Öljy ry", **NEWER), one(name="Aamu ry"), id="confirmation before name"),
        pytest.param(one(), one(REGION_WIDE, **NEWER), id="nearness before date"),
        pytest.param(national(**having("full")), one(having("open"), **OLD), id="over 12 months after everything"),
        pytest.param(one(**NOT_YET_OLD), one(having("open"), **OLD), id="exactly 12 months is not over"),
        pytest.param(one(having("full")), one(having("open"), review=None), id="never confirmed counts as old"),
        pytest.param(one(having("open"), **OLD), one(having("full"), **OLD), id="the old keep the order among themselves"),
        pytest.param(one(**OLD), one(review=None), id="old date before never"),
        pytest.param(
            make_organisation(activities=[having("full"), having("open")]),
            one(having("waitlist"), **NEWER),
            id="the best of its activities counts",
        ),
        pytest.param(one(name="Zebra ry"), one(name="Ångström ry"), id="å after z"),
        pytest.param(one(name="Ångström ry"), one(name="Äiti ry"), id="ä after å"),
        pytest.param(one(name="Äiti ry"), one(name="Öljy ry"), id="ö after ä"),
        pytest.param(one(name="hiljainen ry"), one(name="Iloinen ry"), id="capital or not"),
        pytest.param(one(name="Mänty ry"), one(name="Möly ry"), id="ä and ö inside a word"),
    ],
)
def test_order_of_a_list(first: Organisation, second: Organisation) -> None:
    assert counted(make_combinations(b=first, a=second), HERE) == ["b", "a"]
    assert counted(make_combinations(a=second, b=first), HERE) == ["b", "a"]


def test_associations_of_one_name_stand_in_the_order_of_their_slugs() -> None:
    assert counted(make_combinations(b=one(), a=one()), HERE) == ["a", "b"]


def test_remote_section_has_the_same_order() -> None:
    combinations = make_combinations(a=one({**REMOTE_ONLY, **having("full")}), b=one({**REMOTE_ONLY, **having("open")}))
    assert remote(combinations, HERE) == ["b", "a"]


# Empty pages


@pytest.mark.parametrize(
    ("organisation", "is_empty"),
    [
        pytest.param(one(), False, id="own"),
        pytest.param(one(REGION_WIDE), False, id="region-wide"),
        pytest.param(national(), True, id="national"),
        pytest.param(one(REMOTE_ONLY), True, id="remote"),
        pytest.param(one({"municipalities": ["tervo"], "remote": True}), True, id="remote, meets elsewhere"),
        pytest.param(one({"municipalities": ["tervo"]}), True, id="elsewhere"),
        pytest.param(one({"needs": ["diabetes"]}), True, id="another need"),
        pytest.param(one({"type": "neuvonta"}), True, id="another type"),
    ],
)
def test_empty_means_neither_own_nor_region_wide(organisation: Organisation, is_empty: bool) -> None:
    assert make_combinations(yhdistys=organisation).is_empty(HERE) is is_empty


# One degree of latitude is 111.19 km on a sphere of 6,371 km.
ROW = (("a", 62.0, 27.0), ("b", 63.0, 27.0), ("c", 62.1, 27.0), ("d", 64.0, 27.0), ("e", 62.2, 27.0), ("f", 65.0, 27.0))


def test_neighbours_are_nearest_first_with_kilometres_and_only_those_that_have_the_thing() -> None:
    combinations = make_combinations(
        taxonomy=make_taxonomy(municipalities=ROW),
        bd=offering(municipalities=["b", "d"]),
        near_but_another_type=offering(municipalities=["c"], type="neuvonta"),
        near_but_another_need=offering(municipalities=["c"], needs=["diabetes"]),
        near_but_paused=make_organisation(status="paused", activities=[{"municipalities": ["c"]}]),
        everywhere=national(),
        online=offering(**REMOTE_ONLY),
    )
    near = combinations.neighbours_with_something(Combination("masennus", "vertaisryhma", "a"))
    assert near == (("b", 111), ("d", 222))


def test_at_most_four_neighbours_are_told_and_never_the_municipality_itself() -> None:
    combinations = make_combinations(
        taxonomy=make_taxonomy(municipalities=ROW), all=offering(municipalities=["a", "b", "c", "d", "e", "f"])
    )
    near = combinations.neighbours_with_something(Combination("masennus", "kaikki", "a"))
    assert near == (("c", 11), ("e", 22), ("b", 111), ("d", 222))


def test_distance_shrinks_with_latitude() -> None:
    combinations = make_combinations(
        taxonomy=make_taxonomy(municipalities=(("a", 60.0, 27.0), ("b", 60.0, 28.0))), there=offering(municipalities=["b"])
    )
    assert combinations.neighbours_with_something(HERE._replace(municipality="a")) == (("b", 56),)


def test_whole_region_has_no_neighbours() -> None:
    assert make_combinations(there=offering()).neighbours_with_something(EVERYWHERE) == ()


def test_other_types_are_those_that_the_municipality_has_for_the_need_in_the_order_of_the_taxonomy() -> None:
    combinations = make_combinations(
        taxonomy=make_taxonomy(types=("vertaisryhma", "neuvonta", "liikunta", "tuki", "retki")),
        own=make_organisation(
            activities=[{"type": "liikunta"}, {"type": "neuvonta"}, {"type": "tuki", "municipalities": ["tervo"]}]
        ),
        online=offering(type="retki", **REMOTE_ONLY),
        diabetes=offering(type="tuki", needs=["diabetes"]),
    )
    assert combinations.other_types(HERE) == ("neuvonta", "liikunta")
    assert combinations.other_types(HERE._replace(type="liikunta")) == ("neuvonta",)


# Everything at once, against a slow and simple reference

NEEDS, TYPES, PLACES = ("masennus", "diabetes"), ("vertaisryhma", "neuvonta"), ("kuopio", "siilinjarvi", "tervo")
GONE_BEFORE, OLD_BEFORE = date(2025, 5, 21), date(2025, 11, 21)  # 18 and 12 months before TODAY

DAYS_NEAR_LIMITS = st.builds(
    lambda day, shift: day + timedelta(days=shift), st.sampled_from([GONE_BEFORE, OLD_BEFORE, TODAY]), st.integers(-1, 0)
)


@st.composite
def activities(draw: st.DrawFn, is_national: bool) -> dict[str, Any]:
    places = [] if is_national else draw(st.just(["koko-alue"]) | st.lists(st.sampled_from(PLACES), unique=True))
    return {
        "needs": draw(st.lists(st.sampled_from(NEEDS), min_size=1, unique=True)),
        "type": draw(st.sampled_from(TYPES)),
        "municipalities": places,
        "remote": draw(st.booleans()) if places or is_national else True,
        "capacity": {"status": draw(st.sampled_from(["open", "waitlist", "ask", "full"])), "until": draw(DAYS_NEAR_LIMITS)},
    }


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    scope = draw(st.sampled_from(["regional", "regional", "national"]))
    day = draw(st.none() | DAYS_NEAR_LIMITS)
    return make_organisation(
        name=draw(st.sampled_from(["Aamu ry", "Zebra ry", "Äiti ry"])),
        scope=scope,
        status=draw(st.sampled_from(["active"] * 4 + ["paused", "closed"])),
        activities=draw(st.lists(activities(scope == "national"), min_size=1, max_size=3)),
        review=confirmed(day) if day else None,
    )


@settings(deadline=None, max_examples=100)
@given(st.lists(organisations(), max_size=6))
def test_every_page_lists_exactly_what_the_data_says_and_in_order(found: list[Organisation]) -> None:
    named = {f"y{number}": organisation for number, organisation in enumerate(found)}
    combinations = make_combinations(**named)
    for need in NEEDS:
        for kind in ("kaikki", *TYPES):
            for place in ("koko-alue", *PLACES):
                wanted = Combination(need, kind, place)
                counted_here, remote_here = naive_results(named, wanted)
                results = combinations.results(wanted)
                assert told(results.listings) == counted_here
                assert told(results.remote) == remote_here
                assert combinations.count(wanted) == len(counted_here)


def told(listings: tuple[Listing, ...]) -> list[tuple[str, list[str]]]:
    return [(listing.slug, list(listing.activities)) for listing in listings]


Told = list[tuple[str, list[str]]]


def naive_results(named: dict[str, Organisation], wanted: Combination) -> tuple[Told, Told]:
    """The rules of the design one after another, without an index."""
    sections: tuple[list[Any], list[Any]] = ([], [])
    for slug, organisation in named.items():
        review = organisation.review
        if organisation.status != "active" or (review and review.confirmed_on < GONE_BEFORE):
            continue
        for section, belongs in zip(sections, (is_counted, is_offered_as_remote), strict=True):
            shown = [activity for activity in organisation.activities if belongs(organisation, activity, wanted)]
            if shown:
                section.append((naive_key(slug, organisation, shown), slug, [activity.id for activity in shown]))
    counted_here, remote_here = ([(slug, ids) for _, slug, ids in sorted(section)] for section in sections)
    return counted_here, remote_here


def is_asked_for(activity: Activity, wanted: Combination) -> bool:
    return wanted.need in activity.needs and wanted.type in ("kaikki", activity.type)


def is_counted(organisation: Organisation, activity: Activity, wanted: Combination) -> bool:
    if organisation.scope == "national":
        return is_asked_for(activity, wanted) and not activity.remote
    reached = {*activity.municipalities, *(["koko-alue"] if activity.municipalities else [])}
    return is_asked_for(activity, wanted) and ("koko-alue" in activity.municipalities or wanted.municipality in reached)


def is_offered_as_remote(organisation: Organisation, activity: Activity, wanted: Combination) -> bool:
    return is_asked_for(activity, wanted) and activity.remote and not is_counted(organisation, activity, wanted)


def naive_key(slug: str, organisation: Organisation, shown: list[Activity]) -> tuple[Any, ...]:
    states = [activity.capacity.status if activity.capacity.until >= TODAY else "ask" for activity in shown]
    nearest = min(
        3 if organisation.scope == "national" else 2 if activity.municipalities == ("koko-alue",) else 1 for activity in shown
    )
    review = organisation.review
    is_old = review is None or review.confirmed_on < OLD_BEFORE
    newest = -(review.confirmed_on.toordinal() if review else 0)
    name = ["Aamu ry", "Zebra ry", "Äiti ry"].index(organisation.name)
    return is_old, min(["open", "waitlist", "ask", "full"].index(state) for state in states), nearest, newest, name, slug
