"""What a desk remembers of itself from one command to the next."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from scrip.errors import InputError
from scrip.inputs.reading.refused import said
from scrip.records import files

FILE = "desk.json"
FOLDER = Path(".scrip/local")
"""Where a desk stands if nobody says otherwise."""
EVM, SOLANA = "local", "solana-local"
"""The networks of a desk: the names of their manifests."""


class Settings(BaseModel):
    """A desk as it was set up. `began` is the UTC second of its anvil's first block, which must be the same at every
    start, and `ahead` by how many seconds its clocks are ahead of the machine's.

    `manifests` is their folder, and `preset` what its stocks' rules were replaced by, "" for nothing. `ex` are the ex
    dates of its two corporate actions, by reference; `ready` the networks on which everything stands.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    networks: list[str]
    ports: dict[str, int]
    manifests: str
    preset: str
    records: str
    began: int
    ahead: int = 0
    ex: dict[str, str] = {}
    ready: list[str] = []

    @classmethod
    def read(cls, folder: Path) -> Settings | None:
        """The desk in a folder; None where there is none. InputError for a file that is not one of a desk's."""
        path = folder / FILE
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            field, value, wrong = "", "", f"cannot be read: {error}"
            if isinstance(error, ValidationError):
                first = error.errors()[0]
                field, wrong = ".".join(map(str, first["loc"])), said(first)
                value = "" if isinstance(first["input"], dict | list) or not field else str(first["input"])
            reason = f"{wrong}; take the file back, or begin anew with local down --wipe"
            raise InputError(reason, file=str(path), field=field, value=value) from None

    def write(self, folder: Path) -> None:
        """Keep it; the folder is made where it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        files.replace(folder / FILE, self.model_dump_json(indent=2) + "\n", 0o644)
