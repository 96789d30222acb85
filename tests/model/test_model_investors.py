from dataclasses import replace

import pytest
from model_world import EXPIRY, START, STOCK, World, units

from scrip.instructions.base import Instruction
from scrip.instructions.investors import (
    Block,
    BlockWallet,
    LinkWallet,
    Onboard,
    Renew,
    Unblock,
    UnblockWallet,
    UnlinkWallet,
)
from scrip.instructions.transfers import Transfer

CAROL = Onboard("Carol", "carol", 826, "institutional", EXPIRY)


def link(investor: str, wallet: str) -> LinkWallet:
    return LinkWallet(investor, wallet)


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (replace(CAROL, by="mallory"), "roles: not authorised"),
        (replace(CAROL, investor=""), "registry: bad investor"),
        (replace(CAROL, wallet="alice"), "registry: wallet known"),
        (replace(CAROL, investor="Alice"), "registry: investor known"),
        (replace(CAROL, wallet=""), "registry: zero address"),
        (replace(CAROL, expiry=0), "registry: bad expiry"),
        (replace(CAROL, expiry=2**40), "registry: bad expiry"),
        (link("Carol", "carol"), "registry: unknown investor"),
        (link("Bob", "alice"), "registry: wallet known"),
        (link("Bob", "bob"), "registry: wallet known"),
        (link("Bob", ""), "registry: zero address"),
        (UnlinkWallet("Carol", "carol", 1, "d"), "registry: unknown investor"),
        (UnlinkWallet("Bob", "bob", 0, "d"), "registry: reason and document"),
        (UnlinkWallet("Bob", "alice", 1, "d"), "registry: unknown wallet"),
        (UnlinkWallet("Bob", "carol", 1, "d"), "registry: unknown wallet"),
        (Renew("Carol", EXPIRY), "registry: unknown investor"),
        (Renew("Bob", 0), "registry: bad expiry"),
        (Renew("Bob", 2**40), "registry: bad expiry"),
        (Block("Carol", 0, ""), "registry: unknown investor"),
        (Block("Bob", 0, "d"), "registry: reason and document"),
        (Block("Bob", 1, ""), "registry: reason and document"),
        (Unblock("Bob", 1, ""), "registry: reason and document"),
        (Unblock("Bob", 1, "d"), "registry: not blocked"),
        (BlockWallet("", 0, "d"), "registry: reason and document"),
        (BlockWallet("", 1, "d"), "registry: zero address"),
        (BlockWallet("bob", 1, "d"), "registry: wallet known"),
        (UnblockWallet("mallory", 1, "d"), "registry: not blocked"),
    ],
)
def test_what_the_registry_refuses(world: World, order: Instruction, name: str) -> None:
    assert world.refused(order) == name


@pytest.mark.parametrize("expiry", [1, START - 1, 2**40 - 1])
def test_any_expiry_that_fits_is_recorded(world: World, expiry: int) -> None:
    world.do(replace(CAROL, expiry=expiry))
    assert world.ledger.may_hold(STOCK, "carol") is (expiry > START)


def test_blocking_twice_is_refused(world: World) -> None:
    world.do(Block("Bob", 1, "d"), BlockWallet("mallory", 1, "d"))
    assert world.refused(Block("Bob", 1, "d")) == "registry: already blocked"
    assert world.refused(BlockWallet("mallory", 1, "d")) == "registry: already blocked"


def test_eight_wallets_are_the_most(world: World) -> None:
    for number in range(2, 9):
        world.do(link("Bob", f"bob{number}"))
    assert world.refused(link("Bob", "bob9")) == "registry: too many wallets"
    world.do(UnlinkWallet("Bob", "bob2", 1, "d"), link("Bob", "bob9"))


def test_an_unlinked_wallet_is_unknown_and_can_go_to_another_investor(world: World) -> None:
    world.do(link("Bob", "bob2"), UnlinkWallet("Bob", "bob2", 1, "d"))
    assert not world.ledger.may_hold(STOCK, "bob2")
    world.do(link("Alice", "bob2"))
    assert world.ledger.may_hold(STOCK, "bob2")


def test_unlinking_does_not_lift_a_block(world: World) -> None:
    world.do(link("Bob", "bob2"), Block("Bob", 1, "d"))
    assert world.refused(UnlinkWallet("Bob", "carol", 1, "d")) == "registry: investor blocked"


def test_a_blocked_stranger_joins_nobody(world: World) -> None:
    world.do(BlockWallet("mallory", 1, "d"))
    assert world.refused(replace(CAROL, wallet="mallory")) == "registry: wallet blocked"
    assert world.refused(link("Bob", "mallory")) == "registry: wallet blocked"
    world.do(UnblockWallet("mallory", 1, "d"), link("Bob", "mallory"))


def test_a_new_wallet_of_a_blocked_investor_is_blocked(world: World) -> None:
    world.do(Block("Bob", 1, "d"), link("Bob", "bob2"), Renew("Bob", EXPIRY + 1))
    assert not world.ledger.may_hold(STOCK, "bob2")
    world.do(Unblock("Bob", 1, "d"))
    assert world.ledger.may_hold(STOCK, "bob2")


def test_of_several_faults_in_an_onboarding_the_first_is_named(world: World) -> None:
    world.do(BlockWallet("mallory", 1, "d"), replace(CAROL, key="k1"))
    order = world.ladder(
        replace(CAROL, by="mallory", key="k1", investor="", expiry=0, wallet="alice"),
        ("roles: not authorised", {"by": "issuer"}),
        ("keys: used", {"key": "k2"}),
        ("registry: bad investor", {"investor": "Alice"}),
        ("registry: wallet known", {"wallet": ""}),
        ("registry: investor known", {"investor": "Dora"}),
        ("registry: zero address", {"wallet": "mallory"}),
        ("registry: bad expiry", {"expiry": EXPIRY}),
        ("registry: wallet blocked", {"wallet": "dora"}),
    )
    world.do(order)


@pytest.mark.parametrize(
    "order",
    [
        CAROL,
        link("Bob", "bob2"),
        UnlinkWallet("Bob", "bob", 1, "d"),
        Renew("Bob", EXPIRY),
        Block("Bob", 1, "d"),
        BlockWallet("mallory", 1, "d"),
    ],
    ids=lambda order: type(order).__name__,
)
def test_a_key_works_once_and_only_when_the_instruction_did(world: World, order: Instruction) -> None:
    keyed = replace(order, key="k")
    assert world.refused(replace(Unblock("Bob", 1, "d"), key="k")) == "registry: not blocked"
    world.do(keyed)
    assert world.refused(keyed) == "keys: used"
    assert world.refused(Renew("Nobody", 0, key="k")) == "keys: used"


def test_without_a_key_of_its_own_an_instruction_repeats(world: World) -> None:
    world.do(Renew("Bob", EXPIRY), Renew("Bob", EXPIRY))


def test_news_applies_at_once(funded: World) -> None:
    funded.do(funded.transfer("alice", "bob"), Renew("Bob", 1))
    assert funded.refused(Transfer(STOCK, "bob", "alice", units(1))) == "ERC7943CannotSend"
    funded.do(Renew("Bob", EXPIRY), Transfer(STOCK, "bob", "alice", units(1)))
