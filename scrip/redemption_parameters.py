"""Bounds of vaults that take requests, either way, which scrip.parameters hands on with all others."""

from __future__ import annotations

from scrip.bounds import BPS, DAY, Fixed, Setting

__all__ = [
    "BATCHED_GAS",
    "BATCHED_LEAST_GAS",
    "MAX_FILLED",
    "MAX_STRIKE",
    "REFERENCE_SPAN",
    "REQUEST_PATIENCE",
    "STRIKE_BAND",
]
REQUEST_PATIENCE = Setting(
    name="request_patience",
    unit="seconds",
    what="how long a request waits before anyone can stop new mints for it, or, of one to subscribe, send it back",
    default=7 * DAY,
    floor=DAY,
    ceiling=30 * DAY,
    set_in="stocks.*.redemption.patience",
    read_in=("RequestVault", "scrip.manifest", "scrip.model"),
)
STRIKE_BAND = Setting(
    name="strike_band",
    unit="bps",
    what="how far a day's prices of fills may be from their reference",
    default=2_000,
    floor=1,
    ceiling=BPS // 2,
    set_in="stocks.*.redemption.band_bps",
    read_in=("RequestVault", "scrip.manifest", "scrip.model"),
)
REFERENCE_SPAN = Fixed(
    name="reference_span",
    unit="seconds",
    what="how long one reference holds prices of fills",
    value=DAY,
    read_in=("RequestVault", "scrip.model"),
)
MAX_STRIKE = Fixed(
    name="max_strike",
    unit="seconds",
    what="how long a struck price fills requests at most",
    value=DAY,
    read_in=("RequestVault", "scrip.model"),
)
MAX_FILLED = Fixed(
    name="max_filled",
    unit="count",
    what="requests in one transaction",
    value=200,
    read_in=("RequestVault", "scrip.instructions"),
)
BATCHED_GAS = Fixed(
    name="batched_gas",
    unit="gas",
    what="that one payment of a keeper's batch may use, so that no payee uses up the others'",
    value=300_000,
    read_in=("RequestVault", "SubscriptionVault"),
)
BATCHED_LEAST_GAS = Fixed(
    name="batched_least_gas",
    unit="gas",
    what="that a keeper's batch must have left before each payment, so that its sender cannot make a good one fail",
    value=340_000,
    read_in=("RequestVault", "SubscriptionVault"),
)
