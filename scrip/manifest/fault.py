"""One thing wrong with a file, before it is known in which line it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scrip.errors import InputError, InputErrors
from scrip.manifest.document import Document, Where, dotted
from scrip.manifest.secrets import shown


@dataclass(frozen=True, slots=True)
class Fault:
    """Where, what, and the value that is wrong ("" for one that is missing)."""

    where: Where
    message: str
    value: object = ""


Faults = Iterator[Fault]


def placed(document: Document, faults: Iterable[Fault]) -> tuple[InputError, ...]:
    """The faults as errors, in the order of the file's lines."""
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
    """Nothing for no fault, InputErrors for any."""
    if errors := placed(document, faults):
        raise InputErrors(errors)
