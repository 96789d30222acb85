"""Proposals: steps of a plan that the Safe or the timelock sends, as one transaction for the Safe's owners to sign."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from scrip.errors import InputError
from scrip.evm.chain import Chain, Contract
from scrip.evm.compiled.safe import CANONICAL, MULTISEND, SAFE, VERSION, code_hashes, hash_of
from scrip.evm.encoding.calldata import MessageCall, step_data
from scrip.evm.safe import timelock
from scrip.evm.safe.creation import LABEL, MULTISEND_LABEL
from scrip.evm.safe.method import Method
from scrip.evm.safe.timelock import NO_PREDECESSOR, Operation
from scrip.evm.safe.transaction import DELEGATECALL, SafeTx, check_digest, safe_tx
from scrip.plan import Plan, Step, step_id

DELEGATED_CODE = bytes.fromhex("ef0100")
"""What the code of an account with a key begins with when it runs as a contract (EIP-7702): its key still signs."""


@dataclass(frozen=True, slots=True)
class TitledCall:
    """A call, the function that its data calls, and what the step that it carries out is called."""

    call: MessageCall
    method: Method
    title: str


@dataclass(frozen=True, slots=True)
class Delayed:
    """An operation that the proposal schedules, with what its calls are; `delay` in seconds."""

    timelock: str
    delay: int
    predecessor: bytes
    salt: bytes
    calls: tuple[TitledCall, ...]

    @property
    def operation(self) -> Operation:
        """The timelock's operation."""
        return Operation(tuple(one.call for one in self.calls), self.salt, self.predecessor)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A Safe's transaction, what it does in words, who may sign it and who has.

    `created_at` is UTC seconds, `block` the chain's latest block then (0 where that was not asked). `owners`, those
    of them that are `contracts`, and `threshold` are the Safe's when it was proposed. `signatures` are 65 bytes r, s, v
    by owner; addresses are in lower case.
    """

    name: str
    reference: str
    genesis: str
    created_at: int
    block: int
    owners: tuple[str, ...]
    contracts: tuple[str, ...]
    threshold: int
    calls: tuple[TitledCall, ...]
    delayed: tuple[Delayed, ...]
    tx: SafeTx
    signatures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        """How many signatures it still needs."""
        return max(0, self.threshold - len(self.signatures))


def propose(
    chain: Chain,
    plan: Plan,
    genesis: str,
    code_at: Callable[[str], bytes],
    *,
    nonce: int | None = None,
    delay: int = 0,
    predecessor: bytes = NO_PREDECESSOR,
    block: int = 0,
) -> Proposal:
    """One transaction of the Safe for all steps of a plan: the sender of each is "safe" or "timelock".

    The Safe makes its own steps' calls in order; the timelock's, which must come last, are scheduled as operations
    after `predecessor`, with the timelock's delay or `delay` seconds if that is longer. `nonce` is the Safe's next,
    or a later one to queue behind a proposal that waits. `code_at` reads a chain's code, and `block` is its latest
    block, from which on the execution will be looked for.

    InputError for steps of other senders, a step of the Safe's after one of the timelock's, steps that create
    contracts, calldata that the timelock does not take, operations that it has already, a nonce that was used, and
    owners of whom too few sign with keys.
    """
    mine, waiting = _split(plan.steps)
    safe = Contract(SAFE, chain.address(LABEL))
    owners = tuple(chain.call(safe, "getOwners"))
    contracts = tuple(owner for owner in owners if _is_contract(code_at(owner)))
    threshold = chain.call(safe, "getThreshold")
    if len(owners) - len(contracts) < threshold:
        reason = f"{threshold} signatures are needed and only {len(owners) - len(contracts)} owners sign with a key"
        raise InputError(f"{reason}: a contract's ERC-1271 signature is not gathered here", field="safe.owners")
    calls = [_titled(chain, step, step_id(genesis, plan, step)) for step in mine]
    delayed = _delayed(chain, plan, genesis, waiting, delay, predecessor) if waiting else ()
    calls += [_scheduling(chain, one) for one in delayed]
    tx = safe_tx(
        chain.chain_id(),
        safe.address,
        _nonce(chain.call(safe, "nonce"), nonce),
        [one.call for one in calls],
        _multisend(chain, code_at) if len(calls) > 1 else "",
    )
    check_delegate(tx, code_at)
    check_digest(chain, tx)
    return Proposal(
        name=plan.name,
        reference=plan.reference,
        genesis=genesis,
        created_at=chain.now(),
        block=block,
        owners=owners,
        contracts=contracts,
        threshold=threshold,
        calls=tuple(calls),
        delayed=delayed,
        tx=tx,
    )


def check_delegate(tx: SafeTx, code_at: Callable[[str], bytes]) -> None:
    """InputError if the transaction runs code as the Safe's own and that is not MultiSendCallOnly's."""
    if tx.operation != DELEGATECALL:
        return
    if hash_of(code_at(tx.to)) not in code_hashes(MULTISEND):
        raise InputError(f"is not {MULTISEND} of Safe {VERSION}, and would run as the Safe", field="to", value=tx.to)


def trusted_delegate(tx: SafeTx, known: Collection[str]) -> bool:
    """Whether, without a chain to ask, what the transaction runs as the Safe's own code is known: nothing, the
    canonical MultiSendCallOnly, or one of the addresses `known`."""
    return tx.operation != DELEGATECALL or tx.to in {CANONICAL[MULTISEND].address, *known}


def _split(steps: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    """The Safe's own steps, and the timelock's after them."""
    if not steps:
        raise InputError("has no steps: there is nothing to propose", field="plan")
    for step in steps:
        if step.sender not in (LABEL, timelock.LABEL):
            reason = f'is sent by "{step.sender}": only what the Safe or the timelock sends is proposed'
            raise InputError(reason, field="step", value=step.name)
        if not step.function:
            raise InputError("creates a contract, which the Safe does not: use a key", field="step", value=step.name)
    senders = [step.sender for step in steps]
    count = senders.count(LABEL)
    if LABEL in senders[count:]:
        reason = "is the Safe's and comes after one of the timelock's, which waits: propose it apart"
        raise InputError(reason, field="step", value=steps[count + senders[count:].index(LABEL)].name)
    return list(steps[:count]), list(steps[count:])


def _multisend(chain: Chain, code_at: Callable[[str], bytes]) -> str:
    """The contract that makes several calls for the Safe: the canonical one, or the deployment's own."""
    canonical = CANONICAL[MULTISEND]
    return (
        canonical.address
        if hash_of(code_at(canonical.address)) == canonical.code_hash
        else chain.address(MULTISEND_LABEL)
    )


def _nonce(following: int, wished: int | None) -> int:
    if wished is not None and wished < following:
        raise InputError(f"was used: the Safe's next is {following}", field="nonce", value=wished)
    return following if wished is None else wished


def _titled(chain: Chain, step: Step, key: bytes) -> TitledCall:
    method = Method.of(chain.abi(step.contract).entry(step.function, len(step.args)))
    return TitledCall(MessageCall(chain.address(step.to), 0, step_data(chain, step, key)), method, step.title)


def _delayed(
    chain: Chain, plan: Plan, genesis: str, steps: Sequence[Step], delay: int, predecessor: bytes
) -> tuple[Delayed, ...]:
    contract = Contract(timelock.CONTRACT, chain.address(timelock.LABEL))
    identities = [step_id(genesis, plan, step) for step in steps]
    titled = [_titled(chain, step, key) for step, key in zip(steps, identities, strict=True)]
    wait = max(delay, chain.call(contract, "get_minimum_delay"))
    made, rest = [], titled
    for one in timelock.operations([entry.call for entry in titled], identities, predecessor):
        timelock.check_id(chain, contract, one)
        if (state := timelock.state(chain, contract, one.id)) != timelock.State.UNSET:
            reason = "was executed: there is nothing to do" if state == timelock.State.DONE else "waits already"
            raise InputError(reason, field="operation", value="0x" + one.id.hex())
        mine, rest = rest[: len(one.calls)], rest[len(one.calls) :]
        made.append(Delayed(contract.address, wait, one.predecessor, one.salt, tuple(mine)))
    return tuple(made)


def _scheduling(chain: Chain, delayed: Delayed) -> TitledCall:
    step = timelock.schedule_step(delayed.operation, delayed.delay, LABEL)
    return _titled(chain, step, b"")


def _is_contract(code: bytes) -> bool:
    return bool(code) and not code.startswith(DELEGATED_CODE)
