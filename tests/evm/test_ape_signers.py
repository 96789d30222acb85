"""Accounts of Ape's plug-ins as signers: what they sign is held against what was asked, and a refusal names both.

Ape takes a second and a half to load, and nothing else of it can stand in for what it hands to an account.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ape
import pytest
from ape.types.signatures import MessageSignature, TransactionSignature
from eth_account.messages import SignableMessage, encode_typed_data

from scrip.errors import InputError, ScripError
from scrip.evm.accounts import local_account
from scrip.evm.rpc import ape_accounts
from scrip.evm.rpc.ape_accounts import ApeSigner
from scrip.evm.rpc.signers import LocalSigner

KEY = local_account("compliance-desk")
FIELDS: dict[str, Any] = {
    "chainId": 31_337,
    "nonce": 3,
    "gas": 100_000,
    "maxFeePerGas": 10,
    "maxPriorityFeePerGas": 1,
    "value": 0,
    "data": bytes.fromhex("0102"),
    "to": "0x" + "22" * 20,
}
TYPED = {
    "domain": {"name": "x", "chainId": 31_337},
    "types": {
        "EIP712Domain": [{"name": "name", "type": "string"}, {"name": "chainId", "type": "uint256"}],
        "A": [{"name": "a", "type": "uint256"}, {"name": "b", "type": "bytes32"}],
    },
    "primaryType": "A",
    "message": {"a": 1, "b": b"\7" * 32},
}


class Provider:
    """All that a signer needs of a network."""

    class network:
        ecosystem = ape.networks.ethereum


class Wallet:
    """An account of a plug-in, with a device that shows what it signs."""

    alias = "desk-wallet"
    address = KEY.address

    def __init__(self, change: Callable[[Any], Any] = lambda one: one, key: Any = KEY) -> None:
        self.change, self.key, self.shown = change, key, []

    def sign_transaction(self, transaction: Any) -> Any:
        # As Ape's own accounts and its plug-ins do before they ask: Ape asked a node about it, and had none.
        assert "DynamicFeeTransaction" in str(transaction)
        print("Please follow the prompts on your device")
        self.shown.append(transaction)
        transaction = self.change(transaction)
        if transaction is None:
            return None
        plain = transaction.model_dump(mode="json", by_alias=True, exclude={"sender"})
        made = self.key.sign_transaction({key: value for key, value in plain.items() if value is not None})
        parity = made.v
        transaction.signature = TransactionSignature(v=parity, r=made.r.to_bytes(32), s=made.s.to_bytes(32))
        return transaction

    def sign_message(self, message: Any) -> Any:
        print("Please follow the prompts on your device")
        self.shown.append(message)
        message = self.change(message)
        if message is None:
            return None
        asked = message if isinstance(message, SignableMessage) else encode_typed_data(full_message=message)
        made = self.key.sign_message(asked)
        # A device tells the parity alone, and numbers without their zeros.
        return MessageSignature(v=made.v - 27, r=_short(made.r), s=_short(made.s))


def _short(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8)


def signer(wallet: Any, module: str = "ape_ledger.accounts") -> ApeSigner:
    """The signer of a wallet whose plug-in is a package of that name."""
    of_plug_in = type("Account", (type(wallet),), {"__module__": module})
    wallet.__class__ = of_plug_in
    return ApeSigner(wallet, Provider)  # type: ignore[arg-type]


def changed(**fields: Any) -> Callable[[Any], Any]:
    def change(transaction: Any) -> Any:
        for name, value in fields.items():
            setattr(transaction, name, value)
        return transaction

    return change


@pytest.mark.parametrize("fields", [FIELDS, {key: value for key, value in FIELDS.items() if key != "to"}])
def test_a_wallet_signs_a_transaction_and_prints_nothing_on_stdout(fields: dict[str, Any], capsys) -> None:
    assert signer(Wallet()).sign_transaction(fields) == LocalSigner("compliance-desk").sign_transaction(fields)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "Please follow the prompts on your device\n")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"chain_id": 1}, "chainId 1, and was asked for 31337"),
        ({"nonce": 4}, "nonce 4, and was asked for 3"),
        ({"data": b"\1"}, "data 0x01, and was asked for 0x0102"),
        ({"value": 7}, "value 7, and was asked for 0"),
        ({"receiver": "0x" + "33" * 20}, f"to 0x{'33' * 20}, and was asked for 0x{'22' * 20}"),
    ],
)
def test_another_transaction_than_was_asked_for_is_refused_by_its_field(change: dict[str, Any], told: str) -> None:
    """A release of ape-ledger signed everything for chain 1: on the chain that was meant no node takes it."""
    with pytest.raises(ScripError, match=f"^desk-wallet signed another transaction: {told}$"):
        signer(Wallet(changed(**change))).sign_transaction(FIELDS)


def test_what_a_wallet_does_not_sign_is_said_with_its_plug_in() -> None:
    def fails(_: Any) -> Any:
        raise RuntimeError("No Ledger device detected")

    for ask, what in ((ApeSigner.sign_transaction, "a transaction"), (ApeSigner.sign_typed, "a typed message")):
        asked = FIELDS if what == "a transaction" else TYPED
        with pytest.raises(ScripError, match=rf"^desk-wallet did not sign {what}.* \(ape_ledger\): it was declined"):
            ask(signer(Wallet(lambda _: None)), asked)
        with pytest.raises(ScripError, match=rf"^desk-wallet did not sign {what}.* \(ape_ledger\): No Ledger device"):
            ask(signer(Wallet(fails)), asked)


def test_a_typed_message_goes_to_a_ledger_as_hashes_and_to_a_trezor_whole() -> None:
    expected = LocalSigner("compliance-desk").sign_typed(TYPED)
    hashes, whole = Wallet(), Wallet()
    assert signer(hashes).sign_typed(TYPED) == expected
    assert isinstance(hashes.shown[0], SignableMessage)
    assert signer(whole, "ape_trezor.accounts").sign_typed(TYPED) == expected
    assert whole.shown[0]["message"] == {"a": 1, "b": "0x" + "07" * 32}


def test_another_message_or_key_than_was_asked_for_is_refused() -> None:
    other = {**TYPED, "message": {"a": 2, "b": b"\7" * 32}}
    for wallet in (Wallet(lambda _: encode_typed_data(full_message=other)), Wallet(key=local_account("thief"))):
        with pytest.raises(ScripError, match=f"^desk-wallet signed as 0x.*, not as {KEY.address.lower()}"):
            signer(wallet).sign_typed(TYPED)
    with pytest.raises(ScripError, match="desk-wallet did not sign a transaction"):
        # Ape itself looks whose signature it is.
        signer(Wallet(key=local_account("thief"))).sign_transaction(FIELDS)


def test_an_account_of_any_plug_in_is_loaded_by_its_alias(monkeypatch: pytest.MonkeyPatch) -> None:
    class Accounts:
        aliases = ("desk-wallet",)

        @staticmethod
        def load(_alias: str) -> Wallet:
            return Wallet()

    monkeypatch.setattr(ape_accounts.ape, "accounts", Accounts)
    assert ape_accounts.load("desk-wallet", Provider).address == KEY.address.lower()  # type: ignore[arg-type]
    with pytest.raises(InputError, match="of a hardware wallet it has those once its plug-in is installed"):
        ape_accounts.load("another", Provider)  # type: ignore[arg-type]
