"""What a first draft of the account word fell into: `enrol` open to anyone; the registry's answer OR-ed unmasked into
the balance; a first touch that dropped a freeze; a word read before the external call and written after it."""

from collections.abc import Iterator

import boa
import pytest
from support.contract_calls import MAX, refuses
from support.contract_stubs import deploy_stub
from support.contract_world import ADMIN, ALICE, ALLOWLIST, BOB, CAROL, EVERYONE, MINTER, Fleet, World

CLEARED, BLOCKED = (2**40 - 1) << 128, 1 << 169
REGISTRY_BITS = CLEARED | 0b100110 << 168
EPOCH_ONE = 1 << 176


@pytest.fixture
def credulous() -> Iterator[Fleet]:
    """A fleet whose registry is a stub that says, and does, what it is told to."""
    with boa.env.anchor():
        fleet = Fleet(lambda roles: deploy_stub("registry", roles))
        for account in (ALICE, BOB):
            fleet.registry.answer(account, CLEARED)
        yield fleet


def test_enrol_is_closed(world: World) -> None:
    for actor in EVERYONE.values():
        with refuses("registry: not a stock"):
            world.registry.enrol(CAROL, sender=actor)


def test_a_registrys_answer_cannot_touch_the_balance(credulous: Fleet) -> None:
    stock = credulous.create_stock("US0000000001", ALLOWLIST)
    for account in (ALICE, BOB):
        credulous.registry.answer(account, MAX ^ BLOCKED)
    stock.mint(ALICE, 5, sender=MINTER)
    stock.transfer(BOB, 2, sender=ALICE)
    assert stock.accountWord(ALICE) == 3 | (REGISTRY_BITS ^ BLOCKED) | EPOCH_ONE
    assert stock.accountWord(BOB) == 2 | (REGISTRY_BITS ^ BLOCKED) | EPOCH_ONE
    credulous.registry.push(stock, ALICE, MAX)
    assert stock.accountWord(ALICE) == 3 | REGISTRY_BITS | EPOCH_ONE
    with refuses("ERC7943CannotSend", ALICE):
        credulous.registry.answer(ALICE, MAX)
        stock.transfer(BOB, 1, sender=ALICE)


@pytest.mark.parametrize("bit", [0, 168, 171, 191])
def test_a_registrys_answer_cannot_touch_a_views_other_bits(credulous: Fleet, bit: int) -> None:
    """Before the stock has met the account, and when its copy is old: what a view says, the transfer does."""
    stock = credulous.create_stock("US0000000001", ALLOWLIST)
    credulous.registry.answer(BOB, CLEARED | 1 << bit)
    assert stock.canReceive(BOB) is True
    stock.mint(ALICE, 5, sender=MINTER)
    stock.bumpEpoch(sender=ADMIN)
    credulous.registry.answer(ALICE, CLEARED | 1 << bit)
    assert stock.canSend(ALICE) is True
    assert stock.canTransfer(ALICE, BOB, 5) is True
    assert stock.detectTransferRestriction(ALICE, BOB, 5) == 0
    assert stock.transfer(BOB, 5, sender=ALICE) is True
    credulous.registry.answer(ALICE, CLEARED | BLOCKED | 1 << bit)
    stock.bumpEpoch(sender=ADMIN)
    assert stock.canReceive(ALICE) is False


def test_a_first_touch_keeps_a_freeze(world: World) -> None:
    world.freeze(world.stock, CAROL)
    world.freeze_tokens(world.stock, CAROL, 5)
    with refuses("ERC7943CannotReceive", CAROL):
        world.stock.mint(CAROL, 1, sender=MINTER)
    world.freeze(world.stock, CAROL, frozen=False)
    world.stock.mint(CAROL, 7, sender=MINTER)
    assert world.stock.canTransfer(CAROL, ALICE, 3) is False


@pytest.mark.parametrize(("asked", "victim"), [(BOB, ALICE), (ALICE, BOB), (ALICE, ALICE)])
def test_news_that_arrives_during_the_question_is_not_overwritten(credulous: Fleet, asked: str, victim: str) -> None:
    """While the stock asks about one party, a block of the other is pushed; the transfer's own writes must keep it."""
    stock = credulous.create_stock("US0000000001", ALLOWLIST)
    stock.mint(ALICE, 5, sender=MINTER)
    stock.bumpEpoch(sender=ADMIN)
    credulous.registry.push_when_asked(asked, victim, BLOCKED)
    if asked == BOB:
        stock.transfer(BOB, 1, sender=ALICE)
        assert stock.accountWord(victim) & BLOCKED
        credulous.registry.answer(victim, BLOCKED)
        with refuses("ERC7943CannotSend", victim):
            stock.transfer(BOB, 1, sender=victim)
    else:
        credulous.registry.answer(victim, BLOCKED)
        refusal = "ERC7943CannotSend" if victim == ALICE else "ERC7943CannotReceive"
        with refuses(refusal, victim):
            stock.transfer(BOB, 1, sender=ALICE)
    assert stock.balanceOf(ALICE) + stock.balanceOf(BOB) == stock.totalSupply() == 5


def test_a_mint_is_bounded_to_the_balances_bits(world: World) -> None:
    for amount in (2**128, 2**168, 2**176, MAX):
        with refuses("token: supply too large"):
            world.stock.mint(CAROL, amount, sender=MINTER)
    assert world.stock.accountWord(CAROL) == 0
