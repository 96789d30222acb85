"""The project's contracts, compiled: ABI, code and storage layout, kept in a file for each under ``build/artifacts``.

A kept file holds the digest of every source that went into it, however deep it was imported, and is used while those
sources are unchanged; otherwise the contract is compiled again. Reading takes milliseconds and needs no compiler.
"""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scrip.errors import InputError

CONTRACTS = Path(__file__).resolve().parents[3] / "contracts"
KEPT = CONTRACTS.parent / "build" / "artifacts"
SCHEMA = 1
INTERFACE = ".vyi"
"""How the name of an interface's file ends."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A compiled contract: its ABI entries, the code that a deployment runs, and where its variables lie.

    `runtime` lacks the immutables that the constructor appends. `layout` is the compiler's own: `storage_layout` and
    `code_layout` (the immutables), by module. `sources` is the folder that it was compiled from.
    """

    name: str
    abi: Sequence[Mapping[str, Any]]
    initcode: bytes
    runtime: bytes
    layout: Mapping[str, Any]
    sources: Path = CONTRACTS


_FOUND: dict[tuple[str, Path], Path] = {}
"""Where a source was found last, below a folder: a plan asks for the same ones again and again."""


def source(stem: str, sources: Path = CONTRACTS) -> Path:
    """The file of a contract, module, mock or interface; InputError for one that the project does not have.

    No two of them share a stem, so nothing else needs to know in which folder one stands.
    """
    found = _FOUND.get((stem, sources))
    if found is None or not found.is_file():
        found = next((path for path in sources.rglob("*.vy*") if path.stem == stem), None)
        if found is None:
            raise InputError("is no contract of the project", field="contract", value=stem)
        _FOUND[stem, sources] = found
    return found


def deployables() -> list[str]:
    """The project's own contracts: every one that is deployed on a chain that has value."""
    return sorted(path.stem for path in CONTRACTS.rglob("*.vy") if _is_deployable(path) and not _is_mock(path))


def mocks() -> list[str]:
    """The contracts that stand in, on a local chain, for those that are not the project's."""
    return sorted(path.stem for path in CONTRACTS.rglob("*.vy") if _is_mock(path))


def modules() -> list[str]:
    """The sources that are deployed only within a contract that imports them."""
    return sorted(path.stem for path in CONTRACTS.rglob("*.vy") if not _is_deployable(path))


def interfaces() -> list[str]:
    """The interfaces by which contracts are called, the project's and those of others."""
    return sorted(path.stem for path in CONTRACTS.rglob("*.vyi"))


def names() -> list[str]:
    """Every contract that can be deployed, mocks included."""
    return sorted([*deployables(), *mocks()])


def _is_deployable(path: Path) -> bool:
    return path.stem[0].isupper()


def _is_mock(path: Path) -> bool:
    return path.parent.name == "mocks"


@cache
def artifact(contract: str, sources: Path = CONTRACTS) -> Artifact:
    """A contract by name; InputError for one that the project does not have. Compiled if no kept file fits.

    `sources` is another folder of contracts, of a release that is to be checked: what it compiles to is kept beside it.
    """
    if source(contract, sources).suffix == INTERFACE:
        raise InputError("is an interface, of which there is no code", field="contract", value=contract)
    return _made(contract, sources)


@cache
def abi(name: str) -> Sequence[Mapping[str, Any]]:
    """The ABI entries of a contract or an interface by name; InputError for one that the project does not have."""
    return _made(name, CONTRACTS).abi if source(name).suffix == INTERFACE else artifact(name).abi


def all_kept() -> bool:
    """Whether every contract and interface can be had without the compiler."""
    return all(_kept(KEPT / f"{name}.json", CONTRACTS) for name in [*names(), *interfaces()])


def _made(name: str, sources: Path) -> Artifact:
    """A contract, or an interface, which is all ABI: as it is kept, or compiled."""
    kept = KEPT if sources == CONTRACTS else sources.parent / "artifacts"
    path = kept / f"{name}.json"
    return _kept(path, sources) or _compiled(name, path, sources)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _compiler() -> str:
    return f"vyper {version('vyper')}"


def _kept(path: Path, sources: Path) -> Artifact | None:
    """The kept artifact, if it is of the present sources."""
    try:
        found = json.loads(path.read_text())
        if (found["schema"], found["compiler"]) != (SCHEMA, _compiler()):
            return None
        if any(_digest(_placed(name)) != digest for name, digest in found["sources"].items()):
            return None
        initcode, runtime = (bytes.fromhex(found[key][2:]) for key in ("initcode", "runtime"))
        return Artifact(path.stem, found["abi"], initcode, runtime, found["layout"], sources)
    except (OSError, ValueError, LookupError, TypeError):
        return None  # absent, or not one of ours: compiled again


def _placed(name: str) -> Path:
    """A source's path; those of the project are kept relative to it."""
    return CONTRACTS.parent / name


def _compiled(contract: str, kept: Path, sources: Path) -> Artifact:
    from vyper.cli.vyper_compile import get_search_paths
    from vyper.compiler.input_bundle import FilesystemInputBundle
    from vyper.compiler.output import build_abi_output
    from vyper.compiler.phases import CompilerData

    path = source(contract, sources)
    bundle = FilesystemInputBundle(get_search_paths(None))
    with bundle.search_path(path.parent), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Use of large arrays")  # the proxy's array is the address space
        data = CompilerData(bundle.load_file(path), bundle)
        if path.suffix == INTERFACE:
            made = Artifact(contract, build_abi_output(data), b"", b"", {}, sources)
        else:
            code = data.bytecode, data.bytecode_runtime
            made = Artifact(contract, build_abi_output(data), *code, data.storage_layout, sources)
    # Digests of what the compiler read: a file may have changed since.
    read = [data.file_input, *data.resolved_imports.compiler_inputs]
    _keep(kept, made, {Path(one.resolved_path): one.sha256sum for one in read})
    return made


def _keep(path: Path, made: Artifact, sources: Mapping[Path, str]) -> None:
    root = CONTRACTS.parent
    text = json.dumps(
        {
            "schema": SCHEMA,
            "compiler": _compiler(),
            "sources": {
                (one.relative_to(root) if one.is_relative_to(root) else one).as_posix(): digest
                for one, digest in sources.items()
            },
            "abi": made.abi,
            "initcode": "0x" + made.initcode.hex(),
            "runtime": "0x" + made.runtime.hex(),
            "layout": made.layout,
        },
        indent=2,
        sort_keys=True,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    # Under a name of its own until it is whole: another process may compile the same contract.
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(text + "\n")
    os.replace(temporary, path)
