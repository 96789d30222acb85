"""The files of a register: holders and tree, Parquet and CSV, with the hash of each and of all that they were made of.

A register is a folder that stands whole or not at all: `register.json` says what it is of, `holders` who holds what,
`tree` the leaves of the Merkle-sum tree in their order, `allocations` what accounts hold for others and by which rule.
Whoever has one of the two tree files builds the root again.
The same inputs give the same bytes of CSV and JSON, on any engine and machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pac
import pyarrow.csv as pc
import pyarrow.parquet as pq
from base58 import b58decode
from solders.pubkey import Pubkey

from scrip.errors import Drift, InputError
from scrip.holders import limbs
from scrip.holders.movements import COMPRESSION, columns_of, parquet, with_limbs, written
from scrip.holders.register import Kind, Reallocation, Register
from scrip.holders.summary import demand as demand_summary
from scrip.holders.tree import Leaves, Tree, build
from scrip.inputs.reading.numbers import whole
from scrip.model.laws import merkle_sum as law
from scrip.records.files import TEMPORARY, sync_folder, text_of

SUMMARY = "register.json"
HOLDERS, TREE, ALLOCATIONS = "holders", "tree", "allocations"
CSV = pc.WriteOptions(quoting_style="needed")
CHUNK = 2**20
NO_ACTION = bytes(32)
"""The action of a root that pays for none."""
APART: tuple[Kind, ...] = ("excluded", "vault")
"""Kinds of accounts that are due nothing: what the manifest leaves out, and a vault, which is left with what is sold at
a price that is struck."""
DUES = ("gross", "withheld", "net")
AMOUNTS = (*DUES, "units")
TEXT = (*AMOUNTS, "account", "investor", "investor_class", "kind", "leaf", "held_by", "rule")
"""Columns of our CSV files that are read as text, whatever stands in them."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a register is of: a stock on a network, at the last block before an instant.

    `instant` and `timestamp` are UTC seconds, the instant's and the block's; `token` and `block_hash` as the chain
    writes them; `decimals` those of a raw unit. `chain_id` is 0 on Solana, where the genesis names the chain.
    """

    network: str
    genesis: str
    chain_id: int
    isin: str
    token: str
    decimals: int
    instant: int
    block: int
    block_hash: str
    timestamp: int

    def as_json(self) -> dict[str, object]:
        """For the summary."""
        return asdict(self)

    def binding(self, action: bytes = NO_ACTION) -> law.Binding:
        """What a root of this register is good for: this chain, token and block, and an action."""
        chain = law.word(self.chain_id) if self.chain_id else genesis_word(self.genesis)
        return law.Binding(chain, word_of(self.token), action, self.block, genesis_word(self.block_hash))


@dataclass(frozen=True, slots=True)
class Written:
    """A register's folder: the root of its tree, the digest of its holders' CSV, and all that `register.json` says."""

    folder: Path
    root: law.Root
    digest: str
    summary: Mapping[str, Any]


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal; InputError where there is none."""
    total = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(CHUNK):
                total.update(part)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
    return total.hexdigest()


# --- accounts as words -----------------------------------------------------------------------------------------------


def account_words(accounts: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Accounts as 32 bytes each: an address of 20 bytes behind 12 zeros, a key of Solana's as it is. InputError."""
    names = accounts.combine_chunks() if isinstance(accounts, pa.ChunkedArray) else accounts
    if not len(names):
        return np.zeros((0, 32), np.uint8)
    if not names[0].as_py().startswith("0x"):
        try:
            return np.frombuffer(
                b"".join([bytes(Pubkey.from_string(one)) for one in names.to_pylist()]), np.uint8
            ).reshape(-1, 32)
        except ValueError:
            raise InputError("one is no key of Solana's", field="account") from None
    text = names.to_pylist()
    if any(len(one) != 42 or not one.startswith("0x") for one in text):
        raise InputError("one is no address: 0x and 40 hex digits", field="account")
    words = np.zeros((len(text), 32), np.uint8)
    try:
        words[:, 12:] = np.frombuffer(bytes.fromhex("".join([one[2:] for one in text])), np.uint8).reshape(-1, 20)
    except ValueError:
        raise InputError("one is no address: 0x and 40 hex digits", field="account") from None
    return words


def word_of(account: str) -> bytes:
    """One account as 32 bytes."""
    return account_words(pa.array([account])).tobytes() if account else bytes(32)


def genesis_word(genesis: str) -> bytes:
    """The hash of a first block as 32 bytes: hexadecimal, or base58."""
    return bytes.fromhex(genesis[2:]) if genesis.startswith("0x") else b58decode(genesis)


# --- dues and trees --------------------------------------------------------------------------------------------------


def due(register: Register) -> pa.Table:
    """The rows of who is due anything: all but whoever stands apart (`APART`)."""
    kinds = register.table.column("kind")
    return register.table.filter(pac.invert(pac.is_in(kinds, pa.array(APART, pa.string()))))


def counted(register: Register) -> pa.Table:
    """A tree's leaves that only count: gross and net are the units held. For ballots, and to show a holding.

    Whoever stands apart (`APART`) is not among them.
    """
    table = due(register)
    units = columns_of(table, "units")
    return dues_table(table, units, np.zeros_like(units), units)


def dues_table(holders: pa.Table, gross: limbs.Columns, withheld: limbs.Columns, net: limbs.Columns) -> pa.Table:
    """Rows of a tree: who of these holders is due what, in the order of the tree.

    Those who may be paid without asking stand first, so that blocks are pushed whole; each part in the order of the
    accounts. Paid without asking is who is an investor of the register, and no venue, vault or stranger.
    """
    kinds, owners = (holders.column(name).to_numpy(zero_copy_only=False) for name in ("kind", "investor"))
    pushable = (kinds == "holder") & (owners != "")
    order = np.concatenate([np.flatnonzero(pushable), np.flatnonzero(~pushable)])
    places = pa.array(order)
    parts: dict[str, Any] = {"account": holders.column("account").take(places), "pushable": pa.array(pushable[order])}
    for name, columns in zip(DUES, (gross, withheld, net), strict=True):
        parts |= with_limbs(name, columns[order])
    return pa.table(parts)


def tree_of(dues: pa.Table, least: int = 0) -> Tree:
    """The tree over rows of dues, in their order; see scrip.holders.tree.build."""
    gross, withheld, net = (columns_of(dues, name) for name in DUES)
    pushable = dues.column("pushable").to_numpy(zero_copy_only=False).astype(np.bool_)
    return build(Leaves(account_words(dues.column("account")), gross, withheld, net, pushable), least)


# --- writing ---------------------------------------------------------------------------------------------------------


def write_register(
    folder: Path, register: Register, subject: Subject, inputs: Sequence[Path], moved: Iterable[Reallocation] = ()
) -> Written:
    """Write a register into a folder, which must be new or hold the same one; InputError where it holds another.

    `moved` is what in it was taken from one account for another.
    """
    tables = {HOLDERS: register.table, ALLOCATIONS: _allocations(moved)}
    return write(folder, SUMMARY, tables, counted(register), subject, inputs)


def _allocations(moved: Iterable[Reallocation]) -> pa.Table:
    """Which units an account holds for another, and by which rule they are the other's, a row each."""
    rows = sorted(moved, key=lambda one: (one.held_by, one.holder, one.why))
    text = {
        "held_by": pa.array([one.held_by for one in rows], pa.string()),
        "account": pa.array([one.holder for one in rows], pa.string()),
        "rule": pa.array([one.why for one in rows], pa.string()),
    }
    return pa.table(text | with_limbs("units", limbs.of(one.units for one in rows)))


def rules_of(folder: Path) -> dict[str, str]:
    """By which rules units count for accounts that others hold: the rules' names, a space between two, by account."""
    table, found = read_table(folder / f"{ALLOCATIONS}.parquet"), dict[str, set[str]]()
    for account, rule in zip(*(table.column(name).to_pylist() for name in ("account", "rule")), strict=True):
        found.setdefault(account, set()).add(rule)
    return {account: " ".join(sorted(rules)) for account, rules in found.items()}


def write(
    folder: Path,
    summary_name: str,
    tables: Mapping[str, pa.Table],
    dues: pa.Table,
    subject: Subject,
    inputs: Sequence[Path],
    more: Mapping[str, object] | None = None,
    action: bytes = NO_ACTION,
    deeper: int = 0,
) -> Written:
    """Write tables, and the tree over `dues`, as CSV and Parquet into a folder, with a summary that holds every hash.

    The digest is of the first table's CSV. `more` goes into the summary. The root is bound to the `action` that it
    pays for; a register's own is for none. The tree is `deeper` by so many levels than its leaves need.
    """
    tree = tree_of(dues, law.depth_for(dues.num_rows) + deeper)
    scratch = folder.with_name(folder.name + TEMPORARY)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        for name, table in {**tables, TREE: _tree_table(dues, tree)}.items():
            pq.write_table(table, scratch / f"{name}.parquet", compression=COMPRESSION)
            pc.write_csv(_for_people(table), scratch / f"{name}.csv", CSV)
        summary = _summary(scratch, tables, tree, subject, inputs, action) | dict(more or {})
        (scratch / summary_name).write_text(text_of(summary), encoding="utf-8")
        for path in scratch.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        if folder.exists():
            _demand_same(folder, summary_name, scratch)
        else:
            sync_folder(scratch)
            os.replace(scratch, folder)
            sync_folder(folder.parent)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return Written(folder, tree.root, str(summary["digest"]), summary)


def _demand_same(folder: Path, summary_name: str, fresh: Path) -> None:
    kept = folder / summary_name
    if not kept.is_file() or kept.read_text(encoding="utf-8") != (fresh / summary_name).read_text(encoding="utf-8"):
        raise InputError("holds something else already: name a new folder", field="out", value=folder)


def _summary(
    folder: Path,
    tables: Mapping[str, pa.Table],
    tree: Tree,
    subject: Subject,
    inputs: Sequence[Path],
    action: bytes,
) -> dict[str, object]:
    """What a folder is of, without the Parquet files' hashes: their bytes are the library's, the CSV's are ours."""
    root, files = tree.root, sorted(path.name for path in folder.glob("*.csv"))
    hashes = {name: sha256_of(folder / name) for name in files}
    first = next(iter(tables))
    return {
        "schema": 1,
        "subject": subject.as_json(),
        "rows": {name: table.num_rows for name, table in tables.items()},
        "sum": str(root.sum),
        "tree": {"root": root.hash, "sum": str(root.sum), "depth": root.depth, "leaves": len(tree.leaves)},
        "action": action,
        "bound": law.bound(root, subject.binding(action)),
        "files": hashes,
        "digest": hashes[f"{first}.csv"],
        "inputs": [{"name": path.name, "sha256": sha256_of(path)} for path in inputs],
    }


def _tree_table(dues: pa.Table, tree: Tree) -> pa.Table:
    hashes = pa.array([one.tobytes() for one in tree.levels[0][: len(tree.leaves), :32]], pa.binary(32))
    table = dues.add_column(0, "index", pa.array(np.arange(dues.num_rows, dtype=np.int64)))
    return table.append_column("leaf", hashes)


def _for_people(table: pa.Table) -> pa.Table:
    """A table with every amount in one column, as a whole number, and hashes in hexadecimal."""
    columns: dict[str, Any] = {}
    for name in table.column_names:
        stem, _, place = name.rpartition("_")
        if stem and place.isdigit():
            if place == "0":
                columns[stem] = pa.array([*map(str, limbs.integers(columns_of(table, stem)))], pa.string())
        elif pa.types.is_fixed_size_binary(table.schema.field(name).type):
            columns[name] = pa.array(["0x" + one.hex() for one in table.column(name).to_pylist()], pa.string())
        else:
            columns[name] = table.column(name)
    return pa.table(columns)


# --- reading back ----------------------------------------------------------------------------------------------------


def read_summary(folder: Path, name: str = SUMMARY) -> dict[str, Any]:
    """What a folder says of itself; InputError where it is none, and by its field what is no summary's."""
    path = folder / name
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError("is no folder of a register: it has no summary", file=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
    except ValueError as error:
        raise InputError(f"is no JSON: {error}", file=str(path)) from None
    if not isinstance(found, dict):
        raise InputError("is no summary of a register", file=str(path))
    demand_summary(found, path, TREE)
    return found


def read_table(path: Path, text: Sequence[str] = ()) -> pa.Table:
    """A Parquet or CSV file of ours as a table with limbs; InputError."""
    if path.suffix == ".parquet":
        return parquet(path).read()
    if path.suffix != ".csv":
        raise InputError("is neither .parquet nor .csv", file=str(path))
    try:
        types = dict.fromkeys((*TEXT, *text), pa.string())
        options = pc.ConvertOptions(column_types=types, strings_can_be_null=False)
        found = pc.read_csv(path, convert_options=options)
    except FileNotFoundError:
        raise InputError("there is no such file", file=str(path)) from None
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"cannot be read as CSV: {' '.join(str(error).split())}", file=str(path)) from None
    columns: dict[str, Any] = {}
    for name in found.column_names:
        if name in AMOUNTS:
            columns |= with_limbs(name, limbs.of(_whole(found.column(name).to_pylist(), name, path), name))
        else:
            columns[name] = found.column(name)
    return pa.table(columns)


def _whole(texts: Sequence[str], field: str, path: Path) -> list[int]:
    found = []
    for line, text in enumerate(texts, 2):
        try:
            found.append(whole(text, field))
        except InputError as wrong:
            raise InputError(wrong.message, file=str(path), line=line, field=field, value=wrong.value) from None
    return found


def read_tree(path: Path, least: int = 0) -> Tree:
    """The tree of a file of its leaves, built again, `least` levels deep or as deep as they need.

    InputError where a column is missing or the order is another.
    """
    return read_leaves(path, least)[1]


def read_leaves(path: Path, least: int = 0) -> tuple[list[str], Tree]:
    """The same, with the accounts in the order of the leaves before it."""
    table = read_table(path)
    needed = {"index", "account", "pushable", *(f"{name}_0" for name in DUES)}
    if missing := sorted(needed - set(table.column_names)):
        raise InputError("the file has no such column", file=str(path), field=missing[0].removesuffix("_0"))
    places = table.column("index").to_numpy()
    if (places != np.arange(len(places))).any():
        raise InputError("the leaves are not in the order of their index", file=str(path), field="index")
    return table.column("account").to_pylist(), tree_of(table, least)


def proofs(folder: Path, accounts: Sequence[str]) -> list[dict[str, object]]:
    """What each account shows to whoever holds the root: its leaf, and the siblings up. InputError for no leaf."""
    names, tree = read_leaves(folder / f"{TREE}.parquet")
    places = {name: place for place, name in enumerate(names)}
    found: list[dict[str, object]] = []
    for account in accounts:
        if account not in places:
            raise InputError("has no leaf in this tree", field="account", value=account)
        leaf, proof = tree.leaves.leaf(places[account]), tree.proof(places[account])
        told = asdict(leaf) | {"account": account, "word": leaf.account}
        siblings = {"hashes": [one.hash for one in proof], "sums": [one.sum for one in proof]}
        found.append(told | siblings | {"root": tree.root.hash, "root_sum": tree.root.sum, "depth": tree.root.depth})
    return found


def export(folder: Path, table: str, path: Path) -> int:
    """Write one of a folder's tables into a new file, `.csv` or `.parquet` by its name; how many rows. InputError."""
    if path.exists():
        raise InputError("is there already", field="file", value=path)
    found = read_table(folder / f"{table}.parquet")
    if path.suffix not in (".csv", ".parquet"):
        raise InputError("is neither .parquet nor .csv", field="file", value=path)
    with written(path) as scratch:
        if path.suffix == ".csv":
            pc.write_csv(_for_people(found), scratch, CSV)
        else:
            pq.write_table(found, scratch, compression=COMPRESSION)
    return int(found.num_rows)


def verify(folder: Path, name: str = SUMMARY) -> Written:
    """Build a folder's root again from each of its tree files, and hold every file to its hash.

    Drift that names the file where something is another than the summary says.
    """
    summary = read_summary(folder, name)
    demand_hashes(folder, summary)
    told = summary["tree"]
    root = law.Root(bytes.fromhex(told["root"][2:]), int(told["sum"]), told["depth"])
    for suffix in (".csv", ".parquet"):
        found_root = read_tree(folder / f"{TREE}{suffix}", root.depth).root
        if found_root != root:
            of_file = f"{folder / TREE}{suffix} has the root 0x{found_root.hash.hex()}, sum {found_root.sum}"
            raise Drift(f"{of_file}; the summary says {told['root']}, sum {told['sum']}")
    _demand_alike(folder, summary)
    demand_bound(folder / name, summary, root)
    return Written(folder, root, summary["digest"], summary)


def demand_hashes(folder: Path, summary: Mapping[str, Any]) -> None:
    """Drift where a file has another SHA-256 than the summary says."""
    for file, said in sorted(summary["files"].items()):
        if (found := sha256_of(folder / file)) != said:
            raise Drift(f"{folder / file} has the SHA-256 {found}, and the summary says {said}")


def _demand_alike(folder: Path, summary: Mapping[str, Any]) -> None:
    """Drift where a table's Parquet says otherwise than its CSV."""
    for table in summary["rows"]:
        one, other = (_for_people(read_table(folder / f"{table}{suffix}")) for suffix in (".csv", ".parquet"))
        if one.column_names != other.column_names or not all(
            one.column(name).to_pylist() == other.column(name).to_pylist() for name in one.column_names
        ):
            raise Drift(f"{folder / table}.parquet says otherwise than {table}.csv")


def demand_bound(path: Path, summary: Mapping[str, Any], root: law.Root) -> None:
    """Drift where a summary does not follow from itself: another sum, or a root that is bound to something else."""
    if str(summary["sum"]) != str(root.sum):
        raise Drift(f"{path} adds up to {summary['sum']}, and its tree to {root.sum}")
    subject = Subject(**summary["subject"])
    action = bytes.fromhex(summary["action"][2:])
    found = "0x" + law.bound(root, subject.binding(action)).hex()
    if found != summary["bound"]:
        raise Drift(f"{path} is bound as {summary['bound']}, and what it says of itself is {found}")
