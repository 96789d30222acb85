"""The issuer's quote as EIP-712 typed data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any, Self

from eth_abi import encode
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from scrip.model.laws.fees import fee_of

SIDES = {"mint": 0, "redeem": 1}
EVENTS = {
    side: "0x" + keccak(text=f"{event}(address,address,bytes32,address,uint256,uint256,uint256,address,uint256)").hex()
    for side, event in (("mint", "Minted"), ("redeem", "Redeemed"))
}
"""The first topic of the event of a quote that was carried out, by its side."""
DOMAIN, VERSION = "Scrip PrimaryMarket", "1"
DOMAIN_FIELDS = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)
SECOND_FIELDS = [{"name": "quote", "type": "bytes32"}, {"name": "epoch", "type": "uint256"}]
QUOTE_TYPES = (
    "address",
    "uint8",
    "address",
    "address",
    "uint256",
    "uint256",
    "uint256",
    "uint256",
    "bytes32",
    "uint256",
    "uint256",
    "uint256",
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote as it is signed, in the contract's order. Amount and settlement are in the smallest units, the fee in
    basis points; `ref` is the reference's hash."""

    token: str
    side: int
    account: str
    stablecoin: str
    amount: int
    settlement: int
    fee: int
    generation: int
    ref: bytes
    nonce: int
    epoch: int
    expiry: int

    def values(self) -> tuple[Any, ...]:
        """The struct as the ABI takes it."""
        return astuple(self)

    @classmethod
    def of(cls, values: Sequence[Any]) -> Self:
        """The quote of a call's arguments, as records hold them: large numbers and bytes are texts there."""
        token, side, account, stablecoin, amount, settlement, fee, generation, ref, nonce, epoch, expiry = values
        return cls(
            token=token,
            side=int(side),
            account=account,
            stablecoin=stablecoin,
            amount=int(amount),
            settlement=int(settlement),
            fee=int(fee),
            generation=int(generation),
            ref=bytes.fromhex(ref[2:]),
            nonce=int(nonce),
            epoch=int(epoch),
            expiry=int(expiry),
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """The event by which the market tells that it carried a quote out: its topics, and its data, 0x-prefixed hex."""

    topics: tuple[str, ...]
    data: str


def mark_of(quote: Quote, signer: str) -> Mark:
    """The event of a quote of a signer's, of which no other quote has the same."""
    side = next(name for name, number in SIDES.items() if number == quote.side)
    words = ("0x" + one.lower().removeprefix("0x").rjust(64, "0") for one in (quote.token, quote.account))
    fee = fee_of(quote.settlement, quote.fee)
    data = (quote.stablecoin, quote.amount, quote.settlement, fee, signer, quote.nonce)
    told = encode(["address", "uint256", "uint256", "uint256", "address", "uint256"], data)
    return Mark((EVENTS[side], *words, "0x" + quote.ref.hex()), "0x" + told.hex())


def ref_of(reference: str) -> bytes:
    """The word by which the market's events name a quote's reference."""
    return bytes(keccak(text=reference))


def typed_message(quote: Quote, chain_id: int, market: str, payer: str = "") -> dict[str, Any]:
    """The full typed message that a QUOTE_SIGNER signs, bound to one chain and one market.

    A payer that is not the quote's account is signed with it, under a type of its own.
    """
    names = [entry.name for entry in fields(Quote)]
    typed: dict[str, Any] = {
        "domain": {
            "name": DOMAIN,
            "version": VERSION,
            "chainId": chain_id,
            "verifyingContract": market,
        },
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in DOMAIN_FIELDS],
            "Quote": [{"name": name, "type": kind} for name, kind in zip(names, QUOTE_TYPES, strict=True)],
        },
        "primaryType": "Quote",
        "message": dict(zip(names, quote.values(), strict=True)),
    }
    if payer in ("", quote.account):
        return typed
    return _around(typed, "QuotePaidBy", {"payer": payer})


def payment_message(quote: Quote, signer: str, payer: str, chain_id: int, market: str) -> dict[str, Any]:
    """The full typed message by which a payer consents to a mint on a quote of a signer's.

    Its digest is the nonce of an ERC-3009 authorization of the payment, too.
    """
    return _around(typed_message(quote, chain_id, market), "Payment", {"signer": signer, "payer": payer})


def _around(typed: dict[str, Any], kind: str, accounts: dict[str, str]) -> dict[str, Any]:
    """A message of another type that holds a quote, and the accounts that are signed with it."""
    around = [{"name": "quote", "type": "Quote"}, *({"name": name, "type": "address"} for name in accounts)]
    message = {"quote": typed["message"], **accounts}
    return {**typed, "types": {**typed["types"], kind: around}, "primaryType": kind, "message": message}


def countersigned_message(quote: Quote, epoch: int, chain_id: int, market: str, payer: str = "") -> dict[str, Any]:
    """The full typed message that a second QUOTE_SIGNER signs, good while its own epoch is this one."""
    message = {"quote": digest_of(typed_message(quote, chain_id, market, payer)), "epoch": epoch}
    typed = typed_message(quote, chain_id, market)
    kinds = {"EIP712Domain": typed["types"]["EIP712Domain"], "Countersignature": SECOND_FIELDS}
    return {**typed, "types": kinds, "primaryType": "Countersignature", "message": message}


def digest(quote: Quote, chain_id: int, market: str) -> bytes:
    """The 32 bytes that a QUOTE_SIGNER signs: EIP-712 of the typed message."""
    return digest_of(typed_message(quote, chain_id, market))


def digest_of(typed: dict[str, Any]) -> bytes:
    """The 32 bytes that stand for a full typed message."""
    signable = encode_typed_data(full_message=typed)
    return bytes(keccak(b"\x19" + signable.version + signable.header + signable.body))
