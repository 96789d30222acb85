"""KYC providers: what one signs lets one wallet in once, and nothing else. The digest is made here byte by byte."""

from __future__ import annotations

import struct
from hashlib import sha256

import pytest
from solana_world import ISSUER, LATER, START, STOCK, World, coins
from solders.instruction import AccountMeta, Instruction

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.ledger import SOLANA
from scrip.model.ledger import ModelLedger
from scrip.solana.addresses import investor_id, local_address, local_keypair
from scrip.solana.encoding import messages
from scrip.solana.handlers import attestations
from scrip.solana.handlers.attestations import attestation_of, entering, nonce_word, places

PROVIDER, DEADLINE = "kyc", START + 10**6


def order(
    investor: str = "carol", wallet: str = "carol", nonce: int = 1, deadline: int = DEADLINE,
    provider: str = PROVIDER, forged: bool = False, by: str = "", **changes: object,
) -> ins.OnboardAttested:  # fmt: skip
    """An investor of a provider's, good but for the changes."""
    terms = ins.AttestationTerms(nonce, deadline, provider, forged)
    said: dict = {"country": 276, "investor_class": "retail", "expiry": LATER} | changes
    return ins.OnboardAttested(investor, wallet, attestation=terms, by=by, **said)


@pytest.fixture
def open_door(world: World) -> World:
    """A provider may let two in; alice and bob are known."""
    world.apply(ins.SetProvider(PROVIDER, 2))
    return world


def investor(world: World, name: str) -> object:
    return world.stored(world.program.at.investor(investor_id(name)))


def test_a_wallet_enters_with_what_a_provider_signed_and_may_hold(open_door: World) -> None:
    """The bytes that are signed are put together here, and hashed, by nothing of the project's."""
    world, at = open_door, open_door.program.at
    wallet, key = local_address("carol"), local_keypair(PROVIDER)
    terms = investor_id("carol") + bytes(wallet) + struct.pack("<H", 276) + b"\x00" + struct.pack("<q", LATER)
    parts = b"scrip attestation v1", world.chain.genesis, bytes(world.program.id), bytes(at.issuer), bytes(key.pubkey())
    message = b"".join(parts) + terms + bytes(31) + b"\x01" + struct.pack("<q", DEADLINE)
    signed = messages.signed_by(key, sha256(message).digest())
    sent = world.send([signed, entering(world.ledger, attestation_of(world.ledger, order()), "carol")], "carol")
    told, set_, linked = world.program.events(sent.inner)
    assert (told.name, set_.name, linked.name) == ("Attested", "InvestorSet", "WalletLinked")
    assert (told.data.provider, bytes(told.data.investor)) == (key.pubkey(), investor_id("carol"))
    assert bytes(told.data.nonce) == bytes(set_.data.key) == bytes(linked.data.key) == bytes(31) + b"\x01"
    found = investor(world, "carol")
    assert (found.country, found.blocked, found.wallets, found.expiry) == (276, False, 1, LATER)
    record = world.stored(at.wallet(wallet))
    assert (record.holder, record.investor, record.successor) == (wallet, at.investor(investor_id("carol")), None)
    kept = world.stored(at.provider(key.pubkey()))
    assert (kept.key, kept.limit, kept.entered, kept.dropped) == (key.pubkey(), 2, 1, False)
    world.back()
    world.apply(ins.FundStablecoin("carol", coins(1)))
    world.mint("carol", 1)


def test_each_fault_is_refused_as_the_model_says(open_door: World) -> None:
    """What is wrong, one at a time, in the order in which it is looked at; afterwards the right one is let in."""
    world, model = open_door, ModelLedger(SOLANA, open_door.now())
    for one in (ins.Onboard("alice", "alice", 840, "retail", LATER), ins.SetProvider(PROVIDER, 2)):
        model.apply(one)
    faults = {
        "attestation: not your wallet": order(by="mallory"),
        "attestation: expired": order(deadline=world.now() - 1),
        "attestation: not a provider": order(provider="nobody"),
        "attestation: bad class": order(investor_class="venue"),
        "attestation: bad signature": order(forged=True),
        "registry: wallet known": order(wallet="alice"),
        "registry: investor known": order(investor="alice"),
        "registry: bad expiry": order(expiry=0),
        "registry: bad country": order(country=1_000),
    }
    for name, fault in faults.items():
        for ledger in (model, world.ledger):
            with pytest.raises(Refusal) as refused:
                ledger.apply(fault)
            assert refused.value.name == name
    for one in (order(), order("dave", "dave", 2)):
        assert model.apply(one) is not None
        world.apply(one)
    for ledger in (model, world.ledger):
        for name, again in (("nonce used", order("erin", "erin", 2)), ("limit reached", order("erin", "erin", 3))):
            with pytest.raises(Refusal, match=f"attestation: {name}"):
                ledger.apply(again)


def test_nothing_but_what_was_signed_enters(open_door: World) -> None:
    """Each term of what is shown, changed after it was signed, and the signature left out or of another instruction."""
    world, right = open_door, attestation_of(open_door.ledger, order())
    digest = right.digest(world.chain.genesis, world.program.id, world.program.at.issuer)
    signed = messages.signed_by(local_keypair(PROVIDER), digest)
    other = {"investor": bytes([9]) * 32, "country": 277, "investor_class": 1, "expiry": LATER + 1}
    other |= {"nonce": bytes([9]) * 32, "deadline": DEADLINE + 1}
    for name, value in other.items():
        terms = {field: getattr(right, field) for field in right.__slots__} | {name: value}
        bent = messages.KycAttestation(**terms)
        world.fails("BadSignature", [signed, entering(world.ledger, bent, "carol")], "carol")
    # Mallory shows what was signed for carol's wallet as though it were for hers.
    terms = {field: getattr(right, field) for field in right.__slots__} | {"wallet": local_address("mallory")}
    stolen = entering(world.ledger, messages.KycAttestation(**terms), "mallory")
    world.fails("BadSignature", [signed, stolen], "mallory")
    call = entering(world.ledger, right, "carol")
    world.fails("SignatureMissing", [call], "carol")
    for genesis, program, issuer in (
        (b"\x07" * 32, world.program.id, world.program.at.issuer),
        (world.chain.genesis, local_address("elsewhere"), world.program.at.issuer),
        (world.chain.genesis, world.program.id, local_address("elsewhere")),
    ):
        elsewhere = messages.signed_by(local_keypair(PROVIDER), right.digest(genesis, program, issuer))
        world.fails("BadSignature", [elsewhere, call], "carol")
    world.send([signed, call], "carol")
    world.fails("NonceUsed", [signed, call], "carol")


def test_the_wallet_itself_signs(open_door: World) -> None:
    """The provider cannot link a wallet whose key nobody has shown."""
    said = attestation_of(open_door.ledger, order())
    digest = said.digest(open_door.chain.genesis, open_door.program.id, open_door.program.at.issuer)
    call = entering(open_door.ledger, said, PROVIDER)
    open_door.fails("NotYourAttestation", [messages.signed_by(local_keypair(PROVIDER), digest), call], PROVIDER)


def test_a_block_a_recovery_and_a_record_are_left_as_they_are(open_door: World) -> None:
    world = open_door
    world.apply(ins.Block("alice", 7, "order"))
    before = world.chain.account(world.program.at.investor(investor_id("alice")))
    world.refuses("registry: investor known", order("alice", "fresh"))
    world.refuses("registry: wallet known", order("fresh", "alice"))
    assert world.chain.account(world.program.at.investor(investor_id("alice"))) == before
    world.apply(ins.RecoverWallet("bob", "bob", "bob2", 4, "lost"))
    world.refuses("registry: wallet blocked", order("fresh", "bob"))
    assert world.stored(world.program.at.provider(local_address(PROVIDER))).entered == 0


def test_a_dropped_provider_lets_nobody_in_until_it_is_named_again(open_door: World) -> None:
    world = open_door
    world.refuses("roles: not authorised", ins.DropProvider(PROVIDER, 7, "why", by=PROVIDER))
    world.refuses("registry: reason and document", ins.DropProvider(PROVIDER, 0, "why"))
    world.refuses("attestation: not a provider", ins.DropProvider("nobody", 7, "why"))
    world.apply(order())
    world.apply(ins.DropProvider(PROVIDER, 7, "why"))
    world.refuses("attestation: provider dropped", ins.DropProvider(PROVIDER, 7, "why"))
    world.refuses("attestation: provider dropped", order("dave", "dave", 2))
    assert not investor(world, "carol").blocked
    with pytest.raises(InputError, match="readmits"):
        world.apply(ins.ReadmitProvider(PROVIDER))
    world.refuses("roles: not authorised", ins.SetProvider(PROVIDER, 9, by="mallory"))
    world.apply(ins.SetProvider(PROVIDER, 1))
    world.refuses("attestation: limit reached", order("dave", "dave", 2))
    world.apply(ins.SetProvider(PROVIDER, 2))
    world.apply(order("dave", "dave", 2))
    for limit in (-1, 2**32):
        with pytest.raises(InputError, match="2\\^32"):
            world.apply(ins.SetProvider(PROVIDER, limit))
    world.apply(ins.SetProvider(PROVIDER, 2**32 - 1))
    world.refuses("registry: zero address", ins.SetProvider("", 1))


def test_a_nonce_is_its_providers_alone(open_door: World) -> None:
    """Cancelling ends one's own; another's, and the keys of the desk, are untouched by it."""
    world = open_door
    world.apply(ins.SetProvider("other", 9))
    world.apply(ins.CancelAttestation("other", 1))
    world.refuses("attestation: nonce used", ins.CancelAttestation("other", 1))
    world.refuses("attestation: nonce used", order("dave", "dave", 1, provider="other"))
    world.apply(order())
    key = local_address(PROVIDER)
    nonce = nonce_word(1)
    assert not world.chain.account(world.program.at.key(nonce))
    read = attestations.read_attestations(world.ledger, [(PROVIDER, 1), (PROVIDER, 2), ("other", 1)], [PROVIDER])
    assert read.used == {(PROVIDER, 1), ("other", 1)}
    assert (read.limits, read.entered) == ({PROVIDER: 2, "other": 9}, {PROVIDER: 1, "other": 0})
    accounts = places(world.program.at, key, nonce=nonce_word(2))
    stranger = world.signed("cancel_attestation", "mallory", list(nonce_word(2)), **accounts)
    world.fails("UnknownNonce", [stranger], "mallory")


def test_a_stock_that_strangers_hold_knows_the_newcomer(world: World) -> None:
    """An entry gives nothing by itself: the account opens as anybody's does."""
    world.apply(ins.SetProvider(PROVIDER, 1))
    world.apply(order())
    assert world.ledger.holding(world.ledger.listing(STOCK), "carol") is None


def entry(world: World) -> list[Instruction]:
    """A right entry, its signature first."""
    return world.ledger.calls(order())


def test_each_refusal_is_the_programs(open_door: World) -> None:
    world = open_door
    world.refuses("attestation: not your wallet", order(by="mallory"))
    world.refuses("attestation: expired", order(deadline=world.now() - 1))
    world.refuses("attestation: bad class", order(investor_class="venue"))
    world.refuses("attestation: bad signature", order(forged=True))
    other = places(world.program.at, local_address("other"))
    world.fails("UnknownProvider", [world.signed("set_provider", ISSUER, local_address(PROVIDER), 1, **other)], ISSUER)


@pytest.mark.parametrize(
    ("account", "error"),
    [
        ("provider", "NotAProvider"),
        ("investor", "UnknownInvestor"),
        ("wallet", "UnknownWallet"),
        ("used_nonce", "UnknownNonce"),
    ],
)
def test_an_entry_names_its_own_accounts(open_door: World, account: str, error: str) -> None:
    world = open_door
    signed, call = entry(world)
    place = world.program.accounts_of(call).index(account)
    for address in (local_address("nowhere"), world.program.at.asset(world.suite.stablecoin), world.suite.treasury):
        metas = list(call.accounts)
        metas[place] = AccountMeta(address, False, True)
        bent = Instruction(call.program_id, bytes(call.data), metas)
        world.fails(error, [signed, bent], "carol")
