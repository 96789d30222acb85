# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title standing
@license AGPL-3.0-only
@notice Who may send and who may receive, from the account word alone where possible. Bad news is pushed into the word by
        the registry; good news is pulled by the stock, here, before it refuses anyone.
@dev A refresh calls out before any effect and writes a word that it read after the call, so nothing needs a lock.
"""

from . import account_word as aw
from . import token_config as tc
from . import token_storage as s

uses: s


@internal
@view
def _stands(word: uint256, config: uint256) -> bool:
    """
    @dev Whether a word passes as it is: this epoch, neither blocked nor frozen, and cleared where the policy asks.
    """
    if word & aw.STANDING_MASK != config & aw.EPOCH_MASK:
        return False
    if config & tc.BLOCKLIST != 0:
        return True
    return block.timestamp < (word >> aw.CLEARED_SHIFT) & aw.CLEARED_MASK


@internal
def _refresh(account: address, config: uint256) -> uint256:
    """
    @dev Fetches the registry's bits, stores them with the current epoch and returns the new word.
    """
    record: uint256 = extcall s.REGISTRY.enrol(account)
    word: uint256 = s.words[account]
    word &= ~(aw.REGISTRY_BITS | aw.EPOCH_MASK)
    word |= (record & aw.REGISTRY_BITS) | (config & aw.EPOCH_MASK)
    s.words[account] = word
    return word


@internal
@view
def _peek(account: address, config: uint256) -> uint256:
    """
    @dev The word as a refresh would leave it, without writing it.
    """
    word: uint256 = s.words[account] & ~(aw.REGISTRY_BITS | aw.EPOCH_MASK)
    record: uint256 = staticcall s.REGISTRY.record(account)
    return word | (record & aw.REGISTRY_BITS) | (config & aw.EPOCH_MASK)


@internal
def _ensure(account: address, config: uint256) -> bool:
    """
    @dev Whether the account stands, asking the registry first if its copy says no, or always but under NORMAL: a halt
         may hide a push that is still being paged.
    """
    if s.MODE == tc.NORMAL and self._stands(s.words[account], config):
        return True
    return self._stands(self._refresh(account, config), config)


@internal
@view
def _would_stand(account: address, config: uint256) -> bool:
    """
    @dev What `_ensure` would answer, for views.
    """
    if s.MODE == tc.NORMAL and self._stands(s.words[account], config):
        return True
    return self._stands(self._peek(account, config), config)


@internal
def _may_leave(account: address, config: uint256) -> bool:
    """
    @dev Whether the account may redeem: only a block or a freeze refuses that, never a lapsed clearance. A block is
         pushed, so under NORMAL the word of an account of this epoch is enough.
    """
    word: uint256 = s.words[account]
    if s.MODE != tc.NORMAL or word & aw.STANDING_MASK != config & aw.EPOCH_MASK:
        word = self._refresh(account, config)
    return word & aw.STOPPED_MASK == 0


@internal
@view
def _unfrozen(account: address, word: uint256) -> uint256:
    """
    @dev Raw units that may move: the balance less the frozen amount, which may exceed it.
    """
    balance: uint256 = word & aw.BALANCE_MASK
    if word & aw.PARTIAL == 0:
        return balance
    frozen: uint256 = s.frozen_tokens[account]
    return balance - min(balance, frozen)
