"""The sanctions oracle at work: whom it lists is blocked, and an oracle that lies is suspended.

On Solana it signs lists, which are files: `list_files` has what is done with them. Whom the registry or the program
asks is the manifest's to say, and the timelock's to set: `deploy settings` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork, evm_only
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork, solana_only
from scrip.errors import InputError
from scrip.evm.audit import evidence_of
from scrip.evm.chain import Call, ask_all
from scrip.evm.handlers.sanctions import answers_of, oracle_of
from scrip.evm.rehearse.holders import everybody, registered_wallets
from scrip.flows import list_files
from scrip.plan import Plan
from scrip.plan.draft import Draft

HITS_AT_ONCE = 5
"""Listed addresses in one transaction: each pushes a block of up to 8 wallets to every stock."""


def screen(network: Network, wallets: Sequence[str], sender: str = "", listed: Path | None = None) -> Plan:
    """Block those addresses that the oracle lists: the given ones, or whoever is on the register or ever held a stock.

    Anyone may. The oracle is asked here first, so that a transaction holds hits alone. InputError without an oracle
    that is believed. Addresses about which it says nothing are told apart. On Solana they are looked up in `listed`,
    the file of the list that counts, and no other chain takes one: InputError.
    """
    if isinstance(network, SolanaNetwork):
        if listed is None:
            raise InputError("is missing: addresses are looked up in a list's file on Solana", field="list")
        return list_files.screen(network, list_files.read(listed), wallets, sender)
    if listed is not None:
        raise InputError("is for Solana: the oracle is asked here", field="list", value=str(listed))
    evm = evm_only(network)
    views = evm.views()
    registry = views.ledger.suite.registry
    oracle, suspended = oracle_of(evm.chain, registry)
    if not oracle or suspended:
        reason = "is suspended" if oracle else "is none: the registry asks nobody"
        raise InputError(reason, field="sanctions_oracle", value=oracle)
    names = list(dict.fromkeys(wallets)) or _whoever(evm)
    addresses = [evm.chain.address(one) for one in names]
    answers = answers_of(evm.chain, oracle, addresses)
    blocked = ask_all(evm.chain, [Call(registry, "isBlocked", (one,)) for one in addresses])
    found = [(name, answer) for name, answer, stopped in zip(names, answers, blocked, strict=True) if not stopped]
    hits = [name for name, answer in found if answer == "listed"]
    silent = [name for name, answer in found if answer == "none"]
    draft = Draft(views, "compliance screen")
    draft.same.append(f"{len(names) - len(hits) - len(silent)} addresses that are clean, or blocked")
    draft.same += [f"nothing is said about {name}" for name in silent]
    by = draft.anyone("COMPLIANCE", sender)
    for start in range(0, len(hits), HITS_AT_ONCE):
        page = tuple(hits[start : start + HITS_AT_ONCE])
        draft.add(views.step(f"screen {' '.join(page)}", f"block {', '.join(page)}", [ins.Screen(page, by)]))
    return draft.plan()


def draft_list(network: Network, listed: Path, life: int, serial: int = 0) -> list_files.Drafted:
    """Draft a list of a plain file's addresses, to be signed by the oracle: see `list_files.draft`."""
    return list_files.draft(solana_only(network), listed, life, serial)


def publish_list(network: Network, listed: Path, sender: str = "") -> Plan:
    """Put a signed list, of its file, in the place of the one that counts: see `list_files.publish`."""
    return list_files.publish(solana_only(network), list_files.read(listed), sender)


def _whoever(network: EvmNetwork) -> list[str]:
    ledger, since = network.ledger(), evidence_of(network).since
    return sorted(everybody(network, ledger, since).accounts | registered_wallets(network, ledger, since))


def suspend(network: Network, reference: str = "", sender: str = "") -> Plan:
    """Believe the oracle no longer, at once (COMPLIANCE): it blocks nobody more, and nobody new enters."""
    if isinstance(network, SolanaNetwork):
        return list_files.suspend(network, reference, sender)
    evm = evm_only(network)
    views = evm.views()
    draft = Draft(views, "compliance suspend-oracle", reference, single=reference)
    oracle, suspended = oracle_of(evm.chain, views.ledger.suite.registry)
    if not oracle or suspended:
        return draft.nothing("the sanctions oracle is suspended" if oracle else "there is no oracle")
    title = f"suspend the sanctions oracle, {evm.chain.name(oracle)}"
    draft.order(title, ins.SuspendSanctionsOracle(), sender)
    return draft.plan()
