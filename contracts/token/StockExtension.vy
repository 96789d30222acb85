# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title StockExtension
@license AGPL-3.0-only
@notice The second half of a stock: forced actions, lock-ups, recovery, pause and epoch, and the signed calls that take
        signatures of any length. StockToken runs this code on the stock's storage for every call that it does not know.
        Who may call: ENFORCER freezes, seizes, burns and locks; PAUSER and UNPAUSER; the timelock (ADMIN) bumps the epoch;
        the registry recovers; a RequestVault (VAULT) takes units in that wait to be redeemed,
        the WindUp those that are redeemed at a stock's end; anyone submits what a holder has signed.
        How to stop it: revoke the role; pause() and StockBeacon.halt() stop the signed transfers.
@custom:kill revoking ENFORCER in Roles.
@custom:security Deployed once for each mode and never called itself: its own storage is nobody's. Storage is laid out by
                 the same modules in the same order as in StockToken, and a test compares the two.
"""

from ..shared import keys
from ..shared import roles
from . import clearance
from . import lockups
from . import reasons
from . import token_admin
from . import token_authorization
from . import token_config
from . import token_enforcement
from . import token_lockups
from . import token_multiplier
from . import token_permit
from . import token_recovery
from . import token_redemption
from . import token_signed
from . import token_storage
from . import transfers

# In the order of StockToken: the two share one layout.
initializes: token_storage
initializes: keys
initializes: roles
initializes: lockups[s := token_storage]
initializes: clearance[s := token_storage, lockups := lockups]
initializes: token_multiplier[s := token_storage]
initializes: transfers[
    s := token_storage, lockups := lockups, roles := roles, clearance := clearance, token_multiplier := token_multiplier
]
initializes: token_permit[s := token_storage, transfers := transfers]
initializes: token_authorization[s := token_storage, transfers := transfers, token_permit := token_permit]
initializes: token_signed[token_authorization := token_authorization, token_permit := token_permit]
initializes: reasons[keys := keys]
initializes: token_enforcement[
    s := token_storage, reasons := reasons, keys := keys, lockups := lockups, roles := roles, clearance := clearance
]
initializes: token_lockups[
    s := token_storage, reasons := reasons, lockups := lockups, roles := roles, clearance := clearance
]
initializes: token_recovery[
    s := token_storage, lockups := lockups, clearance := clearance, token_enforcement := token_enforcement
]
initializes: token_redemption[s := token_storage, roles := roles, clearance := clearance, transfers := transfers]
initializes: token_admin[s := token_storage, roles := roles, token_multiplier := token_multiplier]

exports: (
    # forced actions, those of ERC-7943 among them
    token_enforcement.setFrozenTokens,
    token_enforcement.forcedTransfer,
    token_enforcement.forcedBurn,
    token_enforcement.setFrozen,
    token_enforcement.openCase,
    token_enforcement.closeCase,
    token_enforcement.caseOf,
    token_lockups.lock,
    token_lockups.releaseLocks,
    token_lockups.lockedTokens,
    token_lockups.lockupsOf,
    token_lockups.availableBalance,
    token_recovery.recover,
    # units that wait to be redeemed, and those that were subscribed to
    token_redemption.release,
    token_redemption.deliver,
    token_redemption.retire,
    token_redemption.setSuspended,
    token_redemption.mintsSuspended,
    token_redemption.setMintsEnd,
    token_redemption.mintsEnd,
    token_redemption.canEscrow,
    keys.keyUsed,
    # signatures in one piece
    token_signed.permit,
    token_signed.transferWithAuthorization,
    token_signed.receiveWithAuthorization,
    token_signed.cancelAuthorization,
    # pause and epoch
    token_admin.pause,
    token_admin.unpause,
    token_admin.bumpEpoch,
    token_admin.setCapped,
    token_admin.capped,
    # what it was made with
    token_admin.mode,
    token_admin.registry,
    token_admin.corporateActions,
    token_admin.reserveFeed,
    roles.accessControl,
)


@deploy
def __init__(mode: uint256, access_control: address, registry: address, actions: address, feed: address):
    """
    @param mode 0 NORMAL, 1 STRICT, 2 HALTED.
    @param access_control the role table.
    @param registry the ComplianceRegistry.
    @param actions the CorporateActions contract.
    @param feed the ReserveFeed.
    """
    roles.__init__(access_control)
    token_storage.__init__(mode, registry, actions, feed)
    token_storage.config = token_config.INITIALISED
