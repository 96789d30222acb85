"""A table of handlers by instruction, each filled in where it stands, so that no central list knows them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar, overload

from scrip.errors import InputError
from scrip.instructions.base import Instruction

_Context = TypeVar("_Context")
_Order = TypeVar("_Order", bound=Instruction)
_Second = TypeVar("_Second", bound=Instruction)
_Third = TypeVar("_Third", bound=Instruction)
_Result = TypeVar("_Result")


class Handlers(Generic[_Context, _Result]):
    """What one ledger does with each instruction. `where` names the ledger in errors ("Solana").

    A handler takes the ledger's own context and the instruction, and is registered for one class of instruction by
    `@table.of(Mint)`, or for several that it serves alike by `@table.of(Pause, Unpause)`. A class has one handler: a
    second one is a TypeError when the file is imported. `parts` are tables that it takes over, such as a subject's own.
    """

    def __init__(self, where: str, *parts: Handlers[_Context, _Result]) -> None:
        self.where = where
        self._found: dict[type[Instruction], Callable[[_Context, Any], _Result]] = {}
        self._absent: dict[type[Instruction], str] = {}
        for part in parts:
            for kind, handler in part._found.items():
                self._demand_new(kind)
                self._found[kind] = handler
            for kind, reason in part._absent.items():
                self.lacks(kind, reason=reason)

    # Of different classes a checker knows no union but by these forms; more than three share a base.
    @overload
    def of(
        self, kind: type[_Order], /
    ) -> Callable[[Callable[[_Context, _Order], _Result]], Callable[[_Context, _Order], _Result]]: ...

    @overload
    def of(
        self, kind: type[_Order], second: type[_Second], /
    ) -> Callable[
        [Callable[[_Context, _Order | _Second], _Result]], Callable[[_Context, _Order | _Second], _Result]
    ]: ...

    @overload
    def of(
        self, kind: type[_Order], second: type[_Second], third: type[_Third], /
    ) -> Callable[
        [Callable[[_Context, _Order | _Second | _Third], _Result]],
        Callable[[_Context, _Order | _Second | _Third], _Result],
    ]: ...

    @overload
    def of(
        self, *kinds: type[_Order]
    ) -> Callable[[Callable[[_Context, _Order], _Result]], Callable[[_Context, _Order], _Result]]: ...

    def of(self, *kinds: type[Instruction]) -> Callable[[Callable[..., _Result]], Callable[..., _Result]]:
        """Register the decorated function as the handler of these classes of instruction."""

        def register(handler: Callable[..., _Result]) -> Callable[..., _Result]:
            for kind in kinds:
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
        """Let the instruction's handler carry it out.

        InputError, naming the instruction and the reason, where this ledger lacks it; TypeError for what is none.
        """
        kind = type(order)
        if kind in self._absent:
            message = f"is not available on {self.where}: {self._absent[kind]}"
            raise InputError(message, field="instruction", value=kind.__name__)
        if kind not in self._found:
            raise TypeError(f"no instruction: {order!r}")
        return self._found[kind](context, order)

    def __contains__(self, kind: type[Instruction]) -> bool:
        """Whether there is a handler for a class of instruction."""
        return kind in self._found

    def __iter__(self) -> Iterator[type[Instruction]]:
        """The classes that have a handler."""
        return iter(self._found)

    def module_of(self, kind: type[Instruction]) -> str:
        """The module in which the handler of a class of instruction stands; KeyError where there is none."""
        return self._found[kind].__module__

    @property
    def absent(self) -> dict[type[Instruction], str]:
        """The classes that this ledger has nothing for, and why."""
        return dict(self._absent)
