"""Cash dividends, model against contracts: transfers, blocks, recoveries, claims, pushes, stops, sweeps in any order.

After every step every coin is with an account, held for a leaf that is not paid, swept or remitted, to the last unit.
At the end of every story an honest desk pays whoever can be paid and sweeps the rest, and nothing is left.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from machine import states
from machine.stories import Story, tell
from machine.test_evm_agrees import START
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
from scrip.model.state.dividends import CASH_CODE
from scrip.units import WAD, RawUnits, Shares, Stablecoin, Wad

EXAMPLES, STEPS = 20, 35
DAY, HOUR, WHOLE = 86_400, 3_600, 10**18
STOCK, TAX, KEEPER = "ACME", "tax", "keeper"
OWNERS = ("alice", "alice2", "bob", "mallory")
FRESH = ("fresh0", "fresh1", "fresh2")
EVERYBODY = (*OWNERS, *FRESH, KEEPER)
INVESTORS = {"alice": "inv-alice", "alice2": "inv-alice", "bob": "inv-bob", "mallory": "inv-mallory"}
WHY = (7, "order")
SHARED = ("alice", "bob", "alice2", "mallory", "stranger", "pool")
"""Whose leaves a tree has, in this order; the pool's is not pushable."""

people = st.sampled_from(EVERYBODY)
owners = st.sampled_from(OWNERS)
places = st.sampled_from([0, 1, 2, 3, 4, 5, 6, 2**20])


class Prepared:
    """A stock, its book and its distributor on revm, made once and wound back before each story."""

    def __init__(self) -> None:
        self.model = ModelLedger(EVM, START)
        self.chain = chain = RevmChain(START)
        # The blocks of roots are older than a chain remembers: one that it knows has tests of its own.
        chain._block += 10_000
        suite = open_distributor(chain, deploy_suite(chain), DividendDesign(TREASURY, TAX), ISSUER)
        self.ledger = EvmLedger(chain, suite)
        self.model.state.dividends = Dividends(TREASURY, TAX)
        names = (*EVERYBODY, *SHARED, TAX, TREASURY, DISTRIBUTOR)
        self.model.state.words = {one: bytes.fromhex(chain.address(one)[2:]).rjust(32, b"\0") for one in names}
        twins = Twins(self.model, {"revm": self.ledger}, ())
        twins.must(ins.CreateStock(STOCK, "Acme", "US0000000001"))
        twins.must(ins.AttestReserve(STOCK, Shares.of(10**6)))
        twins.must(ins.ConfigureReserve(STOCK, 5 * 365 * DAY, 0, Shares.of(10**6)))
        for wallet, investor in INVESTORS.items():
            link = ins.LinkWallet(investor, wallet)
            twins.must(link if wallet == "alice2" else ins.Onboard(investor, wallet, 276, "retail", START + 999 * DAY))
        for account in (*OWNERS, TREASURY):
            twins.must(ins.FundStablecoin(account, Stablecoin(10**12)))
        for account in OWNERS:
            quote = ins.QuoteTerms(f"first {account}", START + HOUR, 0)
            twins.must(ins.Mint(STOCK, account, RawUnits(100 * WHOLE, 18), Stablecoin(1), quote))
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
def tree_of(nets: tuple[int, ...]) -> Tree:
    """The tree of SHARED with these amounts, a ninth of each withheld."""
    words = prepared().model.state.words
    leaves = [
        merkle_sum.Leaf(place, words[one], net + net // 9, net // 9, net, one != "pool")
        for place, (one, net) in enumerate(zip(SHARED, nets, strict=True))
    ]
    return build(Leaves.of(leaves))


def leaf_at(tree: Tree, place: int) -> ins.DividendLeaf:
    """A leaf as an instruction names it."""
    found = tree.leaves.leaf(place % len(SHARED))
    account = SHARED[place % len(SHARED)]
    amounts = map(Stablecoin, (found.gross, found.withheld, found.net))
    return ins.DividendLeaf(account, *amounts, pushable=found.pushable)


class Paying(Story):
    """What anyone may try, in any order."""

    def __init__(self) -> None:
        super().__init__(prepared().start(), prepared().ledger)
        self.chain = prepared().chain
        self.serial = 0
        self.trees: dict[str, Tree] = {}
        self.references: list[str] = []
        self.coins = sum(self.model.market.coins.values())
        self.announce(0, 1)
        self.advance(4 * DAY)
        self.post(0, (700, 200, 85, 1, 33, 50), 0)
        self.fund(0, 0)
        self.announce(0, 1)

    @property
    def book(self) -> Dividends:
        assert self.model.state.dividends is not None
        return self.model.state.dividends

    def known(self, place: int) -> str:
        """One of the distributions, or none."""
        found = sorted(self.trees)
        return found[place % len(found)] if found and place < 9 else "0x" + "07" * 32

    # --- the desk ---

    @rule(late=st.sampled_from([0, 0, 1]), pay=st.sampled_from([-1, 1, 5]))
    def announce(self, late: int, pay: int) -> None:
        self.serial += 1
        now = self.model.now()
        midnight = now - now % DAY + (1 if late else 2) * DAY
        record = midnight + 13 * HOUR
        terms = ins.CashTerms(
            ex=datetime.fromtimestamp(midnight, UTC).date(),
            record_at=record,
            pay=record + pay * DAY,
            expiry=record + (max(pay, 0) + 3 * 365) * DAY,
            gross=Wad(26 * WAD // 100),
            source="0x" + "07" * 32,
        )
        reference = f"d{self.serial}"
        if self.give(ins.AnnounceCash(STOCK, reference, terms)) == DONE:
            self.references.append(reference)

    @rule(place=st.integers(0, 9), shift=st.sampled_from([0, HOUR, -40 * DAY]), fee=st.sampled_from([0, 1, WAD]))
    def amend(self, place: int, shift: int, fee: int) -> None:
        if self.references:
            reference = self.references[place % len(self.references)]
            was = self.model.stocks[STOCK].actions.cash[reference].terms
            terms = ins.CashTerms(**{**was.__dict__, "record_at": was.record_at + shift, "fee": Wad(fee)})
            self.give(ins.AmendCash(STOCK, reference, terms))

    @rule(place=st.integers(0, 9), really=st.sampled_from([True, False, False]))
    def cancel(self, place: int, really: bool) -> None:
        reference = self.references[place % len(self.references)] if self.references and really else "none"
        self.give(ins.CancelCash(STOCK, reference, *WHY))

    @rule(
        place=st.integers(0, 9),
        nets=st.tuples(*[st.sampled_from([0, 1, 7, 10**6 + 1, 10**9])] * len(SHARED)),
        part=st.sampled_from([0, 0, 0, 1]),
    )
    def post(self, place: int, nets: tuple[int, ...], part: int) -> None:
        reference = self.references[place % len(self.references)] if self.references else "none"
        tree = tree_of(nets)
        posted = self.book.parts.get((STOCK, CASH_CODE, reference), 0)
        block, block_hash = self.serial, merkle_sum.keccak(b"long ago")
        self.serial += 1
        if tree.root.sum == 0:
            return
        token = prepared().ledger.token(STOCK).address
        binding = merkle_sum.Binding(
            merkle_sum.word(self.chain.chain_id()),
            bytes.fromhex(token[2:]).rjust(32, b"\0"),
            prepared().ledger.action_id(STOCK, CASH_CODE, reference),
            block,
            block_hash,
        )
        identity = "0x" + merkle_sum.bound(tree.root, binding).hex()
        leaves = [tree.leaves.leaf(one) for one in range(len(SHARED))]
        root = ins.RootTerms(
            hash="0x" + tree.root.hash.hex(),
            net=Stablecoin(tree.root.sum),
            gross=Stablecoin(sum(one.gross for one in leaves)),
            withheld=Stablecoin(sum(one.withheld for one in leaves)),
            depth=tree.root.depth,
            block=block,
            block_hash="0x" + block_hash.hex(),
        )
        if self.give(ins.PostRoot(STOCK, reference, posted + part, root, identity)) == DONE:
            self.trees[identity] = tree

    @rule(place=st.integers(0, 9), off=st.sampled_from([0, 0, 0, 1, -1]))
    def fund(self, place: int, off: int) -> None:
        known = self.known(place)
        amount = self.trees[known].root.sum + off if known in self.trees else 5
        self.give(ins.FundDividend(known, Stablecoin(amount), TREASURY))

    @rule(place=st.integers(0, 9))
    def remit(self, place: int) -> None:
        self.give(ins.RemitWithheld(self.known(place), TREASURY))

    @rule(place=st.integers(0, 9))
    def void(self, place: int) -> None:
        self.give(ins.VoidRoot(self.known(place), *WHY))

    @rule(place=st.integers(0, 9))
    def sweep(self, place: int) -> None:
        self.give(ins.SweepDividend(self.known(place)))

    @rule(place=st.integers(0, 9), what=st.sampled_from([ins.StopDividend, ins.ResumeDividend, ins.ResumeDividend]))
    def stop(self, place: int, what: type[ins.StopDividend] | type[ins.ResumeDividend]) -> None:
        self.give(what(self.known(place)))

    @rule(place=st.integers(0, 9))
    def recall(self, place: int) -> None:
        known = self.known(place)
        self.stop(place, ins.StopDividend)
        self.give(ins.RecallDividend(known, *WHY))

    # --- whoever asks ---

    @rule(late=st.sampled_from([0, 3 * 366 * DAY]), swept=st.booleans())
    def a_dividend_goes_on_to_its_end(self, late: int, swept: bool) -> None:
        """As far as nothing stops it."""
        self.remit(0)
        self.claim(0, 1, 0, "", 0)
        self.advance(late)
        self.push(0, 0, 0)
        if swept:
            self.sweep(0)

    @rule(
        place=st.integers(0, 9),
        index=places,
        more=st.sampled_from([0, 0, 0, 0, 1]),
        by=st.one_of(st.just(""), people),
        cut=st.sampled_from([0, 0, 0, 1]),
    )
    def claim(self, place: int, index: int, more: int, by: str, cut: int) -> None:
        known = self.known(place)
        tree = self.trees.get(known) or tree_of((1, 1, 1, 1, 1, 1))
        leaf = leaf_at(tree, index)
        if more:
            leaf = ins.DividendLeaf(leaf.account, leaf.gross, leaf.withheld, Stablecoin(leaf.net.value + 1))
        proof = ins.proof_nodes(tree.proof(index % len(SHARED)))
        self.give(ins.ClaimDividend(known, index, leaf, proof[cut:], by))

    @rule(place=st.integers(0, 9), first=st.sampled_from([0, 0, 0, 64, 128]), short=st.sampled_from([0, 0, 0, 1]))
    def push(self, place: int, first: int, short: int) -> None:
        known = self.known(place)
        tree = self.trees.get(known) or tree_of((1, 1, 1, 1, 1, 1))
        leaves = tuple(leaf_at(tree, one) for one in range(len(SHARED) - short))
        self.give(ins.PushDividend(known, first, leaves, ins.proof_nodes(tree.proof(0)[7:]), KEEPER))

    @rule(place=st.integers(0, 9), index=places)
    def retry(self, place: int, index: int) -> None:
        self.give(ins.PayParked(self.known(place), index, KEEPER))

    @rule(sender=owners, to=owners, amount=st.sampled_from([1, WHOLE]))
    def transfer(self, sender: str, to: str, amount: int) -> None:
        self.give(ins.Transfer(STOCK, sender, to, RawUnits(amount, 18)))

    # --- officers, and time ---

    @rule(wallet=owners, blocked=st.sampled_from([True, False, False]))
    def block(self, wallet: str, blocked: bool) -> None:
        self.give((ins.Block if blocked else ins.Unblock)(INVESTORS[wallet], *WHY))

    @rule(wallet=st.sampled_from(("stranger", "pool")), blocked=st.booleans())
    def block_stranger(self, wallet: str, blocked: bool) -> None:
        self.give((ins.BlockWallet if blocked else ins.UnblockWallet)(wallet, *WHY))

    @rule(old=st.sampled_from(("alice", "bob", "fresh0")), new=st.sampled_from(FRESH))
    def recover(self, old: str, new: str) -> None:
        investor = self.model.investors.investor_of(old) or "inv-bob"
        self.give(ins.RecoverWallet(investor, old, new, *WHY, (STOCK,)))

    @rule(seconds=st.sampled_from([HOUR, 13 * HOUR, DAY, 3 * DAY, 9 * DAY, 3 * 366 * DAY]))
    def wait(self, seconds: int) -> None:
        self.advance(seconds)

    @rule()
    def mint(self) -> None:
        self.serial += 1
        quote = ins.QuoteTerms(f"q{self.serial}", self.model.now() + HOUR, 0)
        self.give(ins.Mint(STOCK, "mallory", RawUnits(WHOLE, 18), Stablecoin(1), quote))

    # --- what always holds ---

    @invariant()
    def every_coin_has_a_name(self) -> None:
        ledger = prepared().ledger
        for account in (*EVERYBODY, "stranger", "pool", TAX, TREASURY, DISTRIBUTOR):
            assert ledger.stablecoin(account) == self.model.stablecoin(account), account
        assert sum(self.model.market.coins.values()) == self.coins
        held = [one for one in self.book.distributions.values() if one.status == "FUNDED"]
        assert self.model.market.coins_of(DISTRIBUTOR) == sum(one.unpaid for one in held)
        for identity, one in self.book.distributions.items():
            nets = [self.trees[identity].leaves.leaf(place).net for place in range(len(SHARED))]
            unclaimed = sum(net for place, net in enumerate(nets) if place not in one.claimed)
            parked = sum(net for _, net, _ in one.parked.values())
            assert one.status == "ENDED" or one.unpaid == unclaimed + parked

    @invariant()
    def the_distributor_s_books_are_the_models(self) -> None:
        distributor = prepared().ledger.suite.distributor
        assert distributor is not None
        for identity, one in self.book.distributions.items():
            found = read_distribution(self.chain, distributor, identity)
            assert found is not None
            assert (found["unpaid"], found["stopped"], found["remitted"]) == (one.unpaid, one.stopped, one.remitted)
            assert read_claimed(self.chain, distributor, identity, range(8)) == one.claimed

    @rule()
    def read(self) -> None:
        """A model that is read from the chain is the model."""
        subjects = Subjects(
            stocks=frozenset({STOCK}),
            accounts=frozenset((*EVERYBODY, "stranger", "pool", TAX, TREASURY, DISTRIBUTOR)),
            investors=frozenset(INVESTORS.values()),
            references=frozenset(self.references),
            distributions=frozenset(self.trees),
        )
        states.compare(self.model, states.read(prepared().ledger, subjects), subjects, "revm")
        type(self).counts["read"] += 1

    def teardown(self) -> None:
        """Whoever is not blocked for ever is paid; what is left after the expiry is the treasury's."""
        for investor, record in self.model.investors.records.items():
            if record.blocked:
                self.twins.must(ins.Unblock(investor, *WHY))
        self.advance(200 * DAY)
        for identity, one in self.book.distributions.items():
            if one.stopped:
                self.twins.must(ins.ResumeDividend(identity))
            if one.status == "FUNDED":
                tree = self.trees[identity]
                leaves = tuple(leaf_at(tree, place) for place in range(len(SHARED)))
                self.twins.must(ins.PushDividend(identity, 0, leaves, ins.proof_nodes(tree.proof(0)[7:]), KEEPER))
        self.advance(4 * 366 * DAY)
        for identity, one in self.book.distributions.items():
            if one.status == "FUNDED":
                self.twins.must(ins.SweepDividend(identity))
        assert self.model.market.coins_of(DISTRIBUTOR) == 0
        self.every_coin_has_a_name()


def test_model_and_distributor_agree_to_the_last_coin(record_property: Callable[[str, object], None]) -> None:
    counts = tell(Paying, 11, EXAMPLES, STEPS, record_property)
    done = {name for name in counts if ":" not in name}
    assert done >= {
        *("AnnounceCash", "AmendCash", "CancelCash", "PostRoot", "FundDividend", "RemitWithheld", "ClaimDividend"),
        *("PushDividend", "SweepDividend", "StopDividend", "RecallDividend", "Mint", "RecoverWallet", "read"),
    }
