"""What all operations on Solana share: who signs, what tells one from the next, and an order as a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from solders.instruction import Instruction as Call

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.labels import TIMELOCK
from scrip.plan.identity import identity
from scrip.instructions import Instruction, role_needed
from scrip.manifest.model import Manifest
from scrip.plan import Change, Plan, Step, step_id
from scrip.roles import ADMIN
from scrip.solana.connection import SolanaConnection
from scrip.solana.ledger import SolanaLedger
from scrip.solana.tx.steps import PROGRAM

HERE = {"CEILING": ADMIN}
"""Roles that another holds on Solana: the administrator's instruction sets the ceiling."""


def sender_of(manifest: Manifest, role: str, wished: str = "") -> str:
    """Who signs what needs a role; InputError where the manifest gives it to nobody, or not to the one wished for."""
    role = HERE.get(role, role)
    holders = (TIMELOCK,) if role == ADMIN else manifest.role_holders(role)
    if not holders:
        raise InputError("is held by nobody in the manifest", field=f"roles.{role}")
    if wished and wished not in holders:
        raise InputError(f"does not hold {role} in the manifest ({', '.join(holders)} do)", field="as", value=wished)
    return wished or holders[0]


def step(name: str, title: str, sender: str, calls: Sequence[Call], *orders: Instruction, what: str = "") -> Step:
    """A transaction of these instructions. `what` is what people call them."""
    return Step(name, title, sender, PROGRAM, what or title, instructions=orders, calls=tuple(calls))


@dataclass
class Draft:
    """A plan in the making. Its orders carry the key of their step, or of their row, so that none is done twice.

    Without a reference of the operator's an operation is told from earlier ones by their number: a run that was cut
    short is finished under the number that it had. `natural` operations do nothing twice by what they name (a file's
    rows, an action's own reference), so that doing one again is fine.
    """

    network: SolanaConnection
    name: str
    reference: str = ""
    natural: bool = False
    steps: list[Step] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        done = (one.action for one in self.network.records.all() if one.done)
        earlier = {action.reference for action in done if action.operation == self.name}
        self.reference = self.reference or f"number {len(earlier) + 1}"

    @cached_property
    def ledger(self) -> SolanaLedger:
        """The network's ledger."""
        return self.network.ledger()

    def key(self, name: str) -> str:
        """The key of a step or row: what its id would be."""
        empty = Plan(self.name, self.reference, ())
        return "0x" + step_id(self.network.genesis, empty, Step(name, "", "", PROGRAM)).hex()

    def by_role(self, order: ins.RoleInstruction, wished: str = "", row: str = "") -> ins.RoleInstruction:
        """The order, signed by who may; with the key of its row where it carries one."""
        signed = replace(order, by=sender_of(self.network.manifest, role_needed(order), wished))
        keyed = isinstance(signed, ins.KeyedInstruction) and row
        return replace(signed, key=self.key(row)) if keyed else signed

    def order(self, title: str, order: ins.RoleInstruction, wished: str = "", name: str = "") -> None:
        """One more step: an order in a transaction of its own."""
        signed = self.by_role(order, wished, name or title)
        self.steps.append(step(name or title, title, signed.by, self.ledger.calls(signed), signed))

    def plan(self) -> Plan:
        """The plan; InputError where a step was done before under its reference, and the operation is not natural."""
        made = Plan(self.name, self.reference, tuple(self.steps), tuple(self.changes), tuple(self.same))
        for one in () if self.natural else made.steps:
            latest = self.network.records.latest(identity(self.network, made, one))
            if latest is not None and latest.done:
                reason = f"names an operation that did this before ({one.title}, record {latest.number}): give another"
                raise InputError(reason, field="reference", value=made.reference)
        return made

    def nothing(self, text: str) -> Plan:
        """The plan of an operation that has nothing to do."""
        return Plan(self.name, self.reference, (), same=(text,))
