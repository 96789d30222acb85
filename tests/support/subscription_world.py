"""The world of redemption_world with a vault into its stock, for its mock stablecoin.

Alice, Bob and Carol are cleared and have 10**12 of the coin and more; they have approved the vault. The price is 400.
"""

from __future__ import annotations

from eth_utils import keccak
from support.contract_calls import MAX, Handle, deploy, deploy_blueprint, named, now, set_clock
from support.issuance_world import ADMIN, ALICE, BOB, CAROL, HOUR, TREASURY
from support.redemption_world import DESK, OTHER, PRICE, Redemption, fresh

from scrip.evm.compiled.artifacts import artifact

COINS = 4_000 * 10**6
"""What people pay in, unless told otherwise: ten tokens' worth."""
LEAST, PATIENCE, BAND = 100 * 10**6, 7 * 86_400, 2_000
TERMS = (LEAST, PATIENCE, BAND)
PEOPLE = (ALICE, BOB, CAROL, OTHER)


class Subscription(Redemption):
    """The suite with `entries` (the factory of ways in) and `entry`, which holds MINTER and VAULT."""

    def __init__(self) -> None:
        super().__init__()
        parts = (self.roles, self.registry, self.market)
        self.entries = deploy("VaultFactory", *parts, deploy_blueprint("SubscriptionVault"))
        self.entry = self.create_entry(self.coin)

    def create_entry(self, coin: Handle, price: int = PRICE) -> Handle:
        """A vault that works, and whom everybody lets take their coins."""
        if not self.market.assetListed(coin):
            self.market.listAsset(coin, True, sender=ADMIN)
        address = self.entries.createVault(self.stock, coin, *TERMS, price, sender=ADMIN)
        for role in ("VAULT", "MINTER"):
            self.roles.grantRole(keccak(text=role), address, sender=ADMIN)
        for one in PEOPLE:
            coin.mint(one, 10**12)
            coin.approve(address, MAX, sender=one)
        return Handle(address, list(artifact("SubscriptionVault").abi))

    # --- what people do ---

    def pay_in(self, assets: int = COINS, account: str = ALICE) -> None:
        """An investor subscribes for itself."""
        self.entry.requestDeposit(assets, account, account, sender=account)

    def price_in(self, price: int = PRICE) -> bytes:
        """The desk strikes a second later, for an hour; the key."""
        set_clock(now() + 1)
        key = fresh()
        self.entry.strike(key, price, now() + HOUR, sender=DESK)
        return key

    def fill_in(self, *controllers: str, price: int = PRICE) -> int:
        """The desk strikes and fills; units made."""
        key = self.price_in(price)
        return self.entry.fill(key, list(controllers), sender=DESK)

    def check_in(self, *accounts: str, coin: Handle | None = None) -> None:
        """What the vault says it holds and owes is there, and is the sum over the accounts."""
        vault, everyone = self.entry, {*PEOPLE, *accounts}
        waits = [vault.pendingDepositRequest(0, one) + vault.claimableCancelDepositRequest(0, one) for one in everyone]
        assert vault.totalRequested() == sum(waits) <= (coin or self.coin).balanceOf(vault)
        assert vault.totalClaimable() == sum(map(vault.claimableShares, everyone)) <= self.stock.balanceOf(vault)


__all__ = ["ALICE", "BOB", "CAROL", "COINS", "DESK", "LEAST", "OTHER", "PATIENCE", "TREASURY", "Subscription", "named"]
