"""How a date and an account's word are read."""

from __future__ import annotations

import pytest

from scrip.evm import labels as words
from scrip.evm.compiled.artifacts import source
from scrip.model.state import day_of


def test_a_date_is_read_as_the_chains_keep_it() -> None:
    """They keep none that is not in the calendar."""
    with pytest.raises(ValueError, match="day is out of range"):
        day_of(20260231)
    assert str(day_of(20240229)) == "2024-02-29"
    assert str(day_of(20261231)) == "2026-12-31"


def test_the_bits_of_an_account_word_are_the_contracts() -> None:
    text = source("account_word").read_text()
    assert f"BALANCE_MASK: constant(uint256) = 2**{words.BALANCE_MASK.bit_length()} - 1\n" in text
    assert f"FROZEN: constant(uint256) = 1 << {words.FROZEN.bit_length() - 1}\n" in text
    assert f"ENROLLED: constant(uint256) = 1 << {words.ENROLLED.bit_length() - 1}\n" in text
    assert words.is_enrolled(words.ENROLLED)
    assert words.is_frozen(words.FROZEN | words.BALANCE_MASK)
    assert not words.is_frozen(2**256 - 1 - words.FROZEN)
