"""Securitize, Robinhood: a rename changes the EIP-712 domain and voids every signed permit. Ours keeps the name at
birth, whatever happens to the ISIN or to the implementation."""

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from support.contract_calls import deploy_implementation
from support.contract_world import ACTIONS, ADMIN, World

OWNER = Account.from_key(keccak(text="owner of an old permit"))
SPENDER = "0x" + "5b" * 20


def _permit(stock: object) -> tuple[int, bytes, bytes]:
    domain = {"name": "Microsoft", "version": "1", "chainId": 1, "verifyingContract": stock.address}
    names = ["owner", "spender", "value", "nonce", "deadline"]
    types = {"Permit": [{"name": n, "type": "address" if n in names[:2] else "uint256"} for n in names]}
    values = {"owner": OWNER.address, "spender": SPENDER, "value": 5, "nonce": 0, "deadline": 2**40}
    signed = OWNER.sign_message(encode_typed_data(domain, types, values))
    return signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")


def test_nothing_renames_a_stock(world: World) -> None:
    writers = {e["name"] for e in world.stock.abi if e["type"] == "function" and e["stateMutability"] == "nonpayable"}
    assert not [name for name in writers if "name" in name.lower() or "symbol" in name.lower()]


def test_an_old_permit_outlives_a_new_isin_and_a_new_implementation(world: World) -> None:
    signature = _permit(world.stock)
    separator = world.stock.DOMAIN_SEPARATOR()
    world.factory.setIsin("US5949181045", "US4592001014", sender=ADMIN)
    new = [deploy_implementation(mode, world.roles, world.registry, ACTIONS, world.feed) for mode in range(3)]
    world.beacon.pin(*new, sender=ADMIN)
    assert world.stock.DOMAIN_SEPARATOR() == separator
    world.stock.permit(OWNER.address, SPENDER, 5, 2**40, *signature)
    assert world.stock.allowance(OWNER.address, SPENDER) == 5
