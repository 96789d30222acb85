from collections.abc import Iterator

import pytest
from support.price_world import Prices


@pytest.fixture(scope="session", autouse=True)
def built_prices() -> Iterator[None]:
    """A price feed that is deployed once: each test has the chain as it was then, and a model of its own."""
    Prices.built = Prices.build()
    yield
    Prices.built = None
