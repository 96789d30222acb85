"""`python -m nursery`: local clusters with the program deployed, each in a process of its own.

A cluster for each line of standard input, forked from this process, which has loaded everything; they end with it.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import traceback

from served import GENESIS

from scrip.solana.addresses import TOKEN_2022
from scrip.solana.deploy.suite import start_chain
from scrip.solana.local.endpoint.bank import Bank
from scrip.solana.local.endpoint.methods import Methods
from scrip.solana.local.endpoint.server import Endpoint


def serve(block_ms: float, start: int, upgrader: str, told: int) -> None:
    """Serve until the process is ended; the HTTP port goes to the descriptor `told`."""

    def began() -> Methods:
        chain, program = start_chain(start, upgrader=upgrader)
        known = [program.id, program.at.program_data, TOKEN_2022, chain.payer.pubkey()]
        return Methods(Bank(chain.svm, GENESIS, known), chain.payer.pubkey())

    def tell(port: int) -> None:
        os.write(told, str(port).encode())
        os.close(told)

    asyncio.run(Endpoint(began, block_ms / 1_000).serve(tell))


def _fork(line: str) -> tuple[int, str]:
    """A process that serves what a line asks for, and its port; "" where it did not start."""
    listen, told = os.pipe()
    if child := os.fork():
        os.close(told)
        with os.fdopen(listen) as pipe:
            return child, pipe.read()
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), sys.stdin.fileno())
        os.dup2(sys.stdin.fileno(), sys.stdout.fileno())
        serve(**json.loads(line), told=told)
    except BaseException:  # noqa: BLE001 - told, and nothing of the parent's runs here
        traceback.print_exc()
    os._exit(1)


def main() -> None:
    """Answer each line with the process and the port, until there are no more."""
    start_chain(0)  # the first takes three times as long as any other
    gc.freeze()
    children = []
    for line in sys.stdin:
        child, port = _fork(line)
        children.append(child)
        print(child, port or "did not start", flush=True)
    for child in children:
        # What has ended is still ours: its number is nobody else's before it is asked for.
        if os.waitpid(child, os.WNOHANG) == (0, 0):
            os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
