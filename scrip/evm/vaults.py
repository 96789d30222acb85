"""What a manifest asks of the vaults that take requests: those out of a stock, and those into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scrip.evm.encoding.values import coins, raw
from scrip.evm.handlers.redemption import ENTRY, VAULT
from scrip.evm.labels import VAULT as KEEPS
from scrip.labels import ENTRIES, ENTRY_BLUEPRINT, VAULT_BLUEPRINT, VAULTS, entry_label, vault_label
from scrip.manifest.model import EvmManifest
from scrip.units import EVM_DECIMALS, RawUnits, Stablecoin

FACTORY = "VaultFactory"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of vault: its contract, the labels of what makes them, its own, the roles that it needs, what it is for.

    `pays` is of one that brings money in from the treasury, which has to let it.
    """

    contract: str
    factory: str
    blueprint: str
    label: Callable[[str, str], str]
    roles: tuple[str, ...]
    purpose: str
    pays: bool


LEAVING = Kind(VAULT, VAULTS, VAULT_BLUEPRINT, vault_label, (KEEPS,), "requests to redeem", True)
ENTERING = Kind(ENTRY, ENTRIES, ENTRY_BLUEPRINT, entry_label, (KEEPS, "MINTER"), "subscriptions to", False)
KINDS = (LEAVING, ENTERING)


@dataclass(frozen=True, slots=True)
class VaultDesign:
    """What a stock's vaults of a kind are to be: raw units and seconds from which on a request stops mints, basis
    points that a day may move prices, and the price of one token that the first prices are held to.

    Where investors subscribe the least is of the coin, and after the seconds anyone sends a request back.
    """

    stock: str
    minimum: RawUnits | Stablecoin
    patience: int
    band_bps: int
    reference: Stablecoin
    kind: Kind = LEAVING

    @property
    def least(self) -> int:
        """The minimum as the contract takes it."""
        return coins(self.minimum) if isinstance(self.minimum, Stablecoin) else raw(self.minimum)

    def label(self, asset: str) -> str:
        """The label of the vault for an asset, itself a label."""
        return self.kind.label(self.stock, asset)


def designs(manifest: EvmManifest) -> Iterator[VaultDesign]:
    """The vaults that a manifest asks for, by stock."""
    for ticker, stock in manifest.stocks.items():
        if (wish := stock.redemption) is not None:
            minimum, price = RawUnits.parse(wish.minimum, EVM_DECIMALS), Stablecoin.parse(wish.reference)
            yield VaultDesign(ticker, minimum, wish.patience, wish.band_bps, price)
        if (wish_in := stock.subscription) is not None:
            least, price = Stablecoin.parse(wish_in.minimum), Stablecoin.parse(wish_in.reference)
            yield VaultDesign(ticker, least, wish_in.patience, wish_in.band_bps, price, ENTERING)
