"""DividendDistributor: a leaf is paid once, by its proof alone, to its account or its successor."""

from __future__ import annotations

from typing import Any

import boa
import pytest
from support.contract_calls import MAX, ZERO, Event, named, refuses, set_clock
from support.dividend_world import PAY, POOL, Dividends, deepened, tree_of, usual
from support.issuance_world import ALICE, BOB, CAROL, DESK, MALLORY, TREASURY

from scrip.holders.tree import Tree
from scrip.model.laws import merkle_sum as law

WHOLE = 10**6
NET = 850 * WHOLE
BAD, INDEX, SUM = "dividend: bad proof", "dividend: bad index", "dividend: bad sum"


@pytest.fixture
def tree() -> Tree:
    return deepened(usual())


@pytest.fixture
def id(world: Dividends, tree: Tree) -> bytes:
    world.coin.transfer(TREASURY, world.coin.balanceOf(ALICE), sender=ALICE)
    return world.funded(tree)


def test_a_leaf_is_paid_to_its_account_whoever_asks(world: Dividends, tree: Tree, id: bytes) -> None:
    assert world.claim(id, tree, 0, sender=MALLORY)
    said = {"id": id, "account": ALICE, "payee": ALICE, "index": 0, "net": NET}
    assert world.distributor.events(world.coin)[-1] == Event(world.distributor.address, "DividendPaid", said)
    assert (world.coin.balanceOf(ALICE), world.unpaid(id)) == (NET, tree.root.sum - NET)
    assert [world.distributor.isClaimed(id, place) for place in range(4)] == [True, False, False, False]


def test_a_leaf_is_paid_once(world: Dividends, tree: Tree, id: bytes) -> None:
    world.claim(id, tree, 0)
    for sender in (ALICE, MALLORY):
        with refuses("dividend: claimed"):
            world.claim(id, tree, 0, sender=sender)


def test_all_leaves_come_to_the_funding(world: Dividends, tree: Tree, id: bytes) -> None:
    for place in range(4):
        assert world.claim(id, tree, place)
    assert world.unpaid(id) == world.coin.balanceOf(world.distributor) == 0


def _proof(tree: Tree, place: int) -> list[tuple[bytes, int]]:
    return [(node.hash, node.sum) for node in tree.proof(place)]


def forged(tree: Tree) -> dict[str, tuple[dict[str, Any], str]]:
    """Alice's claim with one thing changed, and what it is refused for."""
    proof = _proof(tree, 0)
    place, amounts = law.TOP, 1_000 * WHOLE << 128 | 150 * WHOLE

    def sibling(level: int, **change: int) -> list[tuple[bytes, int]]:
        found = list(proof)
        found[level] = (found[level][0], found[level][1] + change["sum"])
        return found

    return {
        "net + 1": ({"net": NET + 1}, BAD),
        "net - 1": ({"net": NET - 1}, BAD),
        "no net": ({"net": 0}, BAD),
        "net beyond 128 bits": ({"net": NET + 2**128}, SUM),
        "net that would be a node's": ({"net": NET | law.TOP}, SUM),
        "the greatest net": ({"net": MAX}, SUM),
        "a sibling's sum + 1": ({"proof": sibling(0, sum=1)}, BAD),
        "an upper sibling's sum + 1": ({"proof": sibling(19, sum=1)}, BAD),
        "a sum moved into the leaf": ({"net": NET + 1, "proof": sibling(0, sum=-1)}, BAD),
        "a sum beyond 128 bits": ({"proof": sibling(0, sum=2**128)}, SUM),
        "a sum with the top bit": ({"proof": sibling(0, sum=2**255)}, SUM),
        "sums that overflow": ({"proof": sibling(19, sum=2**256 - 1 - proof[19][1])}, SUM),
        "index + 2^20": ({"place": place + 2**20}, INDEX),
        "index + 2^8": ({"place": place + 2**8}, BAD),
        "another index": ({"place": place + 1}, BAD),
        "an index of 254 bits": ({"place": place | 1 << 254}, INDEX),
        "not pushable": ({"place": 0}, BAD),
        "a shorter proof": ({"proof": proof[:-1]}, BAD),
        "a shorter proof from below": ({"proof": proof[1:]}, BAD),
        "no proof": ({"proof": []}, BAD),
        "a padded proof": ({"proof": [*proof, (bytes(32), 0)]}, BAD),
        "a proof padded to 32": ({"proof": [*proof, *[(bytes(32), 0)] * 12]}, BAD),
        "another account": ({"account": MALLORY}, BAD),
        "nobody's account": ({"account": ZERO}, BAD),
        "more gross": ({"amounts": amounts + (1 << 128)}, BAD),
        "less withheld": ({"amounts": amounts - 1}, BAD),
        "another's proof": ({"proof": _proof(tree, 1)}, BAD),
        "a swapped level": ({"proof": [proof[1], proof[0], *proof[2:]]}, BAD),
    }


@pytest.mark.parametrize("what", forged(deepened(usual())))
def test_a_forged_claim_is_refused(world: Dividends, tree: Tree, id: bytes, what: str) -> None:
    changes, error = forged(tree)[what]
    with refuses(error):
        world.claim(id, tree, 0, sender=ALICE, **changes)
    assert world.claim(id, tree, 0)


def test_a_node_is_no_leaf(world: Dividends, tree: Tree, id: bytes) -> None:
    """The two lowest nodes' words as a leaf's: the top bit of the fourth tells."""
    left, right = law.leaf_node(tree.leaves.leaf(0)), law.leaf_node(tree.leaves.leaf(1))
    words = (int.from_bytes(left.hash, "big"), left.sum, int.from_bytes(right.hash, "big"), right.sum | law.TOP)
    place, account, amounts, net = words
    for claimed_place in (place, 0):
        with refuses(INDEX if claimed_place else BAD):
            proof = [*_proof(tree, 0)[1:], (bytes(32), 0)]
            given = {"place": claimed_place, "account": f"0x{account:040x}", "amounts": amounts, "net": net & ~law.TOP}
            world.claim(id, tree, 0, sender=ALICE, proof=proof, **given)


def test_a_proof_of_another_distribution_is_refused(world: Dividends, tree: Tree, id: bytes) -> None:
    set_clock(PAY - 3600 * 24 * 30)
    boa.env.evm.patch.block_number += 1
    other_tree = deepened(tree_of((MALLORY, NET, 0, True)))
    set_clock(PAY)
    other = world.post(world.distributor.distribution(id)[0], other_tree, 1)
    world.distributor.fund(other, NET, sender=TREASURY)
    with refuses(BAD):
        world.claim(id, other_tree, 0)
    with refuses(BAD):
        world.claim(other, tree, 0)
    assert world.claim(other, other_tree, 0)
    assert (world.unpaid(other), world.unpaid(id)) == (0, tree.root.sum)


@pytest.mark.parametrize("off", [1, -1])
def test_a_root_that_was_posted_with_another_sum_than_its_leaves_pays_nobody(
    world: Dividends, tree: Tree, id: bytes, off: int
) -> None:
    """Or its funding would not be what its leaves are due, and the last of them would go empty."""
    action = world.distributor.distribution(id)[0]
    hash_, net, *rest = world.root_of(tree)
    root = (hash_, net + off, rest[0] + 1, *rest[1:])
    other = world.id_of(action, root)
    world.distributor.post(action, 1, root, other, sender=DESK)
    world.distributor.fund(other, net + off, sender=TREASURY)
    with refuses(BAD):
        world.claim(other, tree, 0)
    with refuses(BAD):
        world.push(other, tree)


def test_an_unfunded_root_pays_nobody(world: Dividends, tree: Tree, id: bytes) -> None:
    boa.env.evm.patch.block_number += 1
    other = world.post(world.distributor.distribution(id)[0], tree, 1)
    for unfunded in (other, b"\1" * 32):
        with refuses("dividend: not funded"):
            world.claim(unfunded, tree, 0)
        with refuses("dividend: not funded"):
            world.push(unfunded, tree)
        with refuses("dividend: not funded"):
            world.distributor.payParked(unfunded, 0)


def test_nothing_is_paid_before_the_pay_date(world: Dividends, tree: Tree, id: bytes) -> None:
    set_clock(PAY - 1)
    with refuses("dividend: before pay"):
        world.claim(id, tree, 0)
    with refuses("dividend: before pay"):
        world.push(id, tree)
    set_clock(PAY)
    assert world.claim(id, tree, 0)


def test_a_pool_s_leaf_is_fetched_by_the_pool_alone(world: Dividends, tree: Tree, id: bytes) -> None:
    for sender in (MALLORY, ALICE, DESK):
        with refuses("dividend: not the account"):
            world.claim(id, tree, 3, sender=sender)
    assert world.claim(id, tree, 3, sender=POOL)
    assert world.coin.balanceOf(POOL) == 50 * WHOLE


def test_a_blocked_holder_s_cash_waits(world: Dividends, tree: Tree, id: bytes) -> None:
    world.block()
    for sender in (ALICE, MALLORY):
        with refuses("dividend: held"):
            world.claim(id, tree, 0, sender=sender)
    world.registry.unblock(b"\7" * 32, 1, 7, b"\7" * 32, sender=named("compliance"))
    assert world.claim(id, tree, 0)


def test_a_lapsed_holder_is_paid(world: Dividends, tree: Tree, id: bytes) -> None:
    world.lapse()
    assert world.claim(id, tree, 0)


def test_a_paused_stock_and_a_halted_fleet_pay(world: Dividends, tree: Tree, id: bytes) -> None:
    world.pause()
    world.halt()
    assert world.claim(id, tree, 0)


def test_the_successor_of_a_lost_wallet_is_paid(world: Dividends, tree: Tree, id: bytes) -> None:
    new = world.recover()
    newest = world.recover(new, named("alice's newest"))
    assert world.claim(id, tree, 0, sender=ALICE)
    assert (world.coin.balanceOf(newest), world.coin.balanceOf(ALICE), world.coin.balanceOf(new)) == (NET, 0, 0)
    with refuses("dividend: claimed"):
        world.claim(id, tree, 0)


def test_a_successor_that_is_blocked_or_another_s_is_not(world: Dividends, tree: Tree, id: bytes) -> None:
    new = world.recover()
    with boa.env.anchor():
        world.block()
        with refuses("dividend: held"):
            world.claim(id, tree, 0)
    world.registry.unlinkWallet(b"\1" * 32, 1, new, 7, b"\7" * 32, sender=named("compliance"))
    world.registry.linkWallet(b"\2" * 32, 2, new, sender=named("compliance"))
    with refuses("dividend: held"):
        world.claim(id, tree, 0)


def test_a_pool_s_successor_fetches_what_is_not_pushed(world: Dividends) -> None:
    tree = deepened(tree_of((ALICE, NET, 0, False)))
    id = world.funded(tree)
    new = world.recover()
    with refuses("dividend: not the account"):
        world.claim(id, tree, 0, sender=MALLORY)
    before = world.coin.balanceOf(new)
    assert world.claim(id, tree, 0, sender=new)
    assert world.coin.balanceOf(new) == before + NET


def test_a_leaf_of_nothing_pays_nothing(world: Dividends) -> None:
    tree = deepened(tree_of((ALICE, 0, 0, True), (BOB, 1, 0, True)))
    id = world.funded(tree)
    with refuses("dividend: claimed"):
        world.claim(id, tree, 0)
    assert world.claim(id, tree, 1)


def test_the_greatest_amount_is_paid(world: Dividends) -> None:
    most = 2**128 - 1
    tree = deepened(tree_of((CAROL, most, 0, True)), 32)
    world.coin.mint(TREASURY, most)
    id = world.funded(tree)
    before = world.coin.balanceOf(CAROL)
    assert world.claim(id, tree, 0)
    assert (world.coin.balanceOf(CAROL) - before, world.unpaid(id)) == (most, 0)


# --- coins that misbehave --------------------------------------------------------------------------------------------


def test_a_payee_whom_the_coin_refuses_is_parked_and_paid_later(world: Dividends, tree: Tree) -> None:
    coin, id = world.unruly_dividend(tree)
    coin.blacklist(ALICE, True)
    assert not world.claim(id, tree, 0)
    said = {"id": id, "account": ALICE, "payee": ALICE, "index": 0, "net": NET}
    assert world.distributor.events()[-1] == Event(world.distributor.address, "DividendParked", said)
    assert world.distributor.parkedOf(id, 0) == (ALICE, NET, True)
    assert (world.unpaid(id), coin.balanceOf(world.distributor)) == (tree.root.sum, tree.root.sum)
    with refuses("dividend: claimed"):
        world.claim(id, tree, 0)
    assert not world.distributor.payParked(id, 0, sender=MALLORY)
    assert world.distributor.parkedOf(id, 0) == (ALICE, NET, True)
    coin.blacklist(ALICE, False)
    assert world.distributor.payParked(id, 0, sender=MALLORY)
    assert world.distributor.events()[-1].values == said
    assert (coin.balanceOf(ALICE), world.unpaid(id)) == (NET, tree.root.sum - NET)
    with refuses("dividend: nothing parked"):
        world.distributor.payParked(id, 0)


def test_what_is_parked_goes_to_the_successor_and_waits_for_a_block(world: Dividends, tree: Tree) -> None:
    coin, id = world.unruly_dividend(tree)
    coin.blacklist(ALICE, True)
    world.claim(id, tree, 0)
    with boa.env.anchor():
        world.block()
        with refuses("dividend: held"):
            world.distributor.payParked(id, 0)
    new = world.recover()
    assert world.distributor.payParked(id, 0)
    assert coin.balanceOf(new) == NET


def test_a_pool_that_the_coin_refused_is_sent_nothing_unasked(world: Dividends, tree: Tree) -> None:
    """What a pool is sent anyone may take out of it: parked as claimed, its cash goes out on its own word alone."""
    coin, id = world.unruly_dividend(tree)
    coin.blacklist(POOL, True)
    assert not world.claim(id, tree, 3)
    coin.blacklist(POOL, False)
    assert world.distributor.parkedOf(id, 3) == (POOL, 50 * WHOLE, False)
    for sender in (MALLORY, ALICE, DESK, TREASURY):
        with refuses("dividend: not the account"):
            world.distributor.payParked(id, 3, sender=sender)
    assert (world.unpaid(id), coin.balanceOf(POOL)) == (tree.root.sum, 0)
    assert world.distributor.payParked(id, 3, sender=POOL)
    assert (coin.balanceOf(POOL), world.unpaid(id)) == (50 * WHOLE, tree.root.sum - 50 * WHOLE)
    assert world.distributor.parkedOf(id, 3) == (ZERO, 0, False)
    with refuses("dividend: nothing parked"):
        world.distributor.payParked(id, 3, sender=POOL)


def test_what_is_parked_of_a_pool_is_its_successor_s_to_fetch(world: Dividends) -> None:
    tree = deepened(tree_of((ALICE, NET, 0, False)))
    coin, id = world.unruly_dividend(tree)
    coin.blacklist(ALICE, True)
    assert not world.claim(id, tree, 0)
    new = world.recover()
    with refuses("dividend: not the account"):
        world.distributor.payParked(id, 0, sender=MALLORY)
    assert world.distributor.payParked(id, 0, sender=new)
    assert coin.balanceOf(new) == NET


@pytest.mark.parametrize(("mode", "paid"), [(1, False), (2, True)])
def test_what_a_coin_answers(world: Dividends, tree: Tree, mode: int, paid: bool) -> None:
    coin, id = world.unruly_dividend(tree)
    coin.set_mode(mode)
    assert world.claim(id, tree, 0) == paid
    assert world.unpaid(id) == coin.balanceOf(world.distributor) == tree.root.sum - (NET if paid else 0)


@pytest.mark.parametrize("mode", [4, 5])
def test_a_coin_that_moves_other_than_it_says(world: Dividends, tree: Tree, mode: int) -> None:
    coin, id = world.unruly_dividend(tree)
    coin.set_mode(mode)
    with refuses("dividend: payment not exact"):
        world.claim(id, tree, 0)
    assert world.push(id, tree) == 0
    assert world.unpaid(id) == coin.balanceOf(world.distributor) == tree.root.sum
    with refuses("dividend: payment not exact"):
        world.distributor.payParked(id, 0)


@pytest.mark.parametrize("what", ["claim", "push", "payParked", "fund", "remit", "sweep"])
def test_nothing_is_entered_while_another_runs(world: Dividends, tree: Tree, what: str) -> None:
    coin, id = world.unruly_dividend(tree)
    leaf = tree.leaves.leaf(1)
    calls = {
        "claim": (id, leaf.index | law.TOP, BOB, leaf.gross << 128, leaf.net, _proof(tree, 1)),
        "push": (id, 0, [], []),
        "payParked": (id, 0),
        "fund": (id, 0),
        "remit": (id,),
        "sweep": (id,),
    }
    coin.set_callback(world.distributor, world.distributor.calldata(what, *calls[what])[:2048])
    world.claim(id, tree, 0)
    succeeded, answer = coin.callback_result()
    assert (succeeded, answer) == (False, b"")
    assert world.unpaid(id) == tree.root.sum - NET


def test_one_distribution_s_funding_pays_no_other(world: Dividends, tree: Tree, id: bytes) -> None:
    """Both pay in one coin; the second one's holder cannot be paid twice out of the first one's."""
    boa.env.evm.patch.block_number += 1
    other = world.post(world.distributor.distribution(id)[0], tree, 1)
    world.distributor.fund(other, tree.root.sum, sender=TREASURY)
    for place in range(4):
        world.claim(other, tree, place)
    with refuses("dividend: claimed"):
        world.claim(other, tree, 0)
    assert world.coin.balanceOf(world.distributor) == world.unpaid(id) == tree.root.sum
