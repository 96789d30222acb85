"""A desk on this machine: brought up, looked at, moved in time, given money and shares, shut, wiped."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scrip import flows
from scrip.chains.network import Network
from scrip.chains.opening import LOCAL_CLUSTER, LOCAL_URL
from scrip.errors import InputError
from scrip.inputs.reading.dates import duration, instant
from scrip.local import manifests
from scrip.local.furnish import HELD, Orders, furnish, manifest_file
from scrip.local.nodes import NODES, Node
from scrip.local.settings import EVM, FILE, SOLANA, Settings
from scrip.manifest.load import load
from scrip.manifest.model import AnyManifest
from scrip.parameters import LATEST_TIME
from scrip.preview import moment
from scrip.units import Shares, Stablecoin

PORTS = {EVM: int(LOCAL_URL.rpartition(":")[2]), SOLANA: int(LOCAL_CLUSTER.rpartition(":")[2])}
"""Where commands look for the nodes of these networks if no variable says otherwise."""
MANIFESTS = Path("manifests")
RECORDS = Path("records")
"""Where a desk's records go if nobody says otherwise."""
MINUTE = 60
WAYS = "without this option local up goes on, --folder names a desk beside it, and local down --wipe forgets it"
"""What there is to do where a desk stands that is otherwise than somebody asks for."""
LAST_DATE = 253_402_300_799
"""The last UTC second of which dates are written, with a year of four digits."""


Say = Callable[[str], None]


def silent(_line: str) -> None:
    """Say nothing."""


@dataclass
class Desk:
    """What stands in a folder."""

    folder: Path
    settings: Settings

    @classmethod
    def at(cls, folder: Path) -> Desk:
        """The desk in a folder; InputError where there is none."""
        found = Settings.read(folder)
        if found is None:
            raise InputError("holds no desk: local up makes one", field="folder", value=folder)
        return cls(folder, found)

    @classmethod
    def of(
        cls,
        folder: Path,
        records: Path | None = None,
        preset: str = "",
        ports: Mapping[str, int | None] | None = None,
        networks: Sequence[str] = (),
    ) -> Desk:
        """The desk in a folder, made where there is none. What is not asked for is as it stands, or else as usual.

        InputError where one stands there with another preset, other ports, networks or records than are asked for.
        """
        known = Settings.read(folder)
        asked_for = records, networks
        records, networks = records or RECORDS, networks or (EVM, SOLANA)
        wished = {name: (ports or {}).get(name) or PORTS[name] for name in networks}
        if known is None:
            settings = Settings(
                networks=list(networks),
                ports=wished,
                manifests=str(folder / "manifests" if preset else MANIFESTS),
                preset=preset,
                records=str(records),
                began=int(time.time()),
            )
            if preset:
                manifests.with_preset(MANIFESTS, networks, preset, folder / "manifests")
            settings.write(folder)
            return cls(folder, settings)
        same = {
            "preset": (preset, known.preset),
            "networks": (", ".join(asked_for[1]), ", ".join(known.networks)),
            "records": (str(asked_for[0] or ""), known.records),
        }
        for name, port in (ports or {}).items():
            if port and name in known.networks:
                same[f"port of {name}"] = str(port), str(known.ports.get(name))
        for field, (asked, stands) in same.items():
            if asked and asked != stands:
                reason = f"is {stands or 'none'} on the desk that stands in {folder}: {WAYS}"
                raise InputError(reason, field=field, value=asked)
        return cls(folder, known)

    # --- its parts ---

    def nodes(self, only: str = "") -> list[Node]:
        """Its nodes, or that of one network; InputError for a network that it has not."""
        if only and only not in self.settings.networks:
            reason = f"is no network of this desk ({', '.join(self.settings.networks)})"
            raise InputError(reason, field="network", value=only)
        names = [name for name in self.settings.networks if only in ("", name)]
        return [NODES[name](self.folder, self.settings.ports[name], self.settings.began) for name in names]

    def manifest(self, network: str) -> AnyManifest:
        """The manifest of one of its networks."""
        return load(manifest_file(Path(self.settings.manifests), network))

    def open(self, node: Node) -> Network:
        """The network behind one of its nodes; InputError where that does not run."""
        _demand_running(node)
        return node.open(self.manifest(node.name), Path(self.settings.records))

    @property
    def is_running(self) -> bool:
        """Whether all its nodes run."""
        return all(node.daemon.pid() for node in self.nodes())

    @property
    def is_ready(self) -> bool:
        """Whether everything was put on it once."""
        return set(self.settings.networks) <= set(self.settings.ready)

    # --- what is done with it ---

    def up(self, say: Say = silent) -> None:
        """Start what does not run, and put on it what is not there yet."""
        wanted = {node.name: self.manifest(node.name) for node in self.nodes()}
        for node in self.nodes():
            node.start(self.settings.ahead)
            say(f"{node.name}: {node.daemon.name} runs at {node.url}, process {node.daemon.pid()}")
        self._keep_ahead()
        for node in self.nodes():
            if node.name in self.settings.ready:
                continue
            if not self.settings.ex:
                self.settings.ex = Orders.ahead(wanted[node.name], node.now()).ex
                self.settings.write(self.folder)
            for line in furnish(node, self.open(node), self.settings.ex):
                say(f"{node.name}: {line}")
            self.settings.ready.append(node.name)
            self.settings.write(self.folder)

    def _keep_ahead(self) -> None:
        """Note how far the clocks are ahead, both by as much: the one that was moved furthest counts."""
        now = int(time.time())
        latest = max(node.now() for node in self.nodes())
        if latest > now + self.settings.ahead:
            self.settings.ahead = latest - now
            for node in self.nodes():
                node.set_time(latest)
        self.settings.write(self.folder)

    def instant(self, text: str) -> int:
        """UTC seconds of what people write for a time: +48h from now, an instant, or an action ahead (a minute after).

        InputError for anything else.
        """
        if text.startswith("+"):
            return self.now() + duration(text[1:], "time")
        if text in self.settings.ex:
            orders = Orders(self.manifest(self.settings.networks[0]), self.settings.ex)
            return next(one.effective_at for one in orders.both() if one.reference == text) + MINUTE
        try:
            return instant(text, "time")
        except InputError as error:
            known = ", ".join(self.settings.ex)
            reason = f"{error.message}; or say +48h, or one of this desk's actions ({known})"
            raise InputError(reason, field="time", value=text) from None

    def move_to(self, t: int) -> None:
        """Move all clocks to an instant; InputError for one that has passed, or is after 2200."""
        now, shown = self.now(), moment(t) if t <= LAST_DATE else f"{t} s, after the year 9999"
        if t <= now:
            reason = f"has passed: the clocks show {moment(now)}, and go forward only"
            raise InputError(reason, field="time", value=shown)
        if t > LATEST_TIME.value:
            raise InputError("is after 2200", field="time", value=shown)
        # Noted first: nodes that are started again are never behind where they were.
        self.settings.ahead = t - int(time.time())
        self.settings.write(self.folder)
        for node in self.nodes():
            node.set_time(t)

    def now(self) -> int:
        """The clock that is furthest; InputError where a node does not run."""
        for node in self.nodes():
            _demand_running(node)
        return max(node.now() for node in self.nodes())

    def fund(self, account: str, amount: Stablecoin, only: str = "") -> list[str]:
        """Give an account money on every network, or on one; a line for each.

        InputError, before anybody has any, for an amount that one of them cannot hold or an account that it has not.
        """
        opened = [(node, self.open(node)) for node in self.nodes(only)]
        for node, network in opened:
            node.demand_fundable(network, account, amount)
        said = []
        for node, network in opened:
            node.fund(network, account, amount)
            said.append(f"{node.name}: {account} has {network.views().ledger.stablecoin(account)}")
        return said

    def attest(self, stock: str, shares: Shares | None, only: str = "") -> list[str]:
        """Have the custodian say what it holds of a stock on every network, or on one; a line for each.

        Without `shares` it is what a desk begins with, times the splits that have happened since, on each network.
        InputError, before anything was said, for a stock that one of them has not and for shares that no chain holds.
        """
        if shares is not None:
            shares.fitting()
        opened = [(node, self.open(node)) for node in self.nodes(only)]
        for _, network in opened:
            if stock not in network.manifest.stocks:
                known = ", ".join(network.manifest.stocks)
                raise InputError(f"is no stock of the manifest ({known})", field="stock", value=stock)
        said = []
        for node, network in opened:
            factor = network.views().ledger.multiplier(stock)
            held = shares if shares is not None else Shares.of(HELD.to_wad() * factor.num // factor.den // 10**18)
            node.attest(network, stock, held)
            said.append(f"{node.name}: the custodian holds {held} shares of {stock}")
        return said

    def facts(self) -> Iterator[str]:
        """How it stands: its nodes, clocks and stocks, a line each."""
        where = f", preset {self.settings.preset}" if self.settings.preset else ""
        yield f"desk in {self.folder}: manifests {self.settings.manifests}{where}, records {self.settings.records}"
        for node in self.nodes():
            pid = node.daemon.pid()
            if not pid:
                yield f"{node.name}: {node.daemon.name} does not run"
                continue
            told = f"{node.daemon.name} runs at {node.url}, process {pid}, its clock at {moment(node.now())}"
            yield f"{node.name}: {told}"
            if node.name not in self.settings.ready:
                yield f"{node.name}: not everything is on it yet: local up goes on"
                continue
            network = self.open(node)
            for stock in network.manifest.stocks:
                sheet = flows.fleet.show(network, stock).facts
                kept = ("supply", "multiplier", "pending", "reserve answer", "attestation")
                yield f"{node.name}: {stock}: " + ", ".join(f"{name} {sheet[name]}" for name in kept if name in sheet)


def _demand_running(node: Node) -> None:
    if not node.daemon.pid():
        raise InputError(f"does not run ({node.daemon.name}): local up", field="network", value=node.name)


def shut(folder: Path, wipe: bool = False) -> list[str]:
    """End whatever a desk in a folder runs; the names of what ran. With `wipe` the desk is forgotten, its records not.

    A desk whose settings cannot be read is ended, too.
    """
    nodes = [kind(folder, PORTS[name], 0) for name, kind in NODES.items()]
    ended = [node.daemon.name for node in nodes if node.daemon.stop()]
    if wipe and (folder / FILE).exists():
        shutil.rmtree(folder)
    return ended
