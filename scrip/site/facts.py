"""All that a page tells, read from networks at one block each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any

from scrip import flows, read
from scrip.chains.agreement import agreed
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError
from scrip.read import ReadAt
from scrip.site.report import PARTS, SCHEMA, row_of


@dataclass(frozen=True, slots=True)
class Gathered:
    """A report as it is written: `content` is report.json, `places` the blocks at which it was read."""

    content: Mapping[str, Any]
    places: tuple[ReadAt, ...]


def gather(networks: Sequence[Network], at: Mapping[str, ReadAt] | None = None) -> Gathered:
    """Read all networks, each at its newest block, or at the places of an earlier report by the network's name.

    Where a manifest names a second node both must say the same. On Solana the present is read in any case, and shown
    as of the earlier report's slot: what has changed since differs. InputError for networks of several issuers.
    """
    issuers = sorted({one.manifest.issuer for one in networks})
    if len(issuers) != 1:
        raise InputError(f"are of several issuers: {', '.join(issuers)}", field="networks")
    parts: dict[str, list[dict[str, object]]] = {name: [] for name in PARTS}
    stopped: list[dict[str, str]] = []
    places = []
    for network in networks:
        earlier = (at or {}).get(network.manifest.network)
        place, found, stops = agreed(network, partial(_of_network, earlier), itemgetter(1), what="report")
        places.append(place)
        for name, rows in found.items():
            parts[name] += rows
        stopped += [{"network": network.manifest.network, "what": one} for one in stops]
    parts["actions"].sort(key=lambda one: str(one["at"]))
    content = {
        "schema": SCHEMA,
        "issuer": issuers[0],
        "read_at": [one.as_json() for one in places],
        "stopped": stopped,
        **parts,
    }
    return Gathered(content, tuple(places))


def _of_network(
    earlier: ReadAt | None, network: Network
) -> tuple[ReadAt, dict[str, list[dict[str, object]]], list[str]]:
    """Where a network was read, the rows of each part, and what is stopped."""
    if isinstance(network, SolanaNetwork):
        seen, now = read.pinned(network)
        place = earlier or now
    else:
        seen, place = read.pinned(network, None if earlier is None else earlier.block)
        if earlier is not None and place.hash != earlier.hash:
            reason = f"has the hash {place.hash} on this node, and the report says {earlier.hash}"
            raise InputError(reason, field=f"{place.network} block", value=place.block)
    stocks = read.stocks(seen)
    standing = [one.ticker for one in stocks]
    actions = [one for each in standing for one in read.actions(seen, each, links=False)]
    facts: dict[str, Sequence[Any]] = {
        "stocks": stocks,
        "venues": read.venues(seen),
        "past": read.past(seen, place, standing),
        "actions": actions,
        "payments": [one for each in standing for one in read.payments(seen, each)],
        "pending": read.pending(seen, known_actions=actions),
        "powers": read.powers(seen),
        "documents": [one for each in standing for one in read.documents(seen, each)],
    }
    rows = {name: [row_of(name, one.as_json()) for one in found] for name, found in facts.items()}
    return place, rows, flows.fleet.stopped(seen)
