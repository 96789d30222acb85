"""Contracts of others: the interfaces by which a stablecoin, a reserve oracle and a sanctions oracle are called."""

STABLECOIN = "IStablecoin"
RESERVE_ORACLE = "IReserveOracle"
SANCTIONS_ORACLE = "ISanctionsOracle"
ALL = (STABLECOIN, RESERVE_ORACLE, SANCTIONS_ORACLE)
