"""The issuer's domain model: the accounting laws in exact integers, and a ledger that obeys them. No I/O.

A subject's file (`actions`, `market` …) holds its laws and the handler of each of its instructions; `state` holds what
is kept and the questions that can be asked of it; `arithmetic`, `multiplier` and `lockups` are the formulas.
"""

from scrip.model.ledger import ModelLedger, PreviewStep, Snapshot
from scrip.model.state import Action, ModelConfig, Rules

__all__ = ["Action", "ModelConfig", "ModelLedger", "PreviewStep", "Rules", "Snapshot"]
