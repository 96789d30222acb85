"""Two stocks that were born with one ISIN shared the ids of their corporate actions: what was announced of the first
could not be announced of the second, and the desk took the first's record for the second's.

An id has the series in it, too, and is of the ISIN at birth, which is what contracts and program hash: one that a stock
came to carry later is in no id.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.reused_cluster import reused

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.evm.deploy.suite import deploy_suite
from scrip.evm.encoding.values import action_id
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.instructions.base import ISSUER
from scrip.ledger import Ledger
from scrip.solana.build import Build
from scrip.solana.deploy import suite as solana
from scrip.solana.ledger import SolanaLedger

ROOT = Path(__file__).resolve().parents[2]
BIRTH, LATER = "US5949181045", "US4592001014"
START = 1_900_000_000
AT = START + 20 * 86_400
SPLIT = ("SPLF", "2030")


def _announce(stock: str, num: int) -> ins.Announce:
    return ins.Announce(stock, *SPLIT, ex=datetime.fromtimestamp(AT, UTC).date(), effective_at=AT, num=num, den=1)


def on_evm() -> EvmLedger:
    """The first stock carries another ISIN by now, the second was created under the one that it left."""
    chain = RevmChain(START)
    ledger = EvmLedger(chain, deploy_suite(chain))
    ledger.apply(ins.CreateStock("FIRST", "First", BIRTH))
    chain.send(ledger.suite.factory, "setIsin", BIRTH, LATER, sender=ISSUER)
    ledger.apply(ins.CreateStock("SECOND", "Second", BIRTH, series=2))
    return ledger


def on_solana() -> SolanaLedger:
    """The same two on Solana, where an ISIN does not change."""
    chain, program = reused(START, Build(ROOT))
    ledger = SolanaLedger(chain, solana.deploy_suite(chain, program))
    for series, stock in enumerate(("FIRST", "SECOND"), start=1):
        ledger.apply(ins.CreateStock(stock, stock, BIRTH, series=series))
    return ledger


BOTH = [pytest.param(on_evm, id="evm"), pytest.param(on_solana, id="solana")]


@pytest.mark.parametrize("two_stocks", BOTH)
def test_each_has_its_own(two_stocks: Callable[[], Ledger]) -> None:
    ledger = two_stocks()
    ledger.apply(_announce("FIRST", 2))
    assert ledger.action("SECOND", *SPLIT).status == "unknown"
    ledger.apply(_announce("SECOND", 3))
    first, second = (ledger.action(stock, *SPLIT) for stock in ("FIRST", "SECOND"))
    assert (first.status, first.num, second.status, second.num) == ("announced", 2, "announced", 3)
    # The same on every network, whatever ISIN the stock carries there.
    assert (first.id, second.id) == (action_id(BIRTH, 1, *SPLIT), action_id(BIRTH, 2, *SPLIT))
    ledger.apply(ins.Cancel("SECOND", *SPLIT, reason=1, document="why"))
    assert [ledger.action(stock, *SPLIT).status for stock in ("FIRST", "SECOND")] == ["announced", "cancelled"]


def test_an_isin_that_a_stock_came_to_carry_is_in_no_id() -> None:
    """Nor can a stock born with that ISIN, once it is free again, be taken for the one that carried it."""
    evm = on_evm()
    evm.chain.send(evm.suite.factory, "setIsin", LATER, "US0378331005", sender=ISSUER)
    evm.apply(ins.CreateStock("THIRD", "Third", LATER))
    for num, stock in enumerate(("FIRST", "SECOND", "THIRD"), start=2):
        evm.apply(_announce(stock, num))
    assert [evm.action(stock, *SPLIT).num for stock in ("FIRST", "SECOND", "THIRD")] == [2, 3, 4]


@pytest.mark.parametrize("two_stocks", BOTH)
@pytest.mark.parametrize("series", [0, 2**24])
def test_a_series_that_one_chain_could_not_keep_is_refused_by_both(
    two_stocks: Callable[[], Ledger], series: int
) -> None:
    ledger = two_stocks()
    with pytest.raises(Refusal) as refused:
        ledger.apply(ins.CreateStock("THIRD", "Third", "US0378331005", series=series))
    assert refused.value.name == "token: bad series"
