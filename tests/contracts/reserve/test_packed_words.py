"""What the feed keeps in few words: the day of an ex in the settings, and short pairs of a step beside the basis."""

import pytest
from support.contract_calls import now, refuses, set_clock
from support.issuance_world import ALICE, DAY, MINTER, START, WAD, Issuance

OPENING = 14 * 3600 + 1800
SHORT = 2**32 - 1


def midnight_after(instant: int) -> int:
    """The UTC midnight that comes next."""
    return (instant // DAY + 1) * DAY


@pytest.mark.parametrize("lead", [0, 1, OPENING, DAY - 1])
def test_mints_go_on_to_the_second_before_the_ex_whatever_its_hour(suite: Issuance, lead: int) -> None:
    """The settings name the day; the second is the actions'."""
    ex = midnight_after(START) + 2 * DAY + lead
    id = suite.announce("SPLF", exAt=ex, effectiveAt=ex)
    for instant in (ex // DAY * DAY - 1, ex // DAY * DAY, ex - 1):
        if now() <= instant < ex:
            set_clock(instant)
            suite.attest(100_000)
            suite.stock.mint(ALICE, 1, sender=MINTER)
    for instant in (ex, ex + 400 * DAY):
        set_clock(instant)
        suite.attest(100_000)
        with refuses("reserve: action undecided"):
            suite.stock.mint(ALICE, 1, sender=MINTER)
    suite.cancel(id)
    suite.ceiling(10**6 * WAD)
    suite.stock.mint(ALICE, 1, sender=MINTER)


@pytest.mark.parametrize("instant", [0, 1, 10**9, START, START + DAY, START + 3 * DAY, 2**33, 2**40 - 1])
def test_an_ex_of_any_second_holds_mints_from_its_day_on_and_none_before(suite: Issuance, instant: int) -> None:
    """Those of before 2015 and after 2104, too: told to the feed alone, whose actions say that it is shut."""
    ex = START + DAY
    suite.announce("SPLF", exAt=ex, effectiveAt=ex)
    suite.feed.setEx(suite.stock, instant, False, sender=suite.actions.address)
    set_clock(ex)
    suite.attest(100_000)
    if 0 < instant <= ex:
        with refuses("reserve: action undecided"):
            suite.stock.mint(ALICE, 1, sender=MINTER)
    else:
        suite.stock.mint(ALICE, 1, sender=MINTER)


def test_the_settings_and_flags_stay_as_an_ex_comes_and_goes(suite: Issuance) -> None:
    suite.configure(max_age=2**32 - 1, margin=200)
    suite.schedule("SPLF", "split")
    held = suite.feed.configuration(suite.stock), suite.feed.step(suite.stock), suite.feed.coverage(suite.stock)
    for instant in (1, START, 2**33, 2**40 - 1, 0):
        suite.feed.setEx(suite.stock, instant, False, sender=suite.actions.address)
        found = suite.feed.configuration(suite.stock), suite.feed.step(suite.stock), suite.feed.coverage(suite.stock)
        assert found == held


@pytest.mark.parametrize("pair", [(SHORT, SHORT - 1), (SHORT + 1, SHORT), (2**64 - 1, 2**64 - 2), (1, 100), (100, 1)])
@pytest.mark.parametrize("after", ["effect", "cancel"])
def test_a_step_of_short_numbers_and_of_long_ones_reads_back(
    suite: Issuance, pair: tuple[int, int], after: str
) -> None:
    """A long step before a short one leaves nothing that the short one would read, nor the other way round."""
    num, den = pair
    code = "SPLF" if num > den else "SPLR"
    for reference, wanted in (("long", (2**64 - 1, 2**63)), ("asked", pair), ("short", (3, 2))):
        if reference != "asked":
            id = suite.schedule("SPLF", reference, num=wanted[0], den=wanted[1])
            assert suite.feed.step(suite.stock)[:3] == (*wanted, 1)
            suite.cancel(id)
            assert suite.feed.step(suite.stock) == (0, 0, 0, 0, False, False)
            assert suite.feed.basis(suite.stock) == (1, 1, 0)
            continue
        id = suite.schedule(code, reference, num=num, den=den)
        assert suite.feed.step(suite.stock)[:3] == (num, den, 1)
        assert suite.feed.basis(suite.stock) == (1, 1, 0)
        if after == "cancel":
            suite.cancel(id)
            continue
        suite.take_effect(id)
        suite.adopt()
        assert suite.feed.basis(suite.stock) == (num, den, 1)
        assert suite.feed.step(suite.stock) == (0, 0, 0, 0, False, False)
        return


def test_a_receivable_ends_at_its_second_though_the_settings_name_it_in_steps(suite: Issuance) -> None:
    """The last second of its grace is none of a multiple: before it a mint counts it, and from it on none does."""
    pay = START + 2 * DAY + 12_345
    suite.schedule("DRIP", pay=pay, buy=pay)
    until = pay + suite.actions.grace()
    assert until % 512
    for instant, counted in ((until - 1, True), (until, False), (until + 512, False)):
        set_clock(instant)
        suite.attest(1_000, pay - 1)
        assert (suite.feed.coverage(suite.stock)[2] != 0) is counted
