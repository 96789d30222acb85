"""A ceiling was set to 0 to stop mints. An attestation from before, which nobody had published yet, carried the ceiling
of its day: whoever had it published it, and units were minted again."""

import pytest
from support.backing_stories import ATTESTED, FIRST, Backing
from support.three_ledgers import DAY

from scrip import instructions as ins
from scrip.units import Shares

MANY = Shares.of(10**6)


def kept_back(story: Backing) -> ins.AttestReserve:
    """A paper of ten seconds later that is good for a year and that nobody publishes."""
    story.at(story.now() + 10)
    return ins.AttestReserve("MSFT", MANY, story.now(), MANY, Shares.of(0), FIRST, story.nonce, story.now() + 365 * DAY)


@pytest.mark.parametrize("where", ATTESTED)
def test_no_paper_that_was_signed_before_lifts_it(where: str) -> None:
    story = Backing(where)
    paper = kept_back(story)
    story.apply(ins.SetCeiling("MSFT", Shares.of(0)))
    story.is_full()
    story.at(story.now() + DAY)
    story.refuses("reserve: wrong nonce", paper)
    story.is_full()


@pytest.mark.parametrize("where", ATTESTED)
def test_no_paper_that_was_signed_before_another_is_published_after_it(where: str) -> None:
    """Though it is as of a later second than what stands: the ceiling of the other would be gone."""
    story = Backing(where)
    first = kept_back(story)
    story.at(story.now() + 1)
    story.apply(ins.AttestReserve("MSFT", Shares.of(1_000), first.updated_at - 1, Shares.of(1_000)))
    story.refuses("reserve: wrong nonce", first)
    story.is_full()


@pytest.mark.parametrize("where", ATTESTED)
def test_a_paper_is_published_until_its_last_second(where: str) -> None:
    story = Backing(where)
    paper = kept_back(story)
    story.at(paper.expiry + 1)
    story.refuses("reserve: paper expired", paper)
