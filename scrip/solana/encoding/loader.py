"""The upgradeable loader: what stands at the program's address, and who may replace it.

Uploading a program takes hundreds of transactions that carry nothing of the issuer's: `solana program deploy` does it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from solders.sysvar import CLOCK, RENT

from scrip.errors import InputError, ScripError
from scrip.solana.addresses import UPGRADEABLE_LOADER
from scrip.solana.chain import Chain
from scrip.solana.encoding.places import Kind, stored_each
from scrip.solana.encoding.program import StockProgram

HEADER = 45
"""Bytes before the program in its data account: kind, slot, and an authority or none."""
PROGRAM_DATA = 3
PROGRAM = 2
BUFFER = 1
UPGRADE, SET_AUTHORITY = 3, 4


def _is_pointer(data: bytes) -> bool:
    return data[:4] == PROGRAM.to_bytes(4, "little")


def _is_code(data: bytes) -> bool:
    return len(data) >= HEADER and data[:4] == PROGRAM_DATA.to_bytes(4, "little")


POINTER = Kind("program", UPGRADEABLE_LOADER, _is_pointer)
"""What stands at a program's address, and names where its code is."""
CODE = Kind("program's code", UPGRADEABLE_LOADER, _is_code)


@dataclass(frozen=True, slots=True)
class Deployed:
    """A program as the loader keeps it. Without an authority nobody can ever replace it."""

    authority: Pubkey | None
    code: bytes

    def hash(self, size: int) -> str:
        """The SHA-256 of the code's first `size` bytes; whatever is behind them must be zeros, else of all."""
        code = self.code[:size] if not any(self.code[size:]) else self.code
        return sha256(code).hexdigest()


def deployed(chain: Chain, program: StockProgram) -> Deployed:
    """What stands at the program's address; InputError where nothing does."""
    pointer, data = stored_each(chain, [(program.id, POINTER), (program.at.program_data, CODE)])
    if pointer is None or data is None:
        reason = f"has no program: solana program deploy target/deploy/stock_token.so --program-id {program.id}"
        raise InputError(reason, field="program.address", value=str(program.id))
    return Deployed(Pubkey.from_bytes(data[13:HEADER]) if data[12] else None, data[HEADER:])


def check_code(found: Deployed, build: Path) -> None:
    """InputError when the program is not the one that the build's own note, program.json, describes."""
    try:
        wanted = json.loads(build.read_text())
    except OSError:
        raise ScripError(f"the Solana program is not built, {build} is missing: make program builds it") from None
    if found.hash(wanted["bytes"]) != wanted["sha256"]:
        reason = "is another program than this build's: solana program deploy target/deploy/stock_token.so"
        raise InputError(reason, field="program.address", value=found.hash(wanted["bytes"]))


def set_authority(program: StockProgram, now: Pubkey, then: Pubkey) -> Instruction:
    """The instruction that hands the right to replace the program over; the one who has it signs."""
    accounts = [
        AccountMeta(program.at.program_data, False, True),
        AccountMeta(now, True, False),
        AccountMeta(then, False, False),
    ]
    return Instruction(UPGRADEABLE_LOADER, SET_AUTHORITY.to_bytes(4, "little"), accounts)


def upgrade(program: StockProgram, buffer: Pubkey, authority: Pubkey) -> Instruction:
    """The instruction that puts a buffer's code in the program's place.

    The authority of both signs, and the buffer's rent is its own.
    """
    accounts = [
        AccountMeta(program.at.program_data, False, True),
        AccountMeta(program.id, False, True),
        AccountMeta(buffer, False, True),
        AccountMeta(authority, False, True),
        AccountMeta(RENT, False, False),
        AccountMeta(CLOCK, False, False),
        AccountMeta(authority, True, False),
    ]
    return Instruction(UPGRADEABLE_LOADER, UPGRADE.to_bytes(4, "little"), accounts)


def buffer_head(authority: Pubkey) -> bytes:
    """What a buffer holds before the code: its kind, and who alone may write it."""
    return BUFFER.to_bytes(4, "little") + b"\1" + bytes(authority)
