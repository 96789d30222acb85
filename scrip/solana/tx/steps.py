"""A step made concrete: the instructions of its transaction, and what an entry of the records says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from eth_utils import keccak
from solders.compute_budget import ID as COMPUTE_BUDGET
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from scrip.errors import InputError
from scrip.plan import Plan, Step, step_id
from scrip.records.files import plain
from scrip.records.record import Action
from scrip.solana.chain import compiled
from scrip.solana.encoding.program import StockProgram
from scrip.solana.handlers.clearance import NO_KEY
from scrip.solana.rpc.cluster import Landed

if TYPE_CHECKING:
    from scrip.solana.connection import SolanaConnection

PROGRAM = "stock-token"
"""What people call the program."""
KEYS = {"used_key": "UsedKey", "used_quote": "UsedQuote"}
"""Accounts of the program's instructions that mark an operation as done, by the interface's names, and their kinds."""
UNMARKED = ("thaw", "freeze", "close_quote", "recover_in")
"""Instructions that name such an account and leave no mark."""
CALLED = 2
"""How deep an instruction stands that one of a transaction's own calls."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A step with every name resolved: its entry, and the instructions of its transaction."""

    action: Action
    calls: tuple[Instruction, ...]


def prepare(network: SolanaConnection, plan: Plan, step: Step) -> Ready:
    """Resolve a step; InputError for one of another kind of chain, or a sender that nobody knows."""
    if not step.calls:
        raise InputError("carries no instructions of Solana's", field="step", value=step.name)
    action = Action(
        operation=plan.name,
        reference=plan.reference,
        step=step.name,
        title=step.title,
        step_id="0x" + step_id(network.genesis, plan, step).hex(),
        network=network.records.network,
        genesis=network.genesis,
        sender_name=step.sender,
        sender=str(network.keys.address(step.sender)),
        contract=step.contract,
        function=step.function,
        arguments=[told(network.program, call) for call in step.calls],
        to_name=PROGRAM,
        to=str(network.program.id),
        label=step.label,
        data_hash=digest(step.calls),
    )
    return Ready(action, step.calls)


def digest(calls: Sequence[Instruction]) -> str:
    """A hash of instructions, 0x-prefixed: of each its program, its accounts in order, and its data."""
    parts = []
    for call in calls:
        accounts = b"".join(bytes(meta.pubkey) for meta in call.accounts)
        data = bytes(call.data)
        parts += [bytes(call.program_id), len(call.accounts).to_bytes(2), accounts, len(data).to_bytes(2), data]
    return "0x" + keccak(b"".join(parts)).hex()


def calls_of(message: Any, keys: Sequence[Pubkey] = ()) -> list[Instruction]:
    """The instructions of a transaction's message, but for those that buy its place in a block.

    `keys` are its accounts where it names more than stand in the message.
    """
    found = [compiled(keys or message.account_keys, one) for one in message.instructions]
    return [one for one in found if one.program_id != COMPUTE_BUDGET]


def holds(landed: Landed, wanted: str) -> bool:
    """Whether a transaction held these very instructions, by their digest: one after the other, as its own or as those
    that one of its own called, as a multisig calls them."""
    return any(
        digest(run[start:end]) == wanted
        for run in runs(landed)
        for start in range(len(run))
        for end in range(start + 1, len(run) + 1)
    )


def runs(landed: Landed) -> Iterator[list[Instruction]]:
    """A transaction's own instructions; then, of each of them, those that it called."""
    keys = landed.keys
    yield calls_of(landed.message, keys)
    for group in landed.meta.inner_instructions or []:
        yield [compiled(keys, one) for one in group.instructions if one.stack_height in (None, CALLED)]


def marks(program: StockProgram, calls: Sequence[Instruction]) -> dict[Pubkey, str]:
    """The accounts that stand once these instructions have been carried out, and before they do not, each with its
    kind."""
    unkeyed = program.at.key(NO_KEY)
    return {address: kind for call in calls for address, kind in _marks(program, call) if address != unkeyed}


def _marks(program: StockProgram, call: Instruction) -> Iterator[tuple[Pubkey, str]]:
    if program.name_of(call) not in UNMARKED:
        named = zip(program.accounts_of(call), call.accounts, strict=False)
        yield from ((meta.pubkey, KEYS[one]) for one, meta in named if one in KEYS)


def told(program: StockProgram, call: Instruction) -> dict[str, Any]:
    """An instruction as a record holds it: decoded where it is the program's own, else its bytes."""
    name, arguments = program.parse(call)
    accounts = [str(meta.pubkey) for meta in call.accounts]
    if not name:
        return {"program": str(call.program_id), "accounts": accounts, "data": "0x" + bytes(call.data).hex()}
    named = dict(zip(program.accounts_of(call), accounts, strict=False))
    more = accounts[len(named) :]
    return {"instruction": name, "arguments": _plain(arguments), "accounts": named} | ({"more": more} if more else {})


def _plain(value: Any) -> Any:
    """Decoded arguments as JSON carries them."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if not str(key).startswith("_")}
    if isinstance(value, list) and value and all(isinstance(one, int) and 0 <= one < 256 for one in value):
        return "0x" + bytes(value).hex()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Pubkey):
        return str(value)
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, bool | int | str | bytes | None):
        return plain(value)
    return type(value).__name__
