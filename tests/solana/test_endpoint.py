"""The endpoint is a cluster: its blocks, blockhashes and replies behave as one's."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.error import HTTPError, URLError

import pytest
from served import Served, running
from served_payments import CONFIRMED, RICH, blockhash, paid, payment, send, status
from solders.message import MessageV0
from solders.signature import Signature
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction

from scrip.solana.addresses import local_address
from scrip.solana.local.endpoint.bank import FINALITY, LIFE


@pytest.fixture(scope="module")
def still() -> Iterator[Served]:
    """A cluster of its own, whose blocks the test alone makes."""
    with running(block_ms=10**9) as endpoint:
        yield endpoint


def test_a_blockhash_lasts_150_blocks_and_not_one_more(still: Served) -> None:
    found, last = blockhash(still)
    assert last == still.ask("getBlockHeight", CONFIRMED) + LIFE
    still.advance(LIFE - 1)
    assert still.ask("isBlockhashValid", str(found))["value"]
    punctual = payment(still, of=found)
    assert "result" in send(still, punctual)
    assert still.advance(1) == last
    assert status(still, punctual)["err"] is None
    assert not still.ask("isBlockhashValid", str(found))["value"]
    late = payment(still, of=found)
    assert send(still, late)["error"]["message"].endswith("Blockhash not found")
    assert "result" in send(still, late, skipPreflight=True)
    still.advance(1)
    assert status(still, late) is None


def test_what_is_final_lags(still: Served) -> None:
    transaction = payment(still)
    send(still, transaction)
    assert status(still, transaction) is None
    still.advance(1)
    assert status(still, transaction)["confirmationStatus"] == "confirmed"
    asked = [str(transaction.signatures[0]), {"encoding": "base64"}]
    assert still.ask("getTransaction", *asked) is None
    still.advance(FINALITY)
    assert status(still, transaction)["confirmationStatus"] == "finalized"
    assert still.ask("getTransaction", *asked)["meta"]["err"] is None


def test_a_transaction_lands_once_however_often_it_arrives(still: Served) -> None:
    still.fault("duplicate")
    transaction = payment(still)
    first = send(still, transaction)
    assert send(still, transaction)["result"] == first["result"]
    still.advance(1)
    assert paid(still, transaction) == 10**9
    assert "already been processed" in send(still, transaction)["error"]["message"]
    assert "result" in send(still, transaction, skipPreflight=True)
    still.advance(1)
    assert paid(still, transaction) == 10**9


def test_a_dropped_transaction_never_lands_by_itself(still: Served) -> None:
    still.fault("drop")
    transaction = payment(still)
    assert "result" in send(still, transaction)
    still.advance(2)
    assert status(still, transaction) is None
    send(still, transaction)
    still.advance(1)
    assert status(still, transaction)["err"] is None


def test_a_lost_reply_says_nothing_of_the_transaction(still: Served) -> None:
    lost, refused = payment(still), payment(still)
    still.fault("lose_reply")
    with pytest.raises((HTTPError, URLError, ConnectionError)):
        send(still, lost)
    still.fault("refuse")
    with pytest.raises((HTTPError, URLError, ConnectionError)):
        send(still, refused)
    still.advance(1)
    assert status(still, lost)["err"] is None
    assert status(still, refused) is None


def test_an_unsigned_or_forged_transaction_is_not_taken(still: Served) -> None:
    forged = VersionedTransaction.populate(payment(still).message, [Signature.default()])
    assert send(still, forged, skipPreflight=True)["error"]["code"] == -32003


def test_a_new_transactions_version_must_be_asked_for(still: Served) -> None:
    params = TransferParams(from_pubkey=RICH.pubkey(), to_pubkey=local_address("versioned"), lamports=10**9)
    message = MessageV0.try_compile(RICH.pubkey(), [transfer(params)], [], blockhash(still)[0])
    signature = send(still, VersionedTransaction(message, [RICH]))["result"]
    still.advance(FINALITY + 1)
    assert still.whole("getTransaction", signature)["error"]["code"] == -32015
    asked = {"maxSupportedTransactionVersion": 0, "encoding": "json"}
    assert still.ask("getTransaction", signature, asked)["version"] == 0


def test_a_failed_transaction_lands_and_pays(still: Served) -> None:
    transaction = payment(still, 10**18)
    before = still.ask("getBalance", str(RICH.pubkey()))["value"]
    send(still, transaction, skipPreflight=True)
    still.advance(1)
    assert status(still, transaction)["err"] == {"InstructionError": [0, {"Custom": 1}]}
    assert still.ask("getBalance", str(RICH.pubkey()))["value"] == before - 5_000
