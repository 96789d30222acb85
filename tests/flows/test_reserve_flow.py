"""The ceiling of a chain: moved once, by the role that may."""

from __future__ import annotations

from support.network_orders import carried_out
from support.network_world import NetworkWorld

from scrip import flows
from scrip.units import Shares


def test_a_ceiling_is_moved_by_its_own_role(trading: NetworkWorld) -> None:
    plan = flows.reserve.ceiling(trading.open(), "MSFT", Shares.of(200))
    assert plan.steps[0].sender == "ceiling-desk"
    carried_out(trading, plan)
    assert not flows.reserve.ceiling(trading.open(), "MSFT", Shares.of(200)).steps
