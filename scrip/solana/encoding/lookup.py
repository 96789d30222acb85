"""Address lookup tables: an account of addresses, by which a transaction names each with a byte instead of 32.

A table only grows: what stands at a place stays there, so who signs over a place signs over what stands there. Whoever
made it may shut it, and then a transaction that names it fails.
"""

from __future__ import annotations

from collections.abc import Sequence

from solders.address_lookup_table_account import ID, AddressLookupTable, AddressLookupTableAccount
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from scrip.solana.addresses import SYSTEM
from scrip.solana.chain import Chain

LOOKUP = ID
"""The program that keeps the tables."""
CREATE, EXTEND = 0, 2
"""Numbers of its instructions."""
MAKER = 22
"""The place in a table's account of who may extend and shut it."""
OPEN = 2**64 - 1
"""The slot of its end that a table has which nobody has shut."""
EXTENDED = 20
"""How many addresses one transaction adds to a table: 32 bytes each."""
MOST = 256
"""Addresses of a table at most."""


def create(maker: Pubkey, slot: int) -> tuple[Instruction, Pubkey]:
    """The instruction that makes a table, paid by its maker, and the table's address. `slot` is one of the last 512."""
    table, bump = Pubkey.find_program_address([bytes(maker), slot.to_bytes(8, "little")], LOOKUP)
    data = CREATE.to_bytes(4, "little") + slot.to_bytes(8, "little") + bytes([bump])
    return Instruction(LOOKUP, data, _named(table, maker)), table


def extend(table: Pubkey, maker: Pubkey, addresses: Sequence[Pubkey]) -> Instruction:
    """The instruction that adds addresses to a table."""
    data = EXTEND.to_bytes(4, "little") + len(addresses).to_bytes(8, "little") + b"".join(map(bytes, addresses))
    return Instruction(LOOKUP, data, _named(table, maker))


def _named(table: Pubkey, maker: Pubkey) -> list[AccountMeta]:
    return [
        AccountMeta(table, False, True),
        AccountMeta(maker, True, False),
        AccountMeta(maker, True, True),
        AccountMeta(SYSTEM, False, False),
    ]


def tables_of(chain: Chain, maker: Pubkey) -> list[AddressLookupTableAccount]:
    """The tables of a maker's that the node lists and nobody has shut."""
    found = []
    for address, data in chain.owned(LOOKUP, MAKER, bytes(maker)):
        table = AddressLookupTable.deserialize(bytes(data))
        if table.meta.deactivation_slot == OPEN:
            found.append(AddressLookupTableAccount(address, list(table.addresses)))
    return sorted(found, key=lambda one: bytes(one.key))
