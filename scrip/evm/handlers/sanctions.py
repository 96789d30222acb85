"""The sanctions oracle of the register, and what it says of wallets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from eth_abi.exceptions import DecodingError

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.evm import mocks
from scrip.evm.chain import Call, Chain, Contract, ask_all
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.values import CUSTODIAN, Transaction
from scrip.evm.handlers.investors import REGISTRY
from scrip.evm.handlers.table import TRANSACTIONS, Facts
from scrip.instructions.sanctions import Answer
from scrip.model.state.sanctions import Sanctions
from scrip.plan import Address

TRANSACTIONS.lacks(ins.PublishList, reason="the sanctions oracle is asked there, and signs no lists")

ANSWERS: dict[Answer, int] = {"clean": 0, "listed": 1, "none": 2}
"""The numbers by which the mock of the sanctions oracle takes an answer."""
ORACLE = mocks.SANCTIONS_ORACLE
"""The interface by which every sanctions oracle is asked."""


def _call(sender: str, function: str, *args: object) -> Transaction:
    return Transaction(sender, "registry", REGISTRY, function, args)


@TRANSACTIONS.of(ins.SetSanctionsOracle)
def set_oracle(_facts: Facts, order: ins.SetSanctionsOracle) -> Transaction:
    """Name another oracle to ask about sanctions."""
    return _call(order.by, "setSanctionsOracle", Address(order.oracle))


@TRANSACTIONS.of(ins.SuspendSanctionsOracle)
def suspend_oracle(_facts: Facts, order: ins.SuspendSanctionsOracle) -> Transaction:
    """Ask the oracle no longer."""
    return _call(order.by, "suspendSanctionsOracle")


@TRANSACTIONS.of(ins.Screen)
def screen(_facts: Facts, order: ins.Screen) -> Transaction:
    """Have the register take over what the oracle says of wallets."""
    ins.check_count("wallets", order.wallets, ins.MAX_SCREENED)
    return _call(order.by or CUSTODIAN, "screen", [Address(wallet) for wallet in order.wallets])


@TRANSACTIONS.of(ins.AnswerSanctions)
def answer(_facts: Facts, order: ins.AnswerSanctions) -> Transaction:
    """Teach a local chain's mock of an oracle what to say."""
    args = (Address(order.account), ANSWERS[order.answer])
    return Transaction(CUSTODIAN, ins.SANCTIONS_ORACLE, mocks.SANCTIONS_ORACLE, "setAnswer", args)


# --- read back -------------------------------------------------------------------------------------------------------


def oracle_of(chain: Chain, registry: Contract) -> tuple[str, bool]:
    """The address of the registry's oracle, "" for none, and whether it is suspended."""
    address, suspended = chain.call(registry, "sanctionsOracle")
    return ("" if address == ZERO_ADDRESS else address), suspended


def read_sanctions(
    chain: Chain,
    registry: Contract,
    oracles: Iterable[str],
    accounts: Mapping[str, str],
    name_of: Callable[[str], str],
) -> Sanctions:
    """Read the registry's oracle, and what it and the named `oracles` say of `accounts`, addresses by name.

    `name_of` says what an address is called.
    """
    current, suspended = oracle_of(chain, registry)
    found = Sanctions(name_of(current) if current else "", suspended)
    for oracle in sorted({*oracles, found.oracle} - {""}):
        for name, said in zip(accounts, answers_of(chain, oracle, accounts.values()), strict=True):
            found.teach(oracle, name, said)
    return found


def answering(chain: Chain, registry: Contract, oracles: Iterable[str]) -> frozenset[str]:
    """Those of the named contracts that the registry would take for an oracle: they call the registry itself clean."""
    return frozenset(one for one in oracles if answers_of(chain, one, [registry.address]) == ["clean"])


def answers_of(chain: Chain, oracle: str, addresses: Iterable[str]) -> list[Answer]:
    """Ask an oracle about each address."""
    calls = [Call(Contract(ORACLE, chain.address(oracle)), "isSanctioned", (one,)) for one in addresses]
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
