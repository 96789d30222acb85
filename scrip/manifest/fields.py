"""The types of a manifest's values: their forms, and what is said of a text that has another form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from scrip.errors import InputError
from scrip.inputs.reading.dates import DURATION, duration
from scrip.inputs.reading.text import seen
from scrip.parameters import MAX_NAME, MAX_SYMBOL, MAX_URI, WITHHOLDING_BPS

_NAME = "^[a-z][a-z0-9-]{0,31}$"
_NETWORK = "^[a-z0-9][a-z0-9-]{0,31}$"
_TICKER = f"^[A-Z0-9.]{{1,{MAX_SYMBOL.value}}}$"
_DEPLOYMENT = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
_DECIMAL = r"^(|[0-9]{1,30}(\.[0-9]{1,18})?)$"
_VARIABLE = "^(|[A-Z][A-Z0-9_]{0,63})$"
_APE_CHOICE = "^[a-z0-9-]+(:[a-z0-9-]+){0,2}$"
_URI = "^(|[a-z][a-z0-9+.-]*://[!-~]+)$"
_REGIME = "^(|[a-z0-9][a-z0-9-]{0,31})$"
_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_ALIAS = "^(|[A-Za-z0-9][A-Za-z0-9_.-]{0,63})$"

FORMS = {
    _NAME: "is no account name: lower-case letters, digits and hyphens, a letter first, at most 32",
    _NETWORK: "is no network: the name of a manifest beside this one, without .yaml",
    _TICKER: f"is no symbol: capitals, digits and dots, at most {MAX_SYMBOL.value}",
    _DEPLOYMENT: "is no name: letters, digits, dots, hyphens, at most 64",
    _DECIMAL: 'is no amount: digits with at most 18 decimals, such as "1000.5"',
    _VARIABLE: "is no name of an environment variable",
    _APE_CHOICE: "is no network choice of Ape's, such as ethereum:mainnet:node",
    _URI: "is no address of a description: https://…, ipfs://… or another, without spaces",
    _REGIME: "is no regime: the name of a file in regimes/, without .yaml",
    _DAY: 'is no day in quotes, such as "2024-07-01"',
    _ALIAS: "is no alias of a keystore",
}
"""What is wrong with a text that a pattern refuses, by the pattern."""

Name = Annotated[str, Field(pattern=_NAME)]
"""An account's name: lower case, so that no ticker can be taken for one."""
Network = Annotated[str, Field(pattern=_NETWORK)]
"""A network's name: its manifest's file, without the ending."""
Ticker = Annotated[str, Field(pattern=_TICKER)]
"""A stock's symbol, or a stablecoin's."""
Deployment = Annotated[str, Field(pattern=_DEPLOYMENT)]
"""The name that people gave what stands on a network."""
Text = Annotated[str, Field(min_length=1, max_length=MAX_NAME.value), AfterValidator(seen)]
"""A name of somebody or something, as people write it, in one line."""
Bps = Annotated[int, Field(ge=WITHHOLDING_BPS.floor, le=WITHHOLDING_BPS.ceiling)]
"""A rate in basis points."""
Decimal = Annotated[str, Field(pattern=_DECIMAL)]
"""An exact amount in quotes, at most 18 decimals; "" where there is none."""
Variable = Annotated[str, Field(pattern=_VARIABLE)]
"""The name of an environment variable; "" for none."""
ApeChoice = Annotated[str, Field(pattern=_APE_CHOICE)]
"""The name that Ape has for a network."""
Uri = Annotated[str, Field(pattern=_URI, max_length=MAX_URI.value)]
"""Where the description of something is found; "" for nowhere."""
RegimeName = Annotated[str, Field(pattern=_REGIME)]
"""The name of a list of coins: its file in regimes/, without the ending; "" for none."""
Day = Annotated[str, Field(pattern=_DAY)]
"""A day, in quotes."""
Alias = Annotated[str, Field(pattern=_ALIAS)]
"""The name of a keystore; "" for none."""


def seconds(value: object) -> int:
    """ "24h", "30m", "5d" or "90s" in seconds; ValueError for a number without a unit, and for any other text."""
    try:
        return duration(value)
    except InputError as error:
        raise ValueError(error.message) from None


Seconds = Annotated[int, Field(ge=0), BeforeValidator(seconds), WithJsonSchema({"type": "string", "pattern": DURATION})]
"""A duration with its unit, such as "24h"; kept in seconds."""


def _version(value: object) -> object:
    if type(value) is not int or value != 1:  # 1 == True == 1.0, for Literal too
        raise ValueError("is not 1, the only schema that there is")
    return value


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Beside a field that manifests of one kind alone have: what to say of it in a manifest of the other kind."""

    said: str


Version = Annotated[Literal[1], BeforeValidator(_version)]
"""The version of the format that a file is in."""
