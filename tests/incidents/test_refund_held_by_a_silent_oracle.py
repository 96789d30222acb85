"""A sanctions oracle that fell silent, or was suspended, kept the refunds of subscribers whom an open stock had never
met: they were neither blocked nor frozen, and what waited could be called back and not be fetched."""

import pytest
from eth_utils import keccak
from support.contract_calls import MAX, Handle, deploy, named
from support.issuance_world import ADMIN, COMPLIANCE, DOCUMENT, ISSUER, REASON
from support.redemption_world import PRICE, fresh
from support.subscription_world import COINS, TERMS, Subscription

from scrip.evm.compiled.artifacts import artifact

SILENT = 2
DAVE = named("dave")
"""Nobody's wallet."""


@pytest.fixture
def entered(subscription: Subscription) -> Subscription:
    """Dave has paid in for an open stock, by the oracle's leave."""
    world = subscription
    world.oracle = deploy("MockSanctionsOracle")
    world.registry.setSanctionsOracle(world.oracle, sender=ADMIN)
    stock = world.factory.createStock("Apple", "AAPL", "US0378331005", 1, 1, sender=ISSUER)
    at = world.entries.createVault(stock, world.coin, *TERMS, PRICE, sender=ADMIN)
    for role in ("VAULT", "MINTER"):
        world.roles.grantRole(keccak(text=role), at, sender=ADMIN)
    world.entry = Handle(at, list(artifact("SubscriptionVault").abi))
    world.coin.mint(DAVE, COINS)
    world.coin.approve(world.entry, MAX, sender=DAVE)
    world.pay_in(account=DAVE)
    return world


@pytest.mark.parametrize("how", ["silent", "suspended"])
def test_it_is_paid_back(entered: Subscription, how: str) -> None:
    if how == "silent":
        entered.oracle.setAnswer(DAVE, SILENT)
    else:
        entered.registry.suspendSanctionsOracle(sender=COMPLIANCE)
    entered.entry.cancelDepositRequest(0, DAVE, sender=DAVE)
    entered.entry.claimCancelDepositRequest(0, DAVE, DAVE, sender=DAVE)
    assert entered.coin.balanceOf(DAVE) == COINS


def test_a_block_holds_it_all_the_same(entered: Subscription) -> None:
    entered.registry.blockWallet(fresh(), DAVE, REASON, DOCUMENT, sender=COMPLIANCE)
    entered.entry.cancelDepositRequest(0, DAVE, sender=DAVE)
    assert entered.entry.claimAll([DAVE], sender=DAVE) == 0
