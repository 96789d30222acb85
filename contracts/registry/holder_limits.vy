# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title holder_limits
@license AGPL-3.0-only
@notice How many may hold a stock, and how much one of them may hold, for the stocks that ask for it.
@dev A capped stock tells `moved` of every change of a balance, after its own checks; other stocks do not call at all.
     Transfers and mints may be refused. Redemptions, forced transfers, recoveries and what the issuer records about
     wallets are counted and never refused, so a stock may come to have more holders than its cap; then nobody new enters.
"""

from ..interfaces import IComplianceRegistry
from ..interfaces import IStockToken
from ..shared import roles
from ..token import token_config as tc
from . import enrolments
from . import holder_limits_totals as ht
from . import stock_word as sw

uses: enrolments
uses: ht
uses: roles


@external
def setHolderLimits(token: address, most: uint256, maximum: uint256, minimum: uint256):
    """
    @notice Limits a stock's holders; counting begins with the first call, at once while nothing is issued, else by
            seeding. The timelock, or COMPLIANCE for limits that are nowhere looser than the present ones.
    @dev Errors, in order: "roles: not authorised", "registry: not a stock", "rules: not an allowlist", "holders: bad limits"
         (too large, all 0, or a minimum above the maximum), "rules: would loosen", "holders: not paused" and
         "holders: too many stocks" (when counting begins).
    @param token the stock.
    @param most how many may hold, 0 for any number.
    @param maximum raw units of one holder, 0 for any amount.
    @param minimum a transfer or mint leaves no holder with less, but 0; 0 for none. Redemptions do not ask.
    """
    is_admin: bool = roles._has(roles.ADMIN, msg.sender)
    if not is_admin:
        roles._check(roles.COMPLIANCE)
    number: uint256 = enrolments._number_of(token)
    assert staticcall IStockToken(token).policy() == tc.ALLOWLIST_POLICY, "rules: not an allowlist"
    assert most < ht.U32 and maximum < ht.U128 and (most | maximum | minimum) != 0, "holders: bad limits"
    limit: uint256 = maximum if maximum != 0 else ht.U128
    cap: uint256 = most if most != 0 else ht.U32
    assert minimum <= limit, "holders: bad limits"
    limits: uint256 = ht.limits[number]
    if enrolments.numbers[token] >> sw.NUMBER_FLAGS & sw.CAPPED == 0:
        limits = self._begin(token, number, limits)
    elif not is_admin:
        loosens: bool = limit > limits & ht.U128 or cap > (limits >> ht.MOST_SHIFT) & ht.U32
        assert not loosens and minimum >= ht.minimum[number], "rules: would loosen"
    ht.limits[number] = (limits >> ht.HOLDERS_SHIFT << ht.HOLDERS_SHIFT) | (cap << ht.MOST_SHIFT) | limit
    ht.minimum[number] = minimum
    log IComplianceRegistry.HolderLimitsSet(token=token, most=most, maximum=maximum, minimum=minimum)


@external
def removeHolderLimits(token: address):
    """
    @notice Ends the counting of a stock's holders. The timelock only.
    @dev Errors: "roles: not authorised", "registry: not a stock", "holders: not counted".
    """
    roles._check(roles.ADMIN)
    number: uint256 = enrolments._number_of(token)
    flags: uint256 = self._check_capped(token)
    last: uint256 = ht.capped.pop()
    for i: uint256 in range(len(ht.capped), bound=ht.MAX_CAPPED):
        if ht.capped[i] == number:
            ht.capped[i] = last
    ht.limits[number] &= ht.U32 << ht.ROUND_SHIFT
    ht.minimum[number] = 0
    ht.unseeded[number] = 0
    enrolments._set_flags(token, number, flags & ~sw.CAPPED)
    extcall IStockToken(token).setCapped(False)
    log IComplianceRegistry.HolderLimitsRemoved(token=token)


@external
def seedHolders(token: address, accounts: DynArray[address, 200]):
    """
    @notice Counts holders of a stock that had some when its limits came; it ends when what is counted is the supply.
            Anyone, while the stock is paused: what is counted is the stock's own word.
    @dev Errors: "registry: not a stock", "holders: not counted", "holders: not seeding", "holders: not paused". Accounts
         already counted are passed over.
    """
    number: uint256 = enrolments._number_of(token)
    self._check_capped(token)
    limits: uint256 = ht.limits[number]
    assert limits & ht.SEEDING != 0, "holders: not seeding"
    assert staticcall IStockToken(token).paused(), "holders: not paused"
    series: uint256 = ht._series(number, limits)
    left: uint256 = ht.unseeded[number]
    for account: address in accounts:
        if ht.seeded[series][account]:
            continue
        ht.seeded[series][account] = True
        balance: uint256 = staticcall IStockToken(token).balanceOf(account)
        if balance != 0:
            left -= balance
            limits = ht._add(series, limits, enrolments.wallets[account], account, balance)
    self._close_page(token, number, limits, left)


@external
def moved(sender: address, to: address, amount: uint256, binding: bool):
    """
    @notice Counts a change of balances of the calling stock, which has made its own checks. Capped stocks only.
    @dev Errors: "holders: not counted"; where `binding`: "holders: not seeded", "holders: too many",
         "holders: above the maximum", "holders: below the minimum".
    @param sender who has less now, the zero address in a mint.
    @param to who has more now, the zero address in a redemption.
    @param binding whether the limits may refuse it.
    """
    entry: uint256 = enrolments.numbers[msg.sender]
    assert entry >> sw.NUMBER_FLAGS & sw.CAPPED != 0, "holders: not counted"
    number: uint256 = (entry & sw.NUMBER_MASK) - 1
    limits: uint256 = ht.limits[number]
    move: ht.Move = ht._judge(number, limits, sender, to, amount)
    if binding:
        assert move.verdict != ht.NOT_SEEDED, "holders: not seeded"
        assert move.verdict != ht.TOO_MANY, "holders: too many"
        assert move.verdict != ht.TOO_MUCH, "holders: above the maximum"
        assert move.verdict != ht.TOO_LITTLE, "holders: below the minimum"
    series: uint256 = ht._series(number, limits)
    if limits & ht.SEEDING != 0:
        left: uint256 = ht.unseeded[number]
        if sender == empty(address) or ht.seeded[series][sender]:
            left += amount
        if to == empty(address) or ht.seeded[series][to]:
            left -= amount
        if sender != empty(address) and ht.seeded[series][sender]:
            limits = ht._take(series, limits, enrolments.wallets[sender], sender, amount)
        if to != empty(address) and ht.seeded[series][to]:
            limits = ht._add(series, limits, enrolments.wallets[to], to, amount)
        self._close_page(msg.sender, number, limits, left)
        return
    if move.sender == move.to or amount == 0:
        return
    if move.sender != 0:
        ht.totals[series][move.sender] = move.left
    if move.to != 0:
        ht.totals[series][move.to] = move.got
    if move.holders != (limits >> ht.HOLDERS_SHIFT) & ht.U32:
        ht.limits[number] = ht._with_holders(limits, move.holders)


@external
@view
def restriction(token: address, sender: address, to: address, amount: uint256) -> uint256:
    """
    @notice Why the limits would refuse a transfer (or, from the zero address, a mint) now: 0 they would not, 1 the holders
            are not all counted yet, 2 too many holders, 3 above the maximum, 4 below the minimum. A stock without limits
            answers 0.
    """
    entry: uint256 = enrolments.numbers[token]
    if entry >> sw.NUMBER_FLAGS & sw.CAPPED == 0:
        return ht.FREE
    number: uint256 = (entry & sw.NUMBER_MASK) - 1
    return ht._judge(number, ht.limits[number], sender, to, amount).verdict


@external
@view
def holderLimits(token: address) -> (uint256, uint256, uint256):
    """
    @notice (most holders, maximum, minimum) of a stock, as setHolderLimits takes them; zeros where there are none.
    @dev Error: "registry: not a stock".
    """
    number: uint256 = enrolments._number_of(token)
    limits: uint256 = ht.limits[number]
    most: uint256 = (limits >> ht.MOST_SHIFT) & ht.U32
    maximum: uint256 = limits & ht.U128
    return (
        most if most != ht.U32 else 0,
        maximum if maximum != ht.U128 else 0,
        ht.minimum[number],
    )


@external
@view
def holderCount(token: address) -> (uint256, uint256):
    """
    @notice (holders that are counted, raw units that seeding has not visited yet). Seeding is over when that is 0.
    @dev Error: "registry: not a stock".
    """
    number: uint256 = enrolments._number_of(token)
    return (ht.limits[number] >> ht.HOLDERS_SHIFT) & ht.U32, ht.unseeded[number]


@external
@view
def heldWith(token: address, wallet: address) -> uint256:
    """
    @notice Raw units of a capped stock that the wallet's investor holds with all its wallets, or the wallet has alone
            where it has none.
    @dev Error: "registry: not a stock".
    """
    number: uint256 = enrolments._number_of(token)
    series: uint256 = ht._series(number, ht.limits[number])
    return ht.totals[series][ht._holder(enrolments.wallets[wallet], wallet)]


@internal
def _begin(token: address, number: uint256, limits: uint256) -> uint256:
    """
    @dev Turns counting on; what was counted in an earlier round is out of reach in the next.
    """
    supply: uint256 = staticcall IStockToken(token).totalSupply()
    assert supply == 0 or staticcall IStockToken(token).paused(), "holders: not paused"
    assert len(ht.capped) < ht.MAX_CAPPED, "holders: too many stocks"
    ht.capped.append(number)
    ht.unseeded[number] = supply
    flags: uint256 = enrolments.numbers[token] >> sw.NUMBER_FLAGS
    enrolments._set_flags(token, number, flags | sw.CAPPED)
    extcall IStockToken(token).setCapped(True)
    begun: uint256 = ((limits >> ht.ROUND_SHIFT) + 1) << ht.ROUND_SHIFT
    return begun if supply == 0 else begun | ht.SEEDING


@internal
@view
def _check_capped(token: address) -> uint256:
    flags: uint256 = enrolments.numbers[token] >> sw.NUMBER_FLAGS
    assert flags & sw.CAPPED != 0, "holders: not counted"
    return flags


@internal
def _close_page(token: address, number: uint256, limits: uint256, left: uint256):
    ht.unseeded[number] = left
    ht.limits[number] = limits if left != 0 else limits & ~ht.SEEDING
    log IComplianceRegistry.HoldersSeeded(token=token, left=left)
