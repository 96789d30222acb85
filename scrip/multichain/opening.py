"""Several networks opened together, each as a side of an operation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from scrip.chains import opening
from scrip.executor import Event, Watcher
from scrip.manifest.model import AnyManifest
from scrip.multichain.networks import NetworkSide
from scrip.plan import Step
from scrip.records import Record


class Watch(Protocol):
    """Told of what happens on which network, as it happens. `record` comes with the last word on a step."""

    def __call__(self, network: str, event: Event, step: Step, record: Record | None = None) -> None:
        """Hear of an event of a step."""


@contextmanager
def opened_sides(manifests: Sequence[AnyManifest], records: Path, watch: Watch) -> Iterator[list[NetworkSide]]:
    """Open the networks of manifests, in their order. `records` is the folder that they share.

    Errors as scrip.chains.opening.opened, of the first network that cannot be opened.
    """
    with ExitStack() as stack:
        yield [
            NetworkSide(stack.enter_context(opening.opened(one, records)), _told(one.network, watch))
            for one in manifests
        ]


def _told(network: str, watch: Watch) -> Watcher:
    def tell(event: Event, step: Step, record: Record | None = None) -> None:
        watch(network, event, step, record)

    return tell
