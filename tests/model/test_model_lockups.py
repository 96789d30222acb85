from dataclasses import replace

import pytest
from model_world import DAY, START, STOCK, World, units

from scrip.instructions.base import Instruction
from scrip.instructions.enforcement import ForcedBurn, Freeze, Lock, ReleaseLocks, SetFrozenTokens
from scrip.instructions.fleet import Halt, Pause
from scrip.instructions.investors import Block
from scrip.model.laws.arithmetic import U128_MAX
from scrip.model.laws.lockups import Tranche, added, dug, locked
from scrip.model.recovery import hand_over
from scrip.units import RawUnits

UNTIL = START + DAY
LOCK = Lock(STOCK, "alice", units(60), UNTIL, 4, "vesting plan")
RELEASE = ReleaseLocks(STOCK, "alice", 4, "plan ended")
BURN = ForcedBurn(STOCK, "alice", units(60), 4, "court order")


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (replace(LOCK, by="mallory"), "roles: not authorised"),
        (replace(LOCK, reason=0), "case: reason and document"),
        (replace(LOCK, document=""), "case: reason and document"),
        (replace(LOCK, amount=units(0)), "lockup: bad amount"),
        (replace(LOCK, amount=RawUnits(U128_MAX + 1, 18)), "lockup: bad amount"),
        (replace(LOCK, until=START), "lockup: bad date"),
        (replace(LOCK, until=2**40), "lockup: bad date"),
        (replace(RELEASE, by="mallory"), "roles: not authorised"),
        (replace(RELEASE, reason=0), "case: reason and document"),
        (RELEASE, "lockup: none"),
        (replace(BURN, by="mallory"), "roles: not authorised"),
        (replace(BURN, reason=0, document=""), "case: reason and document"),
        (replace(BURN, amount=units(0)), "token: zero amount"),
        (replace(BURN, amount=units(101)), "ERC20InsufficientBalance"),
    ],
)
def test_what_is_refused(funded: World, order: Instruction, name: str) -> None:
    assert funded.refused(order) == name


def test_locked_units_stay_until_their_second(funded: World) -> None:
    funded.do(replace(LOCK, until=funded.ledger.now() + DAY), funded.transfer("alice", "bob", 40))
    until = funded.ledger.now() + DAY
    assert funded.refused(funded.transfer("alice", "bob", 1)) == "ERC7943InsufficientUnfrozenBalance"
    funded.at(until - 1)
    assert funded.refused(funded.transfer("alice", "bob", 1)) == "ERC7943InsufficientUnfrozenBalance"
    funded.at(until)
    assert funded.refused(RELEASE) == "lockup: none"
    funded.do(funded.transfer("alice", "bob", 60))


def test_frozen_and_locked_units_add_up_and_a_burn_digs_through_both(funded: World) -> None:
    funded.do(LOCK, SetFrozenTokens(STOCK, "alice", units(30), 1, "d"))
    now = funded.ledger.now()
    account = funded.ledger.stocks[STOCK].token.account("alice")
    assert account.available(now) == units(10).value
    funded.do(BURN)
    assert (account.frozen_tokens, locked(account.lockups, now)) == (0, units(40).value)
    assert funded.ledger.supply(STOCK) == units(40)


@pytest.mark.parametrize(
    "state",
    [Block("Alice", 1, "d"), Freeze(STOCK, "alice", True, 1, "d"), Pause(STOCK), Halt()],
    ids=["blocked", "frozen", "paused", "halted"],
)
def test_they_work_whatever_the_account_and_the_stock_are(funded: World, state: Instruction) -> None:
    funded.do(state, LOCK, RELEASE, BURN)
    assert funded.ledger.balance(STOCK, "alice") == units(40)


def test_keys_are_used_once(funded: World) -> None:
    funded.do(replace(LOCK, key="k"))
    for order in (LOCK, RELEASE, BURN):
        assert funded.refused(replace(order, key="k")) == "keys: used"


def test_a_recovery_hands_everything_on(funded: World) -> None:
    token, now = funded.ledger.stocks[STOCK].token, funded.ledger.now()
    funded.do(LOCK, SetFrozenTokens(STOCK, "alice", units(30), 1, "d"), Freeze(STOCK, "alice", True, 1, "d"))
    hand_over(token, "alice", "carol", now)
    carol = token.account("carol")
    assert (carol.balance, carol.frozen, carol.frozen_tokens) == (units(100).value, True, units(30).value)
    assert carol.lockups == (Tranche(UNTIL, units(60).value),)
    assert token.account("alice") == type(carol)(enrolled=True, asked=True)


def test_a_fifth_lock_up_joins_the_next_or_takes_the_last_along() -> None:
    four = tuple(Tranche(until, until) for until in (10, 20, 30, 40))
    assert added(four, Tranche(15, 5), 0) == (Tranche(10, 10), Tranche(20, 25), Tranche(30, 30), Tranche(40, 40))
    assert added(four, Tranche(45, 5), 0) == (Tranche(10, 10), Tranche(20, 20), Tranche(30, 30), Tranche(45, 45))
    assert added(four, Tranche(45, 5), 10) == (*four[1:], Tranche(45, 5))
    assert added(four[:1], Tranche(10, 5), 0) == (Tranche(10, 15),)
    assert added((Tranche(10, U128_MAX),), Tranche(10, 1), 0) == (Tranche(10, U128_MAX),)
    assert dug(four, 35, 0) == (Tranche(30, 25), Tranche(40, 40))
