"""Notices and disclosure documents that an issuer put on record, by hash and address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from scrip.chains.evm import EvmNetwork
from scrip.chains.network import Network
from scrip.evm.encoding.words import decode
from scrip.evm.handlers.voting import PUBLISHED


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document on record: of which stock, about which `subject` (an action's id, or zeros), its hash and address."""

    network: str
    stock: str
    subject: str
    document: str
    uri: str
    publisher: str

    COLUMNS: ClassVar[Mapping[str, str]] = {
        "network": "network",
        "stock": "stock",
        "uri": "where it is read",
        "document": "its hash",
        "subject": "about",
        "publisher": "published by",
    }

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "network": self.network,
            "stock": self.stock,
            "subject": self.subject,
            "document": self.document,
            "uri": self.uri,
            "publisher": self.publisher,
        }


def documents(network: Network, stock: str) -> list[DocumentFacts]:
    """The documents of a stock, oldest first.

    None where the network has no contract that publishes; nor on Solana, where notices stand in transactions' logs, of
    which no node keeps all.
    """
    if not isinstance(network, EvmNetwork):
        return []
    ledger, chain = network.ledger(), network.chain
    if ledger.suite.ballot is None:
        return []
    token = bytes.fromhex(ledger.token(stock).address[2:]).rjust(32, b"\0")
    found = []
    for event in chain.logs(ledger.suite.ballot, [PUBLISHED, token], ledger.since):
        uri, publisher = decode(("string", "address"), event.data)
        subject, document = ("0x" + bytes(one).hex() for one in event.topics[2:4])
        by = chain.name(str(publisher).lower())
        found.append(DocumentFacts(network.manifest.network, stock, subject, document, str(uri), by))
    return found
