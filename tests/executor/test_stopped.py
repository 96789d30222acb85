"""A plan that stopped anywhere goes on, repeats nothing, and says where it cannot."""

import pytest
from eth_utils import keccak
from support.execution_world import (
    Stopped,
    again,
    entries,
    foundation,
    grant,
    nonces,
    onboarding,
    run,
    stopping,
    take_nonce,
)

from scrip.chains.evm import EvmNetwork
from scrip.errors import Drift, InputError, ScripError
from scrip.evm.rpc.node import Fees
from scrip.evm.rpc.signers import LocalSigner
from scrip.evm.rpc.wire import RpcError
from scrip.evm.tx.replacement import fees_of, outbidding
from scrip.evm.tx.verify import verify
from scrip.executor import Executor
from scrip.plan import Plan


@pytest.mark.parametrize("skip", [0, 2, 6])
@pytest.mark.parametrize("where", ["write_intent", "send_raw", "wait", "append"])
def test_a_plan_that_stopped_anywhere_goes_on_and_repeats_nothing(
    opened: EvmNetwork, monkeypatch, where: str, skip: int
) -> None:
    stopping(opened, monkeypatch, where, skip)
    with pytest.raises(Stopped):
        run(opened, foundation())
    later = again(opened)
    assert len(later.records.all()) == skip
    statuses = run(later, foundation())
    assert statuses == ["already"] * skip + ["done"] * (8 - skip)
    assert nonces(opened.node, "deployer") == {"deployer": 8}
    assert len(later.records.all()) == 8
    assert verify(later.records, later.node) == []


def test_the_same_bytes_are_sent_again(opened: EvmNetwork, monkeypatch) -> None:
    stopping(opened, monkeypatch, "send_raw")
    with pytest.raises(Stopped):
        run(opened, foundation())
    (intent,) = opened.records.open_intents()
    later = again(opened)
    sent: list[bytes] = []
    real = later.node.send_raw
    monkeypatch.setattr(later.node, "send_raw", lambda signed: (sent.append(signed), real(signed))[1])
    run(later, foundation())
    assert "0x" + sent[0].hex() == intent.signed
    assert later.records.all()[0].tx == intent.tx


def test_a_transaction_lost_by_the_node_is_sent_again(opened: EvmNetwork) -> None:
    run(opened, foundation())
    mark = opened.node.rpc("evm_snapshot")
    run(opened, Plan("x", "1", (grant(),)))
    opened.node.rpc("evm_revert", mark)
    # The record says it was done, and the chain says it was not: nothing is sent in silence.
    with pytest.raises(Drift, match="record 9, grant: the chain has no transaction 0x"):
        run(again(opened), Plan("x", "1", (grant(),)))
    found = verify(opened.records, opened.node)
    assert [one.field for one in found] == ["records/0009"]


def test_another_operation_does_not_overtake_one_that_stopped(opened: EvmNetwork, monkeypatch) -> None:
    run(opened, foundation())
    stopping(opened, monkeypatch, "send_raw")
    with pytest.raises(Stopped):
        run(opened, Plan("first", "a", (grant("one"),)))
    later = again(opened)
    with pytest.raises(ScripError, match=r"'first' \(a\) stopped at step 'one', which was signed and is not mined"):
        run(later, Plan("second", "b", (grant("two", keccak(text="PAUSER")),)))
    assert run(later, Plan("first", "a", (grant("one"),))) == ["done"]
    assert run(later, Plan("second", "b", (grant("two", keccak(text="PAUSER")),))) == ["done"]


def test_another_operation_records_what_one_that_stopped_had_mined(opened: EvmNetwork, monkeypatch) -> None:
    run(opened, foundation())
    stopping(opened, monkeypatch, "append")
    with pytest.raises(Stopped):
        run(opened, Plan("first", "a", (grant("one"),)))
    later = again(opened)
    run(later, Plan("second", "b", (grant("two", keccak(text="PAUSER")),)))
    assert [one.action.operation for one in later.records.all()[8:]] == ["first", "second"]
    assert run(later, Plan("first", "a", (grant("one"),))) == ["already"]


def test_what_a_stopped_run_had_mined_is_recorded_where_nothing_else_is_to_do(opened: EvmNetwork, monkeypatch) -> None:
    run(opened, foundation())
    left = {}
    for where in ("append", "send_raw"):
        opened = again(opened)
        stopping(opened, monkeypatch, where)
        with pytest.raises(Stopped):
            run(opened, Plan(where, "a", (grant("one"),)))
        opened = again(opened)
        left[where] = [one.number for one in Executor(opened.transactions()).settle()]
    assert left == {"append": [9], "send_raw": []}
    (opened.records.folder / "0010-grant.json.part").touch()
    Executor(opened.transactions()).settle()
    assert not list(opened.records.folder.glob("*.part"))
    assert [one.action.operation for one in opened.records.open_intents()] == ["send_raw"]
    assert [one.expected for one in verify(opened.records, opened.node)] == ["a record of 'send_raw', step 'one'"]


def test_a_nonce_used_by_another_transaction_stops_the_plan(opened: EvmNetwork, monkeypatch) -> None:
    run(opened, foundation())
    plan = Plan("first", "a", (grant("one"),))
    stopping(opened, monkeypatch, "send_raw")
    with pytest.raises(Stopped):
        run(opened, plan)
    later = again(opened)
    take_nonce(later, "deployer")
    for attempt in (plan, Plan("second", "b", (grant("two"),))):
        with pytest.raises(Drift, match="'first', step 'one': nonce 8 of deployer was used by another"):
            run(later, attempt)
    identifier = later.records.open_intents()[0].action.step_id
    record = Executor(later.transactions()).abandon(identifier, "the wallet sent 8 by hand")
    assert (record.status, record.reason) == ("abandoned", "the wallet sent 8 by hand")
    assert run(later, plan) == ["done"]
    assert verify(later.records, later.node) == []


def test_an_abandoned_intent_can_never_be_mined(opened: EvmNetwork, monkeypatch) -> None:
    """Its sender uses the nonce up first, whatever becomes of the signed bytes."""
    stopping(opened, monkeypatch, "send_raw")
    with pytest.raises(Stopped):
        run(opened, foundation())
    later = again(opened)
    (intent,) = later.records.open_intents()
    record = Executor(later.transactions()).abandon(intent.action.step_id, "the wrong network fee")
    assert (record.status, record.reason, record.tx) == ("abandoned", "the wrong network fee", intent.tx)
    with pytest.raises(RpcError, match="nonce too low"):
        later.node.send_raw(bytes.fromhex(intent.signed[2:]))
    assert later.records.open_intents() == []
    assert run(later, foundation()) == ["done"] * 8
    assert verify(later.records, later.node) == []
    with pytest.raises(InputError, match="has no open intent"):
        Executor(later.transactions()).abandon(intent.action.step_id, "again")


def test_an_intent_that_was_mined_is_recorded_and_not_abandoned(opened: EvmNetwork, monkeypatch) -> None:
    stopping(opened, monkeypatch, "append")
    with pytest.raises(Stopped):
        run(opened, foundation())
    later = again(opened)
    record = Executor(later.transactions()).abandon(later.records.open_intents()[0].action.step_id, "impatience")
    assert (record.status, record.reason) == ("done", "")
    assert run(later, foundation()) == ["already"] + ["done"] * 7


def test_only_its_own_sender_uses_a_nonce_up(opened: EvmNetwork, monkeypatch) -> None:
    stopping(opened, monkeypatch, "send_raw")
    with pytest.raises(Stopped):
        run(opened, foundation())
    later = again(opened)
    with pytest.raises(ScripError, match="deployer signs for 0x"):
        Executor(later.transactions({"deployer": LocalSigner("owner-1")})).abandon(
            later.records.open_intents()[0].action.step_id, "x"
        )
    assert len(later.records.open_intents()) == 1


def test_a_replacement_outbids_what_it_replaces() -> None:
    signed = LocalSigner("deployer").sign_transaction(
        {"chainId": 1, "nonce": 8, "gas": 1, "maxFeePerGas": 80, "maxPriorityFeePerGas": 8, "value": 0, "data": b""}
    )
    assert fees_of(signed) == Fees(80, 8)
    assert outbidding(Fees(80, 8), Fees(50, 20)) == Fees(91, 20)
    assert outbidding(Fees(0, 0), Fees(0, 0)) == Fees(0, 0)


def lose(opened: EvmNetwork) -> EvmNetwork:
    """The network of an operator whose records are a copy from before the onboarding."""
    for path in opened.records.paths()[8:]:
        path.unlink()
    for path in (opened.records.folder / "intents").iterdir():
        path.unlink()
    (opened.records.folder / "head").unlink()
    return again(opened)


def test_a_step_whose_key_is_used_is_found_on_the_chain_and_recorded(opened: EvmNetwork) -> None:
    run(opened, foundation())
    run(opened, onboarding(2, 3))
    before, lost = nonces(opened.node, "compliance-desk"), opened.records.all()[8:]
    later = lose(opened)
    assert run(later, onboarding(2, 3)) == ["already"] * 2
    assert nonces(opened.node, "compliance-desk") == before
    found = later.records.all()[8:]
    assert [one.tx for one in found] == [one.tx for one in lost]
    assert all(one.found and one.done for one in found)
    assert verify(later.records, later.node) == []


def test_a_used_key_counts_where_no_log_is_to_be_had(opened: EvmNetwork, monkeypatch) -> None:
    run(opened, foundation())
    run(opened, onboarding(1, 3))
    later = lose(opened)

    def refuse(*args: object) -> list:
        raise RpcError("query exceeds max block range")

    monkeypatch.setattr(later.node, "logs", refuse)
    result = Executor(later.transactions()).run(onboarding(1, 3))
    assert [(one.status, one.record) for one in result.outcomes] == [("already", None)]
    assert nonces(opened.node, "compliance-desk") == {"compliance-desk": 1}


def test_a_batch_that_somebody_else_landed_is_done_though_its_nonce_is_taken(opened: EvmNetwork, monkeypatch) -> None:
    run(opened, foundation())
    mark = opened.node.rpc("evm_snapshot")
    stopping(opened, monkeypatch, "append")
    with pytest.raises(Stopped):
        run(opened, onboarding(1, 3))
    # The chain drops the transaction; the same batch lands in another one, with another nonce.
    opened.node.rpc("evm_revert", mark)
    later = again(opened)
    take_nonce(later, "compliance-desk")
    key = bytes.fromhex(later.records.open_intents()[0].action.step_id[2:])
    later.chain.send(later.book.contract("registry"), "onboard", key, entries(1, 3), sender="compliance-desk")
    assert run(later, onboarding(1, 3)) == ["already"]
    assert [one.status for one in later.records.all()[8:]] == ["abandoned", "done"]
    assert later.records.open_intents() == []
    assert run(again(later), onboarding(1, 3)) == ["already"]
