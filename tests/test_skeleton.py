import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from generator.rendering.skeleton import Skeleton, hole, holes

NAMES = ("title", "rows", "count")
JINJA = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)

# Templates of literal text and holes, in any number and order; Jinja's own signs and carriage returns left out.
LITERALS = st.text(st.characters(exclude_characters="{}%#\0\r", exclude_categories=["Cs"]), max_size=8)
TEMPLATES = st.lists(LITERALS | st.sampled_from([f"{{{{ {name} }}}}" for name in NAMES]), max_size=9).map("".join)
VALUES = st.fixed_dictionaries(dict.fromkeys(NAMES, st.text(max_size=8)))


def skeleton_of(template: str) -> Skeleton:
    return Skeleton(JINJA.from_string(template).render(holes(NAMES)))


def encoded(values: dict[str, str]) -> dict[str, bytes]:
    return {name: value.encode() for name, value in values.items()}


@settings(deadline=None)
@given(TEMPLATES, VALUES)
def test_filling_equals_rendering_the_template_with_the_same_values(template: str, values: dict[str, str]) -> None:
    rendered = JINJA.from_string(template).render({name: Markup(value) for name, value in values.items()})
    assert skeleton_of(template).fill(encoded(values)) == rendered.encode()


@settings(deadline=None)
@given(TEMPLATES, VALUES, st.lists(st.sampled_from(NAMES), unique=True))
def test_binding_some_holes_first_makes_no_difference(template: str, values: dict[str, str], early: list[str]) -> None:
    skeleton, given = skeleton_of(template), encoded(values)
    before = skeleton.fill(given)
    bound = skeleton.bind({name: given[name] for name in early})
    assert bound.fill({name: value for name, value in given.items() if name not in early}) == before
    assert bound.names == skeleton.names - set(early)
    assert skeleton.fill(given) == before  # binding leaves the original as it was


@settings(deadline=None)
@given(TEMPLATES, VALUES, st.permutations(NAMES))
def test_binding_one_after_another_ends_in_the_finished_markup(template: str, values: dict[str, str], order: list[str]) -> None:
    skeleton, given = skeleton_of(template), encoded(values)
    finished = skeleton.fill(given)
    for name in order:
        skeleton = skeleton.bind({name: given[name]})
    assert skeleton.fill({}) == finished


def test_value_that_looks_like_a_hole_is_not_filled_again() -> None:
    skeleton = Skeleton(f"<p>{hole('title')}</p><p>{hole('rows')}</p>")
    values = {"title": hole("rows").encode(), "rows": b"x"}
    assert skeleton.fill(values) == b"<p>\0rows\0</p><p>x</p>"
    assert skeleton.bind({"title": values["title"]}).fill({"rows": b"x"}) == b"<p>\0rows\0</p><p>x</p>"


def test_hole_may_stand_in_an_attribute_and_twice() -> None:
    skeleton = Skeleton(f'<a href="{hole("title")}">{hole("title")}</a>')
    assert skeleton.fill({"title": b"/ohjeet/"}) == b'<a href="/ohjeet/">/ohjeet/</a>'


@pytest.mark.parametrize("given", [{}, {"rows": b""}])
def test_missing_value_is_an_error(given: dict[str, bytes]) -> None:
    with pytest.raises(KeyError, match="title"):
        Skeleton(hole("title") + hole("rows")).fill(given)


def test_values_that_no_hole_asks_for_are_left_out() -> None:
    assert Skeleton("<p></p>").fill({"title": b"x"}) == b"<p></p>"
