"""Who may do what: every role that a chain gives, and to whom, whatever the manifest says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
from scrip.evm.audit import evidence_of
from scrip.evm.audit.authority import TIMELOCK_NAMES
from scrip.evm.audit.logs import read_history
from scrip.evm.chain import Call
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.labels import ADMIN as ADMIN_ROLE
from scrip.evm.labels import VAULT, role
from scrip.roles import ADMIN, EVM_ROLES, SOLANA_ADMIN, SOLANA_ROLES

ANYONE = "anyone"
NOBODY = "1" * 32
"""The address that stands for nobody on Solana."""


@dataclass(frozen=True, slots=True)
class PowerFacts:
    """One holder of one role. `of` is what the role is of: "roles", "timelock" or "safe"; `name` what the manifest
    calls the account, "" for nothing.
    """

    network: str
    of: str
    role: str
    account: str
    name: str

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "of": "of",
        "role": "role",
        "name": "holder",
        "account": "address",
    }

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "network": self.network,
            "of": self.of,
            "role": self.role,
            "account": self.account,
            "name": self.name,
        }


def powers(network: Network) -> list[PowerFacts]:
    """Every role and its holders, the issuer's Safe and its owners among them, by role and address."""
    found = _on_solana(network) if isinstance(network, SolanaNetwork) else _on_evm(network)
    return sorted(found, key=lambda one: (one.of, one.role, one.account))


def _on_evm(network: Network) -> Iterator[PowerFacts]:
    if not isinstance(network, EvmNetwork):
        raise TypeError(f"{network.manifest.network} is of no known kind of chain")
    suite, chain, since = network.suite(), network.chain, evidence_of(network).since
    named = {ADMIN_ROLE: ADMIN} | {role(one): one for one in (*EVM_ROLES, "MINTER", "FACTORY", VAULT)}
    last = network.node.block().number
    for of, contract, names in (("roles", suite.roles, named), ("timelock", suite.timelock, TIMELOCK_NAMES)):
        pairs = sorted(read_history(network.node, contract.address, since, last).pairs)
        answers = chain.call_many([Call(contract, "hasRole", pair) for pair in pairs])
        for (key, account), holds in zip(pairs, answers, strict=True):
            if holds:
                name = names.get(key, "0x" + key.hex())
                yield _power(network, of, name, ANYONE if account == ZERO_ADDRESS else account)
    safe = evidence_of(network).safe
    if safe is not None:
        owners, threshold = chain.call_many([Call(safe, "getOwners"), Call(safe, "getThreshold")])
        for owner in owners:
            yield _power(network, "safe", f"OWNER, {threshold} of {len(owners)} sign", str(owner).lower())


def _power(network: Network, of: str, name: str, account: str) -> PowerFacts:
    known = account if account == ANYONE else network.views().name(account)
    return PowerFacts(network.manifest.network, of, name, account, "" if known == account else known)


def _on_solana(network: SolanaNetwork) -> Iterator[PowerFacts]:
    program = network.program
    issuer: Any = program.record(network.chain, program.at.issuer, "Issuer")
    for name, place in {ADMIN: SOLANA_ADMIN, **SOLANA_ROLES}.items():
        holder = str(getattr(issuer.roles, place))
        if holder != NOBODY:
            yield _power(network, "roles", name, holder)
    timelock: Any = program.record(network.chain, program.at.timelock, "Timelock")
    if timelock is not None:
        for name, holder in (("PROPOSER", timelock.proposer), ("CANCELLER", timelock.canceller)):
            yield _power(network, "timelock", name, str(holder))
