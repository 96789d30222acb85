"""A stock's holdings, multiplier, backing and corporate actions, read from a cluster as the model keeps them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from solders.pubkey import Pubkey

from scrip.instructions.subjects import OTHERS, reference_text
from scrip.model.laws.multiplier import Multiplier, Terms
from scrip.model.ledger import ModelLedger
from scrip.model.state import (
    Account,
    Action,
    ActionId,
    Actions,
    Feed,
    FeedConfig,
    Receivable,
    Round,
    ScheduledSplit,
    Stock,
    Token,
    day_of,
)
from scrip.solana.addresses import reference_word, token_account
from scrip.solana.encoding import tokens
from scrip.solana.encoding.mint import Mint
from scrip.solana.encoding.program import Listing
from scrip.solana.ledger import SolanaLedger
from scrip.units import SOLANA_DECIMALS, WAD_DECIMALS

TO_SHARES = 10 ** (WAD_DECIMALS - SOLANA_DECIMALS)
"""Raw units here to the 18 decimals that backing is counted in."""
STOCK_OF_ACTION = 8
"""Where an action's record names its stock; other accounts of the stock's have it there, too."""


@dataclass
class StockReader:
    """Reads one stock. `references` are those by which somebody asks about its actions."""

    ledger: SolanaLedger
    listing: Listing
    references: Collection[str]

    def stock(self, model: ModelLedger, named: Mapping[Pubkey, str]) -> Stock:
        """The stock, its accounts by the names of those in question, all others as one."""
        mint = Mint(self._data[self.listing.mint])
        token = Token(
            name=mint.metadata.name,
            isin=self.listing.isin,
            policy=type(self._stock.policy).__name__.upper(),  # type: ignore[arg-type]
            decimals=model.traits.decimals,
            fleet=model.fleet,
            investors=model.investors,
            feed=self._feed(),
            multiplier=self._multiplier(),
            supply=mint.supply,
            paused=bool(mint.byte("Pausable", 32)),
            accounts=self._accounts(named),
        )
        held = sum(account.balance for account in token.accounts.values())
        token.accounts[OTHERS] = Account(mint.supply - held)
        return Stock(token, self._actions())

    # --- what is read ---

    @cached_property
    def _data(self) -> dict[Pubkey, bytes]:
        """The stock's own accounts, all as of one block."""
        one = self.listing
        places = [one.mint, one.stock, one.calendar, one.reserve]
        return {place: data or b"" for place, data in zip(places, self.ledger.chain.accounts(places), strict=True)}

    def _read(self, address: Pubkey) -> Any:
        return self.ledger.program.decode(self._data[address])

    @cached_property
    def _stock(self) -> Any:
        return self._read(self.listing.stock)

    @cached_property
    def _calendar(self) -> Any:
        return self._read(self.listing.calendar)

    @cached_property
    def _records(self) -> dict[Pubkey, Any]:
        """The stock's corporate actions by their accounts."""
        return dict(actions_of(self.ledger, self.listing))

    def _accounts(self, named: Mapping[Pubkey, str]) -> dict[str, Account]:
        """What the canonical accounts hold. Frozen is what an enforcer holds: a lapse freezes nothing here."""
        chain, at = self.ledger.chain, self.ledger.program.at
        units = map(tokens.holding, chain.accounts([token_account(one, self.listing.mint) for one in named]))
        holds = chain.accounts([at.hold(self.listing.stock, one) for one in named])
        return {
            name: Account(held.amount if held else 0, frozen=hold is not None)
            for name, held, hold in zip(named.values(), units, holds, strict=True)
        }

    # --- the multiplier ---

    def _multiplier(self) -> Multiplier:
        """As it is stored: an activated change that nobody folded is the model's to settle."""
        stored, calendar = self._stock.multiplier, self._calendar
        rises = tuple((rise.effective_at, rise.index) for rise in calendar.rises)
        return Multiplier(
            current=_terms(stored.current),
            pending=_terms(stored.next),
            effective_at=stored.effective_at,
            generation=stored.generation,
            history=((0, calendar.base), *rises),
        )

    # --- actions ---

    def _actions(self) -> Actions:
        actions = Actions()
        actions.records = {(one := self._action(record)).id: one for record in self._records.values()}
        actions.parts = [self._id(part.action) for part in self._calendar.parts]
        scheduled = (one for one in actions.records.values() if one.status == "SCHEDULED" and not one.is_dividend)
        in_order = sorted(scheduled, key=lambda one: (one.effective_at, _place(actions.parts, one.id)))
        actions.splits = [ScheduledSplit(one.effective_at, one.num, one.den) for one in in_order]
        return actions

    def _id(self, account: Pubkey) -> ActionId:
        return self._action(self._records[account]).id

    def _action(self, record: Any) -> Action:
        return Action(
            code=bytes(record.code).decode("ascii", "replace"),
            reference=self._reference(bytes(record.reference)),
            ex=day_of(record.ex),
            effective_at=record.effective_at,
            num=record.num,
            den=record.den,
            gross=record.gross,
            pay=record.pay,
            status=type(record.status).__name__.upper(),  # type: ignore[arg-type]
            price=record.price,
            withheld=record.withheld,
            net=record.net,
        )

    def _reference(self, word: bytes) -> str:
        """The reference by which somebody asks about it, or as it can be read."""
        asked = (one for one in self.references if reference_word(one) == word)
        return next(asked, reference_text(word))

    # --- backing ---

    def _feed(self) -> Feed:
        reserve = self._read(self.listing.reserve)
        feed = Feed(WAD_DECIMALS)
        feed.basis = (reserve.basis_num, reserve.basis_den)
        if reserve.max_age:
            feed.config = FeedConfig(reserve.max_age, reserve.margin_bps, reserve.ceiling)
        attestations = [one for one in (reserve.before_split, reserve.latest) if one.sequence]
        feed.rounds = [Round(one.shares, one.as_of) for one in attestations]
        feed.receivables = [
            Receivable(self._id(one.action), one.delta, one.supply * TO_SHARES, one.until)
            for one in reserve.receivables
        ]
        return feed


def actions_of(ledger: SolanaLedger, listing: Listing) -> list[tuple[Pubkey, Any]]:
    """Every action of a stock that was ever announced: account and record, by account."""
    program = ledger.program
    found = ledger.chain.owned(program.id, STOCK_OF_ACTION, bytes(listing.stock))
    mine = [(address, data) for address, data in found if data.startswith(program.discriminator("Action"))]
    return [(address, program.decode(data)) for address, data in sorted(mine, key=lambda one: bytes(one[0]))]


def _terms(factors: Any) -> Terms:
    return Terms(factors.index, factors.num, factors.den)


def _place(parts: list[ActionId], one: ActionId) -> int:
    return parts.index(one) if one in parts else -1
