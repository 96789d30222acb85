"""Which rounds show that a split reached the custodian, asked of an oracle by nothing but its interface."""

from __future__ import annotations

from scrip.errors import Refusal
from scrip.evm import outside
from scrip.evm.chain import Contract
from scrip.evm.compiled.artifacts import abi
from scrip.evm.handlers.reserve import choose_rounds
from scrip.evm.suite import Suite

FIRST = 7 << 64 | 1
"""Of a Chainlink proxy's seventh aggregator: the earlier ones' rounds are no numbers next to it."""
SPLIT_AT, NOW = 1_000, 2_000


class Answering:
    """A chain with a stock that split 1:2 at SPLIT_AT, and an oracle whose rounds are as of the seconds `as_of`."""

    def __init__(self, as_of: list[int]) -> None:
        self.rounds = dict(enumerate(as_of, start=FIRST))

    def now(self) -> int:
        return NOW

    def call(self, contract: Contract, function: str, *args: int) -> object:
        if contract.name == outside.RESERVE_ORACLE:
            assert function in {entry["name"] for entry in abi(outside.RESERVE_ORACLE)}
            number = args[0] if args else max(self.rounds)
            if number not in self.rounds:
                raise Refusal("No data present")
            return number, 10**18, self.rounds[number], self.rounds[number], number
        known = {"multiplierTerms": (0, 2, 1), "basis": (1, 1), "splitCount": 1, "splitAt": (SPLIT_AT, 2, 1)}
        return known[function]


def chosen(*as_of: int) -> tuple[int, int]:
    suite = Suite(**dict.fromkeys(Suite.__dataclass_fields__, Contract("ReserveFeed", "0x01")))
    token, oracle = Contract("StockToken", "0x02"), Contract(outside.RESERVE_ORACLE, "0x03")
    old, new = choose_rounds(Answering(list(as_of)), suite, token, oracle)  # type: ignore[arg-type]
    return (old - FIRST if old else 0, new - FIRST)


def test_the_last_round_before_the_split_and_the_latest_are_chosen() -> None:
    assert chosen(100, 900, 1_000, 1_500) == (1, 3)


def test_the_search_ends_where_the_oracle_was_replaced() -> None:
    assert chosen(1_000, 1_500) == (0, 1)
