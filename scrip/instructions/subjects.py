"""Whom and what instructions are about: what a preview must know of the chain before it can answer.

The types of an instruction's fields say what they name (`instructions.base.Names`), so that nothing is listed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, get_args, get_type_hints

from scrip.instructions.base import Instruction, Names

_Value = TypeVar("_Value")

OTHERS = "(others)"
"""The account of everything that the named ones do not hold."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """Names. `references` are those of corporate actions, `quotes` the ids of quotes, `assets` what they settle in.

    `strikes` are the names of prices for requests to redeem, `distributions` the ids of posted roots, `polls`
    the numbers of votes, `elections` the ids of elections, `offers` the numbers of offers.

    `allowances` are pairs of an owner and a spender, `attestations` KYC `providers` and nonces that they signed under,
    `leaves` ids of elections and places in their trees, `oracles` those of sanctions, `sources` those of prices,
    `calendars` the codes of exchanges, `prices` stocks whose prices are asked about, `pegs` assets whose peg feeds
    are, `nonces` `signers` of quotes and the numbers that they gave them, `traders` accounts that mint and redeem.
    """

    stocks: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    investors: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    quotes: frozenset[str] = frozenset()
    assets: frozenset[str] = frozenset()
    strikes: frozenset[str] = frozenset()
    distributions: frozenset[str] = frozenset()
    polls: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    elections: frozenset[str] = frozenset()
    leaves: frozenset[tuple[str, int]] = frozenset()
    allowances: frozenset[tuple[str, str]] = frozenset()
    attestations: frozenset[tuple[str, int]] = frozenset()
    providers: frozenset[str] = frozenset()
    oracles: frozenset[str] = frozenset()
    nonces: frozenset[tuple[str, int]] = frozenset()
    signers: frozenset[str] = frozenset()
    traders: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    calendars: frozenset[str] = frozenset()
    prices: frozenset[str] = frozenset()
    pegs: frozenset[str] = frozenset()

    def __or__(self, other: Subjects) -> Subjects:
        """The subjects that either of two names."""
        return Subjects(*(getattr(self, name) | getattr(other, name) for name in SETS))


SETS = tuple(one.name for one in fields(Subjects))


def subjects_of(instructions: Iterable[Instruction]) -> Subjects:
    """What the instructions name."""
    found: dict[str, set[Any]] = {name: set() for name in SETS}
    for order in instructions:
        _collect(order, found)
    return Subjects(**{name: frozenset(names) for name, names in found.items()})


def called_by_name(order: _Value, name_of: Callable[[str], str]) -> _Value:
    """The instruction with each account under the name that `name_of` gives it, so that none has two in a model."""
    reading, changes = reading_of(type(order)), dict[str, object]()
    for field, names in reading.texts:
        text = getattr(order, field)
        if names.addressed and text and (called := name_of(text)) != text:
            changes[field] = called
    for field, names in reading.lists:
        texts = getattr(order, field)
        if names.addressed and (several := tuple(name_of(text) if text else text for text in texts)) != texts:
            changes[field] = several
    for field in reading.parts:
        part = getattr(order, field)
        if (other := called_by_name(part, name_of)) is not part:
            changes[field] = other
    for field in reading.groups:
        group = getattr(order, field)
        if (others := tuple(called_by_name(part, name_of) for part in group)) != group:
            changes[field] = others
    return replace(order, **changes) if changes else order  # type: ignore[type-var]


def reference_text(word: bytes) -> str:
    """A reference for people, from the 32 bytes that a chain keeps: its text, or the word in hex where that is none."""
    text = word.rstrip(b"\0").decode("utf-8", "replace")
    return text if text.isprintable() and "\ufffd" not in text else "0x" + word.hex()


# --- what the fields of a class name ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """The fields of a class that name something: one text, several, or values whose own fields do, one or several.

    `pairs` are the set of `Subjects` that two fields together belong to, and the two.
    """

    texts: tuple[tuple[str, Names], ...]
    lists: tuple[tuple[str, Names], ...]
    parts: tuple[str, ...]
    groups: tuple[str, ...]
    pairs: tuple[tuple[str, str, str], ...]


_READINGS: dict[type, Reading] = {}


def reading_of(kind: type) -> Reading:
    """How a class of instruction, or of a value within one, is read: told once by the types of its fields."""
    found = _READINGS.get(kind)
    if found is None:
        found = _READINGS[kind] = _read(kind)
    return found


def _read(kind: type) -> Reading:
    texts: list[tuple[str, Names]] = []
    lists: list[tuple[str, Names]] = []
    parts: list[str] = []
    groups: list[str] = []
    halves: dict[str, tuple[str, Names]] = {}
    hints = get_type_hints(kind, include_extras=True)
    for field in (one.name for one in fields(kind)):
        hint = hints[field]
        if (names := names_in(hint)) is not None:
            halves[field] = field, names
            if names.sets:
                texts.append((field, names))
        elif (inner := get_args(hint)) and (names := names_in(inner[0])) is not None and names.sets:
            lists.append((field, names))
        elif isinstance(hint, type) and is_dataclass(hint) and _names_anything(hint):
            parts.append(field)
        elif inner and isinstance(inner[0], type) and is_dataclass(inner[0]) and _names_anything(inner[0]):
            groups.append(field)
    pairs = [
        (one.first_of, first, second)
        for first, one in halves.values()
        for second, other in halves.values()
        if one.first_of and one.first_of == other.second_of
    ]
    return Reading(tuple(texts), tuple(lists), tuple(parts), tuple(groups), tuple(pairs))


def names_in(hint: object) -> Names | None:
    """What a field of this type names; None for a type that does not say."""
    return next((one for one in getattr(hint, "__metadata__", ()) if isinstance(one, Names)), None)


def _names_anything(kind: type) -> bool:
    reading = reading_of(kind)
    return bool(reading.texts or reading.lists or reading.parts or reading.groups)


def _collect(value: object, found: dict[str, set[Any]]) -> None:
    """Add what a value names to the sets."""
    reading = reading_of(type(value))
    for field, names in reading.texts:
        text = getattr(value, field)
        if text:
            for name in names.sets:
                found[name].add(text)
    for field, names in reading.lists:
        texts = filter(None, getattr(value, field))
        for text in texts:
            for name in names.sets:
                found[name].add(text)
    for name, first, second in reading.pairs:
        found[name].add((getattr(value, first), getattr(value, second)))
    for field in reading.parts:
        _collect(getattr(value, field), found)
    for field in reading.groups:
        for part in getattr(value, field):
            _collect(part, found)
