"""What a plan would change, told by the model in the present state of the chain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from scrip import instructions as ins
from scrip.evm import mocks
from scrip.evm.connection import EvmConnection
from scrip.evm.handlers.feeds import DATA_STREAM, MOCK_DECIMALS
from scrip.evm.handlers.market import check_decimals
from scrip.evm.labels import role
from scrip.evm.state.snapshot import load_model
from scrip.instructions.subjects import Subjects, called_by_name, subjects_of
from scrip.labels import IMPLEMENTATIONS, LABELS, SAFE, STABLECOIN, TIMELOCK
from scrip.model.ledger import ModelLedger
from scrip.model.state import PriceSource
from scrip.plan import Address, Plan, Step
from scrip.preview import Preview, preview
from scrip.roles import ADMIN, EVM_ROLES


def preview_plan(network: EvmConnection, plan: Plan) -> Preview:
    """Every balance, multiplier, clearance and bound that a plan's instructions change, and the refusal if one comes.

    Holders are the manifest's accounts and whom the plan names; everyone else is one account, "(others)". Nothing for
    a plan without instructions, or before there is a suite. InputError where a quote is settled in a coin that counts
    in other decimals.
    """
    orders = [called_by_name(order, network.chain.name) for step in plan.steps for order in step.instructions]
    deployed = all(label in network.book for label in (*LABELS, *IMPLEMENTATIONS, STABLECOIN))
    if not orders or not deployed:
        return Preview(())
    if any(isinstance(order, ins.Mint | ins.Redeem) for order in orders):
        check_decimals(network.chain, network.suite().stablecoin, "settlement")
    model = with_sources(with_grants(model_for(network, subjects_of(orders)), plan.steps), plan.steps)
    return preview(model, orders)


def model_for(network: EvmConnection, named: Subjects) -> ModelLedger:
    """The model of whom a plan names, and of the manifest's accounts."""
    people = frozenset({*network.manifest.accounts, SAFE, TIMELOCK})
    return load_model(network.ledger(), named | Subjects(accounts=people))


def with_sources(model: ModelLedger, steps: Iterable[Step]) -> ModelLedger:
    """The model, in which the price sources that the steps deploy stand already and have said nothing."""
    for step in steps:
        if not step.function and step.contract == mocks.PRICE_SOURCE:
            model.prices.sources.setdefault(step.label, PriceSource(MOCK_DECIMALS))
        elif not step.function and step.contract == DATA_STREAM and isinstance(decimals := step.args[-1], int):
            model.prices.sources.setdefault(step.label, PriceSource(decimals))
    return model


def with_grants(model: ModelLedger, steps: Iterable[Step]) -> ModelLedger:
    """The model, in which whom the steps grant a role holds it already: the model has no instruction for that."""
    holders = dict(model.config.holders or {})
    for step in steps:
        if step.to == "roles" and step.function == "grantRole":
            identity, account = step.args
            for name in (*EVM_ROLES, ADMIN):
                if identity == role(name) and isinstance(account, Address):
                    holders[name] = holders.get(name, frozenset()) | {account.name}
    model.config = replace(model.config, holders=holders)
    return model
