"""Subscriptions in the model, and requests in kind: what is worked out by hand, beside what the machines compare."""

from __future__ import annotations

import pytest
from model_world import DAY, STOCK, World, small_world, units

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.instructions.base import ISSUER, TREASURY
from scrip.labels import entry_label
from scrip.model.state import Entry, VaultTerms
from scrip.units import RawUnits, Stablecoin

WHOLE, MONEY = 10**18, 10**6
PRICE = Stablecoin.parse("400")
TERMS = VaultTerms(100 * MONEY, 7 * DAY, 2_000)
AT = entry_label(STOCK)
WHY = (7, "order")
DELIVERY, RECEIPT = "0x" + "1" * 64, "0x" + "2" * 64


@pytest.fixture
def desk() -> World:
    """Alice and Bob may hold the stock, which has a vault into it; both have a million."""
    world = small_world()
    world.do(world.mint("alice", 1), world.mint("bob", 1))
    for one in ("alice", "bob"):
        world.do(ins.FundStablecoin(one, Stablecoin(10**12)))
    world.ledger.open_entry(STOCK, TERMS, PRICE)
    return world


def entry(world: World) -> Entry:
    return world.ledger.stocks[STOCK].entries["stablecoin"]


def pay_in(account: str = "alice", coins: int = 4_000 * MONEY) -> ins.RequestSubscription:
    return ins.RequestSubscription(STOCK, account, Stablecoin(coins))


def fill(world: World, *controllers: str, name: str = "s", price: Stablecoin = PRICE) -> None:
    world.ledger.advance_to(world.ledger.now() + 1)
    world.do(
        ins.Strike(STOCK, name, price, world.ledger.now() + 3_600, entry=True),
        ins.FillSubscriptions(STOCK, name, controllers),
    )


def test_coins_become_units_rounded_down_and_the_treasury_has_all_of_them(desk: World) -> None:
    supply, treasury = desk.ledger.supply(STOCK).value, desk.ledger.stablecoin(TREASURY).value
    desk.do(pay_in(coins=100 * MONEY + 1), pay_in("bob"))
    fill(desk, "alice", "bob", price=Stablecoin.parse("333.333333"))
    assert entry(desk).claim_of("alice").units == (100 * MONEY + 1) * WHOLE // 333_333_333
    made = entry(desk).owed
    assert desk.ledger.supply(STOCK).value == supply + made == supply + desk.ledger.balance(STOCK, AT).value
    assert desk.ledger.stablecoin(TREASURY).value == treasury + 4_100 * MONEY + 1
    assert desk.ledger.stablecoin(AT).value == 0


def test_a_part_of_a_claim_stands_for_coins_rounded_up_and_the_last_takes_the_rest(desk: World) -> None:
    desk.do(pay_in(coins=100 * MONEY + 1))
    fill(desk, "alice")
    due = entry(desk).claim_of("alice").units
    desk.do(ins.FetchSubscribed(STOCK, "alice", RawUnits(1, 18)))
    assert entry(desk).claim_of("alice").coins == 100 * MONEY
    desk.do(ins.FetchSubscribed(STOCK, "alice", RawUnits(due - 1, 18)))
    assert entry(desk).claims == {}


def test_it_is_called_back_in_full_by_whoever_may(desk: World) -> None:
    before = desk.ledger.stablecoin("alice")
    desk.do(pay_in(), pay_in("bob"))
    desk.do(ins.SendBack(STOCK, ("alice", "bob"), "mallory"))
    assert entry(desk).called_back == {}
    desk.do(ins.SendBack(STOCK, ("alice",), ISSUER), ins.CallBackCoins(STOCK, "bob"))
    desk.do(ins.FetchRefund(STOCK, "alice"), ins.FetchEntered(STOCK, ("bob",), "bob"))
    assert desk.ledger.stablecoin("alice") == before
    assert entry(desk).requested == 0
    desk.do(pay_in())
    desk.ledger.advance_to(desk.ledger.now() + 7 * DAY)
    desk.do(ins.SendBack(STOCK, ("alice",), "mallory"))
    assert entry(desk).called_back == {"alice": 4_000 * MONEY}


@pytest.mark.parametrize("how", ["block", "freeze"])
def test_a_refund_is_held_by_a_block_or_a_freeze_and_its_end_frees_it(desk: World, how: str) -> None:
    """The units of a claim, too."""
    investor = desk.ledger.investors.investor_of("alice")
    assert investor is not None
    held, free = ins.Freeze(STOCK, "alice", True, *WHY), ins.Freeze(STOCK, "alice", False, *WHY)
    if how == "block":
        held, free = ins.Block(investor, *WHY), ins.Unblock(investor, *WHY)
    desk.do(pay_in())
    fill(desk, "alice")
    desk.do(pay_in(), ins.CallBackCoins(STOCK, "alice"), held)
    assert desk.refused(ins.FetchRefund(STOCK, "alice")) == "vault: held"
    assert desk.refused(ins.FetchSubscribed(STOCK, "alice", units(1))) == "vault: held"
    assert desk.refused(pay_in()) == "vault: not cleared"
    desk.do(ins.FetchEntered(STOCK, ("alice",), "alice"))
    assert entry(desk).called_back == {"alice": 4_000 * MONEY}
    desk.do(free, ins.FetchRefund(STOCK, "alice"), ins.FetchSubscribed(STOCK, "alice", units(10)))
    assert (entry(desk).requested, entry(desk).owed) == (0, 0)


def test_a_stock_without_a_vault_is_named(desk: World) -> None:
    with pytest.raises(InputError, match="has no vault that takes EURC"):
        desk.do(ins.CloseEntry(STOCK, "EURC"))
    with pytest.raises(InputError, match="has a vault that takes stablecoin"):
        desk.ledger.open_entry(STOCK, TERMS, PRICE)


def test_the_shares_themselves_are_burnt_as_they_were_ordered_and_nothing_is_paid(desk: World) -> None:
    vault = desk.ledger.open_vault(STOCK, VaultTerms(WHOLE, 7 * DAY, 2_000), PRICE)
    wanted = ins.RequestInKind(STOCK, "alice", units(1), DELIVERY)
    with pytest.raises(Refusal, match="vault: not in kind"):
        desk.do(wanted)
    vault.in_kind = True
    supply, coins = desk.ledger.supply(STOCK).value, desk.ledger.stablecoin(TREASURY)
    desk.do(wanted)
    with pytest.raises(Refusal, match="vault: other delivery"):
        desk.do(ins.DeliverInKind(STOCK, "alice", units(1), RECEIPT, RECEIPT))
    desk.do(ins.DeliverInKind(STOCK, "alice", units(1), DELIVERY, RECEIPT))
    assert desk.ledger.supply(STOCK).value == supply - WHOLE
    assert desk.ledger.stablecoin(TREASURY) == coins
    assert vault.waiting == {}
