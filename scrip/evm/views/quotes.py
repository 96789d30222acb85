"""An Ethereum-family market's quotes: the file of one, and what their signer's numbers and epoch say of it.

A quote is known by its signer and a number, which serves once. While no desk has claimed a key the number follows from
the reference, so that of all quotes of one reference, whoever signs them, one alone is carried out. A desk that has
claimed it, which the key's epoch on the chain says, gives numbers in turn: the market's words of 256 numbers are then
written again and again, and a new one seldom, which saves a trade 17,100 gas. That no two quotes of a reference can
both be carried out rests there on one desk signing by a key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.chain import Contract
from scrip.evm.connection.connection import EvmConnection
from scrip.evm.encoding.quotes import EVENTS, Quote, mark_of, ref_of
from scrip.evm.encoding.values import AMOUNT_BITS
from scrip.evm.rpc.logs import Topic, everywhere
from scrip.inputs.quotes import QuoteFile, QuoteState
from scrip.inputs.reading.refused import LONGEST
from scrip.model.laws.fees import fee_of
from scrip.parameters import MAX_FEE, MAX_SIGNATURE
from scrip.records.quotes import QuoteBook
from scrip.units import EVM_DECIMALS, Stablecoin, fitting

FULL = 2**256 - 1
"""A word of 256 numbers of which none is free."""
CLAIM = "`ape run market revoke --all` voids what was signed by that key and not used, and makes this desk the one"
DESK_MASK = (1 << ins.DESK_BITS) - 1
OLDER = ("nonce", "epoch")
"""What a quote's file has not that was signed for a market of before quotes had numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvmQuote(QuoteFile):
    """A quote of a market on an Ethereum-family chain. Epochs and signatures are 0x-prefixed hex."""

    decimals = EVM_DECIMALS
    kind = "evm"
    bits = generation_bits = AMOUNT_BITS
    signature_bytes = range(1, MAX_SIGNATURE.value + 1)
    optional = frozenset({"signature", "fee_bps", "second", "second_epoch", "second_signature"})
    called = "quote of an Ethereum-family chain's"

    chain_id: int
    market: str
    nonce: int
    epoch: str
    fee_bps: int = 0
    second: str = ""
    second_epoch: str = "0x0"
    second_signature: str = ""

    @property
    def fee(self) -> Stablecoin:
        """What is paid on top of a mint's settlement, and kept back of a redemption's."""
        settlement = Stablecoin.parse(self.settlement)
        return Stablecoin(fee_of(settlement.value, self.fee_bps), settlement.decimals)

    @property
    def terms(self) -> tuple[str, ...]:
        """What its parties agree on, whenever it is signed."""
        return self.side, self.stock, self.account, self.amount, self.settlement, str(self.fee_bps)

    @classmethod
    def of(cls, found: Any) -> Self:
        """The quote that a file holds; InputError for what is none, and for one of a market that numbered no quotes."""
        if isinstance(found, dict) and "market" in found and not any(name in found for name in OLDER):
            reason = "is one whose quotes had no numbers yet: no market takes this quote any more, ask for another"
            raise InputError(reason, field="market", value=str(found["market"])[:LONGEST])
        if isinstance(found, dict) and re.fullmatch(r"[0-9]{1,78}", str(found.get("nonce"))):
            # What JSON's readers would round is written as text.
            found = {**found, "nonce": int(found["nonce"])}
        # A class with slots is made anew, which super() alone does not see.
        return super(EvmQuote, cls).of(found)

    def quote_terms(self) -> ins.QuoteTerms:
        """What the quote says beyond the amounts; InputError for an epoch that is no number of 256 bits."""
        for name in ("epoch", "second_epoch"):
            if not re.fullmatch(r"0x[0-9a-f]{1,64}", value := getattr(self, name)):
                raise InputError("is no number of 256 bits in hexadecimal", field=name, value=value)
        terms = (self.id, self.expiry, self.generation)
        return ins.QuoteTerms(
            *terms,
            signer=self.signer,
            nonce=self.nonce,
            epoch=int(self.epoch, 16),
            fee_bps=self.fee_bps,
            second=self.second,
            second_epoch=int(self.second_epoch, 16),
        )

    def _check_values(self) -> None:
        QuoteFile._check_values(self)
        self._check_address("market")
        fitting(self.chain_id, AMOUNT_BITS, "chain_id")
        fitting(self.nonce, AMOUNT_BITS, "nonce")
        if self.fee_bps not in MAX_FEE:
            raise InputError(f"is out of bounds: {MAX_FEE.bounds}", field="fee_bps", value=self.fee_bps)
        if self.second:
            self._check_address("second")
            self._check_hex("second_signature", self.signature_bytes)

    def clashes(self, other: Self) -> bool:
        """Whether the market carries out at most one of the two, since both have one number of one signer."""
        here, there = ((one.market, one.chain_id, one.signer, one.nonce) for one in (self, other))
        return here == there and self.id != other.id


@dataclass(frozen=True, slots=True)
class Fee:
    """The fee of one trade, in base units of its stablecoin, beside its settlement; addresses are lower case."""

    side: str
    token: str
    coin: str
    settlement: int
    fee: int


def numbering(network: EvmConnection, market: Contract, signer: str, reference: str) -> tuple[str, int]:
    """The epoch that a signer's quotes must name now, and a quote's number; InputError where another desk signs."""
    epoch = int(network.chain.call(market, "quoteEpoch", signer))
    if not (desk := epoch & DESK_MASK):
        return f"{epoch:#x}", int.from_bytes(ref_of(reference))
    if desk != QuoteBook(network.records.folder).desk():
        whose = "another desk signs by it: two would sign one order twice"
        raise InputError(f"{whose}. {CLAIM}", field="signer", value=network.chain.name(signer))
    return f"{epoch:#x}", next_nonce(network, market, signer)


def next_nonce(network: EvmConnection, market: Contract, signer: str) -> int:
    """The first number of a signer above all that were given in turn here and is free on the chain."""
    book = (EvmQuote.of(one) for one in QuoteBook(network.records.folder).all())
    ours = (one for one in book if (one.market, one.signer) == (market.address, signer))
    given = [one.nonce for one in ours if int(one.epoch, 16) & DESK_MASK]
    nonce = max(given, default=-1) + 1
    while True:
        word = int(network.chain.call(market, "quoteBitmap", signer, nonce >> 8))
        # Numbers below the first count as taken.
        taken = word | ((1 << (nonce & 255)) - 1)
        if taken != FULL:
            return (nonce & ~255) + (~taken & (taken + 1)).bit_length() - 1
        nonce = (nonce & ~255) + 256


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade on a quote, as its event tells it: amounts in smallest units, addresses in lower case.

    `ref` is the hash of the quote's reference, 0x-prefixed hex.
    """

    side: str
    account: str
    ref: str
    coin: str
    amount: int
    settlement: int
    fee: int
    block: int


def trades(network: EvmConnection, market: Contract, token: str, since: int) -> list[Trade]:
    """Every trade of a stock on a quote since a block, in the order of the blocks."""
    topics: list[Topic] = [tuple(EVENTS.values()), "0x" + token[2:].lower().rjust(64, "0")]
    sides = {topic: side for side, topic in EVENTS.items()}
    found = []
    for one in everywhere(network.node, market.address, topics, since, network.node.block().number):
        words = [int(one["data"][2 + 64 * place : 66 + 64 * place], 16) for place in range(4)]
        side, account, ref = sides[one["topics"][0]], "0x" + one["topics"][2][-40:].lower(), one["topics"][3].lower()
        block = int(one["blockNumber"], 16)
        found.append(Trade(side, account, ref, f"0x{words[0]:040x}", words[1], words[2], words[3], block))
    return found


def fees(network: EvmConnection, market: Contract, since: int) -> list[Fee]:
    """What was paid in fees by every trade on a quote, in the order of the blocks, as the market's events tell it."""
    topics: list[Topic] = [tuple(EVENTS.values())]
    sides = {topic: side for side, topic in EVENTS.items()}
    found = []
    for one in everywhere(network.node, market.address, topics, since, network.node.block().number):
        words = [int(one["data"][2 + 64 * place : 66 + 64 * place], 16) for place in range(4)]
        token, coin = "0x" + one["topics"][1][-40:], f"0x{words[0]:040x}"
        found.append(Fee(sides[one["topics"][0]], token, coin, words[2], words[3]))
    return found


def state_of(network: EvmConnection, market: Contract, quote: Quote, signer: str, since: int) -> QuoteState:
    """Whether a quote was carried out, was revoked, or is neither."""
    word = int(network.chain.call(market, "quoteBitmap", signer, quote.nonce >> 8))
    if word >> (quote.nonce & 255) & 1:
        mark = mark_of(quote, signer)
        last = network.node.block().number
        found = everywhere(network.node, market.address, mark.topics, since, last)
        # The number may be that of another quote, of an epoch before or since.
        return "used" if any(one["data"] == mark.data for one in found) else "revoked"
    epoch = int(network.chain.call(market, "quoteEpoch", signer))
    return "open" if quote.epoch == epoch else "revoked"


def is_carried_out(network: EvmConnection, market: Contract, reference: str, since: int) -> bool:
    """Whether the market carried out any quote of a reference, whoever signed it."""
    topics: list[Topic] = [tuple(EVENTS.values()), None, None, "0x" + ref_of(reference).hex()]
    return bool(everywhere(network.node, market.address, topics, since, network.node.block().number))
