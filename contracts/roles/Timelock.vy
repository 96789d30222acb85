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
@dev Proposers are also cancellers. `update_delay` is callable by the timelock itself only.
@custom:security An operation is public for at least the minimum delay before it runs.
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
    tc.is_operation_ready,
    tc.is_operation_done,
    tc.get_operation_state,
    tc.hash_operation,
    tc.hash_operation_batch,
    tc.schedule,
    tc.schedule_batch,
    tc.cancel,
    tc.execute,
    tc.execute_batch,
    tc.update_delay,
    tc.onERC721Received,
    tc.onERC1155Received,
    tc.onERC1155BatchReceived,
)


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
