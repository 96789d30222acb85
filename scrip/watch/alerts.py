"""What wants attention on one network, found from its facts: one rule a function, each with what to run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from scrip import flows, read
from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
from scrip.errors import Drift, Refusal
from scrip.preview import moment
from scrip.read import PowerFacts, ReadAt, StockFacts
from scrip.read.pending import operations, pending_actions, pending_basis, waiting
from scrip.records.files import digest_of
from scrip.solana.views.labels import shows_kept

Severity = Literal["critical", "warning"]
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Limits:
    """How long before something it is told: an action or its missing schedule by `soon` seconds, a clearance or the
    escheat of what nobody fetched by `days`."""

    soon: int = DAY
    days: int = 30


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that wants attention: what kind it is of, about whom, and the command to run.

    Two are the same, and told once, where network, kind, subject and `instance` are: the instance tells a second
    occasion from the first, as the date of an answer does. No text of one holds a node's address or a key.
    """

    network: str
    kind: str
    subject: str
    text: str
    command: str
    severity: Severity = "warning"
    instance: str = ""

    @property
    def id(self) -> str:
        """What is the same for the same alert, of any run."""
        return digest_of([self.network, self.kind, self.subject, self.instance])[2:18]

    def as_json(self) -> dict[str, str]:
        """For programs."""
        return {
            "id": self.id,
            "network": self.network,
            "kind": self.kind,
            "severity": self.severity,
            "subject": self.subject,
            "text": self.text,
            "command": self.command,
        }

    def __str__(self) -> str:
        run = f"; run: ape run {self.command} --network {self.network}" if self.command else ""
        return f"{self.severity.upper()} {self.network}, {self.kind}: {self.text}{run}"


def found_on(
    network: Network, place: ReadAt, stocks: Sequence[StockFacts], limits: Limits, powers: Sequence[PowerFacts] | None
) -> Iterator[Alert]:
    """Everything that wants attention on a network, read at `place`. `powers` is who held what at the last look."""
    yield from stops(network)
    for one in stocks:
        yield from reserve(network, one, place.at)
        yield from actions(network, one.ticker, place.at, limits)
    yield from prices(network)
    yield from timelock(network)
    yield from requests(network, [one.ticker for one in stocks])
    yield from unclaimed(network, [one.ticker for one in stocks], place.at, limits)
    yield from clearances(network, place.at, limits)
    yield from left_open(network, place.at)
    if powers is not None:
        yield from moved(network, powers, read.powers(network), place)


def stops(network: Network) -> Iterator[Alert]:
    """Halts and pauses."""
    for line in flows.fleet.stopped(network):
        subject, _, told = line.partition(": ")
        command = told.partition("`")[2].partition("`")[0]
        yield Alert(network.manifest.network, "stopped", subject, line, command, "critical")


def reserve(network: Network, one: StockFacts, now: int) -> Iterator[Alert]:
    """A reserve that is short, or whose last answer is too old: mints are refused."""
    name, stock = network.manifest.network, one.ticker
    command = f"stock show {stock}"
    if one.source != "none":
        age, most = now - one.answered_at, network.manifest.stocks[stock].reserve.max_age
        if not one.answered_at:
            yield Alert(name, "reserve stale", stock, f"{stock}: its reserve's source never answered", command)
        elif age > most:
            told = f"{stock}: the last answer, of {moment(one.answered_at)}, is {age:,} s old, more than {most:,} s"
            yield Alert(name, "reserve stale", stock, told, command, instance=str(one.answered_at))
    if not one.backing.covered:
        if network.views().backing(stock).step is None:
            told = f"{stock}: the reserve is SHORT: {one.backing}"
            yield Alert(name, "reserve short", stock, told, command, "critical")
        else:
            told = f"{stock}: a split is open, and in the basis that counts for less the reserve does not cover what is"
            told += f" owed, so that nothing is minted: {one.backing}"
            yield Alert(name, "reserve in doubt", stock, told, command)


def actions(network: Network, stock: str, now: int, limits: Limits) -> Iterator[Alert]:
    """Actions that take effect soon, those that should be scheduled by now, splits that the reserve does not count in,
    and a multiplier that is not what its actions come to."""
    name = network.manifest.network
    try:
        for one in pending_actions(network, stock):
            if 0 < one.at - now <= limits.soon:
                when, about = moment(one.at), f"{stock}: {one.what}"
                if one.status == "scheduled":
                    told = f"{about} takes effect {when}"
                    yield Alert(name, "action soon", f"{stock} {one.what}", told, one.command, instance=str(one.at))
                else:
                    told = f"{about} is due {when} and {one.status}, not scheduled"
                    yield Alert(
                        name, "action soon", f"{stock} {one.what}", told, one.command, "critical", f"{one.at} open"
                    )
    except Drift as drift:
        yield Alert(name, "drift", stock, f"{stock}: {drift}", "audit chain", "critical")
    for basis in pending_basis(network, stock):
        yield Alert(name, "basis unconfirmed", stock, f"{stock}: {basis.what}", basis.command, instance=basis.what)
    if isinstance(network, SolanaNetwork) and not shows_kept(network.ledger(), stock):
        told = f"{stock}: its mint shows another multiplier than the program keeps: no mint or redemption passes"
        yield Alert(name, "drift", f"{stock} mint", told, f"action resync {stock}", "critical")


def prices(network: Network) -> Iterator[Alert]:
    """Prices at which nobody may trade now."""
    if not isinstance(network, EvmNetwork) or network.suite().prices is None:
        return
    for one in flows.feeds.show(network):
        if one.refusal:
            told = f"{one.stock}: nobody trades at its price: {one.refusal}"
            yield Alert(
                network.manifest.network, "price", one.stock, told, f"feeds check {one.stock}", instance=one.refusal
            )


def timelock(network: Network) -> Iterator[Alert]:
    """Operations of the timelock that wait, that may be carried out, and that lapsed: who would cancel one is told when
    it is scheduled, who waits for it when it is ready."""
    for one in operations(network):
        label = one.command.rpartition(" ")[2]
        told = f"operation {label} {one.status}, {moment(one.at)}: {one.what}"
        command = f"timelock cancel {label}" if one.status == "waits" else one.command
        kind = f"timelock {one.status}"
        yield Alert(network.manifest.network, kind, label, told, command, instance=str(one.at))


def requests(network: Network, stocks: Sequence[str]) -> Iterator[Alert]:
    """Requests that wait too long: anybody may stop new mints for one, or send it back."""
    for one in waiting(network, stocks):
        if one.status == "LATE":
            told = f"{one.stock}: {one.what} waits since {moment(one.at)}, too long"
            subject = f"{one.stock} {one.kind} {one.what}"
            yield Alert(network.manifest.network, "request late", subject, told, one.command, instance=str(one.at))


def unclaimed(network: Network, stocks: Sequence[str], now: int, limits: Limits) -> Iterator[Alert]:
    """What is due and not fetched, within `days` of its escheat."""
    for stock in stocks:
        for one in read.payments(network, stock):
            due = one.status == "funded" and one.unpaid != "0"
            if due and one.expiry and now >= one.expiry - limits.days * DAY:
                about = f"{stock} {one.code} {one.reference}"
                told = (
                    f"{about}: {one.unpaid} {one.units} of {one.net} is not fetched, and escheats {moment(one.expiry)}"
                )
                command = f"dividend show {stock} {one.reference}"
                yield Alert(
                    network.manifest.network, "unclaimed", one.root, " ".join(told.split()), command, instance=one.root
                )


def clearances(network: Network, now: int, limits: Limits) -> Iterator[Alert]:
    """Clearances that end within `days`, those of a day together."""
    days: dict[int, list[str]] = defaultdict(list)
    for one in read.expiring(read.investors(network), now, limits.days):
        days[one.expiry // DAY].append(one.number)
    for day, numbers in sorted(days.items()):
        date = moment(day * DAY)[:10]
        ends = "ended" if (day + 1) * DAY <= now else "ends"
        told = f"the clearance of {len(numbers)} investor{'s' * (len(numbers) > 1)} {ends} on {date}"
        command = f"show expiring --days {limits.days}"
        instance = digest_of(sorted(numbers))
        yield Alert(network.manifest.network, f"clearance {ends}", date, told, command, instance=instance)


def left_open(network: Network, now: int) -> Iterator[Alert]:
    """Token accounts on Solana that are thawed though their wallet is blocked, held or lapsed: anyone freezes them."""
    if not isinstance(network, SolanaNetwork):
        return
    for listing, wallet, at, why in network.ledger().investors.left_open(now):
        stock = next((name for name, one in network.ledger().stocks.items() if one == listing), str(listing.mint))
        told = f"{stock}: account {at} of {network.keys.name(wallet)} is open, and its wallet is {why}"
        severity: Severity = "warning" if why == "lapsed" else "critical"
        yield Alert(network.manifest.network, "left open", str(at), told, "compliance sweep", severity, why)


def moved(
    network: Network, before: Iterable[PowerFacts], after: Iterable[PowerFacts], place: ReadAt
) -> Iterator[Alert]:
    """Roles that somebody has or has not any more, since the last look."""
    had, has = ({(one.of, one.role, one.account): one for one in each} for each in (before, after))
    for kind, keys, facts in (("gained", has.keys() - had.keys(), has), ("lost", had.keys() - has.keys(), had)):
        for key in sorted(keys):
            one = facts[key]
            who = f"{one.name} ({one.account})" if one.name else one.account
            told = f"{one.of}: {who} {'has' if kind == 'gained' else 'no longer has'} {one.role}"
            instance = f"{kind} by {place.block}"
            subject = f"{one.of} {one.role} {one.account}"
            yield Alert(network.manifest.network, "role", subject, told, "audit chain", "critical", instance)


def unanswered(network: str, error: Exception) -> Alert:
    """A network that does not tell: nothing else is known of it until it does."""
    reason = str(error) or type(error).__name__
    kind = "refused" if isinstance(error, Refusal) else "unanswered"
    return Alert(network, kind, network, f"cannot be looked at: {reason}", "", "critical")
