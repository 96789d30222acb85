"""Fixtures of the Solana tests: a fresh cluster for each, and actors by role."""

from __future__ import annotations

import pytest
from solana_world import World


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
