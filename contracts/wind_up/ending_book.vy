# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title ending_book
@license AGPL-3.0-only
@notice How each stock ends: one record a stock, what its units come to, and what is parked for whom.
"""

from ..interfaces import IWindUp

# @dev status
OPENED: constant(uint256) = 1
ARMED: constant(uint256) = 2
CLOSED: constant(uint256) = 3


struct Parked:
    cash: uint256
    stock: uint256


_endings: HashMap[address, IWindUp.Ending]
# @dev stock → account → what it was not paid
_parked: HashMap[address, HashMap[address, Parked]]


@external
@view
def ending(token: address) -> IWindUp.Ending:
    """
    @notice All that is recorded of a stock's end; zeros where there is none.
    @param token the stock.
    """
    return self._endings[token]


@external
@view
def due(token: address, units: uint256) -> (uint256, uint256):
    """
    @notice What raw units of a stock are redeemed for once its end is armed, each rounded down; zeros before.
    @param token the stock.
    @param units raw units, at most those at arming: of more the product may overflow and revert.
    @return (base units of the coin, raw units of the other stock).
    """
    return self._due(token, units)


@external
@view
def parkedOf(token: address, account: address) -> (uint256, uint256):
    """
    @notice What was burned for and is not paid: base units of the coin, raw units of the other stock.
    @param token the stock that ended.
    @param account whose units they were.
    """
    return self._parked[token][account].cash, self._parked[token][account].stock


@internal
@view
def _due(token: address, units: uint256) -> (uint256, uint256):
    cash: uint256 = 0
    stock: uint256 = 0
    if self._endings[token].status >= ARMED:
        if self._endings[token].coin != empty(address):
            cash = units * self._endings[token].cashNum // self._endings[token].cashDen
        if self._endings[token].other != empty(address):
            stock = units * self._endings[token].stockNum // self._endings[token].stockDen
    return cash, stock


@internal
def _park(token: address, account: address, cash: uint256, stock: uint256):
    if cash != 0:
        self._parked[token][account].cash += cash
        self._endings[token].cashParked += cash
    if stock != 0:
        self._parked[token][account].stock += stock
        self._endings[token].stockParked += stock
    if cash != 0 or stock != 0:
        log IWindUp.EndParked(token=token, account=account, cash=cash, stock=stock)


@internal
def _unpark(token: address, account: address) -> (uint256, uint256):
    parked: Parked = self._parked[token][account]
    self._parked[token][account] = empty(Parked)
    self._endings[token].cashParked -= parked.cash
    self._endings[token].stockParked -= parked.stock
    return parked.cash, parked.stock
