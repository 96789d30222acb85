# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title investor_register
@license AGPL-3.0-only
@notice Investors and their wallets, at most 8 each. A clearance holds while now < expiry. Bad news (a block, an earlier
        expiry, an unlinked wallet) reaches every stock in the same transaction; good news waits to be asked for.
@dev Every instruction carries a key and is carried out once. An investor's number is the issuer's, derived from its own
     reference; what the reference says about a person stays off the chain.
"""

from ..interfaces import IComplianceRegistry
from . import account_word as aw
from . import directory
from . import keys
from . import roles
from . import wallet_word as ww

uses: directory
uses: keys
uses: roles

struct Entry:
    investor: uint64
    wallet: address
    country: uint16
    investor_class: uint8
    expiry: uint256


# @dev investor number → investor word, see wallet_word
_investors: HashMap[uint64, uint256]
# @dev investor number → the wallets after the first
_others: HashMap[uint64, address[7]]


@external
def onboard(key: bytes32, entries: DynArray[Entry, 200]):
    """
    @notice Records new investors, each with its first wallet: all of the batch or none of it. COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", then by entry "registry: bad investor" (0),
         "registry: wallet known", "registry: investor known", "registry: zero address", "registry: bad expiry"
         (0 or ≥ 2**40), "registry: wallet blocked".
    @param key the batch's key.
    @param entries investor number, wallet, country (ISO 3166 numeric), class (1 retail, 2 professional, 3 institutional,
           4 venue), expiry (UTC seconds; one in the past is recorded and clears nothing).
    """
    roles._check(roles.COMPLIANCE)
    keys._consume(key)
    for entry: Entry in entries:
        assert entry.investor != 0, "registry: bad investor"
        self._check_stranger(entry.wallet)
        assert self._investors[entry.investor] == 0, "registry: investor known"
        assert entry.wallet != empty(address), "registry: zero address"
        assert entry.expiry != 0 and entry.expiry <= ww.EXPIRY_MASK, "registry: bad expiry"
        investor: uint256 = (
            convert(entry.wallet, uint256)
            | (entry.expiry << ww.EXPIRY_SHIFT)
            | ww.KNOWN
            | (convert(entry.investor_class, uint256) << ww.CLASS_SHIFT)
            | (convert(entry.country, uint256) << ww.INVESTOR_COUNTRY_SHIFT)
            | ww.COUNT_UNIT
        )
        self._investors[entry.investor] = investor
        self._attach(entry.investor, entry.wallet, investor)
        log IComplianceRegistry.InvestorOnboarded(
            investor=entry.investor,
            wallet=entry.wallet,
            country=entry.country,
            investor_class=entry.investor_class,
            expiry=entry.expiry,
        )


@external
def linkWallet(key: bytes32, investor: uint64, wallet: address):
    """
    @notice Adds a wallet to an investor; a blocked investor's new wallet is born blocked. COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", "registry: unknown investor",
         "registry: wallet known", "registry: zero address", "registry: too many wallets", "registry: wallet blocked".
    """
    word: uint256 = self._open(key, investor)
    self._check_stranger(wallet)
    assert wallet != empty(address), "registry: zero address"
    count: uint256 = (word >> ww.COUNT_SHIFT) & ww.COUNT_MASK
    assert count < ww.MAX_WALLETS, "registry: too many wallets"
    self._set_wallet(investor, count, wallet)
    self._investors[investor] += ww.COUNT_UNIT
    self._attach(investor, wallet, word)
    # A stock that met the wallet before, as a stranger, must learn of a block at once.
    directory._push_all([wallet])
    log IComplianceRegistry.WalletLinked(investor=investor, wallet=wallet)


@external
def unlinkWallet(key: bytes32, investor: uint64, wallet: address, reason: uint16, document: bytes32):
    """
    @notice Takes a wallet from an investor; every stock drops its clearance at once. COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", "registry: unknown investor",
         "registry: reason and document", "registry: investor blocked" (unlinking would lift the block),
         "registry: unknown wallet" (not this investor's).
    """
    word: uint256 = self._open(key, investor)
    self._grounds(reason, document)
    assert word & ww.INVESTOR_BLOCKED == 0, "registry: investor blocked"
    wallets: DynArray[address, 8] = self._wallets(investor)
    at: uint256 = max_value(uint256)
    for i: uint256 in range(len(wallets), bound=8):
        if wallets[i] == wallet:
            at = i
    assert at != max_value(uint256), "registry: unknown wallet"
    last: uint256 = len(wallets) - 1
    self._set_wallet(investor, at, wallets[last])
    self._set_wallet(investor, last, empty(address))
    self._investors[investor] -= ww.COUNT_UNIT
    directory.wallets[wallet] &= ww.DIRECTORY_MASK
    directory._push_all([wallet])
    log IComplianceRegistry.WalletUnlinked(investor=investor, wallet=wallet, reason=reason, document=document)


@external
def renew(key: bytes32, investor: uint64, expiry: uint256):
    """
    @notice Sets an investor's expiry, UTC seconds. An earlier one takes effect everywhere at once. COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", "registry: unknown investor",
         "registry: bad expiry".
    """
    word: uint256 = self._open(key, investor)
    assert expiry != 0 and expiry <= ww.EXPIRY_MASK, "registry: bad expiry"
    before: uint256 = (word >> ww.EXPIRY_SHIFT) & ww.EXPIRY_MASK
    self._rewrite(investor, (word & ~(ww.EXPIRY_MASK << ww.EXPIRY_SHIFT)) | (expiry << ww.EXPIRY_SHIFT), expiry < before)
    self._log_updated(investor)


@external
def setProfile(key: bytes32, investor: uint64, country: uint16, investor_class: uint8):
    """
    @notice Sets an investor's country (ISO 3166 numeric) and class; every stock learns it at once. COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", "registry: unknown investor".
    """
    word: uint256 = self._open(key, investor)
    word &= ~((ww.CLASS_MASK << ww.CLASS_SHIFT) | (ww.COUNTRY_MASK << ww.INVESTOR_COUNTRY_SHIFT))
    word |= convert(investor_class, uint256) << ww.CLASS_SHIFT
    word |= convert(country, uint256) << ww.INVESTOR_COUNTRY_SHIFT
    self._rewrite(investor, word, True)
    self._log_updated(investor)


@external
def block(key: bytes32, investor: uint64, reason: uint16, document: bytes32):
    """
    @notice Blocks an investor: none of its wallets sends, receives or redeems any stock from this transaction on.
            COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", "registry: unknown investor",
         "registry: reason and document", "registry: already blocked".
    """
    word: uint256 = self._open(key, investor)
    self._grounds(reason, document)
    assert word & ww.INVESTOR_BLOCKED == 0, "registry: already blocked"
    self._rewrite(investor, word | ww.INVESTOR_BLOCKED, True)
    log IComplianceRegistry.InvestorBlocked(investor=investor, reason=reason, document=document)


@external
def unblock(key: bytes32, investor: uint64, reason: uint16, document: bytes32):
    """
    @notice Lifts an investor's block; its expiry is what it was. COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", "registry: unknown investor",
         "registry: reason and document", "registry: not blocked".
    """
    word: uint256 = self._open(key, investor)
    self._grounds(reason, document)
    assert word & ww.INVESTOR_BLOCKED != 0, "registry: not blocked"
    self._rewrite(investor, word & ~ww.INVESTOR_BLOCKED, False)
    log IComplianceRegistry.InvestorUnblocked(investor=investor, reason=reason, document=document)


@external
def blockWallet(key: bytes32, wallet: address, reason: uint16, document: bytes32):
    """
    @notice Blocks an address that belongs to no investor, as BLOCKLIST stocks need. COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", "registry: reason and document",
         "registry: zero address", "registry: wallet known" (block its investor), "registry: already blocked".
    """
    word: uint256 = self._open_wallet(key, wallet, reason, document)
    assert word & aw.BLOCKED == 0, "registry: already blocked"
    directory.wallets[wallet] = word | aw.BLOCKED
    directory._push_all([wallet])
    log IComplianceRegistry.WalletBlocked(wallet=wallet, reason=reason, document=document)


@external
def unblockWallet(key: bytes32, wallet: address, reason: uint16, document: bytes32):
    """
    @notice Lifts the block of an address that belongs to no investor. COMPLIANCE only.
    @dev Errors: as blockWallet, with "registry: not blocked".
    """
    word: uint256 = self._open_wallet(key, wallet, reason, document)
    assert word & aw.BLOCKED != 0, "registry: not blocked"
    directory.wallets[wallet] = word & ~aw.BLOCKED
    log IComplianceRegistry.WalletUnblocked(wallet=wallet, reason=reason, document=document)


@external
@view
def investorOf(wallet: address) -> uint64:
    """
    @notice The wallet's investor number; 0 for none.
    """
    return convert(directory.wallets[wallet] >> ww.INVESTOR_SHIFT, uint64)


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
    word: uint256 = self._investors[investor]
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
    return directory.wallets[wallet] & aw.BLOCKED != 0


@external
@view
def isCleared(wallet: address) -> bool:
    """
    @notice Whether the wallet may hold an ALLOWLIST stock now: known, not blocked, now < expiry.
    """
    word: uint256 = directory.wallets[wallet]
    return word & aw.BLOCKED == 0 and block.timestamp < (word >> aw.CLEARED_SHIFT) & aw.CLEARED_MASK


@internal
def _open(key: bytes32, investor: uint64) -> uint256:
    roles._check(roles.COMPLIANCE)
    keys._consume(key)
    word: uint256 = self._investors[investor]
    assert word != 0, "registry: unknown investor"
    return word


@internal
def _open_wallet(key: bytes32, wallet: address, reason: uint16, document: bytes32) -> uint256:
    roles._check(roles.COMPLIANCE)
    keys._consume(key)
    self._grounds(reason, document)
    assert wallet != empty(address), "registry: zero address"
    self._check_stranger(wallet)
    return directory.wallets[wallet]


@internal
@pure
def _grounds(reason: uint16, document: bytes32):
    assert reason != 0 and document != empty(bytes32), "registry: reason and document"


@internal
@view
def _check_stranger(wallet: address):
    assert directory.wallets[wallet] >> ww.INVESTOR_SHIFT == 0, "registry: wallet known"


@internal
def _log_updated(investor: uint64):
    word: uint256 = self._investors[investor]
    log IComplianceRegistry.InvestorUpdated(
        investor=investor,
        country=convert((word >> ww.INVESTOR_COUNTRY_SHIFT) & ww.COUNTRY_MASK, uint16),
        investor_class=convert((word >> ww.CLASS_SHIFT) & ww.CLASS_MASK, uint8),
        expiry=(word >> ww.EXPIRY_SHIFT) & ww.EXPIRY_MASK,
    )


@internal
def _attach(investor: uint64, wallet: address, investor_word: uint256):
    """
    @dev Makes the wallet the investor's. What stocks met it before stay in its directory.
    """
    word: uint256 = directory.wallets[wallet]
    assert word & aw.BLOCKED == 0, "registry: wallet blocked"
    directory.wallets[wallet] = (word & ww.DIRECTORY_MASK) | self._wallet_bits(investor, investor_word)


@internal
@pure
def _wallet_bits(investor: uint64, investor_word: uint256) -> uint256:
    """
    @dev A wallet's word less its directory, from its investor's word.
    """
    bits: uint256 = ((investor_word >> ww.EXPIRY_SHIFT) & ww.EXPIRY_MASK) << aw.CLEARED_SHIFT
    bits |= ((investor_word >> ww.INVESTOR_COUNTRY_SHIFT) & ww.COUNTRY_MASK) << ww.COUNTRY_SHIFT
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
    self._investors[investor] = investor_word
    bits: uint256 = self._wallet_bits(investor, investor_word)
    wallets: DynArray[address, 8] = self._wallets(investor)
    for wallet: address in wallets:
        directory.wallets[wallet] = (directory.wallets[wallet] & ww.DIRECTORY_MASK) | bits
    if push:
        directory._push_all(wallets)


@internal
@view
def _wallets(investor: uint64) -> DynArray[address, 8]:
    word: uint256 = self._investors[investor]
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
        self._investors[investor] = (self._investors[investor] & ~ww.ADDRESS_MASK) | convert(wallet, uint256)
    else:
        self._others[investor][at - 1] = wallet
