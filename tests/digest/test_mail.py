"""The coordinator's weekly mail, and what goes to the deputy."""

import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from selectolax.lexbor import LexborHTMLParser

from generator.checked import Content
from generator.cli import main
from generator.digest.mail import AWAITED, Open, Week, coordinator_mail, deputy_mail
from generator.digest.run import Days, send_digest, week_of, with_counts
from generator.mails.post import Post
from generator.models import Awaiting
from generator.pipeline import Settings, load_content
from generator.places import open_places
from generator.referrals import days_off
from generator.review.rounds import Due, Round, check_days
from lambda_common.local import LocalMailer, LocalStore
from lambda_common.services import Services
from lambda_edit.forge import Draft
from lambda_edit.links import is_for, read_link
from lambda_edit.local_git import LocalGit
from lambda_referral import counting, waiting
from lambda_referral.waiting import Waiting
from tests.builders import make_content, make_organisation, make_project, make_site

TODAY = date(2027, 3, 1)  # a Monday
LINK = "https://tarjotin.example.fi/hyvaksynta/#t=koodi"
DEPUTY = "sijainen@example.fi"


def told_of(**changes: Any) -> str:
    return told(week(**changes))


def test_week_tells_whose_requests_nobody_has_answered_and_where_to_call() -> None:
    text = told_of(unanswered={"eka": ["HT-7K3M-9Q", "HT-TGEZ-P7"], "poissa": ["HT-2222-2H"]})
    assert "Eka ry: 2 pyyntöä: HT-7K3M-9Q, HT-TGEZ-P7 (017 000 0101)" in text
    assert "poissa: 1 pyyntö: HT-2222-2H" in text
    assert text.index("Eka ry") < text.index("poissa")


def test_week_tells_whose_mailbox_did_not_take_mail() -> None:
    assert "Eka ry: 1 viesti (017 000 0101)" in told_of(bounced={"eka": 1})


def test_week_without_such_says_nothing_of_them() -> None:
    assert "Vastaamatta jääneet" not in told_of()
    assert "palautui" not in told_of()


def test_counters_that_could_not_be_read_are_said_to_be_so() -> None:
    store = LocalStore(failing={"read"})
    assert "Näitä ei saatu nyt luettua." in told(with_counts(week(), store.read))
    assert with_counts(week(), None) == week()


def test_counters_are_taken_into_the_week() -> None:
    store = LocalStore()
    waiting.note(store, TODAY.isoformat(), "HT-7K3M-9Q", Waiting("eka"))
    store.add(counting.bounces_key(TODAY), {"toka": 2}, 0)
    text = told(with_counts(week(), store.read))
    assert "Eka ry: 1 pyyntö: HT-7K3M-9Q" in text
    assert "Toka ry: 2 viestiä" in text


def proposal(opened_on: str = "2027-02-26", **changes: Any) -> Open:
    return replace(Open("Eka ry", "Muuttaa tietoja: yhteystiedot", date.fromisoformat(opened_on), is_verified=True), **changes)


def week(*proposals: Open, today: date = TODAY, **changes: Any) -> Week:
    off = frozenset(days_off(date(2026, 1, 1), date(2027, 12, 31)))
    return replace(Week(today, off, proposals, (), ()), **changes)


def region(**coordinator: Any) -> Content:
    site = make_site(coordinator={"phone": "017 000 0101", "email": "koordinaattori@example.fi", **coordinator})
    never = make_organisation(name="Toka ry", review=None, contacts=[{"role": "Toimisto", "email": "a@toka.example.fi"}])
    return make_content(site=site, eka=make_organisation(name="Eka ry"), toka=never)


def told(this: Week) -> str:
    return coordinator_mail(region(), this, LINK).text


@pytest.mark.parametrize(
    ("opened_on", "today", "days"),
    [
        ("2027-03-01", "2027-03-01", 0),
        ("2027-02-26", "2027-02-28", 0),
        ("2027-02-26", "2027-03-01", 1),
        ("2027-02-22", "2027-03-01", 5),
        ("2027-02-20", "2027-03-01", 6),
        ("2027-03-25", "2027-03-30", 1),  # over Easter: Friday and Monday are days off
        ("2026-12-23", "2026-12-28", 1),  # over Christmas
    ],
)
def test_working_days_are_counted_without_weekends_and_holidays(opened_on: str, today: str, days: int) -> None:
    assert proposal(opened_on).days(date.fromisoformat(today), week().days_off) == days


@pytest.mark.parametrize(("opened_on", "is_overdue"), [("2027-02-22", False), ("2027-02-19", True)])
def test_more_than_five_working_days_is_too_long(opened_on: str, is_overdue: bool) -> None:
    assert proposal(opened_on).is_overdue(TODAY, week().days_off) is is_overdue


def test_coordinator_is_told_what_waits_and_how_long() -> None:
    text = told(week(proposal("2027-02-15"), proposal(name="Toka ry", is_verified=False)))
    assert "2 muutosta odottaa hyväksyntää. Niistä 1 on odottanut yli 5 arkipäivää." in text
    assert "Eka ry: Muuttaa tietoja: yhteystiedot. Odottanut 10 arkipäivää." in text
    assert "Toka ry: Muuttaa tietoja: yhteystiedot. Odottanut 1 arkipäivän. Vahvistamaton: soita yhdistykselle" in text
    assert text.index("Eka ry") < text.index("Toka ry")
    assert LINK in text


def test_week_without_anything_says_so_and_still_has_the_link() -> None:
    text = told(week())
    assert "Mikään muutos ei odota hyväksyntää." in text
    assert LINK in text
    assert "Soitettavat" not in text


@pytest.mark.parametrize("name", Awaiting.model_fields)
def test_addresses_that_are_waited_for_are_told(name: str) -> None:
    sentence = AWAITED[name][1:]
    assert sentence in told(week(proposal(awaited=(name,))))
    unconfirmed = told(week(unconfirmed=(("Eka ry", (name,)),)))
    assert "Julkaistut, joilta odotetaan vielä jotakin" in unconfirmed
    assert sentence in unconfirmed


def test_whom_to_call_is_told_with_the_number() -> None:
    mail = coordinator_mail(region(), week(calls=(Due("eka", TODAY, Round.PHONE), Due("toka", TODAY, Round.PHONE))), LINK)
    assert "Soitettavat (2)" in mail.text
    assert "Eka ry: 017 000 0101 (vahvistettu 1.9.2026)" in mail.text
    assert "Toka ry: ei puhelinnumeroa (ei koskaan vahvistettu)" in mail.text
    assert [a.attributes["href"] for a in LexborHTMLParser(mail.html).css("a[href^='tel:']")] == ["tel:+358170000101"]


def test_mail_goes_to_the_coordinator() -> None:
    assert coordinator_mail(region(), week(), LINK).to == "koordinaattori@example.fi"


def test_deputy_hears_only_of_what_has_waited_too_long() -> None:
    mail = deputy_mail(region(deputy_email=DEPUTY), week(proposal("2027-02-15"), proposal(name="Toka ry")), LINK)
    assert mail
    assert mail.to == DEPUTY
    assert "1 muutos on odottanut yli 5 arkipäivää." in mail.text
    assert "Eka ry" in mail.text
    assert "Toka ry" not in mail.text


@pytest.mark.parametrize(
    ("coordinator", "opened_on"),
    [pytest.param({}, "2027-01-15", id="no deputy"), pytest.param({"deputy_email": DEPUTY}, "2027-02-26", id="nothing old")],
)
def test_deputy_is_left_in_peace(coordinator: dict[str, str], opened_on: str) -> None:
    assert deputy_mail(region(**coordinator), week(proposal(opened_on)), LINK) is None


def test_hostile_name_stays_text() -> None:
    mail = coordinator_mail(region(), week(proposal(name="<script>x</script>")), LINK)
    assert LexborHTMLParser(mail.html).css("script") == []
    assert "&lt;script&gt;" in mail.html


# A run


ORGANISATION = "content/organisations/esimerkki-ry.yaml"
ADDRESSES = "content/private/esimerkki-ry.yaml"
OPENED = datetime(2027, 2, 15, 9, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A region of one association in a repository of its own."""
    root = make_project(tmp_path / "region")
    for command in (["init", "--quiet", "--initial-branch=main"], ["add", "--all"], ["commit", "--quiet", "--message", "Alku"]):
        identity = ["-c", "user.name=Esimerkki", "-c", "user.email=esimerkki@example.fi", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(root), *identity, *command], check=True, capture_output=True)
    return root


def propose(root: Path, branch: str, path: str, old: str, new: str, title: str, *labels: str) -> None:
    text = (root / path).read_text("utf-8")
    assert old in text
    draft = Draft(branch, {path: text.replace(old, new)}, f"[esimerkki-ry] {title}", f"[esimerkki-ry] {title}", "", labels)
    LocalGit(root, lambda: OPENED).propose(draft)


def found_week(root: Path, today: date = TODAY) -> Week:
    content = load_content(Settings(root, today))
    return week_of(content, open_places(root, content.site.private_folder, {}), Days(today, today))


def test_proposals_of_the_repository_are_told_in_words_of_ours(project: Path) -> None:
    title = "Muuttaa tietoja: yhteystiedot"
    propose(project, "muokkaus/esimerkki-ry", ORGANISATION, "017 000 0101", "017 000 0102", title, "vahvistamaton")
    (one,) = found_week(project).proposals
    assert one == Open("Savon Esimerkki ry", title, OPENED.date(), is_verified=False)


def test_address_that_waits_in_a_proposal_is_told_without_the_address(project: Path) -> None:
    waiting = "salainen@esimerkki.example.fi\nawaiting: {old_address: true, new_address: [salainen@esimerkki.example.fi]}"
    propose(project, "muokkaus/esimerkki-ry", ADDRESSES, "ohjaus@esimerkki.example.fi", waiting, "Muuttaa yksityisiä osoitteita")
    week = found_week(project)
    assert week.proposals[0].awaited == ("old_address", "new_address")
    content = load_content(Settings(project, TODAY))
    assert "salainen" not in coordinator_mail(content, week, LINK).text


def test_published_association_that_still_waits_is_told(project: Path) -> None:
    (project / ADDRESSES).write_text((project / ADDRESSES).read_text("utf-8") + "awaiting: {test_request: true}\n", "utf-8")
    assert found_week(project).unconfirmed == [("Savon Esimerkki ry", ("test_request",))]


CALLED = check_days("esimerkki-ry", 2027)[0] + timedelta(days=60)


def test_who_has_not_answered_is_called_until_the_confirmation_waits_to_be_merged(project: Path) -> None:
    assert [one.slug for one in found_week(project, CALLED).calls] == ["esimerkki-ry"]
    propose(project, "vahvistukset/2027-W10", ORGANISATION, "2026-09-01", "2026-11-20", "Vahvistaa tiedot")
    week = found_week(project, CALLED)
    assert week.calls == []
    assert week.proposals[0].name == "Viikon vahvistukset"


def test_nobody_is_called_in_a_quiet_time(project: Path) -> None:
    assert found_week(project, date(2027, 7, 5)).calls == []


def test_calls_are_of_the_day_on_which_the_content_is_judged(project: Path) -> None:
    """The dates of sample content stand still, and `tarjotin review` judges them so too."""
    content = load_content(Settings(project, TODAY))
    places = open_places(project, content.site.private_folder, {})
    assert [one.slug for one in week_of(content, places, Days(date(2027, 7, 5), CALLED)).calls] == ["esimerkki-ry"]


def make_post(mailer: LocalMailer) -> Post:
    services = Services(mailer, LocalStore(), lambda: datetime(2027, 3, 1, 9, tzinfo=UTC))
    return Post(services, [b"s" * 32], "https://tarjotin.example.fi", "kokeeksi")


def test_digest_goes_once_a_week_with_a_link_for_each_reader() -> None:
    content, mailer, lines = region(deputy_email=DEPUTY), LocalMailer(), []
    post, this = make_post(mailer), week(proposal("2027-02-15"))
    assert all(send_digest(content, this, post, lines.append) for _ in range(2))
    send_digest(content, replace(this, today=date(2027, 3, 8)), post, lines.append)
    assert [mail.to for mail in mailer.outbox] == ["koordinaattori@example.fi", DEPUTY] * 2
    for mail in mailer.outbox:
        written = next(line for line in mail.text.splitlines() if "/hyvaksynta/#t=" in line)
        link = read_link(post.secrets, "approve", written, post.services.now())
        assert is_for(post.secrets, link, ["koordinaattori@example.fi", DEPUTY]) == mail.to
    assert lines[0] == (
        "Lähetettiin 2 viestiä kokeeksi. 1 muutos odottaa, niistä 1 yli viisi arkipäivää. Soitettavia 0. "
        "Vastaamatta jääneitä pyyntöjä 0."
    )
    assert lines[1].startswith("Lähetettiin 0 viestiä kokeeksi, 2 oli jo lähetetty.")


def test_mail_that_does_not_leave_is_told() -> None:
    lines: list[str] = []
    assert not send_digest(region(), week(), make_post(LocalMailer("not_sent")), lines.append)
    assert "1 ei lähtenyt (aja komento uudelleen)" in lines[0]


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--root", str(root), "digest", *arguments])


def test_command_shows_the_mail_and_sends_nothing(project: Path) -> None:
    propose(project, "muokkaus/esimerkki-ry", ORGANISATION, "017 000 0101", "017 000 0102", "Muuttaa tietoja: yhteystiedot")
    result = run(project, "--today", str(TODAY))
    assert result.exit_code == 0
    assert "Savon Esimerkki ry: Muuttaa tietoja: yhteystiedot. Odottanut 10 arkipäivää." in result.output
    assert "#t=" not in result.output
    assert result.output.splitlines()[-1].endswith("Mitään ei lähetetty. Lähetä: tarjotin digest --send")


def test_command_tells_what_is_missing(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FROM_ADDRESS", raising=False)
    for root, arguments, said in (
        (project, ["--send"], "Ei ole, minne lähettää."),
        (make_project(tmp_path / "ilman"), [], "Odottavia muutoksia ei saatu luettua. Kansio ei ole git-säilö"),
    ):
        result = run(root, *arguments)
        assert (result.exit_code, said in result.output) == (1, True)


def test_review_does_not_ask_whose_confirmation_waits_to_be_merged(project: Path) -> None:
    def told_by_review() -> str:
        return CliRunner().invoke(main, ["--root", str(project), "review", "--today", str(CALLED)]).output

    assert "esimerkki-ry: " in told_by_review()
    propose(project, "vahvistukset/2027-W10", ORGANISATION, "2026-09-01", "2026-11-20", "Vahvistaa tiedot")
    assert "esimerkki-ry: " not in told_by_review()
