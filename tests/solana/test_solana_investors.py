"""Investors and wallets: every refusal, and a removal that freezes in its own transaction."""

from __future__ import annotations

import pytest
from solana_world import ISSUER, LATER, STOCK, World, coins, units

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.solana.addresses import investor_id, local_address
from scrip.solana.encoding import tokens


def frozen(world: World, account: str) -> bool:
    held = tokens.holding(world.chain.account(world.ledger.units(world.listing, account)))
    assert held is not None
    return held.frozen


def onboard(investor: str = "carol", wallet: str = "carol", **changes: object) -> ins.Onboard:
    return ins.Onboard(investor, wallet, 840, "retail", **({"expiry": LATER} | changes))


@pytest.mark.parametrize(
    "order",
    [
        onboard(by="mallory"),
        ins.LinkWallet("alice", "x", by="mallory"),
        ins.UnlinkWallet("alice", "alice", 1, "doc", by="mallory"),
        ins.Renew("alice", LATER, by="mallory"),
        ins.SetProfile("alice", 276, "venue", by="mallory"),
        ins.Block("alice", 1, "doc", by="mallory"),
        ins.Unblock("alice", 1, "doc", by="mallory"),
    ],
    ids=lambda order: type(order).__name__,
)
def test_compliance_alone_changes_the_register(world: World, order: ins.Instruction) -> None:
    world.refuses("roles: not authorised", order)


def test_onboarding_refuses_by_name(world: World) -> None:
    world.apply(onboard(key="k"))
    world.refuses("keys: used", onboard("dan", "dan", key="k"))
    world.refuses("registry: wallet known", onboard("dan", "alice"))
    world.refuses("registry: investor known", onboard("alice", "dan"))
    world.refuses("registry: zero address", onboard("dan", ""))
    for expiry in (0, -1, 2**40):
        world.refuses("registry: bad expiry", onboard("dan", "dan", expiry=expiry))


def test_a_zero_key_is_refused(world: World) -> None:
    at, zero = world.program.at, bytes(32)
    accounts = {
        "investor": at.investor(investor_id("alice")),
        "holder": local_address("x"),
        "wallet": at.wallet(local_address("x")),
        "used_key": at.key(zero),
    }
    call = world.signed("link_wallet", ISSUER, list(zero), list(investor_id("alice")), **accounts)
    world.fails("KeyEmpty", [call], ISSUER)


def test_an_investor_has_eight_wallets_at_most(world: World) -> None:
    for number in range(7):
        world.apply(ins.LinkWallet("alice", f"wallet {number}"))
    world.refuses("registry: too many wallets", ins.LinkWallet("alice", "one more"))
    world.refuses("registry: wallet known", ins.LinkWallet("alice", "bob"))
    world.refuses("registry: unknown investor", ins.LinkWallet("nobody", "x"))
    world.refuses("registry: zero address", ins.LinkWallet("alice", ""))
    world.apply(ins.UnlinkWallet("alice", "wallet 0", 1, "doc"))
    world.apply(ins.LinkWallet("alice", "one more"))


def test_a_set_investor_is_another_one(world: World) -> None:
    at, key = world.program.at, bytes([7]) * 32
    accounts = {
        "investor": at.investor(investor_id("alice")),
        "holder": local_address("x"),
        "wallet": at.wallet(local_address("x")),
        "used_key": at.key(key),
    }
    kind = world.program.type["InvestorClass"].Venue()
    call = world.signed("set_investor", ISSUER, list(key), list(investor_id("alice")), 276, kind, 1, **accounts)
    world.send([call], ISSUER)
    world.back()
    world.refuses("ERC7943CannotReceive", ins.Mint(STOCK, "alice", units(1), coins(1), world.quote()))


def test_a_profile_keeps_the_expiry(world: World) -> None:
    def record() -> tuple[int, str, int]:
        data = world.chain.account(world.program.at.investor(investor_id("alice")))
        found = world.program.decode(data)
        return found.country, type(found.class_).__name__, found.expiry

    _, _, expiry = record()
    world.apply(ins.SetProfile("alice", 276, "venue"))
    assert record() == (276, "Venue", expiry)
    world.refuses("registry: unknown investor", ins.SetProfile("nobody", 276, "venue"))
    for country in (0, 1000):
        world.refuses("registry: bad country", ins.SetProfile("alice", country, "venue"))


def test_no_oracle_answers_by_itself(world: World) -> None:
    """It signs lists here (tests/solana/test_sanctions_on_solana.py): what a mock of one elsewhere says is nothing."""
    with pytest.raises(InputError, match="is not available on Solana"):
        world.ledger.apply(ins.AnswerSanctions("alice", "listed"))


def test_a_renewal_is_an_expiry(funded: World) -> None:
    funded.refuses("registry: unknown investor", ins.Renew("nobody", LATER))
    funded.refuses("registry: bad expiry", ins.Renew("alice", 0))
    funded.apply(ins.Renew("bob", funded.now()))
    funded.refuses("ERC7943CannotReceive", ins.Transfer(STOCK, "alice", "bob", units(1)))
    funded.apply(ins.Renew("bob", LATER))
    funded.transfer("alice", "bob", 1)


def test_a_block_freezes_in_its_own_transaction(funded: World) -> None:
    funded.apply(ins.LinkWallet("alice", "second"))
    funded.transfer("alice", "second", 1)
    with funded.no_cranks():
        funded.apply(ins.Block("alice", 1, "doc"))
    assert frozen(funded, "alice")
    assert frozen(funded, "second")
    funded.refuses("registry: already blocked", ins.Block("alice", 1, "doc"))
    funded.refuses("registry: investor blocked", ins.UnlinkWallet("alice", "alice", 1, "doc"))
    funded.refuses("ERC7943CannotSend", ins.Transfer(STOCK, "alice", "bob", units(1)))
    funded.refuses("ERC7943CannotSend", ins.Redeem(STOCK, "alice", units(1), coins(1), funded.quote()))
    funded.apply(ins.Unblock("alice", 1, "doc"))
    funded.refuses("registry: not blocked", ins.Unblock("alice", 1, "doc"))
    funded.transfer("alice", "bob", 1)


@pytest.mark.parametrize("kind", [ins.Block, ins.Unblock])
def test_a_forced_change_states_why(world: World, kind: type) -> None:
    world.refuses("registry: unknown investor", kind("nobody", 0, ""))
    world.refuses("registry: reason and document", kind("alice", 0, "doc"))
    world.refuses("registry: reason and document", kind("alice", 1, ""))


def test_an_unlinked_wallet_is_unknown_and_frozen(funded: World) -> None:
    funded.refuses("registry: unknown investor", ins.UnlinkWallet("nobody", "alice", 1, "doc"))
    funded.refuses("registry: reason and document", ins.UnlinkWallet("alice", "alice", 0, ""))
    funded.refuses("registry: unknown wallet", ins.UnlinkWallet("alice", "stranger", 1, "doc"))
    funded.refuses("registry: unknown wallet", ins.UnlinkWallet("alice", "bob", 1, "doc"))
    with funded.no_cranks():
        funded.apply(ins.UnlinkWallet("alice", "alice", 1, "doc"))
    assert frozen(funded, "alice")
    funded.refuses("ERC7943CannotSend", ins.Transfer(STOCK, "alice", "bob", units(1)))
    funded.redeem("alice", 1)
    funded.apply(ins.LinkWallet("alice", "alice"))
    funded.transfer("alice", "bob", 1)


def test_a_removal_freezes_only_what_is_the_investors(funded: World) -> None:
    funded.transfer("alice", "bob", 1)
    funded.ledger.investors.wallets_of = lambda _investor: ["bob"]
    # A page of a wallet that is not blocked names its stocks, too.
    funded.refuses("registry: not a stock", ins.Block("alice", 1, "doc"), "NotAStock")


def test_malformed_groups_are_refused(funded: World) -> None:
    groups = funded.ledger.investors.groups
    whole = groups(["alice"])
    bent = [whole[0][:3]]
    funded.ledger.investors.groups = lambda _wallets: bent
    removal = ins.UnlinkWallet("alice", "alice", 1, "doc")
    funded.refuses("registry: not a stock", removal)
    bent[0] = [whole[0][1], *whole[0][1:]]
    funded.refuses("registry: not a stock", removal)
    funded.mint("bob", 1)
    bent[0] = [*whole[0][:3], groups(["bob"])[0][3]]
    funded.refuses("token: not the wallet's account", removal)
