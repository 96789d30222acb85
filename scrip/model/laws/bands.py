"""How far a quote's price may be from what a price feed says, and what a quote at a spread settles, in integers."""

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


def at_spread(amount: int, decimals: int, price: int, spread_bps: int, is_mint: bool) -> int:
    """What `amount` raw units of 18 decimals settle at a spread from their price, in a stablecoin of so many decimals.

    A mint pays the spread on top and is rounded up, a redemption is paid less by it and rounded down: whoever trades
    with the issuer bears both.
    """
    factor = BPS + spread_bps if is_mint else BPS - spread_bps
    paid: int = amount * price * factor * 10**decimals
    whole: int = BPS * WAD**2
    return -(-paid // whole) if is_mint else paid // whole
