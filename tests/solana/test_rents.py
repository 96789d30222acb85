"""Who has an account's rent back: the table of docs/solana-accounts.md, held to what happens."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence

import pytest
from account_sweep import prepared
from compute_units import play
from solana_world import ROOT, World
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scrip.solana.chain import Sent

sys.path.append(str(ROOT / "tools"))
from account_layouts import SNAPSHOT

ROW = re.compile(r"^\| (\w+) \| ([^|]+) \| ([^|]+) \| (\w*) ?\|$", re.MULTILINE)
TABLE = {kind: rest for kind, *rest in ROW.findall((ROOT / "docs/solana-accounts.md").read_text())}
CLOSED = {kind for kind, (_, closing, _) in TABLE.items() if not closing.startswith("never")}
NAMED = re.compile(r"`(\w+)`")


class Rents:
    """What each closing of an account gave to whom, in a world's life."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.met: dict[tuple[str, str], str] = {}
        """By kind and instruction: who was given the rent, `signer` or `payer`, else nobody that is known."""
        self.made: dict[str, set[str]] = {}
        """By kind: the instructions that made one."""
        send = world.chain.send

        def watching(calls: Sequence[Instruction], signers: Sequence[Keypair]) -> Sent:
            before = self._held(calls)
            sent = send(calls, signers)
            self._compare(calls, before, self._held(calls))
            return sent

        world.chain.send = watching  # type: ignore[method-assign]

    def _held(self, calls: Sequence[Instruction]) -> dict[Pubkey, tuple[int, str]]:
        """Lamports of the accounts that calls name, and of what kind of the program's each is."""
        kinds = {self.world.program.discriminator(kind): kind for kind in TABLE}
        found = {}
        for address in {meta.pubkey for call in calls for meta in call.accounts}:
            one = self.world.chain.svm.get_account(address)
            ours = one is not None and one.owner == self.world.program.id
            kind = kinds.get(bytes(one.data)[:8], "") if ours and one is not None else ""
            found[address] = (one.lamports if one is not None else 0, kind)
        return found

    def _compare(
        self,
        calls: Sequence[Instruction],
        before: dict[Pubkey, tuple[int, str]],
        after: dict[Pubkey, tuple[int, str]],
    ) -> None:
        program = self.world.program
        names = [(program.name_of(call), call) for call in calls if program.name_of(call)]
        for address, (lamports, kind) in before.items():
            if not kind and after[address][1]:
                self.made.setdefault(after[address][1], set()).update(name for name, _ in names)
            if not kind or after[address][1]:
                continue
            name, call = next((name, call) for name, call in names if address in {one.pubkey for one in call.accounts})
            named = dict(zip(program.accounts_of(call), (one.pubkey for one in call.accounts), strict=False))
            paid = sum(after[one][0] - before[one][0] for one in before if before[one][0] == 0)
            given = {
                who: after[named[who]][0] - before[named[who]][0] + paid * (who == "signer")
                for who in ("signer", "payer")
                if who in named
            }
            self.met[kind, name] = next((who for who, gain in given.items() if gain == lamports), f"{given}")


@pytest.fixture(scope="module")
def rents() -> Rents:
    world = prepared()
    found = Rents(world)
    play(world)
    return found


def test_the_table_has_every_kind_of_account_and_says_why_one_is_never_closed() -> None:
    assert set(TABLE) == set(json.loads(SNAPSHOT.read_text())["accounts"])
    for kind, (_, closing, to) in TABLE.items():
        assert (to in ("payer", "signer")) == (kind in CLOSED), kind
        assert kind in CLOSED or len(closing) > len("never: "), kind


def test_what_is_closed_gives_its_whole_rent_to_whom_the_table_says(rents: Rents) -> None:
    assert {kind for kind, _ in rents.met} == CLOSED
    for (kind, name), who in rents.met.items():
        _, closing, to = TABLE[kind]
        assert who == to, (kind, name)
        assert name in NAMED.findall(closing), (kind, name)


def test_what_makes_an_account_is_what_the_table_says(rents: Rents) -> None:
    """Of the kinds that few instructions make; nearly every order makes a key's record."""
    for kind in set(rents.made) - {"UsedKey"}:
        said = set(NAMED.findall(TABLE[kind][0]))
        assert rents.made[kind] & said, kind
