"""Another profile that is too long a push for one transaction: no stock acts on the old one between its pages, and the
holders are counted anew in the first.

The fleet of the paged tests, its two ALLOWLIST stocks open to Americans of every class, with their holders counted.
"""

from collections.abc import Iterator

import boa
import pytest
from support.contract_calls import Handle, named, refuses, set_clock
from support.contract_world import (
    COMPLIANCE,
    DOCUMENT,
    HELD,
    MINTER,
    NORMAL,
    PAUSER,
    REASON,
    RECOVERER,
    RETAIL,
    START,
    STRICT,
    UNPAUSER,
    VENUE,
    fresh_key,
)
from support.paging_world import A1, A2, ANNA, B1, BERT, C1, OUTSIDER, PAGE, PagedFleet, paged_fleet

USA, GERMANY, FRANCE = 840, 276, 250
ONLY_USA = (0, 0, 0, 1 << USA % 256)
EVERY_CLASS = 0b11110
NEW = named("anna's new wallet")
BLOCKED = 1 << 169
WALLETS = (A1, A2, B1, C1)


@pytest.fixture(scope="session")
def built_paged_fleet() -> PagedFleet:
    return paged_fleet()


@pytest.fixture
def fleet(built_paged_fleet: PagedFleet) -> Iterator[PagedFleet]:
    fleet = built_paged_fleet
    with boa.env.anchor():
        set_clock(START)
        for stock in fleet.allowlist:
            fleet.registry.setStockRules(stock, EVERY_CLASS, ONLY_USA, sender=COMPLIANCE)
            stock.pause(sender=PAUSER)
            fleet.registry.setHolderLimits(stock, 3, 0, 0, sender=COMPLIANCE)
            fleet.registry.seedHolders(stock, list(WALLETS))
            stock.unpause(sender=UNPAUSER)
            # All of them are asked about anew under the rules, before the pushes.
            stock.transfer(C1, 1, sender=A1)
            stock.transfer(A2, 1, sender=B1)
        yield fleet


def profile(fleet: PagedFleet, country: int, investor_class: int = RETAIL, investor: int = ANNA) -> None:
    fleet.registry.setProfile(fresh_key(), investor, country, investor_class, sender=COMPLIANCE)


def holders(fleet: PagedFleet) -> list[int]:
    return [fleet.registry.holderCount(stock)[0] for stock in fleet.allowlist]


def assert_as_the_register_says(fleet: PagedFleet, *wallets: str) -> None:
    """Every stock lets a wallet send and receive if the register admits it now, and does not if it does not."""
    for stock in fleet.stocks:
        for wallet in wallets or (A1, A2):
            admitted = not fleet.registry.isBlocked(wallet)
            if stock in fleet.allowlist:
                admitted = fleet.registry.isClearedFor(wallet, stock)
            assert stock.canSend(wallet) is stock.canReceive(wallet) is admitted
            if not admitted:
                with refuses("ERC7943CannotSend", wallet):
                    stock.transfer(C1, 1, sender=wallet)


def finish(fleet: PagedFleet, count: int, *wallets: str) -> None:
    """Every page that is left; between any two the stocks and the counts agree with the register."""
    while pending := [wallet for wallet in (*WALLETS, NEW) if fleet.registry.unfinishedPush(wallet)]:
        assert fleet.beacon.mode() == STRICT
        assert holders(fleet) == [count, count]
        assert_as_the_register_says(fleet, *wallets)
        fleet.registry.continuePush(pending[-1], sender=OUTSIDER)
    assert fleet.beacon.mode() == NORMAL
    assert holders(fleet) == [count, count]
    assert_as_the_register_says(fleet, *wallets)


def copies(fleet: PagedFleet, wallet: str) -> list[bool]:
    """Whether each ALLOWLIST stock's copy clears the wallet."""
    return [bool(stock.accountWord(wallet) >> 128 & (2**40 - 1)) for stock in fleet.allowlist]


def test_a_country_that_is_shut_out_is_stopped_before_the_first_and_between_all_pages(fleet: PagedFleet) -> None:
    profile(fleet, GERMANY)
    assert fleet.registry.unfinishedPush(A1) == PAGE + 1
    assert copies(fleet, A1) == [False, True]
    finish(fleet, 3)
    assert copies(fleet, A1) == copies(fleet, A2) == [False, False]


def test_a_second_profile_between_pages_is_believed_at_once_and_begins_anew(fleet: PagedFleet) -> None:
    profile(fleet, GERMANY)
    fleet.registry.continuePush(A1)
    profile(fleet, USA)
    assert fleet.registry.unfinishedPush(A1) == PAGE + 1
    finish(fleet, 3)
    assert copies(fleet, A1) == copies(fleet, A2) == [True, True]
    profile(fleet, FRANCE)
    fleet.registry.continuePush(A2)
    profile(fleet, GERMANY)
    finish(fleet, 3)
    assert copies(fleet, A1) == copies(fleet, A2) == [False, False]


def test_a_venue_is_counted_no_longer_from_the_first_page_and_again_from_the_first_page_back(fleet: PagedFleet) -> None:
    profile(fleet, USA, VENUE)
    finish(fleet, 2)
    profile(fleet, USA)
    fleet.registry.continuePush(A2)
    assert holders(fleet) == [3, 3]
    profile(fleet, USA, VENUE)
    finish(fleet, 2)


def test_the_same_profile_again_counts_nothing_twice(fleet: PagedFleet) -> None:
    for _ in range(2):
        profile(fleet, GERMANY, VENUE)
        assert holders(fleet) == [2, 2]
        profile(fleet, USA, VENUE)
    finish(fleet, 2)


def test_units_that_move_between_pages_are_counted_under_the_new_profile(fleet: PagedFleet) -> None:
    profile(fleet, USA, VENUE)
    stock = fleet.allowlist[-1]
    stock.transfer(A1, HELD - 1, sender=B1)
    assert (holders(fleet)[-1], fleet.registry.heldWith(stock, A1)) == (1, 3 * HELD - 1)
    fleet.registry.continuePush(A1)
    profile(fleet, USA)
    assert holders(fleet)[-1] == 2
    stock.transfer(B1, 1, sender=A2)
    assert holders(fleet) == [3, 3]
    finish(fleet, 3)


def test_a_redemption_between_pages_is_counted(fleet: PagedFleet) -> None:
    profile(fleet, GERMANY, VENUE)
    stock = fleet.allowlist[0]
    for wallet in (A1, A2):
        assert stock.burn(wallet, stock.balanceOf(wallet), sender=MINTER) is True
    assert fleet.registry.heldWith(stock, A1) == 0
    profile(fleet, USA)
    assert holders(fleet) == [2, 3]


def test_a_block_between_pages_stops_every_wallet(fleet: PagedFleet) -> None:
    profile(fleet, GERMANY)
    fleet.registry.continuePush(A1)
    fleet.block(ANNA)
    finish(fleet, 3)
    assert all(stock.accountWord(wallet) & BLOCKED for stock in fleet.stocks for wallet in (A1, A2))


def test_a_profile_between_the_pages_of_a_block_lifts_nothing(fleet: PagedFleet) -> None:
    fleet.block(ANNA)
    fleet.registry.continuePush(A1)
    profile(fleet, USA, VENUE)
    finish(fleet, 2)
    assert all(stock.accountWord(wallet) & BLOCKED for stock in fleet.stocks for wallet in (A1, A2))


@pytest.mark.parametrize("recovered_in", ["none", "all"])
def test_a_recovery_between_pages_follows_the_new_profile(fleet: PagedFleet, recovered_in: str) -> None:
    profile(fleet, GERMANY)
    fleet.registry.continuePush(A1)
    stocks: list[Handle] = fleet.stocks if recovered_in == "all" else []
    fleet.registry.recoverWallet(fresh_key(), ANNA, A1, NEW, REASON, DOCUMENT, stocks, sender=RECOVERER)
    left_behind = 0 if stocks else 1
    assert fleet.registry.isClearedFor(NEW, fleet.allowlist[0]) is False
    finish(fleet, 3 + left_behind, A2)
    assert all(stock.accountWord(A1) & BLOCKED for stock in fleet.stocks)
    if not stocks:
        fleet.registry.recoverIn(A1, fleet.stocks)
    assert holders(fleet) == [3, 3]
    assert_as_the_register_says(fleet, A2)
    with refuses("ERC7943CannotSend", NEW):
        fleet.allowlist[0].transfer(C1, 1, sender=NEW)
    assert fleet.blocklist[0].transfer(C1, 1, sender=NEW) is True


def test_two_investors_profiles_overlap(fleet: PagedFleet) -> None:
    profile(fleet, GERMANY)
    profile(fleet, FRANCE, VENUE, investor=BERT)
    finish(fleet, 2, A2, B1)
    assert copies(fleet, A1) == copies(fleet, A2) == copies(fleet, B1) == [False, False]
