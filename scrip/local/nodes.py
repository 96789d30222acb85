"""The two nodes of a desk, as one: started, asked, their clocks set, and what only a chain of this machine gives."""

from __future__ import annotations

import sys
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scrip import flows
from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.chains.operation import prepared
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError, ScripError
from scrip.evm import mocks
from scrip.evm.accounts import local_account
from scrip.evm.chain import Contract
from scrip.evm.local import anvil
from scrip.evm.rpc.node import Node as EvmRpc
from scrip.instructions.base import TREASURY
from scrip.labels import DEPLOYER, MOCK, STABLECOIN, oracle_label
from scrip.local.processes import Daemon, demand_free
from scrip.local.settings import EVM, SOLANA
from scrip.manifest.model import AnyManifest, EvmManifest, SolanaManifest
from scrip.plan import Plan
from scrip.solana.addresses import local_address
from scrip.solana.local.endpoint.client import Served
from scrip.units import STABLECOIN_DECIMALS, Shares, Stablecoin, fitting

CUSTODIAN = "custodian"


@dataclass(frozen=True)
class Node(ABC):
    """A node of this machine that keeps what it holds in the desk's folder. `began` is the desk's, UTC seconds."""

    folder: Path
    port: int
    began: int

    name = ""
    program = ""
    state = ""

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.port}"

    @cached_property
    def daemon(self) -> Daemon:
        """Its process."""
        return Daemon(self.folder, self.program, str(self.kept))

    @property
    def kept(self) -> Path:
        """The file of what it holds, absolute: no other process has it on its command line."""
        return self.folder.resolve() / self.state

    def start(self, ahead: int) -> None:
        """Start it, unless it runs, its clock so many seconds ahead of the machine's.

        InputError where its port is taken; ScripError where it does not start.
        """
        if self.daemon.pid():
            return
        self.demand_ports()
        self.daemon.start(self.command(ahead), self.answers)
        self.set_time(int(time.time()) + ahead)

    def answers(self) -> bool:
        """Whether it can be asked."""
        try:
            self.now()
        except (ScripError, OSError):
            return False
        return True

    @abstractmethod
    def demand_ports(self) -> None:
        """InputError where what it listens on is taken."""

    @abstractmethod
    def command(self, ahead: int) -> list[str]:
        """How it is started."""

    @abstractmethod
    def now(self) -> int:
        """Its clock, UTC seconds."""

    @abstractmethod
    def set_time(self, t: int) -> None:
        """Set its clock, from where it goes on with the machine's."""

    @abstractmethod
    def open(self, manifest: AnyManifest, records: Path) -> Network:
        """The network behind it, as a command opens it."""

    @abstractmethod
    def wallet(self, name: str) -> str:
        """The address of a name's key."""

    def endow(self, network: Any) -> None:  # noqa: B027
        """Give the manifest's own accounts what they pay for transactions with, where that is asked for."""

    def demand_fundable(self, network: Network, account: str, amount: Stablecoin) -> None:
        """InputError where `fund` would fail: an account that the network has not, more than it holds, no mock."""
        if next(iter(network.manifest.settlement.assets.values())) != MOCK:
            raise InputError("is no mock, of which money could be made", field="settlement.assets")
        views = network.views()
        fitting(amount.value, views.quotes.bits, "amount", STABLECOIN_DECIMALS)
        if account != TREASURY:
            views.address(account)
            then = views.ledger.stablecoin(account).value + amount.value
            fitting(then, views.quotes.bits, f"money of {account}", STABLECOIN_DECIMALS)

    @abstractmethod
    def fund(self, network: Any, account: str, amount: Stablecoin) -> None:
        """Give an account of the manifest, or an address, money of the mock stablecoin."""

    @abstractmethod
    def attest(self, network: Any, stock: str, shares: Shares) -> None:
        """Have the custodian say how many shares of a stock it holds, of its present split basis."""


ENDOWED = 10**18
"""Wei that each account of an anvil begins with."""


class EvmNode(Node):
    """An anvil."""

    name, program, state = EVM, "anvil", "anvil.json"

    def demand_ports(self) -> None:
        """InputError where what it listens on is taken."""
        demand_free(self.port, "port")

    def command(self, ahead: int) -> list[str]:  # noqa: ARG002 - its clock is set once it runs
        """How it is started."""
        return anvil.keeping(self.kept, self.port, self.began)

    def now(self) -> int:
        """Its latest block's second."""
        return EvmRpc.at(self.url).block().timestamp

    def set_time(self, t: int) -> None:
        """Set its clock and make a block, by which views see it."""
        node = EvmRpc.at(self.url)
        node.rpc("evm_setTime", max(t, node.block().timestamp + 1))
        node.rpc("evm_mine")

    def open(self, manifest: AnyManifest, records: Path) -> EvmNetwork:
        """The network behind it."""
        if not isinstance(manifest, EvmManifest):
            raise InputError("is no Ethereum-family network", field="network", value=manifest.network)
        return EvmNetwork.open(manifest, self.url, records)

    def wallet(self, name: str) -> str:
        """The address of a name's key."""
        return local_account(name).address

    def endow(self, network: EvmNetwork) -> None:
        """Gas is free, but what takes the place of a transaction that waits has to offer more than nothing for it."""
        for name, account in network.manifest.accounts.items():
            if account.local:
                network.node.rpc("anvil_setBalance", network.chain.address(name), hex(ENDOWED))

    def fund(self, network: EvmNetwork, account: str, amount: Stablecoin) -> None:
        """Let the mock make money for an account."""
        coin = network.book.contract(STABLECOIN)
        holder = network.manifest.settlement.treasury if account == TREASURY else account
        made = Contract(mocks.STABLECOIN, coin.address)
        network.chain.send(made, "mint", network.chain.address(holder), amount.value, sender=DEPLOYER)

    def attest(self, network: EvmNetwork, stock: str, shares: Shares) -> None:
        """Let the stock's mock of an oracle answer, or have ATTESTOR sign where that is its source."""
        reserve = network.manifest.stocks[stock].reserve
        if reserve.is_blind and reserve.oracle == MOCK:
            oracle = Contract(mocks.RESERVE_ORACLE, network.book.contract(oracle_label(stock)).address)
            network.chain.send(oracle, "push", shares.to_wad(), sender=DEPLOYER)
        else:
            carry(network, signed_word(network, stock, shares))


class SolanaNode(Node):
    """A cluster of LiteSVM's behind an endpoint."""

    name, program, state = SOLANA, "solana", "solana.db"

    def demand_ports(self) -> None:
        """InputError where what it listens on is taken: HTTP's port, and WebSocket's after it."""
        demand_free(self.port, "solana-port")
        demand_free(self.port + 1, "solana-port")

    def command(self, ahead: int) -> list[str]:
        """How it is started."""
        served = [sys.executable, "-m", "scrip.solana.local.endpoint", "--port", str(self.port)]
        return [*served, "--store", str(self.kept), "--ahead", str(ahead), "--upgrader", DEPLOYER]

    def now(self) -> int:
        """Its clock, UTC seconds: its newest block's time."""
        served = Served(self.url)
        return int(served.ask("getBlockTime", served.ask("getSlot", {"commitment": "processed"})))

    def set_time(self, t: int) -> None:
        """Set its clock."""
        Served(self.url).set_time(max(t, self.now()))

    def open(self, manifest: AnyManifest, records: Path) -> SolanaNetwork:
        """The network behind it."""
        if not isinstance(manifest, SolanaManifest):
            raise InputError("is no Solana network", field="network", value=manifest.network)
        return SolanaNetwork.open(manifest, self.url, records)

    def wallet(self, name: str) -> str:
        """The address of a name's key."""
        return str(local_address(name))

    def fund(self, network: SolanaNetwork, account: str, amount: Stablecoin) -> None:
        """Let the faucet fill an account."""
        network.ledger().apply(ins.FundStablecoin(account, amount))

    def attest(self, network: SolanaNetwork, stock: str, shares: Shares) -> None:
        """Have ATTESTOR sign it."""
        carry(network, signed_word(network, stock, shares))


NODES: dict[str, type[Node]] = {EVM: EvmNode, SOLANA: SolanaNode}
"""The kind of node of each network of a desk."""


def signed_word(network: Network, stock: str, shares: Shares) -> Plan:
    """The plan of an attestation of shares of the stock's present basis, which is named: a split may be open."""
    now = network.now()
    basis = network.views().backing(stock).present(now)
    return flows.reserve.attest(network, stock, shares, f"local {now}", basis=basis)


def carry(network: Network, plan: Plan) -> int:
    """Carry a plan out as an operator does, previewed first; how many transactions that took. Refusal as previewed."""
    operation = prepared(network, plan)
    if operation.preview.refusal is not None:
        raise operation.preview.refusal
    if plan.steps:
        operation.apply(operation.signed_here())
    return len(plan.steps)
