"""RegionExit: holders of left countries redeem until the date; then a unit is burned only against coins that are there.

Alice has 1,000 units and is of the USA (840); Bob and Carol have 100 each and move to Germany (276), which is left. At
12.00 a unit of 6 decimals 100 units are 1,200,000,000 base units.
"""

from __future__ import annotations

import pytest
from eth_utils import keccak
from support.contract_calls import MAX, ZERO, Handle, deploy, named, now, refuses, set_clock, word32
from support.ending_world import Endings
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    DAY,
    DESK,
    DOCUMENT,
    MALLORY,
    OTHERS,
    REASON,
    START,
    TREASURY,
    UNPAUSER,
    WAD,
    YEAR,
    deploy_stub,
)

ID, PRICE, HUNDRED = word32("leave Germany"), 12_000_000, 1_200_000_000
ESCHEAT, GERMANY, USA, EVERY_CLASS = named("state"), 276, 840, 30
UNTIL = START + 40 * DAY
EXPIRY = UNTIL + 3 * YEAR
SOURCE = word32("close")


def only(*numbers: int) -> tuple[int, ...]:
    bits = sum(1 << number for number in numbers)
    return tuple(bits >> 256 * word & (2**256 - 1) for word in range(4))


def all_but(*numbers: int) -> tuple[int, ...]:
    return tuple(MAX & ~word for word in only(*numbers))


class Leaving:
    """The exit on the world of stocks' ends; Germany is shut out by the rules, the exit opened."""

    def __init__(self, world: Endings, coin: Handle | None = None) -> None:
        self.world, self.coin = world, coin or world.coin
        self.exit = deploy("RegionExit", world.roles, world.registry, ESCHEAT)
        world.roles.grantRole(keccak(text="VAULT"), self.exit, sender=ADMIN)
        self.coin.mint(TREASURY, 10**15)
        self.coin.approve(self.exit, MAX, sender=TREASURY)
        for investor in (2, 3):
            world.registry.setProfile(word32(f"moved {investor}"), investor, GERMANY, 1, sender=COMPLIANCE)

    def rules(self, *shut: int) -> None:
        countries = all_but(*shut) if shut else (MAX,) * 4
        self.world.registry.setStockRules(self.world.stock, EVERY_CLASS, countries, sender=ADMIN)

    def open(self, expiry: int = EXPIRY) -> None:
        self.exit.openExit(ID, self.world.stock, only(GERMANY), UNTIL, expiry, self.coin, TREASURY, sender=ADMIN)

    def priced(self, funded: int = 2 * HUNDRED) -> Leaving:
        self.rules(GERMANY)
        self.open()
        set_clock(UNTIL)
        self.exit.priceExit(ID, PRICE, SOURCE, sender=ADMIN)
        if funded:
            self.exit.fundExit(ID, funded, sender=TREASURY)
        return self

    def park(self, *accounts: str) -> int:
        return self.exit.parkFor(ID, list(accounts), sender=MALLORY)

    def units(self, *accounts: str) -> list[int]:
        return [self.world.stock.balanceOf(one) // WAD for one in accounts]

    def waiting(self, *accounts: str) -> list[int]:
        return [self.exit.exitParkedOf(ID, one) for one in accounts]


@pytest.fixture
def leaving(world: Endings) -> Leaving:
    return Leaving(world)


def test_until_the_date_holders_only_redeem_and_after_it_the_rest_is_parked(leaving: Leaving) -> None:
    world, exit = leaving.world, leaving.exit
    leaving.rules(GERMANY)
    leaving.open()
    with refuses("ERC7943CannotReceive", BOB):
        world.stock.transfer(BOB, WAD, sender=ALICE)
    set_clock(UNTIL - 1)
    with refuses("exit: not yet"):
        exit.priceExit(ID, PRICE, SOURCE, sender=ADMIN)
    with refuses("exit: not priced"):
        leaving.park(BOB)
    set_clock(UNTIL)
    with refuses("exit: not priced"):
        leaving.park(BOB)
    exit.priceExit(ID, PRICE, SOURCE, sender=ADMIN)
    with refuses("exit: not opened"):
        exit.priceExit(ID, PRICE, SOURCE, sender=ADMIN)
    with refuses("exit: not funded"):
        leaving.park(BOB)
    exit.fundExit(ID, 2 * HUNDRED - 1, sender=TREASURY)
    with refuses("exit: not funded"):
        leaving.park(BOB, CAROL)
    assert leaving.units(BOB, CAROL) == [100, 100]
    exit.fundExit(ID, 1, sender=TREASURY)
    assert leaving.park(ALICE, BOB, MALLORY, CAROL, BOB) == 2
    assert leaving.park(ALICE, BOB, CAROL) == leaving.park() == 0
    assert leaving.units(ALICE, BOB, CAROL) == [1000, 0, 0]
    assert world.stock.totalSupply() == 1000 * WAD
    assert leaving.waiting(ALICE, BOB, CAROL) == [0, HUNDRED, HUNDRED]


def test_what_is_parked_is_taken_once_by_the_account_or_its_successor(leaving: Leaving) -> None:
    leaving.priced()
    leaving.park(BOB, CAROL)
    before = leaving.coin.balanceOf(BOB)
    set_clock(EXPIRY + 100 * YEAR)
    leaving.exit.takeExit(ID, BOB, sender=MALLORY)
    assert leaving.coin.balanceOf(BOB) - before == HUNDRED
    for account in (BOB, ALICE, MALLORY):
        with refuses("exit: nothing parked"):
            leaving.exit.takeExit(ID, account, sender=account)
    leaving.world.block(3)
    with refuses("exit: held"):
        leaving.exit.takeExit(ID, CAROL, sender=CAROL)
    leaving.world.registry.unblock(word32("unblock"), 3, REASON, DOCUMENT, sender=COMPLIANCE)
    heir = leaving.world.recover(CAROL, named("carol's new"), 3)
    leaving.exit.takeExit(ID, CAROL, sender=MALLORY)
    assert (leaving.coin.balanceOf(heir), leaving.coin.balanceOf(leaving.exit)) == (HUNDRED, 0)


def test_who_is_held_keeps_its_units_until_it_is_not(leaving: Leaving) -> None:
    leaving.priced()
    leaving.world.block(2)
    leaving.world.freeze(CAROL)
    assert leaving.park(BOB, CAROL) == 0
    leaving.world.freeze(CAROL, False)
    leaving.world.lapse(3)
    leaving.world.pause()
    assert leaving.park(CAROL) == 0
    leaving.world.stock.unpause(sender=UNPAUSER)
    assert leaving.park(BOB, CAROL) == 1
    assert leaving.units(BOB, CAROL) == [100, 0]


def test_whom_the_rules_admit_who_moved_and_who_is_taken_in_keep_theirs(leaving: Leaving) -> None:
    leaving.priced()
    registry, exit = leaving.world.registry, leaving.exit
    assert [exit.leavesBy(ID, one) for one in (ALICE, BOB, CAROL, MALLORY)] == [False, True, True, False]
    registry.setProfile(word32("back"), 2, USA, 1, sender=COMPLIANCE)
    exit.takeIn(ID, CAROL, sender=COMPLIANCE)
    assert leaving.park(BOB, CAROL) == 0
    registry.setProfile(word32("again"), 2, GERMANY, 1, sender=COMPLIANCE)
    leaving.rules()
    assert leaving.park(BOB) == 0
    leaving.rules(GERMANY)
    assert leaving.park(BOB, CAROL) == 1
    assert leaving.units(BOB, CAROL) == [0, 100]


def test_a_country_that_is_admitted_again_is_dropped_for_good(leaving: Leaving) -> None:
    leaving.rules(GERMANY)
    leaving.open()
    with refuses("exit: nothing to follow"):
        leaving.exit.readmit(ID, sender=MALLORY)
    leaving.rules()
    leaving.exit.readmit(ID, sender=MALLORY)
    assert list(leaving.exit.regionExit(ID)[2]) == [0, 0, 0, 0]
    leaving.rules(GERMANY)
    set_clock(UNTIL)
    leaving.exit.priceExit(ID, PRICE, SOURCE, sender=ADMIN)
    leaving.exit.fundExit(ID, 2 * HUNDRED, sender=TREASURY)
    assert leaving.park(BOB, CAROL) == 0
    leaving.exit.closeExit(ID, sender=DESK)
    assert leaving.coin.balanceOf(leaving.exit) == 0


def test_a_venue_is_passed_over(leaving: Leaving) -> None:
    leaving.priced()
    leaving.world.registry.setProfile(word32("venue"), 2, GERMANY, 4, sender=COMPLIANCE)
    assert leaving.park(BOB, CAROL) == 1
    assert leaving.units(BOB) == [100]


def test_closing_returns_what_is_not_parked_and_the_parked_waits(leaving: Leaving) -> None:
    leaving.priced(3 * HUNDRED)
    leaving.park(BOB)
    for amount in (0, 1):
        with refuses("exit: not the funder"):
            leaving.exit.fundExit(ID, amount, sender=MALLORY)
    before = leaving.coin.balanceOf(TREASURY)
    leaving.exit.closeExit(ID, sender=DESK)
    assert leaving.coin.balanceOf(TREASURY) - before == 2 * HUNDRED
    for call in (leaving.exit.closeExit, leaving.exit.readmit):
        with refuses("exit: not opened"):
            call(ID, sender=DESK)
    with refuses("exit: not opened"):
        leaving.exit.takeIn(ID, BOB, sender=COMPLIANCE)
    with refuses("exit: not opened"):
        leaving.exit.fundExit(ID, 1, sender=TREASURY)
    with refuses("exit: not priced"):
        leaving.park(CAROL)
    leaving.exit.takeExit(ID, BOB, sender=BOB)
    assert leaving.coin.balanceOf(leaving.exit) == 0


def test_what_nobody_fetched_escheats_after_the_expiry_and_the_blocked_waits(leaving: Leaving) -> None:
    leaving.priced()
    leaving.park(BOB, CAROL)
    leaving.world.block(3)

    def sweep(reason: int = REASON, document: bytes = DOCUMENT) -> int:
        return leaving.exit.sweepExit(ID, [ALICE, BOB, CAROL, BOB], reason, document, sender=DESK)

    set_clock(EXPIRY - 1)
    with refuses("exit: not expired"):
        sweep()
    set_clock(EXPIRY)
    for reason, document in ((0, DOCUMENT), (REASON, bytes(32))):
        with refuses("exit: reason and document"):
            sweep(reason, document)
    assert (sweep(), sweep()) == (1, 0)
    assert leaving.coin.balanceOf(ESCHEAT) == HUNDRED
    assert leaving.waiting(BOB, CAROL) == [0, HUNDRED]


def test_an_exit_without_an_expiry_is_never_swept(leaving: Leaving) -> None:
    leaving.rules(GERMANY)
    leaving.open(0)
    set_clock(EXPIRY + 100 * YEAR)
    with refuses("exit: not expired"):
        leaving.exit.sweepExit(ID, [BOB], REASON, DOCUMENT, sender=DESK)


def test_terms_are_bounded(leaving: Leaving) -> None:
    stock, coin = leaving.world.stock, leaving.coin
    germany = only(GERMANY)
    for args, error in (
        ((coin, germany, UNTIL, EXPIRY, coin), "exit: not a stock"),
        ((stock, (0, 0, 0, 0), UNTIL, EXPIRY, coin), "exit: no country"),
        ((stock, germany, now() + 30 * DAY - 1, 0, coin), "exit: too early"),
        ((stock, germany, MAX, 0, coin), "exit: too early"),
        ((stock, germany, UNTIL, EXPIRY - 1, coin), "exit: expiry too early"),
        ((stock, germany, UNTIL, EXPIRY, MALLORY), "exit: bad coin"),
    ):
        with refuses(error):
            leaving.exit.openExit(ID, *args, TREASURY, sender=ADMIN)
    for funder in (ZERO, leaving.exit.address):
        with refuses("exit: bad funder"):
            leaving.exit.openExit(ID, stock, germany, UNTIL, EXPIRY, coin, funder, sender=ADMIN)
    with refuses("exit: still admitted"):
        leaving.open()
    leaving.rules(GERMANY)
    with refuses("exit: still admitted"):
        leaving.exit.openExit(ID, stock, only(GERMANY, USA), UNTIL, EXPIRY, coin, TREASURY, sender=ADMIN)
    leaving.open()
    with refuses("exit: known"):
        leaving.open()
    set_clock(UNTIL)
    for price, source in ((0, SOURCE), (2**128, SOURCE), (PRICE, bytes(32))):
        with refuses("exit: bad price"):
            leaving.exit.priceExit(ID, price, source, sender=ADMIN)


def test_a_coin_that_lies_funds_nothing_and_what_it_refuses_waits(world: Endings) -> None:
    coin = deploy_stub("UnrulyCoin", 6)
    leaving = Leaving(world, coin).priced(0)
    for mode, error in ((1, "exit: payment failed"), (3, "exit: payment not exact"), (5, "exit: payment not exact")):
        coin.set_mode(mode)
        with refuses(error):
            leaving.exit.fundExit(ID, HUNDRED, sender=TREASURY)
    coin.set_mode(2)
    leaving.exit.fundExit(ID, HUNDRED, sender=TREASURY)
    leaving.park(BOB)
    coin.blacklist(BOB, True)
    with refuses("exit: refused"):
        leaving.exit.takeExit(ID, BOB, sender=BOB)
    assert leaving.waiting(BOB) == [HUNDRED]


def test_who_may_do_what_in_a_region(leaving: Leaving) -> None:
    exit, stock = leaving.exit, leaving.world.stock
    calls = {
        "admin": [
            lambda by: exit.openExit(ID, stock, only(GERMANY), UNTIL, 0, leaving.coin, TREASURY, sender=by),
            lambda by: exit.priceExit(ID, PRICE, SOURCE, sender=by),
            lambda by: exit.setEscheatAccount(ALICE, sender=by),
        ],
        "compliance": [lambda by: exit.takeIn(ID, BOB, sender=by)],
        "desk": [
            lambda by: exit.closeExit(ID, sender=by),
            lambda by: exit.sweepExit(ID, [BOB], REASON, DOCUMENT, sender=by),
        ],
    }
    for name, account in OTHERS.items():
        for holder, tried in calls.items():
            for call in tried if holder != name else ():
                with refuses("roles: not authorised"):
                    call(account)
    for account in (ZERO, exit.address):
        with refuses("exit: bad account"):
            exit.setEscheatAccount(account, sender=ADMIN)
    exit.setEscheatAccount(CAROL, sender=ADMIN)
    assert exit.escheatAccount() == CAROL
    with pytest.raises(Exception, match="exit: bad registry"):
        deploy("RegionExit", deploy("Roles"), leaving.world.registry, ESCHEAT)
