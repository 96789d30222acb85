"""A manifest in words, for the person who is about to rely on it."""

from __future__ import annotations

from collections.abc import Iterator

from scrip.labels import SAFE, TIMELOCK
from scrip.manifest.model import AnyManifest, EvmManifest
from scrip.manifest.rules import resolve

NOT_REACHED = "public network: this file is checked, the network itself is never reached by this project's tests"


def describe(manifest: AnyManifest) -> Iterator[str]:
    """Lines of text: the network, who holds what, each stock with its rules, and what is still open."""
    chain = manifest.chain
    where = (
        f"chain {manifest.chain.chain_id}" if isinstance(manifest, EvmManifest) else f"Solana {manifest.chain.cluster}"
    )
    yield f"{manifest.network}: {manifest.deployment} of {manifest.issuer}, {where}"
    if chain.public:
        yield NOT_REACHED
    safe, timelock = manifest.safe, manifest.timelock
    where = safe.address or ("to be created" if chain.kind == "evm" else "no vault named")
    yield f"{SAFE}: {safe.threshold} of {len(safe.owners)} ({', '.join(safe.owners)}), {where}"
    yield f"{TIMELOCK}: {timelock.delay:,} seconds, proposed by {', '.join(timelock.proposers)}; holds ADMIN"
    for role, holders in manifest.roles.items():
        yield f"{role}: {', '.join(holders)}"
    for ticker, stock in manifest.stocks.items():
        yield f"{ticker}: {stock.name}, {stock.isin}, sessions of {manifest.calendar_of(ticker)}"
        for rule in resolve(manifest, ticker).listed:
            yield f"  {rule}"
    for gap in manifest.gaps:
        yield f"open: line {gap.line}, {gap.field} {gap.message}"
