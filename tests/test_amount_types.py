"""A type checker refuses one amount in the place of another: a plain int for a price, raw units for shares.

To the machine a `Wad` and a `ShareWad` are integers, so that no test by running could tell.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAD = """
from datetime import date

from scrip.instructions.actions import Announce, Schedule
from scrip.instructions.reserve import SetCeiling
from scrip.ledger import ActionState, Coverage, MultiplierState
from scrip.model.laws import arithmetic as law
from scrip.model.laws.multiplier import Terms
from scrip.model.state import FeedConfig, Receivable
from scrip.units import RawUnits, Shares, ShareWad, Stablecoin, Wad, format_wad, parse_wad

wad, share_wad, raw, coins = parse_wad("27.39"), Shares.of(3).to_wad(), RawUnits(5, 18), Stablecoin(7)
terms = Terms(wad, 2, 1)
day = date(2004, 11, 15)
"""
FITTING = (
    'Schedule("MSFT", "DRIP", "one", wad)',
    'Announce("MSFT", "DRIP", "one", day, 9, gross=wad, pay=9)',
    "Terms(terms.ui_multiplier, terms.num, terms.den).with_dividend(wad, law.net_dividend(wad, 1_500))",
    "law.liability(law.to_shares(raw.value, raw.decimals), terms.index, terms.num, terms.den)",
    "law.mint_settlement(raw.value, raw.decimals, terms.ui_multiplier, wad, 6)",
    'SetCeiling("MSFT", Shares.from_wad(share_wad))',
    "Coverage(share_wad, share_wad, share_wad, share_wad, share_wad)",
    "format_wad(wad) + format_wad(share_wad)",
)
REFUSED = {
    "a plain int for a price": 'Schedule("MSFT", "DRIP", "one", 27)',
    "a stablecoin for a price": 'Schedule("MSFT", "DRIP", "one", coins)',
    "a sum of prices that nothing names": 'Schedule("MSFT", "DRIP", "one", wad + wad)',
    "a plain int for a gross": 'Announce("MSFT", "DRIP", "one", day, 9, gross=3, pay=9)',
    "a plain int for what was struck": 'ActionState(b"", "MSFT", "DRIP", "one", withheld=1)',
    "a plain int for what is left of it": 'ActionState(b"", "MSFT", "DRIP", "one", net=1)',
    "a plain int for an index": "Terms(10**18, 1, 1)",
    "a plain int for an index of the past": "law.rate_ok(wad, 10**18)",
    "a plain int for a multiplier": "MultiplierState(wad, 1, 1, wad, 10**18, 0, 0)",
    "a plain int for a rise of the index": 'Receivable(("DRIP", "one"), 1, share_wad, 8, 9)',
    "a multiplier and raw units, exchanged": "law.ui_amount(terms.ui_multiplier, raw.value)",
    "raw units for shares": 'SetCeiling("MSFT", raw)',
    "raw units for shares, as integers": "law.liability(raw.value, terms.index, 1, 1)",
    "raw units for shares in what is shown": "Coverage(raw.value, share_wad, share_wad, share_wad, share_wad)",
    "a plain int for a ceiling": "FeedConfig(3_600, 50, 10**18)",
    "a price for shares": "Shares.from_wad(wad)",
    "shares for a price": "law.next_index(wad, share_wad, wad)",
    "a plain int for what people read": "format_wad(10**18)",
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The statements that mypy refuses as it is set up for the project. It shares its cache with `make lint`."""
    program = [*HEAD.splitlines(), *FITTING, *REFUSED.values(), ""]
    snippet = tmp_path_factory.mktemp("types") / "amounts.py"
    snippet.write_text("\n".join(program))
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", str(snippet)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    # The folder is not looked at: mypy says again of a file that has not changed what it said of it elsewhere.
    found = re.findall(r"amounts\.py:(\d+): error: .*\[arg-type\]$", ran.stdout, re.MULTILINE)
    assert f"Found {len(found)} errors in 1 file" in ran.stdout, ran.stdout + ran.stderr
    return {program[int(line) - 1] for line in found}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_another_amount_is_refused(refused: set[str], statement: str) -> None:
    assert statement in refused


def test_nothing_else_is(refused: set[str]) -> None:
    assert refused == set(REFUSED.values())
