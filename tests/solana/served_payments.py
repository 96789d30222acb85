"""Payments of lamports over a served cluster, and what became of them."""

from __future__ import annotations

from base64 import b64encode

from served import Served
from solders.hash import Hash
from solders.keypair import Keypair
from solders.message import Message
from solders.system_program import TransferParams, transfer
from solders.transaction import Transaction, VersionedTransaction

from scrip.solana.addresses import local_keypair

RICH = local_keypair("payer")
CONFIRMED = {"commitment": "confirmed"}


def blockhash(served: Served) -> tuple[Hash, int]:
    """The newest blockhash and the last height at which it is good."""
    value = served.ask("getLatestBlockhash", CONFIRMED)["value"]
    return Hash.from_string(value["blockhash"]), value["lastValidBlockHeight"]


def payment(served: Served, lamports: int = 10**9, of: Hash | None = None) -> Transaction:
    """A transfer of lamports to a fresh address."""
    params = TransferParams(from_pubkey=RICH.pubkey(), to_pubkey=Keypair().pubkey(), lamports=lamports)
    message = Message([transfer(params)], RICH.pubkey())
    return Transaction([RICH], message, of or blockhash(served)[0])


def send(served: Served, transaction: Transaction | VersionedTransaction, **options: object) -> dict:
    """Hand a transaction over; the whole answer."""
    given = {"encoding": "base64"} | options
    return served.whole("sendTransaction", b64encode(bytes(transaction)).decode(), given)


def status(served: Served, transaction: Transaction) -> dict | None:
    """A transaction's status."""
    return served.ask("getSignatureStatuses", [str(transaction.signatures[0])])["value"][0]


def paid(served: Served, transaction: Transaction) -> int:
    """Lamports that the payment's receiver holds."""
    return served.ask("getBalance", str(transaction.message.account_keys[1]))["value"]
