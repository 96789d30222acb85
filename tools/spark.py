"""The register on Spark, in an environment of its own, held to what DuckDB answers (``make spark``).

    tools/spark.py [--movements N] [--holders M]

Java 17 is found by the variable JAVA_HOME, by what Debian and others call it, or as `java` on the path. Exit 1 where
the two engines write another byte of CSV or JSON, or there is no Java 17.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from setup import ROOT, SetupError, own_environment

REQUIREMENTS = ROOT / "requirements" / "spark.txt"
JOB = ROOT / "tools" / "holders_job.py"
JAVA = 17
"""What Spark 4.0 is built for, and was tried with."""
USUAL = (
    f"java-{JAVA}-openjdk-amd64",
    f"java-{JAVA}-openjdk-arm64",
    f"java-{JAVA}-openjdk",
    f"temurin-{JAVA}-jdk-amd64",
)
MACHINES = Path("/usr/lib/jvm")


def java_home() -> str:
    """The folder of a Java 17; "" for the one on the path. SetupError, by name, where there is none."""
    usual = [f"{name}{machine}" for name in USUAL for machine in ("", "-amd64", "-arm64")]
    homes = [os.environ.get("JAVA_HOME", ""), *(str(MACHINES / name) for name in usual), ""]
    for home in homes:
        java = str(Path(home) / "bin" / "java") if home else "java"
        try:
            said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
        except OSError:
            continue
        if (found := re.search(r'version "(\d+)', said)) and int(found[1]) == JAVA:
            return home
    raise SetupError(f"Spark needs Java {JAVA}: install it (on Debian: openjdk-{JAVA}-jre-headless), or set JAVA_HOME")


def job(python: Path | str, *words: object, **variables: str) -> None:
    """A command of the job's, in an environment."""
    subprocess.run([str(python), str(JOB), *map(str, words)], cwd=ROOT, env=os.environ | variables, check=True)


def on_spark(folder: Path, out: Path, report: Path) -> dict[str, Any]:
    """The register of invented movements, computed on Spark; its figures."""
    home = java_home()
    python = own_environment("spark", REQUIREMENTS) / "bin" / "python"
    variables = {"PYSPARK_PYTHON": str(python), **({"JAVA_HOME": home} if home else {})}
    job(python, "run", folder, "--engine", "spark", "--out", out, "--json", report, **variables)
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def compare(movements: int, holders: int) -> tuple[dict[str, Any], list[str]]:
    """The figures of Spark's register, and the files of it that are not DuckDB's byte for byte."""
    with tempfile.TemporaryDirectory(prefix="scrip-spark-") as name:
        folder = Path(name)
        data, here, there = (folder / one for one in ("movements", "duckdb", "spark"))
        job(sys.executable, "make", data, "--movements", movements, "--holders", holders)
        job(sys.executable, "run", data, "--engine", "duckdb", "--out", here)
        found = on_spark(data, there, folder / "spark.json")
        names = sorted(path.name for path in here.iterdir() if path.suffix in (".csv", ".json"))
        return found, [one for one in names if (here / one).read_bytes() != (there / one).read_bytes()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--movements", type=int, default=20_000)
    parser.add_argument("--holders", type=int, default=2_000)
    asked = parser.parse_args()
    try:
        found, other = compare(asked.movements, asked.holders)
    except SetupError as wrong:
        print(f"spark: {wrong}", file=sys.stderr)
        return 1
    if other:
        print(f"spark: {', '.join(other)} are not what DuckDB wrote", file=sys.stderr)
        return 1
    print(f"spark: {found['transfers']:,} movements, {found['holders']:,} holders: the same digest, {found['digest']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
