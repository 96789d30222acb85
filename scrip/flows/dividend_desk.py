"""What a stock pays and gives as the desk meets it: book and distributor, what was posted, whom a block holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrip import instructions as ins
from scrip.action_codes import BOOK_CODES
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.dividends import files as folders
from scrip.errors import InputError
from scrip.evm.chain import Call, ask_all
from scrip.evm.encoding.values import document_hash
from scrip.evm.handlers.actions import recorded_of
from scrip.evm.handlers.dividends import (
    FUNDED,
    POSTED,
    VOIDED,
    known_of,
    paid_leaves,
    read_cash,
    read_distribution,
    read_parts,
    was_recalled,
)
from scrip.evm.views import EvmViews
from scrip.holders.tree import Tree
from scrip.labels import STABLECOIN, asset_of
from scrip.model.laws import merkle_sum
from scrip.model.state.book import Recorded
from scrip.model.state.dividends import CASH_CODE, Cash
from scrip.plan import Step
from scrip.plan.draft import Draft
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, RawUnits, Stablecoin, format_wad

LIQUIDATION = "LIQU"
PAR = "par"
"""The source of a rate of 1 that is read nowhere."""


def told_terms(wanted: ins.CashTerms) -> str:
    """Terms in one line, for people."""
    rate = f", {format_wad(wanted.rate)} coins each" if wanted.rate else ", its rate to come"
    fee = f" less {format_wad(wanted.fee)}" if wanted.fee else ""
    when = f"record {moment(wanted.record_at)}, pay {moment(wanted.pay)}, until {moment(wanted.expiry)}"
    return f"{format_wad(wanted.gross)}{fee} {wanted.currency}{rate}; {when}"


def terms_facts(wanted: ins.CashTerms) -> dict[str, object]:
    """Terms for programs; the ex instant aside. The source is what a chain keeps of it, its hash."""
    numbers = {name: getattr(wanted, name) for name in ("record_at", "pay", "expiry", "gross", "fee", "rate")}
    texts = {name: getattr(wanted, name) for name in ("currency", "source", "asset")}
    return {**numbers, "ex": wanted.ex.isoformat(), **texts}


def rate_source(kept: str, told: str) -> str:
    """The text of a rate's source, of which a chain keeps the hash; the hash where nobody tells the text.

    InputError where a text is told that has another hash.
    """
    if told and "0x" + document_hash(told).hex() != kept:
        raise InputError("is not what the dividend was announced with", field="source", value=told)
    return told or (PAR if kept == "0x" + document_hash(PAR).hex() else kept)


STATUS = ("unknown", "posted", "funded", "over", "voided")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a root pays: coins, or units of the stock `units`."""

    units: str = ""

    def of(self, amount: int) -> ins.Paid:
        """An amount as orders have it."""
        return RawUnits(amount, EVM_DECIMALS) if self.units else Stablecoin(amount)

    def told(self, amount: int) -> str:
        """An amount for people: "64.6985", "33.333333333333333333 GEHC"."""
        return f"{self.of(amount)} {self.units}".rstrip()

    @property
    def noun(self) -> str:
        """What waits where somebody is not paid."""
        return "units" if self.units else "cash"


COINS = Kind()


def leaf_at(names: Sequence[str], tree: Tree, place: int, kind: Kind = COINS) -> ins.DividendLeaf:
    """The leaf at a place of a tree, as orders have it."""
    found = tree.leaves.leaf(place)
    gross, withheld, net = map(kind.of, (found.gross, found.withheld, found.net))
    return ins.DividendLeaf(names[place], gross, withheld, net, found.pushable)


@dataclass(frozen=True, slots=True)
class Shown:
    """What an action pays or gives as the desk looks at it: its terms, and how far each part is paid."""

    stock: str
    reference: str
    id: str
    cash: Cash
    parts: tuple[dict[str, Any], ...]
    code: str = CASH_CODE
    ratio: str = ""
    """What it gives in units, for people; "" for nothing."""

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        found = terms_facts(self.cash.terms) | {"ex_at": self.cash.terms.ex_at}
        head = {"stock": self.stock, "reference": self.reference, "id": self.id, "amended": self.cash.amended}
        head |= {"code": self.code, "gives": self.ratio}
        return {**head, "status": self.cash.status.lower(), "terms": found, "parts": list(self.parts)}

    def lines(self) -> Iterator[str]:
        """For people."""
        terms = self.cash.terms
        gives = [told_terms(terms)] if terms.gross else [f"record {moment(terms.record_at)}, pay {moment(terms.pay)}"]
        told = "; ".join([*([self.ratio] if self.ratio else []), *gives])
        yield f"{titled(self.stock, self.code, self.reference)}: {self.cash.status.lower()}, {told}"
        for one in self.parts:
            state = f"{one['status']}{', STOPPED' if one['stopped'] else ''}"
            units = f" {one['units']}" if one["units"] else ""
            paid = f"{one['unpaid']} of {one['net']}{units} not {'delivered' if units else 'paid'} yet"
            kept = f"; {one['withheld']} withheld, {'remitted' if one['remitted'] else 'NOT remitted'}"
            yield f"  part {one['part']} {one['id']}: {state}, {paid}{kept if one['withheld'] != '0' else ''}"


def last_places(ids: Sequence[str]) -> list[tuple[int, str]]:
    """Roots with their places; one that was voided and posted again stands at its last place alone."""
    last = {identity: place for place, identity in enumerate(ids)}
    return sorted((place, identity) for identity, place in last.items())


def titled(stock: str, code: str, reference: str) -> str:
    """What people call an action: a cash dividend by its reference alone."""
    return f"{stock} {reference}" if code == CASH_CODE else f"{stock} {code} {reference}"


class DividendDesk:
    """A stock's book and distributor, for actions of a code. InputError where the network pays nothing by roots, and
    for a code of which nothing is."""

    def __init__(self, network: Network, stock: str, code: str = CASH_CODE) -> None:
        self.network, self.stock, self.code = network, stock, code
        if not (known := BOOK_CODES.get(code)) or not known.legs:
            rooted = ", ".join(name for name, one in BOOK_CODES.items() if one.legs)
            raise InputError(f"is none of {rooted}: no root pays it", field="code", value=code)
        self.legs = known.legs
        self.views: EvmViews = evm_only(network).views()
        suite = self.views.ledger.suite
        if suite.book is None or suite.distributor is None:
            raise InputError("is missing in the manifest, or not deployed: nothing is paid in cash", field="dividends")
        self.book, self.distributor = suite.book, suite.distributor
        self.token = self.views.ledger.token(stock)

    def asset(self, symbol: str) -> str:
        """The label of a stablecoin of the manifest, the first by default."""
        return asset_of(self.network.manifest.settlement.assets, symbol)

    def name(self, address: str) -> str:
        """What an address is called; the first stablecoin by its label."""
        if address == self.views.ledger.suite.stablecoin.address:
            return STABLECOIN
        return self.views.network.chain.name(address)

    def titled(self, reference: str) -> str:
        """What people call an action."""
        return titled(self.stock, self.code, reference)

    def action(self, reference: str) -> bytes:
        """The id of an action."""
        return self.views.ledger.action_id(self.stock, self.code, reference)

    def find(self, reference: str) -> Cash | None:
        """What an action pays, as a cash dividend is kept; None where it was never announced."""
        if self.code == CASH_CODE:
            return read_cash(self.views.network.chain, self.book, self.action(reference), reference, self.name)
        found = self.recorded(reference)
        return None if found is None else cash_of(found, self.views.now())

    def recorded(self, reference: str) -> Recorded | None:
        """What the book has of an action of another code than DVCA; None where it was never announced."""
        answer = self.views.network.chain.call(self.book, "action", self.action(reference))
        return recorded_of(answer, reference, self.stock_name) if answer[1] else None

    def demand_recorded(self, reference: str) -> Recorded:
        """The same; InputError where there is none."""
        found = self.recorded(reference)
        if found is None:
            raise InputError(f"is no announced {self.code} of {self.stock}", field="reference", value=reference)
        return found

    def stock_name(self, address: str) -> str:
        """What a stock is called, or a coin."""
        stocks = {one.token.address: name for name, one in self.views.ledger.stocks.items()}
        return stocks.get(address) or self.name(address)

    def demand(self, reference: str) -> Cash:
        """The same; InputError where there is none."""
        found = self.find(reference)
        if found is None:
            what = "cash dividend" if self.code == CASH_CODE else self.code
            raise InputError(f"is no announced {what} of {self.stock}", field="reference", value=reference)
        return found

    def kind(self, found: Mapping[str, Any]) -> Kind:
        """What a distribution pays."""
        return Kind(self.stock_name(found["coin"])) if found["in_units"] else COINS

    def parts(self, reference: str) -> list[str]:
        """The ids of the roots that were posted for it."""
        return read_parts(self.views.network.chain, self.distributor, self.action(reference))

    def numbered(self, reference: str) -> list[tuple[int, str]]:
        """The same with their places; one that was voided and posted again stands at its last place alone."""
        return last_places(self.parts(reference))

    def distribution(self, identity: str) -> dict[str, Any] | None:
        """What the chain keeps of one."""
        found = read_distribution(self.views.network.chain, self.distributor, identity)
        return dict(found) if found else None

    def is_recalled(self, identity: str) -> bool:
        """Whether the timelock took back what a distribution had not paid."""
        return was_recalled(self.views.network.chain, self.distributor, identity, self.views.ledger.since)

    def fetched(self, identity: str) -> set[int]:
        """The places of a distribution that were paid: neither parked nor left."""
        paid = paid_leaves(self.views.network.chain, self.distributor, identity, self.views.ledger.since)
        return {place for place, leaf in paid.items() if not leaf.parked}

    def posted(self, reference: str, folder: Path) -> tuple[folders.Verified, dict[str, Any]]:
        """A folder and its distribution; Drift where a file was changed, InputError where its root is not posted."""
        self.demand(reference)
        written = folders.verify(folder)
        found = self.distribution(written.bound) if written.bound in self.parts(reference) else None
        if found is None:
            raise InputError(
                f"is not posted for {self.titled(reference)}: `dividend root`", field="folder", value=folder
            )
        if found["status"] == VOIDED:
            raise InputError("is of a root that was voided", field="folder", value=folder)
        return written, found

    def payable(self, reference: str, folder: Path) -> tuple[folders.Verified, dict[str, Any]]:
        """The folder of one that pays now, and what the chain keeps of it; InputError otherwise."""
        written, found = self.posted(reference, folder)
        if found["status"] != FUNDED:
            is_posted = found["status"] == POSTED
            reason = "is not funded yet: `dividend fund`" if is_posted else "is over: what was left is swept"
            raise InputError(reason, field="folder", value=folder)
        if found["stopped"] or self.views.now() < found["pay"]:
            reason = "is stopped" if found["stopped"] else f"pays from {moment(found['pay'])} on"
            raise InputError(reason, field="folder", value=folder)
        return written, found

    def shut_out(self, units: str, accounts: Sequence[str]) -> set[str]:
        """Which of these addresses, or who is paid for them, a stock would not let hold its units now."""
        payees, token = self.payees(accounts), self.views.ledger.token(units)
        asked = [one for one in accounts if payees[one]]
        answers = ask_all(self.views.network.chain, [Call(token, "canReceive", (payees[one],)) for one in asked])
        return {one for one, may in zip(asked, answers, strict=True) if not may}

    def payees(self, accounts: Sequence[str]) -> dict[str, str]:
        """Who is paid for each of these addresses: itself, or its successor; "" for one that a block holds."""
        chain, registry = self.views.network.chain, self.views.ledger.suite.registry
        blocked = ask_all(chain, [Call(registry, "isBlocked", (one,)) for one in accounts])
        stopped = [one for one, is_blocked in zip(accounts, blocked, strict=True) if is_blocked]
        heirs = ask_all(chain, [Call(registry, "successorOf", (one,)) for one in stopped])
        shut = ask_all(chain, [Call(registry, "isBlocked", (heir,)) for heir in heirs])
        free = {one: one for one in accounts}
        for one, heir, is_shut in zip(stopped, heirs, shut, strict=True):
            free[one] = "" if is_shut or heir.lower() == one.lower() or int(heir, 16) == 0 else heir.lower()
        return free

    def demand_payable(self, account: str, leaf: merkle_sum.Leaf, by: str) -> str:
        """Who is paid for a leaf, by address. InputError where the chain would refuse to pay it when `by` asks."""
        if not leaf.net:
            raise InputError("is due nothing of this dividend: its leaf is of 0", field="account", value=account)
        address = "0x" + leaf.account[-20:].hex()
        payee = self.payees([address])[address]
        if not payee:
            told = "is blocked, and what it is due waits: once unblocked, or recovered to another wallet, claim again"
            raise InputError(told, field="account", value=account)
        if not leaf.pushable and self.views.address(by).lower() not in (address, payee):
            told = f"is paid on its own word alone, and {by} asks: it sends the claim itself, or its successor does"
            raise InputError(told, field="account", value=account)
        return payee

    def paying(
        self,
        draft: Draft[EvmViews],
        reference: str,
        written: folders.Verified,
        place: int,
        account: str,
        by: str,
        *,
        is_parked: bool,
        kind: Kind = COINS,
    ) -> Step:
        """The step that pays the leaf at a place by its proof, or tries again what is parked, where it is payable."""
        tree, identity = written.tree, written.bound
        money = kind.told(tree.leaves.leaf(place).net)
        if is_parked:
            title = f"{money} that the {'stock' if kind.units else 'coin'} refused is paid to {account}"
            order_again = ins.PayParked(identity, place, by, written.names[place])
            return self.views.step(draft.fresh(f"again {place}"), title, [order_again])
        leaf = leaf_at(written.names, tree, place, kind)
        order = ins.ClaimDividend(identity, place, leaf, ins.proof_nodes(tree.proof(place)), by)
        title = f"{account} is {'given' if kind.units else 'paid'} {money} of {self.titled(reference)}"
        return self.views.step(draft.fresh(f"claim {place}"), title, [order])

    def place_of(self, written: folders.Verified, account: str) -> int:
        """The place of an account's leaf; InputError where it has none."""
        address = self.views.address(account).lower()
        try:
            return written.names.index(address)
        except ValueError:
            raise InputError("has no leaf in this dividend", field="account", value=account) from None

    def held(self, accounts: Sequence[str]) -> set[str]:
        """Which of these addresses a block holds, with no successor who could be paid."""
        return {one for one, payee in self.payees(accounts).items() if not payee}

    def shown(self, reference: str) -> Iterator[Shown]:
        """What actions of the code pay and give, as people look at it: the one of a reference, or all."""
        chain = self.views.network.chain
        ids = [self.action(reference)] if reference else known_of(chain, self.book, self.token, self.code)
        for identity in ids:
            name = reference or "0x" + identity.hex()
            ratio = ""
            if self.code == CASH_CODE:
                found = read_cash(chain, self.book, identity, name, self.name)
            else:
                recorded = recorded_of(chain.call(self.book, "action", identity), name, self.stock_name)
                found, ratio = cash_of(recorded, self.views.now()), told_ratio(self.stock, recorded)
            if found is not None:
                last = last_places(read_parts(chain, self.distributor, identity))
                parts = tuple({"part": place} | self._part(one) for place, one in last)
                yield Shown(self.stock, name, "0x" + identity.hex(), found, parts, self.code, ratio)

    def _part(self, identity: str) -> dict[str, Any]:
        found = self.distribution(identity) or {}
        kind = self.kind(found)
        money = {name: str(kind.of(found[name])) for name in ("net", "unpaid", "gross", "withheld")}
        flags = {name: found[name] for name in ("stopped", "remitted", "pay", "expiry")}
        names = {name: self.name(found[name]) for name in ("treasury", "tax")} | {"units": kind.units}
        return {"id": identity, "status": STATUS[found["status"]], **money, **flags, **names}


def cash_of(found: Recorded, now: int) -> Cash:
    """What an action of another code pays in cash, in the form of a cash dividend's terms: a liquidation's price a
    share is its gross. Where nothing is paid its gross is 0."""
    terms = found.terms
    gross = terms.price if found.code == LIQUIDATION else terms.gross
    day = terms.ex or datetime.fromtimestamp(terms.record_at or terms.pay, UTC).date()
    kept = ins.CashTerms(
        ex=day,
        record_at=terms.record_at,
        pay=terms.pay,
        expiry=terms.expiry,
        gross=gross,
        ex_at=terms.ex_at or terms.record_at,
        fee=terms.fee,
        currency=terms.currency,
        rate=terms.rate,
        source=terms.source,
        asset=terms.asset,
    )
    status = found.status_at(now)
    return Cash(found.reference, kept, "PAYING" if status == "EFFECTIVE" else status, found.amended)


def told_ratio(stock: str, found: Recorded) -> str:
    """What an action gives in units, for people; "" for nothing."""
    terms = found.terms
    if "units" not in BOOK_CODES[found.code].legs or not (terms.num or terms.price):
        return ""
    of = terms.other or (stock if found.code == "DVOP" else "a stock that is not named")
    if not terms.num:
        return f"or {of} at {format_wad(terms.price)}"
    return f"{terms.num} {of} for {terms.den} {stock}"
