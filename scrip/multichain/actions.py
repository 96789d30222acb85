"""Corporate actions on several chains as one: announced, scheduled and cancelled on all of them or on none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scrip import instructions as ins
from scrip.errors import Drift, InputError, Refusal, ScripError, Unconfirmed
from scrip.executor import StepFailed
from scrip.flows.actions import check_twin
from scrip.ledger.states import ActionState
from scrip.multichain.decisions import Decision, Decisions
from scrip.multichain.differences import differing
from scrip.multichain.side import Order, Side, chain_of, demand_signers, ticker_of
from scrip.plan import Plan
from scrip.units import NO_WAD, Wad

CALLED_OFF = 65_535
"""The reason code of a cancellation that no person ordered: another chain could not schedule the action."""
ACTIONS = "ACTIONS"
"""The role that orders them."""
SCHEDULE, CANCEL = "schedule", "cancel"


class CalledOff(Drift):
    """An action was cancelled on every chain because one of them did not schedule it, or did so otherwise."""


Watch = Callable[[Side, Plan], None]


def silent(side: Side, plan: Plan) -> None:
    """Hear of nothing: the watcher of an action that nobody watches."""


@dataclass
class MultichainAction:
    """One action on several chains. `isin`, the stock's identity, `code` and `reference` name it on all of them.

    `records` is the folder of records that all networks share, `watch` is told of each plan before it is carried out.
    `sender` signs wherever the manifest lets it, and each other manifest's first holder of the role there. A `twin`
    may look like an action that stands under another reference. `expected` is the price at which a dividend will be
    struck, where somebody says so when it is announced.
    """

    sides: Sequence[Side]
    records: Path
    isin: str
    code: str
    reference: str
    sender: str = ""
    watch: Watch = silent
    twin: bool = False
    expected: Wad = NO_WAD
    _decisions: Decisions = field(init=False)

    def __post_init__(self) -> None:
        if len(self.sides) < 2:
            raise InputError("names no other network", field="spans")
        if self.sender and not any(map(self._sender, self.sides)):
            raise InputError(f"holds {ACTIONS} in no manifest of the networks", field="as", value=self.sender)
        self._tickers = [ticker_of(side, self.isin) for side in self.sides]
        self._decisions = Decisions(self.records, self.name)

    @property
    def name(self) -> str:
        """What the action is called everywhere."""
        return f"{self.isin} {self.code} {self.reference}"

    # --- what would be done ---

    def plans(self, order: Order) -> list[Plan]:
        """The order as a plan for each chain, in the order of the sides. Nothing is sent.

        Once it was decided to cancel, these are the cancellations that are left, whatever was ordered; and likewise for
        a schedule of what one chain alone has cancelled. InputError when the chains do not agree on what was announced,
        Refusal where one could not follow what is to be announced.
        """
        decision = self.called_off
        if decision is not None:
            order = self._cancellation(decision)
        elif isinstance(order, ins.Schedule) and self._cancelled_alone():
            order = ins.Cancel("", self.code, self.reference, CALLED_OFF, self._called_off_document)
        if isinstance(order, ins.Cancel):
            if decision is None:
                # Every chain's nodes must agree on what there is to cancel. Once it is decided nothing waits for them.
                self.states()
            return [self._cancel_plan(order, place) for place in range(len(self.sides))]
        self._agree(order)
        return [
            side.plan(self._own(order, place), self._sender(side), self.expected)
            for place, side in enumerate(self.sides)
        ]

    def states(self) -> list[ActionState]:
        """Tell how each chain shows the action, in the order of the sides."""
        return [self._state(place) for place in range(len(self.sides))]

    @property
    def called_off(self) -> Decision | None:
        """The decision to cancel it everywhere; None before one was made."""
        return self._decisions.latest(CANCEL)

    # --- what is done ---

    def announce(self, order: ins.Announce) -> bool:
        """Record it on every chain with the same terms; whether anything was to do.

        Refused everywhere when one chain's model refuses, or says that the chain could not follow it. Where a chain
        refuses after all, what the others recorded stands, moves nothing, and cannot be scheduled: announce it again,
        or cancel it.
        """
        with self._decisions.locked("action announce"):
            self._demand_not_called_off()
            plans = self._ready(order)
            for side, plan in zip(self.sides, plans, strict=True):
                self._run(side, plan)
            return any(plan.steps for plan in plans)

    def schedule(self, order: ins.Schedule) -> bool:
        """Put it into the slot of every chain, and look at all of them; whether anything was to do.

        CalledOff when a chain refused it while another had it, or shows it otherwise: then it is cancelled everywhere.
        """
        with self._decisions.locked("action schedule"):
            self._demand_not_called_off()
            if network := self._cancelled_alone():
                self._call_off(f"{network} has it as cancelled", None)
            try:
                plans = self._ready(order)
            except Refusal as refusal:
                self._call_off_if_counted(str(refusal), refusal)
                raise
            if any(plan.steps for plan in plans) and not self._is_ordered(order):
                self._decide(SCHEDULE, "ordered", {"price": str(order.price)})
            for side, plan in zip(self.sides, plans, strict=True):
                try:
                    self._run(side, plan)
                except (StepFailed, Refusal) as failure:
                    self._call_off_if_counted(f"{side.manifest.network}: {failure}", failure)
                    raise
            self._verify()
            return any(plan.steps for plan in plans)

    def cancel(self, order: ins.Cancel) -> bool:
        """Withdraw it on every chain, strictly before its second; whether anything was to do.

        InputError when it is in effect somewhere, or known nowhere; what could not be reached is cancelled by the next
        run of any of the three.
        """
        with self._decisions.locked("action cancel"):
            if self.called_off is None:
                self._demand_cancellable()
                if not any(plan.steps for plan in self._ready(order)):
                    return False
                terms = {"reason": str(order.reason), "document": order.document}
                self._decide(CANCEL, "ordered", terms)
            return self._finish_cancelling()

    def carry_out(self, order: Order) -> bool:
        """Announce, schedule or cancel it, as an order says; whether anything was to do."""
        match order:
            case ins.Announce():
                return self.announce(order)
            case ins.Schedule():
                return self.schedule(order)
            case ins.Cancel():
                return self.cancel(order)

    # --- agreeing ---

    def _sender(self, side: Side) -> str:
        return self.sender if self.sender in side.manifest.role_holders(ACTIONS) else ""

    def _own(self, order: Order, place: int) -> Order:
        """The order under the name that a chain's manifest has for the stock."""
        return replace(order, stock=self._tickers[place])

    def _state(self, place: int) -> ActionState:
        return self.sides[place].action(self._tickers[place], self.code, self.reference)

    def _agree(self, order: Order) -> None:
        """InputError where the chains do not know the same action, as far as the order needs it."""
        known = [(side, one) for side, one in zip(self.sides, self.states(), strict=True) if one.known]
        for side, one in known[1:]:
            if names := ", ".join(differing(known[0][1], one)):
                both = f"{known[0][0].manifest.network} and {side.manifest.network}"
                raise InputError(f"differs between {both} in {names}: cancel it", field="action", value=self.name)
        if isinstance(order, ins.Announce) and not self.twin:
            for side, ticker in zip(self.sides, self._tickers, strict=True):
                if side not in [found for found, _ in known]:
                    check_twin(order, side.actions(ticker), side.manifest.network)
        if isinstance(order, ins.Schedule):
            for side in self.sides:
                if side not in [found for found, _ in known]:
                    raise InputError(f"is not announced on {side.manifest.network}", field="action", value=self.name)

    def _ready(self, order: Order) -> list[Plan]:
        """The plans for an order, each of which the model accepts and keys of this machine can carry out."""
        plans = self.plans(order)
        for side, plan in zip(self.sides, plans, strict=True):
            demand_signers(side, plan)
        for side, plan in zip(self.sides, plans, strict=True):
            refusal = side.preview(plan).refusal
            if refusal is not None:
                raise Refusal(refusal.name, f"{side.manifest.network}: {refusal.detail}")
        return plans

    def _verify(self) -> None:
        """Call the action off unless every chain has it with the same terms and strike."""
        found = self.states()
        for side, one in zip(self.sides, found, strict=True):
            if not one.counts:
                self._call_off(f"{side.manifest.network} has it as {one.status}", None)
            if names := ", ".join(differing(found[0], one)):
                both = f"{self.sides[0].manifest.network} and {side.manifest.network}"
                self._call_off(f"{both} differ in {names}", None)

    # --- calling off ---

    def _demand_not_called_off(self) -> None:
        """InputError for an action that is to be cancelled, once that cancellation is finished."""
        if decision := self.called_off:
            self._finish_cancelling()
            reason = f"was called off ({decision.why}): announce it under another reference"
            raise InputError(reason, field="action", value=self.name)

    def _cancelled_alone(self) -> str:
        """Where somebody cancelled what another chain would carry out, so that it can be scheduled nowhere; else ""."""
        found = self.states()
        networks = (
            side.manifest.network for side, one in zip(self.sides, found, strict=True) if one.status == "cancelled"
        )
        return next(networks, "") if any(one.counts for one in found) else ""

    def _demand_cancellable(self) -> None:
        found = self.states()
        for side, one in zip(self.sides, found, strict=True):
            if one.status == "effective":
                raise InputError(f"is in effect on {side.manifest.network}", field="action", value=self.name)
        if not any(one.known for one in found):
            raise InputError("is announced nowhere", field="action", value=self.name)

    def _call_off_if_counted(self, why: str, cause: Exception | None) -> None:
        """Call it off where some chain would carry it out alone, or its nodes do not agree whether it would.

        Nothing where none does.
        """
        if any(self._may_count(place) for place in range(len(self.sides))):
            self._call_off(why, cause)

    def _may_count(self, place: int) -> bool:
        """Whether a chain would carry it out, as far as anybody can tell."""
        try:
            return self._state(place).counts
        except Unconfirmed:
            return True

    def _call_off(self, why: str, cause: Exception | None) -> None:
        self._decide(CANCEL, why, {"reason": str(CALLED_OFF), "document": self._called_off_document})
        self._finish_cancelling()
        raise CalledOff(f"{self.name}: {why}; it was cancelled on every chain") from cause

    @property
    def _called_off_document(self) -> str:
        return f"called off: {self.name}"

    def _cancellation(self, decision: Decision) -> ins.Cancel:
        """The order that a decision stands for; InputError when it was made for other chains than these."""
        if decision.chains != self._chains:
            names = f"{', '.join(decision.chains)}, not {', '.join(self._chains)}"
            raise InputError(f"was to be cancelled on {names}", field="spans", value=self.name)
        terms = decision.terms
        return ins.Cancel("", self.code, self.reference, int(terms["reason"]), terms["document"])

    def _cancel_plan(self, order: ins.Cancel, place: int) -> Plan:
        """A chain's cancellation. Where its nodes do not agree what is to be cancelled it is what the first says."""
        try:
            one = self._state(place)
        except Unconfirmed:
            one = None
        if one is not None and not one.open:
            return Plan("action cancel", self.name, (), (), (f"{self.name} is {one.status}",))
        return self.sides[place].plan(self._own(order, place), self._sender(self.sides[place]))

    def _finish_cancelling(self) -> bool:
        """Cancel on every chain that still has it open, each whatever becomes of the others; whether there was one.

        ScripError naming the chains where it did not work; Drift when it came into effect on one before.
        """
        decision = self.called_off
        if decision is None:
            raise ScripError(f"{self.name}: nothing was decided")
        order, failures, late, done = self._cancellation(decision), [], [], False
        for place, side in enumerate(self.sides):
            try:
                plan = self._cancel_plan(order, place)
                self._run(side, plan)
                done = done or bool(plan.steps)
                late += [side.manifest.network] if self._state(place).counts else []
            except ScripError as failure:
                failures.append(f"{side.manifest.network}: {failure}")
        if failures:
            raise ScripError(f"{self.name} is to be cancelled everywhere; run it again. {'; '.join(failures)}")
        if late:
            raise Drift(f"{self.name} is in effect on {', '.join(late)} and was cancelled elsewhere")
        return done

    # --- parts ---

    def _run(self, side: Side, plan: Plan) -> None:
        if plan.steps:
            self.watch(side, plan)
        side.run(plan)

    def _is_ordered(self, order: ins.Schedule) -> bool:
        """Whether a run before this one was to schedule it at the same price."""
        decision = self._decisions.latest(SCHEDULE)
        return decision is not None and decision.terms["price"] == str(order.price)

    def _decide(self, what: str, why: str, terms: dict[str, str]) -> None:
        named = {"isin": self.isin, "code": self.code, "reference": self.reference}
        self._decisions.decide(what, why, self._chains, named | terms)

    @property
    def _chains(self) -> tuple[str, ...]:
        return tuple(chain_of(side) for side in self.sides)
