# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title recovery
@license AGPL-3.0-only
@notice A lost or stolen wallet and its successor: one call puts a fresh wallet in the old one's place, blocks the old one in
        every stock for ever, and moves what it held. Claims and ballots of the old wallet are the successor's.
@dev Moving a holder's units to an address that nobody has vetted is more than COMPLIANCE or ENFORCER may do alone, so it
     has a role of its own.
"""

from ..interfaces import IComplianceRegistry
from ..interfaces import IStockToken
from ..shared import keys
from ..shared import roles
from ..token import account_word as aw
from . import enrolments
from . import investor_records as records
from . import wallet_word as ww

uses: enrolments
uses: records
uses: keys
uses: roles

# @dev a page of stocks: about 100,000 gas each, beside a push of the block
MAX_STOCKS: constant(uint256) = 50
MAX_CHAIN: constant(uint256) = 255

_ADDRESS_MASK: constant(uint256) = 2**160 - 1
_REASON_SHIFT: constant(uint256) = 160
_DEPTH_SHIFT: constant(uint256) = 176
_DEPTH_MASK: constant(uint256) = 2**8 - 1
_OWNER_SHIFT: constant(uint256) = 184

# @dev wallet → bits 0..159 its successor, 0 = none | 160..175 reason | 176..183 how many wallets it succeeds, in a chain |
#      184..247 the investor whose it was
_successors: HashMap[address, uint256]
# @dev wallet → the document on which it was recovered
_documents: HashMap[address, bytes32]


@external
def recoverWallet(
    key: bytes32,
    investor: uint64,
    old: address,
    new: address,
    reason: uint16,
    document: bytes32,
    stocks: DynArray[address, MAX_STOCKS],
):
    """
    @notice Replaces an investor's wallet: `new` takes the place of `old` among its wallets and inherits what `old` has in
            `stocks`; `old` is blocked everywhere and stays so. RECOVERER only, in any state of account, stock and fleet.
    @dev Errors, in order: "roles: not authorised", "keys: empty", "keys: used", "registry: unknown investor",
         "registry: reason and document", "registry: unknown wallet" (`old` is not this investor's),
         "registry: wallet known" (`new` is somebody's), "registry: zero address", "registry: wallet blocked" and
         "sanctions: listed", "sanctions: no answer" (`new`), "registry: too many recoveries" (255 in a chain),
         "registry: not a stock".
    @param stocks where to move what `old` has; for others there is recoverIn.
    """
    roles._check(roles.RECOVERER)
    keys._consume(key)
    word: uint256 = records._known(investor)
    records._check_reason(reason, document)
    at: uint256 = records._position(investor, old)
    records._check_stranger(new)
    assert new != empty(address), "registry: zero address"
    records._check_attachable(new)
    depth: uint256 = (self._successors[old] >> _DEPTH_SHIFT) & _DEPTH_MASK
    assert depth < MAX_CHAIN, "registry: too many recoveries"
    self._successors[old] = (
        convert(new, uint256)
        | (convert(reason, uint256) << _REASON_SHIFT)
        | (depth << _DEPTH_SHIFT)
        | (convert(investor, uint256) << _OWNER_SHIFT)
    )
    self._successors[new] = (depth + 1) << _DEPTH_SHIFT
    self._documents[old] = document
    records._set_wallet(investor, at, new)
    records._detach(old, aw.BLOCKED)
    records._attach(investor, new, word)
    log IComplianceRegistry.WalletRecovered(
        investor=investor, wallet=old, successor=new, reason=reason, document=document
    )
    enrolments._push_all([old, new])
    self._recover(old, new, stocks)


@external
def recoverIn(old: address, stocks: DynArray[address, MAX_STOCKS]):
    """
    @notice Moves to its successor what a recovered wallet has in further stocks. Anyone: the recovery is decided.
    @dev Errors: "registry: no successor", "registry: unknown wallet" (the successor is not that investor's any more),
         "registry: not a stock".
    """
    assert self._next(old) != empty(address), "registry: no successor"
    successor: address = self._heir(old)
    assert successor != empty(address), "registry: unknown wallet"
    self._recover(old, successor, stocks)


@external
@view
def successorOf(wallet: address) -> address:
    """
    @notice Who claims, requests and votes for the wallet: the last of its successors, or the wallet itself. Nobody, the
            zero address, once that successor is not the wallet of the investor any more whose this one was.
    """
    return self._heir(wallet)


@external
@view
def successionOf(wallet: address) -> (address, uint64):
    """
    @notice What a recovery decided, whoever has the successor now.
    @return (the last successor, the wallet itself where it was not recovered; the investor whose it was, 0 likewise).
    """
    return self._resolve(wallet), self._owner(wallet)


@internal
def _recover(old: address, successor: address, stocks: DynArray[address, MAX_STOCKS]):
    reason: uint16 = convert((self._successors[old] >> _REASON_SHIFT) & (2**16 - 1), uint16)
    document: bytes32 = self._documents[old]
    for stock: address in stocks:
        # Refuses what is no stock of ours.
        enrolments._number_of(stock)
        extcall IStockToken(stock).recover(old, successor, reason, document)


@internal
@view
def _owner(wallet: address) -> uint64:
    """
    @dev The investor whose a recovered wallet was; 0 if it never was recovered.
    """
    return convert(self._successors[wallet] >> _OWNER_SHIFT, uint64)


@internal
@view
def _heir(wallet: address) -> address:
    """
    @dev The last successor while it is the same investor's, else the zero address: what one investor had is not given to
         another to whom a successor was linked later.
    """
    if self._next(wallet) == empty(address):
        return wallet
    last: address = self._resolve(wallet)
    if enrolments.wallets[last] >> ww.INVESTOR_SHIFT != convert(self._owner(wallet), uint256):
        return empty(address)
    return last


@internal
@view
def _next(wallet: address) -> address:
    """
    @dev The successor that the wallet was given; the zero address if it was never recovered.
    """
    return convert(self._successors[wallet] & _ADDRESS_MASK, address)


@internal
@view
def _resolve(wallet: address) -> address:
    last: address = wallet
    for _: uint256 in range(MAX_CHAIN + 1):
        following: address = self._next(last)
        if following == empty(address):
            break
        last = following
    return last
