"""The workflows: what they name is there, and none may do more than it must."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cli import main
from generator.starting.founding import LEFT_BEHIND, STARTER
from tests.builders import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS: dict[str, dict[str, Any]] = {
    path.name: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yml"))
}

# Every job and what it may do. A new one needs a line here, and a reason.
RIGHTS = {
    "check.yml": {"content": {"contents": "read"}, "comment": {"pull-requests": "write"}},
    "deploy.yml": {"aws": {"contents": "read", "id-token": "write"}},
    "links.yml": {"check": {"contents": "read"}, "issue": {"issues": "write"}},
    "pages.yml": {"build": {"contents": "read"}, "publish": {"pages": "write", "id-token": "write"}},
    "tests.yml": {"tests": {"contents": "read"}, "templates": {"contents": "read"}},
    "upkeep.yml": {"mails": {"contents": "read", "id-token": "write"}},
}
PROTECTED = {"deploy.yml": "tuotanto", "upkeep.yml": "yllapito"}


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, workflow in WORKFLOWS.items():
        for job, facts in workflow["jobs"].items():
            yield name, job, facts


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, _, job in jobs():
        for step in job["steps"]:
            yield name, step


def triggers(workflow: dict[str, Any]) -> Any:
    return workflow[True]  # YAML reads the key "on" as a yes


def test_each_job_has_the_least_rights() -> None:
    assert {name: {job: facts["permissions"] for job, facts in one["jobs"].items()} for name, one in WORKFLOWS.items()} == RIGHTS
    assert all(one["permissions"] == {} for one in WORKFLOWS.values())


def test_actions_are_pinned_to_commits_and_their_version_is_told() -> None:
    for name in WORKFLOWS:
        for line in (FOLDER / name).read_text("utf-8").splitlines():
            if "uses:" in line:
                assert re.search(r"uses: (actions|aws-actions)/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), (name, line)


def test_same_action_has_the_same_commit_everywhere() -> None:
    used = {str(step["uses"]) for _, step in steps() if "uses" in step}
    assert len(used) == len({one.partition("@")[0] for one in used})


def test_pull_requests_get_no_secrets() -> None:
    for name, workflow in WORKFLOWS.items():
        text = (FOLDER / name).read_text("utf-8")
        assert "pull_request_target" not in text
        if "pull_request" in triggers(workflow):
            assert "secrets." not in text, name


def test_what_may_act_at_aws_runs_on_the_main_branch_in_its_own_environment_and_only_when_wanted() -> None:
    for name, _, job in jobs():
        uses = [str(step.get("uses")) for step in job["steps"]]
        if any("aws-actions" in one for one in uses) or "secrets." in str(job):
            assert job["environment"] == PROTECTED[name]
            assert "github.ref == 'refs/heads/main'" in job["if"]
            assert "== 'aws'" in job["if"]


def test_environments_are_those_that_the_roles_believe() -> None:
    template = (ROOT / "deploy" / "github.yaml").read_text("utf-8")
    assert set(re.findall(r"environment:(\w+)$", template, re.MULTILINE)) == set(PROTECTED.values())


def test_nothing_is_installed_once_there_are_rights_at_aws() -> None:
    for _, _, job in jobs():
        uses = [str(step.get("uses")) for step in job["steps"]]
        rights = next((at for at, one in enumerate(uses) if "aws-actions" in one), len(uses))
        after = [str(step.get("run", "")) for step in job["steps"][rights:]]
        assert [one for one in after if "make " in one or "pip " in one] == []


def test_no_script_holds_an_expression() -> None:
    """A branch's name in a script would be run."""
    assert [step["run"] for _, step in steps() if "${{" in str(step.get("run", ""))] == []


def test_credentials_do_not_stay_in_the_working_folder() -> None:
    checkouts = [step for _, step in steps() if "checkout" in str(step.get("uses"))]
    assert len(checkouts) > 5
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_what_makes_the_feed_of_changes_has_the_history() -> None:
    for name in ("deploy.yml", "pages.yml"):
        first = next(step for one, step in steps() if one == name)
        assert first["with"]["fetch-depth"] == 0


def test_functions_are_packed_by_the_python_that_they_run_on() -> None:
    (python,) = [
        step["with"]["python-version"]
        for name, step in steps()
        if name == "deploy.yml" and "setup-python" in str(step.get("uses"))
    ]
    assert f"Runtime: python{python}" in (ROOT / "deploy" / "template.yaml").read_text("utf-8")


COMMANDS = sorted({(name, word) for name, step in steps() for word in re.findall(r"bin/tarjotin (\w+)", str(step.get("run")))})
OPTIONS = sorted(
    {
        tuple(found)
        for _, step in steps()
        for found in re.findall(r"bin/tarjotin (\w+)[^\n|>]*? (--[a-z-]+)", str(step.get("run")))
    }
)
TARGETS = sorted(
    {
        (name, word)
        for name, step in steps()
        for words in re.findall(r"^make (.+)$", str(step.get("run")), re.MULTILINE)
        for word in words.split()
    }
)


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_command_exists(name: str, command: str) -> None:
    assert command in main.commands


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_option_exists(command: str, option: str) -> None:
    assert option in {name for parameter in main.commands[command].params for name in parameter.opts}


@pytest.mark.parametrize(("name", "target"), TARGETS)
def test_target_exists_also_in_a_region_s_own_makefile(name: str, target: str) -> None:
    makefiles = [ROOT / "Makefile"] + ([] if name in LEFT_BEHIND else [STARTER / "Makefile"])
    for makefile in makefiles:
        assert re.search(rf"^{re.escape(target.replace('.venv', '$(VENV)'))}:", makefile.read_text("utf-8"), re.MULTILINE), (
            makefile
        )


def test_commands_options_and_targets_were_found() -> None:
    assert {("deploy.yml", "deploy"), ("links.yml", "links"), ("upkeep.yml", "digest")} <= set(COMMANDS)
    assert ("review", "--since") in OPTIONS
    assert {("deploy.yml", "package"), ("deploy.yml", ".venv/.deploy"), ("tests.yml", "checkov")} <= set(TARGETS)


@pytest.mark.parametrize("path", [ROOT / ".github/dependabot.yml", STARTER / "dependabot.yml"], ids=["program", "region"])
def test_new_versions_are_looked_for_once_a_month(path: Path) -> None:
    told = yaml.safe_load(path.read_text("utf-8"))
    assert told["version"] == 2
    assert {one["schedule"]["interval"] for one in told["updates"]} == {"monthly"}
    assert "github-actions" in {one["package-ecosystem"] for one in told["updates"]}


def test_guide_names_every_variable_and_secret_that_a_workflow_reads() -> None:
    readme = (ROOT / "deploy" / "README.md").read_text("utf-8")
    read = {name for path in FOLDER.glob("*.yml") for name in re.findall(r"(?:vars|secrets)\.(\w+)", path.read_text("utf-8"))}
    assert {name for name in read if f"`{name}`" not in readme} == set()
    assert {"PUBLISH", "PRIVATE_REPOSITORY_KEY"} <= read


# The scripts, run with a gh that only writes down what it was asked

ISSUE = next(str(step["run"]) for name, step in steps() if name == "links.yml" and "gh api" in str(step.get("run")))
GH = """#!/usr/bin/env bash
echo "$*" >> calls.txt
case "$2" in *labels=linkit*) echo "$FOUND" ;; esac
"""


@pytest.mark.parametrize(
    ("report", "found", "asked"),
    [
        ("## Rikki\n\n- x\n", "", ["POST repos/a/b/issues --field title=Linkkejä on rikki"]),
        ("## Rikki\n\n- x\n", "7", ["PATCH repos/a/b/issues/7 --field body=@links.md"]),
        ("## Epäselvää\n\n- x\n", "", []),
        ("Tarkistettiin", "7", ["POST repos/a/b/issues/7/comments", "PATCH repos/a/b/issues/7 --field state=closed"]),
        ("Tarkistettiin", "", []),
    ],
    ids=["opened", "kept", "unclear", "closed", "well"],
)
def test_there_is_one_issue_of_broken_links_and_it_closes(report: str, found: str, asked: list[str], tmp_path: Path) -> None:
    (tmp_path / "links.md").write_text(report, "utf-8")
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    variables = {"PATH": f"{tmp_path}:/usr/bin:/bin", "REPOSITORY": "a/b", "FOUND": found, "LC_ALL": "C.UTF-8"}
    subprocess.run(["bash", "-e", "-o", "pipefail", "-c", ISSUE], cwd=tmp_path, env=variables, check=True)
    calls = (tmp_path / "calls.txt").read_text("utf-8").splitlines()[1:]
    assert len(calls) == len(asked)
    assert all(f"--method {start}" in call for call, start in zip(calls, asked, strict=True))
