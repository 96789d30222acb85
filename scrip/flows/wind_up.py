"""A stock's end, from the opening to the last claim: what each holder gets, what is funded, paid, parked and swept.

`run` does what the clock allows, and again what is left of it: it opens the end, follows another effect, funds it once
it is effective, burns holders' units page by page, and returns the rest when no unit is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scrip import instructions as ins
from scrip.action_codes import ends
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.chain import Call, Contract, ask_all
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.handlers.redemption import address_in, controllers_of, read_requests
from scrip.evm.handlers.subscriptions import read_subscriptions, subscribers_of
from scrip.evm.handlers.wind_up import ARMED, CLOSED, OPENED, STATUS, TRANSFERRED, read_end, read_parked
from scrip.flows.actions import Book
from scrip.flows.ends import CHOICE, offers_choice
from scrip.labels import STABLECOIN, entry_label, vault_label
from scrip.model.state.book import Recorded
from scrip.parameters import MAX_END_BATCH
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft, Reason
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, RawUnits, Stablecoin, format_wad

PAGE = MAX_END_BATCH.value


@dataclass(frozen=True, slots=True)
class Holder:
    """What an account has at a stock's end: its units, those that can be burned now, what all come to, what is parked.

    `burns` is who burns them: "anyone" for an account without code, "itself" for a contract, "nobody" while it is held.
    """

    account: str
    units: int
    free: int
    cash: int
    stock: int
    parked: tuple[int, int]
    burns: str

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        return {
            "account": self.account,
            "units": str(RawUnits(self.units, EVM_DECIMALS)),
            "free": str(RawUnits(self.free, EVM_DECIMALS)),
            "cash": str(Stablecoin(self.cash)),
            "stock": str(RawUnits(self.stock, EVM_DECIMALS)),
            "parked_cash": str(Stablecoin(self.parked[0])),
            "parked_stock": str(RawUnits(self.parked[1], EVM_DECIMALS)),
            "burned_by": self.burns,
        }

    def __str__(self) -> str:
        gets = _money(self.cash, self.stock)
        parked = f"; parked {_money(*self.parked)}" if any(self.parked) else ""
        who = {"itself": ", which burns them itself: it is a contract", "nobody": ", HELD: they wait"}
        return f"{self.account}: {RawUnits(self.units, EVM_DECIMALS)} units get {gets}{who.get(self.burns, '')}{parked}"


@dataclass(frozen=True, slots=True)
class Handed:
    """What a vault hands back for a controller once the end is funded: raw units, and coins of who subscribed.

    It goes to `heir`; of a contract, which `fetches` it, it is only called back.
    """

    vault: str
    asset: str
    is_entry: bool
    controller: str
    heir: str
    units: int
    coins: int
    fetches: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A stock's end as the desk looks at it: its action, how far it is, the holders, and what stands against it."""

    stock: str
    code: str
    reference: str
    status: str
    effect: int
    expiry: int
    mints_end: int
    supply: int
    needed: tuple[int, int]
    funded: tuple[int, int]
    against: tuple[str, ...]
    holders: tuple[Holder, ...] = field(default=())

    @property
    def facts(self) -> dict[str, object]:
        """For programs; instants are UTC seconds."""
        head = {"stock": self.stock, "code": self.code, "reference": self.reference, "status": self.status}
        times = {"effect": self.effect, "expiry": self.expiry, "mints_end": self.mints_end}
        needed, funded = self.needed, self.funded
        return {
            **head,
            **times,
            "supply": str(RawUnits(self.supply, EVM_DECIMALS)),
            "needed_cash": str(Stablecoin(needed[0])),
            "needed_stock": str(RawUnits(needed[1], EVM_DECIMALS)),
            "left_cash": str(Stablecoin(funded[0])),
            "left_stock": str(RawUnits(funded[1], EVM_DECIMALS)),
            "against": list(self.against),
            "holders": [one.facts for one in self.holders],
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        until = f", to be fetched until {moment(self.expiry)}" if self.expiry else ", to be fetched for ever"
        yield f"{self.stock} {self.code} {self.reference}: {self.status}, effect {moment(self.effect)}{until}"
        told = moment(self.mints_end) if self.mints_end else "NEVER: run opens the end"
        yield f"mints end         {told}"
        yield f"units             {RawUnits(self.supply, EVM_DECIMALS)}"
        yield f"funding needed    {_money(*self.needed)}"
        yield f"funding left      {_money(*self.funded)}"
        for line in self.against:
            yield f"AGAINST IT        {line}"
        yield from map(str, self.holders)


def show(network: Network, stock: str, reference: str = "") -> Shown:
    """Read how a stock ends, and what each holder gets, by the action's reference where its end is not opened yet."""
    return _Desk(network, stock, reference).shown()


def run(network: Network, stock: str, reference: str = "", sender: str = "", funder: str = "") -> Plan:
    """Do what the clock allows of a stock's end. `funder`, the treasury by default, pays for all units at once.

    InputError where nothing ends the stock, and where it has no rate at its effect.
    """
    desk = _Desk(network, stock, reference)
    draft = Draft(desk.views, "redemption wind-up", f"{stock} {desk.action.code} {desk.action.reference}", natural=True)
    now, terms = desk.views.now(), desk.action.terms
    by = draft.anyone("ACTIONS", sender)
    if desk.end is None:
        _open(desk, draft, sender)
        return draft.plan()
    status = desk.end["status"]
    if status == OPENED and (desk.action.status == "CANCELLED" or desk.end["end_at"] != terms.pay):
        told = "the stock goes on: its action is cancelled" if desk.action.status == "CANCELLED" else "another effect"
        draft.add(desk.views.step(draft.fresh("follow"), f"{stock}: {told}", [ins.FollowEnd(stock, by)]))
        return draft.plan()
    if status == OPENED and now < terms.pay:
        return draft.nothing(f"{stock} ends at {moment(terms.pay)}: it is funded then")
    if status == OPENED:
        if not desk.pays:
            return draft.nothing(f"{stock} has ended, and its end pays nothing: holders redeem as before")
        desk.demand_rate()
        payer = funder or evm_only(network).manifest.settlement.treasury
        cash, other = desk.needed()
        title = f"all units of {stock} are funded: {_money(cash, other)}"
        draft.add(desk.views.step(draft.fresh("arm"), title, [ins.ArmEnd(stock, payer)]))
        draft.changes.append(Change(f"funding of {stock}'s end", "none", _money(cash, other)))
    if status == CLOSED:
        _hand_back(desk, draft, by)
        wound_up = f"{stock} is wound up; what is parked waits for its accounts"
        return draft.plan() if draft.steps else draft.nothing(wound_up)
    handed = _hand_back(desk, draft, by)
    holders = desk.holders()
    _burn(desk, draft, holders, by, handed)
    if not holders and status == ARMED:
        draft.order(f"what is left of {stock}'s funding returns", ins.CloseEnd(stock), sender, draft.fresh("close"))
    draft.same += [str(one) for one in holders if one.burns != "anyone" and one.account not in desk.vaults]
    draft.same += desk.kept(holders, handed)
    if not draft.steps:
        draft.same.insert(0, f"everybody who can be paid at {stock}'s end is")
    return draft.plan()


def _open(desk: _Desk, draft: Draft[Any], sender: str) -> None:
    found = desk.action
    if not ends(found.code, found.terms.record_at):
        reason = f"is {found.code} with a record, which a root pays: it ends no stock"
        raise InputError(reason, field="reference", value=found.reference)
    if found.status_at(desk.views.now()) != "ANNOUNCED":
        reason = f"is {found.status_at(desk.views.now()).lower()}: an end is opened before its effect"
        raise InputError(reason, field="reference", value=found.reference)
    effect = moment(found.terms.pay)
    order = ins.BeginEnd(desk.stock, found.code, found.reference)
    draft.order(f"{desk.stock} is minted no more from {effect} on", order, sender, draft.fresh("open"))
    draft.changes.append(Change(f"mints of {desk.stock}", "go on", f"end at {effect}"))
    draft.same += [f"against it: {line}" for line in desk.against()]


def _hand_back(desk: _Desk, draft: Draft[Any], by: str) -> list[Handed]:
    """Have the stock's vaults hand back what waits in them, so that those whose it is are paid with the others."""
    found = desk.handed(in_kind=by in desk.views.manifest.role_holders("ACTIONS"))
    for label in dict.fromkeys(one.vault for one in found):
        here = [one for one in found if one.vault == label]
        for start in range(0, len(here), PAGE):
            page = here[start : start + PAGE]
            accounts = tuple(one.controller for one in page)
            asset, is_entry = page[0].asset, page[0].is_entry
            order = ins.HandBackAtEnd(desk.stock, accounts, by, asset, is_entry)
            told = " and ".join(
                filter(
                    None,
                    (
                        f"{RawUnits(units, EVM_DECIMALS)} units" if (units := sum(one.units for one in page)) else "",
                        f"{Stablecoin(coins)} in coins" if (coins := sum(one.coins for one in page)) else "",
                    ),
                )
            )
            title = f"{label} hands back {told} to {len(page)} accounts, from {accounts[0]} on"
            draft.add(desk.views.step(draft.fresh(f"hand back {label} {accounts[0]}"), title, [order]))
    return found


def _burn(desk: _Desk, draft: Draft[Any], holders: Sequence[Holder], by: str, handed: Sequence[Handed]) -> None:
    due = {one.account: one.free for one in holders if one.burns == "anyone" and one.free}
    for back in handed:
        if back.units and not back.fetches:
            due[back.heir] = due.get(back.heir, 0) + back.units
    every = list(due)
    for start in range(0, len(every), PAGE):
        page = tuple(every[start : start + PAGE])
        units = RawUnits(sum(due[one] for one in page), EVM_DECIMALS)
        title = f"{units} units of {len(page)} accounts are redeemed, from {page[0]} on"
        burned = ins.BurnForHolders(desk.stock, page, by)
        draft.add(desk.views.step(draft.fresh(f"burn {page[0]}"), title, [burned]))
    if due:
        now = RawUnits(sum(one.units for one in holders), EVM_DECIMALS)
        left = RawUnits(now.value - sum(due.values()), EVM_DECIMALS)
        draft.changes.append(Change(f"units of {desk.stock}", str(now), str(left)))


def burn(network: Network, stock: str, amount: RawUnits, sender: str) -> Plan:
    """Redeem units of an account by its own call: of a contract, or before the desk's page comes to it."""
    desk = _Desk(network, stock)
    draft = Draft(desk.views, "redemption wind-up burn")
    desk.demand_armed()
    draft.add(
        desk.views.step("burn", f"{sender} redeems {amount} units of {stock}", [ins.BurnAtEnd(stock, amount, sender)])
    )
    return draft.plan()


def take(network: Network, stock: str, account: str, sender: str = "") -> Plan:
    """Have what is parked for an account paid, to it or to its successor."""
    desk = _Desk(network, stock)
    draft = Draft(desk.views, "redemption wind-up take", f"{stock} {account}", natural=True)
    (parked,) = read_parked(desk.chain, desk.windup, desk.token, [desk.views.address(account)])
    if not any(parked):
        return draft.nothing(f"nothing is parked for {account}")
    order = ins.TakeAtEnd(stock, account, sender or draft.sender("ACTIONS"))
    draft.add(desk.views.step(draft.fresh("take"), f"{_money(*parked)} parked for {account} are paid", [order]))
    return draft.plan()


def sweep(network: Network, stock: str, why: Reason) -> Plan:
    """Send the escheat account what nobody fetched until the expiry; whoever is held waits on. InputError before it."""
    desk = _Desk(network, stock)
    draft = Draft(desk.views, "redemption wind-up sweep", why.told)
    end = desk.demand_armed()
    if not 0 < end["expiry"] <= desk.views.now():
        told = f"can be fetched until {moment(end['expiry'])}" if end["expiry"] else "can be fetched for ever"
        raise InputError(f"{told}: nothing is swept before", field="stock", value=stock)
    # What stands in a vault is others', who are handed it.
    found = [one for one in desk.holders() if one.account not in desk.vaults]
    due = [one for one in found if one.free or any(one.parked)]
    for start in range(0, len(due), PAGE):
        page = due[start : start + PAGE]
        order = ins.SweepEnd(stock, tuple(one.account for one in page), why.code, why.document)
        title = f"what {len(page)} accounts did not fetch escheats, from {page[0].account} on"
        draft.order(title, order, why.sender, draft.fresh(f"sweep {page[0].account}"))
    return draft.plan() if draft.steps else draft.nothing(f"nothing of {stock} is left to be swept")


class _Desk:
    """A stock, its end and the action that ends it. InputError where the network ends none."""

    def __init__(self, network: Network, stock: str, reference: str = "") -> None:
        self.book = Book(network, stock)
        self.stock, self.views, self.token = stock, self.book.views, self.book.token
        suite = self.views.ledger.suite
        if suite.wind_up is None:
            raise InputError("is missing in the manifest, or not deployed: no stock ends here", field="wind_up")
        self.windup, self.chain = suite.wind_up, self.views.network.chain
        self.end: Mapping[str, Any] | None = read_end(self.chain, self.windup, self.token)
        self.action = self._action(reference)

    def _action(self, reference: str) -> Recorded:
        """The action that ends the stock: the opened one, else the one that is named, or the only one."""
        named = [one for one in self.book.every() if one.code in ("MRGR", "DLST", "LIQU")]
        if self.end is not None:
            wanted = bytes(self.end["action"])
            return next(one for one in named if self._id(one) == wanted)
        found = [one for one in named if one.reference == reference or not reference]
        found = [one for one in found if one.status == "ANNOUNCED" or reference]
        found = [one for one in found if ends(one.code, one.terms.record_at)] or found
        if len(found) != 1:
            told = "has no announced action that ends it" if not found else "has several: name one by its reference"
            raise InputError(told, field="stock", value=self.stock)
        return found[0]

    def _id(self, one: Recorded) -> bytes:
        if one.reference.startswith("0x"):
            return bytes.fromhex(one.reference[2:])
        return self.views.ledger.action_id(self.stock, one.code, one.reference)

    @property
    def pays(self) -> bool:
        """Whether the end pays anything."""
        terms = self.action.terms
        return bool(terms.gross or terms.price or terms.num)

    def demand_armed(self) -> Mapping[str, Any]:
        """InputError before the end is funded."""
        if self.end is None or self.end["status"] == OPENED:
            raise InputError("has no end that is funded: `wind-up run`", field="stock", value=self.stock)
        return self.end

    def demand_rate(self) -> None:
        """InputError for an action whose effect has come with no rate."""
        terms = self.action.terms
        named = self.chain.call(self.windup, "rateOf", self.end["action"]) if self.end else 0
        if terms.currency and not terms.rate and not named:
            reason = f"took effect with no rate of {terms.currency}: the timelock names one (WindUp.nameRate)"
            raise InputError(reason, field="rate", value="none")

    def needed(self) -> tuple[int, int]:
        """What arming takes now."""
        _, cash, _, other = self.chain.call(self.windup, "needed", self.token.address)
        return cash, other

    def against(self) -> list[str]:
        """What stands against the end, or is to be done before it."""
        found, terms, now = [], self.action.terms, self.views.now()
        if terms.currency and not terms.rate:
            found.append(f"no rate of {terms.currency} is named: amend the action before its effect")
        if offers_choice(self.action.code, terms):
            found.append(CHOICE)
        if terms.num and not terms.other:
            found.append("shares of a stock that is not the issuer's are delivered by hand: nothing here pays them")
        pending = self.chain.call(self.token, "effectiveAt")
        if pending > terms.pay:
            found.append(f"a change of the multiplier at {moment(pending)} comes after the effect: cancel it")
        if self.end is not None and self.end["status"] == OPENED and self.end["end_at"] != terms.pay:
            found.append("the action's effect is another than the end's: run follows it")
        for label, vault in sorted(self.views.ledger.vaults.items()):
            units = self.chain.call(self.token, "balanceOf", vault.address)
            if units:
                told = f"{label} holds {RawUnits(units, EVM_DECIMALS)} units"
                before, after = "fill its requests, or they are", "they are filled no more, but"
                found.append(f"{told}: {before if terms.pay > now else after} handed back by run once all is funded")
        return found

    @property
    def vaults(self) -> dict[str, Contract]:
        """The stock's vaults of requests, of either kind, by label."""
        labels = (vault_label(self.stock), entry_label(self.stock))
        every = sorted(self.views.ledger.vaults.items())
        return {
            label: one for label, one in every if any(label == mine or label.startswith(f"{mine}-") for mine in labels)
        }

    def handed(self, in_kind: bool) -> list[Handed]:
        """What the vaults would hand back now, to whoever is not held; requests `in_kind` only where it is so."""
        found, since = [], self.views.ledger.since
        for label, vault in self.vaults.items():
            is_entry = label == entry_label(self.stock) or label.startswith(f"{entry_label(self.stock)}-")
            mine = (entry_label if is_entry else vault_label)(self.stock)
            asset = label.removeprefix(mine).removeprefix("-") or STABLECOIN
            waits: dict[str, tuple[int, int, int]] = {}
            if is_entry:
                subscribed = read_subscriptions(self.chain, vault, subscribers_of(self.chain, vault, since))
                waits = {who: (0, one.units, one.waiting) for who, one in subscribed.items()}
            else:
                asked = read_requests(self.chain, vault, controllers_of(self.chain, vault, since))
                for who, one in asked.items():
                    waits[who] = (one.waiting if in_kind or not one.delivery else 0, one.called_back, 0)
            waits = {who: each for who, each in waits.items() if any(each)}
            for who, heir, fetches in self._heirs(list(waits)):
                waiting, kept, coins = waits[who]
                # What was called back, or made, is the contract's to fetch already.
                units = waiting if fetches else waiting + kept
                if units or coins:
                    names = self.chain.name(who), self.chain.name(heir)
                    found.append(Handed(label, asset, is_entry, *names, units, coins, fetches))
        return found

    def _heirs(self, controllers: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
        """Each controller that is not held, whom what is its own goes to, and whether that is a contract."""
        registry = self.views.ledger.suite.registry
        successors = ask_all(self.chain, [Call(registry, "successorOf", (one,)) for one in controllers])
        heirs = [one.lower() for one in successors]
        free = ask_all(self.chain, [Call(self.token, "canLeave", (one,)) for one in heirs])
        codes = self.chain.node.codes(heirs)
        for who, heir, is_free, code in zip(controllers, heirs, free, codes, strict=True):
            if is_free and int(heir, 16):
                yield who, heir, bool(code)

    def kept(self, holders: Sequence[Holder], handed: Sequence[Handed]) -> Iterator[str]:
        """What stays in vaults: of whoever is held, of contracts, and what was asked for in kind."""
        for one in holders:
            gone = sum(back.units for back in handed if back.vault == one.account and not back.fetches)
            if one.account in self.vaults and one.units > gone:
                left = RawUnits(one.units - gone, EVM_DECIMALS)
                yield f"{one.account} keeps {left} units: of whoever is HELD, of contracts, or asked for in kind"

    def holders(self) -> tuple[Holder, ...]:
        """Everybody who has units, or for whom something is parked, the largest first."""
        since = self.views.ledger.since
        seen = {
            address_in(topic) for one in self.chain.logs(self.token, [TRANSFERRED], since) for topic in one.topics[1:3]
        }
        known = sorted(seen - {ZERO_ADDRESS, self.windup.address})
        asked = [
            Call(self.token, view, (one,)) for one in known for view in ("balanceOf", "availableBalance", "canLeave")
        ]
        answers = ask_all(self.chain, asked)
        parked = read_parked(self.chain, self.windup, self.token, known)
        rows = zip(known, answers[::3], answers[1::3], answers[2::3], parked, strict=True)
        left = [row for row in rows if row[1] or any(row[4])]
        dues = ask_all(self.chain, [Call(self.windup, "due", (self.token.address, units)) for _, units, *_ in left])
        codes = self.chain.node.codes([address for address, *_ in left])
        found = [self._holder(*each) for each in zip(left, dues, codes, strict=True)]
        return tuple(sorted(found, key=lambda one: (-one.units, one.account)))

    def _holder(self, row: tuple[str, int, int, bool, tuple[int, int]], due: tuple[int, int], code: bytes) -> Holder:
        address, units, free, leaves, parked = row
        is_free = bool(leaves and free)
        burns = "nobody" if units and not is_free else "itself" if code else "anyone"
        return Holder(self.chain.name(address), units, free if is_free else 0, *due, parked, burns)

    def shown(self) -> Shown:
        """The end as the desk looks at it."""
        end, terms = self.end, self.action.terms
        status = STATUS[end["status"]].lower() if end else "announced, its end is not opened"
        is_due = end is not None and end["status"] == OPENED and terms.pay <= self.views.now() and self.pays
        against = self.against()
        is_unrated = bool(terms.currency and not terms.rate)
        return Shown(
            stock=self.stock,
            code=self.action.code,
            reference=self.action.reference,
            status=status,
            effect=terms.pay,
            expiry=end["expiry"] if end and end["status"] != OPENED else terms.expiry,
            mints_end=self.chain.call(self.token, "mintsEnd"),
            supply=self.chain.call(self.token, "totalSupply"),
            needed=self.needed() if is_due and not is_unrated else (0, 0),
            funded=(end["cash"], end["stock"]) if end else (0, 0),
            against=tuple(against),
            holders=self.holders(),
        )


def terms_told(found: Recorded) -> str:
    """What a share comes to, in a line."""
    price = found.terms.gross if found.code == "MRGR" else found.terms.price
    cash = f"{format_wad(price)} {found.terms.currency} a share" if price else ""
    stock = f"{found.terms.num} shares of {found.terms.other} for {found.terms.den}" if found.terms.num else ""
    return " and ".join(filter(None, (cash, stock))) or "nothing"


def _money(cash: int, stock: int) -> str:
    parts = [str(Stablecoin(cash))] if cash or not stock else []
    return " and ".join([*parts, *([f"{RawUnits(stock, EVM_DECIMALS)} units of the other stock"] if stock else [])])
