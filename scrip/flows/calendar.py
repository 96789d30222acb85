"""The sessions of exchanges on a chain: a year loaded before the last one ends, a day closed at once.

Whatever was never loaded is closed, so that a year that is forgotten stops prices and opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork, evm_only
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.handlers import calendar as chain
from scrip.inputs.sessions import opening_day, year_of
from scrip.labels import PRICES
from scrip.model.laws import sessions
from scrip.parameters import SESSION_DAYS
from scrip.plan import Plan
from scrip.plan.draft import Draft


@dataclass(frozen=True, slots=True)
class Loaded:
    """Until when the sessions of a calendar are loaded: the UTC second from which they are not; 0 for now itself."""

    calendar: str
    until: int
    ends_soon: bool

    @property
    def told(self) -> str:
        """For people."""
        if not self.until:
            return "none are loaded: closed"
        return f"loaded to {datetime.fromtimestamp(self.until - 1, UTC).date()}" + (", load more" * self.ends_soon)


def load(network: Network, year: int, calendars: Sequence[str] = (), reference: str = "", sender: str = "") -> Plan:
    """Load a year of the calendars that the manifest's prices go by (or of those exchanges among them that are named),
    from exchange-calendars; the timelock's. What the chain has already, word by word, is not loaded again.

    InputError for a year or a calendar that exchange-calendars does not know.
    """
    evm = evm_only(network)
    views, feed = evm.views(), evm.book.contract(PRICES)
    made = Draft(views, "feeds calendar", reference)
    for calendar, hours in _chosen(evm, calendars):
        number = sessions.number_of(calendar, hours)
        for first, words in year_of(calendar, hours, year):
            there = chain.read_words(evm.chain, feed, number, range(first, first + len(words)))
            other = [place for place, word in enumerate(words) if there.get(_key(number, first + place)) != word]
            named = sessions.name_of(number)
            if not other:
                made.same.append(f"sessions of {named} in {year}")
                continue
            start, end = other[0], other[-1] + 1
            order = ins.LoadSessions(calendar, hours, first + start, words[start:end])
            title = f"sessions of {named} in {year}, {end - start} words of 14 days"
            made.order(title, order, sender, f"{named} {year} {first + start} {sum(words) % 2**32:08x}")
    return made.plan()


def close(network: Network, calendar: str, day: date, days: int = 1, reference: str = "", sender: str = "") -> Plan:
    """Close an exchange on a day that was to be a trading day, and days after it (PAUSER), at once.

    InputError for a day without a session, and for a calendar that no price goes by.
    """
    if not 0 < days <= SESSION_DAYS.value:
        raise InputError(f"are not 1 to {SESSION_DAYS.value}", field="days", value=days)
    evm = evm_only(network)
    evm.book.contract(PRICES)
    made = Draft(evm.views(), "feeds close", reference)
    for code, hours in _chosen(evm, [calendar]):
        order = ins.CloseDays(code, hours, opening_day(code, hours, day), days)
        named = sessions.name_of(sessions.number_of(code, hours))
        title = f"{named} does not open on {day}" + (f", nor on the {days - 1} days after it" if days > 1 else "")
        made.order(title, order, sender, f"{named} {day} {days}")
    return made.plan()


def loaded(network: Network) -> list[Loaded]:
    """Until when the sessions of each calendar that the manifest's prices go by are loaded."""
    evm = evm_only(network)
    feed, now = evm.book.contract(PRICES), evm.now()
    found = []
    for calendar, hours in _used(evm):
        number = sessions.number_of(calendar, hours)
        until = chain.loaded_until(chain.read_around(evm.chain, feed, number, now), number, now)
        found.append(Loaded(sessions.name_of(number), until, chain.ends_soon(until, now)))
    return found


def _chosen(network: EvmNetwork, calendars: Sequence[str]) -> list[tuple[str, ins.Hours]]:
    """The calendars that prices go by, those of the named exchanges where some are named."""
    used = list(_used(network))
    for one in calendars:
        if one not in (code for code, _ in used):
            known = ", ".join(sorted({code for code, _ in used})) or "none"
            raise InputError(f"is a calendar that no price goes by (there are: {known})", field="calendar", value=one)
    return [(code, hours) for code, hours in used if not calendars or code in calendars]


def _used(network: EvmNetwork) -> Iterator[tuple[str, ins.Hours]]:
    manifest = network.manifest
    prices: Mapping[tuple[str, ins.Hours], None] = {
        (manifest.calendar_of(ticker), stock.price.hours): None
        for ticker, stock in manifest.stocks.items()
        if stock.price is not None and stock.price.hours != "24/7"
    }
    yield from prices


def _key(calendar: int, number: int) -> int:
    return calendar << sessions.NUMBER | number
