"""The page of open data: what there is, on what terms, and an example of the use of each file."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.exports import atom
from generator.exports.data_package import LICENCE
from generator.exports.dataset import dataset
from generator.exports.ids import NAMESPACE, organisation_id
from generator.exports.public import Published, part_name
from generator.exports.tables import TABLES
from generator.pages import OPEN_DATA, OpenDataPage
from generator.rendering.environment import data_block
from generator.rendering.frame import Frame


@dataclass(frozen=True)
class Download:
    name: str
    media_type: str
    note: str = ""


@dataclass(frozen=True)
class Format:
    key: str  # of its words
    downloads: tuple[Download, ...]
    example: str


class OpenDataRenderer:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def render(self, page: OpenDataPage) -> bytes:
        frame = self._frame
        words, formats = frame.voice.texts["open_data"], list(self._formats())
        return frame.render(
            "pages/open_data.html",
            title=words["name"],
            description=words["description"],
            path=page.path,
            folder=self._home,
            formats=formats,
            licence=LICENCE["path"],
            namespace=str(NAMESPACE),
            example_slug="esimerkki-ry",
            example_id=organisation_id("esimerkki-ry"),
            structured_data=data_block(dataset(frame.content, frame.voice, self._own_address, self._downloads(formats))),
        )

    @property
    def _origin(self) -> str:
        return self._frame.content.site.url.rstrip("/")

    @property
    def _home(self) -> str:
        """Where the files are: beside the Finnish page, whatever the language of this one."""
        return self._frame.voices[0].url(OPEN_DATA)

    @property
    def _own_address(self) -> str:
        return self._origin + self._frame.voice.url(OPEN_DATA)

    def _formats(self) -> Iterator[Format]:
        address, words = self._origin + self._home, self._frame.voice.texts["open_data"]["tables"]
        tables = [Download(table.file, "text/csv", words[table.key]["text"]) for table in TABLES]
        package = Download("datapackage.json", "application/json")
        yield Format("tables", (*tables, package), f'pandas.read_csv("{address}{TABLES[1].file}")')
        hsds, fhir = self._parts("hsds", "application/json"), self._parts("fhir", "application/fhir+json")
        yield Format("hsds", hsds, "tarjotin import hsds.json")
        yield Format("fhir", fhir, "jq '.entry[] | select(.resource.id == \"…\") | .resource' fhir.json")
        yield Format("feed", (Download(atom.NAME, "application/atom+xml"),), address + atom.NAME)

    def _parts(self, stem: str, media_type: str) -> tuple[Download, ...]:
        parts = sum(1 for _ in Published(self._frame.content, self._frame.voice).parts())
        return tuple(Download(part_name(stem, number, "json"), media_type) for number in range(1, parts + 1))

    def _downloads(self, formats: list[Format]) -> list[dict[str, str]]:
        return [
            {"name": one.name, "contentUrl": self._origin + self._home + one.name, "encodingFormat": one.media_type}
            for found in formats
            for one in found.downloads
        ]
