"""What corporate actions pay or give by roots: what was funded, and what nobody has fetched yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from scrip.action_codes import BOOK_CODES
from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.flows import dividends
from scrip.preview import moment


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A root of an action: `net` is what holders are due, `unpaid` what of it is not fetched, `withheld` what is kept
    back for tax. Amounts are coins, or units of the stock `units`. From `expiry`, UTC seconds, the rest may be swept.

    `status` is "posted", "funded", "over" or "voided", and "announced" of an action without a root.
    """

    network: str
    stock: str
    code: str
    reference: str
    root: str
    status: str
    stopped: bool
    units: str
    net: str
    unpaid: str
    withheld: str
    remitted: bool
    pay: int
    expiry: int

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "stock": "stock",
        "code": "code",
        "reference": "reference",
        "status": "status",
        "net": "due",
        "unpaid": "not fetched",
        "withheld": "withheld",
        "units": "of",
        "pay": "from",
        "expiry": "until",
    }

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "network": self.network,
            "stock": self.stock,
            "code": self.code,
            "reference": self.reference,
            "root": self.root,
            "status": f"{self.status}, STOPPED" if self.stopped else self.status,
            "units": self.units,
            "net": self.net,
            "unpaid": self.unpaid,
            "withheld": self.withheld,
            "remitted": "yes" if self.remitted else "no",
            "pay": moment(self.pay) if self.pay else "",
            "expiry": moment(self.expiry) if self.expiry else "",
        }


def payments(network: Network, stock: str) -> list[PaymentFacts]:
    """What the actions of a stock pay by roots, in the order of the codes and of their announcement.

    None on Solana, where dividends are reinvested, and where a network pays nothing by roots.
    """
    if not isinstance(network, EvmNetwork):
        return []
    suite = network.suite()
    if suite.book is None or suite.distributor is None:
        return []
    rooted = [code for code, one in BOOK_CODES.items() if one.legs]
    return [one for code in rooted for one in _of_code(network, stock, code)]


def _of_code(network: EvmNetwork, stock: str, code: str) -> Iterator[PaymentFacts]:
    name = network.manifest.network
    for shown in dividends.show(network, stock, code=code):
        head = (name, stock, code, shown.reference)
        terms = shown.cash.terms
        if not shown.parts:
            yield PaymentFacts(
                *head, "", shown.cash.status.lower(), False, "", "0", "0", "0", False, terms.pay, terms.expiry
            )
        for part in shown.parts:
            yield PaymentFacts(
                *head,
                part["id"],
                part["status"],
                bool(part["stopped"]),
                part["units"],
                part["net"],
                part["unpaid"],
                part["withheld"],
                bool(part["remitted"]),
                part["pay"],
                part["expiry"],
            )
