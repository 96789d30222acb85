"""Shares moved from one chain's ceiling to another's: lowered at their source, and final there, before they are raised.

At no instant, whatever stops the process, do the ceilings together allow more than before. What each of the two chains
counts for all others moves by the same shares, in the same step as its own ceiling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from scrip.errors import Drift, InputError, Refusal
from scrip.instructions.reserve import Basis
from scrip.manifest.model import AnyManifest
from scrip.multichain.actions import Watch, silent
from scrip.multichain.decisions import Decision, Decisions
from scrip.multichain.side import Side, Standing, chain_of, demand_signers, ticker_of
from scrip.plan import Plan
from scrip.units import Shares, format_wad

STEP = "market ceiling"
"""The operation that moves one chain's ceiling."""
MOVE, MOVED = "move", "moved"
ENDS = ("source", "target")
WHEN = ("before", "after")
NONE = Shares.of(0)


def target_of(manifest: AnyManifest, others: Sequence[AnyManifest], ticker: str, name: str) -> AnyManifest:
    """The network of a name among the `others` that have a stock; InputError for any other name."""
    found = next((one for one in others if one.network == name), None)
    if found is None:
        known = ", ".join(one.network for one in others) or "none"
        reason = f"is no network that {manifest.network} spans and that has {ticker} ({known})"
        raise InputError(reason, field="to", value=name)
    return found


def standing_of(terms: Mapping[str, str], end: str, when: str) -> Standing:
    """What a decided move says of an end, "source" or "target", and of when, "before" or "after"."""
    own, others = (Shares.parse(terms[f"{end}_{part}{when}"]) for part in ("", "others_"))
    return Standing(own, others, Basis.parse(terms[f"{end}_basis"]))


def _terms_of(end: str, *stands: Standing) -> dict[str, str]:
    terms = {f"{end}_basis": str(stands[0].basis)}
    for when, standing in zip(WHEN, stands, strict=True):
        terms |= {f"{end}_{when}": str(standing.own), f"{end}_others_{when}": str(standing.others)}
    return terms


def refuse_proposal(source: str, target: str) -> NoReturn:
    """InputError: a move is never written for others to sign, who could raise one ceiling before the other is lower."""
    steps = f"propose `{STEP}` for {source}, and for {target} once the shares have left"
    raise InputError(f"what is signed elsewhere could arrive before it leaves: {steps}", field="propose")


@dataclass(frozen=True, slots=True)
class Move:
    """A side's ceilings before and after, in the basis that was its stock's own when the move was decided."""

    side: Side
    ticker: str
    before: Standing
    after: Standing


@dataclass
class CeilingMove:
    """A move of shares of a stock from one chain's ceiling to another's. `reference` tells it from any other.

    The numbers, and the split basis that they are in at each chain, are fixed, on disk, before the first chain is asked
    to change: a run that was cut short is finished with the same ones.
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
        self.shares.fitting()
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
        """What becomes of both chains' ceilings, the source's first.

        InputError when the source's is lower than the shares, Drift when a share is not the same on both.
        """
        decision = self._decisions.latest(MOVE)
        terms = self._terms() if decision is None else self._checked(decision)
        lowered, raised = (
            Move(side, ticker_of(side, self.isin), *(standing_of(terms, end, when) for when in WHEN))
            for end, side in zip(ENDS, (self.source, self.target), strict=True)
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
            found = self.source.ceilings(lowered.ticker, lowered.after.basis)
            if found != lowered.after:
                network = self.source.manifest.network
                raise Drift(f"{network}: the ceiling is {found}, not {lowered.after}; nothing was raised")
            plan = self._plan(raised)
            self._run(self.target, plan)
            self._decisions.decide(MOVED, "both ceilings are as decided", chains, {})
            return True

    # --- parts ---

    def _terms(self) -> dict[str, str]:
        ends = [(side, ticker_of(side, self.isin)) for side in (self.source, self.target)]
        # Where a split is in effect on one chain alone, a share is not the same on both.
        one, two = (format_wad(side.multiplier(ticker).ui_multiplier) for side, ticker in ends)
        if one != two:
            networks = [side.manifest.network for side, _ in ends]
            raise Drift(f"{networks[1]}: the multiplier is {two}, not {one} as on {networks[0]}; nothing was moved")
        source, target = (side.ceilings(ticker) for side, ticker in ends)
        if source.own < self.shares:
            reason = f"is more than the ceiling of {self.source.manifest.network}, {source.own}"
            raise InputError(reason, field="shares", value=self.shares)
        lowered = Standing(source.own - self.shares, source.others + self.shares, source.basis)
        elsewhere = target.others - self.shares if self.shares < target.others else NONE
        raised = Standing(target.own + self.shares, elsewhere, target.basis)
        return {
            "isin": self.isin,
            "reference": self.reference,
            "shares": str(self.shares),
            **_terms_of("source", source, lowered),
            **_terms_of("target", target, raised),
        }

    def _checked(self, decision: Decision) -> dict[str, str]:
        """The terms of the decision that stands; InputError when it was about something else."""
        chains = (chain_of(self.source), chain_of(self.target))
        if decision.chains != chains or decision.terms["shares"] != str(self.shares):
            was = f"{decision.terms['shares']} shares from {' to '.join(decision.chains)}"
            raise InputError(f"stands for another move: {was}", field="reference", value=self.reference)
        return dict(decision.terms)

    def _plan(self, move: Move) -> Plan:
        found = move.side.ceilings(move.ticker, move.after.basis)
        if found not in (move.before, move.after):
            network = move.side.manifest.network
            raise Drift(f"{network}: the ceiling is {found}: neither {move.before} nor {move.after}")
        return move.side.plan_ceilings(move.ticker, move.after, self.reference)

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
