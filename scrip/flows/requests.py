"""A vault that takes requests, whichever way, as the desk meets it: which one it is, and who acts for whom in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from scrip import instructions as ins
from scrip.chains.evm import evm_only
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm.chain import Call, Contract
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import document_hash
from scrip.evm.handlers.redemption import read_prices, read_strike, strike_word
from scrip.evm.outside import STABLECOIN as COIN
from scrip.evm.vaults import LEAVING, Kind
from scrip.evm.views import EvmViews
from scrip.inputs.batch import Batch
from scrip.instructions.base import DOCUMENT_HASH
from scrip.labels import asset_of
from scrip.model.state.redemption import Struck
from scrip.plan import Change, Plan
from scrip.plan.draft import Draft
from scrip.preview import moment
from scrip.units import Stablecoin


class Desk:
    """A stock's vault of a kind for one stablecoin of the manifest, the first by default. InputError for none."""

    def __init__(self, network: Network, stock: str, symbol: str, kind: Kind) -> None:
        self.views: EvmViews = evm_only(network).views()
        self.asset = asset_of(network.manifest.settlement.assets, symbol)
        self.views.ledger.token(stock)
        label = kind.label(stock, self.asset)
        if label not in self.views.ledger.vaults:
            paid = symbol or next(iter(network.manifest.settlement.assets))
            what = f"pays {paid}: holders redeem" if kind.pays else f"takes {paid}: investors buy"
            raise InputError(f"has no vault that {what} on quotes", field="stock", value=stock)
        self.vault: Contract = self.views.ledger.vaults[label]
        self.stock, self.label, self.kind = stock, label, kind

    def ask(self, *views: str) -> list[Any]:
        """Ask several views of the vault."""
        return list(self.views.network.chain.call_many([Call(self.vault, view) for view in views]))

    def strike(self, draft: Draft[EvmViews], name: str, price: Stablecoin, reference: str, life: int, by: str) -> int:
        """Plan to strike a price of one token, or say that it was; the second before which a request must be asked.

        InputError where what was struck under the reference has expired, was made void or was another.
        """
        struck, now = read_strike(self.views.network.chain, self.vault, name), self.views.now()
        if struck is None:
            if self.views.network.chain.call(self.vault, "keyUsed", strike_word(name)):
                raise InputError("names a price that was made void: give another", field="reference", value=reference)
            order = ins.Strike(self.stock, name, price, now + life, self.asset, entry=not self.kind.pays, by=by)
            title = f"{price} is the price of one {self.stock} token, until {moment(now + life)}"
            draft.add(self.views.step(draft.fresh(f"{self.label} strike"), title, [order]))
            return now + 1
        if struck.price != price.value:
            was = Stablecoin(struck.price)
            reason = f"names a price that was struck at {was}: give another"
            raise InputError(reason, field="reference", value=reference)
        if now >= struck.expiry:
            reason = f"names a price that expired, {moment(struck.expiry)}: give another"
            raise InputError(reason, field="reference", value=reference)
        draft.same.append(f"{price} was struck, until {moment(struck.expiry)}")
        return struck.at

    @property
    def prices(self) -> Mapping[str, Struck]:
        """The prices that fill requests now, by the words of their strikes."""
        return read_prices(self.views.network.chain, self.vault, self.views.ledger.since)

    def holds(self, view: str, first: str, second: str) -> bool:
        """What the vault says of a pair of accounts."""
        return bool(self.views.network.chain.call(self.vault, view, *map(self.views.address, (first, second))))

    def heir(self, controller: str) -> str:
        """Who gets what is a controller's: itself, or its last successor."""
        chain, registry = self.views.network.chain, self.views.ledger.suite.registry
        at = str(chain.call(registry, "successorOf", self.views.address(controller)))
        return controller if at == ZERO_ADDRESS else chain.name(at)

    def heard(self, sender: str, controller: str) -> bool:
        """Whether a call of `sender` is heard as the controller's, or its successor's."""
        chain, address = self.views.network.chain, self.views.address
        heir = str(chain.call(self.views.ledger.suite.registry, "successorOf", address(controller)))
        return heir == address(sender) or self.holds("isOperator", heir, sender)


class Had(Protocol):
    """What a vault has of one controller: how much waits, and since which second."""

    @property
    def waiting(self) -> int:
        """Raw units or base units."""

    @property
    def since(self) -> int:
        """UTC seconds; 0 where nothing waits."""


class Asker(Protocol):
    """One controller, as people look at it."""

    @property
    def controller(self) -> str:
        """Its name."""

    @property
    def found(self) -> Had:
        """What the vault has of it."""


One = TypeVar("One", bound=Asker)


class QueueDesk(Desk, ABC, Generic[One]):
    """A vault with those who ask in it. How they are read, and what keeps one from being filled, each kind says."""

    @abstractmethod
    def askers(self) -> Sequence[str]:
        """The addresses for which anything was ever asked."""

    @abstractmethod
    def look_at(self, addresses: Sequence[str], everything: bool = False) -> Iterator[One]:
        """What the vault has of these addresses: of those of whom it has anything, or of each."""

    @abstractmethod
    def hindrance(self, one: One) -> str:
        """What keeps a request from being filled, whatever the price; "" for nothing."""

    def one(self, account: str) -> One:
        """One account, whatever the vault has of it."""
        return next(self.look_at([self.views.address(account)], everything=True))

    def everybody(self) -> list[One]:
        """All of whom the vault has anything."""
        return list(self.look_at(self.askers()))

    def oldest_first(self) -> tuple[One, ...]:
        """The same, the oldest request first, and last those of whom nothing waits."""
        return tuple(sorted(self.everybody(), key=lambda one: (one.found.since or 2**40, one.controller)))

    def wanted(self, controllers: Sequence[str], sender: str) -> list[One]:
        """Those who are named; all for whom `sender` is heard, where none is."""
        named = [self.one(name) for name in controllers]
        return named or [one for one in self.everybody() if self.heard(sender, one.controller)]

    def fillable(self, batch: Batch[str] | None, before: int, said: list[str]) -> list[One]:
        """Who can be filled at a strike of that second, the oldest first; of a file's others it is said why not."""
        named = [controller for _, controller in batch.rows] if batch else []
        found: Iterable[One] = map(self.one, named) if batch else self.everybody()
        ready = []
        for one in sorted(found, key=lambda one: (one.found.since, one.controller)):
            if not one.found.waiting:
                if batch:
                    said.append(f"nothing of {one.controller} waits: it is filled, or was called back")
            elif hindrance := self.hindrance(one):
                said.append(f"{one.controller} {hindrance}")
            elif one.found.since >= before:
                said.append(f"{one.controller} asked after the price was struck: it waits for the next")
            else:
                ready.append(one)
        return ready


def pages(entries: Sequence[One]) -> Iterator[tuple[tuple[str, ...], Sequence[One]]]:
    """As many as go into one transaction, each page with its controllers' names."""
    for start in range(0, len(entries), ins.MAX_FILLED):
        page = entries[start : start + ins.MAX_FILLED]
        yield tuple(one.controller for one in page), page


def only(controllers: Sequence[str]) -> str:
    """The one controller that is named; InputError for none, or several."""
    if len(controllers) != 1:
        reason = "is given for one controller at a time: name it"
        raise InputError(reason, field="to", value=f"{len(controllers)} controllers")
    return controllers[0]


def demanded(reference: str) -> str:
    """The reference that names a price; InputError where there is none."""
    if not reference:
        raise InputError("must name the price, the same when a run is finished later", field="reference")
    return reference


def hash_of(document: str) -> str:
    """The hash of a document, 0x and 64 hex digits, by its name or the hash itself."""
    return f"0x{document_hash(document).hex()}"


def page_of(what: str, names: Sequence[str]) -> str:
    """The step of a page: no two of an operation begin with the same account.

    It does not tell how many follow: of a run that was stopped the page is found again though others came or went.
    """
    return f"{what} {names[0]}"


def operator(
    network: Network,
    stock: str,
    account: str,
    operator: str,
    approved: bool = True,
    symbol: str = "",
    kind: Kind = LEAVING,
) -> Plan:
    """Let an account, a keeper's for example, ask, call back and fetch for `account`, which signs; or no longer."""
    desk = Desk(network, stock, symbol, kind)
    draft = Draft(desk.views, f"{kind.group} operator")
    stands = desk.holds("isOperator", account, operator)
    if stands == approved:
        return draft.nothing(f"{operator} {'acts' if approved else 'does not act'} for {account} in {desk.label}")
    if approved and desk.views.address(account) == desk.views.address(operator):
        raise InputError("is the account itself, which needs none", field="operator", value=operator)
    order = ins.SetOperator(stock, account, operator, approved, desk.asset, entry=not kind.pays)
    title = f"{operator} {'acts' if approved else 'acts no more'} for {account} in {desk.label}"
    draft.add(desk.views.step("operator", title, [order]))
    draft.changes.append(Change(f"{operator} for {account}", _acts(stands), _acts(approved)))
    return draft.plan()


def approve(
    network: Network,
    stock: str,
    owner: str,
    account: str,
    approved: bool = True,
    reference: str = "",
    sender: str = "",
    symbol: str = "",
    kind: Kind = LEAVING,
) -> Plan:
    """Let an owner name another investor's account as controller or receiver, or no longer (COMPLIANCE)."""
    desk = Desk(network, stock, symbol, kind)
    draft = Draft(desk.views, f"{kind.group} approve", reference, single=reference)
    stands = desk.holds("approvedAccount", owner, account)
    may = "may name" if approved else "may not name"
    if stands == approved:
        return draft.nothing(f"{owner} {may} {account} in {desk.label}")
    order = ins.ApproveAccount(stock, owner, account, approved, desk.asset, entry=not kind.pays)
    draft.order(f"{owner} {may} {account} as controller or receiver in {desk.label}", order, sender)
    draft.changes.append(Change(f"{account} for {owner}", _named(stands), _named(approved)))
    if approved and not desk.holds("isOperator", account, owner):
        draft.same.append(f"as a controller {account} must make {owner} its operator, too; as a receiver it need not")
    return draft.plan()


def told_prices(prices: Mapping[str, Struck]) -> list[str]:
    """The prices that fill requests now, for people."""
    return [
        f"price now        {Stablecoin(one.price)} a token until {moment(one.expiry)}, strike {word}"
        for word, one in prices.items()
    ]


def facts_of_prices(prices: Mapping[str, Struck]) -> list[dict[str, object]]:
    """The same, for programs."""
    return [
        {"strike": word, "price": str(Stablecoin(one.price)), "at": one.at, "expiry": one.expiry}
        for word, one in prices.items()
    ]


def void_strike(
    network: Network,
    stock: str,
    named: str = "",
    reference: str = "",
    sender: str = "",
    symbol: str = "",
    kind: Kind = LEAVING,
) -> Plan:
    """Let prices fill no more (PAUSER, or QUOTE_SIGNER): one, or all that fill now where none is named.

    `named` is the reference of the fill that struck it, or the word of the strike. It becomes no reference either.
    """
    desk = Desk(network, stock, symbol, kind)
    draft = Draft(desk.views, f"{kind.group} void-strike", reference, natural=True)
    chain, found = desk.views.network.chain, dict(desk.prices) if not named else {}
    if named:
        word = named if DOCUMENT_HASH.fullmatch(named) else strike_of(desk, named)
        if (struck := read_strike(chain, desk.vault, word)) is not None:
            found[word] = struck
    # Of those who may, whoever keeps watch is there first; the desk takes back a price of its own.
    role = "QUOTE_SIGNER" if sender in desk.views.manifest.role_holders("QUOTE_SIGNER") else "PAUSER"
    by = draft.sender(role, sender)
    for word, one in found.items():
        price = Stablecoin(one.price)
        order = ins.VoidStrike(stock, word, desk.asset, entry=not kind.pays, by=by)
        title = f"{price}, struck {moment(one.at)}, fills no more in {desk.label}"
        draft.add(desk.views.step(f"void {desk.label} {word}", title, [order]))
        draft.changes.append(Change(f"{price} a token in {desk.label}", f"fills until {moment(one.expiry)}", "void"))
    if not found:
        return draft.nothing(f"no price {f'of {named} stands' if named else 'fills requests now'} in {desk.label}")
    return draft.plan()


def strike_of(desk: Desk, reference: str) -> str:
    """The word of the strike that a fill of a reference made, or would make."""
    return Draft(desk.views, f"{desk.kind.group} fill", reference, natural=True).key("strike")


def set_reference(
    network: Network,
    stock: str,
    price: Stablecoin,
    reference: str = "",
    sender: str = "",
    symbol: str = "",
    kind: Kind = LEAVING,
) -> Plan:
    """Hold a vault's prices to another one (the timelock), where the market has left the band around the last."""
    desk = Desk(network, stock, symbol, kind)
    draft = Draft(desk.views, f"{kind.group} set-reference", reference, single=reference)
    band, (before, since) = desk.ask("band", "reference")
    if before == price.value:
        return draft.nothing(f"the prices of {desk.label} are held to {price}, since {moment(since)}")
    order = ins.SetReference(stock, price, desk.asset, entry=not kind.pays)
    title = f"the prices of {desk.label} are held to {price}, within {band} bps a day"
    draft.order(title, order, sender, f"{desk.label} {price}")
    draft.changes.append(Change(f"what {desk.label}'s prices are held to", str(Stablecoin(before)), str(price)))
    return draft.plan()


def skim(
    network: Network, stock: str, sender: str, reference: str = "", symbol: str = "", kind: Kind = LEAVING
) -> Plan:
    """Send the treasury the coins in a vault that nobody's request or claim stands for. Anyone may; `sender` pays."""
    desk = Desk(network, stock, symbol, kind)
    draft = Draft(desk.views, f"{kind.group} skim", reference)
    chain = desk.views.network.chain
    has = chain.call(Contract(COIN, chain.address(desk.asset)), "balanceOf", desk.vault.address)
    (kept,) = desk.ask("totalAssets" if kind.pays else "totalRequested")
    if has <= kept:
        return draft.nothing(f"every coin in {desk.label} is somebody's")
    stray = Stablecoin(has - kept)
    order = ins.SkimVault(stock, sender, desk.asset, entry=not kind.pays)
    draft.add(desk.views.step("skim", f"{stray} that nobody's request stands for go to the treasury", [order]))
    draft.changes.append(Change(f"coins in {desk.label} that are nobody's", str(stray), "0"))
    return draft.plan()


def _acts(stands: bool) -> str:
    return "acts" if stands else "does not act"


def _named(stands: bool) -> str:
    return "may be named" if stands else "may not be named"
