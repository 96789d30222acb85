"""A stock on Solana, as the register reads it: its token accounts as of a slot, or all transactions of its mint.

No node tells what accounts held at an earlier slot. So they are read as they are now, at the slot of the answer, and
what final transactions did to them since the record is taken back: each says what every token account held before and
after. With `whole` nothing is read of accounts, and every transaction since the mint was made is. Every transaction
that moves units names the mint, for its accounts have the pausable extension; a burn by a holder does, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
from base58 import b58encode
from solders.pubkey import Pubkey

from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
from scrip.errors import Drift, InputError
from scrip.holders import movements as mv
from scrip.holders.instant import At, block_before
from scrip.holders.look_through import Weights
from scrip.holders.register import Kind, Owner, Reallocation
from scrip.holders.sources import Tell
from scrip.solana.addresses import TOKEN_2022
from scrip.solana.rpc.cluster import Cluster, NodeRefused, Unreachable
from scrip.units import SOLANA_DECIMALS


@dataclass
class SolanaSource:
    """See scrip.holders.sources.Source for what each method answers."""

    network: SolanaNetwork
    ticker: str
    mint: Pubkey
    whole: bool = False
    decimals: int = SOLANA_DECIMALS
    chain_id: int = 0

    @classmethod
    def of(cls, network: Network, ticker: str, whole: bool = False) -> SolanaSource:
        """A stock of a Solana network; InputError where the network has no such stock."""
        if not isinstance(network, SolanaNetwork):
            raise InputError("is no network of this kind of chain", field="network")
        final = network.at_final()
        if ticker not in final.stocks():
            raise InputError("is no stock of this network", field="stock", value=ticker)
        return cls(final, ticker, final.listing(ticker).mint, whole)

    @property
    def token(self) -> str:
        """The mint's address."""
        return str(self.mint)

    @property
    def _cluster(self) -> Cluster:
        return self.network.cluster

    # --- the slot ---

    def record(self, instant: int) -> At:
        """The block of the last slot that has one and is before an instant."""
        final = self._cluster.final().slot
        newest = next((found for slot in range(final, -1, -1) if (found := self._look(slot)) is not None), None)
        if newest is None:
            raise NodeRefused(f"{self._cluster.name} tells of no block")
        return block_before(self._look, newest, instant)

    def _look(self, slot: int) -> At | None:
        found = self._cluster.block(slot)
        return At(found.slot, found.hash, found.time) if found else None

    # --- what happened ---

    def movements(self, at: At, folder: Path, tell: Tell) -> Sequence[Path]:
        """What accounts held at the slot, or every transaction up to it."""
        what = "transactions" if self.whole else "accounts"
        place = folder / self.token / f"{what}-{at.number}.parquet"
        table = self._transactions(at, tell) if self.whole else self._accounts(at)
        mv.write(place, table)
        return [place]

    def _transactions(self, at: At, tell: Tell) -> pa.Table:
        rows: list[mv.Movement] = []
        for place, found in enumerate(self._since(0)):
            if found.slot <= at.number:
                rows += self._moved(found, len(rows))
            if place % 100 == 99:
                tell(found.slot, 100)
        return mv.table_of(rows)

    def _accounts(self, at: At) -> pa.Table:
        """Balances of now, less what was done after the slot."""
        slot, accounts = self._cluster.held(TOKEN_2022, self.mint)
        held: dict[str, int] = {}
        for owner, amount in accounts:
            holder = self._vaults.get(owner, str(owner))
            held[holder] = held.get(holder, 0) + amount
        for one in self._later(at, slot):
            for account, sign in ((one.receiver, -1), (one.sender, 1)):
                if account:
                    held[account] = held.get(account, 0) + sign * one.amount
        if short := sorted(account for account, units in held.items() if units < 0):
            reason = "the node lists too few accounts, or too many transactions since"
            raise Drift(f"{short[0]} would have held {held[short[0]]} units in slot {at.number}: {reason}")
        return mv.from_balances(at.number, held.items())

    def supply(self, at: At) -> int:
        """The mint's supply of now, less what was minted and burnt after the slot; asked for apart from accounts."""
        slot, supply = self._cluster.supply(self.mint)
        return supply - sum(one.amount * (1 if one.receiver else -1) for one in self._later(at, slot))

    def _later(self, at: At, until: int) -> Iterator[mv.Movement]:
        """What transactions did after the record's slot, up to another."""
        for landed in self._since(at.number + 1):
            if landed.slot <= until:
                yield from self._moved(landed, 0)

    def _since(self, slot: int) -> Iterator[Any]:
        """The transactions of the mint from a slot on that did not fail, the oldest first."""
        for one in self._cluster.listed(self.mint, slot):
            if one.failed:
                continue
            landed = self._cluster.transaction(one.signature)
            if landed is None:
                raise Unreachable(f"{self._cluster.name} lists {one.signature} and does not have it")
            yield landed

    def _moved(self, landed: Any, first: int) -> list[mv.Movement]:
        """What a transaction did to the holders of the mint: what each had less, and what each had more.

        An account that was given to another owner is a movement between the two.
        """
        meta = landed.meta
        before, after = self._told(meta.pre_token_balances), self._told(meta.post_token_balances)
        rows: list[mv.Movement] = []
        for owner in sorted(before.keys() | after.keys()):
            change = after.get(owner, 0) - before.get(owner, 0)
            if change:
                ends = (mv.NOBODY, owner) if change > 0 else (owner, mv.NOBODY)
                rows.append(mv.Movement(landed.slot, first + len(rows), *ends, abs(change)))
        return rows

    def _told(self, balances: Iterable[Any] | None) -> dict[str, int]:
        found: dict[str, int] = {}
        for one in balances or ():
            if one.mint == self.mint:
                holder = self._vaults.get(one.owner, str(one.owner))
                found[holder] = found.get(holder, 0) + int(one.ui_token_amount.amount)
        return found

    @cached_property
    def _vaults(self) -> Mapping[Pubkey, str]:
        """Whose the units are that the program keeps frozen or locked, by the record that owns the vault they are in.

        No record is ever closed, so those of now tell of every slot.
        """
        at = self.network.program.at
        found = {address: one for address, one in self._stored("Locked") if address == at.locked(one.stock, one.holder)}
        return {address: str(one.holder) for address, one in found.items()}

    # --- whose it is ---

    def owners(self, at: At) -> Mapping[str, Owner]:  # noqa: ARG002
        """Whose wallets are: as the program's records say now, for nobody tells what they said at a slot."""
        investors = dict(self._stored("Investor"))
        found = {}
        for _, wallet in self._stored("Wallet"):
            if (investor := investors.get(wallet.investor)) is not None:
                named = b58encode(bytes(investor.id)).decode()
                found[str(wallet.holder)] = Owner(named, type(investor.class_).__name__.lower())
        return found

    def _stored(self, kind: str) -> list[tuple[Pubkey, Any]]:
        program = self.network.program
        found = self.network.chain.owned(program.id, 0, program.discriminator(kind))
        return [(address, program.decode(data)) for address, data in found]

    def vaults(self, at: At, instant: int) -> tuple[Mapping[str, Kind], Iterable[Reallocation]]:  # noqa: ARG002
        """None: the program keeps no queue of requests."""
        return {}, ()

    def account(self, name: str) -> str:
        """The address of an account of the manifest."""
        return str(self.network.keys.address(name))

    def shares(self, contract: str, at: At, folder: Path, tell: Tell) -> Weights:  # noqa: ARG002
        """No rule by a venue's own token: pools here say in accounts of their own whose they are."""
        raise InputError("is looked through by a file alone on Solana", field="look_through", value=contract)
