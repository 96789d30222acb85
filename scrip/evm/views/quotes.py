"""An Ethereum-family market's quotes: the file of one, and what their signer's numbers and epoch say of it.

A quote is known by its signer and a number, which serves once. The number is the signer's next free one, so that the
market's words of 256 numbers are written again and again, and a new one seldom. A reference is this desk's own: that no
two quotes of it can both be carried out rests on one desk signing by a key, which the key's epoch on the chain names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.chain import Contract
from scrip.evm.connection.connection import EvmConnection
from scrip.evm.encoding.quotes import EVENTS, Quote, mark_of, ref_of
from scrip.evm.rpc.logs import Topic, everywhere
from scrip.inputs.quotes import QuoteFile, QuoteState
from scrip.records.quotes import QuoteBook
from scrip.units import EVM_DECIMALS

FULL = 2**256 - 1
"""A word of 256 numbers of which none is free."""
CLAIM = "`ape run market revoke --all` voids what was signed by that key and not used, and makes this desk the one"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvmQuote(QuoteFile):
    """A quote of a market on an Ethereum-family chain. `epoch` is 0x-prefixed hex."""

    decimals = EVM_DECIMALS
    called = "quote of an Ethereum-family chain's"

    chain_id: int
    market: str
    nonce: int
    epoch: str

    def quote_terms(self) -> ins.QuoteTerms:
        """What the quote says beyond the amounts; InputError for an epoch that is no number."""
        try:
            epoch = int(self.epoch, 16)
        except ValueError:
            raise InputError("is no number in hex", field="epoch", value=self.epoch) from None
        terms = (self.id, self.expiry, self.generation)
        return ins.QuoteTerms(*terms, signer=self.signer, nonce=self.nonce, epoch=epoch)

    def clashes(self, other: Self) -> bool:
        """Whether the market carries out at most one of the two, since both have one number of one signer."""
        here, there = ((one.market, one.chain_id, one.signer, one.nonce) for one in (self, other))
        return here == there and self.id != other.id


def epoch_of(network: EvmConnection, market: Contract, signer: str) -> str:
    """What a signer's quotes must name now; InputError where another desk signs by the key, or none does yet."""
    epoch = int(network.chain.call(market, "quoteEpoch", signer))
    desk = epoch & ((1 << ins.DESK_BITS) - 1)
    if desk and desk == QuoteBook(network.records.folder).desk():
        return f"{epoch:#x}"
    whose = "another desk signs by it: two would sign one order twice" if desk else "no desk signs by it yet"
    raise InputError(f"{whose}. {CLAIM}", field="signer", value=network.chain.name(signer))


def next_nonce(network: EvmConnection, market: Contract, signer: str) -> int:
    """The first number of a signer above all that were given to a quote here and is free on the chain."""
    book = (EvmQuote.of(one) for one in QuoteBook(network.records.folder).all())
    given = [one.nonce for one in book if (one.market, one.signer) == (market.address, signer)]
    nonce = max(given, default=-1) + 1
    while True:
        word = int(network.chain.call(market, "quoteBitmap", signer, nonce >> 8))
        # Numbers below the first count as taken.
        taken = word | ((1 << (nonce & 255)) - 1)
        if taken != FULL:
            return (nonce & ~255) + (~taken & (taken + 1)).bit_length() - 1
        nonce = (nonce & ~255) + 256


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
