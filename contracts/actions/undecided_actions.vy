# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title undecided_actions
@license AGPL-3.0-only
@notice When a stock is not minted. From the ex of what is announced and neither scheduled nor cancelled the market
        trades without what a unit may still carry, until somebody has decided; and from the ex of a cash dividend to
        its record, for a unit that is minted then would be paid what no share behind it is.
"""

from ..shared import multiplier_math as mm

_WORDS: constant(uint256) = 5
_FIRST: constant(uint256) = 2**192 - 1
_COUNT_SHIFT: constant(uint256) = 192
_ENTRY: constant(uint256) = 2**64 - 1
_DIVIDEND: constant(uint256) = 2**40
_RECORD_SHIFT: constant(uint256) = 41

# @dev sixteen entries of a stock, from the lowest bits, three in the first word and four in each other; none is 0. The
#      first word's highest 64 bits count the stock's records: it never falls to 0, so that an entry is no new word.
#      0..39 the ex instant, UTC seconds | 40 of what is undecided: whether it is a dividend
#      41..63 of what the book records: the record instant, seconds after the ex; 0 of what is undecided
_entries: HashMap[address, uint256[_WORDS]]


@external
@view
def announced(token: address) -> (uint256, uint256):
    """
    @notice How many actions of a stock are announced and neither scheduled nor cancelled.
    @param token the stock.
    @return (dividends, splits).
    """
    dividends: uint256 = 0
    splits: uint256 = 0
    entries: DynArray[uint256, mm.MAX_ANNOUNCED + 1] = self._list(token)
    for one: uint256 in entries:
        if one & _DIVIDEND != 0:
            dividends += 1
        elif one >> _RECORD_SHIFT == 0:
            splits += 1
    return dividends, splits


@external
@view
def isShut(token: address) -> bool:
    """
    @notice Whether a stock is past the ex of something undecided, or between the ex and the record of what the book
            records.
    @param token the stock.
    """
    entries: DynArray[uint256, mm.MAX_ANNOUNCED + 1] = self._list(token)
    for one: uint256 in entries:
        if one & mm.MAX_U40 <= block.timestamp and not self._is_over(one):
            return True
    return False


@internal
@pure
def _undecided(ex_at: uint256, is_dividend: bool) -> uint256:
    """
    @return uint256 The entry of what is announced and neither scheduled nor cancelled.
    @param ex_at UTC seconds, below 2**40.
    @param is_dividend as against a split.
    """
    return ex_at | (_DIVIDEND if is_dividend else 0)


@internal
@pure
def _between(ex_at: uint256, record_at: uint256) -> uint256:
    """
    @return uint256 The entry of what the book records.
    @param ex_at UTC seconds, below 2**40.
    @param record_at UTC seconds, at most 30 days later; from this one on it is minted again.
    """
    return ex_at | ((record_at - ex_at) << _RECORD_SHIFT)


@internal
def _change(token: address, added: uint256, gone: uint256) -> uint256:
    """
    @notice Adds an entry, or takes one away, and forgets what is past its record.
    @dev Errors: "actions: too many announced".
    @param token the stock.
    @param added an entry; 0 for none.
    @param gone an entry; 0 for none. Two alike are one another's, so it is enough that one of them goes.
    @return uint256 The earliest ex of those that stay; 0 where none does.
    """
    entries: DynArray[uint256, mm.MAX_ANNOUNCED + 1] = self._list(token)
    if added != 0:
        entries.append(added)
    left: uint256 = gone
    count: uint256 = 0
    earliest: uint256 = 0
    words: uint256[_WORDS] = empty(uint256[_WORDS])
    words[0] = self._entries[token][0] & ~_FIRST
    for one: uint256 in entries:
        if one == left:
            left = 0
        elif not self._is_over(one):
            assert count < mm.MAX_ANNOUNCED, "actions: too many announced"
            place: uint256 = count if count < 3 else count + 1
            words[place // 4] |= one << (64 * (place % 4))
            count += 1
            ex: uint256 = one & mm.MAX_U40
            if earliest == 0 or ex < earliest:
                earliest = ex
    for i: uint256 in range(_WORDS):
        # Each word but the first begins one place earlier than four a word would have it.
        if 4 * i > len(entries):
            break
        self._entries[token][i] = words[i]
    return earliest


@internal
@view
def _is_over(one: uint256) -> bool:
    """
    @dev Whether an entry of the book's is past its record.
    """
    lead: uint256 = one >> _RECORD_SHIFT
    return lead != 0 and (one & mm.MAX_U40) + lead <= block.timestamp


@internal
@view
def _list(token: address) -> DynArray[uint256, mm.MAX_ANNOUNCED + 1]:
    entries: DynArray[uint256, mm.MAX_ANNOUNCED + 1] = []
    for i: uint256 in range(_WORDS):
        word: uint256 = self._entries[token][i]
        if i == 0:
            word &= _FIRST
        for _: uint256 in range(4):
            if word == 0:
                break
            entries.append(word & _ENTRY)
            word >>= 64
        if len(entries) != 4 * i + 3:
            break
    return entries


@internal
@view
def _count(token: address) -> uint256:
    """
    @return uint256 How many records the stock has.
    """
    return self._entries[token][0] >> _COUNT_SHIFT


@internal
def _count_one(token: address) -> uint256:
    """
    @return uint256 How many records the stock had before this one.
    """
    word: uint256 = self._entries[token][0]
    self._entries[token][0] = word + (1 << _COUNT_SHIFT)
    return word >> _COUNT_SHIFT
