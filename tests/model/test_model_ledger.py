from dataclasses import fields

import pytest
from model_world import DAY, START, STOCK, World, dividend, fingerprint, scheduled, split, units

from scrip import instructions as ins
from scrip.instructions.base import Instruction
from scrip.instructions.fleet import Pause
from scrip.ledger import EVM, SOLANA, Coverage, Ledger, Receipt


def concrete(base: type) -> set[type]:
    below = base.__subclasses__()
    return {kind for kind in below if not kind.__subclasses__()} | {leaf for kind in below for leaf in concrete(kind)}


def test_the_model_is_a_ledger(world: World) -> None:
    assert isinstance(world.ledger, Ledger)
    assert world.ledger.traits is EVM
    assert world.ledger.apply(world.mint()) == Receipt(None, None, None)


def test_every_instruction_is_a_value_that_compares(world: World) -> None:
    kinds = concrete(Instruction)
    assert {kind.__name__ for kind in kinds} >= {"Mint", "Redeem", "Transfer", "Announce", "ForcedTransfer"}
    for kind in kinds:
        assert kind.__dataclass_params__.frozen, kind  # type: ignore[attr-defined]
        assert kind.__doc__, kind
    assert Pause("A") == Pause("A") != Pause("B")
    assert hash(world.transfer("alice", "bob")) == hash(world.transfer("alice", "bob"))


def test_every_role_instruction_asks_for_the_role_first(world: World) -> None:
    """Whatever else is wrong with it, an instruction of somebody without the role is refused for that."""
    kinds = [kind for kind in concrete(Instruction) if issubclass(kind, ins.RoleInstruction)]
    assert len(kinds) > 20
    for kind in kinds:
        # No order about a record can be made without a code of the book.
        others = [entry for entry in fields(kind) if entry.name != "by"]
        # A list is counted before it is an order at all.
        empty = {entry.name: () if str(entry.type).startswith("tuple") else None for entry in others}
        nonsense = {name: "TEND" if name == "code" else nothing for name, nothing in empty.items()}
        assert world.refused(kind(**nonsense, by="mallory")) == "roles: not authorised"


def test_what_is_no_instruction_is_a_type_error(world: World) -> None:
    with pytest.raises(TypeError, match="no instruction"):
        world.ledger.apply(Instruction())


def test_the_clock_goes_forward_only(world: World) -> None:
    world.at(START)
    world.at(START + 1)
    assert world.ledger.now() == START + 1
    with pytest.raises(ValueError, match="has passed"):
        world.at(START)


def test_a_copy_is_independent(funded: World) -> None:
    other = funded.ledger.copy()
    before = fingerprint(other)
    assert before == fingerprint(funded.ledger)
    funded.do(funded.transfer("alice", "bob"), Pause(STOCK), *scheduled(split("s1", START + DAY)))
    assert fingerprint(other) == before
    other.apply(funded.transfer("alice", "bob", 5))
    assert other.balance(STOCK, "bob") == units(5)


def test_traits_say_where_chains_differ() -> None:
    assert (EVM.decimals, EVM.expiry, EVM.binds_ahead) == (18, "eager", True)
    assert (SOLANA.decimals, SOLANA.expiry, SOLANA.binds_ahead) == (8, "cranked", False)


def test_coverage_says_whether_it_covers() -> None:
    assert Coverage(attested=100, required=100, receivable=0, ceiling=100, others=0).covered
    assert not Coverage(attested=99, required=100, receivable=0, ceiling=100, others=0).covered
    assert not Coverage(attested=100, required=100, receivable=0, ceiling=99, others=0).covered
    assert Coverage(attested=101, required=100, receivable=0, ceiling=101, others=1).covered
    assert not Coverage(attested=100, required=100, receivable=0, ceiling=101, others=1).covered
    assert Coverage(attested=1, required=5, receivable=5, ceiling=101, others=2).covered
    assert Coverage(attested=99, required=100, receivable=1, ceiling=99, others=0).covered
    assert Coverage(attested=0, required=100, receivable=1000, ceiling=0, others=0).covered


# --- preview ---


def test_a_preview_shows_each_step_and_changes_nothing(funded: World) -> None:
    before = fingerprint(funded.ledger)
    at = START + 2 * DAY
    announce, schedule = scheduled(split("s1", at))
    plan = [funded.transfer("alice", "bob", 30), announce, schedule, at, funded.transfer("bob", "alice", 10)]
    steps = funded.ledger.preview(plan)
    assert fingerprint(funded.ledger) == before
    assert [step.instruction for step in steps] == [entry for entry in plan if not isinstance(entry, int)]
    assert [step.refusal for step in steps] == [None] * 4
    assert steps[0].before.balances == {(STOCK, "alice"): units(100)}
    assert steps[0].after.balances == {(STOCK, "alice"): units(70), (STOCK, "bob"): units(30)}
    assert steps[2].after.multipliers[STOCK].pending_ui_multiplier == 2 * 10**18
    assert steps[2].after.multipliers[STOCK].ui_multiplier == 10**18
    assert steps[3].before.now == at
    assert steps[3].before.multipliers[STOCK].ui_multiplier == 2 * 10**18
    assert steps[3].after.supplies == {STOCK: units(100)}
    assert steps[3].after.coverages[STOCK] == steps[2].after.coverages[STOCK]
    assert steps[3].after.coverages[STOCK].required == 2 * steps[0].before.coverages[STOCK].required
    assert str(steps[3].after.stablecoins["alice"]) == "1000000"


def test_a_preview_ends_at_the_first_refusal(funded: World) -> None:
    plan = [Pause(STOCK), funded.transfer("alice", "bob"), funded.transfer("alice", "bob")]
    steps = funded.ledger.preview(plan)
    assert len(steps) == 2
    assert steps[1].refusal is not None
    assert steps[1].refusal.name == "token: paused"
    assert steps[1].before == steps[1].after


def test_a_plan_without_steps_previews_as_nothing(world: World) -> None:
    assert world.ledger.preview([]) == []


# --- one history from end to end ---


def test_a_small_history_of_a_real_stock(world: World) -> None:
    """MSFT split 2:1 on 2003-02-18 and paid 8 cents at 24.53 the day after."""
    split_at, paid_at = START + 3 * DAY, START + 4 * DAY
    world.do(world.mint("alice", 100, settlement="4848.00"))
    world.do(dividend("2003-02-19", paid_at, gross=8 * 10**16), *scheduled(split("2003-02-18", split_at)))
    world.at(split_at)
    world.attest(2 * 10**6)
    world.do(ins.ConfirmBasis(STOCK))
    world.do(ins.Schedule(STOCK, "DRIP", "2003-02-19", 2453 * 10**16))
    world.at(paid_at)
    state = world.ledger.multiplier(STOCK)
    assert (state.index, state.num, state.den, state.generation) == (1_003_261_312_678_353_037, 2, 1, 2)
    assert state.ui_multiplier == 2_006_522_625_356_706_074
    world.do(world.transfer("alice", "bob", 40), world.redeem("bob", 40, settlement="1968.80"))
    assert world.ledger.coverage(STOCK).required == 60 * state.ui_multiplier
