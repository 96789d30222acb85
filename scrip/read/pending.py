"""What is to come on a network, the first to come first: actions, the timelock's operations, and who waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from scrip.chains.network import Network
from scrip.flows import action_history, timelock
from scrip.preview import moment
from scrip.read.actions import ActionFacts
from scrip.read.waiting import requests

AHEAD = ("announced", "amended", "scheduled")
"""Statuses of an action that is still to come."""


@dataclass(frozen=True, slots=True)
class PendingFacts:
    """Something that is to come: `kind` is "action", "timelock", "basis", "redemption" or "subscription".

    `at` is the UTC second from which it happens or may be done, 0 where none is set; `command` what to run about it.
    """

    network: str
    kind: str
    stock: str
    what: str
    status: str
    at: int
    command: str

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "kind": "kind",
        "stock": "stock",
        "what": "what",
        "status": "status",
        "at": "when",
        "command": "command",
    }

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "network": self.network,
            "kind": self.kind,
            "stock": self.stock,
            "what": self.what,
            "status": self.status,
            "at": moment(self.at) if self.at else "",
            "command": self.command,
        }


def pending(
    network: Network, stock: str = "", known_actions: Sequence[ActionFacts] | None = None
) -> list[PendingFacts]:
    """Everything that is to come, of one stock or of all; the timelock's operations are of all and shown always.

    Whoever has read the `known_actions` of these stocks already gives them: nothing is asked of them again.

    Drift where a stock's actions do not come to the pair that the chain has.
    """
    known = network.views().ledger.stocks
    stocks = [one for one in ([stock] if stock else network.manifest.stocks) if one in known]
    if known_actions is None:
        found = [one for each in stocks for one in pending_actions(network, each)]
    else:
        found = list(_ahead(network, [(one.stock, one.entry) for one in known_actions]))
    found += [one for each in stocks for one in pending_basis(network, each)]
    found += operations(network)
    found += waiting(network, stocks)
    return sorted(found, key=lambda one: (one.at, one.kind, one.stock, one.what))


def pending_actions(network: Network, stock: str) -> Iterator[PendingFacts]:
    """Actions of a stock that are still to come; Drift where all of them do not come to the chain's pair."""
    entries = action_history.history(network, stock, coverage=False, links=False)
    yield from _ahead(network, [(stock, one) for one in entries])


def _ahead(network: Network, entries: Sequence[tuple[str, action_history.Entry]]) -> Iterator[PendingFacts]:
    for stock, one in entries:
        if one.status in AHEAD:
            what, command = f"{one.code} {one.reference}", f"action show {stock} {one.code} {one.reference}"
            yield PendingFacts(network.manifest.network, "action", stock, what, one.status, one.at, command)


def pending_basis(network: Network, stock: str) -> Iterator[PendingFacts]:
    """A split of a stock that its reserve does not count in yet, where there is one."""
    views = network.views()
    feed = views.backing(stock)
    present = feed.present(views.now())
    if present != feed.basis:
        what = f"the reserve is counted in {feed.basis}, and the split is {present}"
        command = f"market confirm-basis {stock}"
        yield PendingFacts(network.manifest.network, "basis", stock, what, "not confirmed", 0, command)


def operations(network: Network) -> Iterator[PendingFacts]:
    """What waits in the timelock: status "waits", "ready", or "lapsed", which can only be cancelled."""
    now = network.now()
    for one in timelock.waiting(network):
        lines = [line.strip() for line in timelock.lines(network, one)][1:]
        status = "ready" if now >= one.ready_at else "waits"
        if now >= one.lapses_at:
            status = "lapsed"
        what, command = "; ".join(lines), f"timelock {'cancel' if status == 'lapsed' else 'execute'} {one.label}"
        yield PendingFacts(network.manifest.network, "timelock", "", what, status, one.ready_at, command)


def waiting(network: Network, stocks: Sequence[str]) -> Iterator[PendingFacts]:
    """Requests in the stocks' vaults: status "waits", "held", or "LATE", for which anybody may stop new mints."""
    for one in requests(network, stocks):
        if one.waiting:
            status = "LATE" if one.late else "held" if one.held else "waits"
            what = f"{one.waiting} {one.unit} of {one.controller}"
            command = f"{one.kind} queue {one.stock}"
            yield PendingFacts(network.manifest.network, one.kind, one.stock, what, status, one.since, command)
