"""The opcodes that titanoboa is given for speed do what py-evm's own do, to the gas and the error."""

from __future__ import annotations

from itertools import product
from typing import Any

import boa
import pytest
from boa.vm.py_evm import TracingCodeStream, _opcode_overrides
from eth.exceptions import VMError
from eth.vm.computation import BaseComputation
from eth.vm.gas_meter import GasMeter
from eth.vm.memory import Memory
from eth.vm.stack import Stack, to_int
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from scrip.evm.local.quick_opcodes import quick

USUAL = boa.env.evm.vm.state.computation_class.opcodes
QUICK = quick(USUAL)
CODE = b"\x5b\x60\x5b\x5b\x61\x01\x02\x5b" + bytes(range(0x40, 0x60)) + b"\x5b" * 4
"""Places to jump to, and one that is a constant's."""

offsets = st.integers(0, 100) | st.sampled_from([2, 32, 2**64, 2**256 - 1])
words = offsets | st.integers(0, 2**256 - 1)
items = words | words.map(lambda word: word.to_bytes(32, "big")) | st.binary(max_size=32)


class Noting(GasMeter):
    """A meter that notes what it is told, as a profiler's does."""

    def __init__(self, start_gas: int) -> None:
        super().__init__(start_gas)
        self.told: list[tuple[int, str]] = []

    def consume_gas(self, amount: int, reason: str) -> None:
        self.told.append((amount, reason))
        super().consume_gas(amount, reason)


def computation(stack: list[Any], gas: int, memory: int, pc: int, meter: type[GasMeter]) -> Any:
    """A computation of the kind that titanoboa runs, in the middle of CODE, that has been to every place in it."""
    kind = boa.env.evm.vm.state.computation_class
    found = object.__new__(kind)
    found._stack, found._memory, found._gas_meter = Stack(), Memory(), meter(gas)
    found._stack.values.extend(stack)
    found._memory._bytes.extend(bytes(one % 251 for one in range(memory)))
    found.code = TracingCodeStream(CODE, start_pc=pc)
    for place in range(len(CODE)):
        found.code.is_valid_opcode(place)
    return found


def after(opcode: Any, *state: Any) -> dict[str, Any]:
    """What is left once the opcode was carried out, and the error that it ended with."""
    found, error = computation(*state), ""
    try:
        opcode(computation=found)
    except VMError as raised:
        error = f"{type(raised).__name__}: {raised}"
    told = getattr(found._gas_meter, "told", [])
    # After an error the gas is burnt, and the stack and the memory are nobody's.
    if error:
        return {"error": error, "told": told}
    return {
        "stack": [to_int(one) for one in found._stack.values],
        "memory": bytes(found._memory._bytes),
        "gas": found._gas_meter.gas_remaining,
        "pc": found.code.program_counter,
        "told": told,
    }


@settings(max_examples=examples(400))
@given(
    number=st.sampled_from(sorted(QUICK)),
    stack=st.lists(items, max_size=20),
    gas=st.integers(0, 12) | st.just(10**6),
    memory=st.sampled_from([0, 32, 64, 128]),
    pc=st.integers(0, len(CODE)),
    meter=st.sampled_from([GasMeter, GasMeter, Noting]),
)
def test_an_opcode_does_what_py_evms_does(
    number: int, stack: list[Any], gas: int, memory: int, pc: int, meter: type[GasMeter]
) -> None:
    state = (stack, gas, memory, pc, meter)
    assert after(QUICK[number], *state) == after(USUAL[number], *state)


@pytest.mark.parametrize("number", sorted(QUICK))
def test_each_does_so_in_the_usual_case_and_at_the_limits(number: int) -> None:
    tops = [32, 1], [33, 1], [1, 0], [0, 300], [2, 1], [256, 1], [255, 3], [5, 2**255], [7, 7], [7, b"\0"], [7, b"\1"]
    for stack in ([*([16] * 17), *reversed(top)] for top in tops):
        for gas, memory in product((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 10**6), (0, 64)):
            state = (stack, gas, memory, 7, GasMeter)
            assert after(QUICK[number], *state) == after(USUAL[number], *state), (stack[-2:], gas)
    for size in (0, 1, 15, 16, 17, 1_023, 1_024):
        state = ([1] * size, 100, 64, 7, GasMeter)
        assert after(QUICK[number], *state) == after(USUAL[number], *state), size


def test_titanoboa_runs_them() -> None:
    assert set(QUICK) <= set(_opcode_overrides)


@given(start=offsets, size=offsets, gas=st.sampled_from([0, 5, 100, 10**6]), memory=st.sampled_from([0, 32, 64, 128]))
def test_memory_grows_as_py_evms_does(start: int, size: int, gas: int, memory: int) -> None:
    def usual(computation: Any) -> None:
        BaseComputation.extend_memory(computation, start, size)

    def quick(computation: Any) -> None:
        computation.extend_memory(start, size)

    state = ([], gas, memory, 0, GasMeter)
    assert after(quick, *state) == after(usual, *state)


def test_every_place_that_is_come_to_is_noted() -> None:
    code = TracingCodeStream(b"\x60\x5b\x5b\x01", start_pc=0)
    met = []
    for opcode in code:
        met.append(opcode)
        code.program_counter += opcode == 0x60
    assert (met, code._trace) == ([0x60, 0x5B, 0x01, 0x00], [0, 2, 3])
