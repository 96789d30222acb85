# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_admin
@license AGPL-3.0-only
@notice A stock's birth, its pause, its epoch, and what interfaces it answers to.
"""

from ..interfaces import IStockToken
from ..shared import roles
from . import account_word as aw
from . import token_config as tc
from . import token_multiplier
from . import token_storage as s

uses: s
uses: roles
uses: token_multiplier

MAX_SERIES: constant(uint256) = 2**24 - 1

# @dev ERC-165, ERC-20 and its metadata, ERC-2612, ERC-3009, ERC-5267, ERC-1404, ERC-7943 fungible, ERC-8056: multiplier,
#      schedule, conversion, balances
_INTERFACES: constant(bytes4[12]) = [
    0x01ffc9a7, 0x36372b07, 0xa219a025, 0x9d8ff7da, 0xbff533ba, 0x84b0196e, 0xab84a5c8, 0x3edbb4c4,
    0xa60bf13d, 0x4bd27648, 0x57854fc3, 0xd890fd71,
]


@external
def initialize(name: String[64], symbol: String[16], isin: String[12], series: uint256, policy: uint256):
    """
    @notice Gives a new proxy its identity. The factory only, once, in the transaction that creates the proxy.
    @dev Errors: "roles: not authorised", "token: initialised", "token: bad policy",
         "token: bad isin" (not 12 characters), "token: bad series" (0, or 2**24 and above).
    @param isin ISO 6166, 12 characters; with the series it names the stock for ever, whatever its ISIN becomes.
    @param series which stock of that ISIN it is, from 1.
    @param policy 0 ALLOWLIST (only cleared accounts hold), 1 BLOCKLIST (everyone but blocked accounts holds).
    """
    roles._check(roles.FACTORY)
    assert s.config == 0, "token: initialised"
    assert policy <= tc.BLOCKLIST_POLICY, "token: bad policy"
    assert len(isin) == 12, "token: bad isin"
    assert series != 0 and series <= MAX_SERIES, "token: bad series"
    config: uint256 = tc.INITIALISED | aw.EPOCH_UNIT
    if policy == tc.BLOCKLIST_POLICY:
        config |= tc.BLOCKLIST
    s.config = config
    s.name = name
    s.identity = (
        convert(convert(isin, Bytes[12]), uint256)
        | (convert(convert(symbol, Bytes[16]), uint256) << 96)
        | (len(symbol) << 224)
        | (series << 232)
    )
    token_multiplier._start()


@external
@view
def policy() -> uint256:
    """
    @notice 0 ALLOWLIST, 1 BLOCKLIST.
    """
    if s.config & tc.BLOCKLIST != 0:
        return tc.BLOCKLIST_POLICY
    return tc.ALLOWLIST_POLICY


@external
@view
def mode() -> uint256:
    """
    @notice The fleet's mode as this implementation serves it: 0 NORMAL, 1 STRICT, 2 HALTED.
    """
    return s.MODE


@external
@view
def registry() -> address:
    """
    @notice The ComplianceRegistry.
    """
    return s.REGISTRY.address


@external
@view
def corporateActions() -> address:
    """
    @notice The only contract that changes the multiplier.
    """
    return s.ACTIONS


@external
@view
def reserveFeed() -> address:
    """
    @notice The contract that every mint asks.
    """
    return s.FEED.address


@external
@view
def paused() -> bool:
    """
    @notice Whether this stock is paused.
    """
    return s.config & tc.PAUSED != 0


@external
@view
def epoch() -> uint256:
    """
    @notice The epoch that an account word must carry to be taken at its word.
    """
    return (s.config & aw.EPOCH_MASK) >> aw.EPOCH_SHIFT


@external
@view
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice ERC-165.
    """
    return interface_id in _INTERFACES


@external
def pause():
    """
    @notice Stops transfers, mints and redemptions of this stock; forced actions go on. PAUSER only.
    @dev Errors: "roles: not authorised", "token: halted", "token: paused".
    """
    roles._check(roles.PAUSER)
    assert s.MODE != tc.HALTED, "token: halted"
    assert s.config & tc.PAUSED == 0, "token: paused"
    s.config |= tc.PAUSED
    log IStockToken.Paused(account=msg.sender)


@external
def unpause():
    """
    @notice Ends the pause. UNPAUSER only: who can stop the stock cannot start it.
    @dev Errors: "roles: not authorised", "token: halted", "token: not paused".
    """
    roles._check(roles.UNPAUSER)
    assert s.MODE != tc.HALTED, "token: halted"
    assert s.config & tc.PAUSED != 0, "token: not paused"
    s.config &= ~tc.PAUSED
    log IStockToken.Unpaused(account=msg.sender)


@external
def setCapped(capped: bool):
    """
    @notice Whether the registry counts this stock's holders: then every change of a balance is told to it. The registry
            only, in any mode.
    @dev Error: "token: not the registry".
    """
    assert msg.sender == s.REGISTRY.address, "token: not the registry"
    if capped:
        s.config |= tc.CAPPED
    else:
        s.config &= ~tc.CAPPED


@external
@view
def capped() -> bool:
    """
    @notice Whether the registry counts this stock's holders.
    """
    return s.config & tc.CAPPED != 0


@external
def bumpEpoch():
    """
    @notice Makes every account word stale at once: each account is asked about anew at its next touch. The timelock, and
            the registry, which calls it when the stock's rules change, in a halt too.
    @dev Errors: "roles: not authorised", "token: halted", "token: last epoch".
    """
    if msg.sender != s.REGISTRY.address:
        roles._check(roles.ADMIN)
        assert s.MODE != tc.HALTED, "token: halted"
    config: uint256 = s.config
    assert config & aw.EPOCH_MASK != aw.EPOCH_MASK, "token: last epoch"
    s.config = config + aw.EPOCH_UNIT
    log IStockToken.EpochBumped(epoch=((config + aw.EPOCH_UNIT) & aw.EPOCH_MASK) >> aw.EPOCH_SHIFT)
