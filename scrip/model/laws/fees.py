"""What a quote's fee comes to, in integers."""

from __future__ import annotations

from scrip.parameters import BPS


def fee_of(settlement: int, fee_bps: int) -> int:
    """Base units of a fee, rounded up: a mint pays it on top of the settlement, a redemption is paid less by it."""
    return -(-settlement * fee_bps // BPS)
