"""A signed choice as a file: what a holder agreed to, for whoever hands it in, with the proof that the chain asks
for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scrip.errors import InputError
from scrip.instructions.dividends import ProofNode
from scrip.records.files import create, text_of

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class SignedChoice:
    """What `signer` signed for the leaf of `account`: raw units by option, as the leaf's change number `nonce`.

    `message` is the typed message, for wallets; addresses and hashes are 0x-prefixed hex.
    """

    network: str
    chain_id: int
    contract: str
    stock: str
    reference: str
    election: str
    index: int
    account: str
    units: int
    pushable: bool
    cash: int
    secu: int
    signer: str
    nonce: int
    proof: tuple[ProofNode, ...]
    message: Mapping[str, Any]
    signature: str = ""

    def write(self, path: Path) -> None:
        """Write it into a new file; InputError where one stands."""
        rows = asdict(self) | {name: str(getattr(self, name)) for name in ("units", "cash", "secu")}
        proof = [{"hash": one.hash, "sum": str(one.sum)} for one in self.proof]
        create(path, text_of({"schema": SCHEMA, **rows, "proof": proof, "message": self.message}))

    @classmethod
    def read(cls, path: Path) -> SignedChoice:
        """A file's choice; InputError for what is none."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            if told.pop("schema") != SCHEMA:
                raise InputError(f"is no signed choice of schema {SCHEMA}", file=str(path), field="schema")
            proof = tuple(ProofNode(one["hash"], int(one["sum"])) for one in told.pop("proof"))
            told |= {name: int(told[name]) for name in ("units", "cash", "secu")}
            return cls(**(told | {"proof": proof}))
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise InputError(f"is no signed choice: {wrong}", file=str(path)) from None
