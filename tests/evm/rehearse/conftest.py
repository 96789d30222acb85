"""What is forked: the network whose URL is in SCRIP_FORK_RPC, with the suite deployed on top of it, or a second local
chain that has been in use. One of the two always runs.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.deployed_network import on_top_of, planted

from scrip.chains.evm import EvmNetwork
from scrip.evm.rehearse.fork import unlocked

VARIABLE = "SCRIP_FORK_RPC"


@pytest.fixture(scope="session")
def upstream(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EvmNetwork]:
    """The network that is forked."""
    if url := os.environ.get(VARIABLE):
        with on_top_of(url, tmp_path_factory.mktemp("records")) as network:
            yield network
    else:
        yield request.getfixturevalue("populated_network")


@pytest.fixture
def live(upstream: EvmNetwork, tmp_path: Path) -> Iterator[EvmNetwork]:
    """The network as an operator would have it who holds every key; put back as it was afterwards."""
    with planted(upstream):
        yield unlocked(upstream, upstream.node, tmp_path)
