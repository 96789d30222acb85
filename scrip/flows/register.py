"""The register of a stock's holders at a record instant: read from the chain, computed, written, and held to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.dividends import files as folders
from scrip.errors import Drift, InputError
from scrip.holders import files, limbs
from scrip.holders import movements as mv
from scrip.holders.engines import Engine, connected
from scrip.holders.evm import UNDELIVERED, EvmSource
from scrip.holders.instant import At, record_instant
from scrip.holders.look_through import Venue, Weights, look_through
from scrip.holders.register import Kind, Reallocation, Register, Sources, cap_table, given_balances, raw_balances, take
from scrip.holders.sources import Source, Tell
from scrip.inputs.batch import read_holdings
from scrip.manifest.model import AnyManifest, Holders
from scrip.preview import moment
from scrip.records.files import create, text_of
from scrip.units import format_fixed


def silent(block: int, rows: int) -> None:
    """Hear nothing of how far a reading is."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which register is asked for: of which stock, at the opening of the session of which ex day, or at which instant.

    `pages` is the folder in which what was read is kept, `movements` are the operator's own files in its place, `file`s
    that venues send stand in `beside`.
    """

    stock: str
    at: date | int
    """The ex day, or an instant in UTC seconds: the record of a dividend or a meeting that names its own."""
    pages: Path
    beside: Path
    movements: tuple[Path, ...] = ()
    engine: str = "duckdb"
    balances: Path | None = None
    """What an engine elsewhere answered the SQL of `ape run register sql` with, in the place of all movements."""
    whole: bool = False
    """On Solana, every transaction of the mint in the place of what accounts hold."""
    hypersync: str = ""
    """On Ethereum-family chains, the URL of a HyperSync server that tells transfers in the node's place."""
    delivered: tuple[Path, ...] = ()
    """Folders of the roots that give units of the stock: what nobody fetched of them counts for its accounts."""


@dataclass(frozen=True, slots=True)
class Built:
    """A register, what it is of, and the files that it was made of."""

    register: Register
    subject: files.Subject
    inputs: tuple[Path, ...]
    moved: tuple[Reallocation, ...]

    def lines(self) -> Iterator[str]:
        """For people."""
        subject, register = self.subject, self.register
        supply = format_fixed(register.supply, subject.decimals)
        yield f"record           {moment(subject.instant)}"
        yield f"block            {subject.block} of {moment(subject.timestamp)}, {subject.block_hash}"
        yield f"supply           {supply}, held by {len(register):,} accounts"
        for why in sorted({one.why for one in self.moved}):
            mine = [one for one in self.moved if one.why == why]
            units = format_fixed(sum(one.units for one in mine), subject.decimals)
            yield f"{why:<16} {units} of {len({one.held_by for one in mine}):,} accounts, for {len(mine):,} holders"


def source_of(network: Network, stock: str, whole: bool = False, hypersync: str = "") -> Source:
    """A stock on its chain, to be read; `whole` and `hypersync` as an order has them."""
    if isinstance(network, EvmNetwork):
        return EvmSource(network, stock, hypersync)
    if hypersync:
        raise InputError("serves no Solana: its accounts are read from the node", field="hypersync", value=hypersync)
    # Only where it is needed: it loads a library for each kind of chain.
    from scrip.holders.solana import SolanaSource

    return SolanaSource.of(network, stock, whole)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a register is of, and the supply that its holders have to add up to."""

    subject: files.Subject
    supply: int


def demand_register(network: EvmNetwork, stock: str, folder: Path, instant: int) -> At:
    """The final block that a register's folder is of, where it is this stock's at this record instant, UTC seconds.

    InputError where it is of another stock, chain or record; Drift where the node has another block there.
    """
    subject = files.Subject(**files.read_summary(folder)["subject"])
    source = EvmSource(network, stock)
    if (subject.token, subject.chain_id, subject.genesis) != (source.token, source.chain_id, network.genesis):
        raise InputError("is of another stock or chain", field="register", value=folder)
    if subject.instant != instant:
        told = f"is of {moment(subject.instant)}, and the record is {moment(instant)}"
        raise InputError(told, field="register", value=folder)
    at = source.record(instant)
    if (at.number, at.hash) != (subject.block, subject.block_hash):
        raise Drift(f"{folder} is of block {subject.block}, {subject.block_hash}; the node has {at.hash}")
    return at


def record(network: Network, order: Order) -> Recorded:
    """The record of an order, as a node tells it: what people of two nodes compare before anything is built on it.

    Drift while the record's block may still change.
    """
    manifest = network.manifest
    if order.stock not in manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=order.stock)
    instant = order.at if isinstance(order.at, int) else record_instant(manifest.calendar_of(order.stock), order.at)
    source = source_of(network, order.stock, order.whole)
    at = source.record(instant)
    subject = files.Subject(
        network=manifest.network,
        genesis=network.genesis,
        chain_id=source.chain_id,
        isin=manifest.stocks[order.stock].isin,
        token=source.token,
        decimals=source.decimals,
        instant=instant,
        block=at.number,
        block_hash=at.hash,
        timestamp=at.timestamp,
    )
    return Recorded(subject, source.supply(at))


def build(network: Network, order: Order, recorded: Recorded, tell: Tell = silent) -> Built:
    """Read and compute the register of a record; nothing is written but pages.

    Drift where what was read does not add up to the supply.
    """
    source = source_of(network, order.stock, order.whole, order.hypersync)
    subject = recorded.subject
    at = At(subject.block, subject.block_hash, subject.timestamp)
    for path in order.movements:
        mv.check(path)
    if order.balances is not None:
        paths: tuple[Path, ...] = (order.balances,)
    else:
        paths = tuple(order.movements or source.movements(at, order.pages, tell))
    wanted = network.manifest.stocks[order.stock].holders
    with connected(order.engine) as engine:
        register, moved, listed = _computed(engine, source, order, recorded, wanted, paths, tell)
    return Built(register, subject, (*paths, *listed), moved)


def _computed(
    engine: Engine,
    source: Source,
    order: Order,
    recorded: Recorded,
    wanted: Holders,
    paths: Sequence[Path],
    tell: Tell,
) -> tuple[Register, tuple[Reallocation, ...], tuple[Path, ...]]:
    subject, supply = recorded.subject, recorded.supply
    at = At(subject.block, subject.block_hash, subject.timestamp)
    marked, held_for = source.vaults(at, subject.instant)
    queued = [*held_for, *_undelivered(source, at, order.delivered)]
    everybody = Sources(paths, at.number, supply, source.owners(at), _marked(source, wanted) | dict(marked))
    held = given_balances(paths[0], everybody) if order.balances else raw_balances(engine, everybody)
    venues = [*_venues(source, wanted, order.beside)]
    sight = Sight(source, at, order.pages, tell)
    balances = _balances(held, [one.account for one in venues])
    moved = [*queued, *(one for venue in venues for one in look_through(venue, balances[venue.account], sight))]
    return take(engine, everybody, held, moved), tuple(moved), tuple(one.file for one in venues if one.file)


def _undelivered(source: Source, at: At, given: Sequence[Path]) -> Iterator[Reallocation]:
    """Units that the distributor holds for leaves that nobody fetched or pushed by a block, from the roots' folders.

    InputError for a folder whose root gives no units of this stock, or none any more.
    """
    if not given:
        return
    if not isinstance(source, EvmSource):
        raise InputError("is of Ethereum-family chains: nothing is delivered by roots here", field="delivered")
    open_ = {one.identity: one for one in source.delivering(at)}
    for folder in given:
        written = folders.verify(folder)
        one = open_.pop(written.bound, None)
        if one is None:
            raise InputError("has no root that gives units of this stock then", field="delivered", value=folder)
        for place, account in enumerate(written.names):
            if units := written.tree.leaves.leaf(place).net if place not in one.leaves else 0:
                yield Reallocation(one.distributor, account, units, UNDELIVERED)


def _marked(source: Source, wanted: Holders) -> dict[str, Kind]:
    venues: dict[str, Kind] = {source.account(name): "venue" for name in wanted.look_through}
    return venues | {source.account(name): "excluded" for name in wanted.excluded}


def _venues(source: Source, wanted: Holders, beside: Path) -> Iterator[Venue]:
    for name, one in wanted.look_through.items():
        yield Venue(source.account(name), one.rule, beside / one.file if one.file else None)


def _balances(held: pa.Table, accounts: Sequence[str]) -> dict[str, int]:
    """What some accounts hold themselves."""
    rows = held.filter(pc.is_in(held.column("account"), pa.array(accounts, pa.string())))
    found = zip(rows.column("account").to_pylist(), limbs.integers(mv.columns_of(rows, "units")), strict=True)
    return dict.fromkeys(accounts, 0) | dict(found)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a rule of a venue may look at, as of the record's block."""

    source: Source
    at: At
    pages: Path
    tell: Tell

    def shares(self, contract: str) -> Weights:
        """The balances of a venue's own token, and its supply."""
        return self.source.shares(contract, self.at, self.pages, self.tell)

    def listed(self, path: Path) -> Mapping[str, int]:
        """A CSV file of a venue's: columns `account` and `units`, raw units, each account once. InputError."""
        found: dict[str, int] = {}
        for line, (name, units) in read_holdings(path).rows:
            try:
                account = self.source.account(name)
            except InputError as wrong:
                raise InputError(wrong.message, file=str(path), line=line, field="account", value=name) from None
            if account in found:
                raise InputError(
                    "is listed under another name already", file=str(path), line=line, field="account", value=name
                )
            found[account] = units
        return found


# --- files -----------------------------------------------------------------------------------------------------------


def write(built: Built, folder: Path) -> files.Written:
    """Write a register into a folder, which must be new or hold the same one."""
    return files.write_register(folder, built.register, built.subject, built.inputs, built.moved)


def verify(folder: Path) -> files.Written:
    """Build the root of a folder again from each of its files; Drift where anything is otherwise than it says."""
    return files.verify(folder)


def compare(folder: Path, built: Built) -> files.Written:
    """The same, and hold it to a register that was built again from a node."""
    found = files.verify(folder)
    with TemporaryDirectory(prefix="scrip-register-") as scratch:
        again = write(built, Path(scratch) / "register")
        for name in ("subject", "digest", "tree", "bound"):
            said, node = text_of(found.summary[name]).strip(), text_of(again.summary[name]).strip()
            if said != node:
                raise Drift(f"{folder}: {name}: the files say {said}, and the node {node}")
    return found


def named(folder: Path, manifest: AnyManifest) -> tuple[str, int]:
    """The stock of a manifest and the instant that a folder's register is of; InputError for another network's."""
    subject = files.Subject(**files.read_summary(folder)["subject"])
    if subject.network != manifest.network:
        raise InputError(f"the register is of network {subject.network}", field="network", value=manifest.network)
    for ticker, stock in manifest.stocks.items():
        if subject.isin in (stock.isin, stock.born):
            return ticker, subject.instant
    raise InputError("is no stock's of this network", field="isin", value=subject.isin)


# --- views -----------------------------------------------------------------------------------------------------------


def holdings(folder: Path, accounts: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What accounts hold, by their text, or those that are named; InputError for one that holds nothing."""
    subject, table = _kept(folder)
    if unknown := sorted(set(accounts) - set(table.column("account").to_pylist())):
        raise InputError("holds nothing at this record", field="account", value=unknown[0])
    if accounts:
        table = table.filter(pc.is_in(table.column("account"), pa.array(accounts, pa.string())))
    return _rows(table, ("account", "investor", "investor_class", "kind"), subject.decimals)


def capital(folder: Path, engine: str = "duckdb") -> list[dict[str, Any]]:
    """Units by investor, the largest first, each with its part of the whole in percent."""
    subject, _ = _kept(folder)
    with connected(engine) as connection:
        found = connection.answer(cap_table(connection.table([folder / f"{files.HOLDERS}.parquet"])))
    plain = {name: found.column(name) for name in ("who", "kind", "accounts")}
    table = pa.table(plain | mv.with_limbs("units", limbs.carried(mv.columns_of(found, "units"))))
    rows = _rows(table, tuple(plain), subject.decimals)
    whole = sum(int(one["units"]) for one in rows)
    for one in rows:
        one["percent"] = f"{int(one['units']) * 100 / whole:.2f}"
    return sorted(rows, key=lambda one: (-int(one["units"]), one["who"], one["kind"]))


def _kept(folder: Path) -> tuple[files.Subject, pa.Table]:
    """What a register's folder is of, and its holders; Drift where its files are not what it says."""
    summary = files.verify(folder).summary
    return files.Subject(**summary["subject"]), files.read_table(folder / f"{files.HOLDERS}.parquet")


def _rows(table: pa.Table, names: Sequence[str], decimals: int) -> list[dict[str, Any]]:
    columns = [table.column(name).to_pylist() for name in names]
    units = limbs.integers(mv.columns_of(table, "units"))
    return [
        dict(zip(names, row, strict=True)) | {"units": str(held), "tokens": format_fixed(held, decimals)}
        for *row, held in zip(*columns, units, strict=True)
    ]


def export(folder: Path, table: str, path: Path, accounts: Sequence[str] = ()) -> int:
    """Write a table of a folder, `holders` or `tree`, into a new file, or the `proofs` of accounts as JSON; how many.

    Drift where the folder's files are not what it says.
    """
    files.verify(folder)
    if table != "proofs":
        return files.export(folder, table, path)
    if not accounts:
        raise InputError("says whose proofs: none is named", field="account")
    found = files.proofs(folder, accounts)
    if path.exists():
        raise InputError("is there already", field="file", value=path)
    create(path, text_of({"schema": 1, "proofs": found}))
    return len(found)
