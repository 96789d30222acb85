"""The execution of a proposal that enough owners signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Protocol

from eth_utils import keccak

from scrip.errors import InputError
from scrip.evm.chain import CodecChain, Contract
from scrip.evm.safe.contracts import SAFE
from scrip.evm.safe.creation import LABEL
from scrip.evm.safe.proposal import Proposal, check_delegate
from scrip.evm.safe.signing import joined
from scrip.evm.safe.transaction import check_digest
from scrip.plan import Step

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


def state(chain: CodecChain, proposal: Proposal, logs: Logs, first: int = 0) -> State:
    """Where a proposal stands. `logs` is a node's, asked from block `first` only when the nonce is used."""
    following = chain.call(Contract(SAFE, proposal.tx.safe), "nonce")
    if following > proposal.tx.nonce:
        found = logs(proposal.tx.safe, [SUCCESS, "0x" + proposal.tx.digest().hex()], first)
        return State.EXECUTED if found else State.STALE
    if following < proposal.tx.nonce:
        return State.QUEUED
    return State.SIGNING if proposal.missing else State.READY


def execute_step(
    chain: CodecChain, proposal: Proposal, genesis: str, code_at: Callable[[str], bytes], sender: str
) -> Step:
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


def _check_place(chain: CodecChain, proposal: Proposal, genesis: str) -> None:
    tx = proposal.tx
    if (here := chain.chain_id()) != tx.chain_id:
        raise InputError(f"is another chain's: this is {here}", field="chainId", value=tx.chain_id)
    if proposal.genesis != genesis:
        raise InputError(f"is another network's: this is {genesis}", field="scrip.genesis", value=proposal.genesis)
    if (known := chain.address(LABEL)) != tx.safe:
        raise InputError(f"is not the manifest's Safe, {known}", field="meta.createdFromSafeAddress", value=tx.safe)


def _enough(chain: CodecChain, safe: Contract, proposal: Proposal) -> Mapping[str, bytes]:
    """The signatures of those who are owners now; InputError when they are too few."""
    owners, threshold = set(chain.call(safe, "getOwners")), chain.call(safe, "getThreshold")
    valid = {owner: signature for owner, signature in proposal.signatures.items() if owner in owners}
    if len(valid) < threshold:
        missing = ", ".join(chain.name(owner) for owner in sorted(owners - set(valid)))
        reason = f"has {len(valid)} signatures of present owners and needs {threshold}; not signed: {missing}"
        raise InputError(reason, field="scrip.signatures")
    return valid
