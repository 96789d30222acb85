"""Corporate actions of every code, past and to come, with what each did to a unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from scrip.chains.network import Network
from scrip.flows import action_history
from scrip.flows.action_history import Entry


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """An entry of a stock's history; see scrip.flows.action_history.Entry."""

    stock: str
    entry: Entry

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "stock": "stock",
        "code": "code",
        "reference": "reference",
        "status": "status",
        "at": "at",
        "unit_before": "shares a token before",
        "unit_after": "after",
        "linked": "with",
    }

    @property
    def at(self) -> int:
        """Its second, UTC."""
        return self.entry.at

    @property
    def code(self) -> str:
        """Its ISO 15022 code."""
        return self.entry.code

    @property
    def reference(self) -> str:
        """What names it beside its code."""
        return self.entry.reference

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {"stock": self.stock, **self.entry.as_json(), "terms": dict(self.entry.terms)}


def actions(network: Network, stock: str, coverage: bool = False, links: bool = True) -> list[ActionFacts]:
    """Every action of a stock in the order of its second, with its coverage before and after where that is asked, and
    what stands on it unless `links` are not.

    Drift where they do not come to the pair that the chain has.
    """
    return [ActionFacts(stock, one) for one in action_history.history(network, stock, coverage, links)]
