"""What is kept of corporate actions that move no multiplier and are no cash dividends: terms, status, amendments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from scrip import parameters
from scrip.action_codes import BOOK_CODES
from scrip.instructions.actions import RecordTerms
from scrip.model.laws import arithmetic as law
from scrip.model.state.days import midnight
from scrip.units import Wad, format_wad

RecordStatus = Literal["ANNOUNCED", "EFFECTIVE", "CANCELLED", "COMPLETED"]

EX_WINDOW = parameters.EX_WINDOW.value
EX_INSTANT = parameters.EX_INSTANT.value
MAX_PAY_DELAY = parameters.MAX_PAY_DELAY.value
CHOSEN_BETWEEN = ("deadline", "gross", "currency", "num", "den", "most")
"""Terms that stay once an election is over; so do a price and another stock that were named."""
INSTANTS = ("ex_at", "record_at", "deadline", "pay", "expiry")


@dataclass(frozen=True, slots=True)
class Recorded:
    """An action as announced, its `terms` with ex_at filled in; `amended` counts the amendments."""

    code: str
    reference: str
    terms: RecordTerms
    status: RecordStatus = "ANNOUNCED"
    amended: int = 0

    def status_at(self, now: int) -> RecordStatus:
        """Where it stands: what no root pays out takes effect at its second, or at a record that comes later."""
        timed = self.status == "ANNOUNCED" and not BOOK_CODES[self.code].by_root(self.terms.record_at)
        return "EFFECTIVE" if timed and max(self.terms.pay, self.terms.record_at) <= now else self.status

    @property
    def is_paid(self) -> bool:
        """Whether cash is fetched until an expiry."""
        return BOOK_CODES[self.code].paid

    def shuts(self, now: int) -> bool:
        """Whether the market trades without what it gives while units still carry it, so that nothing is minted."""
        terms = self.terms
        return self.status != "CANCELLED" and terms.ex is not None and terms.ex_at <= now < terms.record_at

    def shuts_until(self, now: int) -> bool:
        """Whether it shuts mints, now or later, until a record that is yet to come."""
        terms = self.terms
        lies_between = terms.ex is not None and terms.ex_at < terms.record_at
        return self.status != "CANCELLED" and lies_between and now < terms.record_at


def filled(terms: RecordTerms) -> RecordTerms:
    """The terms with the ex instant that follows from the date where none is given."""
    return terms if terms.ex is None else replace(terms, ex_at=terms.ex_at or midnight(terms.ex))


def first_instant(terms: RecordTerms) -> int:
    """When something follows for holders first: the record, else the deadline, else the effect."""
    return terms.record_at or terms.deadline or terms.pay


def given(terms: RecordTerms) -> set[str]:
    """The names of the terms that say something."""
    empty = RecordTerms(0)
    return {name for name in RecordTerms.__dataclass_fields__ if getattr(terms, name) != getattr(empty, name)}


def wrong_terms(code: str, terms: RecordTerms, assets: tuple[str, ...]) -> str:
    """What is wrong with a code's terms, ex_at filled in: field, value and limit; "" for nothing."""
    kind, said = BOOK_CODES[code], given(terms)
    if lacking := [name for name in kind.needs if name not in said]:
        return f"{code} needs {', '.join(lacking)}"
    if others := sorted(said - {*kind.needs, *kind.more}):
        return f"{code} takes no {', '.join(others)}"
    return _wrong_times(terms) or _wrong_amounts(code, terms, assets)


def _wrong_times(terms: RecordTerms) -> str:
    for name in INSTANTS:
        if not 0 <= getattr(terms, name) <= law.U40_MAX:
            return f"{name} {getattr(terms, name)} is not between 0 and {law.U40_MAX}"
    if terms.ex is not None:
        if abs(terms.ex_at - midnight(terms.ex)) > EX_INSTANT:
            return f"ex_at {terms.ex_at} is more than {EX_INSTANT} s from the ex date's midnight"
        if not terms.ex_at <= terms.record_at <= terms.ex_at + EX_WINDOW:
            return f"record_at {terms.record_at} is not between ex_at, {terms.ex_at}, and {EX_WINDOW} s after it"
        if terms.ex_at > terms.pay + EX_WINDOW:
            return f"pay {terms.pay} is more than {EX_WINDOW} s before ex_at, {terms.ex_at}"
    elif terms.ex_at:
        return f"ex_at {terms.ex_at} is of no ex date"
    if terms.record_at and terms.pay > terms.record_at + MAX_PAY_DELAY:
        return f"pay {terms.pay} is more than {MAX_PAY_DELAY} s after the record"
    if terms.deadline and not terms.record_at <= terms.deadline <= terms.pay:
        return f"deadline {terms.deadline} is not between the record, {terms.record_at}, and pay, {terms.pay}"
    return ""


def _wrong_amounts(code: str, terms: RecordTerms, assets: tuple[str, ...]) -> str:
    for name, most in (("gross", law.U96_MAX), ("price", law.U128_MAX), ("rate", law.U128_MAX)):
        if not 0 <= getattr(terms, name) <= most:
            return f"{name} {format_wad(getattr(terms, name))} is over {format_wad(Wad(most))}"
    for name, limit in (("most", law.U96_MAX), ("num", law.U64_MAX), ("den", law.U64_MAX)):
        if not 0 <= getattr(terms, name) <= limit:
            return f"{name} {getattr(terms, name)} is not between 0 and {limit}"
    if terms.fee and not 0 < terms.fee < terms.gross:
        return f"fee {format_wad(terms.fee)} is not less than gross, {format_wad(terms.gross)}"
    if terms.currency and len(terms.currency) != 3:
        return f"currency {terms.currency} has not 3 letters"
    if bool(terms.currency) != bool(terms.gross or terms.price):
        return "a currency and an amount in it come together"
    if terms.asset and (not terms.currency or terms.asset not in assets):
        return f"{terms.asset} is no coin, or there is no currency that it pays"
    if bool(terms.rate) != bool(terms.source) or (terms.rate and not terms.asset):
        return "a rate, its source and the coin that it is of come together"
    if bool(terms.num) != bool(terms.den):
        return "new and old shares come together"
    if terms.other and not terms.num:
        return f"shares of {terms.other} are given at no ratio"
    if code == "MRGR" and not terms.gross and not terms.num:
        return "a merger gives cash, stock or both"
    if code == "CHAN" and not (terms.name or terms.ticker or terms.isin):
        return "CHAN says a name, a ticker or an ISIN"
    if terms.isin and len(terms.isin) != 12:
        return f"isin {terms.isin} has not 12 characters"
    return ""
