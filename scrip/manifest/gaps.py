"""What a manifest leaves open. It is sound as it stands, and nothing can be issued yet."""

from __future__ import annotations

from scrip.manifest.fault import Fault, Faults
from scrip.manifest.model import Manifest


def gaps(manifest: Manifest) -> Faults:
    """What somebody must fill in before anything can be issued."""
    if not manifest.settlement.assets:
        yield Fault(("settlement", "assets"), "names nothing that quotes could be settled in yet")
    solana = manifest.chain.kind == "solana"
    if solana and manifest.chain.public:
        for name in ("safe", "timelock"):
            if not getattr(manifest, name).address:
                yield Fault((name, "address"), "is empty: deploy creates no multisig on Solana, name its vault")
    for ticker, stock in manifest.stocks.items():
        if not stock.reserve.oracle and not solana:
            yield Fault(("stocks", ticker, "reserve", "oracle"), "is empty: without an oracle nothing can be minted")
