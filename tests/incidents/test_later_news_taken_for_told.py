"""News of an investor that is too long for one transaction stops at a stock, and whoever goes on names wallet and
stock. A later piece that stopped at the same stock was the same step of the same operation: the records had it as done,
nothing was sent, and the stocks behind went by the old clearance."""

from __future__ import annotations

from types import SimpleNamespace

from scrip.flows import investors
from scrip.plan import Plan, Step
from scrip.plan.identity import identity

STEP = Step("0xa1 from stock 64", "tell the stocks of 0xa1, from number 64", "keeper", "")


def test_a_later_piece_that_stops_at_the_same_stock_is_told() -> None:
    done: set[str] = set()
    records = SimpleNamespace(known=lambda _, step: SimpleNamespace(done=True) if step in done else None)
    views = SimpleNamespace(genesis="0x" + "11" * 32, records=records, push=lambda _investor, _by: [STEP])
    network = SimpleNamespace(views=lambda: views)
    seen = []
    for _ in range(3):
        plan = investors.push(network, "inv-1", "keeper")
        [step] = plan.steps
        named = identity(views, Plan(plan.name, plan.reference, ()), step)
        assert named not in done
        # A run that was cut short finds the step under the name that it had.
        assert investors.push(network, "inv-1", "keeper").steps == plan.steps
        done.add(named)
        seen.append(step.name)
    assert seen == ["0xa1 from stock 64", "0xa1 from stock 64, time 2", "0xa1 from stock 64, time 3"]
