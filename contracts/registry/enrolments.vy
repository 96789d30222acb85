# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title enrolments
@license AGPL-3.0-only
@notice Which stocks have enrolled which wallet, that is, keep a copy of its clearance, and the pushing of bad news to all of
        them. The invariant: a copy that a stock acts on is never more permissive than the register.
@dev A push that does not fit one transaction is paged. From its first page to its last the fleet runs STRICT, where no
     stock believes its copy. Stock numbers are given once and never reused.
"""

from ..interfaces import IComplianceRegistry
from ..interfaces import IStockBeacon
from ..interfaces import IStockToken
from ..shared import roles
from ..token import account_word as aw
from . import sanctions
from . import stock_word as sw
from . import wallet_word as ww

uses: roles
uses: sanctions

# @dev at worst (eight wallets, rules of the country in every stock, 64 stocks that count their holders) a first page takes
#      11.7 million of the 2**24 gas that EIP-7825 lets a transaction use
PAGE: constant(uint256) = 500
MAX_STOCKS: constant(uint256) = 4096
_DIRECTORY_WORDS: constant(uint256) = 17

# @dev wallet → wallet word, see wallet_word
wallets: HashMap[address, uint256]
# @dev wallet → (number - 128) // 256 → bitmap, for the stocks past the first 128
_more: HashMap[address, HashMap[uint256, uint256]]
# @dev number → stock word, and stock → number word, see stock_word
stocks: HashMap[uint256, uint256]
numbers: HashMap[address, uint256]
# @dev number → a bit for each country that may hold; read only behind the COUNTRIES flag
countries: HashMap[uint256, uint256[4]]
_count: uint256
# @dev wallet → next stock number + 1 of an unfinished push; 0 when none
_cursors: HashMap[address, uint256]
_unfinished: uint256
_beacon: IStockBeacon
# @dev what `_beacon` says that stocks run
_implementation: address


@external
def enrol(account: address) -> uint256:
    """
    @notice Hands a stock the registry's bits for `account` and remembers that it holds a copy. Registered stocks only.
    @dev Error: "registry: not a stock". An address without an investor that the sanctions oracle does not call clean when a
         stock first meets it is handed out as blocked and not remembered, so that it is asked about anew.
    @return the bits cleared_until, BLOCKED, ENROLLED, VENUE in account-word positions, under the stock's own rules.
    """
    entry: uint256 = self.numbers[msg.sender]
    assert entry != 0, "registry: not a stock"
    number: uint256 = unsafe_sub(entry & sw.NUMBER_MASK, 1)
    word: uint256 = self.wallets[account]
    if number < ww.DIRECT_STOCKS:
        bit: uint256 = 1 << number
        if word & bit == 0:
            if word >> ww.INVESTOR_SHIFT == 0 and self._is_suspect(account, word):
                return aw.BLOCKED
            self.wallets[account] = word | bit
    else:
        slot: uint256 = (number - ww.DIRECT_STOCKS) // 256
        bit: uint256 = 1 << ((number - ww.DIRECT_STOCKS) % 256)
        bits: uint256 = self._more[account][slot]
        if bits & bit == 0:
            if self._is_suspect(account, word):
                return aw.BLOCKED
            self._more[account][slot] = bits | bit
    flags: uint256 = entry >> sw.NUMBER_FLAGS
    if flags & sw.RULED == 0:
        return (word & aw.REGISTRY_BITS) | aw.ENROLLED
    return self._bits(word, number, flags)


@external
@view
def record(account: address) -> uint256:
    """
    @notice The bits that `enrol` would hand the caller for `account`, for views. Who is no stock has no rules and keeps no
            copy.
    """
    entry: uint256 = self.numbers[msg.sender]
    word: uint256 = self.wallets[account]
    number: uint256 = max(entry & sw.NUMBER_MASK, 1) - 1
    if (entry == 0 or not self._is_enrolled(account, word, number)) and self._is_suspect(account, word):
        return aw.BLOCKED
    return self._bits(word, number, entry >> sw.NUMBER_FLAGS)


@external
def registerToken(token: address) -> uint256:
    """
    @notice Gives a stock its number. FACTORY only.
    @dev Errors: "roles: not authorised", "registry: zero address", "registry: stock known", "registry: too many stocks".
    """
    roles._check(roles.FACTORY)
    assert token != empty(address), "registry: zero address"
    assert self.numbers[token] == 0, "registry: stock known"
    number: uint256 = self._count
    assert number < MAX_STOCKS, "registry: too many stocks"
    self.stocks[number] = convert(token, uint256)
    self.numbers[token] = number + 1
    self._count = number + 1
    log IComplianceRegistry.StockRegistered(token=token, number=number + 1)
    return number + 1


@external
def setBeacon(beacon: address):
    """
    @notice Names the fleet's beacon, whose orders the stocks follow from here on, once. The timelock (at deployment, the
            deployer) only.
    @dev Errors: "roles: not authorised", "registry: zero address", "registry: beacon is set", "registry: bad beacon" (no
         contract, or one that takes orders from another registry or another role table).
    """
    roles._check(roles.ADMIN)
    assert beacon != empty(address), "registry: zero address"
    assert self._beacon.address == empty(address), "registry: beacon is set"
    assert beacon.is_contract and staticcall IStockBeacon(beacon).registry() == self, "registry: bad beacon"
    assert staticcall IStockBeacon(beacon).accessControl() == roles.ROLES.address, "registry: bad beacon"
    self._beacon = IStockBeacon(beacon)
    self._implementation = staticcall IStockBeacon(beacon).implementation()


@external
def setImplementation(implementation: address):
    """
    @notice Has every stock run another implementation from here on. The beacon only.
    @dev Error: "registry: not the beacon".
    """
    assert msg.sender == self._beacon.address, "registry: not the beacon"
    self._implementation = implementation


@external
@view
def implementation() -> address:
    """
    @notice What every stock runs, as the beacon last said; the zero address before it is named. Proxies ask it here, as of
            a beacon of ERC-1967: a first transfer comes here in any case, and pays for one contract less.
    """
    return self._implementation


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
    return convert(self.stocks[number - 1] & sw.ADDRESS_MASK, address)


@external
@view
def tokenNumber(token: address) -> uint256:
    """
    @notice The stock's number, counted from 1; 0 if the factory did not make it.
    """
    return self.numbers[token] & sw.NUMBER_MASK


@external
@view
def isEnrolled(account: address, number: uint256) -> bool:
    """
    @notice Whether stock `number`, counted from 1, keeps a copy of the account's clearance.
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
@view
def _is_suspect(account: address, word: uint256) -> bool:
    """
    @dev Whether an address is to be kept out on the sanctions oracle's word, or for want of it. Wallets of investors were
         looked up when they were recorded.
    """
    return word >> ww.INVESTOR_SHIFT == 0 and sanctions._ask(account) != sanctions.CLEAN


@internal
@view
def _bits(word: uint256, number: uint256, flags: uint256) -> uint256:
    """
    @dev A wallet's bits as stock `number` may have them: no clearance where the stock's rules shut the wallet out. It can
         redeem, as one that has lapsed can.
    """
    bits: uint256 = (word & aw.REGISTRY_BITS) | aw.ENROLLED
    if flags & sw.RULED != 0 and not self._permits(word, number, flags):
        bits &= ~(aw.CLEARED_MASK << aw.CLEARED_SHIFT)
    return bits


@internal
@view
def _permits(word: uint256, number: uint256, flags: uint256) -> bool:
    investor_class: uint256 = (word >> ww.WALLET_CLASS_SHIFT) & ww.WALLET_CLASS_MASK
    if flags & sw.CLASSES != 0 and ((flags & sw.CLASSES_MASK) >> investor_class) & 1 == 0:
        return False
    if flags & sw.COUNTRIES == 0:
        return True
    country: uint256 = (word >> ww.COUNTRY_SHIFT) & ww.WALLET_COUNTRY_MASK
    return (self.countries[number][country // 256] >> (country % 256)) & 1 == 1


@internal
@view
def _is_cleared(bits: uint256) -> bool:
    return bits & aw.BLOCKED == 0 and block.timestamp < (bits >> aw.CLEARED_SHIFT) & aw.CLEARED_MASK


@internal
@view
def _number_of(token: address) -> uint256:
    """
    @dev The stock's number, counted from 0. Error: "registry: not a stock".
    """
    entry: uint256 = self.numbers[token]
    assert entry != 0, "registry: not a stock"
    return (entry & sw.NUMBER_MASK) - 1


@internal
def _set_flags(token: address, number: uint256, flags: uint256):
    self.numbers[token] = (number + 1) | (flags << sw.NUMBER_FLAGS)
    self.stocks[number] = convert(token, uint256) | (flags << sw.STOCK_FLAGS)


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
    # A stock's place is its number and 128: the first 128 stocks fill the upper half of word 0, and the others the words
    # after it. What is left of a word is passed over as soon as it is zero.
    first: uint256 = start + ww.DIRECT_STOCKS
    last: uint256 = self._count + ww.DIRECT_STOCKS - 1
    for at: uint256 in range(first // 256, last // 256 + 1, bound=_DIRECTORY_WORDS):
        held: uint256 = self._more[wallet][at - 1] if at != 0 else word << ww.DIRECT_STOCKS
        begin: uint256 = max(first, at * 256)
        held >>= begin % 256
        for place: uint256 in range(begin, at * 256 + 256, bound=256):
            if held == 0:
                break
            if held & 1 == 1:
                number: uint256 = place - ww.DIRECT_STOCKS
                if left == 0:
                    self._defer(wallet, number)
                    return 0
                left -= 1
                stock: uint256 = self.stocks[number]
                bits: uint256 = self._bits(word, number, stock >> sw.STOCK_FLAGS)
                extcall IStockToken(convert(stock & sw.ADDRESS_MASK, address)).sync(wallet, bits)
            held >>= 1
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
