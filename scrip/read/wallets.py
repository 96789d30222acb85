"""What one account has: whose it is, and of each stock how many tokens and shares, and what of them stands still."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
from scrip.evm.chain import Call, ask_all
from scrip.evm.labels import is_frozen
from scrip.model.laws.lockups import Lockups, Tranche, running
from scrip.preview import moment
from scrip.read.investors import InvestorFacts, investor
from scrip.read.names import NO_NAMES, Names
from scrip.solana.handlers import enforcement
from scrip.units import RawUnits, Shares, ShareWad


@dataclass(frozen=True, slots=True)
class WalletHolding:
    """What an account has of a stock: tokens, the shares that they stand for now, and what of them may not move.

    `is_frozen` is of the whole account, `frozen` tokens of a part, `locked` those that lock-ups bind until `until`, the
    last of their dates in UTC seconds, 0 without any. On Solana `is_frozen` is of accounts that hold something, too,
    where another of the wallet's is open.
    """

    network: str
    stock: str
    account: str
    tokens: RawUnits
    shares: Shares
    is_frozen: bool
    frozen: RawUnits
    locked: RawUnits
    until: int

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "stock": "stock",
        "account": "account",
        "tokens": "tokens",
        "shares": "shares",
        "is_frozen": "frozen whole",
        "frozen": "frozen",
        "locked": "locked",
        "until": "until",
    }

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "network": self.network,
            "stock": self.stock,
            "account": self.account,
            "tokens": str(self.tokens),
            "shares": str(self.shares),
            "is_frozen": "yes" if self.is_frozen else "no",
            "frozen": str(self.frozen),
            "locked": str(self.locked),
            "until": moment(self.until) if self.until else "",
        }


@dataclass(frozen=True, slots=True)
class WalletFacts:
    """An account of a network: its address, its name in the manifest or "", its investor or None, what it holds."""

    network: str
    address: str
    name: str
    owner: InvestorFacts | None
    holdings: tuple[WalletHolding, ...]

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "network": self.network,
            "address": self.address,
            "name": self.name,
            "investor": self.owner.as_json() if self.owner else None,
            "holdings": [one.as_json() for one in self.holdings],
        }


def wallet(network: Network, account: str, names: Names = NO_NAMES) -> WalletFacts:
    """An account by address or by the manifest's name; InputError for what is neither.

    Stocks of which it has nothing and never had a frozen account are left out.
    """
    views = network.views()
    address = views.address(account)
    owned = views.owners([address])[address] is not None
    name = views.name(address)
    return WalletFacts(
        network.manifest.network,
        address,
        "" if name == address else name,
        investor(network, address, names) if owned else None,
        tuple(holdings(network, address)),
    )


def holdings(network: Network, address: str) -> list[WalletHolding]:
    """What an address has of each stock, in the order of the manifest."""
    held = _on_solana(network, address) if isinstance(network, SolanaNetwork) else _on_evm(network, address)
    return [one for one in held if one.tokens or one.is_frozen or one.frozen or one.locked]


def shares_of(units: RawUnits, ui_multiplier: int) -> Shares:
    """The shares that raw units stand for at a multiplier with 18 decimals, rounded down to as many."""
    return Shares.from_wad(ShareWad(units.value * ui_multiplier // 10**units.decimals))


def _on_evm(network: Network, address: str) -> list[WalletHolding]:
    if not isinstance(network, EvmNetwork):
        raise TypeError(f"{network.manifest.network} is of no known kind of chain")
    ledger, now = network.ledger(), network.now()
    stocks = [one for one in network.manifest.stocks if one in ledger.stocks]
    asked = ("balanceOf", "accountWord", "getFrozenTokens", "lockupsOf")
    calls = [
        call
        for one in stocks
        for call in (
            *(Call(ledger.token(one), view, (address,)) for view in asked),
            Call(ledger.token(one), "uiMultiplier"),
        )
    ]
    answers = iter(ask_all(network.chain, calls))
    found = []
    for stock in stocks:
        balance, word, frozen, (amounts, untils), shown = (next(answers) for _ in range(len(asked) + 1))
        locks = tuple(Tranche(until, amount) for until, amount in zip(untils, amounts, strict=True) if amount)
        terms = (stock, balance, is_frozen(word), frozen, running(locks, now), shown)
        found.append(_holding(network, address, *terms))
    return found


def _on_solana(network: SolanaNetwork, address: str) -> list[WalletHolding]:
    ledger, now, found = network.ledger(), network.now(), []
    everything = ledger.investors.token_accounts(address)
    for stock, listing in ledger.stocks.items():
        mine = [held for held in everything.values() if held.mint == listing.mint]
        bound = ledger.bound(listing, ledger.address(address))
        units = sum(one.amount for one in mine) + enforcement.total_of(bound)
        stopped = any(one.frozen and one.amount for one in mine) or (bool(mine) and all(one.frozen for one in mine))
        locks, frozen = running(enforcement.tranches_of(bound), now), bound.frozen if bound else 0
        shown = ledger.multiplier(stock).ui_multiplier if units else 0
        found.append(_holding(network, address, stock, units, stopped, frozen, locks, shown))
    return found


def _holding(
    network: Network, address: str, stock: str, units: int, stopped: bool, frozen: int, locks: Lockups, shown: int
) -> WalletHolding:
    decimals = network.manifest.decimals
    tokens = RawUnits(units, decimals)
    return WalletHolding(
        network.manifest.network,
        stock,
        address,
        tokens,
        shares_of(tokens, shown),
        stopped,
        RawUnits(frozen, decimals),
        RawUnits(sum(one.amount for one in locks), decimals),
        max((one.until for one in locks), default=0),
    )
