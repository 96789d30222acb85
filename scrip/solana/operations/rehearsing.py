"""A plan carried out on a copy of the accounts that it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrip.plan import Plan

if TYPE_CHECKING:
    from scrip.rehearsal import Report
    from scrip.solana.desk import SolanaDesk
    from scrip.solana.suite import Build


def rehearse(desk: SolanaDesk, plan: Plan, release: Build | None = None) -> Report:
    """Nothing is sent to the network; what the rehearsal showed."""
    from scrip.solana.rehearse import rehearse as on_a_copy

    return on_a_copy(desk, plan, release)
