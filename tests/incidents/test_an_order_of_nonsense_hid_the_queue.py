"""One operation in Solana's timelock whose bytes no build can read made `timelock queue` fail, and hid all the others.

Whoever proposes writes what they like: what cannot be read is shown as it is, and cancelled as any other.
"""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from scrip.solana.build import Build
from scrip.solana.deploy import timelock
from scrip.solana.encoding.program import program_of
from scrip.solana.tx.steps import told

PROGRAM = program_of(Build().idl)
ROLE = next(bytes(one["discriminator"]) for one in PROGRAM.idl["instructions"] if one["name"] == "offer_role")
STOCK = next(bytes(one["discriminator"]) for one in PROGRAM.idl["instructions"] if one["name"] == "create_stock")
NONSENSE = {
    "of no instruction": bytes(8),
    "cut short": ROLE + bytes(3),
    "a role that is none": ROLE + b"\xc8" + bytes(32),
    "no text": STOCK + bytes(12) + bytes(8) + bytes(2) + b"\x01\0\0\0\xff" + bytes(9),
    "longer than itself": STOCK + bytes(12) + bytes(8) + bytes(2) + b"\xff\xff\xff\x7f",
}


def network() -> Any:
    """A network at second 5."""
    return Mock(program=PROGRAM, **{"chain.now.return_value": 5})


@pytest.mark.parametrize("data", NONSENSE.values(), ids=NONSENSE)
def test_what_cannot_be_read_is_shown_as_it_is(data: bytes) -> None:
    signs = [AccountMeta(PROGRAM.at.admin, True, False)]
    call = Instruction(PROGRAM.id, data, signs)
    assert told(PROGRAM, call)["data"] == "0x" + data.hex()
    found = list(timelock.lines(network(), timelock.Waiting(Pubkey.default(), 7, Pubkey.default(), call)))
    assert "waits until" in found[0]
    assert found[1:] == [
        f"  {timelock.UNKNOWN}",
        f"    program: {PROGRAM.id}",
        f"    accounts: ['{PROGRAM.at.admin}']",
        f"    data: 0x{data.hex()}",
    ]


def test_what_can_be_read_is_told_by_its_names() -> None:
    call = PROGRAM.build("unhalt", accounts={"signer": PROGRAM.at.admin})
    found = list(timelock.lines(network(), timelock.Waiting(Pubkey.default(), 3, Pubkey.default(), call)))
    label = f"{Pubkey.default()} may be carried out now, and lapses 1970-01-15 00:00:03 UTC"
    assert found[:3] == [label, "  unhalt", f"    signer: {PROGRAM.at.admin}"]
