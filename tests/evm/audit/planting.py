"""Plants in a deployment, and what the audit says of them."""

from support.deployed_desk import call_as

from scrip.chains.evm import EvmNetwork
from scrip.evm.accounts import local_account
from scrip.evm.audit import audit
from scrip.reports.findings import Finding

STRANGER = local_account("stranger").address.lower()


def found(desk: EvmNetwork) -> list[tuple[str, str]]:
    return [(one.field, one.severity) for one in audit(desk)]


def only(desk: EvmNetwork) -> Finding:
    (finding,) = audit(desk)
    return finding


def as_timelock(desk: EvmNetwork, label: str, function: str, *args: object) -> None:
    call_as(desk, desk.chain.address("timelock"), desk.book.contract(label), function, *args)


def as_safe(desk: EvmNetwork, function: str, *args: object) -> None:
    safe = desk.book.contract("safe")
    call_as(desk, safe.address, safe, function, *args)
