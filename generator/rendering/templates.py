"""How templates are compiled. Short cuts for what they do most: tell words of the interface, name a value, call a macro, and show
markup that is finished already. None of them changes what a template draws.
"""

import operator
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from generator.marks import digest

WORDS = "t"  # by this name a template asks for a word of the interface: t.card.when


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates beside the templates, as Python keeps its own; those of each language, because its words are in them,
    and of one set of rules for compiling: ours are in this file.
    A folder that cannot be written to has none."""

    def __init__(self, folder: Path, language: str, words: Mapping[str, Any]) -> None:
        super().__init__(str(folder), f"{language}_%s.cache")
        self._rules = digest(repr(words), jinja2.__version__, Path(__file__).read_bytes()).hex()

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(source + self._rules)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


class WordsInPlace(NodeTransformer):
    """Words of the interface become part of the template, escaped like any other, when it is compiled."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._words = words

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802 - named after the node
        word = self._word(node)
        return nodes.Const(word, lineno=node.lineno) if isinstance(word, str) else self.generic_visit(node)

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:  # noqa: N802
        """As it is: what a filter makes of a word would be kept with the template, and outlive a change of the filter."""
        return node

    def _word(self, node: nodes.Node) -> Any:
        """What `node` names among the words: one of them, a group of them, or None."""
        if isinstance(node, nodes.Name):
            return self._words if node.name == WORDS else None
        if isinstance(node, nodes.Getattr):
            group = self._word(node.node)
            return group.get(node.attr) if isinstance(group, dict) else None
        return None


class QuickCode(CodeGenerator):
    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        words: Any = self.environment.globals[WORDS]
        super().visit_Template(WordsInPlace(words).visit(node), frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ARG002
        self.write("environment.shown(")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """Straight: nothing that our templates call wants to know where it is called from."""
        self.write("environment.called(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")


class QuickEnvironment(Environment):
    code_generator_class = QuickCode

    called: ClassVar[Callable[..., Any]] = operator.call  # of C: it does not become a method

    @staticmethod
    def shown(value: Any) -> Markup:
        """Escaped, unless it is markup: most of what is shown is, and escape() would make it once more."""
        return value if type(value) is Markup else escape(value)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dictionary, which every drawing of a template copies: a chain of two takes longer than a small template."""
        return {**self.globals, **(d or {})}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)
