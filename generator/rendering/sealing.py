"""The pages of sealed requests: where an association makes its key, and where it opens what was sealed to it."""

import json

from generator.models import Organisation
from generator.pages import ANSWER, KEY, KeyPage, OpeningPage, keys_path
from generator.rendering.edit import code_words
from generator.rendering.environment import data_block
from generator.rendering.frame import Frame
from lambda_referral.fields import ANSWERS, FORM
from lambda_referral.texts import texts

# What an opened request says in the mail's own words (lambda_referral/texts): these, and all that begin so.
MAIL_WORDS = ("under_15", "client.unnamed", "safe_time.any")
MAIL_GROUPS = ("row.", "sender.", "whose.", "contact_by.", "voicemail.", "may_name.", "interpreter.", "language.", "consent.")
# What an opened request may hold besides the fields of the form: names in place of ids.
SHOWN = {"activity": {"max": 80}, "municipality": {"max": 80}, "consent_version": {"max": 20}}


def key_file(organisation: Organisation) -> bytes:
    """All that a browser needs besides the passphrase. The private keys in it are wrapped, and it is public."""
    keys = [
        {"id": key.id, "created_on": key.created_on.isoformat(), "public": key.public, "wrapped": key.wrapped}
        for key in organisation.request_keys
    ]
    return f"{json.dumps({'name': organisation.name, 'keys': keys}, ensure_ascii=False, indent=1)}\n".encode()


class SealingRenderer:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def key(self, page: KeyPage) -> bytes:
        frame = self._frame
        own, names = frame.voice.texts["key"], ("making", "not_made", "checking", "wrong", "sending", "outcome")
        words = {name: own[name] for name in names} | code_words(frame.voice)
        paths = {"key": "/api/avain", "words": frame.assets.address("tunnuslause.txt")}
        return frame.render_unlisted("key", page.path, words=data_block({"words": words, "paths": paths}))

    def opening(self, page: OpeningPage) -> bytes:
        frame = self._frame
        own = frame.voice.texts["opening"]
        words = {name: own[name] for name in ("whose", "opening", "about", "due", "copied", "problems")}
        # The answers' page and the keys are the same for every language: the mail's link is too.
        paths = {"answer": frame.voice.url(ANSWER), "keys": frame.voices[0].prefix + keys_path("{slug}").removeprefix("/")}
        words["mail"] = _mail_words(frame.voice.language)
        data = {"words": words, "paths": paths, "fields": {**FORM["fields"], **SHOWN}}
        answers = {answer: frame.voice.texts["answer"]["choice"][answer] for answer in ANSWERS}
        return frame.render_unlisted("opening", page.path, words=data_block(data), answers=answers, key_page=frame.voice.url(KEY))


def _mail_words(language: str) -> dict[str, str]:
    return {key: value for key, value in texts(language).items() if key in MAIL_WORDS or key.startswith(MAIL_GROUPS)}
