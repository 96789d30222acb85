"""Whether another build of the program reads the accounts that stand: their layouts, as two interfaces tell them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from scrip.reports.findings import Finding

Idl = Mapping[str, Any]


def incompatible(before: Idl, after: Idl) -> Iterator[Finding]:
    """Every kind of account that stands and that the other build knows no longer, or lays out otherwise.

    A variant at the end of an enumeration, and a kind of account that is new, change nothing of what stands.
    """
    if before["address"] != after["address"]:
        yield Finding("program.address", before["address"], after["address"], "critical")
    was, now = _version(before), _version(after)
    if was != now:
        yield Finding("program.VERSION", was, now, "critical")
    kinds = {one["name"]: one["discriminator"] for one in after["accounts"]}
    old, new = _types(before), _types(after)
    for one in before["accounts"]:
        name, expected = one["name"], one["discriminator"]
        if kinds.get(name) != expected:
            yield Finding(f"accounts.{name}", f"discriminator {expected}", str(kinds.get(name, "none")), "critical")
            continue
        yield from _differences(f"accounts.{name}", old, new, name)


def _version(idl: Idl) -> str:
    """The number of the layout that a build reads and writes."""
    return next((str(one["value"]) for one in idl["constants"] if one["name"] == "VERSION"), "none")


def _types(idl: Idl) -> dict[str, Mapping[str, Any]]:
    return {one["name"]: one["type"] for one in idl["types"]}


def _differences(field: str, old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> Iterator[Finding]:
    """In what a type differs between two interfaces, and the types that it is made of."""
    was, now = _parts(old[name]), _parts(new.get(name, {}))
    grown = old[name]["kind"] == "enum" and new.get(name, {}).get("kind") == "enum"
    if was != (now[: len(was)] if grown else now):
        yield Finding(field, _shown(was), _shown(now), "critical")
        return
    for part in _named(old[name]):
        yield from _differences(f"{field}.{part}", old, new, part)


def _parts(made: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields or variants of a type in order, each with what it is made of."""
    parts = made.get("fields", made.get("variants", []))
    return [(one["name"], json.dumps(one.get("type", one.get("fields", "")), sort_keys=True)) for one in parts]


def _named(made: Any) -> list[str]:
    """The types that a type names, at any depth."""
    if isinstance(made, Mapping):
        inner = [name for one in made.values() for name in _named(one)]
        return [made["defined"]["name"]] if "defined" in made else list(dict.fromkeys(inner))
    return [name for one in made for name in _named(one)] if isinstance(made, list) else []


def _shown(parts: list[tuple[str, str]]) -> str:
    return ", ".join(f"{name}: {made}" if made != '""' else name for name, made in parts) or "nothing"
