"""titanoboa's compilation cache, told of every source below a contract.

titanoboa 0.2.8 finds a compiled contract again by its own text and that of the modules it imports itself. A change in a
module below those is missed, and the tests would go on judging the old code.
"""

from typing import Any

import boa
from vyper.utils import sha256sum


def fingerprint(module: Any, seen: Any = None) -> str:
    """Of a module and everything that it imports, directly or not."""
    parts = [module._module.source_sha256sum]
    for statement in module.import_stmts:
        imported = statement._metadata["import_info"]
        below = getattr(imported.typ, "module_t", None)  # None: an interface
        parts.append(imported.compiler_input.sha256sum if below is None else fingerprint(below))
    return sha256sum("".join(parts))


def see_every_source() -> None:
    """From here on, in this process."""
    boa.interpret.get_module_fingerprint = fingerprint
