"""The world of dividend_world, deployed once a session and put back after each test."""

from collections.abc import Iterator

import boa
import pytest
from support.contract_calls import set_clock
from support.dividend_world import Dividends
from support.issuance_world import START


@pytest.fixture(scope="session")
def built_dividends() -> Dividends:
    return Dividends()


@pytest.fixture
def world(built_dividends: Dividends) -> Iterator[Dividends]:
    with boa.env.anchor():
        set_clock(START)
        yield built_dividends
