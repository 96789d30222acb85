"""A fold takes effect in the second after its transaction, and ACTIONS could cancel it before. The reserve's basis and
the bound on the index had followed it already: mints stopped, and dividends of a year might multiply the index by 3.81
instead of 1.5."""

from support.contract_calls import named, now, refuses, set_clock, word32
from support.issuance_world import ADMIN, ALICE, DAY, DESK, DOCUMENT, MINTER, REASON, WAD, Issuance

MALLORY = named("mallory")


def test_a_fold_that_was_carried_out_stands(suite: Issuance) -> None:
    suite.take_effect(suite.schedule("SPLF", num=3, den=2))
    suite.feed.setBasis(suite.stock, 3, 2, 1, sender=ADMIN)
    suite.attest(15_000)
    folded = word32("fold 1"), 3 * WAD // 2, 1, 1, REASON, DOCUMENT
    id = suite.actions.fold(suite.stock, *folded, sender=ADMIN)
    for sender in (DESK, ADMIN):
        with refuses("actions: not cancellable"):
            suite.cancel(id, sender)
    set_clock(now() + 1)
    assert suite.terms()[:3] == (3 * WAD // 2, 1, 1)
    assert (suite.feed.basis(suite.stock), suite.feed.step(suite.stock)[:3]) == ((3, 2, 1), (1, 1, 2))
    suite.stock.mint(ALICE, WAD, sender=MINTER)
    suite.attest(15_000)
    suite.feed.confirmBasis(suite.stock, sender=MALLORY)
    assert suite.feed.basis(suite.stock) == (1, 1, 2)


def test_the_bound_of_a_year_is_not_multiplied(suite: Issuance) -> None:
    """Whatever is tried around a fold, dividends raise the multiplier by half within a year and by no more."""
    suite.take_effect(suite.schedule("SPLF", num=3, den=2))
    suite.feed.setBasis(suite.stock, 3, 2, 1, sender=ADMIN)
    before = suite.stock.uiMultiplier()
    id = suite.actions.fold(suite.stock, word32("fold 1"), 3 * WAD // 2, 1, 1, REASON, DOCUMENT, sender=ADMIN)
    with refuses("actions: not cancellable"):
        suite.cancel(id)
    set_clock(now() + 1)
    for number in range(2):
        gross = (25, 20)[number] * WAD
        suite.take_effect(suite.schedule("DRIP", str(number), 100 * WAD, gross=gross, effectiveAt=now() + 2 * DAY))
    assert suite.stock.uiMultiplier() == before * 3 // 2
    more = suite.announce("DRIP", "one more", gross=WAD)
    with refuses("actions: rate bound"):
        suite.strike(more, 100 * WAD)
