"""What a halt on Solana leaves to be done: the program stops at once, and each mint is paused behind it."""

from __future__ import annotations

from collections.abc import Mapping

from solders.instruction import AccountMeta
from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import ScripError
from scrip.plan import Step
from scrip.solana.connection.connection import SolanaConnection
from scrip.solana.encoding import places, tokens
from scrip.solana.encoding.program import Listing
from scrip.solana.views.stepping import step


def left_running(network: SolanaConnection, stocks: Mapping[str, Listing], by: str) -> tuple[list[Step], str]:
    """The steps that pause every mint which is not paused, as anyone may in a halt; how far that is, for people.

    Those of the manifest and whatever else the program runs, as many in a transaction as have room. What a node does
    not tell stops nothing: a mint that it does not show has a step of its own, the last.
    """
    mints = _mints(network, stocks)
    known, unknown, paused = list[str](), list[str](), 0
    for name, mint in mints.items():
        try:
            data = places.stored_at(network.chain, mint, tokens.STOCK)
        except ScripError:
            data = None
        if data is None:
            unknown.append(name)
        elif tokens.is_paused(data):
            paused += 1
        else:
            known.append(name)
    pauser = network.manifest.role_holders("PAUSER")[0]
    groups = [*_packed(network, mints, known, by), *([name] for name in unknown)]
    steps = []
    for names in groups:
        title = f"pause {', '.join(names)} in the halt"
        # What it does to a stock is what a pause of PAUSER's does, and the model knows that one.
        orders = [ins.Pause(name, by=pauser) for name in names if name in stocks]
        steps.append(step(title, title, by, [_call(network, mints, names)], *orders, what="pause_halted"))
    return steps, f"{paused} of {len(mints)} stocks are paused"


def _mints(network: SolanaConnection, stocks: Mapping[str, Listing]) -> dict[str, Pubkey]:
    """Every mint of the program's that is known here or that the node lists, by ticker or address."""
    found = {name: stocks[name].mint for name in sorted(stocks)}
    program = network.program
    try:
        every = [
            program.decode(data).mint for _, data in network.chain.owned(program.id, 0, program.discriminator("Stock"))
        ]
    except ScripError:
        every = []
    return found | {str(mint): mint for mint in sorted(every, key=bytes) if mint not in found.values()}


def _packed(network: SolanaConnection, mints: Mapping[str, Pubkey], names: list[str], by: str) -> list[list[str]]:
    """The names in groups, each of as many as a transaction has room for."""
    payer = network.keys.address(by)
    sizes = range(len(names), 1, -1)
    room = next((n for n in sizes if network.chain.fits([_call(network, mints, names[:n])], payer)), 1)
    return [names[at : at + room] for at in range(0, len(names), room)]


def _call(network: SolanaConnection, mints: Mapping[str, Pubkey], names: list[str]) -> Call:
    rest = [AccountMeta(mints[name], False, True) for name in names]
    return network.program.build("pause_halted", accounts={}, rest=rest)
