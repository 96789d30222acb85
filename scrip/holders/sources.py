"""What the register asks of a chain, the same of both kinds; which kind is asked is decided in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from scrip.holders.instant import At
from scrip.holders.look_through import Weights
from scrip.holders.register import Kind, Owner, Reallocation

Tell = Callable[[int, int], None]
"""Hears how far a long reading is: a block (or slot), and how many movements since it was last heard of."""


class Source(Protocol):
    """A stock on a chain, as the register reads it. Accounts are text, as scrip.holders.movements has them."""

    @property
    def token(self) -> str:
        """The token's address, or the mint's."""

    @property
    def decimals(self) -> int:
        """Decimals of a raw unit."""

    @property
    def chain_id(self) -> int:
        """The chain's id as EIP-155 has it; 0 on Solana."""

    def record(self, instant: int) -> At:
        """The last block before an instant, UTC seconds; Drift while that may still change."""

    def movements(self, at: At, folder: Path, tell: Tell) -> Sequence[Path]:
        """All movements of the stock's units up to a block, kept as files in a folder."""

    def supply(self, at: At) -> int:
        """The supply at a block."""

    def owners(self, at: At) -> Mapping[str, Owner]:
        """Whose accounts are, by the issuer's register at a block."""

    def vaults(self, at: At, instant: int) -> tuple[Mapping[str, Kind], Iterable[Reallocation]]:
        """The vaults of requests to redeem at a block, and for whom they hold units: the controllers, until a price is
        struck that can be filled at the instant. From then on the units are sold, and nobody's but the vault's."""

    def account(self, name: str) -> str:
        """An account of the manifest, as text of the movements."""

    def shares(self, contract: str, at: At, folder: Path, tell: Tell) -> Weights:
        """The balances of another token at a block, whose units are shares of a venue."""
