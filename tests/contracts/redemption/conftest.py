"""The world of redemption_world, deployed once a session and put back after each test."""

from collections.abc import Iterator

import boa
import pytest
from support.contract_calls import set_clock
from support.issuance_world import START
from support.redemption_world import Redemption


@pytest.fixture(scope="session")
def built_redemption() -> Redemption:
    return Redemption()


@pytest.fixture
def world(built_redemption: Redemption) -> Iterator[Redemption]:
    with boa.env.anchor():
        set_clock(START)
        yield built_redemption
