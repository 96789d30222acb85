"""What a deployment's lookup tables are to have, and what they lack."""

from __future__ import annotations

from solders.pubkey import Pubkey

from scrip.errors import ScripError
from scrip.labels import DEPLOYER
from scrip.solana.addresses import INSTRUCTIONS, SYSTEM, TOKEN, TOKEN_2022
from scrip.solana.connection.connection import SolanaConnection
from scrip.solana.encoding.lookup import tables_of


def wanted(network: SolanaConnection) -> list[Pubkey]:
    """What instructions name again and again: the program's own addresses, then every mint that it runs, its record."""
    at = network.program.at
    found = [at.issuer, at.authority, at.event_authority, TOKEN_2022, TOKEN, SYSTEM, INSTRUCTIONS]
    stocks = {one.mint: one.stock for _, one in sorted(network.stocks().items())}
    try:
        kind = network.program.discriminator("Stock")
        every = [
            (network.program.decode(data).mint, at) for at, data in network.chain.owned(network.program.id, 0, kind)
        ]
    except ScripError:
        every = []
    stocks |= {mint: stock for mint, stock in sorted(every, key=lambda one: bytes(one[0])) if mint not in stocks}
    return [*found, *stocks, *stocks.values()]


def missing(network: SolanaConnection) -> list[Pubkey]:
    """What of it no table of the deployment has."""
    known = {one for table in tables_of(network.chain, network.keys.address(DEPLOYER)) for one in table.addresses}
    return [one for one in wanted(network) if one not in known]
