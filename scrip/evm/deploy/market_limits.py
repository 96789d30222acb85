"""The limits of mints and redemptions as parts of a plan: PAUSER tightens, what loosens waits for the timelock."""

from __future__ import annotations

from collections.abc import Iterator

from scrip import instructions as ins
from scrip.evm.deploy.design import Look, Part, call
from scrip.evm.handlers import transaction
from scrip.evm.handlers.table import Facts
from scrip.labels import DEPLOYER
from scrip.manifest.model import EvmManifest
from scrip.market_limits import SCOPES, LimitScope, MarketLimits
from scrip.plan import Address, Change


def common(manifest: EvmManifest, look: Look, facts: Facts, admin: str) -> Iterator[Part]:
    """The parts that limit all stocks together, and each investor."""
    for scope, wanted in (("issuer", manifest.limits.issuer), ("investor", manifest.limits.investor)):
        yield from _limits(scope, "", wanted.limits, manifest, look, facts, admin)  # type: ignore[arg-type]


def of_stock(manifest: EvmManifest, ticker: str, look: Look, facts: Facts, admin: str) -> Iterator[Part]:
    """The parts that limit one stock."""
    yield from _limits("stock", ticker, manifest.limits.stock.limits, manifest, look, facts, admin)


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
