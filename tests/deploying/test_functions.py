"""The functions' code goes out with the site of the same build."""

import base64
import hashlib
import zipfile
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from click.testing import CliRunner

from generator.cli import main
from generator.deploying.aws import AwsSaysNo, Functions
from generator.deploying.checks import Refused
from generator.deploying.functions import deploy_functions, read_zips
from tests.builders import ROOT, TODAY, write_project


@pytest.fixture
def build(tmp_path: Path) -> Path:
    folder = tmp_path / "build" / "lambda"
    folder.mkdir(parents=True)
    for record, archive in (("recipients.json", "referral.zip"), ("edit.json", "edit.zip")):
        (folder / record).write_text("{}")
        with zipfile.ZipFile(folder / archive, "w") as opened:
            opened.writestr(record, "{}")
    return tmp_path / "build"


class MemoryFunctions:
    def __init__(self, **code: bytes) -> None:
        self.code = code

    def has(self, name: str, raw: bytes) -> bool:
        return self.code[name] == raw

    def update(self, name: str, raw: bytes) -> None:
        self.code[name] = raw


def test_only_the_function_whose_zip_differs_is_changed(build: Path) -> None:
    zips = read_zips(build, {"referral": "one", "edit": "two"})
    functions, told = MemoryFunctions(one=b"old", two=zips["two"]), list[str]()
    deploy_functions(zips, functions, told.append, dry_run=True)
    assert told == ["Funktio two: ennallaan", "Funktio one: vaihtuisi"]
    assert functions.code["one"] == b"old"
    deploy_functions(zips, functions, told.append, dry_run=False)
    assert told[2:] == ["Funktio two: ennallaan", "Funktio one: vaihdettu"]
    assert functions.code == {"one": (build / "lambda/referral.zip").read_bytes(), "two": zips["two"]}


def test_region_without_functions_needs_no_zips(tmp_path: Path) -> None:
    assert read_zips(tmp_path, {}) == {}


def test_zip_of_another_build_is_refused(build: Path) -> None:
    (build / "lambda/recipients.json").write_text('{"organisations": {}}')
    with pytest.raises(Refused, match=r"referral\.zip on eri tiedoista kuin sivusto\. Aja ensin: tarjotin package"):
        read_zips(build, {"referral": "one"})


@pytest.mark.parametrize("raw", [None, b"", b"PK"], ids=["missing", "empty", "cut"])
def test_missing_or_broken_zip_is_refused(build: Path, raw: bytes | None) -> None:
    path = build / "lambda/edit.zip"
    path.unlink() if raw is None else path.write_bytes(raw)
    with pytest.raises(Refused, match=r"puuttuu tai on rikki\. Aja ensin: tarjotin package"):
        read_zips(build, {"edit": "two"})


def lambda_client() -> Any:
    return boto3.client("lambda", region_name="eu-north-1", aws_access_key_id="tests", aws_secret_access_key="tests")


def test_lambda_is_asked_by_the_fingerprint_that_it_tells() -> None:
    client = lambda_client()
    digest = base64.b64encode(hashlib.sha256(b"zip").digest()).decode()
    with Stubber(client) as stub:
        stub.add_response("get_function_configuration", {"CodeSha256": digest}, {"FunctionName": "one"})
        stub.add_response("get_function_configuration", {"CodeSha256": "other"}, {"FunctionName": "one"})
        stub.add_response("update_function_code", {}, {"FunctionName": "one", "ZipFile": b"zip"})
        functions = Functions(client)
        assert functions.has("one", b"zip")
        assert not functions.has("one", b"zip")
        functions.update("one", b"zip")
        stub.assert_no_pending_responses()
        stub.add_client_error("update_function_code", "ResourceConflictException")
        with pytest.raises(AwsSaysNo, match="UpdateFunctionCode: ResourceConflictException"):
            functions.update("one", b"zip")


# The parameters of the stacks


def parameters(root: Path, *arguments: str) -> tuple[int, str]:
    told = CliRunner().invoke(main, ["--root", str(root), "parameters", *arguments])
    return told.exit_code, told.output


def test_parameters_are_told_as_the_aws_cli_wants_them(tmp_path: Path) -> None:
    (tmp_path / "deploy/regions").mkdir(parents=True)
    (tmp_path / "deploy/regions/kainuu.toml").write_bytes((ROOT / "deploy/regions/malli.toml").read_bytes())
    code, told = parameters(tmp_path, "budget")
    assert (code, told) == (0, "RegionName=kainuu\nCoordinator=koordinaattori@example.fi\nBudgetUsd=10\n")
    code, told = parameters(tmp_path, "sivusto")
    assert (code, told) == (
        1,
        "Asetuksissa ei ole pinoa sivusto. Siellä on: budget, github, site, template. "
        "Lisää [stacks.sivusto] mallista malli.toml.\n",
    )


def test_sites_that_may_frame_pages_come_from_the_region_s_settings(tmp_path: Path) -> None:
    allowed = ["https://intra.example.fi", "https://kunta.example.fi"]
    root = write_project(tmp_path / "alue", {}, embedding={"allowed": allowed}, sample=TODAY)
    (root / "deploy/regions").mkdir(parents=True)
    (root / "deploy/regions/kainuu.toml").write_bytes((ROOT / "deploy/regions/malli.toml").read_bytes())
    code, told = parameters(root, "site")
    assert code == 0
    assert told.splitlines()[-1] == "EmbeddingOrigins=https://intra.example.fi,https://kunta.example.fi"


def test_value_with_a_space_would_be_two_words_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "deploy/regions").mkdir(parents=True)
    sample = (ROOT / "deploy/regions/malli.toml").read_text("utf-8")
    (tmp_path / "deploy/regions/x.toml").write_text(sample.replace('"koordinaattori@example.fi"', '"a b"'), "utf-8")
    code, told = parameters(tmp_path, "budget")
    assert code == 1
    assert "puuttuu tai on väärin: stacks.template.parameters.Coordinator" in told
