"""A client that no one here wrote, @solana/spl-token with web3.js, sees and moves a stock through the endpoint."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from served import Served, running
from served_ledgers import ledger_at, program
from solana_world import LATER, ROOT
from support.days import ex_of

from scrip import instructions as ins
from scrip.solana.addresses import local_address, local_keypair
from scrip.solana.ledger import SolanaLedger
from scrip.units import RawUnits, Shares, Stablecoin

DAY = 86_400
TIMEOUT = 120


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with running(block_ms=100) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def ledger(served: Served) -> SolanaLedger:
    """Alice holds ten units of a stock that has split 3 for 2; bob may hold, the outsider may not."""
    ledger = ledger_at(served)
    ledger.apply(ins.CreateStock("MSFT", "Microsoft", "US5949181045"))
    for name in ("alice", "bob"):
        ledger.apply(ins.Onboard(name, name, 840, "retail", LATER))
    ledger.apply(ins.FundStablecoin("alice", Stablecoin(10**9)))
    ledger.apply(ins.ConfigureReserve("MSFT", 7 * DAY, 0, Shares(Fraction(10**6))))
    ledger.apply(ins.AttestReserve("MSFT", Shares(Fraction(10**6))))
    quote = ins.QuoteTerms("ten", ledger.now() + 600, 0)
    ledger.apply(ins.Mint("MSFT", "alice", RawUnits(10 * 10**8, 8), Stablecoin(10**7), quote))
    at = ledger.now() + 2 * DAY
    ledger.apply(ins.Announce("MSFT", "SPLF", "split", ex_of(at), at, 3, 2))
    ledger.apply(ins.Schedule("MSFT", "SPLF", "split"))
    ledger.advance_to(at)
    ledger.investors.prepare(ledger.listing("MSFT"), "bob")
    ledger.chain.rich(local_keypair("alice"))
    return ledger


@pytest.fixture(scope="module")
def told(served: Served, ledger: SolanaLedger) -> dict[str, Any]:
    """What the client said."""
    # Bytes of a key that anybody can derive from a name.
    seed = bytes(local_keypair("alice"))[:32].hex()
    people = (str(local_address("bob")), str(local_address("outsider")))
    command = ["node", "tests/solana/spl_client.mjs", served.url, str(ledger.listing("MSFT").mint), seed, *people]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_reads_what_the_mint_is(told: dict[str, Any]) -> None:
    seen = told["before"]
    assert (seen["decimals"], seen["supply"]) == (8, str(10 * 10**8))
    assert (seen["name"], seen["symbol"]) == ("Microsoft", "MSFT")
    assert (seen["paused"], seen["frozen"]) == (False, False)
    assert seen["delegate"] == str(program().at.authority)
    assert (seen["multiplier"], seen["nextMultiplier"]) == (1, 1.5)


def test_it_sees_shares_where_raw_units_stand(told: dict[str, Any], ledger: SolanaLedger) -> None:
    assert told["before"]["raw"] == str(10 * 10**8)
    ways = ("ui", "uiParsed", "uiSimulated", "uiComputed")
    assert {told["before"][way] for way in ways} == {"15"}
    assert {told["after"][way] for way in ways} == {"12.75"}
    assert ledger.balance_ui("MSFT", "alice") == 1_275_000_000


def test_it_transfers_to_whoever_may_hold(told: dict[str, Any], ledger: SolanaLedger) -> None:
    assert told["toBob"]["landed"], told["toBob"]
    assert told["toBob"]["fee"] == 5_000
    assert told["after"]["raw"] == "850000000"
    assert ledger.balance("MSFT", "bob") == RawUnits(150_000_000, 8)


def test_an_outsiders_account_is_frozen_to_it(told: dict[str, Any], ledger: SolanaLedger) -> None:
    assert not told["toOutsider"]["landed"]
    assert "custom program error: 0x11" in told["toOutsider"]["message"]
    assert any("Account is frozen" in line for line in told["toOutsider"]["logs"])
    assert ledger.balance("MSFT", "outsider") == RawUnits(0, 8)
