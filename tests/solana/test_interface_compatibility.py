"""What of another build's interface would misread accounts that stand, and what would not."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from scrip.solana.build import Build
from scrip.solana.deploy.interface import incompatible


@pytest.fixture
def after() -> dict[str, Any]:
    """The project's own interface, to be changed."""
    return json.loads(Build().idl.read_text(encoding="utf-8"))


def fields(idl: dict[str, Any]) -> list[str]:
    """Where findings are, against the interface as it is."""
    return [one.field for one in incompatible(json.loads(Build().idl.read_text(encoding="utf-8")), idl)]


def made(idl: dict[str, Any], name: str) -> dict[str, Any]:
    """A type's definition."""
    found: dict[str, Any] = next(one for one in idl["types"] if one["name"] == name)["type"]
    return found


def test_the_same_interface_reads_everything(after: dict[str, Any]) -> None:
    assert fields(after) == []


def test_another_address_is_another_program(after: dict[str, Any]) -> None:
    assert fields(after | {"address": "11111111111111111111111111111111"}) == ["program.address"]


def test_a_kind_of_account_that_is_gone_or_renumbered_is_found(after: dict[str, Any]) -> None:
    gone = copy.deepcopy(after)
    gone["accounts"] = [one for one in gone["accounts"] if one["name"] != "Wallet"]
    assert fields(gone) == ["accounts.Wallet"]
    next(one for one in after["accounts"] if one["name"] == "Wallet")["discriminator"][0] ^= 1
    assert fields(after) == ["accounts.Wallet"]


def test_a_field_more_or_of_another_size_is_found(after: dict[str, Any]) -> None:
    wider = copy.deepcopy(after)
    next(one for one in made(wider, "Stock")["fields"] if one["name"] == "series")["type"] = "u128"
    assert fields(wider) == ["accounts.Stock"]
    made(after, "Stock")["fields"].append({"name": "more", "type": "u8"})
    assert fields(after) == ["accounts.Stock"]


def test_an_enumeration_may_grow_at_its_end_alone(after: dict[str, Any]) -> None:
    variants = made(after, "Policy")["variants"]
    variants.append({"name": "Open"})
    assert fields(after) == []
    variants.insert(0, variants.pop())
    assert fields(after) == ["accounts.Stock.Policy"]


def test_a_new_kind_of_account_changes_nothing(after: dict[str, Any]) -> None:
    after["accounts"].append({"name": "Ballot", "discriminator": [1] * 8})
    after["types"].append({"name": "Ballot", "type": {"kind": "struct", "fields": []}})
    assert fields(after) == []
