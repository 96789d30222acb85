"""Forced actions: each is done once, and what is refused is known before anything is sent."""

from __future__ import annotations

from dataclasses import replace

from support.network_orders import DOCUMENT, carried_out, wallet
from support.network_world import NetworkWorld

from scrip import flows
from scrip.evm.rehearse.forecast import preview_plan
from scrip.plan.draft import Reason
from scrip.units import WAD, RawUnits


def test_a_refusal_is_known_before_anything_is_sent(trading: NetworkWorld) -> None:
    network = trading.open()
    wrong = replace(
        flows.enforcement.seize(network, "MSFT", "treasury", wallet("alice"), RawUnits(WAD, 18), Reason(6, DOCUMENT))
    )
    order = replace(wrong.steps[0].instructions[0], to="owner-1")
    shown = preview_plan(network, replace(wrong, steps=(replace(wrong.steps[0], instructions=(order,)),)))
    assert shown.refusal is not None
    assert shown.refusal.name == "ERC7943CannotReceive"


def test_forced_actions(trading: NetworkWorld) -> None:
    half = RawUnits(50 * WAD, 18)
    carried_out(trading, flows.enforcement.freeze_tokens(trading.open(), "MSFT", "treasury", half, Reason(5, DOCUMENT)))
    carried_out(trading, flows.enforcement.freeze(trading.open(), "MSFT", "treasury", True, Reason(5, DOCUMENT)))
    carried_out(trading, flows.enforcement.open_case(trading.open(), "MSFT", "treasury", Reason(5, DOCUMENT)))
    seize = flows.enforcement.seize(
        trading.open(), "MSFT", "treasury", wallet("bob"), RawUnits(70 * WAD, 18), Reason(6, DOCUMENT)
    )
    network = carried_out(trading, seize)
    assert network.ledger().balance("MSFT", wallet("bob")) == RawUnits(70 * WAD, 18)
    assert not trading.run(seize).changed
    carried_out(trading, flows.enforcement.close_case(trading.open(), "MSFT", "treasury"))
    carried_out(
        trading, flows.enforcement.freeze(trading.open(), "MSFT", "treasury", False, Reason(5, DOCUMENT, "lifted"))
    )
