"""What a market maker looks at in the morning: quotes, limits, prices, who waits, fees, and what the treasury owes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from scrip.chains.evm import EvmNetwork, evm_only
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.evm import outside
from scrip.evm.chain import Call, Contract
from scrip.evm.labels import UNLIMITED
from scrip.evm.vaults import ENTERING, LEAVING
from scrip.flows import feeds, market, redemption, subscriptions
from scrip.flows.feeds import Shown
from scrip.flows.market import FeeSum, Offer, Room
from scrip.holders.instant import At, block_before
from scrip.labels import asset_label
from scrip.model.state.redemption import UNIT
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, WAD, RawUnits, Stablecoin

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Quoted:
    """The open quotes of a stock to one side: how many, and what they come to."""

    side: str
    count: int
    amount: str
    settlement: str
    fees: str


@dataclass(frozen=True, slots=True)
class Waits:
    """A request that waits: what for, in which vault, since when, and what is to be known before it is filled.

    `late` is of a redemption for which anyone may stop new mints, and of a subscription that anyone may send back;
    `held` of who is blocked, frozen or not cleared now; `delivery` of who wants the shares themselves.
    """

    kind: str
    vault: str
    controller: str
    waiting: str
    since: int
    late: bool
    held: bool
    delivery: str

    def line(self, now: int) -> str:
        """For people, with its age."""
        overdue, sent_back = ", OVERDUE: anyone can stop new mints for it", ", LATE: anyone can send it back"
        late = overdue if self.kind == "redemption" else sent_back
        told = f"{self.kind:12} {self.waiting} of {self.controller} in {self.vault}, for {_age(now - self.since)}"
        told += late if self.late else ""
        told += f", in kind by {self.delivery}" if self.delivery else ""
        return told + (", HELD: not to be filled now" if self.held else "")


@dataclass(frozen=True, slots=True)
class StockDesk:
    """One stock: its open quotes, what is left in the issuer's and its own limits, its price, its queue, its fees.

    `band_bps` bounds its quotes, 0 for nothing; `price` is None where it has none on this network.
    """

    stock: str
    quotes: tuple[Quoted, ...]
    limits: tuple[Room, ...]
    band_bps: int
    price: Shown | None
    queue: tuple[Waits, ...]
    fees: tuple[FeeSum, ...]

    @property
    def facts(self) -> dict[str, object]:
        """For programs, ages aside: they are of whoever's clock."""
        return {
            "quotes": [asdict(one) for one in self.quotes],
            "limits": [asdict(one) for one in self.limits],
            "band_bps": self.band_bps,
            "price": self.price.facts if self.price else None,
            "trades": self.price is not None and not self.price.refusal and self.price.trades,
            "queue": [asdict(one) for one in self.queue],
            "fees": [asdict(one) for one in self.fees],
        }

    def lines(self, now: int) -> Iterator[str]:
        """For people."""
        yield from self._priced()
        for one in self.quotes:
            fees = f", fees {one.fees}" if one.fees != "0" else ""
            yield f"open quotes      {one.count} to {one.side} {one.amount} for {one.settlement}{fees}"
        if not self.quotes:
            yield "open quotes      none"
        for room in self.limits:
            yield f"limit, {room.scope:9} {room.limits}; left {room.mint} to mint, {room.redeem} to redeem"
        if not self.limits:
            yield "limits           none of the issuer or the stock"
        for waits in self.queue:
            yield f"waits            {waits.line(now)}"
        if not self.queue:
            yield "waits            nobody"
        for fee in self.fees:
            trades = f"{fee.trades} trades to {fee.side}, {fee.settlement} settled"
            yield f"fees             {fee.fees} {fee.coin} of {trades}"
        if not self.fees:
            yield "fees             nothing was traded on a quote"

    def _priced(self) -> Iterator[str]:
        if self.price is None:
            yield "price            none on this network"
            return
        facts, trades = self.price.facts, not self.price.refusal and self.price.trades
        age = f", {_age(self.price.now - self.price.feed.as_of)} old" if self.price.feed.price else ""
        yield f"price            {facts['to trade at']}{age}"
        told = "yes" if trades else f"NO: {self.price.refusal or 'the exchange is closed'}"
        yield f"trades           {told}"
        if self.band_bps:
            yield f"band             quotes within {self.band_bps} bps of the price"


@dataclass(frozen=True, slots=True)
class Purse:
    """What the treasury has of a stablecoin, what it owes in it, and how much each contract may take of it.

    `owed` is what all requests to redeem that wait come to at the last prices struck, filled ones being paid for;
    `quoted` what open quotes to redeem would pay; `short` what of both it lacks, or may not pay: "0" for nothing.
    """

    coin: str
    balance: str
    owed: str
    quoted: str
    short: str
    allowances: dict[str, str]

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"treasury         {self.balance} {self.coin}"
        yield f"owes             {self.owed} to who waits, at the last prices struck; {self.quoted} on open quotes"
        if self.short != "0":
            yield f"SHORT            of {self.short} {self.coin}: fund the treasury before it is all filled"
        for taker, most in self.allowances.items():
            yield f"lets {taker:11} take {most}"


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page as of `now`, with the fees of `period` seconds before."""

    stocks: tuple[StockDesk, ...]
    treasury: str
    purses: tuple[Purse, ...]
    period: int
    now: int

    @property
    def facts(self) -> dict[str, object]:
        """For programs, and what two nodes must say alike."""
        stocks = {one.stock: one.facts for one in self.stocks}
        purses = {one.coin: asdict(one) for one in self.purses}
        return {"stocks": stocks, "treasury": {"account": self.treasury, "coins": purses}, "period": self.period}

    def lines(self) -> Iterator[str]:
        """For people."""
        for one in self.stocks:
            yield f"{one.stock}, {moment(self.now)}, fees of {_age(self.period)}"
            yield from (f"  {line}" for line in one.lines(self.now))
        yield f"treasury, {self.treasury}, of all stocks"
        for purse in self.purses:
            yield from (f"  {line}" for line in purse.lines())


def page(network: Network, ticker: str = "", period: int = DAY) -> Page:
    """What a market maker looks at, of one stock or all that are deployed; of the treasury it is always all.

    `period` is how many seconds back fees are summed. InputError for a stock that is not deployed.
    """
    evm = evm_only(network)
    ledger = evm.ledger()
    if ticker:
        ledger.token(ticker)
    every = [one for one in evm.manifest.stocks if one in ledger.stocks]
    offers = market.offers(evm)
    leaving = _leaving(evm, every)
    fees = market.fees(evm, _first_of(evm, period))
    treasury = str(evm.chain.call(ledger.suite.market, "treasury"))
    return Page(
        tuple(
            StockDesk(
                one,
                tuple(_quoted([offer for offer in offers if offer.quote.stock == one])),
                tuple(room for room in market.rooms(evm, one, treasury) if room.scope != "investor"),
                at.band_bps if (at := evm.views().traded_at(one)) else 0,
                _price(evm, one),
                tuple(_queue(evm, one, leaving)),
                tuple(fee for fee in fees if fee.stock == one),
            )
            for one in ([ticker] if ticker else every)
        ),
        evm.chain.name(treasury),
        tuple(_purses(evm, treasury, every, offers, leaving)),
        period,
        evm.now(),
    )


# --- parts -----------------------------------------------------------------------------------------------------------


def _quoted(offers: Sequence[Offer]) -> Iterator[Quoted]:
    for side in ("mint", "redeem"):
        orders = [(one.quote.order(), one.quote.fee) for one in offers if one.quote.side == side]
        if orders:
            amount = RawUnits(sum(order.amount.value for order, _ in orders), EVM_DECIMALS)
            money = Stablecoin(sum(order.settlement.value for order, _ in orders))
            fees = Stablecoin(sum(fee.value for _, fee in orders))
            yield Quoted(side, len(orders), str(amount), str(money), str(fees))


def _price(network: EvmNetwork, stock: str) -> Shown | None:
    """The price that the feed shows; None where the network has no feed, or the stock no price."""
    if network.suite().prices is None or network.manifest.stocks[stock].price is None:
        return None
    (found,) = feeds.show(network, [stock])
    return found


def _leaving(network: EvmNetwork, stocks: Sequence[str]) -> dict[str, redemption.Queue]:
    """The queue of each vault out of these stocks, by its label."""
    vaults = network.ledger().vaults
    places = [(LEAVING.label(one, label), one, symbol) for one in stocks for symbol, label in _coins(network)]
    return {vault: redemption.queue(network, stock, symbol) for vault, stock, symbol in places if vault in vaults}


def _queue(network: EvmNetwork, stock: str, leaving: Mapping[str, redemption.Queue]) -> list[Waits]:
    """Who waits for a stock in any of its vaults, the oldest request first."""
    vaults, found = network.ledger().vaults, []
    for symbol, label in _coins(network):
        if (vault := LEAVING.label(stock, label)) in leaving:
            for out in leaving[vault].entries:
                one = out.found
                if one.waiting:
                    units = f"{RawUnits(one.waiting, EVM_DECIMALS)} {stock}"
                    terms = (vault, out.controller, units, one.since, one.overdue, out.held, one.delivery)
                    found.append(Waits("redemption", *terms))
        if (vault := ENTERING.label(stock, label)) in vaults:
            for into in subscriptions.queue(network, stock, symbol).entries:
                if into.found.waiting:
                    money = f"{Stablecoin(into.found.waiting)} {symbol}"
                    late, held = into.late, not into.cleared
                    found.append(Waits("subscription", vault, into.controller, money, into.found.since, late, held, ""))
    return sorted(found, key=lambda one: (one.since, one.kind, one.controller))


def _purses(
    network: EvmNetwork,
    treasury: str,
    stocks: Sequence[str],
    offers: Sequence[Offer],
    leaving: Mapping[str, redemption.Queue],
) -> Iterator[Purse]:
    """The treasury's purse of each stablecoin of the manifest; quotes settle in the first."""
    chain, vaults, at = network.chain, network.ledger().vaults, network.suite().market
    back = [one.quote for one in offers if one.quote.side == "redeem"]
    for place, (symbol, label) in enumerate(_coins(network)):
        coin = Contract(outside.STABLECOIN, chain.address(label))
        paying = [name for one in stocks if (name := LEAVING.label(one, label)) in leaving]
        takers = {"market": at} | {name: vaults[name] for name in paying}
        asked = [Call(coin, "allowance", (treasury, one.address)) for one in takers.values()]
        balance, *may = chain.call_many([Call(coin, "balanceOf", (treasury,)), *asked])
        due = {"market": 0 if place else sum(one.order().settlement.value - one.fee.value for one in back)}
        due |= {name: _owed(network, vaults[name], leaving[name]) for name in paying}
        whole = sum(due.values())
        lacks = max(whole - balance, *(due[name] - most for name, most in zip(takers, may, strict=True)), 0)
        yield Purse(
            symbol,
            str(Stablecoin(balance)),
            str(Stablecoin(whole - due["market"])),
            str(Stablecoin(due["market"])),
            str(Stablecoin(lacks)),
            {
                name: "without limit" if most > UNLIMITED // 2 else str(Stablecoin(most))
                for name, most in zip(takers, may, strict=True)
            },
        )


def _owed(network: EvmNetwork, vault: Contract, queue: redemption.Queue) -> int:
    """Base units of a coin that a vault's requests for money come to at the last price struck, each rounded down."""
    last = int(network.chain.call(vault, "convertToAssets", UNIT))
    waiting = [one.found for one in queue.entries if not one.found.delivery]
    return sum(one.waiting * last // WAD for one in waiting)


def _coins(network: EvmNetwork) -> list[tuple[str, str]]:
    """The manifest's stablecoins, each with its label."""
    return [(one, asset_label(place, one)) for place, one in enumerate(network.manifest.settlement.assets)]


def _first_of(network: EvmNetwork, period: int) -> int:
    """The first block of a period that ends now, or the suite's first where it is younger."""
    first, node = network.ledger().since, network.node

    def look(number: int | str) -> At:
        block = node.block(number)
        return At(block.number, block.hash, block.timestamp)

    newest = look("latest")
    try:
        return block_before(look, newest, newest.timestamp - period, first).number + 1
    except InputError:
        return first


def _age(seconds: int) -> str:
    """How long that is, in its two largest units: "2 d 3 h"."""
    told, left = [], seconds
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (1, "s")):
        count, left = divmod(left, size)
        told += [f"{count} {unit}"] * bool(count)
    return " ".join(told[:2]) or "0 s"
