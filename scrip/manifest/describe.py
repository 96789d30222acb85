"""A manifest in words, for the person who is about to rely on it."""

from __future__ import annotations

from collections.abc import Iterator

from scrip.labels import SAFE, TIMELOCK
from scrip.manifest.enforced import not_yet_enforced
from scrip.manifest.model import AnyManifest, EvmManifest, EvmStock, SolanaManifest
from scrip.manifest.rules import resolve
from scrip.parameters import BLIND_SPLITS_APART

NOT_REACHED = "public network: this file is checked, the network itself is never reached by this project's tests"


def cautions(manifest: AnyManifest) -> Iterator[str]:
    """What to know of a network before a plan for it is read, a line each."""
    if manifest.chain.public:
        yield f"{manifest.network}: {NOT_REACHED}"
        yield from _blind_splits(manifest)
    for gap in manifest.gaps:
        yield f"open: {gap}"


def _blind_splits(manifest: AnyManifest) -> Iterator[str]:
    """Stocks whose source may show a split before it is scheduled: an aggregator's books flip some days early."""
    notice, least = manifest.corporate_actions.split_notice, BLIND_SPLITS_APART.value
    blind = [ticker for ticker, stock in manifest.stocks.items() if stock.reserve.is_blind]
    if blind and notice < least:
        named = ", ".join(blind)
        yield (
            f"{named}: an aggregator may count a split's shares up to {least:,} seconds before its effect, and a split "
            f"may be scheduled {notice:,} before: set the ceiling to 0 from its announcement, or schedule it earlier"
        )


def _unbounded_mints(manifest: AnyManifest) -> Iterator[str]:
    """Stocks of which limits bound no mint, for they go by what a quote settles and no band binds its price; and those
    of which two keys sign every quote for that reason."""
    if not isinstance(manifest, EvmManifest):
        return
    limits = manifest.limits
    counted = any(one.limits for one in (limits.issuer, limits.stock, limits.investor))
    free = [ticker for ticker, stock in manifest.stocks.items() if not (stock.price and stock.price.trade_band_bps)]
    if free and limits.second_signer_from:
        yield f"{', '.join(free)}: two keys sign every quote, for no price.trade_band_bps says what one is worth"
    elif free and counted:
        yield (
            f"{', '.join(free)}: limits go by what a quote settles, so a stolen QUOTE_SIGNER mints for next to nothing "
            "as far as reserve and ceiling go: name a price.trade_band_bps, or a limits.second_signer_from"
        )


def describe(manifest: AnyManifest, safe_stands_at: str = "") -> Iterator[str]:
    """Lines of text: the network, who holds what, each stock with its rules, what nothing enforces, what is open.

    `safe_stands_at` is where the Safe was found that the manifest gives no address, "" where there is none yet.
    """
    chain = manifest.chain
    match manifest:
        case EvmManifest(chain=evm):
            where, safe_at = f"chain {evm.chain_id}", "to be created"
        case SolanaManifest(chain=solana):
            where, safe_at = f"Solana {solana.cluster}", "no vault named"
    yield f"{manifest.network}: {manifest.deployment} of {manifest.issuer}, {where}"
    if chain.public:
        yield NOT_REACHED
        yield from _blind_splits(manifest)
    yield from _unbounded_mints(manifest)
    safe, timelock = manifest.safe, manifest.timelock
    safe_at = safe.address or safe_stands_at or safe_at
    yield f"{SAFE}: {safe.threshold} of {len(safe.owners)} ({', '.join(safe.owners)}), {safe_at}"
    yield f"{TIMELOCK}: {timelock.delay:,} seconds, proposed by {', '.join(timelock.proposers)}; holds ADMIN"
    for role, holders in manifest.roles.items():
        yield f"{role}: {', '.join(holders)}"
    if isinstance(manifest, EvmManifest) and manifest.emergency:
        yield f"emergencies: {', '.join(manifest.emergency)} sign first, where they hold the role"
    if manifest.settlement.regime:
        coins = ", ".join(manifest.settlement.assets)
        yield f"settlement: {coins}, on the list of regimes/{manifest.settlement.regime}.yaml, which counsel confirms"
    for ticker, stock in manifest.stocks.items():
        yield f"{ticker}: {stock.name}, {stock.isin}, sessions of {manifest.calendar_of(ticker)}"
        for rule in resolve(manifest, ticker).listed:
            yield f"  {rule}"
        if isinstance(stock, EvmStock) and (wanted := stock.redemption):
            yield f"  requests to redeem {wanted.minimum} or more wait {wanted.patience:,} s at most, or mints stop"
        if isinstance(stock, EvmStock) and not stock.quotes:
            yield "  no quotes are signed of it: cash at NAV, by request alone"
        if isinstance(stock, EvmStock) and (entry := stock.subscription):
            yield f"  subscriptions from {entry.minimum} on wait {entry.patience:,} s, then anyone sends them back"
    for field, meaning in not_yet_enforced(manifest).items():
        yield f"not yet enforced: {field}: {meaning}"
    for gap in manifest.gaps:
        yield f"open: line {gap.line}, {gap.field} {gap.message}"
