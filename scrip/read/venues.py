"""What stands at venues: pools, lenders and custodial wallets that hold a stock for others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from scrip.chains.network import Network
from scrip.read.investors import investors
from scrip.read.wallets import WalletHolding, holdings

VENUE = "venue"
"""The class of investors who hold for others."""


@dataclass(frozen=True, slots=True)
class VenueFacts:
    """What an account of a venue has of a stock; `name` is the manifest's for the account, "" for none."""

    name: str
    investor: str
    holding: WalletHolding

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "stock": "stock",
        "name": "venue",
        "account": "account",
        "tokens": "tokens",
        "shares": "shares",
    }

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {"name": self.name, "investor": self.investor, **self.holding.as_json()}


def venues(network: Network) -> list[VenueFacts]:
    """What accounts of investors of class `venue` hold, by stock and account."""
    views, found = network.views(), []
    for one in investors(network):
        if one.investor_class == VENUE:
            for account in one.wallets:
                name = views.name(account)
                found += [
                    VenueFacts("" if name == account else name, one.number, held) for held in holdings(network, account)
                ]
    return sorted(found, key=lambda one: (one.holding.stock, one.holding.account))
