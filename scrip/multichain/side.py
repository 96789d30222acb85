"""One chain of an operation that spans several: what the operation asks of it, whatever kind of chain it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scrip import instructions as ins
from scrip.chains.network import Proposal
from scrip.errors import InputError
from scrip.ledger import Coverage, MultiplierState
from scrip.ledger.states import ActionState
from scrip.manifest.model import Manifest
from scrip.plan import Plan
from scrip.preview import Preview
from scrip.reports.rehearsal import Report
from scrip.units import NO_WAD, Shares, Wad

Order = ins.Announce | ins.Schedule | ins.Cancel
Booked = ins.Schedule | ins.Cancel | ins.SetCeiling
"""An order that a decision can be held against in a network's records."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A stock's ceilings at one chain: its own, and what it counts for all others together, in shares of `basis`."""

    own: Shares
    others: Shares
    basis: ins.Basis

    def __str__(self) -> str:
        return f"{self.own} shares, {self.others} elsewhere"


class Side(Protocol):
    """A chain as one side of an operation. `stock` is always the ticker of this chain's own manifest."""

    @property
    def manifest(self) -> Manifest:
        """The desired state of this chain."""

    @property
    def genesis(self) -> str:
        """The chain's genesis hash, 0x-prefixed hex."""

    def now(self) -> int:
        """The chain's clock, UTC seconds."""

    def action(self, stock: str, code: str, reference: str) -> ActionState:
        """An action by what names it; of status "unknown" when the chain has none."""

    def actions(self, stock: str) -> Iterable[ActionState]:
        """Every action that was ever announced for a stock."""

    def multiplier(self, stock: str) -> MultiplierState:
        """A stock's multiplier now."""

    def coverage(self, stock: str) -> Coverage:
        """A stock's backing now."""

    def ceilings(self, stock: str, basis: ins.Basis | None = None) -> Standing:
        """A stock's ceilings in shares of `basis`; None: in its own now. Drift where the chain knows no such basis."""

    def plan(self, order: Order, sender: str = "", expected: Wad = NO_WAD) -> Plan:
        """The order as a plan; without steps where the chain stands as wished. InputError where it cannot.

        Refusal for an announcement that the chain could never follow, a dividend at the price `expected`, if one is.
        """

    def plan_ceilings(self, stock: str, wanted: Standing, reference: str) -> Plan:
        """New ceilings as a plan; without steps where they stand."""

    def preview(self, plan: Plan) -> Preview:
        """What the model says that a plan changes, or how it refuses it."""

    def rehearse(self, plan: Plan) -> Report:
        """Carry a plan out on a copy of the chain; what that showed."""

    def booked(self, operation: str, reference: str, order: Booked) -> str | None:
        """What this network's own records say of an order that they hold as done: "" for just that order, else what.

        None where they hold no such operation.
        """

    def part(self, plan: Plan) -> Plan:
        """The steps that others are asked to sign; InputError when this machine's keys sign for them."""

    def propose(self, plan: Plan, path: Path) -> Proposal:
        """Write a file, which must be new, for others to sign; what to tell people, and programs."""

    def signs(self, name: str) -> bool:
        """Whether an account of the manifest signs on this machine."""

    def run(self, plan: Plan) -> None:
        """Carry a plan out until it is final; scrip.executor.StepFailed when the chain refuses a step.

        Any other error says nothing of whether the chain has it: running the plan again goes on from there. One without
        steps records what a run before it left in a block.
        """


def chain_of(side: Side) -> str:
    """The name by which decisions call a chain: its network's and its genesis hash."""
    return f"{side.manifest.network}-{side.genesis}"


def ticker_of(side: Side, isin: str) -> str:
    """The ticker that a chain's manifest has for the stock born under an ISIN, said with its series where that is not
    the first (see `Stock.identity`); InputError when it has none."""
    found = next((ticker for ticker, stock in side.manifest.stocks.items() if stock.identity == isin), "")
    if not found:
        raise InputError(f"is the birth ISIN of no stock of {side.manifest.network}", field="isin", value=isin)
    return found


def demand_signers(side: Side, plan: Plan) -> None:
    """InputError for a plan that a key of this machine cannot carry out alone."""
    for step in plan.steps:
        if not side.signs(step.sender):
            reason = "does not sign on this machine, and an operation over several chains needs every key at hand"
            raise InputError(f"{side.manifest.network}: {reason}", field="sender", value=step.sender)
