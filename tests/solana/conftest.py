"""Fixtures of the Solana tests: a fresh cluster for each, and actors by role."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from served import ROOT
from solana_world import World

if TYPE_CHECKING:
    from kill_server import Server
    from multichain_networks_world import Both


@pytest.fixture
def world() -> World:
    """A cluster with an initialised issuer, one stock, and two onboarded holders."""
    return World.with_holders()


@pytest.fixture
def funded(world: World) -> World:
    """The same with a configured, attested reserve, stablecoin everywhere, and 100 units at alice."""
    world.back()
    world.mint("alice", 100)
    return world


@pytest.fixture(scope="session")
def spanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Two deployments with the same stocks, one of them on Solana."""
    from multichain_networks_world import deployed_both

    with deployed_both(tmp_path_factory.mktemp("multichain")) as found:
        yield found


@pytest.fixture(scope="session")
def children() -> Iterator[Server]:
    """A process whose children give commands of two networks, and may be killed."""
    sys.path.append(str(ROOT / "tests/executor/killing"))
    from kill_server import Server

    found = Server(ROOT / "tests/solana/multichain_victim.py")
    yield found
    found.close()


@pytest.fixture
def both(spanned: Both) -> Iterator[Both]:
    """The same, which are wound back after the test."""
    yield spanned
    spanned.back()
