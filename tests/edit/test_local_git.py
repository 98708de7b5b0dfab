"""The forge on a laptop: a git repository that somebody may be working in at the same time."""

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from generator.content import blob_name
from lambda_edit.forge import Changed, Draft, File, Forge, ForgeDown, NotMergeable, Proposal
from lambda_edit.local_git import LocalGit

FILE, OTHER = "content/organisations/esimerkki-ry.yaml", "content/organisations/toinen-ry.yaml"
PRIVATE = "content/private/esimerkki-ry.yaml"
TEXT = "name: Esimerkki ry\n# kommentti\npitch: Tule.\nwebsite: https://a.example.fi\nphone: x\n"
CHANGED = TEXT.replace("Tule.", "Tule mukaan.")
BRANCH = "muokkaus/esimerkki-ry"
MOMENTS = [datetime(2027, 3, 1, 23, 30, tzinfo=UTC), datetime(2027, 3, 5, 9, 0, tzinfo=UTC)]


@pytest.fixture(autouse=True)
def _nobody_has_told_git_who_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "somebody-elses"))  # as inside a hook


def git(root: Path, *command: str) -> str:
    env = {name: value for name, value in os.environ.items() if name != "GIT_DIR"}
    named = ["-c", "user.name=Henkilö", "-c", "user.email=henkilo@example.fi"]
    done = subprocess.run(["git", *named, *command], cwd=root, env=env, capture_output=True, check=True)
    return done.stdout.decode().strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A region's folder in git, with one commit."""
    root = tmp_path / "region"
    for path, text in {FILE: TEXT, OTHER: TEXT, PRIVATE: "data_maintainers: [a@example.fi]\n"}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    git(root, "init", "-q", "-b", "paahaara")
    commit(root)
    return root


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Käsin")


@pytest.fixture
def forge(root: Path) -> LocalGit:
    moments = iter([*MOMENTS, *([MOMENTS[-1]] * 20)])
    return LocalGit(root, lambda: next(moments))


def draft(files: dict[str, str | None] | None = None, branch: str = BRANCH, **changes: object) -> Draft:
    slug = branch.partition("/")[2]
    told = {"message": f"[{slug}] Muuttaa tietoja", "title": "Otsikko", "body": "Kuvaus\n```\n'x' \"y\"\n```", **changes}
    return Draft(branch, files or {FILE: CHANGED}, **told)  # type: ignore[arg-type]


def test_it_is_a_forge(forge: LocalGit) -> None:
    as_forge: Forge = forge
    assert as_forge.proposals() == []


def test_reads_what_is_committed(root: Path, forge: LocalGit) -> None:
    (root / FILE).write_text("kesken", "utf-8")
    assert forge.read(FILE) == File(TEXT, blob_name(TEXT.encode()))
    assert forge.read_blob(blob_name(TEXT.encode())) == TEXT
    assert forge.read("content/organisations/puuttuu.yaml") is None
    assert forge.names("content/organisations") == ["esimerkki-ry.yaml", "toinen-ry.yaml"]
    assert forge.names("content/puuttuu") == []


NEITHER = [
    "../x.yaml",
    ".github/workflows/x.yaml",
    "content/%2e%2e/x.yaml",
    "content/../x.yaml",
    "/etc/x.yaml",
    "x.yaml\n",
    "X.yaml",
    "x.yml",
]


@pytest.mark.parametrize("path", NEITHER, ids=ascii)
def test_no_other_path_is_read_or_written(forge: LocalGit, path: str) -> None:
    assert forge.read(path) is None
    with pytest.raises(ValueError, match="branch or path"):
        draft({path: "x"})


@pytest.mark.parametrize(
    "branch", ["paahaara", "main", "muokkaus/", "muokkaus/../x", "muokkaus/x y", "muokkaus/-x", "muu/x", "HEAD~1"]
)
def test_no_other_branch_is_read_or_written(forge: LocalGit, branch: str) -> None:
    assert forge.read(FILE, branch) is None
    with pytest.raises(ValueError, match="branch or path"):
        draft(branch=branch)


@pytest.mark.parametrize("blob", ["", "0" * 40, "x" * 40, "HEAD", "--help", blob_name(TEXT.encode())[:20]])
def test_unknown_blob_is_nothing(forge: LocalGit, blob: str) -> None:
    assert forge.read_blob(blob) is None


def test_name_of_a_commit_is_no_blob(root: Path, forge: LocalGit) -> None:
    assert forge.read_blob(git(root, "rev-parse", "HEAD")) is None


def test_proposal_can_be_read_before_and_after(forge: LocalGit) -> None:
    made = forge.propose(draft(labels=("vahvistamaton",)))
    assert made == Proposal(
        BRANCH, made.head, "Otsikko", ("vahvistamaton",), date(2027, 3, 2), (FILE,), "Kuvaus\n```\n'x' \"y\"\n```"
    )
    assert forge.proposals() == [made]
    texts = [forge.read(FILE, ref) for ref in (forge.base_of(made), made.head, made.id, "")]
    assert [file.text for file in texts if file] == [TEXT, CHANGED, CHANGED, TEXT]


def test_proposing_leaves_whoever_works_in_the_folder_alone(root: Path, forge: LocalGit) -> None:
    (root / FILE).write_text("kesken", "utf-8")
    (root / OTHER).write_text("lisätty", "utf-8")
    git(root, "add", OTHER)
    before = git(root, "status", "--porcelain"), git(root, "rev-parse", "HEAD")
    forge.propose(draft())
    assert (git(root, "status", "--porcelain"), git(root, "rev-parse", "HEAD")) == before
    assert (root / FILE).read_text("utf-8") == "kesken"


def test_open_proposal_gets_another_commit(root: Path, forge: LocalGit) -> None:
    first = forge.propose(draft(labels=("vahvistamaton",)))
    second = forge.propose(draft({FILE: CHANGED.replace("https://a", "https://b")}, title="Uusi", labels=("koe",)))
    assert (second.title, second.labels, second.opened_on) == ("Uusi", ("vahvistamaton", "koe"), first.opened_on)
    assert git(root, "rev-list", "--count", f"paahaara..{BRANCH}") == "2"
    assert forge.proposals() == [second]


def test_the_same_again_makes_no_commit(forge: LocalGit) -> None:
    assert forge.propose(draft()) == forge.propose(draft())


def test_the_same_again_with_a_label_more_gets_the_label(forge: LocalGit) -> None:
    forge.propose(draft())
    assert forge.propose(draft(labels=("vahvistamaton",))).labels == ("vahvistamaton",)


def test_what_the_main_branch_says_already_is_not_proposed(root: Path, forge: LocalGit) -> None:
    with pytest.raises(Changed):
        forge.propose(draft({FILE: TEXT}))
    assert git(root, "branch", "--list", "muokkaus/*") == ""


def test_draft_of_an_older_file_is_refused(forge: LocalGit) -> None:
    now, older = blob_name(TEXT.encode()), blob_name(b"vanha")
    for path, blob in ((FILE, older), (FILE, ""), ("content/organisations/uusi-ry.yaml", now)):
        with pytest.raises(Changed):
            forge.propose(draft({path: CHANGED}, replaces={path: blob}))
    made = forge.propose(draft(replaces={FILE: now}))
    assert forge.propose(draft(replaces={FILE: now})) == made
    with pytest.raises(Changed):
        forge.propose(draft({FILE: "name: x\n"}, replaces={FILE: now}))


def test_files_come_and_go_together(root: Path, forge: LocalGit) -> None:
    new = "content/private/uusi-ry.yaml"
    made = forge.propose(draft({FILE: None, new: "language: fi\n"}, replaces={FILE: blob_name(TEXT.encode()), new: ""}))
    assert made.files == (FILE, new)
    forge.merge(made, "[esimerkki-ry] Poistaa")
    assert not (root / FILE).exists()
    assert (root / new).read_text("utf-8") == "language: fi\n"
    assert git(root, "status", "--porcelain") == ""


def test_merging_moves_the_branch_and_only_the_merged_file(root: Path, forge: LocalGit) -> None:
    made = forge.propose(draft({FILE: CHANGED}))
    (root / OTHER).write_text("kesken", "utf-8")
    forge.merge(made, "[esimerkki-ry] Muuttaa tietoja: esittely")
    assert (root / FILE).read_text("utf-8") == CHANGED
    assert git(root, "status", "--porcelain") == f"M {OTHER}"
    assert git(root, "log", "-1", "--format=%s|%an|%ae|%cI") == (
        "[esimerkki-ry] Muuttaa tietoja: esittely|Hyvinvointitarjotin|tarjotin@localhost|2027-03-05T09:00:00+00:00"
    )
    assert git(root, "diff", "--stat", "HEAD~1", "HEAD").endswith("1 file changed, 1 insertion(+), 1 deletion(-)")
    assert forge.proposals() == []
    assert git(root, "branch", "--list") == "* paahaara"


def test_commit_is_in_the_name_that_git_was_told(root: Path, forge: LocalGit) -> None:
    git(root, "config", "user.name", "Koordinaattori")
    git(root, "config", "user.email", "koordinaattori@example.fi")
    forge.merge(forge.propose(draft()), "[esimerkki-ry] Muuttaa")
    assert git(root, "log", "-1", "--format=%an") == "Koordinaattori"


def test_edits_of_different_lines_both_live(root: Path, forge: LocalGit) -> None:
    made = forge.propose(draft())
    (root / FILE).write_text(TEXT.replace("phone: x", "phone: y"), "utf-8")
    commit(root)
    forge.merge(made, "[esimerkki-ry] Muuttaa")
    assert (root / FILE).read_text("utf-8") == CHANGED.replace("phone: x", "phone: y")


def test_conflict_with_the_main_branch_is_not_merged(root: Path, forge: LocalGit) -> None:
    made = forge.propose(draft())
    (root / FILE).write_text(TEXT.replace("Tule.", "Muuta."), "utf-8")
    commit(root)
    head = git(root, "rev-parse", "HEAD")
    with pytest.raises(NotMergeable, match="conflict"):
        forge.merge(made, "[esimerkki-ry] Muuttaa")
    assert (git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain"), forge.proposals()) == (head, "", [made])


def _edits(root: Path) -> None:
    (root / FILE).write_text("kesken", "utf-8")


def _adds(root: Path) -> None:
    _edits(root)
    git(root, "add", FILE)


@pytest.mark.parametrize("touch", [_edits, _adds])
def test_file_with_edits_of_ones_own_is_not_overwritten(root: Path, forge: LocalGit, touch: Callable[[Path], None]) -> None:
    made = forge.propose(draft())
    touch(root)
    before = git(root, "status", "--porcelain"), git(root, "rev-parse", "HEAD")
    with pytest.raises(NotMergeable, match="uncommitted"):
        forge.merge(made, "[esimerkki-ry] Muuttaa")
    assert (git(root, "status", "--porcelain"), git(root, "rev-parse", "HEAD")) == before
    assert forge.proposals() == [made]


def test_file_that_git_ignores_is_not_overwritten(root: Path, forge: LocalGit) -> None:
    new = "content/private/uusi-ry.yaml"
    made = forge.propose(draft({new: "language: fi\n"}))
    (root / ".gitignore").write_text("content/private/uusi-ry.yaml\n", "utf-8")
    commit(root)
    (root / new).write_text("omat", "utf-8")
    with pytest.raises(NotMergeable, match="uncommitted"):
        forge.merge(made, "[uusi-ry] Liittyy")
    assert (root / new).read_text("utf-8") == "omat"


def test_proposal_that_moved_on_is_neither_merged_nor_closed(forge: LocalGit) -> None:
    seen = forge.propose(draft())
    now = forge.propose(draft({FILE: "name: x\n"}))
    with pytest.raises(Changed):
        forge.merge(seen, "[esimerkki-ry] Muuttaa")
    with pytest.raises(Changed):
        forge.close(seen)
    assert forge.proposals() == [now]


@pytest.mark.parametrize(
    "prepare", [lambda forge: None, lambda forge: forge.propose(draft({FILE: "name: ensin\n"}))], ids=["new", "open"]
)
def test_who_is_second_by_a_moment_is_told_so(
    root: Path, monkeypatch: pytest.MonkeyPatch, prepare: Callable[[LocalGit], object]
) -> None:
    forge, other = LocalGit(root), LocalGit(root)
    prepare(other)
    first: list[Proposal] = []
    run = forge._git.run

    def slow_run(*command: str, **named: object) -> bytes:
        if command[0] == "update-ref" and not first:
            first.append(other.propose(draft({FILE: "name: toinen\n"})))
        return run(*command, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(forge._git, "run", slow_run)
    with pytest.raises(Changed):
        forge.propose(draft())
    assert forge.proposals() == first


def test_main_branch_that_moves_while_merging_is_not_overwritten(
    root: Path, forge: LocalGit, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = forge.propose(draft())
    run = forge._git.run

    def slow_run(*command: str, **named: object) -> bytes:
        if command[0] == "merge":
            git(root, "commit", "-q", "--allow-empty", "-m", "Toinen")
        return run(*command, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(forge._git, "run", slow_run)
    with pytest.raises(Changed):
        forge.merge(made, "[esimerkki-ry] Muuttaa")
    assert (git(root, "log", "-1", "--format=%s"), forge.proposals()) == ("Toinen", [made])


def test_closing_deletes_the_branch_and_can_be_done_again(root: Path, forge: LocalGit) -> None:
    made = forge.propose(draft())
    forge.close(made)
    forge.close(made)
    assert git(root, "branch", "--list") == "* paahaara"
    with pytest.raises(Changed):
        forge.merge(made, "[esimerkki-ry] Muuttaa")


def test_merge_that_stopped_before_its_branch_was_deleted_is_finished(root: Path, forge: LocalGit) -> None:
    made = forge.propose(draft())
    forge.merge(made, "[esimerkki-ry] Muuttaa")
    git(root, "update-ref", f"refs/heads/{BRANCH}", made.head)
    head = git(root, "rev-parse", "HEAD")
    forge.merge(made, "[esimerkki-ry] Muuttaa")
    assert (git(root, "rev-parse", "HEAD"), forge.proposals()) == (head, [])


def test_oldest_proposal_is_first_and_peoples_own_branches_are_left_out(root: Path, forge: LocalGit) -> None:
    git(root, "branch", "oma/kokeilu")
    late = forge.propose(draft(branch="vahvistukset/2027-W09"))
    last = forge.propose(draft({OTHER: "name: y\n"}, branch="muokkaus/toinen-ry"))
    assert forge.proposals() == [late, last]


def test_commit_of_a_person_on_the_branch_is_shown_as_it_is(root: Path, forge: LocalGit) -> None:
    git(root, "checkout", "-q", "-b", BRANCH)
    (root / FILE).write_text(CHANGED, "utf-8")
    commit(root)
    git(root, "checkout", "-q", "paahaara")
    [shown] = forge.proposals()
    assert (shown.title, shown.body, shown.labels, shown.files) == ("Käsin", "", (), (FILE,))


def test_region_in_a_folder_of_a_larger_repository(root: Path) -> None:
    (root / "content" / "alue").mkdir()
    (root / "content" / "alue" / "esimerkki-ry.yaml").write_text(TEXT, "utf-8")
    commit(root)
    forge = LocalGit(root / "content")
    made = forge.propose(draft({"alue/esimerkki-ry.yaml": CHANGED, "alue/uusi.yaml": "a: b\n"}))
    assert made.files == ("alue/esimerkki-ry.yaml", "alue/uusi.yaml")
    forge.merge(made, "[esimerkki-ry] Muuttaa")
    assert (root / "content" / "alue" / "esimerkki-ry.yaml").read_text("utf-8") == CHANGED
    assert forge.names("alue") == ["esimerkki-ry.yaml", "uusi.yaml"]


def _no_folder(root: Path) -> Path:
    return root / "puuttuu"


def _no_repository(root: Path) -> Path:
    return root.parent


def _no_commit(root: Path) -> Path:
    (root.parent / "tyhja").mkdir()
    git(root.parent / "tyhja", "init", "-q")
    return root.parent / "tyhja"


CALLS: dict[str, Callable[[LocalGit], object]] = {
    "read": lambda forge: forge.read(FILE),
    "read_blob": lambda forge: forge.read_blob("0" * 40),
    "names": lambda forge: forge.names("content"),
    "propose": lambda forge: forge.propose(draft()),
    "proposals": lambda forge: forge.proposals(),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("folder", [_no_folder, _no_repository, _no_commit])
def test_folder_without_a_commit_is_said_to_be_so(
    root: Path, folder: Callable[[Path], Path], call: Callable[[LocalGit], object]
) -> None:
    with pytest.raises(ForgeDown, match="git init"):
        call(LocalGit(folder(root)))


def test_machine_without_git_is_said_to_be_so(forge: LocalGit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ForgeDown, match="git init"):
        forge.read(FILE)


def test_blob_name_is_gits_own(root: Path) -> None:
    for text in (TEXT, "", "äö😀\n", "a\r\nb"):
        (root / FILE).write_bytes(text.encode())
        assert blob_name(text.encode()) == git(root, "hash-object", "--no-filters", FILE)
