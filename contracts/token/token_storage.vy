# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_storage
@license AGPL-3.0-only
@notice All storage of a stock, in one module, so that its layout has one place. Append only; take from `_reserved`.
@dev The immutables belong to the implementation: they change only when the timelock pins another one.
"""

from ..interfaces import IComplianceRegistry
from ..interfaces import IReserveFeed

# @dev 0 NORMAL, 1 STRICT (asks the registry on every transfer), 2 HALTED (views, sync and forced actions only).
MODE: immutable(uint256)
REGISTRY: immutable(IComplianceRegistry)
ACTIONS: immutable(address)
FEED: immutable(IReserveFeed)

# @dev see token_config
config: uint256
# @dev account → account word, see account_word
words: HashMap[address, uint256]
# @dev owner → spender → raw units
allowances: HashMap[address, HashMap[address, uint256]]
# @dev account → raw units frozen; may exceed the balance. Read only behind the PARTIAL flag.
frozen_tokens: HashMap[address, uint256]
# @dev owner → ERC-2612 nonce
nonces: HashMap[address, uint256]
# @dev uiMultiplier now u96 | pending u96 | effectiveAt u40 | generation u24, low to high
multiplier_slot: uint256
# @dev dividendIndex u96 | splitFactor num u64 | den u64, low to high; above the current one effectiveAt u32, the most if
#      it is later than that
current_pair: uint256
pending_pair: uint256
# @dev account → open case: reason u16 | document hash, both nonzero while open
case_reason: HashMap[address, uint256]
case_document: HashMap[address, bytes32]
# @dev the name at creation: the EIP-712 domain keeps it whatever the stock is called later
name: String[64]
# @dev ISIN at birth, 12 characters | symbol, up to 16, the last one lowest | its length u8 | series u24, low to high
identity: uint256
# @dev account → up to four lock-ups, see lockups. Read only behind the LOCKED flag.
locks: HashMap[address, uint256[4]]
# @dev authorizer → ERC-3009 nonce → used or cancelled
authorizations: HashMap[address, HashMap[bytes32, bool]]
_reserved: uint256[30]


@deploy
def __init__(mode: uint256, registry: address, actions: address, feed: address):
    """
    @param mode the fleet's mode that this implementation serves: 0, 1 or 2.
    @param registry the ComplianceRegistry.
    @param actions the CorporateActions contract.
    @param feed the ReserveFeed.
    """
    assert mode <= 2, "token: bad mode"
    assert registry != empty(address), "token: no registry"
    assert actions != empty(address), "token: no actions"
    assert feed != empty(address), "token: no feed"
    MODE = mode
    REGISTRY = IComplianceRegistry(registry)
    ACTIONS = actions
    FEED = IReserveFeed(feed)
