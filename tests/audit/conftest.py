"""One deployment for all that plant something in it."""

from collections.abc import Iterator

import pytest
from deployed_desk import deployed, planted

from scrip.evm.desk import Desk


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with deployed(tmp_path_factory.mktemp("records")) as desk:
        yield desk


@pytest.fixture
def desk(audited: Desk) -> Iterator[Desk]:
    """The deployment, put back as it was afterwards."""
    with planted(audited):
        yield audited
