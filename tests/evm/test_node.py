"""A node is asked plainly, and what it refuses is said: fees, estimates, genesis, nonces, batches, reverts."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from scrip.errors import InputError, ScripError
from scrip.evm.accounts import local_account
from scrip.evm.local import anvil
from scrip.evm.rpc import node
from scrip.evm.rpc import wire as rpc
from scrip.evm.rpc.chain import AnvilChain, RpcChain
from scrip.evm.rpc.connect import connect
from scrip.evm.rpc.loopback import Loopback
from scrip.evm.rpc.node import GAS_CAP, Fees, Node, NotMined, Reverted, returned
from scrip.evm.rpc.signers import Impersonated, LocalSigner, Signer, sender_of, transaction_hash
from scrip.evm.rpc.wire import Foreign, Remote, RpcError, shown

START = 1_000_000_000
GWEI = 10**9


class Scripted:
    """A wire that answers from a table: a result, an error object, or a function of the parameters."""

    endpoint_uri = "scripted"

    def __init__(self, **answers: object) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def make_request(self, method: str, params: object) -> Any:
        self.asked.append(method)
        found = self.answers[method]
        found = found(*params) if callable(found) else found
        return {"error": found} if isinstance(found, dict) and "message" in found else {"result": found}

    def make_batch_request(self, requests: Sequence[tuple[str, object]]) -> Any:
        return [self.make_request(*request) for request in requests]


def block(number: int = 7, fee: int = 0) -> dict[str, str]:
    return {"number": hex(number), "hash": "0x" + "ab" * 32, "timestamp": hex(START), "baseFeePerGas": hex(fee)}


@pytest.fixture(scope="module")
def live() -> Iterator[Node]:
    with anvil.running(START) as url:
        yield Node.at(url)


# --- fees, gas, nonces -----------------------------------------------------------------------------------------------


def test_fees_stay_valid_while_the_base_fee_doubles() -> None:
    asked = Scripted(eth_getBlockByNumber=block(fee=30 * GWEI), eth_maxPriorityFeePerGas=hex(2 * GWEI))
    assert Node(asked).fees() == Fees(62 * GWEI, 2 * GWEI)


def test_gas_is_free_on_an_anvil_alone(live: Node) -> None:
    assert live.fees() == Fees(0, 0)
    other = Scripted(
        eth_getBlockByNumber=block(fee=0), eth_maxPriorityFeePerGas=hex(GWEI), web3_clientVersion="Geth/v1.16"
    )
    assert Node(other).fees() == Fees(GWEI, GWEI)


def test_an_estimate_is_given_a_fifth_more_below_the_cap() -> None:
    for needed, given in ((100_000, 120_000), (GAS_CAP - 10, GAS_CAP), (GAS_CAP, GAS_CAP)):
        assert Node(Scripted(eth_estimateGas=hex(needed))).estimate("0x01", "0x02", b"") == given
    with pytest.raises(ScripError, match=r"needs 16,777,216 gas, and a transaction is given 16,777,215 at most"):
        Node(Scripted(eth_estimateGas=hex(GAS_CAP + 1))).estimate("0x01", "0x02", b"")


def test_the_next_nonce_waits_for_a_node_that_lags(monkeypatch) -> None:
    monkeypatch.setattr(node, "POLL_MAX", 0.001)
    answers = iter([4, 4, 5, 5])
    assert Node(Scripted(eth_getTransactionCount=lambda *_: hex(next(answers)))).next_nonce("0x01", 5) == 5
    with pytest.raises(ScripError, match="has sent 4 transactions, and it sent 5"):
        Node(Scripted(eth_getTransactionCount="0x4"), patience=0).next_nonce("0x01", 5)


def test_a_nonce_is_not_taken_while_another_transaction_waits() -> None:
    asked = Scripted(eth_getTransactionCount=lambda _, which: {"latest": "0x4", "pending": "0x6"}[which])
    with pytest.raises(ScripError, match="2 transactions of 0x01 wait to be mined"):
        Node(asked).next_nonce("0x01")


# --- genesis and blocks ----------------------------------------------------------------------------------------------

HASH, OTHER = "0x" + "AB" * 32, "0x" + "cd" * 32


def test_the_genesis_is_the_nodes_and_must_be_the_manifests() -> None:
    assert Node(Scripted(eth_getBlockByNumber=block())).genesis() == HASH.lower()
    assert Node(Scripted(eth_getBlockByNumber=block())).genesis(HASH) == HASH.lower()
    with pytest.raises(InputError, match="another network"):
        Node(Scripted(eth_getBlockByNumber=block())).genesis(OTHER)


@pytest.mark.parametrize("answer", [None, {"message": "history pruned"}])
def test_where_block_0_was_pruned_the_manifest_says(answer: object) -> None:
    assert Node(Scripted(eth_getBlockByNumber=answer)).genesis(OTHER) == OTHER
    with pytest.raises(InputError, match=r"chain\.genesis: the node has no block 0"):
        Node(Scripted(eth_getBlockByNumber=answer)).genesis()


def test_a_block_that_is_not_there_is_an_error() -> None:
    with pytest.raises(RpcError, match="the node has no block 12"):
        Node(Scripted(eth_getBlockByNumber=None)).block(12)


def test_a_block_is_final_when_enough_stand_on_it(monkeypatch) -> None:
    monkeypatch.setattr(node, "POLL_MAX", 0.001)
    heads = iter(range(5, 20))
    asked = Scripted(eth_getBlockByNumber=lambda *_: block(next(heads)))
    Node(asked).wait_final(7, 3)
    assert len(asked.asked) == 6  # until block 10
    Node(Scripted()).wait_final(7, 0)
    with pytest.raises(NotMined, match="block 7 does not become final"):
        Node(Scripted(eth_getBlockByNumber=block(8)), patience=0).wait_final(7, 3)


# --- sending ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("message", ["already known", "Transaction already imported", "ALREADY KNOWN: 0x01"])
def test_bytes_that_the_network_has_are_no_error(message: str) -> None:
    Node(Scripted(eth_sendRawTransaction={"code": -32000, "message": message})).send_raw(b"\x02")


@pytest.mark.parametrize("message", ["nonce too low", "insufficient funds for gas * price + value", "known"])
def test_bytes_that_the_network_refuses_are_an_error(message: str) -> None:
    with pytest.raises(RpcError, match="eth_sendRawTransaction: "):
        Node(Scripted(eth_sendRawTransaction={"code": -32000, "message": message})).send_raw(b"\x02")


def test_no_receipt_is_not_mined_and_not_forgotten(monkeypatch) -> None:
    monkeypatch.setattr(node, "POLL_MAX", 0.001)
    answers = iter([None, None, {"status": "0x1"}])
    assert Node(Scripted(eth_getTransactionReceipt=lambda *_: next(answers))).wait("0x01") == {"status": "0x1"}
    with pytest.raises(NotMined, match="0x01 is in no block after 0 s"):
        Node(Scripted(eth_getTransactionReceipt=None), patience=0).wait("0x01")


def test_a_signer_signs_what_the_network_knows_by_its_hash(live: Node) -> None:
    signer = LocalSigner("carol")
    assert isinstance(signer, Signer)
    chain = RpcChain(live, {"carol": signer})
    fields = chain.fields(signer.address, "0x" + "11" * 20, b"\x01", live.next_nonce(signer.address))
    signed = signer.sign_transaction(fields)
    assert sender_of(signed) == local_account("carol").address.lower()
    live.send_raw(signed)
    mined = live.transaction(live.wait(transaction_hash(signed))["transactionHash"])
    assert mined is not None
    assert (mined["input"], mined["type"], mined["from"]) == ("0x01", "0x2", signer.address)


def test_an_impersonated_account_has_nothing_to_sign_with() -> None:
    one = Impersonated("0x" + "AB" * 20)
    assert one.address == "0x" + "ab" * 20
    for sign in (one.sign_transaction, one.sign_typed):
        with pytest.raises(TypeError, match="has no key"):
            sign({})


# --- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        {"code": 3, "message": "execution reverted", "data": "0x1234"},
        {"code": -32000, "message": "execution reverted", "data": "0x1234"},
        {"code": -32015, "message": "VM execution error.", "data": {"data": "0x1234"}},
    ],
)
def test_nodes_tell_of_a_revert_in_several_ways(error: dict) -> None:
    with pytest.raises(Reverted) as caught:
        returned({"error": error})
    assert caught.value.data == bytes.fromhex("1234")


def test_a_revert_without_data_and_an_error_that_is_none() -> None:
    with pytest.raises(Reverted) as caught:
        returned({"error": {"code": 3, "message": "execution reverted"}})
    assert caught.value.data == b""
    with pytest.raises(RpcError, match="eth_call: header not found"):
        returned({"error": {"code": -32000, "message": "header not found"}})


@pytest.mark.parametrize("answer", [[], "no", None, {}, {"id": 1}])
def test_what_is_no_json_rpc_is_said_to_be_none(answer: object) -> None:
    wire = Scripted()
    wire.make_request = lambda *_: answer  # type: ignore[method-assign]
    with pytest.raises(RpcError, match="is no JSON-RPC"):
        Node(wire).chain_id()


@pytest.mark.parametrize("answer", [{"error": {"message": "batch too large"}}, [], [{"result": "0x1"}] * 3])
def test_a_refused_batch_is_an_error(answer: object) -> None:
    wire = Scripted()
    wire.make_batch_request = lambda *_: answer  # type: ignore[method-assign]
    with pytest.raises(RpcError, match="refuses a batch of 2"):
        Node(wire).batch([("eth_chainId", [])] * 2)
    assert Node(wire).batch([]) == []


# --- wires -----------------------------------------------------------------------------------------------------------

Answer = Callable[[int], tuple[int, bytes]]


@pytest.fixture
def served() -> Iterator[Callable[[Answer], str]]:
    """A server on this machine, reached by name, so that it counts as any other host."""
    servers: list[HTTPServer] = []

    def serve(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            count = 0

            def do_POST(self) -> None:
                Handler.count += 1
                self.rfile.read(int(self.headers["Content-Length"]))
                status, body = answer(Handler.count)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        servers.append(HTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://localhost:{servers[-1].server_port}/v3/secret-key"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def answer_of(result: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": result}).encode()


def test_a_wire_is_chosen_by_the_url() -> None:
    assert isinstance(connect("http://127.0.0.1:8545"), Loopback)
    assert isinstance(connect("https://127.0.0.1:8545"), Remote)
    assert isinstance(connect("https://mainnet.example/v3/secret"), Remote)
    for url in ("", "ws://127.0.0.1", "ftp://example.org", "mainnet.example"):
        with pytest.raises(InputError, match="is no http or https URL"):
            connect(url)


def test_a_busy_node_is_asked_again(served, monkeypatch) -> None:
    monkeypatch.setattr(rpc, "RETRIES", 3)
    url = served(lambda count: (429, b"slow down") if count < 3 else (200, answer_of("0x7")))
    assert Node.at(url).chain_id() == 7


@pytest.mark.parametrize(("status", "body"), [(200, b"<html>"), (500, b""), (403, b"denied for secret-key")])
def test_what_a_node_says_that_is_no_answer_shows_no_key(served, status: int, body: bytes) -> None:
    url = served(lambda _: (status, body))
    with pytest.raises(RpcError, match=rf"the node at {shown(url)} does not answer") as caught:
        Node.at(url).chain_id()
    assert "secret-key" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_batch_is_put_into_the_order_asked(served) -> None:
    answers = [{"id": number, "result": hex(number)} for number in (2, 3, 1)]
    url = served(lambda _: (200, json.dumps(answers).encode()))
    found = Node.at(url).batch([("eth_chainId", [])] * 3)
    assert [one["result"] for one in found] == ["0x1", "0x2", "0x3"]


def test_another_librarys_error_shows_no_key() -> None:
    def fail(*_: object) -> None:
        raise ConnectionError("https://mainnet.example/v3/secret-key refused")

    wire = Scripted(eth_chainId=fail)
    wire.endpoint_uri = "https://mainnet.example/v3/secret-key"
    with pytest.raises(RpcError) as caught:
        Node(Foreign(wire)).chain_id()
    assert str(caught.value) == "the node at https://mainnet.example does not answer: ConnectionError"
    assert Node(Foreign(Scripted(eth_chainId="0x7"))).batch([("eth_chainId", [])]) == [{"result": "0x7"}]


def test_a_node_that_is_gone_is_one_clear_error() -> None:
    with pytest.raises(RpcError, match=r"the node at http://127\.0\.0\.1:1 does not answer: .*refused"):
        Node.at("http://127.0.0.1:1").chain_id()


# --- the chain behind it ---------------------------------------------------------------------------------------------


def test_a_live_chains_clock_is_not_moved(live: Node) -> None:
    chain = RpcChain(live)
    now = chain.now()
    chain.advance_to(now)
    with pytest.raises(ValueError, match="has passed"):
        chain.advance_to(now - 1)
    chain.advance_to(now + 60)
    assert chain.now() == now + 60
    live_chain = RpcChain(Node(Scripted(eth_chainId="0x1", eth_getBlockByNumber=block(), web3_clientVersion="Geth/v1")))
    with pytest.raises(ValueError, match="cannot be moved"):
        live_chain.advance_to(START + 1)


def test_names_are_known_or_derived_but_never_guessed(live: Node) -> None:
    with pytest.raises(InputError, match="carol: is no account of the manifest"):
        RpcChain(live).address("carol")
    with pytest.raises(InputError, match=r"sender: nobody here signs for it \(got 'carol'\)"):
        RpcChain(live).signer("carol")
    assert AnvilChain(live).address("carol") == local_account("carol").address.lower()
