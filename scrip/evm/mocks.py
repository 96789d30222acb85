"""What stands in for the contracts of others on a local chain, where a manifest says `mock`. Nothing else names a mock.

Each does what its interface in scrip.evm.outside says and takes orders besides, from anyone: FundStablecoin,
AttestReserve, AnswerPrice and AnswerSanctions, which on other chains are not the issuer's to give.
"""

STABLECOIN = "MockStablecoin"
RESERVE_ORACLE = "MockReserveOracle"
PRICE_SOURCE = "MockReserveOracle"
SANCTIONS_ORACLE = "MockSanctionsOracle"
VERIFIER = "MockVerifierProxy"
"""Of data streams: it takes any report for signed."""
