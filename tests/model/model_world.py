"""A small world for the tests of the model: one issuer, one stock, investors alice and bob, outsider mallory."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from itertools import count
from typing import Any

import pytest
from support.days import ex_of

from scrip.errors import Refusal
from scrip.instructions.actions import Announce, Cancel, Schedule
from scrip.instructions.base import TREASURY, Instruction
from scrip.instructions.fleet import CreateStock
from scrip.instructions.investors import Onboard
from scrip.instructions.market import FundStablecoin, Mint, QuoteTerms, Redeem
from scrip.instructions.reserve import AttestReserve, ConfigureReserve
from scrip.instructions.transfers import Transfer
from scrip.ledger import EVM, ChainTraits
from scrip.model import ModelConfig, ModelLedger
from scrip.model.laws import sessions
from scrip.model.state.prices import PriceFeed
from scrip.units import WAD, RawUnits, Shares, Stablecoin

START = 1_000_000_000
DAY = 86_400
YEAR = 365 * DAY
EXPIRY = START + 20 * YEAR
STOCK = "MSFT"
ISIN = "US5949181045"


def units(whole: int | str, decimals: int = 18) -> RawUnits:
    """Whole tokens as raw units."""
    return RawUnits.parse(str(whole), decimals)


def fingerprint(value: Any) -> Any:
    """All state below `value`, in a form that compares."""
    if isinstance(value, dict):
        return {key: fingerprint(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [fingerprint(entry) for entry in value]
    if isinstance(value, (set, frozenset)):
        return frozenset(value)
    if is_dataclass(value):
        named = {entry.name: getattr(value, entry.name) for entry in fields(value)}
        return fingerprint(named | getattr(value, "__dict__", {}))
    if type(value).__module__.startswith("scrip."):
        return fingerprint(vars(value))
    return value


class World:
    """A ledger, and short words for what most tests do with it."""

    def __init__(self, traits: ChainTraits = EVM, config: ModelConfig | None = None) -> None:
        self.ledger = ModelLedger(traits, START, config or ModelConfig())
        self._quotes = count(1)

    def do(self, *instructions: Instruction) -> None:
        for instruction in instructions:
            self.ledger.apply(instruction)

    def refused(self, instruction: Instruction) -> str:
        """The name of the refusal; the state must be what it was."""
        before = fingerprint(self.ledger)
        with pytest.raises(Refusal) as caught:
            self.ledger.apply(instruction)
        assert fingerprint(self.ledger) == before
        return caught.value.name

    def ladder(self, order: Instruction, *rungs: tuple[str, dict[str, Any]]) -> Instruction:
        """Each rung names the refusal of an order with several faults and mends that one fault; returns it whole."""
        for name, mended in rungs:
            assert self.refused(order) == name
            order = replace(order, **mended)
        return order

    def at(self, t: int) -> None:
        self.ledger.advance_to(t)

    def terms(self, **changes: Any) -> QuoteTerms:
        generation = self.ledger.multiplier(STOCK).generation
        basis: dict[str, Any] = {
            "id": f"q{next(self._quotes)}",
            "expiry": self.ledger.now() + 60,
            "generation": generation,
        }
        return QuoteTerms(**(basis | changes))

    def mint(self, account: str = "alice", amount: int | str = 100, settlement: str = "0", **quote: Any) -> Mint:
        raw = units(amount, self.ledger.traits.decimals)
        return Mint(STOCK, account, raw, Stablecoin.parse(settlement), self.terms(**quote))

    def redeem(self, account: str = "alice", amount: int | str = 1, settlement: str = "0", **quote: Any) -> Redeem:
        raw = units(amount, self.ledger.traits.decimals)
        return Redeem(STOCK, account, raw, Stablecoin.parse(settlement), self.terms(**quote))

    def transfer(self, sender: str, to: str, amount: int | str = 1) -> Transfer:
        return Transfer(STOCK, sender, to, units(amount, self.ledger.traits.decimals))

    def attest(self, shares: int | str = 10**6, updated_at: int | None = None) -> None:
        self.do(AttestReserve(STOCK, Shares.parse(str(shares)), updated_at))

    def balance(self, account: str) -> int:
        return self.ledger.balance(STOCK, account).value

    @property
    def multiplier(self) -> int:
        return self.ledger.multiplier(STOCK).ui_multiplier


def priced(world: World, **more: object) -> None:
    """The stock at 90 dollars, good for an hour, around the clock."""
    now = world.ledger.now()
    terms = {"price": 90 * WAD, "as_of": now, "until": now + 3_600, "max_age": 3_600, "calendar": sessions.ALWAYS}
    world.ledger.prices.feeds[STOCK] = PriceFeed(**(terms | more))  # type: ignore[arg-type]


def split(reference: str, effective_at: int, num: int = 2, den: int = 1) -> Announce:
    code = "SPLF" if num > den else "SPLR"
    return Announce(STOCK, code, reference, ex_of(effective_at), effective_at, num=num, den=den)


def dividend(reference: str, effective_at: int, gross: int = WAD, pay: int | None = None) -> Announce:
    pay_at = effective_at + 30 * DAY if pay is None else pay
    return Announce(STOCK, "DRIP", reference, ex_of(effective_at), effective_at, gross=gross, pay=pay_at)


def scheduled(action: Announce, price: int = 100 * WAD) -> tuple[Announce, Schedule]:
    """The two instructions that put an action into the slot."""
    struck = price if action.code == "DRIP" else 0
    return action, Schedule(action.stock, action.code, action.reference, struck)


def cancelled(action: Announce) -> Cancel:
    return Cancel(action.stock, action.code, action.reference, 7, "board minutes")


def small_world(traits: ChainTraits = EVM, config: ModelConfig | None = None) -> World:
    """MSFT, a fresh reserve of a million shares without margin, alice and bob cleared, everybody rich."""
    world = World(traits, config)
    world.do(
        CreateStock(STOCK, "Microsoft Corporation", ISIN),
        ConfigureReserve(STOCK, max_age=10 * YEAR, margin_bps=0, ceiling=Shares.of(10**9)),
        AttestReserve(STOCK, Shares.of(10**6)),
        Onboard("Alice", "alice", 840, "retail", EXPIRY),
        Onboard("Bob", "bob", 276, "professional", EXPIRY),
        FundStablecoin("alice", Stablecoin.parse("1000000")),
        FundStablecoin("bob", Stablecoin.parse("1000000")),
        FundStablecoin(TREASURY, Stablecoin.parse("1000000")),
    )
    return world
