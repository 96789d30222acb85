from dataclasses import replace

import pytest
from model_world import EXPIRY, STOCK, World, small_world, units

from scrip.instructions.base import Instruction
from scrip.instructions.enforcement import CloseCase, ForcedTransfer, Freeze, Lock, OpenCase, SetFrozenTokens
from scrip.instructions.fleet import Halt, Pause
from scrip.instructions.investors import Block, Renew
from scrip.instructions.transfers import Transfer
from scrip.ledger import SOLANA

SEIZE = ForcedTransfer(STOCK, "alice", "bob", units(60), 4, "court order")
HOLD = SetFrozenTokens(STOCK, "alice", units(60), 4, "court order")
FREEZE = Freeze(STOCK, "alice", True, 4, "court order")
OPEN = OpenCase(STOCK, "alice", 4, "court order")


def short(order: ForcedTransfer | SetFrozenTokens) -> Instruction:
    """The standard's form, which carries no reason."""
    return replace(order, reason=0, document="")


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (replace(SEIZE, by="mallory"), "roles: not authorised"),
        (short(SEIZE), "case: none open"),
        (replace(SEIZE, reason=0), "case: reason and document"),
        (replace(SEIZE, document=""), "case: reason and document"),
        (replace(short(SEIZE), key="k"), "case: reason and document"),
        (replace(SEIZE, to=""), "ERC20InvalidReceiver"),
        (replace(SEIZE, to="alice"), "ERC7943CannotTransfer"),
        (replace(SEIZE, to="mallory"), "ERC7943CannotReceive"),
        (replace(SEIZE, amount=units(101)), "ERC20InsufficientBalance"),
        (replace(HOLD, by="mallory"), "roles: not authorised"),
        (short(HOLD), "case: none open"),
        (replace(HOLD, reason=0), "case: reason and document"),
        (replace(FREEZE, by="mallory"), "roles: not authorised"),
        (replace(FREEZE, document=""), "case: reason and document"),
        (replace(FREEZE, reason=0, document=""), "case: reason and document"),
        (replace(OPEN, by="mallory"), "roles: not authorised"),
        (replace(OPEN, reason=0), "case: reason and document"),
        (CloseCase(STOCK, "alice", by="mallory"), "roles: not authorised"),
        (CloseCase(STOCK, "alice"), "case: none open"),
    ],
)
def test_what_enforcement_refuses(funded: World, order: Instruction, name: str) -> None:
    assert funded.refused(order) == name


def test_of_several_faults_in_a_seizure_the_first_is_named(funded: World) -> None:
    funded.do(replace(HOLD, key="k1"))
    order = funded.ladder(
        replace(SEIZE, by="mallory", reason=0, key="k1", to="", amount=units(101)),
        ("roles: not authorised", {"by": "issuer"}),
        ("case: reason and document", {"reason": 4}),
        ("keys: used", {"key": "k2"}),
        ("ERC20InvalidReceiver", {"to": "alice"}),
        ("ERC7943CannotTransfer", {"to": "mallory"}),
        ("ERC7943CannotReceive", {"to": "bob"}),
        ("ERC20InsufficientBalance", {"amount": units(100)}),
    )
    funded.do(order)
    assert funded.ledger.balance(STOCK, "bob") == units(100)


@pytest.mark.parametrize(
    "state",
    [
        Renew("Alice", 1),
        Block("Alice", 1, "d"),
        Freeze(STOCK, "alice", True, 1, "d"),
        Pause(STOCK),
        Halt(),
        SetFrozenTokens(STOCK, "alice", units(1000), 1, "d"),
    ],
    ids=["lapsed", "blocked", "frozen", "paused", "halted", "partly frozen"],
)
def test_forced_actions_work_whatever_the_account_and_the_stock_are(funded: World, state: Instruction) -> None:
    funded.do(state, SEIZE, HOLD, FREEZE, OPEN, CloseCase(STOCK, "alice"))
    assert funded.ledger.balance(STOCK, "bob") == units(60)


def test_a_seizure_needs_an_eligible_receiver_even_so(funded: World) -> None:
    funded.at(EXPIRY)
    assert funded.refused(SEIZE) == "ERC7943CannotReceive"


@pytest.mark.parametrize(("frozen", "left"), [(0, 0), (40, 40), (50, 40), (100, 40), (500, 440)])
def test_a_seizure_unfreezes_only_what_it_digs_into(funded: World, frozen: int, left: int) -> None:
    funded.do(replace(HOLD, amount=units(frozen)), SEIZE)
    assert funded.ledger.frozen_tokens(STOCK, "alice") == units(left)
    assert funded.ledger.balance(STOCK, "alice") == units(40)


def test_a_frozen_part_may_exceed_the_balance_and_holds_what_comes_later(funded: World) -> None:
    funded.do(replace(HOLD, account="bob", amount=units(15)), funded.transfer("alice", "bob", 10))
    assert funded.refused(funded.transfer("bob", "alice", 1)) == "ERC7943InsufficientUnfrozenBalance"
    funded.do(funded.transfer("alice", "bob", 10), funded.transfer("bob", "alice", 5))
    assert funded.refused(funded.transfer("bob", "alice", 1)) == "ERC7943InsufficientUnfrozenBalance"


def test_a_frozen_amount_is_set_and_not_added(funded: World) -> None:
    funded.do(HOLD, replace(HOLD, amount=units(10)))
    assert funded.ledger.frozen_tokens(STOCK, "alice") == units(10)


def test_the_standards_forms_work_on_an_open_case(funded: World) -> None:
    funded.do(OPEN)
    assert funded.refused(OPEN) == "case: already open"
    funded.do(short(HOLD), short(SEIZE))
    assert funded.refused(short(replace(SEIZE, sender="bob", to="alice"))) == "case: none open"
    funded.do(CloseCase(STOCK, "alice"))
    assert funded.refused(short(HOLD)) == "case: none open"


def test_keys_of_enforcement_are_the_stocks_own(funded: World) -> None:
    funded.do(replace(HOLD, key="k"), Renew("Bob", EXPIRY, key="k"))
    for order in (HOLD, SEIZE, FREEZE):
        assert funded.refused(replace(order, key="k")) == "keys: used"


def test_freezing_twice_is_accepted(funded: World) -> None:
    funded.do(FREEZE, FREEZE, replace(FREEZE, frozen=False), replace(FREEZE, frozen=False))
    assert funded.ledger.may_hold(STOCK, "alice")


def test_a_chain_that_keeps_what_is_bound_apart_binds_no_more_than_there_is() -> None:
    world = small_world(SOLANA)
    frozen = lambda tokens: SetFrozenTokens(STOCK, "alice", units(tokens, 8), 1, "d")  # noqa: E731
    assert world.refused(frozen(1)) == "ERC20InsufficientBalance"
    world.ledger.stocks[STOCK].token.create("alice", 10**9)
    world.do(frozen(4), Lock(STOCK, "alice", units(5, 8), world.ledger.now() + 10, 1, "d"))
    assert world.refused(frozen(6)) == "ERC20InsufficientBalance"
    later = Lock(STOCK, "alice", units(2, 8), world.ledger.now() + 20, 1, "d")
    assert world.refused(later) == "ERC20InsufficientBalance"
    world.ledger.advance_to(world.ledger.now() + 10)
    world.do(later, frozen(8))
    assert world.refused(Transfer(STOCK, "alice", "bob", units(1, 8))) == "ERC7943InsufficientUnfrozenBalance"
