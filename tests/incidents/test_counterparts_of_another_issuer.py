"""What a contract is told to rely on was taken without a look: implementations with the feed of another issuer, or with
an account as their feed, were pinned, and 10^30 units were minted on their yes. Actions, feed and market took such
counterparts too. Each must answer to the same role table, and feed and actions must name each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from support.contract_calls import ZERO, Handle, deploy, deploy_implementation, deploy_registry, named, refuses
from support.contract_stubs import deploy_stub
from support.issuance_world import ADMIN, ALICE, MINTER, Issuance

WALLET = named("wallet")


@dataclass(frozen=True)
class Another:
    """The contracts of another issuer, whole and wired."""

    roles: Handle
    registry: Handle
    feed: Handle
    actions: Handle


@pytest.fixture
def another() -> Another:
    roles = deploy("Roles")
    registry, feed = deploy_registry(roles), deploy("ReserveFeed", roles)
    return Another(roles, registry, feed, deploy("CorporateActions", roles, registry, feed))


def pin(suite: Issuance, **changes: Any) -> None:
    """The timelock pins implementations with other counterparts."""
    parts = {"roles": suite.roles, "registry": suite.registry, "actions": suite.actions, "feed": suite.feed} | changes
    made = [deploy_implementation(mode, *parts.values()) for mode in (0, 1, 2)]
    suite.beacon.pin(*made, sender=ADMIN)


def yes(roles: Handle, actions: Any) -> Handle:
    """A feed that says yes to every mint."""
    return deploy_stub("feed", roles, actions)


def test_the_suites_own_are_pinned(suite: Issuance) -> None:
    pin(suite)


def test_no_feed_of_another_role_table_is_pinned(suite: Issuance, another: Another) -> None:
    for feed in (another.feed, yes(another.roles, suite.actions), WALLET):
        with refuses("beacon: wrong feed"):
            pin(suite, feed=feed)
    with refuses("reserve: insufficient"):
        suite.stock.mint(ALICE, 10**30, sender=MINTER)


def test_no_feed_of_another_role_table_is_pinned_that_our_actions_tell(suite: Issuance, another: Another) -> None:
    """Each names the other: the role table alone is wrong, and with it whoever judges the reserve."""
    at = named("actions that tell another feed")
    feed = deploy_stub("feed", another.roles, at)
    deploy_stub("actions", suite.roles, feed, suite.registry, at=at)
    with refuses("beacon: wrong feed"):
        pin(suite, feed=feed, actions=at)


def test_no_feed_is_pinned_that_the_actions_do_not_tell_of_splits(suite: Issuance) -> None:
    with refuses("beacon: wrong feed"):
        pin(suite, feed=yes(suite.roles, suite.actions))


def test_no_actions_of_others_are_pinned(suite: Issuance, another: Another) -> None:
    for actions in (another.actions, deploy_stub("actions", another.roles, suite.feed, suite.registry), WALLET):
        with refuses("beacon: wrong actions"):
            pin(suite, actions=actions)


def test_no_actions_are_pinned_that_the_feed_does_not_listen_to_or_of_another_register(
    suite: Issuance, another: Another
) -> None:
    second = deploy("CorporateActions", suite.roles, suite.registry, suite.feed)
    elsewhere = deploy_stub("actions", suite.roles, suite.feed, another.registry)
    for actions in (second, elsewhere):
        with refuses("beacon: wrong actions"):
            pin(suite, actions=actions)


def test_no_implementation_of_another_role_table_is_pinned(suite: Issuance, another: Another) -> None:
    with refuses("beacon: wrong roles"):
        pin(suite, roles=another.roles)


def test_a_feed_takes_its_actions_from_its_own_suite_alone(suite: Issuance, another: Another) -> None:
    fresh = deploy("ReserveFeed", suite.roles)
    foreign = deploy_stub("actions", another.roles, fresh, suite.registry)
    for actions in (WALLET, ZERO, suite.actions, another.actions, foreign):
        with refuses("reserve: bad actions"):
            fresh.setActions(actions, sender=ADMIN)
    fresh.setActions(deploy("CorporateActions", suite.roles, suite.registry, fresh), sender=ADMIN)


def test_actions_and_market_are_born_with_their_own_suite_alone(suite: Issuance, another: Another) -> None:
    for wrong in (WALLET, ZERO, another.feed):
        with refuses("actions: bad feed"):
            deploy("CorporateActions", suite.roles, suite.registry, wrong)
    for wrong in (WALLET, ZERO, another.registry):
        with refuses("actions: bad registry"):
            deploy("CorporateActions", suite.roles, wrong, suite.feed)
        with refuses("market: bad registry"):
            deploy("PrimaryMarket", suite.roles, wrong, named("treasury"))
