"""Corporate actions: announced, scheduled and cancelled once, each as its preview says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from support.network_orders import DOCUMENT, carried_out
from support.network_world import START, NetworkWorld

from scrip import flows
from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.rehearse.forecast import preview_plan
from scrip.labels import oracle_label
from scrip.units import WAD

DAY = 86_400


def test_a_split_from_announcement_to_the_new_basis(trading: NetworkWorld) -> None:
    network = trading.open()
    at = START + 4 * DAY + 23_400
    order = ins.Announce("MSFT", "SPLF", "2027-split", date(2027, 1, 19), at, num=2, den=1)
    carried_out(trading, flows.actions.announce(network, order))
    assert not flows.actions.announce(trading.open(), order).steps
    with pytest.raises(InputError, match="is announced with other terms"):
        flows.actions.announce(trading.open(), replace(order, num=3))
    plan = flows.actions.schedule(trading.open(), ins.Schedule("MSFT", "SPLF", "2027-split"))
    later = {
        change.what: change.after for change in preview_plan(trading.open(), plan).changes if " from " in change.what
    }
    assert any(what.startswith("MSFT of treasury from") and "= 200 shares" in now for what, now in later.items())
    network = carried_out(trading, plan)
    network.node.rpc("evm_mine", {"timestamp": at})
    network.chain.send(network.book.contract(oracle_label("MSFT")), "push", 2 * 10**6 * WAD, sender="deployer")
    carried_out(trading, flows.reserve.confirm_basis(trading.open(), "MSFT", "ceiling-desk"))
    assert not flows.reserve.confirm_basis(trading.open(), "MSFT", "ceiling-desk").steps


def test_an_action_is_cancelled_once(trading: NetworkWorld) -> None:
    network = trading.open()
    at = START + 4 * DAY + 23_400
    carried_out(
        trading,
        flows.actions.announce(network, ins.Announce("MSFT", "DRIP", "d", date(2027, 1, 19), at, gross=WAD, pay=at)),
    )
    carried_out(trading, flows.actions.schedule(trading.open(), ins.Schedule("MSFT", "DRIP", "d", 27 * WAD)))
    # It said: at the price 27000000000000000000 (a wad).
    with pytest.raises(InputError, match=r"price: is scheduled at the price 27 \(got '28'\)"):
        flows.actions.schedule(trading.open(), ins.Schedule("MSFT", "DRIP", "d", 28 * WAD))
    cancel = ins.Cancel("MSFT", "DRIP", "d", 7, DOCUMENT)
    carried_out(trading, flows.actions.cancel(trading.open(), cancel))
    assert not flows.actions.cancel(trading.open(), cancel).steps


def test_cash_before_a_deferred_ex_is_announced_once(trading: NetworkWorld) -> None:
    at = START + 4 * DAY + 23_400
    order = ins.Announce("MSFT", "DRIP", "deferred", date(2027, 1, 19), at, gross=8 * WAD, pay=at - 4 * DAY)
    carried_out(trading, flows.actions.announce(trading.open(), order))
    assert not flows.actions.announce(trading.open(), order).steps
    assert not flows.actions.announce(trading.open(), replace(order, buy=at)).steps
    found = flows.actions.show(trading.open(), "MSFT", "DRIP", "deferred")
    assert (found.pay, found.buy) == (at - 4 * DAY, at)


SPLIT = ins.Announce("MSFT", "SPLF", "s", date(2027, 1, 18), 1_800_000_000, num=2, den=1)
DIVIDEND = ins.Announce("MSFT", "DRIP", "d", date(2027, 1, 18), 1_800_000_000, gross=WAD, pay=1_800_000_000)


@pytest.mark.parametrize(
    "order",
    [
        SPLIT,
        DIVIDEND,
        ins.Schedule("MSFT", "SPLF", "s"),
        ins.Schedule("MSFT", "DRIP", "d", WAD),
        ins.Cancel("MSFT", "DRIP", "d", 7, DOCUMENT),
    ],
    ids=lambda order: f"{type(order).__name__} {order.code}",
)
def test_each_code_takes_its_own_terms(order: flows.actions.Order) -> None:
    flows.actions.check_terms(order)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (replace(SPLIT, den=0), "old: is 0, and SPLF takes new and old, and no gross or pay"),
        (replace(SPLIT, pay=1), "pay: is 1970-01-01 00:00:01 UTC, and SPLF takes new and old, and no gross or pay"),
        (replace(DIVIDEND, pay=0), "pay: is 0, and DRIP takes gross and pay, and no new or old"),
        (replace(DIVIDEND, num=2, den=1), "new: is 2, and DRIP takes gross and pay, and no new or old"),
        (ins.Schedule("MSFT", "SPLR", "s", WAD), "price: is 1, and SPLR takes no price"),
        (ins.Schedule("MSFT", "DRIP", "d"), "price: is 0, and DRIP takes price"),
    ],
)
def test_other_terms_are_refused_before_a_chain_is_asked(order: flows.actions.Order, said: str) -> None:
    with pytest.raises(InputError) as refused:
        flows.actions.check_terms(order)
    assert str(refused.value) == said
