"""The world of issuance_world with a vault for its stock and its mock stablecoin, and officers for both.

Alice holds SUPPLY and is investor 1, Bob 2, Carol 3; "alice's other" is a second wallet of Alice's, Mallory is nobody.
The price is 400 stablecoin for 10**18 raw units.
"""

from __future__ import annotations

from itertools import count

from eth_utils import keccak
from support.contract_calls import MAX, Handle, deploy, deploy_blueprint, named, now, set_clock, word32
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    DAY,
    DOCUMENT,
    HOUR,
    MINTER,
    PAUSER,
    REASON,
    SIGNER,
    SUPPLY,
    TREASURY,
    WAD,
    Issuance,
    deploy_stub,
)

from scrip.evm.compiled.artifacts import artifact

ENFORCER, RECOVERER = named("enforcer"), named("recoverer")
OTHER = named("alice's other")
DESK = SIGNER.address.lower()
PRICE = 400 * 10**6
MINIMUM, PATIENCE, BAND = 5 * WAD, 7 * DAY, 2_000
TERMS = (MINIMUM, PATIENCE, BAND)

_serial = count(1)


def fresh() -> bytes:
    """A key that nothing has used."""
    return word32(f"redemption {next(_serial)}")


class Redemption(Issuance):
    """The suite with `vaults` (the factory) and `vault`, which holds VAULT and may take from the treasury."""

    def __init__(self) -> None:
        super().__init__()
        for account, role in ((ENFORCER, "ENFORCER"), (RECOVERER, "RECOVERER")):
            self.roles.grantRole(keccak(text=role), account, sender=ADMIN)
        parts = (self.roles, self.registry, self.market)
        self.vaults = deploy("VaultFactory", *parts, deploy_blueprint("RequestVault"))
        self.vault = self.create_vault(self.coin)
        self.registry.linkWallet(word32("other"), 1, OTHER, sender=COMPLIANCE)
        for wallet in (BOB, CAROL):
            self.stock.mint(wallet, 100 * WAD, sender=MINTER)

    def create_vault(self, coin: Handle, stock: Handle | None = None, price: int = PRICE) -> Handle:
        """A vault that works: it has its role, and the treasury's approval."""
        if not self.market.assetListed(coin):
            self.market.listAsset(coin, True, sender=ADMIN)
        address = self.vaults.createVault(stock or self.stock, coin, *TERMS, price, sender=ADMIN)
        self.roles.grantRole(keccak(text="VAULT"), address, sender=ADMIN)
        coin.approve(address, MAX, sender=TREASURY)
        return Handle(address, list(artifact("RequestVault").abi))

    def unruly(self, decimals: int = 6) -> tuple[Handle, Handle]:
        """A stablecoin that misbehaves when told to, of which the treasury has plenty, and a vault for it."""
        coin = deploy_stub("UnrulyCoin", decimals)
        coin.mint(TREASURY, 10**9 * 10**decimals)
        return coin, self.create_vault(coin, price=400 * 10**decimals)

    # --- what people do ---

    def ask(self, amount: int = 10 * WAD, account: str = ALICE, vault: Handle | None = None) -> None:
        """A holder asks for itself."""
        (vault or self.vault).requestRedeem(amount, account, account, sender=account)

    def price(self, price: int = PRICE, vault: Handle | None = None) -> bytes:
        """The desk strikes a second later, for an hour; the key."""
        set_clock(now() + 1)
        key = fresh()
        (vault or self.vault).strike(key, price, now() + HOUR, sender=DESK)
        return key

    def fill(self, *controllers: str, vault: Handle | None = None, price: int = PRICE) -> int:
        """The desk strikes and fills; units burnt."""
        key = self.price(price, vault)
        return (vault or self.vault).fill(key, list(controllers), sender=DESK)

    def waiting(self, account: str = ALICE) -> int:
        """Units that wait."""
        return self.vault.pendingRedeemRequest(0, account)

    # --- what happens to people ---

    def lapse(self, investor: int = 1) -> None:
        """An investor's clearance ends."""
        self.registry.renew(fresh(), investor, now(), sender=COMPLIANCE)

    def block(self, investor: int = 1) -> None:
        """An investor is blocked."""
        self.registry.block(fresh(), investor, REASON, DOCUMENT, sender=COMPLIANCE)

    def freeze(self, account: str = ALICE, frozen: bool = True) -> None:
        """An account is frozen, or released."""
        self.stock.setFrozen(account, frozen, REASON, DOCUMENT, fresh(), sender=ENFORCER)

    def pause(self) -> None:
        """The stock is paused."""
        self.stock.pause(sender=PAUSER)

    def halt(self) -> None:
        """The fleet is halted."""
        self.beacon.halt(sender=named("guardian"))

    def recover(self, old: str = ALICE, new: str = named("alice's new"), investor: int = 1) -> str:
        """A lost wallet is replaced; the new one."""
        stocks = [self.stock.address]
        self.registry.recoverWallet(fresh(), investor, old, new, REASON, DOCUMENT, stocks, sender=RECOVERER)
        return new

    def check(self, *accounts: str, vault: Handle | None = None, coin: Handle | None = None) -> None:
        """What the vault says it holds and owes is there, and is the sum over the accounts."""
        vault, coin = vault or self.vault, coin or self.coin
        everyone = {ALICE, BOB, CAROL, OTHER, *accounts}
        units = sum(vault.pendingRedeemRequest(0, one) + vault.claimableCancelRedeemRequest(0, one) for one in everyone)
        assert vault.totalRequested() == units <= self.stock.balanceOf(vault)
        assert vault.totalAssets() <= coin.balanceOf(vault)


__all__ = ["ADMIN", "ALICE", "BOB", "CAROL", "SUPPLY", "Redemption"]
