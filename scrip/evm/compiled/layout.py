"""Where an upgradeable contract keeps what: its storage layout and the bit maps of its words, and whether another fits.

A stock in use keeps its words through an upgrade. So a variable stays in its slot under its name and type; a new one
takes its place from a `_reserved` array, whose end stays, or comes after the last; and a bit keeps its meaning. The
committed file of a layout is `contracts/layout/NAME.json`, which a wheel carries too; a deployment's records hold its
hash.
"""

from __future__ import annotations

import ast
import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

from eth_utils import keccak

from scrip.errors import InputError
from scrip.evm.compiled.artifacts import CONTRACTS, source
from scrip.interfaces import DATA, LAYOUT
from scrip.reports.findings import Finding

LAYOUTS = next((path for path in (CONTRACTS / "layout", DATA / LAYOUT) if path.is_dir()), CONTRACTS / "layout")
"""The layouts that git keeps, of what is deployed: beside the contracts, or in the data of an installed package."""
COMMITTED = LAYOUTS / "StockToken.json"
WORDS = ("account_word", "lockups", "token_config", "token_multiplier", "wallet_word")
"""Modules whose integer constants are bit maps of stored words."""
SINGLE = ("account_word", "token_config")
"""The modules of WORDS that map one word each, by masks: a new constant's bits are checked against the old ones'."""
EXACT = 2**53
"""Integers from here on are written as decimal strings."""
_WORD = 2**32
"""A constant of a bit map below this is a shift or a number, not a mask."""
_BUILT_IN = re.compile(r"HashMap|DynArray|String|Bytes|bool|address|decimal|u?int\d+|bytes\d+|\d+")
_RESERVED = "_reserved"
_CONSTANT = re.compile(r"(?P<name>\w+): (?:public\()?constant\(uint\d+\)\)? = (?P<value>[^#]*)")
_OPERATIONS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.BitOr: operator.or_,
}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the storage: its first slot, how many it takes, its type, `module.name`."""

    slot: int
    slots: int
    type: str
    name: str

    @property
    def end(self) -> int:
        """The first slot behind it."""
        return self.slot + self.slots

    @property
    def is_reserve(self) -> bool:
        """Whether it is room kept for later."""
        return self.name.rpartition(".")[2] == _RESERVED

    def __str__(self) -> str:
        return (
            f"slots {self.slot} to {self.end - 1}, {self.type}" if self.slots > 1 else f"slot {self.slot}, {self.type}"
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """The variables in the order of their slots, and the constants of each bit map by module and name."""

    storage: tuple[Variable, ...]
    words: Mapping[str, Mapping[str, int]]

    def values(self) -> dict[str, Any]:
        """The layout as it is written to a file; the same for every machine."""
        rows = [{"slot": v.slot, "slots": v.slots, "type": v.type, "variable": v.name} for v in self.storage]
        words = {
            module: {name: value if value < EXACT else str(value) for name, value in constants.items()}
            for module, constants in self.words.items()
        }
        return {"schema": 1, "storage": rows, "words": words}

    def text(self) -> str:
        """The layout as it is kept beside records: sorted keys, two spaces."""
        return json.dumps(self.values(), indent=2, sort_keys=True) + "\n"

    def hash(self) -> str:
        """What a record of a deployment holds of it: 0x and the keccak-256 of its values."""
        return "0x" + keccak(text=json.dumps(self.values(), sort_keys=True, separators=(",", ":"))).hex()


def read_layout(path: Path) -> Layout:
    """A layout from its file; InputError when there is none or it is not one."""
    try:
        return parse_layout(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path), field="layout") from None
    except InputError as error:
        raise InputError(error.message, file=str(path), field="layout") from None


def parse_layout(text: str) -> Layout:
    """A layout from its JSON; InputError when it is none."""
    try:
        content = json.loads(text)
        rows = content["storage"]
        storage = tuple(Variable(row["slot"], row["slots"], row["type"], row["variable"]) for row in rows)
        words = {
            module: {name: int(value) for name, value in constants.items()}
            for module, constants in content["words"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"is no storage layout: {error!r}", field="layout") from None
    return Layout(storage, words)


# --- from a build ---


def layout_of(storage_layout: Mapping[str, Any], sources: Path) -> Layout:
    """The layout of a contract: the compiler's `storage_layout`, and the bit maps of the sources it was made of."""
    variables = (
        Variable(entry["slot"], entry["n_slots"], normal_type(entry["type"]), name)
        for name, entry in entries(storage_layout)
    )
    words = {module: constants(source(module, sources)) for module in WORDS}
    return Layout(tuple(sorted(variables, key=lambda one: one.slot)), words)


def normal_type(text: str) -> str:
    """A type without the path of the file that an interface's name carries."""
    return re.sub(r"[^\s\[\],]*/(\w+)\.vyi?", r"\1", text)


def entries(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The compiler's rows by `module.name`, of storage or of immutables."""
    for name, entry in tree.items():
        if isinstance(entry.get("type"), str):
            yield f"{path}{name}", entry
        else:
            yield from entries(entry, f"{path}{name}.")


def constants(path: Path) -> dict[str, int]:
    """The unsigned constants of a module's source by name; InputError where one is not an expression of integers."""
    return dict(_constants(str(path), path.read_text(encoding="utf-8")))


@lru_cache(64)
def _constants(file: str, text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        declared = _CONSTANT.match(line)
        if declared is None:
            continue
        name, expression = declared["name"], declared["value"]
        try:
            found[name] = _value(ast.parse(expression.strip(), mode="eval").body, found)
        except (SyntaxError, LookupError):
            raise InputError(
                "is no expression of integers", file=file, line=number, field=name, value=expression.strip()
            ) from None
    return dict(sorted(found.items()))


def _value(node: ast.expr, known: Mapping[str, int]) -> int:
    match node:
        case ast.Constant(value=int() as value):
            return value
        case ast.Name(id=name):
            return known[name]
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATIONS[type(op)](_value(left, known), _value(right, known))
    raise LookupError(ast.dump(node))


# --- whether another fits ---


def incompatible(before: Layout, after: Layout) -> list[Finding]:
    """What forbids that storage written under `before` is read under `after`; nothing when it may be."""
    return [*_storage(before, after), *_words(before, after)]


def _refused(what: str, expected: object, found: object) -> Finding:
    return Finding(what, str(expected), str(found), "critical")


def _storage(before: Layout, after: Layout) -> Iterator[Finding]:
    now = {variable.name: variable for variable in after.storage}
    for variable in before.storage:
        field, found = f"storage.{variable.name}", now.get(variable.name)
        if unknown := _BUILT_IN.sub("", variable.type).translate(str.maketrans("", "", "[], ()")):
            yield _refused(field, "a type whose name says what it holds", f"{variable.type} ({unknown})")
        elif variable.is_reserve:
            if found is not None and found.end != variable.end:
                yield _refused(field, f"an end at slot {variable.end - 1}", found)
        elif found is None:
            yield _refused(field, variable, "nothing: it is gone or has another name")
        elif found != variable:
            yield _refused(field, variable, found)
    old = {variable.name for variable in before.storage}
    taken = [variable for variable in before.storage if not variable.is_reserve]
    last = max((variable.end for variable in before.storage), default=0)
    for variable in after.storage:
        if variable.name in old:
            continue
        if met := next((one for one in taken if one.slot < variable.end and variable.slot < one.end), None):
            yield _refused(f"storage.{variable.name}", f"room that was reserved, not {met.name}'s", variable)
        elif _outgrows(variable, before, last):
            yield _refused(f"storage.{variable.name}", "room that was reserved, or behind everything", variable)


def _outgrows(variable: Variable, before: Layout, last: int) -> bool:
    """Whether a new variable lies neither inside one reserve nor behind the last slot in use."""
    inside = any(one.is_reserve and one.slot <= variable.slot and variable.end <= one.end for one in before.storage)
    return not inside and variable.slot < last


def _words(before: Layout, after: Layout) -> Iterator[Finding]:
    for module, constants in before.words.items():
        now = after.words.get(module, {})
        for name, value in constants.items():
            if now.get(name) != value:
                found = bits(now[name]) if name in now else "nothing: it is gone or has another name"
                yield _refused(f"words.{module}.{name}", bits(value), found)
        if module in SINGLE:
            yield from _new_bits(module, before, now)
    for module in sorted(set(after.words) - set(before.words)):
        yield _refused(f"words.{module}", "no such bit map when this was deployed", "one")


def _new_bits(module: str, before: Layout, now: Mapping[str, int]) -> Iterator[Finding]:
    """New constants of a word that take bits of old ones."""
    known = fields(before.words[module])
    # The configuration word keeps its epoch where the account word does.
    known |= {"EPOCH_MASK": before.words["account_word"]["EPOCH_MASK"]} if module != "account_word" else {}
    taken = reduce(operator.or_, known.values(), 0)
    for name, value in fields(now).items():
        made_of = reduce(operator.or_, (old for old in known.values() if old & value == old != value), 0)
        # Free bits are one thing, a mask of several fields another; a second name for a field in use is neither.
        if name not in known and value & taken and made_of != value:
            yield _refused(f"words.{module}.{name}", "bits that nothing uses", bits(value))


def fields(constants: Mapping[str, int]) -> dict[str, int]:
    """The masks of a bit map in place: a mask that starts at bit 0 and has a shift of the same name is shifted."""
    found = {}
    for name, value in constants.items():
        base, _, ending = name.rpartition("_")
        if ending == "SHIFT":
            mask = constants.get(f"{base}_MASK", 0)
            if mask & 1:
                found[base] = mask << value
        elif value >= _WORD and not (ending == "MASK" and value & 1 and f"{base}_SHIFT" in constants):
            found[name] = value
    return found


def bits(value: int) -> str:
    """A mask as the positions of its bits, a small number as itself."""
    if value < _WORD:
        return str(value)
    runs, position = [], 0
    while value >> position:
        if value >> position & 1:
            start = position
            while value >> position & 1:
                position += 1
            runs.append(f"{start}" if position - start == 1 else f"{start}..{position - 1}")
        position += 1
    return f"bits {', '.join(runs)}"
