"""Everything that the model keeps, as its handlers are given it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from scrip.errors import InputError
from scrip.ledger import ChainTraits
from scrip.model.state.actions import Actions
from scrip.model.state.config import ModelConfig
from scrip.model.state.dividends import Dividends
from scrip.model.state.elections import Elections
from scrip.model.state.fleet import Fleet
from scrip.model.state.investors import Investors
from scrip.model.state.market import Market
from scrip.model.state.offers import Offers
from scrip.model.state.prices import Prices
from scrip.model.state.redemption import Vault
from scrip.model.state.region_exit import RegionExits
from scrip.model.state.subscriptions import Entry
from scrip.model.state.token import Token
from scrip.model.state.voting import Voting
from scrip.model.state.wind_up import WindUps
from scrip.units import RawUnits, Stablecoin


@dataclass(slots=True)
class Stock:
    """A stock's token, its corporate actions, its vaults by the stablecoin that they pay, and those that take it."""

    token: Token
    actions: Actions = field(default_factory=Actions)
    vaults: dict[str, Vault] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)


@dataclass(slots=True)
class State:
    """The state of a ledger at `now`, UTC seconds. `traits` fix decimals and chain habits."""

    traits: ChainTraits
    config: ModelConfig
    now: int
    stocks: dict[str, Stock] = field(default_factory=dict)
    investors: Investors = field(default_factory=Investors)
    fleet: Fleet = field(default_factory=Fleet)
    market: Market = field(default_factory=Market)
    prices: Prices = field(default_factory=Prices)
    dividends: Dividends | None = None
    """Cash dividends that were posted; None where nothing pays any."""
    voting: Voting | None = None
    """Votes at meetings; None where nobody votes."""
    offers: Offers | None = None
    """Offers that holders answer with units; None where nobody does."""
    wind_ups: WindUps | None = None
    """Ends of stocks; None where none can end."""
    region_exits: RegionExits | None = None
    """Exits from countries; None where none can be left."""
    elections: Elections | None = None
    """Elections between cash and stock; None where nobody chooses."""
    words: dict[str, bytes] = field(default_factory=dict)
    """Addresses of accounts as 32 bytes, where a chain's are known: a tree of those who are paid is over them."""

    def token(self, stock: str) -> Token:
        """The token of a stock; InputError for a name that is none's."""
        found = self.stocks.get(stock)
        if found is None:
            raise InputError("is not a known stock", field="stock", value=stock)
        return found.token

    def shut(self, wallets: Iterable[str]) -> None:
        """Freeze what wallets have thawed: whoever opens it again is asked for all that a thaw is."""
        for stock in self.stocks.values():
            for wallet in wallets:
                if wallet in stock.token.accounts:
                    stock.token.accounts[wallet].thawed = False

    def is_contract(self, account: str) -> bool:
        """Whether the model knows an account as a contract."""
        stocks = self.stocks.values()
        kept = [one.account for stock in stocks for one in (*stock.vaults.values(), *stock.entries.values())]
        others = (self.offers, self.dividends, self.wind_ups, self.region_exits)
        return account in (*kept, *(one.account for one in others if one is not None))

    def account_word(self, account: str) -> bytes:
        """What stands for an account in a tree of those who are paid: its address, else a hash of its name."""
        # The model works where nothing else is installed: a tree alone needs a library.
        from scrip.model.laws.merkle_sum import keccak

        found = self.words.get(account)
        return keccak(f"account {account}".encode()) if found is None else found

    def raw(self, amount: RawUnits) -> int:
        """The amount as an integer; TypeError for units of another kind or of other decimals than the ledger's."""
        if not isinstance(amount, RawUnits) or amount.decimals != self.traits.decimals:
            raise TypeError(f"{amount!r} are not raw units of {self.traits.name}, {self.traits.decimals} decimals")
        return amount.value

    def paid(self, amount: Stablecoin | RawUnits, units: str) -> int:
        """What a root pays as an integer, of the stock `units`, or coins where that is ""; TypeError for the other."""
        if units:
            return self.raw(amount)  # type: ignore[arg-type]
        return self.coins(amount)  # type: ignore[arg-type]

    def coins(self, amount: Stablecoin) -> int:
        """The amount as an integer; TypeError for what is not the stablecoin, or has other decimals."""
        if not isinstance(amount, Stablecoin) or amount.decimals != self.config.stablecoin_decimals:
            raise TypeError(f"{amount!r} is not the stablecoin, {self.config.stablecoin_decimals} decimals")
        return amount.value
