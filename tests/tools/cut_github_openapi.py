"""Cuts the calls that lambda_edit makes out of GitHub's published OpenAPI description (npm package @octokit/openapi, MIT).

    npm install @octokit/openapi@23.0.2
    python tests/tools/cut_github_openapi.py node_modules/@octokit/openapi/generated/api.github.com.json

Request bodies are kept whole, answers only as far as the stand-in of the tests gives them: so it can give nothing that GitHub
does not describe. Written to tests/edit/github_openapi.json.
"""

import json
import sys
from pathlib import Path
from typing import Any

REPOSITORY = "/repos/{owner}/{repo}"
REF = {"ref": True, "object": {"sha": True, "type": True}}
PULL = {
    **dict.fromkeys(("number", "title", "body", "state", "created_at", "merged_at"), True),
    "labels": {"name": True},
    "head": {"ref": True, "sha": True, "repo": {"full_name": True}},
    "base": {"ref": True, "sha": True},
}
COMMIT = {"sha": True, "message": True, "tree": {"sha": True}, "parents": {"sha": True}, "committer": {"date": True}}
TREE = {"sha": True, "truncated": True, "tree": {"path": True, "mode": True, "type": True, "sha": True}}
# What is kept of each answer, by operation.
KEPT: dict[tuple[str, str], Any] = {
    ("get", f"{REPOSITORY}/git/ref/{{ref}}"): REF,
    ("post", f"{REPOSITORY}/git/refs"): REF,
    ("patch", f"{REPOSITORY}/git/refs/{{ref}}"): REF,
    ("delete", f"{REPOSITORY}/git/refs/{{ref}}"): None,
    ("get", f"{REPOSITORY}/contents/{{path}}"): dict.fromkeys(("type", "encoding", "path", "content", "sha", "size"), True),
    ("get", f"{REPOSITORY}/git/blobs/{{file_sha}}"): dict.fromkeys(("content", "encoding", "sha", "size"), True),
    ("get", f"{REPOSITORY}/git/commits/{{commit_sha}}"): COMMIT,
    ("post", f"{REPOSITORY}/git/commits"): COMMIT,
    ("get", f"{REPOSITORY}/git/trees/{{tree_sha}}"): TREE,
    ("post", f"{REPOSITORY}/git/trees"): TREE,
    ("get", f"{REPOSITORY}/compare/{{basehead}}"): {"merge_base_commit": {"sha": True}, "files": {"filename": True}},
    ("get", f"{REPOSITORY}/pulls"): PULL,
    ("post", f"{REPOSITORY}/pulls"): PULL,
    ("get", f"{REPOSITORY}/pulls/{{pull_number}}"): {**PULL, "mergeable": True},
    ("patch", f"{REPOSITORY}/pulls/{{pull_number}}"): PULL,
    ("get", f"{REPOSITORY}/pulls/{{pull_number}}/files"): {"filename": True, "status": True},
    ("put", f"{REPOSITORY}/pulls/{{pull_number}}/merge"): {"sha": True, "merged": True, "message": True},
    ("post", f"{REPOSITORY}/issues/{{issue_number}}/labels"): {"name": True},
    ("post", "/app/installations/{installation_id}/access_tokens"): {"token": True, "expires_at": True},
}
WORDS = ("description", "example", "examples", "title", "externalDocs", "deprecated")


def main(source: Path) -> None:
    whole = json.loads(source.read_text("utf-8"))
    cut = {}
    for (method, path), kept in KEPT.items():
        operation = whole["paths"][path][method]
        parameters = [_resolved(whole, one) for one in operation.get("parameters", [])]
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        cut[f"{method.upper()} {path}"] = {
            "query": sorted(one["name"] for one in parameters if one["in"] == "query"),
            "request": _schema(whole, body) if body else None,
            "answers": {
                status: _answer(whole, _resolved(whole, answer), kept if status < "300" else {"message": True})
                for status, answer in sorted(operation["responses"].items())
            },
        }
    target = Path(__file__).parent.parent / "edit" / "github_openapi.json"
    target.write_text(json.dumps({"version": whole["info"]["version"], "calls": cut}, indent=1, sort_keys=True) + "\n", "utf-8")


def _resolved(whole: Any, value: Any) -> Any:
    while "$ref" in value:
        found = whole
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        value = found
    return value


def _schema(whole: Any, schema: Any) -> Any:
    """OpenAPI 3.0's dialect as JSON Schema, without words."""
    if isinstance(schema, list):
        return [_schema(whole, one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    schema = _resolved(whole, schema)
    cut = {key: _schema(whole, value) for key, value in schema.items() if key not in (*WORDS, "nullable", "properties")}
    if "properties" in schema:
        cut["properties"] = {name: _schema(whole, one) for name, one in schema["properties"].items()}
    return {"anyOf": [cut, {"type": "null"}]} if schema.get("nullable") else cut


def _answer(whole: Any, answer: Any, kept: Any) -> Any:
    content = next((one for kind, one in answer.get("content", {}).items() if "json" in kind), None)
    return _kept(whole, content["schema"], kept) if content and kept else None


def _kept(whole: Any, schema: Any, kept: Any) -> Any:
    """The schema with only these properties, and no others allowed."""
    schema = _resolved(whole, schema)
    if kept is True:
        return _schema(whole, schema)
    choices = schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf")
    if choices:
        return next(one for choice in choices if (one := _kept(whole, choice, kept)))
    if schema.get("type") == "array":
        items = _kept(whole, schema["items"], kept)
        return {"type": "array", "items": items} if items else None
    there = schema.get("properties", {})
    if not kept.keys() <= there.keys():
        return None
    cut = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _kept(whole, there[name], inner) for name, inner in kept.items()},
        "required": sorted(set(schema.get("required", ())) & kept.keys()),
    }
    return {"anyOf": [cut, {"type": "null"}]} if schema.get("nullable") else cut


if __name__ == "__main__":
    main(Path(sys.argv[1]))
