"""The commonest opcodes of py-evm, on which titanoboa runs contracts, each in one step instead of six calls.

Each of them does the usual case itself: enough gas, a stack that is neither too short nor too long, a jump to where one
was made before. Everything else, errors among it, is left to py-evm's own opcode, before anything has been changed.
Contracts run twice as fast; gas, stack, memory and errors are py-evm's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import boa
import eth.vm.logic.sha3 as logic
from boa.vm.py_evm import TracingCodeStream, patch_opcode, titanoboa_computation
from eth.vm.computation import BaseComputation
from eth.vm.gas_meter import GasMeter

Opcode = Callable[..., Any]
WORD = 2**256 - 1
FULL = 1024
"""Items that a stack holds."""
STOP, JUMPDEST = 0x00, 0x5B
PUSH0, PUSH1, DUP1, SWAP1 = 0x5F, 0x60, 0x80, 0x90
INTEGERS = 4
"""Bytes up to which a constant is pushed as the integer that it is used as: an offset, a place in the code."""
HASHES = 1 << 16
"""How many hashes are remembered: places in storage are hashed at each access."""

BINARY: Mapping[int, Callable[[int, int], int]] = {
    0x01: lambda top, below: (top + below) & WORD,
    0x02: lambda top, below: (top * below) & WORD,
    0x03: lambda top, below: (top - below) & WORD,
    0x04: lambda top, below: top // below if below else 0,
    0x06: lambda top, below: top % below if below else 0,
    0x10: lambda top, below: 1 if top < below else 0,
    0x11: lambda top, below: 1 if top > below else 0,
    0x14: lambda top, below: 1 if top == below else 0,
    0x16: lambda top, below: top & below,
    0x17: lambda top, below: top | below,
    0x18: lambda top, below: top ^ below,
    0x1B: lambda top, below: (below << top) & WORD if top < 256 else 0,
    0x1C: lambda top, below: below >> top if top < 256 else 0,
}
UNARY: Mapping[int, Callable[[int], int]] = {
    0x15: lambda top: 0 if top else 1,
    0x19: lambda top: WORD - top,
}


def _binary(usual: Any, result: Callable[[int, int], int]) -> Opcode:
    gas = usual.gas_cost

    def quick(computation: Any) -> Any:
        values, meter = computation._stack.values, computation._gas_meter
        if len(values) < 2 or meter.gas_remaining < gas or type(meter) is not GasMeter:
            return usual(computation)
        meter.gas_remaining -= gas
        top, below = values.pop(), values[-1]
        if type(top) is not int:
            top = int.from_bytes(top, "big")
        if type(below) is not int:
            below = int.from_bytes(below, "big")
        values[-1] = result(top, below)
        return None

    return quick


def _unary(usual: Any, result: Callable[[int], int]) -> Opcode:
    gas = usual.gas_cost

    def quick(computation: Any) -> Any:
        values, meter = computation._stack.values, computation._gas_meter
        if not values or meter.gas_remaining < gas or type(meter) is not GasMeter:
            return usual(computation)
        meter.gas_remaining -= gas
        top = values[-1]
        values[-1] = result(top if type(top) is int else int.from_bytes(top, "big"))
        return None

    return quick


def _push(usual: Any, size: int) -> Opcode:
    gas = usual.gas_cost

    def quick(computation: Any) -> Any:
        values, meter, code = computation._stack.values, computation._gas_meter, computation.code
        at = code.program_counter
        end = at + size
        if len(values) >= FULL or end > code._length_cache or meter.gas_remaining < gas or type(meter) is not GasMeter:
            return usual(computation)
        meter.gas_remaining -= gas
        code.program_counter = end
        if size == 1:
            values.append(code._raw_code_bytes[at])
        elif size <= INTEGERS:
            values.append(int.from_bytes(code._raw_code_bytes[at:end], "big"))
        else:
            values.append(code._raw_code_bytes[at:end])
        return None

    return quick


def _dup(usual: Any, depth: int) -> Opcode:
    gas = usual.gas_cost

    def quick(computation: Any) -> Any:
        values, meter = computation._stack.values, computation._gas_meter
        if not depth <= len(values) < FULL or meter.gas_remaining < gas or type(meter) is not GasMeter:
            return usual(computation)
        meter.gas_remaining -= gas
        values.append(values[-depth])
        return None

    return quick


def _swap(usual: Any, depth: int) -> Opcode:
    gas, other = usual.gas_cost, -depth - 1

    def quick(computation: Any) -> Any:
        values, meter = computation._stack.values, computation._gas_meter
        if len(values) <= depth or meter.gas_remaining < gas or type(meter) is not GasMeter:
            return usual(computation)
        meter.gas_remaining -= gas
        values[-1], values[other] = values[other], values[-1]
        return None

    return quick


def _pop(usual: Any) -> Opcode:
    gas = usual.gas_cost

    def quick(computation: Any) -> Any:
        values, meter = computation._stack.values, computation._gas_meter
        if not values or meter.gas_remaining < gas or type(meter) is not GasMeter:
            return usual(computation)
        meter.gas_remaining -= gas
        del values[-1]
        return None

    return quick


def _mload(usual: Any) -> Opcode:
    gas = usual.gas_cost

    def quick(computation: Any) -> Any:
        values, meter = computation._stack.values, computation._gas_meter
        if not values or meter.gas_remaining < gas or type(meter) is not GasMeter:
            return usual(computation)
        memory, at = computation._memory._bytes, values[-1]
        if type(at) is not int:
            at = int.from_bytes(at, "big")
        meter.gas_remaining -= gas
        if at + 32 > len(memory):
            computation.extend_memory(at, 32)
            memory = computation._memory._bytes
        values[-1] = bytes(memory[at : at + 32])
        return None

    return quick


def _mstore(usual: Any) -> Opcode:
    gas = usual.gas_cost

    def quick(computation: Any) -> Any:
        values, meter = computation._stack.values, computation._gas_meter
        if len(values) < 2 or meter.gas_remaining < gas or type(meter) is not GasMeter:
            return usual(computation)
        memory, at, value = computation._memory._bytes, values[-1], values[-2]
        if type(at) is not int:
            at = int.from_bytes(at, "big")
        meter.gas_remaining -= gas
        del values[-2:]
        if at + 32 > len(memory):
            computation.extend_memory(at, 32)
            memory = computation._memory._bytes
        memory[at : at + 32] = value.to_bytes(32, "big") if type(value) is int else value.rjust(32, b"\0")[-32:]
        return None

    return quick


def _jump(usual: Any) -> Opcode:
    gas = usual.gas_cost

    def quick(computation: Any) -> Any:
        values, meter, code = computation._stack.values, computation._gas_meter, computation.code
        if not values or meter.gas_remaining < gas or type(meter) is not GasMeter:
            return usual(computation)
        to = values[-1]
        if type(to) is not int:
            to = int.from_bytes(to, "big")
        if to not in code.valid_positions or code._raw_code_bytes[to] != JUMPDEST:
            return usual(computation)
        meter.gas_remaining -= gas
        del values[-1]
        code.program_counter = to
        return None

    return quick


def _jumpi(usual: Any) -> Opcode:
    gas = usual.gas_cost

    def quick(computation: Any) -> Any:
        values, meter, code = computation._stack.values, computation._gas_meter, computation.code
        if len(values) < 2 or meter.gas_remaining < gas or type(meter) is not GasMeter:
            return usual(computation)
        to, asked = values[-1], values[-2]
        if asked if type(asked) is int else any(asked):
            if type(to) is not int:
                to = int.from_bytes(to, "big")
            if to not in code.valid_positions or code._raw_code_bytes[to] != JUMPDEST:
                return usual(computation)
            code.program_counter = to
        meter.gas_remaining -= gas
        del values[-2:]
        return None

    return quick


def _jumpdest(usual: Any) -> Opcode:
    gas = usual.gas_cost

    def quick(computation: Any) -> Any:
        meter = computation._gas_meter
        if meter.gas_remaining < gas or type(meter) is not GasMeter:
            return usual(computation)
        meter.gas_remaining -= gas
        return None

    return quick


def _extend_memory(computation: Any, start_position: int, size: int) -> None:
    """Let memory grow as py-evm does, which counts what it costs even where it is as large already."""
    if start_position + size > len(computation._memory._bytes):
        BaseComputation.extend_memory(computation, start_position, size)


def _steps(code: Any) -> Iterator[int]:
    """The opcodes of a code as they are come to, each place noted, as titanoboa's stream yields them."""
    raw, note, end = code._raw_code_bytes, code._trace.append, code._length_cache
    while (at := code.program_counter) < end:
        note(at)
        code.program_counter = at + 1
        yield raw[at]
    yield STOP


def quick(usual: Mapping[int, Any]) -> dict[int, Opcode]:
    """The commonest of py-evm's opcodes by their number, each with its usual one to turn to."""
    return {
        **{number: _binary(usual[number], result) for number, result in BINARY.items()},
        **{number: _unary(usual[number], result) for number, result in UNARY.items()},
        **{PUSH0 + size: _push(usual[PUSH0 + size], size) for size in range(33)},
        **{DUP1 + depth - 1: _dup(usual[DUP1 + depth - 1], depth) for depth in range(1, 17)},
        **{SWAP1 + depth - 1: _swap(usual[SWAP1 + depth - 1], depth) for depth in range(1, 17)},
        0x50: _pop(usual[0x50]),
        0x51: _mload(usual[0x51]),
        0x52: _mstore(usual[0x52]),
        0x56: _jump(usual[0x56]),
        0x57: _jumpi(usual[0x57]),
        JUMPDEST: _jumpdest(usual[JUMPDEST]),
    }


def install() -> None:
    """Let titanoboa use them from here on, in this process."""
    for number, one in quick(boa.env.evm.vm.state.computation_class.opcodes).items():
        patch_opcode(number, one)
    titanoboa_computation.extend_memory = _extend_memory
    TracingCodeStream.__iter__ = _steps
    setattr(logic, "keccak", lru_cache(HASHES)(vars(logic)["keccak"]))  # noqa: B010 - a library's own import
