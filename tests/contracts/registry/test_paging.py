"""A push too long for one transaction: between any two pages the news is already true everywhere, by STRICT."""

from collections.abc import Iterator

import boa
import pytest
from support.contract_calls import Handle, named, refuses, set_clock
from support.contract_world import (
    ADMIN,
    BLOCKLIST,
    DOCUMENT,
    ENFORCER,
    EXPIRY,
    GUARDIAN,
    HALTED,
    MINTER,
    NORMAL,
    REASON,
    START,
    STRICT,
    fresh_key,
)
from support.paging_world import (
    A1,
    A2,
    ANNA,
    B1,
    BERT,
    C1,
    CORA,
    OUTSIDER,
    PAGE,
    STOCKS,
    PagedFleet,
    paged_fleet,
    slot_of,
)

BLOCKED = 1 << 169


@pytest.fixture(scope="session")
def built_paged_fleet() -> PagedFleet:
    return paged_fleet()


@pytest.fixture
def fleet(built_paged_fleet: PagedFleet) -> Iterator[PagedFleet]:
    with boa.env.anchor():
        set_clock(START)
        yield built_paged_fleet


def assert_stopped(fleet: PagedFleet, wallet: str, stocks: list[Handle] | None = None) -> None:
    """No stock lets the wallet send, receive or redeem."""
    for stock in stocks or fleet.stocks:
        assert stock.canSend(wallet) is False
        with refuses("ERC7943CannotSend", wallet):
            stock.transfer(B1, 0, sender=wallet)
        with refuses("ERC7943CannotReceive", wallet):
            stock.transfer(wallet, 0, sender=B1)


def assert_free(fleet: PagedFleet, wallet: str) -> None:
    """Every stock lets the wallet send and receive."""
    for stock in fleet.stocks:
        assert stock.transfer(B1, 1, sender=wallet) is True
        assert stock.transfer(wallet, 1, sender=B1) is True


def test_a_block_holds_before_the_first_and_between_all_pages(fleet: PagedFleet) -> None:
    fleet.unlink(ANNA, A2)
    fleet.finish(A2)
    assert fleet.beacon.mode() == NORMAL
    fleet.block(ANNA)
    events = fleet.registry.events(fleet.beacon)
    assert [event.name for event in events] == ["KeyUsed", "ModeChanged", "PushPaged", "InvestorBlocked"]
    assert events[2].values == {"wallet": A1, "next_number": fleet.registry.unfinishedPush(A1)}
    pushed = PAGE
    while fleet.registry.unfinishedPush(A1):
        assert (fleet.beacon.mode(), fleet.registry.unfinishedPush(A1)) == (STRICT, pushed + 1)
        assert [bool(stock.accountWord(A1) & BLOCKED) for stock in fleet.stocks] == [
            number < pushed for number in range(STOCKS)
        ]
        with boa.env.anchor():
            assert_stopped(fleet, A1)
            with refuses("ERC7943CannotSend", A1):
                fleet.stocks[-1].burn(A1, 1, sender=MINTER)
            assert_free(fleet, C1)
        fleet.registry.continuePush(A1, sender=OUTSIDER)
        pushed += PAGE
    assert pushed >= STOCKS
    assert fleet.beacon.mode() == NORMAL
    assert [event.name for event in fleet.registry.events(fleet.beacon)] == ["ModeChanged"]
    assert all(stock.accountWord(A1) & BLOCKED for stock in fleet.stocks)
    assert_stopped(fleet, A1)
    with refuses("registry: nothing to push"):
        fleet.registry.continuePush(A1)


@pytest.mark.parametrize("order", [(A1, A2), (A2, A1)])
def test_strict_ends_with_the_last_wallets_last_page(fleet: PagedFleet, order: tuple[str, str]) -> None:
    fleet.block(ANNA)
    assert (fleet.registry.unfinishedPush(A1), fleet.registry.unfinishedPush(A2)) == (PAGE + 1, 1)
    assert fleet.finish(order[0]) >= 2
    assert fleet.beacon.mode() == STRICT
    assert_stopped(fleet, order[1])
    assert fleet.finish(order[1]) >= 2
    assert fleet.beacon.mode() == NORMAL
    for wallet in order:
        assert_stopped(fleet, wallet)


def test_an_unblock_between_pages_is_believed_at_once(fleet: PagedFleet) -> None:
    fleet.block(ANNA)
    fleet.registry.continuePush(A1)
    fleet.unblock(ANNA)
    assert fleet.beacon.mode() == STRICT
    assert_free(fleet, A1)
    for wallet in (A1, A2):
        fleet.finish(wallet)
    assert fleet.beacon.mode() == NORMAL
    for wallet in (A1, A2):
        assert_free(fleet, wallet)


def test_a_second_block_between_pages_begins_anew(fleet: PagedFleet) -> None:
    fleet.block(ANNA)
    fleet.registry.continuePush(A1)
    fleet.unblock(ANNA)
    assert_free(fleet, A1)
    assert not any(stock.accountWord(A1) & BLOCKED for stock in fleet.stocks)
    fleet.block(ANNA)
    assert fleet.registry.unfinishedPush(A1) == PAGE + 1
    assert_stopped(fleet, A1)
    for wallet in (A1, A2):
        fleet.finish(wallet)
    assert fleet.beacon.mode() == NORMAL
    assert all(stock.accountWord(A1) & BLOCKED for stock in fleet.stocks)


@pytest.mark.parametrize("expiry", [START + 5, EXPIRY + 5])
def test_a_renewal_between_pages_is_believed_at_once(fleet: PagedFleet, expiry: int) -> None:
    fleet.renew(ANNA, START + 10)
    assert fleet.beacon.mode() == STRICT
    fleet.registry.continuePush(A1)
    fleet.renew(ANNA, expiry)
    set_clock(min(expiry, START + 10) - 1)
    assert_free(fleet, A1)
    set_clock(expiry)
    fleet.renew(BERT, EXPIRY + 100)
    assert_stopped(fleet, A1, fleet.allowlist)
    for wallet in (A1, A2):
        fleet.finish(wallet)
    assert fleet.beacon.mode() == NORMAL
    assert_stopped(fleet, A1, fleet.allowlist)
    assert all(stock.accountWord(A1) >> 128 & (2**40 - 1) <= expiry for stock in fleet.stocks)


def test_a_wallet_linked_between_pages_is_stopped_where_it_was_known(fleet: PagedFleet) -> None:
    for stock in fleet.blocklist:
        stock.transfer(OUTSIDER, 5, sender=B1)
    fleet.block(ANNA)
    assert_stopped(fleet, A1)
    fleet.link(ANNA, OUTSIDER)
    assert fleet.registry.unfinishedPush(OUTSIDER) != 0
    assert_stopped(fleet, OUTSIDER)
    for wallet in (A1, A2):
        fleet.finish(wallet)
    assert fleet.beacon.mode() == STRICT
    assert_stopped(fleet, OUTSIDER)
    fleet.finish(OUTSIDER)
    assert fleet.beacon.mode() == NORMAL
    assert_stopped(fleet, OUTSIDER)


def test_unlinking_between_pages_cannot_lift_a_block(fleet: PagedFleet) -> None:
    fleet.block(ANNA)
    with refuses("registry: investor blocked"):
        fleet.unlink(ANNA, A2)
    assert_stopped(fleet, A2)


def test_a_wallet_unlinked_and_taken_over_between_pages_follows_its_new_investor(fleet: PagedFleet) -> None:
    fleet.renew(ANNA, START + 10)
    fleet.unlink(ANNA, A2)
    assert fleet.beacon.mode() == STRICT
    assert_stopped(fleet, A2, fleet.allowlist)
    fleet.link(CORA, A2)
    set_clock(START + 10)
    assert_free(fleet, A2)
    fleet.block(CORA)
    assert_stopped(fleet, A2)
    for wallet in (A1, A2, C1):
        fleet.finish(wallet)
    assert fleet.beacon.mode() == NORMAL
    assert_stopped(fleet, A2)
    assert_stopped(fleet, C1)


def test_two_investors_pushes_overlap(fleet: PagedFleet) -> None:
    fleet.block(CORA)
    fleet.registry.continuePush(C1)
    fleet.block(ANNA)
    fleet.finish(C1)
    assert fleet.beacon.mode() == STRICT
    assert_stopped(fleet, C1)
    assert_stopped(fleet, A1)
    assert_stopped(fleet, A2)
    fleet.finish(A1)
    assert fleet.beacon.mode() == STRICT
    fleet.finish(A2)
    assert fleet.beacon.mode() == NORMAL
    for wallet in (A1, A2, C1):
        assert_stopped(fleet, wallet)


def test_a_halt_outranks_paging_and_hands_back_to_it(fleet: PagedFleet) -> None:
    fleet.block(CORA)
    fleet.beacon.halt(sender=GUARDIAN)
    assert fleet.beacon.mode() == HALTED
    fleet.registry.continuePush(C1)
    assert fleet.stocks[PAGE].accountWord(C1) & BLOCKED
    with refuses("token: halted"):
        fleet.stocks[0].transfer(B1, 1, sender=A1)
    with boa.env.anchor():
        fleet.beacon.unhalt(sender=ADMIN)
        assert fleet.beacon.mode() == STRICT
        assert_stopped(fleet, C1)
        fleet.finish(C1)
        assert fleet.beacon.mode() == NORMAL
    fleet.finish(C1)
    assert fleet.beacon.mode() == HALTED
    fleet.beacon.unhalt(sender=ADMIN)
    assert fleet.beacon.mode() == NORMAL
    assert_stopped(fleet, C1)


def test_a_block_in_a_halt_pages_too(fleet: PagedFleet) -> None:
    fleet.beacon.halt(sender=GUARDIAN)
    fleet.block(CORA)
    assert fleet.beacon.mode() == HALTED
    fleet.beacon.unhalt(sender=ADMIN)
    assert fleet.beacon.mode() == STRICT
    assert_stopped(fleet, C1)


def test_a_stock_met_between_pages_hears_the_news(fleet: PagedFleet) -> None:
    """An account enrols on either side of the cursor while STRICT, and stays stopped when STRICT ends."""
    late = fleet.create_stock("US9999999999", BLOCKLIST)
    fleet.block(CORA)
    with refuses("ERC7943CannotReceive", C1):
        late.transfer(C1, 0, sender=B1)
    fleet.unblock(CORA)
    late.mint(C1, 5, sender=MINTER)
    fleet.block(CORA)
    assert_stopped(fleet, C1, [late])
    fleet.finish(C1)
    assert fleet.beacon.mode() == NORMAL
    assert late.accountWord(C1) & BLOCKED
    assert_stopped(fleet, C1, [late])


def test_a_page_that_is_just_full_needs_no_second(fleet: PagedFleet) -> None:
    for stock in fleet.blocklist[:PAGE]:
        stock.transfer(OUTSIDER, 5, sender=B1)
    with boa.env.anchor():
        fleet.block_wallet(OUTSIDER)
        assert (fleet.beacon.mode(), fleet.registry.unfinishedPush(OUTSIDER)) == (NORMAL, 0)
        assert_stopped(fleet, OUTSIDER)
    fleet.blocklist[PAGE].transfer(OUTSIDER, 5, sender=B1)
    fleet.block_wallet(OUTSIDER)
    assert (fleet.beacon.mode(), fleet.registry.unfinishedPush(OUTSIDER)) == (STRICT, STOCKS)
    assert_stopped(fleet, OUTSIDER)
    fleet.unblock_wallet(OUTSIDER)
    assert fleet.beacon.mode() == STRICT
    assert fleet.blocklist[PAGE].transfer(B1, 1, sender=OUTSIDER) is True
    assert fleet.finish(OUTSIDER) == 1
    assert fleet.beacon.mode() == NORMAL
    assert all(stock.transfer(B1, 1, sender=OUTSIDER) for stock in fleet.blocklist)


def test_pages_cross_the_words_of_the_enrolments(fleet: PagedFleet) -> None:
    for number in range(STOCKS, 127):
        fleet.registry.registerToken(named(f"elsewhere {number}"), sender=fleet.factory.address)
    far = [fleet.create_stock(f"US1{i:09}", BLOCKLIST) for i in range(4)]
    assert [fleet.registry.tokenNumber(stock) for stock in far] == [128, 129, 130, 131]
    for stock in far:
        stock.mint(OUTSIDER, 1, sender=MINTER)
    fleet.block_wallet(OUTSIDER)
    assert fleet.registry.unfinishedPush(OUTSIDER) == 130
    assert_stopped(fleet, OUTSIDER, far)
    fleet.registry.continuePush(OUTSIDER)
    assert fleet.beacon.mode() == NORMAL
    assert all(stock.accountWord(OUTSIDER) & BLOCKED for stock in far)
    assert_stopped(fleet, OUTSIDER, far)


def test_without_a_beacon_a_push_that_pages_is_refused_whole(fleet: PagedFleet) -> None:
    boa.env.set_storage(fleet.registry.address, slot_of("enrolments", "_beacon"), 0)
    with refuses("registry: no beacon"):
        fleet.block(CORA)
    assert fleet.registry.isBlocked(C1) is False
    assert fleet.stocks[0].transfer(B1, 1, sender=C1) is True


def test_forced_actions_go_on_between_pages(fleet: PagedFleet) -> None:
    fleet.block(CORA)
    last = fleet.stocks[-1]
    assert last.forcedTransfer(C1, B1, 5, REASON, DOCUMENT, fresh_key(), sender=ENFORCER) is True
    with refuses("ERC7943CannotReceive", C1):
        last.forcedTransfer(B1, C1, 5, REASON, DOCUMENT, fresh_key(), sender=ENFORCER)
