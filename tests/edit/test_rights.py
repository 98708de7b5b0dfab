"""Who may edit with a link."""

from typing import Any

import pytest

from lambda_edit.links import make_link
from tests.edit.builders import MAILBOX, MAINTAINER, OTHER, SECOND, SECRETS, SLUG, Office, call_another_number

REFUSED: dict[str, Any] = {
    "nonsense": lambda office: "hei",
    "another association's": lambda office: office.token(slug=OTHER),
    "no association's": lambda office: office.token(slug="ei-ole"),
    "a path": lambda office: office.token(slug="../private/savon-esimerkki"),
    "an earlier generation": lambda office: office.token(generation=1),
    "a later generation": lambda office: office.token(generation=3),
    "an address that is not listed": lambda office: office.token(address="entinen@savon-esimerkki.example.fi"),
    "the requests' mailbox": lambda office: office.token(address=MAILBOX),
    "a confirmation's": lambda office: office.token("confirm"),
    "the coordinator's": lambda office: office.token("approve"),
    "a secret that was dropped": lambda office: make_link((b"d" * 32,), "edit", SLUG, 2, MAINTAINER, office.now),
    "eight days old": lambda office: make_link(SECRETS, "edit", SLUG, 2, MAINTAINER, office.now.replace(day=15)),
    "cut short": lambda office: office.token()[:-3],
}


@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED)
def test_bad_link_is_refused_and_not_overlooked(office: Office, token: Any) -> None:
    assert office.edit(call_another_number, token=token(office)) == (403, {"code": "link"})
    assert office.public.said == []
    assert office.store.counts == {}


TAKEN: dict[str, Any] = {
    "as mailed": lambda office: office.token(),
    "of the second maintainer": lambda office: office.token(address=SECOND),
    "written in other letters": lambda office: office.token(address=MAINTAINER.upper()),
    "with a full stop": lambda office: office.token() + ".",
    "with an equals sign": lambda office: office.token() + "=",
    "with spaces": lambda office: f"  {office.token()}\n",
    "signed by the earlier secret": lambda office: make_link(SECRETS[1:], "edit", SLUG, 2, MAINTAINER, office.now),
    "of the check mail, sixty days old": lambda office: make_link(
        SECRETS, "edit", SLUG, 2, MAINTAINER, office.now.replace(month=9, day=25), days=60
    ),
}


@pytest.mark.parametrize("token", TAKEN.values(), ids=TAKEN)
def test_good_link_is_taken(office: Office, token: Any) -> None:
    status, _ = office.edit(call_another_number, token=token(office))
    assert status == 202
    assert office.waiting()[0]["is_verified"] is True


def test_link_without_a_private_file_is_refused(office: Office) -> None:
    assert office.edit(call_another_number, slug=OTHER, token=office.token(slug=OTHER)) == (403, {"code": "link"})


def test_private_file_out_of_order_lets_nobody_in(office: Office) -> None:
    path = f"content/private/{SLUG}.yaml"
    for broken in ("", "data_maintainers: []\n", "- x\n", "{", f"data_maintainers: [{MAINTAINER}]\ntuntematon: x\n"):
        office.public.main[path] = broken
        assert office.edit(call_another_number) == (403, {"code": "link"})
