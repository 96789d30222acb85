"""The page that is published, in headless Chromium.

Chromium starts once, for about 5 CPU-seconds: nothing less shows what a browser asks for, what its console says, and
what axe-core finds in the colours that are drawn.
"""

import json
import shutil
import subprocess
from pathlib import Path

from support.network_cli import Cli

ROOT = Path(__file__).resolve().parents[2]


def test_a_browser_asks_for_nothing_says_nothing_and_everybody_can_read_it(trading: Cli) -> None:
    shutil.rmtree(trading.folder / "page", ignore_errors=True)
    split = "--ex 2027-01-25 --effective 2027-01-25T14:30:00Z --new 2 --old 1"
    trading.done(f"action announce MSFT SPLF split-1 {split} --apply")
    trading.done("emergency pause AAPL --apply")
    trading.done("report site --out page")
    command = ["node", str(ROOT / "tests/support/browser.mjs"), str(trading.folder / "page/index.html")]
    said = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    assert (found["requests"], found["console"]) == ([], [])
    assert found["violations"] == {"light": [], "dark": []}
    assert min(found["passes"].values()) > 20, "axe-core looked at hardly anything"
    # With scripts off, on a telephone.
    for told in ("Microsoft Corporation (MSFT, US5949181045)", "1.99", "AAPL: paused", "2 new for 1 old", "PAUSER"):
        assert told in found["text"]
    assert found["width"]["page"] <= found["width"]["window"], "the page itself scrolls sideways"
    assert found["title"].endswith(": supply and reserve")
