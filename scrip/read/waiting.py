"""What is open between the issuer and investors: signed quotes, and requests that wait in vaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.evm.vaults import ENTERING, LEAVING
from scrip.flows import market, redemption, subscriptions
from scrip.labels import asset_label
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, RawUnits, Shares, Stablecoin


@dataclass(frozen=True, slots=True)
class QuoteFacts:
    """A quote that was signed at this desk: what for, at which price of a share in the coin, and how it stands.

    `status` is "open", "used", "revoked", "expired", or "void" once the multiplier has changed.
    """

    network: str
    reference: str
    side: str
    stock: str
    account: str
    tokens: str
    shares: Shares
    settlement: str
    price: str
    fee: str
    expiry: int
    status: str

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "reference": "reference",
        "status": "status",
        "side": "side",
        "stock": "stock",
        "tokens": "tokens",
        "shares": "shares",
        "settlement": "settlement",
        "price": "price a share",
        "account": "account",
        "expiry": "good until",
    }

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "network": self.network,
            "reference": self.reference,
            "side": self.side,
            "stock": self.stock,
            "account": self.account,
            "tokens": self.tokens,
            "shares": str(self.shares),
            "settlement": self.settlement,
            "price": self.price,
            "fee": self.fee,
            "expiry": moment(self.expiry),
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What a vault has of one controller: `kind` is "redemption" or "subscription".

    `waiting` counts in `unit`, tokens to redeem or a coin to invest, since the UTC second `since`; `called_back` in the
    same, `claimable` in the other. `late` is one for which anybody may stop new mints or send it back; `held` one that
    is not filled now; `delivery` names whose custody account gets the shares themselves.
    """

    network: str
    kind: str
    stock: str
    coin: str
    vault: str
    controller: str
    unit: str
    waiting: str
    since: int
    called_back: str
    claimable: str
    late: bool
    held: bool
    delivery: str = ""

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "kind": "kind",
        "stock": "stock",
        "coin": "coin",
        "controller": "controller",
        "waiting": "waits",
        "unit": "of",
        "since": "since",
        "called_back": "called back",
        "claimable": "to fetch",
        "late": "late",
        "held": "held",
    }

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "network": self.network,
            "kind": self.kind,
            "stock": self.stock,
            "coin": self.coin,
            "vault": self.vault,
            "controller": self.controller,
            "unit": self.unit,
            "waiting": self.waiting,
            "since": moment(self.since) if self.since else "",
            "called_back": self.called_back,
            "claimable": self.claimable,
            "late": "yes" if self.late else "no",
            "held": "yes" if self.held else "no",
            "delivery": self.delivery,
        }


def quotes(network: Network, stock: str = "", every: bool = False) -> list[QuoteFacts]:
    """The quotes that were signed at this desk and are open, or `every` one, the first to expire first."""
    found = [one for one in market.offers(network, every) if stock in ("", one.quote.stock)]
    return [
        QuoteFacts(
            network.manifest.network,
            one.quote.id,
            one.quote.side,
            one.quote.stock,
            network.views().name(one.quote.account),
            one.quote.amount,
            one.shares,
            one.quote.settlement,
            one.price,
            str(one.quote.fee),
            one.quote.expiry,
            one.state,
        )
        for one in found
    ]


def requests(network: Network, stocks: Sequence[str]) -> list[RequestFacts]:
    """What the vaults of stocks have of everybody, the oldest request first.

    None on Solana, where holders redeem on quotes alone.
    """
    if not isinstance(network, EvmNetwork):
        return []
    found = [one for stock in stocks for one in (*_leaving(network, stock), *_entering(network, stock))]
    return sorted(found, key=lambda one: (not one.since, one.since, one.kind, one.stock, one.controller))


def _vaults(network: EvmNetwork, stock: str, kind: object) -> Iterator[tuple[str, str]]:
    """The coins of a stock's vaults of a kind, each with its vault's label."""
    known = network.ledger().vaults
    for place, symbol in enumerate(network.manifest.settlement.assets):
        label = (LEAVING if kind is LEAVING else ENTERING).label(stock, asset_label(place, symbol))
        if label in known:
            yield symbol, label


def _leaving(network: EvmNetwork, stock: str) -> Iterator[RequestFacts]:
    for coin, label in _vaults(network, stock, LEAVING):
        for one in redemption.queue(network, stock, coin).entries:
            had = one.found
            yield RequestFacts(
                network.manifest.network,
                "redemption",
                stock,
                coin,
                label,
                one.controller,
                stock,
                str(RawUnits(had.waiting, EVM_DECIMALS)),
                had.since if had.waiting else 0,
                str(RawUnits(had.called_back, EVM_DECIMALS)),
                str(Stablecoin(had.coins)),
                had.overdue,
                one.held,
                had.delivery,
            )


def _entering(network: EvmNetwork, stock: str) -> Iterator[RequestFacts]:
    for coin, label in _vaults(network, stock, ENTERING):
        for one in subscriptions.queue(network, stock, coin).entries:
            had = one.found
            yield RequestFacts(
                network.manifest.network,
                "subscription",
                stock,
                coin,
                label,
                one.controller,
                coin,
                str(Stablecoin(had.waiting)),
                had.since if had.waiting else 0,
                str(Stablecoin(had.called_back)),
                str(RawUnits(had.units, EVM_DECIMALS)),
                one.late,
                not one.cleared,
            )
