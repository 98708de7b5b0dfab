"""The words of the mails and of the proposals."""

from pathlib import Path

from lambda_common.texts import Texts

_OWN = Texts(Path(__file__).parent)
texts, text = _OWN.of, _OWN.text
