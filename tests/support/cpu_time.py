"""CPU seconds of a test run by folder, noted in build/durations.json; `make snapshots` keeps the last whole run's.

A test's are those of its own process while it ran, fixtures included, and of the processes that ended meanwhile. The
total is that of all processes of the run, nodes and workers too: what continuous integration has to spend.
"""

from __future__ import annotations

import json
import os
import resource
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTE = ROOT / "build" / "durations.json"
CPU = "cpu"
"""The property of a report that holds its test's CPU seconds."""


STARTED = pytest.StashKey[float]()


def spent() -> float:
    """CPU seconds of this process and of those of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    item.stash[STARTED] = spent()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "teardown":
        report.user_properties.append((CPU, round(spent() - item.stash[STARTED], 4)))
    return report


def folder(nodeid: str) -> str:
    """The folder of a test, two levels deep at most: "tests/evm/safe"."""
    parts = Path(nodeid.split("::")[0]).parent.parts
    return "/".join(parts[:3])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    folders: dict[str, float] = defaultdict(float)
    tests: dict[str, float] = {}
    for report in (one for reports in terminalreporter.stats.values() for one in reports):
        for name, value in getattr(report, "user_properties", ()):
            if name == CPU and getattr(report, "when", None) == "teardown":
                folders[folder(report.nodeid)] += value
                tests[report.nodeid] = value
    if not tests:
        return
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = sum(os.times()[:2]) + children.ru_utime + children.ru_stime
    dearest = dict(sorted(tests.items(), key=lambda one: -one[1])[:20])
    config = terminalreporter.config
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    found = {
        "schema": 1,
        "whole": whole,
        "total": round(total),
        "tests": len(tests),
        "folders": {name: round(value, 1) for name, value in sorted(folders.items())},
        "dearest": {name: round(value, 1) for name, value in dearest.items()},
    }
    NOTE.parent.mkdir(exist_ok=True)
    temporary = NOTE.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(json.dumps(found, indent=2) + "\n")
    temporary.replace(NOTE)
    terminalreporter.section(f"{total:,.0f} CPU seconds, by folder in build/durations.json; the dearest tests")
    for name, value in dearest.items():
        terminalreporter.line(f"{value:6.1f} s  {name}")
