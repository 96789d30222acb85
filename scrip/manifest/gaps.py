"""What a manifest leaves open. It is sound as it stands, and nothing can be issued yet."""

from __future__ import annotations

from scrip.manifest.fault import Fault, Faults
from scrip.manifest.model import AnyManifest, EvmManifest, SolanaManifest


def gaps(manifest: AnyManifest) -> Faults:
    """What somebody must fill in before anything can be issued."""
    if not manifest.settlement.assets:
        yield Fault(("settlement", "assets"), "names nothing that quotes could be settled in yet")
    match manifest:
        case SolanaManifest(safe=safe, timelock=timelock):
            for name, address in (("safe", safe.address), ("timelock", timelock.address)):
                if manifest.chain.public and not address:
                    yield Fault((name, "address"), "is empty: deploy creates no multisig on Solana, name its vault")
        case EvmManifest(stocks=stocks):
            for ticker, stock in stocks.items():
                if stock.reserve.is_blind and not stock.reserve.oracle:
                    where = ("stocks", ticker, "reserve", "oracle")
                    yield Fault(where, "is empty: without an oracle nothing can be minted")
