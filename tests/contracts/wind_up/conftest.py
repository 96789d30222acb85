"""The world of ending_world, deployed once a session and put back after each test."""

from collections.abc import Iterator

import boa
import pytest
from support.contract_calls import set_clock
from support.ending_world import Endings
from support.issuance_world import START


@pytest.fixture(scope="session")
def built_endings() -> Endings:
    return Endings()


@pytest.fixture
def world(built_endings: Endings) -> Iterator[Endings]:
    with boa.env.anchor():
        set_clock(START)
        yield built_endings
