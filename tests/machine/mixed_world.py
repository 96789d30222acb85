"""Two stocks with everything that can stand on them, a custodian of each, and a clerk's paper over all of it.

The custodian (tests/custodian) knows true shares and true dates and shares no code with the laws. The clerk keeps
whose units are whose by what the chain holds: an account's own, what it has in the escrow of offers, and what is made
for it and not delivered. So every unit is counted once at a record, whatever is in the middle of what.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache

from custodian.market import WAD, Claims, Dividend, Market, Split
from machine.test_evm_agrees import START
from machine.twins import Twins

from scrip import instructions as ins
from scrip.evm.deploy.dividends import open_distributor
from scrip.evm.deploy.offers import open_escrow
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.deploy.wind_up import open_wind_up
from scrip.evm.dividends import DividendDesign
from scrip.evm.labels import UNLIMITED
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.holders.tree import Leaves, Tree, build
from scrip.instructions.base import ISSUER, TREASURY
from scrip.labels import DISTRIBUTOR, OFFERS, WIND_UP
from scrip.ledger import EVM
from scrip.model.laws import merkle_sum
from scrip.model.laws.offers import outcome
from scrip.model.ledger import ModelLedger
from scrip.model.state import Dividends
from scrip.model.state.elections import Elections
from scrip.model.state.offers import Offers
from scrip.model.state.voting import Voting
from scrip.model.state.wind_up import WindUps
from scrip.units import RawUnits, Shares, Stablecoin

DAY, HOUR, YEAR, WHOLE = 86_400, 3_600, 365 * 86_400, 10**18
HELD, SPUN, TAX, KEEPER, ESCHEAT = "ACME", "SPUN", "tax", "keeper", "state"
STOCKS = (HELD, SPUN)
OWNERS = ("alice", "bob", "mallory")
FRESH = ("fresh0", "fresh1")
TAKER = "taker"
PEOPLE = (*OWNERS, *FRESH, TREASURY, TAKER, ESCHEAT)
"""Who can hold units, in the order of a tree's leaves."""
CONTRACTS = (OFFERS, DISTRIBUTOR, WIND_UP)
EVERYBODY = (*PEOPLE, *CONTRACTS, TAX, KEEPER)
INVESTORS = {one: f"inv-{one}" for one in (*OWNERS, TREASURY, TAKER, ESCHEAT)}
WHY = (7, "order")
SHARES = {HELD: 420, SPUN: 260}
"""Whole shares that each custodian has at first."""


class Prepared:
    """All of it on revm, made once and wound back before each story."""

    def __init__(self) -> None:
        self.model = ModelLedger(EVM, START)
        self.chain = chain = RevmChain(START)
        # The blocks of roots are older than a chain remembers: one that it knows has tests of its own.
        chain._block += 10_000
        wanted = DividendDesign(TREASURY, TAX, in_stock=True)
        suite = open_distributor(chain, deploy_suite(chain), wanted, ISSUER)
        suite = open_wind_up(chain, open_escrow(chain, suite, ISSUER), ESCHEAT, ISSUER, TREASURY)
        assert suite.book is not None
        assert suite.offers is not None
        counterparts = (suite.roles.address, suite.registry.address, suite.book.address)
        self.elections = chain.deploy("Elections", *counterparts, sender=ISSUER)
        self.ballot = chain.deploy("Ballot", *counterparts, sender=ISSUER)
        self.ledger = EvmLedger(chain, replace(suite, elections=self.elections, ballot=self.ballot))
        state = self.model.state
        state.dividends, state.offers, state.wind_ups = Dividends(TREASURY, TAX), Offers(), WindUps(ESCHEAT)
        state.elections, state.voting = Elections(), Voting()
        state.words = {one: bytes.fromhex(chain.address(one)[2:]).rjust(32, b"\0") for one in EVERYBODY}
        twins = Twins(self.model, {"revm": self.ledger}, ())
        for stock, isin in ((HELD, "US0000000001"), (SPUN, "US0000000019")):
            twins.must(ins.CreateStock(stock, stock, isin))
            twins.must(ins.AttestReserve(stock, Shares.of(SHARES[stock])))
            twins.must(ins.ConfigureReserve(stock, 30 * YEAR, 0, Shares.of(10**6)))
        for wallet, investor in INVESTORS.items():
            twins.must(ins.Onboard(investor, wallet, 276, "retail", START + 90 * YEAR))
        for account in (*OWNERS, TREASURY):
            twins.must(ins.FundStablecoin(account, Stablecoin(10**15)))
            for stock in STOCKS:
                if account != TREASURY or stock == SPUN:
                    quote = ins.QuoteTerms(f"first {stock} {account}", START + HOUR, 0)
                    units = RawUnits((100 if stock == HELD else 30) * WHOLE + len(account), 18)
                    twins.must(ins.Mint(stock, account, units, Stablecoin(1), quote))
        for account in (*OWNERS, *FRESH, TREASURY, ISSUER):
            chain.send(suite.stablecoin, "approve", suite.offers.address, UNLIMITED, sender=account)
        self.mark = chain.mark()

    def start(self) -> Twins:
        self.chain.back_to(self.mark)
        self.mark = self.chain.mark()
        self.ledger._approved.clear()
        return Twins(self.model.copy(), {"revm": self.ledger}, watched=("revm",))


@cache
def prepared() -> Prepared:
    """One for all stories."""
    return Prepared()


def raw(amount: int) -> RawUnits:
    return RawUnits(amount, 18)


def day_of(at: int) -> int:
    """Midnight of an instant's day, UTC seconds."""
    return at - at % DAY


def tree_over(nets: dict[str, int]) -> Tree:
    """The tree of PEOPLE with these amounts, of which nothing is withheld."""
    words = prepared().model.state.words
    leaves = [
        merkle_sum.Leaf(at, words[one], nets.get(one, 0), 0, nets.get(one, 0), True) for at, one in enumerate(PEOPLE)
    ]
    return build(Leaves.of(leaves))


def bound(tree: Tree, stock: str, code: str, reference: str, block: int) -> tuple[str, str]:
    """What a root of an action is bound to, and the hash of its block."""
    ledger, block_hash = prepared().ledger, merkle_sum.keccak(b"long ago")
    binding = merkle_sum.Binding(
        merkle_sum.word(prepared().chain.chain_id()),
        bytes.fromhex(ledger.token(stock).address[2:]).rjust(32, b"\0"),
        ledger.action_id(stock, code, reference),
        block,
        block_hash,
    )
    return "0x" + merkle_sum.bound(tree.root, binding).hex(), "0x" + block_hash.hex()


@dataclass
class Recorded:
    """An action with a record: what the clerk saw at it, and what was posted of it."""

    code: str
    reference: str
    record_at: int
    deadline: int
    pay: int
    register: dict[str, int] | None = None
    posted: dict[str, Tree] = field(default_factory=dict)
    """Roots by what they are bound to."""
    election: str = ""
    vote: str = ""
    said: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of an election: each account's last choice, units for cash and for stock."""

    @property
    def tree(self) -> Tree:
        """The register's own tree."""
        assert self.register is not None
        return tree_over(self.register)


class Paper:
    """What custodian and clerk write down."""

    def __init__(self, model: ModelLedger) -> None:
        self.model = model
        self.markets = {stock: Market(START, Fraction(SHARES[stock])) for stock in STOCKS}
        for stock, market in self.markets.items():
            market.claims = [Claims(Fraction(self.supply(stock), WHOLE))]
        self.got: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        """By root and investor: what accounts had of it."""
        self.investor = dict(INVESTORS)
        self.heirs: dict[str, str] = {}

    def heir(self, account: str) -> str:
        """Who has an account's place now."""
        while account in self.heirs:
            account = self.heirs[account]
        return account

    # --- the custodian ---

    def supply(self, stock: str) -> int:
        """Raw units by the contract."""
        return int(prepared().chain.call(prepared().ledger.token(stock), "totalSupply"))

    def told(self, stock: str) -> Shares:
        """What its custodian says that it holds, rounded down."""
        market = self.markets[stock]
        return Shares.of(int(market.answer(market.now)))

    def advance_to(self, second: int) -> None:
        for stock, market in self.markets.items():
            market.claims[0].raw = Fraction(self.supply(stock), WHOLE)
            market.advance_to(second)

    def buy(self, stock: str, shares: int) -> None:
        """So many of today's shares come in."""
        market = self.markets[stock]
        market.buy(Fraction(shares) / market.counted(market.now), market.now)

    def elects(self, stock: str, units: int, pay: int) -> None:
        """The custodian takes for its own shares what holders chose: the company delivers as many, by pay."""
        market = self.markets[stock]
        market.buy(Fraction(units * market.economic_index(0), WHOLE * WAD), max(pay, market.now))

    def hands_in(self, stock: str) -> None:
        """A stock's end has come: the custodian has been paid for its shares, and has none."""
        market = self.markets[stock]
        market.sell(market.true, market.now)

    def held_to(self, stock: str) -> None:
        """No mint goes past the shares that its own custodian has, and what dividends due will buy."""
        market = self.markets[stock]
        market.claims[0].raw = Fraction(self.supply(stock), WHOLE)
        assert market.room(0) >= 0, (stock, market.counts(0), market.now)

    def split(self, reference: str, ratio: Fraction, at: int) -> None:
        self.markets[HELD].splits.append(Split(reference, ratio, day_of(at), at, at))

    def dividend(self, reference: str, gross: int, price: int, at: int, pay: int) -> None:
        one = Dividend(reference, gross, price, day_of(at), at, pay, max(pay, at), max(pay, at))
        self.markets[HELD].dividends.append(one)
        self.markets[HELD].claims[0].dividends.append(one)

    # --- the clerk ---

    def register(self, stock: str) -> tuple[dict[str, int], int]:
        """Whose the units of a stock are, wherever they are, and how many are nobody's yet."""
        found = {one: prepared().ledger.balance(stock, one).value for one in PEOPLE}
        # What a merger is paid in waits for who burns.
        nobody, now = prepared().ledger.balance(stock, WIND_UP).value, self.model.now()
        assert self.model.state.offers is not None
        for offer in self.model.state.offers.offers.values():
            carried_out = offer.status(now) in ("FUNDED", "SWEPT")
            if offer.token == stock:
                nobody += offer.taken
            if offer.given == stock:
                nobody += offer.minted
            for account, one in offer.positions.items():
                mine = new = 0
                if not one.settled and carried_out:
                    end = outcome(offer.settled_on, one.first, one.second, offer.total, offer.more)
                    is_tender = offer.agreed.code == "TEND"
                    mine, new = (end.units, 0) if is_tender else (0, end.units)
                    # What is taken of it is no longer the holder's.
                    nobody += end.taken if offer.token == stock else 0
                elif not one.settled or offer.agreed.code == "TEND" or not carried_out:
                    mine = one.first
                else:
                    new = one.first
                found[self.heir(account)] += mine * (offer.token == stock) + new * (offer.given == stock)
                nobody -= new * (offer.given == stock)
        assert self.model.state.dividends is not None
        for identity, root in self.model.state.dividends.distributions.items():
            if root.units == stock and root.status == "FUNDED":
                for place, account in enumerate(PEOPLE):
                    if place not in root.claimed or place in root.parked:
                        found[self.heir(account)] += self.trees[identity].leaves.leaf(place).net
        return found, nobody

    trees: dict[str, Tree]

    def every_unit_is_counted_once(self) -> None:
        for stock in STOCKS:
            found, nobody = self.register(stock)
            assert nobody >= 0
            assert sum(found.values()) + nobody == self.supply(stock), (stock, found, nobody)

    def a_root_gives_its_sum_and_each_leaf_once(self) -> None:
        """An investor has of a root at most what its wallets' leaves come to, and all have what was paid out of it."""
        assert self.model.state.dividends is not None
        for identity, tree in self.trees.items():
            due: dict[str, int] = defaultdict(int)
            for place, account in enumerate(PEOPLE):
                due[self.investor.get(account, account)] += tree.leaves.leaf(place).net
            for investor, got in self.got[identity].items():
                assert got <= due[investor], (identity, investor)
            root = self.model.state.dividends.distributions[identity]
            if root.status == "FUNDED":
                assert sum(self.got[identity].values()) + root.unpaid == tree.root.sum
