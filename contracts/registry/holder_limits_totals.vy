# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title holder_limits_totals
@license AGPL-3.0-only
@notice What every holder of a capped stock has, and how many there are. A holder is an investor with all its wallets, or a
        wallet that has lost its investor; venues hold for others: they have totals, and are neither counted nor limited.

            limits    bits    0..127  maximum of a holder, raw units     bits 128..159  most holders
                      bits  160..191  holders now                        bits 192..223  how often counting began
                      bit        224  SEEDING
"""

from ..interfaces import IStockToken
from ..token import account_word as aw
from . import enrolments
from . import stock_word as sw
from . import wallet_word as ww

uses: enrolments

# @dev linking and unlinking a wallet visits each of them
MAX_CAPPED: constant(uint256) = 64

# @dev what `restriction` answers
FREE: constant(uint256) = 0
NOT_SEEDED: constant(uint256) = 1
TOO_MANY: constant(uint256) = 2
TOO_MUCH: constant(uint256) = 3
TOO_LITTLE: constant(uint256) = 4

U128: constant(uint256) = 2**128 - 1
U32: constant(uint256) = 2**32 - 1
MOST_SHIFT: constant(uint256) = 128
HOLDERS_SHIFT: constant(uint256) = 160
ROUND_SHIFT: constant(uint256) = 192
SEEDING: constant(uint256) = 1 << 224
_INVESTOR: constant(uint256) = 1 << 255

struct Move:
    sender: uint256
    to: uint256
    left: uint256
    got: uint256
    holders: uint256
    verdict: uint256


# @dev number → limits
limits: HashMap[uint256, uint256]
# @dev number → least that a holder may have and not be refused, raw units
minimum: HashMap[uint256, uint256]
# @dev number → raw units of accounts that seeding has not visited
unseeded: HashMap[uint256, uint256]
# @dev series, which is the number and how often counting began → holder → raw units
totals: HashMap[uint256, HashMap[uint256, uint256]]
# @dev series → account → visited
seeded: HashMap[uint256, HashMap[address, bool]]
capped: DynArray[uint256, MAX_CAPPED]


@internal
@view
def _judge(number: uint256, limits: uint256, sender: address, to: address, amount: uint256) -> Move:
    """
    @dev What a change of balances does to the totals, and why the limits would refuse it. Venues have totals and are
         neither counted nor limited.
    """
    holders: uint256 = (limits >> HOLDERS_SHIFT) & U32
    move: Move = empty(Move)
    move.holders = holders
    if limits & SEEDING != 0:
        move.verdict = NOT_SEEDED
        return move
    sender_word: uint256 = enrolments.wallets[sender]
    to_word: uint256 = enrolments.wallets[to]
    move.sender = self._holder(sender_word, sender)
    move.to = self._holder(to_word, to)
    if move.sender == move.to or amount == 0:
        return move
    series: uint256 = self._series(number, limits)
    minimum: uint256 = self.minimum[number]
    if move.sender != 0:
        held: uint256 = self.totals[series][move.sender]
        # A view may ask about more than is held.
        move.left = held - min(held, amount)
        if sender_word & aw.VENUE == 0:
            if move.left == 0 and held != 0:
                move.holders -= 1
            elif to != empty(address) and move.left < minimum:
                move.verdict = TOO_LITTLE
    if move.to != 0:
        before: uint256 = self.totals[series][move.to]
        move.got = before + min(amount, U128)
        if to_word & aw.VENUE == 0:
            if before == 0:
                move.holders += 1
            if move.got < minimum:
                move.verdict = TOO_LITTLE
            if move.got > limits & U128:
                move.verdict = TOO_MUCH
            if move.holders > max(holders, (limits >> MOST_SHIFT) & U32):
                move.verdict = TOO_MANY
    return move


@internal
@pure
def _series(number: uint256, limits: uint256) -> uint256:
    return number | ((limits >> ROUND_SHIFT) & U32) << 16


@internal
@pure
def _with_holders(limits: uint256, holders: uint256) -> uint256:
    return (limits & ~(U32 << HOLDERS_SHIFT)) | (holders << HOLDERS_SHIFT)


@internal
@pure
def _holder(word: uint256, account: address) -> uint256:
    """
    @dev The investor, or the account where it has none; 0 for the zero address.
    """
    investor: uint256 = word >> ww.INVESTOR_SHIFT
    return investor | _INVESTOR if investor != 0 else convert(account, uint256)


@internal
def _add(series: uint256, limits: uint256, word: uint256, account: address, amount: uint256) -> uint256:
    """
    @dev More for a holder; the limits word with the count that follows.
    """
    holder: uint256 = self._holder(word, account)
    total: uint256 = self.totals[series][holder]
    self.totals[series][holder] = total + amount
    if total != 0 or word & aw.VENUE != 0 or amount == 0:
        return limits
    return limits + (1 << HOLDERS_SHIFT)


@internal
def _take(series: uint256, limits: uint256, word: uint256, account: address, amount: uint256) -> uint256:
    """
    @dev Less for a holder; the limits word with the count that follows.
    """
    holder: uint256 = self._holder(word, account)
    total: uint256 = self.totals[series][holder] - amount
    self.totals[series][holder] = total
    if total != 0 or word & aw.VENUE != 0 or amount == 0:
        return limits
    return limits - (1 << HOLDERS_SHIFT)


@internal
def _rehome(wallet: address, before: uint256, after: uint256):
    """
    @dev A wallet goes from one holder to another with all that it has in capped stocks, its word from `before` to
         `after`.
    """
    for i: uint256 in range(len(self.capped), bound=MAX_CAPPED):
        number: uint256 = self.capped[i]
        if not enrolments._is_enrolled(wallet, before, number):
            continue
        limits: uint256 = self.limits[number]
        series: uint256 = self._series(number, limits)
        if limits & SEEDING != 0 and not self.seeded[series][wallet]:
            continue
        token: address = convert(enrolments.stocks[number] & sw.ADDRESS_MASK, address)
        balance: uint256 = staticcall IStockToken(token).balanceOf(wallet)
        limits = self._take(series, limits, before, wallet, balance)
        self.limits[number] = self._add(series, limits, after, wallet, balance)


@internal
def _recount(investor: uint64, is_venue: bool):
    """
    @dev An investor becomes a venue, or ceases to be one, with all that it holds.
    """
    holder: uint256 = convert(investor, uint256) | _INVESTOR
    for i: uint256 in range(len(self.capped), bound=MAX_CAPPED):
        number: uint256 = self.capped[i]
        limits: uint256 = self.limits[number]
        if self.totals[self._series(number, limits)][holder] != 0:
            if is_venue:
                self.limits[number] = limits - (1 << HOLDERS_SHIFT)
            else:
                self.limits[number] = limits + (1 << HOLDERS_SHIFT)
