"""The instructions about the sanctions oracle: one that is asked, and on Solana one that signs lists."""

from __future__ import annotations

from scrip.errors import InputError, Refusal
from scrip.instructions.base import check_count
from scrip.instructions.dividends import word
from scrip.instructions.sanctions import (
    MAX_SCREENED,
    SANCTIONS_ORACLE,
    AnswerSanctions,
    PublishList,
    Screen,
    SetSanctionsOracle,
    SuspendSanctionsOracle,
)
from scrip.ledger.handlers import Handlers
from scrip.model.laws.sanctions_list import Gap
from scrip.model.state import Investors, Sanctions, State
from scrip.model.state.sanctions import SanctionsList
from scrip.parameters import MAX_LIST_LIFE

HANDLERS: Handlers[State, None] = Handlers("the model")


@HANDLERS.of(SetSanctionsOracle)
def set_oracle(state: State, order: SetSanctionsOracle) -> None:
    """Name the oracle, which ends a suspension. Refuses: not a contract (what is not among the config's oracles)."""
    if state.traits.signed_sanctions:
        _name_signer(state, order.oracle)
        return
    if order.oracle and order.oracle not in state.config.oracles:
        raise Refusal("sanctions: not a contract", order.oracle)
    sanctions = state.investors.sanctions
    sanctions.oracle, sanctions.suspended = order.oracle, False


@HANDLERS.of(SuspendSanctionsOracle)
def suspend_oracle(state: State, _: SuspendSanctionsOracle) -> None:
    """Ask the oracle no longer. Refuses, in order: no oracle, suspended."""
    if state.traits.signed_sanctions:
        kept = state.investors.sanctions_list
        kept.check_heard()
        kept.suspended = True
        return
    sanctions = state.investors.sanctions
    _check_heard(sanctions)
    sanctions.suspended = True


@HANDLERS.of(Screen)
def screen(state: State, order: Screen) -> None:
    """Look addresses up and block those that are listed.

    Refuses, in order: no oracle, suspended, no answer (about any); InputError for too many. By a list: no oracle,
    suspended, then of each bad proof (not of the list that counts, or of another gap), expired (of one that is absent).
    """
    check_count("wallets", order.wallets, MAX_SCREENED)
    if state.traits.signed_sanctions:
        _look_up(state, order)
        return
    investors = state.investors
    _check_heard(investors.sanctions)
    found = {wallet: investors.sanctions.answer(wallet) for wallet in order.wallets}
    silent = [wallet for wallet, answer in found.items() if answer == "none"]
    if silent:
        raise Refusal("sanctions: no answer", silent[0])
    for wallet, answer in found.items():
        if answer == "listed" and wallet:
            _block(investors, wallet)


@HANDLERS.of(PublishList)
def publish_list(state: State, order: PublishList) -> None:
    """Put a signed list in the place of the one that counts.

    Refuses, in order: no oracle, suspended, old list, expired, bad term, bad signature.
    """
    kept, now = state.investors.sanctions_list, state.now
    kept.check_heard()
    if order.serial <= kept.serial:
        raise Refusal("sanctions: old list", f"{order.serial} is not above {kept.serial}")
    if now >= order.expiry:
        raise Refusal("sanctions: expired", f"at {order.expiry}")
    issued = max(kept.since, kept.issued) <= order.issued <= now
    if not issued or order.expiry - order.issued > MAX_LIST_LIFE.value:
        raise Refusal("sanctions: bad term", f"{order.issued} to {order.expiry}")
    if order.forged or order.oracle != kept.oracle:
        raise Refusal("sanctions: bad signature", order.oracle)
    kept.root, kept.serial, kept.issued, kept.expiry = (
        word(order.root, "root"),
        order.serial,
        order.issued,
        order.expiry,
    )


def _name_signer(state: State, oracle: str) -> None:
    """Naming whoever is heard already changes nothing; any other naming begins anew."""
    kept = state.investors.sanctions_list
    if oracle != kept.oracle or kept.suspended:
        state.investors.sanctions_list = SanctionsList(kept.strict, oracle, state.now, shown=kept.shown)


def _look_up(state: State, order: Screen) -> None:
    investors, kept = state.investors, state.investors.sanctions_list
    kept.check_heard()
    gaps = [Gap.of(one) for one in order.gaps]
    if len(gaps) != len(order.wallets):
        raise InputError("are not one for each wallet", field="gaps", value=len(gaps))
    hits: list[str] = []
    absent: list[str] = []
    for wallet, gap in zip(order.wallets, gaps, strict=True):
        address = state.account_word(wallet)
        if not wallet or not gap.answers(address) or gap.root() != kept.root:
            raise Refusal("sanctions: bad proof", wallet)
        if not gap.lists(address):
            kept.check_live(state.now)
        (hits if gap.lists(address) else absent).append(wallet)
    for wallet in hits:
        _block(investors, wallet)
        investor = investors.investor_of(wallet)
        state.shut([wallet] if investor is None else investors.records[investor].wallets)
    kept.shown |= dict.fromkeys(absent, kept.root)


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
