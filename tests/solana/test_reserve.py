"""Backing: signed attestations, each of a basis and for one nonce, ceilings, and splits that are confirmed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from solana_world import DAY, ISSUER, STOCK, World, coins, shares, units
from support.days import ex_of

from scrip import instructions as ins
from scrip.solana.addresses import local_keypair
from scrip.solana.encoding.messages import Attestation, signed_by
from scrip.solana.keys import CUSTODIAN
from scrip.units import WAD


def order(world: World, tokens: int = 1) -> ins.Mint:
    return ins.Mint(STOCK, "alice", units(tokens), coins(1), world.quote())


def test_a_mint_needs_a_configured_attested_reserve(world: World) -> None:
    world.apply(ins.FundStablecoin("alice", coins(10)))
    world.refuses("reserve: not configured", order(world))
    world.apply(ins.ConfigureReserve(STOCK, DAY, 0, shares(100)))
    world.refuses("reserve: bad answer", order(world))
    world.refuses("reserve: future answer", ins.AttestReserve(STOCK, shares(100), world.now() + 1))
    world.apply(ins.AttestReserve(STOCK, shares(100)))
    world.apply(order(world, 100))
    world.refuses("reserve: insufficient", order(world))
    world.wait(DAY)
    world.apply(ins.Redeem(STOCK, "alice", units(1), coins(0), world.quote()))
    world.apply(order(world))
    world.apply(ins.Redeem(STOCK, "alice", units(1), coins(0), world.quote()))
    world.wait(1)
    world.refuses("reserve: stale answer", order(world))
    world.apply(ins.AttestReserve(STOCK, shares(0)))
    world.refuses("reserve: bad answer", order(world))


def test_the_ceiling_and_the_margin_bind(world: World) -> None:
    world.back(held=100, margin_bps=1_000, ceiling=50)
    world.apply(order(world, 50))
    world.refuses("reserve: insufficient", order(world))
    assert world.ledger.coverage(STOCK).ceiling == shares(50).to_wad()
    world.apply(ins.SetCeiling(STOCK, shares(1_000)))
    assert world.ledger.coverage(STOCK).ceiling == shares(1_000).to_wad()
    world.apply(order(world, 40))
    world.refuses("reserve: insufficient", order(world))
    assert world.ledger.coverage(STOCK).attested == 90 * WAD


@pytest.mark.parametrize(("age", "margin"), [(0, 0), (1, 10_000)])
def test_a_configuration_is_bounded(world: World, age: int, margin: int) -> None:
    world.refuses("reserve: bad config", ins.ConfigureReserve(STOCK, age, margin, shares(1)))


@pytest.mark.parametrize(("age", "margin"), [(1, 2**16), (2**32, 0)])
def test_a_configuration_that_no_transaction_can_say(world: World, age: int, margin: int) -> None:
    world.refuses("reserve: bad config", ins.ConfigureReserve(STOCK, age, margin, shares(1)), elsewhere=True)


def test_the_admin_configures(world: World) -> None:
    world.refuses("reserve: not configured", ins.SetCeiling(STOCK, shares(1)), elsewhere=True)
    world.refuses("reserve: not configured", ins.SetBasis(STOCK))
    world.refuses("reserve: not configured", ins.ConfirmBasis(STOCK))
    for command in (
        ins.ConfigureReserve(STOCK, 1, 0, shares(1), by="mallory"),
        ins.SetCeiling(STOCK, shares(1), by="mallory"),
        ins.SetBasis(STOCK, by="mallory"),
    ):
        world.refuses("roles: not authorised", command)


def paper(world: World, **changes: int) -> Attestation:
    """What can be published now, unless told otherwise."""
    stored = reserve(world)
    terms = {"shares": 10 * WAD, "ceiling": 20 * WAD, "others": 0, "num": 1, "den": 1, "counter": 0}
    terms |= {"as_of": world.now(), "nonce": stored.nonce, "expiry": world.now()}
    return Attestation(**(terms | changes))


def reserve(world: World) -> Any:
    return world.stored(world.listing.reserve)


def calls(world: World, signed: Attestation, sent: Attestation, signer: str = CUSTODIAN) -> list:
    digest = signed.digest(world.chain.genesis, world.program.id, world.program.at.issuer, world.listing.mint)
    stored = {name: getattr(sent, name) for name in ("shares", "ceiling", "others", "as_of", "nonce", "expiry")}
    stored["basis"] = {name: getattr(sent, name) for name in ("num", "den", "counter")}
    return [signed_by(local_keypair(signer), digest), world.signed("attest_reserve", "anyone", stored)]


def test_an_attestation_is_the_attestors(world: World) -> None:
    good = paper(world)
    world.fails("ReserveNotConfigured", calls(world, good, good), "anyone")
    world.apply(ins.ConfigureReserve(STOCK, DAY, 0, shares(100)))
    good = paper(world)
    world.fails("NotAnAttestor", calls(world, good, good, ISSUER), "anyone")
    for field in Attestation.__slots__:
        other = replace(good, **{field: getattr(good, field) + 1})
        world.fails("BadSignature", calls(world, other, good), "anyone")
    world.fails("SignatureMissing", calls(world, good, good)[1:], "anyone")
    sent = world.send(calls(world, good, good), "anyone")
    assert [event.name for event in world.program.events(sent.inner)] == ["ReserveAttested"]
    world.fails("WrongNonce", calls(world, good, good), "anyone")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("WrongNonce", {"nonce": 1}),
        ("WrongNonce", {"nonce": -1}),
        ("PaperExpired", {"expiry": -1}),
        ("WrongBasis", {"counter": 1}),
        ("WrongBasis", {"num": 1}),
        ("FutureAnswer", {"as_of": 1}),
    ],
)
def test_a_paper_is_for_one_nonce_one_basis_and_until_its_expiry(
    world: World, name: str, changes: dict[str, int]
) -> None:
    world.apply(ins.ConfigureReserve(STOCK, DAY, 0, shares(100)))
    good = paper(world)
    bad = replace(good, **{field: getattr(good, field) + by for field, by in changes.items()})
    world.fails(name, calls(world, bad, bad), "anyone")
    world.send(calls(world, good, good), "anyone")
    again = paper(world)
    world.fails("NotNewer", calls(world, again, again), "anyone")


def test_no_nonce_ends_a_stocks_attestations(world: World) -> None:
    world.apply(ins.ConfigureReserve(STOCK, DAY, 0, shares(100)))
    last = paper(world, nonce=2**64 - 1)
    world.fails("WrongNonce", calls(world, last, last), "anyone")
    good = paper(world)
    world.send(calls(world, good, good), "anyone")


def test_a_paper_that_was_never_published_does_not_lift_a_ceiling_that_was_set_since(funded: World) -> None:
    funded.wait(1)
    old = paper(funded, shares=10**6 * WAD, ceiling=10**6 * WAD, expiry=funded.now() + DAY)
    funded.apply(ins.SetCeiling(STOCK, shares(0)))
    funded.fails("WrongNonce", calls(funded, old, old), "anyone")
    funded.refuses("reserve: insufficient", order(funded))


def test_an_attestation_counts_as_what_it_says_until_the_split_is_confirmed(funded: World) -> None:
    funded.refuses("reserve: basis is current", ins.ConfirmBasis(STOCK))
    at = funded.split(2, 1)
    funded.wait(1)
    funded.apply(ins.AttestReserve(STOCK, shares(2_000_000), basis=ins.Basis(2, 1, 1)))
    assert funded.ledger.coverage(STOCK).required == 200 * WAD
    funded.mint("alice", 1)
    funded.ledger.advance_to(at)
    funded.refuses("reserve: answer too old", ins.ConfirmBasis(STOCK))
    funded.apply(ins.AttestReserve(STOCK, shares(1_000_000), basis=ins.Basis(1, 1, 0)))
    funded.mint("alice", 1)
    funded.refuses("reserve: split not shown", ins.ConfirmBasis(STOCK))
    funded.wait(1)
    funded.apply(ins.AttestReserve(STOCK, shares(0)))
    funded.refuses("reserve: bad answer", ins.ConfirmBasis(STOCK))
    funded.wait(1)
    funded.apply(ins.AttestReserve(STOCK, shares(2_000_000)))
    funded.apply(ins.ConfirmBasis(STOCK))
    funded.mint("alice", 1)
    coverage = funded.ledger.coverage(STOCK)
    assert coverage.required == 2 * 103 * WAD
    assert coverage.ceiling == 2_000_000 * WAD


def test_a_paper_from_before_a_confirmation_does_not_pass_after_it(funded: World) -> None:
    funded.ledger.advance_to(funded.split(2, 1))
    funded.apply(ins.AttestReserve(STOCK, shares(2_000_000)))
    funded.wait(1)
    signed = paper(funded, expiry=funded.now() + DAY)
    late = calls(funded, signed, signed)
    funded.apply(ins.ConfirmBasis(STOCK))
    funded.fails("WrongNonce", late, "anyone")
    signed = paper(funded)
    funded.fails("WrongBasis", calls(funded, signed, signed), "anyone")


def test_a_split_waits_for_the_confirmation_of_the_one_before(funded: World) -> None:
    funded.ledger.advance_to(funded.split(2, 1, "one"))
    at = funded.now() + 2 * DAY
    funded.apply(ins.Announce(STOCK, "SPLR", "back", ex_of(at), at, 1, 2))
    back = ins.Schedule(STOCK, "SPLR", "back", 0)
    funded.refuses("reserve: basis unconfirmed", back)
    funded.apply(ins.SetBasis(STOCK))
    funded.apply(back)
    funded.ledger.advance_to(at)
    funded.apply(ins.SetBasis(STOCK, ins.Basis(1, 1, 2)))
    assert reserve(funded).basis.counter == 2


def test_the_administrator_adopts_what_it_names_and_the_ceiling_follows_once(funded: World) -> None:
    at = funded.split(2, 1)
    funded.apply(ins.SetCeiling(STOCK, shares(300), shares(7), ins.Basis(2, 1, 1)))
    funded.refuses("reserve: wrong basis", ins.SetBasis(STOCK, ins.Basis(2, 1, 1)))
    funded.ledger.advance_to(at)
    for wrong in (ins.Basis(1, 1, 0), ins.Basis(2, 1, 0), ins.Basis(3, 1, 1), ins.Basis(2, 1, 2)):
        funded.refuses("reserve: wrong basis", ins.SetBasis(STOCK, wrong))
    funded.apply(ins.SetBasis(STOCK, ins.Basis(2, 1, 1)))
    funded.refuses("reserve: basis is current", ins.SetBasis(STOCK, ins.Basis(2, 1, 1)))
    coverage = funded.ledger.coverage(STOCK)
    assert (coverage.ceiling, coverage.others) == (300 * WAD, 7 * WAD)
    funded.refuses("reserve: wrong basis", ins.SetCeiling(STOCK, shares(1), basis=ins.Basis(1, 1, 0)))
    funded.refuses("reserve: bad answer", order(funded))


def test_a_pending_rise_counts_and_so_does_its_receivable(funded: World) -> None:
    at = funded.dividend(WAD, 25 * WAD)
    before = funded.ledger.coverage(STOCK)
    assert (before.required, before.receivable) == (104 * WAD, 4 * WAD)
    funded.apply(ins.Redeem(STOCK, "alice", units(50), coins(0), funded.quote()))
    assert funded.ledger.coverage(STOCK).receivable == 2 * WAD
    funded.ledger.advance_to(at + 5 * DAY - 1)
    assert funded.ledger.coverage(STOCK).receivable == 2 * WAD
    funded.wait(1)
    assert funded.ledger.coverage(STOCK).receivable == 0


def dividend(world: World, reference: str, pay: int = 60 * DAY, buy: int = 0, gross: int = 5 * WAD) -> ins.Announce:
    """A dividend in two days; its cash comes `pay` seconds later, its shares `buy` seconds, or with the cash."""
    at = world.now() + 2 * DAY
    bought = at + buy if buy else 0
    return ins.Announce(STOCK, "DRIP", reference, ex_of(at), at, gross=gross, pay=at + pay, buy=bought)


def test_a_fifth_receivable_is_refused_and_none_is_dropped(funded: World) -> None:
    for number in range(4):
        order = dividend(funded, str(number))
        funded.apply(order)
        funded.apply(ins.Schedule(STOCK, "DRIP", str(number), 100 * WAD))
        funded.ledger.advance_to(order.effective_at)
    before = funded.ledger.coverage(STOCK).receivable
    funded.apply(dividend(funded, "4"))
    strike = ins.Schedule(STOCK, "DRIP", "4", 100 * WAD)
    funded.refuses("reserve: receivables full", strike, "ReceivablesFull")
    assert funded.ledger.coverage(STOCK).receivable == before > 0
    funded.ledger.advance_to(funded.now() + 70 * DAY)
    funded.apply(ins.Cancel(STOCK, "DRIP", "4", 7, "board resolution"))
    funded.apply(dividend(funded, "5"))
    funded.apply(ins.Schedule(STOCK, "DRIP", "5", 100 * WAD))
    assert len(funded.stored(funded.listing.reserve).receivables.open) == 1


def test_a_dividend_counts_on_the_position_alone(funded: World) -> None:
    supply = funded.ledger.supply(STOCK).to_decimals(18).value
    for name, gross in (("a", 20 * WAD), ("b", 25 * WAD)):
        funded.apply(dividend(funded, name, gross=gross))
        funded.apply(ins.Schedule(STOCK, "DRIP", name, 100 * WAD))
    assert funded.ledger.coverage(STOCK).receivable == supply // 5 + supply // 4
    funded.apply(ins.Cancel(STOCK, "DRIP", "a", 7, "board resolution"))
    assert funded.ledger.coverage(STOCK).receivable == supply // 4


def test_a_receivable_ends_with_the_attestation_of_its_buying(funded: World) -> None:
    order = dividend(funded, "a", pay=10 * DAY, buy=DAY)
    funded.apply(order)
    funded.apply(ins.Schedule(STOCK, "DRIP", "a", 100 * WAD))
    funded.ledger.advance_to(order.buy)
    funded.apply(ins.AttestReserve(STOCK, shares(1_000), order.buy - 1))
    assert funded.ledger.coverage(STOCK).receivable > 0
    funded.apply(ins.AttestReserve(STOCK, shares(1_000), order.buy))
    assert funded.ledger.coverage(STOCK).receivable == 0


def test_a_mint_keeps_the_smallest_supply_and_a_redemption_writes_nothing(funded: World) -> None:
    funded.apply(dividend(funded, "a"))
    funded.apply(ins.Schedule(STOCK, "DRIP", "a", 100 * WAD))
    before = funded.ledger.coverage(STOCK).receivable
    stored = funded.stored(funded.listing.reserve)
    funded.redeem("alice", 50)
    assert funded.stored(funded.listing.reserve) == stored
    after = funded.ledger.coverage(STOCK).receivable
    funded.mint("alice", 50)
    assert funded.ledger.coverage(STOCK).receivable == after < before


def test_nothing_is_minted_from_the_ex_until_somebody_decides(funded: World) -> None:
    order = dividend(funded, "a")
    funded.apply(replace(order, ex_at=order.effective_at - DAY))
    funded.ledger.advance_to(order.effective_at - DAY - 1)
    funded.mint("alice", 1)
    funded.ledger.advance_to(order.effective_at - DAY)
    funded.refuses(
        "reserve: action undecided", ins.Mint(STOCK, "alice", units(1), coins(1), funded.quote()), "ActionUndecided"
    )
    funded.apply(ins.Schedule(STOCK, "DRIP", "a", 100 * WAD))
    funded.mint("alice", 1)
