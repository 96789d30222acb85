"""The orders that name a custodian and pay it out of the treasury, and what they need."""

from __future__ import annotations

from solana_world import ISSUER, World
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from scrip.solana.addresses import TOKEN, local_address, token_account
from scrip.solana.encoding.tokens import create_account

DESK = "the custodian's desk"


def open_account(world: World, name: str) -> Pubkey:
    """The token account of a name, for coins."""
    world.send([create_account(world.chain.payer.pubkey(), local_address(name), world.suite.stablecoin, TOKEN)])
    return token_account(local_address(name), world.suite.stablecoin, TOKEN)


def naming(world: World, by: str = ISSUER, **changes: Pubkey) -> Instruction:
    """The order that names the custodian, but for the changes."""
    coin, at = world.suite.stablecoin, world.program.at
    accounts = {
        "settlement_mint": coin,
        "asset": at.asset(coin),
        "account": token_account(local_address(DESK), coin, TOKEN),
        "custodian": at.custodian(coin),
    }
    return world.signed("set_custodian", by, 10**9, **(accounts | changes))


def taking(
    world: World, by: str = ISSUER, key: bytes = b"\x09" * 32, amount: int = 1, **changes: Pubkey
) -> Instruction:
    """A withdrawal, but for the changes."""
    coin, at = world.suite.stablecoin, world.program.at
    accounts = {
        "settlement_mint": coin,
        "asset": at.asset(coin),
        "treasury": world.suite.treasury,
        "custodian": at.custodian(coin),
        "account": token_account(local_address(DESK), coin, TOKEN),
        "used_key": at.key(key),
        "settlement_program": TOKEN,
    }
    return world.signed("withdraw", by, list(key), amount, **(accounts | changes))
