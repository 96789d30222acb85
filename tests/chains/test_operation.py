"""Which part of a plan is sent, written for others or left, and what is done with it; the network only answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from support.record_samples import GENESIS, action

from scrip.chains.network import Proposal
from scrip.chains.operation import Operation, prepared
from scrip.errors import InputError, Refusal
from scrip.plan import Plan, Step, step_id
from scrip.preview import Preview
from scrip.records import Records

PLAN = Plan(
    "compliance onboard",
    "file",
    tuple(Step(f"row {n}", f"row {n}", sender, "") for n, sender in enumerate(("key", "safe", "key", "key"))),
)


@dataclass
class Answering:
    """A network on which `hands` sign. What it is asked to do is noted in `asked`."""

    records: Records
    hands: frozenset[str] = frozenset({"key"})
    refusal: Refusal | None = None
    asked: list[object] = field(default_factory=list)
    genesis: str = GENESIS

    def signs(self, name: str) -> bool:
        return name in self.hands

    def preview(self, _plan: Plan) -> Preview:
        return Preview((), refusal=self.refusal)

    def part(self, plan: Plan, ordered: bool) -> Plan:
        self.asked.append(ordered)
        return replace(plan, steps=plan.steps[1:2])

    def propose(self, plan: Plan, path: Path, nonce: int | None = None) -> Proposal:
        path.write_text(plan.reference)
        return Proposal((str(path),), {"file": str(path), "nonce": nonce})

    def rehearse(self, plan: Plan, build: Any = None) -> Any:
        return plan, build

    def transactions(self, signers: Mapping[str, Any] | None = None) -> Any:
        raise AssertionError("nothing is to be sent")


@pytest.fixture
def network(tmp_path: Path) -> Answering:
    return Answering(Records(tmp_path, "local", GENESIS))


def made(network: Answering, ordered: bool = True) -> Operation:
    return prepared(network, PLAN, ordered)  # type: ignore[arg-type]


def names(plan: Plan) -> list[str]:
    return [step.name for step in plan.steps]


def book(network: Answering, step: Step) -> None:
    """Have the records say that a step is done."""
    identity = "0x" + step_id(GENESIS, PLAN, step).hex()
    with network.records.locked("test"):
        network.records.append("done", action(step_id=identity), "0x")


def test_keys_sign_as_far_as_they_reach_or_all_of_theirs_where_order_is_none(network: Answering) -> None:
    assert names(made(network).signed_here()) == ["row 0"]
    assert names(made(network, ordered=False).signed_here()) == ["row 0", "row 2", "row 3"]


def test_what_no_key_here_signs_first_is_to_be_proposed(network: Answering) -> None:
    network.hands = frozenset()
    with pytest.raises(InputError, match="--propose") as refused:
        made(network).signed_here()
    assert (refused.value.field, refused.value.value) == ("sender", "key")


def test_what_others_sign_the_network_says(network: Answering) -> None:
    assert names(made(network, ordered=False).signed_elsewhere()) == ["row 1"]
    assert network.asked == [False]


def test_what_is_left_is_neither_sent_now_nor_recorded(network: Answering) -> None:
    operation = made(network)
    assert [one.name for one in operation.left(operation.signed_here())] == ["row 1", "row 2", "row 3"]
    book(network, PLAN.steps[2])
    assert [one.name for one in operation.left(operation.signed_here())] == ["row 1", "row 3"]


def test_a_refusal_comes_with_the_preview(network: Answering) -> None:
    network.refusal = Refusal("token: paused")
    assert made(network).preview.refusal is network.refusal


def test_a_proposal_is_never_written_over_another(network: Answering, tmp_path: Path) -> None:
    operation, path = made(network), tmp_path / "proposal.json"
    assert operation.propose(PLAN, path, 7).values == {"file": str(path), "nonce": 7}
    with pytest.raises(InputError, match="stands already") as refused:
        operation.propose(PLAN, path)
    assert refused.value.field == "propose"


def test_a_rehearsal_is_of_the_whole_plan_and_of_a_build(network: Answering) -> None:
    assert made(network).rehearse("next") == (PLAN, "next")
