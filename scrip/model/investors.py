"""The compliance directory: investors, their wallets, clearance and blocks; one for all stocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scrip import parameters
from scrip.errors import Refusal
from scrip.holder_limits import StockRules
from scrip.model.arithmetic import U40_MAX
from scrip.model.attestations import Attestations
from scrip.model.reasons import check_grounds
from scrip.model.sanctions import Sanctions

MAX_WALLETS = parameters.MAX_WALLETS.value
MAX_COUNTRY = parameters.MAX_COUNTRY.value
EVERYBODY = StockRules()
MAX_CHAIN = parameters.MAX_SUCCESSIONS.value


class KeyBook:
    """Keys that make an instruction unrepeatable. Each contract keeps its own book."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def check(self, key: str) -> None:
        """Refuses "keys: used". The key "" is a fresh one."""
        if key in self._used:
            raise Refusal("keys: used", key)

    def consume(self, key: str) -> None:
        """Marks a key that check() passed; call it once nothing can refuse any more."""
        if key:
            self._used.add(key)


@dataclass(slots=True)
class Investor:
    """One record. Cleared while now < expiry (UTC seconds). `country` is ISO 3166 numeric."""

    country: int
    investor_class: str
    expiry: int
    blocked: bool = False
    wallets: list[str] = field(default_factory=list)


class Directory:
    """The registry. Wallets that it does not know have no clearance and no block."""

    def __init__(self) -> None:
        self.keys = KeyBook()
        self.investors: dict[str, Investor] = {}
        self.attestations = Attestations()
        self.sanctions = Sanctions()
        self.successors: dict[str, str] = {}
        """Who has taken the place of each recovered wallet."""
        self._investor_of: dict[str, str] = {}
        self._blocked_strangers: set[str] = set()
        self._succeeded: dict[str, int] = {}

    def restore(
        self, investors: Mapping[str, Investor], blocked_strangers: Iterable[str], successors: Mapping[str, str]
    ) -> None:
        """Take the state of a register that is kept elsewhere."""
        self.investors = dict(investors)
        self._investor_of = {wallet: name for name, record in investors.items() for wallet in record.wallets}
        self._blocked_strangers = set(blocked_strangers)
        self.successors = dict(successors)

    @property
    def blocked_strangers(self) -> frozenset[str]:
        """Blocked addresses without an investor."""
        return frozenset(self._blocked_strangers)

    def investor_of(self, wallet: str) -> str | None:
        """The investor whose wallet it is; None for a stranger's."""
        return self._investor_of.get(wallet)

    def cleared_until(self, wallet: str, rules: StockRules = EVERYBODY) -> int:
        """The UTC second at which the wallet's clearance for a stock with these rules ends; 0 for one that has none."""
        investor = self._investor_of.get(wallet)
        if investor is None:
            return 0
        record = self.investors[investor]
        return record.expiry if rules.admits(record.country, record.investor_class) else 0

    def is_blocked(self, wallet: str) -> bool:
        """Whether the wallet's investor is blocked, or the wallet itself where it has none."""
        investor = self._investor_of.get(wallet)
        return wallet in self._blocked_strangers if investor is None else self.investors[investor].blocked

    def is_suspect(self, wallet: str) -> bool:
        """Whether a stock that meets the wallet for the first time keeps it out, on the sanctions oracle's word or for
        want of it. Wallets of investors were looked up when they were recorded."""
        return wallet not in self._investor_of and self.sanctions.answer(wallet) != "clean"

    def onboard(self, key: str, investor: str, wallet: str, country: int, investor_class: str, expiry: int) -> None:
        """A new investor, by COMPLIANCE. Refuses: keys: used, then as record."""
        self.keys.check(key)
        self.record(investor, wallet, country, investor_class, expiry)
        self.keys.consume(key)

    def record(self, investor: str, wallet: str, country: int, investor_class: str, expiry: int) -> None:
        """A new investor. Refuses: bad investor, wallet known, investor known, zero address, bad expiry, bad country,
        wallet blocked, sanctions: listed, sanctions: no answer."""
        if not investor:
            raise Refusal("registry: bad investor")
        self._check_stranger(wallet)
        if investor in self.investors:
            raise Refusal("registry: investor known", investor)
        _check_address(wallet)
        _check_expiry(expiry)
        _check_country(country)
        self._check_attachable(wallet)
        self.investors[investor] = Investor(country, investor_class, expiry, wallets=[wallet])
        self._investor_of[wallet] = investor

    def link_wallet(self, key: str, investor: str, wallet: str) -> None:
        """Refuses: keys: used, unknown investor, wallet known, zero address, too many wallets, wallet blocked,
        sanctions: listed, sanctions: no answer."""
        self.keys.check(key)
        record = self._record(investor)
        self._check_stranger(wallet)
        _check_address(wallet)
        if len(record.wallets) >= MAX_WALLETS:
            raise Refusal("registry: too many wallets", investor)
        self._check_attachable(wallet)
        record.wallets.append(wallet)
        self._investor_of[wallet] = investor
        self.keys.consume(key)

    def unlink_wallet(self, key: str, investor: str, wallet: str, reason: int, document: str) -> None:
        """Refuses: keys: used, unknown investor, reason and document, investor blocked, unknown wallet.

        Unlinking must not lift a block.
        """
        self.keys.check(key)
        record = self._record(investor)
        check_grounds("registry", reason, document)
        if record.blocked:
            raise Refusal("registry: investor blocked", investor)
        if wallet not in record.wallets:
            raise Refusal("registry: unknown wallet", wallet)
        at = record.wallets.index(wallet)
        record.wallets[at] = record.wallets[-1]
        record.wallets.pop()
        del self._investor_of[wallet]
        self.keys.consume(key)

    def renew(self, key: str, investor: str, expiry: int) -> None:
        """Refuses: keys: used, unknown investor, bad expiry. An expiry in the past is legal and clears nobody."""
        self.keys.check(key)
        record = self._record(investor)
        _check_expiry(expiry)
        record.expiry = expiry
        self.keys.consume(key)

    def set_profile(self, key: str, investor: str, country: int, investor_class: str) -> None:
        """Refuses: keys: used, unknown investor, bad country."""
        self.keys.check(key)
        record = self._record(investor)
        _check_country(country)
        record.country, record.investor_class = country, investor_class
        self.keys.consume(key)

    def set_blocked(self, key: str, investor: str, blocked: bool, reason: int, document: str) -> None:
        """Refuses: keys: used, unknown investor, reason and document, already blocked / not blocked."""
        self.keys.check(key)
        record = self._record(investor)
        check_grounds("registry", reason, document)
        _check_turn(record.blocked, blocked, investor)
        record.blocked = blocked
        self.keys.consume(key)

    def set_wallet_blocked(self, key: str, wallet: str, blocked: bool, reason: int, document: str) -> None:
        """An address without investor. Refuses: keys: used, reason and document, zero address, wallet known, then as
        set_blocked; and to lift a block, wallet recovered."""
        self.keys.check(key)
        check_grounds("registry", reason, document)
        _check_address(wallet)
        self._check_stranger(wallet)
        _check_turn(wallet in self._blocked_strangers, blocked, wallet)
        if not blocked and wallet in self.successors:
            raise Refusal("registry: wallet recovered", wallet)
        if blocked:
            self._blocked_strangers.add(wallet)
        else:
            self._blocked_strangers.remove(wallet)
        self.keys.consume(key)

    def screen(self, wallets: Iterable[str]) -> None:
        """Look wallets up and block those that are listed. Refuses: no oracle, suspended, no answer (about any)."""
        self.sanctions.check_heard()
        found = {wallet: self.sanctions.answer(wallet) for wallet in wallets}
        silent = [wallet for wallet, answer in found.items() if answer == "none"]
        if silent:
            raise Refusal("sanctions: no answer", silent[0])
        for wallet, answer in found.items():
            if answer == "listed" and wallet:
                self._block(wallet)

    def _block(self, wallet: str) -> None:
        investor = self._investor_of.get(wallet)
        if investor is None:
            self._blocked_strangers.add(wallet)
        else:
            self.investors[investor].blocked = True

    def check_recovery(self, key: str, investor: str, old: str, new: str, reason: int, document: str) -> None:
        """Refuses: keys: used, unknown investor, reason and document, unknown wallet (`old`), wallet known (`new`),
        zero address, wallet blocked, sanctions: listed, sanctions: no answer, too many recoveries."""
        self.keys.check(key)
        record = self._record(investor)
        check_grounds("registry", reason, document)
        if old not in record.wallets:
            raise Refusal("registry: unknown wallet", old)
        self._check_stranger(new)
        _check_address(new)
        self._check_attachable(new)
        if self._succeeded.get(old, 0) >= MAX_CHAIN:
            raise Refusal("registry: too many recoveries", old)

    def recover(self, key: str, investor: str, old: str, new: str) -> None:
        """Put `new` in `old`'s place and block `old` for ever, after check_recovery."""
        wallets = self.investors[investor].wallets
        wallets[wallets.index(old)] = new
        del self._investor_of[old]
        self._investor_of[new] = investor
        self._blocked_strangers.add(old)
        self.successors[old] = new
        self._succeeded[new] = self._succeeded.get(old, 0) + 1
        self.keys.consume(key)

    def heir(self, old: str) -> str:
        """Who has what a recovered wallet had. Refuses: no successor, unknown wallet (the successor was unlinked)."""
        if old not in self.successors:
            raise Refusal("registry: no successor", old)
        last = self.successor_of(old)
        if last not in self._investor_of:
            raise Refusal("registry: unknown wallet", last)
        return last

    def successor_of(self, wallet: str) -> str:
        """The last successor of a recovered wallet; the wallet itself if it never was."""
        while wallet in self.successors:
            wallet = self.successors[wallet]
        return wallet

    def _check_stranger(self, wallet: str) -> None:
        if wallet in self._investor_of:
            raise Refusal("registry: wallet known", wallet)

    def _check_attachable(self, wallet: str) -> None:
        if wallet in self._blocked_strangers:
            raise Refusal("registry: wallet blocked", wallet)
        self.sanctions.check_clean(wallet)

    def _record(self, investor: str) -> Investor:
        record = self.investors.get(investor)
        if record is None:
            raise Refusal("registry: unknown investor", investor)
        return record


def _check_expiry(expiry: int) -> None:
    if not 0 < expiry <= U40_MAX:
        raise Refusal("registry: bad expiry", str(expiry))


def _check_country(country: int) -> None:
    if not 0 < country <= MAX_COUNTRY:
        raise Refusal("registry: bad country", str(country))


def _check_address(wallet: str) -> None:
    if not wallet:
        raise Refusal("registry: zero address")


def _check_turn(blocked: bool, wanted: bool, who: str) -> None:
    if blocked == wanted:
        raise Refusal("registry: already blocked" if wanted else "registry: not blocked", who)
