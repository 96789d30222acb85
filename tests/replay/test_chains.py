"""The job on EVM chains: whole on revm, in part on titanoboa and on anvil through Ape. Tampering fails there too."""

from dataclasses import replace
from decimal import Decimal

import pytest
from replaying import altered, shortened

from scrip.errors import ScripError
from scrip.evm.chain import Chain
from scrip.evm.deploy.suite import deploy_suite, hand_over
from scrip.evm.ledger import EvmLedger
from scrip.evm.local import anvil
from scrip.evm.local.boa_chain import BoaChain
from scrip.evm.local.revm_chain import RevmChain
from scrip.ledger import EVM
from scrip.model.ledger import ModelLedger
from scrip.replay.events import Event
from scrip.replay.job import Replay
from scrip.replay.report import render
from scrip.replay.result import ReplayError, Result
from scrip.replay.timeline import Timeline

REFUSALS = [
    ("transfer", "ERC7943CannotReceive", "outsider"),
    ("redeem on an old multiplier", "market: multiplier changed", ""),
    ("redeem on an expired quote", "market: quote expired", ""),
    ("redeem on a stranger's quote", "market: not a quote signer", ""),
    ("redeem on a used quote", "market: quote used", ""),
]


def replay(timeline: Timeline, chain: Chain, with_model: bool = True) -> Result:
    suite = deploy_suite(chain)
    model = {"model": ModelLedger(EVM, timeline.genesis)} if with_model else {}
    ledgers = model | {"evm": EvmLedger(chain, suite)}
    return Replay(timeline, ledgers, ready=lambda _: hand_over(chain, suite)).run()


def refused(result: Result) -> list[tuple[str, str, str]]:
    return [(r.step, r.reason, r.detail) for r in result.refusals if r.ledger == "evm"]


def test_microsoft_whole_on_revm() -> None:
    timeline = altered("MSFT", lambda _: None)
    result = replay(timeline, RevmChain(timeline.genesis))
    assert result.deviation("evm") == result.deviation("model") <= 1e-12
    assert refused(result) == REFUSALS
    assert result.finals["evm"] == result.finals["model"]


def test_on_titanoboa() -> None:
    timeline = shortened("MSFT", 735, 12)
    result = replay(timeline, BoaChain(timeline.genesis))
    assert len(result.outcomes) == 2
    assert result.deviation("evm") <= 1e-12
    assert refused(result) == REFUSALS


def one_cent_less(events: list[Event]) -> None:
    events[1] = replace(events[1], gross=events[1].gross - Decimal("0.01"))


def swapped_terms(events: list[Event]) -> None:
    events[0] = replace(events[0], code="SPLR", num=1, den=2)


def dropped_event(events: list[Event]) -> None:
    del events[1]


@pytest.mark.parametrize("alter", [one_cent_less, swapped_terms, dropped_event])
def test_a_tampered_event_fails_on_a_chain_alone(alter) -> None:
    timeline = altered("MSFT", alter)
    with pytest.raises(ReplayError, match="evm deviates from the reference by"):
        replay(timeline, RevmChain(timeline.genesis), with_model=False)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_on_anvil_through_ape() -> None:
    from scrip.evm.local.ape_chain import ApeChain, connected

    timeline = shortened("MSFT", 735, 12)
    with anvil.running(timeline.genesis) as url, connected(url) as provider:
        chain = ApeChain(provider)
        assert chain.now() == timeline.genesis
        result = replay(timeline, chain)
    assert result.deviation("evm") <= 1e-12
    assert refused(result) == REFUSALS
    report = render(result, 1.0)
    assert set(report["deviation"]) == {"model", "evm", "limit"}
    for action in report["actions"]:
        assert action["multiplier"]["evm"] == action["multiplier"]["model"]
        assert all(100_000 < gas < 500_000 for gas in action["gas"].values())
        assert len(action["tx"]["evm"]) == 2
        assert all(tx.startswith("0x") and len(tx) == 66 for tx in action["tx"]["evm"])
    assert [entry["reason"] for entry in report["refusals"]] == [reason for _, reason, _ in REFUSALS]


def test_no_anvil_is_one_clear_error(monkeypatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ScripError, match="anvil is not on PATH"), anvil.running(0):
        pass


def test_an_anvil_that_ends_at_once_is_one_clear_error(monkeypatch, tmp_path) -> None:
    fake = tmp_path / "anvil"
    fake.write_text("#!/bin/sh\necho cannot bind\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(ScripError, match="anvil ended at once: cannot bind"), anvil.running(0):
        pass
