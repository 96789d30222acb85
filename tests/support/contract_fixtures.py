"""The world of contract_world for conftest files: deployed once a session and put back after each test."""

from collections.abc import Iterator
from functools import cache

import boa
import pytest
from support.contract_calls import Handle, set_clock
from support.contract_world import START, World


@cache
def _world() -> World:
    return World()


@pytest.fixture(scope="session")
def built_world() -> World:
    """The world itself: only for tests that put the chain back themselves."""
    return _world()


@pytest.fixture
def world(built_world: World) -> Iterator[World]:
    with boa.env.anchor():
        set_clock(START)
        yield built_world


@pytest.fixture
def stock(world: World) -> Handle:
    """The ALLOWLIST stock, through its proxy."""
    return world.stock


@pytest.fixture
def open_stock(world: World) -> Handle:
    """The BLOCKLIST stock, through its proxy."""
    return world.open_stock
