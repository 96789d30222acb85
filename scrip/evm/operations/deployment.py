"""The whole suite, planned and shown."""

from __future__ import annotations

from scrip.evm.connection import EvmConnection
from scrip.evm.deploy.deployment import plan_deployment
from scrip.evm.deploy.settings import plan_settings
from scrip.plan import Plan


def suite(network: EvmConnection) -> Plan:
    """All that is left to do until the manifest stands and the deployer holds nothing."""
    return plan_deployment(network)


def settings(network: EvmConnection, reference: str = "") -> Plan:
    """Every role, parameter and listing in which the chain is not as the manifest says."""
    return plan_settings(network, reference)


def show(network: EvmConnection) -> dict[str, dict[str, str]]:
    """Every contract: its address, and the name of its ABI."""
    return {label: {"address": one.address, "contract": one.name} for label, one in network.book}
