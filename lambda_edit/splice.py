"""Changed values put into a YAML text, piece by piece.

The parser tells where each value stands, and only that piece is replaced. So a line in which nothing changes cannot change,
whatever the file's layout; a program that reads a whole file and writes it anew has a layout of its own.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from generator import content
from lambda_edit.alike import pairs
from lambda_edit.yaml_text import Unwritable, Written, bare, entry, item, kind_of, name, written

Pair = tuple[yaml.Node, yaml.Node]

_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")


def spliced(text: str, wanted: dict[str, Any], in_blocks: bool) -> str:
    """The text with what `wanted` says otherwise; the caller reads it again. Every line ends in a newline. Raises Unwritable."""
    try:
        tree = yaml.compose(text, Loader=content.Loader)  # type: ignore[attr-defined]
    except (yaml.YAMLError, UnicodeError):
        raise Unwritable from None
    if not isinstance(tree, yaml.MappingNode) or not _can_keep(tree, wanted):
        raise Unwritable
    return _Source(text, in_blocks).rewritten(tree, wanted)


class _Edit(NamedTuple):
    """The characters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class _Source:
    text: str
    in_blocks: bool  # a text of many lines is written line by line

    def rewritten(self, tree: yaml.MappingNode, wanted: dict[str, Any]) -> str:
        newline = "\r\n" if "\r\n" in self.text else "\n"
        edits = (edit._replace(text=edit.text.replace("\n", newline)) for edit in self._mapping(tree, wanted))
        return self._applied(edits, 0, len(self.text))

    def _applied(self, edits: Iterable[_Edit], start: int, end: int) -> str:
        """That piece of the text with its edits; two at the same place in the order they came."""
        pieces = []
        for edit in sorted(edits, key=lambda edit: edit[:2]):
            pieces += [self.text[start : edit.start], edit.text]
            start = edit.end
        return "".join([*pieces, self.text[start:end]])

    def _mapping(self, node: yaml.Node, wanted: dict[str, Any]) -> Iterator[_Edit]:
        kept = [(key, value) for key, value in node.value if key.value in wanted]
        yield from self._removals(node, wanted, kept[0][0])
        for key, value in kept:
            yield from self._value(key, value, wanted[key.value])
        yield from self._additions(wanted, kept)

    def _removals(self, node: yaml.Node, wanted: dict[str, Any], first_kept: yaml.Node) -> Iterator[_Edit]:
        """What stands beside a list's dash goes so that the first key which stays moves there."""
        start, stays = node.start_mark.index, first_kept.start_mark.index
        is_beside_dash = self.text[self._line_start(start) : start].strip() != ""
        if is_beside_dash and stays > start:
            yield _Edit(start, stays, "")
        for key, value in node.value:
            is_gone_already = is_beside_dash and key.start_mark.index < stays
            if key.value not in wanted and not _is_empty(value) and not is_gone_already:
                yield _Edit(self._line_start(key.start_mark.index), self._line_end(self._end(value)), "")

    def _additions(self, wanted: dict[str, Any], kept: list[Pair]) -> Iterator[_Edit]:
        """Each new key after the nearest one before it that the file has, else before the first."""
        column, before = kept[0][0].start_mark.column, kept[0][0].start_mark.index
        there = {key.value: value for key, value in kept}
        after = None
        for key, value in wanted.items():
            if key in there:
                after = self._line_end(self._end(there[key]))
            elif after is None:
                yield _Edit(before, before, entry(key, value, column, self.in_blocks)[column:] + " " * column)
            else:
                yield _Edit(after, after, entry(key, value, column, self.in_blocks))

    def _value(self, key: yaml.Node, node: yaml.Node, wanted: Any) -> Iterator[_Edit]:
        if _plain(node) == wanted:
            return
        if not _can_keep(node, wanted):
            yield from self._replaced(key, node, wanted)
        elif isinstance(node, yaml.MappingNode):
            yield from self._mapping(node, wanted)
        else:
            yield self._list(key, node, wanted)

    def _list(self, key: yaml.Node, node: yaml.Node, wanted: list[Any]) -> _Edit:
        """Items move, change and go together with the comments above them."""
        items = [one for one in node.value if not _is_empty(one)]
        bounds = [self._line_end(key.end_mark.index), *(self._line_end(self._end(one)) for one in items)]
        pieces = []
        for value, at in zip(wanted, _places([_plain(one) for one in items], wanted), strict=True):
            if at is not None and _plain(items[at]) == value:
                pieces.append(self.text[bounds[at] : bounds[at + 1]])
            elif at is not None and isinstance(items[at], yaml.MappingNode) and _can_keep(items[at], value):
                pieces.append(self._applied(self._mapping(items[at], value), bounds[at], bounds[at + 1]))
            else:
                pieces.append(item(value, node.start_mark.column, self.in_blocks))
        return _Edit(bounds[0], bounds[-1], "".join(pieces))

    def _replaced(self, key: yaml.Node, node: yaml.Node, wanted: Any) -> Iterator[_Edit]:
        """The value on the key's line, and the lines under it; a comment on the key's line stays."""
        colon = self.text.index(":", key.end_mark.index) + 1
        start, end = node.start_mark.index, self._end(node)
        head_end, body = end, (self._line_end(end), self._line_end(end))
        if node.start_mark.line > key.end_mark.line:
            head_end, body = colon, (self._line_start(start), self._line_end(end))
        elif _is_block(node) and (header := _BLOCK_HEADER.match(self.text, start)):
            head_end, body = header.end(), (self._line_end(start), self._line_end(end))
        new = self._like(node, wanted) or written(wanted, key.start_mark.column, self.in_blocks)
        gap = self.text[colon : min(start, head_end)] or " "
        yield _Edit(colon, head_end, new.head and gap + new.head)
        yield _Edit(*body, new.body)

    def _like(self, node: yaml.Node, wanted: Any) -> Written | None:
        """A value in the manner of what it replaces: a date without quotes, a list in brackets."""
        if isinstance(node, yaml.ScalarNode):
            is_bare = isinstance(wanted, str) and "\n" not in wanted and not node.style
            return Written(bare(wanted, node.value)) if is_bare else None
        if not _in_brackets(node) or not wanted or not isinstance(wanted, list | dict):
            return None
        if not all(isinstance(one, str) for one in (wanted.values() if isinstance(wanted, dict) else wanted)):
            return None
        inside = self._inside(node)
        if isinstance(wanted, dict):
            return Written("{" + ", ".join(f"{name(key)}: {inside(one)}" for key, one in wanted.items()) + "}")
        return Written(f"[{', '.join(map(inside, wanted))}]")

    def _inside(self, node: yaml.Node) -> Callable[[str], str]:
        """How a text is written inside these brackets: as it stands there already, or in the manner of what stands there."""
        texts = [one for one in _members(node) if isinstance(one, yaml.ScalarNode)]
        there = {one.value: self.text[one.start_mark.index : one.end_mark.index] for one in texts}
        likes = {kind_of(one.value): one.value for one in texts if not one.style}

        def write(text: str) -> str:
            return there.get(text) or bare(text, likes.get(kind_of(text), ""))

        return write

    def _end(self, node: yaml.Node) -> int:
        """Where the value's own text ends: comments and empty lines after it are not its own."""
        if _is_block(node):
            start = node.start_mark.index
            return int(start) + len(self.text[start : node.end_mark.index].rstrip())
        if isinstance(node, yaml.ScalarNode) or _in_brackets(node) or not node.value:
            return int(node.end_mark.index)
        return self._end(_members(node)[-1])

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        return self.text.find("\n", index) + 1 or len(self.text)


def _can_keep(node: yaml.Node, wanted: Any) -> bool:
    """Whether the node can be changed piece by piece: laid out in lines, and with something in it that stays."""
    if isinstance(node, yaml.MappingNode):
        return isinstance(wanted, dict) and not _in_brackets(node) and any(key.value in wanted for key, _ in node.value)
    if isinstance(node, yaml.SequenceNode):
        return isinstance(wanted, list) and bool(wanted) and not _in_brackets(node) and any(_plain(node))
    return False


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value == ""


def _is_block(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")


def _in_brackets(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _members(node: yaml.Node) -> list[yaml.Node]:
    """The values of a mapping, the items of a list."""
    return [one[1] if isinstance(one, tuple) else one for one in node.value]


def _plain(node: yaml.Node) -> Any:
    """The node's value as `parse_yaml` reads it."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value if not _is_empty(value)}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one) for one in node.value if not _is_empty(one)]
    return node.value


def _places(old: list[Any], wanted: list[Any]) -> list[int | None]:
    """Where each wanted item stood before, if anywhere."""
    if all(isinstance(one, dict) for one in (*old, *wanted)):
        found = {pair.after: pair.before for pair in pairs(old, wanted)}
        return [found.get(at) for at in range(len(wanted))]
    places: dict[str, list[int]] = {}
    for at, one in reversed(list(enumerate(old))):
        places.setdefault(json.dumps(one), []).append(at)
    return [same.pop() if (same := places.get(json.dumps(value))) else None for value in wanted]
