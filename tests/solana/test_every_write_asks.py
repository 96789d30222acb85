"""Whatever an instruction stores again, it asks first what always holds of it.

Just before the first transaction that carries an instruction, in the history of every instruction, it is simulated with
one account that it changes spoiled, as no instruction could have. It may refuse, or store it whole; what it must not do
is to store it changed and spoiled still. A new instruction that changes an account is met by itself, and fails here
until it asks. That a record which is created is asked too is `create_with`'s, through which all are: see below.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from account_sweep import STRANGER, Attempt, prepared
from compute_units import play
from solana_world import ROOT, World
from solders.account import Account
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.transaction_metadata import FailedTransactionMetadata

from scrip.solana.addresses import local_keypair
from scrip.solana.chain import Sent
from scrip.solana.signing import signed

sys.path.append(str(ROOT / "tools"))
from account_layouts import SNAPSHOT

FIELDS = {
    kind: {field["name"]: field["at"] for field in one["fields"]}
    for kind, one in json.loads(SNAPSHOT.read_text())["accounts"].items()
}
PART = 80
"""Bytes of one change that is joined in a calendar, behind how many there are."""
COUNTER_OF_STEP, LAST_TRANCHE = 16, 48
"""Where a reserve's step has its counter, and what is bound of a wallet its last lock-up, from where each begins."""
LATE = (2**41).to_bytes(8, "little")
"""A second that does not fit 40 bits."""


def spoils(kind: str, data: bytes) -> list[tuple[int, bytes]]:
    """Ways in which an account of a kind can be what it never is: where, and what is written there."""
    at = FIELDS[kind]
    if kind == "Calendar":
        parts = int.from_bytes(data[at["parts"] : at["parts"] + 4], "little")
        return [(at["parts"] + 4 + parts * PART, bytes(16))]
    ways: dict[str, list[tuple[str, int, bytes]]] = {
        "Issuer": [("settings", 0, bytes(8))],
        "Stock": [("default_frozen", 0, b"\0"), ("rules", 0, b"\xff")],
        "Reserve": [("step", COUNTER_OF_STEP, b"\x09"), ("margin_bps", 0, b"\xff\xff")],
        "Action": [("withheld", 0, b"\1")],
        "Investor": [("wallets", 0, b"\x09"), ("expiry", 0, LATE)],
        "Wallet": [("holder", 0, bytes(32))],
        "Custodian": [("mint", 0, bytes(32)), ("account", 0, bytes(32))],
        "Asset": [("mint", 0, bytes(32))],
        "Provider": [("key", 0, bytes(32))],
        "Hold": [("reason", 0, bytes(2))],
        "Locked": [("tranches", LAST_TRANCHE, LATE)],
        "Timelock": [("delay", 0, bytes(8))],
        "SanctionsList": [("serial", 0, bytes(8))],
        "Unlisted": [("holder", 0, bytes(32))],
    }
    return [(at[name] + more, what) for name, more, what in ways[kind]]


@dataclass
class Asked:
    """What became of each account that an instruction changes, by instruction and kind."""

    refused: set[tuple[str, str]] = field(default_factory=set)
    """Refused because the invariant is broken."""
    whole: set[tuple[str, str]] = field(default_factory=set)
    """Stored without what was spoiled."""
    stored: set[tuple[str, str]] = field(default_factory=set)
    """Stored, spoiled still."""
    met: set[tuple[str, str]] = field(default_factory=set)

    def listen(self, world: World) -> None:
        """Try the first good transaction of each instruction that the chain carries."""
        chain, program, seen = world.chain, world.program, set[str]()
        send = chain.send
        broken = next(code for code, name in program.errors.items() if name == "InvariantBroken")
        chain.rich(local_keypair(STRANGER))

        def trying(calls: Sequence[Instruction], signers: Sequence[Keypair]) -> Sent:
            names = {program.name_of(call) for call in calls} - seen - {""}
            if names and (after := self._after(world, calls, signers)) is not None:
                seen.update(names)
                for name in names:
                    self._spoil(world, Attempt(chain, calls, signers), name, after, broken)
            return send(calls, signers)

        chain.send = trying  # type: ignore[method-assign]

    def _after(
        self, world: World, calls: Sequence[Instruction], signers: Sequence[Keypair]
    ) -> dict[Pubkey, Account] | None:
        """The accounts as a transaction would leave them; None where it would be refused."""
        chain, payer = world.chain, local_keypair(STRANGER)
        message = Message.new_with_blockhash(list(calls), payer.pubkey(), chain.svm.latest_blockhash())
        needed = set(message.account_keys[: message.header.num_required_signatures])
        keys = {one.pubkey(): one for one in (payer, chain.payer, *signers) if one.pubkey() in needed}
        result = chain.svm.simulate_transaction(signed(message, list(keys.values())))
        if isinstance(result, FailedTransactionMetadata):
            return None
        return dict(result.post_accounts())

    def _spoil(self, world: World, attempt: Attempt, name: str, after: dict[Pubkey, Account], broken: int) -> None:
        svm, kinds = world.chain.svm, {world.program.discriminator(kind): kind for kind in FIELDS}
        for address, account in after.items():
            before = svm.get_account(address)
            if before is None or before.owner != world.program.id or account.owner != world.program.id:
                continue
            kind = kinds[bytes(before.data)[:8]]
            if bytes(account.data) == bytes(before.data):
                continue
            self.met.add((name, kind))
            for at, what in spoils(kind, bytes(before.data)):
                data = bytes(before.data)
                data = data[:at] + what + data[at + len(what) :]
                svm.set_account(address, Account(before.lamports, data, before.owner, False, 0))
                left = self._after(world, attempt.calls, attempt.signers)
                if left is None:
                    if attempt.code(attempt.calls)[0] == broken:
                        self.refused.add((name, kind))
                elif bytes(left[address].data)[at : at + len(what)] == what:
                    self.stored.add((name, kind))
                else:
                    self.whole.add((name, kind))
                svm.set_account(address, before)


@pytest.fixture(scope="module")
def asked() -> Asked:
    found = Asked()
    world = prepared()
    found.listen(world)
    play(world)
    return found


STOPS = {
    ("halt", "Issuer"): "a stop must work when something is wrong already",
    ("pause_market", "Issuer"): "a stop must work when something is wrong already",
    ("block_investor", "Investor"): "a block must work when something is wrong already",
    ("suspend_sanctions_oracle", "SanctionsList"): "a stop must work when something is wrong already",
    ("freeze_page", "Investor"): "it changes none: a block is carried in the same transaction",
}
"""What is stored as it is, and why."""
COMPARED = {
    ("recover_wallet", "Wallet"): "the address, and that nobody succeeds it yet, are compared before",
    ("drop_provider", "Provider"): "the key is compared before",
    ("onboard_attested", "Provider"): "the key is compared before",
}
"""What is refused by another name, because the guard before says the same as the invariant."""


def test_what_is_not_as_it_must_be_is_never_stored_again(asked: Asked) -> None:
    assert asked.stored == set(STOPS)


def test_every_instruction_that_changes_an_account_asks(asked: Asked) -> None:
    assert asked.met - asked.refused - asked.whole - set(STOPS) == set(COMPARED)
    assert len(asked.met) > 40
    assert len(asked.refused) > 35


def test_nothing_is_stored_unasked_but_by_what_stops() -> None:
    """`write` is what stores a state as it is, and nothing else writes an account's data."""
    source = ROOT / "programs/stock-token/src"
    found = {path: path.read_text() for path in source.rglob("*.rs")}
    unasked = {path.stem for path, text in found.items() if re.search(r"(?<![\w.])(?<!fn )write\(&?\w", text)}
    assert unasked == {"pda", "block_investor", "screen", "suspend_sanctions_oracle"}
    writing = {path.stem for path, text in found.items() if "try_borrow_mut_data" in text}
    assert writing == {"pda"}
