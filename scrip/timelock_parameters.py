"""Bounds of the delay before what needs ADMIN, which scrip.parameters hands on with all others."""

from __future__ import annotations

from scrip.bounds import DAY, Chosen, Fixed

__all__ = [
    "MAX_CALL_ACCOUNTS",
    "MAX_CALL_DATA",
    "OPERATION_LIFE",
    "PUBLIC_TIMELOCK_DELAY",
    "SOLANA_DELAY_FLOOR",
    "TIMELOCK_CALLS",
    "TIMELOCK_DELAY",
    "TIMELOCK_PAYLOAD",
]

TIMELOCK_DELAY = Chosen(
    name="timelock_delay",
    unit="seconds",
    what="from proposing what needs ADMIN to carrying it out",
    ceiling=30 * DAY,
    set_in="timelock.delay",
    read_in=("stock-token", "scrip.manifest"),
)
SOLANA_DELAY_FLOOR = Fixed(
    name="solana_delay_floor",
    unit="seconds",
    what="the least that the timelock of Solana's own program waits",
    value=3_600,
    read_in=("stock-token", "scrip.solana"),
)
MAX_CALL_ACCOUNTS = Fixed(
    name="max_call_accounts",
    unit="count",
    what="accounts that an operation of that timelock names: the program's largest instruction of ADMIN's has twelve",
    value=16,
    read_in=("stock-token",),
)
MAX_CALL_DATA = Fixed(
    name="max_call_data",
    unit="bytes",
    what="data of such an operation: one that is longer would not fit the transaction that schedules it",
    value=256,
    read_in=("stock-token",),
)
OPERATION_LIFE = Fixed(
    name="operation_life",
    unit="seconds",
    what="for which an operation may be carried out once it is ready: what waited in quiet times ends no later halt",
    value=14 * DAY,
    read_in=("stock-token", "Timelock", "scrip.flows", "scrip.solana"),
)
PUBLIC_TIMELOCK_DELAY = Chosen(
    name="public_timelock_delay",
    unit="seconds",
    what="the same on a public network",
    floor=DAY,
    ceiling=TIMELOCK_DELAY.ceiling,
    set_in="timelock.delay",
    read_in=("scrip.manifest",),
)
TIMELOCK_CALLS = Fixed(
    name="timelock_calls",
    unit="count",
    what="calls in one operation of the timelock: sixteen of the dearest stay far below a transaction's gas",
    value=16,
    read_in=("scrip.evm",),
)
TIMELOCK_PAYLOAD = Fixed(
    name="timelock_payload",
    unit="bytes",
    what="calldata that the timelock takes for one call",
    value=1_024,
    read_in=("Timelock", "scrip.evm"),
)
