"""The sanctions oracle: whom it lists is blocked, and an oracle that lies is suspended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.network_orders import carried_out, newcomers, wallet
from support.network_world import NetworkWorld

from scrip import flows
from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.chain import Contract
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.rehearse.forecast import preview_plan
from scrip.inputs.batch import read_newcomers


def answer(world: NetworkWorld, address: str, what: int) -> None:
    """What the mock of the sanctions oracle says from now on."""
    network = world.open()
    oracle = Contract("MockSanctionsOracle", network.book.contract(ins.SANCTIONS_ORACLE).address)
    network.chain.send(oracle, "setAnswer", network.chain.address(address), what, sender="deployer")


def test_whom_the_oracle_lists_is_blocked_and_nobody_else(trading: NetworkWorld) -> None:
    assert not flows.sanctions.screen(trading.open(), ()).steps
    for address, what in (("treasury", 1), (wallet("alice"), 1), (wallet("bob"), 2), (wallet("stranger"), 1)):
        answer(trading, address, what)
    everybody = flows.sanctions.screen(trading.open(), ())
    (step,) = everybody.steps
    assert sorted(step.instructions[0].wallets) == sorted([wallet("alice"), "treasury"])
    assert f"nothing is said about {wallet('bob')}" in everybody.same
    carried_out(trading, everybody)
    assert not flows.sanctions.screen(trading.open(), ("treasury", wallet("alice"))).steps
    carried_out(trading, flows.sanctions.screen(trading.open(), (wallet("stranger"),), "duty-officer"))
    assert trading.open().views().clearances(["house"])["house"].blocked


def test_an_oracle_that_lies_is_suspended_and_named_again_by_the_timelock(world: NetworkWorld, tmp_path: Path) -> None:
    carried_out(world, flows.sanctions.suspend(world.open()))
    assert flows.sanctions.suspend(world.open()).same == ("the sanctions oracle is suspended",)
    with pytest.raises(InputError, match="is suspended"):
        flows.sanctions.screen(world.open(), (wallet("alice"),))
    batch = read_newcomers(newcomers(tmp_path, f"inv-new,{wallet('new')},FR,retail,2029-06-30"))
    shown = preview_plan(world.open(), flows.investors.onboard(world.open(), batch))
    assert shown.refusal is not None
    assert shown.refusal.name == "sanctions: no answer"
    (step,) = [one for one in plan_settings(world.open()).steps if one.function == "setSanctionsOracle"]
    assert step.sender == "timelock"
    none = world.manifest.model_copy(update={"sanctions_oracle": ""})
    with pytest.raises(InputError, match="is suspended"):
        flows.sanctions.screen(world.open(none), ())
    (step,) = [one for one in plan_settings(world.open(none)).steps if one.function == "setSanctionsOracle"]
    assert preview_plan(world.open(none), replace(plan_settings(world.open(none)), steps=(step,))).ok


def test_another_oracle_of_the_manifest_is_named_by_the_timelock(world: NetworkWorld) -> None:
    other = world.open().chain.deploy("MockSanctionsOracle", sender="deployer").address
    network = world.open(world.manifest.model_copy(update={"sanctions_oracle": other}))
    plan = plan_settings(network)
    (step,) = [one for one in plan.steps if one.function == "setSanctionsOracle"]
    assert (step.sender, network.chain.address(step.args[0].name)) == ("timelock", other)
    assert preview_plan(network, replace(plan, steps=(step,))).ok
    nobody = world.open(world.manifest.model_copy(update={"sanctions_oracle": wallet("nobody")}))
    refused = preview_plan(nobody, plan_settings(nobody))
    assert refused.refusal is not None
    assert refused.refusal.name == "sanctions: not a contract"
