"""The world of voting_world, deployed once a session and put back after each test."""

from collections.abc import Iterator

import boa
import pytest
from support.contract_calls import set_clock
from support.issuance_world import START
from support.voting_world import Voting


@pytest.fixture(scope="session")
def built_voting() -> Voting:
    return Voting()


@pytest.fixture
def world(built_voting: Voting) -> Iterator[Voting]:
    with boa.env.anchor():
        set_clock(START)
        yield built_voting
