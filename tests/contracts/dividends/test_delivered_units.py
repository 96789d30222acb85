"""DividendDistributor: units of a stock by roots, made under the reserve check and handed to who may hold them."""

from __future__ import annotations

from collections.abc import Iterator

import boa
import pytest
from eth_utils import keccak
from support.contract_calls import MAX, ZERO, Handle, named, now, refuses, set_clock, word32
from support.delivery_world import Deliveries
from support.dividend_world import DOCUMENT, PAY, REASON, RECORD, TAX, tree_of
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    DAY,
    DESK,
    ISSUER,
    MALLORY,
    PAUSER,
    START,
    TREASURY,
    UNPAUSER,
    WAD,
    YEAR,
)

from scrip.holders.tree import Tree

THIRD = 100 * WAD // 3
STRANGER, POOL = named("a stranger"), named("a pool")


@pytest.fixture(scope="module")
def built_deliveries() -> Deliveries:
    return Deliveries()


@pytest.fixture
def world(built_deliveries: Deliveries) -> Iterator[Deliveries]:
    with boa.env.anchor():
        set_clock(START)
        yield built_deliveries


@pytest.fixture
def tree() -> Tree:
    """One for three of 300, 100 and 70 shares; a stranger's, and a pool's, which asks for itself."""
    return tree_of(
        (ALICE, 100 * WAD, 0, True),
        (BOB, THIRD, 0, True),
        (CAROL, 70 * WAD // 3, 0, True),
        (STRANGER, WAD, 0, True),
        (POOL, 2 * WAD, 0, False),
    )


def held(world: Deliveries, *accounts: str) -> list[int]:
    return [world.other.balanceOf(one) for one in accounts]


def test_a_spin_off_is_delivered_to_the_last_unit(world: Deliveries, tree: Tree) -> None:
    """Made under the check, pushed to who is cleared, parked for who is not, and fetched once that is mended."""
    action = world.given()
    id = world.post_units(action, tree)
    found = world.distributor.distribution(id)
    assert (found[2], found[3], found[10], found[11], found[16]) == (world.other.address, 1, *[tree.root.sum] * 2, True)
    assert world.distributor.parts(action) == 1
    world.attest(10_000)
    world.distributor.fundUnits(id, tree.root.sum, sender=ISSUER)
    assert (world.other.totalSupply(), *held(world, world.distributor.address)) == (tree.root.sum, tree.root.sum)
    with refuses("dividend: before pay"):
        world.push(id, tree)
    set_clock(PAY)
    assert world.push(id, tree) == 3
    assert held(world, ALICE, BOB, CAROL, STRANGER, POOL) == [100 * WAD, THIRD, 70 * WAD // 3, 0, 0]
    assert world.distributor.parkedOf(id, 3) == (STRANGER, WAD, True)
    assert world.unpaid(id) == 3 * WAD
    assert not world.distributor.payParked(id, 3, sender=MALLORY)
    entry = (10, STRANGER, 840, 1, START + 50 * YEAR)
    world.registry.onboard(word32("late"), [entry], sender=COMPLIANCE)
    assert world.distributor.payParked(id, 3, sender=MALLORY)
    with refuses("dividend: not the account"):
        world.claim(id, tree, 4, sender=MALLORY)
    assert not world.claim(id, tree, 4)
    assert held(world, STRANGER, POOL, world.distributor.address) == [WAD, 0, 2 * WAD]
    assert world.push(id, tree) == 0
    with refuses("dividend: claimed"):
        world.claim(id, tree, 0)


def test_no_unit_is_made_past_the_reserve_or_by_another_hand(world: Deliveries, tree: Tree) -> None:
    id = world.post_units(world.given(), tree)
    for shares in (0, tree.root.sum // WAD - 1):
        world.attest(shares)
        with pytest.raises(Exception, match="reserve: "):
            world.distributor.fundUnits(id, tree.root.sum, sender=ISSUER)
    world.attest(10_000)
    for amount in (0, tree.root.sum - 1, tree.root.sum + 1, MAX):
        with refuses("dividend: sum differs"):
            world.distributor.fundUnits(id, amount, sender=ISSUER)
    for other in (DESK, TREASURY, ADMIN, ALICE):
        with refuses("roles: not authorised"):
            world.distributor.fundUnits(id, tree.root.sum, sender=other)
    with refuses("dividend: other leg"):
        world.distributor.fund(id, tree.root.sum, sender=TREASURY)
    world.roles.revokeRole(keccak(text="MINTER"), world.distributor, sender=ADMIN)
    with refuses("roles: not authorised"):
        world.distributor.fundUnits(id, tree.root.sum, sender=ISSUER)
    world.roles.grantRole(keccak(text="MINTER"), world.distributor, sender=ADMIN)
    world.other.pause(sender=PAUSER)
    with refuses("token: paused"):
        world.distributor.fundUnits(id, tree.root.sum, sender=ISSUER)
    world.other.unpause(sender=UNPAUSER)
    world.distributor.fundUnits(id, tree.root.sum, sender=ISSUER)
    with refuses("dividend: not posted"):
        world.distributor.fundUnits(id, tree.root.sum, sender=ISSUER)
    with refuses("dividend: not posted"):
        world.distributor.fundUnits(word32("none"), 1, sender=ISSUER)
    with refuses("dividend: remitted"):
        world.distributor.remit(id, sender=TREASURY)


def test_coins_are_funded_in_coins(world: Deliveries) -> None:
    tree = tree_of((ALICE, 5, 0, True))
    action = world.declare()
    set_clock(RECORD)
    id = world.post(action, tree)
    with refuses("dividend: other leg"):
        world.distributor.fundUnits(id, 5, sender=ISSUER)


@pytest.mark.parametrize("code", ["DVCA", "CAPD", "LIQU"])
def test_what_gives_no_units_has_no_root_of_them(world: Deliveries, tree: Tree, code: str) -> None:
    action = world.declare() if code == "DVCA" else world.given(code, code, rate=WAD, source=word32("par"))
    set_clock(RECORD)
    with refuses("dividend: no units"):
        world.post_units(action, tree)
    assert world.post(action, tree)
    assert world.book.action(action)[2] == 2
    with refuses("book: not announced"):
        world.book.cancel(action, REASON, DOCUMENT, sender=DESK)


@pytest.mark.parametrize("code", ["SOFF", "RHTS"])
def test_what_gives_no_coins_has_no_root_of_them(world: Deliveries, tree: Tree, code: str) -> None:
    """Rights are given before the deadline until which they are used."""
    action = world.given(code, code, other=world.other.address)
    with refuses("book: no rate"):
        world.post(action, tree)
    assert world.post_units(action, tree)


@pytest.mark.parametrize("code", ["CHAN", "TEND", "DLST", "MEET"])
def test_other_codes_have_no_roots(world: Deliveries, tree: Tree, code: str) -> None:
    action = world.given(code, code)
    set_clock(PAY)
    for posted in (world.post, world.post_units):
        with refuses("book: not announced"):
            posted(action, tree)


def test_a_stock_that_is_not_the_issuer_s_is_delivered_by_nobody(world: Deliveries, tree: Tree) -> None:
    action = world.given(other=ZERO)
    with refuses("dividend: no units"):
        world.post_units(action, tree)


def test_nothing_is_withheld_of_units(world: Deliveries, tree: Tree) -> None:
    action = world.given(other=world.other.address)
    for kept in ({"withheld": 1}, {}):
        taxed = tree_of((ALICE, 10, 1, True)) if not kept else tree
        with refuses("dividend: bad root"):
            world.post_units(action, taxed, **kept)
    for other in (ISSUER, TREASURY, ALICE):
        with refuses("roles: not authorised"):
            world.post_units(action, tree, sender=other)


def test_a_merger_without_a_record_is_no_root_s(world: Deliveries, tree: Tree) -> None:
    """Units are burned for it: a root beside that would pay it twice."""
    named_other = {"num": 10_256, "den": 100_000, "other": world.other.address}
    burned = world.given("MRGR", "burned", **named_other)
    paid = world.given("MRGR", "paid", recordAt=now() + DAY, **named_other, coin=world.coin.address, rate=WAD,
                       source=word32("par"))  # fmt: skip
    set_clock(PAY)
    for posted in (world.post, world.post_units):
        with refuses("book: record to come"):
            posted(burned, tree)
    small = tree_of((ALICE, 7, 0, True))
    cash = world.post(paid, small)
    units = world.post_units(paid, tree, part=1)
    assert [world.distributor.partAt(paid, place) for place in (0, 1)] == [cash, units]
    world.distributor.fund(cash, 7, sender=TREASURY)
    world.attest(10_000)
    world.distributor.fundUnits(units, tree.root.sum, sender=ISSUER)
    assert world.claim(cash, small, 0)
    assert world.claim(units, tree, 0)
    assert (world.coin.balanceOf(ALICE), *held(world, ALICE)) == (10**15 + 7, 100 * WAD)


def test_a_merger_whose_stock_ends_is_burned_for_and_no_root_pays_it(world: Deliveries, tree: Tree) -> None:
    """A root beside that would pay it twice; what a liquidation pays at a record is another action, and goes on."""
    terms = {"num": 1, "den": 3, "other": world.other.address, "recordAt": now() + DAY}
    merger = world.given("MRGR", "ends", **terms, coin=world.coin.address, rate=WAD, source=word32("par"))
    set_clock(PAY)
    world.roles.grantRole(keccak(text="VAULT"), ADMIN, sender=ADMIN)
    world.stock.setMintsEnd(PAY + DAY, sender=ADMIN)
    for posted in (world.post, world.post_units):
        with refuses("book: burned for"):
            posted(merger, tree)
    world.stock.setMintsEnd(0, sender=ADMIN)
    assert world.post_units(merger, tree)


def test_who_chose_stock_is_given_more_of_it(world: Deliveries) -> None:
    """DVOP: a root of cash and one of the stock's own units, neither before the election is over."""
    action = world.given("DVOP", "dvop", num=1, den=40, rate=WAD, source=word32("par"))
    cash, stock = tree_of((ALICE, 9, 0, True)), tree_of((BOB, 10 * WAD // 4, 0, True))
    with refuses("book: deadline to come"):
        world.post_units(action, stock)
    set_clock(PAY)
    first, second = world.post(action, cash), world.post_units(action, stock, part=1)
    world.attest(10_000)
    before, supply = world.stock.balanceOf(BOB), world.stock.totalSupply()
    index = world.stock.multiplierTerms()
    world.distributor.fundUnits(second, stock.root.sum, sender=ISSUER)
    world.distributor.fund(first, 9, sender=TREASURY)
    assert world.push(second, stock) == 1
    assert world.stock.balanceOf(BOB) - before == world.stock.totalSupply() - supply == stock.root.sum
    assert world.stock.multiplierTerms() == index


def test_a_dvop_of_no_stock_gives_none(world: Deliveries) -> None:
    action = world.given("DVOP", "no terms of it", rate=WAD, source=word32("par"))
    set_clock(PAY)
    with refuses("dividend: no units"):
        world.post_units(action, tree_of((BOB, 1, 0, True)))


def test_holders_limits_pauses_and_blocks_park_and_delay(world: Deliveries, tree: Tree) -> None:
    id = world.delivering(tree)
    world.block(2)
    world.other.pause(sender=PAUSER)
    assert world.push(id, tree) == 0
    assert [world.distributor.parkedOf(id, place)[1] for place in range(4)] == [100 * WAD, 0, 70 * WAD // 3, WAD]
    assert not world.distributor.payParked(id, 0, sender=MALLORY)
    world.other.unpause(sender=UNPAUSER)
    assert world.distributor.payParked(id, 0, sender=MALLORY)
    with refuses("dividend: held"):
        world.claim(id, tree, 1, sender=MALLORY)
    assert held(world, ALICE, BOB) == [100 * WAD, 0]


def test_a_recovered_wallet_s_units_go_to_its_successor(world: Deliveries, tree: Tree) -> None:
    id = world.delivering(tree)
    new = world.recover()
    assert world.claim(id, tree, 0, sender=MALLORY)
    assert held(world, ALICE, new) == [0, 100 * WAD]


def test_what_nobody_fetched_is_the_treasury_s_if_it_may_hold(world: Deliveries, tree: Tree) -> None:
    id = world.delivering(tree)
    world.push(id, tree)
    set_clock(world.distributor.distribution(id)[9])
    world.registry.block(word32("b"), 9, REASON, DOCUMENT, sender=COMPLIANCE)
    with refuses("dividend: payment failed"):
        world.distributor.sweep(id, sender=DESK)
    world.registry.unblock(word32("u"), 9, REASON, DOCUMENT, sender=COMPLIANCE)
    world.distributor.sweep(id, sender=DESK)
    assert world.distributor.events(world.other)[-1].values == {"id": id, "treasury": TREASURY, "amount": 3 * WAD}
    assert held(world, TREASURY, world.distributor.address) == [3 * WAD, 0]
    with refuses("dividend: not funded"):
        world.distributor.payParked(id, 3)


def test_a_wrong_root_s_units_are_recalled(world: Deliveries, tree: Tree) -> None:
    id = world.delivering(tree)
    world.stop(id)
    for call in (lambda: world.claim(id, tree, 0), lambda: world.push(id, tree)):
        with refuses("dividend: stopped"):
            call()
    world.distributor.recall(id, REASON, DOCUMENT, sender=ADMIN)
    assert held(world, TREASURY, world.distributor.address) == [tree.root.sum, 0]


def test_whoever_pushes_cannot_starve_a_delivery(world: Deliveries, tree: Tree) -> None:
    id = world.delivering(tree)
    with pytest.raises(Exception, match="too little gas"):
        world.distributor.claim(id, *claim_of(tree, 0), sender=MALLORY, gas=400_000)
    assert world.claim(id, tree, 0, sender=MALLORY)


def test_two_stocks_units_never_mix(world: Deliveries, tree: Tree) -> None:
    """A root of one stock is not paid out of what was made for another's."""
    third = world.create_stock("US0000000888")
    world.configure(third)
    first = world.delivering(tree)
    set_clock(START)
    action = world.given(reference="another", other=third.address)
    second = world.post_units(action, tree)
    set_clock(PAY)
    with refuses("dividend: not funded"):
        world.claim(second, tree, 0)
    assert world.push(first, tree) == 3
    assert third.totalSupply() == 0
    assert world.distributor.tax() == TAX


def test_a_block_of_128_fits_a_transaction(world: Deliveries) -> None:
    """New accounts of the stock, all cleared, and the sums that stay: 2^24 gas a transaction (EIP-7825)."""
    people = [named(f"holder {place}") for place in range(128)]
    for start in range(0, 128, 32):
        entries = [(100 + start + i, people[start + i], 840, 1, START + 50 * YEAR) for i in range(32)]
        world.registry.onboard(word32(f"many {start}"), entries, sender=COMPLIANCE)
    tree = tree_of(*[(one, WAD, 0, True) for one in people])
    id = world.delivering(tree)
    assert world.push(id, tree) == 128
    assert world.distributor.computation.get_gas_used() < 2**24 // 2, world.distributor.computation.get_gas_used()


def claim_of(tree: Tree, index: int) -> tuple[object, ...]:
    leaf = tree.leaves.leaf(index)
    account = "0x" + leaf.account[-20:].hex()
    proof = [(node.hash, node.sum) for node in tree.proof(index)]
    return (leaf.index | (1 << 255), account, leaf.gross << 128 | leaf.withheld, leaf.net, proof)


__all__ = ["Handle"]
