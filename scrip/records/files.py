"""Files that stand whole or not at all, whenever the process or the machine stops."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from scrip.errors import InputError

TEMPORARY = ".part"
"""The ending of a file that is being written. One that is found is of a run that stopped, and does not count."""
SAFE = 2**53
"""From here on integers are written as decimal strings: a JSON number would lose digits elsewhere."""


def plain(value: object) -> Any:
    """A value as JSON carries it: bytes and addresses as 0x hex, large integers as decimal strings, no tuples."""
    match value:
        case bool() | str() | None:
            return value
        case int():
            return value if abs(value) < SAFE else str(value)
        case bytes():
            return "0x" + value.hex()
        case dict():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
    raise TypeError(f"{value!r} is nothing that a record holds")


def text_of(value: Any) -> str:
    """A value as the JSON that is written: sorted keys, two spaces."""
    return json.dumps(plain(value), indent=2, sort_keys=True) + "\n"


def digest_of(value: Any) -> str:
    """SHA-256 of a value's JSON with sorted keys and no space between them, 0x-prefixed."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"))
    return "0x" + hashlib.sha256(text.encode()).hexdigest()


def sync_folder(folder: Path) -> None:
    """Let a folder's own entries reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_temporary(path: Path, text: str, mode: int) -> Path:
    temporary = path.with_name(path.name + TEMPORARY)
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def create(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a new file, on disk when this returns; FileExistsError, and nothing touched, where there is one."""
    temporary = _write_temporary(path, text, mode)
    try:
        os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def create_new(path: Path, text: str, mode: int = 0o644, field: str = "out") -> None:
    """The same of a file that somebody named in `field`; InputError where one stands already."""
    try:
        create(path, text, mode)
    except FileExistsError:
        raise standing(path, field) from None


def standing(path: Path, field: str) -> InputError:
    """The mistake of naming a file that stands already, which nothing writes over."""
    return InputError("stands already: name another file", field=field, value=path)


def replace(path: Path, text: str, mode: int = 0o600) -> None:
    """Give a file new content, on disk when this returns."""
    os.replace(_write_temporary(path, text, mode), path)
    sync_folder(path.parent)


def sweep(folder: Path) -> None:
    """Remove what a run that stopped was writing. Only for who holds the lock."""
    for left in folder.glob(f"*{TEMPORARY}"):
        left.unlink(missing_ok=True)
