"""What a desk begins with: the manifest deployed, money, a reserve, investors, a split and a dividend ahead.

All of it goes through the flows that an operator's commands go through, but for what only a local chain gives: money of
a mock, and a mock's word for a reserve. What stands is left alone, so that a run that was cut short is gone on with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from scrip import flows
from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.inputs.batch import read_newcomers
from scrip.inputs.sessions import first_from, opening
from scrip.instructions.base import TREASURY
from scrip.local import cast
from scrip.local.nodes import Node, carry
from scrip.manifest.model import AnyManifest
from scrip.units import Shares, Stablecoin, parse_wad

DAY = 86_400
MONEY = Stablecoin.parse("1000000")
"""What each of those who have money begins with."""
HELD = Shares.of(1_000_000)
"""Shares of each stock that the custodian says it holds."""
SPLIT, DIVIDEND = "split-1", "dividend-1"
"""The references of the actions ahead."""
SPLIT_AFTER, DIVIDEND_AFTER = 5 * DAY, 2 * DAY
"""Seconds after which the first session is the ex date of each."""
PAID_AFTER = 2 * DAY
REINVESTED = "DRIP"
GROSS = parse_wad("1.50")
"""Of the dividend, currency per share."""


@dataclass(frozen=True)
class Orders:
    """The actions ahead, of one manifest: a split of its first stock, a dividend of its last."""

    manifest: AnyManifest
    ex: dict[str, str]

    @classmethod
    def ahead(cls, manifest: AnyManifest, now: int) -> Orders:
        """Ex dates for both, after a clock's second."""
        orders = cls(manifest, {})
        days = {
            SPLIT: first_from(manifest.calendar_of(orders.splitting), now + SPLIT_AFTER),
            DIVIDEND: first_from(manifest.calendar_of(orders.paying), now + DIVIDEND_AFTER),
        }
        return replace(orders, ex={name: day.isoformat() for name, day in days.items()})

    @property
    def splitting(self) -> str:
        """The stock that splits."""
        return next(iter(self.manifest.stocks))

    @property
    def paying(self) -> str:
        """The stock that pays a dividend."""
        return list(self.manifest.stocks)[-1]

    def split(self) -> ins.Announce:
        """Two new shares for one old."""
        ex, opens = self._session(self.splitting, SPLIT)
        return ins.Announce(self.splitting, "SPLF", SPLIT, ex, opens, num=2, den=1)

    def dividend(self) -> ins.Announce:
        """Cash that is reinvested for everyone."""
        ex, opens = self._session(self.paying, DIVIDEND)
        return ins.Announce(self.paying, REINVESTED, DIVIDEND, ex, opens, gross=GROSS, pay=opens + PAID_AFTER)

    def both(self) -> tuple[ins.Announce, ...]:
        """The two."""
        return self.split(), self.dividend()

    def _session(self, stock: str, name: str) -> tuple[date, int]:
        ex = date.fromisoformat(self.ex[name])
        return ex, opening(self.manifest.calendar_of(stock), ex)


def furnish(node: Node, network: Network, ex: dict[str, str]) -> Iterator[str]:
    """Bring a network to where a desk begins; a line for each thing that is done."""
    manifest, orders = network.manifest, Orders(network.manifest, ex)
    if len(manifest.stocks) < 2:
        raise InputError("are fewer than the two that a desk shows", field="stocks", value=", ".join(manifest.stocks))
    sent = carry(network, network.deployment())
    yield f"deployed, {', '.join(manifest.stocks)} among it: {sent} transactions"
    # A network of Ethereum's family knows its contracts once they are recorded.
    network = node.open(manifest, network.records.folder.parent)
    node.endow(network)
    for name in (*cast.SIGNING, TREASURY):
        if not network.views().ledger.stablecoin(name).value:
            node.fund(network, name, MONEY)
    yield f"{', '.join(cast.SIGNING)} and the treasury have {MONEY} of the mock stablecoin each"
    for stock in manifest.stocks:
        if not network.views().ledger.coverage(stock).attested:
            node.attest(network, stock, HELD)
    yield f"the custodian holds {HELD} shares of each stock"
    file = node.folder / f"investors-{node.name}.csv"
    cast.write_file(file, network.now(), node.wallet)
    carry(network, flows.investors.onboard(network, read_newcomers(file, manifest.chain.kind)))
    yield f"{len(cast.PEOPLE)} investors onboarded from {file}"
    yield from _actions(network, orders)


def _actions(network: Network, orders: Orders) -> Iterator[str]:
    split, dividend = orders.split(), orders.dividend()
    carry(network, flows.actions.plan_of(network, split))
    carry(network, flows.actions.plan_of(network, ins.Schedule(split.stock, split.code, split.reference)))
    yield f"{split.stock} splits {split.num}:{split.den} on {split.ex}: announced and scheduled"
    carry(network, flows.actions.plan_of(network, dividend))
    yield f"{dividend.stock} pays a dividend, ex {dividend.ex}: announced, its price is still to be struck"


def manifest_file(folder: Path, network: str) -> Path:
    """The file of a desk's manifest."""
    return folder / f"{network}.yaml"
