"""The proxy: a stock's address for life, which only ever delegates."""

import boa
import pytest
from eth_utils import keccak
from support.contract_calls import deploy_implementation, named, refuses
from support.contract_stubs import deploy_stub
from support.contract_world import ADMIN, ALICE, BOB, HELD, ISSUER, World

BEACON_SLOT = int.from_bytes(keccak(text="eip1967.proxy.beacon"), "big") - 1
IMPLEMENTATION_SLOT = int.from_bytes(keccak(text="eip1967.proxy.implementation"), "big") - 1
ADMIN_SLOT = int.from_bytes(keccak(text="eip1967.proxy.admin"), "big") - 1


def test_explorers_find_the_beacon_where_erc1967_says(world: World) -> None:
    for stock in (world.stock, world.open_stock):
        assert boa.env.get_storage(stock.address, BEACON_SLOT) == int(world.registry.address, 16)
        assert boa.env.get_storage(stock.address, IMPLEMENTATION_SLOT) == 0
        assert boa.env.get_storage(stock.address, ADMIN_SLOT) == 0


def test_the_birth_of_a_proxy_is_logged_as_erc1967_says(world: World) -> None:
    address = world.factory.createStock("IBM", "IBM", "US4592001014", 1, 0, sender=ISSUER)
    topic = int.from_bytes(keccak(text="BeaconUpgraded(address)"), "big")
    logs = [log for log in world.factory.computation.get_raw_log_entries() if log[1].hex() == address[2:]]
    assert logs[0][2:] == ((topic, int(world.registry.address, 16)), b"")


def test_the_beacon_slot_is_not_what_the_proxy_follows(world: World) -> None:
    """The beacon is an immutable of the proxy: no storage write redirects a stock."""
    boa.env.set_storage(world.stock.address, BEACON_SLOT, int(named("another beacon"), 16))
    assert world.stock.transfer(BOB, 1, sender=ALICE) is True


def test_state_lives_in_the_proxy_and_not_in_the_implementation(world: World) -> None:
    world.stock.transfer(BOB, 1, sender=ALICE)
    assert world.stock.balanceOf(ALICE) == HELD - 1
    for implementation in world.implementations:
        assert (implementation.balanceOf(ALICE), implementation.accountWord(BOB)) == (0, 0)


def test_stocks_share_code_and_nothing_else(world: World) -> None:
    code = boa.env.get_code(world.stock.address)
    assert code == boa.env.get_code(world.open_stock.address) != b""
    world.stock.transfer(BOB, HELD, sender=ALICE)
    assert world.open_stock.balanceOf(ALICE) == HELD


def test_the_caller_is_passed_on(world: World) -> None:
    caller = deploy_stub("caller")
    payload = world.stock.selector("approve", 2) + bytes.fromhex(BOB[2:].rjust(64, "0")) + bytes(31) + b"\x05"
    caller.call(world.stock, payload)
    assert world.stock.allowance(caller, BOB) == 5


@pytest.mark.parametrize("data", ["", "ff", "ffffff", "ffffffff", "a9059cbb", "a9059cbb" + "00" * 31])
def test_what_the_implementation_does_not_know_reverts(world: World, data: str) -> None:
    with refuses(""):
        world.stock.send(bytes.fromhex(data), sender=ALICE)


def test_the_longest_answer_is_not_cut(world: World) -> None:
    stock = world.create_stock("US0000000001", name="N" * 64)
    for name in stock.views():
        if name in {"pause", "unpause", "bumpEpoch", "cancelMultiplier"}:
            continue
        assert len(stock.send(stock.selector(name, 0), is_view=True)) <= 416
    assert len(stock.send(stock.selector("eip712Domain", 0), is_view=True)) == 416


def test_a_refusal_passes_the_proxy_whole(world: World) -> None:
    with refuses("ERC20InsufficientBalance", ALICE, HELD, HELD + 1):
        world.stock.transfer(BOB, HELD + 1, sender=ALICE)
    with refuses("case: reason and document"):
        world.stock.openCase(ALICE, 0, bytes(32), sender=named("enforcer"))


def test_a_new_implementation_reaches_every_stock_at_once(world: World) -> None:
    feed = world.deploy_counterparts(named("other actions"))
    pinned = [
        deploy_implementation(mode, world.roles, world.registry, named("other actions"), feed) for mode in range(3)
    ]
    assert world.stock.reserveFeed() == world.feed.address
    world.beacon.pin(*pinned, sender=ADMIN)
    for stock in (world.stock, world.open_stock):
        assert (stock.reserveFeed(), stock.corporateActions()) == (feed.address, named("other actions"))
        assert (stock.balanceOf(ALICE), stock.totalSupply()) == (HELD, 2 * HELD)
        assert stock.transfer(BOB, 1, sender=ALICE) is True
