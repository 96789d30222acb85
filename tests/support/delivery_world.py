"""The world of dividend_world with a second stock that is delivered, `spun`, and the roles by which it is.

The distributor holds MINTER and VAULT; Alice, Bob and Carol are cleared for both stocks, and so is the treasury, as
investor 9. The reserve of `spun` is 10,000 shares.
"""

from __future__ import annotations

from typing import Any

from eth_utils import keccak
from support.book_terms import record
from support.contract_calls import Handle, set_clock, word32
from support.dividend_world import DESK, PAY, RECORD, Dividends
from support.issuance_world import ADMIN, COMPLIANCE, ISSUER, START, TREASURY, WAD, YEAR

from scrip.holders.tree import Tree


class Deliveries(Dividends):
    """The suite with `other`, a stock whose units roots give."""

    def __init__(self) -> None:
        super().__init__()
        for role in ("MINTER", "VAULT"):
            self.roles.grantRole(keccak(text=role), self.distributor, sender=ADMIN)
        self.other: Handle = self.create_stock("US36266G1076")
        self.configure(self.other)
        entry = (9, TREASURY, 840, 1, START + 50 * YEAR)
        self.registry.onboard(word32("onboard 9"), [entry], sender=COMPLIANCE)

    def given(self, code: str = "SOFF", reference: str = "spin-off", **terms: Any) -> bytes:
        """An action of a code that gives units, its record come; its id."""
        if code == "SOFF":
            terms = {"other": self.other.address} | terms
        action = record(self, code, reference, **terms)
        set_clock(RECORD)
        return action

    def post_units(self, action: bytes, tree: Tree, part: int = 0, sender: str = DESK, **changes: Any) -> bytes:
        """Post a root of units; the distribution's id."""
        root = self.root_of(tree, **changes)
        id = self.id_of(action, root)
        self.distributor.postUnits(action, part, root, id, sender=sender)
        return id

    def delivering(self, tree: Tree, at: int = PAY, code: str = "SOFF", **terms: Any) -> bytes:
        """A spin-off of this tree that delivers, the clock at its pay date; the distribution's id."""
        id = self.post_units(self.given(code, **terms), tree)
        self.attest(10_000)
        self.distributor.fundUnits(id, tree.root.sum, sender=ISSUER)
        set_clock(at)
        return id


__all__ = ["WAD", "Deliveries"]
