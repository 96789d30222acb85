from support.contract_fixtures import built_world, open_stock, stock, world
from support.issuance_fixtures import built_suite, suite

__all__ = ["built_suite", "built_world", "open_stock", "stock", "suite", "world"]
