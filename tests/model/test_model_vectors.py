import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scrip.model import vectors

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / vectors.FOLDER
NAMES = ["dividend", "multiplier", "reserve", "split", "ui_amount"]


def test_the_files_are_these() -> None:
    assert sorted(vectors.generate()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_vectors_are_what_the_model_answers_now(name: str) -> None:
    fresh = vectors.render(vectors.generate()[name])
    assert (COMMITTED / f"{name}.json").read_text(encoding="utf-8") == fresh, "python -m scrip.model.vectors"


@pytest.mark.parametrize("name", NAMES)
def test_no_number_is_beyond_what_json_readers_keep(name: str) -> None:
    def check(number: str) -> int:
        assert abs(int(number)) < vectors.JSON_SAFE
        return int(number)

    def no_float(number: str) -> float:
        raise AssertionError(number)

    json.loads((COMMITTED / f"{name}.json").read_text(encoding="utf-8"), parse_int=check, parse_float=no_float)


def test_the_writer_runs_as_a_program(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "scrip.model.vectors", str(tmp_path)], check=True, cwd=ROOT, env=os.environ.copy()
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{name}.json" for name in NAMES]
