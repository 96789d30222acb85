"""Elections between cash and stock, model against bytecode and both against a clerk's list, in any order.

Choices, changes, signatures that are handed in late or twice, transfers, blocks, recoveries, amended deadlines,
cancelled actions and voided elections. The clerk's list is plain: what each leaf said last, in dicts, and a number of
changes; it knows who may choose from what was done to people, and no code of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from machine.stories import Story, tell
from machine.test_evm_agrees import START
from machine.twins import DONE, Twins
from support.fixed_book import creation, telling, told_book

from scrip import instructions as ins
from scrip.evm.accounts import sign_typed
from scrip.evm.chain import Contract
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.encoding.choices import typed_message
from scrip.evm.handlers.elections import read_elections, read_state, read_totals
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.holders.tree import Leaves, Tree, build
from scrip.instructions.base import ISSUER
from scrip.ledger import EVM
from scrip.model.elections import totals_of
from scrip.model.laws import merkle_sum
from scrip.model.laws.elections import OPTIONS, Option, Split, allotted, election_id, filled
from scrip.model.ledger import ModelLedger
from scrip.model.state.elections import Elections, Offer
from scrip.units import RawUnits

EXAMPLES, STEPS = 20, 50
DAY, HOUR, WHOLE = 86_400, 3_600, 10**18
STOCK, KEEPER, REFERENCE, MEETING = "ACME", "keeper", "div", "agm"
RECORD, DEADLINE = START + 3 * DAY, START + 9 * DAY
UNITS = {"alice": 7 * WHOLE + 3, "bob": 1, "carol": 10**20 + 7, "pool": 2 * WHOLE, "stranger": 0}
"""Whose leaves the register has, in this order; nobody of a register is the stranger's."""
INVESTORS = {"alice": "inv-alice", "bob": "inv-bob", "carol": "inv-carol"}
FRESH = ("fresh0", "fresh1")
EVERYBODY = (*UNITS, *FRESH, KEEPER)
WHY = (7, "order")
MOST = 5 * WHOLE
UNKNOWN = "0x" + "07" * 32


class Prepared:
    """A stock and its elections on revm, made once and wound back before each story."""

    def __init__(self) -> None:
        self.model = ModelLedger(EVM, START)
        self.chain = chain = RevmChain(START)
        # The blocks of roots are older than a chain remembers: one that it knows has tests of its own.
        chain._block += 10_000
        suite = deploy_suite(chain)
        self.ledger = EvmLedger(chain, suite)
        twins = Twins(self.model, {"revm": self.ledger}, ())
        twins.must(ins.CreateStock(STOCK, "Acme", "US0000000001"))
        for wallet, investor in INVESTORS.items():
            twins.must(ins.Onboard(investor, wallet, 276, "retail", START + 4 * DAY))
        self.token, self.roles = self.ledger.token(STOCK).address, suite.roles.address
        code = creation(told_book(self.token, RECORD, self.roles, "DVOP"))
        self.book = Contract("ActionBook", chain._create(chain.address(ISSUER), code, "ActionBook"))
        self.elections = chain.deploy("Elections", self.roles, suite.registry.address, self.book.address, sender=ISSUER)
        self.ledger.suite = replace(suite, book=self.book, elections=self.elections)
        self.model.state.elections = Elections({(STOCK, REFERENCE): Offer("DVOP", RECORD, DEADLINE)})
        self.model.state.words = {
            one: bytes.fromhex(chain.address(one)[2:]).rjust(32, b"\0") for one in (*EVERYBODY, *FRESH)
        }
        leaves = [
            merkle_sum.Leaf(place, self.model.state.words[name], units, 0, units, name != "pool")
            for place, (name, units) in enumerate(UNITS.items())
        ]
        self.tree: Tree = build(Leaves.of(leaves))
        self.action = self.ledger.action_id(STOCK, "DVOP", REFERENCE)
        self.mark = chain.mark()

    def start(self) -> Twins:
        self.chain.back_to(self.mark)
        self.mark = self.chain.mark()
        return Twins(self.model.copy(), {"revm": self.ledger}, watched=("revm",))


@cache
def prepared() -> Prepared:
    """One for all stories."""
    return Prepared()


def place_of(account: str) -> int:
    """An account's place in the tree."""
    return [*UNITS].index(account)


def proof_of(account: str) -> tuple[ins.ProofNode, ...]:
    """An account's proof as an instruction has it."""
    return ins.proof_nodes(prepared().tree.proof(place_of(account)))


def choice_of(cash: int, secu: int) -> ins.UnitChoice:
    """A choice as an instruction has it."""
    return ins.UnitChoice(RawUnits(cash, 18), RawUnits(secu, 18))


@dataclass
class Clerk:
    """What a clerk keeps on paper: what each account said last and how often, by election; people's fate."""

    said: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    times: dict[tuple[str, str], int] = field(default_factory=dict)
    default: dict[str, str] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    heirs: dict[str, str] = field(default_factory=dict)

    def heir(self, account: str) -> str:
        """Who has an account's place now."""
        while account in self.heirs:
            account = self.heirs[account]
        return account

    def may(self, account: str, by: str) -> bool:
        """Whether somebody may choose for an account's units."""
        owner = self.heir(account)
        return by == owner and account not in self.blocked and owner not in self.blocked

    def sums(self, election: str) -> tuple[int, int]:
        """All units by option, the default's filled in."""
        rows = self.said.get(election, {})
        cash, secu = (sum(row[side] for row in rows.values()) for side in (0, 1))
        rest = sum(UNITS.values()) - cash - secu
        return (cash + rest, secu) if self.default[election] == "CASH" else (cash, secu + rest)


class Choosing(Story):
    """What anyone may try, in any order."""

    def __init__(self) -> None:
        super().__init__(prepared().start(), prepared().ledger)
        self.chain, self.clerk, self.serial = prepared().chain, Clerk(), 0
        self.held: list[str] = []
        self.signed: list[ins.ElectSigned] = []
        self.deadline, self.cancelled = DEADLINE, False
        self.tell_book()
        self.advance(RECORD - START)
        self.open(0, "CASH")

    def tell_book(self) -> None:
        """The book as it stands, on both."""
        status = 3 if self.cancelled else 1
        sender = self.chain.address(ISSUER)
        self.chain._execute(sender, prepared().book.address, telling(status, self.deadline))
        assert self.model.state.elections is not None
        offer = Offer("DVOP", RECORD, self.deadline, "CANCELLED" if self.cancelled else "ANNOUNCED")
        self.model.state.elections.offers[STOCK, REFERENCE] = offer

    def election(self, place: int) -> str:
        """One of the elections, the newest at 0, or none."""
        return self.held[-1 - place % len(self.held)] if self.held and place < 9 else UNKNOWN

    # --- the desk ---

    @rule(part=st.sampled_from([0, 0, 0, 1]), default=st.sampled_from([*OPTIONS]))
    def open(self, part: int, default: Option) -> None:
        assert self.model.state.elections is not None
        part += len(self.model.state.elections.parts.get((STOCK, REFERENCE), []))
        root, block_hash = prepared().tree.root, merkle_sum.keccak(b"long ago")
        token = bytes.fromhex(prepared().token[2:]).rjust(32, b"\0")
        chain = merkle_sum.word(self.chain.chain_id())
        bound = merkle_sum.bound(root, merkle_sum.Binding(chain, token, prepared().action, 1, block_hash))
        election = "0x" + election_id(bound, part, default).hex()
        top = ins.VoteRoot("0x" + root.hash.hex(), RawUnits(root.sum, 18), root.depth, 1, "0x" + block_hash.hex())
        order = ins.OpenElection(STOCK, REFERENCE, part, top, default, "0x" + bound.hex(), election)
        if self.give(order) == DONE:
            self.held.append(election)
            self.clerk.default[election] = default

    @rule(place=st.integers(0, 9), really=st.sampled_from([True, False, False, False, False]))
    def void(self, place: int, really: bool) -> None:
        if really:
            self.give(ins.VoidElection(self.election(place), *WHY))

    @rule(place=st.sampled_from([0, 0, 0, 9]))
    def follow(self, place: int) -> None:
        self.give(ins.FollowElection(self.election(place), KEEPER))

    @rule(hours=st.sampled_from([-30, -1, 1, 24]))
    def amend(self, hours: int) -> None:
        """The book's deadline is another, as long as it has not passed."""
        if self.model.now() <= self.deadline and not self.cancelled:
            self.deadline = max(self.deadline + hours * HOUR, self.model.now())
            self.tell_book()

    @rule(really=st.sampled_from([True, False, False, False, False, False, False, False]))
    def cancel(self, really: bool) -> None:
        if really:
            self.cancelled = True
            self.tell_book()

    # --- holders ---

    @rule(
        place=st.sampled_from([0, 0, 0, 1, 9]),
        account=st.sampled_from([*UNITS]),
        parts=st.tuples(*[st.sampled_from([0, 0, 3, 8, 5])] * 2),
        more=st.sampled_from([0, 0, 0, 1]),
        by=st.sampled_from(["", "", "", "heir", "keeper", "bob"]),
    )
    def elect(self, place: int, account: str, parts: tuple[int, int], more: int, by: str) -> None:
        sender = self.clerk.heir(account) if by == "heir" else by or account
        row = (UNITS[account] * parts[0] // 8 + more, UNITS[account] * parts[1] // 8)
        units = RawUnits(UNITS[account], 18)
        order = ins.Elect(
            self.election(place),
            place_of(account),
            account,
            units,
            choice_of(*row),
            proof_of(account),
            account != "pool",
            sender,
        )
        self._said(order, account, sender, row)

    @rule(
        place=st.sampled_from([0, 0, 1]),
        account=st.sampled_from([*UNITS]),
        part=st.integers(0, 8),
        ahead=st.sampled_from([0, 0, 0, 1]),
        signer=st.sampled_from(["", "", "heir", "bob"]),
    )
    def sign(self, place: int, account: str, part: int, ahead: int, signer: str) -> None:
        """Signed and kept: nobody hands it in yet."""
        by = self.clerk.heir(account) if signer == "heir" else signer or account
        election, secu = self.election(place), UNITS[account] * part // 8
        nonce = self.clerk.times.get((election, account), 0) + ahead
        cash = UNITS[account] - secu
        at, index, signed_by = self.chain.address(account), place_of(account), self.chain.address(by)
        contract = prepared().elections.address
        typed = typed_message(self.chain.chain_id(), contract, election, index, at, cash, secu, signed_by, nonce)
        self.signed.append(
            ins.ElectSigned(
                election,
                index,
                account,
                RawUnits(UNITS[account], 18),
                choice_of(cash, secu),
                proof_of(account),
                by,
                nonce,
                "0x" + sign_typed(by, typed).hex(),
                KEEPER,
                account != "pool",
            )
        )

    @rule(back=st.integers(0, 3))
    def relay(self, back: int) -> None:
        """Handed in, late or twice."""
        if self.signed:
            order = self.signed[-1 - back % len(self.signed)]
            row = (order.choice.cash.value, order.choice.secu.value)
            self._said(order, order.account, order.signer, row, order.nonce)

    @rule(account=st.sampled_from(["alice", "carol"]), cut=st.booleans(), more=st.sampled_from([0, 1]))
    def forge(self, account: str, cut: bool, more: int) -> None:
        units = RawUnits(UNITS[account] + more, 18)
        if cut or more:
            order = ins.Elect(
                self.election(0), place_of(account), account, units, choice_of(0, 1), proof_of(account)[cut:]
            )
            assert self.give(order) != DONE

    def _said(
        self, order: ins.Elect | ins.ElectSigned, account: str, by: str, row: tuple[int, int], nonce: int | None = None
    ) -> None:
        self.serial += 1
        if self.give(order) != DONE:
            return
        key = (order.election, account)
        assert self.clerk.may(account, by)
        assert sum(row) <= UNITS[account]
        assert nonce is None or nonce == self.clerk.times.get(key, 0)
        self.clerk.said.setdefault(order.election, {})[account] = row
        self.clerk.times[key] = self.clerk.times.get(key, 0) + 1

    # --- officers, and time ---

    @rule(wallet=st.sampled_from([*INVESTORS]), blocked=st.booleans())
    def block(self, wallet: str, blocked: bool) -> None:
        if self.give((ins.Block if blocked else ins.Unblock)(INVESTORS[wallet], *WHY)) == DONE:
            # The wallets of an investor: its own, and whoever was put in its place.
            mine = {self.clerk.heir(wallet)}
            self.clerk.blocked = self.clerk.blocked | mine if blocked else self.clerk.blocked - mine

    @rule(old=st.sampled_from(("alice", "bob", "fresh0")), new=st.sampled_from(FRESH))
    def recover(self, old: str, new: str) -> None:
        investor = self.model.investors.investor_of(old) or "inv-bob"
        if self.give(ins.RecoverWallet(investor, old, new, *WHY, (STOCK,))) == DONE:
            self.clerk.heirs[old] = new
            if old in self.clerk.blocked:
                self.clerk.blocked = (self.clerk.blocked - {old}) | {new}

    @rule(seconds=st.sampled_from([HOUR, 13 * HOUR]))
    def wait(self, seconds: int) -> None:
        self.advance(seconds)

    @rule()
    def change_of_mind(self) -> None:
        """Signed, chosen otherwise, handed in: the signature is worth nothing."""
        self.sign(0, "carol", 8, 0, "heir")
        before = self.clerk.times.get((self.election(0), "carol"), 0)
        self.elect(0, "carol", (3, 3), 0, "heir")
        if self.clerk.times.get((self.election(0), "carol"), 0) != before:
            assert self.give(self.signed[-1]) == "elections: bad signature"

    def teardown(self) -> None:
        """The last choice in the last second, and one after it: as far as nothing stops them."""
        if not self.held:
            return
        self.elect(0, "pool", (3, 5), 0, "")
        if self.model.now() < self.deadline:
            self.advance(self.deadline - self.model.now())
        self.elect(0, "carol", (0, 8), 0, "heir")
        self.advance(1)
        self.elect(0, "carol", (8, 0), 0, "heir")
        self.all_three_count_the_same()

    # --- what always holds ---

    @invariant()
    def all_three_count_the_same(self) -> None:
        """Every unit is under one option, once; what an election says is the last that each leaf said."""
        elections = self.model.state.elections
        assert elections is not None
        for election in self.held:
            shown = read_totals(self.chain, prepared().elections, election)
            assert (shown.cash, shown.secu) == self.clerk.sums(election)
            assert shown == totals_of(elections.held[election])
            assert shown.total == prepared().tree.root.sum

    @invariant()
    def a_cancelled_action_s_election_is_void(self) -> None:
        """Whether or not anybody has said so to the contract."""
        if self.held:
            state = read_state(self.chain, prepared().elections, self.held[-1])
            elections = self.model.state.elections
            assert elections is not None
            kept = elections.held[self.held[-1]]
            if self.cancelled or kept.status == "VOIDED":
                assert state == "void"
            else:
                late = max(kept.deadline, self.deadline) < self.model.now()
                assert state == ("over" if late else "open")

    @rule()
    def read(self) -> None:
        """What is read from the chain is the model; what is delivered comes to every unit, and stock to no more than
        most."""
        leaves = {(election, place) for election in self.held for place in range(len(UNITS))}
        pairs = {prepared().action: (STOCK, REFERENCE)}
        args = (prepared().book, prepared().elections, self.held, leaves, pairs)
        found, kept = read_elections(self.chain, *args), self.model.state.elections
        assert kept is not None
        assert (found.offers, found.parts) == (kept.offers, kept.parts)
        for election, one in kept.held.items():
            other = found.held[election]
            for name in ("root", "deadline", "default", "status", "record_at"):
                assert getattr(one, name) == getattr(other, name), name
            said = [other.said[place] for place in range(len(UNITS))]
            assert said == [one.said.get(place, Split()) for place in range(len(UNITS))]
            assert other.changes == {place: one.changes.get(place, 0) for place in range(len(UNITS))}
            chosen = [filled(row, units, one.default) for row, units in zip(said, UNITS.values(), strict=True)]
            given = allotted(chosen, MOST)
            assert sum(row.total for row in given) == sum(UNITS.values())
            assert sum(row.secu for row in given) <= max(MOST, 0)
        type(self).counts["read"] += 1


def test_model_elections_and_clerk_agree(record_property: Callable[[str, object], None]) -> None:
    counts = tell(Choosing, 11, EXAMPLES, STEPS, record_property)
    done = {name for name in counts if ":" not in name}
    assert done >= {"OpenElection", "VoidElection", "FollowElection", "Elect", "ElectSigned", "RecoverWallet", "Block"}
    assert "read" in done
    refused = {name.partition(": ")[2] for name in counts if ": " in name}
    assert refused >= {
        *("elections: over", "elections: over units", "elections: not the account", "elections: held"),
        *("elections: opened", "elections: voided", "elections: bad proof", "elections: bad signature"),
        *("elections: nothing new", "elections: unknown", "elections: another part", "book: not announced"),
    }
