"""Model, contracts (revm) and program (LiteSVM), given the same random instructions, answer alike."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import initialize, run_state_machine_as_test
from machine.lapse_rules import ALL_RULES, FullRules
from machine.rules import DAY, RESERVE, open_market
from machine.test_evm_agrees import EXPLORE, START, STEPS, prepared
from machine.three_way import LAG, SolanaTwins, ThreeTwins
from machine.twins import DONE, Twins
from support.days import ex_of

from scrip import instructions as ins
from scrip.units import NO_WAD, WAD, Shares, Wad

EXAMPLES = int(os.environ.get("SCRIP_MACHINE_ALL_EXAMPLES", "20"))
AT_ONCE = ("finer_amount", "lapse", "crank")
"""What every example begins with, so that no run is without it."""


def attested_alone(evm: Twins, stock: str) -> None:
    """Take the aggregator of a stock, which Solana has none of: from here on its nonces are those of Solana's."""
    terms = 30 * DAY, 50, Shares(RESERVE)
    evm.must(ins.ConfigureReserve(stock, *terms, source="attested"))


def all_ledgers() -> ThreeTwins:
    """Both models and both chains, the EVM on revm, with the same stocks, holders and reserves."""
    evm, solana = prepared("revm").start(), SolanaTwins(START)
    open_market(solana)
    attested_alone(evm, "OPEN")
    both = ThreeTwins(evm, solana)
    both.advance_to(START + 1)
    both.must(ins.AttestReserve("OPEN", Shares(RESERVE)))
    return both


class AllRules(FullRules):
    """The machine over the EVM's model, revm, Solana's model and a LiteSVM of its own for each example."""

    def start(self) -> Twins:
        return all_ledgers()

    @initialize()
    def where_chains_differ(self) -> None:
        """An amount too fine for Solana; a lapse with a transfer before the crank; a lapse with the crank first."""
        self.finer_amount("ACME", "alice", "bob", 1, 1)
        self.lapse("ACME", "inv-alice", "bob", "trade", True)
        self.lapse("ACME", "inv-bob", "alice", "crank", True)


def test_all_ledgers_agree(record_property: Callable[[str, object], None]) -> None:
    """Whatever is asked, in whatever order, all do it or all refuse it by the same name."""

    class Run(AllRules):
        counts: Counter[str] = Counter()
        answers: Counter[str] = Counter()

    run_state_machine_as_test(
        Run if EXPLORE else seed(3)(Run),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
            phases=(Phase.generate,),
        ),
    )
    lag = f"{Run.answers[LAG]} transfers passed before the crank"
    lines = [f"{EXAMPLES} examples of up to {STEPS} steps on both chains, {lag}; by rule, carried out (refused):"]
    lines += [f"  {name:<22}{Run.counts[name]:>6} ({Run.counts[f'{name} refused']})" for name in ALL_RULES]
    refusals = sorted(set(Run.answers) - {DONE, LAG})
    lines += [f"{len(refusals)} different refusals: {', '.join(refusals)}"]
    record_property("summary", "\n".join(lines))
    assert Run.answers[LAG] >= EXAMPLES
    assert all(Run.counts[name] >= EXAMPLES for name in AT_ONCE)


def test_corrections_and_folds_agree() -> None:
    """What ADMIN does to a multiplier is done, or refused by the same name, by the models and on every chain alike."""
    both = all_ledgers()
    both.watch_all()

    def agree() -> None:
        both.compare_multiplier("OPEN", ["alice", "bob"])
        both.compare_coverage("OPEN")
        both.solana.compare_coverage("OPEN")

    def answers(expected: str, order: ins.Instruction) -> None:
        assert both.apply(order) == expected, order
        agree()

    def wait(seconds: int) -> None:
        both.advance_to(both.model.now() + seconds)
        agree()

    def carried(code: str, reference: str, price: Wad = NO_WAD, expected: str = DONE, **terms: int) -> None:
        at = both.model.now() + 2 * DAY
        answers(DONE, ins.Announce("OPEN", code, reference, ex_of(at), at, **terms))
        answers(expected, ins.Schedule("OPEN", code, reference, price))
        if expected == DONE:
            wait(2 * DAY)

    def correct(reference: str, index: int, after: int, **changes: object) -> ins.Correct:
        order = ins.Correct("OPEN", reference, Wad(index), both.model.now() + after, 7, "minutes")
        return replace(order, **changes)

    at = both.model.now() + 2 * DAY
    carried("DRIP", "first", Wad(4 * WAD), gross=WAD, pay=at)
    answers("roles: not authorised", correct("c", WAD, 2 * DAY, by="mallory"))
    answers("actions: reason and document", correct("c", WAD, 2 * DAY, reason=0))
    answers("actions: effective in the past", correct("c", WAD, 0))
    answers("actions: bad terms", correct("c", WAD, 1 << 40))
    answers("actions: notice too short", correct("c", WAD, DAY - 1))
    answers("actions: no effect", correct("c", WAD * 5 // 4, DAY))
    answers("actions: pair does not fit", correct("c", 1 << 96, DAY))
    answers("actions: unknown stock", correct("c", WAD, DAY, stock="NONE"))
    answers(DONE, correct("c", WAD * 9 // 10, DAY))
    answers("actions: slot taken", correct("d", WAD, DAY))
    answers("actions: slot taken", ins.Fold("OPEN", "f", Wad(WAD), 1, 1, 7, "minutes"))
    carried("SPLF", "beside", expected="actions: slot taken", num=3, den=2)
    wait(DAY)
    answers("actions: not cancellable", ins.Cancel("OPEN", "CORR", "c", 7, "minutes"))
    answers(DONE, correct("e", WAD * 8 // 9, 2 * DAY))
    answers(DONE, ins.Cancel("OPEN", "CORR", "e", 7, "minutes"))
    answers("actions: already announced", correct("e", WAD * 8 // 9, 2 * DAY))
    answers(DONE, ins.Cancel("OPEN", "SPLF", "beside", 7, "minutes"))
    carried("SPLF", "split", num=3, den=2)
    fold = ins.Fold("OPEN", "f", Wad(WAD * 27 // 20), 1, 1, 7, "minutes")
    answers("actions: bad terms", replace(fold, num=3, den=2))
    answers("actions: bad terms", replace(fold, num=0))
    answers("actions: bad terms", replace(fold, num=2, den=2))
    answers("actions: not the same multiplier", replace(fold, index=Wad(fold.index + 1)))
    answers("reserve: basis unconfirmed", fold)
    answers(DONE, ins.SetBasis("OPEN"))
    answers(DONE, ins.AttestReserve("OPEN", Shares(RESERVE * 3 / 2)))
    answers(DONE, fold)
    answers("actions: slot taken", correct("g", WAD, 2 * DAY))
    answers("actions: not cancellable", ins.Cancel("OPEN", "FOLD", "f", 7, "minutes"))
    wait(1)
    carried("SPLF", "unconfirmed", expected="reserve: basis unconfirmed", num=3, den=2)
    answers(DONE, ins.Cancel("OPEN", "SPLF", "unconfirmed", 7, "minutes"))
    answers(DONE, ins.AttestReserve("OPEN", Shares(RESERVE * 3 / 2), basis=ins.Basis(1, 1, 2)))
    answers(DONE, ins.ConfirmBasis("OPEN"))
    # The bound on a year's rise reads past indices at the fold's ratio: from 1.5 on, and not from 1.
    at = both.model.now() + 2 * DAY
    carried("DRIP", "near", Wad(4 * WAD), gross=WAD, pay=at)
    at = both.model.now() + 2 * DAY
    carried("DRIP", "far", Wad(4 * WAD), gross=WAD, pay=at)
    at = both.model.now() + 2 * DAY
    carried("DRIP", "too far", Wad(4 * WAD), expected="actions: rate bound", gross=WAD, pay=at)
