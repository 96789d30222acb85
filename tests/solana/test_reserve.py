"""Backing: signed attestations in a rising sequence, ceilings, splits confirmed before mints go on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solana_world import DAY, ISSUER, STOCK, World, coins, shares, units

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
    world.apply(ins.AttestReserve(STOCK, shares(100), world.now() + 1))
    world.refuses("reserve: future answer", order(world))
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
    assert world.ledger.ceiling(STOCK) == shares(50)
    world.apply(ins.SetCeiling(STOCK, shares(1_000)))
    assert world.ledger.ceiling(STOCK) == shares(1_000)
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


def attestation(world: World) -> Attestation:
    return Attestation(10 * WAD, 20 * WAD, 1, 1, world.now(), 1)


def calls(world: World, signed: Attestation, sent: Attestation, signer: str = CUSTODIAN) -> list:
    digest = signed.digest(world.chain.genesis, world.program.id, world.program.at.issuer, world.listing.mint)
    stored = {"shares": sent.shares, "as_of": sent.as_of, "sequence": sent.sequence}
    call = world.signed("attest_reserve", "anyone", stored, sent.ceiling)
    return [signed_by(local_keypair(signer), digest), call]


def test_an_attestation_is_the_attestors(world: World) -> None:
    good = attestation(world)
    world.fails("NotAnAttestor", calls(world, good, good, ISSUER), "anyone")
    for field in ("shares", "ceiling", "num", "den", "as_of", "sequence"):
        other = replace(good, **{field: getattr(good, field) + 1})
        world.fails("BadSignature", calls(world, other, good), "anyone")
    world.fails("SignatureMissing", calls(world, good, good)[1:], "anyone")
    sent = world.send(calls(world, good, good), "anyone")
    assert [event.name for event in world.program.events(sent.inner)] == ["ReserveAttested"]
    world.fails("SequenceNotRising", calls(world, good, good), "anyone")
    higher = replace(good, sequence=7)
    world.send(calls(world, higher, higher), "anyone")
    lower = replace(good, sequence=6)
    world.fails("SequenceNotRising", calls(world, lower, lower), "anyone")


def test_mints_wait_until_a_split_is_confirmed(funded: World) -> None:
    funded.refuses("reserve: basis is current", ins.ConfirmBasis(STOCK))
    at = funded.split(2, 1)
    funded.mint("alice", 1)
    funded.ledger.advance_to(at)
    funded.refuses("reserve: basis unconfirmed", order(funded))
    funded.refuses("reserve: wrong old round", ins.ConfirmBasis(STOCK))
    funded.apply(ins.AttestReserve(STOCK, shares(1_959_999)))
    funded.refuses("reserve: outside the band", ins.ConfirmBasis(STOCK))
    funded.apply(ins.AttestReserve(STOCK, shares(0)))
    funded.refuses("reserve: bad answer", ins.ConfirmBasis(STOCK))
    funded.apply(ins.AttestReserve(STOCK, shares(2_000_000), funded.now() + 1))
    funded.refuses("reserve: future answer", ins.ConfirmBasis(STOCK))
    funded.apply(ins.AttestReserve(STOCK, shares(1_000_000), at - 1))
    funded.refuses("reserve: wrong new round", ins.ConfirmBasis(STOCK))
    funded.apply(ins.AttestReserve(STOCK, shares(1_960_000)))
    funded.apply(ins.ConfirmBasis(STOCK))
    funded.mint("alice", 1)
    coverage = funded.ledger.coverage(STOCK)
    assert coverage.required == 2 * 102 * WAD
    assert coverage.ceiling == 2_000_000 * WAD


def test_an_attestation_from_before_a_confirmation_does_not_pass_after_it(funded: World) -> None:
    funded.ledger.advance_to(funded.split(2, 1))
    funded.apply(ins.AttestReserve(STOCK, shares(2_000_000)))
    signed = Attestation(2_000_000 * WAD, 10**6 * WAD, 1, 1, funded.now(), 3)
    late = calls(funded, signed, signed)
    funded.apply(ins.ConfirmBasis(STOCK))
    funded.fails("BadSignature", late, "anyone")


def test_two_splits_are_confirmed_together(funded: World) -> None:
    funded.ledger.advance_to(funded.split(2, 1, "one"))
    funded.apply(ins.AttestReserve(STOCK, shares(2_000_000)))
    funded.ledger.advance_to(funded.split(3, 1, "two"))
    funded.refuses("reserve: wrong new round", ins.ConfirmBasis(STOCK))
    funded.apply(ins.AttestReserve(STOCK, shares(6_000_000)))
    funded.apply(ins.ConfirmBasis(STOCK))
    funded.mint("alice", 1)


def test_a_split_and_its_reverse_need_no_confirmation(funded: World) -> None:
    funded.ledger.advance_to(funded.split(2, 1, "there"))
    funded.ledger.advance_to(funded.split(1, 2, "back"))
    funded.apply(ins.AttestReserve(STOCK, shares(1_000_000)))
    funded.mint("alice", 1)
    funded.refuses("reserve: basis is current", ins.ConfirmBasis(STOCK))
    funded.ledger.advance_to(funded.split(2, 1, "again"))
    funded.apply(ins.AttestReserve(STOCK, shares(2_000_000)))
    funded.apply(ins.ConfirmBasis(STOCK))


def test_the_administrator_adopts_a_basis_but_never_raises_the_ceiling(funded: World) -> None:
    funded.ledger.advance_to(funded.split(2, 1))
    funded.apply(ins.AttestReserve(STOCK, shares(2_000_000)))
    funded.apply(ins.SetBasis(STOCK))
    assert funded.ledger.coverage(STOCK).ceiling == 1_000_000 * WAD
    funded.mint("alice", 1)


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


def test_four_receivables_and_the_oldest_goes(funded: World) -> None:
    for number in range(5):
        funded.ledger.advance_to(funded.dividend(WAD // 10, 25 * WAD, str(number)) - 1 + 1)
    state = funded.stored(funded.listing.reserve)
    assert len(state.receivables) == 4
