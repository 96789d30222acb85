"""A layout takes over another's storage, or is refused by name."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.edited_sources import edited

from scrip.errors import InputError
from scrip.evm.compiled.artifacts import CONTRACTS, artifact, source
from scrip.evm.compiled.layout import (
    COMMITTED,
    WORDS,
    Layout,
    Variable,
    bits,
    constants,
    incompatible,
    layout_of,
    normal_type,
    read_layout,
)

RESERVED = "token_storage._reserved"


@pytest.fixture(scope="module")
def layout() -> Layout:
    return read_layout(COMMITTED)


def with_storage(layout: Layout, *new: Variable, **changes: object) -> Layout:
    """The layout with new variables, and fields of `token_storage._reserved` changed."""
    rows = [replace(one, **changes) if one.name == RESERVED else one for one in layout.storage]
    return replace(layout, storage=tuple(sorted([*rows, *new], key=lambda one: one.slot)))


def reserve(layout: Layout) -> Variable:
    return next(one for one in layout.storage if one.name == RESERVED)


def refusals(before: Layout, after: Layout) -> dict[str, str]:
    findings = incompatible(before, after)
    assert all(one.severity == "critical" for one in findings)
    return {one.field: one.found for one in findings}


def test_the_committed_layout_is_that_of_the_sources(layout: Layout) -> None:
    made = layout_of(artifact("StockToken").layout["storage_layout"], CONTRACTS)
    assert made == layout
    assert incompatible(layout, made) == []
    assert read_layout(COMMITTED).hash() == made.hash()


def test_a_variable_may_come_out_of_the_reserve(layout: Layout) -> None:
    room = reserve(layout)
    new = Variable(room.slot, 1, "HashMap[address, uint256]", "token_storage.lockups")
    after = with_storage(
        layout,
        new,
        slot=room.slot + 1,
        slots=room.slots - 1,
        type=f"uint256[{room.slots - 1}]",
    )
    assert incompatible(layout, after) == []
    assert after.hash() != layout.hash()


def test_a_variable_may_use_up_the_reserve_or_come_last(layout: Layout) -> None:
    room, end = reserve(layout), layout.storage[-1].end
    filled = tuple(one for one in layout.storage if one.name != RESERVED)
    whole = Variable(room.slot, room.slots, f"uint256[{room.slots}]", "token_storage.history")
    last = Variable(end, 2, "String[32]", "venues.operator")
    assert incompatible(layout, replace(layout, storage=(*filled, whole, last))) == []


NONCES = "token_storage.nonces"


def _each(
    change: Callable[[Variable], Variable],
) -> Callable[[list[Variable]], list[Variable]]:
    return lambda rows: [change(one) for one in rows]


def _over_the_end(rows: list[Variable]) -> Variable:
    """A variable half in the reserve and half in what follows it."""
    room = next(one for one in rows if one.name == RESERVED)
    return Variable(room.end - 1, 2, "uint256[2]", "x.wide")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        # Inserted at the top: everything behind it moves, and the reserve's end with it.
        (
            lambda rows: [
                Variable(0, 1, "uint256", "keys.first"),
                *(replace(one, slot=one.slot + 1) for one in rows),
            ],
            {
                "token_storage.config",
                "token_storage.words",
                RESERVED,
                "keys.first",
                "keys._used",
                "keys._reserved",
            },
        ),
        (lambda rows: [one for one in rows if one.name != NONCES], {NONCES}),
        (
            _each(lambda one: replace(one, name="x.seen") if one.name == NONCES else one),
            {NONCES, "x.seen"},
        ),
        (
            _each(lambda one: replace(one, type="HashMap[address, int256]") if one.name == NONCES else one),
            {NONCES},
        ),
        (
            _each(lambda one: replace(one, slots=one.slots + 1) if one.name == RESERVED else one),
            {RESERVED},
        ),
        (lambda rows: [*rows, _over_the_end(rows)], {"x.wide"}),
    ],
    ids=[
        "inserted",
        "gone",
        "renamed",
        "retyped",
        "reserve grown",
        "over the reserve's end",
    ],
)
def test_what_moves_storage_is_refused(layout: Layout, change: Callable, fields: set[str]) -> None:
    after = replace(
        layout,
        storage=tuple(sorted(change(list(layout.storage)), key=lambda one: one.slot)),
    )
    assert {f"storage.{name}" for name in fields} <= set(refusals(layout, after))


def test_a_type_that_its_name_does_not_tell_is_refused(layout: Layout) -> None:
    kept = with_storage(
        layout,
        Variable(layout.storage[-1].end, 1, "HashMap[address, Case]", "cases.open"),
    )
    assert set(refusals(kept, kept)) == {"storage.cases.open"}


@pytest.mark.parametrize(
    ("module", "name", "after", "found"),
    [
        ("account_word", "FROZEN", "1 << 174", "bits 174"),
        ("account_word", "EPOCH_SHIFT", "192", "192"),
        ("token_config", "PAUSED", "1 << 171", "bits 171"),
        ("wallet_word", "KNOWN", "1 << 202", "bits 202"),
        ("token_multiplier", "_AT_SHIFT", "200", "200"),
    ],
)
def test_a_moved_bit_is_refused(tmp_path: Path, layout: Layout, module: str, name: str, after: str, found: str) -> None:
    changed = _maps(
        tmp_path,
        layout,
        module,
        rf"^{name}: constant\(uint256\) = .*$",
        _constant(name, after),
    )
    assert refusals(layout, changed)[f"words.{module}.{name}"] == found


def test_a_bit_that_lost_its_name_is_refused(tmp_path: Path, layout: Layout) -> None:
    changed = _maps(tmp_path, layout, "token_config", "^PAUSED:", "STOPPED:")
    assert refusals(layout, changed)["words.token_config.PAUSED"] == "nothing: it is gone or has another name"


@pytest.mark.parametrize(
    ("module", "bit"),
    [("account_word", 168), ("account_word", 130), ("token_config", 180)],
)
def test_a_new_flag_on_bits_in_use_is_refused(tmp_path: Path, layout: Layout, module: str, bit: int) -> None:
    changed = _maps(tmp_path, layout, module, r"\Z", _constant("NEW", f"1 << {bit}"))
    assert refusals(layout, changed) == {f"words.{module}.NEW": f"bits {bit}"}


def _constant(name: str, value: str) -> str:
    return f"{name}: constant(uint256) = {value}"


def _maps(folder: Path, layout: Layout, module: str, pattern: str, after: str) -> Layout:
    """The layout with one bit map read from an edited source."""
    text = source(module).read_text()
    path = folder / f"{module}.vy"
    changed, count = re.subn(pattern, after, text, flags=re.MULTILINE)
    assert count == 1
    path.write_text(changed)
    return replace(layout, words={**layout.words, module: constants(path)})


@pytest.mark.parametrize(
    "new",
    [
        "NEW: constant(uint256) = 1 << 174",  # a free flag
        "NEW_SHIFT: constant(uint256) = 174\nNEW_MASK: constant(uint256) = 2**2 - 1",  # a field in free bits
        "EITHER: constant(uint256) = LOCKED | PARTIAL",  # a mask of flags that there are
        "LEAST: constant(uint256) = 3",  # no mask
    ],
)
def test_a_bit_map_may_grow(tmp_path: Path, layout: Layout, new: str) -> None:
    changed = _maps(tmp_path, layout, "account_word", r"\Z", new)
    assert incompatible(layout, changed) == []


def test_a_bit_map_that_nobody_knew_is_refused(layout: Layout) -> None:
    after = replace(layout, words={**layout.words, "other_word": {"A": 1}})
    assert set(refusals(layout, after)) == {"words.other_word"}


def test_a_constant_that_is_not_computed_from_integers_is_an_error(
    tmp_path: Path,
) -> None:
    path = tmp_path / "odd.vy"
    path.write_text("A: constant(uint256) = 2**8\nB: constant(uint256) = max_value(uint256)\n")
    with pytest.raises(InputError) as error:
        constants(path)
    assert (error.value.line, error.value.field, error.value.value) == (
        2,
        "B",
        "max_value(uint256)",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"storage": [{"slot": 0}], "words": {}}',
        '{"storage": []}',
        '{"storage": [], "words": {"a": 1}}',
    ],
)
def test_a_file_that_is_no_layout_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "layout.json"
    path.write_text(text)
    with pytest.raises(InputError, match="is no storage layout"):
        read_layout(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_layout(tmp_path / "absent.json")


def test_a_layout_is_the_same_on_every_machine(layout: Layout) -> None:
    assert json.loads(COMMITTED.read_text()) == layout.values()
    assert set(layout.words) == set(WORDS)
    assert normal_type("HashMap[address, a/b/contracts/interfaces/IRoles.vyi]") == "HashMap[address, IRoles]"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (1 << 168, "bits 168"),
        (2**40 - 1, "bits 0..39"),
        (1 << 255 | 3 << 40, "bits 40..41, 255"),
    ],
)
def test_masks_are_shown_by_position(value: int, text: str) -> None:
    assert bits(value) == text


def test_a_copy_holds_the_edit_and_nothing_else() -> None:
    folder = edited("same", {})
    assert all(
        (folder / path.relative_to(CONTRACTS)).read_text() == path.read_text() for path in CONTRACTS.rglob("*.vy*")
    )
