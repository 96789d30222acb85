"""What every part of the ledger works with: a cluster, the program on it, and the stocks that are known by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip.errors import InputError, Refusal, ScripError
from scrip.instructions.base import DOCUMENT_HASH
from scrip.ledger import Receipt
from scrip.solana.addresses import ED25519, document_hash, token_account
from scrip.solana.chain import Chain, Failed, Sent
from scrip.solana.encoding import places, tokens
from scrip.solana.encoding.program import Listing, StockProgram, Suite
from scrip.solana.errors import CUSTOM, NAMES
from scrip.solana.keys import CUSTODIAN, Keys, LocalKeys


@dataclass
class Client:
    """Builds and sends the program's transactions, and reads what they change.

    `keys` say who is who; `custodian` is the name of whoever attests.
    """

    chain: Chain
    suite: Suite
    stocks: dict[str, Listing] = field(default_factory=dict, kw_only=True)
    keys: Keys = field(default_factory=LocalKeys, kw_only=True)
    custodian: str = field(default=CUSTODIAN, kw_only=True)
    _serial: int = field(default=0, init=False)
    _views: dict[tuple[object, ...], Call] = field(default_factory=dict, init=False)

    @property
    def program(self) -> StockProgram:
        """The program, by its interface."""
        return self.suite.program

    def address(self, name: str) -> Pubkey:
        """An account's address."""
        return self.keys.address(name)

    # --- reading ---

    def now(self) -> int:
        """The cluster's clock, UTC seconds."""
        return self.chain.now()

    def view(self, name: str, stock: str, *args: object) -> bytes:
        """The return data of one of the program's views; ScripError where it gives none."""
        asked = (name, stock, args)
        if asked not in self._views:
            self._views[asked] = self.program.build(name, *args, accounts={}, listing=self.listing(stock))
        try:
            return self.chain.view(self._views[asked])
        except Failed as failed:
            found = refusal(self.program, [self.program.id], failed)
            if isinstance(found, Refusal):
                raise found from None
            raise ScripError(f"the program does not tell {name} of {stock}: {failed.error}") from None

    def listing(self, stock: str) -> Listing:
        """A stock's addresses; InputError for an unknown one."""
        if stock not in self.stocks:
            raise InputError("is not a known stock", field="stock", value=stock)
        return self.stocks[stock]

    def units(self, listing: Listing, account: str) -> Pubkey:
        """An account's canonical token account of a stock."""
        return token_account(self.address(account), listing.mint)

    def records(self, addresses: Sequence[Pubkey], kind: str) -> list[Any]:
        """The program's records of a kind, decoded, in order; None where there is none."""
        return self.program.records(self.chain, addresses, kind)

    def record(self, address: Pubkey, kind: str) -> Any:
        """The same of one address."""
        return self.program.record(self.chain, address, kind)

    def demanded(self, address: Pubkey, kind: str) -> Any:
        """A record that must be there: InputError where the chain has none, or its node none yet."""
        found = self.record(address, kind)
        if found is None:
            raise InputError("is not on the chain, as the node has it", field=kind.lower(), value=str(address))
        return found

    def mint_data(self, listing: Listing) -> bytes:
        """A stock's mint; InputError where the chain has none."""
        found = places.stored_at(self.chain, listing.mint, tokens.STOCK)
        if found is None:
            raise InputError("is not on the chain, as the node has it", field="mint", value=str(listing.mint))
        return found

    def holding(self, listing: Listing, account: str) -> tokens.Holding | None:
        """An account's canonical token account of a stock; None where there is none."""
        return tokens.holding_at(self.chain, self.units(listing, account))

    def bound(self, listing: Listing, wallet: Pubkey) -> Any:
        """What of a wallet's units is frozen or locked, as its record says; None where nothing ever was."""
        return self.record(self.program.at.locked(listing.stock, wallet), "Locked")

    def vault_of(self, listing: Listing, wallet: Pubkey) -> dict[str, Pubkey]:
        """The record of a wallet's bound units and the vault that they are in, in the places where orders name them."""
        at = self.program.at
        return {"hold": at.locked(listing.stock, wallet), "to_account": at.vault(listing.stock, wallet)}

    # --- sending ---

    def signed(
        self,
        name: str,
        by: str,
        *args: object,
        accounts: dict[str, Pubkey] | None = None,
        listing: Listing | None = None,
    ) -> Call:
        """Build one of the program's instructions whose first account is whoever signs."""
        chosen = {"signer": self.address(by)} | (accounts or {})
        return self.program.build(name, *args, accounts=chosen, listing=listing)

    def send(self, calls: Sequence[Call], signers: Sequence[str]) -> Receipt:
        """Carry out a transaction; Refusal with the program's reason."""
        keys = [self.chain.rich(self.keys.signer(name)) for name in signers]
        try:
            return receipt(self.chain.send(calls, keys))
        except Failed as failed:
            raise refusal(self.program, [call.program_id for call in calls], failed) from None

    def key(self, key: str) -> bytes:
        """A key word: of the given key (0x and 64 hex digits are the word itself), or one that was never used."""
        if DOCUMENT_HASH.fullmatch(key):
            return document_hash(key)
        if key:
            return document_hash(f"key {key}")
        self._serial += 1
        return document_hash(f"fresh key {self._serial}")


def refusal(program: StockProgram, called: Sequence[Pubkey], failed: Failed) -> Exception:
    """A failure by the name that all chains share, or the failure itself. `called` are the instructions' programs."""
    if failed.index is None:
        return failed
    if called[failed.index] == ED25519:
        return Refusal("market: bad signature", "the ed25519 program refuses it")
    name = program.errors.get(failed.custom or 0) if (failed.custom or 0) >= CUSTOM else None
    return Refusal(NAMES[name], name) if name else failed


def receipt(sent: Sent) -> Receipt:
    """What a transaction cost."""
    return Receipt(tx=sent.signature, compute_units=sent.compute_units)
