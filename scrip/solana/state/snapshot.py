"""A model in the state of a cluster, of the stocks, accounts and investors that somebody asks about.

What it answers to the next instructions is what the program will, so a plan can be previewed. Holders that nobody names
are one account together. Keys are not read: the program refuses a used one whatever the model says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from solders.pubkey import Pubkey

from scrip.errors import InputError
from scrip.instructions import TREASURY
from scrip.instructions.subjects import Subjects
from scrip.ledger import SOLANA
from scrip.manifest.addresses import is_pubkey
from scrip.model.ledger import ModelLedger
from scrip.model.state import Investor, ModelConfig, Rules
from scrip.roles import ADMIN, SOLANA_ADMIN, SOLANA_ROLES
from scrip.solana.addresses import TOKEN, document_hash, investor_id, token_account
from scrip.solana.encoding import tokens
from scrip.solana.ledger import SolanaLedger
from scrip.solana.state.stocks import StockReader

NO_STRANGERS: tuple[str, ...] = ()
"""Nobody is blocked here whom the register does not know: there is no such instruction."""
NO_SUCCESSORS: Mapping[str, str] = MappingProxyType({})
"""No wallet was recovered: nor is there an instruction for that."""
INVESTOR_OF_WALLET, HOLDER_OF_WALLET = 40, slice(8, 40)
"""Where a wallet's record names its investor, and the wallet."""


def load_model(ledger: SolanaLedger, subjects: Subjects) -> ModelLedger:
    """The model as of the cluster's latest block. Stocks that the ledger does not know are not there either."""
    return _Loader(ledger, subjects).load()


@dataclass
class _Loader:
    ledger: SolanaLedger
    subjects: Subjects
    _named: dict[Pubkey, str] = field(default_factory=dict)
    """The accounts in question by address. However many names one has, the first that is no address stands for it."""

    def __post_init__(self) -> None:
        for name in sorted(self.subjects.accounts, key=lambda name: (is_pubkey(name), name)):
            if (address := self._known(name)) is not None:
                self._named.setdefault(address, name)

    def load(self) -> ModelLedger:
        issuer = self._decoded(self.ledger.program.at.issuer)
        model = ModelLedger(SOLANA, self.ledger.now(), self._config(issuer))
        model.investors.restore(self._investors(), NO_STRANGERS, NO_SUCCESSORS)
        for name in sorted(self.subjects.stocks & set(self.ledger.stocks)):
            reader = StockReader(self.ledger, self.ledger.stocks[name], self.subjects.references)
            model.stocks[name] = reader.stock(model, self._named)
        model.market.paused = issuer.market_paused
        model.market.used = self._used_quotes()
        model.market.coins = self._coins()
        return model

    # --- whom it is about ---

    def _known(self, name: str) -> Pubkey | None:
        """The address of a name; None for one that has none here."""
        try:
            return self.ledger.address(name) if name else None
        except InputError:
            return None

    def _decoded(self, address: Pubkey) -> Any:
        data = self.ledger.chain.account(address)
        if data is None:
            raise InputError("is not initialised on this network", field="program", value=str(self.ledger.program.id))
        return self.ledger.program.decode(data)

    def _config(self, issuer: Any) -> ModelConfig:
        roles = {ADMIN: SOLANA_ADMIN, "CEILING": SOLANA_ADMIN, **SOLANA_ROLES}
        holders = {
            role: frozenset({self._named.get(holder, str(holder))})
            for role, place in roles.items()
            if (holder := getattr(issuer.roles, place)) is not None
        }
        return ModelConfig(rules=_rules(issuer.settings), holders=holders, assets=frozenset(self._listed()))

    def _listed(self) -> Iterable[str]:
        """The settlement assets in question that the market lists, by the names that instructions have for them."""
        program = self.ledger.program
        for name in sorted(self.subjects.assets | {"stablecoin"}):
            mint = self.ledger.suite.stablecoin if name == "stablecoin" else self._known(name)
            data = self.ledger.chain.account(program.at.asset(mint)) if mint is not None else None
            if data is not None and program.decode(data).listed:
                yield name

    # --- the register ---

    def _investors(self) -> dict[str, Investor]:
        """Those who are named, and those whose wallets are."""
        at = self.ledger.program.at
        names = {at.investor(investor_id(name)): name for name in self.subjects.investors}
        for record in self._several([at.wallet(address) for address in self._named]):
            if record is not None:
                names.setdefault(record.investor, f"investor {record.investor}")
        places = sorted(names, key=bytes)
        records = zip(places, self._several(places), strict=True)
        return {names[place]: self._investor(place, record) for place, record in records if record is not None}

    def _investor(self, place: Pubkey, record: Any) -> Investor:
        found = self.ledger.chain.owned(self.ledger.program.id, INVESTOR_OF_WALLET, bytes(place))
        mark = self.ledger.program.discriminator("Wallet")
        holders = (Pubkey.from_bytes(data[HOLDER_OF_WALLET]) for _, data in found if data.startswith(mark))
        wallets = sorted(self._called(holder) for holder in holders)
        kind = type(record.class_).__name__.lower()
        return Investor(record.country, kind, record.expiry, record.blocked, wallets)

    def _called(self, address: Pubkey) -> str:
        """What a wallet is called; from here on it is one of those in question."""
        return self._named.setdefault(address, str(address))

    def _several(self, addresses: Sequence[Pubkey]) -> list[Any]:
        """The program's accounts, decoded; None where there is none."""
        found = self.ledger.chain.accounts(addresses)
        return [self.ledger.program.decode(data) if data else None for data in found]

    # --- the market ---

    def _used_quotes(self) -> set[str]:
        quotes = sorted(self.subjects.quotes)
        marks = self.ledger.chain.accounts([self.ledger.program.at.quote(document_hash(name)) for name in quotes])
        return {name for name, mark in zip(quotes, marks, strict=True) if mark is not None}

    def _coins(self) -> dict[str, int]:
        """Stablecoin by account. The treasury has one name in instructions."""
        treasury = self.ledger.program.at.authority
        owners = {name: address for address, name in self._named.items() if address != treasury}
        owners[TREASURY] = treasury
        places = [token_account(address, self.ledger.suite.stablecoin, TOKEN) for address in owners.values()]
        held = map(tokens.holding, self.ledger.chain.accounts(places))
        return {name: one.amount if one else 0 for name, one in zip(owners, held, strict=True)}


def _rules(settings: Any) -> Rules:
    return Rules(
        settings.split_notice,
        settings.dividend_announce,
        settings.dividend_strike,
        settings.withholding_bps,
        settings.grace,
    )
