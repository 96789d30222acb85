"""Carrying a plan out: the walk that all chains share, and a transaction manager for each kind of chain."""

from scrip.executor.executor import Executor, NeverLands, Outcome, Result, StepFailed, Watcher, silent

__all__ = ["Executor", "NeverLands", "Outcome", "Result", "StepFailed", "Watcher", "silent"]
