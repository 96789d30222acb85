"""What was done by the program, as its transactions and the keys that it keeps say, whoever has a record of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from solders.instruction import Instruction
from solders.pubkey import Pubkey

from scrip.reports.findings import Finding
from scrip.reports.records import untold
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
ANYONES = frozenset({"freeze", "apply_multiplier", "confirm_basis"})
"""Instructions that anyone may give; who does it for the desk is an account of the manifest."""
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
    known = {one.tx for one in told}
    keys = dict(network.chain.owned(network.program.id, 0, network.program.discriminator("UsedKey")))
    listed = network.cluster.listed(network.program.id)
    known_there = {one.signature for one in listed}
    code = [one for one in network.cluster.listed(network.program.at.program_data) if one.signature not in known_there]
    yield from _reach(listed, [one.block for one in told if one.done])
    ours = senders(network)
    explained = {str(key) for one in told for key in _keys_in(one.action.arguments)}
    for one in [*listed, *code]:
        if one.failed or str(one.signature) in known:
            continue
        landed = network.cluster.transaction(one.signature)
        if landed is None:
            unproven = f"{one.signature}, of slot {one.slot}, which it lists"
            yield Finding("history", "every transaction of the program's", f"the node lacks {unproven}", "unproven")
            continue
        done = Done(network.program, landed)
        explained |= {str(key) for key in marks(network.program, done.calls)}
        if done.is_by_role or (done.payer in ours and not {*done.names} <= {*VIEWS, *HOLDERS}):
            what = ", ".join(dict.fromkeys(done.names))
            yield untold(done.tx, what, f"slot {one.slot}", network.keys.name(done.payer))
    for key in sorted(map(str, keys)):
        if key not in explained:
            found = f"none, nor has the node a transaction that used it: {key} stands"
            yield Finding("records", f"a record of what used the key at {key}", found)


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
