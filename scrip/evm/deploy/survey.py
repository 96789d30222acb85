"""What stands on a chain, as plans ask about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from scrip.errors import ScripError
from scrip.evm.accounts import ADDRESS
from scrip.evm.chain import Contract
from scrip.evm.compiled.codec import CodecChain
from scrip.evm.deploy.design import Part
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.encoding.calldata import concrete
from scrip.evm.suite import token_at
from scrip.manifest.model import EvmStock
from scrip.plan import Address, Change, Plan, Step


class Survey:
    """The contracts that are known by label, and the accounts. ScripError for a known contract without code."""

    def __init__(
        self,
        chain: CodecChain,
        contracts: Mapping[str, Contract],
        accounts: Collection[str],
        code: Callable[[str], bytes],
    ) -> None:
        self.chain = chain
        self._contracts = dict(contracts)
        self._accounts = frozenset(accounts)
        for label, contract in self._contracts.items():
            if not code(contract.address):
                raise ScripError(
                    f"the records say that {label} stands at {contract.address}, where the chain has no code"
                )

    def now(self) -> int:
        """The chain's clock, UTC seconds."""
        return self.chain.now()

    def deployed(self, label: str) -> bool:
        """Whether the label's contract is on the chain."""
        return label in self._contracts

    def address(self, name: str) -> str:
        """The address of an account or contract; "" where it is not on the chain."""
        if name in self._contracts:
            return self._contracts[name].address
        if ADDRESS.fullmatch(name):
            return name.lower()
        return self.chain.address(name) if name in self._accounts or not name else ""

    def name(self, address: str) -> str:
        """The name of an address, or the address."""
        return self.chain.name(address)

    def ask(self, label: str, view: str, *args: object) -> object:
        """A view's answer; None where the contract, or one that an argument names, is not on the chain."""
        absent = any(isinstance(one, Address) and not self.address(one.name) for one in args)
        if absent or label not in self._contracts:
            return None
        return self.chain.call(self._contracts[label], view, *concrete(args, self.chain, b""))

    def token(self, stock: EvmStock) -> str:
        """The address of a stock's token; the zero address where there is none."""
        factory = self._contracts.get("factory")
        return ZERO_ADDRESS if factory is None else token_at(self.chain.call, factory, stock)

    def holds(self, role: bytes, account: str) -> bool:
        """Whether an account has a role of Roles."""
        return self.ask("roles", "hasRole", role, Address(account)) is True


def plan_of(name: str, reference: str, parts: Collection[Part], look: Survey, notes: Collection[str] = ()) -> Plan:
    """The parts that do not stand yet, as a plan; the others, and `notes`, are what is the same."""
    steps: list[Step] = []
    changes: list[Change] = []
    same: list[str] = []
    for part in parts:
        if part.stands(look):
            same.append(part.step.title)
        else:
            steps.append(part.step)
            changes.append(part.change(look))
    return Plan(name, reference, tuple(steps), tuple(changes), (*same, *notes))
