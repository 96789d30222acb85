"""What waits in the program's timelock: an instruction of its own, as it is kept and as it is carried out."""

from __future__ import annotations

from typing import Any

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from scrip.solana.encoding.program import StockProgram


def as_call(inner: Instruction) -> dict[str, Any]:
    """An instruction as `schedule_operation` takes it."""
    named = [{"account": one.pubkey, "signs": one.is_signer, "written": one.is_writable} for one in inner.accounts]
    return {"accounts": named, "data": bytes(inner.data)}


def scheduled(inner: Instruction) -> list[AccountMeta]:
    """The accounts that `execute_operation` takes behind its own: the instruction's, of which nobody signs for one."""
    return [AccountMeta(one.pubkey, False, one.is_writable) for one in inner.accounts]


def instruction_of(program: Pubkey, call: Any) -> Instruction:
    """A call that waits, decoded, as the instruction that it is."""
    named = [AccountMeta(one.account, one.signs, one.written) for one in call.accounts]
    return Instruction(program, bytes(call.data), named)


def scheduling(program: StockProgram, inner: Instruction, key: bytes, by: Pubkey) -> Instruction:
    """The instruction by which a proposer schedules one of ADMIN's, under a key of 32 bytes."""
    accounts = {"signer": by, "operation": program.at.operation(key), "payer": by}
    return program.build("schedule_operation", list(key), as_call(inner), accounts=accounts)
