"""Opened networks as sides of an operation over several chains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from scrip import instructions as ins
from scrip.chains.network import Network, Proposal
from scrip.chains.views import Views
from scrip.errors import Drift, InputError
from scrip.executor import Executor, Watcher, silent
from scrip.flows import actions, reserve
from scrip.ledger import Coverage, MultiplierState
from scrip.ledger.states import ActionState
from scrip.manifest.model import Manifest
from scrip.multichain.side import Booked, Order, Standing
from scrip.plan import Plan
from scrip.preview import Preview
from scrip.records import Record
from scrip.reports.rehearsal import Report
from scrip.units import NO_WAD, Shares, Wad


@dataclass
class NetworkSide:
    """An opened network as a side; `watch` is told of what becomes of each step."""

    network: Network
    watch: Watcher = silent

    @property
    def manifest(self) -> Manifest:
        """The desired state of this chain."""
        return self.network.manifest

    @property
    def genesis(self) -> str:
        """The chain's genesis hash, 0x-prefixed hex."""
        return self.network.genesis

    @cached_property
    def _views(self) -> Views:
        """The network as of the first question: it knows the stocks that stood then."""
        return self.network.views()

    def now(self) -> int:
        """The chain's clock, UTC seconds."""
        return self.network.now()

    def action(self, stock: str, code: str, reference: str) -> ActionState:
        """An action by what names it; of status "unknown" when the chain has none."""
        return self._views.ledger.action(stock, code, reference)

    def actions(self, stock: str) -> Iterable[ActionState]:
        """Every action that was ever announced for a stock."""
        return self._views.ledger.actions(stock)

    def multiplier(self, stock: str) -> MultiplierState:
        """A stock's multiplier now."""
        return self._views.ledger.multiplier(stock)

    def coverage(self, stock: str) -> Coverage:
        """A stock's backing now."""
        return self._views.ledger.coverage(stock)

    def ceilings(self, stock: str, basis: ins.Basis | None = None) -> Standing:
        """A stock's ceilings in shares of `basis`; None: in its own now. Drift where the chain knows no such basis."""
        feed = self._views.backing(stock)
        basis = basis or feed.present(self.now())
        if not feed.known(basis):
            raise Drift(f"{self.manifest.network}: {stock}'s reserve is counted in {feed.basis}, not in {basis}")
        found = feed.ceilings_in(basis.counter)
        return Standing(Shares.from_wad(found.own), Shares.from_wad(found.others), basis)

    # --- what is to be done ---

    def plan(self, order: Order, sender: str = "", expected: Wad = NO_WAD) -> Plan:
        """The order as a plan. Whether an announcement is another's twin was asked of all sides before."""
        return actions.plan_of(self.network, order, sender, twin=True, expected=expected)

    def plan_ceilings(self, stock: str, wanted: Standing, reference: str) -> Plan:
        """New ceilings as a plan; without steps where they stand."""
        own, others, basis = wanted.own, wanted.others, wanted.basis
        return reserve.ceiling(self.network, stock, own, reference, others=others, basis=basis)

    def preview(self, plan: Plan) -> Preview:
        """What the model says that a plan changes."""
        return self.network.preview(plan)

    def rehearse(self, plan: Plan) -> Report:
        """Carry a plan out on a copy of the chain; what that showed."""
        return self.network.rehearse(plan)

    def booked(self, operation: str, reference: str, order: Booked) -> str | None:
        """What the records say of an order; None where they hold no such operation."""
        named = (operation, reference)
        done = [
            one
            for one in self.network.records.all()
            if one.done and (one.action.operation, one.action.reference) == named
        ]
        said = [self._otherwise(record, order) for record in done]
        return None if not said else "" if "" in said else said[-1]

    def _otherwise(self, record: Record, order: Booked) -> str:
        """How a record's transaction differs from the one that the order would be; "" for not at all."""
        action = record.action
        step = self._views.step(action.step, action.step, [replace(order, by=action.sender_name)])
        ready = self.network.transactions().prepare(Plan(action.operation, action.reference, (step,)), step)
        # What was found on the chain by its key alone is noted without its calldata.
        if action.data_hash in ("", ready.action.data_hash):
            return ""
        return f"record {record.number}, {action.title}, is of other terms"

    def part(self, plan: Plan) -> Plan:
        """The steps that others are asked to sign; InputError when this machine's keys sign for them."""
        try:
            return self.network.part(plan, True)
        except InputError as error:
            said = f"{self.manifest.network}: {error.message}"
            raise InputError(said, field=error.field, value=error.value) from None

    def propose(self, plan: Plan, path: Path) -> Proposal:
        """Write a file for others to sign: a Safe's, or unsigned transactions."""
        return self.network.propose(plan, path)

    def signs(self, name: str) -> bool:
        """Whether an account signs on this machine."""
        return self.network.signs(name)

    def run(self, plan: Plan) -> None:
        """Carry a plan out until it is final."""
        executor = Executor(self.network.transactions(), watch=self.watch)
        if plan.steps:
            executor.run(plan)
        else:
            executor.settle()
