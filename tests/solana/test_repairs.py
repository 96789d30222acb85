"""What ADMIN does to a multiplier, a correction and a fold, and what UNPAUSER does to what a mint shows of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from delayed_world import drift, shown
from solana_world import DAY, ISSUER, STOCK, World, shares, units
from support.days import ex_of

from scrip import instructions as ins
from scrip.instructions.base import Instruction
from scrip.ledger import SOLANA
from scrip.model import ModelLedger
from scrip.model.laws import arithmetic as law
from scrip.solana.addresses import reference_word
from scrip.solana.chain import Failed
from scrip.solana.encoding.mint import Scale
from scrip.units import WAD, Wad

CORRECT = ins.Correct(STOCK, "c", Wad(WAD * 3 // 4), 0, 7, "minutes")
FOLD = ins.Fold(STOCK, "f", Wad(3 * WAD // 2), 1, 1, 7, "minutes")


class Beside:
    """The program and the model of it, given the same orders."""

    def __init__(self, world: World) -> None:
        self.world, self.model = world, ModelLedger(SOLANA, world.now())
        self.model.apply(ins.CreateStock(STOCK, "Microsoft", world.listing.isin, "ALLOWLIST"))

    def apply(self, order: Instruction) -> None:
        """Both carry it out."""
        self.world.apply(order)
        self.model.apply(order)
        self.agree()

    def wait_until(self, instant: int) -> None:
        """Both clocks moved on."""
        self.world.ledger.advance_to(instant)
        self.model.advance_to(instant)
        self.agree()

    def agree(self) -> None:
        """Both show the same multiplier, and the same backing."""
        assert self.world.ledger.multiplier(STOCK) == self.model.multiplier(STOCK)
        assert self.world.ledger.coverage(STOCK) == self.model.coverage(STOCK)


@pytest.fixture
def beside() -> Beside:
    """A stock that nobody holds, with an attested reserve, on the program and in the model."""
    found = Beside(World.with_stock())
    found.apply(ins.ConfigureReserve(STOCK, 40 * DAY, 50, shares(1_000), source="attested"))
    found.apply(ins.AttestReserve(STOCK, shares(900)))
    return found


def test_an_index_is_corrected_downwards_and_counts_from_its_second(funded: World) -> None:
    at = funded.dividend()
    funded.ledger.advance_to(at)
    effective = at + DAY
    order = replace(CORRECT, effective_at=effective)
    funded.apply(order)
    found = funded.ledger.action(STOCK, "CORR", "c")
    assert (found.status, found.effective_at, found.num, found.ex) == ("scheduled", effective, 0, 0)
    risen = WAD * 26 // 25
    assert shown(funded) == Scale(law.f64_bits(risen), effective, law.f64_bits(order.index))
    assert funded.ledger.coverage(STOCK).receivable == 0
    # Until then the greater index is owed on.
    assert funded.ledger.coverage(STOCK).required == 100 * risen
    funded.ledger.advance_to(effective)
    assert funded.ledger.coverage(STOCK).required == 100 * order.index
    assert funded.ledger.multiplier(STOCK).index == order.index
    assert funded.ledger.action(STOCK, "CORR", "c").status == "effective"
    # A dividend of a quarter is measured at the corrected index.
    at = funded.dividend(WAD, 4 * WAD, "next", effective + 3 * DAY)
    funded.ledger.advance_to(at)
    assert funded.ledger.multiplier(STOCK).index == order.index * 5 // 4


def test_a_correction_is_alone_and_either_of_two_cancels_it(funded: World) -> None:
    at = funded.now() + 2 * DAY
    funded.apply(replace(CORRECT, effective_at=at))
    funded.refuses("actions: slot taken", replace(CORRECT, reference="d", effective_at=at))
    funded.refuses("actions: slot taken", FOLD)
    with pytest.raises(Exception, match="slot taken"):
        funded.split(2, 1)
    funded.apply(ins.Cancel(STOCK, "SPLF", "split", 1, "doc"))
    funded.apply(ins.Cancel(STOCK, "CORR", "c", 1, "doc"))
    assert shown(funded) == Scale(law.f64_bits(WAD), 0, law.f64_bits(WAD))
    funded.refuses("actions: already announced", replace(CORRECT, effective_at=at))
    funded.apply(replace(CORRECT, reference="again", effective_at=at))
    funded.ledger.advance_to(at)
    funded.refuses("actions: not cancellable", ins.Cancel(STOCK, "CORR", "again", 1, "doc"))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("roles: not authorised", {"by": "mallory"}),
        ("actions: reason and document", {"reason": 0}),
        ("actions: reason and document", {"document": ""}),
        ("actions: effective in the past", {"effective_at": 1}),
        ("actions: bad terms", {"effective_at": 2**40}),
        ("actions: notice too short", {"effective_at": 1_000_086_399}),
        ("actions: no effect", {"index": WAD}),
        ("actions: pair does not fit", {"index": 0}),
        ("actions: pair does not fit", {"index": 2**96}),
    ],
)
def test_correcting_refuses_by_name(world: World, name: str, changes: dict[str, object]) -> None:
    world.refuses(name, replace(CORRECT, **({"effective_at": world.now() + DAY} | changes)))
    world.refuses("actions: unknown stock", replace(CORRECT, stock="NONE"), elsewhere=True)
    world.refuses("actions: bad terms", replace(CORRECT, index=Wad(2**128)), elsewhere=True)
    world.refuses("actions: bad terms", replace(FOLD, num=2**64), elsewhere=True)


def test_a_fold_leaves_what_everybody_sees(funded: World) -> None:
    at = funded.split(3, 2)
    funded.ledger.advance_to(at)
    funded.refuses("reserve: basis unconfirmed", FOLD)
    funded.apply(ins.SetBasis(STOCK))
    funded.apply(ins.AttestReserve(STOCK, shares(1_000)))
    before = funded.ledger.multiplier(STOCK), funded.ledger.coverage(STOCK)
    funded.apply(FOLD)
    bits = law.f64_bits(3 * WAD // 2)
    assert shown(funded) == Scale(bits, funded.now() + 1, bits)
    with pytest.raises(Exception, match="slot taken"):
        funded.split(2, 1, "soon")
    funded.refuses("actions: not cancellable", ins.Cancel(STOCK, "FOLD", "f", 1, "doc"))
    funded.wait(1)
    state = funded.ledger.multiplier(STOCK)
    assert (state.index, state.num, state.den, state.effective_at) == (3 * WAD // 2, 1, 1, 0)
    assert state.ui_multiplier == before[0].ui_multiplier
    assert funded.ledger.coverage(STOCK) == before[1]
    found = funded.ledger.action(STOCK, "FOLD", "f")
    assert (found.status, found.num, found.den) == ("effective", 1, 1)
    # The next split waits until the fold is confirmed: the basis is another, and counts the same shares.
    with pytest.raises(Exception, match="basis unconfirmed"):
        funded.split(2, 1, "late")
    funded.mint("bob", 1)
    folded = ins.Basis(1, 1, 2)
    funded.apply(ins.AttestReserve(STOCK, shares(1_000), basis=folded))
    funded.apply(ins.ConfirmBasis(STOCK))
    assert funded.ledger.coverage(STOCK).required == 101 * 3 * WAD // 2
    funded.split(2, 1, "later")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("roles: not authorised", {"by": "mallory"}),
        ("actions: reason and document", {"reason": 0}),
        ("actions: bad terms", {"num": 3, "den": 2}),
        ("actions: bad terms", {"num": 4}),
        ("actions: bad terms", {"num": 2, "den": 2}),
        ("actions: bad terms", {"num": 0}),
        ("actions: bad terms", {"den": 0}),
        ("actions: pair does not fit", {"index": 2**96}),
        ("actions: not the same multiplier", {"index": 3 * WAD // 2 + 1}),
    ],
)
def test_folding_refuses_by_name(world: World, name: str, changes: dict[str, object]) -> None:
    world.ledger.advance_to(world.split(3, 2))
    world.refuses(name, replace(FOLD, **changes))


def test_a_fold_reads_past_indices_at_its_own_ratio(beside: Beside) -> None:
    """After a fold the index is one and a half as high, and so is what a dividend's rise is measured against."""
    world, start = beside.world, beside.world.now()

    def action(code: str, reference: str, price: int = 0, **terms: object) -> None:
        at = world.now() + 2 * DAY
        order = ins.Announce(STOCK, code, reference, ex_of(at), at, **terms)
        beside.apply(order)
        beside.apply(ins.Schedule(STOCK, code, reference, Wad(price)))
        beside.wait_until(at)

    action("DRIP", "1", 4 * WAD, gross=WAD, pay=start + 2 * DAY)
    action("SPLF", "s", num=3, den=2)
    beside.apply(ins.SetBasis(STOCK))
    index = world.ledger.multiplier(STOCK).index
    beside.apply(replace(FOLD, index=Wad(index * 3 // 2)))
    beside.wait_until(world.now() + 1)
    beside.apply(ins.SetBasis(STOCK))
    at = world.now() + 2 * DAY
    beside.apply(ins.Announce(STOCK, "DRIP", "2", ex_of(at), at, gross=Wad(WAD), pay=at))
    too_much = ins.Schedule(STOCK, "DRIP", "2", Wad(5 * WAD - 10**9))
    for ledger in (world.ledger, beside.model):
        with pytest.raises(Exception, match="rate bound"):
            ledger.apply(too_much)
    beside.apply(replace(too_much, price=Wad(5 * WAD)))
    beside.wait_until(at)
    correction = replace(CORRECT, index=Wad(WAD // 7), effective_at=at + DAY)
    beside.apply(correction)
    beside.wait_until(at + DAY)


def test_a_mint_that_shows_another_number_is_made_to_show_ours(funded: World) -> None:
    call = funded.signed("resync_multiplier", ISSUER)
    funded.fails("NoDrift", [call], ISSUER)
    funded.fails("NotAuthorised", [funded.signed("resync_multiplier", "mallory")], "mallory")
    for activated in (False, True):
        at = funded.split(2, 1, f"split {activated}")
        drift(funded)
        funded.refuses("token: multiplier drift", ins.Cancel(STOCK, "SPLF", f"split {activated}", 1, "doc"))
        if activated:
            funded.ledger.advance_to(at)
        before = funded.ledger.multiplier(STOCK), funded.ledger.coverage(STOCK)
        sent = funded.send([call], ISSUER)
        assert [event.name for event in funded.program.events(sent.inner)] == ["MultiplierResynced"]
        assert (funded.ledger.multiplier(STOCK), funded.ledger.coverage(STOCK)) == before
        one, two = law.f64_bits(WAD), law.f64_bits(2 * WAD)
        assert shown(funded) == (Scale(two, 0, two) if activated else Scale(one, at, two))
        if not activated:
            funded.apply(ins.Cancel(STOCK, "SPLF", f"split {activated}", 1, "doc"))
    funded.fails("NoDrift", [call], ISSUER)
    funded.redeem("alice", 1)
    assert funded.ledger.balance(STOCK, "alice") == units(99)


def test_a_record_stands_where_its_terms_say(world: World) -> None:
    """A repair at another action's address is refused by the constraint that Anchor names."""
    elsewhere = world.program.at.action(world.listing.stock, "CORR", reference_word("other"))
    args = list(reference_word("c")), WAD // 2, world.now() + DAY, 7, [1] * 32
    call = world.signed("correct_index", ISSUER, *args, action=elsewhere)
    with pytest.raises(Failed) as failed:
        world.send([call], ISSUER)
    assert failed.value.custom == 2006
