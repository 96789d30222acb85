"""The ceiling of a chain: moved once, by the role that may."""

from __future__ import annotations

import pytest
from support.network_orders import attest, carried_out
from support.network_world import NetworkWorld

from scrip import flows
from scrip.errors import InputError
from scrip.units import Shares


def test_a_ceiling_is_moved_by_its_own_role(trading: NetworkWorld) -> None:
    plan = flows.reserve.ceiling(trading.open(), "MSFT", Shares.of(200))
    assert plan.steps[0].sender == "ceiling-desk"
    carried_out(trading, plan)
    assert not flows.reserve.ceiling(trading.open(), "MSFT", Shares.of(200)).steps


def test_a_ceiling_waits_for_an_answer_as_of_after_the_delivery(trading: NetworkWorld) -> None:
    attest(trading.open(), 200)
    delivered = trading.open().views().ledger.surplus("MSFT").as_of
    for second in (delivered, delivered + 1):
        with pytest.raises(InputError, match="is not before the latest answer"):
            flows.reserve.ceiling(trading.open(), "MSFT", Shares.of(200), after=second)
    assert flows.reserve.ceiling(trading.open(), "MSFT", Shares.of(200), after=delivered - 1).steps


def test_no_more_is_sold_than_is_free(trading: NetworkWorld) -> None:
    attest(trading.open(), 200)
    found = flows.reserve.sale(trading.open(), "MSFT")
    free = found.there - found.owed
    assert (found.free, found.sold, found.lowered) == (free, free, found.owed)
    assert len(found.order) == 4
    one = flows.reserve.sale(trading.open(), "MSFT", Shares.of(1))
    assert one.lowered == found.there - 10**18
    with pytest.raises(InputError, match="is more than the"):
        flows.reserve.sale(trading.open(), "MSFT", Shares.from_wad(free) + Shares.of(1))
