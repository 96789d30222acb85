# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_recovery
@license AGPL-3.0-only
@notice A stock's part in the recovery of a lost wallet, which the registry carries out for the whole fleet.
"""

from ethereum.ercs import IERC20

from ..interfaces import IStockToken
from . import account_word as aw
from . import clearance
from . import erc_errors
from . import lockups
from . import reasons
from . import token_enforcement
from . import token_storage as s

uses: s
uses: lockups
uses: clearance
uses: token_enforcement


@external
def recover(account: address, successor: address, reason: uint16, document: bytes32):
    """
    @notice Hands everything of a lost account to its successor: balance, freezes, lock-ups, the open case. The registry
            only, whatever the state of either account, the stock or the fleet. Allowances and nonces stay behind: the
            lost account can neither send nor receive any more.
    @dev Errors, in order: "token: not the registry", "case: reason and document", ERC20InvalidReceiver,
         ERC7943CannotTransfer (to itself). Frozen and locked amounts add up, at most to the largest; a case that is
         open on the successor stays as it is. A successor that is given anything is enrolled: from here on the registry
         counts what it has.
    """
    assert msg.sender == s.REGISTRY.address, "token: not the registry"
    reasons._check(reason, document)
    if successor == empty(address):
        erc_errors._invalid_receiver(successor)
    if account == successor:
        erc_errors._cannot_transfer(account, successor, s.words[account] & aw.BALANCE_MASK)
    word: uint256 = s.words[account]
    amount: uint256 = word & aw.BALANCE_MASK
    frozen_or_held: bool = word & (aw.FROZEN | aw.HELD_MASK) != 0
    if amount != 0 or frozen_or_held or s.case_reason[account] != 0:
        clearance._refresh(successor, s.config)
        word = s.words[account]
    if word & aw.FROZEN != 0:
        s.words[successor] |= aw.FROZEN
        log IStockToken.AccountFrozen(account=successor, frozen=True, reason=reason, document=document)
    if word & aw.PARTIAL != 0:
        frozen: uint256 = s.frozen_tokens[account]
        more: uint256 = min(s.frozen_tokens[successor], max_value(uint256) - frozen)
        token_enforcement._set_frozen_tokens(account, 0)
        token_enforcement._set_frozen_tokens(successor, frozen + more)
    lockups._move(account, successor)
    self._move_case(account, successor)
    # What is left is the registry's word that the account is done with.
    s.words[account] = (word & (aw.ENROLLED | aw.VENUE | aw.EPOCH_MASK)) | aw.BLOCKED
    s.words[successor] += amount
    clearance._count(account, successor, amount, s.config, False)
    if amount != 0:
        log IERC20.Transfer(sender=account, receiver=successor, value=amount)
    log IStockToken.Recovered(
        account=account, successor=successor, amount=amount, reason=reason, document=document
    )


@internal
def _move_case(account: address, successor: address):
    reason: uint256 = s.case_reason[account]
    if reason == 0:
        return
    if s.case_reason[successor] == 0:
        document: bytes32 = s.case_document[account]
        s.case_reason[successor] = reason
        s.case_document[successor] = document
        log IStockToken.CaseOpened(account=successor, reason=convert(reason, uint16), document=document)
    s.case_reason[account] = 0
    s.case_document[account] = empty(bytes32)
    log IStockToken.CaseClosed(account=account)
