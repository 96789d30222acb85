"""What waits in the timelock, shown call by call, carried out, cancelled.

On an Ethereum-family chain its events tell; Solana's program keeps each operation until it ends, where ADMIN is the
program's own timelock and no multisig.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from eth_utils import keccak

from scrip.chains.evm import EvmNetwork, evm_only
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError, ScripError
from scrip.evm.audit import evidence_of
from scrip.evm.encoding.calldata import MessageCall
from scrip.evm.encoding.words import decode
from scrip.evm.rehearse.rehearse import rehearse_decided
from scrip.evm.rpc.logs import in_spans
from scrip.evm.safe import timelock
from scrip.evm.safe.describe import call_lines
from scrip.evm.safe.method import Method
from scrip.evm.safe.proposal import TitledCall
from scrip.evm.safe.timelock import Operation, State
from scrip.parameters import OPERATION_LIFE
from scrip.plan import Plan
from scrip.preview import moment
from scrip.reports.rehearsal import Report
from scrip.solana.deploy import timelock as programs

SCHEDULED = "0x" + keccak(text="CallScheduled(bytes32,uint256,address,uint256,bytes,bytes32,uint256)").hex()
SALT = "0x" + keccak(text="CallSalt(bytes32,bytes32)").hex()
SHORTEST = len("0x12345678")
"""Characters of an id that tell it from others."""
CALL = ("address", "uint256", "bytes", "bytes32", "uint256")
"""The values of a scheduled call's event besides its topics: target, value, data, predecessor, delay."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An operation that was scheduled and is neither done nor cancelled; `ready_at` in UTC seconds."""

    id: bytes
    state: State
    ready_at: int
    operation: Operation

    @property
    def label(self) -> str:
        """The operation's id as 0x-prefixed hex."""
        return "0x" + self.id.hex()

    @property
    def lapses_at(self) -> int:
        """The UTC second from which it may be carried out no more; it can be cancelled for ever."""
        return self.ready_at + OPERATION_LIFE.value


def adopt(network: Network) -> Plan:
    """Hand ADMIN over to the timelock of Solana's own program. InputError elsewhere: `deploy` does it there."""
    if not isinstance(network, SolanaNetwork):
        raise InputError("has no equivalent on this kind of chain: deploy hands ADMIN over", field="command")
    return programs.adopt(network)


def waiting(network: Network) -> Sequence[Waiting | programs.Waiting]:
    """Every operation that waits, the first to be ready first."""
    if isinstance(network, SolanaNetwork):
        return programs.waiting(network)
    evm = evm_only(network)
    contract = evm.suite().timelock
    found = []
    for identifier, operation in _scheduled(evm).items():
        state = timelock.state(evm.chain, contract, identifier)
        if state in (State.WAITING, State.READY):
            ready_at = timelock.ready_at(evm.chain, contract, identifier)
            found.append(Waiting(identifier, state, ready_at, operation))
    return sorted(found, key=lambda one: (one.ready_at, one.id))


def _scheduled(network: EvmNetwork) -> dict[bytes, Operation]:
    """Every operation that was ever scheduled, by its id, put together from its events."""
    calls: dict[bytes, dict[int, MessageCall]] = defaultdict(dict)
    predecessors: dict[bytes, bytes] = {}
    salts: dict[bytes, bytes] = {}
    for event in _events(network):
        kind, *words = (bytes.fromhex(str(topic)[2:]) for topic in event["topics"])
        data = bytes.fromhex(str(event["data"])[2:])
        if "0x" + kind.hex() == SALT:
            salts[words[0]] = data
        else:
            target, value, payload, predecessors[words[0]], _ = decode(CALL, data)
            calls[words[0]][int.from_bytes(words[1])] = MessageCall(target.lower(), value, payload)
    return {
        one: Operation(tuple(call for _, call in sorted(parts.items())), salts.get(one, bytes(32)), predecessors[one])
        for one, parts in calls.items()
    }


def _events(network: EvmNetwork) -> Iterator[dict[str, Any]]:
    last = network.node.block().number
    return in_spans(
        network.node, network.suite().timelock.address, [[SCHEDULED, SALT]], evidence_of(network).since, last
    )


def lines(network: Network, one: Waiting | programs.Waiting) -> Iterator[str]:
    """Tell an operation for people: when it may be carried out, and each call with its arguments."""
    if isinstance(network, SolanaNetwork) and isinstance(one, programs.Waiting):
        yield from programs.lines(network, one)
        return
    if isinstance(one, programs.Waiting):
        raise TypeError("an operation of Solana's is shown on its own network")
    evm = evm_only(network)
    when = "may be carried out now" if one.state is State.READY else f"waits until {moment(one.ready_at)}"
    alive = evm.node.block().timestamp < one.lapses_at
    lapses = f"{when}, and lapses {moment(one.lapses_at)}" if alive else f"lapsed {moment(one.lapses_at)}"
    yield f"{one.label} {lapses}"
    for call in one.operation.calls:
        if titled := _titled(evm, call):
            yield from call_lines(titled, evm.chain.name)
        else:
            yield f"  {evm.chain.name(call.to)}: 0x{call.data.hex()}"


def _titled(network: EvmNetwork, call: MessageCall) -> TitledCall | None:
    """A call by its function's name; None for a contract or a function that nobody here knows."""
    network.ledger()
    for _, contract in network.book:
        if contract.address != call.to:
            continue
        for entry in network.chain.abi(contract.name).entries():
            method = Method.of(entry)
            if method.selector() == call.data[:4]:
                with suppress(InputError):
                    method.values(call.data)
                    return TitledCall(call, method, f"{contract.name}.{method.name}")
    return None


def _find(network: EvmNetwork, identifier: str) -> tuple[bytes, Operation, State]:
    """The operation whose id begins so, and where it stands; InputError unless one alone does."""
    known = _scheduled(network)
    found = [one for one in known if f"0x{one.hex()}".startswith(identifier.lower())]
    if len(found) != 1 or len(identifier) < SHORTEST:
        reason = f"begins {len(found)} ids of operations" if len(identifier) >= SHORTEST else "is too short for an id"
        raise InputError(reason, field="id", value=identifier)
    return found[0], known[found[0]], timelock.state(network.chain, network.suite().timelock, found[0])


def ready_at(network: Network, identifier: str) -> int:
    """The UTC second from which an operation may be carried out."""
    evm = evm_only(network)
    one, _, _ = _find(evm, identifier)
    return timelock.ready_at(evm.chain, evm.suite().timelock, one)


def execute(network: Network, identifier: str, sender: str, early: bool = False) -> Plan:
    """Carry out an operation that is ready, or waits while it is `early`. Anyone may; `sender` pays for it."""
    if isinstance(network, SolanaNetwork):
        return programs.execute(network, identifier, sender, early)
    evm = evm_only(network)
    one, operation, state = _find(evm, identifier)
    label = f"0x{one.hex()}"
    name = "timelock execute"
    if state is State.DONE:
        return Plan(name, label, (), same=(f"{label} was carried out",))
    if state is State.UNSET:
        raise InputError("was cancelled", field="id", value=label)
    if state is State.WAITING and not early:
        until = moment(timelock.ready_at(evm.chain, evm.suite().timelock, one))
        raise ScripError(f"{label} waits until {until}")
    ready = timelock.ready_at(evm.chain, evm.suite().timelock, one)
    if evm.node.block().timestamp >= ready + OPERATION_LIFE.value:
        lapsed = moment(ready + OPERATION_LIFE.value)
        raise ScripError(f"{label} lapsed {lapsed}: cancel it, and schedule it again")
    if operation.id != one:
        raise InputError("was not scheduled as a batch, and is not carried out as one", field="id", value=label)
    return Plan(name, label, (timelock.execute_step(operation, sender),))


def rehearse_execution(network: Network, plan: Plan, identifier: str, sender: str) -> Report:
    """An operation carried out on a fork by a plan of it, in the second from which it may be, or later.

    What that changes, and what it makes the audit find; see scrip.evm.rehearse.rehearse_decided.
    """
    if isinstance(network, SolanaNetwork):
        return programs.rehearse_execution(network, identifier, sender)
    evm = evm_only(network)
    return rehearse_decided(evm, plan, lambda fork: execute(fork, identifier, sender), ready_at(network, identifier))


def cancel(network: Network, identifier: str, sender: str = "") -> Plan:
    """Cancel an operation that waits. Cancellers and proposers may: the first canceller unless told otherwise."""
    if isinstance(network, SolanaNetwork):
        return programs.cancel(network, identifier, sender)
    evm = evm_only(network)
    rules = evm.manifest.timelock
    allowed = (*rules.cancellers, *rules.proposers)
    if sender and sender not in allowed:
        raise InputError(f"may not cancel ({', '.join(allowed)} may)", field="as", value=sender)
    one, _, state = _find(evm, identifier)
    label = f"0x{one.hex()}"
    name = "timelock cancel"
    if state is State.UNSET:
        return Plan(name, label, (), same=(f"{label} was cancelled",))
    if state is State.DONE:
        raise InputError("was carried out", field="id", value=label)
    # What was cancelled can be scheduled and cancelled again: its second tells the two apart.
    at = timelock.ready_at(evm.chain, evm.suite().timelock, one)
    return Plan(name, f"{label} of {at}", (timelock.cancel_step(one, sender or allowed[0]),))
