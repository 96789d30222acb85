"""Three ledgers of one history: Solana's model and program beside the model and the contracts of an EVM chain."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace

from machine.holder_limits_rules import OFFICER
from machine.twins import DONE, Twins, answer_of
from support.reused_cluster import reused

from scrip import instructions as ins
from scrip.instructions.base import Instruction
from scrip.instructions.subjects import Subjects
from scrip.ledger import SOLANA
from scrip.model.ledger import ModelLedger
from scrip.solana.deploy.suite import deploy_suite
from scrip.solana.ledger import SolanaLedger
from scrip.units import RawUnits

_EVM_ALONE = (
    ins.TransferFrom,
    ins.OpenCase,
    ins.CloseCase,
    ins.SetFrozenTokens,
    ins.Lock,
    ins.ReleaseLocks,
    ins.SetHolderLimits,
    ins.RemoveHolderLimits,
    ins.SeedHolders,
    ins.OnboardAttested,
    ins.CancelAttestation,
    ins.DropProvider,
    ins.ReadmitProvider,
    ins.SetSanctionsOracle,
    ins.SuspendSanctionsOracle,
    ins.Screen,
    ins.AnswerSanctions,
    ins.RevokeQuote,
    ins.RevokeQuotes,
    ins.SetMarketBand,
    ins.SetMarketLimit,
    ins.SetQuoteTerms,
    ins.SetPeg,
    ins.PokePeg,
)
ABSENT = (*_EVM_ALONE, ins.Approve, ins.Halt, ins.Unhalt, ins.BlockWallet, ins.UnblockWallet)
"""What Solana does not offer, or offers otherwise: it is skipped there. What is bound of an account is kept apart there
and cannot be more than it has; tests/solana/test_bound_units holds that to the model."""
UNDONE = _EVM_ALONE
"""Of these the EVM side is wound back once it has been compared, so that both sides go on from the same balances."""
LAG = "lag"
FOREVER = 1 << 39


def for_solana(instruction: Instruction) -> Instruction:
    """The same with amounts of 8 decimals."""
    amounts = {field.name: getattr(instruction, field.name) for field in fields(instruction)}
    units = {name: value for name, value in amounts.items() if isinstance(value, RawUnits)}
    return replace(instruction, **{name: value.to_decimals(SOLANA.decimals) for name, value in units.items()})


class SolanaTwins(Twins):
    """Solana's model and the program, in a fresh LiteSVM.

    The model goes by the clock. On the chain a clearance that lapses leaves the holder's canonical token account thawed
    until somebody calls `freeze`, and until then the token program moves units from and to it: that is the lag. Nothing
    else lags: a mint asks the clock, and a block, an unlinking or an enforcer's freeze freezes at once. Here nobody
    cranks but `crank` and `_lagging_transfer`, which also sees to it that both sides hold the same afterwards.
    """

    def __init__(self, start: int) -> None:
        chain, program = reused(start)
        self.ledger = SolanaLedger(chain, deploy_suite(chain, program), prompt=False)
        super().__init__(ModelLedger(SOLANA, start), {"solana": self.ledger}, ("solana",))
        self.cranked: set[tuple[str, str]] = set()

    def source_of(self, stock: str) -> ins.ReserveSource:
        """The program has no other."""
        return "attested"

    def apply(self, instruction: Instruction) -> str:
        """The one answer of both; DONE for what is skipped."""
        if isinstance(instruction, ABSENT):
            return DONE
        instruction = for_solana(instruction)
        if isinstance(instruction, ins.Transfer) and instruction.to:
            lagging = [a for a in (instruction.sender, instruction.to) if self.lags(instruction.stock, a)]
            if lagging:
                return self._lagging_transfer(instruction, lagging)
        return super().apply(instruction)

    def apply_to_evm_alone(self, instruction: Instruction) -> str | None:
        """There is no EVM here."""
        return None

    def lags(self, stock: str, account: str) -> bool:
        """Whether the account may still hold and move units on the chain only because nobody has cranked it."""
        if self.model.may_hold(stock, account):
            self.cranked.discard((stock, account))
            return False
        open_still = self.ledger.may_hold(stock, account)
        if open_still:
            token = self.model.stocks[stock].token
            lapsed = 0 < self.model.investors.cleared_until(account) <= self.model.now()
            lapsed |= (
                self.model.investors.cleared_until(account, token.rules)
                == 0
                < self.model.investors.cleared_until(account)
            )
            held = self.model.stocks[stock].token.account(account).frozen
            assert lapsed, f"{account} is thawed without a clearance"
            assert not held, f"{account} is thawed in spite of a freeze"
            assert not self.model.investors.is_blocked(account), f"{account} is thawed in spite of a block"
            assert (stock, account) not in self.cranked, f"{account} was thawed after the crank"
        return open_still

    def crank(self, stock: str, account: str) -> bool:
        """Anyone freezes the account if it lags; whether it did. Where it does not, the program refuses the crank."""
        lagged = self.lags(stock, account)
        assert self.ledger.investors.crank(stock, account) == lagged, (stock, account)
        if lagged:
            self.cranked.add((stock, account))
        assert not self.lags(stock, account)
        return lagged

    def _lagging_transfer(self, order: ins.Transfer, lagging: list[str]) -> str:
        """Before the crank the chain answers as if the lapsed parties were cleared; after it, as the model does."""
        expected, late = answer_of(self.model, order), self._as_if_cleared(order, lagging)
        before = answer_of(late, order)
        got = answer_of(self.ledger, order)
        assert got == before, f"{order}\nbefore the crank: {before}\nsolana: {got}"
        if before == DONE:
            self.tally[LAG] += 1
            back = replace(order, sender=order.to, to=order.sender)
            assert answer_of(self.ledger, back) == DONE
        if before != expected:
            for account in set(lagging):
                assert self.crank(order.stock, account)
            got = answer_of(self.ledger, order)
            assert got == expected, f"{order}\nafter the crank: {expected}\nsolana: {got}"
        self.tally[expected] += 1
        return expected

    def _as_if_cleared(self, order: ins.Transfer, lagging: list[str]) -> ModelLedger:
        """A party that was cranked stays shut, though its investor's other wallet lags."""
        late = self.model.copy()
        for account in {order.sender, order.to} - set(lagging):
            if not self.model.may_hold(order.stock, account):
                late.stocks[order.stock].token.account(account).frozen = True
        for account in lagging:
            late.investors.records[late.investors.investor_of(account)].expiry = FOREVER
        return late

    def compare_clearance(self, stock: str, accounts: list[str], stopped: bool) -> None:
        """No account is less open than the model says, and only one that lags is more open."""
        for account in accounts:
            if stopped:
                assert not self.ledger.may_hold(stock, account), (stock, account)
            elif not self.lags(stock, account):
                expected = self.model.may_hold(stock, account)
                assert not expected or self.ledger.may_hold(stock, account), (stock, account)


class ThreeTwins(Twins):
    """Both sides at once. What both offer is answered by all alike."""

    def __init__(self, evm: Twins, solana: SolanaTwins) -> None:
        super().__init__(evm.model, evm.chains, evm.watched)
        self.solana = solana
        self.halted = False

    def source_of(self, stock: str) -> ins.ReserveSource:
        """What both sides have."""
        return "attested"

    def apply(self, instruction: Instruction) -> str:
        """The EVM side's answer, which is Solana's too where Solana offers the instruction."""
        if isinstance(instruction, UNDONE):
            return self._on_evm_alone(instruction)
        answer = super().apply(instruction)
        if isinstance(instruction, ins.SetStockRules) and instruction.by == OFFICER:
            # A role has one holder on Solana, who administers here, too.
            assert self.solana.apply(instruction) == "roles: not authorised"
            if answer == DONE:
                assert self.solana.apply(replace(instruction, by=ins.ISSUER)) == DONE
        elif isinstance(instruction, ins.Halt | ins.Unhalt):
            self.halted = isinstance(instruction, ins.Halt) if answer == DONE else self.halted
        elif not isinstance(instruction, ABSENT) and answer not in ("token: halted", "beacon: halted"):
            other = self.solana.apply(instruction)
            assert other == answer, f"{instruction}\nthe EVM's model: {answer}\nSolana's model: {other}"
        return answer

    def apply_to_evm_alone(self, instruction: Instruction) -> str | None:
        """Such as an amount that only the EVM can hold."""
        return self._on_evm_alone(instruction)

    def _on_evm_alone(self, instruction: Instruction) -> str:
        model = self.model.copy()
        marks = {name: chain.chain.mark() for name, chain in self.chains.items()}
        answer = super().apply(instruction)
        if answer == DONE:
            for stock in model.stocks:
                super().compare_holdings(stock, list(model.market.coins))
        for name, mark in marks.items():
            self.chains[name].chain.back_to(mark)
        self.model.__dict__.update(model.__dict__)
        return answer

    def crank(self, stock: str, account: str) -> bool:
        """Only Solana needs it."""
        return self.solana.crank(stock, account)

    def advance_to(self, t: int) -> None:
        """Move every clock."""
        super().advance_to(t)
        self.solana.advance_to(t)

    def watch_all(self) -> None:
        """Look at the slow chains too."""
        super().watch_all()
        self.tally += Counter({LAG: self.solana.tally[LAG]})

    def compare_holdings(self, stock: str, accounts: list[str]) -> None:
        """Each side by itself, and the same raw amounts on both."""
        super().compare_holdings(stock, accounts)
        self.solana.compare_holdings(stock, accounts)
        for account in accounts:
            there = self.solana.model.balance(stock, account).to_decimals(self.model.traits.decimals)
            assert there == self.model.balance(stock, account), (stock, account)

    def compare_multiplier(self, stock: str, accounts: list[str]) -> None:
        """Each side by itself, and the same multiplier on both."""
        super().compare_multiplier(stock, accounts)
        self.solana.compare_multiplier(stock, accounts)
        assert self.solana.model.multiplier(stock) == self.model.multiplier(stock), stock

    def compare_clearance(self, stock: str, accounts: list[str], stopped: bool) -> None:
        """Each side by itself; a halt does not stop Solana."""
        super().compare_clearance(stock, accounts, stopped)
        self.solana.compare_clearance(stock, accounts, stopped and not self.halted)

    def compare_state(self, subjects: Subjects) -> None:
        """Each side by itself."""
        super().compare_state(subjects)
        self.solana.compare_state(subjects)

    def compare_coverage(self, stock: str) -> None:
        """Each side by itself, and the same backing on both."""
        super().compare_coverage(stock)
        self.solana.compare_coverage(stock)
        assert self.solana.model.coverage(stock) == self.model.coverage(stock), stock
