"""Lost wallets: replaced with all that they hold, for their own investor alone."""

from __future__ import annotations

import pytest
from support.network_orders import DOCUMENT, carried_out, wallet
from support.network_world import NetworkWorld

from scrip import flows
from scrip.errors import InputError
from scrip.evm.rehearse.forecast import preview_plan
from scrip.plan.draft import Reason
from scrip.units import WAD, RawUnits


def test_a_lost_wallet_is_replaced_with_all_that_it_holds(trading: NetworkWorld) -> None:
    fresh, why = wallet("fresh"), Reason(4, DOCUMENT)
    carried_out(trading, flows.enforcement.freeze(trading.open(), "MSFT", "treasury", True, Reason(5, DOCUMENT)))
    plan = flows.recovery.recover(trading.open(), "house", "treasury", fresh, (), why)
    shown = {change.what: change.after for change in preview_plan(trading.open(), plan).changes}
    assert shown[f"MSFT of {fresh}"].startswith("100 tokens")
    assert shown[f"MSFT of {fresh} frozen"] == "all"
    assert shown["successor of treasury"] == fresh
    assert shown["treasury, of no investor, is blocked"] == "yes"
    network = carried_out(trading, plan)
    assert network.ledger().balance("MSFT", fresh) == RawUnits(100 * WAD, 18)
    again = flows.recovery.recover(trading.open(), "house", "treasury", fresh, (), why)
    assert (again.steps, again.same) == ((), (f"{fresh} is the successor of treasury",))
    with pytest.raises(InputError, match="was recovered: its successor is"):
        flows.recovery.recover(trading.open(), "house", "treasury", wallet("other"), (), why)


def test_what_a_lost_wallet_left_is_fetched_by_anyone(trading: NetworkWorld) -> None:
    fresh, why = wallet("fresh"), Reason(4, DOCUMENT)
    carried_out(trading, flows.recovery.recover(trading.open(), "house", "treasury", fresh, ("AAPL",), why))
    plan = flows.recovery.recover_in(trading.open(), "treasury", (), "duty-officer")
    network = carried_out(trading, plan)
    assert network.ledger().balance("MSFT", fresh) == RawUnits(100 * WAD, 18)
    assert flows.recovery.recover_in(trading.open(), "treasury", ()).same == ("nothing is left with treasury",)


def test_a_wallet_is_not_recovered_for_somebody_else(trading: NetworkWorld) -> None:
    network, why = trading.open(), Reason(4, DOCUMENT)
    for investor, old, new, reason in (
        ("inv-bob", "treasury", wallet("fresh"), "belongs to another investor"),
        ("house", wallet("nobody"), wallet("fresh"), "belongs to nobody"),
        ("house", "treasury", wallet("bob"), "is an investor's already"),
    ):
        with pytest.raises(InputError, match=reason):
            flows.recovery.recover(network, investor, old, new, (), why)
    with pytest.raises(InputError, match="was not recovered"):
        flows.recovery.recover_in(network, "treasury", ())
