"""A reference is one operation: with other terms it is refused, before anything is planned."""

from __future__ import annotations

import pytest
from support.network_orders import DOCUMENT, carried_out, wallet
from support.network_world import NetworkWorld

from scrip import flows
from scrip.errors import InputError
from scrip.plan import Plan
from scrip.plan.draft import Reason
from scrip.units import WAD, RawUnits, Shares

TEN, TWELVE = RawUnits(10 * WAD, 18), RawUnits(12 * WAD, 18)
OTHER_TERMS = "names an order of other terms already"


def seizing(world: NetworkWorld, amount: RawUnits, reference: str, document: str = DOCUMENT, to: str = "bob") -> Plan:
    return flows.enforcement.seize(world.open(), "MSFT", "treasury", wallet(to), amount, Reason(6, document, reference))


def test_nothing_is_seized_twice_under_one_reference(trading: NetworkWorld) -> None:
    carried_out(trading, seizing(trading, TEN, "ord-7"))
    with pytest.raises(InputError, match=OTHER_TERMS) as refused:
        seizing(trading, TWELVE, "ord-7")
    assert (refused.value.field, refused.value.value) == ("reference", "ord-7")
    with pytest.raises(InputError, match="names an order of other terms"):
        seizing(trading, TEN, "ord-7", to="alice")
    assert not seizing(trading, TEN, "ord-7").steps
    carried_out(trading, seizing(trading, TWELVE, "ord-8"))


def test_under_a_document_alone_an_account_is_seized_from_once(trading: NetworkWorld) -> None:
    carried_out(trading, seizing(trading, TEN, "", "order-9"))
    with pytest.raises(InputError, match="names an order on treasury of other terms already") as refused:
        seizing(trading, TWELVE, "", "order-9")
    assert (refused.value.field, refused.value.value) == ("document", "order-9")
    # Another account's units, under the same order.
    back = flows.enforcement.seize(trading.open(), "MSFT", wallet("bob"), "treasury", TEN, Reason(6, "order-9"))
    carried_out(trading, back)


def test_two_ceilings_are_not_set_under_one_reference(trading: NetworkWorld) -> None:
    carried_out(trading, flows.reserve.ceiling(trading.open(), "MSFT", Shares.of(190), "c-1"))
    with pytest.raises(InputError, match=OTHER_TERMS):
        flows.reserve.ceiling(trading.open(), "MSFT", Shares.of(180), "c-1")
    assert not flows.reserve.ceiling(trading.open(), "MSFT", Shares.of(190), "c-1").steps
    carried_out(trading, flows.reserve.ceiling(trading.open(), "MSFT", Shares.of(180), "c-2"))
    carried_out(trading, flows.reserve.ceiling(trading.open(), "MSFT", Shares.of(170)))
    carried_out(trading, flows.reserve.ceiling(trading.open(), "MSFT", Shares.of(160)))


def test_one_incident_may_stop_several_stocks(trading: NetworkWorld) -> None:
    for stock in ("MSFT", "AAPL"):
        carried_out(trading, flows.fleet.pause(trading.open(), stock, True, "incident-1"))
