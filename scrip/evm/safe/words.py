"""An argument of a call beside its raw word: in units, as a date, by name. What is signed is the word."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scrip.errors import InputError
from scrip.manifest.countries import country_code
from scrip.parameters import EARLIEST_TIME, LATEST_TIME
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, RawUnits, Wad, format_wad

UNLIMITED = 2**256 - 1
DAY, HOUR, MINUTE = 86_400, 3_600, 60


def _tokens(value: int) -> str:
    return f"{RawUnits(value, EVM_DECIMALS)} tokens"


def _shares(value: int) -> str:
    return f"{format_wad(Wad(value))} shares"


def _wad(value: int) -> str:
    return format_wad(Wad(value))


def _a_share(value: int) -> str:
    return f"{format_wad(Wad(value))} a share" if value else "none"


def _instant(value: int) -> str:
    return moment(value) if EARLIEST_TIME.value <= value <= LATEST_TIME.value else "none" if not value else ""


def _day(value: int) -> str:
    return f"{value // 10_000:04}-{value // 100 % 100:02}-{value % 100:02}"


def _duration(value: int) -> str:
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if value and value % unit == 0:
            return f"{value // unit} {name}"
    return f"{value} s"


def _percent(value: int) -> str:
    return f"{value / 100:g} %"


def _country(value: int) -> str:
    try:
        return country_code(value)
    except InputError:
        return ""


def _allowance(value: int) -> str:
    return "without limit" if value == UNLIMITED else ""


ANYWHERE: Mapping[str, Callable[[int], str]] = {
    "effectiveAt": _instant,
    "exAt": _instant,
    "pay": _instant,
    "buy": _instant,
    "until": _instant,
    "expiry": _instant,
    "deadline": _instant,
    "ex": _day,
    "gross": _a_share,
    "price": _a_share,
    "index": _wad,
    "own": _shares,
    "others": _shares,
    "ceiling": _shares,
    "maximum": _tokens,
    "minimum": _tokens,
    "duration": _duration,
    "maxAge": _duration,
    "delay": _duration,
    "marginBps": _percent,
    "bps": _percent,
    "country": _country,
}
"""How a number is read, by its argument's name."""
OF_TOKENS = frozenset({"forcedTransfer", "forcedBurn", "lock", "setFrozenTokens"})
"""Functions whose `amount` is of a stock's tokens."""


def in_words(function: str, name: str, value: str) -> str:
    """What an argument says to a person; "" where its raw word says as much, or nobody knows its unit."""
    if name == "reference" and value.startswith("0x"):
        return _text(bytes.fromhex(value[2:]))
    reader = ANYWHERE.get(name)
    if name == "amount":
        reader = _tokens if function in OF_TOKENS else _allowance if function == "approve" else None
    if reader is None or not value.isdigit():
        return ""
    return reader(int(value))


def _text(word: bytes) -> str:
    """The text that a word holds, where it is one that people read; a hash is none."""
    text = word.rstrip(b"\0")
    return repr(text.decode()) if text and text.isascii() and text.decode().isprintable() else ""
