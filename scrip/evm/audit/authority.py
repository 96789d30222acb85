"""Who holds power: every role of Roles and of the Timelock, from their events and confirmed by asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scrip.errors import ScripError
from scrip.evm.audit import dividends, offers, vaults
from scrip.evm.audit.code import delegate
from scrip.evm.audit.evidence import Evidence
from scrip.evm.audit.logs import RoleHistory, read_history
from scrip.evm.chain import Call, Contract
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.labels import ADMIN, VAULT, role
from scrip.reports.findings import Finding, Severity
from scrip.roles import EVM_ROLES

PROPOSER, EXECUTOR, CANCELLER = (role(f"{name}_ROLE") for name in ("PROPOSER", "EXECUTOR", "CANCELLER"))
TIMELOCK_NAMES = {ADMIN: "ADMIN", PROPOSER: "PROPOSER", EXECUTOR: "EXECUTOR", CANCELLER: "CANCELLER"}

Holders = Mapping[bytes, frozenset[str]]
"""Accounts by role."""


def authority(evidence: Evidence) -> Iterator[Finding]:
    """Find every role that the chain gives otherwise than the manifest; a role that no manifest knows is nobody's."""
    suite = evidence.suite
    names = {ADMIN: "ADMIN"} | {role(name): name for name in (*EVM_ROLES, "MINTER", "FACTORY", VAULT)}
    yield from _table("roles", evidence, suite.roles, names, _wanted_roles(evidence))
    yield from _table("timelock", evidence, suite.timelock, TIMELOCK_NAMES, _wanted_timelock(evidence))
    yield from _delay(evidence)


def _wanted_roles(evidence: Evidence) -> Holders:
    """Roles as the manifest gives them to people, and as the suite's contracts need them."""
    suite, manifest = evidence.suite, evidence.manifest
    people = {role(name): {evidence.address(one) for one in manifest.role_holders(name)} for name in EVM_ROLES}
    contracts = {ADMIN: suite.timelock, role("MINTER"): suite.market, role("FACTORY"): suite.factory}
    wanted = {key: frozenset(holders) for key, holders in people.items()}
    wanted |= {key: frozenset({contract.address}) for key, contract in contracts.items()}
    for name in (VAULT, "MINTER"):
        wanted[role(name)] = wanted.get(role(name), frozenset()) | vaults.holders(evidence, name)
        wanted[role(name)] |= dividends.holders(evidence, name) | offers.holders(evidence)
    if manifest.wind_up is not None and suite.wind_up is not None:
        wanted[role(VAULT)] |= {suite.wind_up.address}
    if manifest.region_exit is not None and suite.region_exit is not None:
        wanted[role(VAULT)] |= {suite.region_exit.address}
    return wanted


def _wanted_timelock(evidence: Evidence) -> Holders:
    """The timelock's own roles as they should be: proposers cancel, anyone executes, it administers itself."""
    timelock = evidence.manifest.timelock
    proposers = frozenset(evidence.address(one) for one in timelock.proposers)
    return {
        ADMIN: frozenset({evidence.suite.timelock.address}),
        PROPOSER: proposers,
        CANCELLER: proposers | {evidence.address(one) for one in timelock.cancellers},
        EXECUTOR: frozenset({ZERO_ADDRESS}),
    }


def _table(
    field: str, evidence: Evidence, contract: Contract, names: Mapping[bytes, str], wanted: Holders
) -> Iterator[Finding]:
    """Findings about one access control contract; one is that without its events nobody knows who else holds a role."""
    node = evidence.chain.node
    try:
        history = read_history(node, contract.address, evidence.since, node.block().number)
    except ScripError as error:
        yield Finding(field, "the contract's events since its deployment", f"none: {error}", "unproven")
        history = RoleHistory(frozenset(), frozenset(), frozenset(), "")
    else:
        if not history.creator:
            reason = f"no event at all since block {evidence.since}: the node does not keep them, or it starts too late"
            yield Finding(field, "the contract's events since its deployment", reason, "unproven")
    pairs = sorted(history.pairs | {(key, one) for key, holders in wanted.items() for one in holders})
    answers = evidence.chain.call_many([Call(contract, "hasRole", pair) for pair in pairs])
    holds = {pair for pair, answer in zip(pairs, answers, strict=True) if answer}
    for pair in pairs:
        key, account = pair
        place = f"{field}.{names.get(key, '0x' + key.hex())}"
        if pair in holds:
            yield from _holder(place, evidence, account, account in wanted.get(key, ()), key, history.creator)
        elif account in wanted.get(key, ()):
            yield Finding(place, evidence.account(account), "not a holder")
        if history.creator and (pair in holds) != (pair in history.holders):
            says = "holds it" if pair in history.holders else "does not hold it"
            yield Finding(place, f"the answer of its events: {account} {says}", "the contract's is another", "critical")
    yield from _admins(field, evidence, contract, names, history)


def _holder(place: str, evidence: Evidence, account: str, listed: bool, key: bytes, creator: str) -> Iterator[Finding]:
    """Findings about one holder: one that nobody named, a key that acts as a contract, a key where none may be."""
    shown = evidence.account(account)
    if not listed:
        found = f"{shown}, the deployer" if account == creator else shown
        yield Finding(place, "no holder that the manifest does not name", found, "critical")
    elif to := delegate(evidence.code(account)):
        yield Finding(place, f"{account} without code", f"it delegates to {to} (EIP-7702)", "critical")
    elif key in (ADMIN, PROPOSER) and evidence.is_key(account):
        yield Finding(place, "a contract", shown, "critical")


def _admins(
    field: str, evidence: Evidence, contract: Contract, names: Mapping[bytes, str], history: RoleHistory
) -> Iterator[Finding]:
    """Findings about who administers each role: ADMIN should."""
    keys = sorted({*names, *history.moved, *(key for key, _ in history.pairs)})
    answers = evidence.chain.call_many([Call(contract, "getRoleAdmin", (key,)) for key in keys])
    for key, admin in zip(keys, answers, strict=True):
        if bytes(admin) != ADMIN:
            name = names.get(key, "0x" + key.hex())
            found = names.get(bytes(admin), "0x" + bytes(admin).hex())
            yield Finding(f"{field}.{name}.admin", "ADMIN", found, "critical")


def _delay(evidence: Evidence) -> Iterator[Finding]:
    wanted, found = evidence.manifest.timelock.delay, evidence.ask(evidence.suite.timelock, "get_minimum_delay")
    if found != wanted:
        worst: Severity = "critical" if int(found) < wanted else "drift"
        yield Finding("timelock.delay", f"{wanted} s", f"{found} s", worst)
