"""A cluster whose ADMIN is the program's own timelock; and one whose mint shows another number than the program's."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from solana_world import DAY, ISSUER, STOCK, World
from solders.account import Account
from solders.instruction import Instruction
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer

from scrip.model.laws import arithmetic as law
from scrip.solana.addresses import SYSTEM, TOKEN_2022, local_address
from scrip.solana.encoding.mint import Mint, Scale
from scrip.solana.encoding.operations import as_call, scheduled
from scrip.units import WAD

DELAY = 2 * DAY
KEY = b"\x07" * 32


@dataclass
class Delayed:
    """A world whose administrator is the address that carries operations out."""

    world: World

    def call(self, name: str, *args: object, by: str = "proposer", payer: str = "proposer", **more: Any) -> Instruction:
        """One of the timelock's instructions about the operation of a key."""
        at = self.world.program.at
        accounts = {
            "signer": local_address(by),
            "operation": at.operation(more.pop("key", KEY)),
            "payer": local_address(payer),
        }
        return self.world.program.build(name, *args, accounts=accounts | more.pop("accounts", {}), **more)

    def signed(self, name: str, *args: object, **accounts: Pubkey) -> Instruction:
        """One of the program's instructions that the address without a key signs."""
        chosen = {"signer": self.world.program.at.admin} | accounts
        listing = self.world.listing if STOCK in self.world.ledger.stocks else None
        return self.world.program.build(name, *args, accounts=chosen, listing=listing)

    def schedule(self, inner: Instruction, key: bytes = KEY, by: str = "proposer") -> Instruction:
        """The instruction that schedules another."""
        return self.call("schedule_operation", list(key), as_call(inner), by=by, key=key)

    def execute(self, inner: Instruction, key: bytes = KEY, by: str = "anyone") -> Instruction:
        """The instruction that carries another out."""
        return self.call("execute_operation", by=by, key=key, rest=scheduled(inner))

    def carried(self, inner: Instruction, key: bytes = KEY) -> list[str]:
        """Scheduled, waited for and carried out by anyone; the events' names."""
        self.world.send([self.schedule(inner, key)], "proposer")
        self.world.wait(DELAY)
        found = self.world.send([self.execute(inner, key)], "anyone")
        return [event.name for event in self.world.program.events(found.inner)]

    def fund(self) -> None:
        """What the address without a key pays rent with."""
        payer = local_address("anyone")
        terms = TransferParams(from_pubkey=payer, to_pubkey=self.world.program.at.admin, lamports=10**8)
        self.world.send([transfer(terms)], "anyone")


def set_timelock(world: World, by: str, delay: int, proposer: str, canceller: str) -> Instruction:
    """The instruction that names who proposes and who cancels, and the delay."""
    names = [local_address(one) if one else SYSTEM for one in (proposer, canceller)]
    accounts = {"signer": local_address(by), "operation": SYSTEM, "payer": local_address(by)}
    return world.program.build("set_timelock", delay, *names, accounts=accounts)


def handed_over(world: World) -> Delayed:
    """A world whose ADMIN went to the address without a key, which took it by an operation."""
    world.send([set_timelock(world, ISSUER, DELAY, "proposer", "canceller")], ISSUER)
    found = Delayed(world)
    offer = world.signed("offer_role", ISSUER, world.role("Admin"), world.program.at.admin)
    world.send([offer], ISSUER)
    taken = found.carried(found.signed("accept_role", world.role("Admin")))
    assert taken == ["RoleTaken", "OperationEnded"]
    return found


def shown(world: World) -> Scale:
    """What the mint shows."""
    return Mint(world.ledger.mint_data(world.listing)).scale


def drift(world: World) -> None:
    """Another current number in the mint, as no program of ours wrote it."""
    mint = world.listing.mint
    account = world.chain.svm.get_account(mint)
    assert account is not None
    bits = struct.pack("<Q", law.f64_bits(5 * WAD))
    ours = struct.pack("<Q", shown(world).current)
    at = account.data.index(ours)
    data = account.data[:at] + bits + account.data[at + 8 :]
    world.chain.svm.set_account(mint, Account(account.lamports, data, TOKEN_2022, False, 0))
