"""The world of offer_world, deployed once a session and put back after each test."""

from collections.abc import Iterator

import boa
import pytest
from support.contract_calls import set_clock
from support.issuance_world import START
from support.offer_world import Offers


@pytest.fixture(scope="session")
def built_offers() -> Offers:
    return Offers()


@pytest.fixture
def world(built_offers: Offers) -> Iterator[Offers]:
    with boa.env.anchor():
        set_clock(START)
        yield built_offers
