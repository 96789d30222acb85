# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title lockups
@license AGPL-3.0-only
@notice The lock-ups of an account: at most four tranches, each an amount that stays until a date. A fifth joins the one
        that ends next after it, or, if it ends last, takes the one before it along: of two that merge the later date
        counts. A tranche is locked while now < until.
@dev A tranche is one word: amount u128 | until u40. The words of an account stand in order of their dates, empty ones
     last. A tranche that has ended is dropped at the next change; the LOCKED flag of the account word goes with the
     last one, at the latest when the account next sends.
"""

from ..interfaces import IStockToken
from . import account_word as aw
from . import token_storage as s

uses: s

MAX_TRANCHES: constant(uint256) = 4
AMOUNT_MASK: constant(uint256) = 2**128 - 1
UNTIL_MASK: constant(uint256) = 2**40 - 1
UNTIL_SHIFT: constant(uint256) = 128
# @dev an index past every tranche
_NONE: constant(uint256) = 5


@internal
@view
def _locked(account: address) -> uint256:
    """
    @dev Raw units locked now; may exceed the balance. Ask only behind the LOCKED flag.
    """
    total: uint256 = 0
    for i: uint256 in range(MAX_TRANCHES):
        tranche: uint256 = s.locks[account][i]
        if block.timestamp < tranche >> UNTIL_SHIFT:
            total += tranche & AMOUNT_MASK
    return total


@internal
@view
def _tranches(account: address) -> DynArray[uint256, MAX_TRANCHES]:
    """
    @dev The tranches that have not ended, by date.
    """
    live: DynArray[uint256, MAX_TRANCHES] = []
    if s.words[account] & aw.LOCKED != 0:
        for i: uint256 in range(MAX_TRANCHES):
            tranche: uint256 = s.locks[account][i]
            if block.timestamp < tranche >> UNTIL_SHIFT:
                live.append(tranche)
    return live


@internal
def _add(account: address, amount: uint256, until: uint256):
    """
    @dev One tranche more. The amount is below 2**128, the date in the future and below 2**40.
    """
    fresh: uint256 = (until << UNTIL_SHIFT) | amount
    before: DynArray[uint256, MAX_TRANCHES] = self._tranches(account)
    tranches: DynArray[uint256, 5] = []
    at: uint256 = _NONE
    for tranche: uint256 in before:
        if at == _NONE and until <= tranche >> UNTIL_SHIFT:
            at = len(tranches)
            tranches.append(fresh)
        tranches.append(tranche)
    if at == _NONE:
        at = len(tranches)
        tranches.append(fresh)
    same_date: bool = at + 1 < len(tranches) and tranches[at + 1] >> UNTIL_SHIFT == until
    kept: DynArray[uint256, MAX_TRANCHES] = []
    # The first of two that become one.
    first: uint256 = _NONE
    if same_date or len(tranches) > MAX_TRANCHES:
        first = min(at, len(tranches) - 2)
    for i: uint256 in range(len(tranches), bound=5):
        if i == first:
            continue
        if i == first + 1:
            sum: uint256 = (tranches[first] & AMOUNT_MASK) + (tranches[i] & AMOUNT_MASK)
            kept.append(((tranches[i] >> UNTIL_SHIFT) << UNTIL_SHIFT) | min(sum, AMOUNT_MASK))
        else:
            kept.append(tranches[i])
    self._store(account, kept)


@internal
def _dig(account: address, amount: uint256):
    """
    @dev Takes `amount` out of the tranches, those that end first before the others, so that what stays locked stays so
         for longest. No more than what is locked.
    """
    left: uint256 = amount
    tranches: DynArray[uint256, MAX_TRANCHES] = self._tranches(account)
    kept: DynArray[uint256, MAX_TRANCHES] = []
    for tranche: uint256 in tranches:
        taken: uint256 = min(left, tranche & AMOUNT_MASK)
        left -= taken
        if tranche & AMOUNT_MASK != taken:
            kept.append(tranche - taken)
    self._store(account, kept)


@internal
def _move(account: address, successor: address):
    """
    @dev The successor takes over every tranche that has not ended.
    """
    tranches: DynArray[uint256, MAX_TRANCHES] = self._tranches(account)
    if len(tranches) == 0:
        return
    for tranche: uint256 in tranches:
        self._add(successor, tranche & AMOUNT_MASK, tranche >> UNTIL_SHIFT)
    self._store(account, [])


@internal
def _store(account: address, tranches: DynArray[uint256, MAX_TRANCHES]):
    """
    @dev Writes all four words, and the flag.
    """
    amounts: uint256[MAX_TRANCHES] = empty(uint256[MAX_TRANCHES])
    untils: uint256[MAX_TRANCHES] = empty(uint256[MAX_TRANCHES])
    for i: uint256 in range(MAX_TRANCHES):
        tranche: uint256 = 0
        if i < len(tranches):
            tranche = tranches[i]
        s.locks[account][i] = tranche
        amounts[i] = tranche & AMOUNT_MASK
        untils[i] = tranche >> UNTIL_SHIFT
    word: uint256 = s.words[account] & ~aw.LOCKED
    if len(tranches) != 0:
        word |= aw.LOCKED
    s.words[account] = word
    log IStockToken.LockupsChanged(account=account, amounts=amounts, untils=untils)
