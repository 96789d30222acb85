"""Whoever adds an instruction is told what was forgotten: its role, what its fields name, its subject, its handler."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, get_args, get_origin, get_type_hints

import pytest
from support.every_instruction import leaves

from scrip import instructions as ins
from scrip.action_codes import ACTION_CODES
from scrip.instructions.base import Names, RoleInstruction
from scrip.instructions.subjects import SETS, names_in
from scrip.ledger.handlers import Handlers
from scrip.model.actions import KINDS
from scrip.model.fleet import set_halted
from scrip.model.ledger import HANDLERS
from scrip.roles import ADMIN, EVM_ROLES

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from house import imports  # noqa: E402

SHARED = {"__init__", "base", "subjects"}
"""Files of scrip/instructions that are no subject's."""
MODEL_MAY_IMPORT = {
    *("action_codes", "errors", "units", "roles", "labels", "parameters", "holder_limits", "market_limits"),
    *("instructions", "ledger", "model"),
}


LEAVES = sorted(leaves(), key=lambda kind: kind.__name__)
"""Every instruction that can be given."""
STEMS = sorted(path.stem for path in (ROOT / "scrip" / "instructions").glob("*.py") if path.stem not in SHARED)


def test_the_list_is_what_the_package_hands_out() -> None:
    assert [kind for kind in LEAVES if getattr(ins, kind.__name__, None) is not kind] == []
    assert len(LEAVES) > 40


@pytest.mark.parametrize("kind", LEAVES)
def test_an_instruction_has_one_handler_in_the_model_in_its_subjects_file(kind: type[ins.Instruction]) -> None:
    assert ins.stem_of(kind) in STEMS
    assert HANDLERS.module_of(kind) == f"scrip.model.{ins.stem_of(kind)}"


def test_the_model_handles_nothing_else_and_lacks_nothing() -> None:
    assert set(HANDLERS) == set(LEAVES)
    assert HANDLERS.absent == {}


def test_a_second_handler_is_refused_when_the_file_is_imported() -> None:
    with pytest.raises(TypeError, match="Halt is registered twice for the model"):
        Handlers("the model", HANDLERS).of(ins.Halt)(set_halted)
    with pytest.raises(TypeError, match="is registered twice for the model"):
        Handlers("the model", HANDLERS, HANDLERS)


@pytest.mark.parametrize("kind", [kind for kind in LEAVES if issubclass(kind, RoleInstruction)])
def test_a_role_instruction_names_a_role(kind: type[RoleInstruction]) -> None:
    order = object.__new__(kind)
    assert ins.role_needed(order) in (*EVM_ROLES, ADMIN)
    needed, *others = ins.roles_sufficing(order)
    assert (needed, *others) == (ins.role_needed(order), *({ADMIN, "PAUSER"} & set(others)))


def test_a_role_that_is_none_is_refused_when_the_file_is_imported() -> None:
    with pytest.raises(TypeError, match="needs a role that is none: KING"):
        RoleInstruction.__init_subclass__(role="KING")


def parts(hint: object) -> Iterator[object]:
    """A type and the types within it."""
    yield hint
    if get_origin(hint) is not Annotated:
        for inner in get_args(hint):
            yield from parts(inner)


def values() -> list[type]:
    """Every instruction, and every value within one whose own fields may name something."""
    found: list[type] = list(LEAVES)
    for kind in found:
        for hint in get_type_hints(kind, include_extras=True).values():
            more = [part for part in parts(hint) if isinstance(part, type) and is_dataclass(part)]
            found += [part for part in more if part not in found and part.__module__.startswith("scrip.instructions")]
    return found


@pytest.mark.parametrize("kind", values())
def test_a_text_says_what_it_names_or_that_it_names_nothing(kind: type) -> None:
    hints = get_type_hints(kind, include_extras=True)
    bare = [one.name for one in fields(kind) if str in parts(hints[one.name])]
    assert bare == [], "say with a type of scrip.instructions.base what it names, or Text"
    for hint in hints.values():
        for names in filter(None, map(names_in, parts(hint))):
            assert isinstance(names, Names)
            assert {*names.sets, *filter(None, (names.first_of, names.second_of))} <= set(SETS)


def test_values_within_instructions_are_looked_at() -> None:
    assert {ins.QuoteTerms, ins.AttestationTerms} <= set(values())


def test_every_subject_of_the_instructions_has_its_file_in_the_model() -> None:
    assert [stem for stem in STEMS if not (ROOT / "scrip" / "model" / f"{stem}.py").is_file()] == []


def test_the_model_knows_every_code_of_corporate_actions() -> None:
    assert list(KINDS) == list(ACTION_CODES)


def test_the_model_imports_no_chain_and_no_file() -> None:
    graph = imports.read(ROOT, "scrip").modules
    model = {name: targets for name, targets in graph.items() if re.match(r"scrip\.model\b", name)}
    assert len(model) > 20
    found = {(name, target) for name, targets in model.items() for target in targets}
    assert {(name, target) for name, target in found if target.split(".")[1] not in MODEL_MAY_IMPORT} == set()


def test_what_a_model_keeps_and_its_laws_know_no_handler() -> None:
    graph = imports.read(ROOT, "scrip").modules
    for layer, lower in (("laws", ("laws",)), ("state", ("laws", "state"))):
        names = [name for name in graph if name.startswith(f"scrip.model.{layer}")]
        inside = {target for name in names for target in graph[name] if target.startswith("scrip.model")}
        assert {target for target in inside if target.split(".")[2] not in lower} == set()
