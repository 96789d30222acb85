"""What the registry keeps beside investors and wallets, as the model has it: sanctions, attestations, successors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from eth_abi.exceptions import DecodingError

from scrip.errors import Refusal
from scrip.evm import outside
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.instructions import Answer
from scrip.model.attestations import Attestations
from scrip.model.sanctions import Sanctions

NameOf = Callable[[str], str]
"""What an address is called."""


def read_successors(chain: Chain, registry: Contract, accounts: Collection[str]) -> dict[str, str]:
    """The last successor of each of these addresses that was recovered, by address."""
    wallets = sorted(accounts)
    heirs = ask_all(chain, [Call(registry, "successorOf", (one,)) for one in wallets])
    return {one: heir for one, heir in zip(wallets, heirs, strict=True) if heir != one}


def read_attestations(
    chain: Chain, registry: Contract, nonces: Iterable[tuple[str, int]], providers: Iterable[str]
) -> Attestations:
    """Which of these nonces have served, and which of these providers were dropped."""
    pairs, names = sorted(nonces), sorted(providers)
    used = ask_all(chain, [Call(registry, "attestationUsed", (chain.address(one), nonce)) for one, nonce in pairs])
    dropped = ask_all(chain, [Call(registry, "providerDropped", (chain.address(one),)) for one in names])
    return Attestations(
        {pair for pair, was_used in zip(pairs, used, strict=True) if was_used},
        {name for name, was_dropped in zip(names, dropped, strict=True) if was_dropped},
    )


def oracle_of(chain: Chain, registry: Contract) -> tuple[str, bool]:
    """The address of the registry's oracle, "" for none, and whether it is suspended."""
    address, suspended = chain.call(registry, "sanctionsOracle")
    return ("" if address == ZERO_ADDRESS else address), suspended


def read_sanctions(
    chain: Chain, registry: Contract, oracles: Iterable[str], accounts: Mapping[str, str], name_of: NameOf
) -> Sanctions:
    """The registry's oracle, and what it and the named `oracles` say of `accounts`, addresses by name."""
    current, suspended = oracle_of(chain, registry)
    found = Sanctions(name_of(current) if current else "", suspended)
    for oracle in sorted({*oracles, found.oracle} - {""}):
        for name, answer in zip(accounts, answers_of(chain, oracle, accounts.values()), strict=True):
            found.teach(oracle, name, answer)
    return found


def answering(chain: Chain, registry: Contract, oracles: Iterable[str]) -> frozenset[str]:
    """Those of the named contracts that the registry would take for an oracle: they call it clean."""
    return frozenset(one for one in oracles if answers_of(chain, one, [registry.address]) == ["clean"])


def answers_of(chain: Chain, oracle: str, addresses: Iterable[str]) -> list[Answer]:
    """What an oracle says of each address."""
    asked = Contract(outside.SANCTIONS_ORACLE, chain.address(oracle))
    calls = [Call(asked, "isSanctioned", (one,)) for one in addresses]
    try:
        return ["listed" if listed else "clean" for listed in ask_all(chain, calls)]
    except (Refusal, DecodingError):
        # About one of them it says nothing, so each is asked about alone.
        return [_answer(chain, one) for one in calls]


def _answer(chain: Chain, question: Call) -> Answer:
    try:
        return "listed" if chain.call(question.contract, question.function, *question.args) else "clean"
    except (Refusal, DecodingError):
        return "none"
