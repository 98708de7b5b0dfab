"""GitHub as a forge: whatever fails and wherever, the next try completes the work, and no branch is left without its request."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from generator.content import blob_name
from lambda_edit import github_api
from lambda_edit.forge import Changed, Draft, File, Forge, ForgeDown, NotMergeable, Proposal
from lambda_edit.github import GitHub
from lambda_edit.github_api import Line, Repository
from lambda_edit.github_token import InstallationToken, fixed, kms_sign
from tests.edit.fake_github import CREATED, MAIN, REPOSITORY, TOKEN, FakeGitHub, Mood
from tests.edit.fake_kms import FakeKms

FILE, OTHER = "content/organisations/esimerkki-ry.yaml", "content/organisations/toinen-ry.yaml"
PRIVATE = "content/private/esimerkki-ry.yaml"
TEXT = "name: Esimerkki ry\n# kommentti\npitch: Tule.\nphone: x\n"
PROPOSED = TEXT.replace("Tule.", "Tule mukaan 😀.")
NOW = datetime(2027, 3, 2, 12, 0, tzinfo=UTC)
BRANCH = "muokkaus/esimerkki-ry"
MESSAGE = "[esimerkki-ry] Muuttaa tietoja: esittely"
BODY = "Kuvaus\n```\n@everyone Fixes #1 <!-- tunnisteet: koe -->\n```"


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub() as github:
        github.push(MAIN, {FILE: TEXT, OTHER: TEXT, PRIVATE: "language: fi\n", "README.md": "Lue."}, "Alku")
        yield github
        assert github.faults == []


def forge_at(github: FakeGitHub, token: str = TOKEN, seconds: float = 5, now: datetime = NOW) -> GitHub:
    return GitHub(Repository(REPOSITORY, fixed(token), Line(github.url, seconds)), MAIN, lambda: now)


@pytest.fixture
def forge(github: FakeGitHub) -> GitHub:
    return forge_at(github)


def draft(files: dict[str, str | None] | None = None, branch: str = BRANCH, **changes: Any) -> Draft:
    return Draft(branch, files or {FILE: PROPOSED}, **{"message": MESSAGE, "title": "Otsikko", "body": BODY, **changes})


def test_it_is_a_forge(forge: GitHub) -> None:
    as_forge: Forge = forge
    assert as_forge.proposals() == []


def test_reads_the_main_branch(github: FakeGitHub, forge: GitHub) -> None:
    assert forge.read(FILE) == File(TEXT, blob_name(TEXT.encode()))
    assert forge.read_blob(blob_name(TEXT.encode())) == TEXT
    assert forge.read("content/organisations/puuttuu.yaml") is None
    assert forge.read_blob("0" * 40) is None
    assert forge.names("content/organisations") == ["esimerkki-ry.yaml", "toinen-ry.yaml"]
    assert forge.names("content/puuttuu") == []


@pytest.mark.parametrize(
    "path", ["../x.yaml", ".github/workflows/x.yaml", "content/%2e%2e/x.yaml", "content/../x.yaml", "x.yaml?ref=y"]
)
def test_no_other_path_reaches_github(github: FakeGitHub, forge: GitHub, path: str) -> None:
    assert forge.read(path) is None
    assert forge.read(FILE, path) is None
    assert forge.read_blob(path) is None
    assert github.calls == []


CALLS = {
    "a workflow": ("PUT", f"/repos/{REPOSITORY}/contents/.github/workflows/x.yml"),
    "a workflow read": ("GET", f"/repos/{REPOSITORY}/contents/.github/workflows/x.yaml"),
    "a step upwards": ("GET", f"/repos/{REPOSITORY}/contents/content/../x.yaml"),
    "the main branch moved": ("PATCH", f"/repos/{REPOSITORY}/git/refs/heads/main"),
    "the main branch deleted": ("DELETE", f"/repos/{REPOSITORY}/git/refs/heads/main"),
    "a tag": ("GET", f"/repos/{REPOSITORY}/git/ref/tags/x"),
    "the repository": ("DELETE", f"/repos/{REPOSITORY}"),
    "its secrets": ("GET", f"/repos/{REPOSITORY}/actions/secrets"),
    "its hooks": ("POST", f"/repos/{REPOSITORY}/hooks"),
    "a comment": ("POST", f"/repos/{REPOSITORY}/issues/1/comments"),
    "a user": ("GET", "/user"),
    "a query in the path": ("GET", f"/repos/{REPOSITORY}/pulls?state=all"),
    "two lines": ("GET", f"/repos/{REPOSITORY}/pulls\r\nX: y"),
}


@pytest.mark.parametrize(("method", "path"), CALLS.values(), ids=CALLS)
def test_call_that_an_edit_does_not_need_is_never_made(github: FakeGitHub, method: str, path: str) -> None:
    with pytest.raises(ValueError, match=r"^call$"):
        Line(github.url).call(method, path, TOKEN)
    assert github.calls == []


def test_proposal_is_a_pull_request_with_one_commit(github: FakeGitHub, forge: GitHub) -> None:
    made = forge.propose(draft(labels=("vahvistamaton",), replaces={FILE: blob_name(TEXT.encode())}))
    assert made == Proposal(BRANCH, github.refs[BRANCH], "Otsikko", ("vahvistamaton",), date(2027, 3, 2), (FILE,), BODY)
    assert forge.proposals() == [made]
    assert github.messages(BRANCH) == [MESSAGE, "Alku"]
    assert github.files(made.head) == {**github.files(github.refs[MAIN]), FILE: PROPOSED}
    texts = [forge.read(FILE, ref) for ref in (forge.base_of(made), made.head, made.id, "")]
    assert [file.text for file in texts if file] == [TEXT, PROPOSED, PROPOSED, TEXT]


def test_open_proposal_gets_another_commit(github: FakeGitHub, forge: GitHub) -> None:
    first = forge.propose(draft(labels=("vahvistamaton",)))
    second = forge.propose(draft({FILE: "name: x\n", PRIVATE: None}, title="Uusi", body="Uusi", labels=("koe",)))
    assert (second.title, second.body, second.labels) == ("Uusi", "Uusi", ("vahvistamaton", "koe"))
    assert second.files == (FILE, PRIVATE)
    assert github.commits[second.head]["parents"] == [{"sha": first.head}]
    assert forge.proposals() == [second]


def test_the_same_again_makes_no_commit(github: FakeGitHub, forge: GitHub) -> None:
    assert forge.propose(draft()) == forge.propose(draft())
    assert len(github.pulls) == 1


def test_what_the_main_branch_says_already_is_not_proposed(github: FakeGitHub, forge: GitHub) -> None:
    with pytest.raises(Changed):
        forge.propose(draft({FILE: TEXT}))
    github.push(BRANCH, {FILE: "jäänne"})
    with pytest.raises(Changed):
        forge.propose(draft({FILE: TEXT}))
    assert github.orphans() == []


def test_draft_of_an_older_file_is_refused(github: FakeGitHub, forge: GitHub) -> None:
    now, older = blob_name(TEXT.encode()), blob_name(b"vanha")
    for path, blob in ((FILE, older), (FILE, ""), ("content/organisations/uusi-ry.yaml", now)):
        with pytest.raises(Changed):
            forge.propose(draft({path: PROPOSED}, replaces={path: blob}))
    made = forge.propose(draft(replaces={FILE: now}))
    assert forge.propose(draft(replaces={FILE: now})) == made
    with pytest.raises(Changed):
        forge.propose(draft({FILE: "name: x\n"}, replaces={FILE: now}))


def test_left_over_branch_is_built_over_without_its_content(github: FakeGitHub, forge: GitHub) -> None:
    github.push(BRANCH, {FILE: "jäänne", OTHER: "jäänne"})
    github.push(MAIN, {PRIVATE: "language: sv\n"})
    made = forge.propose(draft())
    assert made.files == (FILE,)
    assert github.files(made.head) == {**github.files(github.refs[MAIN]), FILE: PROPOSED}
    assert (github.orphans(), github.text(OTHER, BRANCH)) == ([], TEXT)


def test_branch_that_somebody_may_be_opening_just_now_is_not_built_over(github: FakeGitHub) -> None:
    head = github.push(BRANCH, {FILE: "toisen"})
    with pytest.raises(Changed):
        forge_at(github, now=datetime.fromisoformat(CREATED) + timedelta(minutes=2)).propose(draft())
    assert github.refs[BRANCH] == head
    forge_at(github, now=datetime.fromisoformat(CREATED) + timedelta(minutes=3)).propose(draft())
    assert github.orphans() == []


def test_left_over_branch_with_the_same_change_is_opened_as_it_is(github: FakeGitHub) -> None:
    head = github.push(BRANCH, {FILE: PROPOSED})
    assert forge_at(github, now=datetime.fromisoformat(CREATED)).propose(draft()).head == head


def test_requests_of_others_are_left_alone(github: FakeGitHub, forge: GitHub) -> None:
    for branch in ("oma/kokeilu", BRANCH):
        github.push(branch, {FILE: "muu"})
    github.add_pull("oma/kokeilu")
    github.add_pull(BRANCH, source="joku-muu/sisalto")
    assert forge.proposals() == []
    with pytest.raises(Changed):
        forge.merge(Proposal(BRANCH, github.refs[BRANCH], "", (), date(2027, 3, 2), (), ""), MESSAGE)


def test_request_that_a_person_opened_is_shown_as_it_is(github: FakeGitHub, forge: GitHub) -> None:
    head = github.push(BRANCH, {FILE: "käsin"})
    github.add_pull(BRANCH)
    assert forge.proposals() == [Proposal(BRANCH, head, "Käsin", (), date(2027, 3, 2), (FILE,), "")]


def test_long_lists_are_read_to_the_end(github: FakeGitHub, forge: GitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(github_api, "PER_PAGE", 2)
    branches = [f"muokkaus/esimerkki-{number}" for number in range(5)]
    for number, branch in enumerate(branches):
        forge.propose(draft({f"content/organisations/uusi-{one}.yaml": f"name: {one}\n" for one in range(number + 1)}, branch))
    assert [(one.id, len(one.files)) for one in forge.proposals()] == [(branch, at + 1) for at, branch in enumerate(branches)]
    monkeypatch.setattr(github_api, "MAX_PAGES", 2)
    with pytest.raises(ForgeDown, match="pages"):
        forge.proposals()


def test_merging_makes_one_commit_and_deletes_the_branch(github: FakeGitHub, forge: GitHub) -> None:
    forge.propose(draft())
    made = forge.propose(draft({FILE: PROPOSED, PRIVATE: None}))
    github.push(MAIN, {OTHER: "muu"})
    forge.merge(made, f"{MESSAGE}\n\nViite: ME-ABCD-23")
    assert github.messages()[0] == f"{MESSAGE} (#1)\n\nViite: ME-ABCD-23"
    assert github.files(github.refs[MAIN]) == {FILE: PROPOSED, OTHER: "muu", "README.md": "Lue."}
    assert (forge.proposals(), github.orphans()) == ([], [])


def test_branch_that_github_itself_deletes_is_no_fault(github: FakeGitHub, forge: GitHub) -> None:
    github.deletes_merged_branches = True
    forge.merge(forge.propose(draft()), MESSAGE)
    assert github.orphans() == []


def test_conflict_with_the_main_branch_is_not_merged(github: FakeGitHub, forge: GitHub) -> None:
    made = forge.propose(draft())
    github.push(MAIN, {FILE: "muu"})
    with pytest.raises(NotMergeable, match="conflict"):
        forge.merge(made, MESSAGE)
    assert forge.proposals() == [made]


def test_proposal_whose_checks_fail_is_not_merged(github: FakeGitHub, forge: GitHub) -> None:
    made = forge.propose(draft())
    github.checks_fail = True
    with pytest.raises(NotMergeable, match="checks"):
        forge.merge(made, MESSAGE)
    assert forge.proposals() == [made]


def test_proposal_that_moved_on_is_neither_merged_nor_closed(github: FakeGitHub, forge: GitHub) -> None:
    seen = forge.propose(draft())
    now = forge.propose(draft({FILE: "name: x\n"}))
    with pytest.raises(Changed):
        forge.merge(seen, MESSAGE)
    with pytest.raises(Changed):
        forge.close(seen)
    assert forge.proposals() == [now]


def test_closing_deletes_the_branch_and_can_be_done_again(github: FakeGitHub, forge: GitHub) -> None:
    made = forge.propose(draft())
    forge.close(made)
    forge.close(made)
    assert (github.open_pulls, github.orphans()) == ([], [])
    with pytest.raises(Changed):
        forge.merge(made, MESSAGE)


def test_proposal_that_moves_on_while_it_is_closed_stays_open(github: FakeGitHub, forge: GitHub) -> None:
    made = forge.propose(draft())
    github.before[len(github.calls) + 1] = lambda: github.push(BRANCH, {FILE: "uudempi"})
    with pytest.raises(Changed):
        forge.close(made)
    assert [one.head for one in forge.proposals()] == [github.refs[BRANCH]] != [made.head]


def test_wrong_or_ended_token_is_a_forge_that_is_down(github: FakeGitHub) -> None:
    with pytest.raises(ForgeDown, match="github 401"):
        forge_at(github, "github_pat_vanha").read(FILE)


def test_forge_that_nobody_answers_for_is_down() -> None:
    with pytest.raises(ForgeDown, match="connection"):
        GitHub(Repository(REPOSITORY, fixed(TOKEN), Line("http://127.0.0.1:1", seconds=0.2)), MAIN).read(FILE)


def test_answer_without_an_end_is_cut_short(github: FakeGitHub, forge: GitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(github_api, "MAX_BYTES", 10)
    with pytest.raises(ForgeDown, match="size"):
        forge.read(FILE)


def test_no_text_of_a_fault_tells_a_value(github: FakeGitHub) -> None:
    """The log gets the class of a fault only, but a maintainer's program may print one."""
    for mood in get_args(Mood):
        forge = forge_at(github, seconds=0.05 if mood == "late" else 5)
        github.moods[len(github.calls) + 3] = mood
        with pytest.raises(ForgeDown, match=r"^github [a-z0-9 ]+$") as fault:
            forge.propose(draft(title="KANARIA", body="KANARIA", message="KANARIA"))
        assert fault.value.__context__ is None or fault.value.__suppress_context__


# Every operation that changes something, with a fault at each of its calls: each time the same call again completes it.

Prepare = Callable[[FakeGitHub, GitHub], object]
Work = Callable[[GitHub], object]


def _nothing(github: FakeGitHub, forge: GitHub) -> None:
    """The repository as it is."""


def _open(github: FakeGitHub, forge: GitHub) -> None:
    forge.propose(draft({FILE: "name: ensin\n"}))


def _left_over(github: FakeGitHub, forge: GitHub) -> None:
    github.push(BRANCH, {FILE: "jäänne", OTHER: "jäänne"})


def _proposed(github: FakeGitHub, forge: GitHub) -> None:
    forge.propose(draft(labels=("vahvistamaton",)))


def _shown(github: FakeGitHub) -> Proposal:
    return Proposal(BRANCH, github.refs.get(BRANCH, ""), "", (), date(2027, 3, 2), (), "")


WORK: dict[str, tuple[Prepare, str]] = {
    "open a proposal": (_nothing, "propose"),
    "open one over a branch that was left": (_left_over, "propose"),
    "add to an open one": (_open, "propose"),
    "merge": (_proposed, "merge"),
    "close": (_proposed, "close"),
}


def _work(name: str, seen: Proposal) -> Work:
    if name == "propose":
        return lambda forge: forge.propose(draft(labels=("vahvistamaton",)))
    return lambda forge: forge.merge(seen, MESSAGE) if name == "merge" else forge.close(seen)


def _check_done(name: str, github: FakeGitHub, commits_before: int) -> None:
    assert github.orphans() == []
    assert len(github.open_pulls) == (name == "propose")
    assert github.text(FILE) == (PROPOSED if name == "merge" else TEXT)
    assert len(github.messages()) == 1 + (name == "merge")
    if name == "propose":
        assert (github.text(FILE, BRANCH), github.text(OTHER, BRANCH)) == (PROPOSED, TEXT)
        assert github.open_pulls[0]["labels"] == [{"name": "vahvistamaton"}]
        assert github.messages(BRANCH).count(MESSAGE) == commits_before + 1
        assert [one["filename"] for one in github.get_files({"pull_number": "1"}, {}, None)[1]] == [FILE]


def _fresh(prepare: Prepare) -> tuple[FakeGitHub, GitHub]:
    github = FakeGitHub()
    github.push(MAIN, {FILE: TEXT, OTHER: TEXT}, "Alku")
    github.__enter__()
    forge = forge_at(github)
    prepare(github, forge)
    github.calls.clear()
    github.now = NOW.isoformat()
    return github, forge


def _commits(github: FakeGitHub) -> int:
    return github.messages(BRANCH).count(MESSAGE) if BRANCH in github.refs else 0


@pytest.mark.parametrize("mood", ["broken", "secondary_limit", "garbage", "close", "done_but_lost"])
@pytest.mark.parametrize(("prepare", "name"), WORK.values(), ids=WORK)
def test_after_a_fault_at_any_call_the_same_again_completes_the_work(prepare: Prepare, name: str, mood: Mood) -> None:
    github, forge = _fresh(prepare)
    _work(name, _shown(github))(forge)
    steps = len(github.calls)
    github.__exit__()
    assert steps >= 4
    for step in range(steps):
        github, forge = _fresh(prepare)
        try:
            work, commits = _work(name, _shown(github)), _commits(github)
            github.moods[step] = mood
            with pytest.raises(ForgeDown):
                work(forge)
            _check_never_verified(github)
            work(forge)
            _check_done(name, github, commits)
            assert github.faults == []
        finally:
            github.__exit__()


def _check_never_verified(github: FakeGitHub) -> None:
    """What a stranger proposed is never seen without its label, also when the label's own call has failed."""
    for proposal in forge_at(github).proposals():
        if github.text(FILE, BRANCH) == PROPOSED:
            assert proposal.labels == ("vahvistamaton",)


@pytest.mark.parametrize(("prepare", "name"), WORK.values(), ids=WORK)
def test_after_an_answer_that_came_too_late_the_same_again_completes_the_work(prepare: Prepare, name: str) -> None:
    """At the last call that changes something, and whether or not it was done."""
    github, forge = _fresh(prepare)
    try:
        work, commits, forge = _work(name, _shown(github)), _commits(github), forge_at(github, seconds=0.05)
        github.moods = dict.fromkeys(range(3, 6), "late")
        for _ in range(3):
            with pytest.raises(ForgeDown):
                work(forge)
        github.moods.clear()
        work(forge)
        _check_done(name, github, commits)
    finally:
        github.__exit__()


@pytest.mark.parametrize("mood", ["forbidden", "broken", "limit"])
def test_branch_is_deleted_when_its_request_is_refused(github: FakeGitHub, forge: GitHub, mood: Mood) -> None:
    """Also when nobody tries again."""
    forge.propose(draft(branch="muokkaus/toinen-ry"))
    step = github.calls.index(f"POST /repos/{REPOSITORY}/pulls")
    github.moods[len(github.calls) + step] = mood
    with pytest.raises(ForgeDown, match=r"github [45]"):
        forge.propose(draft())
    assert github.calls[-1] == f"DELETE /repos/{REPOSITORY}/git/refs/heads/{BRANCH}"
    assert github.orphans() == []


# Somebody else is faster, just before any of our calls: each is told the truth, and what was made is in an open request.

SOMEBODY: dict[str, Callable[[FakeGitHub], object]] = {
    "proposes for the same association": lambda github: forge_at(github).propose(draft({FILE: TEXT.replace("x", "y")})),
    "proposes the same": lambda github: forge_at(github).propose(draft()),
    "proposes for another association": lambda github: forge_at(github).propose(draft({OTHER: "muu"}, "muokkaus/toinen-ry")),
    "changes the main branch": lambda github: github.push(MAIN, {OTHER: "muu"}),
}


@pytest.mark.parametrize("somebody", SOMEBODY.values(), ids=SOMEBODY)
@pytest.mark.parametrize("prepare", [_nothing, _open, _left_over])
def test_nobodys_proposal_is_lost_when_two_come_at_once(prepare: Prepare, somebody: Callable[[FakeGitHub], object]) -> None:
    github, forge = _fresh(prepare)
    forge.propose(draft())
    steps = len(github.calls)
    github.__exit__()
    for step in range(steps):
        github, forge = _fresh(prepare)
        try:
            there = forge.read(FILE, BRANCH if github.open_pulls else "")
            mine = draft(replaces={FILE: there.blob if there else ""})
            others: list[Any] = []
            github.before[len(github.calls) + step] = lambda found=others, one=github: found.append(_tried(somebody, one))
            ours = _tried(lambda one, mine=mine: forge_at(one).propose(mine), github)
            assert len(others) == 1
            _check_none_lost(github, [one for one in (ours, *others) if isinstance(one, Proposal)])
            assert isinstance(ours, Proposal | Changed)
            assert github.faults == []
        finally:
            github.__exit__()


def _tried(work: Callable[[FakeGitHub], Any], github: FakeGitHub) -> Any:
    try:
        return work(github)
    except Changed as changed:
        return changed


def _check_none_lost(github: FakeGitHub, made: list[Proposal]) -> None:
    assert {proposal.id for proposal in made} <= {pull["head"]["ref"] for pull in github.open_pulls}
    for proposal in made:
        assert proposal.head in github.history(proposal.id)


# The token


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_installation_token_is_asked_for_once_an_hour(github: FakeGitHub) -> None:
    clock, claims = Clock(), []
    token = InstallationToken("123", "456", REPOSITORY, lambda claim: claims.append(claim) or b"x", clock, Line(github.url))  # type: ignore[func-returns-value]
    assert [token(), token()] == ["ghs_1", "ghs_1"]
    clock.now += timedelta(minutes=54)
    assert token() == "ghs_1"
    clock.now += timedelta(minutes=2)
    assert token() == "ghs_2"
    assert forge_at(github, token()).read(FILE) is not None
    permissions = {"contents": "write", "pull_requests": "write"}
    assert github.claims[0] == {"repositories": ["sisalto"], "permissions": permissions, "installation": "456"}
    head, claim = map(decoded, claims[0].decode().split("."))
    assert head == {"alg": "RS256", "typ": "JWT"}
    assert claim == {"iss": "123", "iat": NOW.timestamp() - 60, "exp": NOW.timestamp() + 540}


def test_claim_carries_the_signature_of_itself(
    github: FakeGitHub, private_key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    line = Line(github.url)
    monkeypatch.setattr(
        line, "call", lambda method, path, token, body: sent.append(token) or (201, {"token": "x", "expires_at": CREATED})
    )
    InstallationToken(
        "1", "2", REPOSITORY, lambda claim: private_key.sign(claim, padding.PKCS1v15(), hashes.SHA256()), Clock(), line
    )()
    claim, _, signature = sent[0].rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    private_key.public_key().verify(raw, claim.encode(), padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize("mood", ["broken", "secondary_limit", "forbidden", "garbage", "close"])
def test_token_that_is_not_given_is_a_forge_that_is_down(github: FakeGitHub, mood: Mood) -> None:
    token = InstallationToken("1", "2", REPOSITORY, lambda claim: b"x", Clock(), Line(github.url, seconds=0.2))
    github.moods[0] = mood
    with pytest.raises(ForgeDown):
        token()
    assert token() == "ghs_1"


@pytest.mark.parametrize("answer", [{}, {"token": "x"}, {"token": "x", "expires_at": "huomenna"}, None, []])
def test_token_without_its_end_is_a_forge_that_is_down(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line("http://127.0.0.1:1")
    monkeypatch.setattr(line, "call", lambda *_: (201, answer))
    with pytest.raises(ForgeDown, match="answer"):
        InstallationToken("1", "2", REPOSITORY, lambda claim: b"x", Clock(), line)()


@pytest.fixture(scope="module")
def kms() -> Iterator[FakeKms]:
    with FakeKms() as kms:
        yield kms


def environment(url: str) -> dict[str, str]:
    return {"AWS_REGION": "eu-north-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_ENDPOINT_URL_KMS": url}


def test_kms_signs_what_its_public_key_verifies(kms: FakeKms) -> None:
    signature = kms_sign(kms.key, environment(kms.url))(b"claim")
    public = serialization.load_der_public_key(kms.public_key)
    assert isinstance(public, rsa.RSAPublicKey)
    public.verify(signature, b"claim", padding.PKCS1v15(), hashes.SHA256())


def test_kms_that_refuses_is_a_forge_that_is_down(kms: FakeKms) -> None:
    for url, key in ((kms.url, "toinen-avain"), ("http://127.0.0.1:1", kms.key)):
        with pytest.raises(ForgeDown, match="kms"):
            kms_sign(key, environment(url))(b"claim")
