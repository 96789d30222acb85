"""Ape's accounts as signers. Imported by commands alone: Ape takes seconds to load."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import ape
from ape.api.accounts import AccountAPI
from ape.api.providers import ProviderAPI
from ape.exceptions import AccountsError
from eth_account.messages import encode_typed_data

from scrip.errors import InputError, ScripError
from scrip.evm.accounts import local_account


class ApeSigner:
    """An account of Ape's, a keystore or a hardware wallet: Ape asks for its passphrase or its button."""

    def __init__(self, account: AccountAPI, provider: ProviderAPI, name: str = "") -> None:
        self._account = account
        self._ecosystem = provider.network.ecosystem
        self._name = name or account.alias or account.address

    @property
    def address(self) -> str:
        """The address that it signs for, in lower case."""
        return str(self._account.address).lower()

    def sign_transaction(self, fields: Mapping[str, Any]) -> bytes:
        """Sign an EIP-1559 transaction; the signed bytes. ScripError when the account's holder declines."""
        transaction = self._ecosystem.create_transaction(
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
        signed = self._account.sign_transaction(transaction)
        if signed is None:
            raise ScripError(f"{self._name} did not sign")
        return bytes(signed.serialize_transaction())

    def sign_typed(self, typed: Mapping[str, Any]) -> bytes:
        """Sign a full typed message (EIP-712): 65 bytes. ScripError when the account's holder declines."""
        signature = self._account.sign_message(encode_typed_data(full_message=dict(typed)))
        if signature is None:
            raise ScripError(f"{self._name} did not sign")
        return bytes(signature.encode_rsv())


def passphrase_variable(alias: str) -> str:
    """The environment variable from which Ape takes a keystore's passphrase where nobody sits at a terminal."""
    return f"APE_ACCOUNTS_{alias}_PASSPHRASE"


def load(alias: str, provider: ProviderAPI) -> ApeSigner:
    """The keystore with an alias; InputError when this machine has none.

    With its passphrase in the environment it signs without asking, as CI must: what it may sign is the plan that was
    approved. InputError for a wrong passphrase.
    """
    if alias not in ape.accounts.aliases:
        raise InputError("Ape knows no account of that alias on this machine", field="alias", value=alias)
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
