"""What instructions say, as contracts take it: words, numbers and ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eth_utils import keccak

from scrip.evm.encoding import attestations, payments, quotes
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.holder_limits import InvestorClass, StockRules
from scrip.instructions.base import DOCUMENT_HASH, Policy
from scrip.plan import StepKey
from scrip.units import EVM_DECIMALS, STABLECOIN_DECIMALS, RawUnits, Stablecoin, fitting

POLICIES: Mapping[Policy, int] = {"ALLOWLIST": 0, "BLOCKLIST": 1}
CLASSES: Mapping[InvestorClass, int] = {"retail": 1, "professional": 2, "institutional": 3, "venue": 4}
CUSTODIAN = "custodian"
"""The account that publishes rounds on a local chain and shows them to the feed; it holds no role."""
ZERO_WORD = bytes(32)
AMOUNT_BITS = 256
"""What a token and a stablecoin count an amount in."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """A call of `function` of the contract with the label `to`, whose ABI is `contract`'s, by the account `sender`.

    `args` may hold Address, StepKey and Packed, in lists and tuples too.
    """

    sender: str
    to: str
    contract: str
    function: str
    args: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedQuote:
    """An issuer's quote, who is said to have signed it, and 65 bytes r, s, v; the same of a second, "" for none.

    `payment` is how a mint is paid where its account does not simply pay under an allowance.
    """

    quote: quotes.Quote
    signer: str
    signature: bytes
    second: str = ""
    second_signature: bytes = b""
    payment: payments.Payment | None = None

    @property
    def args(self) -> tuple[object, ...]:
        """What the market's functions take."""
        one = (self.quote.values(), self.signer, self.signature)
        both = (*one, self.second, self.second_signature)
        if self.payment is not None:
            return (*one, self.second or ZERO_ADDRESS, self.second_signature, self.payment.values())
        return both if self.second else one


@dataclass(frozen=True, slots=True)
class SignedAttestation:
    """What a KYC provider says of an investor, and 65 bytes r, s, v."""

    attestation: attestations.Attestation
    signature: bytes


def document_hash(text: str) -> bytes:
    """The hash that a document stands for: 0x and 64 hex digits are the hash itself; zero for none."""
    if DOCUMENT_HASH.fullmatch(text):
        return bytes.fromhex(text[2:])
    return keccak(text=text) if text else ZERO_WORD


def reference_word(text: str) -> bytes:
    """A reference as the chain keeps it: its UTF-8 bytes when 32 hold them, else their hash."""
    raw = text.encode()
    return raw.ljust(32, b"\0") if len(raw) <= 32 else keccak(raw)


def investor_number(name: str) -> int:
    """The registry's number of an investor's name; 0, which it refuses, for none."""
    return int.from_bytes(keccak(text=f"investor {name}")[:8]) if name else 0


def action_id(isin: str, series: int, code: str, reference: str) -> bytes:
    """The id under which every chain that has the stock keeps an action; `isin` is the one that it was born with."""
    stock = isin.encode().ljust(12, b"\0") + series.to_bytes(8, "big")
    return keccak(stock + code.encode().ljust(4, b"\0") + reference_word(reference))


def class_bits(rules: StockRules) -> int:
    """The classes that may hold a stock as the registry takes them: bit k for class k."""
    return sum(1 << CLASSES[name] for name in rules.classes)


def country_words(rules: StockRules) -> list[int]:
    """The countries whose investors may hold a stock as the registry takes them: four words of 256 bits."""
    return [rules.countries.bits >> 256 * word & (2**256 - 1) for word in range(4)]


def raw(amount: RawUnits) -> int:
    """Raw units as the chain takes them; TypeError for those of another chain, InputError for over 256 bits."""
    if not isinstance(amount, RawUnits) or amount.decimals != EVM_DECIMALS:
        raise TypeError(f"{amount!r} are not raw units of evm, {EVM_DECIMALS} decimals")
    return fitting(amount.value, AMOUNT_BITS, "amount", EVM_DECIMALS)


def coins(amount: Stablecoin) -> int:
    """Settlement currency as the chain takes it; TypeError for other decimals, InputError for over 256 bits."""
    if not isinstance(amount, Stablecoin) or amount.decimals != STABLECOIN_DECIMALS:
        raise TypeError(f"{amount!r} is not the stablecoin, {STABLECOIN_DECIMALS} decimals")
    return fitting(amount.value, AMOUNT_BITS, "settlement", STABLECOIN_DECIMALS)


def key_word(key: str) -> bytes | StepKey:
    """The word of a key, 32 bytes: that of a given key, or the step's own for none."""
    return keccak(text=f"key {key}") if key else StepKey()
