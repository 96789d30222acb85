"""A build of a stock: its two halves, and where both keep what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eth_utils import keccak

from scrip.evm.compiled.artifacts import CONTRACTS, Artifact, artifact
from scrip.evm.compiled.layout import Layout, layout_of
from scrip.labels import MODES

HALVES = TOKEN, EXTENSION = "StockToken", "StockExtension"


@dataclass(frozen=True, slots=True)
class Release:
    """The code that every stock runs, or would: StockToken, and StockExtension for what that does not know."""

    token: Artifact
    extension: Artifact

    @classmethod
    def of(cls, sources: Path = CONTRACTS) -> Release:
        """The build of a folder of sources."""
        return cls(artifact(TOKEN, sources), artifact(EXTENSION, sources))

    @property
    def layout(self) -> Layout:
        """Where the build's first half keeps its variables."""
        return _layout(self.token)

    @property
    def other_layout(self) -> Layout:
        """Where the build's second half keeps its variables: it must be the same as `layout`."""
        return _layout(self.extension)

    @property
    def name(self) -> str:
        """What tells the build from others: 8 hex digits of the hash of its creation code."""
        return keccak(self.token.initcode + self.extension.initcode).hex()[:8]

    def label(self, mode: int) -> str:
        """The label under which the address book has the build's implementation for a mode."""
        return f"implementation-{MODES[mode].lower()}-{self.name}"

    def extension_label(self, mode: int) -> str:
        """The label under which the address book has the second half of that implementation."""
        return f"extension-{MODES[mode].lower()}-{self.name}"


def _layout(made: Artifact) -> Layout:
    return layout_of(made.layout["storage_layout"], made.sources)
