"""How far a quote's price may be from what a price feed says, in integers."""

from __future__ import annotations

from scrip.parameters import BPS, MAX_AMOUNT
from scrip.units import WAD

MOST_SETTLEMENT = 2**160 - 1
"""More base units of a stablecoin are no trade, and the chain could not multiply them."""


def is_within(amount: int, settlement: int, decimals: int, price: int, band_bps: int) -> bool:
    """Whether `settlement`, of a stablecoin of so many decimals, is what `amount` raw units are worth, give or take.

    `price` is dollars of 18 decimals for 1e18 raw units; both sides are rounded down to 18 decimals.
    """
    if amount > MAX_AMOUNT.value or settlement > MOST_SETTLEMENT:
        return False
    worth = amount * price // WAD
    paid = settlement * WAD // 10**decimals
    apart: int = abs(paid - worth)
    return apart * BPS <= worth * band_bps
