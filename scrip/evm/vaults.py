"""What a manifest asks of the vaults that take requests to redeem."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scrip.manifest.model import EvmManifest
from scrip.units import EVM_DECIMALS, RawUnits, Stablecoin

FACTORY = "VaultFactory"


@dataclass(frozen=True, slots=True)
class VaultDesign:
    """What a stock's vaults are to be: raw units and seconds from which on a request stops mints, basis points that a
    day may move prices, and the price of one token that the first prices are held to.
    """

    stock: str
    minimum: RawUnits
    patience: int
    band_bps: int
    reference: Stablecoin


def designs(manifest: EvmManifest) -> Iterator[VaultDesign]:
    """The vaults that a manifest asks for, by stock."""
    for ticker, stock in manifest.stocks.items():
        if (wish := stock.redemption) is not None:
            minimum, price = RawUnits.parse(wish.minimum, EVM_DECIMALS), Stablecoin.parse(wish.reference)
            yield VaultDesign(ticker, minimum, wish.patience, wish.band_bps, price)
