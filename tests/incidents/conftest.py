from support.contract_fixtures import built_world, open_stock, stock, world

__all__ = ["built_world", "open_stock", "stock", "world"]
