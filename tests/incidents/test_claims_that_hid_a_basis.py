"""An aggregator's answer was taken for the greater of its two readings because more was owed than it showed. A stolen
key made that so: 3 % were scheduled that nobody bought, then a split of 1:100, and 1,000 old shares, no 98 % of 1,030
any more, counted as new ones, of which 10.3 were owed. A ceiling's key did it alone at a true split, by what it named
for other chains."""

import pytest
from support.backing_stories import BLIND, FIRST, SOURCES, Backing
from support.three_ledgers import DAY

from scrip import instructions as ins
from scrip.units import Shares

CONFIRM = ins.ConfirmBasis("MSFT")


def unbought(story: Backing) -> None:
    """3 % that nobody buys, past the end of their grace."""
    at = story.now() + 2 * DAY
    story.scheduled("three", 3, at, pay=at)
    story.at(at + 30 * DAY)
    story.is_full()


@pytest.mark.parametrize("where", SOURCES)
@pytest.mark.parametrize(("num", "den"), [(1, 100), (1, 2), (2, 1)])
def test_a_dividend_that_nobody_bought_does_not_say_what_an_answer_is(where: str, num: int, den: int) -> None:
    """Before a false split and after it: nobody has new shares, and no old ones are taken for them."""
    story = Backing(where)
    unbought(story)
    at = story.split(num, den)
    story.holds(1_000, FIRST)
    story.is_full()
    story.at(at)
    story.holds(1_000, FIRST)
    story.is_full()
    story.refuses("reserve: basis in doubt" if where in BLIND else "reserve: split not shown", CONFIRM)
    story.is_full()


@pytest.mark.parametrize("where", BLIND)
def test_new_shares_are_not_taken_for_old_ones_where_a_dividend_was_not_bought(where: str) -> None:
    """A true 2:1 and 2,000 new shares: 97 % of the 2,060 owed, and as old ones they would be twice the 1,030."""
    story = Backing(where)
    unbought(story)
    at = story.split(2, 1)
    story.holds(2_000)
    story.is_full()
    story.at(at)
    story.holds(2_000)
    story.is_full()
    story.apply(ins.SetBasis("MSFT", ins.Basis(2, 1, 1)))
    story.is_full()
    story.holds(2_063)
    story.mint(1)
    story.is_full()


@pytest.mark.parametrize("where", BLIND)
@pytest.mark.parametrize("together", [True, False])
def test_a_dividend_that_comes_after_the_split_hides_it_no_better(where: str, together: bool) -> None:
    """The split is scheduled while all is covered; the dividend joins it, or follows before anybody confirms."""
    story = Backing(where)
    at = effect = story.split(1, 100)
    if not together:
        story.at(at)
        effect = at + 2 * DAY
    story.scheduled("three", 3, effect, pay=effect, ex_at=effect)
    story.at(effect + 30 * DAY)
    story.holds(1_000)
    story.refuses("reserve: basis in doubt", CONFIRM)
    story.is_full()


@pytest.mark.parametrize("where", BLIND)
def test_two_percent_that_nobody_bought_are_not_left_for_an_answer_to_be_wrong_by(where: str) -> None:
    """1,000 are 98 % of 1,020 still; the next answer, honest and a little less, would be none of them."""
    story = Backing(where)
    at = story.now() + 2 * DAY
    story.scheduled("two", 2, at, pay=at)
    story.at(at + 30 * DAY)
    story.at(story.split(1, 100))
    story.holds(999)
    story.is_full()
    story.refuses("reserve: basis in doubt", CONFIRM)


@pytest.mark.parametrize("where", SOURCES)
@pytest.mark.parametrize("effective", [True, False])
def test_a_claim_of_other_chains_does_not_say_what_an_answer_is(where: str, effective: bool) -> None:
    """1:4 and a stolen ceiling: 30 shares elsewhere, and 1,000 old shares are no 98 % of 1,030."""
    story = Backing(where)
    at = story.split(1, 4)
    story.at(at if effective else at - DAY)
    story.apply(ins.SetCeiling("MSFT", Shares.of(10**6), Shares.of(30), FIRST))
    story.holds(1_000, FIRST)
    story.is_full()
    story.at(max(at, story.now()))
    story.holds(1_000, FIRST)
    story.is_full()
    story.refuses("reserve: split not shown", CONFIRM)


@pytest.mark.parametrize("where", BLIND)
def test_an_aggregator_that_is_named_while_a_split_is_open_is_not_read_by_what_is_owed(where: str) -> None:
    """ATTESTOR answered when the split was scheduled, and nothing was asked of what was owed then."""
    story = Backing(where)
    unbought(story)
    config = ins.ConfigureReserve("MSFT", 400 * DAY, 0, Shares.of(10**6), source="attested")
    story.apply(config)
    at = story.split(1, 100)
    story.apply(ins.ConfigureReserve("MSFT", 400 * DAY, 0, Shares.of(10**6), basis=FIRST, source="aggregator"))
    story.holds(1_000)
    story.is_full()
    story.at(at)
    story.holds(1_000)
    story.refuses("reserve: basis in doubt", CONFIRM)
    story.is_full()


@pytest.mark.parametrize("where", SOURCES)
@pytest.mark.parametrize(("num", "den"), [(1, 100), (1, 4), (2, 1)])
def test_a_claim_that_only_sold_shares_cover_does_not_say_what_an_answer_is(where: str, num: int, den: int) -> None:
    """200 of 1,000 shares are sold in the order that loses nothing. Until they are delivered the answer covers 200 that
    a stolen CEILING names for other chains; a split is scheduled, true or not, and the next answer, 800 for 800 owed,
    was no 98 % of 1,000."""
    story = Backing(where)
    story.redeem(200)
    story.apply(ins.SetCeiling("MSFT", Shares.of(800), Shares.of(0), FIRST))
    story.apply(ins.SetCeiling("MSFT", Shares.of(10**6), Shares.of(200), FIRST))
    order, at = story.announced_split(num, den)
    story.apply(order)
    answered = (800, FIRST) if num < den else (800 * num, ins.Basis(num, den, 1))
    story.holds(*answered)
    story.is_full()
    story.at(at)
    story.holds(*answered)
    story.is_full()
    if num < den:
        story.refuses("reserve: split not shown", CONFIRM)
    else:
        story.confirm()
    story.is_full()


@pytest.mark.parametrize("where", BLIND)
def test_a_claim_whose_shares_another_chain_sells_does_not_say_what_an_answer_is(where: str) -> None:
    """Here 800 are owed and elsewhere 200, on 1,000 shares. While 1:100 is open the 200 are redeemed there and sold,
    and the 800 that are left were no 98 % of 1,000."""
    story = Backing(where)
    story.redeem(200)
    story.apply(ins.SetCeiling("MSFT", Shares.of(10**6), Shares.of(200), FIRST))
    at = story.split(1, 100)
    story.holds(800)
    story.is_full()
    story.at(at)
    story.holds(800)
    story.refuses("reserve: split not shown", CONFIRM)
    story.is_full()


@pytest.mark.parametrize("where", BLIND)
def test_a_dividend_that_only_sold_shares_cover_leaves_a_split_in_doubt(where: str) -> None:
    """200 of 1,000 shares are sold, and an answer from before their delivery covers the 25 % that nobody buys."""
    story = Backing(where)
    story.redeem(200)
    story.holds(1_000)
    at = story.now() + 2 * DAY
    story.scheduled("false", 25, at, pay=at)
    story.at(at + 30 * DAY)
    order, at = story.announced_split(1, 100)
    story.apply(order)
    story.holds(800)
    story.is_full()
    story.at(at)
    story.holds(800)
    story.refuses("reserve: basis in doubt", CONFIRM)
    story.is_full()
