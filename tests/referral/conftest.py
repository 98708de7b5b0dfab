"""Fixtures of the contact request's tests."""

from collections.abc import Iterator

import pytest

from lambda_common import proof
from tests.referral.builders import Counter
from tests.referral.fake_ses import FakeSes


@pytest.fixture(autouse=True)
def _light_proof_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second for each request is for strangers; one test solves a challenge of the real weight."""
    monkeypatch.setattr(proof, "COST", 1)
    monkeypatch.setattr(proof, "FEWEST_TRIES", 1)
    monkeypatch.setattr(proof, "MORE_TRIES", 3)


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def fake_ses() -> Iterator[FakeSes]:
    with FakeSes() as ses:
        yield ses
