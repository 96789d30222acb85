"""A real 2-of-3 Safe signs what a key signs: a quote, a permit, an authorization, each with two owners' 130 bytes."""

from collections.abc import Mapping
from typing import Any

import pytest
from eth_account.messages import SignableMessage, encode_typed_data
from eth_utils import keccak
from safe_bytecode import creation_code
from safe_world import DAY, START, World

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.evm.accounts import local_account
from scrip.evm.chain import Contract
from scrip.evm.compiled.safe import HANDLER, SAFE
from scrip.evm.encoding import quotes
from scrip.evm.safe.signing import joined
from scrip.instructions.market import QuoteTerms
from scrip.plan import Step
from scrip.units import EVM_DECIMALS, STABLECOIN_DECIMALS, RawUnits, Shares, Stablecoin

UNIT = 10**EVM_DECIMALS
COIN = 10**STABLECOIN_DECIMALS
DEADLINE = START + DAY
ADDRESS_AND_CHAIN = {"chainId": "uint256", "verifyingContract": "address"}
DOMAIN = {"name": "string", "version": "string"} | ADDRESS_AND_CHAIN
PERMIT = {"owner": "address", "spender": "address", "value": "uint256", "nonce": "uint256", "deadline": "uint256"}
TRANSFER = {"from": "address", "to": "address", "value": "uint256", "validAfter": "uint256"}
TRANSFER |= {"validBefore": "uint256", "nonce": "bytes32"}


@pytest.fixture
def network(world: World) -> World:
    """The Safe is an investor with ten tokens, and signs (as one does that meets the canonical contracts at its birth);
    alice is an investor with a thousand in money."""
    handler = world.deploy_raw(creation_code(HANDLER))
    step = Step("handler", "let the Safe sign", "safe", SAFE, "setFallbackHandler", (handler.lower(),), "safe")
    world.execute(world.sign(world.propose(world.plan(step)), "owner-a", "owner-b"))
    expiry = START + 365 * DAY
    for account in ("safe", "alice"):
        world.ledger.apply(ins.Onboard(account, account, 276, "professional", expiry))
    world.ledger.apply(ins.AttestReserve("MSFT", Shares.of(1_000)))
    world.ledger.apply(ins.ConfigureReserve("MSFT", 30 * DAY, 0, Shares.of(1_000)))
    world.ledger.apply(ins.FundStablecoin("alice", Stablecoin(1_000 * COIN, STABLECOIN_DECIMALS)))
    world.give("MINTER", "minter")
    world.chain.send(token(world), "mint", world.safe.address, 10 * UNIT, sender="minter")
    return world


def token(world: World) -> Contract:
    return world.ledger.token("MSFT")


def digest_of(signable: SignableMessage) -> bytes:
    return bytes(keccak(b"\x19" + signable.version + signable.header + signable.body))


def typed(kind: str, fields: Mapping[str, str], message: Mapping[str, Any], domain: Mapping[str, Any]) -> bytes:
    """The EIP-712 digest of a message."""
    known = {name: DOMAIN[name] for name in domain}
    types = {"EIP712Domain": known, kind: fields}
    full = {
        "domain": domain,
        "types": {one: [{"name": name, "type": of} for name, of in of_one.items()] for one, of_one in types.items()},
        "primaryType": kind,
        "message": message,
    }
    return digest_of(encode_typed_data(full_message=full))


def of_stock(world: World, kind: str, fields: Mapping[str, str], message: Mapping[str, Any]) -> bytes:
    """The digest of a message to the stock."""
    domain = {"name": "Microsoft", "version": "1"} | here(world, token(world).address)
    return typed(kind, fields, message, domain)


def here(world: World, contract: str) -> dict[str, Any]:
    return {"chainId": world.chain.chain_id(), "verifyingContract": contract}


def by_safe(world: World, digest: bytes, *owners: str) -> bytes:
    """What a Safe's owners sign so that the Safe has signed a digest: its own message about it."""
    message = typed("SafeMessage", {"message": "bytes"}, {"message": digest}, here(world, world.safe.address))
    signed = {world.chain.address(one): bytes(local_account(one).unsafe_sign_hash(message).signature) for one in owners}
    return joined(signed)


def refused(world: World, contract: Contract, function: str, *args: object, sender: str) -> str:
    with pytest.raises(Refusal) as caught:
        world.chain.send(contract, function, *args, sender=sender)
    return caught.value.name


def faults(world: World, digest: bytes) -> list[bytes]:
    """Signatures that the Safe does not stand behind."""
    right = by_safe(world, digest, "owner-a", "owner-b")
    return [
        by_safe(world, digest, "owner-a"),
        by_safe(world, digest, "owner-a", "mallory"),
        right[65:] + right[:65],
        by_safe(world, keccak(text="another message"), "owner-a", "owner-b"),
        # The owners' signatures of the digest itself, which any other contract could have asked them for.
        joined({
            world.chain.address(one): bytes(local_account(one).unsafe_sign_hash(digest).signature)
            for one in ("owner-a", "owner-b")
        }),
        b"",
    ]  # fmt: skip


def test_a_safe_permits_and_its_allowance_is_spent(network: World) -> None:
    chain, stock, safe, alice = network.chain, token(network), network.safe.address, network.chain.address("alice")
    message = {"owner": safe, "spender": alice, "value": 3 * UNIT, "nonce": 0, "deadline": DEADLINE}
    digest = of_stock(network, "Permit", PERMIT, message)
    call = (safe, alice, 3 * UNIT, DEADLINE)
    for wrong in faults(network, digest):
        assert refused(network, stock, "permit", *call, wrong, sender="anyone") == "ERC2612InvalidSigner"
    signature = by_safe(network, digest, "owner-b", "owner-c")
    assert len(signature) == 130
    chain.send(stock, "permit", *call, signature, sender="anyone")
    assert chain.call(stock, "allowance", safe, alice) == 3 * UNIT
    assert refused(network, stock, "permit", *call, signature, sender="anyone") == "ERC2612InvalidSigner"
    chain.send(stock, "transferFrom", safe, alice, 3 * UNIT, sender="alice")
    assert chain.call(stock, "balanceOf", alice) == 3 * UNIT


def test_a_safe_authorizes_a_transfer_once(network: World) -> None:
    chain, stock, safe, alice = network.chain, token(network), network.safe.address, network.chain.address("alice")
    order = {"from": safe, "to": alice, "value": UNIT, "validAfter": 0, "validBefore": DEADLINE, "nonce": b"\x07" * 32}
    digest = of_stock(network, "TransferWithAuthorization", TRANSFER, order)
    for wrong in faults(network, digest):
        answer = refused(network, stock, "transferWithAuthorization", *order.values(), wrong, sender="anyone")
        assert answer == "auth: bad signature"
    signature = by_safe(network, digest, "owner-a", "owner-b", "owner-c")
    chain.send(stock, "transferWithAuthorization", *order.values(), signature, sender="anyone")
    assert chain.call(stock, "balanceOf", alice) == UNIT
    again = refused(network, stock, "transferWithAuthorization", *order.values(), signature, sender="anyone")
    assert again == "auth: used"


def test_a_safe_signs_quotes_once_it_is_a_signer(network: World) -> None:
    chain, market, money = network.chain, network.ledger.suite.market, network.ledger.suite.stablecoin
    chain.send(money, "approve", market.address, 200 * COIN, sender="alice")
    terms = QuoteTerms("quote", DEADLINE, network.ledger.multiplier("MSFT").generation)
    order = ins.Mint(
        "MSFT", "alice", RawUnits(2 * UNIT, EVM_DECIMALS), Stablecoin(200 * COIN, STABLECOIN_DECIMALS), terms
    )
    quote = network.ledger.signed(order).quote
    digest = quotes.digest(quote, chain.chain_id(), market.address)
    signature = by_safe(network, digest, "owner-a", "owner-c")
    args = (quote.values(), network.safe.address)
    assert refused(network, market, "mint", *args, signature, sender="alice") == "market: not a quote signer"
    network.give("QUOTE_SIGNER", "safe")
    for wrong in faults(network, digest):
        assert refused(network, market, "mint", *args, wrong, sender="alice") == "market: bad signature"
    chain.send(market, "mint", *args, signature, sender="alice")
    assert chain.call(token(network), "balanceOf", chain.address("alice")) == 2 * UNIT
    assert refused(network, market, "mint", *args, signature, sender="alice") == "market: quote used"
