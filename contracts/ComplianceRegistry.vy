# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title ComplianceRegistry
@license AGPL-3.0-only
@notice Who may hold what: investors, their wallets, each stock's rules, and the directory of the stocks that keep a copy of
        a wallet's standing. What is seldom called stands in RegistryExtension, to which this contract passes on every call
        that it does not know: the registry is the two together.
        Who may call: COMPLIANCE keeps the register; stocks enrol accounts and report movements; the factory registers
        stocks; anyone continues a paged push; the extension's functions say for themselves. How to stop it: revoke
        COMPLIANCE; the register's answers go on being served.
@custom:security It calls only stocks that the factory registered, the beacon, and, statically and with bounded gas, the
                 sanctions oracle. Every word is written before a stock is called, so whoever is called reads the new
                 state. The extension runs on the registry's own storage: it is an immutable, made of the same modules.
"""

from .modules import directory
from .modules import holder_rules
from .modules import holder_totals
from .modules import investor_book
from .modules import investor_register
from .modules import keys
from .modules import recoveries
from .modules import roles
from .modules import sanctions

# In the order of RegistryExtension: the two share one layout.
initializes: roles
initializes: keys
initializes: sanctions[roles := roles]
initializes: directory[roles := roles, sanctions := sanctions]
initializes: holder_totals[directory := directory]
initializes: holder_rules[directory := directory, ht := holder_totals, roles := roles]
initializes: investor_book[directory := directory, holder_totals := holder_totals, sanctions := sanctions]
initializes: recoveries[directory := directory, book := investor_book, keys := keys, roles := roles]
initializes: investor_register[
    directory := directory,
    holder_totals := holder_totals,
    book := investor_book,
    keys := keys,
    recoveries := recoveries,
    roles := roles,
]

exports: (
    # the register
    investor_register.onboard,
    investor_register.linkWallet,
    investor_register.unlinkWallet,
    investor_register.renew,
    investor_register.setProfile,
    investor_register.block,
    investor_register.unblock,
    investor_register.blockWallet,
    investor_register.unblockWallet,
    investor_book.investorOf,
    investor_book.walletsOf,
    investor_book.investorRecord,
    investor_book.isBlocked,
    investor_book.isCleared,
    recoveries.successorOf,
    # holders of capped stocks
    holder_rules.moved,
    holder_rules.restriction,
    # the directory
    directory.enrol,
    directory.record,
    directory.registerToken,
    directory.setBeacon,
    directory.beacon,
    directory.stockCount,
    directory.stockAt,
    directory.tokenNumber,
    directory.isEnrolled,
    directory.unfinishedPush,
    directory.continuePush,
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
