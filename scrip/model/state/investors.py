"""The register of investors, their wallets, clearance and blocks; one for all stocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scrip.errors import Refusal
from scrip.holder_limits import StockRules
from scrip.model.state.attestations import Attestations
from scrip.model.state.keys import KeyBook
from scrip.model.state.sanctions import Sanctions, SanctionsList

EVERYBODY = StockRules()


@dataclass(slots=True)
class Investor:
    """An investor's record. Cleared while now < expiry (UTC seconds). `country` is ISO 3166 numeric."""

    country: int
    investor_class: str
    expiry: int
    blocked: bool = False
    wallets: list[str] = field(default_factory=list)


class Investors:
    """The register, with what KYC providers and the sanctions oracle have told it.

    Wallets that it does not know have no clearance and no block.
    """

    def __init__(self) -> None:
        self.keys = KeyBook()
        self.records: dict[str, Investor] = {}
        self.attestations = Attestations()
        self.sanctions = Sanctions()
        self.sanctions_list = SanctionsList()
        self.successors: dict[str, str] = {}
        """Who has taken the place of each recovered wallet."""
        self.owners: dict[str, str] = {}
        """The investor whose each recovered wallet was."""
        self._investor_of: dict[str, str] = {}
        self._blocked_strangers: set[str] = set()
        self._recoveries: dict[str, int] = {}

    def restore(
        self,
        records: Mapping[str, Investor],
        blocked_strangers: Iterable[str],
        successors: Mapping[str, tuple[str, str]],
    ) -> None:
        """Take the state of a register that is kept elsewhere; of a recovered wallet its successor and its investor."""
        self.records = dict(records)
        self._investor_of = {wallet: name for name, record in records.items() for wallet in record.wallets}
        self._blocked_strangers = set(blocked_strangers)
        self.successors = {wallet: heir for wallet, (heir, _) in successors.items()}
        self.owners = {wallet: investor for wallet, (_, investor) in successors.items()}

    # --- questions ---

    @property
    def blocked_strangers(self) -> frozenset[str]:
        """Blocked addresses without an investor."""
        return frozenset(self._blocked_strangers)

    def investor_of(self, wallet: str) -> str | None:
        """The investor whose wallet it is; None for a stranger's."""
        return self._investor_of.get(wallet)

    def cleared_until(self, wallet: str, rules: StockRules = EVERYBODY) -> int:
        """The UTC second at which a wallet's clearance for a stock with these rules ends; 0 for none."""
        investor = self._investor_of.get(wallet)
        if investor is None:
            return 0
        record = self.records[investor]
        return record.expiry if rules.admits(record.country, record.investor_class) else 0

    def is_blocked(self, wallet: str) -> bool:
        """Whether the wallet's investor is blocked, or the wallet itself where it has none."""
        investor = self._investor_of.get(wallet)
        return wallet in self._blocked_strangers if investor is None else self.records[investor].blocked

    def is_suspect(self, wallet: str) -> bool:
        """Whether a stock that meets the wallet for the first time keeps it out.

        It does on the sanctions oracle's word or for want of it. Wallets of investors were looked up when they were
        recorded.
        """
        return wallet not in self._investor_of and self.sanctions.answer(wallet) != "clean"

    def successor_of(self, wallet: str) -> str:
        """The last successor of a recovered wallet; the wallet itself if it never was.

        "" once the successor is not the same investor's any more.
        """
        last = wallet
        while last in self.successors:
            last = self.successors[last]
        if last != wallet and self.investor_of(last) != self.owners[wallet]:
            return ""
        return last

    def recoveries_before(self, wallet: str) -> int:
        """How many wallets this one succeeds, in a chain."""
        return self._recoveries.get(wallet, 0)

    def record_of(self, investor: str) -> Investor:
        """An investor's record. Refuses: unknown investor."""
        record = self.records.get(investor)
        if record is None:
            raise Refusal("registry: unknown investor", investor)
        return record

    def check_stranger(self, wallet: str) -> None:
        """Refuses a wallet that an investor has: wallet known."""
        if wallet in self._investor_of:
            raise Refusal("registry: wallet known", wallet)

    def check_attachable(self, wallet: str) -> None:
        """Refuses, in order: wallet blocked, sanctions: listed, sanctions: no answer."""
        if wallet in self._blocked_strangers:
            raise Refusal("registry: wallet blocked", wallet)
        self.sanctions.check_clean(wallet)

    # --- changes, which check nothing ---

    def add(self, investor: str, record: Investor) -> None:
        """Record a new investor, whose wallets are its own from now on."""
        self.records[investor] = record
        for wallet in record.wallets:
            self._investor_of[wallet] = investor

    def attach(self, investor: str, wallet: str) -> None:
        """Give an investor one more wallet."""
        self.records[investor].wallets.append(wallet)
        self._investor_of[wallet] = investor

    def detach(self, investor: str, wallet: str) -> None:
        """Take a wallet from its investor; the last one moves to its place, as in the contract."""
        wallets = self.records[investor].wallets
        wallets[wallets.index(wallet)] = wallets[-1]
        wallets.pop()
        del self._investor_of[wallet]

    def succeed(self, investor: str, old: str, new: str) -> None:
        """Put `new` in the place of an investor's wallet, and block that for ever."""
        wallets = self.records[investor].wallets
        wallets[wallets.index(old)] = new
        del self._investor_of[old]
        self._investor_of[new] = investor
        self._blocked_strangers.add(old)
        self.successors[old] = new
        self.owners[old] = investor
        self._recoveries[new] = self._recoveries.get(old, 0) + 1

    def block_stranger(self, wallet: str, blocked: bool) -> None:
        """Block an address that belongs to no investor, or lift that."""
        if blocked:
            self._blocked_strangers.add(wallet)
        else:
            self._blocked_strangers.remove(wallet)
