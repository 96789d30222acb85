"""The parameters of the chain against the manifest: corporate actions, settlement, and each stock's reserve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eth_utils import keccak

from scrip import parameters
from scrip.evm import outside
from scrip.evm.audit.evidence import Evidence
from scrip.evm.chain import Call, Contract
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.handlers.market import read_decimals, read_limits
from scrip.evm.rpc.logs import in_spans
from scrip.instructions.sanctions import SANCTIONS_ORACLE
from scrip.labels import asset_label, oracle_label, peg_label
from scrip.manifest.model import EvmReserve
from scrip.market_limits import LimitScope, money
from scrip.reports.findings import Finding
from scrip.units import STABLECOIN_DECIMALS, Shares, ShareWad

NOTICES = tuple(one.name for one in parameters.NOTICES)
"""The manifest's fields in the order of the contract's kinds."""


def corporate_actions(evidence: Evidence) -> Iterator[Finding]:
    """Findings about the settings of corporate actions: notices, the grace of receivables, the withholding rate."""
    actions, wanted = evidence.suite.actions, evidence.manifest.corporate_actions
    calls = [Call(actions, "noticeOf", (kind,)) for kind in range(len(NOTICES))]
    *notices, grace, rate = evidence.chain.call_many([*calls, Call(actions, "grace"), Call(actions, "withholdingBps")])
    for field, found in zip(NOTICES, notices, strict=True):
        yield from _differs(f"corporate_actions.{field}", getattr(wanted, field), found, "s")
    yield from _differs("corporate_actions.grace", wanted.grace, grace, "s")
    yield from _differs("corporate_actions.withholding_bps", wanted.withholding_bps, rate, "bps")


def settlement(evidence: Evidence) -> Iterator[Finding]:
    """Findings about where quotes are settled and in what.

    Every asset that was ever listed is asked about: the market says so in an event.
    """
    market, wanted = evidence.suite.market, evidence.manifest.settlement
    treasury, paused = evidence.ask_all(market, ("treasury", "paused"))
    if treasury != (expected := evidence.address(wanted.treasury)):
        found = evidence.account(treasury)
        yield Finding("settlement.treasury", f"{wanted.treasury} ({expected})", found, "critical")
    if paused:
        yield Finding("market.paused", "no", "yes")
    assets = enumerate(wanted.assets.items())
    named = {evidence.at(at, asset_label(place, symbol)): symbol for place, (symbol, at) in assets}
    for address in sorted({*named, *_ever_listed(evidence, market)}):
        listed = evidence.ask(market, "assetListed", address)
        if address in named and not listed:
            yield Finding(f"settlement.assets.{named[address]}", f"{address} listed", "not listed")
        if address in named:
            yield from _decimals(evidence, f"settlement.assets.{named[address]}.decimals", address)
        if address not in named and listed:
            yield Finding("settlement.assets", "none that the manifest does not name", address, "critical")


def trades(evidence: Evidence, tokens: Mapping[str, Contract]) -> Iterator[Finding]:
    """Findings about how much may be minted and redeemed: by all, by each investor, in each stock."""
    wanted, market = evidence.manifest.limits, evidence.suite.market
    asked: list[tuple[str, LimitScope, str]] = [("", "issuer", ZERO_ADDRESS), ("", "investor", ZERO_ADDRESS)]
    asked += [(ticker, "stock", token.address) for ticker, token in tokens.items()]
    for name, there, right, looser in _quote_terms(evidence):
        if there != right:
            yield Finding(f"limits.{name}", str(right), str(there), "critical" if looser else "drift")
    found = read_limits(evidence.chain, market, [(scope, token) for _, scope, token in asked])
    for (ticker, scope, _), limits in zip(asked, found, strict=True):
        expected = getattr(wanted, scope).limits
        if limits != expected:
            field = f"limits.{scope}" + (f" of {ticker}" if ticker else "")
            yield Finding(field, str(expected), str(limits), "drift" if limits <= expected else "critical")


def _quote_terms(evidence: Evidence) -> Iterator[tuple[str, str, str, bool]]:
    """What quotes are held to: the field, what is found, what is expected, and whether more is let through than was."""
    (fee, second), (most, cents) = (
        evidence.ask(evidence.suite.market, "quoteTerms"),
        evidence.manifest.limits.quote_terms,
    )
    yield "max_fee_bps", f"{fee} bps", f"{most} bps", fee > most
    told = [money(one) if one else "none" for one in (second, cents)]
    yield "second_signer_from", told[0], told[1], bool(cents) and not 0 < second <= cents


def bands(evidence: Evidence, tokens: Mapping[str, Contract]) -> Iterator[Finding]:
    """Findings about how far the quotes of each stock may be from its price, and which feed says it."""
    for ticker, token in tokens.items():
        price, field = evidence.manifest.stocks[ticker].price, f"stocks.{ticker}.price.trade_band_bps"
        wanted = price.trade_band_bps if price else 0
        feed, band = evidence.ask(evidence.suite.market, "bandOf", token.address)
        if band != wanted:
            looser = not band or 0 < wanted < band
            expected, found = (f"{one} bps" if one else "none" for one in (wanted, band))
            yield Finding(field, expected, found, "critical" if looser else "drift")
        prices = evidence.suite.prices
        if band and (prices is None or feed != prices.address):
            expected = prices.address if prices else "no feed"
            yield Finding(f"{field} by", expected, evidence.account(feed), "critical")


def pegs(evidence: Evidence) -> Iterator[Finding]:
    """Findings about what guards each settlement coin: which feed, how far from a dollar, how old an answer."""
    for place, (symbol, at) in enumerate(evidence.manifest.settlement.assets.items()):
        coin, peg = evidence.at(at, asset_label(place, symbol)), evidence.manifest.settlement.pegs.get(symbol)
        feed, band, age, _ = evidence.ask(evidence.suite.market, "pegOf", coin)
        field, expected = f"settlement.pegs.{symbol}", evidence.at(peg.feed if peg else "", peg_label(symbol))
        if feed != expected or (peg is not None and feed == ZERO_ADDRESS):
            yield Finding(f"{field}.feed", peg.feed if peg else "none", _shown(feed, evidence), "critical")
        elif peg is not None:
            for name, wanted, found in (("band_bps", peg.band_bps, band), ("max_age", peg.max_age, age)):
                if found != wanted:
                    yield Finding(f"{field}.{name}", str(wanted), str(found), "critical" if found > wanted else "drift")


def _decimals(evidence: Evidence, field: str, address: str) -> Iterator[Finding]:
    """Amounts of quotes are stated in so many: in another coin they would be paid with a fraction, or a multiple."""
    found = read_decimals(evidence.chain, Contract(outside.STABLECOIN, address))
    if found != STABLECOIN_DECIMALS:
        yield Finding(field, str(STABLECOIN_DECIMALS), "unknown" if found is None else str(found), "critical")


def _ever_listed(evidence: Evidence, market: Contract) -> set[str]:
    topic = "0x" + keccak(text="AssetListed(address,bool)").hex()
    node = evidence.chain.node
    events = in_spans(node, market.address, [topic], evidence.since, node.block().number)
    return {"0x" + str(event["topics"][1])[-40:] for event in events}


def register(evidence: Evidence) -> Iterator[Finding]:
    """Findings about whom the registry asks about sanctions, and whether it believes the manifest's KYC providers."""
    registry = evidence.suite.registry
    oracle = evidence.at(evidence.manifest.sanctions_oracle, SANCTIONS_ORACLE)
    found, suspended = evidence.ask(registry, "sanctionsOracle")
    if found != oracle:
        yield Finding("sanctions_oracle", _shown(oracle, evidence), _shown(found, evidence), "critical")
    if suspended:
        yield Finding("sanctions_oracle", "believed", "suspended")
    for name in evidence.manifest.role_holders("KYC_PROVIDER"):
        if evidence.ask(registry, "providerDropped", evidence.address(name)):
            yield Finding("roles.KYC_PROVIDER", f"{name} believed", "dropped")


def _shown(oracle: str, evidence: Evidence) -> str:
    return "none" if oracle == ZERO_ADDRESS else evidence.account(oracle)


def reserves(evidence: Evidence, tokens: Mapping[str, Contract]) -> Iterator[Finding]:
    """Findings about how the reserve of each stock is judged. `tokens` are the stocks' tokens, by ticker."""
    feed = evidence.suite.feed
    for ticker, token in tokens.items():
        wanted = evidence.manifest.stocks[ticker].reserve
        found = evidence.ask(feed, "configuration", token.address)
        oracle = evidence.at(wanted.oracle, oracle_label(ticker))
        yield from _reserve(f"stocks.{ticker}.reserve", wanted, oracle, found)


def _reserve(field: str, wanted: EvmReserve, oracle: str, found: Sequence[Any]) -> Iterator[Finding]:
    at, _, max_age, margin, ceiling, others, _ = found
    source = "none" if not max_age else "attested" if at == ZERO_ADDRESS else "aggregator"
    expected = "none" if wanted.is_blind and oracle == ZERO_ADDRESS else wanted.source
    if source != expected:
        yield Finding(f"{field}.source", expected, source, "critical")
    if at != oracle:
        yield Finding(f"{field}.oracle", oracle, at, "critical")
    if not max_age:
        return
    yield from _differs(f"{field}.max_age", wanted.max_age, max_age, "s")
    yield from _differs(f"{field}.margin_bps", wanted.margin_bps, margin, "bps")
    own, elsewhere = (Shares.from_wad(ShareWad(one)) for one in (ceiling, others))
    if wanted.ceilings[0] != own:
        yield Finding(f"{field}.ceiling", f"{wanted.ceiling} shares", f"{own} shares")
    if wanted.ceilings[1] != elsewhere:
        yield Finding(f"{field}.others", f"{wanted.others} shares", f"{elsewhere} shares")


def _differs(field: str, expected: int, found: int, unit: str) -> Iterator[Finding]:
    if expected != found:
        yield Finding(field, f"{expected} {unit}", f"{found} {unit}")
