"""The project's contracts as titanoboa knows them: with line numbers, for its coverage and its profiler.

titanoboa 0.2.8 finds a compiled contract again by its own text and that of the modules it imports itself. A change in a
module below those would be missed, so its fingerprint is replaced by one of every source, in the importing process.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import boa
from boa.contracts.vyper.vyper_contract import VyperDeployer
from boa.vm.py_evm import TracingCodeStream
from vyper.utils import sha256sum

from scrip.evm.compiled.artifacts import source
from scrip.evm.local import quick_opcodes


def fingerprint(module: Any, seen: Any = None) -> str:  # noqa: ARG001 - titanoboa's signature
    """The hash by which titanoboa finds a compiled module: of its text and of everything that it imports."""
    parts = [module._module.source_sha256sum]
    for statement in module.import_stmts:
        imported = statement._metadata["import_info"]
        below = getattr(imported.typ, "module_t", None)  # None: an interface
        parts.append(imported.compiler_input.sha256sum if below is None else fingerprint(below))
    return str(sha256sum("".join(parts)))


boa.interpret.get_module_fingerprint = fingerprint

_POSITIONS: dict[bytes, tuple[set[int], set[int]]] = {}
_begin = TracingCodeStream.__init__


def _begin_knowing(self: Any, code: bytes, *others: Any, **more: Any) -> None:
    """Let each call begin a stream of a contract's code anew: where one may jump to there is found out once."""
    _begin(self, code, *others, **more)
    self.valid_positions, self.invalid_positions = _POSITIONS.setdefault(code, (set(), set()))


TracingCodeStream.__init__ = _begin_knowing
quick_opcodes.install()


@cache
def deployer(contract: str) -> VyperDeployer:
    """Load a contract by name, compiled once per process and source."""
    return boa.load_partial(str(source(contract)))
