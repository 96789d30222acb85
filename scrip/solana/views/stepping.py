"""The one way in which an operation's step on Solana is made."""

from __future__ import annotations

from collections.abc import Sequence

from solders.instruction import Instruction as Call

from scrip.instructions.base import Instruction
from scrip.plan import Step

PROGRAM = "stock-token"
"""What the records call the program."""


def step(name: str, title: str, sender: str, calls: Sequence[Call], *orders: Instruction, what: str = "") -> Step:
    """The step that is a transaction of these instructions. `what` is what people call them."""
    return Step(name, title, sender, PROGRAM, what or title, instructions=orders, calls=tuple(calls))
