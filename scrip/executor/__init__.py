"""Carrying a plan out, once, whenever it is stopped: the same on every kind of chain."""

from scrip.executor.executor import (
    Executor,
    NeverLands,
    Outcome,
    Result,
    StepFailed,
    TransactionManager,
    Watcher,
    silent,
)

__all__ = ["Executor", "NeverLands", "Outcome", "Result", "StepFailed", "TransactionManager", "Watcher", "silent"]
