"""The one file of a region's settings at AWS: deploy/regions/<region>.toml. Nothing secret stands in it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

FOLDER = Path("deploy") / "regions"

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class BadRegion(Exception):
    """The settings cannot be used: a sentence that says what to do."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Strict):
    """Where the site is: the outputs of the stack of deploy/site.yaml."""

    bucket: Name
    distribution: Name


class Stack(Strict):
    name: Name
    parameters: Mapping[str, str | int] = Field(default_factory=dict)


class Region(Strict):
    """`stacks` by the name of their template in deploy/, without its ending."""

    aws_region: Name
    site: Place
    stacks: Mapping[str, Stack] = Field(default_factory=dict)


def read_region(root: Path, name: str | None) -> Region:
    """The named region, or the only one. Raises BadRegion."""
    path = root / FOLDER / f"{name}.toml" if name else _only(root)
    shown = f"{FOLDER.as_posix()}/{path.name}"
    try:
        return Region.model_validate(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise BadRegion(
            f"Tiedostoa {shown} ei ole. Tee se mallista deploy/regions/malli.toml (ohje: deploy/README.md)."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRegion(f"Tiedostoa {shown} ei voi lukea ({error}). Korjaa se mallin deploy/regions/malli.toml mukaan.") from None
    except ValidationError as error:
        places = ", ".join(".".join(map(str, one["loc"])) for one in error.errors(include_input=False, include_url=False))
        raise BadRegion(
            f"Tiedostossa {shown} puuttuu tai on väärin: {places}. Vertaa malliin deploy/regions/malli.toml."
        ) from None


SAMPLE = "malli.toml"


def _only(root: Path) -> Path:
    found = sorted(path for path in (root / FOLDER).glob("*.toml") if path.name != SAMPLE)
    if not found:
        raise BadRegion(
            f"Alueen AWS-asetuksia ei ole. Tee {FOLDER.as_posix()}/<alue>.toml mallista malli.toml (ohje: deploy/README.md)."
        )
    if len(found) > 1:
        names = ", ".join(path.stem for path in found)
        raise BadRegion(f"Asetuksia on monta: {names}. Valitse alue, esimerkiksi: tarjotin deploy --region {found[0].stem}")
    return found[0]
