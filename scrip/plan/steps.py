"""Plans: what is to be sent to a chain, in order, as values that a person can read before anything is signed.

A plan is made of steps; a step is one transaction. Contracts that an earlier step deploys are named by label, so a plan
stands before the first address does. An operation is its chain, its name and its reference: planning it again after a
crash gives the same steps under the same ids.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from eth_utils import keccak

from scrip.instructions.base import Instruction


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a name: an account of the manifest, or a contract's label ("registry", "MSFT")."""

    name: str


@dataclass(frozen=True, slots=True)
class StepKey:
    """Stands for the step's own id, 32 bytes, where a function takes a key that it honours once."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Calldata of another call: the argument of a multisig's or a timelock's function."""

    to: Address
    contract: str
    function: str
    args: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """Bytes, one after the other, as one argument: an Address among them as the 32 bytes that stand for it."""

    parts: tuple[bytes | Address, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction of a plan.

    `name` tells the steps of an operation apart and is part of the step's id. `sender` is a name of the manifest. With
    `function` "" the step deploys `contract` with `args`, as a blueprint if `blueprint`, and its address is known by
    `label` from then on; with `initcode` it deploys that code, followed by `args`. Otherwise it calls `function` of the
    contract with the label `to`, whose ABI is `contract`'s. `args` may hold Address, StepKey, Payload and
    Packed, in lists and tuples too. `layout` is where the code of `initcode` keeps what, as JSON, if it is a build of
    the project's own. `instructions` are what the model previews, in order; several are carried out all or none.

    On Solana `calls` are the transaction's instructions, whole, as solders has them: an address there never waits for a
    deployment. `contract` and `function` then say what is called, for people.
    """

    name: str
    title: str
    sender: str
    contract: str
    function: str = ""
    args: tuple[object, ...] = ()
    to: str = ""
    label: str = ""
    blueprint: bool = False
    initcode: bytes = b""
    layout: str = ""
    instructions: tuple[Instruction, ...] = ()
    calls: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the difference that a plan makes: what it is, how it stands, how it will."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Plan:
    """An operation: `name` ("compliance onboard"), `reference` (what makes it this one), its steps and its difference.

    `same` lists what already stands as wished, for people; `waits` what does not and cannot be brought about now, with
    the reason. A plan without steps changes nothing.
    """

    name: str
    reference: str
    steps: tuple[Step, ...]
    changes: tuple[Change, ...] = ()
    same: tuple[str, ...] = field(default=())
    waits: tuple[tuple[str, str], ...] = field(default=())


def step_id(genesis: str, plan: Plan, step: Step) -> bytes:
    """The id of a step, 32 bytes: of the chain's genesis hash, the operation, its reference and the step's name.

    Nothing that may be edited between a crash and the next run is part of it.
    """
    parts = ("scrip step", genesis.lower(), plan.name, plan.reference, step.name)
    return keccak(b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts))
