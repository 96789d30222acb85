# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title StubPricedStock
@license AGPL-3.0-only
@notice A stock, the registry that knows it and the actions that change it, as far as a price feed asks: a multiplier that
        anyone sets, and that takes effect by the clock alone.
"""

accessControl: public(address)
unknown: bool
notices: uint256[4]
_index: uint256
_next: uint256
_at: uint256
_generation: uint256


@deploy
def __init__(access: address):
    self.accessControl = access
    self._index = 10**18
    self.notices = [7_200, 86_400, 3_600, 86_400]


@external
def setUnknown(unknown: bool):
    self.unknown = unknown


@external
def setNotice(kind: uint256, seconds: uint256):
    self.notices[kind] = seconds


@external
def schedule(index: uint256, at: uint256):
    self._fold()
    self._next = index
    self._at = at


@external
def cancel():
    self._fold()
    self._at = 0


@external
@view
def tokenNumber(token: address) -> uint256:
    if self.unknown:
        return 0
    return 1


@external
@view
def noticeOf(kind: uint256) -> uint256:
    return self.notices[kind]


@external
@view
def multiplierTerms() -> uint256[7]:
    index: uint256 = self._index
    later: uint256 = self._next
    at: uint256 = self._at
    if at != 0 and at <= block.timestamp:
        index = later
        at = 0
    if at == 0:
        later = index
    return [index, 1, 1, later, 1, 1, at]


@external
@view
def multiplierGeneration() -> uint256:
    if self._at != 0 and self._at <= block.timestamp:
        return self._generation + 1
    return self._generation


@internal
def _fold():
    if self._at != 0 and self._at <= block.timestamp:
        self._index = self._next
        self._generation += 1
        self._at = 0
