"""What holders do with what they have."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.instructions.base import Account, Instruction, Owner, Spender, StockName
from scrip.units import RawUnits

__all__ = ["Approve", "Transfer", "TransferFrom"]


@dataclass(frozen=True)
class Transfer(Instruction):
    """`sender` moves raw units to `to`. The name "" for `to` is the zero address."""

    stock: StockName
    sender: Account
    to: Account
    amount: RawUnits


@dataclass(frozen=True)
class Approve(Instruction):
    """`owner` lets `spender` move up to `amount` raw units; it replaces the earlier allowance."""

    stock: StockName
    owner: Owner
    spender: Spender
    amount: RawUnits


@dataclass(frozen=True)
class TransferFrom(Instruction):
    """`spender` moves raw units of `sender` to `to` and uses up its allowance."""

    stock: StockName
    spender: Spender
    sender: Owner
    to: Account
    amount: RawUnits
