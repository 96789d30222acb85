"""Every instruction has one handler on each chain, in its subject's file, or the chain lacks it and says why."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from support.every_instruction import leaves

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm import handlers as evm
from scrip.instructions.base import Instruction
from scrip.ledger.handlers import Handlers
from scrip.solana import handlers as solana


def stem(kind: type) -> str:
    """The subject of an instruction: the file that it stands in."""
    return kind.__module__.rpartition(".")[2]


TABLES: list[tuple[Handlers[Any, Any], ModuleType]] = [
    (evm.TRANSACTIONS, evm),
    (solana.CALLS, solana),
    (solana.APPLIED, solana),
]
by_table = pytest.mark.parametrize(("table", "package"), TABLES, ids=["evm", "solana-calls", "solana-applied"])


@by_table
def test_each_instruction_is_handled_or_lacking(table: Handlers[Any, Any], package: ModuleType) -> None:
    assert set(table) | set(table.absent) == leaves()
    assert not set(table) & set(table.absent)
    assert all(reason.strip() for reason in table.absent.values())
    assert {one.__name__ for one in package.STEMS} == {f"{package.__name__}.{stem(kind)}" for kind in leaves()}


@by_table
def test_a_handler_stands_in_its_subjects_file(table: Handlers[Any, Any], package: ModuleType) -> None:
    shared = {f"{package.__name__}.table"}
    for kind in table:
        assert table.module_of(kind) in {f"{package.__name__}.{stem(kind)}"} | shared, kind


def test_an_ethereum_family_chain_lacks_what_is_solanas_alone_and_solana_applies_whatever_it_calls() -> None:
    assert set(evm.TRANSACTIONS.absent) == {ins.SetCustodian, ins.WithdrawTreasury, ins.SetProvider, ins.PublishList}
    assert set(solana.CALLS) <= set(solana.APPLIED)
    assert set(solana.APPLIED) == set(solana.CALLS)
    assert solana.APPLIED.absent.items() <= solana.CALLS.absent.items()


def test_who_asks_for_what_is_lacking_is_told_why() -> None:
    with pytest.raises(InputError) as caught:
        solana.CALLS(None, ins.PokePrice("AAPL"))  # type: ignore[arg-type]
    assert str(caught.value) == "instruction: is not available on Solana: the program keeps no prices (got 'PokePrice')"


def test_what_is_no_instruction_is_a_fault_of_the_program() -> None:
    table: Handlers[None, str] = Handlers("a ledger")
    with pytest.raises(TypeError, match=r"no instruction: Instruction\(\)"):
        table(None, Instruction())


def test_a_class_has_one_handler() -> None:
    table: Handlers[str, str] = Handlers("a ledger")

    @table.of(ins.Halt, ins.Unhalt)
    def named(context: str, order: ins.Halt | ins.Unhalt) -> str:
        return f"{context} {type(order).__name__}"

    assert table("the", ins.Unhalt()) == "the Unhalt"
    assert ins.Halt in table
    assert ins.Pause not in table
    with pytest.raises(TypeError, match="Halt is registered twice for a ledger"):
        table.of(ins.Halt)(named)
    with pytest.raises(TypeError, match="Unhalt is registered twice"):
        table.lacks(ins.Unhalt, reason="none")
    table.lacks(ins.Pause, reason="it has no stocks")
    with pytest.raises(TypeError, match="Pause is registered twice"):
        table.lacks(ins.Pause, reason="twice")
    assert table.absent == {ins.Pause: "it has no stocks"}
