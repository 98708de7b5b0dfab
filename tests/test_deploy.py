"""The templates for AWS: clean, and in step with the code that runs there."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from generator.package import OWN, RECORD
from lambda_common.once import SECONDS_TO_SEND
from lambda_referral.handler import ROUTES
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
TEMPLATES = ("template.yaml", "budget.yaml")


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


def of_type(resources: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["Properties"] for one in resources.values() if one["Type"] == kind]


def statements(resources: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for policy in of_type(resources, "AWS::IAM::RolePolicy"):
        yield from policy["PolicyDocument"]["Statement"]


def actions(statement: dict[str, Any]) -> list[str]:
    found = statement["Action"]
    return found if isinstance(found, list) else [found]


def code() -> str:
    return "\n".join(path.read_text("utf-8") for name in OWN for path in sorted((ROOT / name).glob("*.py")))


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


def test_every_setting_that_the_code_reads_is_given_and_no_other(function: dict[str, Any]) -> None:
    read = set(re.findall(r"environment(?:\[|\.get\()\"(\w+)\"", code()))
    ours = {name for name in read if not name.startswith("AWS_")}  # those come from Lambda itself
    assert {"SECRETS", "TABLE", "FROM_ADDRESS"} <= ours
    assert set(function["Environment"]["Variables"]) == ours
    assert function["Environment"]["Variables"]["RECIPIENTS"] == f"/var/task/{RECORD}"


def test_secret_is_a_reference_to_a_named_version(function: dict[str, Any]) -> None:
    secret = function["Environment"]["Variables"]["SECRETS"]["Sub"]
    assert secret == "{{resolve:secretsmanager:${SecretName}:SecretString:::${SecretVersion}}}"


def test_api_has_the_routes_of_the_handler_and_a_throttle(resources: dict[str, Any], function: dict[str, Any]) -> None:
    events = [one["Properties"] for one in function["Events"].values() if one["Type"] == "HttpApi"]
    assert {(one["Path"], one["Method"]) for one in events} == {(path, method) for path in ROUTES for method in ROUTES[path]}
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


def test_function_may_do_nothing_everywhere_and_no_whole_service(resources: dict[str, Any], function: dict[str, Any]) -> None:
    assert function["Role"] == {"GetAtt": "Role.Arn"}
    assert not {"Policies", "ManagedPolicyArns"} & (set(function) | set(resources["Role"]["Properties"]))
    found = list(statements(resources))
    assert len(found) == 4
    for statement in found:
        targets = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        assert not [target for target in targets if "*" in str(target)], statement
        assert not [action for action in actions(statement) if "*" in action], statement


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
    assert [one["RetentionInDays"] for one in of_type(resources, "AWS::Logs::LogGroup")] == [14]
    assert function["LoggingConfig"]["LogGroup"] == {"Ref": "LogGroup"}
    (queue,) = of_type(resources, "AWS::SQS::Queue")
    assert queue == {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 4 * 24 * 3600}
    assert function["DeadLetterQueue"] == {"Type": "SQS", "TargetArn": {"GetAtt": "UndeliveredAlerts.Arn"}}


def test_readme_gives_every_parameter_that_has_no_default_and_none_that_is_unknown() -> None:
    readme = (DEPLOY / "README.md").read_text("utf-8")
    parameters = {**read_template("template.yaml")["Parameters"], **read_template("budget.yaml")["Parameters"]}
    commands = re.findall(r"--parameter-overrides(.*?)```", readme, re.DOTALL)
    given = {name for command in commands for name in re.findall(r"(\w+)=", command)}
    assert given <= set(parameters)
    assert {name for name, facts in parameters.items() if "Default" not in facts} <= given
