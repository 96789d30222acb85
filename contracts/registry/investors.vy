# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title investors
@license AGPL-3.0-only
@notice How COMPLIANCE records investors and their wallets. A clearance holds while now < expiry. Bad news (a block, an earlier
        expiry, an unlinked wallet) reaches every stock in the same transaction; good news waits to be asked for.
@dev Every instruction carries a key and is carried out once.
"""

from ..interfaces import IComplianceRegistry
from ..shared import keys
from ..shared import roles
from ..token import account_word as aw
from . import enrolments
from . import holder_limits_totals
from . import investor_records as records
from . import recovery
from . import wallet_word as ww

uses: enrolments
uses: holder_limits_totals
uses: records
uses: keys
uses: recovery
uses: roles


@external
def onboard(key: bytes32, entries: DynArray[records.Entry, 200]):
    """
    @notice Records new investors, each with its first wallet: all of the batch or none of it. COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", then by entry as investor_book's _record.
    @param key the batch's key.
    @param entries investor number, wallet, country (ISO 3166 numeric), class (1 retail, 2 professional, 3 institutional,
           4 venue), expiry (UTC seconds; one in the past is recorded and clears nothing).
    """
    roles._check(roles.COMPLIANCE)
    keys._consume(key)
    for entry: records.Entry in entries:
        records._record(entry)


@external
def linkWallet(key: bytes32, investor: uint64, wallet: address):
    """
    @notice Adds a wallet to an investor; a blocked investor's new wallet is born blocked. COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", "registry: unknown investor",
         "registry: wallet known", "registry: zero address", "registry: too many wallets", "registry: wallet blocked",
         "sanctions: listed", "sanctions: no answer".
    """
    word: uint256 = self._open(key, investor)
    records._check_stranger(wallet)
    assert wallet != empty(address), "registry: zero address"
    count: uint256 = (word >> ww.COUNT_SHIFT) & ww.COUNT_MASK
    assert count < ww.MAX_WALLETS, "registry: too many wallets"
    records._check_attachable(wallet)
    records._set_wallet(investor, count, wallet)
    records.investors[investor] += ww.COUNT_UNIT
    records._attach(investor, wallet, word)
    # A stock that met the wallet before, as a stranger, must learn of a block at once.
    enrolments._push_all([wallet])
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
    records._check_reason(reason, document)
    assert word & ww.INVESTOR_BLOCKED == 0, "registry: investor blocked"
    at: uint256 = records._position(investor, wallet)
    last: uint256 = ((word >> ww.COUNT_SHIFT) & ww.COUNT_MASK) - 1
    records._set_wallet(investor, at, records._wallets(investor)[last])
    records._set_wallet(investor, last, empty(address))
    records.investors[investor] -= ww.COUNT_UNIT
    records._detach(wallet, 0)
    enrolments._push_all([wallet])
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
    records._rewrite(investor, (word & ~(ww.EXPIRY_MASK << ww.EXPIRY_SHIFT)) | (expiry << ww.EXPIRY_SHIFT), expiry < before)
    records._log_updated(investor)


@external
def setProfile(key: bytes32, investor: uint64, country: uint16, investor_class: uint8):
    """
    @notice Sets an investor's country (ISO 3166 numeric) and class; every stock learns it at once. COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", "registry: unknown investor",
         "registry: bad country" (not 1 to 999), "registry: bad class" (not 1 to 4).
    """
    word: uint256 = self._open(key, investor)
    records._check_profile(country, investor_class)
    was_venue: bool = (word >> ww.CLASS_SHIFT) & ww.CLASS_MASK == convert(ww.VENUE_CLASS, uint256)
    is_venue: bool = investor_class == ww.VENUE_CLASS
    if was_venue != is_venue:
        holder_limits_totals._recount(investor, is_venue)
    word &= ~((ww.CLASS_MASK << ww.CLASS_SHIFT) | (ww.COUNTRY_MASK << ww.INVESTOR_COUNTRY_SHIFT))
    word |= convert(investor_class, uint256) << ww.CLASS_SHIFT
    word |= convert(country, uint256) << ww.INVESTOR_COUNTRY_SHIFT
    records._rewrite(investor, word, True)
    records._log_updated(investor)


@external
def block(key: bytes32, investor: uint64, reason: uint16, document: bytes32):
    """
    @notice Blocks an investor: none of its wallets sends, receives or redeems any stock from this transaction on.
            COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", "registry: unknown investor",
         "registry: reason and document", "registry: already blocked".
    """
    word: uint256 = self._open(key, investor)
    records._check_reason(reason, document)
    assert word & ww.INVESTOR_BLOCKED == 0, "registry: already blocked"
    records._block(investor, reason, document)


@external
def unblock(key: bytes32, investor: uint64, reason: uint16, document: bytes32):
    """
    @notice Lifts an investor's block; its expiry is what it was. COMPLIANCE only.
    @dev Errors: "roles: not authorised", "keys: empty", "keys: used", "registry: unknown investor",
         "registry: reason and document", "registry: not blocked".
    """
    word: uint256 = self._open(key, investor)
    records._check_reason(reason, document)
    assert word & ww.INVESTOR_BLOCKED != 0, "registry: not blocked"
    records._rewrite(investor, word & ~ww.INVESTOR_BLOCKED, False)
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
    records._block_stranger(wallet, reason, document)


@external
def unblockWallet(key: bytes32, wallet: address, reason: uint16, document: bytes32):
    """
    @notice Lifts the block of an address that belongs to no investor. COMPLIANCE only.
    @dev Errors: as blockWallet, with "registry: not blocked", "registry: wallet recovered" (a lost wallet stays blocked).
    """
    word: uint256 = self._open_wallet(key, wallet, reason, document)
    assert word & aw.BLOCKED != 0, "registry: not blocked"
    assert recovery._next(wallet) == empty(address), "registry: wallet recovered"
    enrolments.wallets[wallet] = word & ~aw.BLOCKED
    log IComplianceRegistry.WalletUnblocked(wallet=wallet, reason=reason, document=document)


@internal
def _open(key: bytes32, investor: uint64) -> uint256:
    roles._check(roles.COMPLIANCE)
    keys._consume(key)
    return records._known(investor)


@internal
def _open_wallet(key: bytes32, wallet: address, reason: uint16, document: bytes32) -> uint256:
    roles._check(roles.COMPLIANCE)
    keys._consume(key)
    records._check_reason(reason, document)
    assert wallet != empty(address), "registry: zero address"
    records._check_stranger(wallet)
    return enrolments.wallets[wallet]
