"""A manifest's file, checked whole: the YAML, the fields, then everything that one field says about another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from scrip.errors import InputError
from scrip.manifest.checks import STREAM_SCHEMAS, check
from scrip.manifest.document import Document, read
from scrip.manifest.fault import Fault, Faults, placed, refuse
from scrip.manifest.gaps import gaps
from scrip.manifest.mistakes import KINDS, mistake, wrong_kind
from scrip.manifest.model import AnyManifest, Manifest, Preset, kind_of
from scrip.manifest.regime import Regime
from scrip.manifest.rounds import apart, mended
from scrip.manifest.rules import check_preset, check_rules
from scrip.manifest.secrets import secret_in

STREAMS = tuple(f"0x{schema:04x}" for schema in STREAM_SCHEMAS)
"""How the ids of data streams begin."""
PRESETS = "presets"
"""The folder of presets, beside the manifests."""
REGIMES = "regimes"
"""The folder of lists of coins, beside the manifests."""

_MANIFEST: TypeAdapter[AnyManifest] = TypeAdapter(AnyManifest)


def load(path: Path) -> AnyManifest:
    """The manifest in a file, of the type of its kind of chain, with the presets that it names.

    Raises InputErrors that name file, line, field and value of everything wrong, or the InputError of the first line
    that is not YAML. Nothing is read but the file and its presets.
    """
    document = read(path)
    content = _fields(document)
    faults = list(_secrets(document))
    gone = {fault.where for fault in faults}
    kind = kind_of(content) or ""
    if kind not in KINDS:
        refuse(document, [*faults, wrong_kind(content)])
    manifest: AnyManifest | None
    try:
        manifest = _MANIFEST.validate_python(content)
    except ValidationError as error:
        wrong = (mistake(one, kind) for one in error.errors(include_url=False))
        faults += (fault for fault in wrong if fault.where not in gone)
        manifest, left_out = mended(content, _MANIFEST.validate_python)
        gone |= left_out
    if manifest is not None:
        presets, missing = _presets(manifest, path.parent / PRESETS)
        manifest = manifest.completed_by(presets, placed(document, gaps(manifest)))
        missing += _unlisted(manifest, path.parent / REGIMES)
        faults += apart([*missing, *check(manifest, path.stem), *check_rules(manifest)], gone)
    refuse(document, faults)
    if manifest is None:
        raise AssertionError("a manifest that cannot be read has a fault")
    return manifest


def load_preset(path: Path) -> Preset:
    """The preset in a file; raises as load does."""
    document = read(path)
    content = _content(document)
    try:
        preset = Preset.model_validate(content)
    except ValidationError as error:
        refuse(document, map(mistake, error.errors(include_url=False)))
        raise  # not reached: pydantic gives at least one error
    refuse(document, check_preset(preset))
    return preset


def load_regime(path: Path) -> Regime:
    """The list of coins in a file; raises as load does."""
    document = read(path)
    content = _content(document)
    try:
        return Regime.model_validate(content)
    except ValidationError as error:
        refuse(document, map(mistake, error.errors(include_url=False)))
        raise  # not reached: pydantic gives at least one error


def _unlisted(manifest: Manifest, folder: Path) -> Iterator[Fault]:
    """A fault for each coin that the manifest's regime does not list, and for a regime that there is not."""
    name = manifest.settlement.regime
    known = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    if name and name not in known:
        choice = ", ".join(known) or f"there are none in {folder}"
        yield Fault(("settlement", "regime"), f"is no regime ({choice})", name)
    elif name:
        coins = load_regime(known[name]).coins
        for symbol in manifest.settlement.assets:
            if symbol not in coins:
                reason = f"may not settle under {name}, which lists {', '.join(coins) or 'no coin'}"
                yield Fault(("settlement", "assets", symbol), reason, symbol)


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


def _content(document: Document) -> dict[str, Any]:
    """A file's fields; InputErrors for a file that has none, or that holds a secret."""
    found = _fields(document)
    refuse(document, _secrets(document))
    return found


def _fields(document: Document) -> dict[str, Any]:
    if not isinstance(document.value, dict):
        raise InputError("is not a mapping of fields to values", file=document.file, line=1)
    return document.value


def _is_public(where: tuple[object, ...], value: str) -> bool:
    """Whether what looks like a secret is none there: a genesis hash; a data stream's id; a description's
    address, which a mint shows.

    An id begins with its schema's number, as one key of twenty thousand does. An address that carries a user, a query
    or a fragment may still carry a key.
    """
    stream = len(where) == 5 and (where[0], *where[2:]) == ("stocks", "price", "stream", "feed_id")
    if stream and value.startswith(STREAMS):
        return True
    described = len(where) == 3 and (where[0], where[2]) == ("stocks", "uri")
    return where == ("chain", "genesis") or (described and "://" in value and not set("@?#") & set(value))


def _secrets(document: Document) -> Faults:
    for where, value in document.scalars():
        if isinstance(value, str) and not _is_public(where, value) and (kind := secret_in(value)):
            place = where[:-1] if where and value == where[-1] else where
            yield Fault(place, f"looks like {kind}: a manifest holds no secrets", value)
