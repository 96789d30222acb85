"""The columns of the export like Form 1042-S, and its schema: what each says, and which text it may hold."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.units import STABLECOIN_DECIMALS

INCOME_CODE = "06"
"""Dividends paid by corporations, as Form 1042-S numbers kinds of income."""
CHAPTER = "3"
UNKNOWN_COUNTRY = "OC"
AMOUNT = rf"^(0|[1-9][0-9]*)(\.[0-9]{{1,{STABLECOIN_DECIMALS}}})?$"
"""A decimal number of coins, exact."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, the box of the form ("" for none), a regular expression of its text, what it says."""

    name: str
    box: str
    pattern: str
    says: str


FIELDS = (
    Field("tax_year", "", r"^[0-9]{4}$", "The year in which it was paid."),
    Field("income_code", "1", rf"^{INCOME_CODE}$", f"{INCOME_CODE}: dividends paid by corporations."),
    Field("gross_income", "2", AMOUNT, "Gross of all dividends at this rate, before tax and fee."),
    Field("chapter_indicator", "3", rf"^{CHAPTER}$", f"{CHAPTER}: withheld under chapter 3."),
    Field("exemption_code", "3a", r"^0[04]$", "04: nothing is withheld, under a treaty; 00: tax at the rate told."),
    Field("tax_rate", "3b", r"^(100|[0-9]{2})\.[0-9]{2}$", "Percent."),
    Field("federal_tax_withheld", "7a", AMOUNT, "What was withheld here."),
    Field("withheld_by_other_agents", "8", AMOUNT, "What was withheld upstream, before the issuer was paid."),
    Field("total_withholding_credit", "10", AMOUNT, "Both."),
    Field("recipient", "13", r"^.+$", "The investor as the register names it, or the account of nobody known."),
    Field("recipient_account", "13", r"^.*$", "The account of nobody known; empty for an investor."),
    Field("recipient_country", "13b", r"^[A-Z]{2}$", f"ISO 3166 alpha-2; {UNKNOWN_COUNTRY} where none is known."),
    Field("treaty_document", "", r"^.*$", "What the recipient has shown; empty for nothing."),
    Field("currency", "", r"^.+$", "The coin that all amounts are of."),
)
COLUMNS = tuple(one.name for one in FIELDS)


def schema() -> dict[str, object]:
    """The JSON Schema of one row, each column as text."""
    properties = {
        one.name: {
            "type": "string",
            "pattern": one.pattern,
            "description": f"Box {one.box}. {one.says}" if one.box else one.says,
        }
        for one in FIELDS
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A row of 1042-s.csv, by ape run dividend statement",
        "type": "object",
        "properties": properties,
        "required": list(COLUMNS),
        "additionalProperties": False,
    }
