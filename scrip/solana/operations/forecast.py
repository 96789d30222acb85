"""What a plan would change, told by the model in the present state of the cluster."""

from __future__ import annotations

from collections.abc import Callable

from solders.pubkey import Pubkey

from scrip.evm.words import SAFE, TIMELOCK
from scrip.manifest.addresses import is_pubkey
from scrip.model.ledger import ModelLedger
from scrip.plan import Plan
from scrip.preview import Preview, preview
from scrip.solana.desk import SolanaDesk
from scrip.solana.keys import ManifestKeys
from scrip.solana.state import load_model
from scrip.subjects import Subjects, called_by_name, subjects_of


def preview_plan(desk: SolanaDesk, plan: Plan) -> Preview:
    """Every balance, multiplier, standing and bound that the plan's instructions change, and the refusal, if one comes.

    Holders are the manifest's accounts and whom the plan names; everyone else is one account, "(others)". Nothing for
    a plan without instructions, or before the program has an issuer.
    """
    call = naming(desk.keys)
    orders = [called_by_name(order, call) for step in plan.steps for order in step.instructions]
    if not orders or not desk.initialised:
        return Preview(())
    return preview(model_for(desk, subjects_of(orders)), orders)


def model_for(desk: SolanaDesk, named: Subjects) -> ModelLedger:
    """The model of whom a plan names, and of the manifest's accounts."""
    people = frozenset({*desk.manifest.accounts, SAFE, TIMELOCK})
    return load_model(desk.ledger(), named | Subjects(accounts=people))


def naming(keys: ManifestKeys) -> Callable[[str], str]:
    """What an account is called: an address by its name, where the manifest has one for it."""
    return lambda name: keys.name(Pubkey.from_string(name)) if is_pubkey(name) else name
