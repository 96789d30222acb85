from support.contract_fixtures import built_world, open_stock, stock, world
from support.issuance_fixtures import built_suite, suite
from support.subscription_fixtures import built_subscription, subscription

__all__ = [
    "built_subscription",
    "built_suite",
    "built_world",
    "open_stock",
    "stock",
    "subscription",
    "suite",
    "world",
]
