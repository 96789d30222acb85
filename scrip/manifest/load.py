"""A manifest's file, checked whole: the YAML, the fields, then everything that one field says about another."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scrip.errors import InputError
from scrip.manifest import model
from scrip.manifest.checks import check
from scrip.manifest.document import Document, Where, read
from scrip.manifest.fault import Fault, Faults, placed, refuse
from scrip.manifest.gaps import gaps
from scrip.manifest.model import Manifest, Part, Preset
from scrip.manifest.rules import check_preset, check_rules
from scrip.manifest.secrets import secret_in
from scrip.parameters import MAX_SYMBOL

PRESETS = "presets"
"""The folder of presets, beside the manifests."""

_Model = TypeVar("_Model", bound=Part)


def load(path: Path) -> Manifest:
    """The manifest in a file, with the presets that it names.

    Raises InputErrors that name file, line, field and value of everything wrong, or the InputError of the first line
    that is not YAML. Nothing is read but the file and its presets.
    """
    document = read(path)
    manifest = _parse(Manifest, document)
    presets, missing = _presets(manifest, path.parent / PRESETS)
    manifest = manifest.completed_by(presets, placed(document, gaps(manifest)))
    refuse(document, [*missing, *check(manifest, path.stem), *check_rules(manifest)])
    return manifest


def load_preset(path: Path) -> Preset:
    """The preset in a file; raises as load does."""
    document = read(path)
    preset = _parse(Preset, document)
    refuse(document, check_preset(preset))
    return preset


def _presets(manifest: Manifest, folder: Path) -> tuple[dict[str, Preset], list[Fault]]:
    found: dict[str, Preset] = {}
    missing = []
    known = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    for ticker, stock in manifest.stocks.items():
        name = stock.rules.preset
        if name in known:
            found[name] = found.get(name) or load_preset(known[name])
        elif name:
            choice = ", ".join(known) or f"there are none in {folder}"
            missing.append(Fault(("stocks", ticker, "rules", "preset"), f"is no preset ({choice})", name))
    return found, missing


def _parse(kind: type[_Model], document: Document) -> _Model:
    if not isinstance(document.value, dict):
        raise InputError("is not a mapping of fields to values", file=document.file, line=1)
    refuse(document, _secrets(document))
    try:
        return kind.model_validate(document.value)
    except ValidationError as error:
        refuse(document, map(_fault, error.errors(include_url=False)))
        raise  # not reached: pydantic gives at least one error


def _secrets(document: Document) -> Faults:
    for where, value in document.scalars():
        if isinstance(value, str) and where != ("chain", "genesis") and (kind := secret_in(value)):
            place = where[:-1] if where and value == where[-1] else where
            yield Fault(place, f"looks like {kind}: a manifest holds no secrets", value)


_PATTERNS = {
    "^[a-z][a-z0-9-]{0,31}$": "is no account name: lower-case letters, digits and hyphens, a letter first, at most 32",
    "^[a-z0-9][a-z0-9-]{0,31}$": "is no network: the name of a manifest beside this one, without .yaml",
    model.TICKER: f"is no symbol: capitals, digits and dots, at most {MAX_SYMBOL.value}",
    "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$": "is no name: letters, digits, dots, hyphens, at most 64",
    "^(|[0-9]{1,30}(\\.[0-9]{1,18})?)$": 'is no amount: digits with at most 18 decimals, such as "1000.5"',
    "^(|[a-z][a-z0-9-]{0,31})$": "is no account name: lower-case letters, digits and hyphens, a letter first",
    "^(|[A-Z][A-Z0-9_]{0,63})$": "is no name of an environment variable",
    "^(|[a-z0-9-]+(:[a-z0-9-]+){0,2})$": "is no network choice of Ape's, such as ethereum:mainnet:node",
    "^(|[A-Za-z0-9][A-Za-z0-9_.-]{0,63})$": "is no alias of a keystore",
}
_TYPES = {
    "missing": "is missing",
    "dict_type": "is not a mapping of names to values",
    "model_type": "is not a mapping of fields to values",
    "tuple_type": "is not a list",
    "bool_type": "is neither true nor false",
    "int_type": "is no whole number",
    "int_from_float": "is no whole number",
}


def _fault(error: ErrorDetails) -> Fault:
    kind, given = error["type"], error["input"]
    context: dict[str, Any] = error.get("ctx", {})
    where: Where = tuple(part for part in error["loc"] if part != "[key]")
    if kind == "extra_forbidden":
        return Fault(where, _unknown(str(where[-1])), given)
    if kind == "missing":
        return Fault(where, "is missing")
    if given is None:
        return Fault(where, "is empty")
    if kind == "string_type":
        quotes = isinstance(given, int | float)
        return Fault(where, "must be text: put it in quotes" if quotes else "is not text", given)
    if kind == "int_type" and isinstance(given, str):
        return Fault(where, "is text: write a whole number, without quotes", given)
    if kind == "string_pattern_mismatch":
        return Fault(where, _PATTERNS.get(context["pattern"], f"does not match {context['pattern']}"), given)
    if kind == "literal_error":
        return Fault(where, f"is not {context['expected']}", given)
    if kind == "value_error":
        return Fault(where, str(context["error"]), given)
    message = error["msg"]
    return Fault(where, _TYPES.get(kind, message[:1].lower() + message[1:]), given)


def _unknown(name: str) -> str:
    near = get_close_matches(name, list(_fields()), 1)
    return f"is no field{f': did you mean {near[0]}?' if near else ''}"


def _fields() -> Iterator[str]:
    for part in vars(model).values():
        if isinstance(part, type) and issubclass(part, Part):
            yield from part.model_fields
