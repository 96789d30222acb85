"""What all tests share.

A test that has something to tell beyond pass or fail says ``record_property("summary", "one or more lines")``; it is
printed at the end of the run, from parallel workers too.

Property tests draw the same examples at every run, so that a change is judged and not the day's luck;
``SCRIP_EXPLORE=1`` draws new ones.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import scrip.evm.local.boa_loader  # noqa: F401 - titanoboa, whose cache sees every source from here on

pytest_plugins = ["support.cpu_time"]

if TYPE_CHECKING:
    from scrip.chains.evm import EvmNetwork

# What has been imported by now stays to the end: no use in looking through it for garbage again and again.
gc.freeze()
gc.set_threshold(100_000, 50, 50)

# Time limits per example measure the machine, not the code.
settings.register_profile(
    "scrip",
    deadline=None,
    print_blob=True,
    derandomize=not os.environ.get("SCRIP_EXPLORE"),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("scrip")


@pytest.fixture(scope="session")
def populated_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EvmNetwork]:
    """A deployment in use, on a chain of its own, for all tests that put it back as it was."""
    from support.deployed_network import populated

    with populated(tmp_path_factory.mktemp("records")) as network:
        yield network


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = [
        (report.nodeid, value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, value in report.user_properties
        if name == "summary"
    ]
    if lines:
        terminalreporter.section("what the tests report")
        for nodeid, value in lines:
            terminalreporter.line(f"{nodeid}\n{value}")
