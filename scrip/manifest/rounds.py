"""A manifest of which fields are wrong, mended as far as it takes to check the others: all faults in one round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scrip.manifest.document import Where
from scrip.manifest.fault import Fault
from scrip.manifest.model import Manifest

ROUNDS = 12
"""How often a mended manifest is read again: a value that was left out may have to be there."""
STAND_INS: tuple[object, ...] = (31_337, "localnet", 1, 86_400, "1d", "1", "x", "X", "local:local:local", (), {})
"""One of these has the form of any value that a manifest must have."""


_Manifest = TypeVar("_Manifest", bound=Manifest)


def mended(content: dict[str, Any], read: Callable[[dict[str, Any]], _Manifest]) -> tuple[_Manifest | None, set[Where]]:
    """What stands of a manifest once every wrong value is left out, and the places that were.

    Where a value has to be, a stand-in takes its place; None where none does.
    """
    gone: set[Where] = set()
    kept: Any = content
    for _ in range(ROUNDS):
        places = _wrong(kept, read)
        if not places:
            return read(kept), gone
        for place in sorted(places, key=len, reverse=True):
            # What is still wrong where nothing stands has to be there.
            kept = _without(kept, place) if _stands(kept, place) else _filled(kept, place, read)
        gone |= places
    return None, gone


def _wrong(content: Any, read: Callable[[dict[str, Any]], Manifest]) -> set[Where]:
    try:
        read(content)
    except ValidationError as error:
        return {_place(one) for one in error.errors(include_url=False)}
    return set()


def _filled(content: Any, place: Where, read: Callable[[dict[str, Any]], Manifest]) -> Any:
    """A copy of a mapping in which a stand-in of the right form is at a place; without what it is part of, else."""
    for value in STAND_INS:
        tried = _with(content, place, value)
        if not any(wrong[: len(place)] == place for wrong in _wrong(tried, read)):
            return tried
    return _without(content, place[:-1])


def _with(value: Any, place: Where, new: object) -> Any:
    if not place:
        return new
    return {**value, place[0]: _with(value.get(place[0], {}), place[1:], new)} if isinstance(value, dict) else value


def _place(error: ErrorDetails) -> Where:
    return tuple(part for part in error["loc"][1:] if part != "[key]")


def _stands(value: Any, place: Where) -> bool:
    if not place:
        return True
    first, rest = place[0], place[1:]
    if isinstance(value, dict):
        return first in value and _stands(value[first], rest)
    inside = isinstance(value, tuple) and isinstance(first, int) and first < len(value)
    return inside and _stands(value[int(first)], rest)


def _without(value: Any, place: Where) -> Any:
    """A copy of a mapping without what stands at a place; a list is left out whole."""
    if not place or not isinstance(value, dict) or place[0] not in value:
        return value
    first, rest = place[0], place[1:]
    if not rest or not isinstance(value[first], dict):
        return {key: one for key, one in value.items() if key != first}
    return {**value, first: _without(value[first], rest)}


def apart(faults: Iterable[Fault], gone: set[Where]) -> Iterator[Fault]:
    """Those faults that are not of what was left out, nor follow from its being gone."""
    names = {str(place[-1]).lower() for place in gone}
    for fault in faults:
        near = any(fault.where[: len(place)] == place or place[: len(fault.where)] == fault.where for place in gone)
        if not near and str(fault.value).lower() not in names:
            yield fault
