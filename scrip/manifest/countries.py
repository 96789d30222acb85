"""Countries: manifests and reports write ISO 3166 alpha-2, ledgers keep the numeric code."""

from __future__ import annotations

from functools import cache

from iso3166 import countries_by_alpha2, countries_by_numeric

from scrip.errors import InputError


@cache
def is_country(code: str) -> bool:
    """Whether it is an ISO 3166 alpha-2 code, in capitals."""
    return code in countries_by_alpha2


def country_number(code: str, field: str = "country") -> int:
    """The numeric code of an alpha-2 code; InputError for any other text."""
    if not is_country(code):
        raise InputError("is no ISO 3166 alpha-2 country code", field=field, value=code)
    return int(countries_by_alpha2[code].numeric)


def country_code(number: int, field: str = "country") -> str:
    """The alpha-2 code of a numeric code; InputError for a number that has none."""
    country = countries_by_numeric.get(f"{number:03d}")
    if country is None:
        raise InputError("is no ISO 3166 country number", field=field, value=number)
    return country.alpha2


def country_name(number: int) -> str:
    """A country for people, "CH Switzerland"; the number itself where ISO 3166 has no such, "" for 0."""
    country = countries_by_numeric.get(f"{number:03d}")
    return f"{country.alpha2} {country.name}" if country is not None else str(number or "")
