# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_config
@license AGPL-3.0-only
@notice The bit map of a stock's configuration word, which every transfer reads once.

            bits    0..127  total supply, raw units
            bits  128..167  END         UTC second from which the stock is minted no more; 0 = none is set
            bit        168  PAUSED
            bit        169  BLOCKLIST   policy: clear = ALLOWLIST, set = BLOCKLIST
            bit        170  INITIALISED
            bit        171  CAPPED      the registry counts the holders
            bit        172  SUSPENDED   a request to redeem waits too long: no mint
            bits  176..255  epoch, same position as in the account word so that the two compare without a shift
        and the modes of the fleet, an immutable of each implementation.
"""

SUPPLY_MASK: constant(uint256) = 2**128 - 1
END_SHIFT: constant(uint256) = 128
END_MASK: constant(uint256) = (2**40 - 1) << 128
PAUSED: constant(uint256) = 1 << 168
BLOCKLIST: constant(uint256) = 1 << 169
INITIALISED: constant(uint256) = 1 << 170
CAPPED: constant(uint256) = 1 << 171
SUSPENDED: constant(uint256) = 1 << 172

NORMAL: constant(uint256) = 0
STRICT: constant(uint256) = 1
HALTED: constant(uint256) = 2

ALLOWLIST_POLICY: constant(uint256) = 0
BLOCKLIST_POLICY: constant(uint256) = 1


@internal
@view
def _has_ended(config: uint256) -> bool:
    """
    @dev Whether the second from which nothing is minted has come.
    """
    return config & END_MASK != 0 and (config & END_MASK) >> END_SHIFT <= block.timestamp
