"""What is known of an Ethereum-family network without asking a node: its manifest, and what the records say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scrip.chains.opening import demand_evm
from scrip.errors import InputError
from scrip.evm.accounts import Names, local_account
from scrip.evm.connection.book import AddressBook
from scrip.evm.rpc.signers import LocalSigner, Signer
from scrip.evm.safe.creation import MULTISEND_LABEL
from scrip.manifest.model import AnyManifest
from scrip.records import Records


@dataclass(frozen=True)
class OfflineNetwork:
    """A network that is not opened. `records` is the folder of all networks' records."""

    manifest: AnyManifest
    records: Path

    @cached_property
    def books(self) -> list[AddressBook]:
        """The address books of the network's records, one for each chain that was ever at its URL."""
        folders = sorted(self.records.glob(f"{self.manifest.network}-????????"))
        return [AddressBook.of(Records.at(folder).all()) for folder in folders]

    def signer(self, name: str) -> Signer:
        """An account of the manifest that signs on this machine; InputError for any other, and on Solana."""
        manifest = demand_evm(self.manifest)
        account = manifest.accounts.get(name)
        if account is None:
            raise InputError("is no account of the manifest", field="as", value=name)
        if account.local and not manifest.chain.public:
            return LocalSigner(name)
        if not account.alias:
            raise InputError("is only an address in the manifest: its key signs elsewhere", field="as", value=name)
        # Ape takes a second to load.
        import ape

        from scrip.evm.rpc.ape_accounts import load

        return load(account.alias, ape.networks.get_provider_from_choice(manifest.chain.ape))

    def address(self, wallet: str) -> str:
        """The address of an account of the manifest that needs no node to be known, or the address itself.

        In lower case; InputError for anything else.
        """
        if wallet.startswith("0x"):
            return wallet
        account = self.manifest.accounts.get(wallet)
        if account is None or not (account.address or account.local):
            reason = "is neither an address nor an account whose address the manifest says"
            raise InputError(reason, field="wallet", value=wallet)
        return (account.address or local_account(wallet).address).lower()

    def registry(self) -> str:
        """The registry's address; InputError where the records have none, or several."""
        known = {book.contract("registry").address for book in self.books if "registry" in book}
        if len(known) != 1:
            reason = "the records have several" if known else "is not in the records"
            raise InputError(f"{reason}: name it with --registry", field="registry", value=", ".join(sorted(known)))
        return known.pop()

    def multisend(self) -> list[str]:
        """The addresses of the batching contract that we deployed, where the network has no public one."""
        return [book.contract(MULTISEND_LABEL).address for book in self.books if MULTISEND_LABEL in book]

    def names(self) -> Names:
        """What addresses are called."""
        names = Names(derive=False)
        for name, account in self.manifest.accounts.items():
            if account.address or account.local:
                names.learn(name, account.address or local_account(name).address)
        for book in self.books:
            for label, contract in book:
                names.learn(label, contract.address)
        return names
