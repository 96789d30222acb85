"""A plan carried out on a copy of the accounts that it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrip.plan import Plan

if TYPE_CHECKING:
    from scrip.reports.rehearsal import Report
    from scrip.solana.connection import SolanaConnection
    from scrip.solana.deploy.suite import Build


def rehearse(network: SolanaConnection, plan: Plan, release: Build | None = None) -> Report:
    """Nothing is sent to the network; what the rehearsal showed."""
    from scrip.solana.rehearse.rehearse import rehearse as on_a_copy

    return on_a_copy(network, plan, release)
