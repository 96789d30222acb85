"""An Ethereum-family network, opened: its manifest, its node, its contracts by label, and its records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from scrip.errors import InputError
from scrip.evm import outside
from scrip.evm.chain import Contract
from scrip.evm.compiled.safe import SAFE
from scrip.evm.connection.book import AddressBook
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.evm.handlers.redemption import ENTRY, VAULT
from scrip.evm.ledger import EvmLedger
from scrip.evm.rpc.at_block import AtBlock
from scrip.evm.rpc.chain import RpcChain
from scrip.evm.rpc.connect import connect
from scrip.evm.rpc.node import Node
from scrip.evm.rpc.signers import LocalSigner, Signer
from scrip.evm.rpc.wire import Foreign, RpcError, Wire
from scrip.evm.safe import creation
from scrip.evm.suite import Suite, find_listing, suite_of
from scrip.evm.vaults import KINDS
from scrip.labels import (
    BALLOT,
    BOOK,
    DISTRIBUTOR,
    ELECTIONS,
    IMPLEMENTATIONS,
    LABELS,
    MOCK,
    OFFERS,
    PRICES,
    REGION_EXIT,
    SEQUENCER,
    STABLECOIN,
    STREAM,
    WIND_UP,
    asset_label,
    oracle_label,
    peg_label,
    price_label,
)
from scrip.manifest.model import EvmManifest
from scrip.records import Records

CHOSEN = (PRICES, BOOK, DISTRIBUTOR, BALLOT, ELECTIONS, OFFERS, WIND_UP, REGION_EXIT)
"""Labels of the suite's contracts that a manifest may leave out."""


def _chain_of(node: Node, manifest: EvmManifest) -> int:
    """The chain's id; InputError by the node's variable where what answers there is another kind of node."""
    try:
        return node.chain_id()
    except RpcError as refused:
        if not refused.code:
            raise
        reason = f"names a node that is no Ethereum-family chain's ({refused})"
        raise InputError(reason, field=manifest.chain.rpc_env or "chain.rpc_env", value=manifest.network) from None


def signers_of(manifest: EvmManifest, others: Mapping[str, Signer] | None = None) -> dict[str, Signer]:
    """Who signs here, by name of the manifest: its local accounts, and `others` (Ape's keystores)."""
    local = {name: LocalSigner(name) for name, account in manifest.accounts.items() if account.local}
    if manifest.chain.public and local:
        raise InputError(
            "is a local account on a public network: anyone can sign for it", field=f"accounts.{min(local)}"
        )
    return {**local, **(others or {})}


@dataclass
class EvmConnection:
    """An Ethereum-family network, opened: what every command works on. Reading it changes nothing."""

    manifest: EvmManifest
    node: Node
    chain: RpcChain
    book: AddressBook
    records: Records
    witness: Callable[[], Any] | None = field(default=None, init=False, repr=False)
    """The same network over a second node, opened when it is asked for."""
    is_fixed: bool = field(default=False, init=False, repr=False)
    """Whether it is read as of one block, so that what stands cannot change under whoever reads."""
    _kept: EvmLedger | None = field(default=None, init=False, repr=False)
    found: bool = field(default=False, init=False)
    """Whether the suite's addresses are none of the records', but were found on the chain."""

    @classmethod
    def open(
        cls,
        manifest: EvmManifest,
        url_or_wire: str | Wire,
        records_root: Path,
        signers: Mapping[str, Signer] | None = None,
    ) -> Self:
        """Open the network of a manifest, at a node's URL or over a wire to one (Ape's provider).

        `signers` are keystores that this machine can sign with, by name of the manifest; local accounts are added.
        InputError when the node is not of the manifest's network.
        """
        node = Node(connect(url_or_wire) if isinstance(url_or_wire, str) else Foreign(url_or_wire))
        expected = manifest.chain.chain_id
        if expected and (found := _chain_of(node, manifest)) != expected:
            raise InputError(f"the node is of chain {found}", field="chain.chain_id", value=expected)
        genesis = node.genesis(manifest.chain.genesis)
        records = Records(records_root, manifest.network, genesis)
        network = cls(manifest, node, RpcChain(node, signers_of(manifest, signers)), AddressBook(), records)
        for name, account in manifest.accounts.items():
            if account.address:
                network.chain.names.learn(name, account.address)
        if manifest.safe.address:
            network.learn("safe", Contract(SAFE, manifest.safe.address))
        for label, contract in _outside(manifest):
            network.learn(label, contract)
        # What is broken in the records keeps no emergency from its contracts: who plans anything else is refused.
        for label, contract in AddressBook.of(records.readable()):
            network.learn(label, contract)
        if "timelock" in network.book and creation.LABEL not in network.book:
            network.find_safe()
        return network

    def find_safe(self) -> None:
        """Learn the Safe's public contracts where the chain has them, and the Safe where somebody else created it."""
        for label, contract in creation.standing_contracts(self.node.code).items():
            self.learn(label, contract)
        known = dict(self.book)
        if creation.LABEL not in known and (at := creation.found(self.chain, self.manifest, known, self.node.code)):
            self.learn(creation.LABEL, Contract(SAFE, at))

    def find_vaults(self) -> None:
        """Learn the vaults of the manifest's stocks where the chain has them, whoever had them made."""
        assets = [asset_label(place, symbol) for place, symbol in enumerate(self.manifest.settlement.assets)]
        pairs = [(one, asset) for one in self.manifest.stocks for asset in assets]
        for kind in (one for one in KINDS if one.factory in self.book):
            for ticker, asset in pairs:
                if ticker in self.book and asset in self.book:
                    args = (self.book.contract(ticker).address, self.book.contract(asset).address)
                    at = str(self.chain.call(self.book.contract(kind.factory), "vaultOf", *args))
                    if at != ZERO_ADDRESS:
                        self.learn(kind.label(ticker, asset), Contract(kind.contract, at))

    def signs(self, name: str) -> bool:
        """Whether an account signs on this machine."""
        return self.chain.signs(name)

    @property
    def asked(self) -> str:
        """The URL of the node that is asked, without what may be a key in it."""
        return str(getattr(self.node.wire, "endpoint_uri", ""))

    def at(self, number: int) -> Self:
        """The same network over the same node as of a block: what is read of it is read there."""
        seen, chain = copy(self), copy(self.chain)
        seen.node = chain.node = Node(AtBlock(self.node.wire, number), self.node.patience)
        seen.chain, seen.witness = chain, None
        seen.is_fixed, seen._kept = True, None
        return seen

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
        labels = (
            *LABELS,
            *IMPLEMENTATIONS,
            STABLECOIN,
            *(one for one in CHOSEN if one in self.book),
        )
        return suite_of({label: self.book.contract(label) for label in labels})

    def ledger(self) -> EvmLedger:
        """The suite as a ledger of instructions, knowing the manifest's stocks that the chain has.

        As of a fixed block it is put together once: it is for reading.
        """
        if self._kept is not None:
            return self._kept
        suite = self.suite()
        told = self.records.readable_in_turn()
        done = (one for one in told if one.done and one.action.address == suite.actions.address)
        ledger = EvmLedger(self.chain, suite, since=next((one.block for one in done), 0))
        for ticker, stock in self.manifest.stocks.items():
            if (listing := find_listing(self.chain, suite, stock)) is not None:
                ledger.adopt(ticker, listing)
                self.book.learn(ticker, listing.token)
        self.find_vaults()
        ledger.vaults = {label: one for label, one in self.book if one.name in (VAULT, ENTRY)}
        self._kept = ledger if self.is_fixed else None
        return ledger


def _outside(manifest: EvmManifest) -> Iterator[tuple[str, Contract]]:
    """Contracts of others that the manifest names by address: stablecoins and oracles."""
    for place, (symbol, at) in enumerate(manifest.settlement.assets.items()):
        if at != MOCK:
            yield asset_label(place, symbol), Contract(outside.STABLECOIN, at)
    for symbol, peg in manifest.settlement.pegs.items():
        if peg.feed != MOCK:
            yield peg_label(symbol), Contract(outside.PRICE_SOURCE, peg.feed)
    for ticker, stock in manifest.stocks.items():
        if stock.reserve.oracle not in ("", MOCK):
            yield oracle_label(ticker), Contract(outside.RESERVE_ORACLE, stock.reserve.oracle)
        if stock.price is not None:
            for second, at in enumerate((stock.price.source, stock.price.second)):
                if at not in ("", MOCK, STREAM):
                    yield price_label(ticker, bool(second)), Contract(outside.PRICE_SOURCE, at)
    if manifest.sequencer is not None and manifest.sequencer.feed != MOCK:
        yield SEQUENCER, Contract(outside.PRICE_SOURCE, manifest.sequencer.feed)
