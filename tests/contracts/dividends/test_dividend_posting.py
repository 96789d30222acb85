"""DividendDistributor: a root is posted for one chain, stock, action and block, and funded by exactly its sum."""

from __future__ import annotations

from typing import Any

import boa
import pytest
from support.contract_calls import MAX, ZERO, ZERO32, Event, deploy, named, refuses, set_clock, word32
from support.dividend_world import DOCUMENT, EXPIRY, PAY, REASON, RECORD, TAX, Dividends, usual
from support.issuance_world import ADMIN, ALICE, DESK, MALLORY, OTHERS, TREASURY

WHOLE = 10**6
NET, GROSS, WITHHELD = 1_085 * WHOLE, 1_250 * WHOLE, 165 * WHOLE
STATUS, STOPPED, REMITTED, UNPAID = 3, 4, 5, 11
HASH, SUM, ALL, KEPT, DEPTH, NUMBER, BLOCK = range(7)


def ready(world: Dividends, **terms: Any) -> bytes:
    """An announced dividend whose record has come."""
    action = world.declare(**terms)
    set_clock(RECORD)
    return action


def posted(world: Dividends) -> bytes:
    return world.post(ready(world), usual())


def fund(world: Dividends, id: bytes, amount: int = NET) -> None:
    world.distributor.fund(id, amount, sender=TREASURY)


def changed(root: tuple[Any, ...], **changes: Any) -> tuple[Any, ...]:
    """A root with other values, by the names above."""
    names = dict(zip(("hash", "net", "gross", "withheld", "depth", "number", "block"), root, strict=True))
    return tuple((names | changes).values())


def test_what_is_posted_is_recorded(world: Dividends) -> None:
    action, tree = ready(world), usual()
    root = world.root_of(tree)
    id = world.post(action, tree)
    shown = world.distributor.events(world.book, world.feed)[-1]
    said = {
        "id": id,
        "action": action,
        "token": world.stock.address,
        "coin": world.coin.address,
        "root": root,
        "part": 0,
    }
    assert shown == Event(world.distributor.address, "RootPosted", said | {"treasury": TREASURY, "tax": TAX})
    accounts, times = (TREASURY, TAX), (PAY, EXPIRY)
    of = (action, world.stock.address, world.coin.address, 1, False, False, tree.root.hash, 7)
    assert world.distributor.distribution(id) == (*of, *times, NET, NET, GROSS, WITHHELD, *accounts, False)
    assert (world.distributor.parts(action), world.distributor.partAt(action, 0)) == (1, id)
    assert world.distributor.distributionId(world.stock, action, root[NUMBER], root[BLOCK], 7, root[HASH], NET) == id


@pytest.mark.parametrize("what", ["chain", "token", "action", "number", "block hash", "sum", "depth", "hash"])
def test_a_root_of_another_chain_stock_action_or_block_is_refused(world: Dividends, what: str) -> None:
    action, root = ready(world), world.root_of(usual())
    other = {
        "chain": lambda: world.id_of(action, root, chain=boa.env.evm.patch.chain_id + 1),
        "token": lambda: world.id_of(action, root, stock=world.coin),
        "action": lambda: world.id_of(word32("another"), root),
        "number": lambda: world.id_of(action, changed(root, number=root[NUMBER] + 1)),
        "block hash": lambda: world.id_of(action, changed(root, block=word32("fork"))),
        "sum": lambda: world.id_of(action, changed(root, net=NET + 1)),
        "depth": lambda: world.id_of(action, changed(root, depth=8)),
        "hash": lambda: world.id_of(action, changed(root, hash=word32("root"))),
    }[what]()
    with refuses("dividend: bound elsewhere"):
        world.distributor.post(action, 0, root, other, sender=DESK)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"depth": 6}, "dividend: bad root"),
        ({"depth": 33}, "dividend: bad root"),
        ({"depth": MAX}, "dividend: bad root"),
        ({"net": 0}, "dividend: bad root"),
        ({"net": 2**128, "gross": 2**129}, "dividend: bad root"),
        ({"gross": NET + WITHHELD - 1}, "dividend: bad root"),
        ({"gross": MAX}, "dividend: bad root"),
        ({"withheld": 2**128}, "dividend: bad root"),
        ({"withheld": MAX}, "dividend: bad root"),
        ({"block": word32("fork")}, "dividend: bad block"),
        ({"number": 2**64}, "dividend: bad block"),
        ({"number": MAX}, "dividend: bad block"),
    ],
)
def test_a_root_that_makes_no_sense(world: Dividends, changes: dict[str, Any], error: str) -> None:
    action = ready(world)
    root = changed(world.root_of(usual()), **changes)
    with refuses(error):
        world.distributor.post(action, 0, root, ZERO32, sender=DESK)


def test_the_block_is_before_this_one(world: Dividends) -> None:
    action = ready(world)
    root = changed(world.root_of(usual()), number=boa.env.evm.patch.block_number)
    with refuses("dividend: bad block"):
        world.distributor.post(action, 0, root, ZERO32, sender=DESK)


def test_a_block_that_the_chain_forgot_is_taken_as_said(world: Dividends) -> None:
    action = ready(world)
    boa.env.evm.patch.block_number += 1_000
    root = changed(world.root_of(usual()), number=boa.env.evm.patch.block_number - 257, block=word32("long ago"))
    world.distributor.post(action, 0, root, world.id_of(action, root), sender=DESK)


def test_a_root_is_posted_once_and_a_further_one_as_the_next_part(world: Dividends) -> None:
    action, tree = ready(world), usual()
    world.post(action, tree)
    for part in (0, 2, MAX):
        with refuses("dividend: another part"):
            world.post(action, tree, part)
    with refuses("dividend: posted"):
        world.post(action, tree, 1)
    boa.env.evm.patch.block_number += 1
    assert world.post(action, tree, 1) == world.distributor.partAt(action, 1)
    assert world.distributor.partAt(action, 2) == ZERO32


@pytest.mark.parametrize("who", [name for name in OTHERS if name != "desk"])
def test_who_may(world: Dividends, who: str) -> None:
    sender, action = OTHERS[who], ready(world)
    with refuses("roles: not authorised"):
        world.post(action, usual(), sender=sender)
    id = world.post(action, usual())
    fund(world, id)
    calls = {
        "sweep": lambda: world.distributor.sweep(id, sender=sender),
        "pauser": lambda: world.distributor.stop(id, sender=sender),
        "unpauser": lambda: world.distributor.resume(id, sender=sender),
        "admin": lambda: world.distributor.recall(id, REASON, DOCUMENT, sender=sender),
        "accounts": lambda: world.distributor.setAccounts(ALICE, ALICE, sender=sender),
        "void": lambda: world.distributor.voidRoot(id, REASON, DOCUMENT, sender=sender),
    }
    own = {"admin": {"admin", "accounts", "void"}}.get(who, {who})
    for name, call in calls.items():
        if name not in own:
            with refuses("roles: not authorised"):
                call()


def test_the_funding_is_exactly_the_root_s_sum(world: Dividends) -> None:
    id = posted(world)
    for amount in (0, NET - 1, NET + 1, MAX):
        with refuses("dividend: sum differs"):
            fund(world, id, amount)
    before = world.coin.balanceOf(TREASURY)
    fund(world, id)
    assert world.distributor.events(world.coin)[-1].values == {"id": id, "funder": TREASURY, "amount": NET}
    assert (world.coin.balanceOf(world.distributor), world.coin.balanceOf(TREASURY)) == (NET, before - NET)
    with refuses("dividend: not posted"):
        fund(world, id)


@pytest.mark.parametrize("mode", [1, 3, 5])
def test_a_coin_that_does_not_bring_what_it_says(world: Dividends, mode: int) -> None:
    tree = usual()
    coin, paying = world.unruly_dividend(tree)
    boa.env.evm.patch.block_number += 1
    id = world.post(world.distributor.distribution(paying)[0], tree, 1)
    coin.set_mode(mode)
    with refuses("dividend: payment failed" if mode == 1 else "dividend: payment not exact"):
        fund(world, id)


def test_whoever_has_no_coins_or_gave_no_approval_funds_nothing(world: Dividends) -> None:
    id = posted(world)
    with refuses("stablecoin: allowance"):
        world.distributor.fund(id, NET, sender=ALICE)
    world.coin.approve(world.distributor, MAX, sender=MALLORY)
    with refuses("stablecoin: insufficient"):
        world.distributor.fund(id, NET, sender=MALLORY)


def test_what_is_withheld_goes_to_the_tax_account_once(world: Dividends) -> None:
    id = posted(world)
    with refuses("dividend: not funded"):
        world.distributor.remit(id, sender=TREASURY)
    fund(world, id)
    world.distributor.remit(id, sender=TREASURY)
    assert world.distributor.events(world.coin)[-1].values == {
        "id": id,
        "payer": TREASURY,
        "tax": TAX,
        "amount": WITHHELD,
    }
    assert (world.coin.balanceOf(TAX), world.coin.balanceOf(world.distributor)) == (WITHHELD, NET)
    assert world.distributor.distribution(id)[REMITTED]
    with refuses("dividend: remitted"):
        world.distributor.remit(id, sender=TREASURY)


def test_where_nothing_is_withheld_nothing_is_remitted(world: Dividends) -> None:
    id = world.post(ready(world), usual(), withheld=0)
    fund(world, id)
    with refuses("dividend: remitted"):
        world.distributor.remit(id, sender=TREASURY)


def test_what_is_withheld_can_be_remitted_after_the_end(world: Dividends) -> None:
    id = posted(world)
    fund(world, id)
    set_clock(EXPIRY)
    world.distributor.sweep(id, sender=DESK)
    world.distributor.remit(id, sender=TREASURY)
    assert world.coin.balanceOf(TAX) == WITHHELD


@pytest.mark.parametrize("sender", [DESK, ADMIN])
def test_a_root_that_nobody_funded_is_voided(world: Dividends, sender: str) -> None:
    id = posted(world)
    for reason, document in ((0, DOCUMENT), (REASON, ZERO32)):
        with refuses("dividend: reason and document"):
            world.distributor.voidRoot(id, reason, document, sender=sender)
    world.distributor.voidRoot(id, REASON, DOCUMENT, sender=sender)
    assert world.distributor.distribution(id)[STATUS] == 4
    with refuses("dividend: not posted"):
        fund(world, id)
    with refuses("dividend: not posted"):
        world.distributor.voidRoot(id, REASON, DOCUMENT, sender=sender)
    with refuses("dividend: not funded"):
        world.distributor.remit(id, sender=TREASURY)
    # What it was posted for can have another.
    boa.env.evm.patch.block_number += 1
    world.post(world.distributor.distribution(id)[0], usual(), 1)


def test_a_voided_root_is_posted_again_as_another_part_and_stays_stopped(world: Dividends) -> None:
    """Its id does not bind gross and withheld: a slip in these, voided, would else have ended the dividend."""
    action, tree = ready(world), usual()
    wrong = changed(world.root_of(tree), withheld=0)
    id = world.id_of(action, wrong)
    world.distributor.post(action, 0, wrong, id, sender=DESK)
    world.stop(id)
    world.distributor.voidRoot(id, REASON, DOCUMENT, sender=DESK)
    right = world.root_of(tree)
    assert world.id_of(action, right) == id
    with refuses("dividend: another part"):
        world.distributor.post(action, 0, right, id, sender=DESK)
    world.distributor.post(action, 1, right, id, sender=DESK)
    assert [world.distributor.partAt(action, part) for part in (0, 1)] == [id, id]
    with refuses("dividend: posted"):
        world.distributor.post(action, 2, right, id, sender=DESK)
    fund(world, id)
    with refuses("dividend: posted"):
        world.distributor.post(action, 2, right, id, sender=DESK)
    assert world.distributor.distribution(id)[13] == WITHHELD
    with refuses("dividend: stopped"):
        world.push(id, tree)


def test_what_is_funded_is_not_voided(world: Dividends) -> None:
    id = posted(world)
    fund(world, id)
    with refuses("dividend: not posted"):
        world.distributor.voidRoot(id, REASON, DOCUMENT, sender=DESK)


def test_accounts_are_those_of_the_posting(world: Dividends) -> None:
    id = posted(world)
    for pair in ((ZERO, TAX), (TREASURY, ZERO), (world.distributor, TAX), (TREASURY, world.distributor)):
        with refuses("dividend: bad account"):
            world.distributor.setAccounts(*pair, sender=ADMIN)
    world.distributor.setAccounts(named("new treasury"), named("new tax"), sender=ADMIN)
    assert world.distributor.distribution(id)[14:] == (TREASURY, TAX, False)
    assert (world.distributor.treasury(), world.distributor.tax()) == (named("new treasury"), named("new tax"))


def test_counterparts_are_ours(world: Dividends) -> None:
    stranger = deploy("ReserveFeed", deploy("Roles"))
    with refuses("dividend: bad registry"):
        deploy("DividendDistributor", world.roles, stranger, world.book, TREASURY, TAX)
    with refuses("dividend: bad book"):
        deploy("DividendDistributor", world.roles, world.registry, stranger, TREASURY, TAX)
    with refuses("dividend: bad account"):
        deploy("DividendDistributor", world.roles, world.registry, world.book, ZERO, TAX)
    assert world.distributor.BOOK() == world.book.address


def test_an_unknown_distribution_reads_as_zeros(world: Dividends) -> None:
    found = world.distributor.distribution(word32("none"))
    assert set(found) == {ZERO32, ZERO, 0}
