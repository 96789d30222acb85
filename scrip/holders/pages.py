"""Transfers of a token, read from a node in pages that are kept: a run that is stopped goes on where it was.

A page is a Parquet file of movements in blocks FIRST to LAST, `FIRST-LAST.parquet`, whole or not there. It keeps
number, hash and parent of its last block, and the hash of every block that it has a transfer of. At each start the
newest page is held to the node. Where the node has another block there, what other blocks said is dropped: whole
pages, and of the page in which the chains part just the rows of blocks that are no more.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from eth_utils import keccak

from scrip.errors import Drift, InputError, NodeError, ScripError
from scrip.holders import limbs
from scrip.holders.movements import AMOUNT, COMPRESSION, NOBODY, SCHEMA, parquet, written
from scrip.records.files import sweep

TRANSFER = "0x" + keccak(text="Transfer(address,address,uint256)").hex()
SPAN = 10_000
"""Blocks asked for at once to begin with; half of that where a node says that it is too much, and twice where not."""
LONGEST = 1_000_000
ROWS = 250_000
"""Transfers after which a page is written: what a run that is killed has to ask for again."""
HASH = "block_hash"
PAGE_SCHEMA = SCHEMA.append(pa.field(HASH, pa.string(), nullable=False))
NAME = "{first:012d}-{last:012d}.parquet"
NOTED = b"scrip.page"
ZERO = "0x" + "00" * 20


class Asked(Protocol):
    """What pages ask of a node."""

    def batch(self, requests: Sequence[tuple[str, Sequence[object]]]) -> list[Mapping[str, Any]]:
        """The whole answers to several requests, in the order asked."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: of which token of which chain, its blocks, and number (`last`), hash and parent of the last of them."""

    genesis: str
    token: str
    first: int
    last: int
    hash: str
    parent: str

    @property
    def name(self) -> str:
        """The name of its file."""
        return NAME.format(first=self.first, last=self.last)


@dataclass(frozen=True, slots=True)
class Answer:
    """Transfers in some blocks, with the headers of the first and the last of these."""

    table: pa.Table
    first: Mapping[str, Any]
    last: Mapping[str, Any]


class Pages:
    """The pages of a token in a folder, from the block `since` on, in which it was created."""

    def __init__(self, folder: Path, node: Asked, genesis: str, token: str, since: int) -> None:
        self.folder, self.token, self.genesis, self.since = folder, token.lower(), genesis, since
        self._node = node
        self._span = SPAN

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Have the folder to oneself; InputError where another process is at it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                reason = "another process reads pages into this folder"
                raise InputError(reason, field="pages", value=self.folder) from None
            sweep(self.folder)
            yield

    def kept(self) -> list[Page]:
        """The pages that are there, in order and without a gap; what follows a gap, or overlaps, is removed."""
        pages: list[Page] = []
        for path in sorted(self.folder.glob("*-*.parquet")):
            page = self._noted(path)
            if page.first != (pages[-1].last + 1 if pages else self.since):
                path.unlink()
                continue
            pages.append(page)
        return pages

    def files(self) -> list[Path]:
        """The files of the pages, in order."""
        return [self.folder / page.name for page in self.kept()]

    def _noted(self, path: Path) -> Page:
        noted = (parquet(path).schema_arrow.metadata or {}).get(NOTED)
        if noted is None:
            raise InputError("is no page of transfers", file=str(path))
        page = Page(**json.loads(noted))
        if (page.genesis, page.token) != (self.genesis, self.token):
            raise InputError(f"is a page of {page.token} on {page.genesis}: another folder", file=str(path))
        return page

    # --- reading ---

    def read(self, until: int, tell: Callable[[int, int], None] = lambda _block, _rows: None) -> list[Path]:
        """Bring the pages to block `until`, which is final; their files. `tell` hears how far it is: block and rows.

        Drift where the node's blocks do not follow each other, or what it says of one block is not of one.
        """
        with self.locked():
            pages = self.drop_reorged()
            tip = pages[-1] if pages else None
            at = tip.last + 1 if tip else self.since
            parent = tip.hash if tip else ""
            gathered: list[Answer] = []
            while at <= until:
                last, answer = self._answered(at, until)
                _demand_linked(answer, parent)
                gathered.append(answer)
                rows = sum(one.table.num_rows for one in gathered)
                if rows >= ROWS or last == until:
                    self._write(gathered)
                    gathered = []
                at, parent = last + 1, answer.last["hash"]
                tell(last, rows)
            return self.files()

    def drop_reorged(self) -> list[Page]:
        """Remove what the pages hold of blocks that the node no longer has; the pages that are left."""
        pages = self.kept()
        while pages and self._hashes([pages[-1].last]) != [pages[-1].hash]:
            page = pages.pop()
            path = self.folder / page.name
            if left := self._standing(page, path):
                self._write_page(*left)
                pages.append(left[0])
            path.unlink()
            if left:
                break
        return pages

    def _standing(self, page: Page, path: Path) -> tuple[Page, pa.Table] | None:
        """The part of a page that the node still has the blocks of; None where that is nothing."""
        table = parquet(path).read()
        blocks: Any = table.column("block").to_numpy()
        numbers, places = np.unique(blocks, return_index=True)
        hashes = [table.column(HASH)[int(place)].as_py() for place in places]
        # A block that is still there has all before it there: the newest such is found by halving.
        low, high = 0, len(numbers)
        while low < high:
            middle = (low + high) // 2
            if self._hashes([int(numbers[middle])]) == [hashes[middle]]:
                low = middle + 1
            else:
                high = middle
        if not low:
            return None
        last = int(numbers[low - 1])
        (header,) = self._headers([last])
        left = Page(page.genesis, page.token, page.first, last, header["hash"], header["parentHash"])
        return left, table.filter(pa.array(blocks <= last))

    def _answered(self, first: int, until: int) -> tuple[int, Answer]:
        """Transfers from a block on, of as many blocks as the node says at once; its error where one is too many."""
        while True:
            last = min(first + self._span - 1, until)
            query = {"address": self.token, "topics": [TRANSFER], "fromBlock": hex(first), "toBlock": hex(last)}
            logs_of: tuple[str, list[object]] = ("eth_getLogs", [query])
            asked = [logs_of, *(_header_of(number) for number in (first, last))]
            try:
                logs, *headers = [_result(answer) for answer in self._node.batch(asked)]
                if not all(headers):
                    raise NodeError(f"the node has no block {first if headers[1] else last}")
                answer = Answer(table_of_logs(logs, self.token, first, last), *headers)
            except Drift:
                raise
            except ScripError:
                if self._span == 1:
                    raise
                self._span = max(min(self._span, last - first + 1) // 2, 1)
                continue
            if answer.table.num_rows < ROWS // 4:
                self._span = min(2 * self._span, LONGEST)
            return last, answer

    def _headers(self, numbers: Sequence[int]) -> list[Mapping[str, Any]]:
        return [_result(answer) or {} for answer in self._node.batch([_header_of(number) for number in numbers])]

    def _hashes(self, numbers: Sequence[int]) -> list[str]:
        return [header.get("hash", "") for header in self._headers(numbers)]

    # --- writing ---

    def _write(self, gathered: Sequence[Answer]) -> None:
        first, last = gathered[0].first, gathered[-1].last
        ends = int(first["number"], 16), int(last["number"], 16)
        page = Page(self.genesis, self.token, *ends, last["hash"], last["parentHash"])
        self._write_page(page, pa.concat_tables([one.table for one in gathered]))

    def _write_page(self, page: Page, table: pa.Table) -> None:
        noted = table.replace_schema_metadata({NOTED: json.dumps(asdict(page), sort_keys=True)})
        with written(self.folder / page.name) as scratch:
            pq.write_table(noted, scratch, compression=COMPRESSION)


def _header_of(number: int) -> tuple[str, list[object]]:
    return "eth_getBlockByNumber", [hex(number), False]


def _result(answer: Mapping[str, Any]) -> Any:
    if "error" in answer:
        error = answer["error"]
        raise NodeError(str(error.get("message", error) if isinstance(error, Mapping) else error))
    return answer["result"]


def _demand_linked(answer: Answer, parent: str) -> None:
    """Drift unless the first block follows the last one of before, and the last block's transfers are of that block."""
    number = int(answer.first["number"], 16)
    if parent and answer.first["parentHash"] != parent:
        raise Drift(f"block {number} does not follow block {number - 1} that the node had: give the command again")
    table, last = answer.table, int(answer.last["number"], 16)
    if table.num_rows and table.column("block")[-1].as_py() == last:
        found = table.column(HASH)[-1].as_py()
        if found != answer.last["hash"]:
            raise Drift(f"the node has two blocks {last}, {found} and {answer.last['hash']}: give the command again")


def table_of_logs(logs: Sequence[Mapping[str, Any]], token: str, first: int, last: int) -> pa.Table:
    """Transfers as a node tells them, as a table of movements with the hash of each one's block.

    NodeError for what was not asked for: another contract's event, another block's, one that is no transfer.
    """
    blocks = np.array([int(log["blockNumber"], 16) for log in logs], np.int64)
    places = np.array([int(log["logIndex"], 16) for log in logs], np.int64)
    if (
        any(
            log["address"].lower() != token or len(log["topics"]) != 3 or len(log["data"]) != 66 or log.get("removed")
            for log in logs
        )
        or ((blocks < first) | (blocks > last)).any()
    ):
        raise NodeError(f"the node answers with events that are no transfers of {token} in blocks {first} to {last}")
    words = np.frombuffer(bytes.fromhex("".join([log["data"][2:] for log in logs])), np.uint8).reshape(-1, 32)
    if words[:, :16].any():
        raise NodeError(f"the node tells of a transfer of {token} of more than 128 bits")
    amounts = limbs.from_bytes(words[:, 16:])
    columns = [
        pa.array(blocks),
        pa.array(places),
        pa.array([_account(log["topics"][1]) for log in logs], pa.string()),
        pa.array([_account(log["topics"][2]) for log in logs], pa.string()),
        *(pa.array(amounts[:, place]) for place in range(len(AMOUNT))),
        pa.array([log["blockHash"] for log in logs], pa.string()),
    ]
    table = pa.Table.from_arrays(columns, schema=PAGE_SCHEMA)
    # A node answers in order; where one does not, the last row would not be the last block's.
    order = np.lexsort((places, blocks))
    return table if (order == np.arange(len(order))).all() else table.take(pa.array(order))


def _account(topic: str) -> str:
    account = "0x" + topic[26:].lower()
    return NOBODY if account == ZERO else account
