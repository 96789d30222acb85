"""Reinvestment: what a leaf of a cash dividend pays buys new units, on a quote that settles exactly its net.

The desk signs the quotes from a list of who has chosen it; who is paid claims and mints in one plan of two
transactions, each of which is looked for on the chain before it is sent. No unit is made but by the market's mint,
which asks the reserve, and what is paid for it goes to the treasury as of any quote. A quote's reference names the
leaf, so that what was reinvested is found on the chain by whoever has the dividend's folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.dividends import files as folders
from scrip.dividends import reinvestments
from scrip.dividends.reinvestments import Reinvested
from scrip.errors import InputError, InputErrors, Refusal
from scrip.evm.encoding.quotes import ref_of
from scrip.evm.handlers.dividends import paid_leaves
from scrip.evm.views import EvmQuote
from scrip.flows import market
from scrip.flows.dividend_desk import DividendDesk
from scrip.holders import files as registers
from scrip.inputs.batch import Batch
from scrip.labels import STABLECOIN
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft
from scrip.preview import moment
from scrip.records.files import create, text_of
from scrip.records.quotes import QuoteBook
from scrip.units import EVM_DECIMALS, WAD, RawUnits, Stablecoin

TURNS = 32
"""How many quotes one leaf may be given, one after another expired."""
OWN = ("account", "amount", "settlement")
"""Fields of refusals that are of one account alone: the others' quotes are signed all the same."""
State = Literal["to sign", "open", "reinvested", "left"]


def reference_of(stock: str, reference: str, distribution: str, place: int, turn: int) -> str:
    """The reference of a leaf's quote: of the dividend's part, the leaf's place, and how many expired before it."""
    return f"{stock} {reference} reinvested {distribution[2:14]} {place}.{turn}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one account of a desk's list gets: a quote that is to be signed or is open, or nothing, and why."""

    account: str
    place: int
    net: Stablecoin
    state: State
    reason: str = ""
    quote: EvmQuote | None = None

    @property
    def facts(self) -> dict[str, object]:
        """For programs; the end of a quote aside, which is of a node's clock."""
        told = {"account": self.account, "place": self.place, "net": str(self.net), "state": self.state}
        if self.quote is None:
            return told | {"reason": self.reason}
        return told | {"reason": self.reason, "amount": self.quote.amount, "reference": self.quote.id}

    def __str__(self) -> str:
        if self.quote is None:
            return f"{self.state:10} {self.account}: {self.net}, {self.reason}"
        until = f", until {moment(self.quote.expiry)}" if self.state == "open" else ""
        return f"{self.state:10} {self.account}: {self.quote.amount} {self.quote.stock} for {self.net}{until}"


# --- the desk --------------------------------------------------------------------------------------------------------


def wanted(
    network: Network,
    stock: str,
    reference: str,
    folder: Path,
    batch: Batch[str],
    price: Stablecoin,
    life: int,
    sender: str = "",
    override: bool = False,
) -> list[Wanted]:
    """The quotes of a list of accounts at the price of one token: each settles what its leaf pays.

    A quote that was signed for a leaf and is open stays; after one that expired another is drafted, and none once one
    was carried out. Who may not have one is told, and the others get theirs. InputErrors for accounts without a leaf,
    each with its line; InputError for a dividend that is not paid in the coin that quotes settle in, or not yet.
    """
    desk = DividendDesk(network, stock)
    written = _in_coin(desk, reference, folder)
    if not price:
        raise InputError("is 0", field="price")
    known = {name: place for place, name in enumerate(written.names)}
    rows: dict[int, str] = {}
    errors = []
    for line, account in batch.rows:
        place = known.get(desk.views.address(account).lower())
        if place is None or place in rows:
            told = "has no leaf in this dividend" if place is None else "stands in the list already"
            errors.append(InputError(told, field="account", value=account, file=batch.file, line=line))
        else:
            rows[place] = account
    if errors:
        raise InputErrors(errors)
    used = {one.ref for one in desk.views.trades(stock, _record_of(written))}
    payees = desk.payees([written.names[place] for place in rows])
    terms = _Terms(network, stock, reference, written.bound, price, life, sender, override)
    found = []
    for place, account in rows.items():
        net = Stablecoin(written.tree.leaves.leaf(place).net)
        found.append(terms.one(account, payees[written.names[place]], place, net, used))
    return found


@dataclass(frozen=True, slots=True)
class _Terms:
    """What all quotes of a list have in common."""

    network: Network
    stock: str
    reference: str
    distribution: str
    price: Stablecoin
    life: int
    sender: str
    override: bool

    def one(self, account: str, payee: str, place: int, net: Stablecoin, used: set[str]) -> Wanted:
        if not net or not payee:
            reason = "its leaf is of 0" if not net else "is blocked: its cash waits"
            return Wanted(account, place, net, "left", reason)
        book = QuoteBook(self.network.records.folder)
        names = [reference_of(self.stock, self.reference, self.distribution, place, turn) for turn in range(TURNS)]
        if any("0x" + ref_of(name).hex() in used for name in names):
            return Wanted(account, place, net, "reinvested", "was reinvested")
        for name in names:
            signed = book.find(name)
            if signed is None:
                return self._draft(account, payee, place, net, name)
            quote = EvmQuote.of(signed)
            if market.offer(self.network, quote).state == "open":
                if (quote.account, quote.order().settlement.value + quote.fee.value) != (payee, net.value):
                    reason = f"quote {name} is open, of another account or sum: `market revoke` it"
                    return Wanted(account, place, net, "left", reason)
                return Wanted(account, place, net, "open", quote=quote)
        return Wanted(account, place, net, "left", f"{TURNS} quotes were signed for it, and none was used")

    def _draft(self, account: str, payee: str, place: int, net: Stablecoin, name: str) -> Wanted:
        amount = RawUnits(net.value * WAD // self.price.value, EVM_DECIMALS)
        try:
            made = market.draft(
                self.network, "mint", self.stock, payee, amount, net, name, self.life, self.sender, self.override
            )
        except InputError as wrong:
            if wrong.field not in OWN:
                raise
            return Wanted(account, place, net, "left", str(wrong))
        if not isinstance(made, EvmQuote):
            raise TypeError(f"{made!r} is a quote of another kind of chain")
        return Wanted(account, place, net, "to sign", quote=made)


def refusal_of(network: Network, found: Sequence[Wanted]) -> Refusal | None:
    """How the model refuses the first of these quotes as things stand: the market is shut, the reserve is short."""
    first = next((one.quote for one in found if one.quote is not None), None)
    return None if first is None else market.refusal_of(network, first)


def sign_into(network: Network, found: Sequence[Wanted], out: Path) -> Iterator[tuple[Wanted, Path]]:
    """Sign what is to be signed, and write every open quote into a folder, each with its file for wallets.

    A file that stands is left; InputError where it is another quote's.
    """
    views = evm_only(network).views()
    out.mkdir(parents=True, exist_ok=True)
    for one in found:
        if one.quote is None:
            continue
        path = out / f"{one.quote.account.lower()}-{one.quote.id.rpartition(' ')[2]}.json"
        if not path.exists():
            beside = path.with_suffix(market.WALLET)
            # Of a run that was cut short, whose quote's own file was taken away since.
            beside.unlink(missing_ok=True)
            market.sign_into(network, one.quote, path)
        elif EvmQuote.read(path).id != one.quote.id:
            raise InputError("is of another quote: name another folder", field="out", value=path)
        elif not path.with_suffix(market.WALLET).exists():
            create(path.with_suffix(market.WALLET), text_of(views.for_wallets(EvmQuote.read(path))))
        yield one, path


# --- who is paid -----------------------------------------------------------------------------------------------------


def claim(
    network: Network, stock: str, reference: str, folder: Path, account: str, file: Path, sender: str = ""
) -> Plan:
    """Claim a leaf, and mint for its net on the quote of a file, by who is paid for it: in this order.

    What was claimed or pushed before is not claimed again; where the mint is done there is nothing to do. InputError
    before anything is sent where the quote is of another leaf or of another sum, can no longer be used, or is another's
    to use than `sender`: the cash itself can be claimed all the same.
    """
    desk = DividendDesk(network, stock)
    written = _in_coin(desk, reference, folder)
    place = desk.place_of(written, account)
    net = Stablecoin(written.tree.leaves.leaf(place).net)
    quote = EvmQuote.read_to("mint", file)
    names = {reference_of(stock, reference, written.bound, place, turn) for turn in range(TURNS)}
    if quote.id not in names or quote.stock != stock:
        told = f"is of a quote that reinvests no cash of {account} of this part: ask the desk for its own"
        raise InputError(told, file=str(file), field="id", value=quote.id)
    paid = quote.order().settlement.value + quote.fee.value
    if paid != net.value:
        told = f"comes to {Stablecoin(paid)} with its fee, and the leaf pays {net}"
        raise InputError(told, file=str(file), field="settlement", value=quote.settlement)
    draft = Draft(desk.views, "dividend claim", quote.id, natural=True)
    offered = market.offer(network, quote)
    leaves = paid_leaves(desk.views.network.chain, desk.distributor, written.bound, desk.views.ledger.since)
    done = leaves.get(place)
    payee = desk.name(quote.account)
    if sender and desk.views.address(sender) != quote.account:
        raise InputError(f"is not whom the quote names, {payee}", field="as", value=sender)
    if offered.state not in ("open", "used"):
        told = f"is {offered.state}: ask the desk for another; without --reinvest the cash is claimed"
        raise InputError(told, file=str(file), field="quote", value=quote.id)
    if offered.state == "open":
        desk.views.check_quote(quote)
    if done is not None and not done.parked:
        draft.same.append(f"{account} was paid {net}")
        entitled = done.payee
    else:
        entitled = desk.demand_payable(account, written.tree.leaves.leaf(place), payee)
        draft.add(desk.paying(draft, reference, written, place, account, payee, is_parked=done is not None))
    if entitled.lower() != quote.account.lower():
        told = f"names {payee}, and {desk.name(entitled)} is paid: ask the desk for another"
        raise InputError(told, file=str(file), field="account", value=quote.account)
    if offered.state == "used":
        draft.same.append(f"{net} of {account} were reinvested: {quote.amount} {stock}")
        return draft.plan()
    title = f"{net} of {stock} {reference} buy {payee} {quote.amount} {stock}"
    draft.prepared(desk.views.quote_steps(quote, payee, title))
    draft.changes.append(Change(f"{stock} of {payee}", "", f"{quote.amount} more, for {net}"))
    return draft.plan()


def reinvested(network: Network, stock: str, reference: str, folder: Path) -> list[Reinvested]:
    """What of a dividend's part was reinvested, as the market's events tell it, in the order of the blocks."""
    desk = DividendDesk(network, stock)
    written, _ = desk.posted(reference, folder)
    leaves = paid_leaves(desk.views.network.chain, desk.distributor, written.bound, desk.views.ledger.since)
    places: dict[str, list[int]] = {}
    for leaf in leaves.values():
        if not leaf.parked:
            places.setdefault(leaf.payee.lower(), []).append(leaf.index)
    table = registers.read_table(folder / f"{folders.TABLE}.csv", folders.TEXT)
    investors = dict(zip(table.column("account").to_pylist(), table.column("investor").to_pylist(), strict=True))
    found = []
    for trade in desk.views.trades(stock, _record_of(written)):
        for place in places.get(trade.account, ()) if trade.side == "mint" else ():
            names = (reference_of(stock, reference, written.bound, place, turn) for turn in range(TURNS))
            if name := next((one for one in names if "0x" + ref_of(one).hex() == trade.ref), ""):
                account, at = written.names[place], desk.views.network.node.block(trade.block).timestamp
                whose = (network.manifest.network, stock, reference, account, investors[account])
                day, cost = datetime.fromtimestamp(at, UTC).date(), trade.settlement + trade.fee
                found.append(Reinvested(day, *whose, trade.amount, cost, name))
    return found


def write(path: Path, found: Sequence[Reinvested]) -> None:
    """Write what was reinvested into a file; see scrip.dividends.reinvestments."""
    reinvestments.write(path, found)


def _record_of(written: folders.Verified) -> int:
    """The record's block: nothing of a dividend was reinvested before it."""
    return int(written.summary["subject"]["block"])


def _in_coin(desk: DividendDesk, reference: str, folder: Path) -> folders.Verified:
    """The folder of a part that pays now, in the coin that quotes settle in; InputError otherwise."""
    written, _ = desk.payable(reference, folder)
    asset = desk.demand(reference).terms.asset
    if asset != STABLECOIN:
        coin = next(iter(desk.network.manifest.settlement.assets))
        raise InputError(f"is paid in {asset}, and quotes settle in {coin}", field="reference", value=reference)
    return written
