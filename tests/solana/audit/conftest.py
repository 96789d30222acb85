"""One deployment for all that plant something in it."""

from collections.abc import Iterator

import pytest
from manifest_world import Standing


@pytest.fixture(scope="session")
def deployed() -> Standing:
    """The manifest's deployment."""
    return Standing()


@pytest.fixture
def standing(deployed: Standing) -> Iterator[Standing]:
    """The deployment, put back as it was afterwards."""
    with deployed.kept():
        yield deployed
