"""The execution of a proposal that enough owners signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum
from functools import partial
from typing import Any, Protocol

from eth_utils import keccak

from scrip.errors import InputError
from scrip.evm.chain import Chain, Contract
from scrip.evm.compiled.safe import SAFE
from scrip.evm.connection import EvmConnection
from scrip.evm.rehearse.rehearse import rehearse_decided
from scrip.evm.rpc.logs import in_spans
from scrip.evm.rpc.node import Node
from scrip.evm.safe import timelock
from scrip.evm.safe.creation import LABEL
from scrip.evm.safe.proposal import Proposal, check_delegate
from scrip.evm.safe.signing import joined
from scrip.evm.safe.transaction import check_digest
from scrip.plan import Plan, Step
from scrip.preview import moment
from scrip.records.journal import is_urgent
from scrip.reports.rehearsal import Report

NAME, URGENT = "safe execute", "emergency safe execute"
"""What an execution is called, and that of an emergency, which waits for no other operation either."""
SUCCESS = "0x" + keccak(text="ExecutionSuccess(bytes32,uint256)").hex()
"""The event of a Safe's transaction that was carried out; its hash is the first topic."""


class State(Enum):
    """Where a proposal stands on its chain."""

    SIGNING = "signatures are missing"
    READY = "it can be executed"
    QUEUED = "one with a lower nonce comes first"
    EXECUTED = "it was executed"
    STALE = "its nonce was used by another transaction"


class Logs(Protocol):
    """Reads a contract's logs: address, topics, first block."""

    def __call__(self, address: str, topics: list[str | None], first: int = 0) -> list[Mapping[str, Any]]: ...


def state(chain: Chain, proposal: Proposal, logs: Logs) -> State:
    """Where a proposal stands. `logs` is a node's, asked only when the nonce is used."""
    following = chain.call(Contract(SAFE, proposal.tx.safe), "nonce")
    if following > proposal.tx.nonce:
        found = logs(proposal.tx.safe, [SUCCESS, "0x" + proposal.tx.digest().hex()], proposal.block)
        return State.EXECUTED if found else State.STALE
    if following < proposal.tx.nonce:
        return State.QUEUED
    return State.SIGNING if proposal.missing else State.READY


def execute_step(chain: Chain, proposal: Proposal, genesis: str, code_at: Callable[[str], bytes], sender: str) -> Step:
    """The step that has the Safe carry out a proposal; any account may be its `sender`.

    InputError unless the chain, the Safe and the nonce are the proposal's, enough of the Safe's present owners signed,
    and what runs as the Safe's own code is MultiSendCallOnly.
    """
    tx = proposal.tx
    safe = Contract(SAFE, tx.safe)
    _check_place(chain, proposal, genesis)
    following = chain.call(safe, "nonce")
    if following > tx.nonce:
        raise InputError(f"was used: the Safe's next is {following}", field="scrip.tx.nonce", value=tx.nonce)
    if following < tx.nonce:
        reason = f"comes later: the proposal with nonce {following} must be executed first"
        raise InputError(reason, field="scrip.tx.nonce", value=tx.nonce)
    check_delegate(tx, code_at)
    check_digest(chain, tx)
    return Step(
        name=f"safe {tx.nonce} 0x{tx.digest().hex()}",
        title=f"Safe: execute nonce {tx.nonce}, {proposal.name} {proposal.reference}",
        sender=sender,
        contract=SAFE,
        function="execTransaction",
        args=(*tx.arguments(), joined(_enough(chain, safe, proposal))),
        to=LABEL,
    )


def plan_execution(network: EvmConnection, proposal: Proposal, sender: str = "") -> Plan:
    """What is left to do of a proposal that enough owners signed: its execution, then that of what it scheduled.

    One plan at a time: the Safe's transaction; once that is done, the timelock's operations that are ready. The plan
    has no steps when there is nothing to do now: `same` says what was done, `waits` what was not and why. `sender` is
    the account that pays, by default the manifest's first that signs here, of an emergency one that is kept for it.
    InputError as execute_step gives it, and for a proposal whose nonce another transaction used.
    """
    urgent = is_urgent(proposal.name)
    by = sender or _payer(network, urgent)
    name, reference = (URGENT if urgent else NAME), "0x" + proposal.tx.digest().hex()
    _check_place(network.chain, proposal, network.genesis)
    if state(network.chain, proposal, partial(_logs, network.node)) is not State.EXECUTED:
        return Plan(name, reference, (execute_step(network.chain, proposal, network.genesis, network.node.code, by),))
    steps: list[Step] = []
    waits: list[tuple[str, str]] = []
    same = [f"the Safe executed nonce {proposal.tx.nonce}"]
    for one in proposal.delayed:
        operation, contract = one.operation, Contract(timelock.CONTRACT, one.timelock)
        found = timelock.state(network.chain, contract, operation.id)
        # What one of them waits for is executed by the step before, in the same plan.
        if found is timelock.State.READY:
            steps.append(timelock.execute_step(operation, by))
        elif found is timelock.State.DONE:
            same.append(f"operation 0x{operation.id.hex()} was executed")
        else:
            waits.append((f"operation 0x{operation.id.hex()}", _why_not(network.chain, contract, operation.id, found)))
    return Plan(name, reference, tuple(steps), same=tuple(same), waits=tuple(waits))


def rehearse_execution(network: EvmConnection, plan: Plan, proposal: Proposal, sender: str = "") -> Report:
    """A proposal carried out on a fork by a plan of it, and what it scheduled once its delay is over.

    What that changes, and what it makes the audit find; see scrip.evm.rehearse.rehearse_decided.
    """
    return rehearse_decided(network, plan, lambda fork: plan_execution(fork, proposal, sender))


def _why_not(chain: Chain, contract: Contract, operation: bytes, found: timelock.State) -> str:
    if found is timelock.State.WAITING:
        return f"waits until {moment(timelock.ready_at(chain, contract, operation))}: give the command again then"
    return "was cancelled: propose it again"


def _payer(network: EvmConnection, urgent: bool) -> str:
    """The manifest's first account that signs here; before them those that are kept for what is urgent."""
    for name in (*(network.manifest.emergency if urgent else ()), *network.manifest.accounts):
        with suppress(InputError):
            network.chain.signer(name)
            return name
    raise InputError("none of the manifest's accounts signs here", field="sender")


def _logs(node: Node, address: str, topics: list[str | None], first: int = 0) -> list[Mapping[str, Any]]:
    """A contract's logs to the present, in spans that the node accepts."""
    return list(in_spans(node, address, topics, first, node.block().number))


def _check_place(chain: Chain, proposal: Proposal, genesis: str) -> None:
    tx = proposal.tx
    if (here := chain.chain_id()) != tx.chain_id:
        raise InputError(f"is another chain's: this is {here}", field="chainId", value=tx.chain_id)
    if proposal.genesis != genesis:
        raise InputError(f"is another network's: this is {genesis}", field="scrip.genesis", value=proposal.genesis)
    if (known := chain.address(LABEL)) != tx.safe:
        raise InputError(f"is not the manifest's Safe, {known}", field="meta.createdFromSafeAddress", value=tx.safe)


def _enough(chain: Chain, safe: Contract, proposal: Proposal) -> Mapping[str, bytes]:
    """The signatures of those who are owners now; InputError when they are too few."""
    owners, threshold = set(chain.call(safe, "getOwners")), chain.call(safe, "getThreshold")
    valid = {owner: signature for owner, signature in proposal.signatures.items() if owner in owners}
    if len(valid) < threshold:
        missing = ", ".join(chain.name(owner) for owner in sorted(owners - set(valid)))
        reason = f"has {len(valid)} signatures of present owners and needs {threshold}; not signed: {missing}"
        raise InputError(reason, field="scrip.signatures")
    return valid
