# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_multiplier
@license AGPL-3.0-only
@notice ERC-8056 over the exact pair: dividendIndex (a wad that rises) and splitFactor (a reduced fraction).
        uiMultiplier = floor(dividendIndex × num ÷ den), a wad. A scheduled change is current from its second with no
        transaction; storage follows when the next change is scheduled. Only CorporateActions writes here.
@dev The bounds, notices and the arithmetic of actions are CorporateActions'; this module keeps the number consistent.
"""

from ..interfaces import IStockToken
from . import token_config as tc
from . import token_storage as s

uses: s

WAD: constant(uint256) = 10**18
_U96: constant(uint256) = 2**96 - 1
_U64: constant(uint256) = 2**64 - 1
# @dev effectiveAt beside the current pair, for mints, which then read no other word; from 2106 on it says to look there
_U32: constant(uint256) = 2**32 - 1
_PAIR_MASK: constant(uint256) = 2**224 - 1
_U40: constant(uint256) = 2**40 - 1
_U24: constant(uint256) = 2**24 - 1
_PENDING_SHIFT: constant(uint256) = 96
_AT_SHIFT: constant(uint256) = 192
_GENERATION_SHIFT: constant(uint256) = 232
_NUM_SHIFT: constant(uint256) = 96
_DEN_SHIFT: constant(uint256) = 160
_PAIR_AT_SHIFT: constant(uint256) = 224


@external
@view
def uiMultiplier() -> uint256:
    """
    @notice UI amount of 1e18 raw units now, a wad: the number that every view, price and reserve check uses.
    """
    return self._multiplier()


@external
@view
def newUIMultiplier() -> uint256:
    """
    @notice The scheduled multiplier, a wad; equal to uiMultiplier() when nothing is pending.
    """
    slot: uint256 = s.multiplier_slot
    if self._pending_at(slot) == 0:
        return self._multiplier()
    return (slot >> _PENDING_SHIFT) & _U96


@external
@view
def effectiveAt() -> uint256:
    """
    @notice UTC second at which the scheduled multiplier becomes current; 0 when nothing is pending.
    """
    return self._pending_at(s.multiplier_slot)


@external
@view
def balanceOfUI(account: address) -> uint256:
    """
    @notice Shares that the account's raw units stand for, 18 decimals, rounded down.
    """
    return self._to_ui(s.words[account] & tc.SUPPLY_MASK)


@external
@view
def totalSupplyUI() -> uint256:
    """
    @notice Shares that all raw units stand for, 18 decimals, rounded down.
    """
    return self._to_ui(s.config & tc.SUPPLY_MASK)


@external
@view
def toUIAmount(rawAmount: uint256) -> uint256:
    """
    @notice raw × uiMultiplier ÷ 1e18, rounded down.
    @param rawAmount raw units; above 2**160 the product may overflow and revert.
    """
    return self._to_ui(rawAmount)


@external
@view
def fromUIAmount(uiAmount: uint256) -> uint256:
    """
    @notice ui × 1e18 ÷ uiMultiplier, rounded down: never more raw units than the UI amount stands for.
    @param uiAmount shares, 18 decimals; above 2**196 the product may overflow and revert.
    """
    return uiAmount * WAD // self._multiplier()


@external
@view
def multiplierTerms() -> (uint256, uint256, uint256, uint256, uint256, uint256, uint256):
    """
    @notice (dividendIndex, num, den) now, the same three as scheduled, and effectiveAt; with nothing pending the second
            three equal the first and effectiveAt is 0.
    """
    at: uint256 = self._pending_at(s.multiplier_slot)
    now: uint256 = self._pair_now()
    later: uint256 = now
    if at != 0:
        later = s.pending_pair
    return (
        now & _U96,
        (now >> _NUM_SHIFT) & _U64,
        (now >> _DEN_SHIFT) & _U64,
        later & _U96,
        (later >> _NUM_SHIFT) & _U64,
        (later >> _DEN_SHIFT) & _U64,
        at,
    )


@external
@view
def multiplierGeneration() -> uint256:
    """
    @notice How many changes have taken effect. A quote names it, so that no quote outlives the multiplier it was made for.
    """
    slot: uint256 = s.multiplier_slot
    generation: uint256 = slot >> _GENERATION_SHIFT
    if self._activated(slot):
        generation += 1
    return generation


@external
def scheduleMultiplier(index: uint256, num: uint256, den: uint256, effectiveAt: uint256):
    """
    @notice Sets the next pair. CorporateActions only. A pending change with the same effectiveAt is replaced (the caller
            has joined the two); a change that has taken effect is folded into the current pair first.
    @dev Errors: "token: not the actions", "token: effective in the past", "token: mints ended" (it would come after the stock's
         end, whose terms count the shares of a unit as they were then), "token: bad pair", "token: slot taken".
         Neither a pause nor a halt stops it: the market's split waits for no one.
    @param index dividendIndex, a wad below 2**96.
    @param num numerator of splitFactor, 1..2**64-1.
    @param den denominator, 1..2**64-1.
    @param effectiveAt UTC seconds, in the future, below 2**40.
    """
    assert msg.sender == s.ACTIONS, "token: not the actions"
    assert block.timestamp < effectiveAt and effectiveAt <= _U40, "token: effective in the past"
    assert index <= _U96 and num <= _U64 and den <= _U64 and den != 0, "token: bad pair"
    end: uint256 = (s.config & tc.END_MASK) >> tc.END_SHIFT
    assert end == 0 or effectiveAt <= end, "token: mints ended"
    multiplier: uint256 = index * num // den
    assert multiplier != 0 and multiplier <= _U96, "token: bad pair"
    slot: uint256 = s.multiplier_slot
    pending_at: uint256 = self._pending_at(slot)
    assert pending_at == 0 or pending_at == effectiveAt, "token: slot taken"
    generation: uint256 = slot >> _GENERATION_SHIFT
    current: uint256 = slot & _U96
    pair: uint256 = s.current_pair & _PAIR_MASK
    if self._activated(slot):
        current = (slot >> _PENDING_SHIFT) & _U96
        # 2**24 changes are forty thousand years of weekly dividends.
        generation = (generation + 1) & _U24
        pair = s.pending_pair
    s.current_pair = pair | (min(effectiveAt, _U32) << _PAIR_AT_SHIFT)
    s.pending_pair = index | (num << _NUM_SHIFT) | (den << _DEN_SHIFT)
    s.multiplier_slot = (
        current | (multiplier << _PENDING_SHIFT) | (effectiveAt << _AT_SHIFT) | (generation << _GENERATION_SHIFT)
    )
    log IStockToken.UIMultiplierUpdated(
        oldMultiplier=current, newMultiplier=multiplier, effectiveAtTimestamp=effectiveAt
    )


@external
def cancelMultiplier():
    """
    @notice Drops the pending change, strictly before its second. CorporateActions only. Works while halted.
    @dev Errors: "token: not the actions", "token: nothing pending".
    """
    assert msg.sender == s.ACTIONS, "token: not the actions"
    slot: uint256 = s.multiplier_slot
    at: uint256 = self._pending_at(slot)
    assert at != 0, "token: nothing pending"
    s.multiplier_slot = (slot & _U96) | ((slot >> _GENERATION_SHIFT) << _GENERATION_SHIFT)
    s.pending_pair = 0
    s.current_pair &= _PAIR_MASK
    log IStockToken.UIMultiplierCancelled(
        cancelledMultiplier=(slot >> _PENDING_SHIFT) & _U96, effectiveAtTimestamp=at
    )
    # The standard has no word for it: what stays is what comes at that second, for whoever reads its event alone.
    log IStockToken.UIMultiplierUpdated(
        oldMultiplier=slot & _U96, newMultiplier=slot & _U96, effectiveAtTimestamp=at
    )


@internal
def _start():
    """
    @dev The multiplier of a new stock: 1, from the pair (1, 1/1).
    """
    s.multiplier_slot = WAD
    s.current_pair = WAD | (1 << _NUM_SHIFT) | (1 << _DEN_SHIFT)


@internal
@view
def _activated(slot: uint256) -> bool:
    at: uint256 = (slot >> _AT_SHIFT) & _U40
    return at != 0 and at <= block.timestamp


@internal
@view
def _pending_at(slot: uint256) -> uint256:
    at: uint256 = (slot >> _AT_SHIFT) & _U40
    if at <= block.timestamp:
        return 0
    return at


@internal
@view
def _multiplier() -> uint256:
    slot: uint256 = s.multiplier_slot
    if self._activated(slot):
        return (slot >> _PENDING_SHIFT) & _U96
    return slot & _U96


@internal
@view
def _to_ui(raw: uint256) -> uint256:
    return raw * self._multiplier() // WAD


@internal
@view
def _pair_now() -> uint256:
    if self._activated(s.multiplier_slot):
        return s.pending_pair
    return s.current_pair


@internal
@view
def _reserve_terms() -> (uint256, uint256, uint256):
    """
    @dev What a mint is checked against: the split factor in force and the higher of the current and the pending index,
         for a scheduled dividend is already owed.
    """
    now: uint256 = s.current_pair
    index: uint256 = now & _U96
    at: uint256 = now >> _PAIR_AT_SHIFT
    if at == _U32:
        at = (s.multiplier_slot >> _AT_SHIFT) & _U40
    if at != 0:
        later: uint256 = s.pending_pair
        if at <= block.timestamp:
            now = later
            index = later & _U96
        else:
            index = max(index, later & _U96)
    return index, (now >> _NUM_SHIFT) & _U64, (now >> _DEN_SHIFT) & _U64
