"""In which forms the catalogue is made."""

from typing import Literal, get_args

Form = Literal["html", "pdf"]
FORMS: tuple[Form, ...] = get_args(Form)
