"""ModelLedger: the ledger protocol in pure Python, exact, without I/O. Chains are tested against its answers."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.instructions import ISSUER, SANCTIONS_ORACLE, Instruction, roles_sufficing
from scrip.instructions.enforcement import Enforcement
from scrip.ledger import ChainTraits, Coverage, MultiplierState, Receipt
from scrip.model.actions import Action, Actions, Rules
from scrip.model.enforcement import enforce
from scrip.model.holder_limits import RuleOrder, govern
from scrip.model.investors import Directory
from scrip.model.market import Market
from scrip.model.reasons import check_grounds
from scrip.model.register import register
from scrip.model.reserve import Feed, FeedConfig
from scrip.model.token import Fleet, Token
from scrip.roles import ADMIN
from scrip.units import STABLECOIN_DECIMALS, WAD_DECIMALS, RawUnits, Stablecoin


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """How the issuer is set up; the chain under comparison must be set up alike."""

    rules: Rules = field(default_factory=Rules)
    roles: frozenset[str] = frozenset({ISSUER})
    """Accounts that hold every operational role and sign quotes."""
    holders: Mapping[str, frozenset[str]] | None = None
    """Accounts by the role that they hold, where roles are apart; `roles` is not looked at then."""
    assets: frozenset[str] = frozenset({"stablecoin"})
    """Settlement assets that the market lists."""
    oracles: frozenset[str] = frozenset({SANCTIONS_ORACLE})
    """Contracts that answer as a sanctions oracle does. What is not among them is to the model no contract at all."""
    stablecoin_decimals: int = STABLECOIN_DECIMALS
    oracle_decimals: int = WAD_DECIMALS

    def holding(self, role: str) -> frozenset[str]:
        """The accounts that hold a role."""
        return self.roles if self.holders is None else self.holders.get(role, frozenset())


@dataclass(slots=True)
class Stock:
    """A stock's token and its corporate actions."""

    token: Token
    actions: Actions


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


@dataclass
class ModelLedger:
    """The model. `traits` fix decimals and chain habits, `start_time` is UTC seconds.

    The directory's news applies at once in every stock. Where `traits.expiry` is "cranked" a chain lags behind this.
    """

    traits: ChainTraits
    start_time: int
    config: ModelConfig = field(default_factory=ModelConfig)
    stocks: dict[str, Stock] = field(default_factory=dict, init=False)
    directory: Directory = field(default_factory=Directory, init=False)
    fleet: Fleet = field(default_factory=Fleet, init=False)

    def __post_init__(self) -> None:
        self._now = self.start_time
        self.market = Market(self.config.assets, self.config.holding("QUOTE_SIGNER"))

    # --- the protocol ---

    def now(self) -> int:
        """The clock, UTC seconds."""
        return self._now

    def advance_to(self, t: int) -> None:
        """Move the clock to `t`; ValueError when that is in the past."""
        if t < self._now:
            raise ValueError(f"the clock stands at {self._now}, {t} has passed")
        self._now = t

    def apply(self, instruction: Instruction) -> Receipt:
        """Do it, or raise Refusal (InputError for a name that no chain could be asked about); then nothing changed."""
        if isinstance(instruction, ins.RoleInstruction):
            self._check_role(instruction)
        match instruction:
            case ins.Mint() | ins.Redeem():
                self._market_order(instruction)
            case ins.Transfer(stock, sender, to, amount):
                self._token(stock).transfer(sender, to, self._raw(amount), self._now)
            case ins.TransferFrom(stock, spender, sender, to, amount):
                self._token(stock).transfer_from(spender, sender, to, self._raw(amount), self._now)
            case ins.Approve(stock, owner, spender, amount):
                self._token(stock).approve(owner, spender, self._raw(amount))
            case ins.FundStablecoin(account, amount):
                self.market.fund(account, self._coins(amount))
            case ins.Announce() | ins.Schedule() | ins.Cancel():
                self._corporate_action(instruction)
            case ins.ConfigureReserve() | ins.SetCeiling() | ins.SetBasis() | ins.AttestReserve() | ins.ConfirmBasis():
                self._reserve(instruction)
            case ins.Halt() | ins.Unhalt() | ins.PauseMarket() | ins.UnpauseMarket():
                self._fleet_wide(instruction)
            case ins.CreateStock() | ins.Pause() | ins.Unpause():
                self._stock_wide(instruction)
            case _ if isinstance(instruction, RuleOrder):
                tokens = {name: stock.token for name, stock in self.stocks.items()}
                govern(tokens, instruction, instruction.by in self.config.holding(ADMIN), self._raw)
            case _ if isinstance(instruction, Enforcement):
                enforce(self._token(instruction.stock), instruction, self.traits, self._raw, self._now)
            case _:
                tokens = {name: entry.token for name, entry in self.stocks.items()}
                register(self.directory, tokens, instruction, self.config, self._now)
        return Receipt()

    def balance(self, stock: str, account: str) -> RawUnits:
        """Raw units of an account; zero for an unknown one."""
        return RawUnits(self._token(stock).account(account).balance, self.traits.decimals)

    def supply(self, stock: str) -> RawUnits:
        """Raw units of all accounts together."""
        return RawUnits(self._token(stock).supply, self.traits.decimals)

    def multiplier(self, stock: str) -> MultiplierState:
        """The multiplier as of now()."""
        return self._token(stock).multiplier.settled(self._now).state()

    def stablecoin(self, account: str) -> Stablecoin:
        """Settlement currency of an account; zero for an unknown one."""
        return Stablecoin(self.market.coins.get(account, 0), self.config.stablecoin_decimals)

    def coverage(self, stock: str) -> Coverage:
        """The backing as of now()."""
        token = self._token(stock)
        index = token.multiplier.settled(self._now).reserve_index
        return token.feed.coverage(token.supply_shares(), index, self._now)

    # --- beyond the protocol ---

    def action(self, stock: str, code: str, reference: str) -> Action:
        """A corporate action's record; InputError when it was never announced."""
        self._token(stock)
        record = self.stocks[stock].actions.records.get((code, reference))
        if record is None:
            raise InputError("was never announced", field="reference", value=f"{stock} {code} {reference}")
        return record

    def frozen_tokens(self, stock: str, account: str) -> RawUnits:
        """The frozen part of an account, which may exceed its balance."""
        return RawUnits(self._token(stock).account(account).frozen_tokens, self.traits.decimals)

    def basis(self, stock: str) -> tuple[int, int]:
        """The split basis (num, den) that the feed counts in."""
        return self._token(stock).feed.basis

    def stands(self, stock: str, account: str) -> bool:
        """Whether the account may send and receive now, pauses apart."""
        return self._token(stock).stands(account, self._now)

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
            now=self._now,
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

    # --- instructions ---

    def _market_order(self, order: ins.Mint | ins.Redeem) -> None:
        self._raw(order.amount)
        self._coins(order.settlement)
        if not order.account:
            raise InputError("nobody signs for the zero address", field="account")
        token = self.stocks[order.stock].token if order.stock in self.stocks else None
        if isinstance(order, ins.Mint):
            self.market.mint(order, token, self._now)
        else:
            self.market.redeem(order, token, self._now)

    def _corporate_action(self, order: ins.Announce | ins.Schedule | ins.Cancel) -> None:
        entry = self.stocks.get(order.stock)
        match order:
            case ins.Announce():
                if entry is None:
                    raise Refusal("actions: unknown stock", order.stock)
                entry.actions.announce(order, self._now)
            case ins.Schedule():
                if entry is None:
                    raise Refusal("actions: not announced", order.stock)
                entry.actions.schedule((order.code, order.reference), order.price, self._now)
            case ins.Cancel():
                check_grounds("actions", order.reason, order.document)
                if entry is None:
                    raise Refusal("actions: not cancellable", order.stock)
                entry.actions.cancel((order.code, order.reference), self._now)

    def _reserve(
        self,
        order: ins.ConfigureReserve | ins.SetCeiling | ins.SetBasis | ins.AttestReserve | ins.ConfirmBasis,
    ) -> None:
        if isinstance(order, ins.AttestReserve):
            at = self._now if order.updated_at is None else order.updated_at
            self._token(order.stock).feed.publish(order.shares.to_fixed(self.config.oracle_decimals), at)
            return
        if order.stock not in self.stocks:
            known = "reserve: unknown stock" if isinstance(order, ins.ConfigureReserve) else "reserve: not configured"
            raise Refusal(known, order.stock)
        token, actions = self.stocks[order.stock].token, self.stocks[order.stock].actions
        split = token.multiplier.settled(self._now).current.split
        match order:
            case ins.ConfigureReserve(max_age=max_age, margin_bps=margin_bps, ceiling=ceiling):
                token.feed.configure(FeedConfig(max_age, margin_bps, ceiling.to_wad()), split)
            case ins.SetCeiling(ceiling=ceiling):
                token.feed.set_ceiling(ceiling.to_wad())
            case ins.SetBasis():
                token.feed.set_basis(split)
            case ins.ConfirmBasis(old_round=old, new_round=new):
                token.feed.confirm_basis(old, new, actions.splits, split, self._now)

    def _fleet_wide(self, order: Instruction) -> None:
        match order:
            case ins.Halt() | ins.Unhalt():
                halted = isinstance(order, ins.Halt)
                if self.fleet.halted == halted:
                    raise Refusal("beacon: halted" if halted else "beacon: not halted")
                self.fleet.halted = halted
            case ins.PauseMarket() | ins.UnpauseMarket():
                self.market.paused = isinstance(order, ins.PauseMarket)

    def _stock_wide(self, order: ins.CreateStock | ins.Pause | ins.Unpause) -> None:
        if not isinstance(order, ins.CreateStock):
            self._token(order.stock).set_paused(isinstance(order, ins.Pause))
            return
        if any(entry.token.isin == order.isin for entry in self.stocks.values()):
            raise Refusal("factory: isin taken", order.isin)
        if len(order.isin) != 12:
            raise Refusal("factory: bad isin", order.isin)
        if order.stock in self.stocks:
            raise InputError("names another stock already", field="stock", value=order.stock)
        token = Token(
            name=order.name,
            isin=order.isin,
            policy=order.policy,
            decimals=self.traits.decimals,
            fleet=self.fleet,
            directory=self.directory,
            feed=Feed(self.config.oracle_decimals),
        )
        self.stocks[order.stock] = Stock(token, Actions(token, self.config.rules))

    # --- parts ---

    def _check_role(self, order: ins.RoleInstruction) -> None:
        if not any(order.by in self.config.holding(role) for role in roles_sufficing(order)):
            raise Refusal("roles: not authorised", order.by)

    def _token(self, stock: str) -> Token:
        if stock not in self.stocks:
            raise InputError("is not a known stock", field="stock", value=stock)
        return self.stocks[stock].token

    def _raw(self, amount: RawUnits) -> int:
        if not isinstance(amount, RawUnits) or amount.decimals != self.traits.decimals:
            raise TypeError(f"{amount!r} are not raw units of {self.traits.name}, {self.traits.decimals} decimals")
        return amount.value

    def _coins(self, amount: Stablecoin) -> int:
        if not isinstance(amount, Stablecoin) or amount.decimals != self.config.stablecoin_decimals:
            raise TypeError(f"{amount!r} is not the stablecoin, {self.config.stablecoin_decimals} decimals")
        return amount.value
