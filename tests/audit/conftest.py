"""One deployment for all that plant something in it."""

from collections.abc import Iterator

import pytest
from deployed_desk import planted

from scrip.evm.desk import Desk


@pytest.fixture
def desk(network: Desk) -> Iterator[Desk]:
    """The deployment, put back as it was afterwards."""
    with planted(network):
        yield network
