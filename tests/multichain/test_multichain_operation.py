"""Work of several networks as one operation: planned and previewed on all, shown as one plan, written for others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from multichain_world import ANNOUNCE, AT, CANCEL, ISIN, SCHEDULE, Pair, pair

from scrip.chains.network import Proposal
from scrip.errors import InputError, Refusal
from scrip.multichain.ceilings import CeilingMove
from scrip.multichain.operation import ActionWork, MultichainOperation, prepared
from scrip.multichain.side import Order
from scrip.plan import Change, Plan
from scrip.preview import Preview
from scrip.units import Shares


def ordered(both: Pair, order: Order) -> MultichainOperation:
    return prepared(both.sides, ActionWork(both.action, order))


def test_one_plan_tells_what_is_of_which_network(both: Pair) -> None:
    operation = ordered(both, ANNOUNCE)
    whole = operation.together("action announce")
    assert (whole.name, whole.reference) == ("action announce", "MSFT SPLF split-1")
    assert [step.title for step in whole.steps] == [f"{name}: action announce" for name in operation.networks]
    assert {one.what.partition(":")[0] for one in whole.changes} == set(operation.networks)
    assert both.statuses() == ["unknown", "unknown"]


def test_what_stands_on_one_is_told_of_it(both: Pair) -> None:
    done = Plan("action announce", "r", (), changes=(Change("a", "b", "c"),), same=("it is announced",))
    operation = replace(ordered(both, ANNOUNCE), plans=[done, done])
    assert operation.is_empty
    whole = operation.together("action announce")
    assert whole.same == tuple(f"{name}: it is announced" for name in operation.networks)


def test_orders_are_carried_out_on_all(both: Pair) -> None:
    for order, status in ((ANNOUNCE, "announced"), (SCHEDULE, "scheduled"), (CANCEL, "cancelled")):
        operation = ordered(both, order)
        assert not operation.is_empty
        assert operation.apply()
        assert both.statuses() == [status, status]
        assert not ordered(both, order).apply()


def test_the_first_refusal_of_any_model_is_raised(both: Pair) -> None:
    operation = ordered(both, ANNOUNCE)
    operation.demand_accepted()
    late = replace(ANNOUNCE, effective_at=AT - 10**7)
    with pytest.raises(Refusal, match="effective in the past"):
        ordered(both, late).demand_accepted()
    refused = replace(operation, previews=[Preview(()), Preview((), refusal=Refusal("token: paused"))])
    with pytest.raises(Refusal, match="token: paused"):
        refused.demand_accepted()


def test_a_move_of_ceilings_is_work_too(tmp_path: Path) -> None:
    both = pair(tmp_path)
    move = CeilingMove(*both.sides, both.records, ISIN, Shares.of(10), "move-1")
    operation = prepared(both.sides, move)
    assert [len(plan.steps) for plan in operation.plans] == [1, 1]
    assert operation.apply()
    assert prepared(both.sides, move).is_empty


@dataclass
class Writing:
    """A side that writes files and rehearses, beside what another does."""

    side: Any
    refuses: bool = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.side, name)

    def part(self, plan: Plan) -> Plan:
        if self.refuses:
            raise InputError("signs by a key: --apply", field="sender")
        return plan

    def propose(self, plan: Plan, path: Path) -> Proposal:
        path.write_text(plan.reference)
        return Proposal((f"{path.name} written",), {"file": path.name})

    def rehearse(self, plan: Plan) -> Any:
        return plan.name


def writing(both: Pair, **options: bool) -> MultichainOperation:
    operation = ordered(both, ANNOUNCE)
    return replace(operation, sides=[Writing(side, **options) for side in both.sides])  # type: ignore[misc]


def test_a_file_is_written_for_each_network_that_has_something_to_do(both: Pair, tmp_path: Path) -> None:
    operation = writing(both)
    asked = operation.proposals(tmp_path / "far.json")
    assert [one.path.name for one in asked] == [f"far.{name}.json" for name in operation.networks]
    assert not any(one.path.exists() for one in asked)
    assert [one.write().values["file"] for one in asked] == [one.path.name for one in asked]
    with pytest.raises(InputError, match="stands already"):
        operation.proposals(tmp_path / "far.json")
    done = replace(operation, plans=[operation.plans[0], Plan("action announce", "r", ())])
    assert [one.side for one in done.proposals(tmp_path / "other.json")] == [operation.sides[0]]


def test_what_keys_sign_is_not_written_for_others(both: Pair, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="signs by a key"):
        writing(both, refuses=True).proposals(tmp_path / "far.json")


def test_a_rehearsal_is_of_each_network(both: Pair) -> None:
    operation = writing(both)
    assert operation.rehearse() == dict.fromkeys(operation.networks, "action announce")
