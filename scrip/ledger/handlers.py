"""A table of handlers by instruction, each filled in where it stands, so that no central list knows them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from scrip.errors import InputError
from scrip.instructions import Instruction

_Context = TypeVar("_Context")
_Order = TypeVar("_Order", bound=Instruction)
_Result = TypeVar("_Result")


class Handlers(Generic[_Context, _Result]):
    """What one ledger does with each instruction. `where` names the ledger in errors ("Solana").

    A handler takes the ledger's own context and the instruction, and is registered for one class of instruction by
    `@table.of(Mint)`; stack the decorator where one function serves several. A class has one handler: a second one is
    a TypeError when the file is imported.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self._found: dict[type[Instruction], Callable[[_Context, Any], _Result]] = {}
        self._absent: dict[type[Instruction], str] = {}

    def of(
        self, kind: type[_Order]
    ) -> Callable[[Callable[[_Context, _Order], _Result]], Callable[[_Context, _Order], _Result]]:
        """Register the decorated function as the handler of a class of instruction."""

        def register(handler: Callable[[_Context, _Order], _Result]) -> Callable[[_Context, _Order], _Result]:
            self._demand_new(kind)
            self._found[kind] = handler
            return handler

        return register

    def lacks(self, *kinds: type[Instruction], reason: str) -> None:
        """Say that this ledger has nothing for these instructions, and why: a word for people who ask for one."""
        for kind in kinds:
            self._demand_new(kind)
            self._absent[kind] = reason

    def _demand_new(self, kind: type[Instruction]) -> None:
        if kind in self._found or kind in self._absent:
            raise TypeError(f"{kind.__name__} is registered twice for {self.where}")

    def __call__(self, context: _Context, order: Instruction) -> _Result:
        """Let the instruction's handler do it; InputError, naming the instruction, where this ledger has none."""
        handler = self._found.get(type(order))
        if handler is None:
            raise InputError(f"is not available on {self.where}", field="instruction", value=type(order).__name__)
        return handler(context, order)

    def __contains__(self, kind: type[Instruction]) -> bool:
        """Whether there is a handler for a class of instruction."""
        return kind in self._found

    def __iter__(self) -> Iterator[type[Instruction]]:
        """The classes that have a handler."""
        return iter(self._found)

    @property
    def absent(self) -> dict[type[Instruction], str]:
        """The classes that this ledger has nothing for, and why."""
        return dict(self._absent)
