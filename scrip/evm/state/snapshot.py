"""A model in the state of a chain, of the stocks, accounts and investors that somebody asks about.

What it answers to the next instructions is what the chain will, so a plan can be previewed. Holders that nobody names
are one account together. Keys are not read: the chain refuses a used one whatever the model says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from scrip.action_codes import BOOK_CODES
from scrip.errors import InputError
from scrip.evm.accounts import ADDRESS
from scrip.evm.chain import Call, ask_all
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import investor_number
from scrip.evm.handlers import (
    actions,
    attestations,
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
from scrip.evm.labels import role
from scrip.evm.ledger import EvmLedger
from scrip.instructions.subjects import OTHERS, Subjects
from scrip.labels import DISTRIBUTOR, OFFERS, REGION_EXIT, STABLECOIN, WIND_UP, entry_label, vault_label
from scrip.ledger import EVM
from scrip.model.laws.offers import OFFER_CODES
from scrip.model.ledger import ModelLedger
from scrip.model.state import Account, Actions, Entry, Investors, ModelConfig, Stock, Token, Vault
from scrip.model.state.actions import ActionId
from scrip.model.state.dividends import CASH_CODE
from scrip.model.state.elections import ELECTION_CODES
from scrip.model.state.market import LimitKey, trader
from scrip.model.state.offers import Offers
from scrip.model.state.voting import MEETING_CODE
from scrip.roles import ADMIN, EVM_ROLES


def load_model(ledger: EvmLedger, subjects: Subjects) -> ModelLedger:
    """The model as of the chain's latest block. Stocks that the ledger does not know are not there either."""
    return _Loader(ledger, subjects).load()


class _Loader:
    def __init__(self, ledger: EvmLedger, subjects: Subjects) -> None:
        self.ledger = ledger
        self.chain = ledger.chain
        self.suite = ledger.suite
        given = self._given(subjects.distributions)
        stocks = {name for name, one in ledger.stocks.items() if one.token.address in given}
        self.treasuries = set(given.values())
        self.subjects = subjects = replace(subjects, stocks=subjects.stocks | stocks)
        # An account is one however many names it has: the first that is no address stands for it.
        by_address = {
            self.chain.address(name): name
            for name in sorted(subjects.accounts, key=lambda name: (bool(ADDRESS.fullmatch(name)), name), reverse=True)
            if self._known(name)
        }
        # Whoever succeeds a lost wallet is asked about too.
        heirs = recovery.read_successors(self.chain, self.suite.registry, by_address)
        for heir, _ in heirs.values():
            by_address.setdefault(heir, self.chain.name(heir))
        self.successors = {by_address[lost]: (by_address[heir], number) for lost, (heir, number) in heirs.items()}
        self.named = sorted(by_address.values())

    def _given(self, distributions: Collection[str]) -> dict[str, str]:
        """Whose units these distributions give, by address, and who receives what nobody fetches: a stock asks whether
        that one may hold it."""
        if self.suite.distributor is None or not distributions:
            return {}
        return dividends.delivered_stocks(self.chain, self.suite.distributor, sorted(distributions))

    def load(self) -> ModelLedger:
        """Read the whole model."""
        model = ModelLedger(EVM, self.chain.now(), self._config())
        register = investors.read_register(
            self.chain, self.suite.registry, self.named, self.subjects.investors, self._name
        )
        names = {investor_number(name): name for name in register.investors}
        successors = {
            lost: (heir, names.get(number, f"investor {number}")) for lost, (heir, number) in self.successors.items()
        }
        model.investors.restore(register.investors, register.blocked_strangers, successors)
        model.fleet.halted = fleet.read_halted(self.chain, self.suite.beacon)
        vaults = {
            label
            for stock in self.subjects.stocks
            for _, label in (*self._labels(stock, vault_label), *self._labels(stock, entry_label))
        }
        payers = vaults | ({DISTRIBUTOR} if self.suite.distributor is not None else set())
        payers |= {OFFERS} if self.suite.offers is not None and self.subjects.offers else set()
        payers |= {WIND_UP} if self.suite.wind_up is not None else set()
        payers |= {REGION_EXIT} if self.suite.region_exit is not None else set()
        payers |= {self._name(one) for one in self.treasuries}
        accounts = sorted({*self.named, *register.wallets, *payers})
        self._read_rest(model.investors, accounts)
        about = self.subjects
        # Whatever is not about prices is previewed without them: a feed that fails stops no emergency.
        if self.suite.prices is not None and (about.prices or about.sources or about.calendars):
            tokens = {name: self.ledger.stocks[name].token for name in about.prices & set(self.ledger.stocks)}
            asked = (tokens, filter(self._known, about.sources), about.calendars, self._name)
            model.state.prices = feeds.read_prices(self.chain, self.suite.prices, *asked)
        for name in sorted(self.subjects.stocks & set(self.ledger.stocks)):
            model.stocks[name] = self._stock(model, name, accounts)
        addresses = {name: self.chain.address(name) for name in accounts}
        model.market.paused = market.read_paused(self.chain, self.suite.market)
        numbered = [pair for pair in self.subjects.nonces if self._known(pair[0])]
        model.market.nonces = market.read_nonces(self.chain, self.suite.market, numbered)
        signers = filter(self._known, self.subjects.signers)
        model.market.epochs = market.read_epochs(self.chain, self.suite.market, signers)
        self._read_limits(model)
        tokens = {name: self.ledger.stocks[name].token for name in sorted(model.stocks)}
        model.market.max_fee_bps, model.market.second_from = self.chain.call(self.suite.market, "quoteTerms")
        model.market.bands = market.read_bands(self.chain, self.suite.market, tokens)
        self._read_pegs(model)
        if self.suite.book is not None and self.suite.distributor is not None:
            model.state.words = {name: _word_of(address) for name, address in addresses.items()}
            model.state.dividends = dividends.read_dividends(
                self.chain,
                self.suite.book,
                self.suite.distributor,
                self.subjects.distributions,
                self._rooted_names(),
                self._name_of_contract,
                self.ledger.since,
            )
        if self.suite.book is not None and self.suite.ballot is not None:
            model.state.words = {name: _word_of(address) for name, address in addresses.items()}
            model.state.voting = voting.read_voting(
                self.chain,
                self.suite.book,
                self.suite.ballot,
                self.subjects.polls,
                self._named(MEETING_CODE) if self.subjects.polls else {},
                addresses,
            )
        if self.suite.book is not None and self.suite.offers is not None and self.subjects.offers:
            model.state.offers = offers.read_offers(
                self.chain, self.suite.offers, self.subjects.offers, self._offered(), addresses, self._name_of_contract
            )
        elif self.suite.offers is not None:
            # Nothing is asked of an offer: that there is an escrow is enough.
            model.state.offers = Offers()
        if self.suite.wind_up is not None:
            model.state.wind_ups = wind_up.read_wind_ups(
                self.chain, self.suite.wind_up, tokens, self._action, addresses, self._name_of_contract
            )
        if self.suite.region_exit is not None:
            named = {key: identity for identity, key in self._named(region_exit.EXIT_CODE).items()}
            model.state.region_exits = region_exit.read_region_exits(
                self.chain, self.suite.region_exit, named, addresses, self._name_of_contract
            )
        if self.suite.book is not None and self.suite.elections is not None:
            model.state.words = {name: _word_of(address) for name, address in addresses.items()}
            model.state.elections = elections.read_elections(
                self.chain,
                self.suite.book,
                self.suite.elections,
                self.subjects.elections,
                self.subjects.leaves,
                {identity: pair for one in ELECTION_CODES for identity, pair in self._named(one).items()}
                if self.subjects.elections
                else {},
            )
        model.market.coins = market.read_coins(self.chain, self.suite.market, self.suite.stablecoin, addresses)
        return model

    # --- what all stocks share ---

    def _known(self, name: str) -> bool:
        """Whether the name has an address; a plan may name what it is yet to deploy."""
        try:
            return bool(name) and self.chain.address(name) != ZERO_ADDRESS
        except InputError:
            return False

    def _config(self) -> ModelConfig:
        roles = (*EVM_ROLES, ADMIN)
        # Whoever signs has a name: a register's bare addresses are not asked about.
        people = [name for name in self.named if not ADDRESS.fullmatch(name)]
        pairs = [(name, account) for name in roles for account in people]
        held = ask_all(
            self.chain,
            [Call(self.suite.roles, "hasRole", (role(name), self.chain.address(account))) for name, account in pairs],
        )
        holders = {
            name: frozenset(account for (one, account), holds in zip(pairs, held, strict=True) if holds and one == name)
            for name in roles
        }
        assets = [name for name in sorted(self.subjects.assets | {"stablecoin"}) if self._known(name)]
        oracles = filter(self._known, self.subjects.oracles)
        return ModelConfig(
            rules=actions.read_rules(self.chain, self.suite.actions),
            holders=holders,
            assets=market.read_listed(self.chain, self.suite.market, assets),
            oracles=sanctions.answering(self.chain, self.suite.registry, oracles),
        )

    def _read_rest(self, register: Investors, accounts: Sequence[str]) -> None:
        """What else the registry keeps: what providers signed, and what the sanctions oracle says."""
        chain, registry, about = self.chain, self.suite.registry, self.subjects
        people = {name for name in self.named if not ADDRESS.fullmatch(name)}
        providers = people | set(filter(self._known, about.providers))
        register.attestations = attestations.read_attestations(chain, registry, about.attestations, providers)
        addresses = {name: chain.address(name) for name in accounts}
        register.sanctions = sanctions.read_sanctions(chain, registry, about.oracles, addresses, self._name)

    def _name(self, address: str) -> str:
        """What the subjects call an address, or its name, or the address."""
        return next((name for name in self.named if self.chain.address(name) == address), self.chain.name(address))

    def _read_pegs(self, model: ModelLedger) -> None:
        """What guards the settlement coins that are named, and what the feeds of those say that are asked about."""
        names = sorted(filter(self._known, self.subjects.assets | {STABLECOIN}))
        coins = {name: self.chain.address(name) for name in names}
        model.market.pegs = market.read_pegs(self.chain, self.suite.market, coins, self._name)
        sources = model.state.prices.sources
        for name in sorted(self.subjects.pegs & set(model.market.pegs)):
            feed = model.market.pegs[name].feed
            sources[feed] = feeds.read_source(self.chain, self.chain.address(feed))
        for feed in filter(self._known, self.subjects.sources if self.subjects.pegs else ()):
            sources[feed] = feeds.read_source(self.chain, self.chain.address(feed))

    def _read_limits(self, model: ModelLedger) -> None:
        """The limits of mints and redemptions, and what counts against them: of stocks, of all, and of who trades."""
        chain, at, kept = self.chain, self.suite.market, model.market
        keys: list[tuple[LimitKey, str]] = [(("issuer", ""), ZERO_ADDRESS), (("investor", ""), ZERO_ADDRESS)]
        keys += [(("stock", name), self.ledger.stocks[name].token.address) for name in sorted(model.stocks)]
        found = market.read_limits(chain, at, [(scope, token) for (scope, _), token in keys])
        kept.limits = {key: one for (key, _), one in zip(keys, found, strict=True) if one}
        for key, token in keys:
            if key in kept.limits and key[0] != "investor":
                kept.levels[key] = market.read_level(chain, at, key[0], token)
        traders = sorted(filter(self._known, self.subjects.traders)) if ("investor", "") in kept.limits else ()
        for account in traders:
            address = chain.address(account)
            number = chain.call(self.suite.registry, "investorOf", address) or int(address, 16)
            key = ("investor", trader(model.investors, self._name(address)))
            kept.levels[key] = market.read_level(chain, at, "investor", investor=number)

    # --- a stock ---

    def _stock(self, model: ModelLedger, stock: str, accounts: Sequence[str]) -> Stock:
        listing = self.ledger.stocks[stock]
        chain, token = self.chain, listing.token
        sheet = fleet.read_sheet(chain, token)
        names = actions.known_ids(listing.isin, listing.series, self.subjects.references)
        records = actions.read_records(chain, self.suite.actions, token)
        pairs = [pair for pair in sorted(self.subjects.allowances) if all(self._known(one) for one in pair)]
        record = Token(
            name=sheet.name,
            isin=listing.isin,
            policy=sheet.policy,
            decimals=model.traits.decimals,
            fleet=model.fleet,
            investors=model.investors,
            feed=reserve.read_feed(chain, self.suite, listing, names),
            supply=sheet.supply,
            paused=sheet.paused,
            mints_suspended=sheet.mints_suspended,
            mints_end=sheet.mints_end,
            accounts=enforcement.read_accounts(chain, token, accounts),
            allowances=transfers.read_allowances(chain, token, pairs),
            rules=holder_limits.read_rules(chain, self.suite.registry, token),
            ticker=stock,
        )
        held = sum(account.balance for account in record.accounts.values())
        record.accounts[OTHERS] = Account(sheet.supply - held)
        holder_limits.read_holders(chain, self.suite.registry, token, record, accounts)
        record.multiplier = actions.multiplier_of(chain, self.suite.actions, token, records)
        found = Actions()
        if self.suite.book is not None:
            of = {identity: reference for identity, (one, reference) in self._cash_names().items() if one == stock}
            found.cash = dividends.read_all_cash(chain, self.suite.book, token, of, self._name_of_coin)
            found.book = actions.read_book(chain, self.suite.book, token, names, self._name_of_contract)
        actions.read_into(chain, self.suite.actions, token, records, names, found)
        return Stock(record, found, self._vaults(stock, accounts), self._entries(stock, accounts))

    def _offered(self) -> dict[bytes, tuple[str, str, str]]:
        """The stock, code and reference of each action that is asked about and that an offer may be of, by its id."""
        return {one: (stock, code, name) for code in OFFER_CODES for one, (stock, name) in self._named(code).items()}

    def _cash_names(self) -> dict[bytes, tuple[str, str]]:
        """The stock and reference of each cash dividend that is asked about, by its id."""
        return self._named(CASH_CODE)

    def _rooted_names(self) -> dict[bytes, tuple[str, str, str]]:
        """Stock, code and reference of each action that is asked about and may have roots, by its id."""
        return {
            identity: (stock, code, reference)
            for code, one in BOOK_CODES.items()
            if one.legs
            for identity, (stock, reference) in self._named(code).items()
        }

    def _named(self, code: str) -> dict[bytes, tuple[str, str]]:
        """The stock and reference of each action of a code that is asked about, by its id."""
        return {
            self.ledger.action_id(stock, code, reference): (stock, reference)
            for stock in self.subjects.stocks & set(self.ledger.stocks)
            for reference in self.subjects.references
        }

    def _action(self, stock: str, identity: bytes) -> ActionId:
        """The code and reference of an action of the book, by its id."""
        listing = self.ledger.stocks[stock]
        names = actions.known_ids(listing.isin, listing.series, self.subjects.references)
        code = self.chain.call(self.suite.book, "timesOf", identity)[1] if self.suite.book is not None else ""
        return actions.name_of(names, identity, code)

    def _name_of_contract(self, address: str) -> str:
        """What an asset or a stock is called."""
        stocks = {one.token.address: name for name, one in self.ledger.stocks.items()}
        return stocks.get(address) or self._name_of_coin(address)

    def _name_of_coin(self, address: str) -> str:
        """What an asset is called; the first one's label goes before any other name."""
        return STABLECOIN if address == self.suite.stablecoin.address else self._name(address)

    def _vaults(self, stock: str, accounts: Sequence[str]) -> dict[str, Vault]:
        """The stock's vaults by asset."""
        terms = self._about(accounts)
        return {
            asset: redemption.read_vault(self.chain, self.ledger.vaults[label], label, *terms)
            for asset, label in self._labels(stock, vault_label)
        }

    def _entries(self, stock: str, accounts: Sequence[str]) -> dict[str, Entry]:
        """The vaults into which investors pay for the stock, by asset."""
        terms = self._about(accounts)
        return {
            asset: subscriptions.read_entry(self.chain, self.ledger.vaults[label], label, *terms)
            for asset, label in self._labels(stock, entry_label)
        }

    def _about(self, accounts: Sequence[str]) -> tuple[dict[str, str], frozenset[str], Callable[[str], str], int]:
        """Whom and what a vault is read about."""
        addresses = {name: self.chain.address(name) for name in accounts}
        return addresses, self.subjects.strikes, self._name, self.ledger.since

    def _labels(self, stock: str, label_of: Callable[[str, str], str]) -> list[tuple[str, str]]:
        """The stock's vaults of a kind that there are, each behind its asset."""
        found = [(asset, label_of(stock, asset)) for asset in sorted(self.subjects.assets | {STABLECOIN})]
        return [(asset, label) for asset, label in found if label in self.ledger.vaults]


def _word_of(address: str) -> bytes:
    """An address as it stands in a tree of those who are paid."""
    return bytes.fromhex(address[2:]).rjust(32, b"\0")
