"""Votes at meetings, model against contracts and both against a count of its own, in any order.

Votes, re-votes, parts, proofs, blocks, recoveries, voided votes and reports. The count is plain: what each account said
last, in dicts, converted once as a fraction; it knows who may vote from what was done to people, and no code of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from machine.stories import Story, tell
from machine.test_evm_agrees import START
from machine.twins import DONE, Twins
from support.fixed_book import creation, fixed_book

from scrip import instructions as ins
from scrip.evm.chain import Contract
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.encoding.ballots import SignedBallot, typed_message
from scrip.evm.encoding.values import document_hash
from scrip.evm.handlers.voting import hex_of, read_sums, read_voting
from scrip.evm.handlers.voting import number as proposal_of
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.holders.tree import Leaves, Tree, build
from scrip.instructions.base import ISSUER
from scrip.ledger import EVM
from scrip.model.laws import merkle_sum
from scrip.model.laws.voting import vote_id
from scrip.model.ledger import ModelLedger
from scrip.model.state.voting import MEETING_CODE, Meeting, Voting
from scrip.units import RawUnits, Shares, ShareWad, Wad
from scrip.voting.papers import proof_bytes

EXAMPLES, STEPS = 20, 50
DAY, HOUR, WHOLE = 86_400, 3_600, 10**18
STOCK, KEEPER = "ACME", "keeper"
RECORD, DEADLINE = START + 3 * DAY, START + 9 * DAY
MULTIPLIER = Wad(3 * WHOLE // 2 + 1)
UNITS = {"alice": 7 * WHOLE + 3, "bob": 1, "carol": 10**20 + 7, "pool": 2 * WHOLE, "stranger": 0}
"""Whose leaves the register has, in this order; nobody of a register is the stranger's."""
INVESTORS = {"alice": "inv-alice", "bob": "inv-bob", "carol": "inv-carol"}
FRESH = ("fresh0", "fresh1")
EVERYBODY = (*UNITS, *FRESH, KEEPER)
MEETINGS = ("agm", "egm")
RESOLUTIONS = 2
WHY = (7, "order")
KINDS = ("against", "for", "abstain")


class Prepared:
    """A stock and its ballot on revm, made once and wound back before each story."""

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
        token = self.ledger.token(STOCK).address
        code = creation(fixed_book(token, RECORD, DEADLINE, suite.roles.address))
        self.book = Contract("ActionBook", chain._create(chain.address(ISSUER), code, "ActionBook"))
        counterparts = (suite.roles.address, suite.registry.address, self.book.address)
        self.ballot = chain.deploy("Ballot", *counterparts, sender=ISSUER)
        self.ledger.suite = replace(suite, ballot=self.ballot)
        meetings = {(STOCK, name): Meeting(RECORD, DEADLINE) for name in MEETINGS}
        self.model.state.voting = Voting(meetings)
        self.model.state.words = {
            one: bytes.fromhex(chain.address(one)[2:]).rjust(32, b"\0") for one in (*EVERYBODY, *FRESH)
        }
        leaves = [
            merkle_sum.Leaf(place, self.model.state.words[name], units, 0, units, name != "pool")
            for place, (name, units) in enumerate(UNITS.items())
        ]
        self.tree: Tree = build(Leaves.of(leaves))
        self.mark = chain.mark()

    def start(self) -> Twins:
        self.chain.back_to(self.mark)
        self.mark = self.chain.mark()
        return Twins(self.model.copy(), {"revm": self.ledger}, watched=("revm",))


@cache
def prepared() -> Prepared:
    """One for all stories."""
    return Prepared()


def leaf_of(account: str) -> ins.VoteLeaf:
    """A leaf as an instruction names it."""
    return ins.VoteLeaf(account, [*UNITS].index(account), RawUnits(UNITS[account], 18), account != "pool")


def proof_of(account: str) -> tuple[ins.ProofNode, ...]:
    """Its proof as an instruction has it."""
    found = prepared().tree.proof([*UNITS].index(account))
    return ins.proof_nodes(found)


@dataclass
class Count:
    """What a scrutineer keeps on paper: what each account said last, by vote and resolution; people's fate."""

    said: dict[tuple[str, int], dict[str, tuple[int, int, int]]] = field(default_factory=dict)
    times: dict[tuple[str, int, str], int] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    heirs: dict[str, str] = field(default_factory=dict)

    def heir(self, account: str) -> str:
        """Who has an account's place now."""
        while account in self.heirs:
            account = self.heirs[account]
        return account

    def may(self, account: str, voter: str) -> bool:
        """Whether somebody may vote with an account's units."""
        owner = self.heir(account)
        return voter == owner and account.removesuffix("") not in self.blocked and owner not in self.blocked

    def sums(self, vote: str, resolution: int) -> tuple[int, int, int]:
        """All votes of a resolution."""
        rows = self.said.get((vote, resolution), {}).values()
        return tuple(sum(row[side] for row in rows) for side in range(3))  # type: ignore[return-value]

    def shares(self, vote: str, resolution: int) -> list[int]:
        """The same in shares of 10^-18, as fractions floored once."""
        rate = Fraction(MULTIPLIER, WHOLE)
        return [int(side * rate) for side in self.sums(vote, resolution)]


class Meetings(Story):
    """What anyone may try, in any order."""

    def __init__(self) -> None:
        super().__init__(prepared().start(), prepared().ledger)
        self.chain, self.count, self.votes, self.serial = prepared().chain, Count(), [], 0
        self.drawer: list[ins.CastSigned] = []
        self.votes: list[str]
        self.advance(RECORD - START)
        self.open("agm", 0, RESOLUTIONS, DEADLINE)

    def vote(self, place: int) -> str:
        """One of the votes, or none."""
        return self.votes[place % len(self.votes)] if self.votes and place < 9 else "0x" + "07" * 31 + "00"

    # --- the desk ---

    @rule(
        meeting=st.sampled_from(MEETINGS),
        part=st.sampled_from([0, 0, 0, 1]),
        resolutions=st.sampled_from([RESOLUTIONS, 64, 0, 65]),
        deadline=st.sampled_from([DEADLINE, DEADLINE, RECORD + 5 * DAY, DEADLINE + 1]),
    )
    def open(self, meeting: str, part: int, resolutions: int, deadline: int) -> None:
        assert self.model.state.voting is not None
        part += len(self.model.state.voting.parts.get((STOCK, meeting), []))
        root, identity = prepared().tree.root, prepared().ledger.action_id(STOCK, MEETING_CODE, meeting)
        token, block_hash = prepared().ledger.token(STOCK).address, merkle_sum.keccak(b"long ago")
        binding = merkle_sum.Binding(
            merkle_sum.word(self.chain.chain_id()), bytes.fromhex(token[2:]).rjust(32, b"\0"), identity, 1, block_hash
        )
        bound = merkle_sum.bound(root, binding)
        vote = hex_of(vote_id(bound, part, MULTIPLIER, deadline, resolutions, document_hash("agenda")))
        top = ins.VoteRoot("0x" + root.hash.hex(), RawUnits(root.sum, 18), root.depth, 1, "0x" + block_hash.hex())
        terms = ins.VoteTerms(MULTIPLIER, deadline, resolutions, "agenda")
        order = ins.OpenVote(STOCK, meeting, part, top, terms, "0x" + bound.hex(), vote)
        if self.give(order) == DONE:
            self.votes.append(vote)

    @rule(place=st.integers(0, 9), really=st.sampled_from([True, False, False, False, False]))
    def void(self, place: int, really: bool) -> None:
        if really and self.give(ins.VoidVote(self.vote(place), *WHY)) == DONE:
            self.count.over.add(self.vote(place))

    @rule(place=st.integers(0, 9), more=st.sampled_from([0, 0, 0, 1]), less=st.sampled_from([0, 0, 1, WHOLE]))
    def report(self, place: int, more: int, less: int) -> None:
        vote = self.vote(place)
        poll = self.model.state.voting.polls.get(vote) if self.model.state.voting else None
        casts = []
        for number in range(poll.resolutions if poll else 1):
            due = self.count.shares(vote, number)
            casts.append(ins.Choices(*(Shares.from_wad(ShareWad(max(0, one - less) + more)) for one in due)))
        if self.give(ins.ReportVotes(vote, tuple(casts), "report")) == DONE:
            assert not more
            assert self.model.now() > DEADLINE - 4 * DAY

    @rule(place=st.integers(0, 9), resolution=st.integers(0, 2), account=st.sampled_from([*UNITS]))
    def confirm(self, place: int, resolution: int, account: str) -> None:
        said = self.count.said.get((self.vote(place), resolution), {}).get(account, (0, 0, 0))
        if self.give(ins.ConfirmVote(self.vote(place), resolution, account, KEEPER)) == DONE:
            assert sum(said)

    @rule(uri=st.sampled_from(["ipfs://notice", ""]))
    def publish(self, uri: str) -> None:
        self.give(ins.PublishDocument(STOCK, MEETING_CODE, "agm", "notice", uri))

    # --- holders ---

    @rule(
        place=st.sampled_from([0, 0, 0, 1, 9]),
        account=st.sampled_from([*UNITS]),
        kind=st.sampled_from(KINDS),
        resolution=st.sampled_from([0, 0, 1, 2]),
        by=st.sampled_from(["", "", "", "heir", "keeper", "bob"]),
        reason=st.sampled_from(["", "as the board says"]),
    )
    def cast(self, place: int, account: str, kind: ins.Support, resolution: int, by: str, reason: str) -> None:
        voter = self.count.heir(account) if by == "heir" else by or account
        order = ins.CastVote(self.vote(place), resolution, kind, leaf_of(account), proof_of(account), reason, voter)
        self._said(order, account, voter, tuple(UNITS[account] * (one == kind) for one in KINDS))

    @rule(
        place=st.sampled_from([0, 0, 1]),
        account=st.sampled_from([*UNITS]),
        parts=st.tuples(*[st.sampled_from([0, 1, 3, 4])] * 3),
        more=st.sampled_from([0, 1]),
    )
    def split(self, place: int, account: str, parts: tuple[int, int, int], more: int) -> None:
        units = tuple(UNITS[account] * part // 8 + more for part in parts)
        choice = ins.VoteSplit(*(RawUnits(one, 18) for one in units))
        order = ins.CastVote(self.vote(place), 0, choice, leaf_of(account), proof_of(account))
        self._said(order, account, account, units)

    @rule(place=st.sampled_from([0, 0, 1]), account=st.sampled_from([*UNITS]), kind=st.sampled_from(KINDS))
    def prove(self, place: int, account: str, kind: ins.Support) -> None:
        vote = self.vote(place)
        self.give(ins.ProveWeight(vote, leaf_of(account), proof_of(account), KEEPER))
        order = ins.CastVote(vote, 1, kind, by=account)
        self._said(order, account, account, tuple(UNITS[account] * (one == kind) for one in KINDS))

    @rule(account=st.sampled_from(["alice", "carol"]), cut=st.booleans(), more=st.sampled_from([0, 1]))
    def forge(self, account: str, cut: bool, more: int) -> None:
        leaf = leaf_of(account)
        leaf = replace(leaf, units=RawUnits(leaf.units.value + more, 18))
        order = ins.CastVote(self.vote(0), 0, "for", leaf, proof_of(account)[cut:])
        if cut or more:
            assert self.give(order) != DONE

    @rule(
        place=st.sampled_from([0, 0, 1]),
        account=st.sampled_from(["alice", "bob", "carol"]),
        kind=st.sampled_from(KINDS),
        ahead=st.sampled_from([0, 0, 0, 1]),
    )
    def sign(self, place: int, account: str, kind: ins.Support, ahead: int) -> None:
        """A vote that is signed and put into a drawer."""
        voter, vote, resolution = self.count.heir(account), self.vote(place), self.serial % RESOLUTIONS
        done = self.count.times.get((vote, resolution, account), 0) + ahead
        leaf, proof = leaf_of(account), proof_of(account)
        params = proof_bytes(prepared().tree.leaves.leaf(leaf.index), prepared().tree.proof(leaf.index))
        ballot = SignedBallot(
            proposal_of(vote, resolution), KINDS.index(kind), self.chain.address(voter), done, "", params
        )
        typed = typed_message(ballot, self.chain.chain_id(), prepared().ballot.address)
        signature = "0x" + self.chain.sign(voter, typed).hex()
        self.drawer.append(ins.CastSigned(vote, resolution, kind, leaf, proof, voter, done, signature, KEEPER))
        self.serial += 1

    @rule(place=st.integers(0, 3), keep=st.booleans())
    def relay(self, place: int, keep: bool) -> None:
        """One out of the drawer is handed in, perhaps again: only where its account has not voted since."""
        if not self.drawer:
            return
        order = self.drawer[place % len(self.drawer)]
        account, done = order.leaf.account, self.count.times.get((order.vote, order.resolution, order.leaf.account), 0)
        row = tuple(UNITS[account] * (one == order.choice) for one in KINDS)
        if self._said(order, account, order.voter, row):
            assert order.number == done
        if not keep:
            self.drawer.pop(place % len(self.drawer))

    def _said(self, order: ins.CastVote | ins.CastSigned, account: str, voter: str, row: tuple[int, ...]) -> bool:
        self.serial += 1
        if self.give(order) != DONE:
            return False
        assert self.count.may(account, voter)
        assert sum(row) <= UNITS[account]
        assert order.vote not in self.count.over
        self.count.said.setdefault((order.vote, order.resolution), {})[account] = row  # type: ignore[assignment]
        place = (order.vote, order.resolution, account)
        self.count.times[place] = self.count.times.get(place, 0) + 1
        return True

    # --- officers, and time ---

    @rule(wallet=st.sampled_from([*INVESTORS]), blocked=st.booleans())
    def block(self, wallet: str, blocked: bool) -> None:
        if self.give((ins.Block if blocked else ins.Unblock)(INVESTORS[wallet], *WHY)) == DONE:
            # The wallets of an investor: its own, and whoever was put in its place.
            mine = {self.count.heir(wallet)}
            self.count.blocked = self.count.blocked | mine if blocked else self.count.blocked - mine

    @rule(old=st.sampled_from(("alice", "bob", "fresh0")), new=st.sampled_from(FRESH))
    def recover(self, old: str, new: str) -> None:
        investor = self.model.investors.investor_of(old) or "inv-bob"
        if self.give(ins.RecoverWallet(investor, old, new, *WHY, (STOCK,))) == DONE:
            self.count.heirs[old] = new
            if old in self.count.blocked:
                self.count.blocked = (self.count.blocked - {old}) | {new}

    @rule(seconds=st.sampled_from([HOUR, 13 * HOUR]))
    def wait(self, seconds: int) -> None:
        self.advance(seconds)

    @rule(kinds=st.tuples(st.sampled_from(KINDS), st.sampled_from(KINDS)))
    def two_vote(self, kinds: tuple[ins.Support, ins.Support]) -> None:
        self.cast(0, "alice", kinds[0], 0, "heir", "")
        self.cast(0, "pool", kinds[1], 0, "", "")

    def teardown(self) -> None:
        """The last vote in the last second, the report after it: as far as nothing stops them."""
        if not self.votes:
            return
        late, less = self.serial % 3 == 2, (0, 1, WHOLE)[self.serial % 3]
        if self.model.now() < DEADLINE:
            self.advance(DEADLINE - self.model.now() + late)
        self.serial -= self.serial % RESOLUTIONS
        self.split(0, "alice", (4, 4, 1), 0)
        for kind in ("abstain", "against"):
            self.serial -= self.serial % RESOLUTIONS
            self.drawer = []
            self.sign(0, "carol", kind, 0)
            self.relay(0, True)
        self.serial -= self.serial % RESOLUTIONS
        self.drawer = []
        self.sign(0, "carol", "against", 0)
        self.cast(0, "carol", "for", 0, "", "")
        self.relay(0, True)
        self.advance(1)
        self.report(0, 1, 0)
        self.report(0, 0, less)
        for account in ("alice", "carol", "pool"):
            self.confirm(0, 0, account)
        self.all_three_count_the_same()

    # --- what always holds ---

    @invariant()
    def all_three_count_the_same(self) -> None:
        voting = self.model.state.voting
        assert voting is not None
        for vote in self.votes:
            poll = voting.polls[vote]
            shown = read_sums(self.chain, prepared().ballot, vote, RESOLUTIONS, "proposalVotes")
            over = vote in self.count.over
            due = [] if over else read_sums(self.chain, prepared().ballot, vote, RESOLUTIONS, "tally")
            for place in range(min(RESOLUTIONS, poll.resolutions)):
                sums = self.count.sums(vote, place)
                assert sum(sums) <= prepared().tree.root.sum
                assert shown[place].choices == sums
                assert over or [*due[place].choices] == self.count.shares(vote, place)

    @rule()
    def read(self) -> None:
        """What is read from the chain is the model."""
        references = {prepared().ledger.action_id(STOCK, MEETING_CODE, name): (STOCK, name) for name in MEETINGS}
        accounts = {name: self.chain.address(name) for name in EVERYBODY}
        args = (prepared().book, prepared().ballot, self.votes, references, accounts)
        found, kept = read_voting(self.chain, *args), self.model.state.voting
        assert kept is not None
        assert (found.meetings, found.parts) == (kept.meetings, kept.parts)
        for vote, poll in kept.polls.items():
            one = found.polls[vote]
            assert {place: row for place, row in poll.votes.items() if row.total} == one.votes
            for name in ("root", "deadline", "resolutions", "multiplier", "status", "proven", "times", "reports"):
                assert getattr(one, name) == getattr(poll, name), name
            for place, row in poll.cast.items():
                assert one.cast[place] == row
        type(self).counts["read"] += 1


def test_model_ballot_and_scrutineer_agree(record_property: Callable[[str, object], None]) -> None:
    counts = tell(Meetings, 11, EXAMPLES, STEPS, record_property)
    done = {name for name in counts if ":" not in name}
    assert done >= {"OpenVote", "VoidVote", "CastVote", "ProveWeight", "ReportVotes", "ConfirmVote", "PublishDocument"}
    assert done >= {"RecoverWallet", "Block", "read"}
    assert "CastSigned" in done
    refused = {name.partition(": ")[2] for name in counts if ": " in name}
    assert refused >= {
        *("voting: over", "voting: over weight", "voting: not the account", "voting: held", "voting: no weight"),
        *(
            "voting: bad signature",
            "voting: opened",
            "voting: voided",
            "voting: bad proof",
            "voting: mirrored",
            "voting: not counted",
        ),
    }
