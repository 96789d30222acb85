"""The world of issuance_world, deployed once a session and put back after each test."""

from collections.abc import Iterator

import boa
import pytest
from boa.contracts.vyper.vyper_contract import VyperContract
from contract_calls import set_clock
from issuance_world import START, Issuance

# For its own error messages titanoboa writes out the storage of every contract that a revert passes through. That is
# slow, and fails on a mapping whose values are structs. Nothing here reads those messages.
VyperContract.__repr__ = object.__repr__


@pytest.fixture(scope="session")
def built_suite() -> Issuance:
    return Issuance()


@pytest.fixture
def suite(built_suite: Issuance) -> Iterator[Issuance]:
    with boa.env.anchor():
        set_clock(START)
        yield built_suite
