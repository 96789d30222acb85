"""`make lint` and the hooks of pre-commit are the same commands, and mypy's last line is the figure that is kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import lint  # noqa: E402
from house import figures  # noqa: E402


def test_each_check_is_a_hook_and_each_hook_a_check() -> None:
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert local["repo"] == "local"
    entries = {hook["id"]: hook["entry"] for hook in local["hooks"]}
    assert entries == {name: f".venv/bin/python tools/lint.py {name}" for name in lint.CHECKS}
    assert not any(hook["pass_filenames"] for hook in local["hooks"])


@pytest.mark.parametrize(
    ("last", "code", "kept"),
    [
        ("Success: no issues found in 3 source files", 0, 0),
        ("Found 1 error in 1 file (checked 3 source files)", 1, 1),
        ("Found 277 errors in 101 files (checked 269 source files)", 1, 277),
        ("mypy: can't read file 'scrip'", 2, 5),
    ],
)
def test_what_mypy_found_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str, code: int, kept: int
) -> None:
    figures.note_type_errors(tmp_path, 5)
    ran = subprocess.CompletedProcess(["mypy"], code, f"scrip/a.py:1: error: no\n{last}\n", "")
    monkeypatch.setattr(lint, "ROOT", tmp_path)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ran)
    assert lint.mypy() == code
    assert figures.type_errors(tmp_path) == kept


def test_every_check_runs_whatever_the_others_find(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = []
    checks = {name: lambda name=name: ran.append(name) or int(name != "mypy") for name in lint.CHECKS}
    monkeypatch.setattr(lint, "CHECKS", checks)
    monkeypatch.setattr(sys, "argv", ["lint.py"])
    assert lint.main() == 1
    assert ran == list(checks)
    assert "FAILED: ruff, codespell, natrix, rustfmt, clippy, rules" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["lint.py", "mypy"])
    assert lint.main() == 0
