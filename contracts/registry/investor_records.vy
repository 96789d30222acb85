# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title investor_records
@license AGPL-3.0-only
@notice What is recorded about investors and their wallets, at most 8 each, and the only writers of it: whatever is recorded
        here is in the wallets' words, in the stocks' totals and on its way to the stocks, together.
@dev An investor's number is the issuer's, derived from its own reference; what the reference says about a person stays
     off the chain.
"""

from ..interfaces import IComplianceRegistry
from ..token import account_word as aw
from . import enrolments
from . import holder_limits_totals
from . import sanctions
from . import wallet_word as ww

uses: enrolments
uses: holder_limits_totals
uses: sanctions

struct Entry:
    investor: uint64
    wallet: address
    country: uint16
    investor_class: uint8
    expiry: uint256


# @dev investor number → investor word, see wallet_word
investors: HashMap[uint64, uint256]
# @dev investor number → the wallets after the first
_others: HashMap[uint64, address[7]]


@external
@view
def investorOf(wallet: address) -> uint64:
    """
    @notice The wallet's investor number; 0 for none.
    """
    return convert(enrolments.wallets[wallet] >> ww.INVESTOR_SHIFT, uint64)


@external
@view
def walletsOf(investor: uint64) -> DynArray[address, 8]:
    """
    @notice The investor's wallets.
    """
    return self._wallets(investor)


@external
@view
def investorRecord(investor: uint64) -> (bool, bool, uint16, uint8, uint256):
    """
    @notice (known, blocked, country, class, expiry).
    """
    word: uint256 = self.investors[investor]
    return (
        word & ww.KNOWN != 0,
        word & ww.INVESTOR_BLOCKED != 0,
        convert((word >> ww.INVESTOR_COUNTRY_SHIFT) & ww.COUNTRY_MASK, uint16),
        convert((word >> ww.CLASS_SHIFT) & ww.CLASS_MASK, uint8),
        (word >> ww.EXPIRY_SHIFT) & ww.EXPIRY_MASK,
    )


@external
@view
def isBlocked(wallet: address) -> bool:
    """
    @notice Whether the wallet, or its investor, is blocked.
    """
    return enrolments.wallets[wallet] & aw.BLOCKED != 0


@external
@view
def isCleared(wallet: address) -> bool:
    """
    @notice Whether the wallet may hold an ALLOWLIST stock now: known, not blocked, now < expiry.
    """
    return enrolments._is_cleared(enrolments.wallets[wallet])


@internal
def _record(entry: Entry):
    """
    @dev A new investor with its first wallet. Errors, in order: "registry: bad investor" (0), "registry: wallet known",
         "registry: investor known", "registry: zero address", "registry: bad expiry" (0 or ≥ 2**40),
         "registry: bad country" (not 1 to 999), "registry: bad class" (not 1 to 4), "registry: wallet blocked",
         "sanctions: listed", "sanctions: no answer".
    """
    assert entry.investor != 0, "registry: bad investor"
    self._check_stranger(entry.wallet)
    assert self.investors[entry.investor] == 0, "registry: investor known"
    assert entry.wallet != empty(address), "registry: zero address"
    assert entry.expiry != 0 and entry.expiry <= ww.EXPIRY_MASK, "registry: bad expiry"
    self._check_profile(entry.country, entry.investor_class)
    investor: uint256 = (
        convert(entry.wallet, uint256)
        | (entry.expiry << ww.EXPIRY_SHIFT)
        | ww.KNOWN
        | (convert(entry.investor_class, uint256) << ww.CLASS_SHIFT)
        | (convert(entry.country, uint256) << ww.INVESTOR_COUNTRY_SHIFT)
        | ww.COUNT_UNIT
    )
    self._check_attachable(entry.wallet)
    self.investors[entry.investor] = investor
    self._attach(entry.investor, entry.wallet, investor)
    log IComplianceRegistry.InvestorOnboarded(
        investor=entry.investor,
        wallet=entry.wallet,
        country=entry.country,
        investor_class=entry.investor_class,
        expiry=entry.expiry,
    )


@internal
@pure
def _check_profile(country: uint16, investor_class: uint8):
    assert country != 0 and country <= ww.MAX_COUNTRY, "registry: bad country"
    assert investor_class != 0 and investor_class <= ww.VENUE_CLASS, "registry: bad class"


@internal
@view
def _check_stranger(wallet: address):
    assert enrolments.wallets[wallet] >> ww.INVESTOR_SHIFT == 0, "registry: wallet known"


@internal
@view
def _check_attachable(wallet: address):
    """
    @dev Errors: "registry: wallet blocked", "sanctions: listed", "sanctions: no answer".
    """
    assert enrolments.wallets[wallet] & aw.BLOCKED == 0, "registry: wallet blocked"
    sanctions._check_clean(wallet)


@internal
@view
def _known(investor: uint64) -> uint256:
    """
    @dev The investor's word. Error: "registry: unknown investor".
    """
    word: uint256 = self.investors[investor]
    assert word != 0, "registry: unknown investor"
    return word


@internal
@pure
def _check_reason(reason: uint16, document: bytes32):
    assert reason != 0 and document != empty(bytes32), "registry: reason and document"


@internal
@view
def _position(investor: uint64, wallet: address) -> uint256:
    """
    @dev Where the wallet stands among its investor's. Error: "registry: unknown wallet" (not this investor's).
    """
    wallets: DynArray[address, 8] = self._wallets(investor)
    for i: uint256 in range(len(wallets), bound=8):
        if wallets[i] == wallet:
            return i
    raise "registry: unknown wallet"


@internal
def _log_updated(investor: uint64):
    word: uint256 = self.investors[investor]
    log IComplianceRegistry.InvestorUpdated(
        investor=investor,
        country=convert((word >> ww.INVESTOR_COUNTRY_SHIFT) & ww.COUNTRY_MASK, uint16),
        investor_class=convert((word >> ww.CLASS_SHIFT) & ww.CLASS_MASK, uint8),
        expiry=(word >> ww.EXPIRY_SHIFT) & ww.EXPIRY_MASK,
    )


@internal
def _attach(investor: uint64, wallet: address, investor_word: uint256):
    """
    @dev Makes the wallet the investor's. The stocks that enrolled it before stay enrolled.
    """
    before: uint256 = enrolments.wallets[wallet]
    word: uint256 = (before & ww.DIRECTORY_MASK) | self._wallet_bits(investor, investor_word)
    enrolments.wallets[wallet] = word
    holder_limits_totals._rehome(wallet, before, word)


@internal
def _detach(wallet: address, bits: uint256):
    """
    @dev Makes the wallet a stranger's, with these bits beside the stocks that enrolled it.
    """
    before: uint256 = enrolments.wallets[wallet]
    word: uint256 = (before & ww.DIRECTORY_MASK) | bits
    enrolments.wallets[wallet] = word
    holder_limits_totals._rehome(wallet, before, word)


@internal
def _block(investor: uint64, reason: uint16, document: bytes32):
    """
    @dev Blocks an investor everywhere.
    """
    self._rewrite(investor, self.investors[investor] | ww.INVESTOR_BLOCKED, True)
    log IComplianceRegistry.InvestorBlocked(investor=investor, reason=reason, document=document)


@internal
def _block_stranger(wallet: address, reason: uint16, document: bytes32):
    """
    @dev Blocks an address that belongs to no investor, everywhere.
    """
    enrolments.wallets[wallet] |= aw.BLOCKED
    enrolments._push_all([wallet])
    log IComplianceRegistry.WalletBlocked(wallet=wallet, reason=reason, document=document)


@internal
@pure
def _wallet_bits(investor: uint64, investor_word: uint256) -> uint256:
    """
    @dev A wallet's word less the stocks that enrolled it, from its investor's word.
    """
    bits: uint256 = ((investor_word >> ww.EXPIRY_SHIFT) & ww.EXPIRY_MASK) << aw.CLEARED_SHIFT
    bits |= ((investor_word >> ww.INVESTOR_COUNTRY_SHIFT) & ww.COUNTRY_MASK) << ww.COUNTRY_SHIFT
    bits |= ((investor_word >> ww.CLASS_SHIFT) & ww.CLASS_MASK) << ww.WALLET_CLASS_SHIFT
    bits |= convert(investor, uint256) << ww.INVESTOR_SHIFT
    if investor_word & ww.INVESTOR_BLOCKED != 0:
        bits |= aw.BLOCKED
    if (investor_word >> ww.CLASS_SHIFT) & ww.CLASS_MASK == convert(ww.VENUE_CLASS, uint256):
        bits |= aw.VENUE
    return bits


@internal
def _rewrite(investor: uint64, investor_word: uint256, push: bool):
    """
    @dev Stores the investor's word and all its wallets' words before any stock is told.
    """
    self.investors[investor] = investor_word
    bits: uint256 = self._wallet_bits(investor, investor_word)
    wallets: DynArray[address, 8] = self._wallets(investor)
    for wallet: address in wallets:
        enrolments.wallets[wallet] = (enrolments.wallets[wallet] & ww.DIRECTORY_MASK) | bits
    if push:
        enrolments._push_all(wallets)


@internal
@view
def _wallets(investor: uint64) -> DynArray[address, 8]:
    word: uint256 = self.investors[investor]
    wallets: DynArray[address, 8] = []
    for i: uint256 in range((word >> ww.COUNT_SHIFT) & ww.COUNT_MASK, bound=8):
        if i == 0:
            wallets.append(convert(word & ww.ADDRESS_MASK, address))
        else:
            wallets.append(self._others[investor][i - 1])
    return wallets


@internal
def _set_wallet(investor: uint64, at: uint256, wallet: address):
    if at == 0:
        self.investors[investor] = (self.investors[investor] & ~ww.ADDRESS_MASK) | convert(wallet, uint256)
    else:
        self._others[investor][at - 1] = wallet
