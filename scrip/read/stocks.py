"""How stocks stand: supply beside reserve, the multiplier, and whether they trade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from scrip.chains.network import Network
from scrip.chains.views import Views
from scrip.errors import InputError
from scrip.ledger import Coverage, MultiplierState
from scrip.manifest.model import AnyManifest
from scrip.preview import moment
from scrip.read.wallets import shares_of
from scrip.units import RawUnits, Shares, format_fixed, format_wad

RATIO_PLACES = 6
"""Decimals of a coverage, rounded down: it never shows more than there is."""


@dataclass(frozen=True, slots=True)
class StockFacts:
    """A stock on one network. `status` is "halted" with the fleet, "paused" by itself, else "open".

    `shares` is what the supply stands for at the present multiplier. `backing` is the feed's own view in 18-decimal
    shares, by its `source` ("aggregator", "attested", "none") which answered last at `answered_at`, UTC seconds, 0 for
    never; `sheet` more facts for people: rules and limits. None of them changes by the clock alone.
    """

    network: str
    ticker: str
    name: str
    isin: str
    series: int
    address: str
    status: str
    supply: RawUnits
    shares: Shares
    multiplier: MultiplierState
    backing: Coverage
    source: str
    answered_at: int
    sheet: Mapping[str, str]

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "ticker": "stock",
        "isin": "ISIN",
        "status": "status",
        "supply": "tokens",
        "shares": "shares",
        "multiplier": "shares a token",
        "attested": "shares attested",
        "required": "shares needed",
        "coverage": "coverage",
        "covered": "covered",
    }

    @property
    def coverage(self) -> Fraction | None:
        """What there is over what is owed; None where nothing is owed."""
        owed = self.backing.required
        return Fraction(self.backing.there, owed) if owed else None

    def as_json(self) -> dict[str, object]:
        """For programs."""
        shown = self.multiplier
        later = {
            "multiplier_pending": format_wad(shown.pending_ui_multiplier) if shown.effective_at else "",
            "effective_at": moment(shown.effective_at) if shown.effective_at else "",
        }
        backing = {
            name: format_wad(getattr(self.backing, name))
            for name in ("attested", "required", "receivable", "ceiling", "others", "there")
        }
        ratio = self.coverage
        return {
            "network": self.network,
            "ticker": self.ticker,
            "name": self.name,
            "isin": self.isin,
            "series": self.series,
            "address": self.address,
            "status": self.status,
            "supply": str(self.supply),
            "shares": str(self.shares),
            "multiplier": format_wad(shown.ui_multiplier),
            "index": format_wad(shown.index),
            "factor": f"{shown.num}:{shown.den}",
            **later,
            **backing,
            "coverage": "" if ratio is None else format_fixed(int(ratio * 10**RATIO_PLACES), RATIO_PLACES),
            "covered": "yes" if self.backing.covered else "NO",
            "source": self.source,
            "answered_at": moment(self.answered_at) if self.answered_at else "",
            "sheet": dict(self.sheet),
        }


def ticker_of(manifest: AnyManifest, what: str) -> str:
    """The ticker of a manifest's stock by ticker or ISIN, its present one or that of its birth; "" for none.

    A stock's address is told by `stock`, which asks the chain.
    """
    if what in manifest.stocks:
        return what
    found = [one for one, stock in manifest.stocks.items() if what.upper() in (stock.isin, stock.born)]
    if len(found) > 1:
        reason = f"is of {len(found)} series, {', '.join(found)}: name the ticker"
        raise InputError(reason, field="stock", value=what)
    return found[0] if found else ""


def stock(network: Network, what: str) -> StockFacts:
    """One stock, by ticker, ISIN or address. InputError for one that the manifest or the chain does not have."""
    manifest, views = network.manifest, network.views()
    ticker = ticker_of(manifest, what)
    known = views.ledger.stocks
    if not ticker:
        at = {str(views.sheet(one)["address"]).lower(): one for one in known}
        ticker = at.get(what.lower(), "")
    if not ticker:
        raise InputError("is no stock of the manifest: no ticker, ISIN or address", field="stock", value=what)
    if ticker not in known:
        raise InputError(f"is not created on {manifest.network} yet", field="stock", value=what)
    return _facts(network, views, ticker)


def stocks(network: Network) -> list[StockFacts]:
    """Every stock of the manifest that the chain has, in the manifest's order."""
    views = network.views()
    known = views.ledger.stocks
    return [_facts(network, views, one) for one in network.manifest.stocks if one in known]


def _facts(network: Network, views: Views, ticker: str) -> StockFacts:
    ledger, wished, own = views.ledger, network.manifest.stocks[ticker], dict(views.sheet(ticker))
    for of_the_clock in ("reserve answer", "attestation"):
        own.pop(of_the_clock, "")
    shown, supply = ledger.multiplier(ticker), ledger.supply(ticker)
    return StockFacts(
        network.manifest.network,
        ticker,
        wished.name,
        own.pop("ISIN"),
        wished.series,
        own.pop("address"),
        "halted" if views.halted() else "paused" if views.paused(ticker) else "open",
        supply,
        shares_of(supply, shown.ui_multiplier),
        shown,
        ledger.coverage(ticker),
        own.pop("reserve source", "attested"),
        ledger.surplus(ticker).as_of,
        own,
    )
