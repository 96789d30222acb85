"""At which block a network is read, so that facts of one answer belong together."""

from __future__ import annotations

from dataclasses import dataclass

from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError
from scrip.preview import moment


@dataclass(frozen=True, slots=True)
class ReadAt:
    """Where facts were read: the block's number (a slot on Solana), its hash ("" on Solana) and the chain's clock."""

    network: str
    block: int
    hash: str
    at: int

    def as_json(self) -> dict[str, str | int]:
        """For a report."""
        return {"network": self.network, "block": self.block, "hash": self.hash, "at": moment(self.at)}

    def __str__(self) -> str:
        what = "block" if self.hash else "slot"
        return f"{self.network}: {what} {self.block} of {moment(self.at)}"


def pinned(network: Network, block: int | None = None) -> tuple[Network, ReadAt]:
    """The network as of one block, the newest unless one is named, and where that is.

    On Solana nobody tells the past: what is read there is of now, and the slot says since when at the latest.
    InputError for a block that the node does not have, or for any but the present on Solana.
    """
    name = network.manifest.network
    if isinstance(network, EvmNetwork):
        newest = network.node.block().number
        if block is not None and not 0 <= block <= newest:
            raise InputError(f"is not there yet: the newest is {newest}", field="block", value=block)
        found = network.node.block(newest if block is None else block)
        return network.at(found.number), ReadAt(name, found.number, found.hash, found.timestamp)
    if block is not None:
        raise InputError("is past: a node of Solana's tells the present alone", field="block", value=block)
    if not isinstance(network, SolanaNetwork):
        raise TypeError(f"{name} is of no known kind of chain")
    return network, ReadAt(name, network.cluster.slot(), "", network.now())
