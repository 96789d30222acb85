"""ModelLedger: the ledger protocol in pure Python, exact, without I/O. Chains are tested against its answers."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass

from scrip.errors import InputError, Refusal
from scrip.instructions.actions import Announce
from scrip.instructions.base import Instruction, RoleInstruction, roles_sufficing
from scrip.instructions.reserve import Basis
from scrip.labels import STABLECOIN, entry_label, vault_label
from scrip.ledger import ChainTraits, Coverage, MultiplierState, Receipt, Surplus
from scrip.ledger.handlers import Handlers
from scrip.model import (
    actions,
    attestations,
    calendar,
    dividends,
    elections,
    enforcement,
    feeds,
    fleet,
    holder_limits,
    investors,
    market,
    offers,
    recovery,
    redemption,
    region_exit,
    reserve,
    sanctions,
    subscriptions,
    transfers,
    voting,
    wind_up,
)
from scrip.model.state import (
    Action,
    Entry,
    Fleet,
    Investors,
    Market,
    ModelConfig,
    Prices,
    State,
    Stock,
    Vault,
    VaultTerms,
)
from scrip.units import RawUnits, Stablecoin

HANDLERS: Handlers[State, None] = Handlers(
    "the model",
    actions.HANDLERS,
    attestations.HANDLERS,
    calendar.HANDLERS,
    dividends.HANDLERS,
    elections.HANDLERS,
    enforcement.HANDLERS,
    feeds.HANDLERS,
    fleet.HANDLERS,
    holder_limits.HANDLERS,
    investors.HANDLERS,
    market.HANDLERS,
    offers.HANDLERS,
    recovery.HANDLERS,
    redemption.HANDLERS,
    reserve.HANDLERS,
    sanctions.HANDLERS,
    subscriptions.HANDLERS,
    transfers.HANDLERS,
    voting.HANDLERS,
    wind_up.HANDLERS,
    region_exit.HANDLERS,
)
"""What the model does with each instruction, filled in by each subject's file."""
_FREE = Receipt()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What people look at, of the whole ledger, at one instant. `balances` is keyed by (stock, account)."""

    now: int
    supplies: dict[str, RawUnits]
    multipliers: dict[str, MultiplierState]
    coverages: dict[str, Coverage]
    balances: dict[tuple[str, str], RawUnits]
    stablecoins: dict[str, Stablecoin]


@dataclass(frozen=True, slots=True)
class PreviewStep:
    """One instruction of a plan, the ledger around it, and why it was refused, if it was."""

    instruction: Instruction
    before: Snapshot
    after: Snapshot
    refusal: Refusal | None = None


class ModelLedger:
    """The ledger in pure Python. `traits` fix decimals and chain habits, `start_time` is UTC seconds.

    The register's news applies at once in every stock. Where `traits.expiry` is "cranked" a chain lags behind this.
    """

    def __init__(self, traits: ChainTraits, start_time: int, config: ModelConfig | None = None) -> None:
        self.state = State(traits, config or ModelConfig(), start_time)
        self.state.investors.sanctions_list.strict = self.state.config.rules.strict_list

    # --- the protocol ---

    @property
    def traits(self) -> ChainTraits:
        """Where this ledger differs from others."""
        return self.state.traits

    def now(self) -> int:
        """The clock, UTC seconds."""
        return self.state.now

    def advance_to(self, t: int) -> None:
        """Move the clock to `t`; ValueError when that is in the past."""
        if t < self.state.now:
            raise ValueError(f"the clock stands at {self.state.now}, {t} has passed")
        self.state.now = t

    def apply(self, instruction: Instruction) -> Receipt:
        """Carry an instruction out, or raise Refusal and change nothing.

        InputError for a name that no chain could be asked about.
        """
        if isinstance(instruction, RoleInstruction):
            config = self.state.config
            if not any(instruction.by in config.holding(role) for role in roles_sufficing(instruction)):
                raise Refusal("roles: not authorised", instruction.by)
        HANDLERS(self.state, instruction)
        return _FREE

    def balance(self, stock: str, account: str) -> RawUnits:
        """Raw units of an account; zero for an unknown one."""
        return RawUnits(self.state.token(stock).account(account).balance, self.traits.decimals)

    def supply(self, stock: str) -> RawUnits:
        """Raw units of all accounts together."""
        return RawUnits(self.state.token(stock).supply, self.traits.decimals)

    def multiplier(self, stock: str) -> MultiplierState:
        """The multiplier as of now()."""
        return self.state.token(stock).multiplier.settled(self.state.now).state()

    def stablecoin(self, account: str) -> Stablecoin:
        """Settlement currency of an account; zero for an unknown one."""
        return Stablecoin(self.market.coins_of(account), self.config.stablecoin_decimals)

    def coverage(self, stock: str) -> Coverage:
        """The backing as of now()."""
        token = self.state.token(stock)
        terms = token.multiplier.settled(self.state.now)
        return token.feed.coverage(token.supply_shares(), terms.reserve_index, terms.current.split, self.state.now)

    def surplus(self, stock: str) -> Surplus:
        """What a custodian may sell as of now(), once no ceiling counts it."""
        token, actions = self.state.token(stock), self.state.stocks[stock].actions
        terms = token.multiplier.settled(self.state.now)
        told = (actions.announced, actions.shut_since(self.state.now), self.state.now)
        return token.feed.surplus(token.supply_shares(), terms.reserve_index, terms.current.split, *told)

    # --- what it keeps ---

    @property
    def config(self) -> ModelConfig:
        """How the issuer is set up."""
        return self.state.config

    @config.setter
    def config(self, config: ModelConfig) -> None:
        self.state.config = config

    @property
    def stocks(self) -> dict[str, Stock]:
        """The stocks by name."""
        return self.state.stocks

    @property
    def investors(self) -> Investors:
        """The register of investors."""
        return self.state.investors

    @property
    def fleet(self) -> Fleet:
        """What all stocks share beside the register."""
        return self.state.fleet

    @property
    def market(self) -> Market:
        """The primary market's state."""
        return self.state.market

    @property
    def prices(self) -> Prices:
        """The price feed's state."""
        return self.state.prices

    # --- beyond the protocol ---

    def action(self, stock: str, code: str, reference: str) -> Action:
        """A corporate action's record; InputError when it was never announced."""
        self.state.token(stock)
        record = self.state.stocks[stock].actions.records.get((code, reference))
        if record is None:
            raise InputError("was never announced", field="reference", value=f"{stock} {code} {reference}")
        return record

    def outlook(self, order: Announce) -> actions.Outlook:
        """Between which prices an action that is yet to be announced could be scheduled.

        Refusal where it could at none: by the factors and bounds of now, with every split that is announced.
        """
        return actions.outlook(self.state, order)

    def open_vault(self, stock: str, terms: VaultTerms, reference: Stablecoin, asset: str = STABLECOIN) -> Vault:
        """Make a stock's vault for a stablecoin, as a deployment does; prices are first held to `reference`.

        InputError where there is one.
        """
        self.state.token(stock)
        vaults = self.stocks[stock].vaults
        if asset in vaults:
            raise InputError(f"has a vault that pays {asset}", field="stock", value=stock)
        price = self.state.coins(reference)
        vaults[asset] = Vault(vault_label(stock, asset), terms, price, self.state.now)
        return vaults[asset]

    def open_entry(self, stock: str, terms: VaultTerms, reference: Stablecoin, asset: str = STABLECOIN) -> Entry:
        """Make the vault into which investors pay a stablecoin for a stock, as a deployment does. As `open_vault`."""
        self.state.token(stock)
        entries = self.stocks[stock].entries
        if asset in entries:
            raise InputError(f"has a vault that takes {asset}", field="stock", value=stock)
        price = self.state.coins(reference)
        entries[asset] = Entry(entry_label(stock, asset), terms, price, self.state.now)
        return entries[asset]

    def frozen_tokens(self, stock: str, account: str) -> RawUnits:
        """The frozen part of an account, which may exceed its balance."""
        return RawUnits(self.state.token(stock).account(account).frozen_tokens, self.traits.decimals)

    def basis(self, stock: str) -> Basis:
        """The split basis that the feed counts in."""
        return self.state.token(stock).feed.basis

    def may_hold(self, stock: str, account: str) -> bool:
        """Whether the account may send and receive now, pauses apart."""
        token, now = self.state.token(stock), self.state.now
        return token.may_hold(account, now) and token.is_let_in(account, now)

    def copy(self) -> ModelLedger:
        """An independent ledger in the same state."""
        return copy.deepcopy(self)

    def snapshot(self) -> Snapshot:
        """The whole ledger as of now()."""
        decimals, coins = self.traits.decimals, self.config.stablecoin_decimals
        balances = {
            (stock, account): RawUnits(record.balance, decimals)
            for stock, entry in self.stocks.items()
            for account, record in entry.token.accounts.items()
        }
        return Snapshot(
            now=self.state.now,
            supplies={stock: self.supply(stock) for stock in self.stocks},
            multipliers={stock: self.multiplier(stock) for stock in self.stocks},
            coverages={stock: self.coverage(stock) for stock in self.stocks},
            balances=balances,
            stablecoins={account: Stablecoin(value, coins) for account, value in self.market.coins.items()},
        )

    def preview(self, plan: Iterable[Instruction | int]) -> list[PreviewStep]:
        """What a plan would do, on a copy: an int in it moves the clock to that second. Stops at the first refusal."""
        trial = self.copy()
        steps: list[PreviewStep] = []
        before = trial.snapshot()
        for entry in plan:
            if isinstance(entry, int):
                trial.advance_to(entry)
                before = trial.snapshot()
                continue
            try:
                trial.apply(entry)
            except Refusal as refusal:
                steps.append(PreviewStep(entry, before, before, refusal))
                break
            after = trial.snapshot()
            steps.append(PreviewStep(entry, before, after))
            before = after
        return steps
