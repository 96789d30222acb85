"""Corporate actions: the exact pair, one slot, bounds and notices, and the number that the mint shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from solana_world import DAY, ISSUER, START, STOCK, World, coins, units
from solders.account import Account
from support.days import ex_of

from scrip import instructions as ins
from scrip.ledger import ActionState
from scrip.model.laws import arithmetic as law
from scrip.model.state import Rules
from scrip.solana.addresses import TOKEN_2022
from scrip.solana.encoding import tokens
from scrip.solana.handlers.actions import terms
from scrip.units import WAD

SCALED = 25
AT = START + 2 * DAY
MIDNIGHT = AT - AT % DAY


def shown(world: World) -> tuple[int, int, int]:
    """Bits of the mint's multiplier and of its next one, and the second of that."""
    value = tokens.extensions(world.ledger.mint_data(world.listing))[SCALED]
    current, at, following = (int.from_bytes(value[at : at + 8], "little") for at in (32, 40, 48))
    return current, following, at


def announce(world: World, code: str = "SPLF", **changes: object) -> ins.Announce:
    at = world.now() + 2 * DAY
    terms: dict = {"num": 2, "den": 1} if code != "DRIP" else {"gross": WAD, "pay": at}
    base: dict = {
        "stock": STOCK,
        "code": code,
        "reference": "r",
        "ex": ex_of(changes.get("effective_at", at)),
        "effective_at": at,
    }
    return ins.Announce(**(base | terms | changes))


def test_a_split_is_current_from_its_second_with_no_transaction(funded: World) -> None:
    at = funded.split(2, 1)
    before = funded.ledger.multiplier(STOCK)
    assert (before.ui_multiplier, before.pending_ui_multiplier, before.effective_at) == (WAD, 2 * WAD, at)
    assert shown(funded) == (law.f64_bits(WAD), law.f64_bits(2 * WAD), at)
    funded.ledger.advance_to(at - 1)
    assert funded.ledger.multiplier(STOCK) == before
    funded.ledger.advance_to(at)
    after = funded.ledger.multiplier(STOCK)
    assert (after.num, after.den, after.ui_multiplier, after.pending_ui_multiplier) == (2, 1, 2 * WAD, 2 * WAD)
    assert (after.effective_at, after.generation) == (0, 1)
    assert funded.ledger.balance_ui(STOCK, "alice") == 200 * 10**8


def test_a_dividend_moves_the_index_and_splits_the_fraction(funded: World) -> None:
    funded.ledger.advance_to(funded.dividend(3_080_000_000_000_000_000, 27_390_000_000_000_000_000))
    funded.ledger.advance_to(funded.split(3, 2, "later"))
    state = funded.ledger.multiplier(STOCK)
    assert (state.index, state.num, state.den) == (1_112_449_799_196_787_148, 3, 2)
    assert state.ui_multiplier == 1_112_449_799_196_787_148 * 3 // 2
    assert state.generation == 2


def test_actions_are_shown_as_they_stand_now(funded: World) -> None:
    ledger, at = funded.ledger, funded.split(2, 1)
    pay = at + DAY
    funded.apply(announce(funded, "DRIP", reference="d", effective_at=pay, pay=pay))
    found = {one.code: one for one in ledger.actions(STOCK)}
    split = ledger.action(STOCK, "SPLF", "split")
    assert found == {"SPLF": split, "DRIP": ledger.action(STOCK, "DRIP", "d")}
    assert (split.stock, split.reference, split.status) == (STOCK, "split", "scheduled")
    assert (split.num, split.den, split.effective_at, len(split.id)) == (2, 1, at, 32)
    assert (split.known, split.open, split.counts) == (True, True, True)
    assert (found["DRIP"].status, found["DRIP"].gross, found["DRIP"].pay) == ("announced", WAD, pay)
    ledger.advance_to(at)
    assert ledger.action(STOCK, "SPLF", "split").status == "effective"
    unknown = ledger.action(STOCK, "SPLR", "none")
    assert unknown == ActionState(b"", STOCK, "SPLR", "none")
    assert (unknown.known, unknown.open, unknown.counts) == (False, False, False)


def test_scheduling_folds_first_and_rewrites_the_mint(funded: World) -> None:
    funded.ledger.advance_to(funded.split(2, 1))
    funded.apply(ins.SetBasis(STOCK))
    at = funded.split(1, 2, "back")
    assert shown(funded) == (law.f64_bits(2 * WAD), law.f64_bits(WAD), at)


def test_applying_is_book_keeping(funded: World) -> None:
    call = funded.signed("apply_multiplier", "anyone")
    funded.fails("NothingToApply", [call], "anyone")
    at = funded.split(2, 1)
    funded.fails("NothingToApply", [call], "anyone")
    funded.ledger.advance_to(at)
    seen = funded.ledger.multiplier(STOCK)
    sent = funded.send([call], "anyone")
    assert [event.name for event in funded.program.events(sent.inner)] == ["MultiplierApplied"]
    assert funded.ledger.multiplier(STOCK) == seen
    assert shown(funded) == (law.f64_bits(2 * WAD), law.f64_bits(2 * WAD), 0)
    funded.fails("NothingToApply", [call], "anyone")


@pytest.mark.parametrize(
    ("name", "code", "changes"),
    [
        ("roles: not authorised", "SPLF", {"by": "mallory"}),
        ("actions: unknown stock", "SPLF", {"stock": "NONE"}),
        ("actions: unknown code", "DVCA", {}),
        ("actions: effective in the past", "SPLF", {"effective_at": 1_000_000_000}),
        ("actions: bad terms", "SPLF", {"num": 1, "den": 2}),
        ("actions: bad terms", "SPLF", {"num": 2, "den": 2}),
        ("actions: bad terms", "SPLR", {}),
        ("actions: bad terms", "SPLF", {"den": 0}),
        ("actions: bad terms", "SPLF", {"gross": 1}),
        ("actions: bad terms", "SPLF", {"pay": 1}),
        ("actions: bad terms", "SPLF", {"effective_at": 2**40}),
        ("actions: bad terms", "DRIP", {"gross": 0}),
        ("actions: bad terms", "DRIP", {"num": 1}),
        ("actions: bad terms", "DRIP", {"ex_at": AT, "pay": AT - 30 * DAY - 1}),
        ("actions: bad terms", "DRIP", {"pay": -1}),
        ("actions: bad terms", "DRIP", {"pay": AT - 1, "buy": AT + 5 * DAY + 1}),
        ("actions: bad terms", "DRIP", {"pay": AT + 120 * DAY + 1}),
        ("actions: bad terms", "DRIP", {"buy": AT - 1}),
        ("actions: bad terms", "DRIP", {"buy": AT + 5 * DAY + 1}),
        ("actions: bad terms", "SPLF", {"buy": AT}),
        ("actions: bad terms", "SPLF", {"ex": ex_of(AT + DAY)}),
        ("actions: bad terms", "SPLF", {"ex_at": AT + 1}),
        ("actions: bad terms", "SPLF", {"ex": ex_of(AT - 30 * DAY), "ex_at": AT - 30 * DAY - 1}),
        ("actions: bad terms", "SPLF", {"ex": ex_of(MIDNIGHT + DAY), "ex_at": MIDNIGHT - 1}),
        ("actions: bad terms", "SPLF", {"ex": ex_of(MIDNIGHT - DAY), "ex_at": MIDNIGHT + 1}),
        ("actions: bad terms", "SPLF", {"ex": date(1066, 10, 14)}),
        ("actions: bad terms", "SPLF", {"ex": date(9999, 12, 31)}),
        ("actions: split bound", "SPLF", {"num": 101}),
        ("actions: split bound", "SPLR", {"num": 1, "den": 101}),
        ("actions: notice too short", "DRIP", {"effective_at": 1_000_086_399, "pay": 1_000_086_399}),
    ],
)
def test_announcing_refuses_by_name(world: World, name: str, code: str, changes: dict[str, object]) -> None:
    world.refuses(name, announce(world, code, **changes))


def test_a_term_beyond_64_bits_is_refused(world: World) -> None:
    world.refuses("actions: bad terms", announce(world, num=2**64), elsewhere=True)


def test_a_seventeenth_announcement_waits(world: World) -> None:
    for number in range(16):
        world.apply(announce(world, reference=str(number)))
    world.refuses("actions: too many announced", announce(world, reference="16"), "TooManyAnnounced")
    world.apply(ins.Cancel(STOCK, "SPLF", "3", 7, "board resolution"))
    world.apply(announce(world, reference="16"))


def test_the_administrator_may_cancel_and_what_was_only_announced_at_any_time(world: World) -> None:
    order = announce(world)
    world.apply(order)
    cancel = ins.Cancel(STOCK, "SPLF", "r", 7, "board resolution")
    world.refuses("roles: not authorised", replace(cancel, by="mallory"))
    world.ledger.advance_to(order.effective_at + DAY)
    world.apply(cancel)
    world.refuses("actions: not cancellable", cancel)


def test_a_reference_is_used_once(world: World) -> None:
    world.apply(announce(world))
    world.refuses("actions: already announced", announce(world))
    world.apply(announce(world, "DRIP"))


def test_scheduling_refuses_by_name(world: World) -> None:
    schedule = ins.Schedule
    world.refuses("actions: not announced", schedule(STOCK, "SPLF", "r"))
    world.refuses("actions: not announced", schedule("NONE", "SPLF", "r"), elsewhere=True)
    world.apply(announce(world))
    world.refuses("roles: not authorised", schedule(STOCK, "SPLF", "r", by="mallory"))
    world.refuses("actions: bad terms", schedule(STOCK, "SPLF", "r", 1))
    world.apply(announce(world, "DRIP"))
    world.refuses("actions: bad terms", schedule(STOCK, "DRIP", "r", 0))
    world.refuses("actions: step bound", schedule(STOCK, "DRIP", "r", 4 * WAD - 1))
    world.apply(announce(world, "DRIP", reference="dust", gross=1))
    world.refuses("actions: no effect", schedule(STOCK, "DRIP", "dust", 2 * WAD))
    world.apply(schedule(STOCK, "DRIP", "r", 4 * WAD))
    world.refuses("actions: not announced", schedule(STOCK, "DRIP", "r", 4 * WAD))
    world.apply(announce(world, reference="other", effective_at=world.now() + 3 * DAY))
    world.refuses("actions: slot taken", schedule(STOCK, "SPLF", "other"))
    world.wait(DAY + 1)
    world.refuses("actions: notice too short", schedule(STOCK, "SPLF", "r"))


def test_a_notice_is_exact(world: World) -> None:
    world.apply(announce(world))
    world.apply(announce(world, "DRIP"))
    world.wait(DAY)
    world.apply(ins.Schedule(STOCK, "SPLF", "r"))
    world.wait(DAY - 3_600 + 1)
    world.refuses("actions: notice too short", ins.Schedule(STOCK, "DRIP", "r", 25 * WAD))


def test_a_pair_that_does_not_fit(world: World) -> None:
    for number in range(5):
        world.ledger.advance_to(world.split(99, 1, f"up {number}"))
    world.apply(announce(world, num=99))
    world.refuses("actions: pair does not fit", ins.Schedule(STOCK, "SPLF", "r"))


def test_the_rate_bound_looks_a_year_back(world: World) -> None:
    step = {"gross": WAD, "price": 4 * WAD}
    start = world.dividend(**step, reference="1")
    world.ledger.advance_to(start)
    at = world.now() + 2 * DAY
    world.apply(announce(world, "DRIP", reference="2", effective_at=at, pay=at))
    world.refuses("actions: rate bound", ins.Schedule(STOCK, "DRIP", "2", 4 * WAD))
    world.apply(ins.Schedule(STOCK, "DRIP", "2", 5 * WAD))
    world.ledger.advance_to(at)
    # A year after the first step the window no longer holds it.
    at = start + 365 * DAY
    world.ledger.advance_to(at - 2 * DAY)
    for effective, name, ok in ((at - 1, "early", False), (at, "due", True)):
        world.apply(announce(world, "DRIP", reference=name, effective_at=effective, pay=effective))
        order = ins.Schedule(STOCK, "DRIP", name, 4 * WAD)
        world.apply(order) if ok else world.refuses("actions: rate bound", order)


def test_a_dividend_over_a_pending_split_joins_only_at_its_second(funded: World) -> None:
    at = funded.split(2, 1)
    other = at + 1
    funded.apply(announce(funded, "DRIP", reference="other", effective_at=other, pay=other))
    funded.refuses("actions: slot taken", ins.Schedule(STOCK, "DRIP", "other", 25 * WAD))
    funded.dividend(at=at)
    state = funded.ledger.multiplier(STOCK)
    assert state.pending_ui_multiplier == 2 * (WAD * 26 // 25)
    assert state.effective_at == at
    funded.ledger.advance_to(at)
    assert funded.ledger.multiplier(STOCK).generation == 1


def test_four_parts_join(world: World) -> None:
    at = world.split(2, 1)
    for number in range(3):
        world.dividend(WAD // 100, at=at, reference=str(number))
    world.apply(announce(world, "DRIP", reference="5", effective_at=at, pay=at))
    world.refuses("actions: slot taken", ins.Schedule(STOCK, "DRIP", "5", 25 * WAD))


def test_cancelling_a_part_leaves_the_others(funded: World) -> None:
    at = funded.split(2, 1)
    funded.dividend(WAD, 25 * WAD, "first", at)
    funded.dividend(WAD, 30 * WAD, "second", at)
    funded.apply(ins.Cancel(STOCK, "DRIP", "first", 1, "doc"))
    left = 2 * (WAD * 31 // 30)
    assert funded.ledger.multiplier(STOCK).pending_ui_multiplier == left
    assert shown(funded) == (law.f64_bits(WAD), law.f64_bits(left), at)
    funded.apply(ins.Cancel(STOCK, "SPLF", "split", 1, "doc"))
    funded.apply(ins.Cancel(STOCK, "DRIP", "second", 1, "doc"))
    state = funded.ledger.multiplier(STOCK)
    assert (state.pending_ui_multiplier, state.effective_at, state.generation) == (WAD, 0, 0)
    assert shown(funded) == (law.f64_bits(WAD), law.f64_bits(WAD), 0)
    assert funded.ledger.coverage(STOCK).receivable == 0
    funded.split(2, 1, "again", 3 * DAY)


def test_a_part_that_holds_the_others_up_is_cancelled_last(world: World) -> None:
    for number in range(5):
        world.ledger.advance_to(world.split(100, 1, f"split {number}"))
    at = world.split(1, 100, "down")
    world.apply(announce(world, "SPLF", reference="up", effective_at=at, num=99, den=1))
    world.apply(ins.Schedule(STOCK, "SPLF", "up"))
    world.refuses("actions: pair does not fit", ins.Cancel(STOCK, "SPLR", "down", 1, "doc"))
    world.apply(ins.Cancel(STOCK, "SPLF", "up", 1, "doc"))
    world.apply(ins.Cancel(STOCK, "SPLR", "down", 1, "doc"))
    assert world.ledger.multiplier(STOCK).num == 100**5


def test_cancelling_refuses_by_name(world: World) -> None:
    cancel = ins.Cancel(STOCK, "SPLF", "split", 1, "doc")
    world.refuses("actions: not cancellable", cancel)
    world.refuses("roles: not authorised", ins.Cancel(STOCK, "SPLF", "split", 1, "doc", by="mallory"))
    world.refuses("actions: reason and document", ins.Cancel(STOCK, "SPLF", "split", 0, "doc"))
    world.refuses("actions: reason and document", ins.Cancel(STOCK, "SPLF", "split", 1, ""))
    at = world.split(2, 1)
    world.ledger.advance_to(at - 1)
    world.apply(cancel)
    world.refuses("actions: not cancellable", cancel)
    world.refuses("actions: already announced", announce(world, reference="split"))
    world.ledger.advance_to(world.split(2, 1, "second"))
    world.refuses("actions: not cancellable", ins.Cancel(STOCK, "SPLF", "second", 1, "doc"))


def test_an_announced_action_can_be_cancelled(world: World) -> None:
    world.apply(announce(world))
    world.apply(ins.Cancel(STOCK, "SPLF", "r", 1, "doc"))
    world.refuses("actions: not announced", ins.Schedule(STOCK, "SPLF", "r"))


def test_withholding_is_struck_at_the_rate_of_the_schedule() -> None:
    world = World.with_holders(rules=Rules(withholding_bps=1_500))
    world.back()
    world.ledger.advance_to(world.dividend(WAD, 25 * WAD))
    assert world.ledger.multiplier(STOCK).index == WAD * (25 * WAD + WAD * 85 // 100) // (25 * WAD)


def test_a_pause_does_not_stop_the_markets_split(funded: World) -> None:
    funded.apply(ins.Pause(STOCK))
    funded.split(2, 1)
    funded.apply(ins.Cancel(STOCK, "SPLF", "split", 1, "doc"))


def test_an_id_is_the_same_on_every_chain(world: World) -> None:
    from eth_utils import keccak

    from scrip.solana.addresses import code_word, reference_word

    order = announce(world)
    head = (list(code_word("SPLF")), list(reference_word("r")))
    accounts = {"action": world.program.at.action(world.listing.stock, "SPLF", reference_word("r"))}
    sent = world.send([world.signed("announce_action", ISSUER, *head, terms(order), **accounts)], ISSUER)
    (event,) = world.program.events(sent.inner)
    word = keccak(b"US5949181045" + (1).to_bytes(8, "big") + b"SPLF" + b"r".ljust(32, b"\0"))
    assert event.name == "ActionAnnounced"
    assert bytes(event.data.id) == word


@pytest.mark.parametrize("field", [32, 40, 48])
def test_a_mint_that_shows_another_number_is_noticed(funded: World, field: int) -> None:
    funded.split(2, 1)
    funded.apply(announce(funded, "DRIP", effective_at=funded.now() + 2 * DAY))
    account = funded.chain.svm.get_account(funded.listing.mint)
    data = bytearray(account.data)
    value = tokens.extensions(bytes(data))[SCALED]
    at = bytes(data).index(value) + field
    data[at] ^= 1
    funded.chain.svm.set_account(funded.listing.mint, Account(account.lamports, bytes(data), TOKEN_2022, False, 0))
    drift = "token: multiplier drift"
    funded.refuses(drift, ins.Mint(STOCK, "alice", units(1), coins(1), funded.quote()))
    funded.refuses(drift, ins.Redeem(STOCK, "alice", units(1), coins(1), funded.quote()))
    funded.refuses(drift, ins.Schedule(STOCK, "DRIP", "r", 25 * WAD))
    funded.refuses(drift, ins.Cancel(STOCK, "SPLF", "split", 1, "doc"))
    funded.wait(2 * DAY)
    funded.fails("MultiplierDrift", [funded.signed("apply_multiplier", "anyone")], "anyone")
