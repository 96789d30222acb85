"""The suite of contracts, deployed and wired in the one order that works."""

from __future__ import annotations

from dataclasses import dataclass

from eth_utils import keccak

from scrip.evm.abi import ZERO_ADDRESS
from scrip.evm.chain import Chain, Contract
from scrip.instructions import ISSUER, TREASURY
from scrip.roles import EVM_ROLES

DEPLOYER = "deployer"
"""Deploys and wires, and holds nothing afterwards."""
ADMIN = bytes(32)
OPERATIONS = EVM_ROLES
"""Roles that people hold. MINTER is the market's and FACTORY the factory's."""
MODES = ("NORMAL", "STRICT", "HALTED")
TIMELOCK_DELAY = 48 * 3600
"""Seconds between a proposal and its execution."""
UNLIMITED = 2**256 - 1


def role(name: str) -> bytes:
    """A role's id: the keccak-256 of its name."""
    return keccak(text=name)


@dataclass(frozen=True, slots=True)
class Suite:
    """The deployed contracts. `implementations` are the StockToken's three modes, in order."""

    roles: Contract
    timelock: Contract
    registry: Contract
    feed: Contract
    actions: Contract
    implementations: tuple[Contract, ...]
    beacon: Contract
    factory: Contract
    market: Contract
    stablecoin: Contract


def deploy_suite(chain: Chain, issuer: str = ISSUER, treasury: str = TREASURY) -> Suite:
    """Deploy everything. The issuer holds every operational role and, until hand_over, the administrator's."""

    def new(name: str, *args: object) -> Contract:
        return chain.deploy(name, *args, sender=DEPLOYER)

    def send(contract: Contract, function: str, *args: object, sender: str = DEPLOYER) -> None:
        chain.send(contract, function, *args, sender=sender)

    stablecoin = new("MockStablecoin")
    roles = new("Roles")
    # Anyone may execute what is ripe; the timelock administers itself.
    timelock = new("Timelock", TIMELOCK_DELAY, [chain.address(issuer)], [ZERO_ADDRESS], ZERO_ADDRESS)
    registry = new("ComplianceRegistry", roles.address)
    feed = new("ReserveFeed", roles.address, ZERO_ADDRESS)
    actions = new("CorporateActions", roles.address, registry.address, feed.address)
    implementations = tuple(
        new("StockToken", mode, roles.address, registry.address, actions.address, feed.address)
        for mode in range(len(MODES))
    )
    beacon = new("StockBeacon", roles.address, registry.address, *(one.address for one in implementations))
    blueprint = chain.blueprint("StockProxy", sender=DEPLOYER)
    factory = new("StockFactory", roles.address, registry.address, beacon.address, blueprint)
    market = new("PrimaryMarket", roles.address, registry.address, chain.address(treasury))

    send(feed, "setActions", actions.address)
    send(registry, "setBeacon", beacon.address)
    send(market, "listAsset", stablecoin.address, True)
    send(roles, "grantRole", role("FACTORY"), factory.address)
    send(roles, "grantRole", role("MINTER"), market.address)
    for operation in OPERATIONS:
        send(roles, "grantRole", role(operation), chain.address(issuer))
    send(roles, "grantRole", ADMIN, chain.address(issuer))
    send(roles, "renounceRole", ADMIN, chain.address(DEPLOYER))
    send(stablecoin, "approve", market.address, UNLIMITED, sender=treasury)

    suite = Suite(roles, timelock, registry, feed, actions, implementations, beacon, factory, market, stablecoin)
    for name in ("timelock", "registry", "feed", "actions", "market", "stablecoin"):
        chain.label(name, getattr(suite, name))
    return suite


def hand_over(chain: Chain, suite: Suite, issuer: str = ISSUER) -> None:
    """Give the administrator's role to the timelock and take it from the issuer: from here on it waits its delay."""
    chain.send(suite.roles, "grantRole", ADMIN, suite.timelock.address, sender=issuer)
    chain.send(suite.roles, "renounceRole", ADMIN, chain.address(issuer), sender=issuer)
