"""What a plan would change, told by the model in the present state of the chain."""

from __future__ import annotations

from scrip.evm.desk import Desk
from scrip.evm.state import load_model
from scrip.evm.words import IMPLEMENTATIONS, LABELS, SAFE, STABLECOIN, TIMELOCK
from scrip.model.ledger import ModelLedger
from scrip.plan import Plan
from scrip.preview import Preview, preview
from scrip.subjects import Subjects, called_by_name, subjects_of


def preview_plan(desk: Desk, plan: Plan) -> Preview:
    """Every balance, multiplier, standing and bound that the plan's instructions change, and the refusal, if one comes.

    Holders are the manifest's accounts and whom the plan names; everyone else is one account, "(others)". Nothing for
    a plan without instructions, or before there is a suite.
    """
    orders = [called_by_name(order, desk.chain.name) for step in plan.steps for order in step.instructions]
    deployed = all(label in desk.book for label in (*LABELS, *IMPLEMENTATIONS, STABLECOIN))
    if not orders or not deployed:
        return Preview(())
    return preview(model_for(desk, subjects_of(orders)), orders)


def model_for(desk: Desk, named: Subjects) -> ModelLedger:
    """The model of whom a plan names, and of the manifest's accounts."""
    people = frozenset({*desk.manifest.accounts, SAFE, TIMELOCK})
    return load_model(desk.ledger(), named | Subjects(accounts=people))
