"""Who may hold an allow-list stock on Solana, and how many: read at thaw, mint and the freeze that anyone may call."""

from __future__ import annotations

import pytest
from solana_world import ISSUER, LATER, STOCK, World, coins, units
from solders.instruction import AccountMeta
from solders.instruction import Instruction as Call

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.holder_limits import Countries, HolderLimits, StockRules
from scrip.solana.addresses import SYSTEM, investor_id, local_address
from scrip.solana.handlers.clearance import reads
from scrip.solana.handlers.holder_limits import freeing as desk_freeing
from scrip.solana.handlers.holder_limits import is_seated
from scrip.units import RawUnits

NONE = units(0)


def limits(most: int = 0, maximum: RawUnits = NONE) -> ins.SetHolderLimits:
    """Limits, set by COMPLIANCE."""
    return ins.SetHolderLimits(STOCK, HolderLimits(most, maximum, NONE))


def rules(*classes: str, countries: Countries | None = None, by: str = ISSUER) -> ins.SetStockRules:
    """Rules of these classes, all of them where none is named."""
    given = StockRules(frozenset(classes)) if classes else StockRules()
    return ins.SetStockRules(STOCK, StockRules(given.classes, countries or given.countries), by=by)


@pytest.fixture
def backed(world: World) -> World:
    """A third investor, of another country and class; nobody has an account."""
    world.apply(ins.Onboard("carol", "carol", 276, "professional", LATER))
    world.back()
    world.apply(ins.FundStablecoin("carol", coins(100)))
    return world


def seats(world: World) -> int:
    return world.stored(world.listing.stock).seats


def stands(world: World, name: str) -> bool:
    """Whether a wallet's account is open, once anybody did what anybody may."""
    world.ledger.investors.prepare(world.listing, name, crank=True)
    held = world.ledger.holding(world.listing, name)
    return held is not None and not held.frozen


# --- rules -----------------------------------------------------------------------------------------------------------


def test_rules_shut_out_and_let_in(backed: World) -> None:
    backed.mint("alice", 5)
    backed.mint("carol", 5)
    backed.apply(rules("retail"))
    assert (stands(backed, "alice"), stands(backed, "carol")) == (True, False)
    backed.refuses("ERC7943CannotReceive", ins.Mint(STOCK, "carol", units(1), coins(1), backed.quote()))
    backed.refuses("ERC7943CannotReceive", ins.ForcedTransfer(STOCK, "alice", "carol", units(1), 6, "judgment"))
    backed.redeem("carol", 2)
    backed.apply(ins.SetStockRules(STOCK, StockRules(), by=ISSUER))
    assert stands(backed, "carol")
    backed.apply(rules(countries=Countries.all_but([276])))
    assert (stands(backed, "alice"), stands(backed, "carol")) == (True, False)


def test_no_wallet_is_thawed_against_the_rules(backed: World) -> None:
    backed.apply(rules(countries=Countries.only([840])))
    backed.ledger.investors.open(backed.listing, "carol")
    backed.fails("CannotReceive", [backed.ledger.investors.crank_call("thaw", backed.listing, "carol")])


def test_a_country_of_no_number_is_in_no_set(backed: World) -> None:
    """The program takes any number of two bytes; no rule admits one of 1,024 or more."""
    key, at = list(bytes([9]) * 32), backed.program.at
    accounts = {
        "investor": at.investor(investor_id("carol")),
        "holder": local_address("carol"),
        "wallet": at.wallet(local_address("carol")),
        "used_key": at.key(bytes([9]) * 32),
    }
    kind = backed.program.type["InvestorClass"].Retail()
    call = backed.signed("set_investor", ISSUER, key, list(investor_id("carol")), 1024, kind, LATER, **accounts)
    backed.send([call], ISSUER)
    assert not stands(backed, "carol")


def test_rules_are_refused_by_name(backed: World) -> None:
    backed.refuses("rules: nothing changes", rules())
    backed.refuses("roles: not authorised", rules("retail", by="mallory"))
    backed.refuses("registry: not a stock", ins.SetStockRules("NONE", StockRules()), elsewhere=True)
    for classes in (0, 16):
        args = {"classes": classes, "countries": [255] * 128}
        backed.fails("BadClasses", [backed.signed("set_rules", ISSUER, args)], ISSUER)
    # The issuer is ADMIN too here, and loosens; who has COMPLIANCE alone does not.
    backed.send([backed.signed("offer_role", ISSUER, backed.role("Compliance"), local_address("desk"))], ISSUER)
    backed.send([backed.signed("accept_role", "desk", backed.role("Compliance"))], "desk")
    backed.apply(rules("retail", "venue", by="desk"))
    backed.fails("WouldLoosen", backed.ledger.calls(rules("retail", "professional", by="desk")), "desk")
    backed.apply(rules("retail", by="desk"))
    backed.fails("WouldLoosen", backed.ledger.calls(rules("retail", "venue", by="desk")), "desk")
    backed.apply(rules("retail", "venue"))
    backed.apply(ins.SetHolderLimits(STOCK, HolderLimits(5, units(9), NONE), by="desk"))
    for looser in (HolderLimits(6, units(9), NONE), HolderLimits(5, units(10), NONE), HolderLimits(5, NONE, NONE)):
        backed.fails("WouldLoosen", backed.ledger.calls(ins.SetHolderLimits(STOCK, looser, by="desk")), "desk")
    backed.fails("WouldLoosen", backed.ledger.calls(ins.RemoveHolderLimits(STOCK, by="desk")), "desk")
    backed.apply(ins.RemoveHolderLimits(STOCK))
    backed.refuses("holders: not counted", ins.RemoveHolderLimits(STOCK))


def test_a_stock_that_anyone_may_hold_has_none() -> None:
    world = World.with_holders("BLOCKLIST")
    world.refuses("rules: not an allowlist", rules("retail"))
    world.refuses("rules: not an allowlist", limits(5))


# --- seats -----------------------------------------------------------------------------------------------------------


def test_as_many_hold_as_there_are_seats(backed: World) -> None:
    backed.apply(limits(2))
    backed.mint("alice", 5)
    backed.mint("bob", 5)
    assert seats(backed) == 2
    backed.ledger.investors.open(backed.listing, "carol")
    backed.fails("TooManyHolders", [backed.ledger.investors.crank_call("thaw", backed.listing, "carol")])
    # Another wallet of a holder's takes no further seat, and a seat outlives a freeze.
    backed.apply(ins.LinkWallet("alice", "alice2"))
    assert stands(backed, "alice2")
    backed.apply(ins.Freeze(STOCK, "alice", True, 4, "order"))
    backed.apply(ins.Freeze(STOCK, "alice", False, 4, "order"))
    assert (stands(backed, "alice"), seats(backed)) == (True, 2)
    backed.apply(limits(3))
    assert stands(backed, "carol")
    assert seats(backed) == 3


def test_a_venue_takes_no_seat(backed: World) -> None:
    backed.apply(ins.SetProfile("carol", 276, "venue"))
    backed.apply(limits(1, units(5)))
    backed.mint("carol", 50)
    backed.mint("alice", 5)
    assert seats(backed) == 1


def test_a_seat_is_the_successors_too(backed: World) -> None:
    """Nobody takes it while the wallet changes."""
    backed.apply(limits(1))
    backed.mint("alice", 5)
    backed.apply(ins.RecoverWallet("alice", "alice", "alice2", 4, "wallet lost", (STOCK,)))
    backed.ledger.investors.open(backed.listing, "bob")
    backed.fails("TooManyHolders", [backed.ledger.investors.crank_call("thaw", backed.listing, "bob")])
    assert (stands(backed, "alice2"), seats(backed)) == (True, 1)


def test_whom_an_order_gave_units_has_a_seat_all_the_same(backed: World) -> None:
    """A forced transfer is counted, never refused."""
    backed.apply(limits(1))
    backed.mint("alice", 5)
    backed.apply(ins.ForcedTransfer(STOCK, "alice", "bob", units(1), 6, "judgment"))
    assert stands(backed, "bob")
    assert seats(backed) == 2


def test_an_account_is_minted_no_more_than_the_maximum(backed: World) -> None:
    backed.apply(limits(0, units(5)))
    backed.mint("alice", 3)
    backed.refuses("holders: above the maximum", ins.Mint(STOCK, "alice", units(3), coins(3), backed.quote()))
    backed.mint("alice", 2)


def test_the_maximum_counts_what_of_the_wallets_is_bound(backed: World) -> None:
    """It is in a vault, and the wallet's all along: a holder with a lock-up was minted the maximum beside it."""
    backed.apply(limits(0, units(5)))
    backed.mint("alice", 4)
    backed.apply(ins.Lock(STOCK, "alice", units(2), backed.now() + 100, 6, "plan"))
    backed.apply(ins.SetFrozenTokens(STOCK, "alice", units(1), 6, "judgment"))
    order = ins.Mint(STOCK, "alice", units(2), coins(2), backed.quote())
    backed.refuses("holders: above the maximum", order)
    paid, call = backed.ledger.calls(order)
    for rest in ([], [reads(backed.program.at.locked(backed.listing.stock, local_address("bob")))], [reads(SYSTEM)]):
        metas = [*list(call.accounts)[:-1], *rest]
        backed.fails("UnknownLocks", [paid, Call(call.program_id, bytes(call.data), metas)], "alice")
    backed.mint("alice", 1)
    backed.mint("bob", 5)


def test_limits_on_a_stock_that_is_held(backed: World) -> None:
    """They begin in a pause; who holds it is given a seat by a freeze and a thaw, though all are taken."""
    backed.mint("alice", 5)
    backed.mint("bob", 5)
    backed.refuses("holders: not paused", limits(1))
    backed.apply(ins.Pause(STOCK))
    backed.apply(limits(1))
    assert [why for *_, why in backed.ledger.investors.left_open(backed.now())] == ["shut out"] * 2
    backed.apply(ins.SeedHolders(STOCK, ("alice", "bob")))
    assert not list(backed.ledger.investors.left_open(backed.now()))
    backed.apply(ins.Unpause(STOCK))
    backed.transfer("alice", "bob", 1)
    assert seats(backed) == 2


def test_limits_are_refused_by_name(backed: World) -> None:
    backed.refuses("holders: not counted", ins.RemoveHolderLimits(STOCK))
    backed.refuses("holders: bad limits", limits(), elsewhere=True)
    backed.refuses("holders: bad limits", limits(2**32 - 1))
    with pytest.raises(InputError, match="is kept by nothing on Solana"):
        backed.apply(ins.SetHolderLimits(STOCK, HolderLimits(0, NONE, units(1))))
    backed.refuses("roles: not authorised", ins.SetHolderLimits(STOCK, HolderLimits(5, NONE, NONE), by="mallory"))


def test_a_thaw_that_gives_a_seat_writes_it(backed: World) -> None:
    """Who names the stock and the investor to be read is told so."""
    backed.apply(limits(2))
    backed.ledger.investors.open(backed.listing, "alice")
    call = backed.ledger.investors.crank_call("thaw", backed.listing, "alice")
    for place in (1, 5):
        metas = list(call.accounts)
        metas[place] = AccountMeta(metas[place].pubkey, False, False)
        backed.fails("SeatsNotWritable", [Call(call.program_id, bytes(call.data), metas)])
    backed.send([call])


def freeing(world: World, *wallets: str, investor: str = "alice", number: int = 1) -> Call:
    """The seat of an investor whose wallets these are is taken."""
    key, at, listing = bytes([number]) * 32, world.program.at, world.listing
    rest = [AccountMeta(listing.stock, False, True), reads(listing.mint)]
    for one in sorted(wallets, key=lambda name: bytes(local_address(name))):
        rest += [reads(at.wallet(local_address(one))), AccountMeta(world.ledger.units(listing, one), False, True)]
    accounts = {
        "signer": local_address(ISSUER),
        "investor": at.investor(investor_id(investor)),
        "holder": SYSTEM,
        "wallet": at.wallet(SYSTEM),
        "used_key": at.key(key),
    }
    return world.program.build("free_seat", list(key), list(investor_id(investor)), accounts=accounts, rest=rest)


def test_the_seat_of_who_holds_nothing_is_freed(backed: World) -> None:
    backed.apply(limits(1))
    backed.mint("alice", 5)
    backed.apply(ins.LinkWallet("alice", "alice2"))
    backed.fails("StillHeld", [freeing(backed, "alice", "alice2")], ISSUER)
    backed.redeem("alice", 5)
    for wallets in (("alice",), ("alice", "alice"), ("alice", "bob")):
        backed.fails("UnknownWallet", [freeing(backed, *wallets)], ISSUER)
    backed.fails("NotCounted", [freeing(backed, "bob", investor="bob")], ISSUER)
    backed.send([freeing(backed, "alice", "alice2")], ISSUER)
    held = backed.ledger.holding(backed.listing, "alice")
    assert held is not None
    assert (held.frozen, seats(backed)) == (True, 0)
    backed.mint("bob", 5)
    backed.fails("TooManyHolders", [backed.ledger.investors.crank_call("thaw", backed.listing, "alice")])


def test_a_desks_own_instruction_frees_a_seat(backed: World) -> None:
    backed.apply(limits(1))
    backed.ledger.investors.prepare(backed.listing, "alice")
    assert is_seated(backed.ledger, STOCK, "alice")
    backed.send([desk_freeing(backed.ledger, STOCK, "alice", ISSUER, "key")], ISSUER)
    assert not is_seated(backed.ledger, STOCK, "alice")


def test_an_investor_has_seats_in_so_many_stocks(backed: World) -> None:
    backed.apply(limits(2))
    record = backed.program.at.investor(investor_id("alice"))
    stored = backed.chain.svm.get_account(record)
    assert stored is not None
    taken = bytes(stored.data)
    at = taken.index(LATER.to_bytes(8, "little")) + 8
    full = taken[:at] + b"".join(number.to_bytes(8, "little") for number in range(1, 17)) + taken[at + 128 :]
    backed.chain.svm.set_account(record, type(stored)(stored.lamports, full, stored.owner, False, 0))
    backed.ledger.investors.open(backed.listing, "alice")
    backed.fails("TooManySeats", [backed.ledger.investors.crank_call("thaw", backed.listing, "alice")])
