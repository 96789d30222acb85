"""A proposal's file: the Safe's app reads it, and no edit of it goes unnoticed or unnamed."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from safe_world import World

from scrip.errors import InputError
from scrip.evm.safe.document import checksum
from scrip.evm.safe.file import read, write
from scrip.evm.safe.proposal import Proposal
from scrip.evm.safe.transaction import DELEGATECALL, packed

Content = dict[str, Any]
OTHER = "0x" + "11" * 20


@pytest.fixture
def signed(world: World) -> Proposal:
    """Announced by the Safe and scheduled through the timelock, and signed by one owner."""
    split = world.split("timelock").steps
    plan = world.plan(world.step(split[0].instructions[0], "safe", "first"), *split)
    return world.sign(world.propose(plan), "owner-b")


@pytest.fixture
def path(signed: Proposal, tmp_path: Path) -> Path:
    target = tmp_path / "proposals" / "0.json"
    write(signed, target)
    return target


def edited(path: Path, edit: Callable[[Content], object], fix_checksum: bool = True) -> InputError:
    """What reading says of the file after an edit. The checksum is anyone's to compute."""
    content = json.loads(path.read_text())
    edit(content)
    if fix_checksum:
        content["meta"]["checksum"] = checksum(content)
    path.write_text(json.dumps(content, indent=2, sort_keys=True))
    with pytest.raises(InputError) as caught:
        read(path)
    return caught.value


def test_what_was_written_is_read(signed: Proposal, path: Path) -> None:
    assert read(path) == signed


def test_it_is_the_public_format_with_one_key_more(signed: Proposal, path: Path) -> None:
    content = json.loads(path.read_text())
    assert set(content) == {"version", "chainId", "createdAt", "meta", "transactions", "scrip"}
    assert (content["version"], content["chainId"]) == ("1.0", str(signed.tx.chain_id))
    for one in content["transactions"]:
        assert set(one) == {"to", "value", "data", "contractMethod", "contractInputsValues"}
        assert all(isinstance(value, str) for value in one["contractInputsValues"].values())
        assert {part["name"] for part in one["contractMethod"]["inputs"]} == set(one["contractInputsValues"])


def test_the_checksum_is_the_apps() -> None:
    """The expected value was computed by the app's own function, as @morpho-labs/gnosis-tx-builder 2.0.0 carries it."""
    content = {
        "version": "1.0",
        "chainId": "31337",
        "createdAt": 1900000000000,
        "meta": {
            "name": 'a "b" é 𝔘 \u0001',
            "description": "x/y <z> ß",
            "txBuilderVersion": "1.18.0",
            "createdFromSafeAddress": "0x4C82944EF3aF2033316938ae909f5b6A4b1fE4B2",
            "createdFromOwnerAddress": "",
            "checksum": "0x00",
        },
        "transactions": [
            {
                "to": "0x00",
                "value": "0",
                "data": None,
                "contractMethod": {"inputs": [{"name": "a", "type": "uint256[]"}], "payable": False, "name": "x"},
                "contractInputsValues": {"a": '["1"]', "_b": "", "B": "1", "a1": "2"},
            }
        ],
        "scrip": {"n": 12, "z": [], "e": {}, "l": [True, None]},
    }
    assert checksum(content) == "0xc5d169a00c14132019efcd19f8d008d14b6e0d1856c98cd89f146d928c33764e"


def _set(*where: object) -> Callable[[Content], None]:
    *keys, value = where

    def edit(content: Content) -> None:
        for key in keys[:-1]:
            content = content[key]
        content[keys[-1]] = value

    return edit


WORD = "0x" + "22" * 32
EDITS = {
    "chainId": _set("chainId", "5"),
    "meta.createdFromSafeAddress": _set("meta", "createdFromSafeAddress", OTHER),
    "meta.name": _set("meta", "name", "something harmless"),
    "meta.description": _set("meta", "description", "something harmless"),
    "transactions[0].to": _set("transactions", 0, "to", OTHER),
    "transactions[0].value": _set("transactions", 0, "value", "1"),
    "transactions[0].contractInputsValues.num": _set("transactions", 0, "contractInputsValues", "num", "9"),
    "transactions[0].contractMethod": _set("transactions", 0, "contractMethod", {}),
    "transactions": _set("transactions", []),
    "transactions[1].data": _set("scrip", "delayed", 0, "delay", 1_000_000),
    "scrip.tx.safe": _set("scrip", "tx", "safe", "nobody"),
    "scrip.tx.to": _set("scrip", "tx", "to", OTHER),
    "scrip.tx.operation": _set("scrip", "tx", "operation", 0),
    "scrip.tx.nonce": _set("scrip", "tx", "nonce", 1),
    "scrip.tx.data": _set("scrip", "tx", "data", "0x"),
    "scrip.hash": _set("scrip", "hash", WORD),
    "scrip.delayed[0].id": _set("scrip", "delayed", 0, "id", WORD),
    "scrip.delayed": _set("scrip", "delayed", []),
    "scrip.titles": _set("scrip", "titles", ["one"]),
    "scrip.threshold": _set("scrip", "threshold", 4),
    "scrip.contracts": _set("scrip", "contracts", [OTHER]),
    "scrip.owners": _set("scrip", "owners", "nobody"),
    "scrip.more": _set("scrip", "more", 1),
    "version": _set("version", "2.0"),
}


@pytest.mark.parametrize("field", EDITS)
def test_an_edit_is_found_and_named(path: Path, field: str) -> None:
    error = edited(path, EDITS[field])
    assert error.field == field
    assert error.file == str(path)
    if field != "scrip.more":
        assert error.line > 0


def test_other_calldata_with_the_words_for_it_is_not_what_is_signed(path: Path) -> None:
    def edit(content: Content) -> None:
        one = content["transactions"][0]
        one["data"] = one["data"].replace(f"{2:064x}", f"{9:064x}")
        one["contractInputsValues"]["num"] = "9"

    assert edited(path, edit).field == "transactions[0].data"


def test_a_whole_other_transaction_does_not_fit_the_signature(world: World, signed: Proposal, path: Path) -> None:
    other = json.loads(path.read_text())
    write(world.propose(world.split("safe")), path)

    def edit(content: Content) -> None:
        content["scrip"]["signatures"] = other["scrip"]["signatures"]

    error = edited(path, edit)
    assert error.field == f"scrip.signatures.{world.chain.address('owner-b')}"
    assert "edited after the signature" in error.message


def test_an_operation_hidden_among_other_calls_is_refused(world: World, tmp_path: Path) -> None:
    """Whatever is scheduled is shown call by call, under its own name or another's."""
    one = world.propose(world.split("timelock"))
    with pytest.raises(InputError) as caught:
        write(replace(one, delayed=()), tmp_path / "p.json")
    assert caught.value.field == "scrip.delayed"
    (call,) = one.calls
    with pytest.raises(InputError) as caught:
        write(replace(one, calls=(replace(call, method=replace(call.method, name="tidy")),)), tmp_path / "p.json")
    assert caught.value.field == "data"


def test_a_batch_of_one_call_is_not_written_by_us_and_not_read(world: World, tmp_path: Path) -> None:
    """The Safe would carry it out; it is said to be a call and signed as a batch."""
    one = world.propose(world.plan(world.step(world.split("safe").steps[0].instructions[0], "safe")))
    multisend = world.chain.abi("MultiSendCallOnly").function("multiSend", 1)
    data = multisend.calldata((packed([one.calls[0].call]),))
    tx = replace(one.tx, to=world.chain.address("multisend"), data=data, operation=DELEGATECALL)
    with pytest.raises(InputError) as caught:
        write(replace(one, tx=tx), tmp_path / "p.json")
    assert caught.value.field == "scrip.tx.operation"


def test_a_signature_of_a_stranger_is_refused(path: Path) -> None:
    def edit(content: Content) -> None:
        content["scrip"]["signatures"] = {OTHER: next(iter(content["scrip"]["signatures"].values()))}

    assert edited(path, edit).field == f"scrip.signatures.{OTHER}"


def test_words_alone_are_under_the_checksum(path: Path) -> None:
    error = edited(path, _set("scrip", "titles", ["nothing to see", "here"]), fix_checksum=False)
    assert error.field == "meta.checksum"


def test_titles_cannot_steer_a_terminal(path: Path) -> None:
    for text in ("\x1b[2Jgone", "two\nlines", "\u202egnorw"):
        assert edited(path, _set("scrip", "titles", [text, "b"])).field == "scrip.titles[0]"


def test_a_key_that_stands_twice_is_refused(path: Path) -> None:
    path.write_text(path.read_text().replace('"nonce": 0', '"nonce": 0, "nonce": 1'))
    with pytest.raises(InputError) as caught:
        read(path)
    assert (caught.value.field, caught.value.message) == ("nonce", "stands twice")


def test_two_arguments_of_one_name_are_refused(path: Path) -> None:
    def edit(content: Content) -> None:
        content["transactions"][0]["contractMethod"]["inputs"][7]["name"] = "num"
        content["transactions"][0]["contractMethod"]["inputs"][6]["name"] = "num"

    assert edited(path, edit).field == "transactions[0].contractMethod"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is no JSON"),
        (b"\xff", "is not UTF-8"),
        (b"[]", "is not a mapping of fields to values"),
        (b'{"transactions": []}', "without Scrip's part"),
        (b"[" * 100_000, "nested too deep"),
        (b" " * 4_000_001, "larger than"),
    ],
)
def test_what_is_no_proposal_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read(tmp_path / "none.json")


def test_a_write_that_fails_leaves_the_old_file(signed: Proposal, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="No space left"):
        write(signed, path)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_proposal_that_could_not_be_read_is_not_written(world: World, tmp_path: Path) -> None:
    plan = world.plan(world.step(world.split("safe").steps[0].instructions[0], "safe"), reference="two\nlines")
    with pytest.raises(InputError):
        write(world.propose(plan), tmp_path / "p.json")
    assert not list(tmp_path.iterdir())
