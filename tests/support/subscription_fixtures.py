"""The world of subscription_world, deployed once a session and put back after each test."""

from collections.abc import Iterator
from copy import copy

import boa
import pytest
from support.contract_calls import set_clock
from support.issuance_world import START
from support.subscription_world import Subscription


@pytest.fixture(scope="session")
def built_subscription() -> Subscription:
    return Subscription()


@pytest.fixture
def subscription(built_subscription: Subscription) -> Iterator[Subscription]:
    with boa.env.anchor():
        set_clock(START)
        # A test may put another vault in its place.
        yield copy(built_subscription)
