"""The timelock's operations: batches of calls that a proposer schedules and anyone carries out after the delay.

An operation's id follows from its calls, its predecessor and its salt, and the salt from the steps' ids: planning the
same steps again gives the same operation, which the timelock takes once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from eth_utils import keccak

from scrip import parameters
from scrip.errors import InputError, ScripError
from scrip.evm.chain import Chain, Contract
from scrip.evm.encoding.calldata import MessageCall
from scrip.evm.encoding.words import encode
from scrip.plan import Step

CONTRACT, LABEL = "Timelock", "timelock"
MAX_PAYLOAD = parameters.TIMELOCK_PAYLOAD.value
BATCH = parameters.TIMELOCK_CALLS.value
NO_PREDECESSOR = bytes(32)
SCHEDULE_BATCH = "schedule_batch"
TYPES = ("address[]", "uint256[]", "bytes[]", "bytes32", "bytes32")


class State(IntEnum):
    """Where an operation stands, by the timelock's own numbers."""

    UNSET = 1
    WAITING = 2
    READY = 4
    DONE = 8


@dataclass(frozen=True, slots=True)
class Operation:
    """Calls that the timelock makes in order, all or none, after the operation `predecessor` (zero for none)."""

    calls: tuple[MessageCall, ...]
    salt: bytes
    predecessor: bytes = NO_PREDECESSOR

    def arguments(self) -> tuple[object, ...]:
        """What the timelock's functions take: targets, amounts, payloads, predecessor, salt."""
        targets, amounts, payloads = ([getattr(one, part) for one in self.calls] for part in ("to", "value", "data"))
        return (targets, amounts, payloads, self.predecessor, self.salt)

    @property
    def id(self) -> bytes:
        """The operation's id, 32 bytes, as the timelock computes it."""
        return keccak(encode(TYPES, self.arguments()))


def operations(
    calls: Sequence[MessageCall], step_ids: Sequence[bytes], predecessor: bytes = NO_PREDECESSOR
) -> list[Operation]:
    """Calls as operations of at most BATCH, each after the one before and the first after `predecessor`.

    `step_ids` are the ids of the steps that the calls carry out, one each. InputError for calldata that the timelock
    does not take.
    """
    made: list[Operation] = []
    for call in calls:
        if len(call.data) > MAX_PAYLOAD:
            raise InputError(f"holds more calldata than the {MAX_PAYLOAD} bytes that the timelock takes", field="steps")
    for start in range(0, len(calls), BATCH):
        salt = keccak(b"".join(step_ids[start : start + BATCH]))
        made.append(Operation(tuple(calls[start : start + BATCH]), salt, predecessor))
        predecessor = made[-1].id
    return made


def state(chain: Chain, timelock: Contract, operation: bytes) -> State:
    """Where an operation stands now, by its id."""
    return State(chain.call(timelock, "get_operation_state", operation))


def ready_at(chain: Chain, timelock: Contract, operation: bytes) -> int:
    """The UTC second from which an operation may be executed; ScripError when it neither waits nor is ready."""
    if (found := state(chain, timelock, operation)) not in (State.WAITING, State.READY):
        raise ScripError(f"operation 0x{operation.hex()} is {found.name}: nothing waits")
    return int(chain.call(timelock, "get_timestamp", operation))


def check_id(chain: Chain, timelock: Contract, operation: Operation) -> None:
    """ScripError unless the timelock computes the same id."""
    asked = bytes(chain.call(timelock, "hash_operation_batch", *operation.arguments()))
    if asked != operation.id:
        raise ScripError(f"the timelock computes the id 0x{asked.hex()}, not 0x{operation.id.hex()}")


def schedule_call(timelock: str, operation: Operation, delay: int) -> MessageCall:
    """The call that schedules an operation, for who has no chain at hand."""
    types = (*TYPES, "uint256")
    selector = keccak(text=f"{SCHEDULE_BATCH}({','.join(types)})")[:4]
    return MessageCall(timelock, 0, selector + encode(types, (*operation.arguments(), delay)))


def schedule_step(operation: Operation, delay: int, sender: str) -> Step:
    """The step that schedules an operation; a proposer's. `delay` in seconds is at least the timelock's own."""
    return _step(f"schedule {_word(operation.id)}", SCHEDULE_BATCH, (*operation.arguments(), delay), sender)


def execute_step(operation: Operation, sender: str) -> Step:
    """The step that carries out an operation that is ready; anyone's, where the deployment opened it to everyone."""
    return _step(f"execute {_word(operation.id)}", "execute_batch", operation.arguments(), sender)


def cancel_step(operation: bytes, sender: str) -> Step:
    """The step that cancels an operation, by its id, that is waiting or ready; a canceller's."""
    return _step(f"cancel {_word(operation)}", "cancel", (operation,), sender)


def _word(operation: bytes) -> str:
    return f"0x{operation.hex()}"


def _step(name: str, function: str, args: tuple[object, ...], sender: str) -> Step:
    return Step(name, f"timelock: {name}", sender, CONTRACT, function, args, to=LABEL)
