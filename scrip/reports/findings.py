"""What a check of a chain found to differ from what was expected, as values that commands show and count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from scrip.errors import ScripError

Severity = Literal["critical", "drift", "unproven"]
"""`critical`: power or code where it must not be. `drift`: a setting or a state other than the manifest's. `unproven`:
the node did not let it be checked, which is not the same as fine."""
_ORDER = ("critical", "drift", "unproven")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One difference: `field` says where ("roles.PAUSER", "stocks.MSFT.reserve.max_age"), the rest is for people."""

    field: str
    expected: str
    found: str
    severity: Severity = "drift"

    def __str__(self) -> str:
        return f"{self.severity}: {self.field}: expected {self.expected}, found {self.found}"


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Put findings in order, the worst first, then by field; each once."""
    return sorted(set(findings), key=lambda one: (_ORDER.index(one.severity), one))


def answered(
    name: str, part: Callable[[], Iterable[Finding]], errors: tuple[type[Exception], ...] = (ScripError,)
) -> Iterator[Finding]:
    """A part's findings; one more where it was cut short by one of these errors."""
    try:
        yield from part()
    except errors as error:
        yield Finding(name, "an answer to every question", str(error) or type(error).__name__, "unproven")


def worse(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """What `after` holds that `before` did not: a change may mend findings, it may not add any."""
    known = set(before)
    return in_order(one for one in after if one not in known)


class Incompatible(ScripError):
    """A build may not take over; `findings` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("the upgrade is refused: " + "; ".join(map(str, findings)))
        self.findings = tuple(findings)
