# pragma version ==0.4.3
"""
@title snekmate's ERC-4626 vault as it is, over a token
@license AGPL-3.0-only
"""

from ethereum.ercs import IERC20
from snekmate.extensions import erc4626

initializes: erc4626

exports: erc4626.__interface__


@deploy
def __init__(token: address):
    erc4626.__init__("Shares", "SHR", IERC20(token), 0, "Shares", "1")
