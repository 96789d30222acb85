"""What instructions say, as the program takes it: amounts."""

from __future__ import annotations

from scrip.units import SOLANA_DECIMALS, STABLECOIN_DECIMALS, RawUnits, Stablecoin, fitting

AMOUNT_BITS = 64
"""What a token account counts an amount in."""


def raw(amount: RawUnits) -> int:
    """Raw units as an integer; TypeError for another chain's, InputError for over 64 bits."""
    if not isinstance(amount, RawUnits) or amount.decimals != SOLANA_DECIMALS:
        raise TypeError(f"{amount!r} are not raw units of solana, {SOLANA_DECIMALS} decimals")
    return fitting(amount.value, AMOUNT_BITS, "amount", SOLANA_DECIMALS)


def coins(amount: Stablecoin) -> int:
    """Settlement currency as an integer; TypeError for another number of decimals, InputError for over 64 bits."""
    if not isinstance(amount, Stablecoin) or amount.decimals != STABLECOIN_DECIMALS:
        raise TypeError(f"{amount!r} is not the stablecoin, {STABLECOIN_DECIMALS} decimals")
    return fitting(amount.value, AMOUNT_BITS, "settlement", STABLECOIN_DECIMALS)
