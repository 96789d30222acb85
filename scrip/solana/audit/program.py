"""The program itself: who may replace it, and its bytes against the build."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from solders.account import Account
from solders.pubkey import Pubkey

from scrip.errors import ScripError
from scrip.reports.findings import Finding
from scrip.solana.addresses import UPGRADEABLE_LOADER
from scrip.solana.audit.evidence import ZERO, Evidence
from scrip.solana.build import Build
from scrip.solana.encoding.loader import HEADER, PROGRAM_DATA

PROGRAM = 2
"""State of the upgradeable loader's account that is a program and names where its code is."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was built: how many bytes, and their SHA-256."""

    size: int
    digest: str

    @classmethod
    def of(cls, build: Build) -> Built:
        """As `build/program.json` says; ScripError where there is none."""
        path = build.note
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return cls(int(found["bytes"]), str(found["sha256"]))
        except OSError:
            raise ScripError(f"the Solana program is not built, {path} is missing: make program builds it") from None
        except (ValueError, LookupError, TypeError) as error:
            raise ScripError(f"{path} is not what make program writes: {error}") from None


def program(evidence: Evidence, built: Built) -> Iterator[Finding]:
    """Findings about the program. One that the upgradeable loader does not run proves nothing further."""
    at, wanted = evidence.program.at, evidence.manifest.program
    if Pubkey.from_string(wanted.address) != evidence.program.id:
        yield Finding("program.address", wanted.address, f"{evidence.program.id}, of the interface here", "critical")
    account, data = evidence.read([evidence.program.id, at.program_data])
    if account is None:
        yield Finding("program", "a program", f"nothing at {evidence.program.id}", "critical")
        return
    pointer = PROGRAM.to_bytes(4, "little") + bytes(at.program_data)
    sound = account.owner == UPGRADEABLE_LOADER and account.executable and bytes(account.data) == pointer
    if not sound or data is None or not _is_program_data(data):
        expected = f"a program of {UPGRADEABLE_LOADER} with its code at {at.program_data}"
        found = f"{'' if account.executable else 'not executable, '}run by {account.owner}"
        yield Finding("program", expected, found, "critical")
        return
    yield from _authority(evidence, bytes(data.data))
    yield from _code(bytes(data.data)[HEADER:], built)


def _is_program_data(data: Account) -> bool:
    state = PROGRAM_DATA.to_bytes(4, "little")
    return data.owner == UPGRADEABLE_LOADER and bytes(data.data[:4]) == state and len(data.data) > HEADER


def _authority(evidence: Evidence, data: bytes) -> Iterator[Finding]:
    holder = evidence.manifest.program.upgrade_authority
    field, found = "program.upgrade_authority", Pubkey.from_bytes(data[13:45]) if data[12] else ZERO
    expected = evidence.address_of(holder)
    # A program that nobody can replace is safe from everybody, and not what was wanted.
    yield from evidence.held_by(field, expected, found, "critical" if found != ZERO else "drift")


def _code(code: bytes, built: Built) -> Iterator[Finding]:
    """The program's code as the loader keeps it; the room that it may keep behind it is all zeros."""
    found, rest = code[: built.size], code[built.size :]
    digest = sha256(found).hexdigest()
    if digest != built.digest:
        yield Finding("program.code", f"sha256 {built.digest}, as built", f"sha256 {digest}", "critical")
    elif any(rest):
        yield Finding("program.code", f"{built.size} bytes, as built", f"{len(rest)} bytes more", "critical")
