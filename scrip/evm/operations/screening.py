"""The sanctions oracle at work: whom it lists is blocked, and an oracle that lies is suspended.

Whom the registry asks is the manifest's to say, and the timelock's to set: `deploy settings` does.
"""

from __future__ import annotations

from collections.abc import Sequence

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.audit import evidence_of
from scrip.evm.chain import Call, ask_all
from scrip.evm.connection import EvmConnection
from scrip.evm.ledger import EvmLedger
from scrip.evm.operations.common import by_role, plan, sender_of, step_of
from scrip.evm.rehearse.holders import everybody, registered_wallets
from scrip.evm.state.investors import answers_of, oracle_of
from scrip.plan import Plan

HITS_AT_ONCE = 5
"""Listed addresses in one transaction: each pushes a block of up to 8 wallets to every stock."""


def screen(network: EvmConnection, wallets: Sequence[str], sender: str = "") -> Plan:
    """Block those addresses that the oracle lists: the given ones, or whoever is on the register or ever held a stock.

    Anyone may. The oracle is asked here first, so that a transaction holds hits alone. InputError without an oracle
    that is believed. Addresses about which it says nothing are told apart.
    """
    ledger = network.ledger()
    registry = ledger.suite.registry
    oracle, suspended = oracle_of(network.chain, registry)
    if not oracle or suspended:
        reason = "is suspended" if oracle else "is none: the registry asks nobody"
        raise InputError(reason, field="sanctions_oracle", value=oracle)
    names = list(dict.fromkeys(wallets)) or _whoever(network, ledger)
    addresses = [network.chain.address(one) for one in names]
    answers = answers_of(network.chain, oracle, addresses)
    blocked = ask_all(network.chain, [Call(registry, "isBlocked", (one,)) for one in addresses])
    found = [(name, answer) for name, answer, stopped in zip(names, answers, blocked, strict=True) if not stopped]
    hits = [name for name, answer in found if answer == "listed"]
    silent = [name for name, answer in found if answer == "none"]
    same = [f"{len(names) - len(hits) - len(silent)} addresses that are clean, or blocked"]
    same += [f"nothing is said about {name}" for name in silent]
    by = sender_of(network.manifest, "COMPLIANCE", sender)
    steps = []
    for start in range(0, len(hits), HITS_AT_ONCE):
        page = tuple(hits[start : start + HITS_AT_ONCE])
        steps.append(step_of(ledger, f"screen {' '.join(page)}", f"block {', '.join(page)}", ins.Screen(page, by)))
    return plan(network, "compliance screen", "", steps, same)


def _whoever(network: EvmConnection, ledger: EvmLedger) -> list[str]:
    since = evidence_of(network).since
    known = everybody(network, ledger, since).accounts | registered_wallets(network, ledger, since)
    return sorted(known)


def suspend(network: EvmConnection, reference: str = "", sender: str = "") -> Plan:
    """Believe the oracle no longer, at once (COMPLIANCE): it blocks nobody more, and nobody new enters."""
    ledger = network.ledger()
    name = "compliance suspend-oracle"
    oracle, suspended = oracle_of(network.chain, ledger.suite.registry)
    if not oracle or suspended:
        return plan(
            network, name, reference, (), ["the sanctions oracle is suspended" if oracle else "there is no oracle"]
        )
    title = f"suspend the sanctions oracle, {network.chain.name(oracle)}"
    order = by_role(network.manifest, ins.SuspendSanctionsOracle(), sender)
    return plan(network, name, reference, [step_of(ledger, title, title, order)])
