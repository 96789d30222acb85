"""Who signs: keys behind one small protocol, so that what is sent never depends on where a key lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes

from scrip.errors import ScripError
from scrip.evm.accounts import local_account
from scrip.evm.rpc.node import Node


@runtime_checkable
class Signer(Protocol):
    """An account that signs. A refusal to sign is a ScripError. No key ever leaves it."""

    @property
    def address(self) -> str:
        """The address that it signs for, in lower case."""

    def sign_transaction(self, fields: Mapping[str, Any]) -> bytes:
        """Sign an EIP-1559 transaction; the signed bytes.

        `fields` are chainId, nonce, gas, maxFeePerGas, maxPriorityFeePerGas, value (ints), data (bytes), and to (a
        string), absent when a contract is created.
        """

    def sign_typed(self, typed: Mapping[str, Any]) -> bytes:
        """Sign a full typed message (EIP-712): 65 bytes r, s, v."""


class LocalSigner:
    """A local chain's account: its key follows from its name. Anyone can derive it."""

    def __init__(self, name: str) -> None:
        self._account: LocalAccount = local_account(name)

    @property
    def address(self) -> str:
        """The address that it signs for, in lower case."""
        return self._account.address.lower()

    def sign_transaction(self, fields: Mapping[str, Any]) -> bytes:
        """Sign an EIP-1559 transaction; the signed bytes."""
        return bytes(self._account.sign_transaction(_typed_transaction(fields)).raw_transaction)

    def sign_typed(self, typed: Mapping[str, Any]) -> bytes:
        """Sign a full typed message (EIP-712): 65 bytes r, s, v."""
        return bytes(self._account.sign_message(encode_typed_data(full_message=dict(typed))).signature)


class Impersonated:
    """Any account, on a fork: anvil takes its transactions unsigned. It signs nothing that another chain would take."""

    def __init__(self, address: str) -> None:
        self._address = address.lower()

    @property
    def address(self) -> str:
        """The address that it acts as, in lower case."""
        return self._address

    def transmit(self, node: Node, fields: Mapping[str, Any]) -> str:
        """Send from the account; the transaction's hash. RpcError where the node is no anvil."""
        node.rpc("anvil_impersonateAccount", self._address)
        numbers = {key: hex(value) for key, value in fields.items() if isinstance(value, int) and key != "chainId"}
        text = {"from": self._address, "data": "0x" + fields["data"].hex()}
        return str(node.rpc("eth_sendTransaction", numbers | text | ({"to": fields["to"]} if fields.get("to") else {})))

    def sign_transaction(self, fields: Mapping[str, Any]) -> bytes:  # noqa: ARG002
        """TypeError: there is no key."""
        raise TypeError("an impersonated account has no key; transmit() sends for it")

    def sign_typed(self, typed: Mapping[str, Any]) -> bytes:  # noqa: ARG002
        """TypeError: there is no key."""
        raise TypeError("an impersonated account has no key")


def _typed_transaction(fields: Mapping[str, Any]) -> dict[str, Any]:
    plain = dict(fields) | {"type": 2}
    if plain.get("to"):
        # eth_account wants the checksum.
        from eth_utils import to_checksum_address

        plain["to"] = to_checksum_address(plain["to"])
    return plain


def transaction_hash(signed: bytes) -> str:
    """The hash under which the network will know signed bytes."""
    from eth_utils import keccak

    return "0x" + keccak(signed).hex()


ASKED = ("chainId", "nonce", "gas", "maxFeePerGas", "maxPriorityFeePerGas", "value", "data", "to")
"""What is asked of a signer, by name."""


def demand_asked(name: str, fields: Mapping[str, Any], signed: bytes) -> None:
    """ScripError, naming the field, where a signer's bytes are another transaction than it was asked to sign."""
    made = dict(TypedTransaction.from_bytes(HexBytes(signed)).as_dict())
    for field in ASKED:
        asked, found = (_comparable(one.get(field)) for one in (fields, made))
        if asked != found:
            raise ScripError(f"{name} signed another transaction: {field} {found}, and was asked for {asked}")
    if made.get("accessList"):
        raise ScripError(f"{name} signed another transaction: with an access list, and was asked for none")


def _comparable(value: Any) -> str:
    """A field of a transaction as text: bytes, and addresses in whatever case, as hex; "" for none."""
    if isinstance(value, bytes):
        return "0x" + value.hex() if value else ""
    return "" if value is None else str(value).lower()


def sender_of(signed: bytes) -> str:
    """The address whose signature signed bytes carry, in lower case."""
    return str(Account.recover_transaction(signed)).lower()
