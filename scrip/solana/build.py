"""Where the built program lies."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Build:
    """Where the built program lies in the repository at `root`."""

    root: Path = field(default_factory=lambda: Path(__file__).resolve().parents[2])

    @property
    def elf(self) -> Path:
        """The file of the built program."""
        return self.root / "target/deploy/stock_token.so"

    @property
    def note(self) -> Path:
        """The file that says what was built: its hash and size."""
        return self.root / "build/program.json"

    @property
    def idl(self) -> Path:
        """The file of the program's interface; where nothing is built, the one that an installation carries."""
        built = self.root / "target/idl/stock_token.json"
        return built if built.is_file() else self.root / "scrip/interfaces/idl/stock_token.json"
