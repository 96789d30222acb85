"""A register's files: the same on every engine, whole or not there, and built again from each of them."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from scrip.errors import Drift, InputError
from scrip.holders import files
from scrip.holders import movements as mv
from scrip.holders.engines import connected
from scrip.holders.instant import At, block_before, record_instant
from scrip.holders.register import Owner, Reallocation, Register, Sources, raw_balances, take
from scrip.model.laws import merkle_sum as law

MOST = 2**128 - 1
ACCOUNTS = [f"0x{number:040x}" for number in range(1, 9)]
SUBJECT = files.Subject(
    network="local",
    genesis="0x" + "11" * 32,
    chain_id=31_337,
    isin="US5949181045",
    token="0x" + "22" * 20,
    decimals=18,
    instant=1_900_000_000,
    block=7,
    block_hash="0x" + "33" * 32,
    timestamp=1_899_999_990,
)
HELD = dict(zip(ACCOUNTS, [5, MOST - 100, 1, 20, 30, 10, 4, 0], strict=True))

MOVED = [
    Reallocation(ACCOUNTS[6], ACCOUNTS[0], 3, "queue"),
    Reallocation(ACCOUNTS[3], ACCOUNTS[0], MOST, "v2-pair"),
    Reallocation(ACCOUNTS[3], ACCOUNTS[4], 1, "v2-pair"),
]


def made(folder: Path, engine: str = "duckdb") -> tuple[Register, list[Path]]:
    paths = [folder / "snapshot.parquet"]
    mv.write(paths[0], mv.from_balances(7, HELD.items()))
    owners = {ACCOUNTS[0]: Owner('Alice "A", and Co', "retail"), ACCOUNTS[2]: Owner("7", "professional")}
    owners |= {ACCOUNTS[3]: Owner("pool", "venue"), ACCOUNTS[4]: Owner("alice", "retail")}
    sources = Sources(paths, 7, sum(HELD.values()), owners, {ACCOUNTS[5]: "excluded", ACCOUNTS[6]: "vault"})
    with connected(engine) as connection:
        return take(connection, sources, raw_balances(connection, sources)), paths


def written(tmp_path: Path, name: str = "out", engine: str = "duckdb") -> files.Written:
    register, paths = made(tmp_path, engine)
    return files.write_register(tmp_path / name, register, SUBJECT, paths, MOVED)


def test_what_the_files_say(tmp_path: Path) -> None:
    found = written(tmp_path)
    rows = list(csv.DictReader((found.folder / "holders.csv").open()))
    assert {row["account"]: int(row["units"]) for row in rows} == {one: units for one, units in HELD.items() if units}
    assert rows[0] | {"account": ""} == {
        "account": "",
        "investor": 'Alice "A", and Co',
        "investor_class": "retail",
        "kind": "holder",
        "units": "5",
    }
    leaves = list(csv.DictReader((found.folder / "tree.csv").open()))
    pushed = [ACCOUNTS[place] for place in (0, 2, 4)]
    asked = [ACCOUNTS[place] for place in (1, 3)]
    assert [row["account"] for row in leaves] == [*pushed, *asked], "who stands apart is no leaf"
    assert [row["pushable"] for row in leaves] == ["true"] * 3 + ["false"] * 2
    summary = found.summary
    apart = HELD[ACCOUNTS[5]] + HELD[ACCOUNTS[6]]
    assert summary["sum"] == str(sum(HELD.values()) - apart) == str(found.root.sum)
    assert [one["name"] for one in summary["inputs"]] == ["snapshot.parquet"]
    binding = law.Binding(law.word(31_337), bytes(12) + b"\x22" * 20, bytes(32), 7, b"\x33" * 32)
    assert summary["bound"] == law.bound(found.root, binding)
    assert files.verify(found.folder).root == found.root


def test_what_is_held_for_others_is_told_with_its_rule(tmp_path: Path) -> None:
    folder = written(tmp_path).folder
    rows = [tuple(row.values()) for row in csv.DictReader((folder / "allocations.csv").open())]
    pool, vault = ACCOUNTS[3], ACCOUNTS[6]
    assert rows == [
        (pool, ACCOUNTS[0], "v2-pair", str(MOST)),
        (pool, ACCOUNTS[4], "v2-pair", "1"),
        (vault, ACCOUNTS[0], "queue", "3"),
    ]
    assert files.rules_of(folder) == {ACCOUNTS[0]: "queue v2-pair", ACCOUNTS[4]: "v2-pair"}
    path = folder / "allocations.parquet"
    table = files.read_table(path)
    mv.write(path, table.set_column(2, "rule", [["file"] * 3]))
    with pytest.raises(Drift, match=r"allocations.parquet says otherwise"):
        files.verify(folder)


def test_polars_writes_the_same_bytes(tmp_path: Path) -> None:
    one, other = written(tmp_path), written(tmp_path, "other", "polars")
    assert one.digest == other.digest
    names = sorted(path.name for path in one.folder.glob("*.[cj]s*"))
    assert names == ["allocations.csv", "holders.csv", "register.json", "tree.csv"]
    for name in names:
        assert (one.folder / name).read_bytes() == (other.folder / name).read_bytes()


def test_a_proof_out_of_a_file_is_good(tmp_path: Path) -> None:
    found = written(tmp_path)
    for suffix in ("csv", "parquet"):
        tree = files.read_tree(found.folder / f"tree.{suffix}")
        for index in range(len(tree.leaves)):
            assert law.fault(found.root, tree.leaves.leaf(index), tree.proof(index)) == ""


def test_a_folder_is_written_once(tmp_path: Path) -> None:
    register, paths = made(tmp_path)
    first = files.write_register(tmp_path / "out", register, SUBJECT, paths)
    again = files.write_register(tmp_path / "out", register, SUBJECT, paths)
    assert again.summary == first.summary
    with pytest.raises(InputError, match="holds something else already"):
        files.write_register(tmp_path / "out", register, SUBJECT, [])
    (tmp_path / "out" / "register.json").unlink()
    with pytest.raises(InputError, match="holds something else already"):
        files.write_register(tmp_path / "out", register, SUBJECT, paths)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "snapshot.parquet"]


def test_nothing_is_left_of_a_write_that_fails(tmp_path: Path) -> None:
    register, _ = made(tmp_path)
    with pytest.raises(InputError, match="cannot be read: No such file"):
        files.write_register(tmp_path / "out", register, SUBJECT, [tmp_path / "gone.parquet"])
    assert [path.name for path in tmp_path.iterdir()] == ["snapshot.parquet"]


@pytest.mark.parametrize("name", ["holders.csv", "tree.csv"])
def test_a_changed_csv_is_found_by_its_hash(tmp_path: Path, name: str) -> None:
    folder = written(tmp_path).folder
    path = folder / name
    path.write_text(path.read_text().replace('"5"', '"6"'))
    with pytest.raises(Drift, match=f"{name} has the SHA-256"):
        files.verify(folder)


def test_a_changed_parquet_is_found_by_what_it_says(tmp_path: Path) -> None:
    folder = written(tmp_path).folder
    kept = {name: (folder / f"{name}.parquet").read_bytes() for name in ("holders", "tree")}
    for name, column, said in (("tree", "net_0", "the summary says 0x"), ("holders", "units_0", "says otherwise than")):
        table = files.read_table(folder / f"{name}.parquet")
        values = [one + (place == 1) for place, one in enumerate(table.column(column).to_pylist())]
        at = table.schema.get_field_index(column)
        mv.write(folder / f"{name}.parquet", table.set_column(at, column, [values]))
        with pytest.raises(Drift, match=said):
            files.verify(folder)
        (folder / f"{name}.parquet").write_bytes(kept[name])
    files.verify(folder)


def test_a_bent_summary_is_found(tmp_path: Path) -> None:
    folder = written(tmp_path).folder
    path = folder / "register.json"
    kept = json.loads(path.read_text())
    for bent, said in (
        ({"tree": kept["tree"] | {"sum": "1"}}, "the summary says"),
        ({"tree": kept["tree"] | {"depth": 8}}, "the summary says"),
        ({"bound": "0x" + "00" * 32}, "is bound as"),
        ({"subject": kept["subject"] | {"block": 8}}, "is bound as"),
        ({"sum": "1"}, "adds up to"),
    ):
        path.write_text(json.dumps(kept | bent))
        with pytest.raises(Drift, match=said):
            files.verify(folder)
    for text, said in (("{}", "is no summary"), ("no", "is no JSON"), ("[]", "is no summary")):
        path.write_text(text)
        with pytest.raises(InputError, match=said):
            files.verify(folder)
    with pytest.raises(InputError, match="it has no summary"):
        files.verify(tmp_path / "none")


def test_files_of_leaves_that_are_none(tmp_path: Path) -> None:
    folder = written(tmp_path).folder
    text = (folder / "tree.csv").read_text()
    lines = text.splitlines()
    for name, content, said in (
        ("order", "\n".join([lines[0], lines[2], lines[1]]), "not in the order of their index"),
        ("column", text.replace('"gross"', '"gros"'), "gross: the file has no such column"),
        ("amount", text.replace('"5"', '"5.0"', 1), r"csv:2: gross: is no whole number: digits alone \(got '5.0'\)"),
        ("large", text.replace('"5"', f'"{MOST + 1}"', 1), "gross: is more than"),
        ("account", text.replace(ACCOUNTS[0], ACCOUNTS[0][:-1]), "one is no address"),
        ("hex", text.replace(ACCOUNTS[0], "0x" + "zz" * 20), "one is no address"),
    ):
        path = tmp_path / f"{name}.csv"
        path.write_text(content)
        with pytest.raises(InputError, match=said):
            files.read_tree(path)
    with pytest.raises(InputError, match=r"neither .parquet nor .csv"):
        files.read_tree(tmp_path / "tree.txt")


def test_accounts_of_solana_are_keys() -> None:
    key = "So11111111111111111111111111111111111111112"
    assert files.word_of(key).hex().startswith("069b8857feab8184")
    assert len(files.word_of(key)) == 32
    with pytest.raises(InputError, match="no key of Solana's"):
        files.word_of("So1111")


# --- forged files, whose hashes were put right -----------------------------------------------------------------------


def forged(folder: Path, rows: list[dict[str, str]]) -> None:
    """Other leaves in both files of the tree, and the summary with the hash of the one that has one."""
    path = folder / "tree.csv"
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    kept = json.loads((folder / "register.json").read_text())
    kept["files"]["tree.csv"] = files.sha256_of(path)
    (folder / "register.json").write_text(json.dumps(kept))


@pytest.mark.parametrize(
    ("place", "changes", "said"),
    [
        (0, {"net": "6"}, "has the root 0x"),
        (0, {"gross": "6"}, "has the root 0x"),
        (0, {"account": ACCOUNTS[7]}, "has the root 0x"),
        (3, {"pushable": "true"}, "has the root 0x"),
        (0, {"index": str(2**20)}, "not in the order of their index"),
        (0, {"net": str(MOST)}, "sum of net: has more than 128 bits"),
        (0, {"net": str(MOST + 1)}, "net: is more than"),
    ],
    ids=["net + 1", "gross + 1", "another account", "pushable", "index + 2^20", "an overflow", "129 bits"],
)
def test_a_leaf_that_was_bent_with_its_hash_is_found(
    tmp_path: Path, place: int, changes: dict[str, str], said: str
) -> None:
    folder = written(tmp_path).folder
    rows = list(csv.DictReader((folder / "tree.csv").read_text().splitlines()))
    forged(folder, [row | (changes if at == place else {}) for at, row in enumerate(rows)])
    with pytest.raises((Drift, InputError), match=said):
        files.verify(folder)


def test_leaves_that_were_added_replayed_or_left_out_are_found(tmp_path: Path) -> None:
    folder = written(tmp_path).folder
    rows = list(csv.DictReader((folder / "tree.csv").read_text().splitlines()))
    last = {"index": str(len(rows))}
    nothing = {"pushable": "false", "gross": "0", "withheld": "0", "net": "0"}
    for bent in ([*rows, rows[0] | last], [*rows, rows[-1] | last | nothing], rows[:-1]):
        forged(folder, bent)
        with pytest.raises(Drift, match=r"tree.csv has the root 0x\w+, sum \d+; the summary says"):
            files.verify(folder)
    forged(folder, rows)
    assert files.verify(folder).root.sum == sum(int(row["net"]) for row in rows)


@pytest.mark.parametrize(
    "bent",
    [{"chain_id": 1}, {"token": "0x" + "23" * 20}, {"block_hash": "0x" + "34" * 32}],
    ids=["chain", "token", "block"],
)
def test_a_register_of_another_chain_token_or_block_is_bound_elsewhere(tmp_path: Path, bent: dict[str, object]) -> None:
    folder = written(tmp_path).folder
    path = folder / "register.json"
    kept = json.loads(path.read_text())
    for said in (kept | {"subject": kept["subject"] | bent}, kept | {"action": "0x" + "05" * 32}):
        path.write_text(json.dumps(said))
        with pytest.raises(Drift, match="is bound as"):
            files.verify(folder)


# --- the record instant ----------------------------------------------------------------------------------------------


def test_the_record_is_the_opening_of_the_ex_session() -> None:
    assert record_instant("XNYS", date(2026, 3, 6)) == 1_772_807_400, "09:30 in New York, in winter"
    assert record_instant("XNYS", date(2026, 3, 9)) == 1_773_063_000, "an hour earlier in UTC"
    with pytest.raises(InputError, match="the next is 2026-03-09"):
        record_instant("XNYS", date(2026, 3, 7))


@pytest.mark.parametrize("gaps", [False, True])
def test_the_block_is_the_last_with_an_earlier_timestamp(gaps: bool) -> None:
    times = [100, 112, 112, 124, 150, 151, 151, 151, 200, 260]
    missing = {2, 4, 5, 8} if gaps else set()
    asked = []

    def look(number: int) -> At | None:
        asked.append(number)
        return None if number in missing else At(number, f"0x{number}", times[number])

    final = At(9, "0x9", 260)
    for instant in range(101, 261):
        walked = max(number for number, t in enumerate(times) if t < instant and number not in missing)
        assert block_before(look, final, instant).number == walked, instant
    with pytest.raises(InputError, match="is before the chain's block 0"):
        block_before(look, final, 100)
    with pytest.raises(Drift, match=r"final is block 9 .* wait for a later one"):
        block_before(look, final, 261)
