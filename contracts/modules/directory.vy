# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title directory
@license AGPL-3.0-only
@notice Which stocks keep a copy of which wallet's standing, and the pushing of bad news to all of them. The invariant: a
        copy that a stock acts on is never more permissive than the register.
@dev A push that does not fit one transaction is paged. From its first page to its last the fleet runs STRICT, where no
     stock believes its copy. Stock numbers are given once and never reused.
"""

from ..interfaces import IComplianceRegistry
from ..interfaces import IStockBeacon
from ..interfaces import IStockToken
from . import account_word as aw
from . import roles
from . import wallet_word as ww

uses: roles

# @dev about 12,500 gas a stock, and 250 for each that eight wallets pass over: at worst a page stays under the 2**24 gas
#      that EIP-7825 lets a transaction use
PAGE: constant(uint256) = 500
MAX_STOCKS: constant(uint256) = 4096

# @dev wallet → wallet word, see wallet_word
wallets: HashMap[address, uint256]
# @dev wallet → (number - 128) // 256 → bitmap, for the stocks past the first 128
_more: HashMap[address, HashMap[uint256, uint256]]
_stocks: HashMap[uint256, address]
# @dev stock → its number + 1
_numbers: HashMap[address, uint256]
_count: uint256
# @dev wallet → next stock number + 1 of an unfinished push; 0 when none
_cursors: HashMap[address, uint256]
_unfinished: uint256
_beacon: IStockBeacon


@external
def enrol(account: address) -> uint256:
    """
    @notice Hands a stock the registry's bits for `account` and remembers that it holds a copy. Registered stocks only.
    @dev Error: "registry: not a stock".
    @return the bits cleared_until, BLOCKED, ENROLLED, VENUE in account-word positions.
    """
    number: uint256 = self._numbers[msg.sender]
    assert number != 0, "registry: not a stock"
    number -= 1
    word: uint256 = self.wallets[account]
    if number < ww.DIRECT_STOCKS:
        bit: uint256 = 1 << number
        if word & bit == 0:
            self.wallets[account] = word | bit
    else:
        slot: uint256 = (number - ww.DIRECT_STOCKS) // 256
        bit: uint256 = 1 << ((number - ww.DIRECT_STOCKS) % 256)
        bits: uint256 = self._more[account][slot]
        if bits & bit == 0:
            self._more[account][slot] = bits | bit
    return self._bits(word)


@external
@view
def record(account: address) -> uint256:
    """
    @notice The bits that `enrol` would hand out for `account`, for views.
    """
    return self._bits(self.wallets[account])


@external
def registerToken(token: address) -> uint256:
    """
    @notice Gives a stock its number. FACTORY only.
    @dev Errors: "roles: not authorised", "registry: zero address", "registry: stock known", "registry: too many stocks".
    """
    roles._check(roles.FACTORY)
    assert token != empty(address), "registry: zero address"
    assert self._numbers[token] == 0, "registry: stock known"
    number: uint256 = self._count
    assert number < MAX_STOCKS, "registry: too many stocks"
    self._stocks[number] = token
    self._numbers[token] = number + 1
    self._count = number + 1
    log IComplianceRegistry.StockRegistered(token=token, number=number + 1)
    return number + 1


@external
def setBeacon(beacon: address):
    """
    @notice Names the fleet's beacon, once. The timelock (at deployment, the deployer) only.
    @dev Errors: "roles: not authorised", "registry: zero address", "registry: beacon is set".
    """
    roles._check(roles.ADMIN)
    assert beacon != empty(address), "registry: zero address"
    assert self._beacon.address == empty(address), "registry: beacon is set"
    self._beacon = IStockBeacon(beacon)


@external
@view
def beacon() -> address:
    """
    @notice The fleet's beacon.
    """
    return self._beacon.address


@external
@view
def stockCount() -> uint256:
    """
    @notice How many stocks are registered.
    """
    return self._count


@external
@view
def stockAt(number: uint256) -> address:
    """
    @notice The stock with this number, counted from 1; the zero address if there is none.
    """
    if number == 0:
        return empty(address)
    return self._stocks[number - 1]


@external
@view
def tokenNumber(token: address) -> uint256:
    """
    @notice The stock's number, counted from 1; 0 if the factory did not make it.
    """
    return self._numbers[token]


@external
@view
def isEnrolled(account: address, number: uint256) -> bool:
    """
    @notice Whether stock `number`, counted from 1, keeps a copy of the account's standing.
    """
    return number != 0 and self._is_enrolled(account, self.wallets[account], number - 1)


@external
@view
def unfinishedPush(wallet: address) -> uint256:
    """
    @notice The number of the next stock that a paged push will visit; 0 when none is under way.
    """
    return self._cursors[wallet]


@external
def continuePush(wallet: address):
    """
    @notice Sends the next page of an unfinished push. Anyone: it only makes the copies agree with the register.
    @dev Error: "registry: nothing to push".
    """
    assert self._cursors[wallet] != 0, "registry: nothing to push"
    self._push(wallet, self._cursors[wallet] - 1, PAGE)


@internal
@pure
def _bits(word: uint256) -> uint256:
    return (word & aw.REGISTRY_BITS) | aw.ENROLLED


@internal
@view
def _is_enrolled(account: address, word: uint256, number: uint256) -> bool:
    if number < ww.DIRECT_STOCKS:
        return (word >> number) & 1 == 1
    past: uint256 = number - ww.DIRECT_STOCKS
    return (self._more[account][past // 256] >> (past % 256)) & 1 == 1


@internal
def _push_all(wallets: DynArray[address, 8]):
    """
    @dev Sends each wallet's bits to every stock that keeps a copy: the first page now, the rest under STRICT.
    """
    budget: uint256 = PAGE
    for wallet: address in wallets:
        budget = self._push(wallet, 0, budget)


@internal
def _push(wallet: address, start: uint256, budget: uint256) -> uint256:
    """
    @dev Visits the stocks from `start` on, at most `budget` of them, and returns what is left of the budget. The wallet's
         word is in place before the first call, and a stock's `sync` calls nobody.
    """
    left: uint256 = budget
    word: uint256 = self.wallets[wallet]
    bits: uint256 = self._bits(word)
    more: uint256 = 0
    for number: uint256 in range(start, self._count, bound=MAX_STOCKS):
        held: bool = False
        if number < ww.DIRECT_STOCKS:
            held = (word >> number) & 1 == 1
        else:
            past: uint256 = number - ww.DIRECT_STOCKS
            if past % 256 == 0 or number == start:
                more = self._more[wallet][past // 256]
            held = (more >> (past % 256)) & 1 == 1
        if held:
            if left == 0:
                self._defer(wallet, number)
                return 0
            left -= 1
            extcall IStockToken(self._stocks[number]).sync(wallet, bits)
    if self._cursors[wallet] != 0:
        self._cursors[wallet] = 0
        self._unfinished -= 1
        if self._unfinished == 0:
            extcall self._beacon.exitStrict()
    return left


@internal
def _defer(wallet: address, number: uint256):
    """
    @dev Leaves the rest of a push for `continuePush`; the fleet is STRICT from here until nothing is left.
    """
    if self._cursors[wallet] == 0:
        if self._unfinished == 0:
            assert self._beacon.address != empty(address), "registry: no beacon"
            extcall self._beacon.enterStrict()
        self._unfinished += 1
    self._cursors[wallet] = number + 1
    log IComplianceRegistry.PushPaged(wallet=wallet, next_number=number + 1)
