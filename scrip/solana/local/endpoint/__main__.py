"""`python -m scrip.solana.local.endpoint`: a cluster of this machine that keeps what it holds in a file.

It listens until it is terminated; what it holds it has written by then, and after a kill too.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from scrip.errors import ScripError
from scrip.solana.addresses import TOKEN_2022
from scrip.solana.deploy.suite import start_chain
from scrip.solana.local.endpoint.bank import Bank
from scrip.solana.local.endpoint.methods import Methods
from scrip.solana.local.endpoint.server import Endpoint
from scrip.solana.local.endpoint.store import Store
from scrip.solana.local.litesvm import UPGRADER

BLOCK = 0.1
"""Seconds from a block to the next: what is final lags by 32 of them."""


def main(words: Sequence[str] | None = None) -> None:
    """Serve what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m scrip.solana.local.endpoint", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="of HTTP; the next one is WebSocket's")
    parser.add_argument("--store", type=Path, required=True, help="the file that everything is kept in")
    parser.add_argument("--ahead", type=int, default=0, help="seconds by which its clock is ahead of the machine's")
    parser.add_argument("--upgrader", default=UPGRADER, help="the local key that may upgrade the program at first")
    given = parser.parse_args(words)

    def began() -> Methods:
        chain, program = start_chain(0, upgrader=given.upgrader)
        known = [program.id, program.at.program_data, TOKEN_2022, chain.payer.pubkey()]
        # A cluster that is begun anew has another genesis, so that no record of an earlier one is taken for its own.
        store = Store(given.store, os.urandom(32))
        bank = Bank(chain.svm, store.genesis, known, store, given.ahead)
        return Methods(bank, chain.payer.pubkey())

    try:
        asyncio.run(_serve(Endpoint(began, BLOCK), given.port))
    except (ScripError, OSError) as error:
        sys.exit(f"endpoint: {error}")


async def _serve(endpoint: Endpoint, port: int) -> None:
    serving = asyncio.ensure_future(endpoint.serve(lambda _: None, port))
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        pass
    finally:
        endpoint.bank.close()


if __name__ == "__main__":
    main()
