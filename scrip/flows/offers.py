"""Offers that holders answer with units: opened, chosen in, funded, settled page by page, fetched, swept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from eth_utils import keccak

from scrip import instructions as ins
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.chain import Call as Ask
from scrip.evm.chain import Contract, ask_all
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.quotes import DOMAIN_FIELDS
from scrip.evm.handlers.offers import (
    CHOICE_FIELDS,
    SIGNED_FOR,
    Shown,
    choosers_of,
    hex_of,
    number,
    read_due,
    read_need,
    read_offer,
    read_parts,
    read_positions,
)
from scrip.evm.handlers.voting import read_times
from scrip.evm.views import EvmViews
from scrip.labels import OFFERS, STABLECOIN, asset_label
from scrip.model.laws import offers as law
from scrip.model.laws.offers import OFFER_CODES, OfferCode
from scrip.model.state.offers import Position
from scrip.parameters import MAX_SETTLED
from scrip.plan import Change, Plan, Step
from scrip.plan.draft import Draft, Reason
from scrip.preview import moment
from scrip.records import files
from scrip.units import EVM_DECIMALS, RawUnits, Stablecoin, as_fraction, format_wad, parse_wad

SCHEMA = 1
PLACES = 6
"""Decimals of a theoretical price that is shown, rounded down."""
TRANSFER = keccak(text="Transfer(address,address,uint256)")
NONE = RawUnits(0, EVM_DECIMALS)


# --- the desk --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """What an offer is opened with beside the book's terms. `treasury` "" is the manifest's, `taker` "" burns what a
    tender offer takes; `most` are the rights that were issued, or the units that a merger pays in cash at most.
    """

    taker: str = ""
    treasury: str = ""
    most: RawUnits = NONE


def open_(network: Network, stock: str, reference: str, wish: Wish, sender: str = "") -> Plan:
    """Open the offer of an announced action on the book's terms of now; nothing where one stands."""
    desk = _Desk(network, stock)
    draft = Draft(desk.views, "offer open", f"{stock} {reference}", natural=True)
    code, action = desk.action(reference)
    parts = read_parts(desk.chain, desk.escrow, action)
    last = read_offer(desk.chain, desk.escrow, parts[-1]) if parts else None
    if last is not None and last.status not in ("CANCELLED", "LAPSED"):
        return draft.nothing(f"the offer of {stock} {reference} is {last.status.lower()}, as {last.offer}")
    recorded = desk.recorded(action)
    at = bytes.fromhex(desk.escrow.address[2:])
    deadline = recorded["deadline"]
    offer = hex_of(law.offer_number(desk.chain.chain_id(), at, action, len(parts), code, deadline))
    wanted = desk.views.manifest.offers
    treasury = wish.treasury or (wanted.treasury if wanted else "") or desk.views.manifest.settlement.treasury
    other, asset = desk.name_of(recorded["other"]), desk.asset(recorded["coin"])
    place = (stock, code, reference, len(parts), treasury, offer)
    order = ins.OpenOffer(*place, wish.taker, wish.most, other, asset)
    title = f"holders of {other if code == 'RHTS' else stock} choose in {code} {reference}"
    draft.order(title, order, sender, draft.fresh(f"open {len(parts)}"))
    draft.changes.append(Change(f"offer {stock} {reference}", "none", f"{offer}, until {moment(deadline)}"))
    return draft.plan()


def set_stopped(network: Network, stock: str, reference: str, wished: bool, sender: str = "") -> Plan:
    """Take no new choices (PAUSER), or take them again (UNPAUSER)."""
    desk = _Desk(network, stock)
    shown = desk.demand(reference)
    name = "stop" if wished else "resume"
    draft = Draft(desk.views, f"offer {name}", f"{stock} {reference}", natural=True)
    if shown.stopped == wished:
        return draft.nothing(f"the offer of {stock} {reference} is {'' if wished else 'not '}stopped")
    kind = ins.StopOffer if wished else ins.ResumeOffer
    title = f"new choices in {stock} {reference} {'stop' if wished else 'go on'}"
    draft.order(title, kind(stock, shown.offer, desk.other(shown)), sender, draft.fresh(name))
    return draft.plan()


def cancel(network: Network, stock: str, reference: str, why: Reason) -> Plan:
    """End an offer that is not funded: everybody fetches what it put in."""
    desk = _Desk(network, stock)
    draft = Draft(desk.views, "offer cancel", f"{stock} {reference}", natural=True)
    shown = desk.demand(reference)
    if shown.status != "OPEN":
        return draft.nothing(f"the offer of {stock} {reference} is {shown.status.lower()}")
    order = ins.CancelOffer(stock, shown.offer, why.code, why.document, desk.other(shown))
    draft.order(f"the offer of {stock} {reference} ends", order, why.sender, draft.fresh(f"cancel {shown.offer}"))
    draft.changes.append(Change(f"offer {stock} {reference}", "open", "cancelled: all of it can be fetched"))
    return draft.plan()


def fund(network: Network, stock: str, reference: str, sender: str = "") -> Plan:
    """Bring in all that the choices come to, after the deadline: coins out of the treasury's, or `sender`'s."""
    desk = _Desk(network, stock)
    draft = Draft(desk.views, "offer fund", f"{stock} {reference}", natural=True)
    shown = desk.demand(reference)
    if shown.status != "OPEN":
        return draft.nothing(f"the offer of {stock} {reference} is {shown.status.lower()}")
    if desk.views.now() <= shown.deadline:
        reason = f"takes choices until {moment(shown.deadline)}: what they come to is not known before"
        raise InputError(reason, field="reference", value=reference)
    due, minted = read_need(desk.chain, desk.escrow, shown.offer)
    treasury = desk.views.manifest.settlement.treasury
    by = sender or (treasury if shown.agreed.code == "TEND" else draft.sender("ACTIONS"))
    money = Stablecoin(due)
    order = ins.FundOffer(stock, shown.offer, money, by, desk.other(shown), desk.asset(shown.coin))
    made = f" and {RawUnits(minted, EVM_DECIMALS)} new units" if minted else ""
    step = desk.views.step(draft.fresh("fund"), f"{by} brings {money}{made} for {stock} {reference}", [order])
    draft.prepared([*desk.approvals(by, desk.asset(shown.coin), due), step])
    draft.changes.append(Change(f"offer {stock} {reference}", "open", f"funded with {money}{made}"))
    return draft.plan()


def settle(network: Network, stock: str, reference: str, sender: str = "") -> Plan:
    """Write down what becomes of every position, in pages, then burn or hand over what is taken. A run that was cut
    short is finished by the next: what is settled is left."""
    desk = _Desk(network, stock)
    draft = Draft(desk.views, "offer settle", f"{stock} {reference}", natural=True)
    shown = desk.demand(reference)
    if shown.status != "FUNDED":
        raise InputError(f"is {shown.status.lower()}: `offer fund` comes first", field="reference", value=reference)
    by, other = draft.anyone("ACTIONS", sender), desk.other(shown)
    found = desk.positions(shown)
    left = [account for account, position in found.items() if not position.settled]
    for page in _pages(left):
        names = tuple(desk.chain.name(one) for one in page)
        title = f"{len(names)} positions in {stock} {reference} are settled"
        order = ins.SettleOffer(stock, shown.offer, names, by, other)
        draft.add(desk.views.step(draft.fresh(f"settle from {page[0]}"), title, [order]))
    if left or shown.taken or shown.proceeds:
        order_ = ins.CollectOffer(stock, shown.offer, by, other, desk.asset(shown.coin))
        whither = "burnt" if shown.taker == ZERO_ADDRESS else f"{desk.chain.name(shown.taker)}'s"
        title = f"what is taken in {stock} {reference} is {whither}, and what is the treasury's is paid"
        draft.add(desk.views.step(draft.fresh("collect"), title, [order_]))
    return draft.plan() if draft.steps else draft.nothing(f"all of {stock} {reference} is settled and collected")


def enforce(network: Network, stock: str, reference: str, account: str, to: str, amount: RawUnits, why: Reason) -> Plan:
    """Seize what an account has in an offer: `amount` of what it put in while it is open, 0 for all due after."""
    desk = _Desk(network, stock)
    shown = desk.demand(reference)
    draft = Draft(desk.views, "offer enforce", why.told, single=why.reference)
    order = ins.EnforceOffer(
        stock, shown.offer, account, to, amount, why.code, why.document, desk.other(shown), desk.asset(shown.coin)
    )
    what = f"{amount} units" if amount.value else "all that is due"
    draft.order(f"{what} of {account} in {stock} {reference} are {to}'s", order, why.sender)
    return draft.plan()


def sweep(network: Network, stock: str, reference: str, why: Reason) -> Plan:
    """After the expiry: pay the treasury the coins that nobody fetched, and end rights that nobody used.

    Rights are paused first (PAUSER), so that none is transferred or made any more, then burnt of each (ENFORCER).
    """
    desk = _Desk(network, stock)
    draft = Draft(desk.views, "offer sweep", f"{stock} {reference}", natural=True)
    shown = desk.demand(reference)
    now, other = desk.views.now(), desk.other(shown)
    if shown.agreed.code == "RHTS" and desk.recorded(shown.action)["expiry"] <= now:
        _end_rights(desk, draft, shown, why)
    if shown.status == "FUNDED" and shown.expiry <= now:
        order = ins.SweepOffer(stock, shown.offer, other, desk.asset(shown.coin))
        title = f"{Stablecoin(shown.coins + shown.proceeds)} of {stock} {reference} go to the treasury"
        draft.order(title, order, why.sender, draft.fresh("sweep"))
    elif shown.status == "FUNDED":
        draft.same.append(f"what nobody fetched stays until {moment(shown.expiry)}")
    if draft.steps or draft.same:
        return draft.plan()
    return draft.nothing(f"nothing of {stock} {reference} is to be swept")


def _end_rights(desk: _Desk, draft: Draft[EvmViews], shown: Shown, why: Reason) -> None:
    rights = desk.other(shown)
    token = desk.views.ledger.token(rights)
    held = [(one, units) for one, units in _holders(desk, token) if one.lower() != desk.escrow.address.lower()]
    if held and (shown.taken or (shown.status == "FUNDED" and shown.total)):
        left = [one for one, position in desk.positions(shown).items() if not position.settled]
        if left or shown.taken:
            reason = f"has rights that are used and not burnt yet: `offer settle {desk.stock}` first"
            raise InputError(reason, field="reference", value=desk.stock)
    if held and not desk.views.paused(rights):
        title = f"{rights} is worth nothing any more: nobody transfers it, and none is made"
        draft.order(title, ins.Pause(rights), "", draft.fresh(f"pause {rights}"))
    for account, units in held:
        name = desk.chain.name(account)
        amount = RawUnits(units, EVM_DECIMALS)
        order = ins.ForcedBurn(rights, name, amount, why.code, why.document)
        draft.order(f"{amount} {rights} of {name}, which it did not use, are burnt", order, "", f"end {account}")


def _holders(desk: _Desk, token: Contract) -> list[tuple[str, int]]:
    """Everybody who ever received units of a stock and has some, by address."""
    told = desk.chain.logs(token, [TRANSFER], desk.views.ledger.since)
    seen = list(dict.fromkeys("0x" + event.topics[2][-20:].hex() for event in told))
    held = ask_all(desk.chain, [Ask(token, "balanceOf", (one,)) for one in seen])
    return [(one, int(units)) for one, units in zip(seen, held, strict=True) if units]


# --- holders ---------------------------------------------------------------------------------------------------------


def tender(network: Network, stock: str, reference: str, account: str, units: RawUnits, more: RawUnits = NONE) -> Plan:
    """Put an account's units in; of a rights issue it pays for them, and lets the escrow take that first."""
    desk = _Desk(network, stock)
    shown = desk.demand(reference)
    draft = Draft(desk.views, "offer tender")
    asset, other = desk.asset(shown.coin), desk.other(shown)
    order = ins.ChooseInOffer(stock, shown.offer, account, units, more, other, asset)
    title = f"{account} puts {_told(shown.agreed.code, units, more)} into {stock} {reference}"
    due = 0
    if shown.agreed.code == "RHTS":
        was = desk.position(shown, account)
        now = law.returned(shown.agreed, was.first + units.value, was.second + more.value)[1]
        due = now - law.returned(shown.agreed, was.first, was.second)[1]
        title += f", and pays {Stablecoin(due)}"
    step = desk.views.step("tender", title, [order])
    draft.prepared([*desk.approvals(account, asset, due), step])
    draft.changes.append(Change(f"{account} in {stock} {reference}", *desk.more(shown, account, units, more)))
    return draft.plan()


@dataclass(frozen=True, slots=True)
class Signed:
    """A choice as its file has it: what is signed, and the signature where it is there."""

    paper: dict[str, Any]

    @property
    def text(self) -> str:
        """The file's text."""
        return files.text_of(self.paper)


def sign(
    network: Network, stock: str, reference: str, account: str, units: RawUnits, more: RawUnits, until: int, here: bool
) -> Signed:
    """What an account signs to put units in, for any wallet; signed already where a key of this machine is its own."""
    desk = _Desk(network, stock)
    shown = desk.demand(reference)
    address = desk.views.address(account)
    fields = {
        "owner": address,
        "offer": number(shown.offer),
        "units": units.value,
        "more": more.value,
        "nonce": int(desk.chain.call(desk.escrow, "nextNonce", address)),
        "expiry": until or shown.deadline,
    }
    name, version = SIGNED_FOR
    at = {"name": name, "version": version, "chainId": desk.chain.chain_id(), "verifyingContract": desk.escrow.address}
    typed = {
        "domain": at,
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in DOMAIN_FIELDS],
            "Choice": [{"name": name, "type": kind} for name, kind in CHOICE_FIELDS],
        },
        "primaryType": "Choice",
        "message": fields,
    }
    signature = "0x" + desk.chain.sign(account, typed).hex() if here else ""
    head = {"schema": SCHEMA, "stock": stock, "reference": reference, "account": address}
    return Signed({**head, "units": str(units), "more": str(more), "signature": signature, "typed": _plain(typed)})


def _plain(typed: dict[str, Any]) -> dict[str, Any]:
    """The message with its numbers as text, which no reader rounds."""
    return typed | {"message": {name: str(value) for name, value in typed["message"].items()}}


def relay(network: Network, path: Path, sender: str) -> Plan:
    """Hand in a choice that its account signed, by the file of `sign`."""
    paper = _paper(path)
    desk = _Desk(network, paper["stock"])
    shown = desk.demand(paper["reference"])
    message = paper["typed"]["message"]
    if message["offer"] != str(number(shown.offer)):
        raise InputError("is of another offer than the one that stands", field="offer", value=message["offer"])
    if not paper["signature"]:
        raise InputError("is missing: the account signs `typed` in its wallet", field="signature", file=str(path))
    draft = Draft(desk.views, "offer relay", f"{paper['account']} {message['nonce']}", natural=True)
    used = desk.chain.call(desk.escrow, "nextNonce", desk.views.address(paper["account"]))
    if int(message["nonce"]) < used:
        return draft.nothing(f"choice {message['nonce']} of {paper['account']} was handed in")
    units, more = (RawUnits(int(message[name]), EVM_DECIMALS) for name in ("units", "more"))
    order = ins.RelayChoice(
        desk.stock,
        shown.offer,
        paper["account"],
        units,
        more,
        int(message["expiry"]),
        paper["signature"],
        sender,
        desk.other(shown),
        desk.asset(shown.coin),
    )
    title = f"{paper['account']} puts {_told(shown.agreed.code, units, more)} in, as it signed"
    draft.add(desk.views.step(draft.fresh("relay"), title, [order]))
    return draft.plan()


def _paper(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text())
        names = ("schema", "stock", "reference", "account", "signature", "typed")
        if found["schema"] != SCHEMA or not all(name in found for name in names):
            raise KeyError
        found["typed"]["message"]["offer"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError("is no signed choice: `offer sign` writes them", file=str(path), field="file") from None
    return dict(found)


def withdraw(network: Network, stock: str, reference: str, account: str, sender: str = "") -> Plan:
    """Take all out again that an account put in, until the deadline."""
    desk = _Desk(network, stock)
    shown = desk.demand(reference)
    draft = Draft(desk.views, "offer withdraw", f"{stock} {reference} {account}", natural=True)
    was = desk.position(shown, account)
    if not (was.first or was.second):
        return draft.nothing(f"{account} has nothing in {stock} {reference}")
    units, coins = law.returned(shown.agreed, was.first, was.second)
    order = ins.WithdrawChoice(stock, shown.offer, account, sender, desk.other(shown), desk.asset(shown.coin))
    title = f"{RawUnits(units, EVM_DECIMALS)} of {account} in {stock} {reference} go back to it"
    draft.add(desk.views.step(draft.fresh("withdraw"), title, [order]))
    if coins:
        draft.changes.append(Change(f"coins of {account}", "in the offer", f"{Stablecoin(coins)} come back"))
    return draft.plan()


def operator(network: Network, account: str, operator: str, approved: bool = True) -> Plan:
    """Let an account, a keeper's for example, withdraw and fetch for `account`, which signs, in every offer of the
    issuer's; or no longer."""
    views: EvmViews = evm_only(network).views()
    if (escrow := views.ledger.suite.offers) is None:
        raise InputError("is missing in the manifest, or not deployed: nobody tenders here", field="offers")
    draft = Draft(views, "offer operator")
    pair = (views.address(account), views.address(operator))
    if approved and pair[0] == pair[1]:
        raise InputError("is the account itself, which needs none", field="operator", value=operator)
    if bool(views.network.chain.call(escrow, "isOperator", *pair)) == approved:
        return draft.nothing(f"{operator} {'acts' if approved else 'does not act'} for {account} in offers")
    title = f"{operator} {'acts' if approved else 'acts no more'} for {account} in offers"
    draft.add(views.step("operator", title, [ins.SetOfferOperator(account, operator, approved)]))
    acts = ("does not act", "acts")
    draft.changes.append(Change(f"{operator} for {account}", acts[not approved], acts[approved]))
    return draft.plan()


def claim(network: Network, stock: str, reference: str, accounts: Sequence[str], sender: str = "") -> Plan:
    """Fetch what is due to these accounts, by itself or by `sender`, its operator; of all that have any, for none."""
    desk = _Desk(network, stock)
    shown = desk.demand(reference)
    draft = Draft(desk.views, "offer claim", f"{stock} {reference}", natural=True)
    if shown.status == "OPEN":
        raise InputError("is not funded: nothing is due yet", field="reference", value=reference)
    wanted = accounts or [desk.chain.name(one) for one in desk.positions(shown)]
    addresses = {one: desk.views.address(one) for one in wanted}
    held = desk.positions(shown)
    due = read_due(desk.chain, desk.escrow, shown.offer, addresses.values())
    for (account, address), outcome in zip(addresses.items(), due, strict=True):
        if address.lower() not in held:
            draft.same.append(f"{account} has nothing more in {stock} {reference}")
            continue
        order = ins.ClaimOffer(stock, shown.offer, account, sender, desk.other(shown), desk.asset(shown.coin))
        money = Stablecoin(outcome.coins)
        title = f"{account} is given {RawUnits(outcome.units, EVM_DECIMALS)} units and {money} of {stock} {reference}"
        draft.add(desk.views.step(draft.fresh(f"claim {address}"), title, [order]))
    return draft.plan() if draft.steps else draft.nothing(f"nothing of {stock} {reference} is left to be fetched")


# --- views -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """An offer as the desk looks at it: its terms, who chose what, what each would be due, what funding asks for."""

    stock: str
    reference: str
    shown: Shown
    names: dict[str, str]
    need: tuple[int, int]
    rows: tuple[tuple[str, int, int, bool, int, int, int], ...]
    rights: tuple[tuple[str, str], ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """For programs. Units are raw units, coins base units, price and ratio wads."""
        one, agreed = self.shown, self.shown.agreed
        head = {"stock": self.stock, "reference": self.reference, "offer": one.offer, "code": agreed.code}
        terms = {"status": one.status.lower(), "stopped": one.stopped, "deadline": one.deadline, "pay": one.pay}
        terms |= {"lapses_at": law.lapses_at(one.pay), "expiry": one.expiry, **self.names}
        numbers = {"price": agreed.price, "ratio": agreed.ratio, "most": agreed.most, "total": one.total}
        numbers |= {"more": one.more, "needed": self.need[0], "to_mint": self.need[1], "coins": one.coins}
        numbers |= {"proceeds": one.proceeds, "taken": one.taken, "minted": one.minted}
        columns = ("account", "first", "second", "settled", "taken", "units", "coins")
        rows = [dict(zip(columns, row, strict=True)) for row in self.rows]
        return {**head, **terms, **numbers, "positions": rows, "theoretical": dict(self.rights)}

    def lines(self) -> Iterator[str]:
        """For people."""
        one, agreed = self.shown, self.shown.agreed
        stopped = ", NEW CHOICES STOPPED" if one.stopped and one.status == "OPEN" else ""
        yield f"{self.stock} {agreed.code} {self.reference}: {one.status.lower()}{stopped}, {one.offer}"
        yield f"  choices until {moment(one.deadline)}, pay {moment(one.pay)}, lapses {moment(law.lapses_at(one.pay))}"
        most = f", at most {_units(agreed.most)}" if agreed.most else ""
        yield f"  {format_wad(agreed.price)} coins and {format_wad(agreed.ratio)} units for a token{most}"
        yield f"  chosen {_units(one.total)} and {_units(one.more)}"
        if one.status == "OPEN":
            yield f"  funding asks for {Stablecoin(self.need[0])} and {_units(self.need[1])} new units as it stands"
        for name, value in self.rights:
            yield f"  {name}: {value}"
        for account, first, second, settled, taken, units, coins in self.rows:
            chose = "settled" if settled else f"chose {_units(first)} and {_units(second)}; {_units(taken)} taken"
            yield f"  {account}: {chose}, due {_units(units)} units and {Stablecoin(coins)}"


def show(network: Network, stock: str, reference: str, cum: Fraction | None = None) -> Sheet:
    """An action's last offer. With `cum`, a share's price with its right, the theoretical price without it."""
    desk = _Desk(network, stock)
    shown = desk.demand(reference)
    held = desk.positions(shown)
    due = read_due(desk.chain, desk.escrow, shown.offer, held)
    rows = tuple(
        (desk.chain.name(account), one.first, one.second, one.settled, end.taken, end.units, end.coins)
        for (account, one), end in zip(held.items(), due, strict=True)
    )
    names = {"token": desk.name_of(shown.token), "given": desk.name_of(shown.given)}
    names |= {"taker": desk.named(shown.taker), "treasury": desk.named(shown.treasury)}
    rights: tuple[tuple[str, str], ...] = ()
    if cum is not None:
        if shown.agreed.code != "RHTS":
            raise InputError("is of a rights issue alone", field="cum", value=str(float(cum)))
        told = desk.recorded(shown.action)
        rights = theoretical(cum, as_fraction(told["price"]), told["num"], told["den"])
    need = read_need(desk.chain, desk.escrow, shown.offer)
    return Sheet(stock, reference, shown, names, need, rows, rights)


def theoretical(cum: Fraction, price: Fraction, new: int, old: int) -> tuple[tuple[str, str], ...]:
    """The theoretical price of a share without its right, exactly and rounded down, and what the right is worth."""
    found, worth = law.terp(cum, price, new, old), law.right_worth(cum, price, new, old)
    return (
        ("theoretical price without the right", f"{_short(found)} ({found.numerator}/{found.denominator})"),
        ("worth of the right to a new share", f"{_short(worth)} ({worth.numerator}/{worth.denominator})"),
    )


def cum_price(text: str) -> Fraction:
    """A price of a share as people write it."""
    return as_fraction(parse_wad(text, "cum"))


# --- parts -----------------------------------------------------------------------------------------------------------


class _Desk:
    """A stock's book and escrow. InputError where the network takes no offers."""

    def __init__(self, network: Network, stock: str) -> None:
        self.stock = stock
        self.views: EvmViews = evm_only(network).views()
        self.chain = self.views.network.chain
        suite = self.views.ledger.suite
        if suite.book is None or suite.offers is None:
            raise InputError("is missing in the manifest, or not deployed: nobody tenders here", field="offers")
        self.book, self.escrow = suite.book, suite.offers
        self.views.ledger.token(stock)

    def action(self, reference: str) -> tuple[OfferCode, bytes]:
        """The action of a reference that an offer may be of: its code and id. InputError for none."""
        for code in OFFER_CODES:
            action = self.views.ledger.action_id(self.stock, code, reference)
            if read_times(self.chain, self.book, action).code == code:
                return code, action
        told = f"is no announced action of {self.stock} that holders choose in ({', '.join(OFFER_CODES)})"
        raise InputError(told, field="reference", value=reference)

    def recorded(self, action: bytes) -> dict[str, Any]:
        """The terms that the book has of an action, by the contract's names."""
        times = ("ex", "exAt", "recordAt", "deadline", "pay", "expiry")
        money = ("gross", "fee", "currency", "coin", "rate", "source", "num", "den", "other", "price", "most")
        names = (*times, *money, "document")
        return dict(zip(names, self.chain.call(self.book, "action", action)[6], strict=True))

    def demand(self, reference: str) -> Shown:
        """The last offer of an action; InputError where none was opened."""
        _, action = self.action(reference)
        parts = read_parts(self.chain, self.escrow, action)
        found = read_offer(self.chain, self.escrow, parts[-1]) if parts else None
        if found is None:
            raise InputError(f"has no offer of {self.stock}: `offer open`", field="reference", value=reference)
        return found

    def name_of(self, address: str) -> str:
        """What a stock is called; "" for none."""
        known = {one.token.address.lower(): name for name, one in self.views.ledger.stocks.items()}
        return known.get(address.lower(), "" if address == ZERO_ADDRESS else address)

    def named(self, address: str) -> str:
        """What an account is called; "" for none."""
        return "" if address == ZERO_ADDRESS else self.chain.name(address)

    def other(self, shown: Shown) -> str:
        """The second stock of an offer; "" for none."""
        names = (self.name_of(shown.token), self.name_of(shown.given))
        return next((one for one in names if one and one != self.stock), "")

    def asset(self, coin: str) -> str:
        """The label of a coin that the manifest has."""
        symbols = self.views.manifest.settlement.assets
        labels = [asset_label(place, symbol) for place, symbol in enumerate(symbols)]
        found = (one for one in labels if self.chain.address(one).lower() == coin.lower())
        return next(found, STABLECOIN)

    def positions(self, shown: Shown) -> dict[str, Position]:
        """What everybody has in an offer, by address."""
        since = self.views.ledger.since
        return read_positions(
            self.chain, self.escrow, shown.offer, choosers_of(self.chain, self.escrow, shown.offer, since)
        )

    def position(self, shown: Shown, account: str) -> Position:
        """What one account has in it."""
        address = self.views.address(account)
        found = read_positions(self.chain, self.escrow, shown.offer, [address])
        return found.get(address) or Position()

    def more(self, shown: Shown, account: str, units: RawUnits, more: RawUnits) -> tuple[str, str]:
        """What an account has in an offer before and after it puts more in."""
        was = self.position(shown, account)
        after = (RawUnits(was.first + units.value, EVM_DECIMALS), RawUnits(was.second + more.value, EVM_DECIMALS))
        before = (RawUnits(was.first, EVM_DECIMALS), RawUnits(was.second, EVM_DECIMALS))
        return _told(shown.agreed.code, *before), _told(shown.agreed.code, *after)

    def approvals(self, owner: str, asset: str, due: int) -> list[Step]:
        """The steps by which an owner lets the escrow take what is due; none where it may."""
        return self.views.let_take(OFFERS, asset, owner, Stablecoin(due)) if due else []


def _pages(accounts: Sequence[str]) -> Iterable[Sequence[str]]:
    return (accounts[start : start + MAX_SETTLED.value] for start in range(0, len(accounts), MAX_SETTLED.value))


def _told(code: str, units: RawUnits, more: RawUnits) -> str:
    """A choice for people."""
    if code == "RHTS":
        return f"{units} rights" + (f" and {more} beyond them" if more.value else "")
    if code == "MRGR":
        return f"{units} for cash and {more} for stock"
    return f"{units} units"


def _units(raw: int) -> str:
    return str(RawUnits(raw, EVM_DECIMALS))


def _short(value: Fraction) -> str:
    """A number with PLACES decimals, rounded down."""
    return str(Stablecoin(int(value * 10**PLACES), PLACES))
