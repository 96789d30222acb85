"""Each instruction refuses by each of its own names: those that the stories of the other files do not meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from solana_world import ISSUER, LATER, STOCK, World, coins, units
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.solana.addresses import document_hash, investor_id, local_address, local_keypair
from scrip.solana.encoding import messages
from scrip.solana.handlers import market
from scrip.solana.handlers.clearance import NO_KEY

KEY = bytes([5]) * 32
REASON = (1, [1] * 32)


def retail(world: World) -> object:
    return world.program.type["InvestorClass"].Retail()


REGISTER: dict[str, Callable[[World], tuple]] = {
    "onboard_investor": lambda world: (276, retail(world), LATER),
    "set_investor": lambda world: (276, retail(world), LATER),
    "renew_investor": lambda _: (LATER,),
    "link_wallet": lambda _: (),
    "unlink_wallet": lambda _: REASON,
    "block_investor": lambda _: REASON,
    "unblock_investor": lambda _: REASON,
}
"""What follows the key and the investor in each instruction of the register."""


def register(
    world: World,
    name: str,
    *args: object,
    key: bytes = KEY,
    by: str = ISSUER,
    investor: str = "alice",
    rest: Sequence[AccountMeta] = (),
) -> Instruction:
    """One of the register's instructions, about alice's only wallet."""
    at, identity, holder = world.program.at, investor_id(investor), local_address("alice")
    accounts = {
        "signer": local_address(by),
        "investor": at.investor(identity),
        "holder": holder,
        "wallet": at.wallet(holder),
        "used_key": at.key(key),
    }
    args = args or REGISTER[name](world)
    return world.program.build(name, list(key), list(identity), *args, accounts=accounts, rest=rest)


def control(
    world: World, name: str, *args: object, key: bytes = KEY, by: str = ISSUER, **changes: Pubkey
) -> Instruction:
    """An instruction about alice's account, but for the changes."""
    accounts = world.ledger.investors.control(world.listing, "alice", by, key) | changes
    keyed = [] if name in ("thaw", "freeze") else [list(key)]
    return world.program.build(name, *keyed, *args, accounts=accounts, listing=world.listing)


def group(world: World, **changes: Pubkey) -> list[AccountMeta]:
    """Alice's account as the program wants it named for freezing, but for the changes."""
    stock, mint, wallet, account = world.ledger.investors.groups(["alice"])[0]
    named = {"stock": stock, "mint": mint, "wallet": wallet, "account": account}
    return [
        AccountMeta(changes.get(name, meta.pubkey), meta.is_signer, meta.is_writable) for name, meta in named.items()
    ]


@pytest.mark.parametrize("name", REGISTER)
def test_a_key_is_needed_and_used_once(world: World, name: str) -> None:
    world.fails("KeyEmpty", [register(world, name, key=NO_KEY)], ISSUER)
    world.send([register(world, "renew_investor")], ISSUER)
    world.fails("KeyUsed", [register(world, name)], ISSUER)


@pytest.mark.parametrize("name", REGISTER)
def test_the_register_is_compliances(world: World, name: str) -> None:
    world.fails("NotAuthorised", [register(world, name, by="mallory")], "mallory")


def test_a_set_investor_is_known_and_has_an_expiry(world: World) -> None:
    world.fails("BadExpiry", [register(world, "set_investor", 276, retail(world), 0)], ISSUER)
    world.fails("UnknownInvestor", [register(world, "set_investor", investor="nobody")], ISSUER)


@pytest.mark.parametrize("name", ["unlink_wallet", "block_investor"])
def test_a_removal_freezes_accounts_that_fit_together(funded: World, name: str) -> None:
    funded.mint("bob", 1)
    bobs = funded.ledger.units(funded.listing, "bob")
    faults = {
        "NotAStock": group(funded, stock=funded.program.at.issuer),
        "UnknownWallet": group(funded, wallet=funded.program.at.wallet(local_address("bob"))),
        "InvalidReceiver": group(funded, account=funded.suite.treasury),
        "NotTheWalletsAccount": group(funded, account=bobs),
    }
    for error, rest in faults.items():
        funded.fails(error, [register(funded, name, rest=rest)], ISSUER)
    funded.send([register(funded, name, rest=group(funded))], ISSUER)


def test_what_is_frozen_is_the_wallets_account(funded: World) -> None:
    funded.mint("bob", 1)
    bobs = funded.ledger.units(funded.listing, "bob")
    funded.fails("NotTheWalletsAccount", [control(funded, "freeze", token_account=bobs)])
    funded.fails("InvalidReceiver", [control(funded, "freeze", token_account=funded.suite.treasury)])


def test_a_hold_names_the_canonical_account(funded: World) -> None:
    funded.mint("bob", 1)
    for other in (funded.ledger.units(funded.listing, "bob"), funded.suite.treasury):
        for name in ("hold_account", "release_account"):
            funded.fails("NotCanonicalAccount", [control(funded, name, *REASON, token_account=other)], ISSUER)


def test_a_freeze_looks_at_the_wallets_own_investor(funded: World) -> None:
    funded.apply(ins.Renew("bob", funded.now()))
    bob = funded.ledger.investors.record_of(local_address("bob"))
    funded.fails("UnknownInvestor", [control(funded, "freeze", investor=bob)])


@pytest.mark.parametrize("name", ["hold_account", "release_account"])
def test_a_hold_is_the_enforcers_and_once_a_key(funded: World, name: str) -> None:
    funded.fails("NotAuthorised", [control(funded, name, *REASON, by="mallory")], "mallory")
    funded.fails("KeyEmpty", [control(funded, name, *REASON, key=NO_KEY)], ISSUER)
    funded.send([control(funded, name, *REASON)], ISSUER)
    funded.fails("KeyUsed", [control(funded, name, *REASON)], ISSUER)


def test_a_redemption_burns_the_holders_own_units(funded: World) -> None:
    funded.mint("bob", 1)
    mine, bobs = (funded.ledger.units(funded.listing, name) for name in ("alice", "bob"))
    terms = messages.Quote(
        id=document_hash("bent"),
        side=messages.SIDES["redeem"],
        account=local_address("alice"),
        amount=units(1).value,
        settlement=coins(1).value,
        generation=0,
        expiry=funded.now() + 60,
    )
    coin, issuer = funded.suite.stablecoin, local_keypair(ISSUER)
    _, call = market.quote_calls(funded.ledger, "redeem", funded.listing, "alice", terms, issuer, coin)
    accounts = [
        AccountMeta(bobs if meta.pubkey == mine else meta.pubkey, meta.is_signer, meta.is_writable)
        for meta in call.accounts
    ]
    digest = terms.digest(funded.chain.genesis, funded.program.id, funded.listing.mint, bobs, coin)
    bent = Instruction(call.program_id, bytes(call.data), accounts)
    funded.fails("InvalidReceiver", [messages.signed_by(issuer, digest), bent], "alice")
    assert funded.ledger.balance(STOCK, "bob") == units(1)
