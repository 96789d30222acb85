"""The tables of what carries each instruction out on Solana, and what their handlers work with."""

from __future__ import annotations

from dataclasses import dataclass, field

from solders.instruction import Instruction as Call

from scrip import instructions as ins
from scrip.instructions.base import Instruction
from scrip.ledger import Receipt
from scrip.ledger.handlers import Handlers
from scrip.solana.handlers.clearance import Investors
from scrip.solana.handlers.client import Client


@dataclass
class Context(Client):
    """A client, and the investors of its program's register.

    With `prompt` somebody freezes before each transfer what must be frozen, so that a lapse refuses as soon as
    elsewhere.
    """

    prompt: bool = field(default=True, kw_only=True)

    def __post_init__(self) -> None:
        self.investors = Investors(self)


CALLS: Handlers[Context, list[Call]] = Handlers("Solana")
"""Each instruction as the calls of the one transaction that carries it out. The accounts that it is about stand."""
APPLIED: Handlers[Context, Receipt] = Handlers("Solana")
"""Each instruction carried out: what anyone may do for it first (open an account, thaw it), then its transaction."""


def send_signed(context: Context, order: ins.RoleInstruction) -> Receipt:
    """Send an instruction's transaction as it is, signed by whoever gives it."""
    return context.send(CALLS(context, order), [order.by])


def lacks(*kinds: type[Instruction], reason: str) -> None:
    """Say that the program has nothing for these instructions, and why."""
    CALLS.lacks(*kinds, reason=reason)
    APPLIED.lacks(*kinds, reason=reason)
