"""The world of subscription_world, by the name that tests of contracts give theirs."""

import pytest
from support.subscription_fixtures import built_subscription, subscription
from support.subscription_world import Subscription

__all__ = ["built_subscription", "subscription"]


@pytest.fixture
def world(subscription: Subscription) -> Subscription:
    return subscription
