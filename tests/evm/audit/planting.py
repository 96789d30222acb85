"""Plants in a deployment, and what the audit says of them."""

from support.deployed_network import call_as

from scrip.chains.evm import EvmNetwork
from scrip.evm.accounts import local_account
from scrip.evm.audit import audit
from scrip.reports.findings import Finding

STRANGER = local_account("stranger").address.lower()


def found(network: EvmNetwork) -> list[tuple[str, str]]:
    return [(one.field, one.severity) for one in audit(network)]


def only(network: EvmNetwork) -> Finding:
    (finding,) = audit(network)
    return finding


def as_timelock(network: EvmNetwork, label: str, function: str, *args: object) -> None:
    call_as(network, network.chain.address("timelock"), network.book.contract(label), function, *args)


def as_safe(network: EvmNetwork, function: str, *args: object) -> None:
    safe = network.book.contract("safe")
    call_as(network, safe.address, safe, function, *args)
