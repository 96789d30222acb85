"""The instructions about the sanctions oracle."""

from __future__ import annotations

from scrip.errors import Refusal
from scrip.instructions.base import check_count
from scrip.instructions.sanctions import (
    MAX_SCREENED,
    SANCTIONS_ORACLE,
    AnswerSanctions,
    Screen,
    SetSanctionsOracle,
    SuspendSanctionsOracle,
)
from scrip.ledger.handlers import Handlers
from scrip.model.state import Investors, Sanctions, State

HANDLERS: Handlers[State, None] = Handlers("the model")


@HANDLERS.of(SetSanctionsOracle)
def set_oracle(state: State, order: SetSanctionsOracle) -> None:
    """Name the oracle, which ends a suspension. Refuses: not a contract (what is not among the config's oracles)."""
    if order.oracle and order.oracle not in state.config.oracles:
        raise Refusal("sanctions: not a contract", order.oracle)
    sanctions = state.investors.sanctions
    sanctions.oracle, sanctions.suspended = order.oracle, False


@HANDLERS.of(SuspendSanctionsOracle)
def suspend_oracle(state: State, _: SuspendSanctionsOracle) -> None:
    """Ask the oracle no longer. Refuses, in order: no oracle, suspended."""
    sanctions = state.investors.sanctions
    _check_heard(sanctions)
    sanctions.suspended = True


@HANDLERS.of(Screen)
def screen(state: State, order: Screen) -> None:
    """Look addresses up and block those that are listed.

    Refuses, in order: no oracle, suspended, no answer (about any); InputError for too many.
    """
    check_count("wallets", order.wallets, MAX_SCREENED)
    investors = state.investors
    _check_heard(investors.sanctions)
    found = {wallet: investors.sanctions.answer(wallet) for wallet in order.wallets}
    silent = [wallet for wallet, answer in found.items() if answer == "none"]
    if silent:
        raise Refusal("sanctions: no answer", silent[0])
    for wallet, answer in found.items():
        if answer == "listed" and wallet:
            _block(investors, wallet)


@HANDLERS.of(AnswerSanctions)
def answer(state: State, order: AnswerSanctions) -> None:
    """Teach the mock of the oracle what to say."""
    state.investors.sanctions.teach(SANCTIONS_ORACLE, order.account, order.answer)


def _check_heard(sanctions: Sanctions) -> None:
    if not sanctions.oracle:
        raise Refusal("sanctions: no oracle")
    if sanctions.suspended:
        raise Refusal("sanctions: suspended", sanctions.oracle)


def _block(investors: Investors, wallet: str) -> None:
    """Block the wallet's investor, or the wallet itself where it has none."""
    investor = investors.investor_of(wallet)
    if investor is None:
        investors.block_stranger(wallet, True)
    else:
        investors.records[investor].blocked = True
