"""Bounds of votes at meetings, which scrip.parameters hands on with all others."""

from __future__ import annotations

from scrip.bounds import DAY, Fixed, Setting

__all__ = ["MAX_RESOLUTIONS", "VOTE_LEAD"]

MAX_RESOLUTIONS = Fixed(
    name="max_resolutions",
    unit="count",
    what="resolutions of one vote",
    value=64,
    read_in=("Ballot", "scrip.model", "scrip.voting", "scripts"),
)
VOTE_LEAD = Setting(
    name="vote_lead",
    unit="seconds",
    what="how long before the meeting's last instructions holders' votes end, where the desk names no other instant",
    default=DAY,
    floor=0,
    ceiling=30 * DAY,
    set_in="voting.lead",
    read_in=("scrip.manifest",),
)
