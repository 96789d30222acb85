"""Who signs quotes, and how."""

from dataclasses import replace

import boa
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from support.contract_calls import Handle, deploy, refuses, word32
from support.contract_stubs import deploy_stub as multisig
from support.issuance_world import ADMIN, ALICE, BOB, SIGNER, STRANGER, TREASURY, WAD, Issuance, Quote, deploy_stub
from support.wallet_libraries import signatures

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
TYPES = {
    "Quote": [
        {"name": "token", "type": "address"},
        {"name": "side", "type": "uint8"},
        {"name": "account", "type": "address"},
        {"name": "stablecoin", "type": "address"},
        {"name": "amount", "type": "uint256"},
        {"name": "settlement", "type": "uint256"},
        {"name": "fee", "type": "uint256"},
        {"name": "generation", "type": "uint256"},
        {"name": "ref", "type": "bytes32"},
        {"name": "nonce", "type": "uint256"},
        {"name": "epoch", "type": "uint256"},
        {"name": "expiry", "type": "uint256"},
    ]
}


def typed(suite: Issuance, quote: Quote, **domain: object) -> bytes:
    """What a wallet signs: EIP-712, made by another library than the contract's."""
    chain = suite.market.eip712Domain()[3]
    fields = {
        "name": "Scrip PrimaryMarket",
        "version": "1",
        "chainId": chain,
        "verifyingContract": suite.market.address,
    }
    message = encode_typed_data(fields | domain, TYPES, quote.__dict__)
    return bytes(Account.sign_message(message, SIGNER.key).signature)


def mint(suite: Issuance, quote: Quote, signer: str, signature: bytes) -> None:
    suite.market.mint(quote.values, signer, signature, sender=quote.account)


def test_a_wallets_own_eip_712(suite: Issuance) -> None:
    quote = suite.quote()
    assert typed(suite, quote) == suite.sign(quote)
    mint(suite, quote, SIGNER.address, typed(suite, quote))


def test_the_domain_is_published(suite: Issuance) -> None:
    fields, name, version, _, contract, salt, extensions = suite.market.eip712Domain()
    assert (fields, name, version, contract) == (b"\x0f", "Scrip PrimaryMarket", "1", suite.market.address)
    assert (salt, extensions) == (b"\x00" * 32, ())


@pytest.mark.parametrize(
    "domain", [{"name": "Scrip"}, {"version": "2"}, {"chainId": 2}, {"verifyingContract": "0x" + "11" * 20}], ids=str
)
def test_signed_for_elsewhere(suite: Issuance, domain: dict[str, object]) -> None:
    quote = suite.quote()
    with refuses("market: bad signature"):
        mint(suite, quote, SIGNER.address, typed(suite, quote, **domain))


def test_a_quote_for_another_market(suite: Issuance) -> None:
    other = deploy("PrimaryMarket", suite.roles, suite.registry, TREASURY)
    quote = suite.quote()
    assert other.hashQuote(quote.values) != suite.market.hashQuote(quote.values)


def test_every_field_is_signed(suite: Issuance) -> None:
    quote = suite.quote()
    signature = suite.sign(quote)
    second = suite.create_stock("US0378331005")
    coin = deploy("MockStablecoin")
    suite.market.listAsset(coin, True, sender=ADMIN)
    changes = {
        "token": second.address,
        "account": BOB,
        "stablecoin": coin.address,
        "amount": quote.amount + 1,
        "settlement": quote.settlement - 1,
        "ref": word32("quote 2"),
        "nonce": 2,
        "expiry": quote.expiry + 1,
    }
    for field, changed in changes.items():
        with refuses("market: bad signature"):
            mint(suite, replace(quote, **{field: changed}), SIGNER.address, signature)
    digests = {suite.market.hashQuote(replace(quote, **{field: changed}).values) for field, changed in changes.items()}
    digests |= {
        suite.market.hashQuote(replace(quote, **change).values)
        for change in ({"side": 1}, {"generation": 1}, {"epoch": 1})
    }
    assert len(digests | {suite.market.hashQuote(quote.values)}) == 12
    mint(suite, quote, SIGNER.address, signature)


def test_only_holders_of_the_role_sign(suite: Issuance) -> None:
    quote = suite.quote()
    for signer in (STRANGER.address, ALICE, ADMIN, "0x" + "00" * 20):
        with refuses("market: not a quote signer"):
            mint(suite, quote, signer, suite.sign(quote, STRANGER))


def test_a_signer_is_revoked_at_once(suite: Issuance) -> None:
    quote = suite.quote()
    suite.roles.revokeRole(word32("QUOTE_SIGNER"), SIGNER.address, sender=ADMIN)
    with refuses("market: not a quote signer"):
        suite.submit(quote)


def test_signed_by_another(suite: Issuance) -> None:
    quote = suite.quote()
    with refuses("market: bad signature"):
        mint(suite, quote, SIGNER.address, suite.sign(quote, STRANGER))


def test_the_zero_address_signs_nothing_even_with_the_role(suite: Issuance) -> None:
    """ecrecover answers zero for rubbish."""
    zero = "0x" + "00" * 20
    suite.roles.grantRole(word32("QUOTE_SIGNER"), zero, sender=ADMIN)
    for signature in (b"\x00" * 65, b"\xff" * 65, b""):
        with refuses("market: bad signature"):
            mint(suite, suite.quote(), zero, signature)


@pytest.mark.parametrize("length", [0, 1, 32, 64])
def test_too_short(suite: Issuance, length: int) -> None:
    quote = suite.quote()
    with refuses("market: bad signature"):
        mint(suite, quote, SIGNER.address, suite.sign(quote)[:length])


def test_too_long(suite: Issuance) -> None:
    quote = suite.quote()
    for more in (1, 65, 1024 - 65):
        with refuses("market: bad signature"):
            mint(suite, quote, SIGNER.address, suite.sign(quote) + bytes(more))
    with refuses(""):
        mint(suite, quote, SIGNER.address, suite.sign(quote) + bytes(1024 - 64))


def test_the_twin_of_a_signature(suite: Issuance) -> None:
    """(r, n − s) with the other v is as good a signature to ecrecover, and is refused."""
    quote = suite.quote()
    signature = suite.sign(quote)
    r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
    twin = r + (ORDER - s).to_bytes(32, "big") + bytes([27 + 28 - v])
    with refuses("market: bad signature"):
        mint(suite, quote, SIGNER.address, twin)


@pytest.mark.parametrize("v", [0, 1, 26, 29, 255])
def test_strange_recovery_bytes(suite: Issuance, v: int) -> None:
    quote = suite.quote()
    with refuses("market: bad signature"):
        mint(suite, quote, SIGNER.address, suite.sign(quote)[:64] + bytes([v]))


@pytest.fixture
def contract_signer(suite: Issuance) -> Handle:
    signer = deploy_stub("StubSigner")
    suite.roles.grantRole(word32("QUOTE_SIGNER"), signer, sender=ADMIN)
    signer.set(0, keccak(b"s" * 65))
    return signer


def test_a_contract_signs(suite: Issuance, contract_signer: Handle) -> None:
    quote = suite.quote()
    with refuses("market: bad signature"):
        mint(suite, quote, contract_signer.address, b"t" * 65)
    mint(suite, quote, contract_signer.address, b"s" * 65)
    assert suite.market.events(suite.coin, suite.stock)[-1].values["signer"] == contract_signer.address


@pytest.mark.parametrize("mode", [1, 2, 3, 4], ids=["reverts", "another word", "too much", "nothing"])
def test_a_contract_that_does_not_sign(suite: Issuance, contract_signer: Handle, mode: int) -> None:
    contract_signer.set(mode, keccak(b"s" * 65))
    if mode == 3:  # snekmate reads the first word alone: the magic value is there
        mint(suite, suite.quote(), contract_signer.address, b"s" * 65)
        return
    with refuses("market: bad signature"):
        mint(suite, suite.quote(), contract_signer.address, b"s" * 65)


def test_an_account_with_code_still_signs_with_its_key(suite: Issuance) -> None:
    """EIP-7702: the signer's account holds code that knows nothing of ERC-1271."""
    quote = suite.quote()
    boa.env.set_code(SIGNER.address, bytes.fromhex("60006000fd"))
    mint(suite, quote, SIGNER.address, suite.sign(quote))
    assert suite.stock.balanceOf(ALICE) == 1_010 * WAD


def test_ethers_and_viem_sign_a_quote_that_the_market_accepts(suite: Issuance) -> None:
    quote = suite.quote()
    fields = {field["name"]: field["type"] for field in TYPES["Quote"]}
    made = signatures(suite.market, SIGNER.key, "Quote", fields, quote.__dict__)
    assert len(set(made.values())) == 1
    mint(suite, quote, SIGNER.address, made["viem"])
    assert suite.is_spent(quote)


def test_two_of_three_owners_sign_a_quote(suite: Issuance) -> None:
    keys = sorted((Account.from_key(keccak(text=f"owner {n}")) for n in range(3)), key=lambda key: int(key.address, 16))
    safe = multisig("multisig", [key.address for key in keys])
    suite.roles.grantRole(keccak(text="QUOTE_SIGNER"), safe, sender=ADMIN)
    quote = suite.quote()
    with refuses("market: bad signature"):
        mint(suite, quote, safe.address, suite.sign(quote, keys[0]))
    mint(suite, quote, safe.address, suite.sign(quote, keys[0]) + suite.sign(quote, keys[2]))
    assert suite.market.quoteBitmap(safe.address, 0) == 1 << quote.nonce
