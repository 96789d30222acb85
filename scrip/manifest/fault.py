"""One thing wrong with a file, before it is known in which line it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scrip.errors import InputError, InputErrors
from scrip.manifest.document import Document, Where, dotted
from scrip.manifest.secrets import shown


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: its place, what is wrong, and the value ("" for one that is missing)."""

    where: Where
    message: str
    value: object = ""


Faults = Iterator[Fault]


def placed(document: Document, faults: Iterable[Fault]) -> tuple[InputError, ...]:
    """The faults as errors that name their lines, in the order of the lines."""
    errors = (
        InputError(
            fault.message,
            file=document.file,
            line=document.line(fault.where),
            field=dotted(fault.where),
            value=shown(fault.value),
        )
        for fault in faults
    )
    return tuple(sorted(errors, key=lambda error: error.line))


def refuse(document: Document, faults: Iterable[Fault]) -> None:
    """Raise InputErrors for any fault; do nothing where there is none."""
    if errors := placed(document, faults):
        raise InputErrors(errors)
