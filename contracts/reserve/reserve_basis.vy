# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title reserve_basis
@license AGPL-3.0-only
@notice The split basis that a reserve is stated in. When a split takes effect the custodian's count changes at a moment
        of its own; until a newer answer shows the change, nobody knows which basis an answer is in, and mints are
        refused.
@dev The first split not yet confirmed is found backwards: from the stock's factor now, splits are undone until the
     basis is met.
"""

from ..interfaces import ICorporateActions
from ..interfaces import IReserveFeed
from ..interfaces import IStockToken
from ..shared import multiplier_math as mm
from ..shared import roles
from . import reserve_book as book
from . import reserve_reading as reading

uses: book
uses: roles

# @dev |new − expected| ≤ expected ÷ 50
_BAND: constant(uint256) = 50
# @dev splits that one confirmation looks back at; beyond that the admin adopts the basis
_MAX_STEPS: constant(uint256) = 32

# @notice the CorporateActions contract, whose record of splits and dividends the feed follows; set once
actions: public(address)


@external
def setActions(actions: address):
    """
    @notice Names the CorporateActions, once. Admin only.
    @dev Errors: "roles: not authorised", "reserve: actions are set", "reserve: zero address".
    @param actions the contract.
    """
    roles._check(roles.ADMIN)
    assert self.actions == empty(address), "reserve: actions are set"
    assert actions != empty(address), "reserve: zero address"
    self._set_actions(actions)


@external
def confirmBasis(token: address, oldRound: uint256, newRound: uint256):
    """
    @notice Adopts the stock's split factor as the basis because two rounds of the oracle show the change: the last one
            from before the first unconfirmed split, and one from after the last effective split within 2 % of old × num
            ÷ den. The ceiling is scaled along. Anyone.
    @dev Errors, in order: "reserve: not configured", "reserve: basis is current", "reserve: no path to basis" (the
         record of splits does not lead there: setBasis), "reserve: wrong old round", "reserve: wrong new round",
         "reserve: future answer", "reserve: bad answer", "reserve: outside the band".
    @param token the stock.
    @param oldRound the last round with updatedAt before the first unconfirmed split's effectiveAt.
    @param newRound a later round with updatedAt not before the last effective split's effectiveAt.
    """
    assert book._configured(token), "reserve: not configured"
    num: uint256 = 0
    den: uint256 = 0
    num, den = self._split(token)
    basis_num: uint256 = 0
    basis_den: uint256 = 0
    ceiling: uint256 = 0
    basis_num, basis_den, ceiling = book._basis(book.books[token].basis)
    assert num != basis_num or den != basis_den, "reserve: basis is current"
    first: uint256 = 0
    last: uint256 = 0
    first, last = self._unconfirmed(token, num, den, basis_num, basis_den)
    old: uint256 = 0
    new: uint256 = 0
    old, new = self._rounds(token, oldRound, newRound, first, last)
    # Both sides of new ÷ old = (num ÷ den) ÷ basis, multiplied out: u128 × u64 × u64, and no rounding but the band's.
    expected: uint256 = old * (num * basis_den)
    shown: uint256 = new * (den * basis_num)
    apart: uint256 = max(expected, shown) - min(expected, shown)
    assert apart <= expected // _BAND, "reserve: outside the band"
    ceiling = self._adopt(token, num, den)
    log IReserveFeed.BasisConfirmed(
        token=token, num=num, den=den, oldRound=oldRound, newRound=newRound, ceiling=ceiling
    )


@external
def setBasis(token: address):
    """
    @notice Adopts the stock's split factor as the basis without asking the oracle, after people have looked: rounds are
            missing, or the reserve moved by more than the band for a good reason. The ceiling is scaled along. Admin
            only.
    @dev Errors: "roles: not authorised", "reserve: not configured".
    @param token the stock.
    """
    roles._check(roles.ADMIN)
    assert book._configured(token), "reserve: not configured"
    num: uint256 = 0
    den: uint256 = 0
    num, den = self._split(token)
    ceiling: uint256 = self._adopt(token, num, den)
    log IReserveFeed.BasisSet(token=token, num=num, den=den, ceiling=ceiling)


@external
@view
def basis(token: address) -> (uint256, uint256):
    """
    @notice The split factor that the reserve is known to be stated in.
    @param token the stock; one that is not configured reads 1/1.
    @return (num, den), reduced.
    """
    num: uint256 = 0
    den: uint256 = 0
    ceiling: uint256 = 0
    num, den, ceiling = book._basis(book.books[token].basis)
    return num, den


@internal
def _set_actions(actions: address):
    self.actions = actions
    log IReserveFeed.ActionsSet(actions=actions)


@internal
@view
def _split(token: address) -> (uint256, uint256):
    """
    @return (num, den) of the stock now.
    """
    terms: (uint256, uint256, uint256, uint256, uint256, uint256, uint256) = staticcall IStockToken(
        token
    ).multiplierTerms()
    return terms[1], terms[2]


@internal
def _adopt(token: address, num: uint256, den: uint256) -> uint256:
    """
    @return uint256 The ceiling in the new basis, rounded down.
    """
    old_num: uint256 = 0
    old_den: uint256 = 0
    ceiling: uint256 = 0
    old_num, old_den, ceiling = book._basis(book.books[token].basis)
    # u128 × (u64 × u64) fits 256 bits.
    ceiling = min(ceiling * (num * old_den) // (den * old_num), mm.MAX_U128)
    book._write_basis(token, num, den, ceiling)
    return ceiling


@internal
@view
def _unconfirmed(
    token: address, num: uint256, den: uint256, basis_num: uint256, basis_den: uint256
) -> (uint256, uint256):
    """
    @return (effectiveAt of the first split after the basis, effectiveAt of the last effective split).
    """
    record: ICorporateActions = ICorporateActions(self.actions)
    count: uint256 = staticcall record.splitCount(token)
    n: uint256 = num
    d: uint256 = den
    last: uint256 = 0
    for i: uint256 in range(min(count, _MAX_STEPS), bound=_MAX_STEPS):
        effective_at: uint256 = 0
        new: uint256 = 0
        old: uint256 = 0
        effective_at, new, old = staticcall record.splitAt(token, count - 1 - i)
        if block.timestamp < effective_at:
            continue
        if last == 0:
            last = effective_at
        n, d = mm._reduce(n * old, d * new)
        if n == basis_num and d == basis_den:
            return effective_at, last
        if max(n, d) > mm.MAX_U64:
            break
    raise "reserve: no path to basis"


@internal
@view
def _rounds(
    token: address, oldRound: uint256, newRound: uint256, first: uint256, last: uint256
) -> (uint256, uint256):
    """
    @return (old answer, new answer), both usable.
    """
    oracle: address = book._settings(book.books[token].config)[0]
    ok: bool = False
    old: int256 = 0
    at: uint256 = 0
    ok, old, at = reading._round(oracle, oldRound)
    assert ok and at < first, "reserve: wrong old round"
    following: int256 = 0
    ok, following, at = reading._round(oracle, oldRound + 1)
    assert ok and at >= first, "reserve: wrong old round"
    assert newRound > oldRound, "reserve: wrong new round"
    new: int256 = 0
    ok, new, at = reading._round(oracle, newRound)
    assert ok and at >= last, "reserve: wrong new round"
    assert at <= block.timestamp, "reserve: future answer"
    assert reading._usable(old) and reading._usable(new), "reserve: bad answer"
    return convert(old, uint256), convert(new, uint256)
