"""Bounds of cash dividends and of the trees that they are paid by, which scrip.parameters hands on with all others."""

from __future__ import annotations

from scrip.bounds import DAY, Fixed, Setting

__all__ = [
    "ESCHEAT",
    "MAX_AMENDED",
    "MAX_TREE_DEPTH",
    "PUSHED_DEPTH",
    "PUSHED_GAS",
    "PUSHED_LEAST_GAS",
    "UNITS_GAS",
    "UNITS_LEAST_GAS",
]

ESCHEAT = Setting(
    name="escheat",
    unit="seconds",
    what="how long after pay and record a cash dividend can be fetched at least, before what is left is swept",
    default=3 * 365 * DAY,
    floor=365 * DAY,
    ceiling=30 * 365 * DAY,
    set_in="dividends.escheat",
    read_in=("ActionBook", "scrip.evm", "scrip.manifest", "scrip.model", "scrip.replay"),
)
MAX_AMENDED = Fixed(
    name="max_amended",
    unit="count",
    what="amendments of one announced cash dividend",
    value=2**16 - 1,
    read_in=("ActionBook", "scrip.model"),
)
MAX_TREE_DEPTH = Fixed(
    name="max_tree_depth",
    unit="count",
    what="levels of the deepest tree of holders, of 2^32 places; the longest proof",
    value=32,
    read_in=("Ballot", "DividendDistributor", "scrip.holders", "scrip.model"),
)
PUSHED_DEPTH = Fixed(
    name="pushed_depth",
    unit="count",
    what="levels of the block of a tree of holders that is paid at once, of 128 places; no tree is less deep",
    value=7,
    read_in=("Ballot", "DividendDistributor", "scrip.flows", "scrip.model"),
)
PUSHED_GAS = Fixed(
    name="pushed_gas",
    unit="gas",
    what="that one payment of a pushed block may use: a block of payees who use all of it fits into a transaction",
    value=110_000,
    read_in=("DividendDistributor",),
)
PUSHED_LEAST_GAS = Fixed(
    name="pushed_least_gas",
    unit="gas",
    what="that a push must have left before each payment, so that its sender cannot make a good one fail",
    value=130_000,
    read_in=("DividendDistributor",),
)
UNITS_GAS = Fixed(
    name="units_gas",
    unit="gas",
    what="that one delivery of units may use: a stock may ask registry, sanctions oracle and holder limits",
    value=400_000,
    read_in=("DividendDistributor",),
)
UNITS_LEAST_GAS = Fixed(
    name="units_least_gas",
    unit="gas",
    what="that must be left before each delivery, so that whoever sends it cannot make a good one fail",
    value=430_000,
    read_in=("DividendDistributor",),
)
