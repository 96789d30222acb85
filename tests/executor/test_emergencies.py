"""What cannot wait is carried out beside any other operation, and after any crash: once, in journals of its own."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from eth_utils import keccak
from support.execution_world import (
    COMPLIANCE,
    ENFORCER,
    Stopped,
    again,
    foundation,
    grant,
    nonces,
    onboarding,
    opened_network,
    reread,
    run,
    stopping,
    take_nonce,
)

from scrip.chains.evm import EvmNetwork
from scrip.errors import Drift
from scrip.evm.accounts import local_account
from scrip.evm.rpc.node import Fees
from scrip.evm.tx.replacement import fees_of
from scrip.evm.tx.verify import verify
from scrip.executor import Executor
from scrip.executor.executor import NeverLands
from scrip.plan import Plan
from scrip.records import Records, lock

STOP = Plan("emergency stop", "number 1", (grant("stop", keccak(text="PAUSER")),))
"""An emergency of the deployer's: which it is, no executor asks."""
SECOND = Plan("emergency second", "number 1", (grant("second", ENFORCER),))
SLOW = Plan("slow", "a", tuple(grant(f"slow {n}", keccak(text=f"role {n}")) for n in range(6)))


@pytest.fixture
def founded(opened: EvmNetwork) -> EvmNetwork:
    """A register and roles; who signs can pay for gas."""
    run(opened, foundation())
    for name in ("deployer", "compliance-desk"):
        opened.node.rpc("anvil_setBalance", local_account(name).address, hex(10**20))
    return again(opened)


def stopped(network: EvmNetwork, monkeypatch: pytest.MonkeyPatch, plan: Plan, where: str, skip: int = 0) -> EvmNetwork:
    """The network as it is found once a run of a plan has stopped in a method: of the node, or of any journal."""
    with monkeypatch.context() as patch:
        if hasattr(network.node, where):
            stopping(network, patch, where, skip)
        else:
            patch.setattr(Records, where, stop)
        with pytest.raises(Stopped):
            run(network, plan)
    return again(network)


def stop(*_: object, **__: object) -> None:
    """End the process."""
    raise Stopped


def mining(network: EvmNetwork, work: Callable[[], object]) -> None:
    """Work while blocks come every 0.1 s, and not with each transaction."""
    url, over = network.node.wire.endpoint_uri, threading.Event()

    def mine() -> None:
        node = opened_network(url, network.records.root).node
        while not over.wait(0.1):
            node.rpc("evm_mine")

    miner = threading.Thread(target=mine)
    miner.start()
    try:
        work()
    finally:
        over.set()
        miner.join()


def whole(network: EvmNetwork) -> bool:
    """Whether nothing is left to do, and the records of all journals are true."""
    return all(one.is_whole for one in reread(network).journals()) and verify(reread(network), network.node) == []


def operations(network: EvmNetwork, lane: int) -> list[tuple[str, str]]:
    journal = reread(network).journals()[lane]
    return [(one.action.step, one.status) for one in journal.all()]


# --- beside another operation ---


def test_an_emergency_waits_for_no_operation_that_is_under_way(founded: EvmNetwork) -> None:
    with founded.records.locked("compliance onboard"):
        assert run(again(founded), STOP) == ["done"]
        with pytest.raises(lock.Locked):
            run(again(founded), SLOW)
    assert operations(founded, 1) == [("stop", "done")]
    assert run(again(founded), STOP) == ["already"]
    assert whole(founded)


def test_an_emergency_waits_for_no_other_emergency(founded: EvmNetwork) -> None:
    first = founded.records._lane(1)
    with first.locked("emergency first"):
        assert run(again(founded), STOP) == ["done"]
    assert [operations(founded, lane) for lane in (1, 2)] == [[], [("stop", "done")]]
    assert run(again(founded), STOP) == ["already"]
    assert nonces(founded.node, "deployer") == {"deployer": 9}


def test_the_same_emergency_is_carried_out_by_one_process_alone(
    founded: EvmNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = stopped(founded, monkeypatch, STOP, "append")
    with later.records.lanes()[0].locked("emergency stop"), pytest.raises(lock.Locked, match="emergency stop"):
        run(again(founded), STOP)
    assert run(again(founded), STOP) == ["done"]
    assert nonces(founded.node, "deployer") == {"deployer": 9}


@pytest.mark.parametrize("where", ["write_intent", "send_raw", "wait", "append"])
def test_an_emergency_that_stopped_anywhere_goes_on_and_repeats_nothing(
    founded: EvmNetwork, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    stopped(founded, monkeypatch, STOP, where)
    assert run(again(founded), STOP) == ["done"]
    assert nonces(founded.node, "deployer") == {"deployer": 9}
    assert whole(founded)


# --- signed by whoever signs the other operation, too ---


def test_an_emergency_takes_the_nonce_of_what_was_signed_and_never_sent(
    founded: EvmNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = stopped(founded, monkeypatch, SLOW, "send_raw", 2)
    (left,) = later.records.open_intents()
    assert run(later, STOP) == ["done"]
    assert reread(later).lanes()[0].intents()[0].nonce == left.nonce
    assert run(again(later), SLOW) == ["already"] * 2 + ["done"] * 4
    assert operations(later, 0)[10:12] == [("slow 2", "abandoned"), ("slow 2", "done")]
    reason = reread(later).all()[10].reason
    assert reason.startswith(f"nonce {left.nonce} went to 'emergency stop' (number 1), 0x")
    assert whole(later)


def test_an_emergency_takes_the_place_of_what_waits_to_be_mined(
    founded: EvmNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trap: a transaction that is stuck would hold every later one of its signer."""
    founded.node.rpc("evm_setAutomine", False)
    later = stopped(founded, monkeypatch, SLOW, "wait")
    (left,) = later.records.open_intents()
    assert later.node.nonce(left.action.sender, "pending") == left.nonce + 1
    mining(later, lambda: run(again(later), STOP))
    (taken,) = reread(later).lanes()[0].intents()
    assert taken.nonce == left.nonce
    assert fees_of(bytes.fromhex(taken.signed[2:])).maximum > fees_of(bytes.fromhex(left.signed[2:])).maximum
    assert later.node.receipt(left.tx) is None
    later.node.rpc("evm_setAutomine", True)
    assert run(again(later), SLOW) == ["done"] * 6
    assert whole(later)


def test_an_operation_whose_place_was_taken_under_way_goes_on_by_itself(founded: EvmNetwork) -> None:
    founded.node.rpc("evm_setAutomine", False)
    statuses: list[str] = []
    slow = threading.Thread(target=lambda: statuses.extend(run(again(founded), SLOW)))
    slow.start()
    sender = local_account("deployer").address
    while founded.node.nonce(sender, "pending") == 8:
        time.sleep(0.01)
    mining(founded, lambda: (run(again(founded), STOP), slow.join()))
    assert statuses == ["done"] * 6
    assert ("slow 0", "abandoned") in operations(founded, 0)
    assert nonces(founded.node, "deployer") == {"deployer": 15}
    founded.node.rpc("evm_setAutomine", True)
    assert whole(founded)


def test_emergencies_of_one_signer_stand_in_line(founded: EvmNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes of one that was killed before it sent them are handed over: none waits behind a gap."""
    later = stopped(founded, monkeypatch, STOP, "send_raw")
    first = later.records.lanes()[0]
    with first.locked("emergency stop"):
        assert run(later, SECOND) == ["done"]
    assert [one.intents()[0].nonce for one in reread(later).lanes()] == [8, 9]
    assert run(again(later), STOP) == ["done"]
    assert nonces(later.node, "deployer") == {"deployer": 10}
    assert whole(later)


def test_another_operation_lets_an_emergency_pass(founded: EvmNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    founded.node.rpc("evm_setAutomine", False)
    later = stopped(founded, monkeypatch, STOP, "wait")
    mining(later, lambda: run(again(later), SLOW))
    later.node.rpc("evm_setAutomine", True)
    assert run(again(later), STOP) == ["done"]
    assert nonces(later.node, "deployer") == {"deployer": 15}
    assert whole(later)


def test_a_nonce_that_nobody_of_ours_took_still_stops_the_plan(
    founded: EvmNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = stopped(founded, monkeypatch, SLOW, "send_raw")
    take_nonce(later, "deployer")
    assert run(again(later), STOP) == ["done"]
    with pytest.raises(Drift, match="was used by another transaction"):
        run(again(later), SLOW)


def test_what_an_emergency_left_is_settled_and_given_up_where_it_stands(
    founded: EvmNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = stopped(founded, monkeypatch, STOP, "append")
    found = Executor(later.transactions()).settle("emergency stop")
    assert [(one.action.step, one.status) for one in found] == [("stop", "done")]
    later = stopped(again(later), monkeypatch, SECOND, "send_raw")
    intent = later.records.lanes()[0].open_intents()[0]
    assert verify(later.records, later.node)[0].field == f"records/emergency-1/intents/{intent.action.step_id}.json"
    record = Executor(later.transactions()).abandon(intent.action.step_id, "not wanted any more")
    assert (record.status, operations(later, 1)[-1]) == ("abandoned", ("second", "abandoned"))
    assert whole(later)


def test_what_offers_nothing_and_waits_is_outbidden_all_the_same(founded: EvmNetwork) -> None:
    """On a chain whose gas is free."""
    order = founded.transactions()
    order.begin(founded.records._lane(1))
    founded.node.rpc("evm_setAutomine", False)
    signer = founded.chain.signer("deployer")
    fields = founded.chain.fields(signer.address, signer.address, b"", 8)
    founded.node.send_raw(signer.sign_transaction(fields | {"maxFeePerGas": 0, "maxPriorityFeePerGas": 0}))
    assert order._order.take(signer.address, 0) == (8, Fees(1, 1))


def test_what_a_node_says_of_an_emergency_that_it_does_not_take_is_told(
    founded: EvmNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its signer cannot pay for more than nothing, and what waits for nothing keeps the place."""
    founded.node.rpc("evm_setAutomine", False)
    later = stopped(founded, monkeypatch, SLOW, "wait")
    later.node.rpc("anvil_setBalance", local_account("deployer").address, "0x0")
    with pytest.raises(
        NeverLands, match="is in no block and never will be: eth_sendRawTransaction: Insufficient funds"
    ):
        run(later, STOP)


def dearer(network: EvmNetwork) -> None:
    """Gas costs something from now on: what was offered before waits."""
    network.node.rpc("anvil_setNextBlockBaseFeePerGas", hex(10**9))
    network.node.rpc("evm_mine")


def test_an_emergency_that_offers_too_little_is_given_again_and_offers_more(
    founded: EvmNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    dearer(founded)
    founded.node.rpc("evm_setAutomine", False)
    later = stopped(founded, monkeypatch, STOP, "wait")
    (left,) = later.records.lanes()[0].open_intents()
    founded.node.rpc("anvil_setNextBlockBaseFeePerGas", hex(10**11))
    founded.node.rpc("evm_mine")
    assert later.node.receipt(left.tx) is None
    mining(later, lambda: run(again(later), STOP))
    (taken,) = reread(later).lanes()[0].intents()
    assert (taken.nonce, taken.action) == (left.nonce, left.action)
    assert operations(later, 1) == [("stop", "abandoned"), ("stop", "done")]
    assert reread(later).lanes()[0].all()[0].reason == f"outbidden by {taken.tx}, of the same nonce"
    assert whole(later)


def test_whichever_of_two_offers_lands_is_recorded(founded: EvmNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one did after all: the second can never land, and the step is not taken again."""
    founded.node.rpc("evm_setAutomine", False)
    later = stopped(founded, monkeypatch, STOP, "wait")
    (first,) = later.records.lanes()[0].open_intents()
    real = type(later.node).send_raw

    def send(node: object, signed: bytes) -> None:
        if "0x" + signed.hex() != first.signed:
            later.node.rpc("evm_mine")  # before the second is there
        real(node, signed)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(type(later.node), "send_raw", send)
        patch.setattr(type(later.node), "fees", lambda _: Fees(10**9, 10**9))
        patch.setattr("scrip.evm.tx.nonces.NonceOrder.rivals", lambda *_: [first])
        assert run(again(later), STOP) == ["done"]
    found = reread(later).lanes()[0].all()
    assert [(one.status, one.tx == first.tx) for one in found] == [
        ("abandoned", True),
        ("abandoned", False),
        ("done", True),
    ]
    assert nonces(later.node, "deployer") == {"deployer": 9}
    assert run(again(later), STOP) == ["already"]
    assert whole(later)


# --- beside a process that is killed ---


def test_an_emergency_beside_a_process_that_is_killed(founded: EvmNetwork, tmp_path: Path) -> None:
    """In the middle of an onboarding, by the very key that onboards, then after SIGKILL; both end whole."""
    plan = onboarding(batches=8, size=10)
    url, folder = founded.node.wire.endpoint_uri, founded.records.root
    process = os.fork()
    if not process:
        run(opened_network(url, folder), plan)
        os._exit(0)
    while len(reread(founded).all()) < 10:
        time.sleep(0.01)
    blocks = [Plan("emergency stop", f"number {n}", (grant(f"stop {n}", keccak(text=f"stop {n}")),)) for n in range(2)]
    asked = time.monotonic()
    assert run(again(founded), blocks[0]) == ["done"]
    assert time.monotonic() - asked < 3
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    assert run(again(founded), blocks[1]) == ["done"]
    statuses = run(again(founded), plan)
    assert set(statuses) <= {"already", "done"}
    assert whole(founded)
    assert founded.chain.call(
        founded.book.contract("roles"), "hasRole", COMPLIANCE, local_account("compliance-desk").address
    )
