"""GitHub on this machine: one repository that remembers, answers with GitHub's own statuses, and fails on command.

Every request and answer is held against GitHub's published description (github_openapi.json). What that leaves open is as GitHub
is known to do it: a branch that exists 422, one that does not exist 422 when it is moved and 404 when it is read, a commit that
is no successor 422, a second request for a branch 422, a head that moved 409, a merge that is not possible 405. Deleting a branch
closes its request.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from jsonschema import Draft202012Validator

from generator.content import blob_name
from tests.referral.fake_ses import Server

OWNER, NAME, TOKEN = "esimerkkialue", "sisalto", "github_pat_esimerkki"
REPOSITORY = f"{OWNER}/{NAME}"
MAIN = "main"
CREATED = "2027-03-01T22:30:00Z"

Mood = Literal[
    "broken", "unavailable", "secondary_limit", "limit", "forbidden", "redirect", "garbage", "late", "close", "done_but_lost"
]
Files = dict[str, str]
Answer = tuple[int, Any]

MOODS: dict[Mood, Answer] = {
    "broken": (500, None),
    "unavailable": (503, {"message": "No server is currently available to service your request."}),
    "secondary_limit": (
        403,
        {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."},
    ),
    "limit": (429, {"message": "API rate limit exceeded"}),
    "forbidden": (403, {"message": "Resource not accessible by integration"}),
    "redirect": (307, {"message": "Temporary Redirect", "url": "http://127.0.0.1:1/"}),
}

_CALLS = json.loads((Path(__file__).parent / "github_openapi.json").read_text("utf-8"))["calls"]


def _pattern(name: str) -> re.Pattern[str]:
    """Of "GET /repos/{owner}/{repo}/git/ref/{ref}"; a path and a branch may have slashes in them."""
    longest = {"ref": ".+", "path": ".+", "basehead": ".+"}
    return re.compile(re.sub(r"\\\{(\w+)\\\}", lambda one: f"(?P<{one[1]}>{longest.get(one[1], '[^/]+')})", re.escape(name)))


_PATTERNS = {name: _pattern(name) for name in _CALLS}


class Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        self.answer = (status, {"message": message, "documentation_url": "https://docs.github.com/rest"})
        super().__init__(message)


@dataclass
class FakeGitHub:
    """`calls` are the operations in the order they came; `moods` makes the call of that number fail, `before` does something just
    before it. `faults` are requests and answers that GitHub does not describe: there must be none."""

    now: str = CREATED
    calls: list[str] = field(default_factory=list)
    moods: dict[int, Mood] = field(default_factory=dict)
    before: dict[int, Callable[[], object]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    claims: list[dict[str, Any]] = field(default_factory=list)
    blobs: dict[str, str] = field(default_factory=dict)
    trees: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    commits: dict[str, dict[str, Any]] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    checks_fail: bool = False
    deletes_merged_branches: bool = False
    hurry: threading.Event = field(default_factory=threading.Event)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __enter__(self) -> Self:
        self._server = Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hurry.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    # What a test sets up and looks at

    def push(self, branch: str, files: Mapping[str, str | None], message: str = "Käsin") -> str:
        """Somebody commits to a branch, which begins at the main one when it is new."""
        with self._lock:
            parent = self.refs.get(branch) or self.refs.get(MAIN)
            now = {**(self.files(parent) if parent else {}), **files}
            self.refs[branch] = self._commit({path: text for path, text in now.items() if text is not None}, parent, message)
            return self.refs[branch]

    def files(self, commit: str) -> Files:
        return dict(self._walk(self.commits[commit]["tree"]["sha"], ""))

    def text(self, path: str, branch: str = MAIN) -> str | None:
        return self.files(self.refs[branch]).get(path)

    def history(self, branch: str) -> list[str]:
        return self._history(self.refs[branch])

    def messages(self, branch: str = MAIN) -> list[str]:
        return [self.commits[sha]["message"] for sha in self.history(branch)]

    @property
    def open_pulls(self) -> list[dict[str, Any]]:
        return [pull for pull in self.pulls if pull["state"] == "open"]

    def orphans(self) -> list[str]:
        """Branches that no open request is about."""
        return sorted(self.refs.keys() - {MAIN} - {pull["head"]["ref"] for pull in self.open_pulls})

    # Git, as far as it is needed

    def _walk(self, tree: str, folder: str) -> Any:
        for one in self.trees[tree]:
            if one["type"] == "tree":
                yield from self._walk(one["sha"], f"{folder}{one['path']}/")
            else:
                yield f"{folder}{one['path']}", self.blobs[one["sha"]]

    def _tree(self, files: Files) -> str:
        folders: dict[str, Files] = {}
        entries = []
        for path, text in sorted(files.items()):
            head, _, rest = path.partition("/")
            if rest:
                folders.setdefault(head, {})[rest] = text
            else:
                self.blobs[blob_name(text.encode())] = text
                entries.append({"path": head, "mode": "100644", "type": "blob", "sha": blob_name(text.encode())})
        entries += [{"path": name, "mode": "040000", "type": "tree", "sha": self._tree(inner)} for name, inner in folders.items()]
        sha = _sha("tree", entries)
        self.trees[sha] = entries
        return sha

    def _commit(self, files: Files, parent: str | None, message: str) -> str:
        return self._kept_commit(self._tree(files), [parent] if parent else [], message)

    def _kept_commit(self, tree: str, parents: list[str], message: str) -> str:
        sha = _sha("commit", [tree, parents, message, len(self.commits)])
        self.commits[sha] = {
            "sha": sha,
            "message": message,
            "tree": {"sha": tree},
            "parents": [{"sha": one} for one in parents],
            "committer": {"date": self.now},
        }
        return sha

    def _history(self, commit: str) -> list[str]:
        """Every commit that this one follows, the main branch's newest first: a merge's second parent comes before its first."""
        found, next_ones = [], [commit]
        while next_ones:
            one = next_ones.pop()
            if one not in found:
                found.append(one)
                next_ones += [parent["sha"] for parent in self.commits[one]["parents"]]
        return found

    def _base(self, one: str, other: str) -> str:
        there = self._history(other)
        return next(sha for sha in self._history(one) if sha in there)

    def _changed(self, before: str, after: str) -> dict[str, str | None]:
        old, new = self.files(before), self.files(after)
        return {path: new.get(path) for path in sorted(old.keys() | new.keys()) if old.get(path) != new.get(path)}

    def _resolve(self, ref: str) -> str:
        found = self.refs.get(ref) or (ref if ref in self.commits else None)
        if found is None:
            raise Refused(404, f"No commit found for the ref {ref}")
        return found

    # The answers

    def answer(self, method: str, target: str, authorization: str, body: Any) -> Answer:
        path = unquote(urlsplit(target).path)
        query = dict(parse_qsl(urlsplit(target).query))
        name, found = next(
            ((one, match) for one, pattern in _PATTERNS.items() if (match := pattern.fullmatch(f"{method} {path}"))), ("", None)
        )
        if found is None:
            self.faults.append(f"{method} {path}")
            return 404, {"message": "Not Found"}
        with self._lock:
            try:
                self._check(name, authorization, query, body, found)
                status, answer = getattr(self, _method(name))(found.groupdict(), query, body)
            except Refused as refused:
                status, answer = refused.answer
        self._check_answer(name, status, answer)
        return status, answer

    def _check(self, name: str, authorization: str, query: Mapping[str, str], body: Any, found: re.Match[str]) -> None:
        call, parts = _CALLS[name], found.groupdict()
        self.faults += [f"{name} ?{one}" for one in query if one not in call["query"]]
        errors = list(Draft202012Validator(call["request"]).iter_errors(body)) if call["request"] else []
        self.faults += [f"{name} {error.message}" for error in errors]
        if "installation_id" in parts:
            return
        if authorization.removeprefix("Bearer ") not in self.tokens:
            raise Refused(401, "Bad credentials")
        if (parts["owner"], parts["repo"]) != (OWNER, NAME):
            raise Refused(404, "Not Found")
        if errors:
            raise Refused(422, "Invalid request.")

    def _check_answer(self, name: str, status: int, answer: Any) -> None:
        """A status that GitHub does not describe must be one that was measured."""
        described = _CALLS[name]["answers"]
        if str(status) not in described:
            if status not in (401, 404, 422):
                self.faults.append(f"{name} {status}")
        elif described[str(status)] and status < 300:
            self.faults += [
                f"{name} {status} {one.message}" for one in Draft202012Validator(described[str(status)]).iter_errors(answer)
            ]

    def get_ref(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        branch = parts["ref"].removeprefix("heads/")
        if branch not in self.refs:
            raise Refused(404, "Not Found")
        return 200, self._ref(branch)

    def _ref(self, branch: str) -> Any:
        return {"ref": f"refs/heads/{branch}", "object": {"sha": self.refs[branch], "type": "commit"}}

    def post_refs(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        branch = body["ref"].removeprefix("refs/heads/")
        if branch in self.refs:
            raise Refused(422, "Reference already exists")
        if body["sha"] not in self.commits:
            raise Refused(422, "Object does not exist")
        self.refs[branch] = body["sha"]
        return 201, self._ref(branch)

    def patch_ref(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        branch = parts["ref"].removeprefix("heads/")
        if branch not in self.refs:
            raise Refused(422, "Reference does not exist")
        if body["sha"] not in self.commits:
            raise Refused(422, "Object does not exist")
        if not body.get("force") and self.refs[branch] not in self._history(body["sha"]):
            raise Refused(422, "Update is not a fast forward")
        self.refs[branch] = body["sha"]
        return 200, self._ref(branch)

    def delete_ref(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        branch = parts["ref"].removeprefix("heads/")
        if branch not in self.refs:
            raise Refused(422, "Reference does not exist")
        self._close(branch)
        del self.refs[branch]
        return 204, None

    def _close(self, branch: str) -> None:
        for pull in self.open_pulls:
            if pull["head"]["ref"] == branch:
                pull.update(state="closed", head={**pull["head"], "sha": self.refs[branch]})

    def get_path(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        text = self.files(self._resolve(query.get("ref", MAIN))).get(parts["path"])
        if text is None:
            raise Refused(404, "Not Found")
        return 200, {**self._blob(text), "type": "file", "path": parts["path"]}

    def _blob(self, text: str) -> dict[str, Any]:
        content = base64.encodebytes(text.encode()).decode()  # in lines, as GitHub does
        return {"encoding": "base64", "content": content, "sha": blob_name(text.encode()), "size": len(text.encode())}

    def get_file_sha(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        if parts["file_sha"] not in self.blobs:
            raise Refused(404, "Not Found")
        return 200, self._blob(self.blobs[parts["file_sha"]])

    def get_commit_sha(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        if parts["commit_sha"] not in self.commits:
            raise Refused(404, "Not Found")
        return 200, self.commits[parts["commit_sha"]]

    def post_commits(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        if body["tree"] not in self.trees or not all(parent in self.commits for parent in body["parents"]):
            raise Refused(422, "Tree SHA does not exist")
        return 201, self.commits[self._kept_commit(body["tree"], body["parents"], body["message"])]

    def get_tree_sha(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        if parts["tree_sha"] not in self.trees:
            raise Refused(404, "Not Found")
        return 200, {"sha": parts["tree_sha"], "truncated": False, "tree": self.trees[parts["tree_sha"]]}

    def post_trees(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        if body["base_tree"] not in self.trees:
            raise Refused(422, "base_tree is not a valid tree oid")
        files = dict(self._walk(body["base_tree"], ""))
        for one in body["tree"]:
            if "content" not in one and one["path"] not in files:
                raise Refused(422, "GitRPC::BadObjectState")
            files[one["path"]] = one.get("content")
        sha = self._tree({path: text for path, text in files.items() if text is not None})
        return 201, {"sha": sha, "truncated": False, "tree": self.trees[sha]}

    def get_basehead(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        base, _, head = parts["basehead"].partition("...")
        start = self._base(self._resolve(head), self._resolve(base))
        files = [{"filename": path} for path in self._changed(start, self._resolve(head))]
        return 200, {"merge_base_commit": {"sha": start}, "files": files}

    def get_pulls(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        state, head = query.get("state", "open"), query.get("head")
        found = [
            pull
            for pull in self.pulls
            if state in ("all", pull["state"])
            and query.get("base", pull["base"]["ref"]) == pull["base"]["ref"]
            and head in (None, f"{pull['head']['repo']['full_name'].partition('/')[0]}:{pull['head']['ref']}")
        ]
        found = found if query.get("direction", "desc") == "asc" else found[::-1]
        return 200, [self._shown(pull) for pull in _page(found, query)]

    def _shown(self, pull: dict[str, Any]) -> dict[str, Any]:
        """The head of an open request is wherever its branch is."""
        here = pull["state"] == "open" and pull["head"]["repo"]["full_name"] == REPOSITORY
        sha = self.refs[pull["head"]["ref"]] if here else pull["head"]["sha"]
        return {**pull, "head": {**pull["head"], "sha": sha}, "base": {"ref": MAIN, "sha": self.refs[MAIN]}}

    def post_pulls(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        branch = body["head"]
        if branch not in self.refs:
            raise Refused(422, "Validation Failed: head invalid")
        if any(pull["head"]["ref"] == branch for pull in self.open_pulls):
            raise Refused(422, f"Validation Failed: A pull request already exists for {OWNER}:{branch}.")
        if self.refs[branch] in self._history(self.refs[body["base"]]):
            raise Refused(422, f"Validation Failed: No commits between {body['base']} and {branch}")
        return 201, self._shown(self.add_pull(branch, body["title"], body["body"]))

    def add_pull(self, branch: str, title: str = "Käsin", body: str | None = None, source: str = REPOSITORY) -> dict[str, Any]:
        pull = {
            "number": len(self.pulls) + 1,
            "title": title,
            "body": body,
            "state": "open",
            "created_at": self.now,
            "merged_at": None,
            "labels": [],
            "head": {"ref": branch, "sha": self.refs[branch], "repo": {"full_name": source}},
            "base": {"ref": MAIN, "sha": self.refs[MAIN]},
        }
        self.pulls.append(pull)
        return pull

    def _pull(self, parts: dict[str, str]) -> dict[str, Any]:
        number = int(parts.get("pull_number") or parts["issue_number"])
        if not 0 < number <= len(self.pulls):
            raise Refused(404, "Not Found")
        return self.pulls[number - 1]

    def get_pull_number(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        pull = self._pull(parts)
        is_open = pull["state"] == "open"
        return 200, {**self._shown(pull), "mergeable": not self._conflicts(self._shown(pull)["head"]["sha"]) if is_open else None}

    def patch_pull_number(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        pull = self._pull(parts)
        if body.get("state") == "closed" and pull["state"] == "open":
            self._close(pull["head"]["ref"])
        elif body.get("state") == "open":
            pull["state"] = "open"
        pull.update({key: value for key, value in body.items() if key in ("title", "body")})
        return 200, self._shown(pull)

    def get_files(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        head = self._shown(self._pull(parts))["head"]["sha"]
        changed = self._changed(self._base(head, self.refs[MAIN]), head)
        found = [{"filename": path, "status": "removed" if text is None else "modified"} for path, text in changed.items()]
        return 200, _page(found, query)

    def _conflicts(self, head: str) -> bool:
        base = self._base(head, self.refs[MAIN])
        here, there = self._changed(base, head), self._changed(base, self.refs[MAIN])
        return any(here[path] != there[path] for path in here.keys() & there.keys())

    def put_merge(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        pull = self._shown(self._pull(parts))
        head = pull["head"]["sha"]
        if pull["state"] != "open" or self._conflicts(head):
            raise Refused(405, "Pull Request is not mergeable")
        if body["sha"] != head:
            raise Refused(409, "Head branch was modified. Review and try the merge again.")
        if self.checks_fail:
            raise Refused(405, 'Required status check "tarkistus" is failing.')
        message = f"{body['commit_title']} (#{pull['number']})\n\n{body['commit_message']}".strip()
        merged = self.push(MAIN, self._changed(self._base(head, self.refs[MAIN]), head), message)
        branch = pull["head"]["ref"]
        self._close(branch)
        self._pull(parts)["merged_at"] = self.now
        if self.deletes_merged_branches:
            del self.refs[branch]
        return 200, {"sha": merged, "merged": True, "message": "Pull Request successfully merged"}

    def post_labels(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        pull = self._pull(parts)
        names = dict.fromkeys((*(label["name"] for label in pull["labels"]), *body["labels"]))
        pull["labels"] = [{"name": name} for name in names]
        return 200, pull["labels"]

    def post_access_tokens(self, parts: dict[str, str], query: dict[str, str], body: Any) -> Answer:
        self.claims.append({**body, "installation": parts["installation_id"]})
        self.tokens.add(f"ghs_{len(self.claims)}")
        return 201, {"token": f"ghs_{len(self.claims)}", "expires_at": "2027-03-02T13:00:00Z"}


def _method(name: str) -> str:
    """ "GET /repos/{owner}/{repo}/git/ref/{ref}" → get_ref."""
    return f"{name.partition(' ')[0].lower()}_{name.rpartition('/')[2].strip('{}')}"


def _page(items: list[Any], query: Mapping[str, str]) -> list[Any]:
    size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
    return items[size * (page - 1) : size * page]


def _sha(kind: str, value: Any) -> str:
    return hashlib.sha1(f"{kind} {json.dumps(value)}".encode(), usedforsecurity=False).hexdigest()


def _handler(github: FakeGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer leaves in one piece, and is not waited for

        def _do(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            number = len(github.calls)
            github.calls.append(f"{self.command} {urlsplit(self.path).path}")
            github.faults += [f"no {name}" for name in ("User-Agent", "X-GitHub-Api-Version") if not self.headers.get(name)]
            github.before.pop(number, lambda: None)()
            mood = github.moods.get(number)
            if mood in MOODS:
                return self._send(*MOODS[mood])
            if mood == "garbage":
                return self._write(200, b"<html>Unicorn!</html>")
            if mood in ("late", "close"):
                return self._leave(wait=mood == "late")
            done = github.answer(self.command, self.path, self.headers.get("Authorization", ""), json.loads(raw) if raw else None)
            return self._leave(wait=False) if mood == "done_but_lost" else self._send(*done)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _do  # noqa: N815

        def _leave(self, wait: bool) -> None:
            if wait:
                github.hurry.wait(timeout=5)
            self.close_connection = True

        def _send(self, status: int, answer: Any) -> None:
            self._write(status, b"" if answer is None else json.dumps(answer).encode())

        def _write(self, status: int, raw: bytes) -> None:
            self.send_response(status)
            if status == 307:
                self.send_header("Location", "http://127.0.0.1:1/")
            if status != 204:
                self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Nothing to stderr."""

    return Handler
