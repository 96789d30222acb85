"""Who of a register is paid what: every account's gross, tax and net, what the floors leave, and what it adds up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scrip.dividends.treaty import Relief, TreatyTable
from scrip.errors import Drift
from scrip.model.laws import cash


@dataclass(frozen=True, slots=True)
class Holder:
    """A row of a register: an account, what it holds, and whose it is ("" and "" for a stranger's)."""

    account: str
    units: int
    investor: str = ""
    investor_class: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What one account is due, at which rate, and on which document ("" for none)."""

    holder: Holder
    due: cash.Due
    bps: int
    document: str = ""


@dataclass(frozen=True, slots=True)
class Entitlements:
    """All of them, in the register's order; `remainder` is what the floors of the gross leave, base units."""

    rows: tuple[Entitlement, ...]
    remainder: int

    @property
    def gross(self) -> int:
        """What all are due before tax."""
        return sum(one.due.gross for one in self.rows)

    @property
    def upstream(self) -> int:
        """What was withheld before the issuer was paid."""
        return sum(one.due.upstream for one in self.rows)

    @property
    def here(self) -> int:
        """What the issuer withholds, and remits."""
        return sum(one.due.here for one in self.rows)

    @property
    def fee(self) -> int:
        """The depositary's."""
        return sum(one.due.fee for one in self.rows)

    @property
    def net(self) -> int:
        """What is paid."""
        return sum(one.due.net for one in self.rows)


def entitlements(
    holders: Sequence[Holder],
    terms: cash.PerShare,
    counted: cash.Counted,
    table: TreatyTable,
    reliefs: Mapping[str, Relief],
    pay: date,
) -> Entitlements:
    """Compute every holder's. A document counts that is good on the day of payment. Drift if it does not add up."""
    rows = tuple(_one(one, terms, counted, table, reliefs, pay) for one in holders)
    found = Entitlements(rows, cash.remainder((one.units for one in holders), terms, counted))
    if found.gross != found.net + found.upstream + found.here + found.fee or any(one.due.net < 0 for one in rows):
        raise Drift(f"the parts of {found.gross} do not add up: {found.net}, {found.upstream}, {found.here}")
    return found


def joined(found: Entitlements, more: Sequence[Entitlement]) -> Entitlements:
    """All of these, and more of some accounts: one row each, units and dues added up, in the order of the accounts."""
    rows = {one.holder.account: one for one in found.rows}
    for one in more:
        was = rows.get(one.holder.account)
        if was is not None:
            holder = replace(was.holder, units=was.holder.units + one.holder.units)
            one = replace(was, holder=holder, due=was.due.plus(one.due))
        rows[one.holder.account] = one
    return Entitlements(tuple(rows[account] for account in sorted(rows)), found.remainder)


def _one(
    holder: Holder,
    terms: cash.PerShare,
    counted: cash.Counted,
    table: TreatyTable,
    reliefs: Mapping[str, Relief],
    pay: date,
) -> Entitlement:
    relief = reliefs.get(holder.investor) if holder.investor else None
    good = relief is not None and pay <= relief.until
    bps = table.rate(holder.country, holder.investor_class, good)
    due = cash.due(holder.units, terms, counted, bps, table.upstream_bps)
    return Entitlement(holder, due, bps, relief.document if relief is not None and good else "")


def further(had: Mapping[str, cash.Due], now: Entitlements) -> Entitlements:
    """What a later part pays in addition: who is due more net now than by the parts before, `had`, by account.

    Nobody is ever asked for money back: who would be due less keeps what is posted. Tax and fee are taken where they
    come to more than before, as after a wrong rate or too few units: what is withheld already is not withheld twice,
    nor given back. Of an account that no part before had, all is due.
    """
    rows = []
    for one in now.rows:
        before = had.get(one.holder.account)
        if before is None:
            rows.append(one)
            continue
        net = one.due.net - before.net
        if net > 0:
            taken = [max(getattr(one.due, name) - getattr(before, name), 0) for name in ("upstream", "here", "fee")]
            rows.append(Entitlement(one.holder, cash.Due(net + sum(taken), *taken), one.bps, one.document))
    return Entitlements(tuple(rows), 0)
