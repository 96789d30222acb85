"""Forced actions: cases, freezes, seizures. Each leaves its reason, and works whatever the account's state."""

from dataclasses import dataclass, field

import pytest
from support.contract_calls import MAX, ZERO, ZERO32, Handle, refuses, set_clock
from support.contract_orders import bring_about, change, every_two
from support.contract_world import (
    ALICE,
    BOB,
    CAROL,
    DOCUMENT,
    ENFORCER,
    EXPIRY,
    HELD,
    MALLORY,
    MINTER,
    PAUSER,
    REASON,
    START,
    World,
    fresh_key,
)

USED = b"\x01" * 32


@dataclass
class Attempt:
    """A forced action that would succeed, until a fault says otherwise."""

    world: World
    by: str = ENFORCER
    sender: str = ALICE
    to: str = BOB
    amount: int = 5
    reason: int = REASON
    document: bytes = DOCUMENT
    key: bytes = field(default_factory=fresh_key)

    def reasons(self) -> tuple[int, bytes, bytes]:
        return self.reason, self.document, self.key


def _use_key(attempt: Attempt) -> None:
    attempt.world.stock.setFrozen(CAROL, False, REASON, DOCUMENT, USED, sender=ENFORCER)
    attempt.key = USED


GROUNDS_FAULTS = {
    "roles: not authorised": change(by=ALICE),
    "case: reason and document": change(reason=0),
    "keys: used": _use_key,
}
SEIZURE_FAULTS = GROUNDS_FAULTS | {
    "ERC20InvalidReceiver": change(to=ZERO),
    "ERC7943CannotTransfer": change(to=ALICE),
    "ERC7943CannotReceive": lambda a: a.world.block(2),
    "ERC20InsufficientBalance": change(amount=HELD + 1),
}


# --- cases ---


def test_a_case_opens_once_and_closes_once(stock: Handle) -> None:
    assert stock.caseOf(ALICE) == (0, ZERO32)
    with refuses("case: none open"):
        stock.closeCase(ALICE, sender=ENFORCER)
    stock.openCase(ALICE, REASON, DOCUMENT, sender=ENFORCER)
    [event] = stock.events()
    assert (event.name, event.values) == ("CaseOpened", {"account": ALICE, "reason": REASON, "document": DOCUMENT})
    assert stock.caseOf(ALICE) == (REASON, DOCUMENT)
    with refuses("case: already open"):
        stock.openCase(ALICE, 1, USED, sender=ENFORCER)
    stock.closeCase(ALICE, sender=ENFORCER)
    [event] = stock.events()
    assert (event.name, event.values) == ("CaseClosed", {"account": ALICE})
    assert stock.caseOf(ALICE) == (0, ZERO32)
    stock.openCase(ALICE, 2**16 - 1, USED, sender=ENFORCER)
    assert stock.caseOf(ALICE) == (2**16 - 1, USED)


@pytest.mark.parametrize(("reason", "document"), [(0, DOCUMENT), (REASON, ZERO32), (0, ZERO32)])
def test_a_case_needs_a_reason_and_a_document(stock: Handle, reason: int, document: bytes) -> None:
    stock.openCase(ALICE, REASON, DOCUMENT, sender=ENFORCER)
    with refuses("case: reason and document"):
        stock.openCase(ALICE, reason, document, sender=ENFORCER)
    with refuses("roles: not authorised"):
        stock.openCase(ALICE, reason, document, sender=MALLORY)


def test_the_standards_forms_need_an_open_case_of_that_account(stock: Handle) -> None:
    stock.openCase(BOB, REASON, DOCUMENT, sender=ENFORCER)
    for call in (
        lambda sender: stock.setFrozenTokens(ALICE, 5, sender=sender),
        lambda sender: stock.forcedTransfer(ALICE, BOB, 5, sender=sender),
    ):
        with refuses("case: none open"):
            call(ENFORCER)
        with refuses("roles: not authorised"):
            call(MALLORY)
    stock.openCase(ALICE, REASON, DOCUMENT, sender=ENFORCER)
    assert stock.setFrozenTokens(ALICE, 5, sender=ENFORCER) is True
    assert stock.forcedTransfer(ALICE, BOB, 5, sender=ENFORCER) is True
    assert stock.forcedTransfer(ALICE, BOB, 5, sender=ENFORCER) is True
    stock.closeCase(ALICE, sender=ENFORCER)
    with refuses("case: none open"):
        stock.forcedTransfer(ALICE, BOB, 5, sender=ENFORCER)
    assert (stock.getFrozenTokens(ALICE), stock.balanceOf(BOB)) == (5, HELD + 10)


def test_all_empty_reasons_are_the_short_form(stock: Handle) -> None:
    with refuses("case: none open"):
        stock.forcedTransfer(ALICE, BOB, 5, 0, ZERO32, ZERO32, sender=ENFORCER)
    for reason, document, key in [
        (0, DOCUMENT, USED),
        (REASON, ZERO32, USED),
        (0, ZERO32, USED),
        (0, DOCUMENT, ZERO32),
    ]:
        with refuses("case: reason and document"):
            stock.forcedTransfer(ALICE, BOB, 5, reason, document, key, sender=ENFORCER)
        with refuses("case: reason and document"):
            stock.setFrozenTokens(ALICE, 5, reason, document, key, sender=ENFORCER)
    with refuses("keys: empty"):
        stock.forcedTransfer(ALICE, BOB, 5, REASON, DOCUMENT, ZERO32, sender=ENFORCER)
    with refuses("keys: empty"):
        stock.setFrozen(ALICE, True, REASON, DOCUMENT, ZERO32, sender=ENFORCER)


# --- the order of refusals, and keys ---


@every_two(SEIZURE_FAULTS)
def test_forced_transfer_names_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    a = Attempt(world)
    bring_about(SEIZURE_FAULTS, first, second, a)
    with refuses(first):
        world.stock.forcedTransfer(a.sender, a.to, a.amount, *a.reasons(), sender=a.by)


@every_two(GROUNDS_FAULTS)
def test_freezes_name_the_first_of_two_faults(world: World, first: str, second: str) -> None:
    a = Attempt(world)
    bring_about(GROUNDS_FAULTS, first, second, a)
    with refuses(first):
        world.stock.setFrozen(a.sender, True, *a.reasons(), sender=a.by)
    with refuses(first):
        world.stock.setFrozenTokens(a.sender, 5, *a.reasons(), sender=a.by)


def test_one_key_serves_one_forced_action_of_any_kind(world: World) -> None:
    stock = world.stock
    assert stock.keyUsed(USED) is False
    with refuses("ERC20InsufficientBalance"):
        stock.forcedTransfer(ALICE, BOB, HELD + 1, REASON, DOCUMENT, USED, sender=ENFORCER)
    assert stock.keyUsed(USED) is False
    stock.forcedTransfer(ALICE, BOB, 1, REASON, DOCUMENT, USED, sender=ENFORCER)
    assert stock.keyUsed(USED) is True
    for call in (
        lambda: stock.forcedTransfer(ALICE, BOB, 1, REASON, DOCUMENT, USED, sender=ENFORCER),
        lambda: stock.setFrozenTokens(ALICE, 1, REASON, DOCUMENT, USED, sender=ENFORCER),
        lambda: stock.setFrozen(ALICE, True, REASON, DOCUMENT, USED, sender=ENFORCER),
    ):
        with refuses("keys: used"):
            call()
    assert world.open_stock.keyUsed(USED) is False


# --- freezes ---


def test_a_full_freeze_is_recorded_and_can_be_repeated(world: World) -> None:
    stock = world.stock
    for frozen in (True, True, False, False):
        stock.setFrozen(ALICE, frozen, REASON, DOCUMENT, fresh_key(), sender=ENFORCER)
        used, event = stock.events()
        assert used.name == "KeyUsed"
        assert event.name == "AccountFrozen"
        assert event.values == {"account": ALICE, "frozen": frozen, "reason": REASON, "document": DOCUMENT}
        assert stock.canSend(ALICE) is stock.canReceive(ALICE) is not frozen
    assert (stock.balanceOf(ALICE), stock.getFrozenTokens(ALICE)) == (HELD, 0)


def test_a_freeze_before_the_first_touch_survives_it(world: World) -> None:
    world.freeze(world.stock, CAROL)
    world.freeze_tokens(world.stock, CAROL, 5)
    with refuses("ERC7943CannotReceive", CAROL):
        world.stock.transfer(CAROL, 7, sender=ALICE)
    world.freeze(world.stock, CAROL, frozen=False)
    world.stock.transfer(CAROL, 7, sender=ALICE)
    with refuses("ERC7943InsufficientUnfrozenBalance", CAROL, 3, 2):
        world.stock.transfer(ALICE, 3, sender=CAROL)


@pytest.mark.parametrize("amount", [0, 1, HELD, HELD + 1, 2**128, MAX])
def test_any_amount_can_be_frozen_and_is_absolute(world: World, amount: int) -> None:
    stock = world.stock
    world.freeze_tokens(stock, ALICE, 3)
    world.freeze_tokens(stock, ALICE, amount)
    used, enforced, event = stock.events()
    assert (used.name, enforced.name, event.name) == ("KeyUsed", "Enforced", "Frozen")
    assert event.values == {"account": ALICE, "amount": amount}
    assert stock.getFrozenTokens(ALICE) == amount
    free = HELD - min(HELD, amount)
    assert stock.canTransfer(ALICE, BOB, free) is True
    assert stock.canTransfer(ALICE, BOB, free + 1) is (amount == 0)
    assert stock.transfer(BOB, free, sender=ALICE) is True


def test_the_reasons_of_both_forms_are_logged(world: World) -> None:
    stock = world.stock
    key = fresh_key()
    stock.setFrozenTokens(ALICE, 5, 9, USED, key, sender=ENFORCER)
    [enforced] = [event for event in stock.events() if event.name == "Enforced"]
    assert enforced.values == {"account": ALICE, "key": key, "reason": 9, "document": USED}
    stock.openCase(ALICE, REASON, DOCUMENT, sender=ENFORCER)
    stock.setFrozenTokens(ALICE, 6, sender=ENFORCER)
    [enforced] = [event for event in stock.events() if event.name == "Enforced"]
    assert enforced.values == {"account": ALICE, "key": ZERO32, "reason": REASON, "document": DOCUMENT}


# --- seizures ---


def test_a_seizure_moves_units_and_logs_in_the_standards_order(world: World) -> None:
    stock = world.stock
    world.freeze_tokens(stock, ALICE, HELD - 2)
    assert world.seize(stock, ALICE, BOB, 5) is True
    events = stock.events()
    assert [event.name for event in events] == ["KeyUsed", "Enforced", "Frozen", "Transfer", "ForcedTransfer"]
    assert events[2].values == {"account": ALICE, "amount": HELD - 5}
    assert events[3].values == {"sender": ALICE, "receiver": BOB, "value": 5}
    assert events[4].values == {"sender": ALICE, "to": BOB, "amount": 5}
    assert (stock.balanceOf(ALICE), stock.balanceOf(BOB), stock.totalSupply()) == (HELD - 5, HELD + 5, 2 * HELD)
    assert stock.getFrozenTokens(ALICE) == HELD - 5


@pytest.mark.parametrize(
    ("frozen", "amount", "left"),
    [
        (0, HELD, 0),
        (10, HELD - 10, 10),
        (10, HELD - 9, 9),
        (10, HELD, 0),
        (HELD, 1, HELD - 1),
        (HELD, HELD, 0),
    ],
)
def test_a_seizure_unfreezes_exactly_what_it_digs_into(world: World, frozen: int, amount: int, left: int) -> None:
    world.freeze_tokens(world.stock, ALICE, frozen)
    world.seize(world.stock, ALICE, BOB, amount)
    assert world.stock.getFrozenTokens(ALICE) == left
    frozen_events = [event for event in world.stock.events() if event.name == "Frozen"]
    assert len(frozen_events) == (left != frozen)
    assert world.stock.canTransfer(ALICE, BOB, HELD - amount - left) is True
    assert world.stock.canTransfer(ALICE, BOB, HELD - amount - left + 1) is (left == 0)


def test_nothing_can_be_seized_and_more_than_all_cannot(world: World) -> None:
    assert world.seize(world.stock, ALICE, BOB, 0) is True
    for amount in (HELD + 1, 2**128, MAX):
        with refuses("ERC20InsufficientBalance", ALICE, HELD, amount):
            world.seize(world.stock, ALICE, BOB, amount)
    with refuses("ERC7943CannotTransfer", ALICE, ALICE, 1):
        world.seize(world.stock, ALICE, ALICE, 1)
    with refuses("ERC7943CannotReceive", MALLORY):
        world.seize(world.stock, ALICE, MALLORY, 1)


@pytest.mark.parametrize("state", ["lapsed", "blocked", "frozen", "unlinked", "paused", "halted", "strict"])
def test_forced_actions_work_whatever_the_state(world: World, state: str) -> None:
    stock = world.stock
    match state:
        case "lapsed":
            world.renew(2, 2 * EXPIRY)
            set_clock(EXPIRY)
        case "blocked":
            world.block(1)
        case "frozen":
            world.freeze(stock, ALICE)
        case "unlinked":
            world.unlink(1, ALICE)
        case "paused":
            stock.pause(sender=PAUSER)
        case "halted":
            world.halt()
        case "strict":
            world.beacon.enterStrict(sender=world.registry.address)
    stock.openCase(ALICE, REASON, DOCUMENT, sender=ENFORCER)
    assert stock.setFrozenTokens(ALICE, HELD, sender=ENFORCER) is True
    assert stock.forcedTransfer(ALICE, BOB, 5, sender=ENFORCER) is True
    assert world.seize(stock, ALICE, BOB, 5) is True
    world.freeze(stock, ALICE)
    world.freeze(stock, ALICE, frozen=False)
    world.freeze_tokens(stock, ALICE, 1)
    stock.closeCase(ALICE, sender=ENFORCER)
    assert (stock.balanceOf(BOB), stock.getFrozenTokens(ALICE)) == (HELD + 10, 1)


@pytest.mark.parametrize("state", ["blocked", "frozen", "lapsed"])
@pytest.mark.parametrize("fleet", ["running", "paused", "halted", "strict"])
def test_a_seizure_needs_an_eligible_receiver(world: World, state: str, fleet: str) -> None:
    if state == "blocked":
        world.block(2)
    elif state == "frozen":
        world.freeze(world.stock, BOB)
    else:
        world.renew(2, START)
    if fleet == "paused":
        world.stock.pause(sender=PAUSER)
    elif fleet == "halted":
        world.halt()
    elif fleet == "strict":
        world.beacon.enterStrict(sender=world.registry.address)
    with refuses("ERC7943CannotReceive", BOB):
        world.seize(world.stock, ALICE, BOB, 1)


def test_a_seizure_asks_for_good_news_about_its_receiver(world: World) -> None:
    set_clock(EXPIRY)
    world.renew(3, EXPIRY + 1)
    world.halt()
    assert world.seize(world.stock, ALICE, CAROL, HELD) is True
    assert world.stock.balanceOf(CAROL) == HELD


def test_from_seizure_to_burn_an_issuer_can_retire_a_lost_account(world: World) -> None:
    world.block(1)
    world.seize(world.stock, ALICE, BOB, HELD)
    assert world.stock.burn(BOB, HELD, sender=MINTER) is True
    assert world.stock.totalSupply() == HELD
