"""A pytest plugin: which lines of the contracts titanoboa's chain has executed (``tools/line_coverage.py`` loads it).

titanoboa's own plugin for coverage.py counts every line of a function as soon as its entry has run, reads a
constructor's trace with the map of the code that it leaves behind, and follows no call that goes by address alone. So
here each program counter of each frame, constructors and delegates included, is looked up in the compiler's map of that
very code, and counts for the lines of the one statement that it belongs to.

Each process writes what it saw to ``$SCRIP_COVERED/<worker>.json``: lines by the name of the source.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import boa
import pytest
import vyper.ast as vy_ast
from boa.contracts.vyper.vyper_contract import VyperDeployer
from boa.environment import Env
from vyper.ast.parse import parse_to_ast
from vyper.ir import compile_ir

from scrip.evm.compiled.artifacts import deployables, modules, source

JUMPI, PUSH0, PUSH32 = 0x57, 0x5F, 0x7F
JUMPED = bytes([JUMPI])
ENDS = frozenset({0x00, 0x56, 0x5B, 0xF3, 0xFD, 0xFE})
"""Opcodes that end a stretch of code: STOP, JUMP, JUMPDEST, RETURN, REVERT, INVALID."""
STATEMENTS = (
    vy_ast.AnnAssign,
    vy_ast.Assert,
    vy_ast.Assign,
    vy_ast.AugAssign,
    vy_ast.Break,
    vy_ast.Continue,
    vy_ast.Expr,
    vy_ast.For,
    vy_ast.If,
    vy_ast.Log,
    vy_ast.Raise,
    vy_ast.Return,
)


def header(statement: Any) -> range:
    """The lines of a statement, without those of the statements that it encloses; of a function, the first."""
    if isinstance(statement, vy_ast.FunctionDef):
        return range(statement.lineno, statement.lineno + 1)
    last = statement.end_lineno
    if isinstance(statement, (vy_ast.If, vy_ast.For)):
        last = statement.body[0].lineno - 1 if statement.body[0].lineno > statement.lineno else statement.lineno
    return range(statement.lineno, last + 1)


def _bodies(body: list[Any]) -> Iterator[list[Any]]:
    """A body, and the bodies of the statements in it."""
    yield body
    for statement in body:
        if isinstance(statement, (vy_ast.If, vy_ast.For)):
            yield from _bodies(statement.body)
            yield from _bodies(getattr(statement, "orelse", None) or [])


class Source:
    """One source of the project: a contract or a module."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.text = path.read_text()

    @cached_property
    def lines(self) -> list[str]:
        """Its text."""
        return self.text.splitlines()

    @cached_property
    def _functions(self) -> list[Any]:
        return parse_to_ast(self.text).get_children(vy_ast.FunctionDef)

    @cached_property
    def executable(self) -> set[int]:
        """The lines of its statements, comments and blank lines between them left out."""
        bodies = (body for one in self._functions for body in _bodies(one.body))
        numbers = {number for body in bodies for one in body for number in header(one) if isinstance(one, STATEMENTS)}
        return {n for n in numbers if (text := self.lines[n - 1].strip()) and not text.startswith("#")}

    def matching(self, text: str, numbers: range) -> set[int]:
        """Those of the lines of `text`, this source or an edited copy of it, that are this source's."""
        if text == self.text:
            return set(numbers)
        others = text.splitlines()
        if len(others) != len(self.lines):
            return set()  # lines have moved
        return {number for number in numbers if others[number - 1] == self.lines[number - 1]}

    def beside(self, ran: set[int], mapped: set[int]) -> set[int]:
        """The lines of statements to which the map gives no place, such as a second variable's first zero.

        Such a one ran if its neighbour did: the next that has a place, or else the last before it; and where none has,
        the function.
        """
        found: set[int] = set()
        for function in self._functions:
            for body in _bodies(function.body):
                for at, statement in enumerate(body):
                    if statement.lineno in mapped:
                        continue
                    near = [one.lineno for one in (*body[at + 1 :], *reversed(body[:at])) if one.lineno in mapped]
                    if (near and near[0] in ran) or (body is function.body and function.lineno in ran and not near):
                        found |= set(header(statement))
        return found


def sources() -> dict[str, Source]:
    """What is measured, by name: all of ours but the mocks, which stand in for what is not."""
    return {name: Source(source(name)) for name in sorted([*deployables(), *modules()])}


def _places(code: bytes, nodes: dict[int, Any]) -> dict[Any, set[int]]:
    """By statement, the places of a code that tell that it ran.

    The place of a variable is compiled once for all statements that name it and the map gives it to any of them, so it
    tells something only of a statement that left nothing else. A `return` of nothing or of an empty value alone under
    an `if` has no place in the map: it begins where the jump over it is not taken or, where the map has no jump either,
    is the taking of the next jump, straight to the function's end. A jump that was taken is its place, negative.
    """
    telling: dict[Any, set[int]] = {}
    names: dict[Any, set[int]] = {}
    for place, node in nodes.items():
        statement = node
        while statement is not None and not isinstance(statement, (*STATEMENTS, vy_ast.FunctionDef)):
            statement = statement._parent
        if statement is not None and statement.lineno is not None:  # a public variable's getter stands nowhere
            (names if isinstance(node, vy_ast.Name) else telling).setdefault(statement, set()).add(place)
    places = names | telling
    for statement in [one for one in places if isinstance(one, vy_ast.If) and one.body[0] not in places]:
        entries = {place + 1 for place in places[statement] if code[place] == JUMPI and nodes[place] is statement}
        if entries := entries or {-jump for jump in _jump_after(code, max(places[statement]))}:
            places[statement.body[0]] = entries
    return places


def _jump_after(code: bytes, place: int) -> set[int]:
    """The place of the conditional jump that follows a comparison; nothing if none does."""
    while place < len(code) and code[place] not in ENDS:
        if code[place] == JUMPI:
            return {place}
        place += 1 + (code[place] - PUSH0 if PUSH0 <= code[place] <= PUSH32 else 0)
    return set()


class Recorder:
    """What has run, by code."""

    def __init__(self) -> None:
        self.compiled: list[Any] = []
        self.counters: dict[bytes, set[int]] = {}

    def note(self, computation: Any) -> None:
        """A frame and those below it."""
        code = bytes(computation.msg.code)
        if code:
            trace = list(computation.code._trace)
            taken = {-at for at, then in pairwise(trace) if code[at : at + 1] == JUMPED and then != at + 1}
            self.counters.setdefault(code, set()).update(trace, taken)
        for child in computation.children:
            self.note(child)

    def covered(self) -> dict[str, set[int]]:
        """The project's lines that have run."""
        known = sources()
        found: dict[str, set[int]] = {name: set() for name in known}
        mapped: dict[str, set[int]] = {name: set() for name in known}
        for code, counters in self.counters.items():
            for statement, places in _places(code, self._nodes(code)).items():
                module = statement.module_node
                ours = known.get(Path(module.resolved_path).stem)
                if ours is None:
                    continue
                lines = ours.matching(module.full_source_code, header(statement))
                mapped[ours.name] |= lines
                if not places.isdisjoint(counters):
                    found[ours.name] |= lines
        return {name: (lines | known[name].beside(lines, mapped[name])) & known[name].executable
                for name, lines in found.items()}  # fmt: skip

    def _nodes(self, code: bytes) -> dict[int, Any]:
        """What each place of a code was compiled from; nothing for a code that no contract here is compiled to."""
        for data in self.compiled:
            if data.bytecode_runtime and code.startswith(data.bytecode_runtime):
                return data.source_map["pc_raw_ast_map"]
            if code.startswith(data.bytecode):
                return compile_ir.assembly_to_evm(data.assembly)[1]["pc_raw_ast_map"]
        return {}


_recorder = Recorder()


def pytest_configure(config: pytest.Config) -> None:
    """Sees every contract that is compiled and every frame that is run from now on."""
    born = VyperDeployer.__init__

    def compiled(self: Any, compiler_data: Any, *others: Any, **more: Any) -> None:
        born(self, compiler_data, *others, **more)
        _recorder.compiled.append(compiler_data)

    VyperDeployer.__init__ = compiled
    Env._coverage_enabled = True
    Env._trace_computation = lambda *frame: _recorder.note(frame[1])
    assert not boa.env._contracts, "contracts were deployed before the plugin was loaded"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Writes what this process has seen."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    lines = {name: sorted(found) for name, found in _recorder.covered().items()}
    (Path(os.environ["SCRIP_COVERED"]) / f"{worker}.json").write_text(json.dumps(lines))
