"""The contracts of others that a manifest names: each has to answer as one of its kind does, before it is believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eth_abi.exceptions import DecodingError

from scrip.evm import outside
from scrip.evm.connection import EvmConnection
from scrip.evm.rpc.node import Reverted, call_fields, returned
from scrip.evm.rpc.wire import RpcError
from scrip.manifest.checks import contracts_of_others
from scrip.manifest.document import dotted
from scrip.reports.findings import Finding


@dataclass(frozen=True, slots=True)
class Kind:
    """What kind of contract stands in a place: what people call it, its interface, and the views that tell it."""

    called: str
    interface: str
    views: Mapping[str, tuple[object, ...]]


NOBODY = "0x" + "00" * 19 + "01"
"""An address about which a sanctions oracle can be asked."""
FEED = Kind("an aggregator's feed", outside.RESERVE_ORACLE, {"decimals": (), "latestRoundData": ()})
COIN = Kind("a coin (ERC-20)", outside.STABLECOIN, {"decimals": (), "balanceOf": (NOBODY,)})
LISTS = Kind("a sanctions oracle", outside.SANCTIONS_ORACLE, {"isSanctioned": (NOBODY,)})
KINDS: Mapping[str, Kind] = {
    "assets": COIN,
    "sanctions_oracle": LISTS,
    "oracle": FEED,
    "source": FEED,
    "second": FEED,
    "feed": FEED,
}
"""By the name of the manifest's field, or of the mapping that it stands in. A streams' verifier has no view to ask."""


def misfits(network: EvmConnection) -> Iterator[Finding]:
    """Findings about contracts of others that do not answer as their kind: no code, one of our own, another's.

    All are asked in one request. A registry's address where a feed is expected was told by nothing before a mint.
    """
    named = [(where, at.lower()) for where, at in contracts_of_others(network.manifest) if at.startswith("0x")]
    places = [(where, at, kind) for where, at in named if (kind := _kind_of(where)) is not None]
    asked = [(place, view, args) for place in places for view, args in place[2].views.items()]
    entries = [network.chain.abi(kind.interface).function(view, len(args)) for (_, _, kind), view, args in asked]
    answers = network.node.batch(
        ("eth_call", [call_fields(None, at, entry.calldata(args)), "latest"])
        for entry, ((_, at, _), _, args) in zip(entries, asked, strict=True)
    )
    silent: dict[int, str] = {}
    for entry, answer, (place, view, _) in zip(entries, answers, asked, strict=True):
        try:
            entry.result(returned(answer))
        except (Reverted, RpcError, DecodingError):
            silent.setdefault(places.index(place), view)
    for number, view in silent.items():
        where, at, kind = places[number]
        ours = network.book.label(at)
        what = f"this deployment's {ours}" if ours and not _is_named(ours) else "a contract"
        stands = f"{what}, which does not answer {view}()" if network.node.code(at) else "where there is no code"
        yield Finding(dotted(where), kind.called, f"{at}, {stands}", "critical")


def _kind_of(where: tuple[str | int, ...]) -> Kind | None:
    return KINDS.get(str(where[-1])) or KINDS.get(str(where[-2]) if len(where) > 1 else "")


def _is_named(label: str) -> bool:
    """Whether the book has a label for what the manifest names, which is not ours."""
    return label.startswith(("asset-", "oracle-", "price-", "stablecoin", "sequencer", "sanctions"))
