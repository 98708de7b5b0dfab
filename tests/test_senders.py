"""Verified senders on the site: what is built for them, only where the region asks for it, and what it weighs."""

import gzip
import re
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from generator.checked import Content
from generator.languages import LANGUAGES
from generator.pages import NEVER_STORED, SENDER
from generator.referrals import recipients_record
from generator.rendering.assets import BUNDLES, _join
from lambda_referral.fields import DAYS_PROVEN
from lambda_referral.proving import PAGE
from lambda_referral.recipients import Recipients
from tests.builders import ROOT, TODAY, WRITTEN_POLICY, WRITTEN_REFERRAL, make_content, make_organisation, make_site, render

REQUEST = "/ohjaa/kerho/index.html"


def region(**policy: Any) -> Content:
    site = make_site(referral={**WRITTEN_POLICY, **policy})
    return make_content(site=site, kerho=make_organisation(referral=WRITTEN_REFERRAL))


def sender_pages(files: dict[str, str]) -> set[str]:
    return {path.removesuffix("index.html") for path in files if path.endswith("/lahettaja/index.html")}


def test_page_of_the_mailed_link_is_built_in_every_language_and_never_stored() -> None:
    assert sender_pages(render(region(senders="verified"))) == {PAGE, f"/sv{PAGE}", f"/en{PAGE}"}
    assert SENDER in NEVER_STORED


@pytest.mark.parametrize("policy", [{}, {"senders": "open"}, {"senders": "verified", "protection": "none"}], ids=str)
def test_region_that_asks_for_no_proof_has_neither_its_page_nor_its_script(policy: dict[str, Any]) -> None:
    files = render(region(**policy))
    assert sender_pages(files) == set()
    assert "vahvistaja" not in files[REQUEST] + files["/tarjotin/index.html"]
    assert LexborHTMLParser(files[REQUEST]).css_first("[data-field=sender_token]") is None
    assert recipients_record(region(**policy), TODAY, [])["senders"] == "open"


def test_form_asks_for_a_proof_in_place_of_an_address() -> None:
    tree = LexborHTMLParser(render(region(senders="verified"))[REQUEST])
    assert tree.css_first("[data-field=sender_token] [name=sender_token][type=hidden]")
    assert tree.css_first("[data-field=sender_email]") is None
    assert tree.css_first("[data-for=professional] [data-sender]")
    assert [one.attributes["src"] for one in tree.css("script[src*=vahvistaja]")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_privacy_notice_tells_how_long_the_browser_remembers(language: str) -> None:
    notice = (ROOT / "content" / "pages" / f"tietosuoja.{language}.md").read_text("utf-8")
    assert re.search(rf"\b{DAYS_PROVEN} (päivää|dagar|days)\b", notice)


def test_function_is_told_that_senders_are_verified() -> None:
    record = recipients_record(region(senders="verified"), TODAY, [])
    assert Recipients.from_json(record).verifies_senders


@pytest.mark.parametrize(("name", "kilobytes"), [("vahvistaja.js", 7.1), ("lahettaja.js", 2.7)])
def test_script_is_light(name: str, kilobytes: float) -> None:
    assert len(gzip.compress(_join(name, BUNDLES[name]), 9, mtime=0)) <= kilobytes * 1024
