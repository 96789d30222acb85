"""What a manifest asks of what announces and pays cash dividends."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.manifest.model import EvmManifest
from scrip.parameters import ESCHEAT


@dataclass(frozen=True, slots=True)
class DividendDesign:
    """Who receives what is swept and what is withheld, accounts by name, and the shortest time to fetch, seconds."""

    treasury: str
    tax: str
    escheat: int = ESCHEAT.default


def design_of(manifest: EvmManifest) -> DividendDesign | None:
    """What a manifest asks for; None where it pays no cash dividends."""
    wanted = manifest.dividends
    return None if wanted is None else DividendDesign(manifest.settlement.treasury, wanted.tax, wanted.escheat)
