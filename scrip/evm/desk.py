"""A desk: one network, opened. Its manifest, its node, its contracts by label, and its records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scrip.errors import InputError
from scrip.evm.chain import Contract
from scrip.evm.ledger import EvmLedger
from scrip.evm.node import Node
from scrip.evm.rpc import Wire, connect
from scrip.evm.rpc_chain import RpcChain
from scrip.evm.safe.contracts import SAFE
from scrip.evm.signers import LocalSigner, Signer
from scrip.evm.suite import MODES, Suite
from scrip.manifest.model import Manifest
from scrip.records import AddressBook, Records

IMPLEMENTATIONS = tuple(f"implementation-{mode.lower()}" for mode in MODES)
"""Labels of the three implementations, in the order of the modes."""
SUITE = ("roles", "timelock", "registry", "feed", "actions", "beacon", "factory", "market")
"""Labels of the other contracts of the suite. Stocks are labelled by ticker, the settlement asset "stablecoin"."""


def signers_of(manifest: Manifest, others: Mapping[str, Signer] | None = None) -> dict[str, Signer]:
    """Who signs here, by name of the manifest: its local accounts, and `others` (Ape's keystores)."""
    local = {name: LocalSigner(name) for name, account in manifest.accounts.items() if account.local}
    if manifest.chain.public and local:
        raise InputError(
            "is a local account on a public network: anyone can sign for it", field=f"accounts.{min(local)}"
        )
    return {**local, **(others or {})}


@dataclass
class Desk:
    """One network, opened: what every command works on. Reading it changes nothing."""

    manifest: Manifest
    node: Node
    chain: RpcChain
    book: AddressBook
    records: Records

    @classmethod
    def open(
        cls,
        manifest: Manifest,
        url_or_wire: str | Wire,
        records_root: Path,
        signers: Mapping[str, Signer] | None = None,
    ) -> Desk:
        """Open the network of a manifest, at a node's URL or over a wire to one (Ape's provider).

        `signers` are keystores that this machine can sign with, by name of the manifest; local accounts are added.
        InputError when the node is not of the manifest's network.
        """
        node = Node(connect(url_or_wire) if isinstance(url_or_wire, str) else url_or_wire)
        expected = manifest.chain.chain_id
        if expected and (found := node.chain_id()) != expected:
            raise InputError(f"the node is of chain {found}", field="chain.chain_id", value=expected)
        genesis = node.genesis(manifest.chain.genesis)
        records = Records(records_root, manifest.network, genesis)
        desk = cls(manifest, node, RpcChain(node, signers_of(manifest, signers)), AddressBook(), records)
        for name, account in manifest.accounts.items():
            if account.address:
                desk.chain.names.learn(name, account.address)
        if manifest.safe.address:
            desk.learn("safe", Contract(SAFE, manifest.safe.address))
        for label, contract in AddressBook.of(records.all()):
            desk.learn(label, contract)
        return desk

    def learn(self, label: str, contract: Contract) -> None:
        """Enter a contract into the book, and let it be called by its label."""
        self.book.learn(label, contract)
        self.chain.label(label, contract)

    @property
    def genesis(self) -> str:
        """The hash of the network's block 0."""
        return self.records.genesis

    def suite(self) -> Suite:
        """The deployed suite; InputError naming the first contract that is not deployed."""
        parts = {label: self.book.contract(label) for label in SUITE}
        implementations = tuple(self.book.contract(label) for label in IMPLEMENTATIONS)
        return Suite(implementations=implementations, stablecoin=self.book.contract("stablecoin"), **parts)

    def ledger(self) -> EvmLedger:
        """The suite as a ledger of instructions."""
        return EvmLedger(self.chain, self.suite())
