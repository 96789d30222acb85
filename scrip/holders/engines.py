"""The engines that the register is computed on, all by the same Ibis expressions; the SQL for those elsewhere."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import ibis
import pyarrow as pa

from scrip.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ibis.expr.types import Table

Name = Literal["duckdb", "polars", "spark"]
NAMES: tuple[Name, ...] = get_args(Name)
DIALECTS = ("trino", "bigquery")
"""Engines of other machines: an issuer runs the SQL there, and takes the answer as its own table."""
SPARK = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "3g",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.session.timeZone": "UTC",
}
"""How Spark is set where it runs here."""


class Engine:
    """An engine, connected: it reads Parquet files as tables, and answers expressions over them."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def table(self, paths: Sequence[Path]) -> Table:
        """The rows of Parquet files of one schema, together."""
        names = [str(path) for path in paths]
        table: Table = self._backend.read_parquet(names[0] if len(names) == 1 else names)
        return table

    def answer(self, expression: Table) -> pa.Table:
        """The rows of an expression."""
        found: pa.Table = self._backend.to_pyarrow(expression)
        return found


class SparkEngine(Engine):
    """Spark: Ibis hands it one file's name and no list of them, so its session reads the files."""

    def __init__(self, session: Any) -> None:
        super().__init__(ibis.pyspark.connect(session))
        self._session, self._numbers = session, itertools.count()

    def table(self, paths: Sequence[Path]) -> Table:
        """The rows of Parquet files of one schema, together."""
        name = f"files_{next(self._numbers)}"
        self._session.read.parquet(*map(str, paths)).createOrReplaceTempView(name)
        table: Table = self._backend.table(name)
        return table


@contextmanager
def connected(name: str) -> Iterator[Engine]:
    """An engine by name, until the block ends; InputError for one that is not known, or not installed here."""
    if name not in NAMES:
        raise InputError(f"is none of {', '.join(NAMES)}", field="engine", value=name)
    if name == "spark":
        with _spark() as session:
            yield SparkEngine(session)
        return
    backend = ibis.duckdb.connect() if name == "duckdb" else ibis.polars.connect()
    try:
        yield Engine(backend)
    finally:
        backend.disconnect()


@contextmanager
def _spark() -> Iterator[Any]:
    """A session of Spark, in a Java machine of its own on two cores, reachable from this machine alone."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        reason = "is not installed here: `make spark` has an environment of its own"
        raise InputError(reason, field="engine", value="spark") from None
    builder = SparkSession.builder.master("local[2]").appName("scrip register")
    for key, value in SPARK.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def sql(expression: Table, dialect: str) -> str:
    """What Ibis writes for an expression in the language of an engine elsewhere; InputError for one not known."""
    if dialect not in DIALECTS:
        raise InputError(f"is none of {', '.join(DIALECTS)}", field="dialect", value=dialect)
    return str(ibis.to_sql(expression, dialect=dialect)) + "\n"
