"""What a cluster of this machine keeps in a file: accounts, what landed, and how high it had come.

Every block that holds a transaction is one transaction of SQLite's, so that a cluster whose process was killed stands
again as it was after its last block.
"""

from __future__ import annotations

import json
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from solders.account import Account
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction
from solders.transaction_metadata import TransactionMetadata

from scrip.errors import ScripError
from scrip.solana.local.endpoint.landed import Landed

TABLES = """
CREATE TABLE IF NOT EXISTS account (address BLOB PRIMARY KEY, lamports TEXT, owner BLOB, executable INTEGER, data BLOB);
CREATE TABLE IF NOT EXISTS landed (place INTEGER PRIMARY KEY, height INTEGER, time INTEGER, signed BLOB, error TEXT,
                                   meta BLOB, before TEXT, after TEXT);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT);
"""


class Store:
    """A cluster's file. `genesis` is the hash that it was begun with, and stays; the one given counts for a new file.

    ScripError for a file that is no such store.
    """

    def __init__(self, path: Path, genesis: bytes) -> None:
        try:
            self._file = sqlite3.connect(path, isolation_level=None)
            self._file.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {TABLES}")
            self._file.execute("INSERT OR IGNORE INTO fact VALUES ('genesis', ?)", [genesis.hex()])
            self.genesis = bytes.fromhex(self._fact("genesis"))
        except (sqlite3.Error, ValueError) as error:
            raise ScripError(f"{path} is no cluster's file: {error}") from None

    def _fact(self, name: str) -> str:
        found = self._file.execute("SELECT value FROM fact WHERE name = ?", [name]).fetchone()
        return str(found[0]) if found else ""

    @property
    def height(self) -> int:
        """The height that was noted last; 0 for a new file."""
        return int(self._fact("height") or 0)

    def accounts(self) -> Iterable[tuple[Pubkey, Account]]:
        """Every account that was kept, programs last: their code must stand before them. Lamports of 0 are none."""
        rows = self._file.execute("SELECT address, lamports, owner, executable, data FROM account ORDER BY executable")
        for address, lamports, owner, executable, data in rows:
            found = Account(int(lamports), data, Pubkey.from_bytes(owner), bool(executable), 0)
            yield Pubkey.from_bytes(address), found

    def landed(self) -> Iterable[Landed]:
        """Every transaction that landed, in order."""
        rows = self._file.execute("SELECT height, time, signed, error, meta, before, after FROM landed ORDER BY place")
        for height, time, signed, error, meta, before, after in rows:
            transaction = VersionedTransaction.from_bytes(signed)
            told = json.loads(error), TransactionMetadata.from_bytes(meta)
            yield Landed(transaction.signatures[0], height, time, transaction, *told, _read(before), _read(after))

    def keep(self, height: int, accounts: Mapping[Pubkey, Account | None], landed: Iterable[Landed] = ()) -> None:
        """Note a height, accounts as they are from then on (None: gone), and what landed in a block."""
        with self._file:
            self._file.execute("BEGIN")
            self._file.execute("INSERT OR REPLACE INTO fact VALUES ('height', ?)", [str(height)])
            self._file.executemany(
                "INSERT OR REPLACE INTO account VALUES (?, ?, ?, ?, ?)",
                [
                    (bytes(address), str(one.lamports), bytes(one.owner), one.executable, bytes(one.data))
                    if one is not None
                    else (bytes(address), "0", bytes(Pubkey.default()), False, b"")
                    for address, one in accounts.items()
                ],
            )
            self._file.executemany(
                "INSERT INTO landed (height, time, signed, error, meta, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        *(one.height, one.time, bytes(one.transaction), json.dumps(one.error), bytes(one.meta)),
                        *(_written(one.before), _written(one.after)),
                    )
                    for one in landed
                ],
            )

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _written(accounts: Sequence[Account | None]) -> str:
    return json.dumps([one and [one.lamports, str(one.owner), b64encode(bytes(one.data)).decode()] for one in accounts])


def _read(text: str) -> tuple[Account | None, ...]:
    return tuple(
        Account(one[0], b64decode(one[2]), Pubkey.from_string(one[1])) if one else None for one in json.loads(text)
    )
