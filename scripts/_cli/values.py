"""Values of the command line, as the domain has them. Bad ones are usage errors that name the option."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import click

from scrip import parameters

if TYPE_CHECKING:
    from datetime import date

    from scrip.units import RawUnits, Shares, Stablecoin, Wad


class _Parsed(click.ParamType, ABC):
    """A value read by one of the domain's own parsers."""

    @abstractmethod
    def parse(self, text: str) -> Any:
        """The value; InputError for text that is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click asks for it."""
        from scrip.errors import InputError

        if not isinstance(value, str):
            return value
        try:
            return self.parse(value)
        except InputError as error:
            self.fail(f"{error.message} (got {value!r})", param, ctx)


class _Tokens(_Parsed):
    name = "tokens"

    def parse(self, text: str) -> RawUnits:
        from scrip.units import EVM_DECIMALS, RawUnits

        return RawUnits.parse(text, EVM_DECIMALS)


class _Money(_Parsed):
    name = "money"

    def parse(self, text: str) -> Stablecoin:
        from scrip.units import Stablecoin

        return Stablecoin.parse(text)


class _Shares(_Parsed):
    name = "shares"

    def parse(self, text: str) -> Shares:
        from scrip.units import Shares

        return Shares.parse(text)


class _Wad(_Parsed):
    name = "decimal"

    def parse(self, text: str) -> Wad:
        from scrip.units import parse_wad

        return parse_wad(text, "value")


class _Countries(_Parsed):
    """ISO 3166 alpha-2 codes with commas, as their numbers."""

    name = "countries"

    def parse(self, text: str) -> tuple[int, ...]:
        from scrip.manifest.countries import country_number

        return tuple(country_number(code.strip()) for code in text.split(","))


class _Classes(_Parsed):
    """Classes of investors with commas."""

    name = "classes"

    def parse(self, text: str) -> tuple[str, ...]:
        from scrip.errors import InputError
        from scrip.holder_limits import EVERY_CLASS

        found = tuple(one.strip() for one in text.split(","))
        for one in found:
            if one not in EVERY_CLASS:
                raise InputError(f"is none of {', '.join(sorted(EVERY_CLASS))}", field="class", value=one)
        return found


class _Instant(_Parsed):
    name = "utc"

    def parse(self, text: str) -> int:
        from scrip.inputs.reading.dates import instant

        return instant(text, "time")


class _Day(_Parsed):
    name = "day"

    def parse(self, text: str) -> date:
        from scrip.inputs.reading.dates import day

        return day(text, "day")


class _Duration(_Parsed):
    """Seconds, of a text that says its unit."""

    name = "duration"

    def parse(self, text: str) -> int:
        from scrip.inputs.reading.dates import duration

        return duration(text)


class Whole(click.IntRange):
    """A whole number in plain digits, from `min` to `max`, both included."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click asks for it."""
        from scrip.errors import InputError
        from scrip.inputs.reading.numbers import whole

        try:
            number = whole(value) if isinstance(value, str) else value
        except InputError as error:
            self.fail(f"{error.message} (got {error.value!r})", param, ctx)
        return super().convert(number, param, ctx)


class _Spread(_Parsed):
    """Basis points with their unit, 25bp: a bare number could be taken for per cent."""

    name = "bps"

    def parse(self, text: str) -> int:
        from scrip.errors import InputError
        from scrip.inputs.reading.numbers import whole

        digits = text.removesuffix("bps").removesuffix("bp")
        most = parameters.TRADE_BAND.ceiling
        if digits == text:
            raise InputError("names no unit: 25bp is 25 basis points", field="spread", value=text)
        if (found := whole(digits, "spread")) > most:
            raise InputError(f"is over {most}bp", field="spread", value=text)
        return found


class _Account(_Parsed):
    """An account of the manifest, or an address whose checksum, if it has one, is right."""

    name = "account"

    def parse(self, text: str) -> str:
        from scrip.errors import InputError
        from scrip.manifest.addresses import wrong_address

        if not text.startswith("0x"):
            return text
        if wrong := wrong_address(text, "evm"):
            raise InputError(wrong)
        return text.lower()


class _Basis(_Parsed):
    """A split basis: the split factor and the counter of splits, 2:1#1."""

    name = "num:den#counter"

    def parse(self, text: str) -> Any:
        from scrip.instructions.reserve import Basis

        return Basis.parse(text)


BASIS = _Basis()
TOKENS, MONEY, SHARES, WAD, INSTANT, ACCOUNT = _Tokens(), _Money(), _Shares(), _Wad(), _Instant(), _Account()
DAY, DURATION, SPREAD, WHOLE = _Day(), _Duration(), _Spread(), Whole(0)
COUNTRIES, CLASSES = _Countries(), _Classes()
CLASS = click.Choice(("retail", "professional", "institutional", "venue"))
REASON = Whole(parameters.REASON.floor, parameters.REASON.ceiling)


def reasoned(command: Any) -> Any:
    """What a forced action rests on, for `carry_out_order`."""
    command = click.option("--document", required=True, help="The order: its name, or the 0x hash of it.")(command)
    return click.option("--reason", type=REASON, required=True, help="The issuer's reason code, 1 to 65535.")(command)
