"""Rewrite the facts about the contracts that git keeps under ``tests/snapshots/``, after a change that is meant.

- ``layout/StockToken.json``: where each variable lies in a stock's storage, in the order of the slots. All three modes
  of the fleet are this one source, so they share it, and the extension must lay out the same. A stock in use keeps its
  words through an upgrade: append only.
  And the constants of the bit maps: a bit in use keeps its meaning.
- ``sizes.json``: bytes of code, by deployable contract: ``runtime`` as it lies on the chain, immutables included
  (EIP-170 allows 24,576), ``init`` without constructor arguments (EIP-3860 allows twice that); and of the Solana
  program as it was last built here.

A test compares; only this command writes. A change here deserves a line in CHANGELOG.md.
"""

import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

import boa

from scrip.evm.layout import layout_of

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = ROOT / "contracts"
SNAPSHOTS = ROOT / "tests" / "snapshots"
RUNTIME_LIMIT = 24_576
UPGRADEABLE = ("StockToken",)
PROGRAM = ROOT / "build" / "program.json"


def compiled(name: str) -> Any:
    """The compiler's data on a deployable contract. Compiled anew: titanoboa's cache misses changes deep down."""
    boa.interpret.disable_cache()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Use of large arrays")  # the proxy's array is the address space
        return boa.load_partial(str(CONTRACTS / f"{name}.vy")).compiler_data


def layout(data: Any) -> dict[str, Any]:
    """The storage layout: a row for each variable, by slot; and the bit maps of the words."""
    return layout_of(data.storage_layout["storage_layout"], CONTRACTS).values()


def size(data: Any) -> dict[str, int]:
    """Bytes of runtime and creation code."""
    immutables = data.annotated_vyper_module._metadata["type"].immutable_section_bytes
    return {"init": len(data.bytecode), "runtime": len(data.bytecode_runtime) + immutables}


def program_size() -> dict[str, Any]:
    """The Solana program's, if it has been built here; otherwise what was noted before."""
    if PROGRAM.is_file():
        return {"solana": {"stock_token": {"so": json.loads(PROGRAM.read_text())["bytes"]}}}
    kept = SNAPSHOTS / "sizes.json"
    noted = json.loads(kept.read_text()) if kept.is_file() else {}
    return {key: noted[key] for key in ("solana",) if key in noted}


def measure() -> dict[str, dict[str, Any]]:
    """Every snapshot by its path below ``tests/snapshots/``."""
    names = sorted(path.stem for path in CONTRACTS.glob("*.vy"))
    sizes = {name: size(compiled(name)) for name in names}
    snapshots = {"sizes.json": {"evm": sizes, "evm_limit": RUNTIME_LIMIT, "schema": 1} | program_size()}
    for name in UPGRADEABLE:
        snapshots[f"layout/{name}.json"] = layout(compiled(name))
    return snapshots


def text_of(snapshot: dict[str, Any]) -> str:
    """A snapshot as it is written: sorted keys, two spaces."""
    return json.dumps(snapshot, indent=2, sort_keys=True) + "\n"


def main() -> int:
    for name, snapshot in measure().items():
        path = SNAPSHOTS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text() if path.is_file() else ""
        temporary = path.with_suffix(".tmp")
        temporary.write_text(text_of(snapshot))
        os.replace(temporary, path)
        print(f"{path.relative_to(ROOT)}: {'unchanged' if before == text_of(snapshot) else 'rewritten'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
