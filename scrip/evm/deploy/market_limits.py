"""The limits of mints and redemptions as parts of a plan: PAUSER tightens, what loosens waits for the timelock."""

from __future__ import annotations

from collections.abc import Iterator

from scrip import instructions as ins
from scrip.evm.deploy.design import Look, Part, call
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.handlers import transaction
from scrip.evm.handlers.table import Facts
from scrip.labels import DEPLOYER, PRICES
from scrip.manifest.model import EvmManifest
from scrip.market_limits import SCOPES, LimitScope, MarketLimits, holds_tighter, money
from scrip.plan import Address, Change


def common(manifest: EvmManifest, look: Look, facts: Facts, admin: str) -> Iterator[Part]:
    """The parts that limit all stocks together and each investor, and set what quotes are held to."""
    for scope, wanted in (("issuer", manifest.limits.issuer), ("investor", manifest.limits.investor)):
        yield from _limits(scope, "", wanted.limits, manifest, look, facts, admin)  # type: ignore[arg-type]
    yield from _terms(manifest, look, facts, admin)


def terms_now(look: Look) -> tuple[int, int]:
    """The highest fee of a quote and the cents from which two keys sign; zeros before the market is there."""
    found = look.ask("market", "quoteTerms")
    return (found[0], found[1]) if isinstance(found, tuple) else (0, 0)


def _terms(manifest: EvmManifest, look: Look, facts: Facts, admin: str) -> Iterator[Part]:
    """A part that sets what quotes are held to; none where it stands so from the start."""
    wanted, found = manifest.limits.quote_terms, terms_now(look)
    if not (any(wanted) or any(found)):
        return
    tightens = admin != DEPLOYER and holds_tighter(wanted, found)
    by = next(iter(manifest.role_holders("PAUSER")), admin) if tightens else admin
    order = ins.SetQuoteTerms(*wanted, by=by)

    def told(terms: tuple[int, int]) -> str:
        keys = f"two keys from {money(terms[1])} on" if terms[1] else "one key"
        return f"a fee of at most {terms[0]} bps, {keys}"

    yield Part(
        call(
            f"trades-terms-{wanted[0]}-{wanted[1]}",
            f"terms of quotes: {told(wanted)}",
            transaction(order, facts),
            order,
        ),
        lambda look: terms_now(look) == wanted,
        lambda look: Change("terms of quotes", told(terms_now(look)), told(wanted)),
    )


def of_stock(manifest: EvmManifest, ticker: str, look: Look, facts: Facts, admin: str) -> Iterator[Part]:
    """The parts that limit one stock."""
    yield from _limits("stock", ticker, manifest.limits.stock.limits, manifest, look, facts, admin)


def bands(manifest: EvmManifest, look: Look, facts: Facts, admin: str) -> Iterator[Part]:
    """The parts that bound the prices of the quotes of every stock that stands, or is made by the same plan."""
    for ticker in manifest.stocks:
        if admin == DEPLOYER or isinstance(look.ask("market", "bandOf", Address(ticker)), tuple):
            yield from band(manifest, ticker, look, facts, admin)


def band(manifest: EvmManifest, ticker: str, look: Look, facts: Facts, admin: str) -> Iterator[Part]:
    """A part that bounds the price of a stock's quotes; none where nothing does and nothing is to."""
    price = manifest.stocks[ticker].price
    wanted = price.trade_band_bps if price else 0
    found = band_now(look, ticker)
    if not (wanted or found[1]):
        return
    tightens = admin != DEPLOYER and found[0] == look.address(PRICES) and 0 < wanted <= found[1] if wanted else False
    by = next(iter(manifest.role_holders("PAUSER")), admin) if tightens else admin
    order = ins.SetMarketBand(ticker, wanted, by=by)
    title = f"quotes of {ticker}: {_told(wanted)}"

    def expected(look: Look) -> tuple[str, int]:
        return (look.address(PRICES), wanted) if wanted else (ZERO_ADDRESS, 0)

    yield Part(
        call(f"trades-band-{ticker}-{wanted}", title, transaction(order, facts), order),
        lambda look: band_now(look, ticker) == expected(look),
        lambda look: Change(f"quotes of {ticker}", _told(band_now(look, ticker)[1]), _told(wanted)),
    )


def band_now(look: Look, ticker: str) -> tuple[str, int]:
    """The feed that bounds a stock's quotes and its basis points; zeros before the market, or the stock, is there."""
    found = look.ask("market", "bandOf", Address(ticker))
    return (found[0], found[1]) if isinstance(found, tuple) else (ZERO_ADDRESS, 0)


def _told(band_bps: int) -> str:
    return f"within {band_bps} bps of the price, while the exchange trades" if band_bps else "at any price"


def limits_now(look: Look, scope: LimitScope, ticker: str) -> MarketLimits:
    """The limits of a scope now; none before the market, or the stock, is there."""
    found = look.ask("market", "limitOf", SCOPES.index(scope), Address(ticker))
    return MarketLimits(*found) if isinstance(found, tuple) else MarketLimits()


def _limits(
    scope: LimitScope, ticker: str, wanted: MarketLimits, manifest: EvmManifest, look: Look, facts: Facts, admin: str
) -> Iterator[Part]:
    """A part that leads to the wanted limits; none where there are none and none are wanted."""
    found = limits_now(look, scope, ticker)
    if not (wanted or found):
        return
    tightens = admin != DEPLOYER and wanted <= found
    by = next(iter(manifest.role_holders("PAUSER")), admin) if tightens else admin
    order = ins.SetMarketLimit(scope, wanted, ticker, by=by)
    whose = {"issuer": "all stocks together", "stock": ticker, "investor": "each investor"}[scope]
    title = f"trades of {whose}: {wanted}"
    name = "-".join(("trades", scope, *filter(None, (ticker,)), *map(str, (wanted.net, wanted.gross, wanted.window))))
    yield Part(
        call(name, title, transaction(order, facts), order),
        lambda look: limits_now(look, scope, ticker) == wanted,
        lambda look: Change(f"trades of {whose}", str(limits_now(look, scope, ticker)), str(wanted)),
    )
