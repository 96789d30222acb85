"""The fuzzer of the program draws and judges every instruction of the interface, or says why not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "programs" / "fuzz" / "src"
NAME = re.compile(r'^    \("(\w+)", ', re.MULTILINE)


def listed(file: str, begins: str) -> list[str]:
    """The names of a list in a source of the fuzzer's."""
    text = (SOURCES / file).read_text(encoding="utf-8")
    return NAME.findall(text.split(f"const {begins}:", 1)[1].split("\n];", 1)[0])


def undrawn() -> list[str]:
    """Those that the fuzzer says it does not draw, with a reason."""
    text = (SOURCES / "main.rs").read_text(encoding="utf-8").split("const UNREACHED:", 1)[1].split("\n];", 1)[0]
    return re.findall(r'^    \("(\w+)", \w+\),$', text, re.MULTILINE)


@pytest.mark.parametrize(("file", "begins"), [("draw/mod.rs", "WEIGHTS"), ("judge/mod.rs", "RULES")])
def test_every_instruction_of_the_interface_is_drawn_and_judged(file: str, begins: str) -> None:
    interface = json.loads((ROOT / "target/idl/stock_token.json").read_text(encoding="utf-8"))
    names = [one["name"] for one in interface["instructions"]]
    left_out = [name for name in undrawn() if name in names]
    assert sorted([*listed(file, begins), *left_out]) == sorted(names)
    assert len(left_out) < 6


def test_a_halt_stops_nothing_that_is_not_there() -> None:
    text = (SOURCES / "judge" / "mod.rs").read_text(encoding="utf-8")
    stopped = re.findall(r'"(\w+)"', text.split("const HALTED:", 1)[1].split(";", 1)[0])
    assert len(stopped) > 4
    assert set(stopped) <= set(listed("judge/mod.rs", "RULES"))
