"""A cluster that tests are handed again is as it was made; where it cannot be, they are not handed it."""

from __future__ import annotations

import pytest
from solana_world import ROOT, START, World
from solders.account import Account
from solders.pubkey import Pubkey
from support.reused_cluster import Clusters

from scrip.solana.addresses import SYSTEM
from scrip.solana.build import Build


@pytest.fixture
def clusters() -> Clusters:
    return Clusters(Build(ROOT))


def test_what_was_changed_in_one_is_gone_from_the_next(clusters: Clusters, monkeypatch: pytest.MonkeyPatch) -> None:
    (made,) = clusters.idle
    taken = clusters.take(START)
    monkeypatch.setattr("solana_world.fresh", lambda held=taken: held)
    world = World.with_holders()
    world.back()
    world.wait(1_000)
    stranger = Pubkey.new_unique()
    taken[0].svm.set_account(stranger, Account(1, b"", SYSTEM, False, 0))
    changed = list(taken[0].svm.changes.before)
    assert stranger in changed
    assert {world.listing.mint, world.program.at.issuer} < set(changed)
    monkeypatch.undo()
    del taken, world
    again, _ = clusters.take(START)
    assert again.svm._inner is made._inner
    assert again.read(changed) == Clusters(clusters.build).first.read(changed)
    assert (again.now(), again._named) == (START, set())


def test_what_somebody_still_knows_is_handed_to_nobody(clusters: Clusters) -> None:
    svm = clusters.take(START)[0].svm
    other, _ = clusters.take(START)
    assert other.svm._inner is not svm._inner


def test_a_changed_program_is_handed_to_nobody(clusters: Clusters) -> None:
    taken, program = clusters.take(START)
    old = taken.svm.get_account(program.at.program_data)
    taken.svm.set_account(program.at.program_data, Account(old.lamports, bytes(old.data) + b"\1", old.owner))
    del taken
    assert (clusters.out, clusters.idle) == (0, [])


def test_what_was_changed_in_a_way_that_is_not_noted_is_handed_to_nobody(clusters: Clusters) -> None:
    taken, _ = clusters.take(START)
    taken.svm.warp_to_slot(1_000)
    del taken
    assert (clusters.out, clusters.idle) == (0, [])
