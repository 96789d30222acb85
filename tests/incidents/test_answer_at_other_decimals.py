"""An aggregator that had 8 decimals when the feed was told of it had 6 later, or 10: its answer was taken for a
hundredth of the custodian's shares, or for a hundred times as many. And of one with 36 decimals an answer of 341 shares
was refused as too great, though 340 were taken: it was bounded before it was brought to 18 decimals."""

import pytest
from support.contract_calls import refuses
from support.issuance_world import ALICE, MINTER, START, SUPPLY, WAD, Issuance, deploy_stub
from support.three_ledgers import DAY, STOCK

from scrip import instructions as ins
from scrip.ledger import EVM
from scrip.model.ledger import ModelLedger
from scrip.model.state import ModelConfig
from scrip.units import Shares


@pytest.mark.parametrize("decimals", [6, 10, 36])
def test_contracts_refuse_decimals_that_change_until_somebody_has_looked(suite: Issuance, decimals: int) -> None:
    oracle = deploy_stub("StubOracle", 8)
    suite.configure(oracle=oracle)
    oracle.set(0, 1_001 * 10**8, START)
    oracle.setDecimals(decimals)
    oracle.set(0, 1_001 * 10**decimals, START)
    with refuses("reserve: decimals changed"):
        suite.stock.mint(ALICE, WAD, sender=MINTER)
    assert suite.feed.coverage(suite.stock)[0] == 0
    suite.configure(oracle=oracle)
    assert suite.feed.coverage(suite.stock)[0] == 1_001 * WAD
    suite.stock.mint(ALICE, WAD, sender=MINTER)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1, sender=MINTER)


@pytest.mark.parametrize("shares", [340, 341, 10**9])
def test_contracts_count_every_share_at_36_decimals(suite: Issuance, shares: int) -> None:
    """10^9 shares need 2^150 there; one unit more than they back is refused."""
    oracle = deploy_stub("StubOracle", 36)
    suite.configure(oracle=oracle, ceiling=10**12 * WAD)
    oracle.set(0, shares * 10**36, START)
    assert suite.feed.coverage(suite.stock)[0] == shares * WAD
    suite.stock.burn(ALICE, SUPPLY, sender=MINTER)
    suite.stock.mint(ALICE, shares * WAD, sender=MINTER)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 1, sender=MINTER)


@pytest.mark.parametrize("shares", [340, 341, 10**9])
def test_the_model_counts_every_share_at_36_decimals(shares: int) -> None:
    ledger = ModelLedger(EVM, START, ModelConfig(oracle_decimals=36))
    ledger.apply(ins.CreateStock(STOCK, "Microsoft Corporation", "US5949181045"))
    ledger.apply(ins.ConfigureReserve(STOCK, DAY, 0, Shares.of(10**12)))
    ledger.apply(ins.AttestReserve(STOCK, Shares.of(shares)))
    assert ledger.coverage(STOCK).attested == shares * WAD
