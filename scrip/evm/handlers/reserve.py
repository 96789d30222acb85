"""A stock's backing: the limits of its reserve, what its oracle says, and the split basis that is counted in."""

from __future__ import annotations

from eth_utils import keccak

from scrip import instructions as ins
from scrip.evm import mocks
from scrip.evm.chain import Call, Chain, Contract
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.encoding import papers
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import CUSTODIAN, Transaction
from scrip.evm.handlers.actions import REINVESTED, Names, name_of
from scrip.evm.handlers.table import TRANSACTIONS, Facts, demand_known, known_or_nothing
from scrip.evm.suite import Listing, Suite
from scrip.labels import oracle_label
from scrip.ledger import Coverage, Surplus
from scrip.model.laws import arithmetic as law
from scrip.model.state.receivables import MAX_RECEIVABLES, Receivable
from scrip.model.state.reserve import Answer, Ceilings, Feed, FeedConfig, Step
from scrip.parameters import PAPER_LIFE
from scrip.plan import Address
from scrip.units import WAD_DECIMALS, ShareWad, Wad

FEED = "ReserveFeed"
ATTESTOR = ins.ISSUER
"""Who signs papers on a local chain, where one account holds every role."""


@TRANSACTIONS.of(ins.ConfigureReserve)
def configure(facts: Facts, order: ins.ConfigureReserve) -> Transaction:
    """How a stock's reserve is judged, and both ceilings in a basis that is named."""
    stock, oracle = known_or_nothing(order.stock, facts), facts.oracle(order.stock)
    basis = order.basis or facts.backing(order.stock).present(facts.now())
    source = ZERO_ADDRESS if order.source == "attested" else oracle
    judged = (order.max_age, order.margin_bps, order.ceiling.to_wad(), order.others.to_wad())
    return Transaction(order.by, "feed", FEED, "configure", (stock, source, *judged, *basis))


@TRANSACTIONS.of(ins.SetCeiling)
def set_ceiling(facts: Facts, order: ins.SetCeiling) -> Transaction:
    """The most that this chain may issue, and all others together, in a basis that is named."""
    feed = facts.backing(order.stock)
    basis = order.basis or feed.present(facts.now())
    others = feed.standing(basis).others if order.others is None else order.others.to_wad()
    args = (known_or_nothing(order.stock, facts), order.ceiling.to_wad(), others, *basis)
    return Transaction(order.by, "feed", FEED, "setCeiling", args)


@TRANSACTIONS.of(ins.SetBasis)
def set_basis(facts: Facts, order: ins.SetBasis) -> Transaction:
    """A split basis, on the timelock's word: the one that the order names, or the stock's own now."""
    basis = order.basis or facts.backing(order.stock).present(facts.now())
    return Transaction(order.by, "feed", FEED, "setBasis", (known_or_nothing(order.stock, facts), *basis))


@TRANSACTIONS.of(ins.ConfirmBasis)
def confirm_basis(facts: Facts, order: ins.ConfirmBasis) -> Transaction:
    """A split that the latest answer shows."""
    return Transaction(CUSTODIAN, "feed", FEED, "confirmBasis", (known_or_nothing(order.stock, facts),))


@TRANSACTIONS.of(ins.AttestReserve)
def attest(facts: Facts, order: ins.AttestReserve) -> Transaction:
    """What a local chain's mock of an oracle is to say, or a paper that ATTESTOR signs, where the stock has that."""
    demand_known(order.stock, facts)
    config = facts.backing(order.stock).config
    if config is not None and config.source == "attested":
        paper, signature = facts.paper(order)
        return Transaction(CUSTODIAN, "feed", FEED, "attest", (Address(order.stock), paper.values(), signature))
    answer, at = order.shares.to_wad(), order.updated_at
    function, args = ("push", (answer,)) if at is None else ("pushAt", (answer, at))
    return Transaction(CUSTODIAN, oracle_label(order.stock), mocks.RESERVE_ORACLE, function, args)


def paper_of(order: ins.AttestReserve, feed: Feed, token: str, attestor: str, now: int) -> papers.Paper:
    """What an attestor is to sign; what the order does not name is as it stands at the feed."""
    basis = order.basis or feed.present(now)
    ceilings = feed.standing(basis)
    return papers.Paper(
        token=token,
        attestor=attestor,
        reserve=order.shares.to_wad(),
        num=basis.num,
        den=basis.den,
        counter=basis.counter,
        asOf=now if order.updated_at is None else order.updated_at,
        ceiling=ceilings.own if order.ceiling is None else order.ceiling.to_wad(),
        others=ceilings.others if order.others is None else order.others.to_wad(),
        nonce=feed.nonce if order.nonce is None else order.nonce,
        expiry=now + PAPER_LIFE.default if order.expiry is None else order.expiry,
    )


# --- read back -------------------------------------------------------------------------------------------------------


def read_coverage(chain: Chain, feed: Contract, token: Contract) -> Coverage:
    """A stock's backing as the feed shows it now."""
    return Coverage(*map(ShareWad, chain.call(feed, "coverage", token.address)))


def read_surplus(chain: Chain, feed: Contract, token: Contract) -> Surplus:
    """What a stock's custodian may sell, as the feed shows it now."""
    shares, there, owed, counter, as_of = chain.call(feed, "surplus", token.address)
    return Surplus(ShareWad(shares), ShareWad(there), ShareWad(owed), counter, as_of)


# --- as the model keeps it -------------------------------------------------------------------------------------------


def read_backing(chain: Chain, feed: Contract, token: Contract) -> Feed:
    """How a stock's reserve is judged, its basis, ceilings and what ATTESTOR said: all but answers and dividends.

    When the last split took effect stands in the basis word (contracts/reserve/reserve_book.vy): no view shows it.
    """
    views = ("configuration", "basis", "step", "attestation")
    configuration, basis, step, said = chain.call_many([Call(feed, view, (token.address,)) for view in views])
    oracle, decimals, max_age, margin, own, others, counter = configuration
    attested = oracle == ZERO_ADDRESS
    found = Feed(decimals if max_age and not attested else WAD_DECIMALS)
    if max_age:
        found.config = FeedConfig(max_age, margin, "attested" if attested else "aggregator")
    found.ceilings = Ceilings(ShareWad(own), ShareWad(others), counter)
    found.basis = ins.Basis(*basis)
    if step[3]:
        found.step = Step(ins.Basis(*step[:3]), *step[3:])
    found.split_at = chain.word(feed, _stored(token.address, "book", "books") + 3) >> 209 & (2**40 - 1)
    shares, as_of, stated, found.nonce = said
    found.said = Answer(ShareWad(shares), as_of, stated) if as_of else None
    return found


def read_feed(chain: Chain, suite: Suite, listing: Listing, names: Names) -> Feed:
    """How a stock's reserve is judged, what its source said, and the dividends that are yet to be bought."""
    feed = read_backing(chain, suite.feed, listing.token)
    if listing.oracle.address != ZERO_ADDRESS:
        _, answer, _, updated_at, _ = chain.call(listing.oracle, "latestRoundData")
        if updated_at:
            feed.publish(answer, updated_at)
    feed.receivables = read_receivables(chain, suite.feed, listing.token, names)
    return feed


def read_receivables(chain: Chain, feed: Contract, token: Contract, names: Names) -> list[Receivable]:
    """Receivables, from the feed's storage (contracts/reserve/reserve_receivables.vy): no view shows them singly."""
    count = chain.word(feed, _stored(token.address, "book", "books")) >> 212 & 7
    first = _stored(token.address, "receivables", "open")
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
