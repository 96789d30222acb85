"""What pydantic refuses in a file, said for people: in which field, what is wrong, and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from scrip.inputs.reading.refused import is_unknown, said, unknown
from scrip.manifest.document import Where
from scrip.manifest.fault import Fault
from scrip.manifest.fields import FORMS, Elsewhere
from scrip.manifest.model import EvmManifest, Kind, Manifest, SolanaManifest
from scrip.manifest.part import Part

KINDS: dict[str, type[Manifest]] = {"evm": EvmManifest, "solana": SolanaManifest}
"""The manifests by `chain.kind`."""


def wrong_kind(content: dict[str, Any]) -> Fault:
    """What is wrong with a manifest of which nobody can tell the kind."""
    if "chain" not in content:
        return Fault(("chain",), "is missing")
    chain = content["chain"]
    if not isinstance(chain, dict):
        return Fault(("chain",), "is empty" if chain is None else "is not a mapping of fields to values", chain or "")
    if "kind" not in chain:
        return Fault(("chain", "kind"), "is missing")
    if chain["kind"] is None:
        return Fault(("chain", "kind"), "is empty")
    kinds = " or ".join(map(repr, get_args(Kind)))
    return Fault(("chain", "kind"), f"is not {kinds}", chain["kind"])


def mistake(error: ErrorDetails, kind: str = "") -> Fault:
    """One of pydantic's errors, in a manifest of that kind or, "", in a preset."""
    place = error["loc"][1:] if kind else error["loc"]  # the union's member comes first, which is no part of the file
    where: Where = tuple(part for part in place if part != "[key]")
    if error["type"] == "missing":
        return Fault(where, said(error))
    return Fault(where, _unknown(where, kind) if is_unknown(error) else said(error, FORMS), error["input"])


def _unknown(where: Where, kind: str) -> str:
    if kind:
        path = general(where)
        other = next(form for name, form in KINDS.items() if name != kind)
        if path in field_paths(other):
            return ELSEWHERE[kind].get(path, ELSEWHERE[kind][""])
    return unknown(where[-1], _names())


def _names(part: type[Part] = Part) -> Iterator[str]:
    """The fields of every part of a manifest."""
    yield from part.model_fields
    for one in part.__subclasses__():
        yield from _names(one)


def general(where: Where) -> str:
    """A field's place for any stock and any account: stocks.*.reserve.ceiling."""
    named = where[0] in ("stocks", "accounts")
    return ".".join("*" if named and place == 1 else str(one) for place, one in enumerate(where))


def field_paths(kind: type[Part]) -> tuple[str, ...]:
    """Every field of a manifest of that kind and of its parts, dotted; "*" for any stock, any account."""
    return tuple(path for path, _ in _fields(kind))


def _fields(kind: type[Part], before: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for name, info in kind.model_fields.items():
        path = f"{before}{info.alias or name}"
        yield path, info
        for part, inside in _parts(info.annotation, path):
            yield from _fields(part, f"{inside}.")


def _elsewhere(kind: type[Part]) -> dict[str, str]:
    """What is said of fields of that kind of manifest in one of the other kind, by the field's place."""
    notes = ((path, note) for path, info in _fields(kind) for note in info.metadata)
    return {path: note.said for path, note in notes if isinstance(note, Elsewhere)}


def _parts(annotation: Any, path: str) -> Iterator[tuple[type[Part], str]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation, path
    elif get_origin(annotation) is UnionType:
        # A part that a manifest may leave out.
        for one in get_args(annotation):
            yield from _parts(one, path)
    elif get_origin(annotation) in (dict, Mapping):
        yield from _parts(get_args(annotation)[1], f"{path}.*")
    elif isinstance(annotation, UnionType):
        for one in get_args(annotation):
            yield from _parts(one, path)


ELSEWHERE = {
    "evm": _elsewhere(SolanaManifest) | {"": "is a field of Solana networks"},
    "solana": _elsewhere(EvmManifest) | {"": "is a field of Ethereum-family networks"},
}
"""What to say on one kind of network of a field that only the other has; "" for any other such field."""
