"""What a manifest asks of the vaults that take requests: those out of a stock, and those into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from scrip.evm.labels import VAULT
from scrip.labels import ENTRIES, ENTRY_BLUEPRINT, VAULT_BLUEPRINT, VAULTS, entry_label, vault_label
from scrip.manifest.model import EvmManifest
from scrip.units import EVM_DECIMALS, RawUnits, Stablecoin

FACTORY = "VaultFactory"
REQUEST_VAULT = "RequestVault"
SUBSCRIPTION_VAULT = "SubscriptionVault"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of vault: its contract, the labels of what makes them, its own, the roles that it needs, what it is for,
    and the group of commands about it.

    `pays` is of one that brings money in from the treasury, which has to let it; `without` says of each role what does
    not go as long as the vault does not hold it.
    """

    contract: str
    factory: str
    blueprint: str
    label: Callable[[str, str], str]
    roles: tuple[str, ...]
    purpose: str
    group: str
    pays: bool
    without: Mapping[str, str]


LEAVING = Kind(
    contract=REQUEST_VAULT,
    factory=VAULTS,
    blueprint=VAULT_BLUEPRINT,
    label=vault_label,
    roles=(VAULT,),
    purpose="requests to redeem",
    group="redemption",
    pays=True,
    without={VAULT: "nobody can ask, and what waits is neither filled nor handed back"},
)
ENTERING = Kind(
    contract=SUBSCRIPTION_VAULT,
    factory=ENTRIES,
    blueprint=ENTRY_BLUEPRINT,
    label=entry_label,
    roles=(VAULT, "MINTER"),
    purpose="subscriptions to",
    group="subscription",
    pays=False,
    without={"MINTER": "no request can be filled", VAULT: "nobody can fetch the units that fills make"},
)
KINDS = (LEAVING, ENTERING)


@dataclass(frozen=True, slots=True)
class VaultDesign:
    """What a stock's vaults of a kind are to be: raw units and seconds from which on a request stops mints, basis
    points that a day may move prices, and the price of one token that the first prices are held to.

    Where investors subscribe the least is of the coin, and after the seconds anyone sends a request back. `in_kind` is
    whether holders may ask for the shares themselves.
    """

    stock: str
    minimum: RawUnits | Stablecoin
    patience: int
    band_bps: int
    reference: Stablecoin
    kind: Kind = LEAVING
    in_kind: bool = False

    @property
    def least(self) -> int:
        """The minimum as the contract takes it."""
        return self.minimum.value

    def label(self, asset: str) -> str:
        """The label of the vault for an asset, itself a label."""
        return self.kind.label(self.stock, asset)


def designs(manifest: EvmManifest) -> Iterator[VaultDesign]:
    """The vaults that a manifest asks for, by stock."""
    for ticker, stock in manifest.stocks.items():
        if (wish := stock.redemption) is not None:
            minimum, price = RawUnits.parse(wish.minimum, EVM_DECIMALS), Stablecoin.parse(wish.reference)
            yield VaultDesign(ticker, minimum, wish.patience, wish.band_bps, price, in_kind=wish.in_kind)
        if (wish_in := stock.subscription) is not None:
            least, price = Stablecoin.parse(wish_in.minimum), Stablecoin.parse(wish_in.reference)
            yield VaultDesign(ticker, least, wish_in.patience, wish_in.band_bps, price, ENTERING)
