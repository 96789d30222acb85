# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title sanctions
@license AGPL-3.0-only
@notice The sanctions oracle (Chainalysis's interface), where the issuer names one: asked when an investor is recorded, when
        a wallet is linked and when a stock meets an address for the first time, and by anyone through `screen`.
@dev It is not ours, so it is asked statically, with bounded gas, and only a whole word 0 or 1 is an answer. No answer
     refuses whoever wants to enter (fails closed) and blocks nobody who is in: otherwise a failing oracle, or a caller who
     starves it of gas, could stop every holder.
"""

from ..interfaces import IComplianceRegistry
from ..shared import roles

uses: roles

# @dev gas for one answer; Chainalysis's own takes under 8,000
ORACLE_GAS: constant(uint256) = 60_000

CLEAN: constant(uint256) = 0
SANCTIONED: constant(uint256) = 1
NO_ANSWER: constant(uint256) = 2

_SUSPENDED: constant(uint256) = 1 << 160
_ADDRESS_MASK: constant(uint256) = 2**160 - 1

# @dev bits 0..159 the oracle, 0 = none | bit 160 suspended
_oracle: uint256


@external
def setSanctionsOracle(oracle: address):
    """
    @notice Names the oracle, ends a suspension; the zero address means none. The timelock only.
    @dev Errors: "roles: not authorised", "sanctions: not a contract", "sanctions: no answer" (about this contract).
    """
    roles._check(roles.ADMIN)
    if oracle != empty(address):
        assert oracle.is_contract, "sanctions: not a contract"
        assert self._query(oracle, self) == CLEAN, "sanctions: no answer"
    self._oracle = convert(oracle, uint256)
    log IComplianceRegistry.SanctionsOracleSet(oracle=oracle)


@external
def suspendSanctionsOracle():
    """
    @notice Stops believing an oracle that lies, until the timelock names one again: it blocks nobody more, and whoever
            would have to be screened is refused. COMPLIANCE only.
    @dev Errors: "roles: not authorised", "sanctions: no oracle", "sanctions: suspended".
    """
    roles._check(roles.COMPLIANCE)
    oracle: uint256 = self._oracle
    assert oracle != 0, "sanctions: no oracle"
    assert oracle & _SUSPENDED == 0, "sanctions: suspended"
    self._oracle = oracle | _SUSPENDED
    log IComplianceRegistry.SanctionsOracleSuspended(oracle=convert(oracle, address))


@external
@view
def sanctionsOracle() -> (address, bool):
    """
    @notice (the oracle, whether it is suspended); the zero address for none.
    """
    return convert(self._oracle & _ADDRESS_MASK, address), self._is_suspended()


@internal
@view
def _is_set() -> bool:
    return self._oracle != 0


@internal
@view
def _is_suspended() -> bool:
    return self._oracle & _SUSPENDED != 0


@internal
@view
def _ask(account: address) -> uint256:
    """
    @dev CLEAN, SANCTIONED or NO_ANSWER. CLEAN where there is no oracle.
    """
    oracle: uint256 = self._oracle
    if oracle == 0:
        return CLEAN
    if oracle & _SUSPENDED != 0:
        return NO_ANSWER
    return self._query(convert(oracle, address), account)


@internal
@view
def _check_clean(account: address):
    """
    @dev Errors: "sanctions: listed", "sanctions: no answer".
    """
    answer: uint256 = self._ask(account)
    assert answer != SANCTIONED, "sanctions: listed"
    assert answer == CLEAN, "sanctions: no answer"


@internal
@view
def _query(oracle: address, account: address) -> uint256:
    success: bool = False
    data: Bytes[32] = b""
    success, data = raw_call(
        oracle,
        abi_encode(account, method_id=method_id("isSanctioned(address)")),
        max_outsize=32,
        gas=ORACLE_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(data) != 32:
        return NO_ANSWER
    return min(convert(data, uint256), NO_ANSWER)
