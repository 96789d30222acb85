"""A run was stopped with a transaction on its way; the command was given again with other terms, and told as done what
the first one had signed: `jonas is retail, FI`, while the chain had SE. A step's name did not say its terms, and its
name alone was compared. What was under way is recorded as what it was, and the other order is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from eth_utils import keccak
from support import execution_world
from support.execution_world import Stopped, again, foundation, grant, reread, run, stopping
from support.network_world import NetworkWorld, deployed_world

from scrip import flows
from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError, ScripError
from scrip.inputs.batch import Batch, Newcomer
from scrip.plan import Plan

FIRST, OTHER = keccak(text="first"), keccak(text="other")


def order(role: bytes, title: str) -> Plan:
    """One step, whose name does not say its terms."""
    return Plan("compliance profile", "number 1", (replace(grant("profile jonas", role), title=title),))


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[EvmNetwork]:
    with execution_world.running_anvil() as url:
        network = execution_world.opened_network(url, tmp_path)
        run(network, foundation())
        yield again(network)


@pytest.mark.parametrize("where", ["wait", "send_raw"])
def test_what_is_asked_for_is_not_told_as_done(opened: EvmNetwork, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Whether the first order's bytes had been handed over or not."""
    with monkeypatch.context() as patch:
        stopping(opened, patch, where, 0)
        with pytest.raises(Stopped):
            run(opened, order(FIRST, "jonas is retail, SE"))
    with pytest.raises(
        ScripError, match=r"jonas is retail, SE: was under way .* jonas is retail, FI, is another order"
    ):
        run(again(opened), order(OTHER, "jonas is retail, FI"))
    last = reread(opened).all()[-1]
    assert (last.action.title, last.status) == ("jonas is retail, SE", "done")
    assert run(again(opened), order(FIRST, "jonas is retail, SE")) == ["already"]


def test_the_same_order_in_other_words_goes_on(opened: EvmNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """A title may tell the hour, or a number that has changed since: what was signed is what counts."""
    with monkeypatch.context() as patch:
        stopping(opened, patch, "wait", 0)
        with pytest.raises(Stopped):
            run(opened, order(FIRST, "jonas is retail, as of 12:00"))
    assert run(again(opened), order(FIRST, "jonas is retail, as of 12:05")) == ["done"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("profiles")) as found:
        yield found


def test_a_profile_of_other_terms_is_no_order_of_the_same_reference(world: NetworkWorld) -> None:
    wallet, year = "0x" + "77" * 20, world.open().now() + 365 * 86_400
    rows = Batch("jonas.csv", "jonas", ((2, Newcomer("jonas", wallet, 756, "retail", year)),))
    world.run(flows.investors.onboard(world.open(), rows))
    world.run(flows.investors.set_profile(world.open(), "jonas", 40, "retail", "p9"))
    with pytest.raises(InputError, match=r"reference: names an order of other terms already \(jonas is retail, AT\)"):
        flows.investors.set_profile(world.open(), "jonas", 56, "retail", "p9")
