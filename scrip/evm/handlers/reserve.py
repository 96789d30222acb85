"""A stock's backing: the limits of its reserve, what its oracle says, and the split basis that is counted in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eth_utils import keccak

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.evm import mocks
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import CUSTODIAN, Transaction
from scrip.evm.handlers.actions import REINVESTED, Names, name_of
from scrip.evm.handlers.table import TRANSACTIONS, Facts, demand_known, known_or_nothing
from scrip.evm.suite import Listing, Suite
from scrip.labels import oracle_label
from scrip.ledger import Coverage
from scrip.model.laws import arithmetic as law
from scrip.model.state.receivables import MAX_RECEIVABLES, Receivable
from scrip.model.state.reserve import Feed, FeedConfig, Round
from scrip.units import WAD_DECIMALS, Shares, ShareWad, Wad

FEED = "ReserveFeed"
MAX_ROUNDS = 400
"""How many rounds of an oracle are looked back at."""
ROUNDS_AT_ONCE = 50


@TRANSACTIONS.of(ins.ConfigureReserve)
def configure(facts: Facts, order: ins.ConfigureReserve) -> Transaction:
    """Say how a stock's reserve is judged."""
    stock, oracle = known_or_nothing(order.stock, facts), facts.oracle(order.stock)
    args = (stock, oracle, order.max_age, order.margin_bps, order.ceiling.to_wad())
    return Transaction(order.by, "feed", FEED, "configure", args)


@TRANSACTIONS.of(ins.SetCeiling)
def set_ceiling(facts: Facts, order: ins.SetCeiling) -> Transaction:
    """Set the most that this chain may issue of a stock."""
    args = (known_or_nothing(order.stock, facts), order.ceiling.to_wad())
    return Transaction(order.by, "feed", FEED, "setCeiling", args)


@TRANSACTIONS.of(ins.SetBasis)
def set_basis(facts: Facts, order: ins.SetBasis) -> Transaction:
    """Adopt the present split basis, on the timelock's word."""
    return Transaction(order.by, "feed", FEED, "setBasis", (known_or_nothing(order.stock, facts),))


@TRANSACTIONS.of(ins.ConfirmBasis)
def confirm_basis(facts: Facts, order: ins.ConfirmBasis) -> Transaction:
    """Show a split by two rounds of the oracle; they are searched for where the order names none."""
    old, new = order.old_round, order.new_round
    if old is None or new is None:
        chosen = facts.rounds(order.stock)
        old, new = chosen[0] if old is None else old, chosen[1] if new is None else new
    return Transaction(CUSTODIAN, "feed", FEED, "confirmBasis", (known_or_nothing(order.stock, facts), old, new))


@TRANSACTIONS.of(ins.AttestReserve)
def attest(facts: Facts, order: ins.AttestReserve) -> Transaction:
    """Teach a local chain's mock of an oracle what to say."""
    demand_known(order.stock, facts)
    answer, at = order.shares.to_wad(), order.updated_at
    function, args = ("push", (answer,)) if at is None else ("pushAt", (answer, at))
    return Transaction(CUSTODIAN, oracle_label(order.stock), mocks.RESERVE_ORACLE, function, args)


# --- read back -------------------------------------------------------------------------------------------------------


def read_coverage(chain: Chain, feed: Contract, token: Contract) -> Coverage:
    """Read a stock's backing as the feed shows it now."""
    return Coverage(*map(ShareWad, chain.call(feed, "coverage", token.address)))


def read_ceiling(chain: Chain, feed: Contract, token: Contract) -> Shares:
    """Read the most that this chain may issue of a stock; none before its reserve is configured."""
    return Shares.from_wad(ShareWad(chain.call(feed, "configuration", token.address)[4]))


def _first_unconfirmed(chain: Chain, suite: Suite, token: Contract) -> int | None:
    """effectiveAt of the first split that the feed's basis lacks, found by undoing splits; None when there is none."""
    _, num, den, *_ = chain.call(token, "multiplierTerms")
    basis = tuple(chain.call(suite.feed, "basis", token.address))
    if (num, den) == basis:
        return None
    count = chain.call(suite.actions, "splitCount", token.address)
    for place in range(count - 1, -1, -1):
        effective_at, new, old = chain.call(suite.actions, "splitAt", token.address, place)
        if effective_at > chain.now():
            continue
        num, den = law.next_split(num, den, old, new)
        if (num, den) == basis:
            return int(effective_at)
    return None


def choose_rounds(chain: Chain, suite: Suite, token: Contract, oracle: Contract) -> tuple[int, int]:
    """(old, new): the latest round from before the first unconfirmed split whose successor is not, and the latest.

    (0, latest) when there is no such old round: the feed says why that will not do. Rounds are asked for back to the
    first that the oracle does not answer: its numbers have gaps where it was replaced.
    """
    latest = chain.call(oracle, "latestRoundData")[0]
    first = _first_unconfirmed(chain, suite, token)
    if first is None:
        return 0, latest
    after = None
    for number in range(latest, 0, -1):
        try:
            updated = chain.call(oracle, "getRoundData", number)[3]
        except Refusal:
            break
        if after is not None and updated < first <= after:
            return number, latest
        after = updated
    return 0, latest


# --- as the model keeps it -------------------------------------------------------------------------------------------


def read_feed(chain: Chain, suite: Suite, listing: Listing, names: Names) -> Feed:
    """Read how a stock's reserve is judged, what its oracle said, and the dividends that are yet to be bought."""
    token = listing.token
    asked = [Call(suite.feed, view, (token.address,)) for view in ("configuration", "basis")]
    (oracle, decimals, max_age, margin, ceiling), basis = chain.call_many(asked)
    configured = oracle != ZERO_ADDRESS
    feed = Feed(decimals if configured else WAD_DECIMALS)
    feed.basis = tuple(basis)
    if configured:
        feed.config = FeedConfig(max_age, margin, ShareWad(ceiling))
        feed.rounds = read_rounds(chain, Contract(listing.oracle.name, oracle))
    feed.receivables = read_receivables(chain, suite.feed, token, names)
    return feed


def read_rounds(chain: Chain, oracle: Contract) -> list[Round]:
    """Read the oracle's newest rounds, oldest first: to the first, as far as it answers, or MAX_ROUNDS."""
    latest, answer, _, updated_at, _ = chain.call(oracle, "latestRoundData")
    found = [Round(answer, updated_at)] if updated_at else []
    numbers = range(latest - 1, max(latest - MAX_ROUNDS, 0), -1)
    for start in range(0, len(numbers), ROUNDS_AT_ONCE):
        calls = [Call(oracle, "getRoundData", (number,)) for number in numbers[start : start + ROUNDS_AT_ONCE]]
        answers = _as_far_as_it_answers(chain, calls)
        found += [Round(answer, updated_at) for _, answer, _, updated_at, _ in answers]
        if len(answers) < len(calls):
            break
    return found[::-1]


def _as_far_as_it_answers(chain: Chain, calls: Sequence[Call]) -> list[Any]:
    """Answers up to the first refusal: an oracle's numbers have gaps where it was replaced."""
    try:
        return chain.call_many(calls)
    except Refusal:
        answers = []
    for one in calls:
        try:
            answers.append(chain.call(one.contract, one.function, *one.args))
        except Refusal:
            break
    return answers


def read_receivables(chain: Chain, feed: Contract, token: Contract, names: Names) -> list[Receivable]:
    """Receivables, from the feed's storage (contracts/reserve/reserve_receivables.vy): no view shows them singly."""
    count = chain.word(feed, _stored(token.address, "book", "books")) >> 212 & 7
    first = _stored(token.address, "receivables", "open") + 1
    found = []
    for place in range(count):
        word = chain.word(feed, first + place)
        identity = chain.word(feed, first + MAX_RECEIVABLES + place).to_bytes(32)
        until = word >> 223
        entry = Receivable(
            id=name_of(names, identity, REINVESTED),
            delta=Wad(word >> 128 & law.MAX_RECEIVABLE_DELTA),
            supply=ShareWad(word & law.U128_MAX),
            buy=until - (word >> 199 & (2**24 - 1)),
            until=until,
        )
        found.append(entry)
    return found


def _stored(token: str, module: str, variable: str) -> int:
    """Where the feed keeps something of a stock: Vyper hashes the map's slot and the key."""
    slot = artifact(FEED).layout["storage_layout"][module][variable]["slot"]
    return int.from_bytes(keccak(slot.to_bytes(32) + bytes.fromhex(token[2:]).rjust(32, b"\0")))
