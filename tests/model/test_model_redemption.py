"""The model's queue of requests to redeem: asking, calling back, filling, fetching, and what waits too long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from model_world import DAY, START, STOCK, World, scheduled, small_world, split, units

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.instructions.base import TREASURY
from scrip.labels import vault_label
from scrip.model.redemption import is_overdue
from scrip.model.state import Vault, VaultTerms
from scrip.units import RawUnits, Shares, Stablecoin

HOUR = 3_600
WHOLE = 10**18
PRICE = Stablecoin.parse("400")
TERMS = VaultTerms(5 * WHOLE, 7 * DAY, 2_000)
AT = vault_label(STOCK)
WHY = (7, "court order")


@pytest.fixture
def queue() -> World:
    """Alice and Bob hold 100 tokens each; the stock has a vault."""
    world = small_world()
    world.do(world.mint("alice", 100), world.mint("bob", 100))
    world.ledger.open_vault(STOCK, TERMS, PRICE)
    return world


def vault(world: World) -> Vault:
    return world.ledger.stocks[STOCK].vaults["stablecoin"]


def ask(account: str = "alice", amount: int | str = 10) -> ins.RequestRedemption:
    return ins.RequestRedemption(STOCK, account, units(amount))


def strike(world: World, price: Stablecoin = PRICE, name: str = "") -> ins.Strike:
    """A second from now, for an hour."""
    world.at(world.ledger.now() + 1)
    return ins.Strike(STOCK, name or f"strike {world.ledger.now()}", price, world.ledger.now() + HOUR)


def filled(world: World, *controllers: str, price: Stablecoin = PRICE) -> World:
    """The requests of these, filled at a strike of now."""
    order = strike(world, price)
    world.do(order, ins.FillRequests(STOCK, order.name, controllers))
    return world


def coins(world: World, account: str) -> int:
    return world.ledger.market.coins_of(account)


def holds(world: World, account: str) -> RawUnits:
    return world.ledger.balance(STOCK, account)


def test_units_wait_and_come_back(queue: World) -> None:
    queue.do(ask(), ask(amount=5))
    assert (holds(queue, "alice"), holds(queue, AT)) == (units(85), units(15))
    assert queue.refused(ins.FetchUnits(STOCK, "alice")) == "vault: nothing was cancelled"
    queue.do(ins.CallBack(STOCK, "alice"))
    assert queue.refused(ins.CallBack(STOCK, "alice")) == "vault: nothing waits"
    assert holds(queue, AT) == units(15)
    queue.do(ins.FetchUnits(STOCK, "alice"))
    assert (holds(queue, "alice"), holds(queue, AT), vault(queue).requested) == (units(100), units(0), 0)


def test_a_fill_burns_what_waits_and_the_money_is_there(queue: World) -> None:
    queue.do(ask(), ask("bob", 5))
    supply, rich, poor = queue.ledger.supply(STOCK).value, coins(queue, TREASURY), coins(queue, "alice")
    filled(queue, "alice", "bob", "alice", "nobody")
    assert supply - queue.ledger.supply(STOCK).value == 15 * WHOLE
    assert rich - coins(queue, TREASURY) == 6_000 * 10**6 == coins(queue, AT) == vault(queue).owed
    queue.do(ins.FetchMoney(STOCK, "alice", units(10)), ins.FetchAll(STOCK, ("alice", "bob"), "bob"))
    assert (coins(queue, "alice") - poor, coins(queue, AT), vault(queue).owed) == (4_000 * 10**6, 0, 0)
    assert vault(queue).claims == {}


def test_what_waits_is_raw_units_across_a_split(queue: World) -> None:
    queue.do(ask(), *scheduled(split("s", START + 2 * DAY)))
    queue.at(START + 2 * DAY)
    assert vault(queue).waiting_of("alice").units == 10 * WHOLE
    filled(queue, "alice")
    assert vault(queue).claim_of("alice").coins == 4_000 * 10**6


@pytest.mark.parametrize("amount", ["0.000000000000000001", 100])
def test_no_request_is_too_small_nor_too_large(queue: World, amount: int | str) -> None:
    queue.do(ask(amount=amount))


def test_of_several_faults_in_a_request_the_first_is_named(queue: World) -> None:
    queue.do(ins.Pause(STOCK), ins.Halt(), ins.Freeze(STOCK, "alice", True, *WHY))
    order = replace(ask(), by="mallory", controller="bob", amount=RawUnits(2**128, 18))
    order = queue.ladder(
        order,
        ("vault: not the owner", {"by": ""}),
        ("vault: other investor", {"controller": ""}),
        ("vault: too much", {"amount": RawUnits(0, 18)}),
    )
    assert queue.refused(order) == "token: halted"
    queue.do(ins.Unhalt())
    assert queue.refused(order) == "token: paused"
    queue.do(ins.Unpause(STOCK))
    order = queue.ladder(order, ("token: zero amount", {"amount": units(101)}))
    assert queue.refused(order) == "ERC7943CannotSend"
    queue.do(ins.Freeze(STOCK, "alice", False, *WHY))
    assert queue.refused(order) == "ERC20InsufficientBalance"
    queue.do(ins.SetFrozenTokens(STOCK, "alice", units(95), *WHY))
    assert queue.refused(ask(amount=6)) == "ERC7943InsufficientUnfrozenBalance"
    queue.do(ask(amount=5))


def test_a_lapsed_holder_asks_is_filled_and_is_paid(queue: World) -> None:
    queue.do(ins.Renew(queue.ledger.investors.investor_of("alice") or "", START))
    assert not queue.ledger.may_hold(STOCK, "alice")
    queue.do(ask(), ins.CallBack(STOCK, "alice"), ins.FetchUnits(STOCK, "alice"), ask())
    filled(queue, "alice")
    queue.do(ins.FetchMoney(STOCK, "alice", units(10)))


def test_a_blocked_one_waits_and_the_others_do_not(queue: World) -> None:
    queue.do(ask(), ask("bob"), ins.Block(queue.ledger.investors.investor_of("bob") or "", *WHY))
    filled(queue, "alice", "bob")
    assert vault(queue).waiting_of("bob").units == 10 * WHOLE
    assert queue.refused(ins.FetchMoney(STOCK, "bob", units(1))) == "vault: held"
    queue.do(ins.Freeze(STOCK, "alice", True, *WHY), ins.FetchAll(STOCK, ("alice",), "alice"))
    assert queue.refused(ins.FetchMoney(STOCK, "alice", units(10))) == "vault: held"
    assert vault(queue).owed == 4_000 * 10**6


def test_who_may_act_and_where_it_goes(queue: World) -> None:
    second = ins.LinkWallet(queue.ledger.investors.investor_of("alice") or "", "alice2")
    queue.do(second, replace(ask(), controller="alice2"))
    for order in (ins.CallBack(STOCK, "alice2", by="alice"), ins.FetchUnits(STOCK, "alice2", by="mallory")):
        assert queue.refused(order) == "vault: not the controller"
    queue.do(ins.SetOperator(STOCK, "alice2", "keeper"), ins.CallBack(STOCK, "alice2", by="keeper"))
    assert queue.refused(ins.FetchUnits(STOCK, "alice2", "bob", by="keeper")) == "vault: other investor"
    queue.do(ins.ApproveAccount(STOCK, "alice2", "bob"), ins.FetchUnits(STOCK, "alice2", "bob", by="keeper"))
    assert holds(queue, "bob") == units(110)
    assert queue.refused(replace(ask(), controller="bob")) == "vault: other investor"
    queue.do(ins.ApproveAccount(STOCK, "alice", "bob"))
    assert queue.refused(replace(ask(), controller="bob")) == "vault: other investor"
    queue.do(ins.SetOperator(STOCK, "bob", "alice"), replace(ask(), controller="bob"))
    queue.do(ins.SetOperator(STOCK, "alice2", "keeper", False), ins.ApproveAccount(STOCK, "alice", "bob", False))
    assert queue.refused(ins.CallBack(STOCK, "alice2", by="keeper")) == "vault: not the controller"


def test_a_successor_and_nobody_else_takes_a_lost_wallets_place(queue: World) -> None:
    investor = queue.ledger.investors.investor_of("alice") or ""
    queue.do(ins.SetOperator(STOCK, "alice", "thief"), ask())
    queue.do(ins.RecoverWallet(investor, "alice", "fresh", *WHY, (STOCK,)))
    for thief in ("alice", "thief"):
        assert queue.refused(ins.CallBack(STOCK, "alice", by=thief)) == "vault: not the controller"
    filled(queue, "alice")
    queue.do(ins.FetchAll(STOCK, ("alice",), "fresh"))
    assert coins(queue, "fresh") == 4_000 * 10**6


def test_whoever_gets_the_successor_later_does_not_get_the_request(queue: World) -> None:
    investor = queue.ledger.investors.investor_of("alice") or ""
    queue.do(ask(), ins.RecoverWallet(investor, "alice", "fresh", *WHY, (STOCK,)))
    queue.do(ins.UnlinkWallet(investor, "fresh", *WHY))
    assert queue.refused(ins.CallBack(STOCK, "alice", by="fresh")) == "vault: no successor"
    queue.do(ins.ReturnUnits(STOCK, "alice", *WHY, key="k"))
    assert holds(queue, "alice") == units(10)


def test_force_works_in_any_state_with_a_reason_and_once(queue: World) -> None:
    queue.do(ask(), ask("bob"), ins.CallBack(STOCK, "bob"), ins.Pause(STOCK), ins.Halt())
    order = ins.ReturnUnits(STOCK, "alice", 0, "d", key="k")
    order = queue.ladder(order, ("case: reason and document", {"reason": 7}))
    queue.do(order)
    assert queue.refused(replace(order, controller="bob")) == "keys: used"
    assert queue.refused(replace(order, key="")) == "vault: nothing waits"
    queue.do(replace(order, controller="bob", key="l"))
    assert (holds(queue, "alice"), holds(queue, "bob"), vault(queue).requested) == (units(100), units(100), 0)


# --- prices ----------------------------------------------------------------------------------------------------------


def test_of_several_faults_in_a_strike_the_first_is_named(queue: World) -> None:
    queue.do(strike(queue, name="used"))
    now = queue.ledger.now()
    order = ins.Strike(STOCK, "used", Stablecoin(0), now)
    order = queue.ladder(
        order,
        ("keys: used", {"name": "new"}),
        ("vault: bad price", {"price": Stablecoin.parse("319.99")}),
        ("vault: bad expiry", {"expiry": now + DAY + 1}),
        ("vault: bad expiry", {"expiry": now + DAY}),
        ("vault: price outside band", {"price": Stablecoin.parse("320")}),
    )
    queue.do(order)
    with pytest.raises(InputError, match="names no strike"):
        queue.do(replace(order, name=""))


def test_a_day_goes_no_further_than_its_band_and_the_next_goes_on_from_there(queue: World) -> None:
    queue.do(strike(queue, Stablecoin.parse("320")))
    assert queue.refused(strike(queue, Stablecoin.parse("319"))) == "vault: price outside band"
    queue.do(strike(queue, Stablecoin.parse("480")), strike(queue, Stablecoin.parse("320")))
    queue.at(START + DAY + 1)
    queue.do(strike(queue, Stablecoin.parse("256")))


def test_a_price_that_is_taken_back_becomes_no_reference(queue: World) -> None:
    order = strike(queue, Stablecoin.parse("320"))
    queue.do(order, ins.VoidStrike(STOCK, order.name))
    assert vault(queue).last == PRICE.value
    queue.at(START + DAY + 1)
    assert queue.refused(strike(queue, Stablecoin.parse("319"))) == "vault: price outside band"


def test_the_timelock_holds_prices_to_another(queue: World) -> None:
    far = Stablecoin.parse("600")
    assert queue.refused(strike(queue, far)) == "vault: price outside band"
    for bad in (0, 2**128):
        assert queue.refused(ins.SetReference(STOCK, Stablecoin(bad))) == "vault: bad price"
    queue.do(ins.SetReference(STOCK, far))
    assert (vault(queue).reference, vault(queue).reference_at, vault(queue).last) == (
        far.value,
        queue.ledger.now(),
        far.value,
    )
    queue.do(strike(queue, Stablecoin.parse("720")))
    assert queue.refused(strike(queue, Stablecoin.parse("721"))) == "vault: price outside band"


def test_coins_that_are_nobodys_are_the_treasurys(queue: World) -> None:
    queue.do(ask())
    filled(queue, "alice")
    before = coins(queue, TREASURY)
    queue.do(ins.SkimVault(STOCK))
    assert (coins(queue, TREASURY), coins(queue, AT)) == (before, 4_000 * 10**6)
    queue.do(ins.FundStablecoin(AT, Stablecoin(5)), ins.SkimVault(STOCK))
    assert (coins(queue, TREASURY), coins(queue, AT)) == (before + 5, 4_000 * 10**6)


def test_of_several_faults_in_a_fill_the_first_is_named(queue: World) -> None:
    queue.do(ask())
    order = strike(queue)
    fill = ins.FillRequests(STOCK, "another", ("alice",))
    assert queue.refused(fill) == "vault: no strike"
    queue.do(order)
    fill = replace(fill, name=order.name)
    queue.ledger.market.coins[TREASURY] = 1
    queue.do(ins.Pause(STOCK))
    assert queue.refused(fill) == "token: paused"
    queue.do(ins.Unpause(STOCK))
    assert queue.refused(fill) == "stablecoin: insufficient"
    queue.do(ins.VoidStrike(STOCK, order.name))
    assert queue.refused(fill) == "vault: no strike"
    assert queue.refused(ins.VoidStrike(STOCK, order.name)) == "vault: no strike"
    with pytest.raises(InputError, match="more than 200"):
        queue.do(replace(fill, controllers=("alice",) * 201))


def test_a_strike_ends_and_a_split_ends_it_earlier(queue: World) -> None:
    queue.do(ask(), *scheduled(split("s", START + 2 * DAY)))
    queue.at(START + 2 * DAY - 10)
    order = strike(queue)
    fill = ins.FillRequests(STOCK, order.name, ("alice",))
    queue.do(order)
    queue.at(START + 2 * DAY)
    assert queue.refused(fill) == "vault: multiplier changed"
    queue.at(order.expiry)
    assert queue.refused(fill) == "vault: strike expired"


def test_who_asks_at_the_strike_or_later_waits_for_the_next(queue: World) -> None:
    order = strike(queue)
    queue.do(ask("bob"), order, ins.FillRequests(STOCK, order.name, ("bob",)))
    assert vault(queue).claim_of("bob").units == 0
    queue.do(ask(amount=1))
    order = strike(queue)
    queue.do(order, ask(amount="0.5"), ins.FillRequests(STOCK, order.name, ("alice", "bob")))
    assert (vault(queue).claim_of("alice").units, vault(queue).claim_of("bob").units) == (0, 10 * WHOLE)


@pytest.mark.parametrize("part", [1, 3, 7 * WHOLE, 10 * WHOLE - 1])
def test_rounding_is_against_who_leaves_and_the_last_unit_takes_what_it_left(queue: World, part: int) -> None:
    queue.do(ask())
    filled(queue, "alice", price=Stablecoin.parse("333.333333"))
    due, before = vault(queue).claim_of("alice").coins, coins(queue, "alice")
    for amount in (part, 10 * WHOLE - part):
        queue.do(ins.FetchMoney(STOCK, "alice", RawUnits(amount, 18)))
    assert coins(queue, "alice") - before == due
    assert queue.refused(ins.FetchMoney(STOCK, "alice", RawUnits(1, 18))) == "vault: more than claimable"


# --- waiting too long ------------------------------------------------------------------------------------------------


def test_a_request_that_waits_too_long_stops_mints_until_it_is_filled(queue: World) -> None:
    queue.do(ask())
    queue.at(START + 7 * DAY - 1)
    assert queue.refused(ins.SuspendMints(STOCK, "alice")) == "vault: not overdue"
    queue.at(START + 7 * DAY)
    queue.do(ins.SuspendMints(STOCK, "alice", by="mallory"), ins.AttestReserve(STOCK, coverage_of(queue)))
    assert queue.refused(queue.mint("bob", 1)) == "token: mints suspended"
    assert queue.refused(ins.ResumeMints(STOCK)) == "vault: still overdue"
    filled(queue, "alice")
    assert not queue.ledger.stocks[STOCK].token.mints_suspended
    queue.do(queue.mint("bob", 1))


def coverage_of(world: World) -> Shares:
    """The shares that were attested last, attested again."""
    return Shares.of(world.ledger.coverage(STOCK).attested // 10**18)


@pytest.mark.parametrize("how", ["block", "freeze", "call back", "small", "top up"])
def test_what_is_held_called_back_small_or_topped_up_stops_nothing(queue: World, how: str) -> None:
    amount = "4.9" if how == "small" else 10
    queue.do(ask(amount=amount))
    queue.at(START + 8 * DAY)
    if how == "block":
        queue.do(ins.Block(queue.ledger.investors.investor_of("alice") or "", *WHY))
    elif how == "freeze":
        queue.do(ins.Freeze(STOCK, "alice", True, *WHY))
    elif how == "call back":
        queue.do(ins.CallBack(STOCK, "alice"))
    elif how == "top up":
        queue.do(ask(amount="0.1"))
    ledger = queue.ledger
    assert not is_overdue(ledger.state, ledger.stocks[STOCK].token, vault(queue), "alice")
    assert queue.refused(ins.SuspendMints(STOCK, "alice")) == "vault: not overdue"


def test_calling_back_ends_what_it_stopped_and_a_block_lets_anyone_end_it(queue: World) -> None:
    queue.do(ask(), ask("bob"))
    queue.at(START + 8 * DAY)
    queue.do(ins.SuspendMints(STOCK, "alice"), ins.CallBack(STOCK, "alice"))
    assert not queue.ledger.stocks[STOCK].token.mints_suspended
    queue.do(ins.SuspendMints(STOCK, "bob"), ins.Freeze(STOCK, "bob", True, *WHY), ins.ResumeMints(STOCK))
    assert not queue.ledger.stocks[STOCK].token.mints_suspended
    queue.do(ins.ResumeMints(STOCK))


def test_terms_are_bounded_and_a_stock_has_one_vault_for_a_coin(queue: World) -> None:
    for terms in ((0, DAY, 1), (2**128, DAY, 1), (1, DAY - 1, 1), (1, 30 * DAY + 1, 1), (1, DAY, 0), (1, DAY, 5_001)):
        with pytest.raises(ValueError, match=r"minimum|patience|band"):
            VaultTerms(*terms)
    with pytest.raises(InputError, match="has a vault that pays stablecoin"):
        queue.ledger.open_vault(STOCK, TERMS, PRICE)
    with pytest.raises(InputError, match="has no vault that pays shells"):
        queue.do(replace(ask(), asset="shells"))
    with pytest.raises(InputError, match="not a known stock"):
        queue.do(replace(ask(), stock="NONE"))
