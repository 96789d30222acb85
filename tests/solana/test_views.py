"""What people see: the program's integers are exact, and the mint's float is within one unit of them."""

from __future__ import annotations

import struct
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from solana_world import STOCK, World
from support.examples import examples

from scrip.model.laws import arithmetic as law
from scrip.units import WAD


def test_views_answer_by_return_data(funded: World) -> None:
    funded.dividend(3_080_000_000_000_000_000, 27_390_000_000_000_000_000)
    funded.wait(2 * 86_400)
    multiplier = funded.ledger.multiplier(STOCK).ui_multiplier
    for amount in (0, 1, 10**8 - 1, 2**53 - 1, 2**64 - 1):
        shown = int.from_bytes(funded.ledger.view("ui_amount", STOCK, amount), "little")
        assert shown == law.ui_amount(amount, multiplier)
        raw = int.from_bytes(funded.ledger.view("raw_amount", STOCK, amount), "little")
        assert raw == law.raw_amount(amount, multiplier)


def shown_by_token_2022(raw: int, bits: int) -> int:
    """amount_to_ui_amount as Token-2022 computes it: a float product, cut off at the mint's decimals."""
    multiplier = struct.unpack("<d", struct.pack("<Q", bits))[0]
    return int(float(raw) * multiplier)


@settings(max_examples=examples(400), deadline=None)
@given(st.integers(0, 2**53 - 1), st.integers(1, 2**96 - 1))
def test_the_float_is_within_one_unit_in_its_range(raw: int, multiplier: int) -> None:
    if Fraction(raw * multiplier, WAD) >= 2**52:
        raw = (2**52 - 1) * WAD // multiplier
    bits = law.f64_bits(multiplier)
    assert abs(shown_by_token_2022(raw, bits) - law.ui_amount(raw, multiplier)) <= 1


def test_the_token_programs_own_display_is_within_one_unit(funded: World) -> None:
    from solders.instruction import AccountMeta, Instruction

    from scrip.solana.addresses import TOKEN_2022

    funded.dividend(3_080_000_000_000_000_000, 27_390_000_000_000_000_000)
    funded.wait(2 * 86_400)
    multiplier = funded.ledger.multiplier(STOCK).ui_multiplier
    for raw in (1, 10**8, 3 * 10**8, 123_456_789_012, 10**14):
        call = Instruction(
            TOKEN_2022, bytes([23]) + struct.pack("<Q", raw), [AccountMeta(funded.listing.mint, False, False)]
        )
        shown = Fraction(funded.chain.view(call).decode()) * 10**8
        assert abs(shown - law.ui_amount(raw, multiplier)) <= 1
