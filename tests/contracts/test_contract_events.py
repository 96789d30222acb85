"""Events that an auditor reads and no test of their subject looks at whole: each with its emitter and every field."""

from __future__ import annotations

from typing import Any

import pytest
from support.contract_calls import Event, Handle, named, now, set_clock, word32
from support.contract_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    DAY,
    DOCUMENT,
    ENFORCER,
    EXPIRY,
    GUARDIAN,
    HALTED,
    HELD,
    NORMAL,
    PAUSER,
    REASON,
    RETAIL,
    World,
    deploy_implementation,
    fresh_key,
)
from support.issuance_world import Issuance

WHY = {"reason": REASON, "document": DOCUMENT}
KEY = word32("a key of its own")


def said(by: Handle, **events: dict[str, Any]) -> list[Event]:
    """Events of one contract, in order."""
    return [Event(by.address, name, values) for name, values in events.items()]


def used(by: Handle, key: bytes = KEY) -> list[Event]:
    """That a key has served."""
    return [Event(by.address, "KeyUsed", {"key": key})]


def updated(registry: Handle, country: int = 840, investor_class: int = RETAIL, expiry: int = EXPIRY) -> list[Event]:
    """An investor's record as it is now."""
    record = {"investor": 1, "country": country, "investor_class": investor_class, "expiry": expiry}
    return said(registry, InvestorUpdated=record)


def one_of(suite: Issuance, name: str) -> list[Event]:
    """What the actions had the feed and the stock say by this name."""
    return [one for one in suite.actions.events(suite.feed, suite.stock) if one.name == name]


# --- the register ----------------------------------------------------------------------------------------------------


def test_a_renewal_and_a_profile_say_the_whole_record(world: World) -> None:
    registry = world.registry
    registry.renew(KEY, 1, EXPIRY + 5, sender=COMPLIANCE)
    assert registry.events() == used(registry) + updated(registry, expiry=EXPIRY + 5)
    other = fresh_key()
    registry.setProfile(other, 1, 276, 2, sender=COMPLIANCE)
    assert registry.events() == used(registry, other) + updated(registry, 276, 2, EXPIRY + 5)


def test_a_block_and_its_end_say_why(world: World) -> None:
    registry, other = world.registry, fresh_key()
    registry.block(KEY, 1, REASON, DOCUMENT, sender=COMPLIANCE)
    assert registry.events(world.stock) == used(registry) + said(registry, InvestorBlocked={"investor": 1} | WHY)
    registry.unblock(other, 1, REASON, DOCUMENT, sender=COMPLIANCE)
    assert registry.events() == used(registry, other) + said(registry, InvestorUnblocked={"investor": 1} | WHY)


def test_a_cancelled_attestation_and_a_dropped_provider(world: World) -> None:
    registry, provider = world.registry, named("a provider")
    registry.cancelAttestation(7, sender=provider)
    assert registry.events() == said(registry, AttestationCancelled={"provider": provider, "nonce": 7})
    registry.dropProvider(provider, REASON, DOCUMENT, sender=COMPLIANCE)
    assert registry.events() == said(registry, ProviderDropped={"provider": provider} | WHY)


def test_limits_their_counting_and_their_end(world: World) -> None:
    registry, token = world.registry, {"token": world.stock.address}
    world.stock.pause(sender=PAUSER)
    limits = {"most": 9, "maximum": 5 * HELD, "minimum": 2}
    registry.setHolderLimits(world.stock, *limits.values(), sender=ADMIN)
    assert registry.events(world.stock)[-1:] == said(registry, HolderLimitsSet=token | limits)
    registry.seedHolders(world.stock, [ALICE], sender=COMPLIANCE)
    assert registry.events(world.stock) == said(registry, HoldersSeeded=token | {"left": HELD})
    registry.seedHolders(world.stock, [BOB], sender=COMPLIANCE)
    assert registry.events(world.stock) == said(registry, HoldersSeeded=token | {"left": 0})
    registry.removeHolderLimits(world.stock, sender=ADMIN)
    assert registry.events(world.stock)[-1:] == said(registry, HolderLimitsRemoved=token)


# --- a stock ---------------------------------------------------------------------------------------------------------


def test_what_an_enforcer_does_says_why_by_which_key(world: World) -> None:
    stock = world.stock
    why = used(stock) + said(stock, Enforced={"account": ALICE, "key": KEY} | WHY)
    stock.setFrozenTokens(ALICE, 5, REASON, DOCUMENT, KEY, sender=ENFORCER)
    assert stock.events() == why + said(stock, Frozen={"account": ALICE, "amount": 5})
    other = fresh_key()
    why = used(stock, other) + said(stock, Enforced={"account": ALICE, "key": other} | WHY)
    stock.forcedTransfer(ALICE, BOB, HELD - 2, REASON, DOCUMENT, other, sender=ENFORCER)
    assert stock.events() == why + said(
        stock,
        Frozen={"account": ALICE, "amount": 2},
        Transfer={"sender": ALICE, "receiver": BOB, "value": HELD - 2},
        ForcedTransfer={"sender": ALICE, "to": BOB, "amount": HELD - 2},
    )


def test_a_freeze_says_which_key_has_served(world: World) -> None:
    world.stock.setFrozen(CAROL, True, REASON, DOCUMENT, KEY, sender=ENFORCER)
    frozen = {"account": CAROL, "frozen": True} | WHY
    assert world.stock.events() == used(world.stock) + said(world.stock, AccountFrozen=frozen)


# --- the fleet -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [NORMAL, HALTED])
def test_a_pin_says_all_three_and_the_one_that_counts(world: World, mode: int) -> None:
    beacon = world.beacon
    if mode == HALTED:
        beacon.halt(sender=GUARDIAN)
        implementation = world.implementations[HALTED].address
        assert beacon.events() == said(beacon, ModeChanged={"mode": HALTED, "implementation": implementation})
    actions = named("other actions")
    feed = world.deploy_counterparts(actions)
    new = [deploy_implementation(one, world.roles, world.registry, actions, feed) for one in range(3)]
    beacon.pin(*new, sender=ADMIN)
    pinned = dict(zip(("normal", "strict", "halted"), (one.address for one in new), strict=True))
    assert beacon.events() == said(
        beacon, Pinned=pinned, ModeChanged={"mode": mode, "implementation": new[mode].address}
    )


# --- the reserve -----------------------------------------------------------------------------------------------------


def test_a_split_and_a_basis_that_is_set_are_said_whole(suite: Issuance) -> None:
    token, at = {"token": suite.stock.address}, now() + 3 * DAY
    suite.schedule("SPLF", num=3, den=2, effectiveAt=at)
    step = token | {"num": 3, "den": 2, "counter": 1, "effectiveAt": at, "fold": False}
    assert one_of(suite, "StepSet") == said(suite.feed, StepSet=step)
    set_clock(at)
    suite.adopt()
    assert suite.feed.events() == said(suite.feed, BasisSet=token | {"num": 3, "den": 2, "counter": 1})


def test_a_correction_says_that_receivables_are_dropped(suite: Issuance) -> None:
    suite.take_effect(suite.schedule())
    terms = suite.terms()
    order = (suite.stock, word32("correction"), terms[0] * 9 // 10, now() + 2 * DAY, REASON, DOCUMENT)
    suite.actions.correct(*order, sender=ADMIN)
    assert one_of(suite, "ReceivablesDropped") == said(suite.feed, ReceivablesDropped={"token": suite.stock.address})
