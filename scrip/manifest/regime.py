"""Which coins may settle under a law: a file of its own beside the manifests."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from scrip.manifest.fields import Day, Text, Ticker, Version
from scrip.manifest.part import Part


class Coin(Part):
    """A coin that may settle under a regime: who issues it, on what ground it stands there, and since when."""

    issuer: Text
    ground: Annotated[str, Field(min_length=1, max_length=200)]
    since: Day


class Regime(Part):
    """The coins that may settle under a law, in a file of their own. Issuers' counsel confirm it."""

    version: Version = Field(alias="schema")
    title: Annotated[str, Field(min_length=1, max_length=200)]
    law: Annotated[str, Field(min_length=1, max_length=200)]
    coins: dict[Ticker, Coin]
