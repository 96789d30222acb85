# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title reserve_receivables
@license AGPL-3.0-only
@notice What scheduled dividends will still buy, and whether an announced action is past the market's ex and undecided. A
        mint that has neither to look at reads no word of this module: the config word says so.

            config  212..214 count of receivables | 215..238 from when on none of them is open any more, in steps, rounded up
                    239..253 the UTC day, 1 for the first of 2015, of the earliest ex instant of what is announced and
                    neither scheduled nor cancelled, and of cash dividends whose record is yet to come; 0 where none is
            words   0..127 the smallest supply since scheduling, raw units | 128..198 delta of the index, a wad
                    199..222 until − buy, seconds | 223..255 until, UTC seconds

        A receivable is open from scheduling to `until` (pay and grace), and counts while no answer is as of `buy`. What the
        config word says of either only spares a question: the words, and the actions, say it to the second.
@dev Only a mint raises the supply, so the smallest one is kept by mints and by what changes the slot.
"""

from ..interfaces import IReserveFeed
from ..shared import multiplier_math as mm
from ..shared import refusals
from . import reserve_book as book

uses: book

MAX_RECEIVABLES: constant(uint256) = 4
# @dev as much of a rise of the index as a word holds; what lies beyond is owed and not receivable
MAX_DELTA: constant(uint256) = 2**71 - 1
# @dev the year 2242: an `until` beyond it counts as this second
MAX_UNTIL: constant(uint256) = 2**33 - 1
_U3: constant(uint256) = 2**3 - 1
_U24: constant(uint256) = 2**24 - 1
_COUNT_SHIFT: constant(uint256) = 212
_LAST_SHIFT: constant(uint256) = 215
# @dev in config: 24 bits of steps of 512 seconds reach as far as `until`
_LAST_STEP: constant(uint256) = 9
_COUNT_AND_LAST: constant(uint256) = (2**27 - 1) << 212
_EX_SHIFT: constant(uint256) = 239
# @dev the most, of the year 2104, stands for what is later, and 1 for what is earlier: no block of any chain is
_EX_DAYS: constant(uint256) = 2**15 - 1
_EX_MASK: constant(uint256) = _EX_DAYS << _EX_SHIFT
_DAY: constant(uint256) = 86_400
_DAY_ONE: constant(uint256) = 16_435
_DELTA_SHIFT: constant(uint256) = 128
_BUY_SHIFT: constant(uint256) = 199
_UNTIL_SHIFT: constant(uint256) = 223
_DELTA_MASK: constant(uint256) = MAX_DELTA << 128


struct Open:
    words: uint256[MAX_RECEIVABLES]
    ids: bytes32[MAX_RECEIVABLES]


open: HashMap[address, Open]


# --- what a mint asks ------------------------------------------------------------------------------------------------


@internal
@view
def _near_ex(config: uint256) -> bool:
    """
    @notice Whether the day has come of the earliest ex of what is announced and neither scheduled nor cancelled, or of a
            cash dividend: then the actions say whether the stock is minted, and nobody asks them before.
    @param config a stock's config word, which the caller has read.
    """
    day: uint256 = (config >> _EX_SHIFT) & _EX_DAYS
    return day != 0 and (day + _DAY_ONE) * _DAY <= block.timestamp


@internal
@view
def _counted(
    token: address, config: uint256, supply: uint256, as_of: uint256, num: uint256, den: uint256
) -> uint256:
    """
    @notice Shares with 18 decimals that open dividends will still buy for `supply`, rounded down.
    @param token the stock.
    @param config its config word, which the caller has read.
    @param supply raw units that no mint has raised yet, below 2**128.
    @param as_of UTC second of the latest answer; 0 where there is none.
    @param num numerator of the basis.
    @param den denominator of the basis.
    """
    total: uint256 = 0
    for i: uint256 in range((config >> _COUNT_SHIFT) & _U3, bound=MAX_RECEIVABLES):
        word: uint256 = self.open[token].words[i]
        until: uint256 = word >> _UNTIL_SHIFT
        if block.timestamp < until and as_of < until - ((word >> _BUY_SHIFT) & _U24):
            # The rise per unit is at most a quarter of the multiplier; the cap only keeps the product in range.
            per_unit: uint256 = min(((word >> _DELTA_SHIFT) & MAX_DELTA) * num // den, mm.MAX_U96)
            total += min(supply, word & mm.MAX_U128) * per_unit // mm.WAD
    return total


@internal
def _keep_mark(token: address, config: uint256, supply: uint256):
    """
    @notice Keeps the supply before a mint where it is the smallest since a dividend was scheduled. Asked while one is open.
    @param token the stock.
    @param config its config word, which the caller has read.
    @param supply raw units before the mint, below 2**128.
    """
    for i: uint256 in range((config >> _COUNT_SHIFT) & _U3, bound=MAX_RECEIVABLES):
        word: uint256 = self.open[token].words[i]
        if block.timestamp < word >> _UNTIL_SHIFT and supply < word & mm.MAX_U128:
            self.open[token].words[i] = (word & ~mm.MAX_U128) | supply


@internal
@view
def _last_end(token: address, config: uint256) -> uint256:
    """
    @return uint256 When the last dividend's grace is over or was, UTC seconds; 0 where none is known.
    """
    last: uint256 = 0
    for i: uint256 in range((config >> _COUNT_SHIFT) & _U3, bound=MAX_RECEIVABLES):
        last = max(last, self.open[token].words[i] >> _UNTIL_SHIFT)
    return last


# --- what CorporateActions says --------------------------------------------------------------------------------------


@internal
def _derive(
    token: address,
    slot: DynArray[IReserveFeed.Due, MAX_RECEIVABLES],
    cancelled: bytes32,
    supply: uint256,
    index: uint256,
):
    """
    @notice Computes the receivables anew from what the slot holds now. One that is known keeps its seconds and its
            mark, and gets the delta that it has in this slot; one whose second is past is forgotten. A dividend is paid
            on shares: what the open ones before the slot are still to buy is left out of the index that it counts on.
    @dev Errors: "reserve: receivables full". None is dropped for another.
    @param token the stock.
    @param slot every dividend in the slot.
    @param cancelled the dividend that left it; zero where none did.
    @param supply raw units now.
    @param index the dividend index in force, a wad.
    """
    config: uint256 = book.books[token].config
    count: uint256 = 0
    bought: uint256 = index
    for i: uint256 in range((config >> _COUNT_SHIFT) & _U3, bound=MAX_RECEIVABLES):
        word: uint256 = self.open[token].words[i]
        id: bytes32 = self.open[token].ids[i]
        if block.timestamp >= word >> _UNTIL_SHIFT or id == cancelled:
            continue
        if count != i:
            self.open[token].words[count] = word
            self.open[token].ids[count] = id
        count += 1
        if not self._in(slot, id):
            bought -= min((word >> _DELTA_SHIFT) & MAX_DELTA, bought)
    mark: uint256 = min(supply, mm.MAX_U128)
    for due: IReserveFeed.Due in slot:
        delta: uint256 = min(min(due.delta, mm.MAX_U96) * bought // index, MAX_DELTA) << _DELTA_SHIFT
        place: uint256 = self._place(token, due.id, count)
        if place < count:
            word: uint256 = self.open[token].words[place]
            kept: uint256 = word & ~(_DELTA_MASK | mm.MAX_U128)
            self.open[token].words[place] = kept | delta | min(word & mm.MAX_U128, mark)
            continue
        refusals._demand(count < MAX_RECEIVABLES, "reserve: receivables full")
        until: uint256 = min(due.until, MAX_UNTIL)
        ahead: uint256 = min(until - min(due.buy, until), _U24)
        self.open[token].words[count] = mark | delta | (ahead << _BUY_SHIFT) | (until << _UNTIL_SHIFT)
        self.open[token].ids[count] = due.id
        count += 1
    last: uint256 = 0
    for i: uint256 in range(count, bound=MAX_RECEIVABLES):
        last = max(last, self.open[token].words[i] >> _UNTIL_SHIFT)
    kept_bits: uint256 = config & ~_COUNT_AND_LAST
    steps: uint256 = (last + 2**_LAST_STEP - 1) >> _LAST_STEP
    book.books[token].config = kept_bits | (count << _COUNT_SHIFT) | (min(steps, _U24) << _LAST_SHIFT)


@internal
def _void(token: address):
    """
    @notice Counts none of a stock's receivables any more. They stay open: until its second a dividend is known to be on
            its way.
    """
    for i: uint256 in range((book.books[token].config >> _COUNT_SHIFT) & _U3, bound=MAX_RECEIVABLES):
        self.open[token].words[i] &= ~_DELTA_MASK


@internal
def _set_ex(token: address, ex: uint256):
    """
    @param token the stock.
    @param ex the earliest ex instant of what is undecided, UTC seconds; 0 where nothing is.
    """
    day: uint256 = 0
    if ex != 0:
        day = min(max(ex // _DAY, _DAY_ONE + 1) - _DAY_ONE, _EX_DAYS)
    book.books[token].config = (book.books[token].config & ~_EX_MASK) | (day << _EX_SHIFT)


@internal
@pure
def _in(slot: DynArray[IReserveFeed.Due, MAX_RECEIVABLES], id: bytes32) -> bool:
    for due: IReserveFeed.Due in slot:
        if due.id == id:
            return True
    return False


@internal
@view
def _place(token: address, id: bytes32, count: uint256) -> uint256:
    """
    @return uint256 Where a dividend's word stands; `count` where it has none.
    """
    for i: uint256 in range(count, bound=MAX_RECEIVABLES):
        if self.open[token].ids[i] == id:
            return i
    return count
