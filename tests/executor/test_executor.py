"""A plan is carried out in order, recorded, and refused whole where it cannot be."""

import json
import logging
from dataclasses import replace

import pytest
from eth_utils import keccak
from support.execution_world import (
    COMPLIANCE,
    again,
    batch,
    foundation,
    grant,
    nonces,
    onboarding,
    run,
)

from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError, ScripError
from scrip.evm.accounts import local_account
from scrip.evm.compiled.artifacts import CONTRACTS, artifact
from scrip.evm.compiled.layout import layout_of
from scrip.evm.rpc.node import Node
from scrip.evm.rpc.signers import Impersonated, LocalSigner
from scrip.evm.rpc.wire import RpcError
from scrip.evm.tx.verify import verify
from scrip.executor import Executor, StepFailed
from scrip.plan import Address, Plan, Step
from scrip.records import Record
from scrip.records.record import Intent


def test_a_plan_is_carried_out_in_order_and_recorded(opened: EvmNetwork) -> None:
    events: list[tuple[str, str]] = []

    def note(event: str, step: Step, record: Record | None = None) -> None:
        events.append((event, step.name))

    result = Executor(opened.transactions(), watch=note).run(foundation())
    assert [one.status for one in result.outcomes] == ["done"] * 8
    assert result.changed
    assert events[:4] == [("signed", "roles"), ("sent", "roles"), ("mined", "roles"), ("done", "roles")]
    records = again(opened).records.all()
    assert [one.action.step for one in records] == [step.name for step in foundation().steps]
    assert verify(opened.records, opened.node) == []
    compliance = local_account("compliance-desk").address.lower()
    assert opened.chain.call(opened.book.contract("roles"), "hasRole", COMPLIANCE, compliance)


def test_a_record_holds_what_was_sent_and_what_came_of_it(opened: EvmNetwork) -> None:
    run(opened, foundation())
    record = opened.records.all()[2]
    receipt = opened.node.receipt(record.tx)
    assert receipt is not None
    assert (record.block, record.block_hash) == (int(receipt["blockNumber"], 16), receipt["blockHash"])
    assert record.gas == int(receipt["gasUsed"], 16)
    action = record.action
    roles = opened.book.contract("roles").address
    assert (action.operation, action.reference, action.step) == ("deploy", "local-1", "registry")
    assert (action.network, action.genesis) == ("local", opened.node.genesis())
    assert (action.sender_name, action.sender) == ("deployer", local_account("deployer").address.lower())
    extension = opened.book.contract("registry-extension").address
    assert (action.contract, action.arguments, action.label) == ("ComplianceRegistry", [roles, extension], "registry")
    assert action.address == receipt["contractAddress"].lower() == opened.book.contract("registry").address
    assert record.code_hash == "0x" + keccak(opened.node.code(action.address)).hex()
    storage = artifact("ComplianceRegistry").layout["storage_layout"]
    assert action.layout_hash == layout_of(storage, CONTRACTS).hash()
    grants = opened.records.all()[3].action
    assert (grants.function, grants.to, grants.to_name) == ("grantRole", roles, "roles")
    assert grants.arguments == ["0x" + COMPLIANCE.hex(), local_account("compliance-desk").address.lower()]


def test_a_second_run_sends_nothing(opened: EvmNetwork) -> None:
    run(opened, foundation())
    before = nonces(opened.node, "deployer")
    later = again(opened)
    result = Executor(later.transactions()).run(foundation())
    assert {one.status for one in result.outcomes} == {"already"}
    assert not result.changed
    assert nonces(opened.node, "deployer") == before
    assert len(later.records.all()) == 8
    assert dict(later.book) == dict(opened.book)


def test_a_network_opened_later_knows_what_stands(opened: EvmNetwork) -> None:
    run(opened, foundation())
    later = again(opened)
    assert later.chain.call(later.book.contract("registry"), "keyUsed", bytes(32)) is False
    with pytest.raises(InputError, match=r"contract: is not deployed on this network \(got 'timelock'\)"):
        later.suite()


def test_a_contract_that_a_call_makes_is_known_by_its_label(opened: EvmNetwork) -> None:
    """As the factory makes stocks: the address is what the call returns. A call that returns none makes no contract."""
    run(opened, foundation())
    made = Step("bad", "bad", "deployer", "Roles", "hasRole", (COMPLIANCE, Address("owner-1")), to="roles", label="x")
    with pytest.raises(InputError, match="hasRole returns no address to call 'x'"):
        run(opened, Plan("deploy", "2", (made,)))


def test_every_signer_is_there_before_the_first_step_is_sent(opened: EvmNetwork) -> None:
    plan = Plan("mixed", "1", (*foundation().steps, replace(grant(), sender="safe")))
    with pytest.raises(InputError, match=r"sender: nobody here signs for it \(got 'safe'\)"):
        run(opened, plan)
    assert nonces(opened.node, "deployer") == {"deployer": 0}
    assert opened.records.all() == []


def test_two_steps_of_one_name_are_refused(opened: EvmNetwork) -> None:
    with pytest.raises(InputError, match="two steps of the same name"):
        run(opened, Plan("deploy", "1", (foundation().steps[0],) * 2))


def test_a_step_that_would_fail_is_not_sent(opened: EvmNetwork) -> None:
    run(opened, foundation())
    before = nonces(opened.node, "owner-2")
    with pytest.raises(
        StepFailed, match="would fail and was not sent: access_control: account is missing role"
    ) as caught:
        run(opened, Plan("x", "1", (replace(grant(), sender="owner-2"),)))
    assert caught.value.record is None
    assert nonces(opened.node, "owner-2") == before
    assert opened.records.open_intents() == []


def test_a_signer_of_another_address_is_refused(opened: EvmNetwork) -> None:
    run(opened, foundation())
    with pytest.raises(InputError, match="signs for another address"):
        Executor(opened.transactions({"deployer": LocalSigner("owner-1")})).run(Plan("x", "1", (grant(),)))


def test_a_signer_that_signs_as_another_is_refused(opened: EvmNetwork) -> None:
    class Liar(LocalSigner):
        def sign_transaction(self, fields) -> bytes:
            return LocalSigner("owner-1").sign_transaction(fields)

    with pytest.raises(ScripError, match="deployer signed as 0x"):
        Executor(opened.transactions({"deployer": Liar("deployer")})).run(foundation())
    assert opened.records.open_intents() == []


def test_an_impersonated_account_acts_without_a_key(opened: EvmNetwork) -> None:
    run(opened, foundation())
    somebody = "0x" + "77" * 20
    opened.chain.names.learn("safe", somebody)
    opened.chain.send(opened.book.contract("roles"), "grantRole", bytes(32), somebody, sender="deployer")
    plan = Plan("x", "1", (replace(grant(), sender="safe"),))
    assert [
        one.status for one in Executor(opened.transactions({"safe": Impersonated(somebody)})).run(plan).outcomes
    ] == ["done"]
    assert verify(opened.records, opened.node) == []
    assert list((opened.records.folder / "intents").glob(f"*{opened.records.all()[-1].action.step_id}*")) == []


def test_no_key_reaches_a_file_a_log_or_an_error(opened: EvmNetwork, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    run(opened, foundation())
    run(opened, onboarding(1, 3))
    with pytest.raises(StepFailed) as caught:
        run(opened, Plan("x", "1", (replace(grant(), sender="owner-2"),)))
    texts = [path.read_text() for path in opened.records.folder.rglob("*") if path.is_file()]
    # Records, intents, the layout of the stock's half, the lock, the count of records.
    assert len(texts) == 9 + 9 + 1 + 1 + 1
    texts += [caplog.text, str(caught.value), repr(opened), repr(Executor(opened.transactions()))]
    for name in opened.manifest.accounts:
        key = local_account(name).key.hex().removeprefix("0x")
        assert not any(key.lower() in text.lower() for text in texts)
        assert not any(str(int(key, 16)) in text for text in texts)


def test_signed_bytes_stand_in_intents_alone(opened: EvmNetwork) -> None:
    run(opened, foundation())
    intents = [Intent.read(path.read_text(), path.name) for path in (opened.records.folder / "intents").glob("*.json")]
    assert len(intents) == 8
    for path in opened.records.paths():
        text = path.read_text()
        assert not any(one.signed in text or json.dumps(one.signed) in text for one in intents)


def test_a_url_with_a_key_is_never_shown() -> None:
    with pytest.raises(RpcError, match="the node at http://localhost:1 does not answer") as caught:
        Node.at("http://user:secret@localhost:1/v2/abcdef?token=1").chain_id()
    assert not any(word in str(caught.value) for word in ("secret", "abcdef", "token"))
    with pytest.raises(InputError, match="is no http or https URL"):
        Node.at("wss://example.org/abcdef")


def test_batch_is_a_step_of_its_own(opened: EvmNetwork) -> None:
    assert len({step.name for step in onboarding().steps}) == 10
    assert batch(0, 50) != batch(1, 50)
