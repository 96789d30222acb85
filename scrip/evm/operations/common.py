"""What all operations share: who signs, what tells one from the next, and an instruction as a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scrip.errors import InputError
from scrip.evm.connection import EvmConnection
from scrip.evm.deploy.design import call
from scrip.evm.handlers.transactions import transaction
from scrip.evm.labels import TIMELOCK
from scrip.evm.ledger import EvmLedger
from scrip.plan.identity import unrepeated
from scrip.instructions import Instruction, RoleInstruction, role_needed
from scrip.manifest.model import Manifest
from scrip.plan import Change, Plan, Step
from scrip.roles import ADMIN


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a forced action rests on: a reason code, 1 to 65535, and a document, by its name or its hash.

    The document tells the action from any other unless `reference` does; `sender` signs, "" for the first holder.
    """

    reason: int
    document: str
    reference: str = ""
    sender: str = ""

    @property
    def told(self) -> str:
        """The reference of the operation."""
        return self.reference or self.document


def sender_of(manifest: Manifest, role: str, wished: str = "") -> str:
    """Who signs what needs a role: the one wished for, if the manifest gives it the role, else the first holder."""
    holders = (TIMELOCK,) if role == ADMIN else manifest.role_holders(role)
    if not holders:
        raise InputError("is held by nobody in the manifest", field=f"roles.{role}")
    if wished and wished not in holders:
        raise InputError(f"does not hold {role} in the manifest ({', '.join(holders)} do)", field="as", value=wished)
    return wished or holders[0]


def by_role(manifest: Manifest, order: RoleInstruction, wished: str = "") -> RoleInstruction:
    """The instruction, signed by who may."""
    return replace(order, by=sender_of(manifest, role_needed(order), wished))


def step_of(ledger: EvmLedger, name: str, title: str, order: Instruction) -> Step:
    """The step that carries an instruction out."""
    return call(name, title, transaction(order, ledger), order)


def plan(
    network: EvmConnection,
    name: str,
    reference: str,
    steps: Sequence[Step],
    same: Sequence[str] = (),
    *,
    changes: Sequence[Change] = (),
    natural: bool = False,
) -> Plan:
    """An operation of these steps; `changes` are those that the model does not preview.

    Without a reference of the operator's it is told from earlier ones by their number: a run that was cut short is
    finished under the number that it had. `natural` operations do nothing twice by what they name (a file's rows, an
    action's own reference), so that doing one again is fine.
    """
    told = reference or f"number {_finished(network, name) + 1}"
    made = Plan(name, told, tuple(steps), tuple(changes), tuple(same))
    return made if natural else unrepeated(network, made)


def _finished(network: EvmConnection, name: str) -> int:
    """How many operations of that name the records hold as done."""
    return len({one.action.reference for one in network.records.all() if one.done and one.action.operation == name})
