"""The model, the contracts and the program with one stock each, for stories that all three must tell alike."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from support.days import ex_of
from support.reused_cluster import reused

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.evm.deploy.suite import deploy_suite as deploy_contracts
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.revm_chain import RevmChain
from scrip.ledger import EVM, Ledger
from scrip.model.ledger import ModelLedger
from scrip.solana.build import Build
from scrip.solana.deploy.suite import deploy_suite as deploy_program
from scrip.solana.ledger import SolanaLedger
from scrip.units import WAD, RawUnits, Shares, Stablecoin

START = 1_800_000_000
DAY = 86_400
STOCK = "MSFT"
ROOT = Path(__file__).resolve().parents[2]


def _model() -> Ledger:
    return ModelLedger(EVM, START)


def _contracts() -> Ledger:
    chain = RevmChain(START)
    return EvmLedger(chain, deploy_contracts(chain))


def _program() -> Ledger:
    chain, program = reused(START, Build(ROOT))
    return SolanaLedger(chain, deploy_program(chain, program))


KINDS: dict[str, Callable[[], Ledger]] = {"model": _model, "contracts": _contracts, "program": _program}


class Story:
    """A ledger on which Alice holds 1,000 units of a stock, of which the custodian has 1,000 shares."""

    def __init__(self, kind: str) -> None:
        self.ledger = KINDS[kind]()
        self.apply = self.ledger.apply
        self._quotes = 0
        self.apply(ins.CreateStock(STOCK, "Microsoft Corporation", "US5949181045"))
        self.apply(ins.ConfigureReserve(STOCK, 400 * DAY, 0, Shares.of(10**6)))
        self.holds(1_000)
        self.apply(ins.Onboard("Alice", "alice", 840, "retail", START + 3_650 * DAY))
        for account in ("alice", ins.TREASURY):
            self.apply(ins.FundStablecoin(account, Stablecoin.parse("1000000")))
        self.mint(1_000)

    def now(self) -> int:
        """The clock."""
        return self.ledger.now()

    def at(self, second: int) -> None:
        """Move the clock."""
        self.ledger.advance_to(second)

    def holds(self, shares: int) -> None:
        """The custodian says what it holds now."""
        self.apply(ins.AttestReserve(STOCK, Shares.of(shares)))

    def _quote(self) -> ins.QuoteTerms:
        self._quotes += 1
        generation = self.ledger.multiplier(STOCK).generation
        return ins.QuoteTerms(f"quote {self._quotes}", self.now() + 60, generation)

    def _units(self, tokens: int) -> RawUnits:
        return RawUnits.parse(str(tokens), self.ledger.traits.decimals)

    def mint(self, tokens: int) -> None:
        """Alice buys units."""
        self.apply(ins.Mint(STOCK, "alice", self._units(tokens), Stablecoin.parse(str(tokens)), self._quote()))

    def redeem(self, tokens: int) -> None:
        """Alice gives units back."""
        self.apply(ins.Redeem(STOCK, "alice", self._units(tokens), Stablecoin.parse(str(tokens)), self._quote()))

    def refuses_to_mint(self, tokens: int, name: str) -> None:
        """A mint is refused by this name."""
        with pytest.raises(Refusal) as caught:
            self.mint(tokens)
        assert caught.value.name == name

    def announced(self, reference: str, percent: int, at: int, **terms: int) -> ins.Announce:
        """A dividend of so much of a price of 100, announced; its cash comes ten days after its effect."""
        base = {"gross": percent * WAD, "pay": at + 10 * DAY} | terms
        order = ins.Announce(STOCK, "DRIP", reference, ex_of(base.get("ex_at", at)), at, **base)
        self.apply(order)
        return order

    def scheduled(self, reference: str, percent: int, at: int, **terms: int) -> ins.Announce:
        """The same, and struck at 100."""
        order = self.announced(reference, percent, at, **terms)
        self.strike(reference)
        return order

    def strike(self, reference: str) -> None:
        """What was announced is scheduled, at 100."""
        self.apply(ins.Schedule(STOCK, "DRIP", reference, 100 * WAD))

    def cancel(self, reference: str) -> None:
        """The dividend is withdrawn."""
        self.apply(ins.Cancel(STOCK, "DRIP", reference, 7, "board minutes"))

    @property
    def receivable(self) -> Fraction:
        """Shares that dividends will still buy, exactly."""
        return Fraction(self.ledger.coverage(STOCK).receivable, WAD)
