# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title clearance
@license AGPL-3.0-only
@notice Who may send and who may receive, from the account word alone where possible. Bad news is pushed into the word by
        the registry; good news is pulled by the stock, here, before it refuses anyone.
@dev A refresh calls out before any effect and writes a word that it read after the call, so nothing needs a lock.
"""

from . import account_word as aw
from . import lockups
from . import token_config as tc
from . import token_storage as s

uses: s
uses: lockups


@external
def sync(account: address, record: uint256):
    """
    @notice Takes the registry's bits for an account: the way bad news arrives. The registry only. Works while halted.
    @dev Error: "token: not the registry". The stock's own bits are out of the registry's reach.
    """
    assert msg.sender == s.REGISTRY.address, "token: not the registry"
    s.words[account] = (s.words[account] & ~aw.REGISTRY_BITS) | (record & aw.REGISTRY_BITS)


@internal
@view
def _is_clear(word: uint256, config: uint256) -> bool:
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
    @dev Whether the account is clear, asking the registry first if its copy says no, or always but under NORMAL: a halt
         may hide a push that is still being paged.
    """
    if s.MODE == tc.NORMAL and self._is_clear(s.words[account], config):
        return True
    return self._is_clear(self._refresh(account, config), config)


@internal
@view
def _would_be_clear(account: address, config: uint256) -> bool:
    """
    @dev What `_ensure` would answer, for views.
    """
    if s.MODE == tc.NORMAL and self._is_clear(s.words[account], config):
        return True
    return self._is_clear(self._peek(account, config), config)


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
def _would_leave(account: address, config: uint256) -> bool:
    """
    @dev What `_may_leave` would answer, for views.
    """
    word: uint256 = s.words[account]
    if s.MODE != tc.NORMAL or word & aw.STANDING_MASK != config & aw.EPOCH_MASK:
        word = self._peek(account, config)
    return word & aw.STOPPED_MASK == 0


@internal
def _is_stopped(spender: address, config: uint256) -> bool:
    """
    @dev Whether the stock's word of a spender says blocked or frozen, asked again before it is believed: news of an end
         is not pushed. Of a stranger to this stock it says neither.
    """
    word: uint256 = s.words[spender]
    if word & aw.STOPPED_MASK != 0 or (s.MODE == tc.STRICT and word & aw.ENROLLED != 0):
        word = self._refresh(spender, config)
    return word & aw.STOPPED_MASK != 0


@internal
def _count(sender: address, to: address, amount: uint256, config: uint256, binding: bool):
    """
    @dev Tells the registry of a change of balances, where it counts the holders; it refuses what the limits do not allow,
         if they are binding. It calls nobody back.
    """
    if config & tc.CAPPED != 0:
        extcall s.REGISTRY.moved(sender, to, amount, binding)


@internal
@view
def _restriction(sender: address, to: address, amount: uint256, config: uint256) -> uint256:
    """
    @dev Why `_count` would refuse a transfer, 0 if it would not, for views.
    """
    if config & tc.CAPPED == 0:
        return 0
    return staticcall s.REGISTRY.restriction(self, sender, to, amount)


@internal
def _enlist(account: address):
    """
    @dev Sees to it that the registry knows of this stock before the stock keeps anything about the account: a recovery
         visits the stocks that the registry knows.
    """
    if s.words[account] & aw.ENROLLED == 0:
        self._refresh(account, s.config)


@internal
@view
def _available(account: address, word: uint256) -> uint256:
    """
    @dev Raw units that may move: the balance less what is frozen and less what is locked up, each of which may exceed it.
         The two add up, for no unit stands for two claims: what a seizure takes of the frozen leaves the locked whole.
    """
    balance: uint256 = word & aw.BALANCE_MASK
    held: uint256 = 0
    if word & aw.PARTIAL != 0:
        held = min(balance, s.frozen_tokens[account])
    if word & aw.LOCKED != 0:
        held += lockups._locked(account)
    return balance - min(balance, held)
