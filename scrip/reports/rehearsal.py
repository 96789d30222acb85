"""What a rehearsal showed, on any chain: each step, what it changed, and where that is not as previewed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scrip.plan import Change, Plan
from scrip.preview import Facts, differences
from scrip.reports.findings import Finding


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A step that was carried out: by whom, at which UTC second, for how much gas (0 where a batch shares it).

    On Solana `gas` is compute units.
    """

    title: str
    sender: str
    at: int
    gas: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a rehearsal showed.

    `changes` is what the plan changed on a copy of the chain as of `block` (Solana: of the slot). `findings` is what
    must keep it from being sent: a step that was refused, a fact that is not as previewed, power or code where the
    audit did not find it before. `notes` is what else the audit finds that it did not find before: a state other than
    the manifest's, such as a halt. `facts` is how many facts were compared, of `accounts` accounts and `stocks` stocks;
    `waited` how long the timelock took, in seconds; `unit` what a step's cost is counted in. Without `previewed` there
    was nothing to compare the facts with but what they were: what differs are the changes.
    """

    plan: Plan
    block: int
    steps: tuple[Rehearsed, ...]
    waited: int
    stocks: int
    accounts: int
    facts: int
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    unit: str = "gas"
    previewed: bool = True

    @property
    def ok(self) -> bool:
        """Whether the plan does what its preview says and nothing else."""
        return not self.findings

    def lines(self) -> list[str]:
        """The report as people read it, a line each."""
        done = [f"{one.at}  {one.sender}: {one.title}  ({one.gas:,} {self.unit})" for one in self.steps]
        what = f"{self.facts:,} facts of {self.stocks} stocks and {self.accounts:,} accounts"
        against = "the preview" if self.previewed else "how they would be without it"
        return [
            f"rehearsed on a fork of block {self.block}: {len(self.steps)} steps, {self.waited} s of timelock",
            *done,
            *(f"{one.what}: {one.before} → {one.after}" for one in self.changes),
            *map(str, self.findings),
            *(f"the audit will say: {one}" for one in self.notes),
            f"{what} compared with {against}, and the audit before with the one after: "
            + (f"{len(self.findings)} findings" if self.findings else self._same),
        ]

    @property
    def _same(self) -> str:
        return "all the same" if self.previewed else "nothing is wrong with it"

    def as_json(self) -> dict[str, Any]:
        """The report as programs read it."""
        return {
            "ok": self.ok,
            "block": self.block,
            "steps": [{"title": one.title, "sender": one.sender, "at": one.at, "gas": one.gas} for one in self.steps],
            "timelock_seconds": self.waited,
            "compared": {"facts": self.facts, "accounts": self.accounts, "stocks": self.stocks},
            "previewed": self.previewed,
            "notes": [str(one) for one in self.notes],
            "changes": [{"what": one.what, "before": one.before, "after": one.after} for one in self.changes],
        }


def unforeseen(previewed: Facts, after: Facts) -> Iterator[Finding]:
    """What the chain shows otherwise than the preview."""
    for one in differences(previewed, after):
        yield Finding(f"state.{one.what}", one.before, one.after, "critical")
