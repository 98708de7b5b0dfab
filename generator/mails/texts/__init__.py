"""The words of the mails that the command line sends to associations.

What a page says too (when, where, capacity …) is taken from the words of the pages.
"""

from pathlib import Path

from lambda_common.texts import Texts

_OWN = Texts(Path(__file__).parent)
texts, text = _OWN.of, _OWN.text
