"""Files to text values. Every scalar is read as text; its line is looked up only when there is something to say about it.

The usual safe loader turns `00100` into 64 and the key `on:` into True, so types are left to the models.
Anchors, aliases and tags are refused: they are the door to YAML bombs, and no editor of ours needs them.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import yaml

from generator.pictures import FOLDER, MAX_PICTURE_BYTES, Picture, read_picture
from generator.problems import Location, Problem, sentence, yaml_sentence

try:
    from yaml import CBaseLoader as Loader
except ImportError:  # a platform without libyaml: slower, same result
    from yaml import BaseLoader as Loader  # type: ignore[assignment]

MAX_FILE_BYTES = 64 * 1024
MAX_TAXONOMY_BYTES = 1024 * 1024
MAX_DEPTH = 12
COUNTS = "counts.yaml"
DEFAULT_PRIVATE_FOLDER = "content/private"


class Fault(Exception):
    """A file cannot be read: a sentence, and the line it is about."""

    def __init__(self, message: str, line: int = 1) -> None:
        self.message = message
        self.line = line
        super().__init__(message)


@dataclass(frozen=True)
class Document:
    """One YAML file as text values: mappings, lists and strings; empty values left out. `blob` is the name that git gives to
    the file's bytes."""

    file: str
    name: str
    text: str
    data: dict[str, Any]
    blob: str = ""

    def line_of(self, location: Location) -> int:
        """The line of a value, or of the nearest thing around it that exists."""
        node, line = self._tree, 1
        for part in location:
            found = _child(node, part)
            if found is None:
                break
            line, node = found
        return line

    @cached_property
    def _tree(self) -> yaml.Node | None:
        """The file with its marks, made only when there is something to say about it."""
        return yaml.compose(self.text, Loader=Loader)

    def problem(self, code: str, location: Location = (), **facts: object) -> Problem:
        return Problem(self.file, self.line_of(location), ".".join(map(str, location)), sentence(code, **facts))


def _child(node: yaml.Node | None, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        filled = [child for child in node.value if child.value != ""]  # empty items were left out of the values too
        if part < len(filled):
            return filled[part].start_mark.line + 1, filled[part]
    return None


def read_text(path: Path, folder: Path, limit: int = MAX_FILE_BYTES) -> str:
    """The text of a file inside `folder`. Raises Fault when it is a link out of it, too large, unreadable or not UTF-8."""
    return decoded(read_raw(path, folder, limit))


def read_raw(path: Path, folder: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode) or path.parent != folder:  # else it cannot lead out, and need not be followed
            if not path.resolve().is_relative_to(folder.resolve()):
                raise Fault(sentence("file.link"))
            status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Fault(sentence("file.not_a_file"))
        if status.st_size > limit:
            raise Fault(sentence("file.too_large", found=status.st_size // 1024, allowed=limit // 1024))
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - ten thousand times a build
            return file.readall()
    except FileNotFoundError:
        raise Fault(sentence("file.missing")) from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        raise Fault(sentence("file.unreadable", reason=type(error).__name__)) from None


def decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Fault(sentence("file.encoding"), raw.count(b"\n", 0, error.start) + 1) from None


def blob_name(raw: bytes) -> str:
    """What git calls a file with these bytes. An edit names by it the version that it began from."""
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()


def parse_yaml(text: str) -> dict[str, Any]:
    """The mapping that a YAML text holds, all scalars as text. Raises Fault."""
    try:
        value = _build(_events(text))
    except yaml.MarkedYAMLError as error:
        in_quotes = "quoted scalar" in str(error.context)  # found at the end of the file, meant where the quote begins
        mark = (error.context_mark if in_quotes else None) or error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise Fault(yaml_sentence(f"{error.context} {error.problem}", text.splitlines()[line - 1 : line]), line) from None
    except yaml.reader.ReaderError:  # its position counts bytes or characters, depending on the parser
        found = yaml.reader.Reader.NON_PRINTABLE.search(text)
        raise Fault(sentence("yaml.character"), text.count("\n", 0, found.start()) + 1 if found else 1) from None
    if value is None:
        raise Fault(sentence("file.empty"))
    if not isinstance(value, dict):
        raise Fault(sentence("yaml.mapping"))
    return value


@dataclass(frozen=True)
class PageDocument:
    """A page of running text: its front matter as a document, and the Markdown after it."""

    slug: str
    language: str
    head: Document
    body: str
    first_line: int  # of the body, in the file


class Unread(NamedTuple):
    """A document's file that is there, and has not been looked into."""

    file: str
    name: str
    folder: Path
    limit: int = MAX_FILE_BYTES

    @property
    def path(self) -> Path:
        return self.folder / f"{self.name}.yaml"

    def raw(self) -> bytes:
        return read_raw(self.path, self.folder, self.limit)

    def read(self, root: Path) -> "Document | Problem":
        return load_document(self.path, self.folder, root, self.limit)


Source = Document | Unread | Problem


@dataclass(frozen=True)
class Sources:
    """Everything that was read, with the problems that kept a file from being read."""

    site: Document | Problem
    taxonomy: Source
    organisations: tuple[Source, ...]
    private: tuple[Source, ...] | None  # None: a copy without the private folder
    private_folder: str
    pages: tuple[PageDocument | Problem, ...]
    pictures: tuple[Picture | Problem, ...] = ()  # of the pages
    counts: Document | Problem | None = None  # a region that has counted nothing yet has no such file

    def everything(self) -> Iterator[Source | PageDocument | Picture]:
        yield self.site
        yield self.taxonomy
        yield from self.organisations
        yield from self.private or ()
        yield from self.pages
        yield from self.pictures
        if self.counts:
            yield self.counts

    @property
    def organisation_names(self) -> set[str]:
        """The slugs of every association that has a file, also of one that could not be read."""
        return {Path(item.file).stem for item in self.organisations}

    @property
    def count(self) -> int:
        return sum(1 for _ in self.everything())


class _Open:
    """A mapping or list that is being filled."""

    __slots__ = ("key", "seen", "value")

    def __init__(self, value: dict[str, Any] | list[Any]) -> None:
        self.value = value
        self.key: str | None = None
        self.seen: set[str] = set()

    def add(self, item: Any, event: yaml.Event) -> None:
        if isinstance(self.value, list):
            if item is not None:
                self.value.append(item)
        elif self.key is None:
            self._take_key(item, event)
        else:
            if item is not None:
                self.value[self.key] = item
            self.key = None

    def _take_key(self, key: Any, event: yaml.Event) -> None:
        if not isinstance(key, str):
            raise Fault(sentence("yaml.key"), _line(event))
        if key in self.seen:
            raise Fault(sentence("yaml.repeated", found=key), _line(event))
        self.seen.add(key)
        self.key = key


def _events(text: str) -> Iterator[yaml.Event]:
    loader = Loader(text)
    try:
        yield from iter(loader.get_event, None)
    finally:
        loader.dispose()


def _build(events: Iterator[yaml.Event]) -> Any:
    """Values from the parser's events, without recursion, so that deep nesting is a message and not a crash."""
    root = _Open([])
    stack = [root]
    documents = 0
    for event in events:
        if isinstance(event, yaml.ScalarEvent):  # nine events of ten
            if event.anchor or event.tag:
                _refuse(event)
            stack[-1].add(event.value or None, event)
        elif isinstance(event, yaml.CollectionStartEvent):
            stack.append(_opened(event, stack))
        elif isinstance(event, yaml.CollectionEndEvent):
            stack[-2].add(stack.pop().value, event)
        elif isinstance(event, yaml.AliasEvent):
            _refuse(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Fault(sentence("yaml.documents"), _line(event))
    assert isinstance(root.value, list)
    return root.value[0] if root.value else None


def _opened(event: yaml.CollectionStartEvent, stack: list[_Open]) -> _Open:
    if event.anchor or event.tag:
        _refuse(event)
    if len(stack) >= MAX_DEPTH:
        raise Fault(sentence("yaml.depth"), _line(event))
    is_mapping = isinstance(event, yaml.MappingStartEvent)
    if is_mapping and stack[-1].key is None and isinstance(stack[-1].value, dict):
        raise Fault(sentence("yaml.key"), _line(event))
    return _Open({} if is_mapping else [])


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _refuse(event: yaml.NodeEvent) -> NoReturn:
    if event.anchor:  # an alias has one too
        raise Fault(sentence("yaml.anchor"), _line(event))
    raise Fault(sentence("yaml.tag", found=getattr(event, "tag", "")), _line(event))


def load_document(path: Path, folder: Path, root: Path, limit: int = MAX_FILE_BYTES) -> Document | Problem:
    """One file as a document, or the problem that keeps it from being one."""
    shown = shown_path(path, root)
    try:
        raw = read_raw(path, folder, limit)
        text = decoded(raw)
        return Document(shown, path.stem, text, parse_yaml(text), blob_name(raw))
    except Fault as fault:
        return Problem(shown, fault.line, "", fault.message)


def list_folder(folder: Path, root: Path) -> Iterator[Unread | Problem]:
    """The files of a folder that hold a document, in the order of their names."""
    around = "" if folder == root else f"{shown_path(folder, root)}/"
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - ten thousand paths are slow to make
    except OSError:
        yield Problem(shown_path(folder, root), 1, "", sentence("folder.missing"))
        return
    for name in names:
        stem, ending = os.path.splitext(name)  # noqa: PTH122
        if name.startswith((".", "~")):  # the editor's own files and .gitkeep
            continue
        if ending == ".yaml":
            yield Unread(f"{around}{name}", stem, folder)
        elif ending == ".yml":
            yield Problem(f"{around}{name}", 1, "", sentence("file.extension", wanted=f"{stem}.yaml"))
        else:
            yield Problem(f"{around}{name}", 1, "", sentence("file.not_a_file"))


def load_page(path: Path, folder: Path, root: Path) -> PageDocument | Problem:
    """One page of running text: `---`, front matter in YAML, `---`, Markdown."""
    shown = shown_path(path, root)
    named = re.fullmatch(r"([a-z0-9-]+)\.(fi|sv|en)\.md", path.name)
    if not named:
        return Problem(shown, 1, "", sentence("page.name"))
    try:
        text = read_text(path, folder).replace("\r\n", "\n")
        parts = re.match(r"---\n(.*?\n)---\n(.*)", text, re.DOTALL)
        if not parts:
            raise Fault(sentence("page.front_matter"))
        head = "\n" + parts[1]  # the line of "---", so that lines are counted from the file's beginning
        document = Document(shown, path.stem, head, parse_yaml(head))
        return PageDocument(named[1], named[2], document, parts[2], head.count("\n") + 2)
    except Fault as fault:
        return Problem(shown, fault.line, "", fault.message)


def load_picture(path: Path, folder: Path, root: Path) -> Picture | Problem:
    shown = shown_path(path, root)
    try:
        picture = read_picture(path.name, read_raw(path, folder, MAX_PICTURE_BYTES))
    except Fault as fault:
        return Problem(shown, fault.line, "", fault.message)
    return picture or Problem(shown, 1, "", sentence("picture.kind"))


def read_now(source: Source, root: Path) -> Source:
    return source.read(root) if isinstance(source, Unread) else source


def load_sources(root: Path) -> Sources:
    """Every file of a region's content. Never raises for what a file holds."""
    listed = list_sources(root)
    organisations = tuple(read_now(one, root) for one in listed.organisations)
    private = None if listed.private is None else tuple(read_now(one, root) for one in listed.private)
    return replace(listed, taxonomy=read_now(listed.taxonomy, root), organisations=organisations, private=private)


def list_sources(root: Path) -> Sources:
    """The same, but the taxonomy and the files of associations are only listed, for a reader that knows most of them already."""
    content = root / "content"
    site = _load_site(root)
    private_folder = _private_folder(site)
    private = root / private_folder
    pages, pictures = (
        sorted(path for path in (root / name).glob("*") if not path.name.startswith((".", "~")))
        for name in ("content/pages", FOLDER)
    )
    return Sources(
        site=site,
        taxonomy=Unread("taxonomy.yaml", "taxonomy", root, MAX_TAXONOMY_BYTES),
        organisations=tuple(list_folder(content / "organisations", root)),
        private=tuple(list_folder(private, root)) if private.is_dir() else None,
        private_folder=private_folder,
        pages=tuple(load_page(path, content, root) for path in pages),
        pictures=tuple(load_picture(path, content, root) for path in pictures),
        counts=load_document(content / COUNTS, content, root) if (content / COUNTS).exists() else None,
    )


def private_folder_of(root: Path) -> str:
    """The folder of the addresses that are never published, from the project folder, also when other content is broken."""
    return _private_folder(_load_site(root))


def base_path_of(root: Path) -> str:
    """Where the site stands on its server, also when other content is broken."""
    site = _load_site(root)
    found = site.data.get("base_path") if isinstance(site, Document) else None
    return found if isinstance(found, str) and found.startswith("/") and found.endswith("/") else "/"


def _load_site(root: Path) -> Document | Problem:
    content = root / "content"
    return load_document(content / "site.yaml", content, root)


def _private_folder(site: Document | Problem) -> str:
    found = site.data.get("private_folder") if isinstance(site, Document) else None
    return found if isinstance(found, str) else DEFAULT_PRIVATE_FOLDER


def shown_path(path: Path, root: Path) -> str:
    """A path as messages show it: from the project folder, with forward slashes on every system."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()
