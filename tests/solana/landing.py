"""What arrived at a cluster, as the cluster says: which transactions, when, and what landed."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from served import Served
from solders.transaction import VersionedTransaction

from scrip.chains.solana import SolanaNetwork
from scrip.records import Intent
from scrip.solana.tx.steps import calls_of, digest

SYSVARS = "Sysvar1111111111111111111111111111111111111"
State = dict[str, list[str]]


@dataclass(frozen=True)
class Signed:
    """A transaction that was signed: what it does, the last block it can be in, and the final one when it arrived."""

    tx: str
    does: str
    last: int
    final: int | None
    """None for what was only found signed on disk."""
    landed: bool = False


def received(served: Served) -> list[Signed]:
    """What arrived, in order."""
    return [_signed(**one) for one in served.ask("endpoint_received")]


def _signed(transaction: str, final: int, last: int, landed: bool) -> Signed:
    found = VersionedTransaction.from_bytes(b64decode(transaction))
    return Signed(str(found.signatures[0]), digest(calls_of(found.message)), last, final, landed)


def intended(network: SolanaNetwork) -> list[Signed]:
    """What a killed process had signed and not settled."""

    def read(intent: Intent) -> Signed:
        return Signed(intent.tx, intent.action.data_hash, intent.last_height, None)

    return [*map(read, network.records.open_intents())]


def signed_once(events: Sequence[Signed]) -> None:
    """Nothing was signed a second time while the first could still land, as the cluster counts blocks."""
    lasts: dict[str, dict[str, int]] = {}
    for one in events:
        before = lasts.setdefault(one.does, {})
        if one.final is not None and one.tx not in before:
            assert all(last < one.final for last in before.values()), one.does
        before.setdefault(one.tx, one.last)


def accounts(served: Served, network: SolanaNetwork) -> State:
    """Owner and data of every account but the runtime's own, such as the clock."""
    found = {place: one for place, one in served.ask("endpoint_accounts").items() if one[0] != SYSVARS}
    owner, data = found[data_of := str(network.program.at.program_data)]
    # The loader notes the slot in which it wrote.
    found[data_of] = [owner, b64encode(b64decode(data)[12:]).decode()]
    return found
