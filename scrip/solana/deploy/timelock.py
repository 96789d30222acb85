"""The program's own timelock: taken over by an issuer, and what waits in it shown, carried out and cancelled.

ADMIN is then an address without a key, which carries out what a proposer scheduled once the delay is over. A multisig
with a time lock of its own may hold ADMIN instead; then nothing waits here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from eth_utils import keccak
from solders.instruction import Instruction
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer

from scrip import parameters
from scrip.errors import InputError, ScripError
from scrip.labels import TIMELOCK
from scrip.plan import Change, Plan, Step
from scrip.plan.draft import Draft
from scrip.preview import moment
from scrip.reports.rehearsal import Report
from scrip.solana.addresses import SYSTEM
from scrip.solana.connection import SolanaConnection
from scrip.solana.encoding.operations import instruction_of, scheduled, scheduling
from scrip.solana.rehearse.rehearse import rehearse
from scrip.solana.tx.steps import told
from scrip.solana.views import SolanaViews, step

ROOM = {
    "correct_index": 307,
    "fold_pair": 307,
    "list_asset": 139,
    "set_custodian": 170,
    "set_provider": 115,
    "describe_stock": 200,
}
"""Bytes of the account that an instruction of ADMIN's creates, or makes longer: the address without a key is given the
rent first."""
SHORTEST = 4
"""Characters of an operation's address that tell it from others."""
UNKNOWN = "an instruction that this build does not know"
"""What people call an operation whose bytes say nothing here; it can be cancelled as any other."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An operation that waits at `address`; `ready_at` in UTC seconds."""

    address: Pubkey
    ready_at: int
    payer: Pubkey
    inner: Instruction

    @property
    def label(self) -> str:
        """The operation's address."""
        return str(self.address)

    @property
    def lapses_at(self) -> int:
        """The UTC second from which it may be carried out no more; it can be cancelled for ever."""
        return self.ready_at + parameters.OPERATION_LIFE.value


def adopt(network: SolanaConnection) -> Plan:
    """Hand ADMIN over to the program's own timelock: named, offered the role, and the taking of it scheduled.

    The delay, the proposer and the canceller are the manifest's. The role is taken by `execute` once the delay is over;
    from then on the manifest's `timelock.address` is to be the program's own. InputError without a canceller.
    """
    wished, program, keys = network.manifest.timelock, network.program, network.keys
    if not wished.canceller:
        raise InputError("is missing: somebody else than the proposer cancels", field="timelock.canceller")
    if wished.delay < parameters.SOLANA_DELAY_FLOOR.value:
        reason = f"is below {parameters.SOLANA_DELAY_FLOOR.value:,} s, the program's least"
        raise InputError(reason, field="timelock.delay", value=wished.delay)
    if network.manifest.program.upgrade_authority == TIMELOCK:
        reason = "is the timelock, and the program's own replaces no program: name another multisig"
        raise InputError(reason, field="program.upgrade_authority")
    draft = Draft(SolanaViews(network), "timelock adopt", network.manifest.deployment, natural=True)
    names = {"proposer": wished.proposers[0], "canceller": wished.canceller}
    proposer, canceller = (keys.address(one) for one in names.values())
    draft.changes += [Change(f"timelock's {one}", "", name) for one, name in names.items()]
    draft.changes.append(Change("timelock's delay", "", f"{wished.delay:,} s"))
    admin = keys.address(TIMELOCK)
    accounts = {"signer": admin, "operation": SYSTEM, "payer": admin}
    named = program.build("set_timelock", wished.delay, proposer, canceller, accounts=accounts)
    role = program.type["Role"].Admin()
    offer = program.build("offer_role", role, program.at.admin, accounts={"signer": admin})
    title = "name who proposes, who cancels and the delay, and offer ADMIN to the program's timelock"
    draft.steps.append(step("name", title, TIMELOCK, [named, offer], what="set_timelock"))
    taken = program.build("accept_role", role, accounts={"signer": program.at.admin})
    call = scheduling(program, taken, keccak(text=f"adopt {network.manifest.deployment}"), proposer)
    title = "schedule that the program's timelock takes ADMIN"
    draft.steps.append(step("schedule", title, names["proposer"], [call], what="schedule_operation"))
    draft.changes.append(Change("role admin", keys.name(admin), f"the program's timelock, {program.at.admin}"))
    return draft.plan()


def waiting(network: SolanaConnection) -> list[Waiting]:
    """Every operation that waits, the first to be ready first."""
    program = network.program
    found = network.chain.owned(program.id, 0, program.discriminator("Operation"))
    decoded = ((address, program.decode(data)) for address, data in found)
    every = [Waiting(at, one.ready_at, one.payer, instruction_of(program.id, one.call)) for at, one in decoded]
    return sorted(every, key=lambda one: (one.ready_at, bytes(one.address)))


def lines(network: SolanaConnection, one: Waiting) -> Iterator[str]:
    """Tell an operation for people: when it may be carried out, and its instruction with all that it says."""
    now = network.chain.now()
    when = "may be carried out now" if one.ready_at <= now else f"waits until {moment(one.ready_at)}"
    lapses = f"and lapses {moment(one.lapses_at)}"
    yield f"{one.label} {f'{when}, {lapses}' if now < one.lapses_at else f'lapsed {moment(one.lapses_at)}'}"
    said = told(network.program, one.inner)
    yield f"  {said.pop('instruction', UNKNOWN)}"
    named = said.pop("arguments", {})
    if isinstance(said["accounts"], dict):
        named |= said.pop("accounts")
    for name, value in (named | said).items():
        yield f"    {name}: {value}"


def find(network: SolanaConnection, identifier: str) -> Waiting:
    """The operation whose address begins so; InputError unless one alone that waits does."""
    found = [one for one in waiting(network) if one.label.startswith(identifier)]
    if len(found) != 1 or len(identifier) < SHORTEST:
        reason = f"begins {len(found)} that wait" if len(identifier) >= SHORTEST else "is too short for an operation"
        raise InputError(reason, field="id", value=identifier)
    return found[0]


def execute(network: SolanaConnection, identifier: str, sender: str, early: bool = False) -> Plan:
    """Carry out an operation that is ready, or waits while it is `early`. Anyone may; `sender` pays for it."""
    one, program = find(network, identifier), network.program
    if one.ready_at > network.chain.now() and not early:
        raise ScripError(f"{one.label} waits until {moment(one.ready_at)}")
    if network.chain.now() >= one.lapses_at:
        raise ScripError(f"{one.label} lapsed {moment(one.lapses_at)}: cancel it, and schedule it again")
    by, name, calls = network.keys.address(sender), program.name_of(one.inner), list[Instruction]()
    if name in ROOM:
        rent = network.chain.rent(ROOM[name])
        calls.append(transfer(TransferParams(from_pubkey=by, to_pubkey=program.at.admin, lamports=rent)))
    accounts = {"signer": by, "operation": one.address, "payer": one.payer}
    calls.append(program.build("execute_operation", accounts=accounts, rest=scheduled(one.inner)))
    title = f"carry out {name or UNKNOWN}, which waited at {one.label}"
    return _plan("timelock execute", one, step("execute", title, sender, calls, what="execute_operation"))


def rehearse_execution(network: SolanaConnection, identifier: str, sender: str) -> Report:
    """An operation that is ready, carried out on a copy of the accounts that it touches; ScripError before it is.

    No preview foresees what it changes, for it was decided when it was scheduled: the changes show it.
    """
    report = rehearse(network, execute(network, identifier, sender))
    return replace(report, findings=tuple(one for one in report.findings if not one.field.startswith("state.")))


def cancel(network: SolanaConnection, identifier: str, sender: str = "") -> Plan:
    """Cancel an operation that waits. The canceller and the proposer may: the canceller unless told otherwise."""
    rules = network.manifest.timelock
    allowed = [one for one in (rules.canceller, *rules.proposers[:1]) if one]
    if sender and sender not in allowed:
        raise InputError(f"may not cancel ({', '.join(allowed)} may)", field="as", value=sender)
    one, by = find(network, identifier), sender or allowed[0]
    accounts = {"signer": network.keys.address(by), "operation": one.address, "payer": one.payer}
    call = network.program.build("cancel_operation", accounts=accounts)
    title = f"cancel {network.program.name_of(one.inner) or UNKNOWN}, which waits at {one.label}"
    return _plan("timelock cancel", one, step("cancel", title, by, [call], what="cancel_operation"))


def _plan(name: str, one: Waiting, only: Step) -> Plan:
    # What was cancelled can be scheduled again at the same address: its second tells the two apart.
    return Plan(name, f"{one.label} of {one.ready_at}", (only,))
