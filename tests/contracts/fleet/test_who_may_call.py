"""Who may call what of a stock: every gated function, by every actor, and that a halt asks for the role first too."""

from collections.abc import Callable

import pytest
from eth_utils import keccak
from support.contract_calls import Handle, Refused, named, refuses
from support.contract_world import (
    ACTIONS,
    ADMIN,
    ALICE,
    BOB,
    DOCUMENT,
    ENFORCER,
    EVERYONE,
    HALTED,
    MINTER,
    NORMAL,
    PAUSER,
    REASON,
    START,
    UNIT,
    UNPAUSER,
    World,
    fresh_key,
)

# function → who may call it, what a stranger is told, and a call that would succeed or be refused for another reason
GATED: dict[str, tuple[str, str, Callable[[Handle, str], object]]] = {
    "mint": (MINTER, "roles: not authorised", lambda s, by: s.mint(ALICE, 1, sender=by)),
    "burn": (MINTER, "roles: not authorised", lambda s, by: s.burn(ALICE, 1, sender=by)),
    "pause": (PAUSER, "roles: not authorised", lambda s, by: s.pause(sender=by)),
    "unpause": (UNPAUSER, "roles: not authorised", lambda s, by: s.unpause(sender=by)),
    "bumpEpoch": (ADMIN, "roles: not authorised", lambda s, by: s.bumpEpoch(sender=by)),
    "openCase": (ENFORCER, "roles: not authorised", lambda s, by: s.openCase(ALICE, REASON, DOCUMENT, sender=by)),
    "closeCase": (ENFORCER, "roles: not authorised", lambda s, by: s.closeCase(ALICE, sender=by)),
    "setFrozen": (
        ENFORCER,
        "roles: not authorised",
        lambda s, by: s.setFrozen(ALICE, True, REASON, DOCUMENT, fresh_key(), sender=by),
    ),
    "setFrozenTokens": (ENFORCER, "roles: not authorised", lambda s, by: s.setFrozenTokens(ALICE, 1, sender=by)),
    "forcedTransfer": (ENFORCER, "roles: not authorised", lambda s, by: s.forcedTransfer(ALICE, BOB, 1, sender=by)),
    "forcedBurn": (
        ENFORCER,
        "roles: not authorised",
        lambda s, by: s.forcedBurn(ALICE, 1, REASON, DOCUMENT, fresh_key(), sender=by),
    ),
    "lock": (
        ENFORCER,
        "roles: not authorised",
        lambda s, by: s.lock(ALICE, 1, START + 9, REASON, DOCUMENT, fresh_key(), sender=by),
    ),
    "releaseLocks": (
        ENFORCER,
        "roles: not authorised",
        lambda s, by: s.releaseLocks(ALICE, REASON, DOCUMENT, fresh_key(), sender=by),
    ),
    "scheduleMultiplier": (
        ACTIONS,
        "token: not the actions",
        lambda s, by: s.scheduleMultiplier(2 * UNIT, 1, 1, START + 9, sender=by),
    ),
    "cancelMultiplier": (ACTIONS, "token: not the actions", lambda s, by: s.cancelMultiplier(sender=by)),
    "escrow": ("", "roles: not authorised", lambda s, by: s.escrow(ALICE, 1, sender=by)),
    "release": ("", "roles: not authorised", lambda s, by: s.release(ALICE, 1, True, sender=by)),
    "deliver": ("", "roles: not authorised", lambda s, by: s.deliver(ALICE, 1, sender=by)),
    "retire": ("", "roles: not authorised", lambda s, by: s.retire(1, sender=by)),
    "setMintsEnd": (ADMIN, "roles: not authorised", lambda s, by: s.setMintsEnd(1, sender=by)),
    "setSuspended": (ADMIN, "roles: not authorised", lambda s, by: s.setSuspended(True, sender=by)),
    "initialize": ("", "roles: not authorised", lambda s, by: s.initialize("X", "X", "US0000000001", 1, 0, sender=by)),
    "setCapped": ("", "token: not the registry", lambda s, by: s.setCapped(True, sender=by)),
    "sync": ("", "token: not the registry", lambda s, by: s.sync(ALICE, 0, sender=by)),
    "recover": ("", "token: not the registry", lambda s, by: s.recover(ALICE, BOB, REASON, DOCUMENT, sender=by)),
}
SIGNED = {"permit", "transferWithAuthorization", "receiveWithAuthorization", "cancelAuthorization"}
OPEN = {"transfer", "transferFrom", "approve"}


def answer(call: Callable[[Handle, str], object], stock: Handle, by: str) -> str:
    """The refusal's name, "" for none."""
    try:
        call(stock, by)
    except Refused as refused:
        return refused.name
    return ""


def test_every_function_that_writes_is_listed(stock: Handle) -> None:
    writers = {e["name"] for e in stock.abi if e["type"] == "function" and e["stateMutability"] not in {"view", "pure"}}
    assert writers == set(GATED) | OPEN | SIGNED


@pytest.mark.parametrize("mode", [NORMAL, HALTED])
@pytest.mark.parametrize("function", sorted(GATED))
def test_a_gated_function_knows_its_caller_before_anything_else(world: World, function: str, mode: int) -> None:
    allowed, refusal, call = GATED[function]
    strangers = [*EVERYONE.values(), named("nobody"), world.stock.address, world.factory.address]
    if mode == HALTED:
        world.halt()
        strangers = strangers[-3:]
    for actor in strangers:
        if actor in {allowed, world.factory.address if function == "initialize" else allowed}:
            continue
        with refuses(refusal):
            call(world.stock, actor)
    if allowed:
        assert answer(call, world.stock, allowed) in {
            "",
            "token: halted",
            "token: not paused",
            "case: none open",
            "lockup: none",
            "token: nothing pending",
        }


def test_a_revoked_role_is_gone_at_once(world: World) -> None:
    world.roles.revokeRole(keccak(text="PAUSER"), PAUSER, sender=ADMIN)
    with refuses("roles: not authorised"):
        world.stock.pause(sender=PAUSER)
    world.roles.grantRole(keccak(text="PAUSER"), BOB, sender=ADMIN)
    world.stock.pause(sender=BOB)
    assert world.stock.paused() is True
