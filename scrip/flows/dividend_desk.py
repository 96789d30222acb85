"""A stock's cash dividends as the desk meets them: book and distributor, what was posted, whom a block holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrip import instructions as ins
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.dividends import files as folders
from scrip.errors import InputError
from scrip.evm.chain import Call, ask_all
from scrip.evm.encoding.values import document_hash
from scrip.evm.handlers.dividends import (
    FUNDED,
    POSTED,
    VOIDED,
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
from scrip.model.state.dividends import CASH_CODE, Cash
from scrip.plan import Step
from scrip.plan.draft import Draft
from scrip.preview import moment
from scrip.units import Stablecoin, format_wad

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


def leaf_at(names: Sequence[str], tree: Tree, place: int) -> ins.DividendLeaf:
    """The leaf at a place of a tree, as orders have it."""
    found = tree.leaves.leaf(place)
    gross, withheld, net = map(Stablecoin, (found.gross, found.withheld, found.net))
    return ins.DividendLeaf(names[place], gross, withheld, net, found.pushable)


@dataclass(frozen=True, slots=True)
class Shown:
    """A cash dividend as the desk looks at it: its terms, and how far each part is paid."""

    stock: str
    reference: str
    id: str
    cash: Cash
    parts: tuple[dict[str, Any], ...]

    @property
    def facts(self) -> dict[str, object]:
        """For programs."""
        found = terms_facts(self.cash.terms) | {"ex_at": self.cash.terms.ex_at}
        head = {"stock": self.stock, "reference": self.reference, "id": self.id, "amended": self.cash.amended}
        return {**head, "status": self.cash.status.lower(), "terms": found, "parts": list(self.parts)}

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.stock} {self.reference}: {self.cash.status.lower()}, {told_terms(self.cash.terms)}"
        for one in self.parts:
            state = f"{one['status']}{', STOPPED' if one['stopped'] else ''}"
            paid = f"{one['unpaid']} of {one['net']} not paid yet"
            kept = f"; {one['withheld']} withheld, {'remitted' if one['remitted'] else 'NOT remitted'}"
            yield f"  part {one['part']} {one['id']}: {state}, {paid}{kept if one['withheld'] != '0' else ''}"


def last_places(ids: Sequence[str]) -> list[tuple[int, str]]:
    """Roots with their places; one that was voided and posted again stands at its last place alone."""
    last = {identity: place for place, identity in enumerate(ids)}
    return sorted((place, identity) for identity, place in last.items())


class DividendDesk:
    """A stock's book and distributor. InputError where the network pays no cash dividends."""

    def __init__(self, network: Network, stock: str) -> None:
        self.network, self.stock = network, stock
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

    def find(self, reference: str) -> Cash | None:
        """A cash dividend by its reference; None where it was never announced."""
        identity = self.views.ledger.action_id(self.stock, CASH_CODE, reference)
        return read_cash(self.views.network.chain, self.book, identity, reference, self.name)

    def demand(self, reference: str) -> Cash:
        """The same; InputError where there is none."""
        found = self.find(reference)
        if found is None:
            raise InputError(f"is no announced cash dividend of {self.stock}", field="reference", value=reference)
        return found

    def parts(self, reference: str) -> list[str]:
        """The ids of the roots that were posted for it."""
        identity = self.views.ledger.action_id(self.stock, CASH_CODE, reference)
        return read_parts(self.views.network.chain, self.distributor, identity)

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
                f"is not posted for {self.stock} {reference}: `dividend root`", field="folder", value=folder
            )
        if found["status"] == VOIDED:
            raise InputError("is of a root that was voided", field="folder", value=folder)
        return written, found

    def payable(self, reference: str, folder: Path) -> folders.Verified:
        """The folder of one that pays now; InputError otherwise."""
        written, found = self.posted(reference, folder)
        if found["status"] != FUNDED:
            is_posted = found["status"] == POSTED
            reason = "is not funded yet: `dividend fund`" if is_posted else "is over: what was left is swept"
            raise InputError(reason, field="folder", value=folder)
        if found["stopped"] or self.views.now() < found["pay"]:
            reason = "is stopped" if found["stopped"] else f"pays from {moment(found['pay'])} on"
            raise InputError(reason, field="folder", value=folder)
        return written

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
            told = "is blocked, and its cash waits: once unblocked, or recovered to another wallet, claim again"
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
    ) -> Step:
        """The step that pays the leaf at a place by its proof, or tries again what is parked, where it is payable."""
        tree, identity = written.tree, written.bound
        money = Stablecoin(tree.leaves.leaf(place).net)
        if is_parked:
            title = f"{money} that the coin refused is paid to {account}"
            return self.views.step(draft.fresh(f"again {place}"), title, [ins.PayParked(identity, place, by)])
        order = ins.ClaimDividend(
            identity, place, leaf_at(written.names, tree, place), ins.proof_nodes(tree.proof(place)), by
        )
        title = f"{account} is paid {money} of {self.stock} {reference}"
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

    def shown(self, ids: Iterable[bytes], reference: str) -> Iterator[Shown]:
        """Cash dividends as people look at them."""
        for identity in ids:
            name = reference or "0x" + identity.hex()
            found = read_cash(self.views.network.chain, self.book, identity, name, self.name)
            if found is not None:
                last = last_places(read_parts(self.views.network.chain, self.distributor, identity))
                parts = tuple({"part": place} | self._part(one) for place, one in last)
                yield Shown(self.stock, name, "0x" + identity.hex(), found, parts)

    def _part(self, identity: str) -> dict[str, Any]:
        found = self.distribution(identity) or {}
        money = {name: str(Stablecoin(found[name])) for name in ("net", "unpaid", "gross", "withheld")}
        flags = {name: found[name] for name in ("stopped", "remitted", "pay", "expiry")}
        names = {name: self.name(found[name]) for name in ("treasury", "tax")}
        return {"id": identity, "status": STATUS[found["status"]], **money, **flags, **names}
