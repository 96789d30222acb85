"""One round: every network looked at, at one block each, and what several networks disagree about."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from scrip import flows, read
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
from scrip.errors import ScripError
from scrip.executor import Executor
from scrip.multichain.audit import one_sided
from scrip.multichain.networks import NetworkSide
from scrip.read import PowerFacts, StockFacts
from scrip.watch.alerts import Alert, Limits, found_on, unanswered

Opener = Callable[[], AbstractContextManager[Network]]


@dataclass
class Look:
    """What a round found: alerts, the stocks and powers of each network that answered, how long it took, in seconds.

    `done` are lines about what `--act` did.
    """

    alerts: list[Alert] = field(default_factory=list)
    stocks: list[StockFacts] = field(default_factory=list)
    powers: dict[str, list[PowerFacts]] = field(default_factory=dict)
    answered: dict[str, bool] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    seconds: float = 0.0


def look(
    networks: Mapping[str, Opener],
    limits: Limits,
    before: Mapping[str, Sequence[PowerFacts]],
    act: bool = False,
    sender: str = "",
) -> Look:
    """Look at networks by name. `before` is who held which role at the last look; a network without is only noted.

    One that does not answer is an alert, and the others are looked at all the same. With `act` token accounts on Solana
    that are open and should not be are frozen, `sender` or the first key of this machine paying for it.
    """
    started, found = time.monotonic(), Look()
    sides: list[NetworkSide] = []
    for name, opened in networks.items():
        try:
            with opened() as network:
                if act and isinstance(network, SolanaNetwork):
                    _freeze(network, sender, found)
                _look_at(network, limits, before.get(name), found)
                sides.append(NetworkSide(network))
        except ScripError as error:
            found.answered[name] = False
            found.alerts.append(unanswered(name, error))
    if len(sides) > 1:
        found.alerts += [
            Alert(
                sides[0].manifest.network,
                "one-sided",
                one.field,
                f"{one.field}: expected {one.expected}, found {one.found}",
                "audit chain",
                "critical" if one.severity == "critical" else "warning",
                f"{one.expected} {one.found}",
            )
            for one in one_sided(sides)
        ]
    found.alerts.sort(key=lambda one: (one.severity, one.network, one.kind, one.subject))
    found.seconds = time.monotonic() - started
    return found


def _look_at(network: Network, limits: Limits, powers: Sequence[PowerFacts] | None, found: Look) -> None:
    seen, place = read.pinned(network)
    stocks = read.stocks(seen)
    alerts = list(found_on(seen, place, stocks, limits, powers))
    # Only now is the network noted as looked at: what is told of it is whole.
    found.alerts += alerts
    found.stocks += stocks
    found.powers[place.network] = read.powers(seen)
    found.answered[place.network] = True


def _freeze(network: SolanaNetwork, sender: str, found: Look) -> None:
    """Freeze what anyone may freeze. What fails is told, and keeps nobody from being told of the rest."""
    name = network.manifest.network
    try:
        plan = flows.enforcement.sweep(network, sender)
        if plan.steps:
            Executor(network.transactions()).run(plan)
            found.done += [f"{name}: {step.title}: done" for step in plan.steps]
    except ScripError as error:
        found.alerts.append(
            Alert(
                name, "not frozen", name, f"what is open could not be frozen: {error}", "compliance sweep", "critical"
            )
        )
