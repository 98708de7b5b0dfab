"""Fixtures of the edit service's tests."""

import pytest

from lambda_common import proof
from tests.edit.builders import Office


@pytest.fixture(autouse=True)
def _light_proof_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second for each request is for strangers; one test of the contact requests solves a challenge of the real weight."""
    monkeypatch.setattr(proof, "COST", 1)
    monkeypatch.setattr(proof, "FEWEST_TRIES", 1)
    monkeypatch.setattr(proof, "MORE_TRIES", 3)


@pytest.fixture
def office() -> Office:
    return Office()
