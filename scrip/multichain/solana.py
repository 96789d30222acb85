"""A network on Solana as a side of an operation over several chains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scrip.instructions.subjects import reference_text
from scrip.multichain.networks import NetworkSide
from scrip.multichain.side import Booked
from scrip.multichain.standing import TERMS, Standing
from scrip.plan import Step
from scrip.solana.addresses import reference_word
from scrip.solana.handlers.actions import records_of
from scrip.solana.network import SolanaNetwork
from scrip.solana.operations.common import step
from scrip.units import Shares

STRUCK = (*TERMS, "withheld", "net", "price")


@dataclass
class SolanaSide(NetworkSide):
    """A network on Solana."""

    network: SolanaNetwork

    def standing(self, stock: str, code: str, reference: str) -> Standing:
        """An action by what names it."""
        network, listing = self.network, self.ledger.listing(stock)
        data = network.chain.account(network.program.at.action(listing.stock, code, reference_word(reference)))
        if data is None:
            return Standing(b"", code, reference, "unknown")
        return self._shown(network.program.decode(data), reference)

    def standings(self, stock: str) -> Iterator[Standing]:
        """Every action that was ever announced for a stock: the program closes none."""
        for _, record in records_of(self.ledger, self.ledger.listing(stock)):
            yield self._shown(record, reference_text(bytes(record.reference)))

    def _shown(self, record: Any, reference: str) -> Standing:
        status = type(record.status).__name__.lower()
        if status == "scheduled" and self.now() >= record.effective_at:
            status = "effective"
        code = bytes(record.code).rstrip(b"\0").decode("ascii", "replace")
        terms = {name: getattr(record, name) for name in STRUCK}
        return Standing(bytes(record.id), code, reference, status, **terms)  # type: ignore[arg-type]

    def ceiling(self, stock: str) -> Shares:
        """What this chain may issue of a stock."""
        listing = self.ledger.listing(stock)
        reserve = self.network.program.decode(self.network.chain.account(listing.reserve) or b"")
        return Shares.from_wad(reserve.ceiling)

    def step_of(self, name: str, order: Booked) -> Step:
        """The step that carries an order out here."""
        return step(name, name, order.by, self.ledger.calls(order), order)
