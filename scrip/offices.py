"""Operations by name: every kind of chain has a package of them, with the same names where they do the same."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from scrip.errors import InputError


def operation(package: str, what: str) -> Callable[..., Any]:
    """A package's operation by "module.function", first argument the network; InputError where there is none."""
    module, _, function = what.partition(".")
    try:
        found = import_module(f"{package}.{module}")
    except ModuleNotFoundError as missing:
        if missing.name != f"{package}.{module}":
            raise
        found = None
    if function.startswith("_") or not callable(made := getattr(found, function, None)):
        raise InputError("has no equivalent on this kind of chain", field="command")
    return made
