"""The job on Solana: Microsoft whole in LiteSVM, held to the models of both chains. Tampering fails here too."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from replaying import altered, shortened
from support.reused_cluster import reused

from scrip.errors import ScripError
from scrip.ledger import EVM, SOLANA
from scrip.model.ledger import ModelLedger
from scrip.replay import report
from scrip.replay.events import Event
from scrip.replay.job import Replay
from scrip.replay.result import ReplayError
from scrip.replay.timeline import Timeline
from scrip.solana.build import Build
from scrip.solana.deploy.suite import deploy_suite, start_chain
from scrip.solana.ledger import SolanaLedger
from scrip.units import WAD

REFUSALS = [
    ("transfer", "ERC7943CannotReceive", "AccountFrozen"),
    ("redeem on an old multiplier", "market: multiplier changed", "MultiplierChanged"),
    ("redeem on an expired quote", "market: quote expired", "QuoteExpired"),
    ("redeem on a stranger's quote", "market: not a quote signer", "NotAQuoteSigner"),
    ("redeem on a used quote", "market: quote used", "QuoteUsed"),
]


def ledger(timeline: Timeline) -> SolanaLedger:
    chain, program = reused(timeline.genesis)
    return SolanaLedger(chain, deploy_suite(chain, program))


def test_microsoft_whole_in_litesvm(tmp_path: Path) -> None:
    timeline = altered("MSFT", lambda _: None)
    models = {"model": ModelLedger(EVM, timeline.genesis), "model of solana": ModelLedger(SOLANA, timeline.genesis)}
    result = Replay(timeline, models | {"solana": ledger(timeline)}).run()
    assert result.deviation("solana") == result.deviation("model") <= 1e-12
    assert result.finals["solana"] == result.finals["model of solana"]
    assert [(r.step, r.reason, r.detail) for r in result.refusals if r.ledger == "solana"] == REFUSALS

    path = tmp_path / "demo.json"
    report.write(result, 1.0, path)
    data = json.loads(path.read_text())
    assert data["deviation"]["solana"] <= data["deviation"]["limit"] == 1e-9
    assert data["final"]["solana"]["supply_raw"] == str(10_000 * 10**8)
    assert data["final"]["solana"]["balances_raw"]["alice"] == "376550000000"
    assert {entry["chain"] for entry in data["refusals"]} >= {"solana"}
    for action, outcome in zip(data["actions"], result.outcomes, strict=True):
        shown = action["multiplier"]["solana"]
        # Python divides integers to the nearest double.
        assert shown.pop("f64") == outcome.multiplier["solana"].ui_multiplier / WAD
        assert shown == action["multiplier"]["model"]
        assert set(action["cu"]) == {"announce", "schedule"}
        assert all(10_000 < units < 200_000 for units in action["cu"].values())
        assert len(action["tx"]["solana"]) == len(set(action["tx"]["solana"])) == 2
    assert len({tx for action in data["actions"] for tx in action["tx"]["solana"]}) == 76


def one_cent_less(events: list[Event]) -> None:
    events[1] = replace(events[1], gross=events[1].gross - Decimal("0.01"))


def swapped_terms(events: list[Event]) -> None:
    events[0] = replace(events[0], code="SPLR", num=1, den=2)


def dropped_event(events: list[Event]) -> None:
    del events[1]


@pytest.mark.parametrize("alter", [one_cent_less, swapped_terms, dropped_event])
def test_a_tampered_event_fails_on_solana_alone(alter) -> None:
    timeline = altered("MSFT", alter)
    with pytest.raises(ReplayError, match="solana deviates from the reference by"):
        Replay(timeline, {"solana": ledger(timeline)}).run()


def test_a_program_that_is_not_built_is_one_clear_error(tmp_path: Path) -> None:
    timeline = shortened("FB", 0, 10)
    with pytest.raises(ScripError, match=r"not built, .*stock_token\.so is missing: make program builds it"):
        start_chain(timeline.genesis, Build(tmp_path))
