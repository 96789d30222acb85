"""A plan carried out on a fork."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrip.plan import Plan

if TYPE_CHECKING:
    from scrip.evm.compiled.release import Release
    from scrip.evm.connection import EvmConnection
    from scrip.evm.rehearse.rehearse import Report


def rehearse(network: EvmConnection, plan: Plan, release: Release | None = None) -> Report:
    """Nothing is sent to the network; what the rehearsal showed."""
    from scrip.evm.rehearse.rehearse import rehearse as on_a_fork

    return on_a_fork(network, plan, release)
