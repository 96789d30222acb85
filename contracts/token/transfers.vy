# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title transfers
@license AGPL-3.0-only
@notice ERC-20 over the account word, and the supply. Amounts are raw units and never rebase.
@dev Order of refusals: halted, paused, allowance, owner zero, receiver zero, sender, receiver, balance, what is frozen or
     locked.
"""

from ethereum.ercs import IERC20

from ..shared import roles
from . import account_word as aw
from . import clearance
from . import erc_errors
from . import lockups
from . import token_config as tc
from . import token_multiplier
from . import token_storage as s

uses: s
uses: lockups
uses: roles
uses: clearance
uses: token_multiplier


@external
@view
def name() -> String[64]:
    """
    @notice The stock's name.
    """
    return s.name


@external
@view
def symbol() -> String[16]:
    """
    @notice The stock's ticker.
    """
    length: uint256 = (s.identity >> 224) & 255
    left: uint256 = ((s.identity >> 96) & (2**128 - 1)) << (256 - 8 * length)
    text: Bytes[16] = slice(convert(left, bytes32), 0, 16)
    return convert(slice(text, 0, length), String[16])


@external
@pure
def decimals() -> uint8:
    """
    @notice 18: raw units per token. A constant, so it reads the same through the proxy.
    """
    return 18


@external
@view
def isin() -> String[12]:
    """
    @notice The ISIN at birth. The factory's `tokenOf` follows later changes.
    """
    if s.identity == 0:
        return ""
    return convert(slice(convert(s.identity << 160, bytes32), 0, 12), String[12])


@external
@view
def series() -> uint256:
    """
    @notice Which stock of its ISIN at birth this is, from 1; no other has both.
    """
    return s.identity >> 232


@external
@view
def totalSupply() -> uint256:
    """
    @notice Raw units in existence.
    """
    return s.config & tc.SUPPLY_MASK


@external
@view
def balanceOf(account: address) -> uint256:
    """
    @notice Raw units held.
    """
    return s.words[account] & aw.BALANCE_MASK


@external
@view
def allowance(owner: address, spender: address) -> uint256:
    """
    @notice Raw units that `spender` may move for `owner`; 2**256-1 is without limit and is not counted down.
    """
    return s.allowances[owner][spender]


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Lets `spender` move up to `amount` raw units of the caller. Allowed while paused, so that a holder can revoke.
    @dev Errors: "token: halted", ERC20InvalidSpender for the zero address.
    """
    self._approve(msg.sender, spender, amount)
    return True


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Moves `amount` raw units from the caller to `to`.
    @dev Errors, in order: "token: halted", "token: paused", ERC20InvalidReceiver, ERC7943CannotSend,
         ERC7943CannotReceive, ERC20InsufficientBalance, ERC7943InsufficientUnfrozenBalance; of a stock with holder
         limits, those of the registry's `moved`.
    """
    config: uint256 = self._live()
    self._transfer(msg.sender, to, amount, config)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves `amount` raw units from `owner` to `to` out of the caller's allowance: the only path to another's balance.
    @dev Errors: as transfer, with ERC7943CannotSend (the caller is known here as blocked or frozen),
         ERC20InsufficientAllowance and ERC20InvalidSender after "token: paused".
    """
    config: uint256 = self._live()
    if clearance._is_stopped(msg.sender, config):
        erc_errors._cannot_send(msg.sender)
    allowed: uint256 = s.allowances[owner][msg.sender]
    if allowed != max_value(uint256):
        if allowed < amount:
            erc_errors._insufficient_allowance(msg.sender, allowed, amount)
        s.allowances[owner][msg.sender] = unsafe_sub(allowed, amount)
    # Nobody sends from the zero address, but anybody may move nothing for anybody.
    if owner == empty(address):
        erc_errors._invalid_sender(owner)
    self._transfer(owner, to, amount, config)
    return True


@external
def mint(to: address, amount: uint256) -> bool:
    """
    @notice Creates `amount` raw units for `to`, if the reserve covers them. MINTER only: the primary market, and a
            SubscriptionVault for itself, of which no clearance is asked: it hands them to cleared subscribers alone.
    @dev Errors, in order: "roles: not authorised", "token: halted", "token: paused", "token: mints ended",
         "token: mints suspended", "token: zero amount", ERC20InvalidReceiver, ERC7943CannotReceive, "token: supply too
         large", the registry's limits, the ReserveFeed's,
         "reserve: refused" (it answered no, which the project's own feed never does).
    """
    roles._check(roles.MINTER)
    config: uint256 = self._live()
    assert not tc._has_ended(config), "token: mints ended"
    assert config & tc.SUSPENDED == 0, "token: mints suspended"
    assert amount != 0, "token: zero amount"
    if to == empty(address):
        erc_errors._invalid_receiver(to)
    if to != msg.sender and not clearance._ensure(to, config):
        erc_errors._cannot_receive(to)
    supply: uint256 = config & tc.SUPPLY_MASK
    assert amount <= tc.SUPPLY_MASK - supply, "token: supply too large"
    # The bound on the supply bounds each balance, so neither addition can reach its neighbour's bits.
    s.config = config + amount
    s.words[to] += amount
    log IERC20.Transfer(sender=empty(address), receiver=to, value=amount)
    clearance._count(empty(address), to, amount, config, True)
    index: uint256 = 0
    num: uint256 = 0
    den: uint256 = 0
    index, num, den = token_multiplier._reserve_terms()
    assert extcall s.FEED.check(supply, supply + amount, index, num, den), "reserve: refused"
    return True


@external
def burn(account: address, amount: uint256) -> bool:
    """
    @notice Destroys `amount` raw units of `account`, which is redeeming them. MINTER only: the primary market, which has
            the holder's own call. A lapsed clearance does not stop it; a block, a freeze, a pause or a halt does.
    @dev Errors, in order: "roles: not authorised", "token: halted", "token: paused", "token: zero amount",
         ERC7943CannotSend, ERC20InsufficientBalance, ERC7943InsufficientUnfrozenBalance.
    """
    roles._check(roles.MINTER)
    config: uint256 = self._live()
    assert amount != 0, "token: zero amount"
    if not clearance._may_leave(account, config):
        erc_errors._cannot_send(account)
    word: uint256 = self._spendable(account, s.words[account], amount)
    s.words[account] = unsafe_sub(word, amount)
    s.config = config - amount
    log IERC20.Transfer(sender=account, receiver=empty(address), value=amount)
    clearance._count(account, empty(address), amount, config, False)
    return True


@internal
@view
def _live() -> uint256:
    """
    @dev The configuration word, unless the fleet is halted or the stock paused.
    """
    assert s.MODE != tc.HALTED, "token: halted"
    config: uint256 = s.config
    assert config & tc.PAUSED == 0, "token: paused"
    return config


@internal
@view
def _check_not_halted():
    assert s.MODE != tc.HALTED, "token: halted"


@internal
def _approve(owner: address, spender: address, amount: uint256):
    self._check_not_halted()
    if spender == empty(address):
        erc_errors._invalid_spender(spender)
    s.allowances[owner][spender] = amount
    log IERC20.Approval(owner=owner, spender=spender, value=amount)


@internal
@view
def _spendable(account: address, word: uint256, amount: uint256) -> uint256:
    """
    @dev The word, whose balance covers `amount`, what is frozen and what is locked excluded; without the LOCKED flag if
         the last lock-up has ended.
    """
    if word & aw.BALANCE_MASK < amount:
        erc_errors._insufficient_balance(account, word & aw.BALANCE_MASK, amount)
    if word & aw.HELD_MASK != 0:
        available: uint256 = clearance._available(account, word)
        if available < amount:
            erc_errors._insufficient_unfrozen(account, amount, available)
        if word & aw.LOCKED != 0 and lockups._locked(account) == 0:
            return word & ~aw.LOCKED
    return word


@internal
def _transfer(sender: address, to: address, amount: uint256, config: uint256):
    if to == empty(address):
        erc_errors._invalid_receiver(to)
    sender_word: uint256 = s.words[sender]
    to_word: uint256 = s.words[to]
    known: bool = s.MODE != tc.STRICT and clearance._is_clear(sender_word, config)
    if not (known and clearance._is_clear(to_word, config)):
        if amount == 0:
            # Nothing moves, so nobody is enrolled: whoever is blocked later pays for each stock that knows it.
            if not clearance._would_be_clear(sender, config):
                erc_errors._cannot_send(sender)
            if not clearance._would_be_clear(to, config):
                erc_errors._cannot_receive(to)
        else:
            # Asking calls out, and the answer may bring news of the other: a word read before is not believed after.
            if not known:
                if not clearance._is_clear(clearance._refresh(sender, config), config):
                    erc_errors._cannot_send(sender)
                to_word = s.words[to]
            if known or s.MODE == tc.STRICT or not clearance._is_clear(to_word, config):
                to_word = clearance._refresh(to, config)
                if not clearance._is_clear(to_word, config):
                    erc_errors._cannot_receive(to)
            sender_word = s.words[sender]
    sender_word = unsafe_sub(self._spendable(sender, sender_word, amount), amount)
    s.words[sender] = sender_word
    if sender == to:
        to_word = sender_word
    # The sum of balances is the supply, below 2**128.
    s.words[to] = unsafe_add(to_word, amount)
    log IERC20.Transfer(sender=sender, receiver=to, value=amount)
    # Asked here as well as there: a stock without limits does not pay for the call.
    if config & tc.CAPPED != 0:
        clearance._count(sender, to, amount, config, True)
