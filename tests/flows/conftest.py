"""A deployed network for the plans of each subject; a test file may have one of its own under the same names."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.network_orders import carried_out, keyed_manifest, minted, newcomers, onboarded
from support.network_world import NetworkWorld, deployed_world

from scrip import flows
from scrip.inputs.batch import read_newcomers


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    """The local manifest, deployed, whose roles are given to keys."""
    with deployed_world(tmp_path_factory.mktemp("network"), keyed_manifest()) as world:
        yield world


@pytest.fixture
def world(standing: NetworkWorld) -> Iterator[NetworkWorld]:
    """The same, put back as it was afterwards."""
    yield standing
    standing.back()


@pytest.fixture
def trading(world: NetworkWorld, tmp_path: Path) -> NetworkWorld:
    """The treasury holds 100 MSFT, alice and bob are onboarded."""
    onboarded(world, tmp_path)
    rows = [f"house,{world.open().chain.address('treasury')},DE,institutional,2030-01-01"]
    carried_out(world, flows.investors.onboard(world.open(), read_newcomers(newcomers(tmp_path, *rows))))
    minted(world)
    return world
