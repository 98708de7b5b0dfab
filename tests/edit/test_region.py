"""What the build tells the edit function, and what the function makes of it."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.checked import Content
from generator.edits import edit_record
from generator.pipeline import Settings as BuildSettings
from generator.pipeline import build_site
from lambda_edit.region import Region
from lambda_edit.settings import Settings
from tests.builders import TODAY, make_content, make_organisation, make_project, make_site
from tests.edit.builders import FROM, written_region

SECRET = "s" * 32


def test_region_reads_back_as_it_was_checked(content: Content) -> None:
    region = Region.from_json(json.loads(json.dumps(edit_record(content))))
    assert region.site == content.site
    assert region.taxonomy == content.taxonomy
    assert list(region.organisations) == list(content.organisations)


def test_record_holds_nothing_private(content: Content) -> None:
    record = json.dumps(edit_record(content))
    for addresses in content.private.values():
        for address in (addresses.referral_email, *addresses.data_maintainers, *addresses.activity_emails.values()):
            public = {contact.email for one in content.organisations.values() for contact in one.contacts}
            assert address in public or not address or address not in record


def test_build_writes_the_record_beside_the_site_and_not_in_it(tmp_path: Path) -> None:
    root = make_project(tmp_path)
    build_site(BuildSettings(root, TODAY))
    assert Region.load(root / "build" / "lambda" / "edit.json").organisations.keys() == {"esimerkki-ry"}
    assert list((root / "build" / "site").rglob("edit.json")) == []


def test_day_is_the_sample_contents_own_or_the_finnish_day() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert _region(sample={"today": "2026-11-21"}).today(late) == date(2026, 11, 21)
    assert _region().today(late) == date(2026, 12, 1)


def _region(**changes: Any) -> Region:
    return Region.from_json(json.loads(json.dumps(edit_record(make_content(site=make_site(**changes))))))


def test_closed_association_is_nobodys_double() -> None:
    kerho = make_organisation(name="Kuopion Esimerkkikerho ry")
    open_one = make_organisation(name="Kuopion Esimerkkikerho ry", contacts=[{"role": "x", "phone": "017 000 0999"}])
    closed = open_one.model_copy(update={"status": "closed"})
    record = edit_record(make_content(auki=open_one, kiinni=closed))
    region = Region.from_json(json.loads(json.dumps(record)))
    assert region.look_alikes("uusi-kerho", kerho) == ["auki"]
    assert region.look_alikes("auki", open_one) == []


@pytest.mark.parametrize("missing", ["version", "site", "taxonomy", "organisations"])
def test_record_without_a_part_stops_the_start(missing: str) -> None:
    with pytest.raises(KeyError):
        Region.from_json({key: value for key, value in written_region().items() if key != missing})


def test_record_of_another_version_stops_the_start() -> None:
    with pytest.raises(ValueError, match="version"):
        Region.from_json({**written_region(), "version": 2})


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "edit.json"
    path.write_text(json.dumps(written_region()), "utf-8")
    return path


def test_settings_come_from_the_environment(record: Path) -> None:
    settings = Settings.from_environment({"REGION": str(record), "SECRETS": f"{SECRET},{SECRET[::-1]}", "FROM_ADDRESS": FROM})
    assert settings.site == "https://tarjotin.example.fi"
    assert settings.private_folder == "content/private"
    assert [len(secret) for secret in settings.secrets] == [32, 32]


def test_settings_can_say_otherwise(record: Path) -> None:
    told = {"SITE": "https://kokeilu.example.fi/x/", "PRIVATE_FOLDER": "osoitteet/"}
    settings = Settings.from_environment({"REGION": str(record), "SECRETS": SECRET, "FROM_ADDRESS": FROM, **told})
    assert (settings.site, settings.private_folder) == ("https://kokeilu.example.fi/x", "osoitteet")


@pytest.mark.parametrize("secrets", ["", " , ", "lyhyt", f"{SECRET},lyhyt"])
def test_weak_secret_stops_the_start(record: Path, secrets: str) -> None:
    with pytest.raises(ValueError, match="SECRETS"):
        Settings.from_environment({"REGION": str(record), "SECRETS": secrets, "FROM_ADDRESS": FROM})
