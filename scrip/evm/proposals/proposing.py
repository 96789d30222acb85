"""What the Safe's owners are asked to sign: which steps of a plan, and the file that asks them."""

from __future__ import annotations

from dataclasses import replace
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import Any

from scrip.errors import InputError
from scrip.evm.connection import EvmConnection
from scrip.evm.proposals.queue import draw
from scrip.evm.proposals.weight import weigh
from scrip.evm.safe.file import write
from scrip.evm.safe.proposal import propose as proposal_of
from scrip.labels import SAFE, TIMELOCK
from scrip.plan import Plan, Step
from scrip.plan.identity import unrecorded


def part(network: EvmConnection, plan: Plan, ordered: bool) -> Plan:
    """The steps that one proposal holds: from the first on as far as the Safe signs, or all of its where order is none.

    What the timelock does later cannot be waited for in the same proposal. InputError when there is none.
    """
    # What keys of this machine have done of it is no obstacle.
    steps = unrecorded(network, plan).steps
    kept = takewhile if ordered else filter
    ours = _safe_first(tuple(kept(lambda step: step.sender in (SAFE, TIMELOCK), steps)), ordered)
    if not ours:
        raise InputError("signs by a key: --apply", field="sender", value=steps[0].sender)
    return replace(plan, steps=ours)


def _safe_first(steps: tuple[Step, ...], ordered: bool) -> tuple[Step, ...]:
    if not ordered:
        return tuple(sorted(steps, key=lambda step: step.sender == TIMELOCK))
    first = list(takewhile(lambda step: step.sender == SAFE, steps))
    rest = dropwhile(lambda step: step.sender == SAFE, steps)
    return (*first, *takewhile(lambda step: step.sender == TIMELOCK, rest))


def propose(
    network: EvmConnection, plan: Plan, path: Path, nonce: int | None = None
) -> tuple[list[str], dict[str, Any]]:
    """Write the file, which must be new; what to tell people, and programs.

    `nonce` is the Safe's, where it is not to be the lowest that nothing waiting has. InputError for what a transaction
    has no gas for.
    """
    drawn, block = draw(network, path.parent, nonce), network.node.block().number
    found = proposal_of(network.chain, plan, network.genesis, network.node.code, nonce=drawn.nonce, block=block)
    weight = weigh(network, found)
    write(found, path)
    lines = [
        f"{path}: nonce {found.tx.nonce} ({drawn.why}), {found.threshold} of {len(found.owners)} owners must sign",
        weight,
        f"each owner: ape run safe sign {path} --as OWNER; then: ape run safe execute {path} --apply",
        *(
            f"then the timelock waits {one.delay} s for 0x{one.operation.id.hex()}; the same command executes it"
            for one in found.delayed
        ),
    ]
    return lines, {"file": str(path), "hash": "0x" + found.tx.digest().hex(), "nonce": found.tx.nonce, "why": drawn.why}
