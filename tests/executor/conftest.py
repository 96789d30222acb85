from collections.abc import Iterator
from pathlib import Path

import pytest
from support import execution_world

from scrip.chains.evm import EvmNetwork


@pytest.fixture
def url() -> Iterator[str]:
    """A network of its own: plans under test deploy from nonce 0."""
    with execution_world.running_anvil() as found:
        yield found


@pytest.fixture
def opened(url: str, tmp_path: Path) -> EvmNetwork:
    return execution_world.opened_network(url, tmp_path)
