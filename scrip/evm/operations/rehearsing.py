"""A plan carried out on a fork."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrip.plan import Plan

if TYPE_CHECKING:
    from scrip.evm.desk import Desk
    from scrip.evm.rehearse import Report
    from scrip.evm.release import Release


def rehearse(desk: Desk, plan: Plan, release: Release | None = None) -> Report:
    """Nothing is sent to the network; what the rehearsal showed."""
    from scrip.evm.rehearse import rehearse as on_a_fork

    return on_a_fork(desk, plan, release)
