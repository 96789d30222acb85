"""Ape's accounts as signers. Imported by commands alone: Ape takes seconds to load."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from functools import cache
from typing import Any, TypeVar

import ape
from ape.api.accounts import AccountAPI
from ape.api.providers import ProviderAPI
from ape.exceptions import AccountsError
from eth_account import Account
from eth_account.messages import encode_typed_data

from scrip.errors import InputError, ScripError
from scrip.evm.accounts import local_account
from scrip.evm.rpc.signers import demand_asked

T = TypeVar("T")

WHOLE = ("ape_trezor",)
"""Plug-ins that are given a typed message whole, so that their devices can show it; the others take its two hashes."""
BYTE_27 = 27
"""What contracts add to the parity in a signature's last byte; devices leave it out."""
PLUG_INS = "of a hardware wallet it has those once its plug-in is installed (ape-ledger, ape-trezor) and has added one"


class ApeSigner:
    """An account of any plug-in of Ape's, a keystore or a hardware wallet: it asks for its passphrase or its button.

    What it signed is held against what it was asked to sign. What a plug-in prints goes to stderr.
    """

    def __init__(self, account: AccountAPI, provider: ProviderAPI, name: str = "") -> None:
        self._account = account
        self._ecosystem = provider.network.ecosystem
        self._name = name or account.alias or account.address

    @property
    def address(self) -> str:
        """The address that it signs for, in lower case."""
        return str(self._account.address).lower()

    def sign_transaction(self, fields: Mapping[str, Any]) -> bytes:
        """Sign an EIP-1559 transaction; the signed bytes.

        ScripError when the account's holder declines, and where it signed another transaction.
        """
        transaction = self._transaction(fields)

        def sign() -> bytes | None:
            signed = self._account.sign_transaction(transaction)
            return None if signed is None else bytes(signed.serialize_transaction())

        made = self._answer("a transaction", sign)
        demand_asked(self._name, fields, made)
        return made

    def _transaction(self, fields: Mapping[str, Any]) -> Any:
        """A transaction as Ape has it, which can be shown without a node."""
        made = self._ecosystem.create_transaction(
            sender=self._account.address,
            data=fields["data"],
            nonce=fields["nonce"],
            gas_limit=fields["gas"],
            max_fee=fields["maxFeePerGas"],
            max_priority_fee=fields["maxPriorityFeePerGas"],
            chain_id=fields["chainId"],
            value=fields["value"],
            **({"receiver": self._ecosystem.decode_address(fields["to"])} if fields.get("to") else {}),
        )
        return _undecoded(type(made)).model_validate(made.model_dump(by_alias=True, exclude_none=True))

    def sign_typed(self, typed: Mapping[str, Any]) -> bytes:
        """Sign a full typed message (EIP-712): 65 bytes.

        ScripError when the account's holder declines, where its plug-in or device signs none, and where it signed
        another.
        """
        asked = encode_typed_data(full_message=dict(typed))
        taken = in_text(typed) if self._plug_in in WHOLE else asked
        signature = self._answer("a typed message (EIP-712)", lambda: self._account.sign_message(taken))
        parity = signature.v - BYTE_27 if signature.v >= BYTE_27 else signature.v
        made = bytes(signature.encode_rsv())[:64] + bytes([BYTE_27 + parity])
        try:
            found = str(Account.recover_message(asked, signature=made)).lower()
        except Exception as unfit:  # noqa: BLE001 - of what eth-keys cannot recover
            raise ScripError(f"{self._name} answered with no signature: {unfit}; nothing was sent") from None
        if found != self.address:
            raise ScripError(f"{self._name} signed as {found}, not as {self.address}, or another message")
        return made

    @property
    def _plug_in(self) -> str:
        """The package that the account is of."""
        return type(self._account).__module__.partition(".")[0]

    def _answer(self, what: str, ask: Callable[[], T | None]) -> T:
        """What the account answers; ScripError, by the account's name and its plug-in's, where it does not sign."""
        try:
            # Standard output may be one JSON object, and a plug-in tells people there what to do.
            with redirect_stdout(sys.stderr):
                found = ask()
        except Exception as refused:  # noqa: BLE001 - of any plug-in and its library
            reason = str(refused) or type(refused).__name__
            raise ScripError(f"{self._name} did not sign {what} ({self._plug_in}): {reason}") from None
        if found is None:
            why = "it was declined, or neither the plug-in nor the device signs such a thing"
            raise ScripError(f"{self._name} did not sign {what} ({self._plug_in}): {why}")
        return found


@cache
def _undecoded(kind: type[Any]) -> type[Any]:
    """A kind of transaction whose text does not name the function that it calls: Ape would ask a node about that, of
    its own choice, and is connected to none."""
    return type(kind.__name__, (kind,), {"_decoded_call": lambda _: None, "__module__": kind.__module__})


def in_text(value: Any) -> Any:
    """A typed message as JSON has it: bytes as hex."""
    if isinstance(value, Mapping):
        return {name: in_text(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [in_text(one) for one in value]
    return "0x" + bytes(value).hex() if isinstance(value, bytes | bytearray) else value


def passphrase_variable(alias: str) -> str:
    """The environment variable from which Ape takes a keystore's passphrase where nobody sits at a terminal."""
    return f"APE_ACCOUNTS_{alias}_PASSPHRASE"


def load(alias: str, provider: ProviderAPI) -> ApeSigner:
    """The account of an alias, of whatever plug-in; InputError when this machine has none.

    With its passphrase in the environment it signs without asking, as CI must: what it may sign is the plan that was
    approved. InputError for a wrong passphrase.
    """
    if alias not in ape.accounts.aliases:
        raise InputError(f"Ape knows no account of that alias on this machine; {PLUG_INS}", field="alias", value=alias)
    account = ape.accounts.load(alias)
    if os.environ.get(passphrase_variable(alias)):
        try:
            account.set_autosign(True)
        except (AccountsError, AttributeError):
            # From None: nothing of the passphrase's handling is shown.
            raise InputError("does not unlock the account", field=passphrase_variable(alias)) from None
    return ApeSigner(account, provider, alias)


def test_account(name: str, number: int, provider: ProviderAPI) -> ApeSigner:
    """A local chain's account, its key following from its name, as a test account of Ape's."""
    key = local_account(name)
    account = ape.accounts.test_accounts.init_test_account(number, key.address, key.key.hex())
    return ApeSigner(account, provider, name)
