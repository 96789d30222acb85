"""The manifests of the other networks that a manifest spans, each checked against it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scrip.errors import InputError
from scrip.manifest.load import load
from scrip.manifest.model import AnyManifest


def siblings_of(manifest: AnyManifest, folder: Path) -> list[AnyManifest]:
    """The manifests that one names in `spans`, from its folder, in its order.

    InputError for a file that is missing, for one that does not name all the others in turn, for one that has none of
    its stocks, and for one that has a stock in another series or born under another ISIN: its corporate actions would
    have other ids there.
    """
    found = [_sibling(manifest, folder / f"{name}.yaml") for name in manifest.spans]
    networks = {manifest.network, *manifest.spans}
    for other in found:
        if missing := networks - {other.network, *other.spans}:
            reason = f"does not name {', '.join(sorted(missing))}, and {manifest.network} spans both"
            raise InputError(reason, file=str(folder / f"{other.network}.yaml"), field="spans")
    return found


def with_stock(manifest: AnyManifest, folder: Path, ticker: str) -> list[AnyManifest]:
    """The manifests of the other networks that have a stock of one, by its ISIN at birth and its series; none where it
    spans none.

    InputError as `siblings_of`.
    """
    wanted = manifest.stocks[ticker].identity if ticker in manifest.stocks else ""
    found = siblings_of(manifest, folder) if manifest.spans else []
    return [other for other in found if any(stock.identity == wanted for stock in other.stocks.values())]


def demand_single(operation: str, others: Sequence[AnyManifest]) -> None:
    """InputError for an operation on one network's multiplier that would leave the others of a stock behind.

    `others` are those that have the stock, too.
    """
    if not others:
        return
    names = ", ".join(other.network for other in others)
    reason = f"would leave {names} behind: give it on {names}, too, each with --alone and the same terms"
    raise InputError(reason, field="command", value=operation)


def _sibling(manifest: AnyManifest, path: Path) -> AnyManifest:
    if not path.is_file():
        raise InputError("is no manifest", file=str(path), field="spans", value=path.stem)
    other = load(path)
    _demand_one_birth(manifest, other, path)
    ours, theirs = _births(manifest), _births(other)
    if not ours.keys() & theirs.keys():
        raise InputError(f"has no stock of {manifest.network}", file=str(path), field="stocks")
    for born in ours.keys() & theirs.keys():
        # Two series of one ISIN are two stocks, and either network may lack one of them.
        if not ours[born].keys() & theirs[born].keys():
            (series, name), (other_series, ticker) = (next(iter(one[born].items())) for one in (ours, theirs))
            reason = f"is {series} on {manifest.network}, where {name} has the same birth ISIN: one stock is one series"
            raise InputError(reason, file=str(path), field=f"stocks.{ticker}.series", value=str(other_series))
    return other


def _births(manifest: AnyManifest) -> dict[str, dict[int, str]]:
    """The tickers of a manifest, by ISIN at birth and series."""
    found: dict[str, dict[int, str]] = {}
    for ticker, stock in manifest.stocks.items():
        found.setdefault(stock.born, {})[stock.series] = ticker
    return found


def _demand_one_birth(manifest: AnyManifest, other: AnyManifest, path: Path) -> None:
    """InputError for a stock that carries one ISIN here and there and was born under two.

    An action of it would find no sibling there, and one network would run ahead.
    """
    ours = {stock.isin: stock.born for stock in manifest.stocks.values()}
    for ticker, stock in other.stocks.items():
        if stock.born != (birth := ours.get(stock.isin, stock.born)):
            reason = f"is {birth} on {manifest.network}, of the same ISIN: one stock is born under one"
            raise InputError(reason, file=str(path), field=f"stocks.{ticker}.birth_isin", value=stock.born)
