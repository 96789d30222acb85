"""One opened network held against the others that its manifest spans; they are opened for it, by their manifests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from scrip.chains import opening
from scrip.chains.network import Network
from scrip.errors import ScripError
from scrip.multichain.audit import one_sided
from scrip.multichain.decisions import folders
from scrip.multichain.networks import NetworkSide
from scrip.multichain.siblings import siblings_of
from scrip.multichain.side import Side
from scrip.multichain.verify import verify
from scrip.reports.findings import Finding


def compared(network: Network, manifests: Path, records: Path) -> list[Finding]:
    """The findings about in what networks that a manifest spans differ from it, each other and what was decided.

    `manifests` is the folder of their manifests, `records` that of all records. A network that cannot be opened is a
    finding of its own.
    """
    return _found(network, manifests, records, lambda sides: [*one_sided(sides), *verify(sides, records)])


def decided(network: Network, manifests: Path, records: Path) -> list[Finding]:
    """The findings about decisions on this network and others: unfinished, or not as written or carried out.

    Where nothing was decided the others are not asked.
    """
    if not folders(records):
        return []
    return _found(network, manifests, records, lambda sides: verify(sides, records))


def _found(
    network: Network, manifests: Path, records: Path, look: Callable[[Sequence[Side]], list[Finding]]
) -> list[Finding]:
    sides: list[Side] = [NetworkSide(network, final=True)]
    unproven = []
    with ExitStack() as stack:
        for other in siblings_of(network.manifest, manifests):
            try:
                sides.append(NetworkSide(stack.enter_context(opening.opened(other, records)), final=True))
            except ScripError as error:
                field, expected = f"multichain.{other.network}", "the network that this one spans"
                unproven.append(Finding(field, expected, str(error), "unproven"))
        return [*look(sides), *unproven]
