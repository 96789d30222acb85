"""Chains that the model stands for, as sides of an operation: what a chain does, and everything that can go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from eth_utils import keccak
from support.network_world import MANIFESTS

from scrip import instructions as ins
from scrip.errors import Drift, InputError, Refusal
from scrip.executor import StepFailed
from scrip.flows.actions import check_followed
from scrip.instructions.base import Instruction
from scrip.ledger import EVM, SOLANA, ChainTraits, Coverage, MultiplierState
from scrip.ledger.states import ActionState
from scrip.manifest.load import load
from scrip.manifest.model import Manifest
from scrip.model import ModelLedger
from scrip.model.state import Action
from scrip.multichain.actions import MultichainAction
from scrip.multichain.side import Booked, Order, Standing
from scrip.plan import Plan, Step
from scrip.preview import Preview, preview
from scrip.units import NO_WAD, Shares, Wad

START = 1_800_000_000
DAY = 86_400
ISIN = "US5949181045"
AT = START + 3 * DAY
EX = date(2027, 1, 15)
NAMED = ("MSFT", "SPLF", "split-1")
ANNOUNCE = ins.Announce(*NAMED, EX, AT, 2, 1)
SCHEDULE = ins.Schedule(*NAMED)
CANCEL = ins.Cancel(*NAMED, 7, "order-1")


class Crash(BaseException):
    """The process ends here."""


def nothing(_plan: Plan) -> None:
    """Goes well."""


@dataclass
class ModelSide:
    """A chain that the model plays. `before` and `after` are called around every plan that is carried out."""

    manifest: Manifest
    traits: ChainTraits
    hands: frozenset[str] = frozenset({"issuer"})
    before: Callable[[Plan], None] = nothing
    after: Callable[[Plan], None] = nothing
    sent: list[str] = field(default_factory=list)
    books: list[tuple[str, str, Instruction]] = field(default_factory=list)
    """What its records would hold."""

    def __post_init__(self) -> None:
        self.model = ModelLedger(self.traits, START)
        self.genesis = "0x" + keccak(text=self.manifest.network).hex()
        for order in (
            ins.CreateStock("MSFT", "Microsoft", ISIN),
            ins.ConfigureReserve("MSFT", 7 * DAY, 0, Shares.of(100), Shares.of(100)),
            ins.AttestReserve("MSFT", Shares.of(1_000)),
        ):
            self.model.apply(order)

    def now(self) -> int:
        return self.model.now()

    # --- what stands ---

    def action(self, stock: str, code: str, reference: str) -> ActionState:
        found = self.model.stocks[stock].actions.records.get((code, reference))
        identity = keccak(text=f"{code} {reference}")
        return self._shown(identity, found) if found else ActionState(identity, stock, code, reference)

    def actions(self, stock: str) -> Iterator[ActionState]:
        for code, reference in self.model.stocks[stock].actions.records:
            yield self.action(stock, code, reference)

    def _shown(self, identity: bytes, found: Action) -> ActionState:
        status = found.status.lower()
        if status == "scheduled" and found.effective_at <= self.now():
            status = "effective"
        ex = found.ex.year * 10_000 + found.ex.month * 100 + found.ex.day
        same = ("effective_at", "pay", "num", "den", "gross", "withheld", "net", "price")
        terms = {name: getattr(found, name) for name in same}
        return ActionState(identity, "MSFT", found.code, found.reference, status, ex=ex, **terms)  # type: ignore[arg-type]

    def multiplier(self, stock: str) -> MultiplierState:
        return self.model.multiplier(stock)

    def coverage(self, stock: str) -> Coverage:
        return self.model.coverage(stock)

    def ceilings(self, stock: str, basis: ins.Basis | None = None) -> Standing:
        feed = self.model.stocks[stock].token.feed
        basis = basis or feed.present(self.now())
        if not feed.known(basis):
            raise Drift(f"counted in {feed.basis}, not in {basis}")
        found = feed.ceilings_in(basis.counter)
        return Standing(Shares.from_wad(found.own), Shares.from_wad(found.others), basis)

    # --- what is to be done ---

    def plan(self, order: Order, sender: str = "", expected: Wad = NO_WAD) -> Plan:
        status = self.action(order.stock, order.code, order.reference).status
        name = type(order).__name__.lower()
        if status == "cancelled" and name != "cancel":
            raise InputError("was cancelled", field="reference", value=order.reference)
        stands = {
            "announce": ("announced", "scheduled"),
            "schedule": ("scheduled", "effective"),
            "cancel": ("cancelled",),
        }
        orders = () if status in stands[name] else (order,)
        if orders and isinstance(order, ins.Announce):
            check_followed(self.model, self.manifest, order, expected)
        return self._plan(f"action {name}", f"{order.stock} {order.code} {order.reference}", orders, sender)

    def plan_ceilings(self, stock: str, wanted: Standing, reference: str) -> Plan:
        order = ins.SetCeiling(stock, wanted.own, wanted.others, wanted.basis)
        orders = () if self.ceilings(stock, wanted.basis) == wanted else (order,)
        return self._plan("market ceiling", reference, orders)

    def _plan(self, name: str, reference: str, orders: tuple[Instruction, ...], sender: str = "") -> Plan:
        steps = tuple(Step(name, name, sender or "issuer", "", instructions=(order,)) for order in orders)
        return Plan(name, reference, steps)

    def preview(self, plan: Plan) -> Preview:
        return preview(self.model, [order for step in plan.steps for order in step.instructions])

    def booked(self, operation: str, reference: str, order: Booked) -> str | None:
        done = [one for name, said, one in self.books if (name, said) == (operation, reference)]
        return None if not done else "" if order in done else f"{done[-1]}"

    def signs(self, name: str) -> bool:
        return name in self.hands

    def run(self, plan: Plan) -> None:
        if not plan.steps:
            return
        self.before(plan)
        for step in plan.steps:
            for order in step.instructions:
                try:
                    self.model.apply(order)
                except Refusal as refusal:
                    raise StepFailed(step, refusal) from refusal
                self.books.append((plan.name, plan.reference, order))
            self.sent.append(step.name)
        self.after(plan)


def refusing(name: str) -> Callable[[Plan], None]:
    """A chain that refuses an operation of this name, whatever its model says."""

    def refuse(plan: Plan) -> None:
        if plan.name == name:
            raise StepFailed(plan.steps[0], Refusal("actions: slot taken"))

    return refuse


@dataclass
class Pair:
    """A stock on two chains, which share a folder of records."""

    sides: list[ModelSide]
    records: Path

    @property
    def action(self) -> MultichainAction:
        """The action, as the next command would find it."""
        return MultichainAction(self.sides, self.records, ISIN, *NAMED[1:])

    def statuses(self) -> list[str]:
        return [one.status for one in self.action.states()]

    def advance_to(self, t: int) -> None:
        for side in self.sides:
            side.model.advance_to(t)

    def reversed(self) -> Pair:
        return replace(self, sides=self.sides[::-1])


@cache
def manifest(network: str) -> Manifest:
    """One of the project's, with one stock."""
    found = load(MANIFESTS / f"{network}.yaml")
    return found.model_copy(update={"stocks": {"MSFT": found.stocks["MSFT"]}})


def pair(records: Path) -> Pair:
    """An Ethereum-family chain and Solana."""
    chains = (("local", EVM), ("solana-local", SOLANA))
    sides = [ModelSide(manifest(name), traits) for name, traits in chains]
    return Pair(sides, records)
