"""Bounds of stocks' ends, which scrip.parameters hands on with all others."""

from __future__ import annotations

from scrip.bounds import Fixed

__all__ = ["MAX_END_BATCH"]

MAX_END_BATCH = Fixed(
    name="max_end_batch",
    unit="count",
    what="accounts whose units one transaction burns, or sweeps, at a stock's end",
    value=50,
    read_in=("WindUp", "scrip.instructions", "scrip.flows"),
)
