"""What was done by the program, as its transactions and the keys that it keeps say, whoever has a record of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from scrip.records import Record
from scrip.reports.findings import Finding
from scrip.reports.records import last_block, transactions, untold
from scrip.roles import SOLANA_ADMIN, SOLANA_ROLES
from scrip.solana.addresses import UPGRADEABLE_LOADER
from scrip.solana.chain import compiled
from scrip.solana.encoding.loader import SET_AUTHORITY, UPGRADE
from scrip.solana.encoding.program import StockProgram
from scrip.solana.rpc.cluster import Landed, Listed
from scrip.solana.tx.steps import calls_of, marks

if TYPE_CHECKING:
    from scrip.solana.connection import SolanaConnection

VIEWS = frozenset({"coverage", "multiplier", "raw_amount", "ui_amount"})
"""Instructions that change nothing."""
HOLDERS = frozenset({"mint", "redeem", "thaw", "close_quote"})
"""Instructions of holders, who give them with whatever wallet they have: no desk keeps a record of it."""
ANYONES = frozenset({"freeze", "freeze_page", "apply_multiplier", "confirm_basis", "pause_halted", "execute_operation"})
"""Instructions that anyone may give; who does it for the desk is an account of the manifest."""
MOST_BEYOND = 20
"""How many transactions of an account that no record tells of are looked at before a plan, the newest."""
FIRST = "IssuerInitialised"
"""The event of the program's first instruction, which it carries out once: a deployment begins with it."""


@dataclass(frozen=True)
class Done:
    """A transaction that succeeded, as the program and the loader of it see it."""

    program: StockProgram
    landed: Landed

    @property
    def tx(self) -> str:
        """Its signature."""
        return str(self.landed.signature)

    @property
    def payer(self) -> Pubkey:
        """Who paid for it: its first signer."""
        found: Pubkey = self.landed.message.account_keys[0]
        return found

    @cached_property
    def calls(self) -> list[Instruction]:
        """The program's instructions in it, at whatever depth, in order."""
        own = calls_of(self.landed.message, self.landed.keys)
        return [call for call in (*own, *self.inner) if self.name_of(call)]

    @cached_property
    def inner(self) -> list[Instruction]:
        """The instructions that others called."""
        groups = self.landed.meta.inner_instructions or []
        return [compiled(self.landed.keys, call) for group in groups for call in group.instructions]

    @cached_property
    def events(self) -> list[Any]:
        """The program's events, which are instructions that it gave itself."""
        return self.program.events(self.inner)

    def name_of(self, call: Instruction) -> str:
        """What an instruction is called, of the program's or of what the loader does with the program; else ""."""
        about = [meta.pubkey for meta in call.accounts]
        if call.program_id == UPGRADEABLE_LOADER and self.program.at.program_data in about:
            kinds = {UPGRADE: "upgrade", SET_AUTHORITY: "set_authority"}
            return kinds.get(int.from_bytes(bytes(call.data[:4]), "little"), "")
        return self.program.name_of(call)

    @property
    def names(self) -> list[str]:
        """What its instructions are called."""
        return [self.name_of(call) for call in self.calls]

    @property
    def is_by_role(self) -> bool:
        """Whether only who holds a role can have had it carried out."""
        return not {*self.names} <= {*VIEWS, *HOLDERS, *ANYONES}


def nowhere_told(network: SolanaConnection) -> Iterator[Finding]:
    """Findings about what the cluster says was done, and no record tells: by a role, or anyone's and sent by an account
    of the manifest. Unproven where the node's history does not reach back as far as the records do."""
    told = [one for journal in network.records.journals() for one in journal.readable()]
    known, cluster, program = {one.tx for one in told}, network.cluster, network.program
    keys = dict(network.chain.owned(program.id, 0, program.discriminator("UsedKey")))
    listed = cluster.listed(program.id)
    yield from _reach(listed, [one.block for one in told if one.done])
    explained = {str(key) for one in told for key in _keys_in(one.action.arguments)}
    ours = senders(network)
    for one in _of_desk(network, listed, ours | _recorded(told)):
        if one.failed or str(one.signature) in known:
            continue
        landed = cluster.transaction(one.signature)
        if landed is None:
            lacking = f"the node lacks {one.signature}, of slot {one.slot}, which it lists"
            yield Finding("history", "every transaction of the program's", lacking, "unproven")
            continue
        done = Done(program, landed)
        explained |= {str(key) for key in marks(program, done.calls)}
        if done.is_by_role or (done.payer in ours and not {*done.names} <= {*VIEWS, *HOLDERS}):
            what = ", ".join(dict.fromkeys(done.names))
            yield untold(done.tx, what, f"slot {one.slot}", network.keys.name(done.payer))
    for key in sorted(set(map(str, keys)) - explained):
        using = next((str(one.signature) for one in cluster.listed(Pubkey.from_string(key)) if not one.failed), "")
        found = f"none: {using or 'a transaction that the node has forgotten'} used it"
        yield Finding("records", f"a record of what used the key at {key}", found)


def beyond(network: SolanaConnection, names: Collection[str]) -> list[Finding]:
    """What accounts of the manifest did since the last thing on record, and no record tells: a question for each.

    So a last record is missed that is gone together with its intent and the count of records.
    """
    since = last_block(network.records)
    if since is None:
        return []
    known = transactions(network.records)
    found = []
    for address in sorted({network.keys.address(name) for name in names if name in network.keys.known()}, key=str):
        listed = (one for one in network.cluster.listed(address, since) if not one.failed)
        for one in [one for one in listed if str(one.signature) not in known][-MOST_BEYOND:]:
            landed = network.cluster.transaction(one.signature)
            done = Done(network.program, landed) if landed is not None else None
            if done is not None and done.is_by_role:
                what = ", ".join(dict.fromkeys(done.names))
                found.append(untold(done.tx, what, f"slot {one.slot}", network.keys.name(done.payer)))
    return found


def _of_desk(network: SolanaConnection, listed: Sequence[Listed], desk: set[Pubkey]) -> list[Listed]:
    """The program's transactions that name whoever holds a role or works at the desk, and what was done to its code.

    Those of holders, who are many, are not looked at.
    """
    roles = network.program.record(network.chain, network.program.at.issuer, "Issuer").roles
    places = {*desk, *(getattr(roles, one) for one in (SOLANA_ADMIN, *SOLANA_ROLES.values()))} - {Pubkey.default()}
    since = listed[0].slot if listed else 0
    named = {one.signature for place in places for one in network.cluster.listed(place, since)}
    own = [one for one in listed if one.signature in named]
    theirs = {one.signature for one in own}
    code = network.cluster.listed(network.program.at.program_data, since)
    return [*own, *(one for one in code if one.signature not in theirs)]


def _recorded(told: Sequence[Record]) -> set[Pubkey]:
    return {Pubkey.from_string(one.action.sender) for one in told}


def _reach(listed: Sequence[Listed], recorded: Sequence[int]) -> Iterator[Finding]:
    """A finding where the node lists nothing of the program as old as what is recorded."""
    if recorded and (not listed or listed[0].slot > min(recorded)):
        reach = f"they begin with {listed[0].signature}, in slot {listed[0].slot}" if listed else "it lists none"
        wanted = f"the program's transactions from slot {min(recorded)} on"
        yield Finding("history", wanted, f"{reach}: the node's history is shorter", "unproven")


def _keys_in(arguments: Sequence[Any]) -> Iterator[str]:
    """The addresses of the keys that a record's instructions name."""
    for one in arguments:
        named = one.get("accounts") if isinstance(one, dict) else None
        if isinstance(named, dict) and "used_key" in named:
            yield str(named["used_key"])


def senders(network: SolanaConnection) -> set[Pubkey]:
    """The addresses of the manifest's accounts that are known on this machine."""
    return {network.keys.address(name) for name in network.keys.known()}
