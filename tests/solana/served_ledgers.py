"""The Solana ledger over a served cluster: the same ledger as over LiteSVM, with every word going over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from served import Served

from scrip.solana.addresses import local_keypair
from scrip.solana.build import Build
from scrip.solana.deploy.suite import deploy_suite
from scrip.solana.encoding.program import StockProgram
from scrip.solana.ledger import SolanaLedger
from scrip.solana.local.litesvm import PAYER, UPGRADER
from scrip.solana.rpc.chain import RpcChain
from scrip.solana.rpc.cluster import Cluster


@dataclass
class ServedChain(RpcChain):
    """An RPC chain whose clock the test can move."""

    served: Served | None = None

    def advance_to(self, t: int) -> None:
        """Move the clock."""
        if t < self.now():
            raise ValueError(f"{t} has passed")
        assert self.served is not None
        self.served.ask("endpoint_setTime", t)


@cache
def program() -> StockProgram:
    """The program's interface."""
    return StockProgram(Build().idl)


def chain_at(served: Served, **options: object) -> ServedChain:
    """A chain over the endpoint, paid by the local payer."""
    given: dict = {"airdrop": True, "served": served} | options
    return ServedChain(Cluster(served.url), local_keypair(PAYER), **given)


def ledger_at(served: Served) -> SolanaLedger:
    """A ledger with the issuer initialised and the stablecoin listed."""
    chain = chain_at(served)
    chain.rich(local_keypair(UPGRADER))
    return SolanaLedger(chain, deploy_suite(chain, program()))
