"""The instructions about lost wallets: a fresh wallet takes the place of an investor's lost or stolen one."""

from __future__ import annotations

from collections.abc import Iterable

from scrip import parameters
from scrip.errors import Refusal
from scrip.instructions.base import check_count
from scrip.instructions.recovery import MAX_RECOVERED, RecoverIn, RecoverWallet
from scrip.ledger.handlers import Handlers
from scrip.model.investors import check_address
from scrip.model.laws import lockups
from scrip.model.laws.arithmetic import U256_MAX
from scrip.model.reasons import check_reason
from scrip.model.state import Account, Investors, State, Token
from scrip.model.state.token import check_receiver

HANDLERS: Handlers[State, None] = Handlers("the model")

MAX_CHAIN = parameters.MAX_SUCCESSIONS.value


@HANDLERS.of(RecoverWallet)
def recover_wallet(state: State, order: RecoverWallet) -> None:
    """Put a fresh wallet in a lost one's place, with what it has in some stocks.

    Refuses, in order: keys: used, unknown investor, reason and document, unknown wallet (`old`), wallet known (`new`),
    zero address, wallet blocked, sanctions: listed, sanctions: no answer, too many recoveries, not a stock; InputError
    for too many stocks.
    """
    check_count("stocks", order.stocks, MAX_RECOVERED)
    investors = state.investors
    _check(investors, order)
    tokens = _tokens(state, order.stocks)
    investors.succeed(order.investor, order.old, order.new)
    investors.keys.consume(order.key)
    for token in tokens:
        hand_over(token, order.old, order.new, state.now)


@HANDLERS.of(RecoverIn)
def recover_in(state: State, order: RecoverIn) -> None:
    """Move what a recovered wallet has in further stocks to its successor.

    Refuses, in order: no successor, unknown wallet (the successor is not that investor's any more), not a stock, then
    for each stock ERC20InvalidReceiver, ERC7943CannotTransfer (to itself); InputError for too many stocks.
    """
    check_count("stocks", order.stocks, MAX_RECOVERED)
    heir = _heir(state.investors, order.old)
    for token in _tokens(state, order.stocks):
        hand_over(token, order.old, heir, state.now)


def _check(investors: Investors, order: RecoverWallet) -> None:
    investors.keys.check(order.key)
    record = investors.record_of(order.investor)
    check_reason("registry", order.reason, order.document)
    if order.old not in record.wallets:
        raise Refusal("registry: unknown wallet", order.old)
    investors.check_stranger(order.new)
    check_address(order.new)
    investors.check_attachable(order.new)
    if investors.recoveries_before(order.old) >= MAX_CHAIN:
        raise Refusal("registry: too many recoveries", order.old)


def _heir(investors: Investors, old: str) -> str:
    """The account that has what a recovered wallet had."""
    if old not in investors.successors:
        raise Refusal("registry: no successor", old)
    if not (last := investors.successor_of(old)):
        raise Refusal("registry: unknown wallet", old)
    return last


def _tokens(state: State, stocks: Iterable[str]) -> list[Token]:
    """The tokens of these stocks. Refuses: not a stock."""
    for stock in stocks:
        if stock not in state.stocks:
            raise Refusal("registry: not a stock", stock)
    return [state.stocks[stock].token for stock in stocks]


def hand_over(token: Token, account: str, successor: str, now: int) -> None:
    """Let the successor take over all that the account has here, whatever the state of anything. Allowances stay.

    A successor that is given anything is enrolled.
    """
    check_receiver(successor)
    if account == successor:
        raise Refusal("ERC7943CannotTransfer", successor)
    old = token.account(account)
    held = lockups.running(old.lockups, now)
    if old.balance or old.frozen or old.frozen_tokens or held or old.case:
        heir = token.enrol(successor)
        heir.balance += old.balance
        heir.frozen |= old.frozen
        heir.frozen_tokens = min(heir.frozen_tokens + old.frozen_tokens, U256_MAX)
        heir.case |= old.case
        for tranche in held:
            heir.lockups = lockups.added(heir.lockups, tranche, now)
    token.accounts[account] = Account(enrolled=old.enrolled, asked=True)
    token.holders.settle()
