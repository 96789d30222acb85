"""Investors and their wallets, one by one or from a batch file. Signed by COMPLIANCE."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar, get_args

from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.chains.views import Views
from scrip.errors import InputError, InputErrors
from scrip.holder_limits import InvestorClass
from scrip.inputs.batch import Batch, Link, Newcomer, Renewal
from scrip.ledger.clearance import Clearance
from scrip.manifest.countries import country_code
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, Reason
from scrip.preview import moment

COMPLIANCE = "COMPLIANCE"
VENUE: InvestorClass = "venue"
"""Holds for others: its wallets may be a program's, which signs for them."""
_Row = TypeVar("_Row")


# --- batches ---------------------------------------------------------------------------------------------------------


def onboard(network: Network, batch: Batch[Newcomer], sender: str = "", lapsed: bool = False) -> Plan:
    """Onboard a file's investors, some to a transaction; those that stand as the file says are left alone.

    InputErrors, a line each, for an investor or a wallet that is known as something else, for a wallet that nobody can
    sign for, and, unless `lapsed` ones are meant, for a clearance that has ended.
    """
    try:
        return _onboard(network, batch, sender, lapsed)
    except InputErrors:
        # What an earlier run had sent may have landed between the questions about investors and about wallets.
        return _onboard(network, batch, sender, lapsed)


def _onboard(network: Network, batch: Batch[Newcomer], sender: str, lapsed: bool) -> Plan:
    views = network.views()
    since = 0 if lapsed else views.now()
    known, held = views.entries([row for _, row in batch.rows])
    wallets = [row.wallet for _, row in batch.rows]
    nobodys = views.unsignable(wallets, [row.wallet for _, row in batch.rows if row.investor_class == VENUE])

    def stands(row: Newcomer) -> bool:
        found, owner = known[row.investor], held[row.wallet]
        check_signable(row.wallet, nobodys)
        if not found.known and owner is None:
            _check_ahead(row.expiry, since)
            return False
        wished = Clearance(True, found.blocked, row.country, row.investor_class, row.expiry)
        if found != wished:
            reason = "is known with another record" if found.known else "belongs to another investor"
            field, value = ("investor", row.investor) if found.known else ("wallet", row.wallet)
            raise InputError(reason, field=field, value=value)
        if owner != views.owner(row.investor):
            raise InputError("is not this investor's, who is known with others", field="wallet", value=row.wallet)
        return True

    def order(row: Newcomer) -> ins.Onboard:
        return ins.Onboard(row.investor, row.wallet, row.country, row.investor_class, row.expiry)

    return _Packer(Draft(views, "compliance onboard", batch.digest, natural=True), batch, sender).plan(stands, order)


def renew(network: Network, batch: Batch[Renewal], sender: str = "", lapsed: bool = False) -> Plan:
    """Set new expiries from a file, as many to a transaction as it carries."""
    views = network.views()
    since = 0 if lapsed else views.now()
    known = views.clearances([row.investor for _, row in batch.rows])

    def stands(row: Renewal) -> bool:
        if _known(known[row.investor], row.investor).expiry == row.expiry:
            return True
        _check_ahead(row.expiry, since)
        return False

    def order(row: Renewal) -> ins.Renew:
        return ins.Renew(row.investor, row.expiry)

    draft = Draft(views, "compliance renew", batch.digest, natural=True)
    return _Packer(draft, batch, sender).plan(stands, order)


def link(network: Network, batch: Batch[Link], sender: str = "") -> Plan:
    """Give investors further wallets from a file, one transaction each: one may have to stop accounts."""
    views = network.views()
    known, held = views.entries([row for _, row in batch.rows])
    venues = [row.wallet for _, row in batch.rows if known[row.investor].investor_class == VENUE]
    nobodys = views.unsignable([row.wallet for _, row in batch.rows], venues)
    draft = Draft(views, "compliance link", batch.digest, natural=True)

    def stands(row: Link) -> bool:
        _known(known[row.investor], row.investor)
        check_signable(row.wallet, nobodys)
        owner = held[row.wallet]
        if owner not in (None, views.owner(row.investor)):
            raise InputError("belongs to another investor", field="wallet", value=row.wallet)
        return owner is not None

    return _singly(draft, batch, stands, lambda row: ins.LinkWallet(row.investor, row.wallet), sender)


def _known(found: Clearance, investor: str) -> Clearance:
    if not found.known:
        raise InputError("is not in the registry", field="investor", value=investor)
    return found


def check_signable(wallet: str, nobodys: Mapping[str, str], field: str = "wallet") -> None:
    """InputError for a wallet that nobody can sign for; `nobodys` says which those are, and what they are."""
    if wallet in nobodys:
        raise InputError(f"is {nobodys[wallet]}: nobody can sign for it", field=field, value=wallet)


def _check_ahead(expiry: int, since: int) -> None:
    if expiry <= since:
        reason = "has passed: the investor is cleared for nothing; if that is meant, say --lapsed"
        raise InputError(reason, field="expiry", value=moment(expiry))


def _missing(batch: Batch[_Row], stands: Callable[[_Row], bool]) -> list[int]:
    """The places of the rows that do not stand; InputErrors, a line each, for those that cannot."""
    found, errors = [], []
    for place, (line, row) in enumerate(batch.rows):
        try:
            if not stands(row):
                found.append(place)
        except InputError as error:
            errors.append(InputError(error.message, field=error.field, value=error.value, file=batch.file, line=line))
    if errors:
        raise InputErrors(errors)
    return found


def _singly(
    draft: Draft[Views],
    batch: Batch[_Row],
    stands: Callable[[_Row], bool],
    order: Callable[[_Row], ins.RoleInstruction],
    sender: str,
) -> Plan:
    """A step for each row that does not stand."""
    missing = _missing(batch, stands)
    verb = draft.name.removeprefix("compliance ")
    for place in missing:
        line, row = batch.rows[place]
        wanted = order(row)
        investor = getattr(wanted, "investor", "")
        draft.order(f"{verb} {investor}, line {line}", wanted, sender, f"line {line}")
    _note_same(draft, batch, missing)
    return draft.plan()


def _note_same(draft: Draft[Views], batch: Batch[_Row], missing: Sequence[int]) -> None:
    if len(missing) < len(batch.rows):
        draft.same.append(f"{len(batch.rows) - len(missing)} rows")


@dataclass
class _Packer(Generic[_Row]):
    """Puts a file's rows into transactions. Each row has a key of its own, however they are packed."""

    draft: Draft[Views]
    batch: Batch[_Row]
    sender: str

    def plan(self, stands: Callable[[_Row], bool], order: Callable[[_Row], ins.RoleInstruction]) -> Plan:
        """A step for each range of rows in which one does not stand yet."""
        draft, rows = self.draft, self.batch.rows
        missing = _missing(self.batch, stands)
        size = self._size(order)
        if size == 1 and not self._signed():
            return _singly(draft, self.batch, stands, order, self.sender)
        left, verb = set(missing), draft.name.removeprefix("compliance ")
        for first, last in self._ranges(size):
            orders = [
                draft.by_role(order(rows[place][1]), self.sender, f"row {place + 1}")
                for place in range(first, last)
                if place in left
            ]
            if orders:
                name = f"rows {first + 1}-{last}"
                draft.add(draft.views.step(name, f"{verb} {len(orders)} investors, {name}", orders))
        _note_same(draft, self.batch, missing)
        return draft.plan()

    def _ranges(self, size: int) -> Iterator[tuple[int, int]]:
        """Rows to a transaction, from 0, the end excluded. What a run that was cut short has signed keeps its rows."""
        signed, first = self._signed(), 0
        while first < len(self.batch.rows):
            ahead = min((start for start in signed if start > first), default=len(self.batch.rows))
            last = signed.get(first, min(first + size, ahead))
            yield first, last
            first = last

    def _signed(self) -> dict[int, int]:
        ours = (self.draft.name, self.draft.reference)
        actions = (one.action for one in self.draft.views.records.open_intents())
        steps = (one.step for one in actions if (one.operation, one.reference) == ours)
        found = (step.removeprefix("rows ").partition("-") for step in steps if step.startswith("rows "))
        return {int(first) - 1: int(last) for first, _, last in found}

    def _size(self, order: Callable[[_Row], ins.RoleInstruction]) -> int:
        """How many rows a transaction carries, at most what the manifest allows: all rows are of one length."""
        draft, most = self.draft, self.draft.views.manifest.limits.batch
        orders = [
            draft.by_role(order(row), self.sender, f"row {place}")
            for place, (_, row) in enumerate(self.batch.rows[:most])
        ]
        fits = draft.views.fits(orders)
        # A file shorter than a transaction says nothing of how many one carries.
        return most if fits == len(orders) < most else fits


# --- one by one ------------------------------------------------------------------------------------------------------


def block(network: Network, investor: str, reason: Reason) -> Plan:
    """Stop an investor in every stock: in its own transaction what that has room for, the rest in the next ones."""
    return _turn(network, "compliance block", ins.Block(investor, reason.code, reason.document), True, reason)


def unblock(network: Network, investor: str, reason: Reason) -> Plan:
    """Lift an investor's block."""
    return _turn(network, "compliance unblock", ins.Unblock(investor, reason.code, reason.document), False, reason)


def _turn(network: Network, name: str, order: ins.Block | ins.Unblock, wished: bool, reason: Reason) -> Plan:
    views = network.views()
    found = _known(views.clearances([order.investor])[order.investor], order.investor)
    draft = Draft(views, name, reason.told, single=reason.reference)
    if found.blocked == wished:
        return draft.nothing(f"{order.investor} is {'' if wished else 'not '}blocked")
    by = draft.order(f"{name.removeprefix('compliance ')} {order.investor}", order, reason.sender).sender
    draft.steps += views.consequences(order, by)
    if missed := views.unlisted(order.investor) if wished else "":
        # A block does not wait for a better answer: what the investor holds elsewhere is frozen by the push.
        draft.changes.append(Change(f"{order.investor}'s accounts", missed, "push the investor when all are"))
    return draft.plan()


def unlink(network: Network, investor: str, wallet: str, reason: Reason) -> Plan:
    """Take a wallet from its investor; it stops everywhere."""
    views = network.views()
    draft = Draft(views, "compliance unlink", reason.told, single=reason.reference)
    owner = views.owners([wallet])[wallet]
    if owner is None:
        return draft.nothing(f"{wallet} belongs to nobody")
    if owner != views.owner(investor):
        raise InputError("belongs to another investor", field="wallet", value=wallet)
    order = ins.UnlinkWallet(investor, wallet, reason.code, reason.document)
    by = draft.order(f"unlink {wallet} from {investor}", order, reason.sender).sender
    draft.steps += views.consequences(order, by)
    return draft.plan()


def push(network: Network, investor: str, sender: str = "") -> Plan:
    """Tell the stocks what is left to tell of an investor's clearance. Anyone may."""
    views = network.views()
    draft = Draft(views, "compliance push", investor, natural=True)
    # A later piece of news stops at the same stock as an earlier one did.
    steps = views.push(investor, draft.anyone(COMPLIANCE, sender))
    draft.steps += [replace(one, name=draft.fresh(one.name)) for one in steps]
    if draft.steps:
        return draft.plan()
    good = views.clearances([investor])[investor].good(views.now())
    return draft.nothing(f"{investor} is cleared" if good else f"every stock knows how {investor} stands")


def set_profile(
    network: Network,
    investor: str,
    country: int,
    investor_class: InvestorClass,
    reference: str = "",
    sender: str = "",
) -> Plan:
    """Set an investor's country (ISO 3166 numeric) and class; every stock learns it at once, the expiry stays.

    InputError for an unknown investor, country or class.
    """
    if investor_class not in get_args(InvestorClass):
        raise InputError(f"is none of {', '.join(get_args(InvestorClass))}", field="class", value=investor_class)
    wished = f"{investor_class}, {country_code(country)}"
    views = network.views()
    found = _known(views.clearances([investor])[investor], investor)
    draft = Draft(views, "compliance profile", reference, single=reference)
    if (found.country, found.investor_class) == (country, investor_class):
        return draft.nothing(f"{investor} is {wished}")
    order = ins.SetProfile(investor, country, investor_class)
    draft.order(f"{investor} is {wished}", order, sender, f"profile {investor}")
    return draft.plan()
