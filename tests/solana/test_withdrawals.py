"""Coins leave the treasury to one account, which ADMIN names, by ISSUER, and no more of them than a day's limit.

The oracle is a bucket of fractions, drained second by second as a person would say it.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from solana_world import DAY, ISSUER, World, coins
from treasury_world import DESK, naming, open_account, taking

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.instructions.base import TREASURY
from scrip.ledger import SOLANA
from scrip.model.ledger import ModelLedger
from scrip.solana.addresses import TOKEN, TOKEN_2022, local_address, token_account
from scrip.units import Stablecoin


@pytest.fixture
def paying(funded: World) -> World:
    """A treasury with a million, of which 1,000 a day may leave."""
    open_account(funded, DESK)
    funded.apply(ins.SetCustodian("stablecoin", DESK, coins(1_000)))
    return funded


def withdraw(world: World, amount: int) -> None:
    """Smallest units leave."""
    world.apply(ins.WithdrawTreasury("stablecoin", Stablecoin(amount, 6)))


def test_what_leaves_arrives_at_the_custodian_and_counts(paying: World) -> None:
    before = paying.ledger.stablecoin(TREASURY).value
    sent = paying.send([taking(paying, amount=400 * 10**6)], ISSUER)
    (event,) = paying.program.events(sent.inner)
    account = token_account(local_address(DESK), paying.suite.stablecoin, TOKEN)
    said = vars(event.data) | {"key": bytes(event.data.key)}
    wanted = {"mint": paying.suite.stablecoin, "account": account, "amount": 400 * 10**6, "key": b"\x09" * 32}
    assert (event.name, said) == ("TreasuryWithdrawn", wanted)
    assert paying.ledger.stablecoin(TREASURY).value == before - 400 * 10**6
    assert paying.ledger.stablecoin(DESK).value == 400 * 10**6
    paying.fails("KeyUsed", [taking(paying)], ISSUER)


def test_a_days_limit_is_a_bucket_that_drains(paying: World) -> None:
    """Random amounts at random seconds, against a bucket of fractions."""
    level, then, cap = Fraction(0), paying.now(), 1_000 * 10**6
    taken = 0
    for wait, amount in (
        (0, cap),
        (0, 1),
        (1, 11_575),
        (0, 11_574),
        (DAY // 2, cap // 2 + 1),
        (0, cap // 2),
        (7, 90_000),
        (DAY, cap + 1),
        (0, cap),
        (DAY - 1, cap),
        (1, cap),
        (30 * DAY, cap),
        (0, 1),
    ):
        paying.wait(wait)
        now = paying.now()
        level = max(level - Fraction(cap * (now - then), DAY), Fraction(0))
        then = now
        if level + amount <= cap:
            withdraw(paying, amount)
            level, taken = level + amount, taken + amount
        else:
            paying.refuses("market: withdrawal limit", ins.WithdrawTreasury("stablecoin", Stablecoin(amount, 6)))
    assert paying.ledger.stablecoin(DESK).value == taken


def test_another_limit_forgets_nothing(paying: World) -> None:
    withdraw(paying, 1_000 * 10**6)
    paying.wait(DAY // 2)
    paying.apply(ins.SetCustodian("stablecoin", DESK, coins(600)))
    # 500 were left of a day at 1,000; at 600 a day 100 more may leave now.
    for amount, fits in ((100 * 10**6 + 1, False), (100 * 10**6, True)):
        order = ins.WithdrawTreasury("stablecoin", Stablecoin(amount, 6))
        if fits:
            paying.apply(order)
        else:
            paying.refuses("market: withdrawal limit", order)
    paying.apply(ins.SetCustodian("stablecoin", DESK, coins(0)))
    paying.wait(30 * DAY)
    paying.refuses("market: withdrawal limit", ins.WithdrawTreasury("stablecoin", Stablecoin(1, 6)))


def test_who_names_and_who_withdraws(paying: World) -> None:
    for by in ("mallory", DESK):
        paying.fails("NotAuthorised", [naming(paying, by)], by)
        paying.fails("NotAuthorised", [taking(paying, by)], by)
    paying.fails("KeyEmpty", [taking(paying, key=bytes(32))], ISSUER)
    paying.fails("ZeroAmount", [taking(paying, amount=0)], ISSUER)
    paying.fails("WithdrawalLimit", [taking(paying, amount=2**64 - 1)], ISSUER)
    paying.apply(ins.SetCustodian("stablecoin", DESK, Stablecoin(2**64 - 1, 6)))
    paying.fails("StablecoinInsufficient", [taking(paying, amount=2**64 - 1)], ISSUER)
    mallorys = open_account(paying, "mallory")
    paying.fails("NoCustodian", [taking(paying, account=mallorys)], ISSUER)
    paying.fails("AssetNotListed", [taking(paying, treasury=mallorys)], ISSUER)
    paying.apply(ins.PauseMarket())
    withdraw(paying, 1)
    paying.apply(ins.Halt())
    paying.refuses("token: halted", ins.WithdrawTreasury("stablecoin", Stablecoin(1, 6)))


def test_a_custodian_is_an_account_of_the_coin_and_not_the_treasury(funded: World) -> None:
    funded.fails("NoCustodian", [taking(funded, account=open_account(funded, DESK))], ISSUER)
    units = funded.ledger.units(funded.listing, "alice")
    for wrong in (funded.suite.treasury, funded.suite.stablecoin, units, local_address("nowhere"), funded.listing.mint):
        funded.fails("InvalidReceiver", [naming(funded, account=wrong)], ISSUER)
    strange = funded.program.at.asset(funded.listing.mint)
    other = {"settlement_mint": funded.listing.mint, "asset": strange, "account": units}
    unlisted = naming(funded, **other, custodian=funded.program.at.custodian(funded.listing.mint))
    funded.fails("AssetNotListed", [unlisted], ISSUER)
    sent = funded.send([naming(funded)], ISSUER)
    (event,) = funded.program.events(sent.inner)
    assert (event.name, event.data.daily) == ("CustodianSet", 10**9)
    wrong = taking(funded, settlement_program=TOKEN_2022)
    funded.fails("AssetNotListed", [wrong], ISSUER)


def test_the_model_says_the_same() -> None:
    model = ModelLedger(SOLANA, 1_000_000)
    model.apply(ins.FundStablecoin(TREASURY, coins(5)))
    order = ins.WithdrawTreasury("stablecoin", coins(3))
    for name, expected in ((order, "market: no custodian"), (ins.WithdrawTreasury("EURC", coins(1)), "market: asset")):
        with pytest.raises(Refusal, match=expected):
            model.apply(name)
    with pytest.raises(Refusal, match="ERC20InvalidReceiver"):
        model.apply(ins.SetCustodian("stablecoin", TREASURY, coins(4)))
    with pytest.raises(Refusal, match="asset not listed"):
        model.apply(ins.SetCustodian("EURC", DESK, coins(4)))
    model.apply(ins.SetCustodian("stablecoin", DESK, coins(4)))
    model.apply(order)
    with pytest.raises(Refusal, match="withdrawal limit"):
        model.apply(order)
    model.advance_to(1_000_000 + DAY)
    with pytest.raises(Refusal, match="stablecoin: insufficient"):
        model.apply(order)
    assert (model.stablecoin(DESK), model.stablecoin(TREASURY)) == (coins(3), coins(2))
