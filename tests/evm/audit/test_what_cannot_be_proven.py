"""A node that does not answer leaves a finding, never a silence."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from planting import STRANGER, as_timelock, only

from scrip.chains.evm import EvmNetwork
from scrip.errors import Drift, InputError
from scrip.evm.audit import audit, evidence_of
from scrip.evm.audit.authority import authority
from scrip.evm.audit.code import code_size, compare, immutables
from scrip.evm.audit.multisig import multisig
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.connection.book import AddressBook
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.labels import role
from scrip.evm.rpc.chain import RpcChain
from scrip.evm.rpc.logs import SPAN, in_spans
from scrip.evm.rpc.node import Node
from scrip.evm.rpc.wire import RpcError
from scrip.manifest.model import Account
from scrip.reports.findings import Finding


class Picky:
    """A wire to the same node that answers some methods with an error."""

    def __init__(self, wire: Any, refused: Sequence[str]) -> None:
        self.wire, self.refused = wire, refused

    def make_request(self, method: str, params: Any) -> Any:
        if method in self.refused:
            return {"error": {"code": -32005, "message": f"{method} is not served"}}
        return self.wire.make_request(method, params)

    def make_batch_request(self, requests: Sequence[tuple[str, object]]) -> Any:
        return [self.make_request(*request) for request in requests]


def over(network: EvmNetwork, *refused: str) -> EvmNetwork:
    node = Node(Picky(network.node.wire, refused))
    chain = RpcChain(node)
    chain.names = network.chain.names
    return EvmNetwork(network.manifest, node, chain, network.book, network.records)


def test_a_node_that_refuses_logs_proves_no_role(network: EvmNetwork) -> None:
    as_timelock(network, "roles", "grantRole", role("PAUSER"), STRANGER)
    assert only(network).severity == "critical"
    unproven = {one.field: one for one in audit(over(network, "eth_getLogs"))}
    assert {field: one.severity for field, one in unproven.items()} == {
        "roles": "unproven",
        "timelock": "unproven",
        "settlement": "unproven",
    }
    assert "eth_getLogs is not served" in unproven["roles"].found


def test_a_node_that_refuses_logs_does_not_say_what_was_done(network: EvmNetwork) -> None:
    (finding,) = over(network, "eth_getLogs").audit_records()
    assert (finding.field, finding.severity) == ("history", "unproven")


def test_a_node_that_refuses_storage_proves_no_slot(network: EvmNetwork) -> None:
    fields = {one.field: one.severity for one in audit(over(network, "eth_getStorageAt"))}
    assert fields == {"safe": "unproven", "stocks": "unproven"}


def test_a_node_that_answers_nothing_proves_nothing(network: EvmNetwork) -> None:
    methods = ("eth_call", "eth_getCode", "eth_getStorageAt", "eth_getLogs", "eth_getTransactionReceipt")
    found = audit(over(network, *methods))
    parts = {"code", "wiring", "authority", "safe", "stocks", "corporate_actions", "settlement", "reserves", "records"}
    assert {one.field for one in found} >= parts
    assert all(one.severity == "unproven" for one in found)


def test_events_that_begin_too_late_prove_no_role(network: EvmNetwork) -> None:
    evidence = replace(evidence_of(network), since=network.node.block().number + 1)
    assert [(one.field, one.severity) for one in authority(evidence)] == [
        ("roles", "unproven"),
        ("timelock", "unproven"),
    ]


def test_long_ranges_are_asked_for_in_parts() -> None:
    asked: list[tuple[int, int]] = []

    class Short:
        def logs(self, address: str, topics: Sequence, first: int, last: int) -> list[dict]:
            if last - first >= 1_000:
                raise RpcError("query spans too many blocks")
            asked.append((first, last))
            return [{"first": first}]

    events = list(in_spans(Short(), "0x", [], 5, 5 + SPAN))
    assert len(events) == len(asked)
    assert asked[0][0] == 5
    assert asked[-1][1] == 5 + SPAN
    assert all(after[0] == before[1] + 1 for before, after in pairwise(asked))

    class Mute:
        def logs(self, address: str, topics: Sequence, first: int, last: int) -> list[dict]:
            raise RpcError("no")

    with pytest.raises(RpcError):
        list(in_spans(Mute(), "0x", [], 0, 10))


def test_an_immutable_that_the_audit_does_not_know_is_not_proven() -> None:
    build = artifact("StockProxy")
    code = build.runtime + bytes(32)
    assert len(code) == code_size(build)
    assert [one.name for one in immutables(build)] == ["BEACON"]
    assert list(compare("proxy", code, build, {})) == [
        Finding("proxy.BEACON", "a value that the audit knows", ZERO_ADDRESS, "unproven")
    ]


def test_a_deployment_without_a_safe_is_no_deployment(network: EvmNetwork) -> None:
    (finding,) = multisig(replace(evidence_of(network), safe=None))
    assert (finding.field, finding.severity) == ("safe", "critical")


def test_a_holder_whose_address_nobody_knows_here(network: EvmNetwork) -> None:
    accounts = {**network.manifest.accounts, "auditor": Account(alias="auditor")}
    roles = {**network.manifest.roles, "PAUSER": (*network.manifest.roles["PAUSER"], "auditor")}
    changed = network.manifest.model_copy(update={"accounts": accounts, "roles": roles})
    finding = only(EvmNetwork(changed, network.node, network.chain, network.book, network.records))
    assert (finding.field, finding.severity) == ("authority", "unproven")
    assert finding.found.startswith("accounts.auditor: its keystore is not on this machine")


def test_there_is_nothing_to_audit_before_a_deployment(network: EvmNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = EvmNetwork(network.manifest, network.node, network.chain, AddressBook(), network.records)
    with pytest.raises(Drift, match="a suite of the deployer's stands"):
        audit(empty)
    monkeypatch.setattr("scrip.evm.deploy.unrecorded.standing", lambda _: [])
    with pytest.raises(InputError, match="is not deployed"):
        audit(empty)


def test_a_record_that_was_edited_is_reported(network: EvmNetwork) -> None:
    path = network.records.paths()[3]
    text = path.read_text()
    try:
        path.write_text(text.replace('"gas": ', '"gas": 1'))
        findings = [one for one in audit(network) if one.field.startswith("records/")]
        assert [(one.field, one.severity) for one in findings] == [(f"records/{path.name}", "critical")]
    finally:
        path.write_text(text)
