# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title Timelock
@custom:contract-name Timelock
@license AGPL-3.0-only
@author Scrip
@notice The delay before a lasting change: snekmate's `timelock_controller`, deployed once. It holds
        `DEFAULT_ADMIN_ROLE` in `Roles`; its proposers are the issuer's multisig, its executors whoever the deployment
        names (the zero address: anyone).
@dev Proposers are also cancellers. `update_delay` is callable by the timelock itself only. Unlike snekmate's, an
     operation lapses: what was scheduled in quiet times, such as the end of a halt, must not end the next one. A lapsed
     one is still pending, and cancelled before the same is scheduled again; `get_operation_state` calls it ready.
@custom:security An operation is public for at least the minimum delay before it runs, and can run for `OPERATION_LIFE`.
@custom:kill Cancel the operation (a canceller) before its delay has passed.
"""


from ethereum.ercs import IERC165
implements: IERC165

from snekmate.auth.interfaces import IAccessControl
implements: IAccessControl

from snekmate.tokens.interfaces import IERC721Receiver
implements: IERC721Receiver

from snekmate.tokens.interfaces import IERC1155Receiver
implements: IERC1155Receiver

from snekmate.auth import access_control as ac
initializes: ac

from snekmate.governance import timelock_controller as tc
initializes: tc[access_control := ac]


exports: (
    ac.DEFAULT_ADMIN_ROLE,
    ac.hasRole,
    ac.getRoleAdmin,
    ac.grantRole,
    ac.revokeRole,
    ac.renounceRole,
    ac.set_role_admin,
    tc.__default__,
    tc.supportsInterface,
    tc.PROPOSER_ROLE,
    tc.EXECUTOR_ROLE,
    tc.CANCELLER_ROLE,
    tc.IERC721_TOKENRECEIVER_SELECTOR,
    tc.IERC1155_TOKENRECEIVER_SINGLE_SELECTOR,
    tc.IERC1155_TOKENRECEIVER_BATCH_SELECTOR,
    tc.get_timestamp,
    tc.get_minimum_delay,
    tc.is_operation,
    tc.is_operation_pending,
    tc.is_operation_done,
    tc.get_operation_state,
    tc.hash_operation,
    tc.hash_operation_batch,
    tc.schedule,
    tc.schedule_batch,
    tc.cancel,
    tc.update_delay,
    tc.onERC721Received,
    tc.onERC1155Received,
    tc.onERC1155BatchReceived,
)


OPERATION_LIFE: constant(uint256) = 14 * 86_400


@deploy
def __init__(
    minimum_delay: uint256,
    proposers: DynArray[address, tc._DYNARRAY_BOUND],
    executors: DynArray[address, tc._DYNARRAY_BOUND],
    admin: address,
):
    """
    @param minimum_delay Seconds between proposal and execution, at least.
    @param proposers Who may propose and cancel.
    @param executors Who may execute a ripe operation; the zero address opens it to everyone.
    @param admin An optional first admin of the timelock's own roles (zero: none, the timelock administers itself).
    """
    ac.__init__()
    tc.__init__(minimum_delay, proposers, executors, admin)


@external
@payable
def execute(target: address, amount: uint256, payload: Bytes[1_024], predecessor: bytes32, salt: bytes32):
    """
    @notice Carry out an operation of one call that is ready and has not lapsed. Executors may; anyone, where the zero
            address is one. Reverts "timelock: lapsed", then as snekmate's.
    @param target Whom the operation calls.
    @param amount Wei that go with the call.
    @param payload The call's data.
    @param predecessor The operation that must be done before; empty for none.
    @param salt What tells the operation from another of the same call.
    """
    tc._only_role_or_open_role(tc.EXECUTOR_ROLE)
    id: bytes32 = tc._hash_operation(target, amount, payload, predecessor, salt)
    tc._before_call(id, predecessor)
    self._demand_alive(id)
    tc._execute(target, amount, payload)
    log tc.CallExecuted(id=id, index=0, target=target, amount=amount, payload=payload)
    tc._after_call(id)


@external
@payable
def execute_batch(
    targets: DynArray[address, tc._DYNARRAY_BOUND],
    amounts: DynArray[uint256, tc._DYNARRAY_BOUND],
    payloads: DynArray[Bytes[1_024], tc._DYNARRAY_BOUND],
    predecessor: bytes32,
    salt: bytes32,
):
    """
    @notice Carry out an operation of several calls, all or none, that is ready and has not lapsed. Executors may;
            anyone, where the zero address is one. Reverts "timelock: lapsed", then as snekmate's.
    @param targets Whom the operation calls.
    @param amounts Wei that go with each call.
    @param payloads Each call's data.
    @param predecessor The operation that must be done before; empty for none.
    @param salt What tells the operation from another of the same calls.
    """
    tc._only_role_or_open_role(tc.EXECUTOR_ROLE)
    assert len(targets) == len(amounts) and len(targets) == len(payloads), "timelock_controller: length mismatch"
    id: bytes32 = tc._hash_operation_batch(targets, amounts, payloads, predecessor, salt)
    tc._before_call(id, predecessor)
    self._demand_alive(id)
    index: uint256 = 0
    for target: address in targets:
        tc._execute(target, amounts[index], payloads[index])
        log tc.CallExecuted(id=id, index=index, target=target, amount=amounts[index], payload=payloads[index])
        index += 1
    tc._after_call(id)


@external
@view
def is_operation_ready(id: bytes32) -> bool:
    """
    @notice Whether an operation can be carried out now: its delay is over, and it has not lapsed.
    @param id The operation.
    @return True while it can.
    """
    return tc._is_operation_ready(id) and block.timestamp < self._lapses_at(id)


@external
@view
def lapsesAt(id: bytes32) -> uint256:
    """
    @notice From when an operation that is pending can be carried out no more.
    @param id The operation.
    @return UTC seconds; 0 for an operation that is not pending.
    """
    return self._lapses_at(id) if tc._is_operation_pending(id) else 0


@internal
@view
def _lapses_at(id: bytes32) -> uint256:
    return tc.get_timestamp[id] + OPERATION_LIFE


@internal
@view
def _demand_alive(id: bytes32):
    assert block.timestamp < self._lapses_at(id), "timelock: lapsed"
