"""One deployment for all that plant something in it."""

from collections.abc import Iterator

import pytest
from support.deployed_network import planted

from scrip.chains.evm import EvmNetwork


@pytest.fixture
def network(populated_network: EvmNetwork) -> Iterator[EvmNetwork]:
    """The deployment, put back as it was afterwards."""
    with planted(populated_network):
        yield populated_network
