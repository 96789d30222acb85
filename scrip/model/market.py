"""The primary market and the stablecoin that settles it: instant mint and redeem on the issuer's quotes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from scrip.errors import Refusal
from scrip.instructions import TREASURY, Mint, Redeem, Side
from scrip.model.token import Token


@dataclass(slots=True)
class Market:
    """Settlement balances are in the stablecoin's smallest units."""

    assets: Collection[str]
    signers: Collection[str]
    paused: bool = False
    used: set[str] = field(default_factory=set)
    coins: dict[str, int] = field(default_factory=dict)

    def fund(self, account: str, amount: int) -> None:
        """Stablecoin out of nothing."""
        self.coins[account] = self.coins.get(account, 0) + amount

    def mint(self, order: Mint, token: Token | None, now: int) -> None:
        """Refuses, in order: as _check_quote, the stablecoin, the token's mint."""
        stock = self._check_quote(order, "mint", token, now)
        self._check_coins(order.account, order.settlement.value)
        stock.mint(order.account, order.amount.value, now)
        self._settle(order.account, TREASURY, order)

    def redeem(self, order: Redeem, token: Token | None, now: int) -> None:
        """Refuses, in order: as _check_quote, the token's burn, the stablecoin."""
        stock = self._check_quote(order, "redeem", token, now)
        stock.check_burn(order.account, order.amount.value, now)
        self._check_coins(TREASURY, order.settlement.value)
        stock.burn(order.account, order.amount.value, now)
        self._settle(TREASURY, order.account, order)

    def _check_quote(self, order: Mint | Redeem, side: Side, token: Token | None, now: int) -> Token:
        """Refuses, in order: paused, wrong side, not your quote, quote expired, asset not listed, unknown stock,
        multiplier changed, quote used, not a quote signer, bad signature."""
        quote = order.quote
        if self.paused:
            raise Refusal("market: paused")
        if (quote.side or side) != side:
            raise Refusal("market: wrong side")
        if (order.by or order.account) != order.account:
            raise Refusal("market: not your quote", order.by)
        if now >= quote.expiry:
            raise Refusal("market: quote expired", f"{now - quote.expiry} s ago")
        if quote.asset not in self.assets:
            raise Refusal("market: asset not listed", quote.asset)
        if token is None:
            raise Refusal("market: unknown stock", order.stock)
        generation = token.multiplier.settled(now).generation
        if quote.generation != generation:
            raise Refusal("market: multiplier changed", f"quoted at generation {quote.generation}, now {generation}")
        if quote.id in self.used:
            raise Refusal("market: quote used", quote.id)
        if quote.signer not in self.signers:
            raise Refusal("market: not a quote signer", quote.signer)
        if quote.forged:
            raise Refusal("market: bad signature", quote.id)
        return token

    def _check_coins(self, payer: str, amount: int) -> None:
        if self.coins.get(payer, 0) < amount:
            raise Refusal("stablecoin: insufficient", f"{payer} has {self.coins.get(payer, 0)} of {amount}")

    def _settle(self, payer: str, payee: str, order: Mint | Redeem) -> None:
        self.coins[payer] = self.coins.get(payer, 0) - order.settlement.value
        self.fund(payee, order.settlement.value)
        self.used.add(order.quote.id)
