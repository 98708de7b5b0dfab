from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from generator.rendering.typography import SHY, day, hyphenate, phone, plural, span


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        pytest.param("+358170000101", "017 000 0101", id="sample number"),
        pytest.param("+358401234567", "040 123 4567", id="mobile"),
        pytest.param("+35850123456", "050 123 456", id="short mobile"),
        pytest.param("+358925250111", "09 2525 0111", id="Helsinki"),
        pytest.param("+358800123456", "0800 123 456", id="freephone"),
        pytest.param("+35880098123", "0800 98123", id="short freephone"),
        pytest.param("+358202020", "020 2020", id="short company number"),
        pytest.param("+35831234567", "03 123 4567", id="two-digit area 03"),
        pytest.param("+35881234567", "08 123 4567", id="two-digit area 08"),
        pytest.param("+35860012345", "0600 12345", id="charged number"),
        pytest.param("+46812345678", "+46 8 123 456 78", id="abroad"),
        pytest.param("112", "112", id="emergency"),
        pytest.param("116117", "116 117", id="six digits"),
        pytest.param("10023", "10023", id="five digits"),
    ],
)
def test_phone_number_is_grouped_as_it_is_read_aloud(stored: str, shown: str) -> None:
    assert phone(stored) == shown.replace(" ", "\u00a0")


@settings(deadline=None)
@given(st.from_regex(r"\+358[1-9][0-9]{4,10}", fullmatch=True))
def test_grouping_never_changes_a_digit(number: str) -> None:
    assert phone(number).replace("\u00a0", "") == "0" + number.removeprefix("+358")


@pytest.mark.parametrize(
    ("language", "written"),
    [("fi", "1.9.2026"), ("sv", "1.9.2026"), ("en", "1 September 2026")],
)
def test_day_is_written_in_the_manner_of_the_language(language: str, written: str) -> None:
    assert day(date(2026, 9, 1), language) == written.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("first", "last", "language", "written"),
    [
        pytest.param(date(2026, 9, 1), date(2026, 10, 15), "fi", "1.9.–15.10.2026", id="fi, one year"),
        pytest.param(date(2026, 9, 1), date(2026, 10, 15), "sv", "1.9.–15.10.2026", id="sv, one year"),
        pytest.param(date(2026, 9, 1), date(2026, 10, 15), "en", "1_September_2026 – 15_October_2026", id="en, one year"),
        pytest.param(date(2026, 9, 1), date(2027, 5, 15), "fi", "1.9.2026–15.5.2027", id="fi, over the new year"),
        pytest.param(date(2026, 9, 1), date(2027, 5, 15), "sv", "1.9.2026–15.5.2027", id="sv, over the new year"),
        pytest.param(date(2026, 9, 1), date(2027, 5, 15), "en", "1_September_2026 – 15_May_2027", id="en, over the new year"),
    ],
)
def test_span_of_days_tells_the_year_once_where_it_can(first: date, last: date, language: str, written: str) -> None:
    assert span(first, last, language) == written.replace("_", "\u00a0")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_span_of_one_day_is_that_day(language: str) -> None:
    assert span(date(2026, 9, 1), date(2026, 9, 1), language) == day(date(2026, 9, 1), language)


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 järjestöä"), (1, "1 järjestö"), (2, "2 järjestöä"), (21, "21 järjestöä"), (101, "101 järjestöä")]
)
def test_only_one_is_singular(count: int, told: str) -> None:
    assert plural({"one": "{n} järjestö", "other": "{n} järjestöä"}, count) == told


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        pytest.param("Mielenterveysyhdistys", "Mielen|terveys|yhdistys", id="compound"),
        pytest.param("Esimerkki-Diabetesyhdistys ry", "Esimerkki-Diabetes|yhdistys ry", id="with a hyphen"),
        pytest.param("Vertaisryhmä", "Vertaisryhmä", id="short word stays whole"),
        pytest.param("sydän yhdistys sairaus toiminta", "sydän yhdistys sairaus toiminta", id="short words of a long text"),
        pytest.param("Epäjärjestelmällisyys", "Epäjärjestelmällisyys", id="long word without a known joint"),
        pytest.param("Päihderiippuvuussairaudet", "Päihde|riippuvuus|sairaudet", id="two joints"),
    ],
)
def test_long_compound_may_break_at_its_joints(text: str, broken: str) -> None:
    assert hyphenate(text) == broken.replace("|", SHY)


@pytest.mark.parametrize(
    "text", ["<b>&</b>", "a&b", '"lainaus"', "Sydän&Sairaustoimintayhdistys", "<sairaustoimintaryhmä>", "&amp;"]
)
def test_hyphenated_text_is_escaped(text: str) -> None:
    assert hyphenate(text).replace(SHY, "") == escape(text)


# Words that break, glued to what is escaped.
NASTY = st.lists(
    st.sampled_from(["&", "<", ">", '"', "'", "amp", "lt", "quot", "#", "39", ";", "yhdistys", "sairaus", "toiminta", "-", " "]),
    max_size=12,
).map("".join)


@settings(deadline=None)
@given(NASTY | st.text(max_size=40).filter(lambda text: SHY not in text))
def test_soft_hyphens_never_stand_inside_an_escaped_sign(text: str) -> None:
    hyphenated = hyphenate(text)
    assert hyphenated.replace(SHY, "") == escape(text)
    assert hyphenated.unescape().replace(SHY, "") == text
