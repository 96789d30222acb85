"""The ledger protocol on Solana: every instruction as the transactions that carry it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solders.instruction import Instruction as Call

from scrip.instructions.base import Instruction
from scrip.ledger import SOLANA, ActionState, ChainTraits, Coverage, MultiplierState, Receipt, Surplus
from scrip.solana.encoding import tokens
from scrip.solana.handlers import APPLIED, CALLS, Context, actions, market, reserve, transfers
from scrip.units import RawUnits, Stablecoin


@dataclass
class SolanaLedger(Context):
    """The stock-token program as a ledger."""

    traits: ChainTraits = SOLANA

    # --- the protocol ---

    def advance_to(self, t: int) -> None:
        """Move the clock to `t`; ValueError when that is in the past."""
        self.chain.advance_to(t)

    def balance(self, stock: str, account: str) -> RawUnits:
        """Raw units of an account's canonical token account, and what of its units is bound."""
        return transfers.read_balance(self, stock, account)

    def supply(self, stock: str) -> RawUnits:
        """Raw units of all accounts together."""
        return RawUnits(tokens.supply(self.mint_data(self.listing(stock))), self.traits.decimals)

    def multiplier(self, stock: str) -> MultiplierState:
        """The multiplier as the program's view shows it now."""
        return actions.read_multiplier(self, stock)

    def stablecoin(self, account: str) -> Stablecoin:
        """Settlement currency of an account."""
        return market.read_stablecoin(self, account)

    def coverage(self, stock: str) -> Coverage:
        """The backing as the program's view shows it now."""
        return reserve.read_coverage(self, stock)

    def surplus(self, stock: str) -> Surplus:
        """What a custodian may sell, by the program's view of the backing and its actions' accounts."""
        return reserve.read_surplus(self, stock)

    def action(self, stock: str, code: str, reference: str) -> ActionState:
        """An action by what names it; of status "unknown" where it was never announced."""
        return actions.read_action(self, stock, code, reference)

    def actions(self, stock: str) -> Iterator[ActionState]:
        """Every action that was ever announced for a stock."""
        return actions.announced_actions(self, stock)

    def apply(self, instruction: Instruction) -> Receipt:
        """Send what the instruction is; Refusal with the reason decoded from the program's errors."""
        return APPLIED(self, instruction)

    def calls(self, order: Instruction) -> list[Call]:
        """The calls of the transaction that carries out an order. The accounts that it is about stand already.

        InputError for an order that the program does not know.
        """
        return CALLS(self, order)

    # --- beyond the protocol ---

    def balance_ui(self, stock: str, account: str) -> int:
        """The program's own conversion of a balance into shares, 8 decimals."""
        return int.from_bytes(self.view("ui_amount", stock, self.balance(stock, account).value), "little")

    def shown_multiplier(self, stock: str) -> float:
        """The multiplier as the mint itself shows it to wallets now: a float."""
        return tokens.shown_multiplier(self.mint_data(self.listing(stock)), self.now())

    def may_hold(self, stock: str, account: str) -> bool:
        """Whether the account could send and receive now, once anybody has thawed or frozen it as anybody may."""
        return transfers.may_hold(self, stock, account)
