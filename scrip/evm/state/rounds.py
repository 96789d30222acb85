"""Which two rounds of the oracle show that a split reached the custodian."""

from __future__ import annotations

from scrip.errors import Refusal
from scrip.evm.chain import Chain, Contract
from scrip.evm.deploy.suite import Suite
from scrip.model.arithmetic import next_split


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
        num, den = next_split(num, den, old, new)
        if (num, den) == basis:
            return effective_at
    return None


def choose(chain: Chain, suite: Suite, token: Contract, oracle: Contract) -> tuple[int, int]:
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
