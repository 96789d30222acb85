"""What the chain refuses, drops or contradicts is recorded or reported, never overwritten."""

from dataclasses import replace

import pytest
from eth_utils import keccak
from support.execution_world import (
    COMPLIANCE,
    Stopped,
    again,
    foundation,
    grant,
    nonces,
    onboarding,
    reread,
    run,
    stopping,
)

from scrip.chains.evm import EvmNetwork
from scrip.errors import Drift, Refusal, ScripError
from scrip.evm.accounts import local_account
from scrip.evm.rpc.node import NotMined
from scrip.evm.tx.verify import verify
from scrip.executor import Executor, StepFailed
from scrip.plan import Plan
from scrip.records import Record


def failing(opened: EvmNetwork, monkeypatch) -> Plan:
    """A plan whose step passes the estimate and fails in its block: what it needs is taken away in between."""
    plan = onboarding(1, 3)
    real = opened.node.send_raw

    def send(signed: bytes) -> None:
        monkeypatch.setattr(opened.node, "send_raw", real)
        holder = local_account("compliance-desk").address.lower()
        opened.chain.send(opened.book.contract("roles"), "revokeRole", COMPLIANCE, holder, sender="deployer")
        real(signed)

    monkeypatch.setattr(opened.node, "send_raw", send)
    return plan


def test_a_failed_transaction_is_recorded_with_its_reason_and_signed_anew_by_the_next_run(
    opened: EvmNetwork, monkeypatch
) -> None:
    run(opened, foundation())
    plan = failing(opened, monkeypatch)
    with pytest.raises(StepFailed, match=r"failed on the chain in 0x[0-9a-f]{64}: roles: not authorised") as caught:
        run(opened, plan)
    assert isinstance(caught.value.reason, Refusal)
    failed = opened.records.all()[-1]
    assert (failed.status, failed.reason) == ("failed", "roles: not authorised")
    assert opened.records.open_intents() == []
    holder = local_account("compliance-desk").address.lower()
    opened.chain.send(opened.book.contract("roles"), "grantRole", COMPLIANCE, holder, sender="deployer")
    later = again(opened)
    assert run(later, plan) == ["done"]
    assert later.records.all()[-1].tx != failed.tx
    assert verify(later.records, later.node) == []


def test_a_crash_after_a_failure_is_told_as_that_failure(opened: EvmNetwork, monkeypatch) -> None:
    run(opened, foundation())
    plan = failing(opened, monkeypatch)
    stopping(opened, monkeypatch, "append")
    with pytest.raises(Stopped):
        run(opened, plan)
    later = again(opened)
    with pytest.raises(StepFailed, match="roles: not authorised"):
        run(later, plan)
    assert [one.status for one in later.records.all()[8:]] == ["failed"]


def test_other_code_at_a_recorded_address_is_reported(opened: EvmNetwork) -> None:
    run(opened, foundation())
    registry = opened.book.contract("registry").address
    opened.node.rpc("anvil_setCode", registry, "0x6000")
    found = verify(opened.records, opened.node)
    assert [one.field for one in found] == ["records/0003"]
    assert f"the code of {registry} hashes to" in found[0].found
    with pytest.raises(Drift, match="record 3, deploy registry"):
        run(again(opened), foundation())


def test_a_record_rewritten_with_its_hash_is_betrayed_by_the_chain(opened: EvmNetwork) -> None:
    run(opened, Plan("deploy", "local-1", foundation().steps[:1]))
    (record,) = opened.records.all()
    path = opened.records.paths()[0]
    cases: list[tuple[Record, str]] = [
        (replace(record, block_hash="0x" + "11" * 32), "a reorganisation"),
        (replace(record, status="failed"), "is recorded as failed, and its status is 1"),
        (replace(record, tx="0x" + "22" * 32), "the chain has no transaction"),
        (replace(record, code_hash="0x" + "33" * 32), "hashes to"),
        (replace(record, action=replace(record.action, sender="0x" + "44" * 20)), "was sent by"),
        (replace(record, action=replace(record.action, data_hash="0x" + "55" * 32)), "carries other calldata"),
    ]
    for forged, told in cases:
        path.write_text(forged.text())
        assert any(told in finding.found for finding in verify(reread(opened), opened.node))
        assert path.read_text() == forged.text()


def test_records_that_are_broken_and_intents_left_open_are_findings(opened: EvmNetwork, monkeypatch) -> None:
    stopping(opened, monkeypatch, "append", 3)
    with pytest.raises(Stopped):
        run(opened, foundation())
    (finding,) = verify(reread(opened), opened.node)
    assert finding.field.startswith("records/intents/0x")
    assert "step 'grant compliance-desk'" in finding.expected
    path = opened.records.paths()[0]
    text = path.read_text()
    path.write_text(text.replace('"gas": ', '"gas": 1'))
    (finding,) = verify(reread(opened), opened.node)
    assert (finding.field, finding.severity) == (f"records/{path.name}", "critical")
    assert "was edited" in finding.found
    path.unlink()
    (finding,) = verify(reread(opened), opened.node)
    assert "record 1 is missing" in finding.found
    with pytest.raises(ScripError, match="record 1 is missing"):
        run(again(opened), foundation())


def with_finality(opened: EvmNetwork, blocks: int) -> EvmNetwork:
    chain = opened.manifest.chain.model_copy(update={"finality": blocks})
    opened.manifest = opened.manifest.model_copy(update={"chain": chain})
    opened.node.patience = 0.5
    return opened


def test_nothing_is_recorded_before_it_is_final(opened: EvmNetwork) -> None:
    with_finality(opened, 3)
    with pytest.raises(NotMined, match="does not become final"):
        run(opened, foundation())
    # Eight transactions, a block each: the first five have three blocks above them.
    assert [one.action.step for one in opened.records.all()] == [step.name for step in foundation().steps[:5]]
    assert len(opened.records.open_intents()) == 3
    opened.node.patience = 0.01
    with pytest.raises(NotMined, match="block 6 does not become final"):
        Executor(opened.transactions()).settle()
    assert len(opened.records.open_intents()) == 3
    opened.node.rpc("anvil_mine", "0x1")
    with pytest.raises(NotMined, match="block 7 does not become final"):
        Executor(opened.transactions()).settle()
    opened.node.rpc("anvil_mine", "0x2")
    later = with_finality(again(opened), 3)
    assert run(later, foundation()) == ["already"] * 5 + ["done"] * 3
    assert nonces(opened.node, "deployer") == {"deployer": 8}


def test_what_another_operation_left_is_recorded_when_it_is_final(opened: EvmNetwork, monkeypatch) -> None:
    run(opened, foundation())
    stopping(opened, monkeypatch, "append")
    with pytest.raises(Stopped):
        run(opened, Plan("first", "a", (grant("one"),)))
    later = with_finality(again(opened), 3)
    later.node.patience = 0.01
    (left,) = later.records.open_intents()
    with pytest.raises(NotMined, match="block 9 does not become final"):
        run(later, Plan("second", "b", (grant("two", keccak(text="PAUSER")),)))
    with pytest.raises(NotMined, match="block 9 does not become final"):
        Executor(later.transactions()).abandon(left.action.step_id, "given up")
    assert later.records.open_intents() == [left]
    assert nonces(later.node, "deployer") == {"deployer": 9}
    later.node.rpc("anvil_mine", "0x3")
    assert Executor(later.transactions()).abandon(left.action.step_id, "given up").status == "done"


def test_a_transaction_that_a_reorganisation_drops_is_sent_again(opened: EvmNetwork, monkeypatch) -> None:
    with_finality(opened, 2)
    plan = Plan("deploy", "local-1", foundation().steps[:1])
    real = opened.node.wait_final
    mark = opened.node.rpc("evm_snapshot")

    def reorganise(number: int, finality: int) -> None:
        monkeypatch.setattr(
            opened.node, "wait_final", lambda *args: (opened.node.rpc("anvil_mine", "0x2"), real(*args))
        )
        opened.node.rpc("evm_revert", mark)
        opened.node.rpc("anvil_mine", "0x5")

    monkeypatch.setattr(opened.node, "wait_final", reorganise)
    assert run(opened, plan) == ["done"]
    assert nonces(opened.node, "deployer") == {"deployer": 1}
    assert verify(opened.records, opened.node) == []
