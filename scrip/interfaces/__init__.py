"""What the wheel carries for integrators: the contracts' ABIs, Vyper interfaces and storage layouts, the program's IDL.

In the project itself there is no such data: the sources are contracts/, the build scrip.evm.compiled.artifacts.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ABI, VYI, IDL, LAYOUT = "abi", "vyi", "idl", "layout"
"""Folders of the data, by kind."""
DATA = Path(__file__).resolve().parent
"""Where those folders are, in an installed package."""


def contracts() -> tuple[str, ...]:
    """Every contract that has an ABI here."""
    return _names(ABI, ".json")


def abi(contract: str) -> list[dict[str, Any]]:
    """A contract's ABI; a stock's has the functions of both its halves. KeyError for a name that is not known."""
    found: list[dict[str, Any]] = json.loads(_text(ABI, f"{contract}.json"))
    return found


def interfaces() -> tuple[str, ...]:
    """Every Vyper interface that there is here."""
    return _names(VYI, ".vyi")


def vyi(interface: str) -> str:
    """A Vyper interface's source, to be saved beside a contract that imports it. KeyError for an unknown name."""
    return _text(VYI, f"{interface}.vyi")


def layout(contract: str) -> dict[str, Any]:
    """Where an upgradeable contract keeps what, and the bit maps of its words. KeyError for an unknown name."""
    found: dict[str, Any] = json.loads(_text(LAYOUT, f"{contract}.json"))
    return found


def idl() -> dict[str, Any]:
    """The Anchor IDL of the Solana program."""
    found: dict[str, Any] = json.loads(_text(IDL, "stock_token.json"))
    return found


def _names(kind: str, suffix: str) -> tuple[str, ...]:
    folder = DATA / kind
    listed = folder.iterdir() if folder.is_dir() else ()
    return tuple(sorted(one.name.removesuffix(suffix) for one in listed if one.name.endswith(suffix)))


def _text(kind: str, name: str) -> str:
    try:
        return (DATA / kind / name).read_text(encoding="utf-8")
    except OSError:
        raise KeyError(f"{kind}/{name} is not among the interfaces of this installation") from None
