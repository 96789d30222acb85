# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title StubBook
@license AGPL-3.0-only
@notice A book of actions that answers about each what a test has set.
"""

struct Times:
    token: address
    code: String[4]
    status: uint256
    recordAt: uint256
    deadline: uint256


accessControl: public(address)
_times: HashMap[bytes32, Times]


@deploy
def __init__(access_control: address):
    self.accessControl = access_control


@external
def set(id: bytes32, times: Times):
    self._times[id] = times


@external
@view
def timesOf(id: bytes32) -> (address, String[4], uint256, uint256, uint256):
    times: Times = self._times[id]
    return times.token, times.code, times.status, times.recordAt, times.deadline
