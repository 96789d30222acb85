# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title reserve_surplus
@license AGPL-3.0-only
@notice How many shares nobody has a claim to: what a custodian may sell of those that were redeemed, once this chain's
        ceiling no longer counts them. It is a question of the desk's; no mint asks it.
@dev Whatever is in doubt counts against the seller: what dividends will still buy is not there, an announced dividend is
     owed as the greatest that can be struck, and of an aggregator's two readings the smaller one counts.
"""

from ..interfaces import ICorporateActions
from ..shared import multiplier_math as mm
from . import reserve_basis as split_basis
from . import reserve_book as book
from . import reserve_reading as reading

uses: book
uses: reading
uses: split_basis

@external
@view
def surplus(token: address) -> (uint256, uint256, uint256, uint256, uint256):
    """
    @notice Shares beyond what is owed here, in the basis that it names. 0 wherever a mint would find no answer to count
            on, and where an aggregator's answer may show a split that is announced and not scheduled.
    @param token the stock.
    @return (shares with 18 decimals, rounded down; how many are there, receivables apart; what is owed without announced
            dividends; the split counter of their basis; the UTC second that the latest answer is as of, 0 where there
            is none).
    """
    config: uint256 = book.books[token].config
    answer: uint256 = 0
    as_of: uint256 = 0
    answer, as_of = reading._shown(token, config)
    owed: split_basis.Owed = split_basis._owed(token)
    as_read: split_basis.Reading = empty(split_basis.Reading)
    counter: uint256 = 0
    as_read, counter = self._smaller(token, config, owed)
    here: uint256 = split_basis._liability(owed.supply, owed.index, as_read.num, as_read.den)
    dividends: uint256 = 0
    splits: uint256 = 0
    doubtful: bool = False
    if split_basis.actions != empty(address):
        dividends, splits = staticcall ICorporateActions(split_basis.actions).announced(token)
        doubtful = split_basis._is_shut(token) or (splits != 0 and not book._attested(config))
    if doubtful or as_of > block.timestamp or block.timestamp - as_of > book._max_age(config):
        return 0, 0, here, counter, as_of
    reserve: uint256 = reading._less_margin(answer, book._margin(config))
    there: uint256 = min(as_read.own, reserve - min(as_read.others, reserve))
    claimed: uint256 = here
    for _: uint256 in range(dividends, bound=mm.MAX_ANNOUNCED):
        # Below 2**128 here, so that the next product fits.
        if claimed >= there:
            break
        claimed += (claimed + mm.DIVIDEND_PART - 1) // mm.DIVIDEND_PART
    return there - min(claimed, there), there, here, counter, as_of


@internal
@view
def _smaller(token: address, config: uint256, owed: split_basis.Owed) -> (split_basis.Reading, uint256):
    """
    @return (how the latest answer counts at the least, the counter of that basis).
    """
    basis: book.Basis = book._basis(token)
    ahead: bool = False
    if book._attested(config):
        ahead = basis.step_at != 0 and book._said(token).counter == basis.counter + 1
    else:
        ahead = basis.step_at != 0 and split_basis._is_forward(basis)
    as_read: split_basis.Reading = split_basis._reading(token, config, basis, owed, ahead)
    if basis.step_at == 0:
        as_read.num = owed.num
        as_read.den = owed.den
    if ahead:
        return as_read, basis.counter + 1
    return as_read, basis.counter
