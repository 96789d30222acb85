"""Carrying a plan out: the walk that all chains share, and a lane for each kind of chain."""

from scrip.execute.walk import Executor, NeverLands, Outcome, Result, StepFailed, Watcher, silent

__all__ = ["Executor", "NeverLands", "Outcome", "Result", "StepFailed", "Watcher", "silent"]
