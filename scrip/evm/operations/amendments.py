"""What is seldom amended: an ISIN that changed, an investor's country and class, the epoch of a stock's account words.

The model has no instruction for the first and the last, so their plans say their own difference.
"""

from __future__ import annotations

from typing import get_args

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.abi import ZERO_ADDRESS
from scrip.evm.chain import Contract
from scrip.evm.deployment import administrator, survey
from scrip.evm.design import call
from scrip.evm.desk import Desk
from scrip.evm.operations.common import by_role, plan, step_of
from scrip.evm.operations.directory import standings
from scrip.evm.transactions import CLASSES, Transaction
from scrip.instructions import InvestorClass
from scrip.manifest.countries import country_code
from scrip.plan import Change, Plan, Step


def change_isin(desk: Desk, ticker: str, before: str, reference: str = "") -> Plan:
    """Record that a stock carries the manifest's ISIN from now on, and `before` no more; by who administers.

    The token, its address and the ids of its actions stay. InputError when `before` is no stock's on this network.
    """
    if ticker not in desk.manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=ticker)
    isin, factory = desk.manifest.stocks[ticker].isin, desk.suite().factory
    old, new = (str(desk.chain.call(factory, "tokenOf", one)) for one in (before, isin))
    name = "stock change-isin"
    if new != ZERO_ADDRESS:
        return plan(desk, name, reference, (), [f"{ticker} carries {isin}"])
    if old == ZERO_ADDRESS:
        raise InputError("is no stock's on this network", field="before", value=before)
    symbol = desk.chain.call(Contract("StockToken", old), "symbol")
    if symbol != ticker:
        raise InputError(f"is {symbol}'s, not {ticker}'s", field="before", value=before)
    one = Transaction(administrator(survey(desk)), "factory", "StockFactory", "setIsin", (before, isin))
    step = call(f"isin {ticker} {isin}", f"{ticker} carries {isin} instead of {before}", one)
    return _amending(desk, name, reference, step, Change(f"{ticker} ISIN", before, isin))


def bump_epoch(desk: Desk, ticker: str, reference: str = "") -> Plan:
    """Make a stock ask the registry anew about every account at its next touch; by who administers."""
    ledger = desk.ledger()
    epoch = desk.chain.call(ledger.token(ticker), "epoch")
    one = Transaction(administrator(survey(desk)), ticker, "StockToken", "bumpEpoch")
    step = call(f"epoch {ticker} {epoch + 1}", f"{ticker} asks anew about every account", one)
    return _amending(desk, "stock bump-epoch", reference, step, Change(f"{ticker} epoch", str(epoch), str(epoch + 1)))


def set_profile(
    desk: Desk, investor: str, country: int, investor_class: InvestorClass, reference: str = "", sender: str = ""
) -> Plan:
    """An investor's country (ISO 3166 numeric) and class, by COMPLIANCE; every stock learns it at once.

    InputError for an unknown investor, country or class.
    """
    if investor_class not in get_args(InvestorClass):
        raise InputError(f"is none of {', '.join(get_args(InvestorClass))}", field="class", value=investor_class)
    wished = f"{investor_class}, {country_code(country)}"
    found = standings(desk.ledger(), [investor])[investor]
    if not found.known:
        raise InputError("is not in the registry", field="investor", value=investor)
    name, kind = "compliance profile", CLASSES[investor_class]
    if (found.country, found.investor_class) == (country, kind):
        return plan(desk, name, reference, (), [f"{investor} is {wished}"])
    order = by_role(desk.manifest, ins.SetProfile(investor, country, investor_class), sender)
    return plan(
        desk, name, reference, [step_of(desk.ledger(), f"profile {investor}", f"{investor} is {wished}", order)]
    )


def _amending(desk: Desk, name: str, reference: str, step: Step, change: Change) -> Plan:
    made = plan(desk, name, reference, [step])
    return Plan(made.name, made.reference, made.steps, (change,), made.same)
