# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_enforcement
@license AGPL-3.0-only
@notice ERC-7943's forced actions and ours. Each leaves a reason code and the hash of a document on-chain, and each works on an
        account that has lapsed or is frozen or blocked, and while the stock is paused or the fleet halted.
@dev The standard's short forms carry no reason, so they work only on an account with an open case, whose reason and
     document they repeat. The long forms carry both and a key, and a key is used once.
"""

from ethereum.ercs import IERC20

from ..interfaces import IStockToken
from ..shared import keys
from ..shared import roles
from . import account_word as aw
from . import clearance
from . import erc_errors
from . import lockups
from . import reasons
from . import token_storage as s

uses: s
uses: reasons
uses: keys
uses: lockups
uses: roles
uses: clearance


@external
@view
def caseOf(account: address) -> (uint256, bytes32):
    """
    @notice The reason code and document hash of the account's open case; zeros when none is open.
    """
    return s.case_reason[account], s.case_document[account]


@external
def openCase(account: address, reason: uint16, document: bytes32):
    """
    @notice Opens a case on an account, under which ERC-7943's short forms work. ENFORCER only.
    @dev Errors: "roles: not authorised", "case: reason and document", "case: already open".
    @param reason the issuer's reason code, not 0.
    @param document hash of the order, not 0.
    """
    roles._check(roles.ENFORCER)
    reasons._check(reason, document)
    assert s.case_reason[account] == 0, "case: already open"
    clearance._enlist(account)
    s.case_reason[account] = convert(reason, uint256)
    s.case_document[account] = document
    log IStockToken.CaseOpened(account=account, reason=reason, document=document)


@external
def closeCase(account: address):
    """
    @notice Closes the account's case. ENFORCER only. What was frozen stays frozen.
    @dev Errors: "roles: not authorised", "case: none open".
    """
    roles._check(roles.ENFORCER)
    assert s.case_reason[account] != 0, "case: none open"
    s.case_reason[account] = 0
    s.case_document[account] = empty(bytes32)
    log IStockToken.CaseClosed(account=account)


@external
def setFrozen(account: address, frozen: bool, reason: uint16, document: bytes32, key: bytes32):
    """
    @notice Freezes or releases the whole account. ENFORCER only.
    @dev Errors: "roles: not authorised", "case: reason and document", "keys: empty", "keys: used".
         It may precede the account's first touch of the stock, and survives it.
    """
    roles._check(roles.ENFORCER)
    reasons._check(reason, document)
    keys._consume(key)
    clearance._enlist(account)
    word: uint256 = s.words[account] & ~aw.FROZEN
    if frozen:
        word |= aw.FROZEN
    s.words[account] = word
    log IStockToken.AccountFrozen(account=account, frozen=frozen, reason=reason, document=document)


@external
def setFrozenTokens(
    account: address,
    amount: uint256,
    reason: uint16 = 0,
    document: bytes32 = empty(bytes32),
    key: bytes32 = empty(bytes32),
) -> bool:
    """
    @notice ERC-7943: sets the frozen amount, which may exceed the balance. ENFORCER only.
    @dev Errors: "roles: not authorised"; short form: "case: none open"; long form: "case: reason and document",
         "keys: empty", "keys: used".
    @param amount raw units, absolute and not added.
    """
    roles._check(roles.ENFORCER)
    self._take_reason(account, reason, document, key)
    clearance._enlist(account)
    self._set_frozen_tokens(account, amount)
    return True


@external
def forcedTransfer(
    sender: address,
    to: address,
    amount: uint256,
    reason: uint16 = 0,
    document: bytes32 = empty(bytes32),
    key: bytes32 = empty(bytes32),
) -> bool:
    """
    @notice ERC-7943: moves raw units without the holder. ENFORCER only. What it digs into is unfrozen first. The receiver
            must be eligible, whatever the state of the sender, the stock or the fleet.
    @dev Errors: "roles: not authorised"; reason, document and key as in setFrozenTokens; ERC20InvalidReceiver; ERC7943CannotTransfer
         (to itself); ERC7943CannotReceive; ERC20InsufficientBalance. Emits Frozen, Transfer, ForcedTransfer in this order.
    """
    roles._check(roles.ENFORCER)
    self._take_reason(sender, reason, document, key)
    if to == empty(address):
        erc_errors._invalid_receiver(to)
    if sender == to:
        erc_errors._cannot_transfer(sender, to, amount)
    if not clearance._ensure(to, s.config):
        erc_errors._cannot_receive(to)
    self._dig(sender, amount)
    s.words[sender] -= amount
    s.words[to] += amount
    clearance._count(sender, to, amount, s.config, False)
    log IERC20.Transfer(sender=sender, receiver=to, value=amount)
    log IStockToken.ForcedTransfer(sender=sender, to=to, amount=amount)
    return True


@external
def forcedBurn(account: address, amount: uint256, reason: uint16, document: bytes32, key: bytes32):
    """
    @notice Destroys raw units without the holder, who may be blocked, lapsed or frozen: what cannot be given back cannot
            be redeemed either. ENFORCER only. What it digs into is unfrozen and unlocked first. Nothing is paid out here.
    @dev Errors, in order: "roles: not authorised", "case: reason and document", "keys: empty", "keys: used",
         "token: zero amount", ERC20InsufficientBalance. Emits Frozen, Transfer, ForcedTransfer (to zero) in this order.
    @param amount raw units.
    """
    roles._check(roles.ENFORCER)
    reasons._new(account, reason, document, key)
    assert amount != 0, "token: zero amount"
    self._dig(account, amount)
    s.words[account] -= amount
    s.config -= amount
    clearance._count(account, empty(address), amount, s.config, False)
    log IERC20.Transfer(sender=account, receiver=empty(address), value=amount)
    log IStockToken.ForcedTransfer(sender=account, to=empty(address), amount=amount)


@internal
def _dig(account: address, amount: uint256):
    """
    @dev Makes `amount` of the balance available: frozen units first, then locked ones. What was frozen or locked beyond
         the balance stays so: it waits for what comes later.
    """
    word: uint256 = s.words[account]
    balance: uint256 = word & aw.BALANCE_MASK
    if balance < amount:
        erc_errors._insufficient_balance(account, balance, amount)
    available: uint256 = clearance._available(account, word)
    if amount <= available:
        return
    missing: uint256 = amount - available
    if word & aw.PARTIAL != 0:
        frozen: uint256 = s.frozen_tokens[account]
        dug: uint256 = min(missing, min(frozen, balance))
        self._set_frozen_tokens(account, frozen - dug)
        missing -= dug
    if missing != 0:
        lockups._dig(account, missing)


@internal
def _take_reason(account: address, reason: uint16, document: bytes32, key: bytes32):
    """
    @dev What a forced action rests on: the open case, or a reason, a document and a key of its own.
    """
    if reason == 0 and document == empty(bytes32) and key == empty(bytes32):
        open_reason: uint256 = s.case_reason[account]
        assert open_reason != 0, "case: none open"
        log IStockToken.Enforced(
            account=account,
            key=empty(bytes32),
            reason=convert(open_reason, uint16),
            document=s.case_document[account],
        )
    else:
        reasons._new(account, reason, document, key)


@internal
def _set_frozen_tokens(account: address, amount: uint256):
    s.frozen_tokens[account] = amount
    word: uint256 = s.words[account] & ~aw.PARTIAL
    if amount != 0:
        word |= aw.PARTIAL
    s.words[account] = word
    log IStockToken.Frozen(account=account, amount=amount)
