"""Fees and second signatures: from the manifest to the chain, signed at two desks, summed from the market's events."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.network_orders import carried_out, house
from support.network_world import NetworkWorld, deployed_world, local_manifest

from scrip import flows
from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError
from scrip.evm.audit.run import audit
from scrip.evm.chain import Contract
from scrip.evm.deploy.settings import plan_settings
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.views import EvmQuote
from scrip.instructions.base import Side
from scrip.manifest.model import Account, EvmLimits, EvmManifest, Price
from scrip.units import WAD, RawUnits, Stablecoin

KEY = "second-key"


def termed(fee: int = 50, second: str = "1000") -> EvmManifest:
    """A second key holds QUOTE_SIGNER, and a price bounds the quotes of MSFT."""
    manifest = local_manifest()
    assert isinstance(manifest, EvmManifest)
    signers = (*manifest.role_holders("QUOTE_SIGNER"), KEY)
    price = Price(source="mock", basis="share", hours="24/7", max_age="26h", band_bps=1_000, trade_band_bps=5_000)
    return manifest.model_copy(
        update={
            "stocks": {**manifest.stocks, "MSFT": manifest.stocks["MSFT"].model_copy(update={"price": price})},
            "limits": EvmLimits(max_fee_bps=fee, second_signer_from=second),
            "accounts": {**manifest.accounts, KEY: Account(local=True)},
            "roles": {**manifest.roles, "QUOTE_SIGNER": signers},
        }
    )


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    """Deployed with fees up to 50 bps and two signatures from 1,000 on; the treasury is an investor who signs."""
    folder = tmp_path_factory.mktemp("network")
    with deployed_world(folder, termed()) as world:
        network = house(world, folder, "owner-1")
        source = Contract("MockReserveOracle", network.book.contract("price-MSFT").address)
        network.chain.send(source, "push", 90 * 10**8, sender="deployer")
        world.run(flows.feeds.poke(world.open(), ("MSFT",), "deployer"))
        world.mark()
        yield world


@pytest.fixture
def world(standing: NetworkWorld) -> Iterator[NetworkWorld]:
    yield standing
    standing.back()


def sign(network: EvmNetwork, folder: Path, money: str, fee: int = 0, side: Side = "mint", name: str = "q") -> Path:
    terms = ("MSFT", "owner-1", RawUnits(10 * WAD, 18), Stablecoin.parse(money), name, 3_600, "", False, fee)
    path = folder / f"{name}.json"
    flows.market.sign_into(network, flows.market.draft(network, side, *terms), path)
    return path


def differences(network: EvmNetwork) -> list[str]:
    return [str(one) for one in audit(network) if one.field.startswith("limits")]


def test_a_deployment_sets_the_terms_and_the_audit_agrees(standing: NetworkWorld) -> None:
    network = standing.open()
    assert differences(network) == []
    assert not plan_settings(network).steps
    assert differences(standing.open(termed(40, "900"))) == [
        "critical: limits.max_fee_bps: expected 40 bps, found 50 bps",
        "critical: limits.second_signer_from: expected 900.00, found 1000.00",
    ]


def test_the_pauser_tightens_and_the_timelock_loosens(world: NetworkWorld) -> None:
    tight = termed(40, "900")
    plan = plan_settings(world.open(tight), "tight")
    assert [(step.function, step.sender) for step in plan.steps] == [("setTerms", tight.role_holders("PAUSER")[0])]
    carried_out(world, plan)
    assert differences(world.open(tight)) == []
    for loose in (termed(41, "900"), termed(40, ""), termed(40, "900.01")):
        plan = plan_settings(world.open(loose), "loose")
        assert [(step.function, step.sender) for step in plan.steps] == [("setTerms", "timelock")]


def test_fees_are_shown_paid_and_summed(world: NetworkWorld, tmp_path: Path) -> None:
    network = world.open()
    with pytest.raises(InputError, match=r"fee: is not between 0 and the manifest's limits.max_fee_bps, 50"):
        sign(network, tmp_path, "900", 51)
    mint = EvmQuote.read(sign(network, tmp_path, "900", 25))
    assert "fee              2.25, on top" in list(flows.market.offer(network, mint).lines())
    assert flows.market.refusal_of(network, mint) is None
    with pytest.raises(InputError, match=r"for 900, account .*, fee 25 bps"):
        sign(network, tmp_path, "900", 24)
    world.run(flows.market.submit(network, mint, "owner-1"))
    back = EvmQuote.read(sign(world.open(), tmp_path, "450", 10, "redeem", "r"))
    assert "fee              0.45, kept back" in list(flows.market.offer(world.open(), back).lines())
    world.run(flows.market.submit(world.open(), back, "owner-1"))
    found = {(one.stock, one.side): (one.trades, one.settlement, one.fees) for one in flows.market.fees(world.open())}
    assert found == {("MSFT", "mint"): (1, "900", "2.25"), ("MSFT", "redeem"): (1, "450", "0.45")}


def test_two_desks_sign_what_is_large(world: NetworkWorld, tmp_path: Path) -> None:
    network = world.open()
    file = sign(network, tmp_path, "1000")
    with pytest.raises(InputError, match=r"second_signature: is missing: from 1000\.00 on two keys sign"):
        flows.market.submit(network, EvmQuote.read(file), "owner-1")
    assert str(flows.market.refusal_of(network, EvmQuote.read(file))) == "market: no second signature (q)"
    with pytest.raises(InputError, match="as: is who signed it first"):
        flows.market.countersign_into(network, EvmQuote.read(file), tmp_path / "both.json", "quote-key")
    path, _ = flows.market.countersign_into(network, EvmQuote.read(file), tmp_path / "both.json", KEY)
    both = EvmQuote.read(path)
    assert flows.market.refusal_of(network, both) is None
    # The second key takes its word back, and signs anew.
    carried_out(world, flows.market.revoke_all(world.open(), KEY))
    with pytest.raises(InputError, match="second_signature: is not the second signer's, of this quote, or was revoked"):
        flows.market.submit(world.open(), both, "owner-1")
    path, _ = flows.market.countersign_into(world.open(), EvmQuote.read(file), tmp_path / "again.json", KEY)
    assert world.run(flows.market.submit(world.open(), EvmQuote.read(path), "owner-1")).changed
    assert world.open().ledger().balance("MSFT", "owner-1") == RawUnits(10 * WAD, 18)


def test_two_desks_sign_whatever_no_price_bounds(world: NetworkWorld, tmp_path: Path) -> None:
    """A band that the timelock takes away leaves the settlement saying nothing."""
    network = world.open()
    market, token = network.suite().market, network.ledger().token("MSFT").address
    network.node.rpc("anvil_impersonateAccount", network.chain.address("timelock"))
    data = network.chain.abi(market.name).function("setBand", 3).calldata((token, ZERO_ADDRESS, 0))
    sent = {"from": network.chain.address("timelock"), "to": market.address, "data": "0x" + data.hex()}
    network.node.wait(network.node.rpc("eth_sendTransaction", sent | {"gasPrice": "0x0"}))
    file = sign(world.open(), tmp_path, "450")
    with pytest.raises(InputError, match="is missing: whatever it settles, as no price bounds MSFT, two keys sign"):
        flows.market.submit(world.open(), EvmQuote.read(file), "owner-1")
    path, _ = flows.market.countersign_into(world.open(), EvmQuote.read(file), tmp_path / "both.json", KEY)
    assert world.run(flows.market.submit(world.open(), EvmQuote.read(path), "owner-1")).changed


def test_two_keys_of_one_desk_are_told_so(world: NetworkWorld, tmp_path: Path) -> None:
    for key in ("quote-key", KEY):
        carried_out(world, flows.market.revoke_all(world.open(), key))
    file = sign(world.open(), tmp_path, "1000")
    with pytest.raises(InputError, match="as: is of the desk that signed it first, by its epoch: two desks sign"):
        flows.market.countersign_into(world.open(), EvmQuote.read(file), tmp_path / "both.json", KEY)
    # Another machine with the second key claims it for itself.
    records = tmp_path / "records there"
    shutil.copytree(world.records, records, ignore=shutil.ignore_patterns("quotes"))
    there = EvmNetwork.open(world.manifest, world.url, records)
    carried_out(world, flows.market.revoke_all(there, KEY))
    path, _ = flows.market.countersign_into(there, EvmQuote.read(file), tmp_path / "both.json", KEY)
    assert EvmQuote.read(path).second
