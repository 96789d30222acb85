"""Which number a quote gets: the first of its signer's that is above all given here and free on the chain."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scrip.evm.chain import Contract
from scrip.evm.views import EvmQuote
from scrip.evm.views.quotes import FULL, next_nonce
from scrip.records.quotes import QuoteBook

MARKET = Contract("PrimaryMarket", "0x" + "11" * 20)
SIGNER = "0x" + "22" * 20


def number(folder: Path, words: dict[int, int]) -> int:
    chain = SimpleNamespace(call=lambda _market, _view, _signer, word: words.get(word, 0))
    network: Any = SimpleNamespace(chain=chain, records=SimpleNamespace(folder=folder))
    return next_nonce(network, MARKET, SIGNER)


def note(folder: Path, nonce: int, signer: str = SIGNER, market: str = MARKET.address, epoch: str = "0x1") -> None:
    """A quote of this number was signed here."""
    quote = EvmQuote(
        stock="MSFT",
        side="mint",
        account=SIGNER,
        amount="1",
        settlement="1",
        generation=0,
        id=f"{nonce} {signer} {market}",
        expiry=2_000_000_000,
        signer=signer,
        chain_id=1,
        market=market,
        nonce=nonce,
        epoch=epoch,
    )
    QuoteBook(folder).add(quote.id, quote.content())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, 0),
        ({0: 0b1}, 1),
        ({0: 0b1011}, 2),
        ({0: FULL >> 1}, 255),
        ({0: FULL}, 256),
        ({0: FULL, 1: FULL, 2: 0b111}, 515),
        ({0: FULL - 1}, 0),
        ({0: FULL - (1 << 77)}, 77),
    ],
)
def test_the_first_that_is_free_on_the_chain(tmp_path: Path, words: dict[int, int], expected: int) -> None:
    assert number(tmp_path, words) == expected


@pytest.mark.parametrize(
    ("given", "words", "expected"),
    [
        ([0, 1, 2], {}, 3),
        ([7], {0: 0b1}, 8),
        ([7], {0: 1 << 8 | 1 << 9}, 10),
        ([255], {}, 256),
        ([254], {0: 1 << 255, 1: 0b1}, 257),
        ([300], {0: 0, 1: FULL}, 512),
    ],
)
def test_none_that_was_given_here_is_given_again(
    tmp_path: Path, given: list[int], words: dict[int, int], expected: int
) -> None:
    """Whether or not it was used: the quote is somewhere."""
    for nonce in given:
        note(tmp_path, nonce)
    note(tmp_path, 2**255, epoch="0x0")
    note(tmp_path, 2**254, epoch=f"{1 << 160:#x}")
    note(tmp_path, 900, signer="0x" + "33" * 20)
    note(tmp_path, 901, market="0x" + "44" * 20)
    assert number(tmp_path, words) == expected
