"""A cluster under test: the ledger, shorthands for its instructions, and the raw transactions that faults need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey
from support.reused_cluster import reused

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.instructions.base import ISSUER, TREASURY, Instruction
from scrip.instructions.market import QuoteTerms
from scrip.ledger import Receipt
from scrip.model.state import Rules
from scrip.solana.addresses import local_keypair
from scrip.solana.build import Build
from scrip.solana.chain import Failed, Sent
from scrip.solana.deploy.suite import deploy_suite
from scrip.solana.encoding.program import Listing, StockProgram
from scrip.solana.errors import NAMES
from scrip.solana.ledger import SolanaLedger
from scrip.solana.local.litesvm import LiteSvmChain
from scrip.units import WAD, RawUnits, Shares, Stablecoin

START = 1_000_000_000
DAY = 86_400
LATER = START + 5 * 365 * DAY
STOCK, ISIN = "MSFT", "US5949181045"
UNIT = 10**8
ROOT = Path(__file__).resolve().parents[2]


def fresh(start: int = START) -> tuple[LiteSvmChain, StockProgram]:
    """A cluster with the program deployed and nothing else."""
    return reused(start, Build(ROOT))


def units(tokens: int | Fraction) -> RawUnits:
    """Whole tokens as raw units."""
    return RawUnits(int(tokens * UNIT), 8)


def coins(amount: int) -> Stablecoin:
    """Whole dollars."""
    return Stablecoin(amount * 10**6, 6)


def shares(amount: int | str) -> Shares:
    """Shares of the custodian."""
    return Shares(Fraction(amount))


def _day(second: int) -> date:
    """The UTC day of a second: the ex date of what takes effect then."""
    return datetime.fromtimestamp(second, UTC).date()


class World:
    """One cluster and its ledger."""

    def __init__(self, rules: Rules | None = None) -> None:
        self.chain, self.program = fresh()
        self.suite = deploy_suite(self.chain, self.program, rules)
        self.ledger = SolanaLedger(self.chain, self.suite)
        self.apply = self.ledger.apply
        self._quotes = 0

    @classmethod
    def with_stock(
        cls, policy: ins.Policy = "ALLOWLIST", rules: Rules | None = None, default_frozen: bool = False
    ) -> World:
        """One stock and nobody."""
        world = cls(rules)
        world.apply(ins.CreateStock(STOCK, "Microsoft", ISIN, policy, default_frozen=default_frozen))
        return world

    @classmethod
    def with_holders(
        cls, policy: ins.Policy = "ALLOWLIST", rules: Rules | None = None, default_frozen: bool = False
    ) -> World:
        """One stock; alice and bob are investors."""
        world = cls.with_stock(policy, rules, default_frozen)
        for name in ("alice", "bob"):
            world.apply(ins.Onboard(name, name, 840, "retail", LATER))
        return world

    # --- the usual

    @property
    def listing(self) -> Listing:
        """The stock's addresses."""
        return self.ledger.listing(STOCK)

    def now(self) -> int:
        """The clock."""
        return self.ledger.now()

    def wait(self, seconds: int) -> None:
        """Move the clock on."""
        self.ledger.advance_to(self.now() + seconds)

    def back(self, held: int = 1_000_000, margin_bps: int = 0, ceiling: int = 1_000_000) -> None:
        """Configure the reserve, attest it, and hand out stablecoin."""
        self.apply(ins.ConfigureReserve(STOCK, 7 * DAY, margin_bps, shares(ceiling)))
        self.apply(ins.AttestReserve(STOCK, shares(held)))
        for name in ("alice", "bob", TREASURY):
            self.apply(ins.FundStablecoin(name, coins(10**6)))

    def quote(self, **changes: object) -> QuoteTerms:
        """A good quote with a fresh id, but for the changes."""
        self._quotes += 1
        terms: dict = {
            "id": f"quote {self._quotes}",
            "expiry": self.now() + 60,
            "generation": self.ledger.multiplier(STOCK).generation,
        }
        return QuoteTerms(**(terms | changes))

    def mint(self, account: str, tokens: int, **changes: object) -> Receipt:
        """A mint at a dollar a token."""
        return self.apply(ins.Mint(STOCK, account, units(tokens), coins(tokens), self.quote(**changes)))

    def redeem(self, account: str, tokens: int, **changes: object) -> Receipt:
        """A redemption at a dollar a token."""
        return self.apply(ins.Redeem(STOCK, account, units(tokens), coins(tokens), self.quote(**changes)))

    def transfer(self, sender: str, to: str, tokens: int | Fraction) -> Receipt:
        """A transfer."""
        return self.apply(ins.Transfer(STOCK, sender, to, units(tokens)))

    def split(self, num: int, den: int, reference: str = "split", notice: int = 2 * DAY) -> int:
        """Announce and schedule a split; its second."""
        at, code = self.now() + notice, "SPLF" if num > den else "SPLR"
        self.apply(ins.Announce(STOCK, code, reference, _day(at), at, num, den))
        self.apply(ins.Schedule(STOCK, code, reference))
        return at

    def dividend(
        self, gross: int = WAD, price: int = 25 * WAD, reference: str = "dividend", at: int | None = None
    ) -> int:
        """Announce and schedule a dividend; its second."""
        at = self.now() + 2 * DAY if at is None else at
        self.apply(ins.Announce(STOCK, "DRIP", reference, _day(at), at, gross=gross, pay=at))
        self.apply(ins.Schedule(STOCK, "DRIP", reference, price))
        return at

    # --- faults

    def refuses(self, name: str, instruction: Instruction, error: str = "", elsewhere: bool = False) -> None:
        """The instruction is refused by this name, and the program said so: by this error, where one is given.

        `elsewhere` says that the adapter or another program refuses it instead. Transfers are the token program's to
        refuse.
        """
        with pytest.raises(Refusal) as refusal:
            self.apply(instruction)
        assert refusal.value.name == name
        own = {ours for ours, shared in NAMES.items() if shared == name}
        if error:
            assert refusal.value.detail == error
        elif own and not elsewhere and not isinstance(instruction, ins.Transfer):
            assert refusal.value.detail in own

    @contextmanager
    def no_cranks(self) -> Iterator[None]:
        """What is frozen meanwhile was frozen by the instruction that is under test."""
        attempt = self.ledger.investors.attempt

        def thaws_alone(name: str, listing: Listing, account: str) -> bool:
            assert name != "freeze", f"a crank of {account}"
            return attempt(name, listing, account)

        self.ledger.investors.attempt = thaws_alone
        yield
        self.ledger.investors.attempt = attempt

    def send(self, calls: list[Call], *signers: str) -> Sent:
        """A raw transaction; every signer can pay rent."""
        return self.chain.send(calls, [self.chain.rich(local_keypair(name)) for name in signers])

    def fails(self, error: str, calls: list[Call], *signers: str) -> None:
        """A raw transaction fails with this error of the program's (or this text of the runtime's)."""
        with pytest.raises(Failed) as failed:
            self.send(calls, *signers)
        assert self.program.errors.get(failed.value.custom or 0, failed.value.error) == error, failed.value.logs

    def signed(self, name: str, by: str, *args: object, **accounts: Pubkey) -> Call:
        """One of the program's instructions about the stock, signed by `by`."""
        chosen = {"signer": local_keypair(by).pubkey()} | accounts
        listing = self.listing if STOCK in self.ledger.stocks else None
        return self.program.build(name, *args, accounts=chosen, listing=listing)

    def role(self, name: str) -> object:
        """A role as the program's instructions take it."""
        return getattr(self.program.type["Role"], name)()

    def stored(self, address: Pubkey) -> object:
        """An account of the program, decoded."""
        data = self.chain.account(address)
        assert data is not None
        return self.program.decode(data)


__all__ = ["DAY", "ISIN", "ISSUER", "LATER", "START", "STOCK", "UNIT", "World", "coins", "fresh", "shares", "units"]
