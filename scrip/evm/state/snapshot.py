"""A model in the state of a chain, of the stocks, accounts and investors that somebody asks about.

What it answers to the next instructions is what the chain will, so a plan can be previewed. Holders that nobody names
are one account together. Keys are not read: the chain refuses a used one whatever the model says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eth_utils import keccak

from scrip.errors import InputError
from scrip.evm.chain import Call, Contract, ask_all
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import CLASSES, POLICIES, investor_number
from scrip.evm.labels import BALANCE_MASK, is_enrolled, is_frozen, role
from scrip.evm.ledger import EvmLedger, Listing
from scrip.evm.local.accounts import ADDRESS
from scrip.evm.state.holder_limits import read_holders, read_rules
from scrip.evm.state.investors import answering, read_attestations, read_sanctions, read_successors
from scrip.evm.state.stocks import known_ids, read_actions, read_feed, read_multiplier, read_records
from scrip.instructions import TREASURY
from scrip.instructions.subjects import OTHERS, Subjects
from scrip.labels import MODES
from scrip.ledger import EVM
from scrip.model.laws.lockups import Lockups, Tranche
from scrip.model.ledger import ModelLedger
from scrip.model.state import Account, Actions, Investor, Investors, ModelConfig, Rules, Stock, Token
from scrip.roles import ADMIN, EVM_ROLES

_POLICY_NAMES = {number: name for name, number in POLICIES.items()}
_CLASS_NAMES = {number: name for name, number in CLASSES.items()}


def load_model(ledger: EvmLedger, subjects: Subjects) -> ModelLedger:
    """The model as of the chain's latest block. Stocks that the ledger does not know are not there either."""
    return _Loader(ledger, subjects).load()


@dataclass(frozen=True, slots=True)
class _Register:
    """What the registry says of the accounts and investors in question."""

    investors: dict[str, Investor]
    blocked_strangers: tuple[str, ...]

    @property
    def wallets(self) -> set[str]:
        """Every wallet of these investors."""
        return {wallet for one in self.investors.values() for wallet in one.wallets}


class _Loader:
    def __init__(self, ledger: EvmLedger, subjects: Subjects) -> None:
        self.ledger = ledger
        self.chain = ledger.chain
        self.suite = ledger.suite
        self.subjects = subjects
        # An account is one however many names it has: the first that is no address stands for it.
        by_address = {
            self.chain.address(name): name
            for name in sorted(subjects.accounts, key=lambda name: (bool(ADDRESS.fullmatch(name)), name), reverse=True)
            if self._known(name)
        }
        # Whoever succeeds a lost wallet is asked about too.
        heirs = read_successors(self.chain, self.suite.registry, by_address)
        for heir in heirs.values():
            by_address.setdefault(heir, self.chain.name(heir))
        self.successors = {by_address[lost]: by_address[heir] for lost, heir in heirs.items()}
        self.named = sorted(by_address.values())

    def load(self) -> ModelLedger:
        model = ModelLedger(EVM, self.chain.now(), self._config())
        register = self._register()
        model.investors.restore(register.investors, register.blocked_strangers, self.successors)
        halted, paused = self.chain.call_many([Call(self.suite.beacon, "mode"), Call(self.suite.market, "paused")])
        model.fleet.halted = MODES[halted] == "HALTED"
        accounts = sorted({*self.named, *register.wallets})
        self._read_rest(model.investors, accounts)
        for name in sorted(self.subjects.stocks & set(self.ledger.stocks)):
            model.stocks[name] = self._stock(model, self.ledger.stocks[name], accounts)
        model.market.paused = paused
        model.market.used = self._used_quotes()
        model.market.coins = self._coins(accounts)
        return model

    # --- what all stocks share ---

    def _known(self, name: str) -> bool:
        """Whether the name has an address; a plan may name what it is yet to deploy."""
        try:
            return bool(name) and self.chain.address(name) != ZERO_ADDRESS
        except InputError:
            return False

    def _config(self) -> ModelConfig:
        actions, at = self.suite.actions, self.chain.address
        roles = (*EVM_ROLES, ADMIN)
        # Whoever signs has a name: a register's bare addresses are not asked about.
        people = [name for name in self.named if not ADDRESS.fullmatch(name)]
        pairs = [(name, account) for name in roles for account in people]
        held = ask_all(
            self.chain, [Call(self.suite.roles, "hasRole", (role(name), at(account))) for name, account in pairs]
        )
        holders = {
            name: frozenset(account for (one, account), holds in zip(pairs, held, strict=True) if holds and one == name)
            for name in roles
        }
        assets = [name for name in sorted(self.subjects.assets | {"stablecoin"}) if self._known(name)]
        listed = ask_all(self.chain, [Call(self.suite.market, "assetListed", (at(name),)) for name in assets])
        notices = [Call(actions, "noticeOf", (kind,)) for kind in range(3)]
        rules = ask_all(self.chain, [*notices, Call(actions, "withholdingBps"), Call(actions, "grace")])
        return ModelConfig(
            rules=Rules(*rules),
            holders=holders,
            assets=frozenset(name for name, is_listed in zip(assets, listed, strict=True) if is_listed),
            oracles=answering(self.chain, self.suite.registry, filter(self._known, self.subjects.oracles)),
        )

    def _register(self) -> _Register:
        registry, at = self.suite.registry, self.chain.address
        numbers = ask_all(self.chain, [Call(registry, "investorOf", (at(name),)) for name in self.named])
        blocked = ask_all(self.chain, [Call(registry, "isBlocked", (at(name),)) for name in self.named])
        names = {investor_number(name): name for name in self.subjects.investors}
        for number in numbers:
            if number:
                names.setdefault(number, f"investor {number}")
        investors = self._investors(names)
        strangers = (
            name for name, number, stopped in zip(self.named, numbers, blocked, strict=True) if stopped and not number
        )
        return _Register(investors, tuple(strangers))

    def _read_rest(self, investors: Investors, accounts: Sequence[str]) -> None:
        """What else the registry keeps: what providers signed, and what the sanctions oracle says."""
        chain, registry = self.chain, self.suite.registry
        people = {name for name in self.named if not ADDRESS.fullmatch(name)}
        providers = people | set(filter(self._known, self.subjects.providers))
        investors.attestations = read_attestations(chain, registry, self.subjects.attestations, providers)
        addresses = {name: chain.address(name) for name in accounts}
        investors.sanctions = read_sanctions(chain, registry, self.subjects.oracles, addresses, self._name)

    def _investors(self, names: Mapping[int, str]) -> dict[str, Investor]:
        registry = self.suite.registry
        numbers = sorted(names)
        records = ask_all(self.chain, [Call(registry, "investorRecord", (number,)) for number in numbers])
        wallets = ask_all(self.chain, [Call(registry, "walletsOf", (number,)) for number in numbers])
        return {
            names[number]: Investor(
                country,
                _CLASS_NAMES.get(kind, f"class {kind}"),
                expiry,
                blocked,
                [self._name(address) for address in addresses],
            )
            for number, (known, blocked, country, kind, expiry), addresses in zip(
                numbers, records, wallets, strict=True
            )
            if known
        }

    def _name(self, address: str) -> str:
        """What the subjects call an address, or its name, or the address."""
        return next((name for name in self.named if self.chain.address(name) == address), self.chain.name(address))

    def _used_quotes(self) -> set[str]:
        quotes = sorted(self.subjects.quotes)
        calls = [Call(self.suite.market, "quoteUsed", (quote_id(name),)) for name in quotes]
        return {name for name, used in zip(quotes, ask_all(self.chain, calls), strict=True) if used}

    def _coins(self, accounts: Iterable[str]) -> dict[str, int]:
        """Stablecoin by account. The treasury has one name in instructions, whatever the manifest calls it."""
        treasury = str(self.chain.call(self.suite.market, "treasury"))
        at = {name: self.chain.address(name) for name in accounts}
        owners = {name: address for name, address in at.items() if address != treasury} | {TREASURY: treasury}
        calls = [Call(self.suite.stablecoin, "balanceOf", (address,)) for address in owners.values()]
        return dict(zip(owners, ask_all(self.chain, calls), strict=True))

    # --- a stock ---

    def _stock(self, model: ModelLedger, listing: Listing, accounts: Sequence[str]) -> Stock:
        chain, token = self.chain, listing.token
        views = ("name", "policy", "totalSupply", "paused")
        title, policy, supply, paused = chain.call_many([Call(token, view) for view in views])
        names = known_ids(listing.isin, self.subjects.references)
        records = read_records(chain, self.suite, token)
        record = Token(
            name=title,
            isin=listing.isin,
            policy=_POLICY_NAMES[policy],
            decimals=model.traits.decimals,
            fleet=model.fleet,
            investors=model.investors,
            feed=read_feed(chain, self.suite, listing, names),
            supply=supply,
            paused=paused,
            accounts=self._accounts(token, accounts),
            allowances=self._allowances(token),
            rules=read_rules(chain, self.suite.registry, token),
        )
        held = sum(account.balance for account in record.accounts.values())
        record.accounts[OTHERS] = Account(supply - held)
        read_holders(chain, self.suite.registry, token, record, accounts)
        record.multiplier = read_multiplier(chain, self.suite, token, records)
        actions = Actions()
        read_actions(chain, self.suite, token, records, names, actions)
        return Stock(record, actions)

    def _accounts(self, token: Contract, names: Sequence[str]) -> dict[str, Account]:
        addresses = [(self.chain.address(name),) for name in names]
        words, frozen, cases, locks = (
            ask_all(self.chain, [Call(token, view, where) for where in addresses])
            for view in ("accountWord", "getFrozenTokens", "caseOf", "lockupsOf")
        )
        return {
            name: Account(word & BALANCE_MASK, is_frozen(word), part, case[0] != 0, _lockups(*held), is_enrolled(word))
            for name, word, part, case, held in zip(names, words, frozen, cases, locks, strict=True)
        }

    def _allowances(self, token: Contract) -> dict[tuple[str, str], int]:
        pairs = [pair for pair in sorted(self.subjects.allowances) if all(self._known(one) for one in pair)]
        at = self.chain.address
        calls = [Call(token, "allowance", (at(owner), at(spender))) for owner, spender in pairs]
        return dict(zip(pairs, ask_all(self.chain, calls), strict=True))


def _lockups(amounts: Sequence[int], untils: Sequence[int]) -> Lockups:
    return tuple(Tranche(until, amount) for until, amount in zip(untils, amounts, strict=True) if amount)


def quote_id(name: str) -> bytes:
    """The id that the market knows a quote by: 0x and 64 hex digits are the id itself."""
    return bytes.fromhex(name[2:]) if name.startswith("0x") and len(name) == 66 else keccak(text=name)
