# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title token_redemption
@license AGPL-3.0-only
@notice A stock's part in requests: a RequestVault takes a holder's units in, gives them back, and burns those that it has paid
        for. A lapsed clearance stops none of it; a block, a freeze, a frozen part, a lock-up, a pause and a halt do. A
        SubscriptionVault hands out the units that it had made for its subscribers, whom the stock's rules bind as ever.
@dev VAULT reaches the units of whoever asks the vault, which stands for the holder's own call, and otherwise its own
     balance alone. What the vault holds raises nobody's supply: no function here creates a unit. Whether the vault itself
     is cleared or on the register is not asked: nobody shuts the way out by letting it lapse.
"""

from ethereum.ercs import IERC20

from ..interfaces import IStockToken
from ..shared import roles
from . import account_word as aw
from . import clearance
from . import erc_errors
from . import token_config as tc
from . import token_multiplier
from . import token_storage as s
from . import transfers

uses: s
uses: roles
uses: clearance
uses: transfers


@external
def escrow(owner: address, amount: uint256):
    """
    @notice Moves `amount` raw units of `owner`, who asks for their redemption, to the calling vault. VAULT only.
    @dev Errors, in order: "roles: not authorised", "token: halted", "token: paused", "token: zero amount",
         ERC7943CannotSend, ERC20InsufficientBalance, ERC7943InsufficientUnfrozenBalance. Holder limits count it and never
         refuse it.
    @param owner whose units; the vault has its call.
    @param amount raw units.
    """
    roles._check(roles.VAULT)
    config: uint256 = transfers._live()
    assert amount != 0, "token: zero amount"
    if not clearance._may_leave(owner, config):
        erc_errors._cannot_send(owner)
    word: uint256 = transfers._spendable(owner, s.words[owner], amount)
    s.words[owner] = unsafe_sub(word, amount)
    s.words[msg.sender] += amount
    log IERC20.Transfer(sender=owner, receiver=msg.sender, value=amount)
    clearance._count(owner, msg.sender, amount, config, False)


@external
def release(to: address, amount: uint256, forced: bool):
    """
    @notice Moves `amount` raw units of the calling vault back to a holder, whose clearance may have lapsed. VAULT only.
    @dev Errors, in order: "roles: not authorised", ERC20InvalidReceiver; unless forced "token: halted", "token: paused",
         ERC7943CannotReceive; ERC20InsufficientBalance.
    @param to who gets its units back.
    @param amount raw units.
    @param forced whether by an officer's order, which works whatever the state of the account, the stock or the fleet.
    """
    roles._check(roles.VAULT)
    if to == empty(address):
        erc_errors._invalid_receiver(to)
    if forced:
        clearance._enlist(to)
    elif not clearance._may_leave(to, transfers._live()):
        erc_errors._cannot_receive(to)
    self._take(amount)
    s.words[to] += amount
    log IERC20.Transfer(sender=msg.sender, receiver=to, value=amount)
    clearance._count(msg.sender, to, amount, s.config, False)


@external
def deliver(to: address, amount: uint256):
    """
    @notice Moves `amount` raw units of the calling vault to who subscribed to them, as a transfer would. VAULT only.
    @dev Errors, in order: "roles: not authorised", "token: halted", "token: paused", "token: zero amount",
         ERC20InvalidReceiver, ERC7943CannotReceive, ERC20InsufficientBalance, the registry's limits. Whether the vault itself is
         cleared is not asked.
    @param to who receives them, cleared now.
    @param amount raw units.
    """
    roles._check(roles.VAULT)
    config: uint256 = transfers._live()
    assert amount != 0, "token: zero amount"
    if to == empty(address):
        erc_errors._invalid_receiver(to)
    if not clearance._ensure(to, config):
        erc_errors._cannot_receive(to)
    self._take(amount)
    s.words[to] += amount
    log IERC20.Transfer(sender=msg.sender, receiver=to, value=amount)
    clearance._count(msg.sender, to, amount, config, True)


@external
def retire(amount: uint256):
    """
    @notice Burns `amount` raw units of the calling vault, which has the money for them. VAULT only.
    @dev Errors, in order: "roles: not authorised", "token: halted", "token: paused", "token: zero amount",
         ERC20InsufficientBalance.
    @param amount raw units.
    """
    roles._check(roles.VAULT)
    config: uint256 = transfers._live()
    assert amount != 0, "token: zero amount"
    self._take(amount)
    s.config = config - amount
    log IERC20.Transfer(sender=msg.sender, receiver=empty(address), value=amount)
    clearance._count(msg.sender, empty(address), amount, config, False)


@external
def setSuspended(suspended: bool):
    """
    @notice Stops new mints while a request waits too long, or ends that. VAULT; the timelock too, lest a vault that has lost
            its role leave mints stopped. In any mode.
    @dev Error: "roles: not authorised".
    """
    if not roles._has(roles.VAULT, msg.sender):
        roles._check(roles.ADMIN)
    if suspended:
        s.config |= tc.SUSPENDED
    else:
        s.config &= ~tc.SUSPENDED
    log IStockToken.MintsSuspended(suspended=suspended, by=msg.sender)


@external
@view
def mintsSuspended() -> bool:
    """
    @notice Whether mints are refused: until a request that waits too long is filled, or for good, past the stock's end.
    """
    return s.config & tc.SUSPENDED != 0 or tc._has_ended(s.config)


@external
def setMintsEnd(at: uint256):
    """
    @notice Sets the second from which this stock is minted no more: the effect of what ends it. VAULT (the WindUp, by the
            ActionBook's record); once it has come the timelock alone. In any mode.
    @dev Errors, in order: "roles: not authorised", "token: bad end" (2**40 and above), "token: change pending" (of the
         multiplier, after it: the terms of the end count the shares of a unit as they are then).
    @param at UTC seconds; 0 for none.
    """
    config: uint256 = s.config
    if tc._has_ended(config) or not roles._has(roles.VAULT, msg.sender):
        roles._check(roles.ADMIN)
    assert at < 2**40, "token: bad end"
    assert at == 0 or token_multiplier._pending_at(s.multiplier_slot) <= at, "token: change pending"
    s.config = (config & ~tc.END_MASK) | (at << tc.END_SHIFT)
    log IStockToken.MintsEndSet(at=at, by=msg.sender)


@external
@view
def mintsEnd() -> uint256:
    """
    @notice UTC second from which this stock is minted no more; 0 where no end is set.
    """
    return (s.config & tc.END_MASK) >> tc.END_SHIFT


@external
@view
def canEscrow(account: address, amount: uint256) -> bool:
    """
    @notice Whether a request to redeem `amount` raw units of the account would be taken now. Never reverts.
    """
    if s.MODE == tc.HALTED or s.config & tc.PAUSED != 0 or amount == 0 or account == empty(address):
        return False
    word: uint256 = s.words[account]
    return clearance._would_leave(account, s.config) and amount <= clearance._available(account, word)


@internal
def _take(amount: uint256):
    """
    @dev Out of the caller's own balance, whatever of it is frozen.
    """
    word: uint256 = s.words[msg.sender]
    if word & aw.BALANCE_MASK < amount:
        erc_errors._insufficient_balance(msg.sender, word & aw.BALANCE_MASK, amount)
    s.words[msg.sender] = unsafe_sub(word, amount)
