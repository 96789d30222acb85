"""Contracts of others: the interfaces by which stablecoins and oracles of reserves, prices and sanctions are called."""

STABLECOIN = "IStablecoin"
SIGNED_STABLECOIN = "ISignedStablecoin"
"""One that takes signatures of its holders."""
RESERVE_ORACLE = "IReserveOracle"
PRICE_SOURCE = "IReserveOracle"
"""An AggregatorV3 too."""
SANCTIONS_ORACLE = "ISanctionsOracle"
ALL = (STABLECOIN, SIGNED_STABLECOIN, RESERVE_ORACLE, SANCTIONS_ORACLE)
