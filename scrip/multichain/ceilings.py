"""Shares moved from one chain's ceiling to another's: lowered at their source, and final there, before they are raised.

At no instant, whatever stops the process, do the ceilings together allow more than before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from scrip.errors import Drift, InputError, Refusal
from scrip.manifest.model import AnyManifest
from scrip.multichain.actions import Watch, silent
from scrip.multichain.decisions import Decision, Decisions
from scrip.multichain.side import Side, chain_of, demand_signers, ticker_of
from scrip.plan import Plan
from scrip.units import Shares

STEP = "market ceiling"
"""The operation that moves one chain's ceiling."""
MOVE, MOVED = "move", "moved"
WHEN = ("before", "after")


def target_of(manifest: AnyManifest, others: Sequence[AnyManifest], ticker: str, name: str) -> AnyManifest:
    """The network of a name among the `others` that have a stock; InputError for any other name."""
    found = next((one for one in others if one.network == name), None)
    if found is None:
        known = ", ".join(one.network for one in others) or "none"
        reason = f"is no network that {manifest.network} spans and that has {ticker} ({known})"
        raise InputError(reason, field="to", value=name)
    return found


def refuse_proposal(source: str, target: str) -> NoReturn:
    """InputError: a move is never written for others to sign, who could raise one ceiling before the other is lower."""
    steps = f"propose `{STEP}` for {source}, and for {target} once the shares have left"
    raise InputError(f"what is signed elsewhere could arrive before it leaves: {steps}", field="propose")


@dataclass(frozen=True, slots=True)
class Move:
    """A side's ceiling before and after, in shares."""

    side: Side
    ticker: str
    before: Shares
    after: Shares


@dataclass
class CeilingMove:
    """A move of shares of a stock from one chain's ceiling to another's. `reference` tells it from any other.

    The numbers are fixed, on disk, before the first chain is asked to change: a run that was cut short is finished with
    the same ones.
    """

    source: Side
    target: Side
    records: Path
    isin: str
    shares: Shares
    reference: str
    watch: Watch = silent
    _decisions: Decisions = field(init=False)

    def __post_init__(self) -> None:
        if not self.reference:
            raise InputError("is missing: a move is told from any other by it", field="reference")
        if self.shares == Shares.of(0):
            raise InputError("is 0", field="shares")
        if chain_of(self.source) == chain_of(self.target):
            raise InputError("is where the shares are already", field="to", value=self.target.manifest.network)
        self._decisions = Decisions(self.records, f"ceiling {self.isin} {self.reference}")

    @property
    def done(self) -> bool:
        """Whether the move was carried out."""
        return self._decisions.latest(MOVED) is not None

    def moves(self) -> tuple[Move, Move]:
        """What becomes of both ceilings, the source's first. InputError when the source's is lower than the shares."""
        decision = self._decisions.latest(MOVE)
        terms = self._terms() if decision is None else self._checked(decision)
        sides = (("source", self.source), ("target", self.target))
        lowered, raised = (
            Move(side, ticker_of(side, self.isin), *(Shares.parse(terms[f"{name}_{when}"]) for when in WHEN))
            for name, side in sides
        )
        return lowered, raised

    def plans(self) -> tuple[Plan, Plan]:
        """A plan for each chain, the source's first; without steps where its ceiling is what it is to be.

        Drift when a ceiling is neither what it was nor what it is to be: somebody else moved it meanwhile. InputError
        when the reference stands for another move, finished or not.
        """
        moves = self.moves()
        if self.done:
            done = Plan(STEP, self.reference, (), (), (f"{self.shares} shares were moved",))
            return done, done
        lowered, raised = map(self._plan, moves)
        return lowered, raised

    def carry_out(self) -> bool:
        """Lower one ceiling, see that it is lower, raise the other; whether anything was to do.

        When the target refuses, the shares are in no ceiling: safe, and the same move again goes on there.
        """
        with self._decisions.locked(STEP):
            plans, (lowered, raised) = self._ready(), self.moves()
            if self.done:
                return False
            chains = (chain_of(self.source), chain_of(self.target))
            if self._decisions.latest(MOVE) is None:
                self._decisions.decide(MOVE, "ordered", chains, self._terms())
            self._run(self.source, plans[0])
            # Not by the record of it: by the chain, once more, before anything may rise elsewhere.
            found = self.source.ceiling(lowered.ticker)
            if found != lowered.after:
                network = self.source.manifest.network
                raise Drift(f"{network}: the ceiling is {found} shares, not {lowered.after}; nothing was raised")
            plan = self._plan(raised)
            self._run(self.target, plan)
            self._decisions.decide(MOVED, "both ceilings are as decided", chains, {})
            return True

    # --- parts ---

    def _terms(self) -> dict[str, str]:
        source, target = (side.ceiling(ticker_of(side, self.isin)) for side in (self.source, self.target))
        if source < self.shares:
            reason = f"is more than the ceiling of {self.source.manifest.network}, {source}"
            raise InputError(reason, field="shares", value=self.shares)
        return {
            "isin": self.isin,
            "reference": self.reference,
            "shares": str(self.shares),
            "source_before": str(source),
            "source_after": str(source - self.shares),
            "target_before": str(target),
            "target_after": str(target + self.shares),
        }

    def _checked(self, decision: Decision) -> dict[str, str]:
        """The terms of the decision that stands; InputError when it was about something else."""
        chains = (chain_of(self.source), chain_of(self.target))
        if decision.chains != chains or decision.terms["shares"] != str(self.shares):
            was = f"{decision.terms['shares']} shares from {' to '.join(decision.chains)}"
            raise InputError(f"stands for another move: {was}", field="reference", value=self.reference)
        return dict(decision.terms)

    def _plan(self, move: Move) -> Plan:
        found = move.side.ceiling(move.ticker)
        if found not in (move.before, move.after):
            network = move.side.manifest.network
            raise Drift(f"{network}: the ceiling is {found} shares: neither {move.before} nor {move.after}")
        return move.side.plan_ceiling(move.ticker, move.after, self.reference)

    def _ready(self) -> tuple[Plan, Plan]:
        """The plans for both chains, which the models accept and keys of this machine can carry out."""
        plans = self.plans()
        for side, plan in zip((self.source, self.target), plans, strict=True):
            demand_signers(side, plan)
            refusal = side.preview(plan).refusal
            if refusal is not None:
                raise Refusal(refusal.name, f"{side.manifest.network}: {refusal.detail}")
        return plans

    def _run(self, side: Side, plan: Plan) -> None:
        if plan.steps:
            self.watch(side, plan)
        side.run(plan)
