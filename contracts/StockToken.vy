# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title StockToken
@license AGPL-3.0-only
@notice One tokenised share, behind a beacon proxy. ERC-20, 2612, 5267, 165, 7943 and 8056 over raw units that never rebase.
        The same source serves the fleet's three modes: it is deployed three times with a different immutable.
        Who may call: anyone transfers; the primary market mints and burns (MINTER); CorporateActions sets the multiplier;
        the registry pushes bad news; ENFORCER freezes and seizes; PAUSER and UNPAUSER; the timelock bumps the epoch.
        How to stop it: pause() stops this stock, StockBeacon.halt() the whole fleet.
@custom:kill StockToken.pause() by PAUSER; StockBeacon.halt() by GUARDIAN.
@custom:security No function but mint raises the supply, and mint asks ReserveFeed. The only external calls are to the
                 registry and the feed, immutables of the implementation, and to an ERC-1271 signer, statically.
"""

from ethereum.ercs import IERC20

from .modules import keys
from .modules import roles
from .modules import standing
from .modules import token_admin
from .modules import token_config
from .modules import token_core
from .modules import token_enforcement
from .modules import token_multiplier
from .modules import token_permit
from .modules import token_storage

implements: IERC20

initializes: token_storage
initializes: keys
initializes: roles
initializes: standing[s := token_storage]
initializes: token_multiplier[s := token_storage]
initializes: token_core[
    s := token_storage, roles := roles, standing := standing, token_multiplier := token_multiplier
]
initializes: token_permit[s := token_storage, token_core := token_core]
initializes: token_enforcement[s := token_storage, keys := keys, roles := roles, standing := standing]
initializes: token_admin[s := token_storage, roles := roles, token_multiplier := token_multiplier]

exports: (
    # ERC-20
    token_core.name,
    token_core.symbol,
    token_core.decimals,
    token_core.totalSupply,
    token_core.balanceOf,
    token_core.allowance,
    token_core.approve,
    token_core.transfer,
    token_core.transferFrom,
    # supply and identity
    token_core.mint,
    token_core.burn,
    token_core.isin,
    # ERC-2612, ERC-5267
    token_permit.permit,
    token_permit.nonces,
    token_permit.DOMAIN_SEPARATOR,
    token_permit.eip712Domain,
    # ERC-8056 and its writer
    token_multiplier.uiMultiplier,
    token_multiplier.newUIMultiplier,
    token_multiplier.effectiveAt,
    token_multiplier.balanceOfUI,
    token_multiplier.totalSupplyUI,
    token_multiplier.toUIAmount,
    token_multiplier.fromUIAmount,
    token_multiplier.multiplierTerms,
    token_multiplier.multiplierGeneration,
    token_multiplier.scheduleMultiplier,
    token_multiplier.cancelMultiplier,
    # ERC-7943 and forced actions
    token_enforcement.canSend,
    token_enforcement.canReceive,
    token_enforcement.canTransfer,
    token_enforcement.getFrozenTokens,
    token_enforcement.setFrozenTokens,
    token_enforcement.forcedTransfer,
    token_enforcement.setFrozen,
    token_enforcement.openCase,
    token_enforcement.closeCase,
    token_enforcement.caseOf,
    token_enforcement.accountWord,
    token_enforcement.sync,
    keys.keyUsed,
    # birth, pause, epoch, ERC-165
    token_admin.initialize,
    token_admin.supportsInterface,
    token_admin.policy,
    token_admin.mode,
    token_admin.registry,
    token_admin.corporateActions,
    token_admin.reserveFeed,
    token_admin.paused,
    token_admin.pause,
    token_admin.unpause,
    token_admin.epoch,
    token_admin.bumpEpoch,
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
    @dev An implementation is born initialised, so that nobody can give it an identity of its own.
    """
    roles.__init__(access_control)
    token_storage.__init__(mode, registry, actions, feed)
    token_storage.config = token_config.INITIALISED
