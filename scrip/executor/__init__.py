"""Plans carried out, each step once, whenever the process is stopped: the same on every kind of chain."""

from scrip.executor.executor import (
    Event,
    Executor,
    NeverLands,
    Outcome,
    Result,
    StepFailed,
    TransactionManager,
    Watcher,
    silent,
)
from scrip.executor.progress import Ended, ended, orders_in, orders_of

__all__ = [
    "Ended",
    "Event",
    "Executor",
    "NeverLands",
    "Outcome",
    "Result",
    "StepFailed",
    "TransactionManager",
    "Watcher",
    "ended",
    "orders_in",
    "orders_of",
    "silent",
]
