"""What a target of the Makefile would do, and in which order the demonstration is shown while a part is built."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OF_ANOTHER_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PYTEST_ARGS", "JOBS")
sys.path.insert(0, str(ROOT / "tools"))

import demo  # noqa: E402


def meant(*words: str) -> list[str]:
    """The commands that make would give, were nothing built; asked as a user does, also where a make runs the tests."""
    command = ["make", "--dry-run", "--always-make", *words]
    mine = {name: value for name, value in os.environ.items() if name not in OF_ANOTHER_MAKE}
    return subprocess.run(command, cwd=ROOT, env=mine, capture_output=True, text=True, check=True).stdout.splitlines()


def test_named_tests_are_run_alone_and_at_once() -> None:
    found = meant("test", "PYTEST_ARGS=tests/model -k split")
    assert found[-1].split() == ["pytest", "tests/model", "-k", "split"]
    assert not any(line.startswith(("python", "tools/program")) for line in found)


def test_named_tests_that_need_the_program_have_it_built() -> None:
    found = meant("test", "PYTEST_ARGS=tests/model tests/solana/test_places.py", "JOBS=2")
    assert "tools/program" in found
    assert not any("lint" in line for line in found)
    assert found[-1].startswith("pytest --numprocesses=2 --dist=worksteal tests/model")


def test_without_names_everything_is_run_lint_first() -> None:
    found = meant("test", "PYTEST_ARGS=-x")
    order = [line for line in found if line.startswith(("python tools/lint.py", "tools/program", "pytest"))]
    assert [line.split()[0] for line in order] == ["python", "tools/program", "pytest"]


def test_a_wheel_takes_the_interface_alone() -> None:
    found = meant("wheel")
    assert "tools/program --only-idl" in found
    assert "tools/program" not in found


def played(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, build: str) -> tuple[int, list[str]]:
    """The demonstration beside a build that is this shell command; its exit code, and what it ran."""
    ran: list[str] = []

    def run(*command: str) -> int:
        ran.append(" ".join(command))
        return 0

    monkeypatch.setattr(demo, "ROOT", tmp_path)
    monkeypatch.setattr(demo, "LOG", tmp_path / "build" / "program.log")
    monkeypatch.setattr(demo, "run", run)
    monkeypatch.setattr(
        demo, "make", lambda *words: ["sh", "-c", build] if words == (demo.PROGRAM,) else ["make", *words]
    )
    return demo._while_it_compiles(["ape", "run", "demo", "--stock", "FB"]), ran


def test_anvil_is_shown_while_the_program_is_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, ran = played(monkeypatch, tmp_path, "echo compiling what takes long; sleep 1")
    assert (code, ran) == (0, ["make build/.compiled", "ape run demo --stock FB --evm-only", "ape run demo --stock FB"])
    said = capsys.readouterr().out
    assert "waiting for the Solana program" in said
    assert said.index("anvil comes first") < said.index("now both chains, in step")


def test_a_program_that_is_not_built_is_told_with_its_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, ran = played(monkeypatch, tmp_path, "echo error: no linker; exit 2")
    assert (code, ran[-1]) == (1, "ape run demo --stock FB --evm-only")
    assert "error: no linker\ndemo: FAILED: the Solana program was not built" in capsys.readouterr().err
