"""Supply and reserve over time, as far back as a node still tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.errors import NodeError, Refusal
from scrip.evm.chain import Call
from scrip.ledger import Coverage
from scrip.preview import moment
from scrip.read.place import ReadAt
from scrip.read.stocks import RATIO_PLACES
from scrip.units import ShareWad, format_fixed, format_wad

POINTS = 24
"""How many blocks are looked at, evenly apart, the newest among them."""


@dataclass(frozen=True, slots=True)
class PastPoint:
    """A stock's backing as of a block: 18-decimal shares needed and there, of the split basis of its answer then."""

    network: str
    stock: str
    block: int
    at: int
    required: ShareWad
    there: ShareWad

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "stock": "stock",
        "at": "at",
        "required": "shares needed",
        "there": "shares there",
        "coverage": "coverage",
    }

    @property
    def coverage(self) -> Fraction | None:
        """What was there over what was needed; None where nothing was."""
        return Fraction(self.there, self.required) if self.required else None

    def as_json(self) -> dict[str, object]:
        """For programs."""
        ratio = self.coverage
        return {
            "network": self.network,
            "stock": self.stock,
            "block": self.block,
            "at": moment(self.at),
            "required": format_wad(self.required),
            "there": format_wad(self.there),
            "coverage": "" if ratio is None else format_fixed(int(ratio * 10**RATIO_PLACES), RATIO_PLACES),
        }


def past(network: Network, place: ReadAt, stocks: Sequence[str], points: int = POINTS) -> list[PastPoint]:
    """The backing of stocks at blocks evenly apart, from the deployment to `place`, oldest first.

    Of the present alone on Solana, where nobody tells the past, and from the oldest block of which the node has the
    state on an Ethereum-family chain.
    """
    if not isinstance(network, EvmNetwork):
        ledger = network.views().ledger
        return [_point(network, one, place.block, place.at, ledger.coverage(one)) for one in stocks]
    first = network.ledger().since
    span = max(place.block - first, 0)
    wanted = sorted({place.block - span * one // max(points - 1, 1) for one in range(points)}, reverse=True)
    found: list[PastPoint] = []
    for block in wanted:
        try:
            found += _at(network, block, stocks)
        except (NodeError, Refusal):
            break  # the node has no older state, or nothing stood yet
    return sorted(found, key=lambda one: (stocks.index(one.stock), one.block))


def _at(network: EvmNetwork, block: int, stocks: Sequence[str]) -> list[PastPoint]:
    seen, ledger = network.at(block), network.ledger()
    standing = [one for one in stocks if seen.node.code(ledger.token(one).address)]
    calls = [Call(ledger.suite.feed, "coverage", (ledger.token(one).address,)) for one in standing]
    answers = seen.chain.call_many(calls) if calls else []
    at = seen.node.block(block).timestamp
    told = zip(standing, answers, strict=True)
    return [_point(network, one, block, at, Coverage(*map(ShareWad, answer))) for one, answer in told]


def _point(network: Network, stock: str, block: int, at: int, found: Coverage) -> PastPoint:
    return PastPoint(network.manifest.network, stock, block, at, found.required, found.there)
