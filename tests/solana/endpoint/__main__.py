"""`python -m endpoint`: a local cluster with the program deployed, in a process of its own."""

from __future__ import annotations

import argparse
import asyncio

from endpoint.bank import Bank
from endpoint.methods import Methods
from endpoint.process import GENESIS, LISTENING, UPGRADER
from endpoint.server import Endpoint

from scrip.solana.addresses import TOKEN_2022
from scrip.solana.suite import start_chain


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", type=int, default=1_000_000_000, help="the clock at the start, UTC seconds")
    parser.add_argument("--block-ms", type=float, default=20.0, help="how often a block is made")
    parser.add_argument("--upgrader", default=UPGRADER, help="the local key that may upgrade the program")
    asked = parser.parse_args()

    def start() -> Methods:
        chain, program = start_chain(asked.start, upgrader=asked.upgrader)
        known = [program.id, program.at.program_data, TOKEN_2022, chain.payer.pubkey()]
        return Methods(Bank(chain.svm, GENESIS, known), chain.payer.pubkey())

    endpoint = Endpoint(start, asked.block_ms / 1_000)
    asyncio.run(endpoint.serve(lambda port: print(f"{LISTENING}{port}", flush=True)))


if __name__ == "__main__":
    main()
