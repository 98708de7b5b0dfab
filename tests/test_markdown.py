import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from generator.markdown import _marked, internal_links, render_markdown

PREFIX = "/tarjotin/sv/"


def rendered(text: str, top: int = 2) -> str:
    return str(render_markdown(text, top=top, prefix=PREFIX))


@pytest.mark.parametrize(
    ("written", "markup"),
    [
        pytest.param("Tervetuloa!", "<p>Tervetuloa!</p>", id="text"),
        pytest.param("*a* **b**", "<p><em>a</em> <strong>b</strong></p>", id="emphasis"),
        pytest.param("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>", id="list"),
        pytest.param("[a](https://example.fi/a?b=1)", '<p><a href="https://example.fi/a?b=1">a</a></p>', id="https"),
        pytest.param("<https://example.fi>", '<p><a href="https://example.fi">https://example.fi</a></p>', id="bare https"),
        pytest.param("[a](mailto:a@example.fi)", '<p><a href="mailto:a@example.fi">a</a></p>', id="mail"),
        pytest.param("[a](tel:112)", '<p><a href="tel:112">a</a></p>', id="phone"),
        pytest.param("[a](#kohta)", '<p><a href="#kohta">a</a></p>', id="within the page"),
        pytest.param("[a](/ohjeet/)", '<p><a href="/tarjotin/sv/ohjeet/">a</a></p>', id="within the site"),
        pytest.param("[a](/)", '<p><a href="/tarjotin/sv/">a</a></p>', id="front page"),
        pytest.param("[a][1]\n\n[1]: /ohjeet/", '<p><a href="/tarjotin/sv/ohjeet/">a</a></p>', id="by reference"),
        pytest.param(
            "- *[a](/ohjeet/)*", '<ul>\n<li><em><a href="/tarjotin/sv/ohjeet/">a</a></em></li>\n</ul>', id="nested link"
        ),
        pytest.param("a & b < c", "<p>a &amp; b &lt; c</p>", id="signs of HTML"),
    ],
)
def test_running_text_becomes_markup(written: str, markup: str) -> None:
    assert rendered(written).strip() == markup


HOSTILE = [
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param("Teksti <b onclick=alert(1)>b</b>", id="inline HTML"),
    pytest.param("<iframe src=https://example.org></iframe>", id="HTML block"),
    pytest.param("<!-- salaa -->", id="comment"),
    pytest.param("<svg/onload=alert(1)>", id="svg"),
    pytest.param("- <img src=x onerror=alert(1)>", id="HTML in a list"),
    pytest.param("> <script>alert(1)</script>", id="HTML in a quotation"),
    pytest.param("```\n<script>alert(1)</script>\n```", id="code block"),
    pytest.param('```js" onclick="alert(1)\n```', id="language of a code block"),
    pytest.param("[a](javascript:alert(1))", id="javascript"),
    pytest.param("[a](JaVaScRiPt:alert(1))", id="javascript in capitals"),
    pytest.param("[a](&#106;avascript:alert(1))", id="javascript as an entity"),
    pytest.param("[a](<java\tscript:alert(1)>)", id="javascript with a tab"),
    pytest.param("[a]( javascript:alert(1))", id="javascript after a space"),
    pytest.param("<javascript:alert(1)>", id="javascript bare"),
    pytest.param("[a][1]\n\n[1]: javascript:alert(1)", id="javascript by reference"),
    pytest.param("[a](vbscript:x)", id="vbscript"),
    pytest.param("[a](data:text/html,<script>alert(1)</script>)", id="data"),
    pytest.param("[a](file:///etc/passwd)", id="file"),
    pytest.param("[a](http://example.org)", id="unprotected http"),
    pytest.param("[a](//example.org)", id="another site without a scheme"),
    pytest.param("[a](\\\\example.org)", id="backslashes"),
    pytest.param("![a](https://example.org/a.png)", id="image"),
    pytest.param("![a](data:image/png;base64,AAAA)", id="image in place"),
    pytest.param("[![a](https://example.org/a.png)](https://example.org)", id="image in a link"),
    pytest.param('[a](https://example.org "x\\" onclick=\\"alert(1)")', id="title of a link"),
    pytest.param("&lt;script&gt;alert(1)&lt;/script&gt;", id="entities"),
]
TAGS = {"p", "a", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "br", *(f"h{n}" for n in range(1, 7))}
ATTRIBUTES = {"href", "title", "start", "class"}
LINKS = ("https://", "mailto:", "tel:", "#", PREFIX)


def assert_safe(markup: str) -> None:
    for node in LexborHTMLParser(markup).body.css("body *"):
        assert node.tag in TAGS
        assert set(node.attributes) <= ATTRIBUTES
        address = node.attributes.get("href", "").lower()
        assert not address or address.startswith(LINKS)
    assert "<!--" not in markup


@pytest.mark.parametrize("written", HOSTILE)
def test_hostile_text_becomes_text(written: str) -> None:
    assert_safe(rendered(written))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "http://example.org", "//example.org", "ohjeet/"])
def test_refused_link_stays_as_it_was_written(address: str) -> None:
    assert rendered(f"[a]({address})").strip() == f"<p>[a]({address})</p>"


PIECES = (
    """[a]( ) ]( ! < > javascript: data: https://a.fi / // \\ # " ' &#106; script onload=x ` ``` * [1]: [1] ä <!-- --> <a href="""
)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from([*PIECES.split(), " ", "\t", "\n", "\n\n"]), max_size=14).map("".join))
def test_whatever_is_written_the_markup_is_safe(written: str) -> None:
    assert_safe(rendered(written))


@pytest.mark.parametrize(
    ("written", "top", "levels"),
    [
        pytest.param("# A\n## B", 2, ["h2", "h3"], id="down by one"),
        pytest.param("## A\n### B\n## C", 3, ["h3", "h4", "h3"], id="down from level 2"),
        pytest.param("#### A", 2, ["h2"], id="up to the top"),
        pytest.param("### A\n## B", 3, ["h4", "h3"], id="the highest becomes the top, wherever it stands"),
        pytest.param("# A\n###### B", 3, ["h3", "h6"], id="never under 6"),
        pytest.param("A\n=\n\nB\n-", 2, ["h2", "h3"], id="underlined"),
    ],
)
def test_headings_are_shifted_under_the_heading_of_the_page(written: str, top: int, levels: list[str]) -> None:
    tree = LexborHTMLParser(rendered(written, top))
    assert [node.tag for node in tree.css("h1, h2, h3, h4, h5, h6")] == levels


@settings(max_examples=500)
@given(st.text(st.sampled_from("aaaÄé1\xa0 ,.:;()%/'’–!?-_*#>`&<[]\n\n\n\\\"=~+"), max_size=40))
def test_plain_text_is_what_markdown_would_make_of_it(written: str) -> None:
    assert render_markdown(written, top=2, prefix="/") == _marked(written, 2, "/")


@pytest.mark.parametrize("written", ["Ryhmä on kaikille (myös sinulle), joka päivä!", "Eka\njatkuu\n\n\nToka 50 %.\n"])
def test_ordinary_descriptions_need_no_reading_of_markdown(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = _marked(written, 2, "/")
    monkeypatch.setattr("generator.markdown._marked", None)
    render_markdown.cache_clear()
    assert render_markdown(written, top=2, prefix="/") == expected


def test_links_within_the_site_are_found_wherever_they_stand() -> None:
    text = "[a](/ohjeet/) https://example.fi\n\n- **[b](/tietoa/#kohta)**\n\n[c](https://example.fi) [d](#e) `[f](/ei/)`"
    assert internal_links(text) == ["/ohjeet/", "/tietoa/#kohta"]
