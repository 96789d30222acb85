"""The stock-token program as anchorpy sees it: instructions by name from the IDL, views and events decoded."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from anchorpy import Context, Idl, Program, Provider, Wallet
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scrip.ledger import Coverage, MultiplierState
from scrip.solana.addresses import INSTRUCTIONS, SYSTEM, TOKEN_2022, Derived
from scrip.solana.errors import program_errors

EVENT = bytes.fromhex("e445a52e51cb9a1d")
"""What Anchor's self-invoked events begin with."""


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
        self._discriminators = {bytes(entry["discriminator"]): entry["name"] for entry in self.idl["instructions"]}

    def build(
        self,
        name: str,
        *args: object,
        accounts: Mapping[str, Pubkey],
        listing: Listing | None = None,
        rest: Sequence[AccountMeta] = (),
    ) -> Instruction:
        """An instruction. `listing` fills in a stock's addresses, `rest` are remaining accounts."""
        known = self._known() | (self._of(listing) if listing else {}) | dict(accounts)
        chosen = {each: known[each] for each in self._names[name]}
        return self._anchor.instruction[name](*args, ctx=Context(accounts=chosen, remaining_accounts=list(rest)))

    def _known(self) -> dict[str, Pubkey]:
        return {
            "issuer": self.at.issuer,
            "authority": self.at.authority,
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
        """An account of the program."""
        return self._anchor.coder.accounts.decode(data)

    def parse(self, call: Instruction) -> tuple[str, Mapping[str, Any]]:
        """An instruction's name and decoded arguments; "" and none for another program's."""
        data = bytes(call.data)
        if call.program_id != self.id or data[:8] not in self._discriminators:
            return "", {}
        found = self._anchor.coder.instruction.parse(data)
        return found.name, dict(found.data)

    def accounts_of(self, call: Instruction) -> list[str]:
        """The interface's names of an instruction's accounts, in order; none for another program's."""
        name = self._discriminators.get(bytes(call.data)[:8], "") if call.program_id == self.id else ""
        return self._names[name] if name else []

    def discriminator(self, account: str) -> bytes:
        """What the data of the program's accounts of a kind begin with."""
        return next(bytes(one["discriminator"]) for one in self.idl["accounts"] if one["name"] == account)

    def events(self, inner: Sequence[bytes]) -> list[Any]:
        """The events among the inner instructions, in order; each has a name and data."""
        found = [data[len(EVENT) :] for data in inner if data.startswith(EVENT)]
        return [self._anchor.coder.events.parse(data) for data in found]


@cache
def program_of(idl: Path) -> StockProgram:
    """The program whose interface is in a file."""
    return StockProgram(idl)


@dataclass(frozen=True)
class Suite:
    """What is deployed."""

    program: StockProgram
    stablecoin: Pubkey
    treasury: Pubkey
    """Token account that settlement is paid to and redemptions are paid from."""


def multiplier_state(data: bytes) -> MultiplierState:
    """The `multiplier` view's answer."""
    data = data.ljust(80, b"\0")
    index, num, den = _u128(data), *struct.unpack_from("<QQ", data, 16)
    effective_at, generation = struct.unpack_from("<qQ", data, 64)
    return MultiplierState(index, num, den, _u128(data, 32), _u128(data, 48), effective_at, generation)


def coverage_state(data: bytes) -> Coverage:
    """The `coverage` view's answer."""
    return Coverage(*(_u128(data, at) for at in (0, 16, 32, 48, 64)))


def _u128(data: bytes, at: int = 0) -> int:
    # A runtime may drop trailing zeros of return data.
    return int.from_bytes(data[at : at + 16].ljust(16, b"\0"), "little")
