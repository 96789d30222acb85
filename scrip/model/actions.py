"""Corporate actions of one stock: typed records, bounds and notices, and the one slot that they share (law 4)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from scrip import parameters
from scrip.errors import Refusal
from scrip.instructions import Announce
from scrip.model import arithmetic as law
from scrip.model.multiplier import Terms
from scrip.model.reserve import Receivable, ScheduledSplit
from scrip.model.token import Token

CODES = tuple(parameters.ACTION_CODES)
MAX_PARTS = parameters.MAX_PARTS.value

ActionId = tuple[str, str]
"""(code, reference) within a stock."""

Status = Literal["ANNOUNCED", "SCHEDULED", "CANCELLED"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The issuer's settings. Notices and grace are seconds, withholding is basis points."""

    split_notice: int = parameters.SPLIT_NOTICE.default
    dividend_announcement: int = parameters.DIVIDEND_ANNOUNCE_NOTICE.default
    dividend_notice: int = parameters.DIVIDEND_STRIKE_NOTICE.default
    withholding_bps: int = parameters.WITHHOLDING_BPS.default
    receivable_grace: int = parameters.GRACE.default


@dataclass(frozen=True, slots=True)
class Action:
    """A record. gross, withheld, net, price: wads of currency per share; the last three are struck at schedule."""

    code: str
    reference: str
    ex: date
    effective_at: int
    num: int
    den: int
    gross: int
    pay: int
    status: Status = "ANNOUNCED"
    price: int = 0
    withheld: int = 0
    net: int = 0

    @property
    def id(self) -> ActionId:
        """(code, reference)."""
        return self.code, self.reference

    @property
    def is_dividend(self) -> bool:
        """DRIP, as against the splits."""
        return self.code == "DRIP"

    def applied_to(self, terms: Terms) -> Terms:
        """The factors after this action."""
        if self.is_dividend:
            return terms.with_dividend(self.price, self.net)
        return terms.with_split(self.num, self.den)


class Actions:
    """All records of one stock."""

    def __init__(self, token: Token, rules: Rules) -> None:
        self._token = token
        self._rules = rules
        self.records: dict[ActionId, Action] = {}
        self.splits: list[ScheduledSplit] = []
        """Splits scheduled and not cancelled, in the order of their effective_at: the slot makes that of scheduling."""
        self.parts: list[ActionId] = []
        """What waits in the slot, in the order scheduled; it may still name actions that have taken effect."""

    def announce(self, order: Announce, now: int) -> None:
        """Refuses, in order: unknown code, effective in the past, bad terms, split bound, notice too short, already
        announced."""
        action = Action(
            order.code, order.reference, order.ex, order.effective_at, order.num, order.den, order.gross, order.pay
        )
        if action.code not in CODES:
            raise Refusal("actions: unknown code", action.code)
        if action.effective_at <= now:
            raise Refusal("actions: effective in the past", f"{now - action.effective_at} s ago")
        if not _terms_ok(action):
            raise Refusal("actions: bad terms", str(order))
        if not action.is_dividend and not law.split_step_ok(action.num, action.den):
            raise Refusal("actions: split bound", f"{action.num}:{action.den}")
        if action.is_dividend:
            _check_notice(action, self._rules.dividend_announcement, now)
        if action.id in self.records:
            raise Refusal("actions: already announced", " ".join(action.id))
        self.records[action.id] = action

    def schedule(self, action_id: ActionId, price: int, now: int) -> None:
        """Refuses, in order: not announced, notice too short, bad terms, step bound, slot taken, no effect, pair does
        not fit, rate bound."""
        action = self.records.get(action_id)
        if action is None or action.status != "ANNOUNCED":
            raise Refusal("actions: not announced", " ".join(action_id))
        _check_notice(action, self._rules.dividend_notice if action.is_dividend else self._rules.split_notice, now)
        if action.is_dividend:
            action = self._struck(action, price)
        elif price != 0:
            raise Refusal("actions: bad terms", "a split has no price")
        multiplier = self._token.multiplier.settled(now)
        parts = self.parts if multiplier.effective_at else []
        if multiplier.effective_at not in (0, action.effective_at) or len(parts) >= MAX_PARTS:
            raise Refusal("actions: slot taken", f"until {multiplier.effective_at}")
        before = multiplier.pending
        after = action.applied_to(before)
        if action.is_dividend and after.index == before.index:
            raise Refusal("actions: no effect")
        _check_fit(after)
        if action.is_dividend and not law.rate_ok(
            after.index, multiplier.index_at(max(action.effective_at - law.YEAR, 0))
        ):
            raise Refusal("actions: rate bound")
        self.records[action_id] = replace(action, status="SCHEDULED")
        self.parts = [*parts, action_id]
        self._token.multiplier = multiplier.scheduled(after, action.effective_at)
        if action.is_dividend:
            self._record_receivable(action, after.index - before.index)
        else:
            self.splits = [*self.splits, ScheduledSplit(action.effective_at, action.num, action.den)]

    def cancel(self, action_id: ActionId, now: int) -> None:
        """Refuses, in order: not cancellable, pair does not fit. Other parts of the slot stay pending."""
        action = self.records.get(action_id)
        if action is None or action.status == "CANCELLED" or now >= action.effective_at:
            raise Refusal("actions: not cancellable", " ".join(action_id))
        if action.status == "SCHEDULED":
            self._withdraw(action, now)
        self.records[action_id] = replace(action, status="CANCELLED")

    def _struck(self, action: Action, price: int) -> Action:
        if not 0 < price <= law.U128_MAX:
            raise Refusal("actions: bad terms", "a dividend is struck at a price")
        bps = self._rules.withholding_bps
        struck = replace(
            action, price=price, withheld=law.withheld(action.gross, bps), net=law.net_dividend(action.gross, bps)
        )
        if not law.dividend_step_ok(price, struck.net):
            raise Refusal("actions: step bound", f"{struck.net} at {price}")
        return struck

    def _withdraw(self, action: Action, now: int) -> None:
        """Rebuild the slot from the current factors and the parts that stay, in the order they were scheduled."""
        multiplier = self._token.multiplier.settled(now)
        parts = [part for part in self.parts if part != action.id]
        terms = multiplier.current
        for part in parts:
            terms = self.records[part].applied_to(terms)
            _check_fit(terms)
        self.parts = parts
        self._token.multiplier = multiplier.scheduled(terms, action.effective_at) if parts else multiplier.cancelled()
        if action.is_dividend:
            self._token.feed.remove_receivable(action.id)
        else:
            self.splits.remove(ScheduledSplit(action.effective_at, action.num, action.den))

    def _record_receivable(self, action: Action, delta: int) -> None:
        until = action.pay + self._rules.receivable_grace
        self._token.feed.add_receivable(Receivable(action.id, delta, self._token.supply_shares(), until))


def _terms_ok(action: Action) -> bool:
    if action.effective_at > law.U40_MAX:
        return False
    if action.is_dividend:
        cash = 0 < action.gross <= law.U128_MAX and action.effective_at <= action.pay <= law.U40_MAX
        return cash and action.num == 0 and action.den == 0
    if action.gross != 0 or action.pay != 0:
        return False
    if not (0 < action.num <= law.U64_MAX and 0 < action.den <= law.U64_MAX):
        return False
    return action.num > action.den if action.code == "SPLF" else action.num < action.den


def _check_notice(action: Action, notice: int, now: int) -> None:
    if action.effective_at - now < notice:
        raise Refusal("actions: notice too short", f"{action.effective_at - now} s of {notice}")


def _check_fit(terms: Terms) -> None:
    if not terms.fits:
        raise Refusal("actions: pair does not fit", str(terms))


def day_of(number: int) -> date:
    """The date of YYYYMMDD. The chain takes a 31st of any month, which is the month's last."""
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    return date(year, month, min(day, monthrange(year, month)[1]))
