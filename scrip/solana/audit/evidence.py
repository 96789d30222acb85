"""What an audit reads: the manifest's word, the program's interface, and the cluster's accounts with their owners."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from solders.account import Account
from solders.pubkey import Pubkey

from scrip.errors import ScripError
from scrip.manifest.model import SolanaManifest
from scrip.reports.findings import Finding, Severity
from scrip.solana.encoding.places import Foreign, data_of, place
from scrip.solana.encoding.program import Listing, StockProgram

ZERO = Pubkey.default()


class Source(Protocol):
    """Reads accounts of a cluster."""

    def accounts(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Accounts, with their owners; None where there is none."""

    def owned(self, program: Pubkey, at: int, data: bytes) -> list[tuple[Pubkey, bytes]]:
        """A program's accounts whose data hold `data` at `at`: address and data of each."""


@dataclass
class Evidence:
    """The parts of a network that an audit is about.

    `address_of` and `name_of` go between the manifest's names and addresses; the first raises InputError for a name
    whose address is not known here. `genesis` is the cluster's own, `assets` are the manifest's settlement assets by
    symbol.
    """

    manifest: SolanaManifest
    program: StockProgram
    source: Source
    genesis: bytes
    address_of: Callable[[str], Pubkey]
    name_of: Callable[[Pubkey], str]
    assets: Mapping[str, Pubkey]
    _read: dict[Pubkey, Account | None] = field(default_factory=dict)

    def read(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Read accounts, each asked for once."""
        missing = [one for one in dict.fromkeys(addresses) if one not in self._read]
        if missing:
            self._read.update(zip(missing, self.source.accounts(missing), strict=True))
        return [self._read[one] for one in addresses]

    def account(self, address: Pubkey) -> Account | None:
        """Read one account; None where there is none."""
        return self.read([address])[0]

    def stored(self, address: Pubkey, kind: str) -> Any:
        """One of the program's own accounts, decoded; None where there is none, or another program's."""
        found = place(address, self.account(address), self.program.kind(kind))
        if isinstance(found, Foreign) and found.owner != self.program.id:
            return None
        data = data_of(found)
        return self._decoded(address, kind, data) if data is not None else None

    def every(self, kind: str) -> Iterator[tuple[Pubkey, Any]]:
        """Read all accounts of one of the program's types, decoded, by address."""
        found = self.source.owned(self.program.id, 0, self.program.discriminator(kind))
        for address, data in sorted(found, key=lambda one: bytes(one[0])):
            yield address, self._decoded(address, kind, data)

    def _decoded(self, address: Pubkey, kind: str, data: bytes) -> Any:
        try:
            return self.program.decode(data)
        except ScripError as error:
            raise ScripError(f"the account {address} is no {kind}: {error}") from None

    def listings(self) -> dict[str, Listing]:
        """The addresses of the manifest's stocks, whether they exist or not."""
        return {name: self.program.listing(one.born, one.series) for name, one in self.manifest.stocks.items()}

    def shown(self, address: Pubkey) -> str:
        """An address for people: its name where it has one, and whether one key signs for it."""
        if address == ZERO:
            return "nobody"
        if address == self.program.at.authority:
            return f"the program's authority ({address})"
        name = self.name_of(address)
        known = f"{name} ({address})" if name and name != str(address) else str(address)
        return f"{known}, {'a key' if address.is_on_curve() else 'an address of a program'}"

    def held_by(
        self, field: str, expected: Pubkey, found: Pubkey, severity: Severity = "critical"
    ) -> Iterator[Finding]:
        """A finding where power is not with whom it is expected."""
        if found != expected:
            yield Finding(field, self.shown(expected), self.shown(found), severity)


def differs(field: str, expected: object, found: object, severity: Severity = "drift") -> Iterator[Finding]:
    """A finding where two values, as people read them, are not the same."""
    if expected != found:
        yield Finding(field, str(expected), str(found), severity)
