"""The issuer's domain model: the accounting laws in exact integers, and a ledger that obeys them. No I/O."""

from scrip.model.actions import Action, Rules
from scrip.model.ledger import ModelConfig, ModelLedger, PreviewStep, Snapshot

__all__ = ["Action", "ModelConfig", "ModelLedger", "PreviewStep", "Rules", "Snapshot"]
