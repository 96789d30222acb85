"""Entries of records for tests that need no chain."""

from scrip.records import Intent, Records
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


def lose_the_last(found: Records, *more: str) -> str:
    """Delete the last record and its intent, and other files of the folder; the transaction that nothing tells of."""
    last = found.all()[-1]
    found.paths()[-1].unlink()
    (found.folder / "intents" / f"{last.action.step_id}.json").unlink()
    for name in more:
        (found.folder / name).unlink()
    return last.tx
