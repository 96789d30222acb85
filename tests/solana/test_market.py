"""Mint and redeem on quotes: one signature, of this quote, by the right key, once, in time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from solana_world import ISSUER, STOCK, World, coins, units
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.instructions.base import TREASURY
from scrip.solana.addresses import document_hash, local_address, local_keypair
from scrip.solana.encoding import messages
from scrip.solana.handlers import market


@pytest.fixture
def quoted(funded: World) -> Quoted:
    return Quoted(funded)


class Quoted:
    """A mint that would pass, in parts."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.terms = messages.Quote(document_hash("q"), 0, local_address("alice"), 10**8, 10**6, 0, world.now() + 60)

    def calls(self, signer: str = ISSUER, name: str = "mint", **changes: object) -> list[Instruction]:
        """The signature and the instruction; the signature is of the unchanged terms."""
        world = self.world
        asset = world.suite.stablecoin
        key = local_keypair(signer)
        good = market.quote_calls(world.ledger, name, world.listing, "alice", self.terms, key, asset)
        if not changes:
            return good
        bent = replace(self.terms, **changes)
        return [good[0], market.quote_calls(world.ledger, name, world.listing, "alice", bent, key, asset)[1]]

    def entry(self, signer: str = ISSUER) -> tuple[Pubkey, bytes, bytes]:
        """Signer, signature and message of the good quote."""
        data = bytes(self.calls(signer)[0].data)
        return Pubkey.from_bytes(data[16:48]), data[48:112], data[112:]

    def fails(self, error: str, calls: list[Instruction]) -> None:
        self.world.fails(error, calls, "alice")


def test_a_mint_pays_the_treasury_and_makes_units(funded: World) -> None:
    before = funded.ledger.stablecoin(TREASURY).value
    done = funded.mint("bob", 7)
    assert funded.ledger.balance(STOCK, "bob") == units(7)
    assert funded.ledger.supply(STOCK) == units(107)
    assert funded.ledger.stablecoin(TREASURY).value - before == 7 * 10**6
    assert done.compute_units
    assert done.tx


def test_a_redemption_burns_and_pays(funded: World) -> None:
    before = funded.ledger.stablecoin("alice").value
    funded.redeem("alice", 40)
    assert funded.ledger.balance(STOCK, "alice") == units(60)
    assert funded.ledger.supply(STOCK) == units(60)
    assert funded.ledger.stablecoin("alice").value - before == 40 * 10**6


def test_events_say_what_happened(quoted: Quoted) -> None:
    sent = quoted.world.send(quoted.calls(), "alice")
    (event,) = quoted.world.program.events(sent.inner)
    assert event.name == "Minted"
    said = vars(event.data) | {"quote": bytes(event.data.quote)}
    assert said == {
        "mint": quoted.world.listing.mint,
        "account": local_address("alice"),
        "amount": 10**8,
        "settlement_mint": quoted.world.suite.stablecoin,
        "settlement": 10**6,
        "quote": document_hash("q"),
    }


# --- signatures


def test_a_missing_signature(quoted: Quoted) -> None:
    quoted.fails("SignatureMissing", quoted.calls()[1:])


def test_another_instruction_between(quoted: Quoted) -> None:
    signature, mint = quoted.calls()
    budget = Instruction(Pubkey.from_string("ComputeBudget111111111111111111111111111111"), b"\2\0\0\4\0", [])
    quoted.fails("SignatureMissing", [signature, budget, mint])


def test_a_second_signature(quoted: Quoted) -> None:
    entries = [quoted.entry(), quoted.entry()]
    quoted.fails("SignatureNotAlone", [messages.signature_instruction(entries), quoted.calls()[1]])


def test_no_signature_at_all(quoted: Quoted) -> None:
    quoted.fails("SignatureNotAlone", [messages.signature_instruction([]), quoted.calls()[1]])


def test_a_signature_that_stands_elsewhere(quoted: Quoted) -> None:
    good = quoted.calls()
    quoted.fails("SignatureMalformed", [messages.signature_instruction([quoted.entry()], here=0), good[1]])


def test_a_signature_with_more_behind_it(quoted: Quoted) -> None:
    signature, mint = quoted.calls()
    longer = Instruction(signature.program_id, bytes(signature.data) + b"\0", [])
    quoted.fails("SignatureMalformed", [longer, mint])


def test_a_strangers_signature(quoted: Quoted) -> None:
    quoted.fails("NotAQuoteSigner", quoted.calls("mallory"))


@pytest.mark.parametrize(
    "changes",
    [{"amount": 2 * 10**8}, {"settlement": 1}, {"id": document_hash("other")}, {"expiry": 2**40}],
    ids=lambda changes: next(iter(changes)),
)
def test_a_signature_of_other_terms(quoted: Quoted, changes: dict[str, object]) -> None:
    quoted.fails("BadSignature", quoted.calls(**changes))


def test_a_signature_for_the_other_side(quoted: Quoted) -> None:
    quoted.fails("BadSignature", quoted.calls(name="redeem", side=1))


def test_a_signature_that_is_none(quoted: Quoted) -> None:
    quoted.world.refuses(
        "market: bad signature",
        ins.Mint(STOCK, "alice", units(1), coins(1), quoted.world.quote(forged=True)),
        elsewhere=True,
    )


@pytest.mark.parametrize("field", ["genesis", "program", "mint", "token_account", "settlement_mint"])
def test_a_signature_for_another_place(quoted: Quoted, field: str) -> None:
    world, alice = quoted.world, local_address("alice")
    place: dict = {
        "genesis": world.chain.genesis,
        "program": world.program.id,
        "mint": world.listing.mint,
        "token_account": world.ledger.units(world.listing, "alice"),
        "settlement_mint": world.suite.stablecoin,
    }
    key: Keypair = local_keypair(ISSUER)
    assert quoted.calls()[0] == messages.signed_by(key, quoted.terms.digest(**place))
    place[field] = bytes(31) + b"\1" if field == "genesis" else alice
    quoted.fails("BadSignature", [messages.signed_by(key, quoted.terms.digest(**place)), quoted.calls()[1]])


# --- terms


def test_a_quote_is_used_once(quoted: Quoted) -> None:
    quoted.world.send(quoted.calls(), "alice")
    quoted.fails("QuoteUsed", quoted.calls())


def test_a_quotes_record_is_closed_after_its_expiry_only(quoted: Quoted) -> None:
    world = quoted.world
    world.send(quoted.calls(), "alice")
    record = world.program.at.quote(quoted.terms.id)
    accounts = {"payer": local_address("alice"), "used_quote": record}
    close = world.program.build("close_quote", accounts=accounts)
    world.fails("QuoteNotExpired", [close])
    world.wait(60)
    quoted.fails("QuoteExpired", quoted.calls())
    theirs = world.program.build("close_quote", accounts=accounts | {"payer": local_address("anyone")})
    world.fails("InstructionErrorCustom(2012)", [theirs])
    world.send([close])
    assert world.chain.account(record) is None
    quoted.fails("QuoteExpired", quoted.calls())


def test_a_quote_ends_at_its_second(quoted: Quoted) -> None:
    quoted.world.wait(59)
    quoted.world.send(quoted.calls(), "alice")


def test_the_market_refuses_by_name(funded: World) -> None:
    def order(**changes: object) -> ins.Mint:
        return ins.Mint(STOCK, "alice", units(1), coins(1), funded.quote(**changes))

    funded.refuses("market: wrong side", order(side="redeem"))
    funded.refuses("market: not your quote", replace(order(), by="bob"))
    funded.refuses("market: quote expired", order(expiry=funded.now()))
    funded.refuses("market: asset not listed", order(asset="wampum"))
    funded.refuses("market: multiplier changed", order(generation=1))
    funded.refuses("market: not a quote signer", order(signer="mallory"))
    funded.refuses("market: unknown stock", replace(order(), stock="NONE"))
    funded.refuses("token: zero amount", replace(order(), amount=units(0)))
    funded.refuses("stablecoin: insufficient", replace(order(), settlement=coins(10**7)))
    funded.refuses("ERC7943CannotReceive", replace(order(), account="eve", settlement=coins(0)))
    funded.apply(ins.PauseMarket())
    funded.refuses("market: paused", order())


def test_an_unlisted_asset_stops_at_once(quoted: Quoted) -> None:
    world = quoted.world
    asset = world.suite.stablecoin
    accounts = {"settlement_mint": asset, "treasury": world.suite.treasury, "asset": world.program.at.asset(asset)}
    world.send([world.signed("list_asset", ISSUER, False, **accounts)], ISSUER)
    quoted.fails("AssetNotListed", quoted.calls())


def test_a_redemption_refuses_by_name(funded: World) -> None:
    def order(tokens: int = 1, dollars: int = 1) -> ins.Redeem:
        return ins.Redeem(STOCK, "alice", units(tokens), coins(dollars), funded.quote())

    funded.refuses("token: zero amount", order(0))
    funded.refuses("ERC20InsufficientBalance", order(101))
    funded.refuses("stablecoin: insufficient", order(1, 10**8))


def test_another_wallets_account_receives_nothing(funded: World) -> None:
    funded.mint("bob", 1)
    quoted = Quoted(funded)
    calls = quoted.calls()
    mine, theirs = (funded.ledger.units(funded.listing, name) for name in ("alice", "bob"))
    accounts = [
        type(m)(theirs if m.pubkey == mine else m.pubkey, m.is_signer, m.is_writable) for m in calls[1].accounts
    ]
    bent = Instruction(calls[1].program_id, bytes(calls[1].data), accounts)
    funded.fails("BadSignature", [calls[0], bent], "alice")
    place = (funded.chain.genesis, funded.program.id, funded.listing.mint, theirs, funded.suite.stablecoin)
    signed = messages.signed_by(local_keypair(ISSUER), quoted.terms.digest(*place))
    funded.fails("InvalidReceiver", [signed, bent], "alice")


def test_the_supply_fits_64_bits(funded: World) -> None:
    terms = replace(Quoted(funded).terms, amount=2**64 - 1)
    calls = market.quote_calls(
        funded.ledger, "mint", funded.listing, "alice", terms, local_keypair(ISSUER), funded.suite.stablecoin
    )
    funded.fails("SupplyTooLarge", calls, "alice")
