"""Values that a chain cannot hold were refused by the libraries that encode them, after half of the work was done."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scrip.errors import InputError
from scrip.evm.encoding import values as evm_values
from scrip.evm.views.views import EvmQuote
from scrip.flows.market import Offer
from scrip.inputs.quotes import QuoteFile
from scrip.solana.encoding import values as solana_values
from scrip.solana.views.views import SolanaQuote
from scrip.units import RawUnits, Shares, Stablecoin

HUGE = "1" + "0" * 86
KEY = "HT5vTq8ejHY1qnLkg5h9NfUdmwjYDKTEAHwrzeTsZ7rF"
EVM = EvmQuote(
    stock="MSFT", side="mint", account="0x" + "11" * 20, amount="1", settlement="90", generation=0, id="q-1",
    expiry=1_900_000_000, signer="0x" + "11" * 20, signature="0x" + "1b" * 65, chain_id=1, market="0x" + "11" * 20,
    nonce=2**256 - 1, epoch="0x0",
)  # fmt: skip
SOLANA = SolanaQuote(
    stock="MSFT", side="mint", account=KEY, amount="1", settlement="90", generation=0, id="q-1", expiry=1_900_000_000,
    signer=KEY, signature="0x" + "1b" * 64, genesis="0x" + "11" * 32, program=KEY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("quote", "changed", "told"),
    [
        (EVM, {"signature": "0y12"}, "signature: is not hexadecimal: 0x and two digits for each byte (got '0y12')"),
        (EVM, {"signature": "0x123"}, "signature: is not hexadecimal"),
        (EVM, {"signature": "0x" + "00" * 1025}, "signature: has 1025 bytes, where 1 to 1024 bytes are wanted"),
        (EVM, {"account": "0xzz"}, "account: is no address: 0x and 40 hexadecimal digits (got '0xzz')"),
        (EVM, {"signer": "0x" + "00" * 20}, "signer: is the zero address"),
        (EVM, {"market": KEY}, "market: is no address"),
        (EVM, {"generation": -5}, "generation: is negative (got '-5')"),
        (EVM, {"generation": 2**256}, "generation: is more than the chain's 256 bits hold"),
        (EVM, {"chain_id": -1}, "chain_id: is negative"),
        (EVM, {"nonce": -1}, "nonce: is negative (got '-1')"),
        (EVM, {"nonce": 2**256}, "nonce: is not between 0 and 2^256 - 1"),
        (EVM, {"nonce": "0x1"}, "nonce: is no whole number (got '0x1')"),
        (EVM, {"epoch": "1"}, "epoch: is no number of 256 bits in hexadecimal (got '1')"),
        (EVM, {"epoch": "0x1" + "0" * 64}, "epoch: is no number of 256 bits in hexadecimal"),
        (EVM, {"settlement": HUGE}, "settlement: is more than the chain's 256 bits hold, 1157920892373161954235709850"),
        (EVM, {"settlement": "-1"}, "settlement: is negative (got '-1')"),
        (EVM, {"amount": HUGE}, "amount: is more than the chain's 256 bits hold"),
        (SOLANA, {"signature": "0y12"}, "signature: is not hexadecimal"),
        (SOLANA, {"signature": "0x12"}, "signature: has 1 bytes, where 64 bytes are wanted"),
        (SOLANA, {"account": "0xzz"}, "account: is no address: 32 bytes in base58 (got '0xzz')"),
        (SOLANA, {"signer": "1" * 32}, "signer: is the zero address"),
        (SOLANA, {"program": "0xzz"}, "program: is no address"),
        (SOLANA, {"genesis": "0x11"}, "genesis: has 1 bytes, where 32 bytes are wanted"),
        (SOLANA, {"generation": -5}, "generation: is negative"),
        (SOLANA, {"generation": 2**64}, "generation: is more than the chain's 64 bits hold, 18446744073709551615"),
        (SOLANA, {"settlement": HUGE}, "settlement: is more than the chain's 64 bits hold, 18446744073709.551615"),
        (SOLANA, {"amount": HUGE}, "amount: is more than the chain's 64 bits hold, 184467440737.09551615"),
    ],
)
def test_a_quotes_file_is_refused_by_field_value_and_limit(
    tmp_path: Path, quote: QuoteFile, changed: dict[str, object], told: str
) -> None:
    path = tmp_path / "q.json"
    path.write_text(json.dumps(quote.content() | changed))
    with pytest.raises(InputError) as refused:
        type(quote).read(path)
    assert str(refused.value).startswith(f"{path}: {told}")


@pytest.mark.parametrize("quote", [EVM, SOLANA])
def test_a_good_quote_is_read(tmp_path: Path, quote: QuoteFile) -> None:
    for number, one in enumerate((quote, replace(quote, signature=""))):
        one.write(tmp_path / f"{number}.json")
        assert type(quote).read(tmp_path / f"{number}.json") == one


def test_a_quote_of_before_numbers_is_told_as_what_it_is(tmp_path: Path) -> None:
    older = {name: value for name, value in EVM.content().items() if name not in ("nonce", "epoch")}
    (tmp_path / "q.json").write_text(json.dumps(older))
    with pytest.raises(InputError, match="market: is one whose quotes had no numbers yet: no market takes this quote"):
        EvmQuote.read(tmp_path / "q.json")


@pytest.mark.parametrize(("chain", "bits", "decimals"), [(evm_values, 256, 18), (solana_values, 64, 8)])
def test_what_an_encoder_would_refuse_is_refused_before_it(chain: object, bits: int, decimals: int) -> None:
    raw, coins = chain.raw, chain.coins  # type: ignore[attr-defined] - both modules have them
    assert raw(RawUnits(2**bits - 1, decimals)) == coins(Stablecoin(2**bits - 1)) == 2**bits - 1
    with pytest.raises(InputError, match=f"amount: is more than the chain's {bits} bits hold"):
        raw(RawUnits(2**bits, decimals))
    with pytest.raises(InputError, match=f"settlement: is more than the chain's {bits} bits hold"):
        coins(Stablecoin(2**bits))


@pytest.mark.parametrize("text", ["-1", "-0.5", "1" + "0" * 47, HUGE])
def test_shares_that_no_reserve_counts(text: str) -> None:
    with pytest.raises(InputError, match=r"others: is (negative|more than the chain's 128 bits hold, 3402823669209)"):
        Shares.parse(text).fitting("others")
    assert Shares.of(0).fitting() == 0


def test_a_quote_of_before_a_split_is_told_at_todays_multiplier() -> None:
    """Ten shares that were sold were listed as the twenty that they have become."""
    offer = Offer(EVM, Shares.of(2), "45.000000", "used", at_todays=True)
    first, price, *_ = offer.lines()
    assert first == "mint 1 MSFT, which are 2 shares at today's multiplier, for 90"
    assert price == "price per share  45.000000 at today's multiplier"
    assert offer.facts["at_todays_multiplier"] is True
    assert "today" not in " ".join(replace(offer, at_todays=False).lines())
