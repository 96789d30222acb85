"""A price feed on titanoboa's chain beside the model of it: every order is given to both, and both must say the same.

The stock, its registry and its actions are one stub, whose multiplier a test sets; the sources say what they are told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

import boa
from eth_utils import keccak
from support.contract_calls import ZERO, Handle, Refused, deploy, named, now, set_clock
from support.issuance_world import deploy_stub

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.inputs.sessions import year_of
from scrip.instructions.base import ISSUER, Instruction, RoleInstruction
from scrip.instructions.calendar import CloseDays, LoadSessions
from scrip.instructions.feeds import ConfigurePrice
from scrip.instructions.fleet import CreateStock
from scrip.ledger import EVM
from scrip.model import ModelLedger
from scrip.model.feeds import change_of
from scrip.model.laws import sessions
from scrip.model.laws.multiplier import Multiplier, Terms
from scrip.model.state import Rules
from scrip.model.state.prices import STATUSES, Change, PriceSource
from scrip.units import WAD, Wad

STOCK = "MSFT"
SOURCE, SECOND, UPTIME = "source", "second", "uptime"
OPEN = 1_772_550_000
"""Tuesday, 3 March 2026, 15:00 UTC: half an hour after New York opened."""
DAY = 86_400
DOLLAR = 10**8
ADMIN, PAUSER, UNPAUSER = named("admin"), named("pauser"), named("unpauser")
XNYS = sessions.number_of("XNYS", "exchange")
SENDERS = {"PAUSER": PAUSER, "UNPAUSER": UNPAUSER, "ADMIN": ADMIN}


@cache
def year(calendar: str = "XNYS", hours: ins.Hours = "exchange") -> tuple[int, tuple[int, ...]]:
    """A packed 2026."""
    ((first, words),) = year_of(calendar, hours, 2026)
    return first, words


@dataclass
class Prices:
    """The feed, its sources by name and the model. `said` is what each source was told last."""

    feed: Handle
    stock: Handle
    sources: dict[str, Handle]
    model: ModelLedger
    built: ClassVar[Prices | None] = None

    @classmethod
    def fresh(cls, at: int = OPEN) -> Prices:
        """A feed without sessions and terms."""
        set_clock(at)
        roles, deploying = deploy("Roles"), boa.env.eoa
        for role, account in SENDERS.items():
            identity = bytes(32) if role == "ADMIN" else keccak(text=role)
            roles.grantRole(identity, account, sender=deploying)
        stock = deploy_stub("StubPricedStock", roles)
        sources = {name: deploy_stub("StubPriceSource", 8) for name in (SOURCE, SECOND, UPTIME)}
        model = ModelLedger(EVM, at)
        model.apply(CreateStock(STOCK, "Microsoft Corporation", "US5949181045"))
        model.prices.sources |= {name: PriceSource() for name in sources}
        model.config = replace(model.config, rules=Rules(split_notice=7_200, correction_notice=DAY))
        return cls(deploy("SharePriceFeed", roles, stock, stock), stock, sources, model)

    @classmethod
    def build(cls) -> Prices:
        """One that knows 2026 and MSFT, whose source says 400 dollars a share."""
        made = cls.fresh()
        made.apply(LoadSessions("XNYS", "exchange", *year()))
        made.apply(usual())
        made.say(SOURCE, 400)
        return made

    @classmethod
    def ready(cls, **terms: Any) -> Prices:
        """The same as it was `built` for all tests, or a new one; with other terms where some are named."""
        if cls.built is None:
            made = cls.build()
        else:
            set_clock(OPEN)
            made = replace(cls.built, sources=dict(cls.built.sources), model=cls.built.model.copy())
        if terms:
            made.apply(usual(**terms))
        return made

    # --- orders ---

    def apply(self, order: Instruction) -> None:
        """Carry an order out on both; Refusal where both refuse it by the same name."""
        self._answer(lambda: self.model.apply(order) and None, lambda: self._send(order), raises=True)

    def refused(self, order: Instruction) -> str:
        """By which name both refuse an order."""
        try:
            self.apply(order)
        except Refusal as refusal:
            return refusal.name
        raise AssertionError(f"was carried out: {order}")

    def poke(self) -> None:
        """Anyone asks the sources."""
        self.apply(ins.PokePrice(STOCK))

    def say(self, name: str, dollars: int | None = None, at: int | None = None, **more: Any) -> None:
        """What a source says from now on: `more` are fields of the model's, and `short`, `burns`: ways to fail."""
        short, burns = more.pop("short", False), more.pop("burns", False)
        instant = now() if at is None else at
        answer = more.pop("answer", None if dollars is None else dollars * DOLLAR)
        found = PriceSource(answer=answer or 0, started_at=instant, updated_at=instant)
        found = replace(found, **more)
        if short or burns:
            found.fails = True
        mode = 2 if short else 3 if burns else int(found.fails)
        words = [7, found.answer % 2**256, found.started_at, found.updated_at, 6 if found.carried else 7]
        self.sources[name].set(mode, found.decimals, words)
        self.model.prices.sources[name] = found

    def advance(self, seconds: int) -> None:
        """Let time pass on both."""
        self.at(now() + seconds)

    def at(self, instant: int) -> None:
        """Set both clocks."""
        set_clock(instant)
        self.model.advance_to(instant)

    # --- the multiplier ---

    def schedule(self, index: int, at: int) -> None:
        """A change of the multiplier, as if CorporateActions had scheduled it."""
        self.stock.schedule(index, at)
        token = self.model.state.token(STOCK)
        token.multiplier = token.multiplier.settled(now()).scheduled(Terms(Wad(index)), at)

    def cancel(self) -> None:
        """What waits in the slot is dropped."""
        self.stock.cancel()
        token = self.model.state.token(STOCK)
        token.multiplier = token.multiplier.settled(now()).cancelled()

    @property
    def multiplier(self) -> Multiplier:
        """The model's, now."""
        return self.model.state.token(STOCK).multiplier.settled(now())

    # --- what both answer ---

    def strict(self) -> tuple[int, int, bool] | str:
        """The price to trade at, or why there is none."""
        return self._answer(lambda: self.model.prices.strict(STOCK, now()), lambda: self.feed.strictPrice(self.stock))

    def held(self) -> tuple[int, int] | str:
        """What lenders have."""
        return self._answer(
            lambda: self.model.prices.held(STOCK, self._change(), now()), lambda: self.feed.heldPrice(self.stock)
        )

    def status(self) -> str:
        """What a poke would find."""
        model = self.model.prices.evaluate(STOCK, self._change(), now())
        number, price, as_of = self.feed.evaluate(self.stock)
        assert (STATUSES[number], price, as_of) == model
        return model.status

    def paused(self) -> bool:
        """Whether the price is in doubt."""
        found = self.model.prices.paused(STOCK, self._change(), now())
        assert self.feed.oraclePaused(self.stock) == found
        return found

    def agree(self) -> tuple[int, int, bool] | str:
        """Ask everything, and compare what both keep; the price to trade at, or why there is none."""
        strict = self.strict()
        self.held(), self.status(), self.paused()
        kept = self.model.prices.feeds.get(STOCK)
        if kept is not None:
            found = (kept.price, kept.as_of, kept.until, kept.ends_in_window, kept.window, kept.suspended)
            assert self.feed.keptOf(self.stock) == found
            assert self.feed.windowOf(self.stock)[:3] == (kept.settled, kept.opened, kept.since)
        return strict

    # --- parts ---

    def _change(self) -> Change:
        return change_of(self.model.state, STOCK)

    def _answer(self, model: Any, chain: Any, raises: bool = False) -> Any:
        refusal = None
        try:
            expected = model()
        except Refusal as error:
            refusal, expected = error, error.name
        try:
            found = chain()
        except Refused as error:
            found = error.name
        assert found == expected
        if refusal is not None and raises:
            raise refusal
        return expected

    def _send(self, order: Instruction) -> None:
        feed = self.feed
        sender = None
        if isinstance(order, RoleInstruction):
            sender = SENDERS[ins.role_needed(order)] if order.by == ISSUER else named(order.by)
        match order:
            case LoadSessions(calendar=calendar, hours=hours):
                feed.setSessions(sessions.number_of(calendar, hours), order.first, list(order.words), sender=sender)
            case CloseDays(calendar=calendar, hours=hours):
                feed.closeDays(sessions.number_of(calendar, hours), order.day, order.count, sender=sender)
            case ConfigurePrice():
                places = (self._source(order.source), order.basis == "raw")
                places += (self._source(order.second), order.second_basis == "raw")
                bounds = (order.max_age, order.band_bps, order.deviation_bps)
                calendar_number = sessions.number_of(order.calendar, order.hours)
                feed.configure(self.stock, *places, calendar_number, *bounds, sender=sender)
            case ins.TightenPrice():
                feed.tighten(self.stock, order.max_age, order.band_bps, order.deviation_bps, sender=sender)
            case ins.SetSequencer():
                feed.setSequencer(self._source(order.sequencer), order.grace, sender=sender)
            case ins.SuspendPrice() | ins.ResumePrice() | ins.PokePrice() | ins.AcceptPrice():
                names = {ins.SuspendPrice: "suspend", ins.ResumePrice: "resume", ins.PokePrice: "poke"}
                getattr(feed, names.get(type(order), "accept"))(self.stock, sender=sender)
            case _:
                raise AssertionError(f"no order of a price feed: {order}")

    def _source(self, name: str) -> str:
        return self.sources[name].address if name in self.sources else ZERO if not name else named(name)


def usual(**terms: Any) -> ConfigurePrice:
    """MSFT by a price of a share, an hour old at most, in a band of 10 %."""
    basis: dict[str, Any] = {
        "stock": STOCK,
        "source": SOURCE,
        "basis": "share",
        "calendar": "XNYS",
        "hours": "exchange",
        "max_age": 3_600,
        "band_bps": 1_000,
    }
    return ConfigurePrice(**(basis | terms))


def two_sources(**terms: Any) -> ConfigurePrice:
    """The same, with a second source of the raw price within 1 %."""
    return usual(**({"second": SECOND, "second_basis": "raw", "deviation_bps": 100} | terms))


def dollars(amount: int) -> int:
    """A price with 18 decimals."""
    return amount * WAD
