"""Pages of transfers against a node that forgets, refuses, reorganises and is killed under the reader."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest

from scrip.errors import Drift, InputError, NodeError
from scrip.holders import hypersync, pages
from scrip.holders.movements import SCHEMA, check
from scrip.holders.pages import Pages

TOKEN, GENESIS = "0x" + "70" * 20, "0x" + "99" * 32


class Chain:
    """Blocks with transfers in some of them, as JSON-RPC tells of them; a node that takes so many blocks at once."""

    def __init__(self, length: int, seed: int = 1, most: int = 10**9) -> None:
        self.most, self.asked, self.logs_asked = most, 0, 0
        self.headers: list[dict[str, Any]] = []
        self.logs: list[list[dict[str, Any]]] = []
        self.grow(length, seed)

    def grow(self, length: int, seed: int) -> None:
        draw = random.Random(seed)
        while len(self.headers) < length:
            number = len(self.headers)
            parent = self.headers[-1]["hash"] if self.headers else GENESIS
            own = "0x" + sha256(f"{parent} {seed}".encode()).hexdigest()
            self.headers.append({"number": hex(number), "hash": own, "parentHash": parent})
            self.logs.append([self.log(number, place, own, draw) for place in range(draw.choice([0, 0, 1, 3]))])

    def reorg(self, number: int, seed: int) -> None:
        """Let the blocks from a number on be others, as many as before and one more."""
        length = len(self.headers) + 1
        del self.headers[number:], self.logs[number:]
        self.grow(length, seed)

    @staticmethod
    def log(number: int, place: int, block: str, draw: random.Random) -> dict[str, Any]:
        ends = ["0x" + draw.choice(["00", "a1", "B2"]) * 32 for _ in range(2)]
        topics = [pages.TRANSFER, *("0x" + "00" * 12 + one[2:42] for one in ends)]
        data = "0x" + draw.getrandbits(draw.randint(1, 128)).to_bytes(32, "big").hex()
        told = {"address": TOKEN, "topics": topics, "data": data, "blockHash": block}
        return told | {"blockNumber": hex(number), "logIndex": hex(place)}

    def batch(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Mapping[str, Any]]:
        self.asked += 1
        return [self.answer(method, params) for method, params in requests]

    def answer(self, method: str, params: Sequence[Any]) -> Mapping[str, Any]:
        if method == "eth_getBlockByNumber":
            number = int(params[0], 16)
            return {"result": self.headers[number] if number < len(self.headers) else None}
        self.logs_asked += 1
        first, last = (int(params[0][name], 16) for name in ("fromBlock", "toBlock"))
        if last - first >= self.most:
            return {"error": {"code": -32005, "message": "query returned more than 10000 results"}}
        return {"result": [log for block in self.logs[first : last + 1] for log in block]}

    def told(self, first: int = 0) -> list[tuple[int, int, str, str, int]]:
        """What the pages are to hold, by a walk over the logs."""
        found = []
        for log in (log for block in self.logs[first:] for log in block):
            ends = [topic[-40:].lower() for topic in log["topics"][1:]]
            names = ["" if not int(one, 16) else "0x" + one for one in ends]
            found.append((int(log["blockNumber"], 16), int(log["logIndex"], 16), *names, int(log["data"], 16)))
        return found


def held(files: Sequence[Path]) -> list[tuple[int, int, str, str, int]]:
    rows = []
    for path in files:
        check(path)
        for row in pq.read_table(path).to_pylist():
            amount = sum(row[f"amount_{place}"] << 32 * place for place in range(4))
            rows.append((row["block"], row["position"], row["sender"], row["receiver"], amount))
    return rows


SMALL = {"ROWS": 20, "SPAN": 8, "LONGEST": 32}
"""Pages of a few rows, asked for a few blocks at a time."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SMALL.items():
        monkeypatch.setattr(pages, name, value)


def reader(folder: Path, chain: Any, since: int = 0) -> Pages:
    return Pages(folder, chain, GENESIS, TOKEN, since)


def test_the_pages_hold_every_transfer_once(tmp_path: Path) -> None:
    chain = Chain(150)
    heard: list[tuple[int, int]] = []
    files = reader(tmp_path, chain).read(149, lambda block, rows: heard.append((block, rows)))
    assert len(files) > 3
    assert held(files) == chain.told()
    assert heard[-1][0] == 149
    assert reader(tmp_path, chain).read(149) == files, "nothing is asked for again"
    chain.grow(180, 5)
    assert held(reader(tmp_path, chain).read(179)) == chain.told()


def test_a_token_is_read_from_the_block_of_its_creation(tmp_path: Path) -> None:
    chain = Chain(60)
    assert held(reader(tmp_path, chain, 25).read(59)) == chain.told(25)


def test_a_node_that_takes_few_blocks_is_asked_for_fewer(tmp_path: Path) -> None:
    chain = Chain(40, most=3)
    assert held(reader(tmp_path, chain).read(39)) == chain.told()
    with pytest.raises(NodeError, match="more than 10000 results"):
        reader(tmp_path / "none", Chain(40, most=0)).read(39)
    with pytest.raises(NodeError, match="the node has no block"):
        reader(tmp_path / "ahead", Chain(40)).read(50)


@pytest.mark.parametrize("fork", [0, 1, 17, 60, 98, 99])
def test_exactly_the_blocks_that_are_no_more_are_dropped(tmp_path: Path, fork: int) -> None:
    chain = Chain(100)
    reader(tmp_path, chain).read(99)
    before = chain.told()
    chain.reorg(fork, 77)
    left = reader(tmp_path, chain)
    left.drop_reorged()
    assert held(left.files()) == [row for row in before if row[0] < fork]
    assert held(left.read(100)) == chain.told()


def test_a_stop_between_writing_what_is_left_and_removing_what_was_is_mended(tmp_path: Path) -> None:
    chain = Chain(100)
    reader(tmp_path, chain).read(99)
    kept = {path: path.read_bytes() for path in tmp_path.glob("*.parquet")}
    chain.reorg(90, 77)
    reader(tmp_path, chain).drop_reorged()
    for path, content in kept.items():
        path.write_bytes(content)
    (tmp_path / "000000000100-000000000120.parquet.part").write_text("half a page")
    assert held(reader(tmp_path, chain).read(100)) == chain.told()


def test_a_gap_is_read_again(tmp_path: Path) -> None:
    chain = Chain(100)
    files = reader(tmp_path, chain).read(99)
    files[1].unlink()
    assert held(reader(tmp_path, chain).read(99)) == chain.told()


def test_a_killed_reader_goes_on_and_repeats_nothing(tmp_path: Path) -> None:
    """A process of its own, killed at its twelfth question, and another in its place."""
    chain, before = Chain(600), 0
    for _ in range(2):
        done = subprocess.run([sys.executable, __file__, str(tmp_path)], check=False, capture_output=True)
        assert done.returncode == -signal.SIGKILL, done.stderr
        kept = len(list(tmp_path.glob("*.parquet")))
        assert kept > before
        before = kept
    assert held(reader(tmp_path, chain).read(599)) == chain.told()
    assert {path.name for path in reader(tmp_path, chain).files()} == {
        path.name for path in tmp_path.glob("*.parquet*")
    }


def test_a_chain_that_moves_under_the_reader_is_said(tmp_path: Path) -> None:
    chain = Chain(100)
    count = 0
    plain = chain.batch

    def batch(requests: Any) -> Any:
        nonlocal count
        count += 1
        if count == 5:
            chain.reorg(1, 99)
        return plain(requests)

    chain.batch = batch  # type: ignore[method-assign]
    with pytest.raises(Drift, match="does not follow block"):
        reader(tmp_path, chain).read(99)
    chain.batch = plain  # type: ignore[method-assign]
    assert held(reader(tmp_path, chain).read(99)) == chain.told()


def test_two_answers_about_one_block_are_said(tmp_path: Path) -> None:
    chain = Chain(20)
    last = max(number for number, logs in enumerate(chain.logs) if logs)
    chain.logs[last][-1]["blockHash"] = "0x" + "11" * 32
    with pytest.raises(Drift, match=f"two blocks {last}"):
        reader(tmp_path, chain).read(last)


@pytest.mark.parametrize(
    "bent",
    [
        {"address": "0x" + "71" * 20},
        {"topics": [pages.TRANSFER, "0x" + "00" * 32]},
        {"blockNumber": "0x5000"},
        {"data": "0x"},
        {"data": "0x" + "ff" * 32},
        {"removed": True},
    ],
)
def test_what_was_not_asked_for_is_refused(tmp_path: Path, bent: dict[str, Any]) -> None:
    chain = Chain(20)
    next(logs for logs in chain.logs if logs)[0].update(bent)
    with pytest.raises(NodeError, match="transfer"):
        reader(tmp_path, chain).read(19)
    assert not list(tmp_path.glob("*.part"))


def test_another_tokens_pages_are_refused_and_a_folder_has_one_reader(tmp_path: Path) -> None:
    chain = Chain(20)
    reader(tmp_path, chain).read(19)
    with pytest.raises(InputError, match="is a page of 0x7070"):
        Pages(tmp_path, chain, GENESIS, "0x" + "71" * 20, 0).read(19)
    with reader(tmp_path, chain).locked(), pytest.raises(InputError, match="another process"):
        reader(tmp_path, chain).read(19)
    (tmp_path / "1-2.parquet").write_bytes(b"no")
    with pytest.raises(InputError, match="is no Parquet file"):
        reader(tmp_path, chain).files()


def test_a_page_has_the_columns_of_movements_first() -> None:
    assert pages.PAGE_SCHEMA.names[: len(SCHEMA.names)] == SCHEMA.names


class Deadly(Chain):
    """A node at whose twelfth answer the machine stops."""

    def batch(self, requests: Sequence[tuple[str, Sequence[Any]]]) -> list[Mapping[str, Any]]:
        if self.asked == 11:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().batch(requests)


if __name__ == "__main__":
    vars(pages).update(SMALL)
    reader(Path(sys.argv[1]), Deadly(600)).read(599)


# --- a HyperSync server in the node's place --------------------------------------------------------------------------


class Server:
    """The client of a HyperSync server, as its package documents it: a module in its place. `height` is how far it is,
    `most` how many blocks an answer is of."""

    def __init__(self, chain: Chain, height: int, most: int = 7, serves: int = 1) -> None:
        self.chain, self.height, self.most, self.serves = chain, height, most, serves
        self.queries: list[SimpleNamespace] = []
        self.config = SimpleNamespace()
        self.ClientConfig = self.LogSelection = self.FieldSelection = self.Query = SimpleNamespace
        self.LogField = SimpleNamespace(**{name: name.lower() for name in hypersync.FIELDS})

    def HypersyncClient(self, config: SimpleNamespace) -> Server:
        self.config = config
        return self

    async def get_chain_id(self) -> int:
        if not self.config.url.startswith("https://"):
            raise RuntimeError("execute http req\n\nCaused by:\n    0: refused\n\nStack backtrace:\n   0: <unknown>")
        return self.serves

    async def get(self, query: SimpleNamespace) -> SimpleNamespace:
        self.queries.append(query)
        end = min(query.from_block + self.most, query.to_block, self.height)
        logs = [self.log(one) for block in self.chain.logs[query.from_block : end] for one in block]
        return SimpleNamespace(archive_height=self.height, next_block=end, data=SimpleNamespace(logs=logs))

    def log(self, told: Mapping[str, Any]) -> SimpleNamespace:
        numbers = {"block_number": int(told["blockNumber"], 16), "log_index": int(told["logIndex"], 16)}
        texts = {"address": told["address"], "data": told["data"], "topics": [*told["topics"], None]}
        return SimpleNamespace(**numbers, **texts, block_hash=told["blockHash"], removed=None)


URL = "https://eth.hypersync.xyz"


def test_a_server_tells_transfers_and_the_node_its_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chain = Chain(90)
    server = Server(chain, height=90)
    monkeypatch.setitem(sys.modules, "hypersync", server)
    monkeypatch.setenv("ENVIO_API_TOKEN", "a token")
    assert held(reader(tmp_path, hypersync.Hypersync(chain, URL, 1)).read(89)) == chain.told()
    assert chain.logs_asked == 0
    assert server.config.api_token == "a token"
    [asked] = server.queries[0].logs
    assert (asked.address, asked.topics) == ([TOKEN], [[pages.TRANSFER]])
    assert set(server.queries[0].field_selection.log) == {name.lower() for name in hypersync.FIELDS}
    chain.grow(100, 2)
    with pytest.raises(NodeError, match=r"has blocks up to 90, and none of 90 to 9\d"):
        reader(tmp_path, hypersync.Hypersync(chain, URL, 1)).read(99)


def test_a_server_that_is_another_chains_or_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chain = Chain(60)
    monkeypatch.setitem(sys.modules, "hypersync", None)
    with pytest.raises(InputError, match="make setup WITH=hypersync"):
        hypersync.Hypersync(chain, URL, 1)
    behind = Chain(60)
    behind.reorg(30, 9)
    for block in behind.logs[50:]:
        block.clear()  # or two hashes of the last block would tell
    monkeypatch.setitem(sys.modules, "hypersync", Server(behind, height=61))
    with pytest.raises(InputError, match="serves chain 1, and this is 137"):
        hypersync.Hypersync(chain, URL, 137)
    with pytest.raises(NodeError, match=r"http://nowhere: execute http req Caused by: 0: refused$"):
        hypersync.Hypersync(chain, "http://nowhere", 1)
    with pytest.raises(NodeError, match=r"tells of block 3\d as 0x\w+, and the node has 0x"):
        reader(tmp_path, hypersync.Hypersync(chain, URL, 1)).read(59)
    assert all(row[0] < 30 for row in held(reader(tmp_path, chain).files()))
