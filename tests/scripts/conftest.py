from collections.abc import Iterator

import pytest
from support.network_cli import Cli, fresh, prepared
from support.network_orders import attest
from support.network_world import NetworkWorld, deployed_world


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    """The local manifest, deployed."""
    with deployed_world(tmp_path_factory.mktemp("scripts")) as world:
        yield world


@pytest.fixture
def cli(standing: NetworkWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """Commands in a folder with the project's manifests and the deployment's records, and no other environment."""
    fresh(standing.records.parent)
    monkeypatch.chdir(standing.records.parent)
    monkeypatch.setenv("SCRIP_LOCAL_RPC", standing.url)
    yield Cli(standing)
    standing.back()


@pytest.fixture(scope="session")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[NetworkWorld, dict[str, bytes]]]:
    """The same on a chain of its own, where an owner, as an investor, holds 100 MSFT of 200 shares attested."""
    with deployed_world(tmp_path_factory.mktemp("trading")) as world:
        fresh(world.records.parent)
        yield world, prepared(world, trade)


@pytest.fixture
def trading(traded: tuple[NetworkWorld, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """Commands there."""
    world, files = traded
    fresh(world.records.parent, files)
    monkeypatch.chdir(world.records.parent)
    monkeypatch.setenv("SCRIP_LOCAL_RPC", world.url)
    yield Cli(world)
    world.back()


def trade(cli: Cli) -> None:
    """Onboard the owner, attest, and mint."""
    network = cli.world.open()
    coin, owner = network.suite().stablecoin, network.chain.address("owner-1")
    network.chain.send(coin, "mint", owner, 10**12, sender="deployer")
    attest(network, 200)
    file = cli.folder / "owner.csv"
    file.write_text(f"investor,wallet,country,class,expiry\nhouse,{owner},CH,professional,2029-12-31\n")
    cli.done(f"compliance onboard {file} --apply")
    cli.done(f"market quote mint MSFT owner-1 100 9000.00 --out {cli.folder}/quote.json --reference q-1 --apply")
    cli.done(f"market mint {cli.folder}/quote.json --as owner-1 --apply")
