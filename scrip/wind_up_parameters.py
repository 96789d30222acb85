"""Bounds of stocks' ends, which scrip.parameters hands on with all others."""

from __future__ import annotations

from scrip.bounds import Fixed

__all__ = ["END_DUST", "MAX_END_BATCH", "REGION_NOTICE", "REGION_WAIT"]

END_DUST = Fixed(
    name="end_dust",
    unit="raw units",
    what="units that may be left when a stock's end is closed: what rounding leaves in an escrow, and comes to nothing",
    value=10**6,
    read_in=("WindUp", "scrip.model"),
)
MAX_END_BATCH = Fixed(
    name="max_end_batch",
    unit="count",
    what="accounts whose units one transaction burns, or sweeps, at a stock's end",
    value=50,
    read_in=("WindUp", "RegionExit", "scrip.instructions", "scrip.flows"),
)
REGION_NOTICE = Fixed(
    name="region_notice",
    unit="seconds",
    what="how long holders of a country that is left may redeem at least, before the rest is burned",
    value=30 * 86_400,
    read_in=("RegionExit", "scrip.flows", "scrip.model"),
)
REGION_WAIT = Fixed(
    name="region_wait",
    unit="seconds",
    what="how long coins of an exit from a country wait at least, before what is not fetched is swept",
    value=3 * 365 * 86_400,
    read_in=("RegionExit", "scrip.flows", "scrip.model"),
)
