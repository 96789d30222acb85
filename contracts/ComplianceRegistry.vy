# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title ComplianceRegistry
@license AGPL-3.0-only
@notice Who may hold: investors, their wallets, and the directory of the stocks that keep a copy of their standing.
        Who may call: COMPLIANCE keeps the register; stocks enrol accounts; the factory registers stocks; anyone continues
        a paged push. How to stop it: revoke COMPLIANCE; the register's answers go on being served.
@custom:security It calls only stocks that the factory registered, and the beacon. Every word is written before the first
                 call, so whoever is called reads the new state.
"""

from .modules import directory
from .modules import investor_register
from .modules import keys
from .modules import roles

initializes: roles
initializes: keys
initializes: directory[roles := roles]
initializes: investor_register[directory := directory, keys := keys, roles := roles]

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
    investor_register.investorOf,
    investor_register.walletsOf,
    investor_register.investorRecord,
    investor_register.isBlocked,
    investor_register.isCleared,
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


@deploy
def __init__(access_control: address):
    """
    @param access_control the role table.
    """
    roles.__init__(access_control)
