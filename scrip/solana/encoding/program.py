"""The stock-token program as anchorpy sees it: instructions by name from the IDL, views and events decoded."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from anchorpy import Context, Idl, Program, Provider, Wallet
from construct import ConstructError
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scrip.errors import ScripError
from scrip.ledger import Coverage, MultiplierState
from scrip.solana.addresses import INSTRUCTIONS, SYSTEM, TOKEN_2022, Derived
from scrip.solana.encoding.places import Accounts, Kind, stored_each
from scrip.solana.errors import program_errors
from scrip.units import ShareWad, Wad

EVENT = bytes.fromhex("e445a52e51cb9a1d")
"""The bytes that Anchor's self-invoked events begin with."""
AT_VERSION = 8
"""Where the number of its layout stands in an account of the program, behind what tells its kind."""
UNREADABLE = (ConstructError, LookupError, ValueError)
"""What anchorpy raises on bytes that are not what they begin as: cut short, a number of no variant, no text."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A stock's addresses."""

    isin: str
    mint: Pubkey
    stock: Pubkey
    calendar: Pubkey
    reserve: Pubkey


class StockProgram:
    """The program with the IDL in `path`. Accounts that every instruction knows are filled in."""

    def __init__(self, path: Path) -> None:
        text = path.read_text()
        self.idl: Mapping[str, Any] = json.loads(text)
        self.id = Pubkey.from_string(self.idl["address"])
        self.at = Derived(self.id)
        self.errors = program_errors(self.idl)
        # anchorpy wants a provider for calls that we never make: it gets no connection and a key of nobody.
        nowhere: Any = None
        self._anchor = Program(Idl.from_json(text), self.id, Provider(nowhere, Wallet(Keypair.from_seed(bytes(32)))))
        self.type = self._anchor.type
        self._names = {
            entry["name"]: [each["name"] for each in entry["accounts"]] for entry in self.idl["instructions"]
        }
        self._kinds = {bytes(entry["discriminator"]): entry["name"] for entry in self.idl["accounts"]}
        self.version = next(int(one["value"]) for one in self.idl["constants"] if one["name"] == "VERSION")
        """The layout of every account that this build reads and writes."""
        self._discriminators = {bytes(entry["discriminator"]): entry["name"] for entry in self.idl["instructions"]}

    def build(
        self,
        name: str,
        *args: object,
        accounts: Mapping[str, Pubkey],
        listing: Listing | None = None,
        rest: Sequence[AccountMeta] = (),
    ) -> Instruction:
        """Build an instruction. `listing` fills in a stock's addresses, `rest` are remaining accounts."""
        known = self._known() | (self._of(listing) if listing else {}) | dict(accounts)
        chosen = {each: known[each] for each in self._names[name]}
        return self._anchor.instruction[name](*args, ctx=Context(accounts=chosen, remaining_accounts=list(rest)))

    def _known(self) -> dict[str, Pubkey]:
        return {
            "issuer": self.at.issuer,
            "authority": self.at.authority,
            "timelock": self.at.timelock,
            "event_authority": self.at.event_authority,
            "program": self.id,
            "instructions": INSTRUCTIONS,
            "token_program": TOKEN_2022,
            "system_program": SYSTEM,
        }

    def _of(self, listing: Listing) -> dict[str, Pubkey]:
        return {
            "mint": listing.mint,
            "stock": listing.stock,
            "calendar": listing.calendar,
            "reserve": listing.reserve,
        }

    def listing(self, isin: str, series: int) -> Listing:
        """The addresses of a stock, whether it exists or not."""
        mint = self.at.mint(isin, series)
        stock = self.at.stock(mint)
        return Listing(isin, mint, stock, self.at.calendar(stock), self.at.reserve(stock))

    def decode(self, data: bytes) -> Any:
        """An account of the program; ScripError for data that are none as this build has it, and of another layout."""
        kind = self._kinds.get(data[:AT_VERSION])
        if kind and data[AT_VERSION : AT_VERSION + 1] != bytes([self.version]):
            found = data[AT_VERSION] if len(data) > AT_VERSION else "none"
            raise ScripError(f"{kind} of layout version {found}: this build reads version {self.version}")
        try:
            return self._anchor.coder.accounts.decode(data)
        except UNREADABLE as error:
            raise ScripError(f"{len(data)} bytes are no account as this build has it: {error}") from None

    def kind(self, account: str) -> Kind:
        """One of the program's kinds of accounts, by the interface's name."""
        return Kind(account, self.id, partial(_begins, self.discriminator(account)))

    def records(self, source: Accounts, addresses: Sequence[Pubkey], account: str) -> list[Any]:
        """The program's records of one kind, decoded, in order; None where there is none. Misplaced."""
        return self.each(source, [(address, account) for address in addresses])

    def each(self, source: Accounts, wanted: Sequence[tuple[Pubkey, str]]) -> list[Any]:
        """The same of addresses at each of which another kind belongs; all are asked for at once."""
        found = stored_each(source, [(address, self.kind(account)) for address, account in wanted])
        return [self.decode(data) if data is not None else None for data in found]

    def record(self, source: Accounts, address: Pubkey, account: str) -> Any:
        """The same of one address."""
        return self.records(source, [address], account)[0]

    def parse(self, call: Instruction) -> tuple[str, Mapping[str, Any]]:
        """An instruction's name and decoded arguments; "" and none for another program's, and for data that begin as an
        instruction and cannot be read as one: whoever may schedule an operation writes what they like into it."""
        if not self.name_of(call):
            return "", {}
        try:
            found = self._anchor.coder.instruction.parse(bytes(call.data))
        except UNREADABLE:
            return "", {}
        return found.name, dict(found.data)

    def accounts_of(self, call: Instruction) -> list[str]:
        """The interface's names of an instruction's accounts, in order; none for another program's."""
        name = self.name_of(call)
        return self._names[name] if name else []

    def name_of(self, call: Instruction) -> str:
        """An instruction's name; "" for another program's."""
        return self._discriminators.get(bytes(call.data)[:8], "") if call.program_id == self.id else ""

    def discriminator(self, account: str) -> bytes:
        """The bytes that data of the program's accounts of a kind begin with."""
        return next(bytes(one["discriminator"]) for one in self.idl["accounts"] if one["name"] == account)

    def events(self, inner: Sequence[Instruction]) -> list[Any]:
        """The program's events among inner instructions, in order; each has a name and data.

        What begins alike is an event of every Anchor program's: the program's own are what it was given itself, with
        its event authority, for which nobody else signs. ScripError for an event that this build does not know.
        """
        return [self._event(bytes(call.data)[len(EVENT) :]) for call in inner if self._is_event(call)]

    def _is_event(self, call: Instruction) -> bool:
        named = [meta.pubkey for meta in call.accounts]
        return call.program_id == self.id and named == [self.at.event_authority] and bytes(call.data).startswith(EVENT)

    def _event(self, data: bytes) -> Any:
        try:
            found = self._anchor.coder.events.parse(data)
        except UNREADABLE as error:
            raise ScripError(f"an event of {self.id} that this build cannot read: {error}") from None
        if found is None:
            raise ScripError(f"an event of {self.id} that this build does not know: {data[:8].hex()}")
        return found


def _begins(head: bytes, data: bytes) -> bool:
    return data.startswith(head)


@cache
def program_of(idl: Path) -> StockProgram:
    """The program whose interface is in a file."""
    return StockProgram(idl)


@dataclass(frozen=True)
class Suite:
    """The program with its issuer and the first settlement asset, as deployed on a cluster."""

    program: StockProgram
    stablecoin: Pubkey
    treasury: Pubkey
    """Token account that settlement is paid to and redemptions are paid from."""


def multiplier_state(data: bytes) -> MultiplierState:
    """The state that the `multiplier` view answers."""
    data = data.ljust(80, b"\0")
    index, num, den = _u128(data), *struct.unpack_from("<QQ", data, 16)
    effective_at, generation = struct.unpack_from("<qQ", data, 64)
    ui, pending = Wad(_u128(data, 32)), Wad(_u128(data, 48))
    return MultiplierState(Wad(index), num, den, ui, pending, effective_at, generation)


def coverage_state(data: bytes) -> Coverage:
    """The backing that the `coverage` view answers."""
    return Coverage(*(ShareWad(_u128(data, at)) for at in (0, 16, 32, 48, 64)))


def _u128(data: bytes, at: int = 0) -> int:
    # A runtime may drop trailing zeros of return data.
    return int.from_bytes(data[at : at + 16].ljust(16, b"\0"), "little")
