"""The world of dividend_world with a WindUp and a second stock, `other`, and ends to open in it.

Alice holds SUPPLY of the stock, Bob and Carol a tenth of it each. An end takes effect at END and expires at EXPIRY;
cash is paid in the mock stablecoin at par, out of the treasury.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from eth_utils import keccak
from support.book_terms import NO_CHANGE, NONE
from support.contract_calls import MAX, Handle, deploy, named, now, set_clock, word32
from support.dividend_world import SOURCE, Dividends
from support.issuance_world import ADMIN, DAY, DESK, DOCUMENT, MINTER, REASON, START, TREASURY, WAD, YEAR

ESCHEAT = named("state treasurer")
END = START + 20 * DAY
EXPIRY = END + 3 * YEAR + DAY
CASH = {"pay": END, "expiry": EXPIRY, "currency": "USD", "rate": WAD, "source": SOURCE}
FIELDS = (
    *("action", "status", "endAt", "expiry", "funder", "coin", "cashNum", "cashDen", "other", "stockNum", "stockDen"),
    *("supply", "cash", "cashParked", "stock", "stockParked"),
)
OPENED, ARMED, CLOSED = 1, 2, 3

_references = count(1)


class Endings(Dividends):
    """The suite with `windup`, which holds VAULT, and `other`, of which the treasury may be minted units."""

    def __init__(self) -> None:
        super().__init__()
        self.other = self.create_stock("US0000000777")
        self.configure(self.other)
        self.windup = deploy("WindUp", self.roles, self.registry, self.book, ESCHEAT)
        self.roles.grantRole(keccak(text="VAULT"), self.windup, sender=ADMIN)
        self.coin.approve(self.windup, MAX, sender=TREASURY)
        for coin in (self.coin,):
            coin.mint(TREASURY, 10**15)

    # --- the desk ---

    def announce_end(
        self, code: str = "LIQU", price: int = 12 * WAD, coin: Handle | None = None, **terms: Any
    ) -> bytes:
        """Announce what ends the stock, at a price a share in cash unless told otherwise; its id."""
        stock = terms.pop("token", self.stock)
        return self.book.announce(
            stock,
            code,
            word32(f"end {next(_references)}"),
            self.end_terms(code, price, coin, **terms),
            NO_CHANGE,
            sender=DESK,
        )

    def end_terms(self, code: str, price: int = 12 * WAD, coin: Handle | None = None, **terms: Any) -> tuple[Any, ...]:
        """The book's terms of an end."""
        cash = CASH | {
            "coin": self.coin.address if coin is None else coin.address,
            "gross" if code == "MRGR" else "price": price,
        }
        given = NONE | (cash if price else {"pay": END, "expiry": EXPIRY}) | terms
        return tuple(given.values())

    def opened(self, code: str = "LIQU", price: int = 12 * WAD, coin: Handle | None = None, **terms: Any) -> bytes:
        """An end that is announced and opened; the action's id."""
        id = self.announce_end(code, price, coin, **terms)
        self.windup.open(id, sender=DESK)
        return id

    def armed(self, code: str = "LIQU", price: int = 12 * WAD, coin: Handle | None = None, **terms: Any) -> bytes:
        """An end that is funded, the clock at its effect."""
        id = self.opened(code, price, coin, **terms)
        set_clock(max(now(), END))
        self.windup.arm(self.stock, sender=TREASURY)
        return id

    def stock_for(self, units: int, account: str = TREASURY) -> None:
        """Units of the other stock in the treasury, which must be cleared to be minted any."""
        self.registry.onboard(
            word32("treasury"), [(77, account, 840, 1, START + 50 * YEAR)], sender=named("compliance")
        )
        self.other.mint(account, units, sender=MINTER)

    def sweep(self, *accounts: str) -> int:
        """The desk sweeps."""
        return self.windup.sweep(self.stock, list(accounts), REASON, DOCUMENT, sender=DESK)

    # --- what is there ---

    def ending(self) -> dict[str, Any]:
        """The stock's end by field."""
        return dict(zip(FIELDS, self.windup.ending(self.stock), strict=True))

    def money(self, *accounts: str) -> list[int]:
        """Base units of the coin of each."""
        return [self.coin.balanceOf(account) for account in accounts]
