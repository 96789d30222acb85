"""Whatever becomes of a proposal's file, it is read as what was signed, or refused with a reason."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safe_world import World

from scrip.errors import InputError
from scrip.evm.safe.document import checksum
from scrip.evm.safe.file import read, written
from scrip.evm.safe.proposal import Proposal

HEX = st.binary(max_size=70).map(lambda data: "0x" + data.hex())
LEAVES = st.none() | st.booleans() | st.integers(-1, 2**70) | st.text(max_size=8) | HEX
WORDS = st.sampled_from(
    ["tuple", "tuple[]", "uint256", "uint256[0][]", "uint7", "bytes[999][999]", "()", "address", "1.0"]
)
VALUES = st.recursive(
    LEAVES | WORDS,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3),
    max_leaves=6,
)


def places(value: Any, where: tuple = ()) -> list[tuple]:
    """Every place in a content below the top."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    below = [place for key in keys for place in places(value[key], (*where, key))]
    return [where, *below] if where else below


@pytest.fixture
def proposal(world: World, tmp_path: Path) -> Proposal:
    split = world.split("timelock").steps
    plan = world.plan(world.step(split[0].instructions[0], "safe", "first"), *split)
    return world.sign(world.propose(plan), "owner-b")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_file_is_the_same_transaction_or_refused(
    proposal: Proposal, tmp_path: Path, data: st.DataObject
) -> None:
    content = written(proposal)
    *where, last = data.draw(st.sampled_from(places(content)))
    target: Any = content
    for key in where:
        target = target[key]
    if data.draw(st.booleans()):
        del target[last]
    else:
        target[last] = data.draw(VALUES)
    if isinstance(content.get("meta"), dict) and data.draw(st.booleans()):
        content["meta"]["checksum"] = checksum(content)
    edited = tmp_path / "edited.json"
    edited.write_text(json.dumps(content))
    try:
        found = read(edited)
    except InputError:
        return
    # Whatever is believed of an edited file, what is signed is what was proposed.
    assert found.tx == proposal.tx
    assert set(found.signatures.items()) <= set(proposal.signatures.items())
    assert [one.call for one in found.calls] == [one.call for one in proposal.calls]
    assert [one.operation for one in found.delayed] == [one.operation for one in proposal.delayed]


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_anything_else_is_refused(tmp_path: Path, noise: bytes) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(noise)
    with pytest.raises(InputError):
        read(other)
