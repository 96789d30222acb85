"""Bounds of stocks' ends, which scrip.parameters hands on with all others."""

from __future__ import annotations

from scrip.bounds import Fixed

__all__ = ["END_DUST", "MAX_END_BATCH"]

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
    read_in=("WindUp", "scrip.instructions", "scrip.flows"),
)
