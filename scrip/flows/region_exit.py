"""Leaving countries, from the announcement to the last claim: who is of them, what is funded, burned and fetched.

Until the date the stock's rules let their holders do nothing but redeem. `run` does what the clock allows, and again
what is left of it: it drops countries that are admitted again, funds what is short, and burns page by page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from scrip import instructions as ins
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.chain import Call, ask_all
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import CLASSES
from scrip.evm.handlers.holder_limits import read_rules
from scrip.evm.handlers.redemption import address_in
from scrip.evm.handlers.region_exit import (
    CLOSED,
    EXIT_CODE,
    EXIT_OPENED,
    OPENED,
    PRICED,
    STATUS,
    read_each,
    read_exit,
)
from scrip.evm.handlers.wind_up import TRANSFERRED
from scrip.holder_limits import Countries, StockRules
from scrip.labels import TIMELOCK
from scrip.manifest.countries import country_code
from scrip.manifest.rules import resolve
from scrip.parameters import MAX_END_BATCH, REGION_NOTICE, REGION_WAIT
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, Reason
from scrip.preview import admitted, moment
from scrip.units import EVM_DECIMALS, WAD, RawUnits, Stablecoin

PAGE = MAX_END_BATCH.value
Fate = Literal["parked", "held", "kept", "venue", "admitted"]
"""What becomes of an account's units at the date: burned and parked; or left to it while a block, freeze, lock-up,
pause or halt holds them; because it was taken in, holds for others, or the rules admit it again."""
TOLD: Mapping[Fate, str] = {
    "parked": "",
    "held": ", HELD: they wait",
    "kept": ", taken in: it keeps them",
    "venue": ", a venue: who holds through it takes them out",
    "admitted": ", admitted by the rules: it keeps them",
}


@dataclass(frozen=True, slots=True)
class Leaver:
    """An account of a left country: its units, those that can be burned now, what these come to, and what is parked."""

    account: str
    country: str
    units: int
    free: int
    cash: int
    parked: int
    fate: Fate

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        return {
            "account": self.account,
            "country": self.country,
            "units": str(RawUnits(self.units, EVM_DECIMALS)),
            "free": str(RawUnits(self.free, EVM_DECIMALS)),
            "cash": str(Stablecoin(self.cash)),
            "parked": str(Stablecoin(self.parked)),
            "fate": self.fate,
        }

    def __str__(self) -> str:
        gets = f" get {Stablecoin(self.cash)}" if self.cash else ""
        parked = f"; parked {Stablecoin(self.parked)}" if self.parked else ""
        units = RawUnits(self.units, EVM_DECIMALS)
        return (
            f"{self.account} ({self.country or 'of no listed country'}): {units} units{gets}{TOLD[self.fate]}{parked}"
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """An exit as the desk looks at it; before it is opened, whom it would be of."""

    stock: str
    reference: str
    status: str
    countries: tuple[str, ...]
    until: int
    expiry: int
    price: int
    funder: str
    cash: int
    parked: int
    short: int
    against: tuple[str, ...]
    holders: tuple[Leaver, ...] = field(default=())

    @property
    def facts(self) -> dict[str, object]:
        """For programs; instants are UTC seconds."""
        return {
            "stock": self.stock,
            "reference": self.reference,
            "status": self.status,
            "countries": list(self.countries),
            "until": self.until,
            "expiry": self.expiry,
            "price": str(Stablecoin(self.price)),
            "funder": self.funder,
            "cash": str(Stablecoin(self.cash)),
            "parked": str(Stablecoin(self.parked)),
            "short": str(Stablecoin(self.short)),
            "units": str(RawUnits(sum(one.units for one in self.holders), EVM_DECIMALS)),
            "against": list(self.against),
            "holders": [one.facts for one in self.holders],
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.stock} {self.reference or 'exit'}: {self.status}, of {', '.join(self.countries) or 'no country'}"
        if self.until:
            swept = f"; swept from {moment(self.expiry)} on" if self.expiry else "; never swept"
            yield f"redeemed until    {moment(self.until)}{swept}"
            yield f"a token is paid   {Stablecoin(self.price) if self.price else 'no price yet'}"
            yield f"funding           {Stablecoin(self.cash)} by {self.funder}, {Stablecoin(self.parked)} of it parked"
            yield f"short of          {Stablecoin(self.short)}"
        for line in self.against:
            yield f"AGAINST IT        {line}"
        yield from map(str, self.holders)


def plan(network: Network, stock: str, countries: Collection[int]) -> Shown:
    """Show who is of countries, what they hold, and what stands against leaving them."""
    return _Desk(network, stock, "").shown(Countries.only(countries))


def show(network: Network, stock: str, reference: str) -> Shown:
    """Read how far an exit is, and what becomes of each holder."""
    desk = _Desk(network, stock, reference)
    return desk.shown(desk.demand()["countries"])


def every(network: Network, stock: str) -> list[dict[str, object]]:
    """Each exit of a stock that was ever opened, oldest first, by its id: references are in it as a hash."""
    desk, found = _Desk(network, stock, ""), []
    for log in desk.chain.logs(desk.contract, [EXIT_OPENED], desk.views.ledger.since):
        kept = read_exit(desk.chain, desk.contract, bytes(log.topics[1]))
        if kept is not None and kept["token"].lower() == desk.token.address.lower():
            head = {"id": "0x" + bytes(log.topics[1]).hex(), "status": STATUS[kept["status"]].lower()}
            left = {"countries": list(_codes(kept["countries"])), "until": kept["until"], "expiry": kept["expiry"]}
            found.append({**head, **left, "parked": str(Stablecoin(kept["parked"]))})
    return found


def open_(
    network: Network,
    stock: str,
    reference: str,
    countries: Collection[int],
    until: int,
    expiry: int = 0,
    funder: str = "",
    sender: str = "",
) -> Plan:
    """Shut the countries out of all but redeeming (COMPLIANCE), then announce the exit (the timelock).

    `funder`, the treasury by default, alone pays for it. InputError where the manifest admits a country, where the date
    is too early for the timelock's delay, and where the stock is a BLOCKLIST one, whose rules shut nobody out.
    """
    desk = _Desk(network, stock, reference)
    draft = desk.draft("open")
    wanted, named = Countries.only(countries), ", ".join(_codes(Countries.only(countries)))
    if desk.exit is not None:
        if (desk.exit["countries"], desk.exit["until"], desk.exit["expiry"]) != (wanted, until, expiry):
            raise InputError("is another exit's already: name this one otherwise", field="reference", value=reference)
        return draft.nothing(f"{stock}'s exit {reference} is {STATUS[desk.exit['status']].lower()}")
    _demand_terms(desk, wanted, until, expiry)
    rules = desk.rules()
    if (rules.countries & wanted).bits:
        left = StockRules(rules.classes, rules.countries & Countries.all_but(countries))
        title = f"{stock} may be held by {admitted(left)}"
        draft.order(title, ins.SetStockRules(stock, left), sender, draft.fresh("shut out"))
        draft.changes.append(Change(f"who may hold {stock}", admitted(rules), admitted(left)))
    payer = funder or evm_only(network).manifest.settlement.treasury
    order = ins.OpenExit(stock, reference, wanted, until, expiry, payer)
    draft.order(f"{stock} leaves {named}: what is not redeemed by {moment(until)} is burned", order, TIMELOCK, "open")
    draft.changes.append(Change(f"holders of {stock} of {named}", "as all others", f"redeem until {moment(until)}"))
    draft.same += [f"against it: {line}" for line in desk.against(wanted)]
    return draft.plan()


def price(network: Network, stock: str, reference: str, amount: Stablecoin, source: str) -> Plan:
    """Name what one token that is left at the date is paid, once (the timelock). InputError before it."""
    desk = _Desk(network, stock, reference)
    draft, found = desk.draft("price"), desk.demand()
    if found["status"] == CLOSED:
        raise InputError("is closed", field="reference", value=reference)
    if found["status"] == PRICED:
        if found["price"] != amount.value:
            reason = f"is {Stablecoin(found['price'])} already, and is named once"
            raise InputError(reason, field="price", value=str(amount))
        return draft.nothing(f"a token of {stock} is paid {amount} already")
    if found["until"] > desk.views.now():
        reason = f"is not named before the date, {moment(found['until'])}"
        raise InputError(reason, field="price", value=str(amount))
    title = f"a token of {stock} that is left is paid {amount}"
    draft.order(title, ins.PriceExit(stock, reference, amount, source), TIMELOCK, draft.fresh("price"))
    draft.changes.append(Change(f"price of {stock}'s exit {reference}", "none", str(amount)))
    return draft.plan()


def run(network: Network, stock: str, reference: str, sender: str = "") -> Plan:
    """Do what the clock allows of an exit. InputError where the date has come and no price is named."""
    desk = _Desk(network, stock, reference)
    draft, found, now = desk.draft("run"), desk.demand(), desk.views.now()
    by = draft.anyone("ACTIONS", sender)
    if found["status"] == CLOSED:
        return draft.nothing(f"{stock}'s exit {reference} is closed; what is parked waits for its accounts")
    let_in = found["countries"] & desk.rules().countries
    if let_in.bits:
        title = f"{', '.join(_codes(let_in))} may hold {stock} again: dropped from the exit"
        draft.add(desk.views.step(draft.fresh("readmit"), title, [ins.ReadmitCountries(stock, reference, by)]))
        return draft.plan()
    if found["until"] > now:
        return draft.nothing(f"holders redeem until {moment(found['until'])}: nothing is burned before")
    if found["status"] == OPENED:
        reason = f"is none since {moment(found['until'])}: the timelock names it (region-exit price)"
        raise InputError(reason, field="price", value="none")
    holders = desk.holders(found["countries"])
    due = [one for one in holders if one.fate == "parked" and one.free]
    if short := _short(found, holders):
        title = f"{Stablecoin(short)} of {len(due)} accounts' units are funded"
        order = ins.FundExit(stock, reference, Stablecoin(short), desk.views.name(found["funder"]))
        draft.add(desk.views.step(draft.fresh("fund"), title, [order]))
        draft.changes.append(Change(f"funding of {stock}'s exit", str(Stablecoin(found["cash"])), f"{title}"))
    for start in range(0, len(due), PAGE):
        page = due[start : start + PAGE]
        units = RawUnits(sum(one.free for one in page), EVM_DECIMALS)
        title = f"{units} units of {len(page)} accounts are burned and parked, from {page[0].account} on"
        order_ = ins.ParkAtExit(stock, reference, tuple(one.account for one in page), by)
        draft.add(desk.views.step(draft.fresh(f"park {page[0].account}"), title, [order_]))
    draft.same += [str(one) for one in holders if one.units and one.fate != "parked"]
    return draft.plan() if draft.steps else draft.nothing(f"nothing of {stock} can be parked now")


def take_in(network: Network, stock: str, reference: str, account: str, sender: str = "") -> Plan:
    """Let an account keep its units, for good (COMPLIANCE)."""
    desk = _Desk(network, stock, reference)
    draft = desk.draft("take-in", account)
    desk.demand()
    if desk.chain.call(desk.contract, "isTakenIn", desk.id, desk.views.address(account)):
        return draft.nothing(f"{account} is taken in")
    draft.order(f"{account} keeps its units of {stock}", ins.TakeInAtExit(stock, reference, account), sender, "take in")
    return draft.plan()


def take(network: Network, stock: str, reference: str, account: str, sender: str = "") -> Plan:
    """Have what is parked for an account paid, to it or to its successor."""
    desk = _Desk(network, stock, reference)
    draft = desk.draft("take", account)
    desk.demand()
    parked = desk.chain.call(desk.contract, "exitParkedOf", desk.id, desk.views.address(account))
    if not parked:
        return draft.nothing(f"nothing is parked for {account}")
    order = ins.TakeAtExit(stock, reference, account, sender or draft.sender("ACTIONS"))
    title = f"{Stablecoin(parked)} parked for {account} are paid"
    draft.add(desk.views.step(draft.fresh("take"), title, [order]))
    return draft.plan()


def sweep(network: Network, stock: str, reference: str, why: Reason) -> Plan:
    """Send the escheat account what nobody fetched until the expiry. InputError before it; whom a block holds waits."""
    desk = _Desk(network, stock, reference)
    draft, found = Draft(desk.views, "redemption region-exit sweep", why.told), desk.demand()
    if not 0 < found["expiry"] <= desk.views.now():
        told = f"can be fetched until {moment(found['expiry'])}" if found["expiry"] else "can be fetched for ever"
        raise InputError(f"{told}: nothing is swept before", field="reference", value=reference)
    parked = [one for one in desk.holders(found["countries"]) if one.parked]
    held = desk.held([one.account for one in parked])
    due = [one for one in parked if one.account not in held]
    for start in range(0, len(due), PAGE):
        page = due[start : start + PAGE]
        order = ins.SweepExit(stock, reference, tuple(one.account for one in page), why.code, why.document)
        title = f"what {len(page)} accounts did not fetch escheats, from {page[0].account} on"
        draft.order(title, order, why.sender, draft.fresh(f"sweep {page[0].account}"))
    draft.same += [f"{one}: a block holds it, what is parked waits" for one in sorted(held)]
    return draft.plan() if draft.steps else draft.nothing(f"nothing of {stock}'s exit is left to be swept")


def close(network: Network, stock: str, reference: str, sender: str = "") -> Plan:
    """End an exit: nothing more is burned, and what is not parked returns to the funder (ACTIONS)."""
    desk = _Desk(network, stock, reference)
    draft, found = desk.draft("close"), desk.demand()
    if found["status"] == CLOSED:
        return draft.nothing(f"{stock}'s exit {reference} is closed")
    rest = Stablecoin(found["cash"] - found["parked"])
    draft.order(f"{stock}'s exit {reference} ends, {rest} return", ins.CloseExit(stock, reference), sender, "close")
    draft.changes.append(Change(f"{stock}'s exit {reference}", STATUS[found["status"]].lower(), "closed"))
    draft.same += [f"not parked, and kept: {one}" for one in desk.holders(found["countries"]) if one.units]
    return draft.plan()


def _demand_terms(desk: _Desk, wanted: Countries, until: int, expiry: int) -> None:
    """InputError for terms that the contract would refuse once the timelock's delay is over, or could not keep."""
    manifest = desk.views.manifest
    if resolve(manifest, desk.stock).policy == "BLOCKLIST":
        reason = "is a BLOCKLIST stock, whose rules shut no country out: nobody of it could be told apart"
        raise InputError(reason, field="stock", value=desk.stock)
    let_in = resolve(manifest, desk.stock).stock_rules.countries & wanted
    if let_in.bits:
        reason = "may hold it by the manifest, which deploy settings would let in again: deny them there first"
        raise InputError(reason, field=f"stocks.{desk.stock}.rules.countries_denied", value=", ".join(_codes(let_in)))
    earliest = desk.views.now() + manifest.timelock.delay + REGION_NOTICE.value
    if until < earliest:
        days = REGION_NOTICE.value // 86_400
        reason = f"is before {moment(earliest)}: the timelock's delay, then {days} days to redeem"
        raise InputError(reason, field="until", value=moment(until))
    if expiry and expiry < until + REGION_WAIT.value:
        reason = f"is before {moment(until + REGION_WAIT.value)}, three years after the date"
        raise InputError(reason, field="expiry", value=moment(expiry))


class _Desk:
    """A stock and one of its exits. InputError where the network leaves no country."""

    def __init__(self, network: Network, stock: str, reference: str) -> None:
        self.views = evm_only(network).views()
        self.stock, self.reference, self.token = stock, reference, self.views.ledger.token(stock)
        suite = self.views.ledger.suite
        if suite.region_exit is None:
            reason = "is missing in the manifest, or not deployed: no country is left here"
            raise InputError(reason, field="region_exit")
        self.contract, self.registry, self.chain = suite.region_exit, suite.registry, self.views.network.chain
        self.id = self.views.ledger.action_id(stock, EXIT_CODE, reference)
        self.exit: Mapping[str, Any] | None = read_exit(self.chain, self.contract, self.id) if reference else None

    def draft(self, command: str, of: str = "") -> Draft[Any]:
        """A plan in the making, which does nothing twice by what it names."""
        told = f"{self.stock} {self.reference} {of}".strip()
        return Draft(self.views, f"redemption region-exit {command}", told, natural=True)

    def demand(self) -> Mapping[str, Any]:
        """The exit; InputError where none has the reference."""
        if self.exit is None:
            raise InputError(f"is no exit of {self.stock} that is opened", field="reference", value=self.reference)
        return self.exit

    def rules(self) -> StockRules:
        """Who may hold the stock now."""
        return read_rules(self.chain, self.registry, self.token)

    def holders(self, countries: Countries) -> tuple[Leaver, ...]:
        """Everybody of these countries who has units, and whoever has something parked, the largest first."""
        since = self.views.ledger.since
        seen = {
            address_in(topic) for one in self.chain.logs(self.token, [TRANSFERRED], since) for topic in one.topics[1:3]
        }
        known = sorted(seen - {ZERO_ADDRESS, self.contract.address.lower(), self.contract.address})
        numbers = ask_all(self.chain, [Call(self.registry, "investorOf", (one,)) for one in known])
        records = ask_all(self.chain, [Call(self.registry, "investorRecord", (one,)) for one in numbers])
        asked = [
            Call(self.token, view, (one,)) for one in known for view in ("balanceOf", "availableBalance", "canLeave")
        ]
        answers = ask_all(self.chain, asked)
        parked, kept = (
            read_each(self.chain, self.contract, one, self.id, known) for one in ("exitParkedOf", "isTakenIn")
        )
        stopped = self.chain.call(self.token, "paused") or self.views.halted()
        rules = self.rules()
        found = []
        for place, account in enumerate(known):
            is_known, _, country, kind, _ = records[place]
            of = bool(numbers[place]) and is_known and country in countries
            if not (of or parked[place]):
                continue
            units, free, leaves = answers[3 * place : 3 * place + 3]
            fate: Fate = "parked"
            if kept[place]:
                fate = "kept"
            elif kind == CLASSES["venue"]:
                fate = "venue"
            elif not of or (self.exit is not None and country in rules.countries):
                fate = "admitted"
            elif units and (stopped or not leaves or not free):
                fate = "held"
            free = free if fate == "parked" else 0
            cash = free * self.exit["price"] // WAD if self.exit is not None else 0
            if units or parked[place]:
                code = country_code(country) if of else ""
                found.append(Leaver(self.chain.name(account), code, units, free, cash, parked[place], fate))
        return tuple(sorted(found, key=lambda one: (-one.units, one.account)))

    def held(self, accounts: Collection[str]) -> set[str]:
        """Those of these accounts whom a block holds, and no successor stands in for."""
        at = [self.views.address(one) for one in accounts]
        blocked = ask_all(self.chain, [Call(self.registry, "isBlocked", (one,)) for one in at])
        heirs = ask_all(self.chain, [Call(self.registry, "successorOf", (one,)) for one in at])
        stopped = ask_all(self.chain, [Call(self.registry, "isBlocked", (one,)) for one in heirs])
        rows = zip(accounts, at, blocked, heirs, stopped, strict=True)
        return {
            one
            for one, address, is_blocked, heir, is_stopped in rows
            if is_blocked and (heir in (address, ZERO_ADDRESS) or is_stopped)
        }

    def against(self, countries: Countries) -> list[str]:
        """What stands against leaving these countries, or is to be done before the date."""
        found = []
        manifest = resolve(self.views.manifest, self.stock).stock_rules.countries & countries
        if manifest.bits:
            found.append(f"the manifest lets {', '.join(_codes(manifest))} hold it: deny them there first")
        let_in = self.rules().countries & countries
        if let_in.bits:
            found.append(f"the rules let {', '.join(_codes(let_in))} hold it: `open` shuts them out, `run` drops them")
        for label, vault in sorted(self.views.ledger.vaults.items()):
            units = self.chain.call(self.token, "balanceOf", vault.address)
            if units:
                told = f"{label} holds {RawUnits(units, EVM_DECIMALS)} units of whoever asked"
                found.append(f"{told}: an exit burns none of them, fill the requests or have them called back")
        return found

    def shown(self, countries: Countries) -> Shown:
        """The exit, or what one of these countries would be, as the desk looks at it."""
        holders, kept = self.holders(countries), self.exit
        against = () if kept is not None and kept["status"] == CLOSED else tuple(self.against(countries))
        return Shown(
            stock=self.stock,
            reference=self.reference,
            status=STATUS[kept["status"]].lower() if kept is not None else "not opened",
            countries=_codes(countries),
            until=kept["until"] if kept is not None else 0,
            expiry=kept["expiry"] if kept is not None else 0,
            price=kept["price"] if kept is not None else 0,
            funder=self.views.name(kept["funder"]) if kept is not None else "",
            cash=kept["cash"] if kept is not None else 0,
            parked=kept["parked"] if kept is not None else 0,
            short=_short(kept, holders) if kept is not None else 0,
            against=against,
            holders=holders,
        )


def _short(found: Mapping[str, Any], holders: Collection[Leaver]) -> int:
    """Base units that are lacking for all that can be parked now."""
    due: int = sum(one.cash for one in holders) + found["parked"] - found["cash"]
    return max(0, due)


def _codes(countries: Countries) -> tuple[str, ...]:
    return tuple(country_code(number) for number in countries.members())
