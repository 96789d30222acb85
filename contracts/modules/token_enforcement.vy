# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_enforcement
@license AGPL-3.0-only
@notice ERC-7943 and the forced actions. Each leaves a reason code and the hash of a document on-chain, and each works on an
        account that has lapsed or is frozen or blocked, and while the stock is paused or the fleet halted.
@dev The standard's short forms carry no reason, so they work only on an account with an open case, whose reason and
     document they repeat. The long forms carry both and a key, and a key is used once.
"""

from ethereum.ercs import IERC20

from ..interfaces import IStockToken
from . import account_word as aw
from . import erc_errors
from . import keys
from . import roles
from . import standing
from . import token_config as tc
from . import token_storage as s

uses: s
uses: keys
uses: roles
uses: standing


@external
@view
def canSend(account: address) -> bool:
    """
    @notice ERC-7943: whether the account may send now. Never reverts; false while paused or halted.
    """
    return self._can_move() and standing._would_stand(account, s.config)


@external
@view
def canReceive(account: address) -> bool:
    """
    @notice ERC-7943: whether the account may receive now. Never reverts; false while paused or halted.
    """
    return self._can_move() and account != empty(address) and standing._would_stand(account, s.config)


@external
@view
def canTransfer(sender: address, to: address, amount: uint256) -> bool:
    """
    @notice ERC-7943: false means that the transfer would revert; true and amount ≤ balance means that it would succeed.
            Never reverts; false while paused or halted. The balance itself and allowances are not looked at.
    """
    if not self._can_move() or to == empty(address):
        return False
    config: uint256 = s.config
    if not (standing._would_stand(sender, config) and standing._would_stand(to, config)):
        return False
    word: uint256 = s.words[sender]
    return word & aw.PARTIAL == 0 or amount <= standing._unfrozen(sender, word)


@external
@view
def getFrozenTokens(account: address) -> uint256:
    """
    @notice ERC-7943: raw units frozen; may exceed the balance.
    """
    return s.frozen_tokens[account]


@external
@view
def caseOf(account: address) -> (uint256, bytes32):
    """
    @notice The reason code and document hash of the account's open case; zeros when none is open.
    """
    return s.case_reason[account], s.case_document[account]


@external
@view
def accountWord(account: address) -> uint256:
    """
    @notice The account's storage word as it stands (see the module account_word).
    """
    return s.words[account]


@external
def openCase(account: address, reason: uint16, document: bytes32):
    """
    @notice Opens a case on an account, under which ERC-7943's short forms work. ENFORCER only.
    @dev Errors: "roles: not authorised", "case: reason and document", "case: already open".
    @param reason the issuer's reason code, not 0.
    @param document hash of the order, not 0.
    """
    roles._check(roles.ENFORCER)
    assert reason != 0 and document != empty(bytes32), "case: reason and document"
    assert s.case_reason[account] == 0, "case: already open"
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
    assert reason != 0 and document != empty(bytes32), "case: reason and document"
    keys._consume(key)
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
    self._grounds(account, reason, document, key)
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
    @dev Errors: "roles: not authorised"; the grounds as in setFrozenTokens; ERC20InvalidReceiver; ERC7943CannotTransfer
         (to itself); ERC7943CannotReceive; ERC20InsufficientBalance. Emits Frozen, Transfer, ForcedTransfer in this order.
    """
    roles._check(roles.ENFORCER)
    self._grounds(sender, reason, document, key)
    if to == empty(address):
        erc_errors._invalid_receiver(to)
    if sender == to:
        erc_errors._cannot_transfer(sender, to, amount)
    if not standing._ensure(to, s.config):
        erc_errors._cannot_receive(to)
    word: uint256 = s.words[sender]
    balance: uint256 = word & aw.BALANCE_MASK
    if balance < amount:
        erc_errors._insufficient_balance(sender, balance, amount)
    unfrozen: uint256 = standing._unfrozen(sender, word)
    if unfrozen < amount:
        # What was frozen beyond the balance stays frozen: it waits for what comes later.
        self._set_frozen_tokens(sender, s.frozen_tokens[sender] - (amount - unfrozen))
    s.words[sender] -= amount
    s.words[to] += amount
    log IERC20.Transfer(sender=sender, receiver=to, value=amount)
    log IStockToken.ForcedTransfer(sender=sender, to=to, amount=amount)
    return True


@external
def sync(account: address, record: uint256):
    """
    @notice Takes the registry's bits for an account: the way bad news arrives. The registry only. Works while halted.
    @dev Error: "token: not the registry". The stock's own bits are out of the registry's reach.
    """
    assert msg.sender == s.REGISTRY.address, "token: not the registry"
    s.words[account] = (s.words[account] & ~aw.REGISTRY_BITS) | (record & aw.REGISTRY_BITS)


@internal
@view
def _can_move() -> bool:
    return s.MODE != tc.HALTED and s.config & tc.PAUSED == 0


@internal
def _grounds(account: address, reason: uint16, document: bytes32, key: bytes32):
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
        return
    assert reason != 0 and document != empty(bytes32), "case: reason and document"
    keys._consume(key)
    log IStockToken.Enforced(account=account, key=key, reason=reason, document=document)


@internal
def _set_frozen_tokens(account: address, amount: uint256):
    s.frozen_tokens[account] = amount
    word: uint256 = s.words[account] & ~aw.PARTIAL
    if amount != 0:
        word |= aw.PARTIAL
    s.words[account] = word
    log IStockToken.Frozen(account=account, amount=amount)
