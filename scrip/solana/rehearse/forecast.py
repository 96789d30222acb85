"""What a plan would change, told by the model in the present state of the cluster."""

from __future__ import annotations

from collections.abc import Callable

from solders.pubkey import Pubkey

from scrip.instructions.subjects import Subjects, called_by_name, subjects_of
from scrip.labels import SAFE, TIMELOCK
from scrip.manifest.addresses import is_pubkey
from scrip.model.ledger import ModelLedger
from scrip.plan import Plan
from scrip.preview import Preview, preview
from scrip.solana.connection import SolanaConnection
from scrip.solana.connection.keys import ManifestKeys
from scrip.solana.state.snapshot import load_model


def preview_plan(network: SolanaConnection, plan: Plan) -> Preview:
    """Every balance, multiplier, clearance and bound that a plan's instructions change, and the refusal if one comes.

    Holders are the manifest's accounts and whom the plan names; everyone else is one account, "(others)". Nothing for
    a plan without instructions, or before the program has an issuer.
    """
    call = naming(network.keys)
    orders = [called_by_name(order, call) for step in plan.steps for order in step.instructions]
    if not orders or not network.initialised:
        return Preview(())
    return preview(model_for(network, subjects_of(orders)), orders)


def model_for(network: SolanaConnection, named: Subjects) -> ModelLedger:
    """The model of whom a plan names, and of the manifest's accounts."""
    people = frozenset({*network.manifest.accounts, SAFE, TIMELOCK})
    return load_model(network.ledger(), named | Subjects(accounts=people))


def naming(keys: ManifestKeys) -> Callable[[str], str]:
    """What an account is called: an address by its name, where the manifest has one for it."""
    return lambda name: keys.name(Pubkey.from_string(name)) if is_pubkey(name) else name
