"""The build backend: flit's, with the interfaces and layouts for integrators put into the package (`make wheel`).

The contracts are compiled for it, so a wheel is built in the project's environment: `--no-build-isolation`. The tree is
copied first and stays as it is.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flit_core import buildapi
from flit_core.buildapi import (  # noqa: F401 - hooks that stay flit's
    build_editable,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

PARTS = ("scrip", "tools/wheel", "pyproject.toml", "LICENSE")
IDL = Path("target/idl/stock_token.json")


def build_wheel(folder: str, config: Any = None, metadata: str | None = None) -> str:  # noqa: ARG001 - a hook's
    """A wheel with the interfaces; its name."""
    with _staged(Path.cwd(), Path(folder).resolve()) as target:
        return buildapi.build_wheel(str(target), config, None)


def build_sdist(folder: str, config: Any = None) -> str:
    """A source archive with the interfaces, from which a wheel is built without a compiler; its name."""
    with _staged(Path.cwd(), Path(folder).resolve()) as target:
        return buildapi.build_sdist(str(target), config)


@contextmanager
def _staged(root: Path, target: Path) -> Iterator[Path]:
    """In a copy of what is packed, with the interfaces."""
    with TemporaryDirectory() as name:
        stage = Path(name)
        for part in PARTS:
            source = root / part
            (stage / part).parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, stage / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, stage / part)
        if (root / "contracts").is_dir():
            write_interfaces(root, stage / "scrip" / "interfaces")
        os.chdir(stage)
        try:
            yield target
        finally:
            os.chdir(root)


def write_interfaces(root: Path, folder: Path) -> None:
    """The contracts' ABIs, Vyper interfaces and storage layouts, and the program's IDL."""
    sys.path.insert(0, str(root))
    from scrip.evm.compiled.artifacts import artifact, deployables
    from scrip.evm.compiled.release import EXTENSION, TOKEN
    from scrip.evm.encoding.answers import with_names
    from scrip.evm.encoding.refusals import error_entries

    # Vyper's own lists no errors and names no answers.
    abis = {name: [*with_names(artifact(name).abi), *error_entries(artifact(name).runtime)] for name in deployables()}
    abis[TOKEN] = _joined(abis[TOKEN], abis[EXTENSION])
    for name, entries in abis.items():
        _write(folder / "abi" / f"{name}.json", json.dumps(entries, indent=1, sort_keys=True) + "\n")
    for path in (root / "contracts" / "interfaces").glob("*.vyi"):
        _write(folder / "vyi" / path.name, path.read_text(encoding="utf-8"))
    for path in (root / "contracts" / "layout").glob("*.json"):
        _write(folder / "layout" / path.name, path.read_text(encoding="utf-8"))
    if not (root / IDL).is_file():
        raise SystemExit(f"{IDL} is missing: make program")
    _write(folder / "idl" / IDL.name, (root / IDL).read_text(encoding="utf-8"))


def _joined(first: list[Any], second: list[Any]) -> list[Any]:
    """A stock's two halves as one: what the first does not know, the second answers."""
    known = {_signature(entry) for entry in first}
    more = [entry for entry in second if entry["type"] != "constructor" and _signature(entry) not in known]
    return [*first, *more]


def _signature(entry: Any) -> tuple[str, str, str]:
    return entry["type"], entry.get("name", ""), json.dumps([one["type"] for one in entry.get("inputs", [])])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
