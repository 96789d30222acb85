"""Everybody whom a plan could touch, so that what it does to them can be compared."""

from __future__ import annotations

from eth_utils import keccak

from scrip.evm.audit import evidence_of
from scrip.evm.chain import Contract
from scrip.evm.connection import EvmConnection
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.ledger import EvmLedger
from scrip.evm.rpc.logs import in_spans
from scrip.instructions.subjects import Subjects

TRANSFER = "0x" + keccak(text="Transfer(address,address,uint256)").hex()
RECORDED = {
    "0x" + keccak(text="InvestorOnboarded(uint64,address,uint16,uint8,uint256)").hex(): 2,
    "0x" + keccak(text="WalletLinked(uint64,address)").hex(): 2,
    "0x" + keccak(text="WalletRecovered(uint64,address,address,uint16,bytes32)").hex(): 3,
}
"""The registry's events about a wallet that comes on the register, and the topic that holds it."""
MOST_HOLDERS = 5_000
"""How many holders of a stock are looked at one by one. What the others hold is looked at together."""


def everybody(network: EvmConnection, ledger: EvmLedger, since: int) -> Subjects:
    """All stocks, the manifest's accounts, and whoever received a stock since block `since`, the first MOST_HOLDERS.

    A holder without a name is called by its address.
    """
    accounts = {name for name in network.manifest.accounts if _is_known(network, name)}
    for listing in ledger.stocks.values():
        for address in sorted(_received(network, listing.token, since))[:MOST_HOLDERS]:
            name = network.chain.name(address)
            if name == address:
                network.chain.names.learn(address, address)
            accounts.add(name)
    return Subjects(stocks=frozenset(ledger.stocks), accounts=frozenset(accounts))


def receivers(network: EvmConnection, token: Contract) -> set[str]:
    """The addresses of everybody who ever received a stock."""
    return _received(network, token, evidence_of(network).since)


def _received(network: EvmConnection, token: Contract, since: int) -> set[str]:
    events = in_spans(network.node, token.address, [TRANSFER], since, network.node.block().number)
    return {"0x" + str(event["topics"][2])[-40:] for event in events} - {ZERO_ADDRESS}


def registered_wallets(network: EvmConnection, ledger: EvmLedger, since: int) -> frozenset[str]:
    """Every wallet that was ever on the register since block `since`; one without a name is called by its address."""
    registry, last = ledger.suite.registry.address, network.node.block().number
    events = in_spans(network.node, registry, [list(RECORDED)], since, last)
    found = {"0x" + str(event["topics"][RECORDED[event["topics"][0]]])[-40:] for event in events}
    return frozenset(network.chain.name(address) for address in found)


def _is_known(network: EvmConnection, name: str) -> bool:
    return (
        name in network.book or network.manifest.accounts[name].local or bool(network.manifest.accounts[name].address)
    )
