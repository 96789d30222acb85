"""The two ways in which Scrip says no: a ledger's refusal, and an input that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence


class ScripError(Exception):
    """Base of every error that Scrip raises on purpose. Anything else that escapes is a bug."""


class Refusal(ScripError):
    """A ledger (the model or a chain) refused an instruction, and its state is unchanged.

    `name` is the one vocabulary that the model and the chains share: a contract's `"module: reason"` string, or the
    bare name of a standard's custom error (`ERC20InsufficientBalance`). `detail` is for people and is never compared.
    """

    def __init__(self, name: str, detail: str = "") -> None:
        super().__init__(name, detail)
        self.name = name
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.name} ({self.detail})" if self.detail else self.name


class InputError(ScripError):
    """A value that came from outside (a file, a flag, an instruction) cannot be used.

    `file` and `line` say where it stands ("" and 0 when it stands in no file), `field` and `value` what it is.
    """

    def __init__(self, message: str, *, field: str = "", value: object = "", file: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.value = "" if value is None else str(value)
        self.file = file
        self.line = line

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        what = f"{self.field}: " if self.field else ""
        got = f" (got {self.value!r})" if self.value else ""
        return f"{place}{what}{self.message}{got}"


class InputErrors(InputError):
    """Several values of one input cannot be used. Its fields are the first one's, its text is a line for each."""

    def __init__(self, errors: Sequence[InputError]) -> None:
        first = errors[0]
        super().__init__(first.message, field=first.field, value=first.value, file=first.file, line=first.line)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


class NodeError(ScripError):
    """A node does not answer, or answers with an error of its own: what the chain holds is not known."""


class Drift(ScripError):
    """The chain is not as the records, the manifest or a plan say. Commands end with 3; nothing was changed for it."""


class Unconfirmed(Drift):
    """A network's second node does not bear out what the first says: it says otherwise, or does not answer."""
