"""A YAML file as plain values that remember their lines.

Stricter than YAML: keys are unique text, there are no aliases and no tags, and only `true`, `false`, `null` and plain
numbers are anything else than text. So Norway's `NO` is a country, and `0x12` an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from scrip.errors import InputError
from scrip.inputs.reading.text import plain, text_of_file

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

Where = tuple[str | int, ...]
"""Keys and list positions from the top of a file down to a value."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content: mappings are dicts, lists are tuples. `lines` counts from 1: a mapping's or a list's line is
    that of its key."""

    file: str
    value: object
    lines: Mapping[Where, int]

    def line(self, where: Where) -> int:
        """The line of a value; of the nearest one around it when it is not there."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def scalars(self) -> Iterator[tuple[Where, object]]:
        """Every value that is neither a mapping nor a list, and every key, with its place."""
        return _scalars((), self.value)


def read(path: Path) -> Document:
    """Parse a file; InputError, with its line, when it is missing, too large, no UTF-8 or not the YAML we take."""
    file = str(path)
    return _parse(file, text_of_file(path, MAX_BYTES)[0])


@lru_cache(maxsize=64)
def _parse(file: str, text: str) -> Document:
    """Parse a text, once: many stocks name one preset, and the parser is in Python and slow."""
    try:
        node = _Composer(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(filter(None, (error.problem, error.context)))
        raise InputError(f"is not YAML: {problem}", file=file, line=mark.line + 1 if mark else 0) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise InputError(
            f"holds a character that YAML forbids: U+{error.character:04X}", file=file, line=line
        ) from None
    if node is None:
        raise InputError("is empty", file=file)
    builder = _Builder(file)
    value = builder.value((), node, node.start_mark.line + 1)
    return Document(file, value, builder.lines)


class _Composer(yaml.SafeLoader):
    """PyYAML's parser without aliases, without tags, with a limit of depth, and with fewer guesses about scalars."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(None, None, "anchors and aliases are not taken here", event.start_mark)
        if getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(None, None, "tags are not taken here", event.start_mark)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(None, None, f"more than {MAX_DEPTH} levels", event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_Composer.yaml_implicit_resolvers = {}  # its own, and none of its base's
for _pattern, _tag, _first in (
    (r"^(?:null|~|)$", "null", ["n", "~", ""]),
    (r"^(?:true|false)$", "bool", ["t", "f"]),
    (r"^-?(?:0|[1-9][0-9_]*)$", "int", list("-0123456789")),
    (r"^-?(?:0|[1-9][0-9_]*)(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)$", "float", list("-0123456789")),
):
    _Composer.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)

MAX_DIGITS = 60
"""Most digits of a number; longer ones are left as text, which no number field takes."""
SEPARATOR = "_"
"""What YAML 1.1 lets stand between the digits of a number, anywhere: 5_00 would be 500. Such a one is left as text."""


@dataclass(slots=True)
class _Builder:
    file: str
    lines: dict[Where, int] = field(default_factory=dict)

    def value(self, where: Where, node: yaml.Node, line: int) -> object:
        """A node's value. `line` is its key's, for what spans several lines."""
        if isinstance(node, yaml.MappingNode):
            self.lines[where] = line
            return self._mapping(where, node)
        if isinstance(node, yaml.SequenceNode):
            self.lines[where] = line
            return tuple(
                self.value((*where, place), item, item.start_mark.line + 1) for place, item in enumerate(node.value)
            )
        self.lines[where] = line = node.start_mark.line + 1
        found = _scalar(node)
        return self._text(found, line) if isinstance(found, str) else found

    def _text(self, text: str, line: int) -> str:
        """A text of one line or several, into which escapes may have put what the file itself does not hold."""
        try:
            return "\n".join(map(plain, text.split("\n")))
        except InputError as error:
            raise InputError(error.message, file=self.file, line=line, value=error.value) from None

    def _mapping(self, where: Where, node: yaml.MappingNode) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, item in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise InputError("a key must be text", file=self.file, line=line, field=dotted(where))
            name = self._text(str(key.value), line)
            if name in found:
                first = self.lines[(*where, name)]
                raise InputError(
                    f"stands twice, first in line {first}", file=self.file, line=line, field=dotted((*where, name))
                )
            found[name] = self.value((*where, name), item, line)
        return found


def dotted(where: Where) -> str:
    """A place as people write it: stocks.MSFT.reserve.ceiling."""
    return ".".join(map(str, where))


def _scalar(node: yaml.Node) -> object:
    kind = node.tag.rsplit(":", 1)[-1]
    text: str = node.value
    if kind == "null":
        return None
    if kind == "bool":
        return text == "true"
    if len(text) > MAX_DIGITS or SEPARATOR in text:
        return text
    if kind == "int":
        return int(text)
    if kind == "float":
        return float(text)
    return text


def _scalars(where: Where, value: object) -> Iterator[tuple[Where, object]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*where, key), key
            yield from _scalars((*where, key), item)
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _scalars((*where, place), item)
    else:
        yield where, value
