"""What should hold, in plain Python: who is cleared or blocked, who holds what, and how each transfer must end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

DONE = "done"


@dataclass
class Investor:
    """A line of the register."""

    expiry: int
    wallets: list[str]
    blocked: bool = False


@dataclass
class Stock:
    """A stock's own book."""

    allowlist: bool
    balances: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    frozen: set[str] = field(default_factory=set)
    frozen_tokens: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass
class Truth:
    """The register and the books. Methods that judge return a refusal's name or DONE, and change nothing."""

    investors: dict[int, Investor]
    stocks: list[Stock]
    now: int
    strangers_blocked: set[str] = field(default_factory=set)

    def investor_of(self, wallet: str) -> Investor | None:
        """Whose wallet it is."""
        return next((investor for investor in self.investors.values() if wallet in investor.wallets), None)

    def cleared_until(self, wallet: str) -> int:
        """The expiry of the wallet's investor, 0 for a stranger."""
        investor = self.investor_of(wallet)
        return investor.expiry if investor else 0

    def is_blocked(self, wallet: str) -> bool:
        """Blocked itself, or through its investor."""
        investor = self.investor_of(wallet)
        return wallet in self.strangers_blocked or (investor is not None and investor.blocked)

    def stands(self, stock: Stock, wallet: str) -> bool:
        """Whether it may send and receive."""
        cleared = not stock.allowlist or self.now < self.cleared_until(wallet)
        return cleared and wallet not in stock.frozen and not self.is_blocked(wallet)

    def unfrozen(self, stock: Stock, wallet: str) -> int:
        """What of its balance may move."""
        return max(0, stock.balances[wallet] - stock.frozen_tokens[wallet])

    def judge_transfer(self, stock: Stock, sender: str, to: str, amount: int) -> str:
        """How a transfer must end."""
        if not self.stands(stock, sender):
            return "ERC7943CannotSend"
        if not self.stands(stock, to):
            return "ERC7943CannotReceive"
        return self._judge_debit(stock, sender, amount)

    def judge_burn(self, stock: Stock, wallet: str, amount: int) -> str:
        """How a redemption must end."""
        if wallet in stock.frozen or self.is_blocked(wallet):
            return "ERC7943CannotSend"
        return self._judge_debit(stock, wallet, amount)

    def judge_mint(self, stock: Stock, wallet: str) -> str:
        """How a mint must end."""
        return DONE if self.stands(stock, wallet) else "ERC7943CannotReceive"

    def judge_seizure(self, stock: Stock, sender: str, to: str, amount: int) -> str:
        """How a forced transfer must end."""
        if sender == to:
            return "ERC7943CannotTransfer"
        if not self.stands(stock, to):
            return "ERC7943CannotReceive"
        return DONE if amount <= stock.balances[sender] else "ERC20InsufficientBalance"

    def _judge_debit(self, stock: Stock, wallet: str, amount: int) -> str:
        if amount > stock.balances[wallet]:
            return "ERC20InsufficientBalance"
        if amount > self.unfrozen(stock, wallet):
            return "ERC7943InsufficientUnfrozenBalance"
        return DONE
