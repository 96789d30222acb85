"""PrimaryMarket: mints that another account pays, and mints paid by a signature to the stablecoin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import boa
import pytest
from eth_abi import encode
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak
from support.contract_calls import MAX, ZERO, Handle, named, now, refuses, set_clock, word32
from support.issuance_world import (
    ADMIN,
    ALICE,
    BOB,
    CAROL,
    COMPLIANCE,
    MALLORY,
    MINTER,
    REDEEM,
    SIGNER,
    STRANGER,
    SUPPLY,
    TREASURY,
    WAD,
    YEAR,
    Issuance,
    Quote,
    deploy_stub,
)
from support.wallet_libraries import shown_domain

from scrip.evm.encoding import quotes as messages

ALLOWANCE, PERMIT, AUTHORIZATION = 0, 1, 2
PAYER = Account.from_key(keccak(text="a payer"))
SECOND = Account.from_key(keccak(text="second quote signer"))
DUE = 2_000 * 10**6
QUOTE = "(address,uint8,address,address,uint256,uint256,uint256,uint256,bytes32,uint256,uint256,uint256)"
PAYMENT = "(address,uint8,uint8,bytes32,bytes32,bytes)"
SIGNED = {
    PERMIT: ("Permit", {"owner": "address", "spender": "address", "value": "uint256", "nonce": "uint256"}),
    AUTHORIZATION: (
        "ReceiveWithAuthorization",
        {"from": "address", "to": "address", "value": "uint256", "validAfter": "uint256", "validBefore": "uint256"},
    ),
}
ZERO32 = bytes(32)
NO_SIGNATURE = (0, ZERO32, ZERO32)
LAST = {PERMIT: {"deadline": "uint256"}, AUTHORIZATION: {"nonce": "bytes32"}}


@pytest.fixture
def paid(suite: Issuance) -> Issuance:
    """The payer is cleared and has the stablecoin; it has approved nobody."""
    suite.registry.onboard(word32("payer"), [(9, PAYER.address, 840, 1, now() + YEAR)], sender=COMPLIANCE)
    suite.coin.mint(PAYER.address, 10**12)
    return suite


def word(value: int) -> bytes:
    return value.to_bytes(32, "big")


def approve(suite: Issuance) -> None:
    suite.coin.approve(suite.market, MAX, sender=PAYER.address)


def consent(suite: Issuance, quote: Quote, key: Any = PAYER, signer: str = SIGNER.address, payer: str = "") -> bytes:
    digest = suite.market.hashPayment(quote.values, signer, payer or PAYER.address)
    return bytes(Account.unsafe_sign_hash(digest, key.key).signature)


def to_coin(suite: Issuance, quote: Quote, way: int, key: Any = PAYER, **changes: Any) -> tuple[int, bytes, bytes]:
    """v, r, s of a permit, or of an authorization of the quote, as a wallet signs it."""
    kind, fields = SIGNED[way]
    fee = suite.market.feeOf(quote.settlement, quote.fee)
    if way == PERMIT:
        message = {"owner": key.address, "spender": suite.market.address, "value": quote.settlement + fee}
        message |= {"nonce": suite.coin.nonces(key.address), "deadline": quote.expiry}
    else:
        nonce = suite.market.hashPayment(quote.values, SIGNER.address, key.address)
        message = {"from": key.address, "to": suite.market.address, "value": quote.settlement + fee}
        message |= {"validAfter": 0, "validBefore": quote.expiry, "nonce": nonce}
    types = {kind: [{"name": name, "type": type_} for name, type_ in (fields | LAST[way]).items()]}
    made = Account.sign_message(encode_typed_data(shown_domain(suite.coin), types, message | changes), key.key)
    return made.v, word(made.r), word(made.s)


def submit(
    suite: Issuance,
    quote: Quote,
    way: int = ALLOWANCE,
    *,
    payer: str = PAYER.address,
    signature: tuple[int, bytes, bytes] = NO_SIGNATURE,
    consent: bytes = b"",
    sender: str = "",
    signed: bytes | None = None,
    second: tuple[str, bytes] = (ZERO, b""),
) -> None:
    digest = suite.market.hashQuote(quote.values, payer)
    first = bytes(Account.unsafe_sign_hash(digest, SIGNER.key).signature) if signed is None else signed
    terms = (payer, way, *signature, consent)
    suite.market.mintPaid(quote.values, SIGNER.address, first, *second, terms, sender=sender or quote.account)


def check_paid(suite: Issuance, due: int = DUE) -> None:
    assert suite.coin.balanceOf(PAYER.address) == 10**12 - due
    assert suite.coin.balanceOf(TREASURY) == 10**15 + due
    assert suite.coin.balanceOf(suite.market) == 0
    assert suite.coin.balanceOf(ALICE) == 10**15
    assert suite.stock.balanceOf(ALICE) == SUPPLY + 10 * WAD


# --- who consents, and how ------------------------------------------------------------------------------------------


def test_a_payer_that_calls_pays_under_its_allowance(paid: Issuance) -> None:
    quote = paid.quote()
    with refuses("stablecoin: allowance"):
        submit(paid, quote, sender=PAYER.address)
    approve(paid)
    submit(paid, quote, sender=PAYER.address)
    events = {one.name: one.values for one in paid.market.events(paid.coin, paid.stock)}
    assert events["Minted"]["account"] == ALICE
    told = {"payer": PAYER.address.lower(), "account": ALICE, "ref": quote.ref, "way": ALLOWANCE}
    assert events["MintPaid"] == told
    check_paid(paid)
    with refuses("market: quote used"):
        submit(paid, quote, sender=PAYER.address)


def test_an_allowance_alone_is_no_consent(paid: Issuance) -> None:
    """A thief with the signer's key names whoever has approved the market as payer of its own mint."""
    approve(paid)
    quote = paid.quote()
    for given in (b"", consent(paid, quote, STRANGER), consent(paid, replace(quote, settlement=1)), b"x" * 65):
        with refuses("market: no consent"):
            submit(paid, quote, consent=given)
    with refuses("market: no consent"):
        submit(paid, quote, payer=BOB)
    # Nor is a permit, which is of an amount, and of no quote.
    with refuses("market: no consent"):
        submit(paid, quote, PERMIT, signature=to_coin(paid, quote, PERMIT))
    assert not paid.is_spent(quote)
    submit(paid, quote, consent=consent(paid, quote))
    check_paid(paid)


def test_a_consent_is_to_one_quote_of_one_signer_and_one_payer(paid: Issuance) -> None:
    """Numbers are each signer's own: the same quote of another signer's is another one, and is not paid for."""
    approve(paid)
    quote = paid.quote()
    given = consent(paid, quote)
    submit(paid, quote, consent=given)
    paid.roles.grantRole(keccak(text="QUOTE_SIGNER"), STRANGER.address, sender=ADMIN)
    digest = paid.market.hashQuote(quote.values, PAYER.address)
    first = bytes(Account.unsafe_sign_hash(digest, STRANGER.key).signature)
    terms = (PAYER.address, ALLOWANCE, *NO_SIGNATURE, given)
    with refuses("market: no consent"):
        paid.market.mintPaid(quote.values, STRANGER.address, first, ZERO, b"", terms, sender=ALICE)
    other = paid.quote(nonce=2)
    for wrong in (consent(paid, other, signer=STRANGER.address), consent(paid, other, payer=BOB), given):
        with refuses("market: no consent"):
            submit(paid, other, consent=wrong)
    check_paid(paid)


def test_a_permit_and_a_consent_in_one_call(paid: Issuance) -> None:
    quote = paid.quote()
    submit(paid, quote, PERMIT, signature=to_coin(paid, quote, PERMIT), consent=consent(paid, quote))
    check_paid(paid)
    assert paid.coin.allowance(PAYER.address, paid.market) == 0


def test_a_payer_hands_in_its_own_permit(paid: Issuance) -> None:
    quote = paid.quote()
    submit(paid, quote, PERMIT, signature=to_coin(paid, quote, PERMIT), sender=PAYER.address)
    check_paid(paid)


def test_a_permit_that_somebody_handed_in_before_stops_nothing(paid: Issuance) -> None:
    quote = paid.quote()
    v, r, s = to_coin(paid, quote, PERMIT)
    paid.coin.permit(PAYER.address, paid.market, DUE, quote.expiry, v, r, s, sender=MALLORY)
    submit(paid, quote, PERMIT, signature=(v, r, s), sender=PAYER.address)
    check_paid(paid)


@pytest.mark.parametrize("changes", [{"value": DUE - 1}, {"spender": BOB}, {"nonce": 1}, {"deadline": MAX}])
def test_a_permit_of_other_terms_gives_nothing(paid: Issuance, changes: dict[str, Any]) -> None:
    quote = paid.quote()
    with refuses("market: permit failed"):
        submit(paid, quote, PERMIT, signature=to_coin(paid, quote, PERMIT, **changes), sender=PAYER.address)
    assert not paid.is_spent(quote)


def test_an_authorization_is_the_payers_consent(paid: Issuance) -> None:
    """Whoever of the two calls; it is used once, and by the market alone."""
    quote = paid.quote()
    signature = to_coin(paid, quote, AUTHORIZATION)
    nonce = paid.market.hashPayment(quote.values, SIGNER.address, PAYER.address)
    with refuses("stablecoin: not the payee"):
        paid.coin.receiveWithAuthorization(
            PAYER.address, paid.market, DUE, 0, quote.expiry, nonce, *signature, sender=MALLORY
        )
    submit(paid, quote, AUTHORIZATION, signature=signature)
    check_paid(paid)
    assert paid.coin.authorizationState(PAYER.address, nonce)
    assert paid.coin.allowance(PAYER.address, paid.market) == 0
    other = paid.quote(nonce=2)
    for wrong in (signature, to_coin(paid, other, AUTHORIZATION, STRANGER), NO_SIGNATURE):
        with refuses("stablecoin: bad signature"):
            submit(paid, other, AUTHORIZATION, signature=wrong)
    submit(paid, other, AUTHORIZATION, signature=to_coin(paid, other, AUTHORIZATION), sender=PAYER.address)


@pytest.mark.parametrize(
    "changes",
    [{"value": DUE - 1}, {"to": BOB}, {"validBefore": MAX}, {"validAfter": 1}, {"nonce": ZERO32}],
    ids=str,
)
def test_an_authorization_of_other_terms_is_none(paid: Issuance, changes: dict[str, Any]) -> None:
    quote = paid.quote()
    with refuses("stablecoin: bad signature"):
        submit(paid, quote, AUTHORIZATION, signature=to_coin(paid, quote, AUTHORIZATION, **changes))
    assert not paid.is_spent(quote)


@pytest.mark.parametrize("way", [PERMIT, AUTHORIZATION])
@pytest.mark.parametrize("payer", [ZERO, ALICE], ids=["nobody named", "itself named"])
def test_an_account_pays_by_its_own_signature(paid: Issuance, way: int, payer: str) -> None:
    """One transaction and no approval, on a quote that names no payer."""
    quote = paid.quote(account=PAYER.address)
    signature = to_coin(paid, quote, way)
    named_payer = PAYER.address if payer != ZERO else ZERO
    submit(paid, quote, way, payer=named_payer, signature=signature, signed=paid.sign(quote))
    assert paid.coin.balanceOf(PAYER.address) == 10**12 - DUE
    assert paid.coin.balanceOf(paid.market) == 0
    assert paid.stock.balanceOf(PAYER.address) == 10 * WAD


# --- who may not ----------------------------------------------------------------------------------------------------


def test_nobody_else_submits_it(paid: Issuance) -> None:
    approve(paid)
    quote = paid.quote()
    for stranger in (BOB, MALLORY, TREASURY, SIGNER.address, MINTER):
        with refuses("market: not your quote"):
            submit(paid, quote, consent=consent(paid, quote), sender=stranger)
    # A caller that names itself is not the payer that was signed.
    with refuses("market: bad signature"):
        digest = paid.market.hashQuote(quote.values, PAYER.address)
        signed = bytes(Account.unsafe_sign_hash(digest, SIGNER.key).signature)
        submit(paid, quote, payer=BOB, sender=BOB, signed=signed)


def test_the_signer_says_who_pays(paid: Issuance) -> None:
    """Neither kind of quote passes for the other, nor a payer's consent for a quote."""
    approve(paid)
    quote = paid.quote()
    with refuses("market: bad signature"):
        submit(paid, quote, signed=paid.sign(quote), consent=consent(paid, quote))
    with refuses("market: bad signature"):
        submit(paid, quote, signed=consent(paid, quote, SIGNER), consent=consent(paid, quote))
    digest = paid.market.hashQuote(quote.values, PAYER.address)
    named = bytes(Account.unsafe_sign_hash(digest, SIGNER.key).signature)
    with refuses("market: bad signature"):
        paid.market.mint(quote.values, SIGNER.address, named, sender=ALICE)
    with refuses("market: bad signature"):
        submit(paid, quote, payer=ZERO, signed=named)
    assert paid.market.hashQuote(quote.values, ALICE) == paid.market.hashQuote(quote.values)


def test_a_redemption_has_no_payer(paid: Issuance) -> None:
    quote = paid.quote(REDEEM)
    with refuses("market: wrong side"):
        submit(paid, quote, sender=PAYER.address)


def test_compliance_knows_who_pays(paid: Issuance) -> None:
    """A stranger, one that is blocked, and one whose clearance has lapsed pay for nobody."""
    quote = paid.quote(expiry=now() + 2 * YEAR)
    unknown = Account.from_key(keccak(text="nobody knows"))
    paid.coin.mint(unknown.address, 10**12)
    with refuses("market: payer not cleared"):
        submit(
            paid, quote, AUTHORIZATION, payer=unknown.address, signature=to_coin(paid, quote, AUTHORIZATION, unknown)
        )
    given = {"signature": to_coin(paid, quote, AUTHORIZATION)}
    with boa.env.anchor():
        paid.registry.block(word32("block"), 9, 3, word32("why"), sender=COMPLIANCE)
        with refuses("market: payer not cleared"):
            submit(paid, quote, AUTHORIZATION, **given)
    with boa.env.anchor():
        set_clock(now() + YEAR)
        paid.attest(10_000)
        with refuses("market: payer not cleared"):
            submit(paid, quote, AUTHORIZATION, **given)
    submit(paid, quote, AUTHORIZATION, **given)


def test_paused_expired_and_a_way_that_is_none(paid: Issuance) -> None:
    approve(paid)
    quote = paid.quote()
    for way in (3, 255):
        with refuses("market: bad payment"):
            submit(paid, quote, way, sender=PAYER.address)
    with boa.env.anchor():
        set_clock(quote.expiry)
        with refuses("market: quote expired"):
            submit(paid, quote, AUTHORIZATION, signature=to_coin(paid, quote, AUTHORIZATION))
    paid.market.revokeQuote(SIGNER.address, quote.nonce, sender=SIGNER.address)
    with refuses("market: quote used"):
        submit(paid, quote, sender=PAYER.address)
    paid.market.pause(sender=named("pauser"))
    with refuses("market: paused"):
        submit(paid, quote, sender=PAYER.address)


def test_a_penniless_payer_pays_nothing(paid: Issuance) -> None:
    paid.coin.approve(paid.market, MAX, sender=CAROL)
    with refuses("stablecoin: insufficient"):
        submit(paid, paid.quote(), payer=CAROL, sender=CAROL)


# --- payers that are contracts, and second signers -------------------------------------------------------------------


def test_a_contract_consents_as_it_likes(paid: Issuance) -> None:
    """ERC-1271: and not where it reverts, or answers something else."""
    payer = deploy_stub("StubSigner")
    paid.registry.onboard(word32("contract"), [(10, payer.address, 840, 1, now() + YEAR)], sender=COMPLIANCE)
    paid.coin.mint(payer.address, 10**12)
    paid.coin.approve(paid.market, MAX, sender=payer.address)
    quote, given = paid.quote(), b"what?"
    for mode, accepted in ((0, b"another"), (1, given), (2, given), (4, given)):
        payer.set(mode, keccak(accepted))
        with refuses("market: no consent"):
            submit(paid, quote, payer=payer.address, consent=given)
    payer.set(0, keccak(given))
    submit(paid, quote, payer=payer.address, consent=given)


def test_a_delegated_key_consents(paid: Issuance) -> None:
    """EIP-7702: the payer's account holds code that knows nothing of ERC-1271."""
    approve(paid)
    boa.env.set_code(PAYER.address, b"\xef\x01\x00" + bytes.fromhex(paid.coin.address[2:]))
    quote = paid.quote()
    submit(paid, quote, consent=consent(paid, quote))
    check_paid(paid)


def test_the_second_key_signs_the_payer_too(paid: Issuance) -> None:
    paid.roles.grantRole(keccak(text="QUOTE_SIGNER"), SECOND.address, sender=ADMIN)
    paid.market.setTerms(0, 1, sender=ADMIN)
    approve(paid)
    quote = paid.quote()

    def countersigned(*payer: str) -> tuple[str, bytes]:
        digest = paid.market.hashCountersignature(quote.values, SECOND.address, *payer)
        return SECOND.address, bytes(Account.unsafe_sign_hash(digest, SECOND.key).signature)

    for wrong in ((ZERO, b""), countersigned(), countersigned(BOB)):
        with refuses("market: no second signature"):
            submit(paid, quote, sender=PAYER.address, second=wrong)
    submit(paid, quote, sender=PAYER.address, second=countersigned(PAYER.address))


@pytest.mark.parametrize("payer", ["", ALICE, PAYER.address.lower()], ids=["nobody", "the account", "another"])
def test_what_the_desk_and_a_payer_sign_is_what_the_market_hashes(paid: Issuance, payer: str) -> None:
    quote = paid.quote()
    here = (paid.market.eip712Domain()[3], paid.market.address)
    made, digest = messages.Quote.of((*quote.values[:8], "0x" + quote.ref.hex(), *quote.values[9:])), messages.digest_of
    second, named_payer = SECOND.address, payer or ZERO
    assert digest(messages.typed_message(made, *here, payer)) == paid.market.hashQuote(quote.values, named_payer)
    countersigned = messages.countersigned_message(made, 0, *here, payer)
    assert digest(countersigned) == paid.market.hashCountersignature(quote.values, second, named_payer)
    agreed = messages.payment_message(made, SIGNER.address, named_payer, *here)
    assert digest(agreed) == paid.market.hashPayment(quote.values, SIGNER.address, named_payer)


def test_the_payer_pays_the_fee(paid: Issuance) -> None:
    paid.market.setTerms(50, 0, sender=ADMIN)
    quote = paid.quote(fee=50)
    submit(paid, quote, AUTHORIZATION, signature=to_coin(paid, quote, AUTHORIZATION))
    check_paid(paid, DUE + 10 * 10**6)


# --- stablecoins that misbehave ------------------------------------------------------------------------------------


@pytest.fixture
def odd(paid: Issuance) -> Handle:
    stub = deploy_stub("StubPayableCoin")
    paid.market.listAsset(stub, True, sender=ADMIN)
    stub.give(PAYER.address, 10**12)
    return stub


@pytest.mark.parametrize(
    ("mode", "refusal"),
    [
        (1, "market: payment short"),
        (2, "market: payment short"),
        (3, "market: payment short"),
        (5, "market: payment failed"),
        (6, "coin: blacklisted"),
    ],
    ids=["keeps a fee", "keeps one when passed on", "takes nothing", "answers False", "blacklists the payer"],
)
@pytest.mark.parametrize("left", [0, 10**12], ids=["an empty market", "one that somebody sent coins to"])
def test_what_arrives_is_measured(paid: Issuance, odd: Handle, mode: int, refusal: str, left: int) -> None:
    """Nor is what somebody left in the market taken for a payment."""
    odd.give(paid.market, left)
    odd.set_mode(mode)
    quote = paid.quote(stablecoin=odd.address)
    with refuses(refusal):
        submit(paid, quote, AUTHORIZATION)
    assert not paid.is_spent(quote)
    assert odd.balanceOf(paid.market) == left


@pytest.mark.parametrize("left", [0, 7])
def test_all_that_arrives_is_passed_on(paid: Issuance, odd: Handle, left: int) -> None:
    odd.give(paid.market, left)
    odd.set_mode(4)
    submit(paid, paid.quote(stablecoin=odd.address), AUTHORIZATION)
    assert odd.balanceOf(paid.market) == left
    assert odd.balanceOf(TREASURY) == DUE + 1


def test_stablecoins_without_signatures(paid: Issuance) -> None:
    """No permit: the allowance decides. No authorization: refused. One whose permit does nothing is as one without."""
    coin = deploy_stub("StubStablecoin")
    paid.market.listAsset(coin, True, sender=ADMIN)
    quote = paid.quote(stablecoin=coin.address)
    with refuses(""):
        submit(paid, quote, AUTHORIZATION)
    with refuses("market: permit failed"):
        submit(paid, quote, PERMIT, sender=PAYER.address)
    coin.set_allowed(DUE)
    submit(paid, quote, PERMIT, sender=PAYER.address)
    assert coin.balanceOf(TREASURY) == DUE


@pytest.mark.parametrize("way", [PERMIT, AUTHORIZATION])
def test_a_stablecoin_calls_back(paid: Issuance, odd: Handle, way: int) -> None:
    """Into a mint of its own: nothing but the lock stands in its way."""
    paid.registry.onboard(word32("evil"), [(11, odd.address, 840, 1, now() + YEAR)], sender=COMPLIANCE)
    odd.give(odd.address, 10**12)
    nested = paid.quote(account=odd.address, stablecoin=odd.address, nonce=2, settlement=0)
    terms = (ZERO, AUTHORIZATION, *NO_SIGNATURE, b"")
    data = encode(
        [QUOTE, "address", "bytes", "address", "bytes", PAYMENT],
        [nested.values, SIGNER.address, paid.sign(nested), ZERO, b"", terms],
    )
    odd.set_callback(paid.market, paid.market.selector("mintPaid", 6) + data)
    quote = paid.quote(stablecoin=odd.address)
    submit(paid, quote, way, sender=PAYER.address)
    assert odd.callback_result() == (False, b"")
    assert paid.stock.balanceOf(odd.address) == 0
    odd.set_callback(ZERO, b"")
    mine = paid.quote(account=odd.address, stablecoin=odd.address, nonce=2, settlement=0)
    submit(paid, mine, AUTHORIZATION, payer=ZERO, signed=paid.sign(mine))
    assert paid.stock.balanceOf(odd.address) == 10 * WAD
