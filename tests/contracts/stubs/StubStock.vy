# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title StubStock
@license AGPL-3.0-only
@notice A stock whose factors and supply are whatever a test says, and which asks the feed about itself.
"""

interface IFeed:
    def check(before: uint256, supply: uint256, index: uint256, num: uint256, den: uint256) -> bool: nonpayable


isin: public(String[12])
series: public(uint256)
totalSupply: public(uint256)
_terms: uint256[7]
_feed: IFeed


@deploy
def __init__(feed: address, isin: String[12]):
    self._feed = IFeed(feed)
    self.isin = isin
    self.series = 1
    self._terms = [10**18, 1, 1, 10**18, 1, 1, 0]


@external
def set_supply(supply: uint256):
    self.totalSupply = supply


@external
def set_terms(terms: uint256[7]):
    self._terms = terms


@external
@view
def multiplierTerms() -> (uint256, uint256, uint256, uint256, uint256, uint256, uint256):
    """
    @notice As a real one answers: what is pending becomes current at its second.
    """
    t: uint256[7] = self._terms
    if t[6] != 0 and block.timestamp >= t[6]:
        return t[3], t[4], t[5], t[3], t[4], t[5], 0
    return t[0], t[1], t[2], t[3], t[4], t[5], t[6]


@external
def scheduleMultiplier(index: uint256, num: uint256, den: uint256, effective_at: uint256):
    t: uint256[7] = self._terms
    if t[6] != 0 and block.timestamp >= t[6]:
        self._terms = [t[3], t[4], t[5], index, num, den, effective_at]
    else:
        self._terms = [t[0], t[1], t[2], index, num, den, effective_at]


@external
def cancelMultiplier():
    t: uint256[7] = self._terms
    self._terms = [t[0], t[1], t[2], t[0], t[1], t[2], 0]


@external
def ask(supply: uint256, index: uint256, num: uint256, den: uint256) -> bool:
    """
    @notice As a mint asks that takes the supply to `supply`.
    """
    return extcall self._feed.check(min(self.totalSupply, supply), supply, index, num, den)
