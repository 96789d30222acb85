"""One stock's token: balances, supply, allowances, pauses and enforcement. Amounts are raw units as integers."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrip.errors import Refusal
from scrip.holder_limits import StockRules
from scrip.instructions import Policy
from scrip.model import lockups
from scrip.model.arithmetic import U40_MAX, U128_MAX, to_shares
from scrip.model.holder_limits import Holders
from scrip.model.investors import EVERYBODY, Directory, KeyBook
from scrip.model.lockups import Lockups, Tranche
from scrip.model.multiplier import Multiplier
from scrip.model.reasons import check_grounds
from scrip.model.reserve import Feed

U256_MAX = 2**256 - 1
UNLIMITED = U256_MAX
"""An allowance that is not counted down."""


@dataclass(slots=True)
class Fleet:
    """What all stocks share beside the directory."""

    halted: bool = False


@dataclass(slots=True)
class Account:
    """An account of one stock. Frozen and locked amounts may exceed the balance; `case` says whether one is open.

    `enrolled` says whether the stock has met it: then the sanctions oracle is not asked about it any more.
    """

    balance: int = 0
    frozen: bool = False
    frozen_tokens: int = 0
    case: bool = False
    lockups: Lockups = ()
    enrolled: bool = False

    def available(self, now: int) -> int:
        """Raw units that may move: what is neither frozen nor locked. The two add up, saturating at the balance."""
        return max(self.balance - self.frozen_tokens - lockups.locked(self.lockups, now), 0)


@dataclass(slots=True)
class Token:
    """A stock. The name "" is the zero address. Methods check everything before they change anything."""

    name: str
    isin: str
    policy: Policy
    decimals: int
    fleet: Fleet
    directory: Directory
    feed: Feed
    multiplier: Multiplier = field(default_factory=Multiplier)
    supply: int = 0
    paused: bool = False
    accounts: dict[str, Account] = field(default_factory=dict)
    allowances: dict[tuple[str, str], int] = field(default_factory=dict)
    keys: KeyBook = field(default_factory=KeyBook)
    rules: StockRules = EVERYBODY
    holders: Holders = field(init=False)

    def __post_init__(self) -> None:
        self.holders = Holders(self.accounts, self.directory)

    # --- views ---

    def account(self, name: str) -> Account:
        """The account's record, or an empty one that is not stored."""
        return self.accounts.get(name) or Account()

    def supply_shares(self, more: int = 0) -> int:
        """The supply, with `more` raw units, in 18 decimals."""
        return to_shares(self.supply + more, self.decimals)

    def stands(self, account: str, now: int) -> bool:
        """Whether the account may send and receive: neither frozen nor blocked, and where the policy asks cleared and
        admitted by the rules."""
        cleared = self.policy == "BLOCKLIST" or now < self.directory.cleared_until(account, self.rules)
        return cleared and self.may_leave(account)

    def may_leave(self, account: str) -> bool:
        """Whether the account may redeem: a lapsed clearance does not stop it (law 8)."""
        record = self.account(account)
        admitted = record.enrolled or not self.directory.is_suspect(account)
        return admitted and not record.frozen and not self.directory.is_blocked(account)

    # --- holders ---

    def transfer(self, sender: str, to: str, amount: int, now: int) -> None:
        """Refuses, in order: halted, paused, ERC20InvalidReceiver, ERC7943CannotSend, ERC7943CannotReceive,
        ERC20InsufficientBalance, ERC7943InsufficientUnfrozenBalance, then as the holder limits."""
        self._check_live()
        self._check_transfer(sender, to, amount, now)
        self._move_between(sender, to, amount)

    def transfer_from(self, spender: str, sender: str, to: str, amount: int, now: int) -> None:
        """As transfer, with ERC20InsufficientAllowance and ERC20InvalidSender after paused."""
        self._check_live()
        allowed = self.allowances.get((sender, spender), 0)
        if allowed < amount:
            raise Refusal("ERC20InsufficientAllowance", f"{spender} may move {allowed}")
        if not sender:
            raise Refusal("ERC20InvalidSender")
        self._check_transfer(sender, to, amount, now)
        if allowed != UNLIMITED:
            self.allowances[sender, spender] = allowed - amount
        self._move_between(sender, to, amount)

    def approve(self, owner: str, spender: str, amount: int) -> None:
        """Refuses, in order: halted, ERC20InvalidSpender. A pause does not stop it: a holder can revoke."""
        if self.fleet.halted:
            raise Refusal("token: halted")
        if not spender:
            raise Refusal("ERC20InvalidSpender")
        self.allowances[owner, spender] = amount

    # --- the primary market's ---

    def mint(self, to: str, amount: int, now: int) -> None:
        """Refuses, in order: halted, paused, zero amount, ERC20InvalidReceiver, ERC7943CannotReceive, supply too
        large, then as the holder limits and as the feed's check of the supply after the mint (law 5)."""
        self._check_live()
        _check_nonzero(amount)
        _check_receiver(to)
        if not self.stands(to, now):
            raise Refusal("ERC7943CannotReceive", to)
        if self.supply + amount > U128_MAX:
            raise Refusal("token: supply too large")
        self.holders.check("", to, amount)
        terms = self.multiplier.settled(now)
        self.feed.check(self.supply_shares(amount), terms.reserve_index, terms.current.split, now)
        self.supply += amount
        self._enrol(to).balance += amount

    def check_burn(self, account: str, amount: int, now: int) -> None:
        """Refuses, in order: halted, paused, zero amount, ERC7943CannotSend, ERC20InsufficientBalance,
        ERC7943InsufficientUnfrozenBalance."""
        self._check_live()
        _check_nonzero(amount)
        if not self.may_leave(account):
            raise Refusal("ERC7943CannotSend", account)
        self._check_debit(account, amount, now)

    def burn(self, account: str, amount: int, now: int) -> None:
        """Destroys units; refuses as check_burn."""
        self.check_burn(account, amount, now)
        self._enrol(account)
        self._destroy(account, amount)

    # --- pauses and enforcement ---

    def set_paused(self, paused: bool) -> None:
        """Refuses, in order: halted, paused / not paused."""
        if self.fleet.halted:
            raise Refusal("token: halted")
        if self.paused == paused:
            raise Refusal("token: paused" if paused else "token: not paused")
        self.paused = paused

    def open_case(self, account: str, reason: int, document: str) -> None:
        """Refuses, in order: reason and document, already open."""
        check_grounds("case", reason, document)
        if self.account(account).case:
            raise Refusal("case: already open", account)
        self._enrol(account).case = True

    def close_case(self, account: str) -> None:
        """Refuses "case: none open"."""
        self._check_case(account)
        self._writable(account).case = False

    def freeze(self, key: str, account: str, frozen: bool, reason: int, document: str) -> None:
        """Refuses, in order: reason and document, keys: used. Repeating it is accepted."""
        self._check_grounds(key, reason, document)
        self._enrol(account).frozen = frozen
        self.keys.consume(key)

    def set_frozen_tokens(self, key: str, account: str, amount: int, reason: int, document: str) -> None:
        """Refuses, in order: none open (without reason, document and key), reason and document, keys: used."""
        self._check_forced(key, account, reason, document)
        self._enrol(account).frozen_tokens = amount
        self.keys.consume(key)

    def forced_transfer(
        self, key: str, sender: str, to: str, amount: int, reason: int, document: str, now: int
    ) -> None:
        """Refuses, in order: as set_frozen_tokens, ERC20InvalidReceiver, ERC7943CannotTransfer (to itself),
        ERC7943CannotReceive, ERC20InsufficientBalance. What it digs into is unfrozen."""
        self._check_forced(key, sender, reason, document)
        _check_receiver(to)
        if sender == to:
            raise Refusal("ERC7943CannotTransfer", to)
        if not self.stands(to, now):
            raise Refusal("ERC7943CannotReceive", to)
        self._check_balance(sender, amount)
        self._dig(sender, amount, now)
        self._enrol(to)
        self._move(sender, to, amount)
        self.keys.consume(key)

    def forced_burn(self, key: str, account: str, amount: int, reason: int, document: str, now: int) -> None:
        """Refuses, in order: reason and document, keys: used, zero amount, ERC20InsufficientBalance."""
        self._check_grounds(key, reason, document)
        _check_nonzero(amount)
        self._check_balance(account, amount)
        self._dig(account, amount, now)
        self._destroy(account, amount)
        self.keys.consume(key)

    def lock(self, key: str, account: str, fresh: Tranche, reason: int, document: str, now: int) -> None:
        """Refuses, in order: reason and document, keys: used, bad amount, bad date."""
        self._check_grounds(key, reason, document)
        if not 0 < fresh.amount <= U128_MAX:
            raise Refusal("lockup: bad amount", str(fresh.amount))
        if not now < fresh.until <= U40_MAX:
            raise Refusal("lockup: bad date", str(fresh.until))
        holder = self._enrol(account)
        holder.lockups = lockups.added(holder.lockups, fresh, now)
        self.keys.consume(key)

    def release_locks(self, key: str, account: str, reason: int, document: str, now: int) -> None:
        """Refuses, in order: reason and document, keys: used, none."""
        self._check_grounds(key, reason, document)
        if not lockups.running(self.account(account).lockups, now):
            raise Refusal("lockup: none", account)
        self._writable(account).lockups = ()
        self.keys.consume(key)

    def recover(self, account: str, successor: str, now: int) -> None:
        """The successor, enrolled, takes over all that the account has here, whatever the state of anything.

        Allowances stay.

        Refuses, in order: ERC20InvalidReceiver, ERC7943CannotTransfer (to itself).
        """
        _check_receiver(successor)
        if account == successor:
            raise Refusal("ERC7943CannotTransfer", successor)
        old, heir = self._writable(account), self._enrol(successor)
        heir.balance += old.balance
        heir.frozen |= old.frozen
        heir.frozen_tokens = min(heir.frozen_tokens + old.frozen_tokens, U256_MAX)
        heir.case |= old.case
        for tranche in lockups.running(old.lockups, now):
            heir.lockups = lockups.added(heir.lockups, tranche, now)
        self.accounts[account] = Account(enrolled=old.enrolled)
        self.holders.settle()

    # --- parts ---

    def _writable(self, name: str) -> Account:
        return self.accounts.setdefault(name, Account())

    def _enrol(self, name: str) -> Account:
        """The account, which the stock knows from now on, unless the sanctions oracle keeps it out."""
        account = self._writable(name)
        account.enrolled |= not self.directory.is_suspect(name)
        return account

    def _move_between(self, sender: str, to: str, amount: int) -> None:
        """A holder's transfer. One of nothing enrols nobody."""
        if amount:
            self._enrol(sender)
            self._enrol(to)
        self._move(sender, to, amount)

    def _move(self, sender: str, to: str, amount: int) -> None:
        self._writable(sender).balance -= amount
        self._writable(to).balance += amount
        self.holders.settle()

    def _destroy(self, account: str, amount: int) -> None:
        self._writable(account).balance -= amount
        self.supply -= amount
        self.holders.settle()

    def _check_live(self) -> None:
        if self.fleet.halted:
            raise Refusal("token: halted")
        if self.paused:
            raise Refusal("token: paused")

    def _check_transfer(self, sender: str, to: str, amount: int, now: int) -> None:
        _check_receiver(to)
        if not self.stands(sender, now):
            raise Refusal("ERC7943CannotSend", sender)
        if not self.stands(to, now):
            raise Refusal("ERC7943CannotReceive", to)
        self._check_debit(sender, amount, now)
        self.holders.check(sender, to, amount)

    def _check_balance(self, account: str, amount: int) -> None:
        balance = self.account(account).balance
        if amount > balance:
            raise Refusal("ERC20InsufficientBalance", f"{account} has {balance} of {amount}")

    def _check_debit(self, account: str, amount: int, now: int) -> None:
        self._check_balance(account, amount)
        available = self.account(account).available(now)
        if amount > available:
            raise Refusal("ERC7943InsufficientUnfrozenBalance", f"{account} has {available} of {amount} available")

    def _dig(self, account: str, amount: int, now: int) -> None:
        """Makes `amount` of the balance available: frozen units first, then locked ones. What is frozen or locked
        beyond the balance stays so."""
        holder = self._writable(account)
        missing = max(amount - holder.available(now), 0)
        unfrozen = min(missing, holder.frozen_tokens, holder.balance)
        holder.frozen_tokens -= unfrozen
        if missing > unfrozen:
            holder.lockups = lockups.dug(holder.lockups, missing - unfrozen, now)

    def _check_case(self, account: str) -> None:
        if not self.account(account).case:
            raise Refusal("case: none open", account)

    def _check_forced(self, key: str, account: str, reason: int, document: str) -> None:
        if reason == 0 and not document and not key:
            self._check_case(account)
            return
        self._check_grounds(key, reason, document)

    def _check_grounds(self, key: str, reason: int, document: str) -> None:
        check_grounds("case", reason, document)
        self.keys.check(key)


def _check_nonzero(amount: int) -> None:
    if amount == 0:
        raise Refusal("token: zero amount")


def _check_receiver(to: str) -> None:
    if not to:
        raise Refusal("ERC20InvalidReceiver")
