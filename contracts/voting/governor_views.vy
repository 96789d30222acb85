# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title governor_views
@license AGPL-3.0-only
@notice What a wallet asks of OpenZeppelin's Governor before it votes: the clock, how votes are counted, the domain's name.
@dev Stateless.
"""

# @notice ERC-6372: instants are UTC seconds
CLOCK_MODE: public(constant(String[14])) = "mode=timestamp"
# @notice how votes are counted, as OpenZeppelin's Governor says it; there is no quorum here
COUNTING_MODE: public(constant(String[46])) = "support=bravo,fractional&params=fractional"


@external
@view
def clock() -> uint256:
    """
    @notice ERC-6372: now, UTC seconds.
    """
    return block.timestamp


@external
@pure
def name() -> String[12]:
    """
    @notice The EIP-712 domain's name, as OpenZeppelin's Governor tells its own.
    """
    return "Scrip Ballot"


@external
@pure
def version() -> String[1]:
    """
    @notice The EIP-712 domain's version.
    """
    return "1"
