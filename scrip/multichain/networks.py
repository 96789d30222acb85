"""Opened networks as sides of an operation over several chains."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from scrip import instructions as ins
from scrip.chains.agreement import agreed, plan_told, preview_told
from scrip.chains.network import Network, Proposal
from scrip.chains.views import Views
from scrip.errors import Drift, InputError
from scrip.executor import Executor, Watcher, silent
from scrip.flows import announcements, reserve
from scrip.ledger import Coverage, MultiplierState
from scrip.ledger.states import ActionState
from scrip.manifest.model import Manifest
from scrip.multichain.side import Booked, Order, Standing
from scrip.plan import Plan
from scrip.preview import Preview
from scrip.records import Record
from scrip.reports.rehearsal import Report
from scrip.units import NO_WAD, Shares, Wad

T = TypeVar("T")


@dataclass
class NetworkSide:
    """An opened network as a side; `watch` is told of what becomes of each step.

    What is read of one that names a second node is read from both, with `final` of final blocks, and so is every plan
    and preview: Unconfirmed where the two do not say the same. Only a cancellation is planned as the first node says:
    what is cancelled was read from both, and once that is decided no node may hold it up.
    """

    network: Network
    watch: Watcher = silent
    final: bool = False

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
        return self._read(f"{stock} {code} {reference}", lambda views: views.ledger.action(stock, code, reference))

    def actions(self, stock: str) -> Iterable[ActionState]:
        """Every action that was ever announced for a stock."""
        return self._read(f"{stock}'s actions", lambda views: list(views.ledger.actions(stock)))

    def multiplier(self, stock: str) -> MultiplierState:
        """A stock's multiplier now."""
        return self._read(f"{stock}'s multiplier", lambda views: views.ledger.multiplier(stock))

    def coverage(self, stock: str) -> Coverage:
        """A stock's backing now."""
        return self._read(f"{stock}'s backing", lambda views: views.ledger.coverage(stock))

    def ceilings(self, stock: str, basis: ins.Basis | None = None) -> Standing:
        """A stock's ceilings in shares of `basis`; None: in its own now. Drift where the chain knows no such basis."""

        def read(views: Views) -> Standing:
            feed = views.backing(stock)
            wanted = basis or feed.present(views.now())
            if not feed.known(wanted):
                raise Drift(f"{self.manifest.network}: {stock}'s reserve is counted in {feed.basis}, not in {wanted}")
            found = feed.ceilings_in(wanted.counter)
            return Standing(Shares.from_wad(found.own), Shares.from_wad(found.others), wanted)

        return self._read(f"{stock}'s ceilings", read)

    def _read(self, what: str, read: Callable[[Views], T]) -> T:
        """What the network says, or both of its nodes do."""
        if self.network.witness is None:
            return read(self._views)
        return agreed(self.network, lambda one: read(one.views()), what=what, final=self.final)

    # --- what is to be done ---

    def plan(self, order: Order, sender: str = "", expected: Wad = NO_WAD) -> Plan:
        """The order as a plan. Whether an announcement is another's twin was asked of all sides before."""

        def plan(network: Network) -> Plan:
            return announcements.plan_of(network, order, sender, twin=True, expected=expected)

        return plan(self.network) if isinstance(order, ins.Cancel) else agreed(self.network, plan, plan_told)

    def plan_ceilings(self, stock: str, wanted: Standing, reference: str) -> Plan:
        """New ceilings as a plan; without steps where they stand."""
        own, others, basis = wanted.own, wanted.others, wanted.basis
        return agreed(
            self.network,
            lambda network: reserve.ceiling(network, stock, own, reference, others=others, basis=basis),
            plan_told,
        )

    def preview(self, plan: Plan) -> Preview:
        """What the model says that a plan changes."""
        if any(isinstance(order, ins.Cancel) for step in plan.steps for order in step.instructions):
            return self.network.preview(plan)
        return agreed(self.network, lambda network: network.preview(plan), preview_told)

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
