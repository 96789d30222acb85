"""What a manifest asks of what announces and pays cash dividends."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.evm.labels import VAULT
from scrip.manifest.model import EvmManifest
from scrip.parameters import ESCHEAT

DELIVERING = ("MINTER", VAULT)
"""The roles that the distributor needs to have units made and to hand them out."""


@dataclass(frozen=True, slots=True)
class DividendDesign:
    """Who receives what is swept and what is withheld, accounts by name, the shortest time to fetch, seconds, and
    whether units are delivered.
    """

    treasury: str
    tax: str
    escheat: int = ESCHEAT.default
    in_stock: bool = False

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that the distributor needs."""
        return DELIVERING if self.in_stock else ()


def design_of(manifest: EvmManifest) -> DividendDesign | None:
    """What a manifest asks for; None where it pays no cash dividends."""
    wanted = manifest.dividends
    return (
        None
        if wanted is None
        else DividendDesign(manifest.settlement.treasury, wanted.tax, wanted.escheat, wanted.in_stock)
    )
