from pathlib import Path

import pytest
from multichain_world import Pair, pair


@pytest.fixture(params=["as named", "the other way round"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Pair:
    """Two chains, in both orders."""
    found = pair(tmp_path)
    return found if request.param == "as named" else found.reversed()
