"""A halt between two pages of a push replaced STRICT by HALTED, which believed copies that the push had not reached:
a seizure could deliver units to an account that the registry had just blocked."""

from collections.abc import Iterator

import boa
import pytest
from support.contract_calls import refuses, set_clock
from support.contract_world import EXPIRY, START
from support.paging_world import B1, C1, CORA, PagedFleet, paged_fleet


@pytest.fixture(scope="session")
def built_paged_fleet() -> PagedFleet:
    return paged_fleet()


@pytest.fixture
def fleet(built_paged_fleet: PagedFleet) -> Iterator[PagedFleet]:
    with boa.env.anchor():
        set_clock(START)
        yield built_paged_fleet


def test_nothing_is_seized_into_a_blocked_account(fleet: PagedFleet) -> None:
    fleet.block(CORA)
    assert fleet.registry.unfinishedPush(C1) != 0
    fleet.halt()
    for stock in fleet.stocks:
        with refuses("ERC7943CannotReceive", C1):
            fleet.seize(stock, B1, C1, 1)


def test_nor_into_one_whose_clearance_was_cut(fleet: PagedFleet) -> None:
    fleet.renew(CORA, START)
    fleet.halt()
    for stock in fleet.allowlist:
        with refuses("ERC7943CannotReceive", C1):
            fleet.seize(stock, B1, C1, 1)
    fleet.renew(CORA, EXPIRY)
    assert all(fleet.seize(stock, B1, C1, 1) for stock in fleet.stocks)
