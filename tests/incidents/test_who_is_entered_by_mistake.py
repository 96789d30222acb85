"""The register took what no issuer means: a clearance that had ended, and wallets that nobody has a key of.

A clearance in the past stops an investor in every stock in the same transaction; what is sent to a contract of the
suite never comes back. A plan refuses both by name, the first unless it is asked for.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.network_cli import Cli, fresh
from support.network_orders import keyed_manifest, minted, newcomers, wallet
from support.network_world import NetworkWorld, deployed_world

from scrip import flows
from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError, InputErrors
from scrip.inputs.batch import read_links, read_newcomers, read_renewals
from scrip.plan import Plan
from scrip.plan.draft import Reason
from scrip.units import RawUnits

ENDED, AHEAD = "2026-12-31", "2030-01-01"
WHY = Reason(7, "order-1")
ONE = RawUnits(10**18, 18)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("network"), keyed_manifest()) as world:
        yield world


@pytest.fixture
def world(standing: NetworkWorld) -> Iterator[NetworkWorld]:
    yield standing
    standing.back()


def entered(world: NetworkWorld, folder: Path, *rows: str, lapsed: bool = False) -> Plan:
    return flows.investors.onboard(world.open(), read_newcomers(newcomers(folder, *rows)), lapsed=lapsed)


def renewals(folder: Path, *rows: str) -> Path:
    path = folder / "renewals.csv"
    path.write_text("\n".join(["investor,expiry", *rows]) + "\n")
    return path


def test_a_clearance_that_has_ended_is_asked_for_by_name(world: NetworkWorld, tmp_path: Path) -> None:
    rows = [f"inv-{name},{wallet(name)},DE,retail" for name in ("alice", "bob")]
    with pytest.raises(InputErrors, match=r"investors\.csv:3: expiry: has passed: .* say --lapsed"):
        entered(world, tmp_path, f"{rows[0]},{AHEAD}", f"{rows[1]},{ENDED}")
    world.run(entered(world, tmp_path, f"{rows[0]},{AHEAD}", f"{rows[1]},{ENDED}", lapsed=True))
    assert not entered(world, tmp_path, f"{rows[0]},{AHEAD}", f"{rows[1]},{ENDED}").steps, "what stands is left alone"

    path = renewals(tmp_path, f"inv-alice,{ENDED}")
    with pytest.raises(InputErrors, match=r"renewals\.csv:2: expiry: has passed"):
        flows.investors.renew(world.open(), read_renewals(path))
    assert flows.investors.renew(world.open(), read_renewals(path), lapsed=True).steps
    assert flows.investors.renew(world.open(), read_renewals(renewals(tmp_path, "inv-alice,2031-01-01"))).steps


def test_the_commands_have_the_word(world: NetworkWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    cli = Cli(world)
    fresh(cli.folder)
    monkeypatch.chdir(cli.folder)
    monkeypatch.setenv("SCRIP_LOCAL_RPC", world.url)
    newcomers(cli.folder, f"inv-alice,{wallet('alice')},DE,retail,{ENDED}")
    assert cli.run("compliance onboard investors.csv").code == 1
    assert "1 investors" in cli.run("compliance onboard investors.csv --lapsed").out
    newcomers(cli.folder, f"inv-alice,{wallet('alice')},DE,retail,{AHEAD}")
    cli.done("compliance onboard investors.csv --apply")
    renewals(cli.folder, f"inv-alice,{ENDED}")
    assert cli.run("compliance renew renewals.csv").code == 1
    assert "renew 1 investors" in cli.run("compliance renew renewals.csv --lapsed").out


def nobodys(network: EvmNetwork) -> dict[str, str]:
    """Addresses that nobody can sign for, by what is said of them."""
    contracts = {label: one.address for label, one in network.book if label not in ("safe", "timelock")}
    assert {"MSFT", "registry", "market", "beacon", "feed", "actions", "roles", "factory", "stablecoin"} <= {*contracts}
    others = {"the zero address": "0x" + "00" * 20, "a precompiled contract": "0x" + "00" * 19 + "01"}
    return {f"the deployment's own contract {label}": address for label, address in contracts.items()} | others


def test_nobody_is_entered_with_what_nobody_can_sign_for(world: NetworkWorld, tmp_path: Path) -> None:
    world.run(entered(world, tmp_path, f"inv-alice,{wallet('alice')},DE,retail,{AHEAD}"))
    network = world.open()
    links = tmp_path / "links.csv"
    ways: dict[str, Callable[[str], Plan]] = {
        "onboard": lambda at: entered(world, tmp_path, f"inv-x,{at},DE,retail,{AHEAD}"),
        "link": lambda at: flows.investors.link(network, read_links(at_wallet(links, at))),
        "recover": lambda at: flows.recovery.recover(network, "inv-alice", wallet("alice"), at, ["MSFT"], WHY),
        "seize": lambda at: flows.enforcement.seize(network, "MSFT", "treasury", at, ONE, WHY),
    }
    for what, address in nobodys(network).items():
        for name, way in ways.items():
            with pytest.raises(InputError, match=f"is {what}(: nobody can sign for it)?") as caught:
                way(address)
            assert caught.value.value == address, name
            assert what == "the zero address" or "nobody can sign" in str(caught.value)


def at_wallet(path: Path, address: str) -> Path:
    path.write_text(f"investor,wallet\ninv-alice,{address}\n")
    return path


def test_the_safe_and_the_timelock_are_somebodys(world: NetworkWorld, tmp_path: Path) -> None:
    at = world.open().chain.address
    rows = [f"inv-{name},{at(name)},DE,institutional,{AHEAD}" for name in ("safe", "timelock")]
    world.run(entered(world, tmp_path, *rows))
    minted_to = f"house,{at('treasury')},DE,institutional,{AHEAD}"
    world.run(entered(world, tmp_path, minted_to))
    minted(world)
    assert flows.enforcement.seize(world.open(), "MSFT", "treasury", "safe", ONE, WHY).steps


def test_a_stock_that_the_manifest_does_not_name_is_told_by_the_registry(world: NetworkWorld, tmp_path: Path) -> None:
    network = world.open()
    stocks = {name: one for name, one in network.manifest.stocks.items() if name != "AAPL"}
    address = network.book.contract("AAPL").address
    fewer = world.open(network.manifest.model_copy(update={"stocks": stocks}))
    fewer.book._contracts.pop("AAPL")
    path = newcomers(tmp_path, f"inv-x,{address},DE,retail,{AHEAD}")
    with pytest.raises(InputError, match="is a stock of the registry: nobody can sign for it"):
        flows.investors.onboard(fewer, read_newcomers(path))
