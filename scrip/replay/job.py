"""The job: play a timeline on every ledger in step, and hold each to the others and to the reference, every day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol, runtime_checkable

from scrip.errors import Refusal
from scrip.instructions.actions import Announce, Schedule
from scrip.instructions.base import TREASURY, Instruction
from scrip.instructions.fleet import CreateStock
from scrip.instructions.investors import Onboard
from scrip.instructions.market import FundStablecoin, Mint, QuoteTerms, Redeem
from scrip.instructions.reserve import AttestReserve, ConfigureReserve, ConfirmBasis, SetCeiling
from scrip.instructions.transfers import Transfer
from scrip.ledger import Ledger, MultiplierState, Receipt
from scrip.replay import cast
from scrip.replay.custodian import Custodian
from scrip.replay.result import LIMIT, Final, Outcome, Refused, ReplayError, Result, Silent, Watcher, ratio
from scrip.replay.timeline import Action, Kind, Step, Timeline, dollars
from scrip.units import NO_WAD, RawUnits, Stablecoin, as_fraction, parse_wad

Make = Callable[[Ledger], Instruction]


@runtime_checkable
class ShowsFloat(Protocol):
    """A ledger whose wallets multiply balances by a float, beside the exact pair."""

    def shown_multiplier(self, stock: str) -> float:
        """The float by which wallets multiply balances now."""


class Replay:
    """One run of the job. `ledgers` are named; the first is the one that the others are compared with.

    `ready` is called once with the clock when set-up is done: a chain whose administration is handed over does it then.
    """

    def __init__(
        self,
        timeline: Timeline,
        ledgers: Mapping[str, Ledger],
        watcher: Watcher | None = None,
        ready: Callable[[int], None] | None = None,
    ) -> None:
        if not ledgers:
            raise ValueError("a replay needs a ledger")
        self.timeline = timeline
        self.ledgers = dict(ledgers)
        self.floats = {name: ledger for name, ledger in ledgers.items() if isinstance(ledger, ShowsFloat)}
        self.watcher = watcher or Silent()
        self.ready = ready
        self.ticker = timeline.stock.ticker
        self.custodian = Custodian(cast.HELD_SHARES)
        self.result = Result(timeline, [Outcome(action) for action in timeline.actions])
        for series in (self.result.values, self.result.multipliers, self.result.deviations):
            series.update({name: [] for name in self.ledgers})

    def run(self) -> Result:
        """Every step in order; ReplayError at the first thing that does not hold."""
        do = self._steps()
        for step in self.timeline.steps:
            for ledger in self.ledgers.values():
                ledger.advance_to(step.at)
            do[step.kind](step)
        self._finish()
        return self.result

    def _steps(self) -> dict[Kind, Callable[[Step], None]]:
        """What each kind of step does."""
        return {
            Kind.SETUP: self._set_up,
            Kind.ANNOUNCE: self._announce,
            Kind.SCHEDULE: self._schedule,
            Kind.BEFORE: self._before,
            Kind.EFFECT: self._effect,
            Kind.SETTLE: self._settle,
            Kind.MINT: self._mint,
            Kind.PAY: self._pay,
            Kind.REDEEM: self._redeem,
            Kind.READ: self._read,
        }

    # --- every ledger, in step ---------------------------------------------------------------------------------------

    def _all(self, step: Step, what: str, make: Make) -> dict[str, Receipt]:
        """Apply to every ledger what `make` says; a refusal ends the replay."""
        receipts = {}
        for name, ledger in self.ledgers.items():
            try:
                receipts[name] = ledger.apply(make(ledger))
            except Refusal as refusal:
                raise ReplayError(f"{_when(step.at)}: {name} refused to {what}: {refusal}") from refusal
        return receipts

    def _none(self, step: Step, what: str, to: str, make: Make) -> None:
        """See every ledger refuse what `make` says, all for the same reason."""
        reasons: set[str] = set()
        for name, ledger in self.ledgers.items():
            try:
                ledger.apply(make(ledger))
            except Refusal as refusal:
                refused = Refused(name, what, to, refusal.name, refusal.detail)
            else:
                raise ReplayError(f"{_when(step.at)}: {name} did not refuse to {what}")
            reasons.add(refused.reason)
            self.result.refusals.append(refused)
            self.watcher.refused(step.at, refused)
        if len(reasons) > 1:
            raise ReplayError(f"{_when(step.at)}: the ledgers refused to {what} for {' and '.join(sorted(reasons))}")

    def _multipliers(self, step: Step) -> dict[str, MultiplierState]:
        """Read every ledger's multiplier; they must be equal to the last digit."""
        states = {name: ledger.multiplier(self.ticker) for name, ledger in self.ledgers.items()}
        first, *others = states
        for name in others:
            if states[name] != states[first]:
                raise ReplayError(
                    f"{_when(step.at)}: the multipliers differ: {first} has {states[first]}, {name} has {states[name]}"
                )
        for name, state in states.items():
            self._shown(step, name, state)
        return states

    def _shown(self, step: Step, name: str, state: MultiplierState) -> float | None:
        """Read what a ledger's wallets show: the double nearest to the multiplier; None where there is none."""
        if name not in self.floats:
            return None
        shown, nearest = self.floats[name].shown_multiplier(self.ticker), float(as_fraction(state.ui_multiplier))
        if shown != nearest:
            raise ReplayError(f"{_when(step.at)}: {name} shows wallets {shown!r}, the multiplier is {nearest!r}")
        return shown

    def _units(self, ledger: Ledger, text: str) -> RawUnits:
        return RawUnits.parse(text, ledger.traits.decimals)

    # --- steps -------------------------------------------------------------------------------------------------------

    def _set_up(self, step: Step) -> None:
        stock = self.timeline.stock
        self._all(step, "create the stock", lambda _: CreateStock(self.ticker, stock.name, stock.isin))
        expiry = self.timeline.steps[-1].at + cast.CLEARANCE_AFTER

        def onboard(buyer: cast.Investor) -> Make:
            return lambda _: Onboard(buyer.name, buyer.name, buyer.country, buyer.investor_class, expiry)

        for buyer in cast.BUYERS:
            self._all(step, f"onboard {buyer.name}", onboard(buyer))
        self._all(
            step,
            "configure the reserve",
            lambda _: ConfigureReserve(self.ticker, cast.MAX_AGE, cast.MARGIN_BPS, self.custodian.attested),
        )
        names = " and ".join(buyer.name for buyer in cast.BUYERS)
        self.watcher.told(step.at, f"{stock.name} issued as {self.ticker}; {names} onboarded, {cast.OUTSIDER} is not")
        if self.ready is not None:
            self.ready(step.at)

    def _attest(self, step: Step, split: bool = False) -> None:
        """Publish a new attestation.

        After a split the feed's basis follows (its ceiling too), else the ceiling is set.
        """
        self._all(step, "attest the reserve", lambda _: AttestReserve(self.ticker, self.custodian.attested))
        if split:
            self._all(step, "confirm the split basis", lambda _: ConfirmBasis(self.ticker))
        self._all(step, "set the ceiling", lambda _: SetCeiling(self.ticker, self.custodian.attested))

    def _mint(self, step: Step) -> None:
        def fund(buyer: cast.Investor) -> Make:
            return lambda ledger: FundStablecoin(buyer.name, self._price(ledger, buyer.tokens))

        def mint(buyer: cast.Investor) -> Make:
            return lambda ledger: Mint(
                self.ticker,
                buyer.name,
                self._units(ledger, buyer.tokens),
                self._price(ledger, buyer.tokens),
                self._quote(ledger, step, f"mint {buyer.name}"),
            )

        self._attest(step)
        for buyer in cast.BUYERS:
            self._all(step, f"fund {buyer.name}", fund(buyer))
            self._all(step, f"mint for {buyer.name}", mint(buyer))
            close = self.timeline.history.first.close
            self.watcher.told(step.at, f"{buyer.name} mints {int(buyer.tokens):,} tokens at {dollars(close)} a share")
        self._covered(step)

    def _quote(self, ledger: Ledger, step: Step, purpose: str, **faults: Any) -> QuoteTerms:
        terms: dict[str, Any] = {
            "id": f"{self.ticker} {purpose}",
            "expiry": step.at + cast.QUOTE_LIFE,
            "generation": ledger.multiplier(self.ticker).generation,
        }
        return QuoteTerms(**(terms | faults))

    def _price(self, ledger: Ledger, tokens: str, day: int = 0, redeem: bool = False) -> Stablecoin:
        """What tokens cost at a day's close: up for a mint, down for a redemption, for rounding favours the issuer."""
        shares = Fraction(tokens) * as_fraction(ledger.multiplier(self.ticker).ui_multiplier)
        micro = shares * Fraction(self.timeline.days[day].close) * 10**6
        return Stablecoin(int(micro) if redeem else -int(-micro // 1))

    def _announce(self, step: Step) -> None:
        action = self.timeline.actions[step.index]
        event = action.event
        make = Announce(
            self.ticker,
            event.code,
            action.reference,
            event.ex,
            action.effective,
            num=event.num,
            den=event.den,
            gross=parse_wad(f"{event.gross:f}"),
            pay=0 if event.is_split else action.effective,
            ex_at=action.ex_at,
        )
        self.result.outcomes[step.index].announce = self._all(step, f"announce {_title(action)}", lambda _: make)

    def _schedule(self, step: Step) -> None:
        action = self.timeline.actions[step.index]
        price = NO_WAD if action.event.is_split else parse_wad(f"{action.event.close:f}")
        if action.event.is_split:
            # On an answer that covers what is owed a split is in no doubt, and the next one confirms it.
            self._all(step, "attest the reserve", lambda _: AttestReserve(self.ticker, self.custodian.attested))
        make = Schedule(self.ticker, action.event.code, action.reference, price)
        self.result.outcomes[step.index].schedule = self._all(step, f"schedule {_title(action)}", lambda _: make)
        self._covered(step, receivable=True)

    def _before(self, step: Step) -> None:
        action = self.timeline.actions[step.index]
        for name, state in self._multipliers(step).items():
            if state.effective_at != action.effective or state.pending_ui_multiplier == state.ui_multiplier:
                raise ReplayError(f"{_when(step.at)}: {name}: {_title(action)} is not pending a second before its time")
            self.result.outcomes[step.index].multiplier[name] = state

    def _effect(self, step: Step) -> None:
        action, outcome = self.timeline.actions[step.index], self.result.outcomes[step.index]
        for name, state in self._multipliers(step).items():
            before = outcome.multiplier[name]
            at_once = state.ui_multiplier == before.pending_ui_multiplier and state.effective_at == 0
            if not at_once or state.generation != before.generation + 1:
                raise ReplayError(f"{_when(step.at)}: {name}: {_title(action)} did not take effect at its time")
            outcome.multiplier[name] = state
            if (shown := self._shown(step, name, state)) is not None:
                outcome.shown[name] = shown

    def _settle(self, step: Step) -> None:
        action, outcome = self.timeline.actions[step.index], self.result.outcomes[step.index]
        if not action.event.is_split:
            self._covered(step, receivable=True)
        self.custodian.take(action.event)
        self._attest(step, split=action.event.is_split)
        outcome.coverage = {name: ledger.coverage(self.ticker) for name, ledger in self.ledgers.items()}
        self._covered(step)
        self.watcher.acted(outcome)

    def _covered(self, step: Step, receivable: bool = False) -> None:
        """Check that coverage is 100 % at least.

        An open dividend counts only between its schedule and the attestation.
        """
        for name, ledger in self.ledgers.items():
            coverage = ledger.coverage(self.ticker)
            share = ratio(coverage)
            if not (coverage.covered if receivable else share >= 1 and coverage.covered):
                raise ReplayError(f"{_when(step.at)}: {name}: coverage is {float(share):.4%}")
            if not receivable:
                lowest = self.result.lowest_coverage
                self.result.lowest_coverage = share if lowest is None else min(lowest, share)

    def _pay(self, step: Step) -> None:
        payer, payee = cast.INVESTORS

        def pay(to: str) -> Make:
            return lambda ledger: Transfer(self.ticker, payer, to, self._units(ledger, cast.PAYMENT))

        self._all(step, f"pay {payee}", pay(payee))
        self.watcher.told(step.at, f"{payer} pays {payee} {Decimal(cast.PAYMENT):,} tokens")
        self._none(step, "transfer", cast.OUTSIDER, pay(cast.OUTSIDER))

    def _redeem(self, step: Step) -> None:
        holder, day = cast.INVESTORS[0], step.index

        def redeem(purpose: str, **faults: Any) -> Make:
            return lambda ledger: Redeem(
                self.ticker,
                holder,
                self._units(ledger, cast.REDEMPTION),
                self._price(ledger, cast.REDEMPTION, day, redeem=True),
                self._quote(ledger, step, purpose, **faults),
            )

        first = next(iter(self.ledgers.values()))
        generation = first.multiplier(self.ticker).generation
        # The issuer sells shares to pay for it; what is left is attested again.
        proceeds = self._price(first, cast.REDEMPTION, day, redeem=True)
        if generation:
            self._none(step, "redeem on an old multiplier", holder, redeem("made early", generation=generation - 1))
        self._none(step, "redeem on an expired quote", holder, redeem("made late", expiry=step.at))
        self._none(step, "redeem on a stranger's quote", holder, redeem("not ours", signer=cast.OUTSIDER))
        self._all(step, "fund the treasury", lambda _: FundStablecoin(TREASURY, proceeds))
        self._all(step, "redeem", redeem("redeem"))
        close = self.timeline.days[day].close
        self.watcher.told(
            step.at,
            f"{holder} redeems {int(cast.REDEMPTION):,} tokens at {dollars(close)} a share"
            f" for {dollars(Decimal(str(proceeds)))}",
        )
        self._none(step, "redeem on a used quote", holder, redeem("redeem"))
        multiplier = as_fraction(first.multiplier(self.ticker).ui_multiplier)
        self.custodian.sell(int(Fraction(cast.REDEMPTION) * multiplier))
        self._attest(step)
        self._covered(step)

    def _read(self, step: Step) -> None:
        """Hold raw close × uiMultiplier ÷ 1e18 on every ledger against the reference, exact until the last division."""
        index = step.index
        close, reference = Fraction(self.timeline.days[index].close), self.timeline.reference_value(index)
        self.result.reference.append(float(reference))
        for name, ledger in self.ledgers.items():
            state = ledger.multiplier(self.ticker)
            self._shown(step, name, state)
            multiplier = as_fraction(state.ui_multiplier)
            value = self._value(name, close, multiplier)
            deviation = float(abs(value / reference - 1))
            self.result.values[name].append(float(value))
            self.result.multipliers[name].append(float(multiplier))
            self.result.deviations[name].append(deviation)
            if not deviation <= LIMIT:
                raise ReplayError(
                    f"{_when(step.at)}: {name} deviates from the reference by {deviation:.3g}, the limit is {LIMIT:g}"
                )
        self.watcher.day(index)

    def _value(self, name: str, close: Fraction, multiplier: Fraction) -> Fraction:  # noqa: ARG002
        """What a token bought on the first day has come to on a ledger, dollars."""
        return close * multiplier

    def _finish(self) -> None:
        accounts = (*cast.INVESTORS, cast.OUTSIDER)
        for name, ledger in self.ledgers.items():
            self.result.finals[name] = Final(
                supply=ledger.supply(self.ticker),
                balances={account: ledger.balance(self.ticker, account) for account in accounts},
                stablecoin={account: ledger.stablecoin(account) for account in (*accounts, TREASURY)},
                coverage=ledger.coverage(self.ticker),
            )
        self.result.attested = str(self.custodian.attested)
        first, *others = self.result.finals
        for name in others:
            if _in_tokens(self.result.finals[name]) != _in_tokens(self.result.finals[first]):
                raise ReplayError(f"{first} and {name} end with different balances")


def _in_tokens(final: Final) -> tuple[object, ...]:
    """Count a final state in whole tokens: chains count in raw units of their own, and the job's amounts fit all."""
    balances = {account: _tokens(units) for account, units in final.balances.items()}
    return _tokens(final.supply), balances, final.stablecoin, final.coverage


def _tokens(units: RawUnits) -> Fraction:
    return Fraction(units.value, 10**units.decimals)


def _when(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _title(action: Action) -> str:
    return f"{action.code} of {action.event.ex}"
