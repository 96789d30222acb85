# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title refusals
@license AGPL-3.0-only
@notice An assertion whose reason is put together in one place of a contract's code instead of at each, which halves the bytes
        that it takes. What is reverted with is the same.
@dev A call costs some 80 gas where an assertion costs 20: what every mint, transfer and trade runs through asserts, or asks
     first and calls `_refuse` only then, which costs no more than an assertion.
"""


@internal
@pure
def _demand(holds: bool, reason: String[32]):
    """
    @dev Reverts with `reason` unless `holds`.
    @param holds what must be so.
    @param reason "module: reason", as an assertion says it.
    """
    assert holds, reason


@internal
@pure
def _refuse(reason: String[32]):
    """
    @dev Reverts with `reason`, for whoever has found out already.
    @param reason "module: reason", as an assertion says it.
    """
    self._demand(False, reason)
