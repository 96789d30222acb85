"""Bytes: calldata by the ABI, reasons by their selectors, blueprints by their ERC."""

import pytest
from eth_abi import encode
from eth_utils import keccak

from scrip.errors import InputError
from scrip.evm.accounts import Names, local_account
from scrip.evm.encoding import refusals as decode
from scrip.evm.encoding.abi import Abi
from scrip.evm.encoding.blueprint import blueprint_initcode

ALICE = "0x" + "a1" * 20
BOB = "0x" + "b0" * 20
NAMES = {ALICE: "alice", BOB: "bob"}


def custom(signature: str, *values: object) -> bytes:
    types = signature.rstrip(")").partition("(")[2].split(",")
    return keccak(text=signature)[:4] + encode(types, values)


def read(data: bytes) -> tuple[str, str]:
    refusal = decode.refusal(data, lambda address: NAMES.get(address, address))
    return refusal.name, refusal.detail


BALANCE = "ERC20InsufficientBalance(address,uint256,uint256)"
ALLOWANCE = "ERC20InsufficientAllowance(address,uint256,uint256)"
TRANSFER = "ERC7943CannotTransfer(address,address,uint256)"
UNFROZEN = "ERC7943InsufficientUnfrozenBalance(address,uint256,uint256)"
CUT = custom("ERC7943CannotSend(address)", ALICE)[:20]


@pytest.mark.parametrize(
    ("data", "name", "detail"),
    [
        (custom("Error(string)", "roles: not authorised"), "roles: not authorised", ""),
        (custom(BALANCE, ALICE, 1, 2), "ERC20InsufficientBalance", "sender alice, balance 1, needed 2"),
        (custom(ALLOWANCE, BOB, 1, 2), "ERC20InsufficientAllowance", "spender bob, allowance 1, needed 2"),
        (custom("ERC20InvalidReceiver(address)", "0x" + "00" * 20), "ERC20InvalidReceiver", "0x" + "00" * 20),
        (custom("ERC20InvalidSpender(address)", BOB), "ERC20InvalidSpender", "bob"),
        (custom("ERC7943CannotSend(address)", ALICE), "ERC7943CannotSend", "alice"),
        (custom("ERC7943CannotReceive(address)", BOB), "ERC7943CannotReceive", "bob"),
        (custom(TRANSFER, ALICE, BOB, 7), "ERC7943CannotTransfer", "from alice, to bob, amount 7"),
        (custom(UNFROZEN, ALICE, 3, 2), "ERC7943InsufficientUnfrozenBalance", "account alice, amount 3, unfrozen 2"),
        (custom("Panic(uint256)", 0x11), "Panic(0x11)", ""),
        (b"", "reverted without a reason", ""),
        (bytes.fromhex("deadbeef"), "unknown error", "0xdeadbeef"),
        (CUT, "unknown error", "0x" + CUT.hex()),
    ],
)
def test_refusal(data: bytes, name: str, detail: str) -> None:
    assert read(data) == (name, detail)


def test_every_error_that_the_contracts_raise_is_known() -> None:
    from scrip.evm.compiled.artifacts import CONTRACTS

    text = "".join(path.read_text() for path in CONTRACTS.rglob("*.vy"))
    raised = {part.split('"')[0] for part in text.split('method_id("')[1:]}
    raised = {signature for signature in raised if signature.startswith("ERC") and "[" not in signature}
    assert raised
    assert raised <= set(decode.CUSTOM_ERRORS)


ENTRIES = [
    {"type": "constructor", "inputs": [{"type": "address"}]},
    {
        "type": "function",
        "name": "quote",
        "inputs": [{"type": "tuple", "components": [{"type": "address"}, {"type": "uint8"}]}, {"type": "bytes"}],
        "outputs": [],
    },
    {"type": "function", "name": "terms", "inputs": [], "outputs": [{"type": "uint256"}, {"type": "address"}]},
    {"type": "function", "name": "one", "inputs": [{"type": "uint16"}], "outputs": [{"type": "bool"}]},
]


def test_abi_encodes_structs_and_decodes_one_value_or_a_tuple() -> None:
    abi = Abi("Thing", ENTRIES)
    assert abi.constructor == ("address",)
    quote = abi.function("quote", 2)
    assert quote.selector == keccak(text="quote((address,uint8),bytes)")[:4]
    assert quote.calldata([(ALICE, 1), b"x"])[4:] == encode(["(address,uint8)", "bytes"], [(ALICE, 1), b"x"])
    assert quote.result(b"") is None
    assert abi.function("terms", 0).result(encode(["uint256", "address"], [5, ALICE])) == (5, ALICE)
    assert abi.function("one", 1).result(encode(["bool"], [True])) is True


def test_abi_names_what_does_not_fit() -> None:
    abi = Abi("Thing", ENTRIES)
    with pytest.raises(InputError, match=r"does not fit one\(uint16\)"):
        abi.function("one", 1).calldata([70_000])
    with pytest.raises(LookupError, match="Thing has no one with 2 arguments"):
        abi.function("one", 2)


def test_names_are_the_same_keys_on_every_local_chain() -> None:
    first, second = Names(), Names()
    assert first.address("alice") == second.address("alice") == local_account("alice").address.lower()
    assert first.name(local_account("alice").address) == "alice"
    assert first.address("") == "0x" + "00" * 20
    assert first.name(ALICE) == ALICE
    first.learn("market", BOB.upper().replace("0X", "0x"))
    assert first.name(BOB) == "market"


def test_blueprint_preamble() -> None:
    code = blueprint_initcode(b"\x60\x00")
    assert code == bytes.fromhex("6100053d81600a3d39f3" + "fe7100" + "6000")
