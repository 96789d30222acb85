"""Whole numbers as operators write them. Amounts with decimals are read by scrip.units."""

from __future__ import annotations

import re

from scrip.errors import InputError

MAX_DIGITS = 78
"""Most digits of a whole number: those of 256 bits."""


def whole(text: str, field: str = "number") -> int:
    """The number that plain digits are; InputError for signs, spaces, separators, exponents, and for over 78 digits."""
    if not re.fullmatch(r"[0-9]+", text):
        raise InputError("is no whole number: digits alone", field=field, value=text[:MAX_DIGITS])
    if len(text) > MAX_DIGITS:
        raise InputError(f"has more than {MAX_DIGITS} digits", field=field, value=f"{text[:MAX_DIGITS]}…")
    return int(text)
