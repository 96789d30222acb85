"""A model in the state of a cluster, of the stocks, accounts and investors that somebody asks about.

What it answers to the next instructions is what the program will, so a plan can be previewed. Holders that nobody names
are one account together. Keys are not read: the program refuses a used one whatever the model says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from solders.pubkey import Pubkey

from scrip.errors import InputError
from scrip.instructions.subjects import OTHERS, Subjects, reference_text
from scrip.ledger import SOLANA
from scrip.manifest.addresses import is_pubkey
from scrip.model.ledger import ModelLedger
from scrip.model.state import Account, Action, Actions, ModelConfig, Stock, Token
from scrip.roles import ADMIN, SOLANA_ADMIN, SOLANA_ROLES
from scrip.solana.addresses import investor_id, reference_word
from scrip.solana.encoding import places, tokens
from scrip.solana.encoding.mint import Mint
from scrip.solana.encoding.program import Listing
from scrip.solana.handlers import (
    actions,
    attestations,
    enforcement,
    fleet,
    holder_limits,
    investors,
    market,
    recovery,
    reserve,
    sanctions,
)
from scrip.solana.ledger import SolanaLedger


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
        asked = self.subjects.accounts | self.subjects.oracles
        for name in sorted(asked, key=lambda name: (is_pubkey(name), name)):
            if (address := self._known(name)) is not None:
                self._named.setdefault(address, name)

    def load(self) -> ModelLedger:
        """Read the whole model."""
        ledger = self.ledger
        issuer = ledger.record(ledger.program.at.issuer, "Issuer")
        if issuer is None:
            raise InputError("is not initialised on this network", field="program", value=str(ledger.program.id))
        model = ModelLedger(SOLANA, ledger.now(), self._config(issuer))
        lines = self._lines()
        register = investors.read_investors(ledger, self.subjects.investors, list(self._named), self._called)
        at = ledger.program.at
        names = {at.investor(investor_id(one)): one for one in self.subjects.investors}
        successors = {
            self._called(old): (self._called(heir), names.get(place, investors.unnamed(place)))
            for old, (heir, place) in lines.items()
        }
        alone = investors.blocked_strangers(ledger, self._named)
        model.investors.restore(register, {*alone, *successors}, successors)
        model.investors.sanctions_list = sanctions.read_list(ledger, self._named, issuer.settings.strict_list)
        model.state.words = {name: bytes(address) for address, name in self._named.items()}
        nonces = [pair for pair in self.subjects.attestations if self._known(pair[0]) is not None]
        asked = nonces, [one for one in self.subjects.providers if self._known(one) is not None]
        model.investors.attestations = attestations.read_attestations(ledger, *asked)
        for name in sorted(self.subjects.stocks & set(ledger.stocks)):
            model.stocks[name] = self._stock(model, name)
        model.market.paused = issuer.market_paused
        model.fleet.halted = issuer.halted
        model.market.used = market.read_used_quotes(ledger, self.subjects.quotes)
        model.market.outlets = market.read_outlets(ledger, dict(self._assets()), self._called)
        model.market.coins = market.read_coins(ledger, self._named)
        return model

    # --- what all stocks share ---

    def _known(self, name: str) -> Pubkey | None:
        """The address of a name; None for one that has none here."""
        try:
            return self.ledger.address(name) if name else None
        except InputError:
            return None

    def _called(self, address: Pubkey) -> str:
        """What a wallet is called; from here on it is one of those in question."""
        return self._named.setdefault(address, str(address))

    def _lines(self) -> dict[Pubkey, tuple[Pubkey, Pubkey]]:
        """Of each wallet in question that was recovered its successor, in question from here on, and the record of the
        investor whose both are."""
        found: dict[Pubkey, tuple[Pubkey, Pubkey]] = {}
        asked = list(self._named)
        while asked:
            told = zip(asked, recovery.successors(self.ledger, asked), strict=True)
            more = {old: heir for old, heir in told if heir is not None}
            found |= more
            asked = [heir for heir, _ in more.values() if heir not in found]
            for heir in asked:
                self._called(heir)
        return found

    def _config(self, issuer: Any) -> ModelConfig:
        roles = {ADMIN: SOLANA_ADMIN, "CEILING": SOLANA_ADMIN, **SOLANA_ROLES}
        holders = {
            role: frozenset({self._named.get(holder, str(holder))})
            for role, place in roles.items()
            if (holder := getattr(issuer.roles, place)) is not None
        }
        listed = market.read_listed(self.ledger, dict(self._assets()))
        return ModelConfig(rules=actions.rules_of(issuer.settings), holders=holders, assets=listed)

    def _assets(self) -> Iterator[tuple[str, Pubkey]]:
        """The settlement assets in question that have an address, by the names that instructions have for them."""
        for name in sorted(self.subjects.assets | {"stablecoin"}):
            mint = self.ledger.suite.stablecoin if name == "stablecoin" else self._known(name)
            if mint is not None:
                yield name, mint

    # --- a stock ---

    def _stock(self, model: ModelLedger, ticker: str) -> Stock:
        """Read a stock, its accounts by the names of those in question, all others as one."""
        program, listing = self.ledger.program, self.ledger.stocks[ticker]
        # All as of one block.
        parts = {"Stock": listing.stock, "Calendar": listing.calendar, "Reserve": listing.reserve}
        wanted = [(listing.mint, tokens.STOCK), *((one, program.kind(kind)) for kind, one in parts.items())]
        found = places.stored_each(self.ledger.chain, wanted)
        if None in found:
            raise InputError("is not whole on the chain, as the node has it", field="stock", value=listing.isin)
        mint_data, *rest = (data or b"" for data in found)
        mint, (stored, calendar, backing) = Mint(mint_data), map(program.decode, rest)
        records = self._actions(listing, [one.action for one in (*calendar.parts, *backing.receivables.open)])
        token = Token(
            name=mint.metadata.name,
            isin=listing.isin,
            policy=fleet.policy_of(stored),
            decimals=model.traits.decimals,
            fleet=model.fleet,
            investors=model.investors,
            feed=reserve.feed_of(backing, records),
            multiplier=actions.multiplier_of(stored.multiplier, calendar),
            supply=mint.supply,
            paused=bool(mint.byte("Pausable", 32)),
            rules=holder_limits.rules_of(stored),
            accounts=enforcement.read_accounts(self.ledger, listing, self._named),
            ticker=ticker,
        )
        held = sum(account.balance for account in token.accounts.values())
        token.accounts[OTHERS] = Account(mint.supply - held)
        if limits := holder_limits.limits_of(stored):
            token.holders.limits = limits
            # Seats that no units of those in question stand for, OTHERS being one holder, of its own.
            token.holders.elsewhere = stored.seats - token.holders.count()
        kept = Actions()
        actions.read_into(records, [part.action for part in calendar.parts], kept)
        return Stock(token, kept)

    def _actions(self, listing: Listing, named: Sequence[Pubkey]) -> dict[Pubkey, Action]:
        """A stock's actions by account. Those that other records name are asked for where a list lacks them."""
        found = dict(actions.records_of(self.ledger, listing))
        found |= {one: self.ledger.demanded(one, "Action") for one in named if one not in found}
        return {one: actions.action_of(record, self._reference) for one, record in found.items()}

    def _reference(self, word: bytes) -> str:
        """The reference by which somebody asks about an action, or as it can be read."""
        asked = (one for one in self.subjects.references if reference_word(one) == word)
        return next(asked, reference_text(word))
