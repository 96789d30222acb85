"""The world of issuance_world, deployed once a session and put back after each test."""

from collections.abc import Iterator

import boa
import pytest
from support.contract_calls import set_clock
from support.issuance_world import START, Issuance


@pytest.fixture(scope="session")
def built_suite() -> Issuance:
    return Issuance()


@pytest.fixture
def suite(built_suite: Issuance) -> Iterator[Issuance]:
    with boa.env.anchor():
        set_clock(START)
        yield built_suite
