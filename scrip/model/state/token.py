"""One stock's token: balances, supply, allowances, pauses, and the steps that changes of them are made of (law 1).

Amounts are raw units as integers.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from scrip.errors import Refusal
from scrip.holder_limits import StockRules
from scrip.instructions.base import Policy
from scrip.model.laws import lockups
from scrip.model.laws.arithmetic import to_shares
from scrip.model.laws.multiplier import Multiplier
from scrip.model.state.accounts import Account
from scrip.model.state.fleet import Fleet
from scrip.model.state.holder_limits import Holders
from scrip.model.state.investors import EVERYBODY, Investors
from scrip.model.state.keys import KeyBook
from scrip.model.state.reserve import Feed
from scrip.units import ShareWad, format_fixed


@dataclass(slots=True)
class Token:
    """A stock's token. The name "" is the zero address. Handlers check everything before they change anything."""

    name: str
    isin: str
    policy: Policy
    decimals: int
    fleet: Fleet
    investors: Investors
    feed: Feed
    multiplier: Multiplier = field(default_factory=Multiplier)
    supply: int = 0
    paused: bool = False
    mints_suspended: bool = False
    mints_end: int = 0
    accounts: dict[str, Account] = field(default_factory=dict)
    allowances: dict[tuple[str, str], int] = field(default_factory=dict)
    keys: KeyBook = field(default_factory=KeyBook)
    rules: StockRules = EVERYBODY
    holders: Holders = field(init=False)
    ticker: str = field(default="", compare=False)
    """What its units are called where people are told of them."""

    def __post_init__(self) -> None:
        self.holders = Holders(self.accounts, self.investors)

    # --- questions ---

    def account(self, name: str) -> Account:
        """The account's record, or an empty one that is not stored."""
        return self.accounts.get(name) or Account()

    def supply_shares(self, more: int = 0) -> ShareWad:
        """The supply, with `more` raw units, as backing counts it."""
        return to_shares(self.supply + more, self.decimals)

    def may_hold(self, account: str, now: int) -> bool:
        """Whether the account may send and receive, pauses apart.

        It is neither frozen nor blocked, and where the policy asks cleared and admitted by the rules.
        """
        cleared = self.policy == "BLOCKLIST" or now < self.investors.cleared_until(account, self.rules)
        return cleared and self.may_leave(account)

    def is_let_in(self, account: str, now: int) -> bool:
        """Whether the account is thawed, or may be: a strict sanctions list is asked about one that is not."""
        entry = self.investors.sanctions_list
        open_to_all = not entry.strict or self.policy == "BLOCKLIST"
        return open_to_all or self.account(account).thawed or entry.lets_in(account, now)

    def may_leave(self, account: str) -> bool:
        """Whether the account may redeem: a lapsed clearance does not stop it (law 8)."""
        record = self.account(account)
        admitted = record.enrolled or not self.investors.is_suspect(account)
        return admitted and not record.frozen and not self.investors.is_blocked(account)

    def leaving(self, account: str, now: int) -> int:
        """Raw units of an account that could be asked to be redeemed now."""
        if self.fleet.halted or self.paused or not self.may_leave(account):
            return 0
        return self.account(account).available(now)

    def is_stopped(self, spender: str) -> bool:
        """Whether the stock refuses a spender: it is frozen, or the stock has asked about it and it is blocked."""
        record = self.account(spender)
        return record.frozen or (record.asked and not self.may_leave(spender))

    def has_ended(self, now: int) -> bool:
        """Whether the second from which nothing is minted has come."""
        return 0 < self.mints_end <= now

    def check_change(self, effective_at: int, split: tuple[int, int], now: int) -> None:
        """Refuses a multiplier that would come after the stock's end, whose terms count the shares of a unit as they
        are then: what the reserve refuses of its split, then mints ended."""
        if 0 < self.mints_end < effective_at:
            multiplier = self.multiplier.settled(now)
            if split != multiplier.pending.split:
                copy.deepcopy(self.feed).schedule(
                    split, effective_at, self.supply_shares(), multiplier.reserve_index, now
                )
            raise Refusal("token: mints ended", f"{effective_at} is after its end, {self.mints_end}")

    def check_live(self) -> None:
        """Refuses while the stock stands still, in order: halted, paused."""
        if self.fleet.halted:
            raise Refusal("token: halted")
        if self.paused:
            raise Refusal("token: paused")

    def check_balance(self, account: str, amount: int) -> None:
        """Refuses an amount that the account does not have: ERC20InsufficientBalance."""
        balance = self.account(account).balance
        if amount > balance:
            raise Refusal("ERC20InsufficientBalance", f"{account} has {self.shown(balance)} of {self.shown(amount)}")

    def check_debit(self, account: str, amount: int, now: int) -> None:
        """Refuses, in order: ERC20InsufficientBalance, ERC7943InsufficientUnfrozenBalance."""
        self.check_balance(account, amount)
        available = self.account(account).available(now)
        if amount > available:
            detail = f"{account} has {self.shown(available)} of {self.shown(amount)} available"
            raise Refusal("ERC7943InsufficientUnfrozenBalance", detail)

    def shown(self, amount: int) -> str:
        """An amount in whole units and their name: "1.5 MSFT"."""
        return f"{format_fixed(amount, self.decimals)} {self.ticker}".rstrip()

    # --- steps, which check nothing ---

    def writable(self, name: str) -> Account:
        """The account's record, stored from now on."""
        return self.accounts.setdefault(name, Account())

    def let_in(self, name: str) -> None:
        """Thaw the account, where a strict sanctions list makes that a matter of its own."""
        if self.investors.sanctions_list.strict:
            self.writable(name).thawed = True

    def enrol(self, name: str) -> Account:
        """Let the stock know the account from now on, unless the sanctions oracle keeps it out; its record."""
        account = self.writable(name)
        account.asked = True
        account.enrolled |= not self.investors.is_suspect(name)
        return account

    def move(self, sender: str, to: str, amount: int) -> None:
        """Move units, whatever they are bound by."""
        self.writable(sender).balance -= amount
        self.writable(to).balance += amount
        self.holders.settle()

    def create(self, account: str, amount: int) -> None:
        """Mint units; the supply rises."""
        self.writable(account).balance += amount
        self.supply += amount
        self.holders.settle()

    def deliver(self, source: str, to: str, amount: int) -> None:
        """Move units to an account that the stock knows from now on."""
        self.enrol(to)
        self.move(source, to, amount)

    def destroy(self, account: str, amount: int) -> None:
        """Burn units; the supply falls."""
        self.writable(account).balance -= amount
        self.supply -= amount
        self.holders.settle()

    def dig(self, account: str, amount: int, now: int) -> None:
        """Make `amount` of the balance available: frozen units first, then locked ones.

        What is frozen or locked beyond the balance stays so.
        """
        holder = self.writable(account)
        missing = max(amount - holder.available(now), 0)
        unfrozen = min(missing, holder.frozen_tokens, holder.balance)
        holder.frozen_tokens -= unfrozen
        if missing > unfrozen:
            holder.lockups = lockups.dug(holder.lockups, missing - unfrozen, now)


def check_nonzero(amount: int) -> None:
    """Refuses an amount of nothing: zero amount."""
    if amount == 0:
        raise Refusal("token: zero amount")


def check_delivery(token: Token, source: str, receiver: str, amount: int, now: int) -> None:
    """Whether a contract may hand out units that it holds, whose own clearance nobody asks for.

    Refuses, in order: halted, paused, zero amount, ERC7943CannotReceive, then as the holder limits.
    """
    token.check_live()
    check_nonzero(amount)
    if not token.may_hold(receiver, now):
        raise Refusal("ERC7943CannotReceive", receiver)
    token.holders.check(source, receiver, amount)


def takes(token: Token, source: str, receiver: str, amount: int, now: int) -> bool:
    """Whether check_delivery refuses nothing."""
    try:
        check_delivery(token, source, receiver, amount, now)
    except Refusal:
        return False
    return True


def check_receiver(to: str) -> None:
    """Refuses: ERC20InvalidReceiver, for the zero address."""
    if not to:
        raise Refusal("ERC20InvalidReceiver")
