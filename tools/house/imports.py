"""Who imports whom inside the package, and the circles in it: of modules, and of packages (a package is a folder).

Every import counts wherever it stands: in a function, under ``TYPE_CHECKING``, in an ``__init__`` that hands names on.
A folder's module that is loaded by a name made up while running (`f"{__name__}.{name}"`) is any module of the folder.
What Python runs on the way (a package's ``__init__`` before its modules) is no import of anybody's and does not count.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

LOADERS = {"import_module", "__import__"}
"""Functions that import what a string names."""

Graph = Mapping[str, Mapping[str, str]]
"""For each node the nodes that it imports, and where, as "file:line"."""


@dataclass(frozen=True)
class Imports:
    """The imports of a package. `modules` and `packages` are graphs; `files` says where a module stands.

    `computed` are the places that import what only running the code could tell: nobody can follow those.
    """

    modules: Graph
    packages: Graph
    files: Mapping[str, str]
    computed: tuple[str, ...]


@dataclass(frozen=True)
class Circle:
    """Nodes that all reach one another: how many there are, and the shortest way round among them.

    `way` begins and ends with the same node; `places` says of each of its steps where the import stands.
    """

    size: int
    way: tuple[str, ...]
    places: tuple[str, ...]


def read(root: Path, package: str) -> Imports:
    """The imports of all files of `root`/`package`; SyntaxError for one that does not parse."""
    files = {_module(path.relative_to(root)): path for path in sorted((root / package).rglob("*.py"))}
    modules: dict[str, dict[str, str]] = {name: {} for name in files}
    packages: dict[str, dict[str, str]] = {_folder(name, path): {} for name, path in files.items()}
    computed = []
    for name, path in files.items():
        place = path.relative_to(root).as_posix()
        for line, target in _targets(ast.parse(path.read_text(encoding="utf-8")), name, path):
            if target is None:
                computed.append(f"{place}:{line}")
                continue
            for found in _known(target, files) - {name}:
                modules[name].setdefault(found, f"{place}:{line}")
                own, other = _folder(name, path), _folder(found, files[found])
                if own != other:
                    packages[own].setdefault(other, f"{place}:{line}")
    named = {name: path.relative_to(root).as_posix() for name, path in files.items()}
    return Imports(modules, packages, named, tuple(computed))


def circles(graph: Graph) -> list[Circle]:
    """Every largest set of nodes that reach one another, the greatest first. None: the graph can be put in order."""
    left = _trimmed(graph)
    reached = {node: _reached(left, node) for node in left}
    found, seen = [], set()
    for node in sorted(left):
        if node in seen or node not in reached[node]:
            continue
        together = {other for other in reached[node] if node in reached[other]}
        seen |= together
        way = min((_round(left, one, together) for one in sorted(together)), key=len)
        places = tuple(graph[one][other] for one, other in pairwise(way))
        found.append(Circle(len(together), way, places))
    return sorted(found, key=lambda circle: (-circle.size, circle.way))


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _folder(name: str, path: Path) -> str:
    return name if path.name == "__init__.py" else name.rpartition(".")[0]


def _targets(tree: ast.Module, name: str, path: Path) -> Iterator[tuple[int, str | None]]:
    """What a module's text imports: "package.module" or "package.module.name", "package.*" for any of a folder.

    None stands for what cannot be told.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, _folder(name, path))
            for alias in node.names:
                yield node.lineno, base if alias.name == "*" else f"{base}.{alias.name}"
        elif isinstance(node, ast.Call) and _called(node) in LOADERS:
            yield node.lineno, _spelt(node.args[0] if node.args else None, name)


def _base(node: ast.ImportFrom, folder: str) -> str:
    """The module that a from-import names, relative ones made absolute."""
    if not node.level:
        return node.module or ""
    parts = folder.split(".")
    above = ".".join(parts[: len(parts) - node.level + 1])
    return f"{above}.{node.module}" if node.module else above


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _spelt(text: ast.expr | None, name: str) -> str | None:
    """What a string of the module `name` says, as far as reading tells."""
    match text:
        case ast.Constant(value=str() as value):
            return value
        case ast.JoinedStr(values=[ast.FormattedValue(value=ast.Name("__name__")), ast.Constant("."), _]):
            return f"{name}.*"
        case ast.JoinedStr(values=[ast.Constant(str() as folder), _]) if folder.endswith("."):
            return f"{folder}*"
    return None


def _known(target: str, files: Mapping[str, Path]) -> set[str]:
    """The modules that a target is, is a name of, or stands for; none for another package's."""
    above, _, last = target.rpartition(".")
    if target in files:
        return {target}
    if last == "*":
        return {module for module in files if module.rpartition(".")[0] == above}
    return {above} & files.keys()


def _trimmed(graph: Graph) -> dict[str, set[str]]:
    """The graph without the nodes that are in no circle and between no two: what is left is little, or nothing."""
    left = {node: set(targets) for node, targets in graph.items()}
    while True:
        imported = set().union(*left.values())
        outer = {node for node, targets in left.items() if not targets or node not in imported}
        if not outer:
            return left
        left = {node: targets - outer for node, targets in left.items() if node not in outer}


def _reached(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """The nodes to which a way leads, `start` itself only round a circle."""
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += graph[node]
    return seen


def _round(graph: Mapping[str, set[str]], start: str, among: set[str]) -> tuple[str, ...]:
    """The shortest way from a node of a circle back to it."""
    ways = deque([(start,)])
    seen: set[str] = set()
    while True:
        way = ways.popleft()
        for node in sorted(graph[way[-1]] & among):
            if node == start:
                return (*way, start)
            if node not in seen:
                seen.add(node)
                ways.append((*way, node))
