"""An issuer's operations as plans, a subject a file, each once for every kind of chain, from what a chain shows.

Nothing is sent here. What a kind of chain lacks is an InputError that says so. A subject's module is loaded when it is
first asked for (`flows.actions`): a command that never plans must not wait for libraries that plans need.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrip.flows import (
        action_history,
        action_links,
        actions,
        announcements,
        attestations,
        calendar,
        dividend_roots,
        dividends,
        elections,
        enforcement,
        feeds,
        fleet,
        holder_limits,
        investors,
        market,
        market_bounds,
        market_claims,
        market_desk,
        market_payment,
        market_treasury,
        offers,
        provider_files,
        recovery,
        redemption,
        region_exit,
        register,
        reinvestment,
        requests,
        reserve,
        sanctions,
        signed_votes,
        subscriptions,
        timelock,
        undelivered,
        voting,
        wind_up,
    )

__all__ = [
    "action_history",
    "action_links",
    "actions",
    "announcements",
    "attestations",
    "calendar",
    "dividend_roots",
    "dividends",
    "elections",
    "enforcement",
    "feeds",
    "fleet",
    "holder_limits",
    "investors",
    "market",
    "market_claims",
    "market_bounds",
    "market_desk",
    "market_payment",
    "offers",
    "market_treasury",
    "provider_files",
    "recovery",
    "redemption",
    "region_exit",
    "register",
    "reinvestment",
    "requests",
    "reserve",
    "sanctions",
    "signed_votes",
    "subscriptions",
    "timelock",
    "undelivered",
    "voting",
    "wind_up",
]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")
