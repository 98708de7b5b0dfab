"""The one file of a region's settings at AWS: deploy/regions/<region>.toml. Nothing secret stands in it."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

FOLDER = Path("deploy") / "regions"

SAMPLE = "malli.toml"

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Value = Annotated[str, StringConstraints(pattern=r"^\S*$")] | int  # the AWS CLI takes them from the command line
Function = Literal["referral", "edit"]


class BadRegion(Exception):
    """The settings cannot be used: a sentence that says what to do."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Strict):
    """Where the site is: the outputs of the stack of deploy/site.yaml."""

    bucket: Name
    distribution: Name


class Stack(Strict):
    parameters: Mapping[str, Value] = Field(default_factory=dict)


class Region(Strict):
    """`functions`: their names at AWS, if there are any; `stacks` by the name of their template in deploy/, without ending."""

    aws_region: Name
    site: Place
    functions: dict[Function, Name] = Field(default_factory=dict)
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


def parameters_of(region: Region, template: str, framers: Sequence[str] = ()) -> list[str]:
    """As the AWS CLI's --parameter-overrides wants them; `framers` may show pages of the site in a frame. Raises BadRegion."""
    stack = region.stacks.get(template)
    if stack is None:
        known = ", ".join(sorted(region.stacks)) or "ei yhtään"
        raise BadRegion(
            f"Asetuksissa ei ole pinoa {template}. Siellä on: {known}. Lisää [stacks.{template}] mallista malli.toml."
        )
    told = {**stack.parameters, **({"EmbeddingOrigins": ",".join(framers)} if template == "site" and framers else {})}
    return [f"{name}={value}" for name, value in told.items()]


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
