"""Every error of the program has a name that all chains share, and a test that meets it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from solana_world import DAY, ROOT, STOCK, World
from support.days import ex_of

from scrip import instructions as ins
from scrip.solana.build import Build
from scrip.solana.encoding.program import StockProgram
from scrip.solana.errors import CUSTOM, NAMES, program_errors
from scrip.units import WAD

UNREACHABLE = {
    "AmountOutOfRange": "views take 64 bits, and a multiplier of 96 bits keeps both products and quotients within 128",
}
"""Errors that no transaction can meet, and why. They stand where the code would otherwise have to panic."""

HERE = Path(__file__)


@pytest.fixture(scope="module")
def names() -> list[str]:
    """The program's error names in order, from its IDL."""
    errors = program_errors(StockProgram(Build(ROOT).idl).idl)
    assert list(errors) == list(range(CUSTOM, CUSTOM + len(errors)))
    return list(errors.values())


def is_named(call: ast.Call, name: str) -> bool:
    """Whether this is a call of the method or function of that name."""
    return getattr(call.func, "attr", getattr(call.func, "id", None)) == name


def is_evidence(call: ast.Call) -> bool:
    """Whether the program itself must have said what this assertion expects: see World.refuses."""
    if any(keyword.arg == "elsewhere" for keyword in call.keywords):
        return False
    order = call.args[1] if len(call.args) > 1 else None
    return not (isinstance(order, ast.Call) and is_named(order, "Transfer"))


def expected_in(tree: ast.AST) -> Iterator[str]:
    """Every text that stands as a refusal's name, or among the parameters of tests."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if is_named(node, "refuses") and not is_evidence(node):
            continue
        if any(is_named(node, name) for name in ("refuses", "fails", "parametrize")):
            for argument in node.args:
                yield from (part.value for part in ast.walk(argument) if isinstance(part, ast.Constant))


def test_every_error_has_a_shared_name(names: list[str]) -> None:
    assert list(NAMES) == names


def test_every_error_is_met_or_cannot_be(names: list[str]) -> None:
    expected = set()
    for path in HERE.parent.glob("test_*.py"):
        expected |= set(expected_in(ast.parse(path.read_text(encoding="utf-8"))))
    shared = Counter(NAMES.values())
    met = {name for name in names if name in expected or (shared[NAMES[name]] == 1 and NAMES[name] in expected)}
    assert set(names) - met == set(UNREACHABLE)


def test_a_calendar_of_64_rises_in_a_year_is_full(world: World) -> None:
    def rise(number: int) -> int:
        return world.dividend(WAD // 1_000, 100 * WAD, str(number))

    for number in range(65):
        world.ledger.advance_to(rise(number))
    at = world.now() + 2 * DAY
    world.apply(ins.Announce(STOCK, "DRIP", "late", ex_of(at), at, gross=WAD // 1_000, pay=at))
    world.refuses("actions: calendar full", ins.Schedule(STOCK, "DRIP", "late", 100 * WAD))
    world.fails("CalendarFull", [world.signed("apply_multiplier", "anyone")], "anyone")
    world.wait(365 * DAY)
    rise(65)
