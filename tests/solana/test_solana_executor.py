"""Plans on Solana: nothing twice, nothing lost, signed anew only what can never land any more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from solana_network_world import START, SolanaNetworkWorld, deployed_solana_world
from solders.keypair import Keypair
from solders.signature import Signature

from scrip import flows
from scrip.chains.solana import SolanaNetwork
from scrip.errors import Drift, InputError, ScripError
from scrip.executor import Executor, StepFailed
from scrip.inputs.batch import Batch, Newcomer
from scrip.plan import Plan
from scrip.records.lock import Locked
from scrip.solana.addresses import investor_id, local_address
from scrip.solana.tx.verify import verify

YEAR = 365 * 86_400


class Stopped(BaseException):
    """Stands for the end of the process: no handler of the product catches it."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("solana")) as found:
        yield found


@pytest.fixture
def network(world: SolanaNetworkWorld) -> SolanaNetwork:
    return world.open()


def newcomers(name: str, count: int = 4) -> Batch[Newcomer]:
    """A batch that no other test has."""
    rows = [
        Newcomer(f"{name} {n}", str(local_address(f"{name} {n}")), 276, "retail", START + YEAR) for n in range(count)
    ]
    return Batch(f"{name}.csv", name, tuple(enumerate(rows, start=2)))


def plan_of(network: SolanaNetwork, name: str, count: int = 4) -> Plan:
    return flows.investors.onboard(network, newcomers(name, count))


def statuses(network: SolanaNetwork, plan: Plan) -> list[str]:
    return [one.status for one in Executor(network.transactions()).run(plan).outcomes]


def stopping(target: Any, where: str, monkeypatch: pytest.MonkeyPatch, after: bool = False) -> None:
    """The process ends in the first call of a method, before it does anything or after it did."""
    real = getattr(target, where)

    def stop(*args: object, **more: object) -> None:
        if after:
            real(*args, **more)
        raise Stopped

    monkeypatch.setattr(target, where, stop)


def all_stand(network: SolanaNetwork, name: str, count: int = 4) -> bool:
    found = [network.chain.account(network.program.at.investor(investor_id(f"{name} {n}"))) for n in range(count)]
    return None not in found


def hasten(world: SolanaNetworkWorld, network: SolanaNetwork) -> None:
    """Blocks pass whenever the network waits."""
    network.cluster.wait = lambda _seconds: world.served.advance(25)


def test_a_deployment_stands_and_is_not_done_twice(world: SolanaNetworkWorld, network: SolanaNetwork) -> None:
    again = network.deployment()
    assert not again.steps
    assert set(network.stocks()) == {"MSFT", "AAPL"}
    issuer = network.program.decode(network.chain.account(network.program.at.issuer))
    assert issuer.roles.admin == network.keys.address("timelock")
    assert issuer.roles.compliance == network.keys.address("compliance-desk")
    assert issuer.settings.withholding_bps == 1_500
    assert verify(network.records, network.chain) == []
    assert {one.action.sender_name for one in network.records.all()} >= {"deployer", "timelock", "safe"}


def test_a_record_says_what_was_sent(network: SolanaNetwork) -> None:
    plan = plan_of(network, "recorded")
    assert [step.name for step in plan.steps] == ["rows 1-3", "rows 4-4"]
    assert statuses(network, plan) == ["done", "done"]
    assert statuses(network, plan) == ["already", "already"]
    record = next(one for one in network.records.all() if one.action.reference == "recorded")
    landed = network.chain.landed(Signature.from_string(record.tx))
    assert landed is not None
    assert (record.block, record.gas) == (landed.slot, landed.meta.compute_units_consumed)
    first = record.action.arguments[0]
    assert first["instruction"] == "onboard_investor"
    assert first["arguments"]["country"] == 276
    assert first["arguments"]["class"] == "Retail"
    assert first["accounts"]["holder"] == str(local_address("recorded 0"))
    assert len(record.action.arguments) == 3
    assert not plan_of(network, "recorded").steps


def test_the_intent_is_on_disk_before_anything_is_sent(network: SolanaNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []

    def send(signed: bytes) -> None:
        intents = [json.loads(path.read_text()) for path in (network.records.folder / "intents").glob("0x*.json")]
        sent.append(next(one for one in intents if one["signed"] == "0x" + signed.hex()))
        real(signed)

    real = network.cluster.send
    monkeypatch.setattr(network.cluster, "send", send)
    assert statuses(network, plan_of(network, "written ahead", 1)) == ["done"]
    assert sent[0]["last_height"] > 0
    assert sent[0]["blockhash"]
    path = network.records.folder / "intents" / f"{sent[0]['action']['step_id']}.json"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("target", "where", "after"),
    [("records", "write_intent", False), ("records", "write_intent", True), ("cluster", "send", True),
     ("cluster", "transaction", False), ("records", "append", False)],
)  # fmt: skip
def test_a_stopped_run_is_finished_with_the_same_bytes(
    world: SolanaNetworkWorld,
    network: SolanaNetwork,
    monkeypatch: pytest.MonkeyPatch,
    target: str,
    where: str,
    after: bool,
) -> None:
    name = f"stopped {target} {where} {after}"
    plan = plan_of(network, name)
    stopping(getattr(network, target), where, monkeypatch, after)
    with pytest.raises(Stopped):
        Executor(network.transactions()).run(plan)
    later = world.open()
    left = [one.tx for one in later.records.open_intents()]
    assert len(left) == (0 if (where, after) == ("write_intent", False) else 1)
    assert statuses(later, plan_of(later, name)) in (["done", "done"], ["done"])
    records = [one for one in later.records.all() if one.action.reference == name]
    assert all(one.done for one in records)
    assert len(records) == 2
    assert set(left) <= {one.tx for one in records}
    assert all_stand(later, name)
    assert verify(later.records, later.chain) == []


def test_what_never_landed_is_signed_anew_only_after_it_expired(
    world: SolanaNetworkWorld, network: SolanaNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(network, "lost", 1)
    stopping(network.cluster, "send", monkeypatch)
    with pytest.raises(Stopped):
        Executor(network.transactions()).run(plan)
    first = network.records.open_intents()[0]
    events = []
    later = world.open()
    world.served.advance(200)
    assert later.cluster.height() > first.last_height
    Executor(later.transactions(), watch=lambda event, _step, _record=None: events.append(event)).run(plan)
    assert events == ["resumed", "expired", "signed", "sent", "mined", "done"]
    records = [one for one in later.records.all() if one.action.reference == "lost"]
    assert [one.status for one in records] == ["abandoned", "done"]
    assert records[0].tx == first.tx
    assert "expired" in records[0].reason
    assert records[1].tx != first.tx
    assert verify(later.records, later.chain) == []


def test_a_dropped_transaction_is_replaced_within_the_run(world: SolanaNetworkWorld, network: SolanaNetwork) -> None:
    hasten(world, network)
    world.served.fault("drop")
    assert statuses(network, plan_of(network, "dropped", 1)) == ["done"]
    records = [one for one in network.records.all() if one.action.reference == "dropped"]
    assert [one.status for one in records][-1] == "done"
    assert all(one.status == "abandoned" for one in records[:-1])


@pytest.mark.parametrize("fault", ["lose_reply", "refuse", "duplicate"])
def test_a_cut_connection_makes_nothing_happen_twice(
    world: SolanaNetworkWorld, network: SolanaNetwork, fault: str
) -> None:
    world.served.fault(fault)
    name = f"fault {fault}"
    assert statuses(network, plan_of(network, name)) == ["done", "done"]
    assert [one.done for one in network.records.all() if one.action.reference == name] == [True, True]


def test_what_another_transaction_did_is_read_as_done(
    world: SolanaNetworkWorld, network: SolanaNetwork, tmp_path: Path
) -> None:
    plan = plan_of(network, "elsewhere")
    other = SolanaNetwork.open(world.manifest, world.served.url, tmp_path)
    assert statuses(other, plan) == ["done", "done"]
    result = Executor(network.transactions()).run(plan)
    assert [one.status for one in result.outcomes] == ["already", "already"]
    assert not result.changed
    found = [one.record for one in result.outcomes]
    assert all(one is not None and one.found and one.done for one in found)
    assert verify(world.open().records, network.chain) == []


def test_a_refusal_is_told_by_its_name_and_nothing_is_sent(network: SolanaNetwork) -> None:
    plan = plan_of(network, "once", 1)
    assert statuses(network, plan) == ["done"]
    other = replace(plan, reference="another file")
    step = flows.investors.onboard(network, newcomers("twice", 1)).steps[0]
    row = replace(newcomers("once", 1).rows[0][1], investor="somebody else")
    order = replace(step.instructions[0], investor=row.investor, wallet=row.wallet)
    bad = replace(step, calls=tuple(network.ledger().calls(order)))
    with pytest.raises(StepFailed, match="would fail and was not sent: registry: wallet known"):
        Executor(network.transactions()).run(replace(other, steps=(bad,)))
    assert not [one for one in network.records.all() if one.action.reference == "another file"]


def test_a_failure_on_the_chain_is_recorded_and_can_be_tried_again(
    world: SolanaNetworkWorld, network: SolanaNetwork, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The simulation passed; the wallet became another's before the transaction landed."""
    plan = plan_of(network, "late", 1)
    other = SolanaNetwork.open(world.manifest, world.served.url, tmp_path)
    row = replace(newcomers("late", 1).rows[0][1], investor="quicker")
    quicker = flows.investors.onboard(other, Batch("q.csv", "quicker", ((2, row),)))
    send = network.cluster.send

    def late(signed: bytes) -> None:
        if other.chain.account(network.program.at.investor(investor_id("quicker"))) is None:
            Executor(other.transactions()).run(quicker)
        send(signed)

    monkeypatch.setattr(network.cluster, "send", late)
    with pytest.raises(StepFailed, match=r"failed on the chain in .*: registry: wallet known") as failed:
        Executor(network.transactions()).run(plan)
    assert failed.value.record is not None
    assert failed.value.record.status == "failed"
    assert not network.records.open_intents()
    assert verify(world.open().records, network.chain) == []


def test_two_operators_at_once(world: SolanaNetworkWorld, network: SolanaNetwork) -> None:
    with network.records.locked("another operator"), pytest.raises(Locked):
        Executor(world.open().transactions()).run(plan_of(network, "locked out", 1))


def test_whoever_does_not_sign_here_is_refused_before_anything(network: SolanaNetwork) -> None:
    plan = plan_of(network, "unsigned", 1)
    step = replace(plan.steps[0], sender=str(Keypair().pubkey()))
    with pytest.raises(InputError, match="is no account of the manifest"):
        Executor(network.transactions()).run(replace(plan, steps=(step,)))
    with pytest.raises(InputError, match="signs for another address"):
        Executor(network.transactions({"compliance-desk": Keypair()})).run(plan)


def test_an_unfinished_operation_is_not_overtaken(
    world: SolanaNetworkWorld, network: SolanaNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(network, "first", 1)
    stopping(network.cluster, "send", monkeypatch)
    with pytest.raises(Stopped):
        Executor(network.transactions()).run(plan)
    later = world.open()
    with pytest.raises(ScripError, match=r"stopped at step 'rows 1-1'.*run it again first"):
        Executor(later.transactions()).run(plan_of(later, "second", 1))
    intent = later.records.open_intents()[0]
    hasten(world, later)
    record = Executor(later.transactions()).abandon(intent.action.step_id, "the wrong file")
    assert (record.status, record.tx) == ("abandoned", intent.tx)
    assert statuses(later, plan_of(later, "second", 1)) == ["done"]


def test_a_record_that_the_chain_contradicts_stops_the_plan(world: SolanaNetworkWorld, tmp_path: Path) -> None:
    network = SolanaNetwork.open(world.manifest, world.served.url, tmp_path)
    plan = plan_of(network, "contradicted", 1)
    assert statuses(network, plan) == ["done"]
    record = network.records.all()[0]
    path = network.records.paths()[0]
    for changes, problem in (
        ({"block": record.block + 1}, "is in slot"),
        ({"status": "failed"}, "succeeded"),
        ({"tx": str(Signature.default())}, "no transaction"),
        ({"action": replace(record.action, sender="nobody")}, "was paid by"),
        ({"action": replace(record.action, data_hash="0x00")}, "other instructions"),
    ):
        forged = replace(record, **changes)
        path.write_text(forged.text())
        found = verify(SolanaNetwork.open(world.manifest, world.served.url, tmp_path).records, network.chain)
        assert any(problem in one.found for one in found)
    path.write_text(replace(record, block=1).text())
    (network.records.folder / "head").unlink()  # it says what the record was
    with pytest.raises(Drift, match="is in slot"):
        Executor(SolanaNetwork.open(world.manifest, world.served.url, tmp_path).transactions()).run(plan)


def test_finality_is_waited_for_where_the_manifest_asks(world: SolanaNetworkWorld, tmp_path: Path) -> None:
    chain = world.manifest.chain.model_copy(update={"finality": 32})
    network = SolanaNetwork.open(world.manifest.model_copy(update={"chain": chain}), world.served.url, tmp_path)
    looked = []
    real = network.chain.is_final
    network.chain.is_final = lambda signature: looked.append(real(signature)) or looked[-1]
    assert statuses(network, plan_of(network, "final")) == ["done", "done"]
    assert looked[0] is False
    assert looked[-1] is True
    assert all(network.chain.landed(Signature.from_string(one.tx)).slot == one.block for one in network.records.all())


def test_what_a_stopped_run_left_is_recorded_once_it_is_final(
    world: SolanaNetworkWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = world.manifest.chain.model_copy(update={"finality": 32})
    manifest = world.manifest.model_copy(update={"chain": chain})
    network = SolanaNetwork.open(manifest, world.served.url, tmp_path)
    stopping(network.chain, "is_final", monkeypatch)
    with pytest.raises(Stopped):
        Executor(network.transactions()).run(plan_of(network, "left behind", 1))
    later = SolanaNetwork.open(manifest, world.served.url, tmp_path)
    seen: list[object] = []
    final, append = later.chain.is_final, later.records.append
    monkeypatch.setattr(later.chain, "is_final", lambda signature: seen.append(final(signature)) or seen[-1])
    monkeypatch.setattr(later.records, "append", lambda *args, **more: seen.append("written") or append(*args, **more))
    assert [one.done for one in Executor(later.transactions()).settle()] == [True]
    assert seen[-2:] == [True, "written"]
    assert seen.count("written") == seen.count(True) == 1


def test_an_emergency_waits_for_nobody(network: SolanaNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside another process, and after one that was killed: in a journal of its own."""
    under_way = plan_of(network, "under way", 1)
    stopping(network.records, "append", monkeypatch)
    with pytest.raises(Stopped):
        Executor(network.transactions()).run(under_way)
    monkeypatch.undo()
    with network.records.locked("compliance onboard"):
        for wished in (True, False):
            plan = flows.market.pause(network, wished)
            if not wished:
                with pytest.raises(Locked):
                    statuses(network, plan)
            else:
                assert statuses(network, plan) == ["done"]
                assert statuses(network, plan) == ["already"]
    assert statuses(network, flows.market.pause(network, False)) == ["done"]
    assert [one.action.operation for one in network.records.lanes()[0].all()] == ["market pause"]
    assert set(statuses(network, under_way)) == {"already"}
    assert verify(network.records, network.chain) == []


def test_a_batch_that_was_cut_short_keeps_its_rows(
    world: SolanaNetworkWorld, network: SolanaNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    smaller = world.manifest.model_copy(update={"limits": world.manifest.limits.model_copy(update={"batch": 2})})
    first = world.open(smaller)
    plan = plan_of(first, "resized", 5)
    assert [step.name for step in plan.steps] == ["rows 1-2", "rows 3-4", "rows 5-5"]
    stopping(first.cluster, "send", monkeypatch, after=True)
    with pytest.raises(Stopped):
        Executor(first.transactions()).run(plan)
    later = world.open()
    again = plan_of(later, "resized", 5)
    assert again.steps[0].name in ("rows 1-2", "rows 3-5")
    result = Executor(later.transactions()).run(again)
    assert all_stand(later, "resized", 5)
    assert [one.status for one in result.outcomes][-1] == "done"
    assert not later.records.open_intents()
