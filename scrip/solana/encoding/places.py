"""What stands at an address: nothing, something else, or what is looked for.

Anyone may send lamports to any address, also to one that the program derives and has not used yet: then there is an
account, and it is no record. Here alone that is told apart, as the program does it: by who owns the account, and by
what its data begin with. Whoever asks what exists asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from solders.account import Account
from solders.pubkey import Pubkey

from scrip.errors import ScripError
from scrip.solana.addresses import SYSTEM


class Misplaced(ScripError):
    """At an address stands another account than can be there: the node answers wrongly, or is of another program."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of account: what people call it, which program owns such, and how its data are told from others'."""

    name: str
    owner: Pubkey
    fits: Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Vacant:
    """Nothing was ever created there, or it was closed. Lamports that somebody sent do not count."""

    address: Pubkey


@dataclass(frozen=True, slots=True)
class Foreign:
    """An account of another program's, or of another kind."""

    address: Pubkey
    owner: Pubkey
    kind: Kind

    def __str__(self) -> str:
        if self.owner != self.kind.owner:
            return f"{self.address} is an account of {self.owner}, where {self.kind.name} of {self.kind.owner} belongs"
        return f"{self.address} is an account of {self.owner}, and no {self.kind.name} as this build has it"


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked for, with its data."""

    address: Pubkey
    data: bytes


Place: TypeAlias = Vacant | Foreign | Found


class Accounts(Protocol):
    """Where accounts are read."""

    def read(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Accounts with their owners, in order; None where there is none."""


def place(address: Pubkey, account: Account | None, kind: Kind) -> Place:
    """What an account, or its absence, says of an address at which one of this kind belongs."""
    if account is None or (account.owner == SYSTEM and not account.data):
        return Vacant(address)
    data = bytes(account.data)
    if account.owner != kind.owner or not kind.fits(data):
        return Foreign(address, account.owner, kind)
    return Found(address, data)


def look(source: Accounts, wanted: Sequence[tuple[Pubkey, Kind]]) -> list[Place]:
    """What stands at each address, in order, each with what belongs there; all are asked for at once."""
    found = source.read([address for address, _ in wanted])
    return [place(address, account, kind) for (address, kind), account in zip(wanted, found, strict=True)]


def data_of(found: Place) -> bytes | None:
    """The data of what was looked for, None where nothing is; Misplaced where something else stands."""
    if isinstance(found, Foreign):
        raise Misplaced(str(found))
    return found.data if isinstance(found, Found) else None


def stored(source: Accounts, addresses: Sequence[Pubkey], kind: Kind) -> list[bytes | None]:
    """The data of what stands at each address, in order, None where nothing does; Misplaced."""
    return stored_each(source, [(address, kind) for address in addresses])


def stored_each(source: Accounts, wanted: Sequence[tuple[Pubkey, Kind]]) -> list[bytes | None]:
    """The same of addresses at each of which another kind belongs."""
    return [data_of(one) for one in look(source, wanted)]


def stored_at(source: Accounts, address: Pubkey, kind: Kind) -> bytes | None:
    """The same of one address."""
    return stored(source, [address], kind)[0]


def stands(source: Accounts, address: Pubkey, kind: Kind) -> bool:
    """Whether one of this kind stands at an address; Misplaced."""
    return stored_at(source, address, kind) is not None


def any_of(source: Accounts, address: Pubkey, kinds: Sequence[Kind]) -> bytes | None:
    """The data of what stands at an address somebody named, if it is of one of these kinds; None for all else."""
    (account,) = source.read([address])
    answers = (place(address, account, kind) for kind in kinds)
    return next((one.data for one in answers if isinstance(one, Found)), None)
