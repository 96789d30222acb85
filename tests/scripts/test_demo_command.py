"""The demonstration's command: what it leaves alone, and what it shows of one chain."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts.demo import OUTPUTS, cli


def test_a_stock_without_data_leaves_the_last_result_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for output in OUTPUTS:
        output.parent.mkdir(exist_ok=True)
        output.write_text("the last result")
    said = CliRunner(mix_stderr=False).invoke(cli, ["--stock", "TSLA"])
    assert said.exit_code == 64
    assert "known tickers are MSFT, IBM, AAPL, GOOG, FB (got 'TSLA')" in said.stderr
    assert [output.read_text() for output in OUTPUTS] == ["the last result"] * 2


def test_anvil_alone_has_a_table_and_a_picture_and_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Five CPU-seconds: Ape is loaded, and a share lives its life on an anvil, as a newcomer sees it first.
    monkeypatch.chdir(tmp_path)
    said = CliRunner(mix_stderr=False).invoke(cli, ["--stock", "FB", "--evm-only"])
    assert said.exit_code == 0, said.stderr
    assert "largest deviation, evm" in said.stdout
    assert "solana" not in said.stdout
    assert [path.name for path in (tmp_path / "build").iterdir()] == ["demo.png"]
