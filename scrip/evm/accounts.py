"""Accounts by name, for local chains: each name's key is derived from the name, so every run has the same addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from scrip.errors import InputError
from scrip.evm.encoding.abi import ZERO_ADDRESS

ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")


@cache
def local_account(name: str) -> LocalAccount:
    """The key of a name. Anyone can derive it: never use one where money is real."""
    account: LocalAccount = Account.from_key(keccak(text=f"scrip local account {name}"))
    return account


class Names:
    """Addresses by name and names by address. The name "" is the zero address.

    With `derive`, for chains of tests and demonstrations, a name never heard before is a local account's.
    """

    def __init__(self, derive: bool = True) -> None:
        self._derive = derive
        self._addresses: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self.learn("", ZERO_ADDRESS)
        self._names[ZERO_ADDRESS] = "the zero address"

    def learn(self, name: str, address: str) -> str:
        """Remember a pair; the address comes back in lower case."""
        self._addresses[name] = address.lower()
        self._names[address.lower()] = name
        return address.lower()

    def address(self, name: str) -> str:
        """The address of a name, in lower case; InputError for one that nobody taught, where none is derived.

        An address is its own name.
        """
        if name not in self._addresses:
            if ADDRESS.fullmatch(name):
                return name.lower()
            if not self._derive:
                raise InputError("is no account of the manifest and no contract that is deployed", field=name)
            self.learn(name, local_account(name).address)
        return self._addresses[name]

    def name(self, address: str) -> str:
        """The name of an address, or the address."""
        return self._names.get(address.lower(), address)


def sign_typed(name: str, typed: Mapping[str, Any]) -> bytes:
    """A name's EIP-712 signature of a full typed message: 65 bytes r, s, v."""
    return bytes(local_account(name).sign_message(encode_typed_data(full_message=dict(typed))).signature)
