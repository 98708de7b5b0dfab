"""The templates for AWS: clean, and in step with the code that runs there."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from py_mini_racer import MiniRacer

from generator.deploying.region import Region
from generator.packing import edit_function, wheels
from generator.packing.imports import needed_by
from generator.packing.referral_function import OWN, RECORD
from lambda_common.once import SECONDS_TO_SEND
from lambda_edit.handler import ROUTES as EDIT_ROUTES
from lambda_referral.handler import ROUTES
from tests.builders import ROOT

DEPLOY = ROOT / "deploy"
TEMPLATES = tuple(sorted(path.name for path in DEPLOY.glob("*.yaml")))


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags as {tag: value}."""


def _tagged(loader: Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {tag: loader.construct_scalar(node)}
    assert isinstance(node, yaml.SequenceNode)
    return {tag: loader.construct_sequence(node)}


Loader.add_multi_constructor("!", _tagged)


def read_template(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((DEPLOY / name).read_text("utf-8"), Loader)
    return loaded


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    return read_template("template.yaml")["Resources"]


@pytest.fixture(scope="module")
def function(resources: dict[str, Any]) -> dict[str, Any]:
    return resources["Function"]["Properties"]


@pytest.fixture(scope="module")
def edit(resources: dict[str, Any]) -> dict[str, Any]:
    return resources["EditFunction"]["Properties"]


def of_type(resources: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["Properties"] for one in resources.values() if one["Type"] == kind]


def statements(resources: dict[str, Any], role: str = "Role") -> Iterator[dict[str, Any]]:
    """What a role may do."""
    for policy in of_type(resources, "AWS::IAM::RolePolicy"):
        if policy["RoleName"] == {"Ref": role}:
            yield from policy["PolicyDocument"]["Statement"]


def actions(statement: dict[str, Any]) -> list[str]:
    found = statement["Action"]
    return found if isinstance(found, list) else [found]


def settings_of(files: Iterator[Path] | list[Path]) -> set[str]:
    """What the code reads of its environment, without what comes from Lambda itself."""
    code = "\n".join(path.read_text("utf-8") for path in files)
    read = set(re.findall(r"environment(?:\[|\.get\()\"(\w+)\"", code))
    return {name for name in read if not name.startswith("AWS_")}


def routes_of(function: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (one["Properties"]["Path"], one["Properties"]["Method"])
        for one in function["Events"].values()
        if one["Type"] == "HttpApi"
    }


@pytest.mark.parametrize("name", TEMPLATES)
def test_cfn_lint_finds_nothing(name: str) -> None:
    command = [sys.executable, "-c", "from cfnlint.runner import main; main()", str(DEPLOY / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_yaml_alias_which_cloudformation_cannot_read(name: str) -> None:
    events = yaml.parse((DEPLOY / name).read_text("utf-8"), Loader)
    assert not [event for event in events if isinstance(event, yaml.AliasEvent)]


def test_function_runs_where_the_package_is_made_for(function: dict[str, Any]) -> None:
    assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])
    assert function["Handler"] == "lambda_referral.entry.handler"
    assert SECONDS_TO_SEND < function["Timeout"] < 30


def test_edit_function_runs_where_its_libraries_are_made_for(edit: dict[str, Any]) -> None:
    assert (edit["Runtime"], edit["Architectures"]) == (f"python{wheels.PYTHON}", ["arm64"])
    assert wheels.PLATFORM.endswith("aarch64")
    assert edit["Handler"] == f"{edit_function.ENTRY}.handler"
    assert edit["Timeout"] < 30  # the API's own


def test_every_setting_that_the_code_reads_is_given_and_no_other(function: dict[str, Any], edit: dict[str, Any]) -> None:
    ours = settings_of([path for name in OWN for path in sorted((ROOT / name).glob("*.py"))])
    assert {"SECRETS", "TABLE", "FROM_ADDRESS"} <= ours
    assert set(function["Environment"]["Variables"]) == ours
    assert function["Environment"]["Variables"]["RECIPIENTS"] == f"/var/task/{RECORD}"
    theirs = settings_of(list(needed_by(edit_function.ENTRY).own.values()))
    assert set(edit["Environment"]["Variables"]) == theirs - {"GITHUB_TOKEN", "GITHUB_URL"}  # of a pilot, and of tests
    assert edit["Environment"]["Variables"]["REGION"] == f"/var/task/{edit_function.RECORD}"


def test_secret_is_a_reference_to_a_named_version(function: dict[str, Any], edit: dict[str, Any]) -> None:
    for one in (function, edit):
        secret = one["Environment"]["Variables"]["SECRETS"]["Sub"]
        assert secret == "{{resolve:secretsmanager:${SecretName}:SecretString:::${SecretVersion}}}"


def test_api_has_the_routes_of_the_handlers_and_a_throttle(
    resources: dict[str, Any], function: dict[str, Any], edit: dict[str, Any]
) -> None:
    assert routes_of(function) == {(path, method) for path in ROUTES for method in ROUTES[path]}
    assert routes_of(edit) == {(path, "POST") for path in EDIT_ROUTES}
    assert resources["Api"]["Properties"]["DefaultRouteSettings"] == {"ThrottlingRateLimit": 5, "ThrottlingBurstLimit": 10}
    assert "AccessLogSettings" not in resources["Api"]["Properties"]  # addresses of those who ask for help


def test_mail_needs_tls_and_gives_up_on_the_same_day(resources: dict[str, Any]) -> None:
    (rules,) = of_type(resources, "AWS::SES::ConfigurationSet")
    assert rules["DeliveryOptions"] == {"TlsPolicy": "REQUIRE", "MaxDeliverySeconds": 14400}
    assert "TrackingOptions" not in rules


def test_every_failure_of_a_mail_is_heard_from_our_own_account_only(resources: dict[str, Any]) -> None:
    (destination,) = of_type(resources, "AWS::SES::ConfigurationSetEventDestination")
    events = destination["EventDestination"]["MatchingEventTypes"]
    assert sorted(events) == ["BOUNCE", "COMPLAINT", "DELIVERY_DELAY", "REJECT"]
    (policy,) = of_type(resources, "AWS::SNS::TopicPolicy")
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Condition"]["StringEquals"]["AWS:SourceAccount"] == {"Ref": "AWS::AccountId"}


@pytest.mark.parametrize(("name", "role"), [("Function", "Role"), ("EditFunction", "EditRole")])
def test_function_may_do_nothing_everywhere_and_no_whole_service(resources: dict[str, Any], name: str, role: str) -> None:
    function = resources[name]["Properties"]
    assert function["Role"] == {"GetAtt": f"{role}.Arn"}
    assert not {"Policies", "ManagedPolicyArns"} & (set(function) | set(resources[role]["Properties"]))
    found = list(statements(resources, role))
    assert len(found) == 4
    assert_narrow(found)


def assert_narrow(found: list[dict[str, Any]]) -> None:
    for statement in found:
        targets = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        assert not [target for target in targets if "*" in str(target).replace("${SiteBucket}/*", "")], statement
        assert not [action for action in actions(statement) if "*" in action], statement


def test_edit_function_may_have_the_app_s_key_sign_and_nothing_else(resources: dict[str, Any]) -> None:
    (signing,) = [one for one in statements(resources, "EditRole") if "kms:Sign" in actions(one)]
    assert actions(signing) == ["kms:Sign"]
    asked = re.search(r'"SigningAlgorithm": "(\w+)"', (ROOT / "lambda_edit" / "github_token.py").read_text("utf-8"))
    assert asked
    assert signing["Condition"] == {"StringEquals": {"kms:SigningAlgorithm": asked[1]}}


def test_function_may_send_from_its_own_address_only(resources: dict[str, Any]) -> None:
    (sending,) = [one for one in statements(resources) if "ses:SendEmail" in actions(one)]
    assert sending["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "Sender"}}}
    assert [target["Sub"].partition(":ses:")[2] for target in sending["Resource"]] == [
        "${AWS::Region}:${AWS::AccountId}:identity/${Domain}",
        "${AWS::Region}:${AWS::AccountId}:configuration-set/${MailRules}",
    ]


def test_function_may_do_to_the_table_what_the_code_does_and_no_more(resources: dict[str, Any]) -> None:
    used = re.findall(r'"(\w+Item|Scan|Query)"', (ROOT / "lambda_common" / "aws.py").read_text("utf-8"))
    (table,) = [one for one in statements(resources) if actions(one)[0].startswith("dynamodb:")]
    assert set(actions(table)) == {f"dynamodb:{operation}" for operation in used}


def test_table_has_the_key_and_the_end_that_the_code_writes(resources: dict[str, Any]) -> None:
    (table,) = of_type(resources, "AWS::DynamoDB::Table")
    assert table["KeySchema"] == [{"AttributeName": "pk", "KeyType": "HASH"}]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "exp", "Enabled": True}


def test_what_is_kept_has_an_end(resources: dict[str, Any], function: dict[str, Any]) -> None:
    assert [one["RetentionInDays"] for one in of_type(resources, "AWS::Logs::LogGroup")] == [14, 14]
    assert function["LoggingConfig"]["LogGroup"] == {"Ref": "LogGroup"}
    (queue,) = of_type(resources, "AWS::SQS::Queue")
    assert queue == {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 4 * 24 * 3600}
    assert function["DeadLetterQueue"] == {"Type": "SQS", "TargetArn": {"GetAtt": "UndeliveredAlerts.Arn"}}


# The site


@pytest.fixture(scope="module")
def site() -> dict[str, Any]:
    return read_template("site.yaml")["Resources"]


@pytest.fixture(scope="module")
def distribution(site: dict[str, Any]) -> dict[str, Any]:
    return site["Distribution"]["Properties"]["DistributionConfig"]


def test_header_says_what_the_pages_say_and_that_nobody_may_frame_them(site: dict[str, Any]) -> None:
    layout = (ROOT / "site_templates" / "layout.html").read_text("utf-8")
    meta = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', layout)
    assert meta
    headers = site["Headers"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    assert headers["ContentSecurityPolicy"]["ContentSecurityPolicy"] == f"{meta[1]}; frame-ancestors 'none'"
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 365 * 24 * 3600
    assert headers["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    assert all(one["Override"] for one in headers.values())


def test_only_the_light_pages_may_be_framed_and_only_by_the_named_sites(
    site: dict[str, Any], distribution: dict[str, Any]
) -> None:
    page = (ROOT / "site_templates" / "pages" / "embed.html").read_text("utf-8")
    meta = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert meta
    headers = site["EmbeddingHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    policy, given = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Sub"]
    assert policy == f"{meta[1]}; frame-ancestors ${{Origins}}"
    assert given == {"Origins": {"Join": [" ", {"Ref": "EmbeddingOrigins"}]}}
    assert "FrameOptions" not in headers
    behaviours = [one["If"][1] for one in distribution["CacheBehaviors"]]
    framed = {one["PathPattern"] for one in behaviours if one["ResponseHeadersPolicyId"] == {"Ref": "EmbeddingHeaders"}}
    assert framed == {"/upote/*", "/*/upote/*"}


def test_bucket_is_read_by_the_distribution_only(site: dict[str, Any]) -> None:
    bucket = site["Bucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    *allowed, denied = site["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    for one in allowed:
        assert one["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert str(one["Condition"]["StringEquals"]["AWS:SourceArn"]).endswith("distribution/${Distribution}'}")
    assert [one["Action"] for one in allowed] == ["s3:GetObject", "s3:ListBucket"]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_etag_is_the_md5_that_a_deploy_compares(site: dict[str, Any]) -> None:
    (rule,) = site["Bucket"]["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}  # with KMS it would be another number


def test_only_a_missing_page_gets_a_page_in_its_place(distribution: dict[str, Any]) -> None:
    """What the API refuses with 403 has to reach the form."""
    assert [(one["ErrorCode"], one["ResponseCode"]) for one in distribution["CustomErrorResponses"]] == [(404, 404)]
    assert distribution["CustomErrorResponses"][0]["ResponsePagePath"] == "/404.html"


def test_api_is_never_cached_and_gets_every_header_of_the_browser(distribution: dict[str, Any]) -> None:
    _, api, _ = distribution["CacheBehaviors"][0]["If"]
    assert (api["PathPattern"], api["TargetOriginId"]) == ("/api/*", "api")
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert {path.partition("/api/")[0] for path in (*ROUTES, *EDIT_ROUTES)} == {""}


def test_nothing_logs_who_reads_what(distribution: dict[str, Any], site: dict[str, Any]) -> None:
    assert "Logging" not in distribution
    assert "LoggingConfiguration" not in site["Bucket"]["Properties"]


@pytest.mark.parametrize(
    ("uri", "becomes"),
    [
        ("/", "/index.html"),
        ("/tarve/masennus/", "/tarve/masennus/index.html"),
        ("/sv/koodi/F32.1/", "/sv/koodi/F32.1/index.html"),
        ("/tarve/masennus", "301 /tarve/masennus/"),
        ("/assets/tarjotin.0123456789.css", "/assets/tarjotin.0123456789.css"),
        ("/robots.txt", "/robots.txt"),
        ("//paha.example", "//paha.example"),
        ("//paha", "//paha"),
        ("/\\paha", "/\\paha"),
        ("/%5Cpaha", "/%5Cpaha"),
        ("/a/../b", "/a/../b"),
        ("/a\r\nx", "/a\r\nx"),
    ],
)
def test_paths_are_files_and_nobody_is_led_out_of_the_site(site: dict[str, Any], uri: str, becomes: str) -> None:
    engine = MiniRacer()
    engine.eval(site["Paths"]["Properties"]["FunctionCode"])
    answer = json.loads(str(engine.eval(f"JSON.stringify(handler({json.dumps({'request': {'uri': uri}})}))")))
    engine.close()
    told = f"301 {answer['headers']['location']['value']}" if answer.get("statusCode") == 301 else answer["uri"]
    assert told == becomes


# The rights of the workflows


def test_workflows_may_only_what_each_needs_from_its_own_environment() -> None:
    resources = read_template("github.yaml")["Resources"]
    for role, environment in (("DeployRole", "tuotanto"), ("UpkeepRole", "yllapito")):
        (trust,) = resources[role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        subject = trust["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
        assert subject == {"Sub": f"repo:${{Repository}}:environment:{environment}"}
        assert_narrow(list(statements(resources, role)))
    deploying = {action for one in statements(resources, "DeployRole") for action in actions(one)}
    assert not {action for action in deploying if action.startswith(("iam:", "cloudformation:", "ses:", "secretsmanager:"))}


# A region's settings


def test_sample_of_a_region_has_every_parameter_that_has_no_default_and_none_that_is_unknown() -> None:
    region = Region.model_validate(tomllib.loads((DEPLOY / "regions" / "malli.toml").read_text("utf-8")))
    assert {f"{name}.yaml" for name in region.stacks} == set(TEMPLATES)
    of_each_build = {"CodeKey", "EditCodeKey"}  # README.md gives them on the command line
    for name, stack in region.stacks.items():
        parameters = read_template(f"{name}.yaml")["Parameters"]
        assert set(stack.parameters) <= set(parameters), name
        assert {one for one, facts in parameters.items() if "Default" not in facts} - of_each_build <= set(stack.parameters), name
        for one, value in stack.parameters.items():
            assert re.fullmatch(parameters[one].get("AllowedPattern", ".*"), str(value)), (name, one)


def test_readme_gives_what_differs_from_build_to_build() -> None:
    readme = (DEPLOY / "README.md").read_text("utf-8")
    assert re.search(r'parameters template\) CodeKey="\$referral" EditCodeKey="\$edit"', readme)
    assert {f"deploy/{name}" for name in TEMPLATES} <= set(re.findall(r"--template-file (\S+)", readme))
