"""What is seldom amended: an investor's country and class."""

from __future__ import annotations

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.instructions import InvestorClass
from scrip.plan import Plan
from scrip.solana.connection import SolanaConnection
from scrip.solana.operations.common import Draft
from scrip.solana.operations.directory import standings


def set_profile(
    network: SolanaConnection,
    investor: str,
    country: int,
    investor_class: InvestorClass,
    reference: str = "",
    sender: str = "",
) -> Plan:
    """An investor's country (ISO 3166 numeric) and class; the expiry stays."""
    found = standings(network, [investor])[investor]
    if not found.known:
        raise InputError("is not in the registry", field="investor", value=investor)
    draft = Draft(network, "compliance profile", reference)
    if (found.country, found.investor_class) == (country, investor_class):
        return draft.nothing(f"{investor} is {investor_class}, {country:03d}")
    wished = f"{investor_class}, {country:03d}"
    order = ins.SetProfile(investor, country, investor_class)
    draft.order(f"{investor} is {wished}", order, sender, f"profile {investor}")
    return draft.plan()
