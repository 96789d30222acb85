"""Subscriptions: paid in and called back by investors, filled by the desk at one price, fetched by whom they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.chain import Call
from scrip.evm.handlers.subscriptions import Subscribed, read_subscriptions, subscribers_of
from scrip.evm.vaults import ENTERING
from scrip.flows.requests import QueueDesk, demanded, facts_of_prices, only, page_of, pages, told_prices
from scrip.inputs.batch import Batch
from scrip.model.state.redemption import Struck
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, Reason
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, WAD, RawUnits, Stablecoin


@dataclass(frozen=True, slots=True)
class Entered:
    """What a vault has of one controller, as people look at it; not `cleared`: it may not hold the stock now."""

    controller: str
    found: Subscribed
    cleared: bool
    late: bool

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        one = self.found
        return {
            "controller": self.controller,
            "waiting": str(Stablecoin(one.waiting)),
            "since": one.since,
            "called_back": str(Stablecoin(one.called_back)),
            "filled": str(Stablecoin(one.filled)),
            "units": str(RawUnits(one.units, EVM_DECIMALS)),
            "late": self.late,
            "cleared": self.cleared,
        }

    def __str__(self) -> str:
        one, parts = self.found, []
        if one.waiting:
            late = ", LATE: anyone can send it back" if self.late else ""
            parts.append(f"{Stablecoin(one.waiting)} wait since {moment(one.since)}{late}")
        if one.called_back:
            parts.append(f"{Stablecoin(one.called_back)} to be paid back")
        if one.units:
            parts.append(f"{RawUnits(one.units, EVM_DECIMALS)} to fetch for {Stablecoin(one.filled)}")
        return f"{self.controller}: {'; '.join(parts)}{'' if self.cleared else ', NOT CLEARED for the stock now'}"


@dataclass(frozen=True, slots=True)
class EntryQueue:
    """A vault as the desk looks at it: requests and claims, terms, what holds its prices, whether it is open."""

    vault: str
    entries: tuple[Entered, ...]
    minimum: Stablecoin
    patience: int
    band_bps: int
    reference: Stablecoin
    closed: bool
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
            "closed": self.closed,
            "prices": facts_of_prices(self.prices),
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"vault            {self.vault}"
        yield f"taken            from {self.minimum} on; late after {self.patience:,} s"
        yield f"prices           {self.band_bps} bps around {self.reference} a token"
        yield from told_prices(self.prices)
        if self.closed:
            yield "new requests     REFUSED, until `subscription open`"
        yield from map(str, self.entries)
        if not self.entries:
            yield "nobody waits, and nobody has anything to fetch"


def queue(network: Network, stock: str, symbol: str = "") -> EntryQueue:
    """Read what a stock's vault has of everybody who paid in, the oldest request first."""
    desk = _Desk(network, stock, symbol)
    views = ("minimum", "patience", "band", "reference", "closed")
    minimum, patience, band, (reference, _), closed = desk.ask(*views)
    return EntryQueue(
        desk.vault.address,
        desk.oldest_first(),
        Stablecoin(minimum),
        patience,
        band,
        Stablecoin(reference),
        bool(closed),
        desk.prices,
    )


# --- investors -------------------------------------------------------------------------------------------------------


def request(
    network: Network, stock: str, amount: Stablecoin, sender: str, controller: str = "", symbol: str = ""
) -> Plan:
    """Pay money of `sender` in, to be invested for `controller`, itself by default. The vault is let take it first."""
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "subscription request")
    draft.steps += desk.views.let_take(desk.label, desk.asset, sender, amount)
    order = ins.RequestSubscription(stock, sender, amount, controller, asset=desk.asset)
    whom = controller or sender
    title = f"{amount} of {sender} wait to be invested in {stock}{f' for {controller}' if controller else ''}"
    draft.add(desk.views.step("request", title, [order]))
    was = desk.of(whom).waiting
    draft.changes.append(Change(f"what waits for {whom}", str(Stablecoin(was)), str(Stablecoin(was + amount.value))))
    return draft.plan()


def cancel(network: Network, stock: str, controller: str, sender: str, receiver: str = "", symbol: str = "") -> Plan:
    """Call all back that waits for a controller, and have it paid out. Finished where it was cut short."""
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "subscription cancel")
    found = desk.of(controller)
    if found.waiting:
        order = ins.CallBackCoins(stock, controller, sender, desk.asset)
        draft.add(desk.views.step("call back", f"{Stablecoin(found.waiting)} of {controller} are called back", [order]))
    if found.waiting or found.called_back:
        money = Stablecoin(found.waiting + found.called_back)
        fetch = ins.FetchRefund(stock, controller, receiver, sender, desk.asset)
        draft.add(desk.views.step("fetch", f"{money} go back to {receiver or controller}", [fetch]))
        return draft.plan()
    return draft.nothing(f"nothing of {controller} waits, and nothing was called back")


def claim(
    network: Network, stock: str, controllers: Sequence[str], sender: str, symbol: str = "", receiver: str = ""
) -> Plan:
    """Have units and refunds handed out, each to its controller, by who acts for them: all, where none is named.

    To another `receiver` those of one controller at a time.
    """
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "subscription claim")
    if receiver:
        controller = only(controllers)
        found = desk.of(controller)
        if found.units:
            mine = RawUnits(found.units, EVM_DECIMALS)
            fetch = ins.FetchSubscribed(stock, controller, mine, receiver, sender, desk.asset)
            title = f"{mine} {stock} of {controller} go to {receiver}"
            draft.add(desk.views.step(f"units {controller}", title, [fetch]))
        if found.called_back:
            back = ins.FetchRefund(stock, controller, receiver, sender, desk.asset)
            title = f"{Stablecoin(found.called_back)} of {controller} are paid to {receiver}"
            draft.add(desk.views.step(f"refund {controller}", title, [back]))
        return draft.plan() if draft.steps else draft.nothing(f"nothing of {controller} is there to fetch")
    due = [one for one in desk.wanted(controllers, sender) if one.found.units or one.found.called_back]
    # Who is not cleared still has its refund.
    draft.same += [
        f"{one.controller} is not cleared: its units wait" for one in due if one.found.units and not one.cleared
    ]
    free = [one for one in due if one.cleared or one.found.called_back]
    for names, page in pages(free):
        units = RawUnits(sum(one.found.units for one in page if one.cleared), EVM_DECIMALS)
        money = Stablecoin(sum(one.found.called_back for one in page))
        order = ins.FetchEntered(stock, names, sender, desk.asset)
        title = f"{len(page)} claims of {units} {stock} and {money} are handed out"
        draft.add(desk.views.step(page_of("claim", names), title, [order]))
    return draft.plan() if free else draft.nothing(f"nothing is there to fetch that {sender} may fetch")


def send_back(network: Network, stock: str, controllers: Sequence[str], sender: str = "", symbol: str = "") -> Plan:
    """Call back for others what waits: of those named, by the desk; else, by anyone, all that waits too long."""
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "subscription decline")
    by = draft.anyone("QUOTE_SIGNER", sender)
    found = [desk.one(name) for name in controllers] or [one for one in desk.everybody() if one.late]
    draft.same += [f"nothing of {one.controller} waits" for one in found if not one.found.waiting]
    back = [one for one in found if one.found.waiting]
    if back and by not in desk.views.manifest.role_holders("QUOTE_SIGNER"):
        for one in back:
            if not one.late:
                reason = "waits not too long yet: QUOTE_SIGNER alone sends it back"
                raise InputError(reason, field="controller", value=one.controller)
    for names, page in pages(back):
        money = Stablecoin(sum(one.found.waiting for one in page))
        order = ins.SendBack(stock, names, by, desk.asset)
        title = f"{len(page)} requests of {money} are called back, to be fetched"
        draft.add(desk.views.step(page_of("decline", names), title, [order]))
    return draft.plan() if back else draft.nothing("no request is to be sent back")


# --- the desk and officers -------------------------------------------------------------------------------------------


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

    As `redemption.fill`: the same reference goes on where a run was cut short.
    """
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "subscription fill", demanded(reference), natural=True)
    name, by = draft.key("strike"), draft.sender("QUOTE_SIGNER", sender)
    before = desk.strike(draft, name, price, reference, life, by)
    ready = desk.fillable(batch, before, draft.same)
    for names, page in pages(ready):
        units = sum(one.found.waiting * WAD // price.value for one in page)
        money = sum(one.found.waiting for one in page)
        made = RawUnits(units, EVM_DECIMALS)
        title = f"{len(page)} requests of {Stablecoin(money)} are filled: {made} {stock} are made"
        order = ins.FillSubscriptions(stock, name, names, desk.asset, by=by)
        draft.add(desk.views.step(draft.fresh(page_of(f"{desk.label} fill", names)), title, [order]))
    if not ready:
        return draft.nothing("no request can be filled at this price now")
    return draft.plan()


def close(network: Network, stock: str, wished: bool, reference: str = "", sender: str = "", symbol: str = "") -> Plan:
    """Take no new requests (PAUSER), or take them again (UNPAUSER)."""
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, f"subscription {'close' if wished else 'open'}", reference)
    if desk.ask("closed")[0] == wished:
        return draft.nothing(f"{desk.label} takes {'no' if wished else 'new'} requests")
    order = (ins.CloseEntry if wished else ins.OpenEntry)(stock, desk.asset)
    draft.order(f"{desk.label} takes {'no new requests' if wished else 'requests again'}", order, sender)
    return draft.plan()


def hand_over(network: Network, stock: str, controller: str, reason: Reason, symbol: str = "") -> Plan:
    """Hand a controller its filled units by force (ENFORCER), so that a seizure finds them, in a halt too."""
    desk = _Desk(network, stock, symbol)
    draft = Draft(desk.views, "subscription return", reason.told, single=reason.reference)
    found = desk.of(controller)
    if not found.units:
        return draft.nothing(f"no units were made for {controller} that it has not fetched")
    units = RawUnits(found.units, EVM_DECIMALS)
    order = ins.ReturnSubscribed(stock, controller, reason.code, reason.document, asset=desk.asset)
    title = f"{units} {stock} that {controller} subscribed to go to {desk.heir(controller)}, by force"
    draft.order(title, order, reason.sender, f"return {controller}")
    draft.changes.append(Change(f"{stock} of {controller} in {desk.label}", str(units), "0"))
    return draft.plan()


class _Desk(QueueDesk[Entered]):
    """A stock's vault into it for one stablecoin, and what is in it."""

    def __init__(self, network: Network, stock: str, symbol: str) -> None:
        super().__init__(network, stock, symbol, ENTERING)

    def of(self, account: str) -> Subscribed:
        """What the vault has of an account."""
        address = self.views.address(account)
        return read_subscriptions(self.views.network.chain, self.vault, [address])[address]

    def askers(self) -> Sequence[str]:
        """Everybody who ever paid in."""
        return subscribers_of(self.views.network.chain, self.vault, self.views.ledger.since)

    def look_at(self, addresses: Sequence[str], everything: bool = False) -> Iterator[Entered]:
        """What the vault has of these, with whether each is cleared and late."""
        chain = self.views.network.chain
        found = read_subscriptions(chain, self.vault, addresses)
        token, registry = self.views.ledger.token(self.stock), self.views.ledger.suite.registry
        heirs = chain.call_many([Call(registry, "successorOf", (one,)) for one in found])
        cleared = chain.call_many([Call(token, "canReceive", (heir,)) for heir in heirs])
        now, patience = self.views.now(), chain.call(self.vault, "patience")
        for (address, one), may in zip(found.items(), cleared, strict=True):
            if everything or one.waiting or one.called_back or one.units:
                late = bool(one.waiting) and now >= one.since + patience
                yield Entered(chain.name(address), one, bool(may), late)

    def hindrance(self, one: Entered) -> str:
        """Who may not hold the stock now is not filled."""
        return "" if one.cleared else "is not cleared for the stock: its money waits"
