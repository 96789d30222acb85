"""The bounds of cash dividends, which scrip.parameters hands on with all others."""

from __future__ import annotations

from scrip.bounds import DAY, Fixed, Setting

__all__ = ["ESCHEAT", "MAX_AMENDED"]

ESCHEAT = Setting(
    name="escheat",
    unit="seconds",
    what="how long after pay and record a cash dividend can be fetched at least, before what is left is swept",
    default=3 * 365 * DAY,
    floor=365 * DAY,
    ceiling=30 * 365 * DAY,
    set_in="dividends.escheat",
    read_in=("ActionBook", "scrip.evm", "scrip.manifest", "scrip.model"),
)
MAX_AMENDED = Fixed(
    name="max_amended",
    unit="count",
    what="amendments of one announced cash dividend",
    value=2**16 - 1,
    read_in=("ActionBook", "scrip.model"),
)
