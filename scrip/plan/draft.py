"""A plan in the making: its steps, what it changes, what stands already, and the reference that names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

from scrip.errors import InputError
from scrip.instructions.base import Instruction, KeyedInstruction, RoleInstruction, role_needed, roles_sufficing
from scrip.labels import TIMELOCK
from scrip.manifest.model import Manifest
from scrip.plan.identity import Booked, demand_same_terms, identity, is_recorded, unrecorded, unrepeated
from scrip.plan.steps import Change, Plan, Step
from scrip.records.journal import is_urgent
from scrip.roles import ADMIN

NUMBERED = "number "
"""What the reference begins with of an operation that its number alone tells from others."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What a forced action rests on: a reason code, 1 to 65535, and a document, by its name or its hash.

    The document tells the operation from any other unless `reference` does; `sender` signs, "" for the first holder of
    the role.
    """

    code: int
    document: str
    reference: str = ""
    sender: str = ""

    @property
    def told(self) -> str:
        """The reference by which the operation is told from any other."""
        return self.reference or self.document


class Drafting(Booked, Protocol):
    """What a draft needs of an opened network: whose it is, its records, and how it turns orders into transactions."""

    @property
    def manifest(self) -> Manifest:
        """The desired state of the network."""

    def role_here(self, role: str) -> str:
        """The role that gives an order on this kind of chain, which may be another than elsewhere."""

    def keyed(self, order: KeyedInstruction, key: str) -> KeyedInstruction:
        """The order with the key of its step where the chain wants it in the order; else as it is."""

    def step(self, name: str, title: str, orders: Sequence[Instruction], what: str = "") -> Step:
        """The transaction that carries orders out, all or none; all are signed by one account."""


_Views = TypeVar("_Views", bound=Drafting)


def sender_of(manifest: Manifest, role: str, wished: str = "", urgent: bool = False) -> str:
    """The account that signs what needs a role: the one wished for, else the role's first holder.

    What is `urgent` is signed first by holders that the manifest keeps for emergencies. InputError where the manifest
    gives the role to nobody, or not to the one wished for.
    """
    holders = (TIMELOCK,) if role == ADMIN else manifest.role_holders(role)
    if urgent and role != ADMIN:
        holders = manifest.emergency_holders(role)
    if not holders:
        raise InputError("is held by nobody in the manifest", field=f"roles.{role}")
    if wished and wished not in holders:
        raise InputError(f"does not hold {role} in the manifest ({', '.join(holders)} do)", field="as", value=wished)
    return wished or holders[0]


@dataclass
class Draft(Generic[_Views]):
    """A plan in the making, of the operation `name`. An order carries the key of its step, so that none is done twice.

    Without a reference of the operator's an operation is told from earlier ones by their number: a run that was cut
    short is finished under the number that it had. `natural` operations do nothing twice by what they name (a file's
    rows, an action's own reference), so that doing one again is fine. What is `single` is one order under the reference
    that the operator gave, "" for none: another under the same one is refused.
    """

    views: _Views
    name: str
    reference: str = ""
    natural: bool = False
    single: str = ""
    steps: list[Step] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    _begun: str = field(default="", init=False)

    def __post_init__(self) -> None:
        if not self.reference:
            self._begun = self._under_way()
            self.reference = self._begun or f"{NUMBERED}{self._finished() + 1}"

    def _under_way(self) -> str:
        """The number of an operation of this name of which a run that was stopped left a step under way; "" for none.

        It may have more steps, some of them done.
        """
        if is_urgent(self.name):
            return ""
        left = (one.action for each in self.views.records.of(self.name) for one in each.open_intents())
        found = (one.reference for one in left if one.operation == self.name)
        return next((one for one in found if one.startswith(NUMBERED)), "")

    def _finished(self) -> int:
        """How many operations of this name the records hold as done."""
        journals = self.views.records.of(self.name)
        urgent = is_urgent(self.name)
        done = (one.action for each in journals for one in (each.readable() if urgent else each.all()) if one.done)
        return len({one.reference for one in done if one.operation == self.name})

    def sender(self, role: str, wished: str = "") -> str:
        """The account that signs here what needs a role; see `sender_of`."""
        return sender_of(self.views.manifest, self.views.role_here(role), wished, is_urgent(self.name))

    def anyone(self, role: str, wished: str = "") -> str:
        """The account that sends what anyone may: the one wished for, else the first holder of the role that does."""
        return wished or self.sender(role)

    def key(self, name: str) -> str:
        """The key of a step or of a file's row: what its id would be, 0x-prefixed hex."""
        return identity(self.views, Plan(self.name, self.reference, ()), Step(name, "", "", ""))

    def fresh(self, name: str) -> str:
        """The name, or one beside it, of a step that the records do not have as done.

        For what a chain says is left to do although it was done before under this reference: the records would have the
        step as done, and nothing would be sent. One that was sent and is not settled keeps its name.
        """
        found, times, plan = name, 1, Plan(self.name, self.reference, ())
        while is_recorded(self.views, plan, Step(found, "", "", "")):
            times += 1
            found = f"{name}, time {times}"
        return found

    def by_role(self, order: RoleInstruction, wished: str = "", row: str = "") -> RoleInstruction:
        """The order, signed by who may, or the timelock where ADMIN may; with the key of its row if it carries one."""
        administers = wished == TIMELOCK and ADMIN in roles_sufficing(order)
        signed = replace(order, by=self.sender(ADMIN if administers else role_needed(order), wished))
        return self.views.keyed(signed, self.key(row)) if isinstance(signed, KeyedInstruction) and row else signed

    def order(self, title: str, order: RoleInstruction, wished: str = "", name: str = "", what: str = "") -> Step:
        """Add a step: an order in a transaction of its own, signed by who may."""
        signed = self.by_role(order, wished, name or title)
        return self.add(self.views.step(name or title, title, [signed], what))

    def add(self, step: Step) -> Step:
        """Add a step."""
        self.steps.append(step)
        return step

    def prepared(self, steps: Sequence[Step]) -> None:
        """Add a step, the last of these, after those that make way for it: allowances, accounts that are opened.

        What made way for it in an earlier run, and stands no more, is done again.
        """
        *before, last = steps
        self.steps += [*(replace(one, name=self.fresh(one.name)) for one in before), last]

    def plan(self) -> Plan:
        """The plan; InputError where a step was done before under its reference, and the operation is not natural.

        And where a single order's reference is that of another. Of an operation that was cut short what is left.
        """
        made = Plan(self.name, self.reference, tuple(self.steps), tuple(self.changes), tuple(self.same))
        if self._begun:
            made = unrecorded(self.views, made)
        if self.single:
            demand_same_terms(self.views, made)
        return made if self.natural else unrepeated(self.views, made)

    def nothing(self, text: str) -> Plan:
        """The plan of an operation that has nothing to do."""
        return Plan(self.name, self.reference, (), same=(text,))
