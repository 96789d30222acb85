"""The world of elections_world, deployed once a session and put back after each test."""

from collections.abc import Iterator

import boa
import pytest
from support.contract_calls import set_clock
from support.elections_world import Electing
from support.issuance_world import START


@pytest.fixture(scope="session")
def built_elections() -> Electing:
    return Electing()


@pytest.fixture
def world(built_elections: Electing) -> Iterator[Electing]:
    with boa.env.anchor():
        set_clock(START)
        yield built_elections
