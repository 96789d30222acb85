"""Fixtures of the Safe's tests: the network on a chain inside the process, built once and put back after each test."""

from collections.abc import Iterator

import pytest
from safe_world import START, World

from scrip.evm.local.revm_chain import RevmChain

REVM_PADDING = 33
"""Zeros that revm appends to code before it runs it, and shows."""


@pytest.fixture(scope="session")
def built() -> World:
    chain = RevmChain(START)
    deployer = chain.address("deployer")

    def code_at(address: str) -> bytes:
        padded = bytes(chain.evm.get_code(address) or b"")
        return padded[:-REVM_PADDING]

    return World(chain, lambda code: chain.evm.deploy(deployer, code, gas=100_000_000), code_at)


@pytest.fixture
def world(built: World) -> Iterator[World]:
    mark = built.chain.mark()
    yield built
    built.chain.back_to(mark)
