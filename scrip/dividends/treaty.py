"""Rates of tax on dividends, by a holder's country and class, from a YAML file; and who has shown that they apply.

    schema: 1
    source: US                 # where the income arises
    statutory_bps: 3000        # of whoever has shown nothing
    upstream_bps: 0            # what is withheld before the issuer is paid
    treaty:                    # of whoever has shown a document that is good on the pay date
      DE: {bps: 1500}
      GB: {bps: 1500, classes: {institutional: 0}}

A document is a row of a CSV file: `investor`, `document`, `until` (a date, the last good day). One that comes later is
paid as a further part of the dividend: it never changes what was posted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scrip.errors import InputError
from scrip.holder_limits import InvestorClass
from scrip.inputs.batch import read_papers
from scrip.manifest.countries import is_country
from scrip.manifest.document import read
from scrip.parameters import BPS

Bps = Annotated[int, Field(ge=0, le=BPS)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Rate(_Part):
    """What a country's holders are taxed at with a document, basis points; some classes otherwise."""

    bps: Bps
    classes: dict[InvestorClass, Bps] = {}


class TreatyTable(_Part):
    """All rates on what arises in one country. See the module."""

    version: Literal[1] = Field(alias="schema")
    source: str
    statutory_bps: Bps
    upstream_bps: Bps = 0
    treaty: dict[str, Rate] = {}

    def rate(self, country: str, investor_class: str, has_shown: bool) -> int:
        """The rate of a holder, basis points; the statutory one where nothing is known or shown."""
        found = self.treaty.get(country)
        if found is None or not has_shown:
            return self.statutory_bps
        return next((bps for kind, bps in found.classes.items() if kind == investor_class), found.bps)


class _ManifestRates(TreatyTable):
    """The rates of a manifest, which count by country and ask for no document."""

    def rate(self, country: str, investor_class: str, has_shown: bool) -> int:  # noqa: ARG002
        """The rate of a holder, basis points; the statutory one where its country has none or is not known."""
        return super().rate(country, investor_class, True)


@dataclass(frozen=True, slots=True)
class Relief:
    """A document that an investor has shown, and its last good day."""

    document: str
    until: date


def read_table(path: Path) -> TreatyTable:
    """Read a table of rates; InputError that names the field."""
    document = read(path)
    try:
        table = TreatyTable.model_validate(document.value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise InputError(first["msg"], file=str(path), field=field, value=first.get("input")) from None
    for country in (table.source, *table.treaty):
        if not is_country(country):
            raise InputError("is no ISO 3166 alpha-2 country code", file=str(path), field="treaty", value=country)
    return table


def of_manifest(withholding: Mapping[str, int], statutory_bps: int) -> TreatyTable:
    """The table that a manifest's own rates are, by country alone: for whom no other is given."""
    treaty = {country: Rate(bps=bps) for country, bps in withholding.items()}
    return _ManifestRates(schema=1, source="US", statutory_bps=statutory_bps, treaty=treaty)


def demand_manifests(table: TreatyTable, withholding: Mapping[str, int]) -> None:
    """InputError where a table has another rate for a country than the manifest's `withholding`."""
    for country, bps in withholding.items():
        found = table.treaty.get(country)
        if found is None or found.bps != bps:
            told = "none" if found is None else f"{found.bps} bps"
            raise InputError(f"is {bps} bps in the manifest, and {told} in the table", field=f"withholding.{country}")


def read_reliefs(path: Path) -> dict[str, Relief]:
    """The documents that investors have shown, by investor; InputError with file and line."""
    return {one.investor: Relief(one.document, one.until) for _, one in read_papers(path).rows}
