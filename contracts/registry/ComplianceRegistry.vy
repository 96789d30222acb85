# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title ComplianceRegistry
@license AGPL-3.0-only
@notice Who may hold what: investors, their wallets, each stock's rules, and which stocks have enrolled a wallet and keep a
        copy of its clearance. Their proxies ask it for their implementation. What is seldom called stands in RegistryExtension, to which this contract passes on every call
        that it does not know: the registry is the two together.
        Who may call: COMPLIANCE keeps the register; stocks enrol accounts and report movements; the factory registers
        stocks; the beacon says what they run; anyone continues a paged push; the extension's functions say for themselves. How to stop it: revoke
        COMPLIANCE; the register's answers go on being served.
@custom:security It calls only stocks that the factory registered, the beacon, and, statically and with bounded gas, the
                 sanctions oracle. Every word is written before a stock is called, so whoever is called reads the new
                 state. The extension runs on the registry's own storage: it is an immutable, made of the same modules.
"""

from ..shared import keys
from ..shared import roles
from . import enrolments
from . import holder_limits
from . import holder_limits_totals
from . import investor_records
from . import investors
from . import recovery
from . import sanctions

# In the order of RegistryExtension: the two share one layout.
initializes: roles
initializes: keys
initializes: sanctions[roles := roles]
initializes: enrolments[roles := roles, sanctions := sanctions]
initializes: holder_limits_totals[enrolments := enrolments]
initializes: holder_limits[enrolments := enrolments, ht := holder_limits_totals, roles := roles]
initializes: investor_records[enrolments := enrolments, holder_limits_totals := holder_limits_totals, sanctions := sanctions]
initializes: recovery[enrolments := enrolments, records := investor_records, keys := keys, roles := roles]
initializes: investors[
    enrolments := enrolments,
    holder_limits_totals := holder_limits_totals,
    records := investor_records,
    keys := keys,
    recovery := recovery,
    roles := roles,
]

exports: (
    # the register
    investors.onboard,
    investors.linkWallet,
    investors.unlinkWallet,
    investors.renew,
    investors.setProfile,
    investors.block,
    investors.unblock,
    investors.blockWallet,
    investors.unblockWallet,
    investor_records.investorOf,
    investor_records.walletsOf,
    investor_records.investorRecord,
    investor_records.isBlocked,
    investor_records.isCleared,
    recovery.successionOf,
    recovery.successorOf,
    # holders of capped stocks
    holder_limits.moved,
    holder_limits.restriction,
    # enrolments
    enrolments.enrol,
    enrolments.record,
    enrolments.registerToken,
    enrolments.setBeacon,
    enrolments.beacon,
    enrolments.setImplementation,
    enrolments.implementation,
    enrolments.stockCount,
    enrolments.stockAt,
    enrolments.tokenNumber,
    enrolments.isEnrolled,
    enrolments.unfinishedPush,
    enrolments.continuePush,
    keys.keyUsed,
    roles.accessControl,
)


interface IExtension:
    def accessControl() -> address: view


EXTENSION: immutable(address)


@deploy
def __init__(access_control: address, extension: address):
    """
    @param access_control the role table.
    @param extension the RegistryExtension that was made with the same role table.
    @dev Errors: "roles: zero address", "registry: wrong extension".
    """
    roles.__init__(access_control)
    assert staticcall IExtension(extension).accessControl() == access_control, "registry: wrong extension"
    EXTENSION = extension


@external
@view
def extension() -> address:
    """
    @notice The RegistryExtension that serves the calls that this contract does not know.
    """
    return EXTENSION


@external
@raw_return
def __default__() -> Bytes[512]:
    """
    @notice Passes on, to the extension's code and on the registry's storage, whatever is not answered above.
    """
    return raw_call(EXTENSION, msg.data, max_outsize=512, is_delegate_call=True)
