"""What is to be sent to a chain, in order, as values that a person can read before anything is signed."""

from scrip.plan.steps import Address, Change, Packed, Payload, Plan, Step, StepKey, step_id

__all__ = ["Address", "Change", "Packed", "Payload", "Plan", "Step", "StepKey", "step_id"]
