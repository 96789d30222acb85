import pytest
from model_world import World, small_world


@pytest.fixture
def world() -> World:
    return small_world()


@pytest.fixture
def funded() -> World:
    """The same, and alice holds 100 tokens."""
    world = small_world()
    world.do(world.mint("alice", 100))
    return world
