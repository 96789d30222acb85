"""What holders do with what they have."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.instructions.base import Instruction
from scrip.units import RawUnits


@dataclass(frozen=True)
class Transfer(Instruction):
    """`sender` moves raw units to `to`. The name "" for `to` is the zero address."""

    stock: str
    sender: str
    to: str
    amount: RawUnits


@dataclass(frozen=True)
class Approve(Instruction):
    """`owner` lets `spender` move up to `amount` raw units; it replaces the earlier allowance."""

    stock: str
    owner: str
    spender: str
    amount: RawUnits


@dataclass(frozen=True)
class TransferFrom(Instruction):
    """`spender` moves raw units of `sender` to `to` and uses up its allowance."""

    stock: str
    spender: str
    sender: str
    to: str
    amount: RawUnits
