"""ERC-2612 permit and ERC-5267, for plain keys, EIP-7702 accounts and ERC-1271 wallets."""

from typing import Any

import boa
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils import keccak
from support.contract_calls import MAX, ZERO, ZERO32, Handle, named, refuses, set_clock
from support.contract_stubs import deploy_stub
from support.contract_world import BOB, HELD, MINTER, PAUSER, START, World

SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
DEADLINE = START + 100


@pytest.fixture
def owner(world: World) -> LocalAccount:
    """An investor with a key and ten units."""
    signer = Account.from_key(keccak(text="owner's key"))
    world.onboard(10, signer.address)
    world.stock.mint(signer.address, 10, sender=MINTER)
    return signer


def _message(stock: Handle, owner: str, amount: int, changes: dict[str, Any]) -> Any:
    """The permit as eth_account, which knows nothing of the contract, understands EIP-712."""
    domain = {"name": "Microsoft", "version": "1", "chainId": 1, "verifyingContract": stock.address}
    values = {"owner": owner, "spender": BOB, "value": amount, "nonce": 0, "deadline": DEADLINE}
    fields = [("owner", "address"), ("spender", "address"), ("value", "uint256"), ("nonce", "uint256")]
    fields.append(("deadline", "uint256"))
    for name, value in changes.items():
        (domain if name in domain else values)[name] = value
    types = {"Permit": [{"name": name, "type": kind} for name, kind in fields]}
    return encode_typed_data(domain, types, values)


def _sign(stock: Handle, owner: LocalAccount, amount: int = 7, /, **changes: Any) -> tuple[int, bytes, bytes]:
    signed = owner.sign_message(_message(stock, owner.address, amount, changes))
    return signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")


def test_a_permit_sets_the_allowance_once(stock: Handle, owner: LocalAccount) -> None:
    signature = _sign(stock, owner)
    stock.permit(owner.address, BOB, 7, DEADLINE, *signature)
    [event] = stock.events()
    assert (event.name, event.values["value"], event.values["spender"]) == ("Approval", 7, BOB)
    assert (stock.allowance(owner.address, BOB), stock.nonces(owner.address)) == (7, 1)
    with refuses("ERC2612InvalidSigner"):
        stock.permit(owner.address, BOB, 7, DEADLINE, *signature)
    stock.permit(owner.address, BOB, 0, DEADLINE, *_sign(stock, owner, 0, nonce=1))
    assert (stock.allowance(owner.address, BOB), stock.nonces(owner.address)) == (0, 2)


def test_a_permit_moves_what_it_allows(stock: Handle, owner: LocalAccount) -> None:
    stock.permit(owner.address, BOB, 7, DEADLINE, *_sign(stock, owner))
    assert stock.transferFrom(owner.address, BOB, 7, sender=BOB) is True
    with refuses("ERC20InsufficientAllowance", BOB, 0, 1):
        stock.transferFrom(owner.address, BOB, 1, sender=BOB)
    assert stock.balanceOf(BOB) == HELD + 7


def test_the_deadline_is_the_last_second(stock: Handle, owner: LocalAccount) -> None:
    signature = _sign(stock, owner)
    set_clock(DEADLINE + 1)
    with refuses("ERC2612ExpiredSignature", DEADLINE):
        stock.permit(owner.address, BOB, 7, DEADLINE, *signature)
    set_clock(DEADLINE)
    stock.permit(owner.address, BOB, 7, DEADLINE, *signature)
    assert stock.allowance(owner.address, BOB) == 7


@pytest.mark.parametrize("amount", [0, MAX])
def test_any_amount_and_the_latest_deadline(stock: Handle, owner: LocalAccount, amount: int) -> None:
    stock.permit(owner.address, BOB, amount, MAX, *_sign(stock, owner, amount, deadline=MAX))
    assert stock.allowance(owner.address, BOB) == amount


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": 1},
        {"value": 8},
        {"spender": named("alice")},
        {"deadline": DEADLINE + 1},
        {"owner": named("alice")},
        {"chainId": 5},
        {"name": "Microsoft Corporation"},
        {"version": "2"},
        {"verifyingContract": named("another stock")},
    ],
)
def test_a_signature_over_anything_else_is_refused(stock: Handle, owner: LocalAccount, changes: dict[str, Any]) -> None:
    with refuses("ERC2612InvalidSigner"):
        stock.permit(owner.address, BOB, 7, DEADLINE, *_sign(stock, owner, **changes))
    assert stock.nonces(owner.address) == 0


def test_a_permit_is_for_one_chain(stock: Handle, owner: LocalAccount) -> None:
    separator = stock.DOMAIN_SEPARATOR()
    with boa.env.anchor():
        boa.env.evm.patch.chain_id = 5
        assert stock.DOMAIN_SEPARATOR() != separator
        assert stock.eip712Domain()[3] == 5
        with refuses("ERC2612InvalidSigner"):
            stock.permit(owner.address, BOB, 7, DEADLINE, *_sign(stock, owner))
        stock.permit(owner.address, BOB, 7, DEADLINE, *_sign(stock, owner, chainId=5))
    assert stock.DOMAIN_SEPARATOR() == separator


def test_the_twin_of_a_signature_is_refused(stock: Handle, owner: LocalAccount) -> None:
    v, r, s = _sign(stock, owner)
    twin = (SECP256K1_ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")
    with refuses("ERC2612InvalidSigner", ZERO, owner.address):
        stock.permit(owner.address, BOB, 7, DEADLINE, 55 - v, r, twin)


@pytest.mark.parametrize("v", [0, 1, 26, 29, 255])
def test_a_recovery_id_other_than_27_and_28_is_refused(stock: Handle, owner: LocalAccount, v: int) -> None:
    _, r, s = _sign(stock, owner)
    with refuses("ERC2612InvalidSigner", ZERO, owner.address):
        stock.permit(owner.address, BOB, 7, DEADLINE, v, r, s)


def test_a_refusal_names_the_key_that_signed(stock: Handle, owner: LocalAccount) -> None:
    other = Account.from_key(keccak(text="another key"))
    signed = other.sign_message(_message(stock, owner.address, 7, {}))
    with refuses("ERC2612InvalidSigner", other.address, owner.address):
        stock.permit(
            owner.address, BOB, 7, DEADLINE, signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")
        )


@pytest.mark.parametrize("who", [ZERO, named("alice")])
def test_nobody_signs_with_zeros(stock: Handle, who: str) -> None:
    with refuses("ERC2612InvalidSigner"):
        stock.permit(who, BOB, 7, DEADLINE, 27, ZERO32, ZERO32)
    with refuses("ERC2612InvalidSigner"):
        stock.permit(who, BOB, 7, DEADLINE, 0, MAX.to_bytes(32, "big"), MAX.to_bytes(32, "big"))


def test_the_order_of_refusals(world: World, owner: LocalAccount) -> None:
    stock = world.stock
    to_nobody = _sign(stock, owner, spender=ZERO)
    with refuses("ERC20InvalidSpender", ZERO):
        stock.permit(owner.address, ZERO, 7, DEADLINE, *to_nobody)
    world.halt()
    with refuses("token: halted"):
        stock.permit(owner.address, ZERO, 7, DEADLINE, *to_nobody)
    with refuses("ERC2612InvalidSigner"):
        stock.permit(owner.address, BOB, 7, DEADLINE, *to_nobody)
    set_clock(DEADLINE + 1)
    with refuses("ERC2612ExpiredSignature", DEADLINE):
        stock.permit(owner.address, BOB, 7, DEADLINE, *to_nobody)
    assert stock.nonces(owner.address) == 0


def test_a_permit_works_in_a_pause_and_for_a_blocked_owner(world: World, owner: LocalAccount) -> None:
    world.stock.pause(sender=PAUSER)
    world.block(10)
    world.stock.permit(owner.address, BOB, 7, DEADLINE, *_sign(world.stock, owner))
    assert world.stock.allowance(owner.address, BOB) == 7


@pytest.mark.parametrize("kind", ["delegated by EIP-7702", "some other code"])
def test_an_account_with_code_signs_with_its_key(stock: Handle, owner: LocalAccount, kind: str) -> None:
    delegate = deploy_stub("caller")
    code = b"\xef\x01\x00" + bytes.fromhex(delegate.address[2:]) if kind.startswith("d") else b"\xfe"
    boa.env.set_code(owner.address, code)
    stock.permit(owner.address, BOB, 7, DEADLINE, *_sign(stock, owner))
    assert stock.allowance(owner.address, BOB) == 7
    with refuses("ERC2612InvalidSigner"):
        stock.permit(owner.address, BOB, 7, DEADLINE, *_sign(stock, owner))


def test_an_erc1271_wallet_permits_what_it_approved(stock: Handle) -> None:
    wallet = deploy_stub("wallet")
    message = _message(stock, wallet.address, 7, {})
    digest = keccak(b"\x19" + message.version + message.header + message.body)
    garbage = (27, b"\x01" * 32, b"\x02" * 32)
    with refuses("ERC2612InvalidSigner"):
        stock.permit(wallet, BOB, 7, DEADLINE, *garbage)
    for answer in (1, 2, 3, 4):
        wallet.approve_digest(digest, answer)
        with refuses("ERC2612InvalidSigner"):
            stock.permit(wallet, BOB, 7, DEADLINE, *garbage)
    wallet.approve_digest(digest, 0)
    with refuses("ERC2612InvalidSigner"):
        stock.permit(wallet, BOB, 8, DEADLINE, *garbage)
    stock.permit(wallet, BOB, 7, DEADLINE, *garbage)
    assert (stock.allowance(wallet, BOB), stock.nonces(wallet)) == (7, 1)
    with refuses("ERC2612InvalidSigner"):
        stock.permit(wallet, BOB, 7, DEADLINE, *garbage)


def test_a_contract_without_erc1271_does_not_sign(world: World) -> None:
    for contract in (deploy_stub("caller"), world.feed, world.stock):
        with refuses("ERC2612InvalidSigner"):
            world.stock.permit(contract, BOB, 7, DEADLINE, 27, b"\x01" * 32, b"\x02" * 32)


def test_erc5267_describes_the_domain_that_signatures_use(stock: Handle) -> None:
    fields, name, version, chain_id, contract, salt, extensions = stock.eip712Domain()
    assert (fields, name, version, chain_id, contract) == (b"\x0f", "Microsoft", "1", 1, stock.address)
    assert (salt, extensions) == (ZERO32, ())
    message = _message(stock, ZERO, 0, {})
    assert stock.DOMAIN_SEPARATOR() == message.header


def test_the_longest_name_fits_through_the_proxy(world: World) -> None:
    name = "N" * 64
    stock = world.create_stock("US0000000001", name=name, symbol="S" * 16)
    assert stock.eip712Domain()[1] == name
    assert (stock.name(), stock.symbol()) == (name, "S" * 16)
