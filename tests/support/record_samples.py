"""Entries of records for tests that need no chain."""

from scrip.records import Intent
from scrip.records.record import Action

GENESIS = "0x" + "ab" * 32


def action(number: int = 1, **changes: object) -> Action:
    values = {
        "operation": "deploy",
        "reference": "local-1",
        "step": f"contract {number}",
        "title": f"deploy contract {number}",
        "step_id": "0x" + f"{number:064x}",
        "network": "local",
        "genesis": GENESIS,
        "sender_name": "deployer",
        "sender": "0x" + "11" * 20,
        "contract": "Roles",
        "function": "",
        "arguments": [1, str(2**60), ["0x00", True]],
    }
    return Action(**(values | changes))


def intent(number: int = 1, **changes: object) -> Intent:
    values = {"action": action(number), "tx": "0x" + f"{number + 4096:064x}", "nonce": number, "signed": "0x02f8"}
    return Intent(**(values | changes))
