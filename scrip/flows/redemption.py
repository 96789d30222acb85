"""Requests to redeem: asked and called back by holders, filled by the desk at one price, fetched by whom they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.chain import Call
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.handlers.redemption import Request, controllers_of, read_requests
from scrip.evm.vaults import LEAVING
from scrip.flows.requests import QueueDesk, demanded, facts_of_prices, hash_of, only, page_of, pages, told_prices
from scrip.inputs.batch import Batch
from scrip.model.state.redemption import Struck
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, Reason
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, WAD, RawUnits, Stablecoin


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a vault has of one controller, as people look at it; `held` by a block or a freeze."""

    controller: str
    found: Request
    held: bool

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        one = self.found
        return {
            "controller": self.controller,
            "waiting": str(RawUnits(one.waiting, EVM_DECIMALS)),
            "since": one.since,
            "called_back": str(RawUnits(one.called_back, EVM_DECIMALS)),
            "filled": str(RawUnits(one.filled, EVM_DECIMALS)),
            "money": str(Stablecoin(one.coins)),
            "overdue": one.overdue,
            "delivery": one.delivery,
            "held": self.held,
        }

    def __str__(self) -> str:
        one, parts = self.found, []
        if one.waiting:
            late = ", OVERDUE: anyone can stop new mints for it" if one.overdue else ""
            kind = f" in kind, by {one.delivery}" if one.delivery else ""
            parts.append(f"{RawUnits(one.waiting, EVM_DECIMALS)} wait{kind} since {moment(one.since)}{late}")
        if one.called_back:
            parts.append(f"{RawUnits(one.called_back, EVM_DECIMALS)} called back")
        if one.filled or one.coins:
            parts.append(f"{Stablecoin(one.coins)} to fetch for {RawUnits(one.filled, EVM_DECIMALS)}")
        return f"{self.controller}: {'; '.join(parts)}{', HELD by a block or a freeze' if self.held else ''}"


@dataclass(frozen=True, slots=True)
class Queue:
    """A vault as the desk looks at it: requests and claims, terms, what holds its prices, whether mints stand."""

    vault: str
    entries: tuple[Waiting, ...]
    minimum: RawUnits
    patience: int
    band_bps: int
    reference: Stablecoin
    mints_suspended: bool
    prices: Mapping[str, Struck]

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        return {
            "vault": self.vault,
            "entries": [one.facts for one in self.entries],
            "minimum": str(self.minimum),
            "patience": self.patience,
            "band_bps": self.band_bps,
            "reference": str(self.reference),
            "mints_suspended": self.mints_suspended,
            "prices": facts_of_prices(self.prices),
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"vault            {self.vault}"
        yield f"overdue          from {self.minimum} on, after {self.patience:,} s"
        yield f"prices           {self.band_bps} bps around {self.reference} a token"
        yield from told_prices(self.prices)
        if self.mints_suspended:
            yield "new mints        STOPPED until a request that waits too long is filled"
        yield from map(str, self.entries)
        if not self.entries:
            yield "nobody waits, and nobody has anything to fetch"


def queue(network: Network, stock: str, symbol: str = "") -> Queue:
    """Read what a stock's vault has of everybody, the oldest request first."""
    desk = _Desk(network, stock, symbol)
    minimum, patience, band, (reference, _) = desk.ask("minimum", "patience", "band", "reference")
    return Queue(
        desk.vault.address,
        desk.oldest_first(),
        RawUnits(minimum, EVM_DECIMALS),
        patience,
        band,
        Stablecoin(reference),
        desk.stopped,
        desk.prices,
    )


def request(
    network: Network,
    stock: str,
    amount: RawUnits,
    sender: str,
    controller: str = "",
    symbol: str = "",
    delivery: str = "",
) -> Plan:
    """Ask for units of `sender` to be redeemed, for `controller`, itself by default.

    With a document for `delivery`, by its name or hash, for the shares themselves, as that document says.
    """
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "redemption request")
    terms = (stock, sender, amount)
    whom = controller or sender
    order: ins.Instruction = ins.RequestRedemption(*terms, controller, asset=desk.asset)
    how = ""
    if delivery:
        order = ins.RequestInKind(*terms, hash_of(delivery), controller, asset=desk.asset)
        how = f" in kind, by {delivery}"
    title = f"{amount} {stock} of {sender} wait to be redeemed{how}{f' for {controller}' if controller else ''}"
    draft.add(desk.views.step("request", title, [order]))
    draft.changes.append(Change(f"{stock} of {whom} that wait", *desk.more(whom, amount)))
    return draft.plan()


def deliver(network: Network, stock: str, controller: str, delivery: str, receipt: Reason, symbol: str = "") -> Plan:
    """Burn all that a controller asked for in kind, on the custodian's receipt (ATTESTOR).

    `delivery` is the document that the holder gave, `receipt` holds the custodian's. InputError where another delivery
    was ordered, or none.
    """
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "redemption deliver", receipt.told, single=receipt.reference)
    one = desk.one(controller)
    if not one.found.waiting:
        return draft.nothing(f"nothing of {controller} waits: it is delivered, or was called back")
    if one.found.delivery != hash_of(delivery):
        waits = f"by {one.found.delivery}" if one.found.delivery else "for money"
        raise InputError(f"is not what {controller} asked for: it waits {waits}", field="delivery", value=delivery)
    if one.held:
        raise InputError("is held by a block or a freeze", field="controller", value=controller)
    units = RawUnits(one.found.waiting, EVM_DECIMALS)
    documents = (hash_of(delivery), hash_of(receipt.document))
    order = ins.DeliverInKind(stock, controller, units, *documents, asset=desk.asset)
    title = f"{units} {stock} of {controller} are burnt: the custodian keeps their shares for it, by {receipt.document}"
    draft.order(title, order, receipt.sender, f"deliver to {controller}")
    draft.changes.append(Change(f"{stock} of {controller} that wait in kind", str(units), "0"))
    return draft.plan()


def cancel(network: Network, stock: str, controller: str, sender: str, receiver: str = "", symbol: str = "") -> Plan:
    """Call all back that waits for a controller, and fetch what was called back. Finished where it was cut short."""
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "redemption cancel")
    found = desk.of(controller)
    if found.waiting:
        units = RawUnits(found.waiting, EVM_DECIMALS)
        order = ins.CallBack(stock, controller, sender, desk.asset)
        draft.add(desk.views.step("call back", f"{units} {stock} of {controller} are called back", [order]))
    if found.waiting or found.called_back:
        units = RawUnits(found.waiting + found.called_back, EVM_DECIMALS)
        fetch = ins.FetchUnits(stock, controller, receiver, sender, desk.asset)
        title = f"{units} {stock} go back to {receiver or controller}"
        draft.add(desk.views.step("fetch", title, [fetch]))
        return draft.plan()
    return draft.nothing(f"nothing of {controller} waits, and nothing was called back")


def fill(
    network: Network,
    stock: str,
    price: Stablecoin,
    reference: str,
    life: int,
    sender: str = "",
    batch: Batch[str] | None = None,
    symbol: str = "",
) -> Plan:
    """Strike a price of one token and fill at it: the requests of a file's controllers, or all that can be filled.

    `reference` names the strike, on every run the same: what a run that was cut short has filled is not filled again,
    and a price that was struck under it stays. InputError where that has expired or was another.
    """
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "redemption fill", demanded(reference), natural=True)
    name, by = draft.key("strike"), draft.sender("QUOTE_SIGNER", sender)
    before = desk.strike(draft, name, price, reference, life, by)
    ready = desk.fillable(batch, before, draft.same)
    for names, page in pages(ready):
        units = sum(one.found.waiting for one in page)
        due = sum(one.found.waiting * price.value // WAD for one in page)
        title = f"{len(page)} requests of {RawUnits(units, EVM_DECIMALS)} {stock} are filled for {Stablecoin(due)}"
        order_ = ins.FillRequests(stock, name, names, desk.asset, by=by)
        draft.add(desk.views.step(draft.fresh(page_of(f"{desk.label} fill", names)), title, [order_]))
    if not ready:
        return draft.nothing("no request can be filled at this price now")
    return draft.plan()


def claim(
    network: Network, stock: str, controllers: Sequence[str], sender: str, symbol: str = "", receiver: str = ""
) -> Plan:
    """Have claims paid, each to its controller, by an account that acts for them: all, where none is named.

    To another `receiver` one claim at a time is paid: that of a controller whom the coin refuses, say.
    """
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "redemption claim")
    if receiver:
        controller = only(controllers)
        found = desk.of(controller)
        if not found.filled:
            return draft.nothing(f"nothing of {controller} is there to fetch")
        fetch = ins.FetchMoney(stock, controller, RawUnits(found.filled, EVM_DECIMALS), receiver, sender, desk.asset)
        title = f"{Stablecoin(found.coins)} of {controller} are paid to {receiver}"
        draft.add(desk.views.step(f"claim {controller}", title, [fetch]))
        return draft.plan()
    due = [one for one in desk.wanted(controllers, sender) if one.found.coins or one.found.filled]
    draft.same += [f"{one.controller} is held by a block or a freeze" for one in due if one.held]
    free = [one for one in due if not one.held]
    for names, page in pages(free):
        money = Stablecoin(sum(one.found.coins for one in page))
        order = ins.FetchAll(stock, names, sender, desk.asset)
        draft.add(desk.views.step(page_of("claim", names), f"{len(page)} claims of {money} are paid", [order]))
    return draft.plan() if free else draft.nothing(f"nothing is there to fetch that {sender} may fetch")


# --- waiting too long ------------------------------------------------------------------------------------------------


def suspend(network: Network, stock: str, controller: str, sender: str = "", symbol: str = "") -> Plan:
    """Stop the stock's new mints until a controller's request, which waits too long, is filled. Anyone may.

    InputError saying what is lacking where it does not wait too long.
    """
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "redemption suspend")
    if desk.stopped and desk.suspended_for == desk.views.address(controller):
        return draft.nothing(f"new mints of {stock} are stopped for {controller}")
    if (lacking := desk.not_overdue(desk.one(controller))) is not None:
        raise InputError(f"gives no reason to stop mints: {lacking}", field="controller", value=controller)
    order = ins.SuspendMints(stock, controller, draft.anyone("QUOTE_SIGNER", sender), desk.asset)
    draft.add(desk.views.step("suspend", f"new mints of {stock} stop until {controller} is filled", [order]))
    draft.changes.append(Change(f"new mints of {stock}", "STOPPED" if desk.stopped else "go on", "STOPPED"))
    return draft.plan()


def resume(network: Network, stock: str, sender: str = "", symbol: str = "") -> Plan:
    """Let mints go on once the request for which they stopped waits too long no more. Anyone may; a fill does it too.

    InputError where it still does.
    """
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "redemption resume")
    if desk.suspended_for == ZERO_ADDRESS:
        return draft.nothing(f"{desk.label} has stopped no mints of {stock}")
    late = desk.one(desk.suspended_for)
    if late.found.overdue:
        reason = f"has its mints stopped for {late.controller}, which still waits too long: fill it first"
        raise InputError(reason, field="stock", value=stock)
    order = ins.ResumeMints(stock, draft.anyone("QUOTE_SIGNER", sender), desk.asset)
    title = f"new mints of {stock} go on: {late.controller} waits too long no more"
    draft.add(desk.views.step("resume", title, [order]))
    draft.changes.append(Change(f"new mints of {stock}", "STOPPED", "go on"))
    return draft.plan()


# --- officers --------------------------------------------------------------------------------------------------------


def give_back(network: Network, stock: str, controller: str, reason: Reason, symbol: str = "") -> Plan:
    """Hand what waits for a controller, and what it called back, to it by force (ENFORCER), so that a seizure finds it.

    To its successor, where its wallet was recovered. Works in a pause and a halt.
    """
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "redemption return", reason.told, single=reason.reference)
    found = desk.of(controller)
    if not (found.waiting or found.called_back):
        return draft.nothing(f"nothing of {controller} waits, and nothing was called back")
    units = RawUnits(found.waiting + found.called_back, EVM_DECIMALS)
    heir = desk.heir(controller)
    order = ins.ReturnUnits(stock, controller, reason.code, reason.document, asset=desk.asset)
    title = f"{units} {stock} that {controller} asked for go back to {heir}, by force"
    draft.order(title, order, reason.sender, f"return {controller}")
    draft.changes.append(Change(f"{stock} of {controller} in {desk.label}", str(units), "0"))
    return draft.plan()


class _Desk(QueueDesk[Waiting]):
    """A stock's vault out of it for one stablecoin, and what is in it."""

    def __init__(self, network: Network, stock: str, symbol: str) -> None:
        super().__init__(network, stock, symbol, LEAVING)

    @property
    def stopped(self) -> bool:
        """Whether new mints of the stock are stopped, by whichever vault."""
        return bool(self.views.network.chain.call(self.views.ledger.token(self.stock), "mintsSuspended"))

    @property
    def suspended_for(self) -> str:
        """The address for whose request this vault stopped the stock's mints; the zero address for nobody's."""
        return str(self.views.network.chain.call(self.vault, "suspendedFor")).lower()

    def not_overdue(self, one: Waiting) -> str | None:
        """Why mints cannot be stopped for a controller's request; None where they can."""
        if one.found.overdue:
            return None
        if not one.found.waiting:
            return "nothing of it waits"
        minimum, patience = self.ask("minimum", "patience")
        if one.found.waiting < minimum:
            waiting, least = RawUnits(one.found.waiting, EVM_DECIMALS), RawUnits(minimum, EVM_DECIMALS)
            return f"{waiting} wait, and requests below {least} stop none"
        if one.held:
            return "it is held by a block or a freeze"
        return f"it is overdue from {moment(one.found.since + patience)} on"

    def of(self, account: str) -> Request:
        """What the vault has of an account."""
        address = self.views.address(account)
        return read_requests(self.views.network.chain, self.vault, [address])[address]

    def askers(self) -> Sequence[str]:
        """Everybody who ever asked to leave."""
        return controllers_of(self.views.network.chain, self.vault, self.views.ledger.since)

    def look_at(self, addresses: Sequence[str], everything: bool = False) -> Iterator[Waiting]:
        """What the vault has of these, with whether each is held."""
        chain = self.views.network.chain
        found = read_requests(chain, self.vault, addresses)
        token, registry = self.views.ledger.token(self.stock), self.views.ledger.suite.registry
        heirs = chain.call_many([Call(registry, "successorOf", (one,)) for one in found])
        free = chain.call_many([Call(token, "canLeave", (heir,)) for heir in heirs])
        for (address, one), is_free in zip(found.items(), free, strict=True):
            if everything or one.waiting or one.called_back or one.filled or one.coins:
                yield Waiting(chain.name(address), one, not is_free)

    def more(self, account: str, amount: RawUnits) -> tuple[str, str]:
        """What waits for an account, and what will."""
        waiting = self.of(account).waiting
        return str(RawUnits(waiting, EVM_DECIMALS)), str(RawUnits(waiting + amount.value, EVM_DECIMALS))

    def hindrance(self, one: Waiting) -> str:
        """What is asked for in kind no price fills; what is held waits."""
        if one.found.delivery:
            return "asked for the shares themselves: the custodian delivers them"
        return "is held by a block or a freeze" if one.held else ""
