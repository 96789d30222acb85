# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title StockToken
@license AGPL-3.0-only
@notice One tokenised share, behind a beacon proxy. ERC-20, 2612, 3009, 5267, 165, 1404, 7943 and 8056 over raw units that
        never rebase. What the issuer's officers do, and what else is seldom called, stands in StockExtension, to which
        this contract passes on every call that it does not know: a stock is the two together.
        The same source serves the fleet's three modes: it is deployed three times with a different immutable.
        Who may call: anyone transfers; the primary market mints and burns (MINTER); CorporateActions sets the multiplier;
        the registry pushes bad news; the extension's functions say for themselves.
        How to stop it: pause() stops this stock, StockBeacon.halt() the whole fleet.
@custom:kill StockExtension.pause() by PAUSER; StockBeacon.halt() by GUARDIAN.
@custom:security No function but mint raises the supply, and mint asks ReserveFeed. The only external calls are to the
                 registry and the feed, immutables of the implementation, and to an ERC-1271 signer, statically. The
                 extension runs on the stock's own storage: it is an immutable, made of the same modules.
"""

from ethereum.ercs import IERC20

from ..shared import keys
from ..shared import roles
from . import clearance
from . import lockups
from . import token_admin
from . import token_authorization
from . import token_config
from . import token_multiplier
from . import token_permit
from . import token_redemption
from . import token_restrictions
from . import token_storage
from . import transfers

implements: IERC20

# In the order of StockExtension: the two share one layout.
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
initializes: token_redemption[s := token_storage, roles := roles, clearance := clearance, transfers := transfers]
initializes: token_restrictions[s := token_storage, clearance := clearance]
initializes: token_admin[s := token_storage, roles := roles, token_multiplier := token_multiplier]

exports: (
    # ERC-20
    transfers.name,
    transfers.symbol,
    transfers.decimals,
    transfers.totalSupply,
    transfers.balanceOf,
    transfers.allowance,
    transfers.approve,
    transfers.transfer,
    transfers.transferFrom,
    # supply and identity
    transfers.mint,
    transfers.burn,
    transfers.isin,
    transfers.series,
    # ERC-2612, ERC-5267
    token_permit.permit,
    token_permit.nonces,
    token_permit.DOMAIN_SEPARATOR,
    token_permit.eip712Domain,
    # ERC-3009
    token_authorization.transferWithAuthorization,
    token_authorization.receiveWithAuthorization,
    token_authorization.cancelAuthorization,
    token_authorization.authorizationState,
    token_authorization.TRANSFER_WITH_AUTHORIZATION_TYPEHASH,
    token_authorization.RECEIVE_WITH_AUTHORIZATION_TYPEHASH,
    token_authorization.CANCEL_AUTHORIZATION_TYPEHASH,
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
    # ERC-7943 before sending, ERC-1404
    token_restrictions.canSend,
    token_restrictions.canReceive,
    token_restrictions.canLeave,
    token_restrictions.canTransfer,
    token_restrictions.getFrozenTokens,
    token_restrictions.detectTransferRestriction,
    token_restrictions.messageForTransferRestriction,
    token_restrictions.accountWord,
    # the way into a vault, here because everybody who leaves or chooses pays for it
    token_redemption.escrow,
    # the registry's news
    clearance.sync,
    # birth, ERC-165
    token_admin.initialize,
    token_admin.supportsInterface,
    token_admin.policy,
    token_admin.mode,
    token_admin.registry,
    token_admin.corporateActions,
    token_admin.reserveFeed,
    token_admin.paused,
    token_admin.epoch,
    roles.accessControl,
)


interface IExtension:
    def mode() -> uint256: view
    def accessControl() -> address: view
    def registry() -> address: view
    def corporateActions() -> address: view
    def reserveFeed() -> address: view


# @notice The code that serves what this contract does not know.
EXTENSION: immutable(address)


@deploy
def __init__(
    mode: uint256, access_control: address, registry: address, actions: address, feed: address, extension: address
):
    """
    @param mode 0 NORMAL, 1 STRICT, 2 HALTED.
    @param access_control the role table.
    @param registry the ComplianceRegistry.
    @param actions the CorporateActions contract.
    @param feed the ReserveFeed.
    @param extension the StockExtension that was made with the same five.
    @dev Errors: those of the modules, "token: wrong extension".
         An implementation is born initialised, so that nobody can give it an identity of its own.
    """
    roles.__init__(access_control)
    token_storage.__init__(mode, registry, actions, feed)
    token_storage.config = token_config.INITIALISED
    other: IExtension = IExtension(extension)
    assert staticcall other.mode() == mode, "token: wrong extension"
    assert staticcall other.accessControl() == access_control, "token: wrong extension"
    assert staticcall other.registry() == registry, "token: wrong extension"
    assert staticcall other.corporateActions() == actions, "token: wrong extension"
    assert staticcall other.reserveFeed() == feed, "token: wrong extension"
    EXTENSION = extension


@external
@view
def extension() -> address:
    """
    @notice The StockExtension that serves the calls that this contract does not know.
    """
    return EXTENSION


@external
@raw_return
def __default__() -> Bytes[512]:
    """
    @notice Passes on, to the extension's code and on this stock's storage, whatever is not answered above.
    """
    return raw_call(EXTENSION, msg.data, max_outsize=512, is_delegate_call=True)
