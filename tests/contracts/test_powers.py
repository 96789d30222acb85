"""THREATS.md says who may call what: here its table is held to the sources, function by function, in both directions.

What a function asks of its caller is read from the syntax tree: `roles._check(roles.X)`, `roles._has(roles.X, …)` and
comparisons with `msg.sender`, in the function itself and in every internal function of ours that it leads to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import vyper.ast as vy_ast
from vyper.ast.parse import parse_to_ast

from scrip.evm.compiled.artifacts import CONTRACTS, deployables, source
from scrip.roles import SOLANA_ADMIN, SOLANA_ROLES

THREATS = CONTRACTS.parent / "THREATS.md"
CALLERS = {
    "REGISTRY": "ComplianceRegistry",
    "self._beacon.address": "StockBeacon",
    "s.REGISTRY.address": "ComplianceRegistry",
    "s.ACTIONS": "CorporateActions",
    "self.actions": "CorporateActions",
    "FACTORY": "VaultFactory",
    "split_basis.actions": "CorporateActions",
    "self.book": "ActionBook",
    "self.distributor": "DividendDistributor",
    "self._exits[id].funder": "funder",
    "self": "alone",
}
"""Contracts that a caller is compared with, as the sources write them."""
OWN = {"quote.account", "parked.account", "attestation.wallet", "to", "payee", "payer", "owner", "account", "signer"}
"""What stands for the holder itself in such a comparison."""
SNEKMATES = {"Roles", "Timelock"}
"""Who may call what in these two is snekmate's."""


@dataclass
class Module:
    """A source: its functions, what its names for other sources stand for, and what it exports."""

    path: Path
    functions: dict[str, Any] = field(default_factory=dict)
    imports: dict[str, Path] = field(default_factory=dict)
    exports: list[str] = field(default_factory=list)


@cache
def _module(path: Path) -> Module:
    found = Module(path)
    for node in parse_to_ast(path.read_text()).body:
        if isinstance(node, vy_ast.FunctionDef):
            found.functions[node.name] = node
        elif isinstance(node, vy_ast.ImportFrom) and node.level:
            base = path.parents[node.level - 1]
            target = base.joinpath(*(node.module or "").split("."), f"{node.name}.vy")
            found.imports[node.alias or node.name] = target
        elif isinstance(node, vy_ast.ExportsDecl):
            parts = getattr(node.annotation, "elements", None) or [node.annotation]
            found.exports += [part.node_source_code for part in parts]
    return found


def _is(function: Any, *decorators: str) -> bool:
    return any(getattr(one, "id", "") in decorators for one in function.decorator_list)


def _asked(module: Module, name: str, seen: set[tuple[Path, str]]) -> Iterator[str]:
    """Roles and contracts that a function, or what it leads to, asks the caller to be."""
    if (module.path, name) in seen:
        return
    seen.add((module.path, name))
    function = module.functions[name]
    for call in function.get_descendants(vy_ast.Call):
        if not isinstance(call.func, vy_ast.Attribute) or not isinstance(call.func.value, vy_ast.Name):
            continue
        owner, called = call.func.value.id, call.func.attr
        if owner == "roles" and called in {"_check", "_has"}:
            yield call.args[0].node_source_code.removeprefix("roles.")
        elif owner == "self" and called in module.functions:
            yield from _asked(module, called, seen)
        elif owner in module.imports and module.imports[owner].is_file():
            other = _module(module.imports[owner])
            if called in other.functions:
                yield from _asked(other, called, seen)
    for compare in function.get_descendants(vy_ast.Compare):
        sides = {compare.left.node_source_code, compare.right.node_source_code}
        if "msg.sender" in sides:
            (other_side,) = sides - {"msg.sender"}
            assert other_side in CALLERS or other_side in OWN, f"{module.path}: who is {other_side}?"
            if other_side in CALLERS:
                yield CALLERS[other_side]


def _powers() -> dict[str, set[str]]:
    """Every function that changes something, as Contract.function: what it asks its caller to be."""
    found: dict[str, set[str]] = {}
    for path in [source(name) for name in deployables() if name not in SNEKMATES]:
        contract = path.stem.replace("StockExtension", "StockToken").replace("RegistryExtension", "ComplianceRegistry")
        top = _module(path)
        exported = [(_module(top.imports[owner]), name) for owner, name in (one.split(".") for one in top.exports)
                    if top.imports.get(owner, path).is_file() and owner in top.imports]  # fmt: skip
        own = [(top, name) for name, function in top.functions.items() if _is(function, "external")]
        for module, name in exported + own:
            function = module.functions.get(name)
            if function is None or name == "__default__" or _is(function, "view", "pure"):
                continue  # a public variable's getter, or a view
            found.setdefault(f"{contract}.{name}", set()).update(_asked(module, name, set()))
    return found


def _roles() -> set[str]:
    text = source("roles").read_text()
    return set(re.findall(r"^([A-Z_]+): constant\(bytes32\)", text, re.MULTILINE))


def _rows(title: str) -> Iterator[list[str]]:
    """The rows of the table below a heading of THREATS.md, without its head."""
    section = re.split(r"\n##+ ", THREATS.read_text().split(f"# {title}\n", 1)[1], maxsplit=1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return ([cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:])


def _table() -> dict[str, set[str]]:
    """The same, as the table has it: a row names contracts and after each its functions; the second cell the roles."""
    names = _roles() | set(CALLERS.values())
    found: dict[str, set[str]] = {}
    for action, role, _delay, _stop in _rows("Who may do what"):
        contract = ""
        for word in re.findall(r"`(\w+)`", action):
            if word[0].isupper():
                contract = word
            else:
                asked = set(re.findall(r"\w+", role)) & names
                found.setdefault(f"{contract}.{word}", set()).update(asked)
    return found


def test_the_table_says_of_every_function_who_may_call_it() -> None:
    powers, table = _powers(), {name: who for name, who in _table().items() if name.split(".")[0] not in SNEKMATES}
    assert sorted(set(powers) - set(table)) == [], "not in the table"
    assert sorted(set(table) - set(powers)) == [], "no such function that changes anything"
    assert {name: who for name, who in table.items() if who != powers[name]} == {}


def test_the_table_names_functions_of_snekmates_contracts_that_they_have() -> None:
    named = [name.split(".") for name in _table() if name.split(".")[0] in SNEKMATES]
    assert named
    for contract, function in named:
        top = _module(source(contract))
        exported = {one.split(".")[1] for one in top.exports}
        exported |= {name for name, one in top.functions.items() if _is(one, "external")}
        assert function in exported, f"{contract}.{function}"


def test_every_role_says_what_its_key_can_do_if_stolen() -> None:
    keys = {name for key, *_ in _rows("If a key is stolen") for name in re.findall(r"\b[A-Z_]{5,}\b", key)}
    assert keys == _roles()
    fields = {name for key, *_ in _rows("On Solana") for name in re.findall(r"`(\w+)`", key)}
    assert fields == {*SOLANA_ROLES.values(), SOLANA_ADMIN}


def test_the_first_thing_to_run_is_a_command() -> None:
    runbook = (CONTRACTS.parent / "scripts" / "README.md").read_text()
    commands = set(re.findall(r"^\| `([a-z]+ [a-z-]+)` \|", runbook, re.MULTILINE))
    firsts = [cells[-1] for cells in _rows("If a key is stolen")]
    named = [" ".join(first.split("`")[1].split()[:2]) for first in firsts if first.startswith("`")]
    assert len(named) > len(firsts) // 2
    assert set(named) <= commands
