"""The engines that the register is computed on, all by the same Ibis expressions; the SQL for those elsewhere."""

from __future__ import annotations

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


@contextmanager
def connected(name: str) -> Iterator[Engine]:
    """An engine by name, until the block ends; InputError for one that is not known, or not installed here."""
    if name not in NAMES:
        raise InputError(f"is none of {', '.join(NAMES)}", field="engine", value=name)
    if name == "spark":
        with _spark() as backend:
            yield Engine(backend)
        return
    backend = ibis.duckdb.connect() if name == "duckdb" else ibis.polars.connect()
    try:
        yield Engine(backend)
    finally:
        backend.disconnect()


@contextmanager
def _spark() -> Iterator[Any]:
    """Spark in this process's own Java machine, on two cores, reachable from this machine alone."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        reason = "is not installed here: `make spark` has an environment of its own"
        raise InputError(reason, field="engine", value="spark") from None
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "3g",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.session.timeZone": "UTC",
    }
    builder = SparkSession.builder.master("local[2]").appName("scrip register")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield ibis.pyspark.connect(session)
    finally:
        session.stop()


def sql(expression: Table, dialect: str) -> str:
    """What Ibis writes for an expression in the language of an engine elsewhere."""
    return str(ibis.to_sql(expression, dialect=dialect)) + "\n"
