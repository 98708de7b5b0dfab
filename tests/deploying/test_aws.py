"""The same against moto's S3 and CloudFront, through the command that a person types."""

import itertools
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from click.testing import CliRunner, Result
from moto import mock_aws

from generator.building.output import JOURNAL
from generator.cli import main
from generator.deploying import aws as module
from generator.deploying.aws import AwsSaysNo, Bucket
from generator.deploying.state import STATE
from generator.pipeline import Settings, build_site
from tests.builders import TODAY, write_project, written_organisation
from tests.deploying.builders import broken_links, new_site, old_site, write_site

NAME = "tarjotin-tests-sivusto"
ORGANISATIONS = {"savon-yhdistys": written_organisation(), "toinen-yhdistys": written_organisation(name="Toinen Esimerkki ry")}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_project(tmp_path_factory.mktemp("deploying") / "region", ORGANISATIONS, languages=["fi"], sample=TODAY)
    build_site(Settings(root, TODAY))
    return root


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """S3's client, with the bucket and the distribution there."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "tests")
    with mock_aws():
        client = boto3.client("s3", region_name="eu-north-1")
        client.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        yield client


@pytest.fixture
def distribution(aws: Any, built: Path) -> Iterator[Any]:
    """CloudFront's client; the region's settings name the distribution."""
    client = boto3.client("cloudfront", region_name="eu-north-1")
    made = client.create_distribution(
        DistributionConfig={
            "CallerReference": "tests",
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [{"Id": "s3", "DomainName": f"{NAME}.s3.amazonaws.com"}]},
            "DefaultCacheBehavior": {"TargetOriginId": "s3", "ViewerProtocolPolicy": "redirect-to-https"},
        }
    )
    settings = built / "deploy/regions/kainuu.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    name = made["Distribution"]["Id"]
    settings.write_text(f'aws_region = "eu-north-1"\nsite = {{bucket = "{NAME}", distribution = "{name}"}}\n', "utf-8")
    yield client
    settings.unlink()


def run_deploy(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), "--today", str(TODAY), "deploy", *arguments])


def invalidated(client: Any) -> list[list[str]]:
    (distribution,) = client.list_distributions()["DistributionList"]["Items"]
    listed = client.list_invalidations(DistributionId=distribution["Id"])["InvalidationList"].get("Items", [])
    found = [client.get_invalidation(DistributionId=distribution["Id"], Id=one["Id"]) for one in listed]
    return [sorted(one["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]) for one in found]


def stored(client: Any) -> set[str]:
    return set(Bucket(client, NAME).sums())


def test_first_run_second_run_and_an_edit(built: Path, aws: Any, distribution: Any) -> None:
    files = {
        f"/{path.relative_to(built / 'build/site').as_posix()}" for path in (built / "build/site").rglob("*") if path.is_file()
    }
    told = run_deploy(built)
    assert (told.exit_code, stored(aws)) == (0, {*files, STATE}), told.output
    assert f"Sivusto on viety: {len(files)} tiedostoa" in told.output
    times = {one["Key"]: one["LastModified"] for one in aws.list_objects_v2(Bucket=NAME)["Contents"]}
    assert "mitään ei tarvinnut viedä" in run_deploy(built).output
    assert {one["Key"]: one["LastModified"] for one in aws.list_objects_v2(Bucket=NAME)["Contents"]} == times
    page = built / "build/site/tietoa/index.html"
    was = page.read_bytes()
    page.write_bytes(was + b"<!-- -->")
    try:
        told = run_deploy(built)
    finally:
        page.write_bytes(was)
    assert f"Sivusto on viety: 1 tiedosto, poistettiin 0 tiedostoa, ennallaan {len(files) - 1}." in told.output
    assert aws.get_object(Bucket=NAME, Key="tietoa/index.html")["Body"].read() == was + b"<!-- -->"
    assert invalidated(distribution) == [["/tietoa/", "/tietoa/index.html"]]


SHORT = "public, max-age=0, must-revalidate, s-maxage=3600"


SERVED = {
    "index.html": ("text/html; charset=utf-8", SHORT),
    "sw.js": ("text/javascript; charset=utf-8", SHORT),
    "tarjotin/index.html": ("text/html; charset=utf-8", "no-store"),
    "muokkaa/uusi/index.html": ("text/html; charset=utf-8", "no-store"),
    "manifest.webmanifest": ("application/manifest+json", SHORT),
    "jarjesto/savon-yhdistys/yhteystieto.vcf": ("text/vcard; charset=utf-8", SHORT),
}


def test_type_and_life_travel_with_the_file_and_assets_are_kept_for_a_year(built: Path, aws: Any, distribution: Any) -> None:
    run_deploy(built)
    found = {path: aws.head_object(Bucket=NAME, Key=path) for path in SERVED}
    assert {path: (one["ContentType"], one["CacheControl"]) for path, one in found.items()} == SERVED
    assets = [path.name for path in (built / "build/site/assets").iterdir()]
    lives = {aws.head_object(Bucket=NAME, Key=f"assets/{name}")["CacheControl"] for name in assets}
    assert lives == {"public, max-age=31536000, immutable"}


def test_dry_run_tells_and_changes_nothing(built: Path, aws: Any, distribution: Any) -> None:
    told = run_deploy(built, "--dry-run")
    assert told.exit_code == 0
    assert told.output.endswith("Mitään ei viety. Vie: tarjotin deploy\n")
    assert stored(aws) == set()


def test_failure_is_a_sentence_and_the_next_run_completes_the_site(
    built: Path, aws: Any, distribution: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tired(operation: str, **_: Any) -> None:
        raise ClientError({"Error": {"Code": "SlowDown"}}, operation)

    with monkeypatch.context() as patch:
        patch.setattr("botocore.client.BaseClient._make_api_call", lambda self, name, _: tired(name))
        told = run_deploy(built)
    assert told.exit_code == 1
    assert told.stderr == (
        "AWS ei tehnyt, mitä pyydettiin (ListObjectsV2: SlowDown). Sivusto on ehjä. "
        "Tarkista tunnukset ja asetukset, ja aja uudelleen: tarjotin deploy\n"
    )
    assert run_deploy(built).exit_code == 0


@pytest.mark.parametrize("count", [2, 5, 9])
def test_failure_in_the_middle_leaves_a_whole_site(
    count: int, built: Path, aws: Any, distribution: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copied_region(built, tmp_path / "region")
    write_site(root / "build", old_site())
    assert run_deploy(root).exit_code == 0
    write_site(root / "build", new_site())
    puts, real = itertools.count(), Bucket.put

    def put(self: Bucket, *what: Any) -> None:
        if next(puts) >= count:
            raise AwsSaysNo("PutObject: InternalError")
        real(self, *what)

    with monkeypatch.context() as patch:
        patch.setattr(Bucket, "put", put)
        assert run_deploy(root).exit_code == 1
    assert broken_links(files_of(aws)) == []
    assert run_deploy(root).exit_code == 0
    assert {path: raw for path, raw in files_of(aws).items() if path != STATE} == {**new_site(), "/assets/t1.css": b"1"}


def copied_region(built: Path, target: Path) -> Path:
    """The same settings and content, and nothing built."""
    shutil.copytree(built, target, ignore=shutil.ignore_patterns("build"))
    return target


def files_of(client: Any) -> dict[str, bytes]:
    return {path: client.get_object(Bucket=NAME, Key=path[1:])["Body"].read() for path in stored(client)}


def test_bucket_that_is_not_there_is_told(built: Path, aws: Any, distribution: Any) -> None:
    aws.delete_bucket(Bucket=NAME)
    assert "(ListObjectsV2: NoSuchBucket)" in run_deploy(built).stderr


def test_files_are_removed_in_calls_that_s3_takes(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert module.AT_ONCE == 1000
    monkeypatch.setattr(module, "AT_ONCE", 2)
    for number in range(5):
        aws.put_object(Bucket=NAME, Key=f"{number}.html", Body=b"")
    bucket = Bucket(aws, NAME)
    bucket.remove(sorted(bucket.sums()))
    assert bucket.sums() == {}


def test_file_that_s3_does_not_remove_is_a_failure() -> None:
    client = boto3.client("s3", region_name="eu-north-1", aws_access_key_id="tests", aws_secret_access_key="tests")
    with Stubber(client) as stub:
        stub.add_response("delete_objects", {"Errors": [{"Key": "a.html", "Code": "AccessDenied"}]})
        with pytest.raises(AwsSaysNo, match="DeleteObjects: AccessDenied"):
            Bucket(client, NAME).remove(["/a.html"])


def test_without_boto3_the_command_says_how_to_get_it(built: Path, distribution: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "generator.deploying.aws")
    monkeypatch.setitem(sys.modules, "boto3", None)
    told = run_deploy(built)
    assert told.exit_code == 1
    assert told.stderr.startswith("Vientiin tarvitaan kirjasto boto3. Aja make deploy, tai asenna se: ")


# What is refused before AWS is asked anything


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A region that has not been built."""
    return write_project(tmp_path / "region", ORGANISATIONS, languages=["fi"], sample=TODAY)


def test_site_that_has_not_been_built(root: Path) -> None:
    assert refusal(root).endswith("ei ole sivustoa. Aja ensin: tarjotin build\n")


def test_standing_journal(root: Path) -> None:
    (root / "build").mkdir()
    (root / "build" / JOURNAL).write_text("{}")
    assert refusal(root) == "Sivuston muodostaminen on jäänyt kesken. Aja ensin: tarjotin build\n"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"unfinished": True}, "Alue on keskeneräinen. Korjaa, mistä tarjotin check varoittaa, ja poista unfinished"),
        ({"base_path": "/tarjotin/"}, "Muuta content/site.yaml: base_path: / ja aja: tarjotin build"),
    ],
    ids=["unfinished", "sub-path"],
)
def test_settings_that_do_not_fit(changes: dict[str, Any], said: str, tmp_path: Path) -> None:
    root = write_project(tmp_path / "region", ORGANISATIONS, languages=["fi"], sample=TODAY, **changes)
    page = root / "build/site/index.html"
    page.parent.mkdir(parents=True)
    page.write_text("x")
    assert said in refusal(root)


def test_site_that_was_built_while_the_region_was_unfinished(root: Path) -> None:
    (root / "build/site").mkdir(parents=True)
    (root / "build/site/index.html").write_text("x")
    (root / "build/site/robots.txt").write_text("User-agent: *\nDisallow: /\n")
    assert "Sivusto on muodostettu, kun alue oli keskeneräinen. Aja ensin: tarjotin build" in refusal(root)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "Alueen AWS-asetuksia ei ole. Tee deploy/regions/<alue>.toml mallista malli.toml (ohje: deploy/README.md)."),
        ({"malli": "x"}, "Alueen AWS-asetuksia ei ole."),
        (
            {"kainuu": "", "lappi": ""},
            "Asetuksia on monta: kainuu, lappi. Valitse alue, esimerkiksi: tarjotin deploy --region kainuu",
        ),
        ({"kainuu": "aws_region = "}, "Tiedostoa deploy/regions/kainuu.toml ei voi lukea ("),
        (
            {"kainuu": 'aws_region = "x"\nsite = {bucket = "x"}'},
            "kainuu.toml puuttuu tai on väärin: site.distribution. Vertaa malliin",
        ),
        ({"kainuu": 'aws_region = "x"\nsitee = 1'}, "puuttuu tai on väärin: site, sitee."),
    ],
    ids=["none", "sample only", "many", "not toml", "missing", "unknown"],
)
def test_settings_file_that_cannot_be_used(files: dict[str, str], said: str, root: Path) -> None:
    (root / "build/site").mkdir(parents=True)
    (root / "build/site/index.html").write_text("x")
    (root / "deploy/regions").mkdir(parents=True)
    for name, text in files.items():
        (root / f"deploy/regions/{name}.toml").write_text(text, "utf-8")
    assert said in refusal(root)


def test_region_is_chosen_by_name(root: Path) -> None:
    (root / "build/site").mkdir(parents=True)
    (root / "build/site/index.html").write_text("x")
    assert "Tiedostoa deploy/regions/lappi.toml ei ole." in refusal(root, "--region", "lappi")


def refusal(root: Path, *arguments: str) -> str:
    told = run_deploy(root, *arguments)
    assert told.exit_code == 1, told.output
    return told.stderr
