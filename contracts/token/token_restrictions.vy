# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_restrictions
@license AGPL-3.0-only
@notice Before sending: whether a transfer would pass (ERC-7943) and why it would not (ERC-1404). None of these reverts.
@dev The codes follow the order in which a transfer refuses, and each names what the transfer would be refused for.
"""

from . import account_word as aw
from . import clearance
from . import token_config as tc
from . import token_storage as s

uses: s
uses: clearance

UNRESTRICTED: constant(uint8) = 0
FLEET_HALTED: constant(uint8) = 1
STOCK_PAUSED: constant(uint8) = 2
ZERO_SENDER: constant(uint8) = 3
ZERO_RECEIVER: constant(uint8) = 4
SENDER_FROZEN: constant(uint8) = 5
SENDER_BLOCKED: constant(uint8) = 6
SENDER_NOT_CLEARED: constant(uint8) = 7
RECEIVER_FROZEN: constant(uint8) = 8
RECEIVER_BLOCKED: constant(uint8) = 9
RECEIVER_NOT_CLEARED: constant(uint8) = 10
BALANCE_TOO_SMALL: constant(uint8) = 11
UNITS_FROZEN: constant(uint8) = 12
UNITS_LOCKED: constant(uint8) = 13
HOLDERS_NOT_COUNTED: constant(uint8) = 14
TOO_MANY_HOLDERS: constant(uint8) = 15
ABOVE_MAXIMUM: constant(uint8) = 16
BELOW_MINIMUM: constant(uint8) = 17


@external
@view
def canSend(account: address) -> bool:
    """
    @notice ERC-7943: whether the account may send: it is cleared, and neither blocked nor frozen. Never reverts. A pause and
            a halt speak in canTransfer alone.
    """
    return self._can_hold(account)


@external
@view
def canReceive(account: address) -> bool:
    """
    @notice ERC-7943: whether the account may receive, as canSend; where it is false forcedTransfer reverts, too.
    """
    return self._can_hold(account)


@external
@view
def canLeave(account: address) -> bool:
    """
    @notice Whether neither a block nor a freeze keeps the account from redeeming; its clearance does not count. Never
            reverts. A pause and a halt speak in canEscrow alone.
    """
    return account != empty(address) and clearance._would_leave(account, s.config)


@external
@view
def canTransfer(sender: address, to: address, amount: uint256) -> bool:
    """
    @notice ERC-7943: false means that the transfer would revert; true and amount ≤ balance means that it would succeed.
            Never reverts; false while paused or halted. The balance itself and allowances are not looked at.
    """
    if s.MODE == tc.HALTED or s.config & tc.PAUSED != 0:
        return False
    if not (self._can_hold(sender) and self._can_hold(to)):
        return False
    word: uint256 = s.words[sender]
    if word & aw.HELD_MASK != 0 and amount > clearance._available(sender, word):
        return False
    return clearance._restriction(sender, to, amount, s.config) == 0


@external
@view
def detectTransferRestriction(sender: address, to: address, amount: uint256) -> uint8:
    """
    @notice ERC-1404: why a transfer by `sender` would be refused now, 0 if it would pass; the balance is looked at,
            allowances are not.
    @return a code that messageForTransferRestriction explains.
    """
    if s.MODE == tc.HALTED:
        return FLEET_HALTED
    config: uint256 = s.config
    if config & tc.PAUSED != 0:
        return STOCK_PAUSED
    if sender == empty(address):
        return ZERO_SENDER
    if to == empty(address):
        return ZERO_RECEIVER
    fault: uint8 = self._fault(sender, config)
    if fault != 0:
        return SENDER_FROZEN + fault - 1
    fault = self._fault(to, config)
    if fault != 0:
        return RECEIVER_FROZEN + fault - 1
    word: uint256 = s.words[sender]
    if word & aw.BALANCE_MASK < amount:
        return BALANCE_TOO_SMALL
    if clearance._available(sender, word & ~aw.LOCKED) < amount:
        return UNITS_FROZEN
    if clearance._available(sender, word) < amount:
        return UNITS_LOCKED
    limits: uint256 = clearance._restriction(sender, to, amount, config)
    if limits != 0:
        # The registry's reasons, from "not counted" on, in its order.
        return HOLDERS_NOT_COUNTED + convert(limits - 1, uint8)
    return UNRESTRICTED


@external
@pure
def messageForTransferRestriction(code: uint8) -> String[24]:
    """
    @notice ERC-1404: a code in words.
    """
    if code == UNRESTRICTED:
        return "no restriction"
    if code == FLEET_HALTED:
        return "fleet halted"
    if code == STOCK_PAUSED:
        return "stock paused"
    if code == ZERO_SENDER:
        return "sender is zero"
    if code == ZERO_RECEIVER:
        return "receiver is zero"
    if code == SENDER_FROZEN:
        return "sender frozen"
    if code == SENDER_BLOCKED:
        return "sender blocked"
    if code == SENDER_NOT_CLEARED:
        return "sender not cleared"
    if code == RECEIVER_FROZEN:
        return "receiver frozen"
    if code == RECEIVER_BLOCKED:
        return "receiver blocked"
    if code == RECEIVER_NOT_CLEARED:
        return "receiver not cleared"
    if code == BALANCE_TOO_SMALL:
        return "balance too small"
    if code == UNITS_FROZEN:
        return "units frozen"
    if code == UNITS_LOCKED:
        return "units locked up"
    if code == HOLDERS_NOT_COUNTED:
        return "holders not counted"
    if code == TOO_MANY_HOLDERS:
        return "too many holders"
    if code == ABOVE_MAXIMUM:
        return "above the maximum"
    if code == BELOW_MINIMUM:
        return "below the minimum"
    return "unknown code"


@external
@view
def getFrozenTokens(account: address) -> uint256:
    """
    @notice ERC-7943: raw units frozen; may exceed the balance. Lock-ups are apart: see lockedTokens.
    """
    return s.frozen_tokens[account]


@external
@view
def accountWord(account: address) -> uint256:
    """
    @notice The account's storage word as it stands (see the module account_word).
    """
    return s.words[account]


@internal
@view
def _can_hold(account: address) -> bool:
    return account != empty(address) and clearance._would_be_clear(account, s.config)


@internal
@view
def _fault(account: address, config: uint256) -> uint8:
    """
    @dev What keeps an account from sending and receiving: 0 nothing, 1 frozen, 2 blocked, 3 not cleared.
    """
    if clearance._would_be_clear(account, config):
        return 0
    word: uint256 = clearance._peek(account, config)
    if word & aw.FROZEN != 0:
        return 1
    if word & aw.BLOCKED != 0:
        return 2
    return 3
