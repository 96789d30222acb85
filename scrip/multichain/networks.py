"""Desks as sides of an operation over several chains: what every kind of network does alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.executor import Executor, Watcher, silent
from scrip.ledger import Coverage, MultiplierState
from scrip.manifest.model import Manifest
from scrip.multichain.side import Booked, Order, Side
from scrip.plan import Plan, Step
from scrip.preview import Preview
from scrip.records import Record
from scrip.reports.rehearsal import Report
from scrip.units import Shares

OPERATIONS = {ins.Announce: "actions.announce", ins.Schedule: "actions.schedule", ins.Cancel: "actions.cancel"}


def side_of(network: Any, watch: Watcher = silent) -> Side:
    """An opened network as a side; `watch` is told of what becomes of each step."""
    if network.manifest.chain.kind == "evm":
        from scrip.multichain.evm import EvmSide

        return EvmSide(network, watch)
    from scrip.multichain.solana import SolanaSide

    return SolanaSide(network, watch)


@dataclass
class NetworkSide(ABC):
    """A network. What a chain keeps of actions and ceilings, each kind of chain reads itself."""

    network: Any
    watch: Watcher = silent

    @property
    def manifest(self) -> Manifest:
        """The desired state of this chain."""
        found: Manifest = self.network.manifest
        return found

    @property
    def genesis(self) -> str:
        """The chain's genesis hash, 0x-prefixed hex."""
        return str(self.network.genesis)

    @cached_property
    def ledger(self) -> Any:
        """The network's ledger, as of the first question: it knows the stocks that stood then."""
        return self.network.ledger()

    def now(self) -> int:
        """The chain's clock, UTC seconds."""
        return int(self.network.chain.now())

    def multiplier(self, stock: str) -> MultiplierState:
        """A stock's multiplier now."""
        found: MultiplierState = self.ledger.multiplier(stock)
        return found

    def coverage(self, stock: str) -> Coverage:
        """A stock's backing now."""
        found: Coverage = self.ledger.coverage(stock)
        return found

    # --- what is to be done ---

    def plan(self, order: Order, sender: str = "") -> Plan:
        """The order as a plan."""
        found: Plan = self.network.plan(OPERATIONS[type(order)], order, sender)
        return found

    def plan_ceiling(self, stock: str, shares: Shares, reference: str) -> Plan:
        """A new ceiling as a plan."""
        found: Plan = self.network.plan("market.ceiling", stock, shares, reference)
        return found

    def preview(self, plan: Plan) -> Preview:
        """What the model says that a plan changes."""
        found: Preview = self.network.ask("forecast.preview_plan", plan)
        return found

    def rehearse(self, plan: Plan) -> Report:
        """The plan carried out on a copy of the chain."""
        found: Report = self.network.ask("rehearsing.rehearse", plan)
        return found

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
        step = self.step_of(action.step, replace(order, by=action.sender_name))
        ready = self.network.transactions({}).prepare(Plan(action.operation, action.reference, (step,)), step)
        # What was found on the chain by its key alone is noted without its calldata.
        if action.data_hash in ("", ready.action.data_hash):
            return ""
        return f"record {record.number}, {action.title}, is of other terms"

    @abstractmethod
    def step_of(self, name: str, order: Booked) -> Step:
        """The step that carries an order out here."""

    def part(self, plan: Plan) -> Plan:
        """The steps that others are asked to sign; InputError when this machine's keys sign for them."""
        try:
            found: Plan = self.network.plan("proposing.part", plan, True)
        except InputError as error:
            raise InputError(
                f"{self.manifest.network}: {error.message}", field=error.field, value=error.value
            ) from None
        return found

    def propose(self, plan: Plan, path: Path) -> tuple[list[str], dict[str, Any]]:
        """Write a file for others to sign: a Safe's, or unsigned transactions."""
        found: tuple[list[str], dict[str, Any]] = self.network.ask("proposing.propose", plan, path)
        return found

    def signs(self, name: str) -> bool:
        """Whether an account signs on this machine."""
        return bool(self.network.signs(name))

    def run(self, plan: Plan) -> None:
        """Carry a plan out until it is final."""
        executor = Executor(self.network.transactions(), watch=self.watch)
        if plan.steps:
            executor.run(plan)
        else:
            executor.settle()
