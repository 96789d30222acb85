"""The whole suite, planned and shown."""

from __future__ import annotations

from scrip.evm.deployment import plan_deployment
from scrip.evm.desk import Desk
from scrip.evm.settings import plan_settings
from scrip.plan import Plan


def suite(desk: Desk) -> Plan:
    """All that is left to do until the manifest stands and the deployer holds nothing."""
    return plan_deployment(desk)


def settings(desk: Desk, reference: str = "") -> Plan:
    """Every role, parameter and listing in which the chain is not as the manifest says."""
    return plan_settings(desk, reference)


def show(desk: Desk) -> dict[str, dict[str, str]]:
    """Every contract: its address, and the name of its ABI."""
    return {label: {"address": one.address, "contract": one.name} for label, one in desk.book}
