"""The stocks: each on the cluster and in the manifest, its mint's every authority, its multiplier, its reserve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrip.manifest.rules import resolve
from scrip.model.laws import arithmetic as law
from scrip.preview import admitted, limited
from scrip.reports.findings import Finding
from scrip.solana.addresses import TOKEN_2022
from scrip.solana.audit.evidence import ZERO, Evidence, differs
from scrip.solana.encoding.mint import Mint, Scale, Unreadable
from scrip.solana.encoding.program import Listing
from scrip.solana.handlers.holder_limits import here, limits_of, rules_of
from scrip.units import SOLANA_DECIMALS, Shares, ShareWad, Wad

STATE_NAMES = {1: "open", 2: "frozen"}
"""The state that a new account starts in, by Token-2022's number."""
NO_FIELD = "no such field"
UNARMED = "an empty slot for a hook"


def stocks(evidence: Evidence) -> Iterator[Finding]:
    """Findings about every stock that the program runs, and every one that the manifest names."""
    found = dict(evidence.every("Stock"))
    wanted = evidence.listings()
    evidence.read([one for listing in wanted.values() for one in (listing.mint, listing.reserve)])
    known = {listing.stock for listing in wanted.values()}
    for address, stock in found.items():
        if address not in known:
            shown = f"{bytes(stock.isin).decode('ascii', 'replace')}, series {stock.series}, mint {stock.mint}"
            yield Finding(f"stocks.{stock.mint}", "no stock that the manifest does not name", shown, "critical")
    for ticker, listing in wanted.items():
        if listing.stock not in found:
            yield Finding(f"stocks.{ticker}", f"a mint of {listing.isin}", "none on the chain")
            continue
        yield from _identity(ticker, evidence, listing, found[listing.stock])
        yield from _mint(ticker, evidence, listing, found[listing.stock])
        yield from _reserve(ticker, evidence, listing)


def _identity(ticker: str, evidence: Evidence, listing: Listing, stock: Any) -> Iterator[Finding]:
    field, wanted = f"stocks.{ticker}", evidence.manifest.stocks[ticker]
    yield from differs(f"{field}.mint", listing.mint, stock.mint, "critical")
    yield from differs(f"{field}.birth_isin", wanted.born, bytes(stock.isin).decode("ascii", "replace"), "critical")
    yield from differs(f"{field}.series", wanted.series, stock.series, "critical")
    policy = type(stock.policy).__name__.upper()
    yield from differs(f"{field}.policy", resolve(evidence.manifest, ticker).policy, policy, "critical")
    first = _first_state(evidence, ticker)
    yield from differs(f"{field}.default_frozen", first, "frozen" if stock.default_frozen else "open", "critical")
    rules = resolve(evidence.manifest, ticker)
    yield from differs(f"{field}.rules", admitted(rules.stock_rules), admitted(rules_of(stock)), "critical")
    yield from differs(f"{field}.limits", limited(here(rules.holder_limits)), limited(limits_of(stock)), "critical")


def _first_state(evidence: Evidence, ticker: str) -> str:
    """The state that the manifest wants a new token account of a stock to start in: "open" or "frozen"."""
    stock = evidence.manifest.stocks[ticker]
    closed = stock.default_frozen or resolve(evidence.manifest, ticker).policy == "ALLOWLIST"
    return "frozen" if closed else "open"


# --- the mint --------------------------------------------------------------------------------------------------------


def _mint(ticker: str, evidence: Evidence, listing: Listing, stock: Any) -> Iterator[Finding]:
    field, account = f"stocks.{ticker}.mint", evidence.account(listing.mint)
    if account is None or account.owner != TOKEN_2022:
        owner = "no account" if account is None else f"an account of {account.owner}"
        yield Finding(field, f"a mint of {TOKEN_2022} at {listing.mint}", owner, "critical")
        return
    try:
        mint = Mint(bytes(account.data))
        lacks, has = mint.unlike_ours()
        yield from (Finding(f"{field}.{name}", "the extension", "none", "critical") for name in lacks)
        yield from (Finding(f"{field}.{name}", "no such extension", "one", "critical") for name in has)
        if not lacks:
            yield from _authorities(field, evidence, mint)
            yield from _shape(field, evidence, ticker, listing, mint)
            yield from _multiplier(field, mint.scale, stock.multiplier)
    except Unreadable as error:
        yield Finding(field, "a mint of Token-2022's form", str(error), "critical")


def _authorities(field: str, evidence: Evidence, mint: Mint) -> Iterator[Finding]:
    """Findings about everything by which somebody could change or move a mint: it should be the program's."""
    ours = evidence.program.at.authority
    held = {
        "mint_authority": mint.mint_authority,
        "freeze_authority": mint.freeze_authority,
        "ScaledUiAmount.authority": mint.key("ScaledUiAmount"),
        "PermanentDelegate.delegate": mint.key("PermanentDelegate"),
        "Pausable.authority": mint.key("Pausable"),
        "MetadataPointer.authority": mint.key("MetadataPointer"),
        "TokenMetadata.update_authority": mint.metadata.authority,
    }
    for name, holder in held.items():
        yield from evidence.held_by(f"{field}.{name}", ours, holder)
    # The slot's authority may be given up for ever when the stock is created.
    if (armer := mint.key("TransferHook")) not in (ours, ZERO):
        yield from evidence.held_by(f"{field}.TransferHook.authority", ours, armer)
    if (hook := mint.key("TransferHook", 32)) != ZERO:
        yield Finding(f"{field}.TransferHook.program", UNARMED, str(hook), "critical")


def _shape(field: str, evidence: Evidence, ticker: str, listing: Listing, mint: Mint) -> Iterator[Finding]:
    """Findings about decimals, names, the state of new accounts, and whether the stock is stopped."""
    wanted, metadata = evidence.manifest.stocks[ticker], mint.metadata
    yield from differs(f"{field}.decimals", SOLANA_DECIMALS, mint.decimals, "critical")
    pointed = mint.key("MetadataPointer", 32)
    yield from differs(f"{field}.MetadataPointer.address", listing.mint, pointed, "critical")
    yield from differs(f"{field}.TokenMetadata.mint", listing.mint, metadata.mint, "critical")
    yield from differs(f"{field}.TokenMetadata.name", wanted.name, metadata.name)
    yield from differs(f"{field}.TokenMetadata.symbol", ticker, metadata.symbol)
    yield from differs(f"{field}.TokenMetadata.uri", wanted.uri, metadata.uri)
    fields = {"isin": wanted.isin, "series": str(wanted.series)}
    for name in sorted({*fields, *metadata.more}):
        shown = metadata.more.get(name, NO_FIELD)
        yield from differs(f"{field}.TokenMetadata.{name}", fields.get(name, NO_FIELD), shown)
    state = mint.byte("DefaultAccountState", 0)
    shown = STATE_NAMES.get(state, f"state {state}")
    yield from differs(f"{field}.DefaultAccountState", _first_state(evidence, ticker), shown, "critical")
    paused = mint.byte("Pausable", 32)
    yield from differs(f"stocks.{ticker}.paused", "no", "yes" if paused else "no")


def _multiplier(field: str, shown: Scale, ours: Any) -> Iterator[Finding]:
    """Findings about what the mint shows: what the program last wrote (else MultiplierDrift), and its exact pair."""
    written = Scale(ours.current_bits, ours.effective_at, ours.next_bits)
    if shown != written:
        expected = f"{written.text}, as the program wrote it"
        yield Finding(f"{field}.ScaledUiAmount.multiplier", expected, f"{shown.text} (MultiplierDrift)", "critical")
    exact = Scale(_bits(ours.current), ours.effective_at, _bits(ours.next))
    if written != exact:
        yield Finding(f"{field}.multiplier", f"{exact.text}, of the exact pair", written.text, "critical")


def _bits(factors: Any) -> int:
    return law.f64_bits(law.ui_multiplier(Wad(factors.index), factors.num, factors.den))


# --- the reserve -----------------------------------------------------------------------------------------------------


def _reserve(ticker: str, evidence: Evidence, listing: Listing) -> Iterator[Finding]:
    field, wanted = f"stocks.{ticker}.reserve", evidence.manifest.stocks[ticker].reserve
    found = evidence.stored(listing.reserve, "Reserve")
    if found is None:
        yield Finding(field, "a reserve", "none on the chain", "critical")
    elif not found.max_age:
        yield Finding(field, "configured", "not configured: nothing can be minted")
    else:
        yield from differs(f"{field}.max_age", f"{wanted.max_age} s", f"{found.max_age} s")
        yield from differs(f"{field}.margin_bps", f"{wanted.margin_bps} bps", f"{found.margin_bps} bps")
        own, others = (Shares.from_wad(ShareWad(one)) for one in (found.ceilings.own, found.ceilings.others))
        if wanted.ceilings[0] != own:
            yield Finding(f"{field}.ceiling", f"{wanted.ceiling} shares", f"{own} shares")
        if wanted.ceilings[1] != others:
            yield Finding(f"{field}.others", f"{wanted.others} shares", f"{others} shares")
