"""A Solana network, opened: its manifest, its node, the program, and its records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Self

from base58 import b58encode
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.pubkey import Pubkey

from scrip.errors import InputError, ScripError
from scrip.instructions.base import TREASURY
from scrip.labels import DEPLOYER, MOCK
from scrip.manifest.model import SolanaManifest
from scrip.records import Records
from scrip.solana.addresses import TOKEN, token_account
from scrip.solana.build import Build
from scrip.solana.connection.keys import ManifestKeys
from scrip.solana.encoding import places, tokens
from scrip.solana.encoding.lookup import tables_of
from scrip.solana.encoding.program import Listing, StockProgram, Suite, program_of
from scrip.solana.encoding.tokens import seeded_mint
from scrip.solana.ledger import SolanaLedger
from scrip.solana.rpc.chain import RpcChain
from scrip.solana.rpc.cluster import Cluster, NodeRefused
from scrip.solana.signing import Signer

ATTESTOR = "ATTESTOR"


def _demand_cluster(chain: RpcChain, manifest: SolanaManifest) -> None:
    """InputError by the node's variable where what answers there is another kind of node."""
    try:
        chain.genesis  # noqa: B018 - it is asked for here, and kept
    except NodeRefused as refused:
        reason = f"names a node that is no Solana cluster's ({refused})"
        raise InputError(reason, field=manifest.chain.rpc_env or "chain.rpc_env", value=manifest.network) from None


def _tables(chain: RpcChain, keys: ManifestKeys) -> tuple[AddressLookupTableAccount, ...]:
    """The deployment's lookup tables; none where the node does not tell: what needs room has less then."""
    try:
        return tuple(tables_of(chain, keys.address(DEPLOYER)))
    except ScripError:
        return ()


@dataclass
class SolanaConnection:
    """A Solana network, opened: what every command works on. Reading it changes nothing.

    What stands is found on the chain, at addresses that follow from the manifest; what can change is not remembered.
    """

    manifest: SolanaManifest
    chain: RpcChain
    program: StockProgram
    keys: ManifestKeys
    records: Records
    witness: Callable[[], Any] | None = field(default=None, init=False, repr=False)
    """The same network over a second node, opened when it is asked for."""
    _has_issuer: bool = field(default=False, init=False, repr=False)

    @classmethod
    def open(
        cls,
        manifest: SolanaManifest,
        url_or_cluster: str | Cluster,
        records_root: Path,
        signers: Mapping[str, Signer] | None = None,
        build: Build | None = None,
    ) -> Self:
        """Open the network of a manifest at a node's URL.

        `signers` are others by name of the manifest that lie in no file. InputError when the node is not of the
        manifest's network, or the manifest's program not the one whose interface is built.
        """
        cluster = Cluster(url_or_cluster) if isinstance(url_or_cluster, str) else url_or_cluster
        keys = ManifestKeys(manifest, signers or {})
        chain = RpcChain(cluster, keys.payer(), airdrop=not manifest.chain.public)
        chain.tables = cache(lambda: _tables(chain, keys))
        expected = manifest.chain.genesis
        _demand_cluster(chain, manifest)
        if expected and (found := b58encode(chain.genesis).decode()) != expected:
            raise InputError(f"the node is of genesis {found}", field="chain.genesis", value=expected)
        program = program_of((build or Build()).idl)
        wanted = manifest.program.address
        if wanted != str(program.id):
            raise InputError(
                f"is not the address that was built in, {program.id}", field="program.address", value=wanted
            )
        records = Records(records_root, manifest.network, "0x" + chain.genesis.hex())
        return cls(manifest, chain, program, keys, records)

    @property
    def cluster(self) -> Cluster:
        """The node that is asked."""
        return self.chain.cluster

    @property
    def asked(self) -> str:
        """The URL of the node that is asked, without what may be a key in it."""
        return self.cluster.name

    @property
    def genesis(self) -> str:
        """The genesis block's hash, 0x-prefixed hex."""
        return self.records.genesis

    def at_final(self) -> Self:
        """The same network over the same node, where what is read is read of final blocks."""
        return replace(self, chain=replace(self.chain, cluster=self.cluster.final_reads()))

    # --- who is who ---

    def signs(self, name: str) -> bool:
        """Whether an account signs on this machine."""
        return self.keys.signs(name)

    def name(self, account: str) -> str:
        """What an account is called here, given by name or address; itself where nothing here has such an address."""
        return account if account == TREASURY else self.keys.name(self.keys.address(account))

    # --- what stands ---

    @property
    def initialised(self) -> bool:
        """Whether the program has an issuer: once it has one, for ever."""
        kind = self.program.kind("Issuer")
        self._has_issuer = self._has_issuer or places.stands(self.chain, self.program.at.issuer, kind)
        return self._has_issuer

    def assets(self) -> dict[str, Pubkey]:
        """The manifest's settlement assets: their mints by symbol. A mock's is the deployer's, of its own seed."""
        return {
            symbol: seeded_mint(self.keys.address(DEPLOYER), symbol) if at == MOCK else Pubkey.from_string(at)
            for symbol, at in self.manifest.settlement.assets.items()
        }

    def treasury(self, asset: Pubkey) -> Pubkey:
        """The token account that an asset is paid to: the program's own."""
        return token_account(self.program.at.authority, asset, TOKEN)

    def listing(self, ticker: str) -> Listing:
        """The addresses of a stock of the manifest, whether it exists or not; InputError for another."""
        stock = self.manifest.stocks.get(ticker)
        if stock is None:
            raise InputError("is no stock of the manifest", field="stock", value=ticker)
        return self.program.listing(stock.born, stock.series)

    def stocks(self) -> dict[str, Listing]:
        """The manifest's stocks that the chain has."""
        listings = {ticker: self.listing(ticker) for ticker in self.manifest.stocks}
        found = places.stored(self.chain, [one.mint for one in listings.values()], tokens.STOCK)
        return {name: one for (name, one), mint in zip(listings.items(), found, strict=True) if mint is not None}

    def suite(self) -> Suite:
        """What is deployed; InputError before the program has an issuer."""
        if not self.initialised:
            raise InputError("is not initialised on this network", field="program", value=str(self.program.id))
        return self._suite()

    def _suite(self) -> Suite:
        stablecoin = next(iter(self.assets().values()), Pubkey.default())
        return Suite(self.program, stablecoin, self.treasury(stablecoin))

    def ledger(self) -> SolanaLedger:
        """The suite as a ledger of instructions, knowing the manifest's stocks that the chain has."""
        self.suite()
        return self._ledger(self.stocks())

    def future_ledger(self) -> SolanaLedger:
        """The ledger that will be: every stock of the manifest has its addresses, whether it exists or not."""
        return self._ledger({ticker: self.listing(ticker) for ticker in self.manifest.stocks})

    def _ledger(self, stocks: dict[str, Listing]) -> SolanaLedger:
        custodian = self.manifest.role_holders(ATTESTOR)
        named = custodian[0] if custodian else ""
        return SolanaLedger(self.chain, self._suite(), stocks=stocks, keys=self.keys, custodian=named)
