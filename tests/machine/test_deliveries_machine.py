"""Deliveries in units, model against bytecode: posted, made, pushed, parked, mended, recalled, swept in any order.

Two stocks, each with a custodian of its own whose shares are counted here and nowhere in the package: ACME is held,
SPUN is given for it, and of either more is minted in the market meanwhile. Whatever happens:

- what a root gave is at most its sum, which is what was made for it;
- nobody is given a leaf twice;
- no mint, for a root or in the market, goes past the shares that its stock's custodian has;
- every unit is with an account, or held for a leaf that is not delivered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from machine import states
from machine.stories import Story, tell
from machine.twins import DONE, Twins

from scrip import instructions as ins
from scrip.evm.deploy.dividends import open_distributor
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.dividends import DividendDesign
from scrip.evm.handlers.dividends import read_claimed, read_distribution
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.holders.tree import Leaves, Tree, build
from scrip.instructions.base import ISSUER, TREASURY
from scrip.instructions.subjects import Subjects
from scrip.labels import DISTRIBUTOR
from scrip.ledger import EVM
from scrip.model.laws import merkle_sum
from scrip.model.ledger import ModelLedger
from scrip.model.state import Dividends
from scrip.model.state.dividends import Distribution
from scrip.units import RawUnits, Shares, Stablecoin

EXAMPLES, STEPS = 18, 40
START = 1_900_000_000
DAY, HOUR, WHOLE = 86_400, 3_600, 10**18
HELD, SPUN, TAX, KEEPER = "ACME", "SPUN", "tax", "keeper"
STOCKS = (HELD, SPUN)
OWNERS = ("alice", "bob", "mallory")
FRESH = ("fresh0", "fresh1")
SHARED = (*OWNERS, "stranger", "pool")
"""Whose leaves a tree has, in this order; the pool's is not pushable, and neither it nor the stranger is known."""
EVERYBODY = (*SHARED, *FRESH, KEEPER, TREASURY, TAX, DISTRIBUTOR)
INVESTORS = {"alice": "inv-alice", "bob": "inv-bob", "mallory": "inv-mallory", TREASURY: "inv-treasury"}
WHY = (7, "order")
SHARES = {HELD: 320, SPUN: 30}
"""Whole shares that each custodian has at first."""

owners = st.sampled_from(OWNERS)
places = st.sampled_from([0, 1, 2, 3, 4, 5, 2**20])
units = st.sampled_from([0, 1, WHOLE // 3, 3 * WHOLE, 11 * WHOLE])


class Prepared:
    """Both stocks, the book and the distributor on revm, made once and wound back before each story."""

    def __init__(self) -> None:
        self.model = ModelLedger(EVM, START)
        self.chain = chain = RevmChain(START)
        # The blocks of roots are older than a chain remembers.
        chain._block += 10_000
        wanted = DividendDesign(TREASURY, TAX, in_stock=True)
        suite = open_distributor(chain, deploy_suite(chain), wanted, ISSUER)
        self.ledger = EvmLedger(chain, suite)
        self.model.state.dividends = Dividends(TREASURY, TAX)
        words = {one: bytes.fromhex(chain.address(one)[2:]).rjust(32, b"\0") for one in EVERYBODY}
        self.model.state.words = words
        twins = Twins(self.model, {"revm": self.ledger}, ())
        for stock, isin in ((HELD, "US0000000001"), (SPUN, "US0000000019")):
            twins.must(ins.CreateStock(stock, stock, isin))
            twins.must(ins.AttestReserve(stock, Shares.of(SHARES[stock])))
            twins.must(ins.ConfigureReserve(stock, 5 * 365 * DAY, 0, Shares.of(10**6)))
        for wallet, investor in INVESTORS.items():
            twins.must(ins.Onboard(investor, wallet, 276, "retail", START + 9_999 * DAY))
        for account in OWNERS:
            twins.must(ins.FundStablecoin(account, Stablecoin(10**12)))
            quote = ins.QuoteTerms(f"first {account}", START + HOUR, 0)
            twins.must(ins.Mint(HELD, account, RawUnits(100 * WHOLE, 18), Stablecoin(1), quote))
        self.mark = chain.mark()

    def start(self) -> Twins:
        self.chain.back_to(self.mark)
        self.mark = self.chain.mark()
        return Twins(self.model.copy(), {"revm": self.ledger}, watched=("revm",))


@cache
def prepared() -> Prepared:
    """One for all stories."""
    return Prepared()


@cache
def tree_of(given: tuple[int, ...]) -> Tree:
    """The tree of SHARED with these units."""
    words = prepared().model.state.words
    return build(
        Leaves.of(
            [
                merkle_sum.Leaf(place, words[one], net, 0, net, one != "pool")
                for place, (one, net) in enumerate(zip(SHARED, given, strict=True))
            ]
        )
    )


def raw(amount: int) -> RawUnits:
    return RawUnits(amount, 18)


def leaf_at(tree: Tree, place: int) -> ins.DividendLeaf:
    """A leaf as an instruction names it."""
    found, account = tree.leaves.leaf(place % len(SHARED)), SHARED[place % len(SHARED)]
    return ins.DividendLeaf(account, raw(found.net), raw(0), raw(found.net), pushable=found.pushable)


class Delivering(Story):
    """What anyone may try, in any order."""

    def __init__(self) -> None:
        super().__init__(prepared().start(), prepared().ledger)
        self.chain, self.serial = prepared().chain, 0
        self.trees: dict[str, Tree] = {}
        self.actions: list[tuple[str, str]] = []
        self.shares = dict(SHARES)
        self.given: dict[str, list[int]] = {}
        self.announce("SOFF")
        self.advance(4 * DAY)
        self.post(0, (3 * WHOLE, 7 * WHOLE, WHOLE // 3, WHOLE, 2 * WHOLE), 0)
        self.make(0, 0)
        self.announce("RHTS")

    @property
    def book(self) -> Dividends:
        assert self.model.state.dividends is not None
        return self.model.state.dividends

    def known(self, place: int) -> str:
        """One of the distributions, or none."""
        found = sorted(self.trees)
        return found[place % len(found)] if found and place < 9 else "0x" + "07" * 32

    def supply(self, stock: str) -> int:
        token = prepared().ledger.token(stock)
        return int(self.chain.call(token, "totalSupply"))

    # --- the desk, and the custodians ---

    @rule(code=st.sampled_from(["SOFF", "RHTS", "DVOP", "MRGR"]))
    def announce(self, code: str) -> None:
        self.serial += 1
        now = self.model.now()
        midnight = now - now % DAY + 2 * DAY
        record = midnight + 13 * HOUR
        terms = {"ex": datetime.fromtimestamp(midnight, UTC).date(), "record_at": record, "pay": record + DAY}
        terms |= {"num": 1, "den": 3, "other": SPUN}
        if code == "RHTS":
            terms |= {"deadline": record + HOUR, "expiry": record + 3 * DAY, "currency": "USD", "price": WHOLE}
        if code == "DVOP":
            terms |= {"deadline": record + HOUR, "expiry": record + 4 * 365 * DAY, "currency": "USD", "gross": WHOLE}
            terms |= {"asset": "stablecoin", "rate": WHOLE, "source": "0x" + "07" * 32, "other": ""}
        if code == "MRGR":
            del terms["ex"]
        reference = f"a{self.serial}"
        if self.give(ins.AnnounceRecord(HELD, code, reference, ins.RecordTerms(**terms))) == DONE:
            self.actions.append((code, reference))

    @rule(place=st.integers(0, 9))
    def amend(self, place: int) -> None:
        """Whatever was posted of it, terms are then what they were."""
        code, reference = self.actions[place % len(self.actions)]
        terms = self.model.stocks[HELD].actions.book[code, reference].terms
        self.give(ins.AmendRecord(HELD, code, reference, terms))

    @rule(place=st.integers(0, 9), given=st.tuples(*[units] * len(SHARED)), part=st.sampled_from([0, 0, 0, 1]))
    def post(self, place: int, given: tuple[int, ...], part: int) -> None:
        code, reference = self.actions[place % len(self.actions)]
        tree, block, block_hash = tree_of(given), self.serial, merkle_sum.keccak(b"long ago")
        self.serial += 1
        if not tree.root.sum:
            return
        ledger = prepared().ledger
        binding = merkle_sum.Binding(
            merkle_sum.word(self.chain.chain_id()),
            bytes.fromhex(ledger.token(HELD).address[2:]).rjust(32, b"\0"),
            ledger.action_id(HELD, code, reference),
            block,
            block_hash,
        )
        identity = "0x" + merkle_sum.bound(tree.root, binding).hex()
        net = raw(tree.root.sum)
        hashes = ("0x" + tree.root.hash.hex(), "0x" + block_hash.hex())
        root = ins.RootTerms(hashes[0], net, net, raw(0), tree.root.depth, block, hashes[1])
        posted = self.book.parts.get((HELD, code, reference), 0)
        order = ins.PostRoot(HELD, reference, posted + part, root, identity, code, in_units=True)
        if self.give(order) == DONE:
            self.trees[identity] = tree

    @rule(place=st.integers(0, 9), off=st.sampled_from([0, 0, 0, 1, -1]))
    def make(self, place: int, off: int) -> None:
        known = self.known(place)
        amount = self.trees[known].root.sum + off if known in self.trees else 5
        if self.give(ins.FundUnits(known, raw(amount))) == DONE:
            self.held_to_the_custodian(self.book.distributions[known].units)

    @rule(stock=st.sampled_from(STOCKS), amount=st.sampled_from([1, WHOLE, 9 * WHOLE]))
    def mint(self, stock: str, amount: int) -> None:
        self.serial += 1
        quote = ins.QuoteTerms(f"q{self.serial}", self.model.now() + HOUR, 0)
        if self.give(ins.Mint(stock, "mallory", raw(amount), Stablecoin(1), quote)) == DONE:
            self.held_to_the_custodian(stock)

    def held_to_the_custodian(self, stock: str) -> None:
        """No mint past the shares that its own custodian has."""
        assert self.supply(stock) <= self.shares[stock] * WHOLE, stock

    @rule(stock=st.sampled_from(STOCKS), more=st.sampled_from([0, 1, 10, 40]))
    def custodian_says(self, stock: str, more: int) -> None:
        """Shares come in; an answer never says more than there are."""
        self.shares[stock] += more
        self.give(ins.AttestReserve(stock, Shares.of(self.shares[stock])))

    @rule(place=st.integers(0, 9), amount=st.sampled_from([5, WHOLE]))
    def coins_fund_no_units(self, place: int, amount: int) -> None:
        self.give(ins.FundDividend(self.known(place), Stablecoin(amount), TREASURY))

    @rule(place=st.integers(0, 9))
    def void(self, place: int) -> None:
        self.give(ins.VoidRoot(self.known(place), *WHY))

    @rule(place=st.integers(0, 9))
    def sweep(self, place: int) -> None:
        self.give(ins.SweepDividend(self.known(place)))

    @rule(place=st.integers(0, 9), what=st.sampled_from([ins.StopDividend, ins.ResumeDividend, ins.ResumeDividend]))
    def stop(self, place: int, what: type[ins.StopDividend] | type[ins.ResumeDividend]) -> None:
        self.give(what(self.known(place)))

    @rule(place=st.integers(0, 9), really=st.sampled_from([True, False, False]))
    def recall(self, place: int, really: bool) -> None:
        if really:
            self.give(ins.StopDividend(self.known(place)))
        self.give(ins.RecallDividend(self.known(place), *WHY))

    # --- whoever asks ---

    @rule(
        place=st.integers(0, 9),
        index=places,
        by=st.sampled_from(["", "", KEEPER, "mallory", "fresh0"]),
        more=st.sampled_from([0, 0, 0, 1]),
    )
    def claim(self, place: int, index: int, by: str, more: int) -> None:
        known = self.known(place)
        tree = self.trees.get(known) or tree_of((1, 1, 1, 1, 1))
        leaf = leaf_at(tree, index)
        if more:
            leaf = ins.DividendLeaf(leaf.account, leaf.gross, leaf.withheld, raw(leaf.net.value + 1))
        proof = ins.proof_nodes(tree.proof(index % len(SHARED)))
        self.give(ins.ClaimDividend(known, index, leaf, proof, by))

    @rule(place=st.integers(0, 9), first=st.sampled_from([0, 0, 0, 128]))
    def push(self, place: int, first: int) -> None:
        known = self.known(place)
        tree = self.trees.get(known) or tree_of((1, 1, 1, 1, 1))
        leaves = tuple(leaf_at(tree, one) for one in range(len(SHARED)))
        self.give(ins.PushDividend(known, first, leaves, ins.proof_nodes(tree.proof(0)[7:]), KEEPER))

    @rule(place=st.integers(0, 9), index=places, by=st.sampled_from([KEEPER, "pool"]))
    def retry(self, place: int, index: int, by: str) -> None:
        self.give(ins.PayParked(self.known(place), index, by, SHARED[index % len(SHARED)]))

    @rule(wait=st.sampled_from([DAY, 3 * DAY]), lapse=st.booleans())
    def a_delivery_goes_on_to_its_end(self, wait: int, lapse: bool) -> None:
        """As far as nothing stops it: some are parked, mended, and what is left is swept."""
        self.advance(wait)
        self.push(0, 0)
        self.onboard("stranger")
        for index in range(len(SHARED)):
            self.retry(0, index, KEEPER)
        if lapse:
            self.advance(4 * 366 * DAY)
            self.sweep(0)

    @rule(code=st.sampled_from(["SOFF", "RHTS", "DVOP", "MRGR"]), short=st.booleans(), ended=st.booleans())
    def another_is_given(self, code: str, short: bool, ended: bool) -> None:
        """From the announcement on, as far as nothing stops it; once with a reserve that others' mints used up."""
        known, stock = set(self.trees), HELD if code == "DVOP" else SPUN
        self.announce(code)
        self.advance(4 * DAY)
        self.custodian_says(stock, 1 if short else 60)
        if short:
            self.mint(stock, max(self.shares[stock] * WHOLE - self.supply(stock), 1))
        self.post(len(self.actions) - 1, (3 * WHOLE, WHOLE, 11 * WHOLE, 1, WHOLE // 3), 0)
        for identity in set(self.trees) - known:
            place = sorted(self.trees).index(identity)
            self.make(place, 0)
            self.claim(place, 1, KEEPER, 0)
            self.claim(place, 1, KEEPER, 0)
            self.push(place, 0)
            self.retry(place, 3, KEEPER)
            if ended:
                self.advance(4 * 366 * DAY)
                self.sweep(place)

    @rule(stock=st.sampled_from(STOCKS), sender=owners, to=owners, amount=st.sampled_from([1, WHOLE]))
    def transfer(self, stock: str, sender: str, to: str, amount: int) -> None:
        self.give(ins.Transfer(stock, sender, to, raw(amount)))

    # --- officers, and time ---

    @rule(wallet=st.sampled_from(("stranger", "pool")))
    def onboard(self, wallet: str) -> None:
        """Who could hold nothing is put on the register."""
        until = self.model.now() + 9_999 * DAY
        self.give(ins.Onboard(f"inv-{wallet}", wallet, 276, "retail", until))

    @rule(wallet=st.sampled_from((*OWNERS, TREASURY)), blocked=st.booleans())
    def block(self, wallet: str, blocked: bool) -> None:
        self.give((ins.Block if blocked else ins.Unblock)(INVESTORS[wallet], *WHY))

    @rule(wallet=st.sampled_from((*OWNERS, TREASURY)), frozen=st.sampled_from([True, False, False]))
    def freeze(self, wallet: str, frozen: bool) -> None:
        """An account may not hold the stock that is given, whatever it may do with the other."""
        self.give(ins.Freeze(SPUN, wallet, frozen, *WHY))

    @rule(stock=st.sampled_from(STOCKS), paused=st.sampled_from([True, False, False]))
    def pause(self, stock: str, paused: bool) -> None:
        self.give((ins.Pause if paused else ins.Unpause)(stock))

    @rule(old=st.sampled_from(("alice", "bob")), new=st.sampled_from(FRESH))
    def recover(self, old: str, new: str) -> None:
        investor = self.model.investors.investor_of(old) or "inv-bob"
        self.give(ins.RecoverWallet(investor, old, new, *WHY, STOCKS))

    @rule(seconds=st.sampled_from([HOUR, DAY, 3 * DAY]))
    def wait(self, seconds: int) -> None:
        self.advance(seconds)

    # --- what always holds ---

    def delivered(self, one: Distribution, tree: Tree) -> int:
        """What a root gave to accounts, of its claimed leaves less the parked ones."""
        nets = [tree.leaves.leaf(place).net for place in range(len(SHARED))]
        return sum(net for place, net in enumerate(nets) if place in one.claimed and place not in one.parked)

    @invariant()
    def every_unit_is_somebody_s(self) -> None:
        ledger = prepared().ledger
        for stock in STOCKS:
            balances = {one: ledger.balance(stock, one).value for one in EVERYBODY}
            assert sum(balances.values()) == self.supply(stock)
            mine = [one for one in self.book.distributions.values() if one.units == stock and one.status == "FUNDED"]
            assert balances[DISTRIBUTOR] == sum(one.unpaid for one in mine), stock
            for one in EVERYBODY:
                assert self.model.stocks[stock].token.account(one).balance == balances[one], (stock, one)

    @invariant()
    def a_root_gives_its_sum_at_most(self) -> None:
        distributor = prepared().ledger.suite.distributor
        assert distributor is not None
        for identity, one in self.book.distributions.items():
            given, tree = self.delivered(one, self.trees[identity]), self.trees[identity]
            assert given <= tree.root.sum
            if one.status == "FUNDED":
                assert given + one.unpaid == tree.root.sum
            found = read_distribution(self.chain, distributor, identity)
            assert found is not None
            assert (found["unpaid"], found["in_units"], found["net"]) == (one.unpaid, True, tree.root.sum)
            assert read_claimed(self.chain, distributor, identity, range(8)) == one.claimed

    @rule()
    def read(self) -> None:
        """A model that is read from the chain is the model; of the distributions alone it knows which stock to read."""
        subjects = Subjects(
            stocks=frozenset({HELD}) | (frozenset() if self.trees else frozenset({SPUN})),
            accounts=frozenset(EVERYBODY),
            investors=frozenset((*INVESTORS.values(), "inv-stranger", "inv-pool")),
            references=frozenset(reference for _, reference in self.actions),
            distributions=frozenset(self.trees),
        )
        loaded = states.read(prepared().ledger, subjects)
        if SPUN in loaded.stocks:
            states.compare(self.model, loaded, subjects, "revm")
            type(self).counts["read"] += 1


def test_what_roots_give_is_made_once_and_given_once(record_property: Callable[[str, object], None]) -> None:
    counts = tell(Delivering, 13, EXAMPLES, STEPS, record_property)
    done = {name for name in counts if ":" not in name}
    assert done >= {
        *("AnnounceRecord", "PostRoot", "FundUnits", "ClaimDividend", "PushDividend", "PayParked", "SweepDividend"),
        *("RecallDividend", "VoidRoot", "Mint", "Freeze", "Block", "Onboard", "Pause", "read"),
    }
    assert counts["FundUnits: dividend: sum differs"]
    assert any(name.startswith("FundUnits: reserve: ") for name in counts)
