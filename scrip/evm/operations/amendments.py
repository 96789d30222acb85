"""What is seldom amended: an ISIN that changed, an investor's country and class, the epoch of a stock's account words.

The model has no instruction for the first and the last, so their plans say their own difference.
"""

from __future__ import annotations

from typing import get_args

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.chain import Contract
from scrip.evm.connection import EvmConnection
from scrip.evm.deploy.deployment import administrator, survey
from scrip.evm.deploy.design import call
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import CLASSES, Transaction
from scrip.evm.operations.common import by_role, plan, step_of
from scrip.evm.operations.directory import standings
from scrip.instructions import InvestorClass
from scrip.manifest.countries import country_code
from scrip.plan import Change, Plan, Step


def change_isin(network: EvmConnection, ticker: str, before: str, reference: str = "") -> Plan:
    """Record that a stock carries the manifest's ISIN from now on, and `before` no more; by who administers.

    The token, its address and the ids of its actions stay. InputError when `before` is no stock's on this network.
    """
    if ticker not in network.manifest.stocks:
        raise InputError("is no stock of the manifest", field="stock", value=ticker)
    isin, factory = network.manifest.stocks[ticker].isin, network.suite().factory
    old, new = (str(network.chain.call(factory, "tokenOf", one)) for one in (before, isin))
    name = "stock change-isin"
    if new != ZERO_ADDRESS:
        return plan(network, name, reference, (), [f"{ticker} carries {isin}"])
    if old == ZERO_ADDRESS:
        raise InputError("is no stock's on this network", field="before", value=before)
    symbol = network.chain.call(Contract("StockToken", old), "symbol")
    if symbol != ticker:
        raise InputError(f"is {symbol}'s, not {ticker}'s", field="before", value=before)
    one = Transaction(administrator(survey(network)), "factory", "StockFactory", "setIsin", (before, isin))
    step = call(f"isin {ticker} {isin}", f"{ticker} carries {isin} instead of {before}", one)
    return _amending(network, name, reference, step, Change(f"{ticker} ISIN", before, isin))


def bump_epoch(network: EvmConnection, ticker: str, reference: str = "") -> Plan:
    """Make a stock ask the registry anew about every account at its next touch; by who administers."""
    ledger = network.ledger()
    epoch = network.chain.call(ledger.token(ticker), "epoch")
    one = Transaction(administrator(survey(network)), ticker, "StockToken", "bumpEpoch")
    step = call(f"epoch {ticker} {epoch + 1}", f"{ticker} asks anew about every account", one)
    return _amending(
        network, "stock bump-epoch", reference, step, Change(f"{ticker} epoch", str(epoch), str(epoch + 1))
    )


def set_profile(
    network: EvmConnection,
    investor: str,
    country: int,
    investor_class: InvestorClass,
    reference: str = "",
    sender: str = "",
) -> Plan:
    """An investor's country (ISO 3166 numeric) and class, by COMPLIANCE; every stock learns it at once.

    InputError for an unknown investor, country or class.
    """
    if investor_class not in get_args(InvestorClass):
        raise InputError(f"is none of {', '.join(get_args(InvestorClass))}", field="class", value=investor_class)
    wished = f"{investor_class}, {country_code(country)}"
    found = standings(network.ledger(), [investor])[investor]
    if not found.known:
        raise InputError("is not in the registry", field="investor", value=investor)
    name, kind = "compliance profile", CLASSES[investor_class]
    if (found.country, found.investor_class) == (country, kind):
        return plan(network, name, reference, (), [f"{investor} is {wished}"])
    order = by_role(network.manifest, ins.SetProfile(investor, country, investor_class), sender)
    return plan(
        network, name, reference, [step_of(network.ledger(), f"profile {investor}", f"{investor} is {wished}", order)]
    )


def _amending(network: EvmConnection, name: str, reference: str, step: Step, change: Change) -> Plan:
    made = plan(network, name, reference, [step])
    return Plan(made.name, made.reference, made.steps, (change,), made.same)
