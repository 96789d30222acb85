"""ERC-3009, and the signed calls in both forms: for keys, for contracts that sign, by the libraries of wallets."""

from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils import keccak
from support.contract_calls import Handle, named, refuses, set_clock, word32
from support.contract_stubs import deploy_stub
from support.contract_world import ALICE, BOB, CAROL, HELD, MINTER, PAUSER, START, World
from support.wallet_libraries import shown_domain, signatures

AFTER, BEFORE = START - 1, START + 100
NONCE = word32("nonce")
MOVE = {
    "from": "address",
    "to": "address",
    "value": "uint256",
    "validAfter": "uint256",
    "validBefore": "uint256",
    "nonce": "bytes32",
}
STRUCTS = {
    "TransferWithAuthorization": MOVE,
    "ReceiveWithAuthorization": MOVE,
    "CancelAuthorization": {"authorizer": "address", "nonce": "bytes32"},
    "Permit": {
        "owner": "address",
        "spender": "address",
        "value": "uint256",
        "nonce": "uint256",
        "deadline": "uint256",
    },
}
BY_KEYS = [Account.from_key(keccak(text=f"owner {number}")) for number in range(3)]


@pytest.fixture
def owner(world: World) -> LocalAccount:
    """An investor with a key and ten units."""
    signer = Account.from_key(keccak(text="owner's key"))
    world.onboard(10, signer.address)
    world.stock.mint(signer.address, 10, sender=MINTER)
    return signer


@pytest.fixture
def safe(world: World) -> Handle:
    """An investor whose account is a contract: two of three keys sign."""
    contract = deploy_stub("multisig", [key.address for key in BY_KEYS])
    world.onboard(11, contract.address)
    world.stock.mint(contract, 10, sender=MINTER)
    return contract


def values_of(kind: str, owner: str) -> dict[str, Any]:
    """What is signed by default."""
    if kind == "CancelAuthorization":
        return {"authorizer": owner, "nonce": NONCE}
    if kind == "Permit":
        return {"owner": owner, "spender": BOB, "value": 7, "nonce": 0, "deadline": BEFORE}
    return {"from": owner, "to": BOB, "value": 7, "validAfter": AFTER, "validBefore": BEFORE, "nonce": NONCE}


def message_of(stock: Handle, kind: str, owner: str, **changes: Any) -> Any:
    """It as eth_account, which knows nothing of the contract, understands EIP-712."""
    types = {kind: [{"name": name, "type": type_} for name, type_ in STRUCTS[kind].items()]}
    return encode_typed_data(shown_domain(stock), types, values_of(kind, owner) | changes)


def sign(stock: Handle, kind: str, owner: LocalAccount, **changes: Any) -> bytes:
    """65 bytes."""
    return bytes(owner.sign_message(message_of(stock, kind, owner.address, **changes)).signature)


def sign_together(stock: Handle, kind: str, safe: Handle, *keys: LocalAccount, **changes: Any) -> bytes:
    """65 bytes of each, as a Safe orders them."""
    message = message_of(stock, kind, safe.address, **changes)
    ordered = sorted(keys, key=lambda key: int(key.address, 16))
    return b"".join(bytes(key.sign_message(message).signature) for key in ordered)


def submit(
    stock: Handle, kind: str, owner: str, signature: bytes, form: str, sender: str = BOB, **changes: Any
) -> None:
    """The call that a signature is for, in one of its two forms."""
    values = values_of(kind, owner) | changes
    values.pop("nonce") if kind == "Permit" else None
    name = {"CancelAuthorization": "cancelAuthorization", "Permit": "permit"}.get(kind, kind[0].lower() + kind[1:])
    tail = (signature,) if form == "bytes" else (signature[64], signature[:32], signature[32:64])
    getattr(stock, name)(*values.values(), *tail, sender=sender)


FORMS = pytest.mark.parametrize("form", ["v, r, s", "bytes"])
MOVES = pytest.mark.parametrize("kind", ["TransferWithAuthorization", "ReceiveWithAuthorization"])


@FORMS
@MOVES
def test_an_authorization_moves_units_once(stock: Handle, owner: LocalAccount, kind: str, form: str) -> None:
    signature = sign(stock, kind, owner)
    assert stock.authorizationState(owner.address, NONCE) is False
    submit(stock, kind, owner.address, signature, form)
    used, moved = stock.events()
    assert (used.name, used.values) == (
        "AuthorizationUsed",
        {"authorizer": owner.address.lower(), "nonce": NONCE},
    )
    assert (moved.name, moved.values["value"]) == ("Transfer", 7)
    assert (stock.balanceOf(owner.address), stock.balanceOf(BOB)) == (3, HELD + 7)
    assert stock.authorizationState(owner.address, NONCE) is True
    assert stock.nonces(owner.address) == 0
    with refuses("auth: used"):
        submit(stock, kind, owner.address, signature, form)


@FORMS
def test_only_the_payee_receives(stock: Handle, owner: LocalAccount, form: str) -> None:
    signature = sign(stock, "ReceiveWithAuthorization", owner)
    with refuses("auth: not the payee"):
        submit(stock, "ReceiveWithAuthorization", owner.address, signature, form, sender=CAROL)
    for one, other in (
        ("TransferWithAuthorization", "ReceiveWithAuthorization"),
        ("ReceiveWithAuthorization", "TransferWithAuthorization"),
    ):
        with refuses("auth: bad signature"):
            submit(stock, one, owner.address, sign(stock, other, owner), form)


@MOVES
def test_the_span_is_open_at_both_ends(stock: Handle, owner: LocalAccount, kind: str) -> None:
    signature = sign(stock, kind, owner)
    set_clock(AFTER)
    with refuses("auth: not yet valid"):
        submit(stock, kind, owner.address, signature, "bytes")
    set_clock(BEFORE)
    with refuses("auth: expired"):
        submit(stock, kind, owner.address, signature, "bytes")
    set_clock(BEFORE - 1)
    submit(stock, kind, owner.address, signature, "bytes")


@pytest.mark.parametrize(
    "changes",
    [{"to": CAROL}, {"value": 8}, {"validAfter": 0}, {"validBefore": BEFORE + 1}, {"nonce": word32("another")}],
)
def test_a_signature_over_anything_else_is_refused(stock: Handle, owner: LocalAccount, changes: dict[str, Any]) -> None:
    kind = "TransferWithAuthorization"
    with refuses("auth: bad signature"):
        submit(stock, kind, owner.address, sign(stock, kind, owner, **changes), "bytes")
    with refuses("auth: bad signature"):
        submit(stock, kind, named("alice"), sign(stock, kind, owner), "bytes")
    assert stock.balanceOf(owner.address) == 10


@FORMS
def test_a_cancelled_nonce_moves_nothing(stock: Handle, owner: LocalAccount, form: str) -> None:
    move = sign(stock, "TransferWithAuthorization", owner)
    cancel = sign(stock, "CancelAuthorization", owner)
    with refuses("auth: bad signature"):
        submit(stock, "CancelAuthorization", owner.address, move, form)
    stock.pause(sender=PAUSER)
    submit(stock, "CancelAuthorization", owner.address, cancel, form)
    [event] = stock.events()
    assert (event.name, event.values["nonce"]) == ("AuthorizationCanceled", NONCE)
    assert stock.authorizationState(owner.address, NONCE) is True
    with refuses("auth: used"):
        submit(stock, "CancelAuthorization", owner.address, cancel, form)


def test_an_authorization_is_refused_as_a_transfer_is(world: World, owner: LocalAccount) -> None:
    stock, kind = world.stock, "TransferWithAuthorization"
    signature = sign(stock, kind, owner)

    def refused(name: str) -> None:
        with refuses(name):
            submit(stock, kind, owner.address, signature, "bytes")
        assert stock.authorizationState(owner.address, NONCE) is False

    world.lock(stock, owner.address, 4, START + 50)
    refused("ERC7943InsufficientUnfrozenBalance")
    world.block(2)
    refused("ERC7943CannotReceive")
    world.block(10)
    refused("ERC7943CannotSend")
    set_clock(BEFORE)
    refused("auth: expired")
    stock.pause(sender=PAUSER)
    refused("token: paused")
    world.halt()
    refused("token: halted")
    with refuses("token: halted"):
        submit(stock, "CancelAuthorization", owner.address, sign(stock, "CancelAuthorization", owner), "bytes")


@pytest.mark.parametrize("kind", sorted(STRUCTS))
def test_two_of_three_owners_sign_for_a_contract(stock: Handle, safe: Handle, kind: str) -> None:
    one, two, three = BY_KEYS
    refusal = "ERC2612InvalidSigner" if kind == "Permit" else "auth: bad signature"
    stranger = Account.from_key(keccak(text="stranger"))
    for keys in ((one,), (one, stranger), (one, one), (one, two, three)):
        with refuses(refusal):
            submit(stock, kind, safe.address, sign_together(stock, kind, safe, *keys), "bytes")
    with refuses(refusal):
        submit(stock, kind, safe.address, b"", "bytes")
    submit(stock, kind, safe.address, sign_together(stock, kind, safe, two, three), "bytes")
    moved = 7 if kind in ("TransferWithAuthorization", "ReceiveWithAuthorization") else 0
    assert stock.balanceOf(safe) == 10 - moved
    assert stock.allowance(safe, BOB) == (7 if kind == "Permit" else 0)


@pytest.mark.parametrize("kind", sorted(STRUCTS))
def test_ethers_and_viem_sign_what_the_stock_accepts(stock: Handle, owner: LocalAccount, kind: str) -> None:
    made = signatures(stock, owner.key, kind, STRUCTS[kind], values_of(kind, owner.address))
    assert set(made) == {"ethers", "viem"}
    assert len(set(made.values())) == 1
    submit(stock, kind, owner.address, made["ethers"], "v, r, s")


def test_nothing_that_moves_enrols_nobody(world: World) -> None:
    """Whoever is blocked later pays for each stock that knows it, so a stranger must not be made known for free."""
    stock, stranger = world.open_stock, named("somebody")
    number = world.registry.tokenNumber(stock)
    assert stock.transfer(stranger, 0, sender=ALICE) is True
    assert stock.transferFrom(stranger, named("another"), 0, sender=ALICE) is True
    for account in (stranger, named("another")):
        assert stock.accountWord(account) == 0
        assert world.registry.isEnrolled(account, number) is False
    world.block_wallet(stranger)
    with refuses("ERC7943CannotReceive", stranger):
        stock.transfer(stranger, 0, sender=ALICE)
    assert stock.transfer(named("another"), 1, sender=ALICE) is True
    assert world.registry.isEnrolled(named("another"), number) is True


def test_nobody_sends_from_the_zero_address(world: World) -> None:
    for stock in (world.stock, world.open_stock):
        with refuses("ERC20InvalidSender", "0x" + "00" * 20):
            stock.transferFrom("0x" + "00" * 20, BOB, 0, sender=ALICE)
