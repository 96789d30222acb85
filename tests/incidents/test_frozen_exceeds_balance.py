"""CMTAT #375: ERC-7943 lets the frozen amount exceed the balance, and balance - frozen underflows. Ours saturates."""

import boa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.contract_calls import MAX, refuses, set_clock
from support.contract_world import ALICE, BOB, HELD, MINTER, START, World


@pytest.mark.parametrize("frozen", [HELD + 1, 2**128, MAX])
def test_no_view_and_no_action_underflows(world: World, frozen: int) -> None:
    stock = world.stock
    world.freeze_tokens(stock, ALICE, frozen)
    assert stock.getFrozenTokens(ALICE) == frozen
    assert (stock.canSend(ALICE), stock.canTransfer(ALICE, BOB, 1), stock.canTransfer(ALICE, BOB, 0)) == (
        True,
        False,
        True,
    )
    with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, 1, 0):
        stock.transfer(BOB, 1, sender=ALICE)
    with refuses("ERC7943InsufficientUnfrozenBalance", ALICE, 1, 0):
        stock.burn(ALICE, 1, sender=MINTER)
    assert stock.transfer(BOB, 0, sender=ALICE) is True
    assert world.seize(stock, ALICE, BOB, HELD) is True
    assert (stock.balanceOf(ALICE), stock.getFrozenTokens(ALICE)) == (0, frozen - HELD)


@settings(max_examples=30)
@given(
    frozen=st.integers(0, 3 * HELD) | st.sampled_from([2**128, MAX]),
    seized=st.integers(0, HELD),
    received=st.integers(0, HELD),
)
def test_what_was_ordered_frozen_stays_frozen(built_world: World, frozen: int, seized: int, received: int) -> None:
    """After a seizure and a receipt, what may move is the balance less what is frozen, and never below 0."""
    with boa.env.anchor():
        set_clock(START)
        stock = built_world.stock
        built_world.freeze_tokens(stock, ALICE, frozen)
        built_world.seize(stock, ALICE, BOB, seized)
        stock.transfer(ALICE, received, sender=BOB)
        left = frozen - max(0, seized - max(0, HELD - frozen))
        free = max(0, HELD - seized + received - left)
        assert stock.getFrozenTokens(ALICE) == left
        assert stock.canTransfer(ALICE, BOB, free) is True
        assert stock.canTransfer(ALICE, BOB, free + 1) is (left == 0)
