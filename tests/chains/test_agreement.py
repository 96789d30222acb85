"""What is compared of two nodes, and how it is said in what they differ; and that every view is compared."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from support.network_cli import SCRIPTS

from scrip.chains import agreement
from scrip.chains.agreement import agreed, findings_told, plan_told, preview_told
from scrip.errors import InputError, NodeError, Refusal, Unconfirmed
from scrip.plan import Change, Plan, Step
from scrip.preview import Preview
from scrip.reports.findings import Finding
from scrip.units import Shares

MANIFEST = SimpleNamespace(network="mainnet", chain=SimpleNamespace(second_rpc_env="OTHER_RPC"))


@dataclass
class Node:
    """A network over one node, which answers with what it holds, or raises it."""

    asked: str
    says: Any
    witness: Any = None
    finals: list[bool] = field(default_factory=list)
    manifest: Any = field(default_factory=lambda: MANIFEST)

    def beside(self, other: Node, final: bool) -> tuple[Node, Node]:
        self.finals.append(final)
        return self, other


def read(node: Node) -> Any:
    if isinstance(node.says, Exception):
        raise node.says
    return node.says


def two(one: Any, other: Any) -> Node:
    return Node("http://one", one, lambda: Node("http://other", other))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "PAUSES", (0.0, 0.0))


def test_one_node_alone_is_believed() -> None:
    assert agreed(Node("http://one", 7), read) == 7


@dataclass(frozen=True)
class Standing:
    own: Shares
    note: bytes


def test_values_are_compared_field_by_field() -> None:
    one = {"MSFT": [Standing(Shares.of(7), b"\1"), "a"], "none": None}
    assert agreed(two(one, one), read, what="stocks") == one
    other = {"MSFT": [Standing(Shares.of(8), b"\1")]}
    with pytest.raises(Unconfirmed) as apart:
        agreed(two(one, other), read, what="stocks")
    assert str(apart.value) == (
        "mainnet: the two nodes do not agree: "
        "stocks.MSFT.1.own: the first, http://one, says '7', the second, http://other, says '8'; "
        "stocks.MSFT.2: the first, http://one, says 'a', the second, http://other, says 'nothing'; "
        "stocks.none: the first, http://one, says 'None', the second, http://other, says 'nothing'"
    )


def test_many_differences_are_counted() -> None:
    with pytest.raises(Unconfirmed, match=r"; and 4 more$"):
        agreed(two(list(range(9)), list(range(1, 10))), read)


def test_a_node_that_is_behind_is_compared_again() -> None:
    network, answers = two(2, 1), iter((1, 2))

    def caught_up(node: Node) -> int:
        return next(answers) if node.asked == "http://other" else 2

    assert agreed(network, caught_up, final=True) == 2
    assert network.finals == [True, True]


def test_a_question_that_only_the_second_refuses_is_a_difference() -> None:
    with pytest.raises(Unconfirmed, match="the second, http://other, says 'refused: stock: is unknown"):
        agreed(two("open", InputError("is unknown", field="stock")), read, what="the question")
    with pytest.raises(InputError, match="is unknown"):
        agreed(two(InputError("is unknown", field="stock"), "open"), read)


def test_a_silent_second_node_is_asked_once_and_named() -> None:
    asked = []

    def witness() -> Node:
        asked.append(1)
        raise NodeError("the node at http://other does not answer")

    told = "mainnet: the second node does not confirm it: the node at http://other does not answer; OTHER_RPC may name"
    with pytest.raises(Unconfirmed, match=told):
        agreed(Node("http://one", 7, witness), read)
    assert asked == [1]


def test_what_is_compared_of_plans_previews_and_findings() -> None:
    plan = Plan("x", "r", (Step("a", "send a", "desk", ""),), (Change("MSFT", "1", "2"), Change("MSFT", "3", "4")))
    assert plan_told(plan) == {"transaction 1": "send a, by desk", "MSFT": "1 to 2; 3 to 4"}
    assert preview_told(Preview((Change("b", "1", "2"),), refusal=Refusal("x: y"))) == {
        "b": "1 to 2",
        "refused": "x: y",
    }
    found = [Finding("roles", "a", "b", "critical"), Finding("roles", "a", "c")]
    assert findings_told(found) == {"roles": "critical: expected a, found b; drift: expected a, found c"}


ALONE = {"abandon", "attest", "build", "sign_list", "verify"}
"""Commands that open a network and compare nothing: what `deploy abandon` gives up is read from the records; the
genesis that `compliance attest` and `sign-list` ask Solana for is signed, and refused elsewhere; of a register the
second node is asked by scrip.flows.register for the record's block and its supply."""


def test_every_view_of_a_network_is_compared() -> None:
    """A view that prints what one node says would be decided on as if both had said it."""
    views = {}
    for path in SCRIPTS.glob("*.py"):
        for one in ast.walk(ast.parse(path.read_text())):
            if isinstance(one, ast.FunctionDef):
                called = {
                    call.func.id
                    for call in ast.walk(one)
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
                }
                if "opened" in called and one.name not in ALONE:
                    views[f"{path.stem} {one.name}"] = called & {"agreed", "check"}
    assert len(views) >= 12
    assert [name for name, compared in views.items() if not compared] == []
