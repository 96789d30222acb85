"""A settlement coin of eighteen decimals was taken for one of six: a hundred shares went for a billionth of a cent.

The coin is asked before it is listed, before a quote is signed and before one is carried out, and by the audit. What a
payment brings is read on the chain (tests/contracts/market); on Solana, a coin that could keep a part is not listed.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.network_orders import claimed, keyed_manifest, onboarded, wallet
from support.network_world import NetworkWorld, deployed_world, empty_world, local_manifest

from scrip import flows
from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError
from scrip.evm.deploy.deployment import plan_deployment
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.rehearse.forecast import preview_plan
from scrip.plan import Plan, Step
from scrip.solana.encoding.coins import check_coin
from scrip.units import RawUnits, Stablecoin

ANSWERS_18 = "0x60125f5260205ff3"
"""Code that answers 18 whatever it is asked."""
SAYS_NOTHING = "0x00"
COIN = "0x" + "c0" * 20
SAID = {ANSWERS_18: "has 18 decimals, and settlement is counted in 6 here", SAYS_NOTHING: "does not say its decimals"}


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("network"), keyed_manifest()) as world:
        yield world


@pytest.fixture
def world(standing: NetworkWorld) -> Iterator[NetworkWorld]:
    yield standing
    standing.back()


def swapped(world: NetworkWorld, code: str) -> EvmNetwork:
    """The coin that is listed counts otherwise, as a mainnet address on a chain where it is another coin would."""
    network = world.open()
    network.node.rpc("anvil_setCode", network.book.contract("stablecoin").address, code)
    return network


@pytest.mark.parametrize("code", SAID, ids=["eighteen", "none"])
def test_it_is_not_listed(tmp_path: Path, code: str) -> None:
    manifest = local_manifest()
    settlement = manifest.settlement.model_copy(update={"assets": {"USDT": COIN}})
    with empty_world(tmp_path, manifest.model_copy(update={"settlement": settlement})) as world:
        world.open().node.rpc("anvil_setCode", COIN, code)
        with pytest.raises(InputError, match=f"settlement.assets.USDT: {SAID[code]}"):
            plan_deployment(world.open())


@pytest.mark.parametrize("code", SAID, ids=["eighteen", "none"])
def test_it_is_not_listed_later(world: NetworkWorld, code: str) -> None:
    network = world.open()
    assets = {**network.manifest.settlement.assets, "USDT": COIN}
    settlement = network.manifest.settlement.model_copy(update={"assets": assets})
    network.node.rpc("anvil_setCode", COIN, code)
    with pytest.raises(InputError, match=f"settlement.assets.USDT: {SAID[code]}"):
        plan_settings(world.open(network.manifest.model_copy(update={"settlement": settlement})))


@pytest.mark.parametrize("code", SAID, ids=["eighteen", "none"])
def test_nothing_is_quoted_in_it_and_no_quote_carried_out(world: NetworkWorld, tmp_path: Path, code: str) -> None:
    onboarded(world, tmp_path)
    claimed(world)
    terms = ("MSFT", wallet("alice"), RawUnits(100 * 10**18, 18), Stablecoin.parse("9000"), "q-1", 300)
    before = world.open()
    flows.market.sign_into(before, flows.market.draft(before, "mint", *terms), tmp_path / "q.json")
    after = swapped(world, code)
    with pytest.raises(InputError, match=f"settlement: {SAID[code]}"):
        flows.market.draft(after, "mint", *terms)
    with pytest.raises(InputError, match=f"settlement: {SAID[code]}"):
        flows.market.submit_file(after, tmp_path / "q.json", "mint", wallet("alice"))


@pytest.mark.parametrize("kind", [ins.Mint, ins.Redeem])
def test_no_preview_shows_a_price_in_it(world: NetworkWorld, kind: type[ins.Mint] | type[ins.Redeem]) -> None:
    order = kind("MSFT", "owner-1", RawUnits(10**18, 18), Stablecoin.parse("1"), ins.QuoteTerms("q", 2**40 - 1, 0))
    plan = Plan("market mint", "q", (Step("mint", "mint", "owner-1", "PrimaryMarket", instructions=(order,)),))
    assert preview_plan(world.open(), plan) is not None
    with pytest.raises(InputError, match="settlement: has 18 decimals"):
        preview_plan(swapped(world, ANSWERS_18), plan)


@pytest.mark.parametrize("code", SAID, ids=["eighteen", "none"])
def test_the_audit_names_it(world: NetworkWorld, code: str) -> None:
    network = world.open()
    (symbol,) = network.manifest.settlement.assets
    field = f"settlement.assets.{symbol}.decimals"
    assert field not in {one.field for one in network.audit(network.build(None))}
    found = swapped(world, code).audit(network.build(None))
    (one,) = [one for one in found if one.field == field]
    assert (one.expected, one.severity) == ("6", "critical")
    assert one.found == ("18" if code == ANSWERS_18 else "unknown")


# --- Solana ----------------------------------------------------------------------------------------------------------


def mint(decimals: int = 6, **extensions: bytes) -> bytes:
    """A mint's data; with extensions of Token-2022 by their numbers, `x1=…`."""
    base = bytes(44) + bytes([decimals, 1]) + bytes(36)
    if not extensions:
        return base
    data = base.ljust(165, b"\0") + b"\1"
    for name, value in extensions.items():
        data += struct.pack("<HH", int(name[1:]), len(value)) + value
    return data


def fee(now: int = 0, following: int = 0, authority: bytes = bytes(32)) -> bytes:
    old, new = (struct.pack("<QQH", 0, 2**64 - 1, rate) for rate in (now, following))
    return authority + bytes(32) + bytes(8) + old + new


ANYONE = b"\7" * 32
UNFIT = {
    "is no mint": [b"", b"\0" * 82, None, mint()[:81]],
    "has 9 decimals, and settlement is counted in 6 here": [mint(9)],
    r"keeps a fee of every transfer, 25 bps \(TransferFeeConfig\)": [mint(x1=fee(25)), mint(x1=fee(0, 25, ANYONE))],
    r"can be given a fee on transfers at any time \(TransferFeeConfig\)": [mint(x1=fee(authority=ANYONE))],
    r"lets another program refuse its transfers \(TransferHook\)": [mint(x14=bytes(32) + ANYONE), mint(x14=ANYONE * 2)],
    r"can be given a program that refuses its transfers at any time \(TransferHook\)": [mint(x14=ANYONE + bytes(32))],
    r"cannot be transferred \(NonTransferable\)": [mint(x9=b"")],
    r"has 18 decimals, .*, and keeps a fee": [mint(18, x25=bytes(56), x1=fee(1))],
}


@pytest.mark.parametrize(("reason", "data"), [(reason, one) for reason, all_ in UNFIT.items() for one in all_])
def test_a_coin_that_does_not_arrive_whole_is_named(reason: str, data: bytes | None) -> None:
    with pytest.raises(InputError, match=f"settlement.assets.USDC: {reason}"):
        check_coin(data, "settlement.assets.USDC")


@pytest.mark.parametrize("data", [mint(), mint(x1=fee()), mint(x14=bytes(64)), mint(x18=bytes(64))])
def test_a_coin_that_arrives_whole_is_taken(data: bytes) -> None:
    check_coin(data, "settlement.assets.USDC")
