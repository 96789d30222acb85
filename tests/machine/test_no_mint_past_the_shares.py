"""After every step a stranger asks each ledger for one unit more than a custodian of its own has shares for.

The custodian (tests/custodian) knows true shares and true dates and shares no code with the law: raw × dividend index
is never above the true shares in one basis and the dividends due. Model, contracts and program are asked at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from custodian.attack import maker
from custodian.desk import ActingDesk
from custodian.on_several import makes
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from machine.test_evm_agrees import EXPLORE

EXAMPLES = int(os.environ.get("SCRIP_CUSTODIAN_EXAMPLES", "8"))
STEPS = 20
# The dearest part is a LiteSVM for each example: few examples, and the rest in `make campaign`.
LEDGERS = {False: ("model", "evm"), True: ("model", "evm", "solana")}
"""Where a stock may have that source: an aggregator, or ATTESTOR."""


@pytest.mark.parametrize("attested", LEDGERS, ids=["blind", "attested"])
def test_no_ledger_mints_past_the_shares(attested: bool, record_property: Callable[[str, object], None]) -> None:
    class Run(ActingDesk):
        make = staticmethod(makes(*map(maker, LEDGERS[attested])))

    Run.attested = attested
    run_state_machine_as_test(
        Run if EXPLORE else seed(5)(Run),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            phases=(Phase.generate,),
        ),
    )
    record_property("summary", f"{EXAMPLES} examples on {', '.join(LEDGERS[attested])}: {Run.mints} mints, all covered")
    assert Run.mints >= EXAMPLES // 2
