"""What a chain's oracle is read for: every round that it answers, and no further than a gap."""

from __future__ import annotations

import pytest

from scrip.errors import Refusal
from scrip.evm import labels as words
from scrip.evm.chain import Call, Contract
from scrip.evm.compiled.artifacts import source
from scrip.evm.handlers.reserve import MAX_ROUNDS, read_rounds
from scrip.evm.local.revm_chain import RevmChain
from scrip.model.state import Round, day_of


def oracle(rounds: int) -> tuple[RevmChain, Contract]:
    chain = RevmChain(1_000_000_000)
    contract = chain.deploy("MockReserveOracle", 18, sender="custodian")
    for number in range(1, rounds + 1):
        chain.send(contract, "pushAt", number, 1_000_000_000 + number, sender="custodian")
    return chain, contract


def test_rounds_are_read_oldest_first_and_their_numbers_are_the_oracles() -> None:
    chain, contract = oracle(120)
    assert read_rounds(chain, contract) == [Round(number, 1_000_000_000 + number) for number in range(1, 121)]


def test_an_oracle_that_never_answered_has_no_rounds() -> None:
    assert read_rounds(*oracle(0)) == []


def test_long_histories_are_read_from_their_end() -> None:
    chain, contract = oracle(MAX_ROUNDS + 30)
    found = read_rounds(chain, contract)
    assert len(found) == MAX_ROUNDS
    assert found[-1].answer == MAX_ROUNDS + 30


class Replaced:
    """A chain behind whose oracle address another oracle stood until round 70."""

    def __init__(self, chain: RevmChain) -> None:
        self.chain = chain

    def call(self, contract: Contract, function: str, *args: object) -> object:
        if function == "getRoundData" and args[0] < 70:  # type: ignore[operator]
            raise Refusal("No data present")
        return self.chain.call(contract, function, *args)

    def call_many(self, calls: list[Call]) -> list[object]:
        return [self.call(one.contract, one.function, *one.args) for one in calls]


def test_reading_stops_at_the_first_round_that_is_not_answered() -> None:
    chain, contract = oracle(120)
    found = read_rounds(Replaced(chain), contract)  # type: ignore[arg-type]
    assert [one.answer for one in found] == list(range(70, 121))


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
