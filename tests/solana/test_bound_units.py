"""Units that are frozen in part or locked: in a vault that nobody's signature opens, and their wallet's all along."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

import pytest
from solana_world import DAY, ISSUER, STOCK, UNIT, World, units
from solders.account import Account
from solders.instruction import AccountMeta, Instruction

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.ledger import SOLANA
from scrip.model.laws.lockups import Tranche
from scrip.model.ledger import ModelLedger
from scrip.solana.addresses import SYSTEM, local_address, token_account
from scrip.solana.chain import Failed
from scrip.solana.encoding import tokens
from scrip.solana.handlers.enforcement import release_ended, total_of, tranches_of

WHY = 6, "judgment"


def frozen(amount: int, account: str = "alice", **rest: object) -> ins.SetFrozenTokens:
    """So many units of an account are frozen."""
    return replace(ins.SetFrozenTokens(STOCK, account, units(amount), *WHY), **rest)


def locked(world: World, amount: int, days: int = 1, account: str = "alice") -> ins.Lock:
    """So many more units are locked for some days."""
    return ins.Lock(STOCK, account, units(amount), world.now() + days * DAY, *WHY)


@pytest.fixture
def held(world: World) -> World:
    """Alice has ten units, and bob an account without any."""
    world.back()
    world.mint("alice", 10)
    world.ledger.investors.prepare(world.listing, "bob")
    return world


def where(world: World, account: str = "alice") -> tuple[int, int, int, tuple[int, ...]]:
    """Whole units in a wallet's account and in its vault, and what its record says is frozen and locked."""
    wallet = local_address(account)
    own = world.ledger.holding(world.listing, account)
    vault = tokens.holding_at(world.chain, world.program.at.vault(world.listing.stock, wallet))
    record = world.ledger.bound(world.listing, wallet)
    amounts = tuple(one.amount // UNIT for one in tranches_of(record))
    kept = vault.amount if vault else 0
    assert kept == total_of(record)
    return (own.amount if own else 0) // UNIT, kept // UNIT, (record.frozen if record else 0) // UNIT, amounts


def ended(world: World, account: str = "alice") -> None:
    """Anybody gives a wallet what has ended."""
    world.send([release_ended(world.ledger, STOCK, account)])


def test_what_is_frozen_is_out_of_its_holders_hands(held: World) -> None:
    held.apply(frozen(7))
    assert where(held) == (3, 7, 7, ())
    assert held.ledger.balance(STOCK, "alice") == units(10)
    held.refuses("ERC7943InsufficientUnfrozenBalance", ins.Transfer(STOCK, "alice", "bob", units(4)))
    held.refuses("ERC20InsufficientBalance", ins.Transfer(STOCK, "alice", "bob", units(11)))
    for whole, name in ((4, "ERC7943InsufficientUnfrozenBalance"), (11, "ERC20InsufficientBalance")):
        with pytest.raises(Refusal, match=name):
            held.redeem("alice", whole)
    held.transfer("alice", "bob", 3)
    held.apply(frozen(2))
    assert where(held) == (5, 2, 2, ())
    held.apply(frozen(0))
    assert where(held) == (7, 0, 0, ())


@pytest.mark.parametrize("order", [ins.ForcedTransfer, ins.ForcedBurn])
def test_a_vault_is_no_account_of_a_wallet_that_is_its_record(held: World, order: type) -> None:
    """Named as the holder, a record would give what is in its vault away, and count it still."""
    held.apply(frozen(7))
    wallet = local_address("alice")
    to = ("bob",) if order is ins.ForcedTransfer else ()
    place = {
        wallet: held.program.at.locked(held.listing.stock, wallet),
        token_account(wallet, held.listing.mint): held.program.at.vault(held.listing.stock, wallet),
    }
    (call,) = held.ledger.calls(order(STOCK, "alice", *to, units(3), *WHY))
    metas = [AccountMeta(place.get(one.pubkey, one.pubkey), one.is_signer, one.is_writable) for one in call.accounts]
    held.fails("NotTheWalletsAccount", [Instruction(call.program_id, bytes(call.data), metas)], ISSUER)
    assert where(held) == (3, 7, 7, ())


def test_no_more_is_bound_than_there_is(held: World) -> None:
    held.refuses("ERC20InsufficientBalance", frozen(11))
    held.apply(frozen(6))
    held.refuses("ERC20InsufficientBalance", locked(held, 5))
    held.apply(locked(held, 4))
    held.refuses("ERC20InsufficientBalance", frozen(7))
    assert where(held) == (0, 10, 6, (4,))


@pytest.mark.parametrize(("stopped", "paused", "halted"), product((False, True), repeat=3))
def test_an_order_leaves_all_as_it_found_it(stopped: bool, paused: bool, halted: bool) -> None:
    world = World.with_holders()
    world.back()
    world.mint("alice", 10)
    if stopped:
        world.apply(ins.Freeze(STOCK, "alice", True, *WHY))
    if paused:
        world.apply(ins.Pause(STOCK))
    if halted:
        world.apply(ins.Halt())
    world.apply(frozen(4))
    world.apply(locked(world, 3))
    world.apply(frozen(1))
    world.apply(ins.ReleaseLocks(STOCK, "alice", *WHY))
    own = world.ledger.holding(world.listing, "alice")
    vault = tokens.holding_at(world.chain, world.program.at.vault(world.listing.stock, local_address("alice")))
    assert own is not None
    assert vault is not None
    assert (own.amount, own.frozen, vault.amount, vault.frozen) == (9 * UNIT, stopped, UNIT, True)
    assert tokens.is_paused(world.ledger.mint_data(world.listing)) == paused


def test_an_order_is_keyed_reasoned_and_the_enforcers(held: World) -> None:
    for order in (frozen(1), locked(held, 1), ins.ReleaseLocks(STOCK, "alice", *WHY)):
        held.refuses("roles: not authorised", replace(order, by="mallory"))
        held.fails("ReasonAndDocument", held.ledger.calls(replace(order, reason=0)), ISSUER)
        held.fails("ReasonAndDocument", held.ledger.calls(replace(order, document="0x" + "00" * 32)), ISSUER)
        held.apply(replace(order, key=str(order)))
        held.refuses("keys: used", replace(order, key=str(order)))


def test_lock_ups_are_kept_apart_up_to_four_and_released_when_they_end(held: World) -> None:
    for days in (4, 1, 3, 2):
        held.apply(locked(held, 1, days))
    assert where(held) == (6, 4, 0, (1, 1, 1, 1))
    held.apply(locked(held, 2, 5))
    assert where(held) == (4, 6, 0, (1, 1, 1, 3))
    held.apply(locked(held, 1, 3))
    assert where(held) == (3, 7, 0, (1, 1, 2, 3))
    held.fails("NoLocks", [release_ended(held.ledger, STOCK, "alice")])
    held.wait(2 * DAY)
    held.transfer("alice", "bob", 3)
    held.refuses("ERC7943InsufficientUnfrozenBalance", ins.Transfer(STOCK, "alice", "bob", units(1)))
    ended(held)
    assert where(held) == (2, 5, 0, (2, 3))
    held.fails("NoLocks", [release_ended(held.ledger, STOCK, "alice")])
    held.wait(DAY)
    held.apply(locked(held, 4, 9))  # what has ended is free for it
    assert where(held) == (0, 7, 0, (3, 4))
    held.apply(ins.ReleaseLocks(STOCK, "alice", *WHY))
    assert where(held) == (7, 0, 0, ())
    held.refuses("lockup: none", ins.ReleaseLocks(STOCK, "alice", *WHY))


def test_a_lock_up_is_of_something_and_ends(held: World) -> None:
    held.refuses("lockup: bad amount", replace(locked(held, 1), amount=units(0)))
    held.refuses("lockup: bad date", locked(held, 1, 0))
    held.refuses("lockup: bad date", replace(locked(held, 1), until=1 << 40))
    held.apply(replace(locked(held, 1), until=(1 << 40) - 1))


def test_what_has_ended_goes_to_whoever_may_leave_alone(held: World) -> None:
    held.apply(locked(held, 3))
    held.wait(DAY)
    release = lambda: [release_ended(held.ledger, STOCK, "alice")]  # noqa: E731
    held.apply(ins.Pause(STOCK))
    held.fails("Paused", release())
    held.apply(ins.Unpause(STOCK))
    held.apply(ins.Freeze(STOCK, "alice", True, *WHY))
    held.fails("CannotReceive", release())
    held.apply(ins.Freeze(STOCK, "alice", False, *WHY))
    held.apply(ins.Block("alice", *WHY))
    held.fails("CannotReceive", release())
    held.apply(ins.Unblock("alice", *WHY))
    held.apply(ins.Halt())
    held.fails("Halted", release())
    held.apply(ins.Unhalt())
    ended(held)
    assert where(held) == (10, 0, 0, ())


def test_a_lapsed_holder_leaves_with_what_has_ended(held: World) -> None:
    """Law 8: what was locked comes to an account that stays frozen, and is redeemed out of it."""
    held.apply(locked(held, 7))
    held.apply(ins.Renew("alice", held.now() + DAY))
    held.wait(DAY)
    assert held.ledger.investors.crank(STOCK, "alice")
    ended(held)
    own = held.ledger.holding(held.listing, "alice")
    assert own is not None
    assert (own.amount, own.frozen) == (10 * UNIT, True)
    held.redeem("alice", 10)
    assert held.ledger.balance(STOCK, "alice") == units(0)


def test_no_stranger_opens_a_vault(held: World) -> None:
    """Neither of a stock whose accounts are born frozen, nor of one that strangers may hold."""
    for world in (held, World.with_holders("BLOCKLIST")):
        if world is not held:
            world.back()
            world.mint("alice", 10)
        world.apply(frozen(4))
        record = world.program.at.locked(world.listing.stock, local_address("alice"))
        vault = world.program.at.vault(world.listing.stock, local_address("alice"))
        call = world.ledger.investors.crank_call("thaw", world.listing, str(record), vault)
        world.fails("CannotReceive" if world is not held else "NotCanonicalAccount", [call])
        assert tokens.holding_at(world.chain, vault).owner == record
        move = tokens.transfer(
            vault, world.listing.mint, world.ledger.units(world.listing, "alice"), local_address("alice"), 1, 8
        )
        with pytest.raises(Failed):
            world.send([move], "alice")
        assert where(world) == (6, 4, 4, ())


def test_a_release_names_the_wallets_own_record_and_vault(held: World) -> None:
    held.mint("bob", 5)
    for account in ("alice", "bob"):
        held.apply(locked(held, 2, account=account))
    held.wait(DAY)
    right, other = (release_ended(held.ledger, STOCK, one) for one in ("alice", "bob"))
    for place in (-1, -2):
        metas = list(right.accounts)
        metas[place] = other.accounts[place]
        held.fails("UnknownLocks", [type(right)(right.program_id, bytes(right.data), metas)])
    held.fails("UnknownLocks", [type(right)(right.program_id, bytes(right.data), list(right.accounts)[:-1])])
    # A token account of the record's that a stranger made is no vault of it.
    record = held.program.at.locked(held.listing.stock, local_address("alice"))
    held.send([tokens.create_account(held.chain.payer.pubkey(), record, held.listing.mint)])
    metas = list(right.accounts)
    metas[-1] = type(metas[-1])(token_account(record, held.listing.mint), False, True)
    held.fails("UnknownLocks", [type(right)(right.program_id, bytes(right.data), metas)])


def test_prefunded_places_stop_nothing(held: World) -> None:
    at, wallet = held.program.at, local_address("alice")
    for place in (at.locked(held.listing.stock, wallet), at.vault(held.listing.stock, wallet)):
        held.chain.svm.set_account(place, Account(1, b"", SYSTEM, False, 0))
    held.apply(frozen(4))
    assert where(held) == (6, 4, 4, ())


# --- taken by position -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("burnt", [False, True])
def test_what_is_taken_comes_out_of_the_account_first_and_then_out_of_the_vault(held: World, burnt: bool) -> None:
    def take(amount: int) -> ins.ForcedBurn | ins.ForcedTransfer:
        if burnt:
            return ins.ForcedBurn(STOCK, "alice", units(amount), *WHY)
        return ins.ForcedTransfer(STOCK, "alice", "bob", units(amount), *WHY)

    held.apply(frozen(3))
    held.apply(locked(held, 1, 1))
    held.apply(locked(held, 4, 2))
    held.apply(take(1))
    assert where(held) == (1, 8, 3, (1, 4))
    held.apply(take(2))
    assert where(held) == (0, 7, 2, (1, 4))
    held.apply(take(3))
    assert where(held) == (0, 4, 0, (4,))
    held.refuses("ERC20InsufficientBalance", take(5))
    held.apply(take(4))
    assert where(held) == (0, 0, 0, ())
    assert held.ledger.balance(STOCK, "bob") == units(0 if burnt else 10)
    assert held.ledger.supply(STOCK) == units(0 if burnt else 10)


def test_nobodys_other_vault_is_seized(held: World) -> None:
    held.mint("bob", 5)
    held.apply(frozen(5, "bob"))
    held.apply(frozen(5))
    (call,) = held.ledger.calls(ins.ForcedBurn(STOCK, "alice", units(9), *WHY))
    (other,) = held.ledger.calls(ins.ForcedBurn(STOCK, "bob", units(1), *WHY))
    metas = [*list(call.accounts)[:-2], *list(other.accounts)[-2:]]
    held.fails("UnknownLocks", [type(call)(call.program_id, bytes(call.data), metas)], ISSUER)


def test_a_successor_has_what_was_bound_as_it_was(held: World) -> None:
    held.apply(frozen(3))
    held.apply(locked(held, 2, 1))
    held.apply(locked(held, 4, 5))
    held.apply(ins.RecoverWallet("alice", "alice", "alice2", 4, "wallet lost", (STOCK,)))
    assert where(held) == (0, 0, 0, ())
    assert where(held, "alice2") == (1, 9, 3, (2, 4))
    # A second loss, of which nobody fetched anything before, in one go.
    held.apply(ins.RecoverWallet("alice", "alice2", "alice3", 4, "wallet lost"))
    held.apply(ins.RecoverWallet("alice", "alice3", "alice4", 4, "wallet lost"))
    held.apply(ins.RecoverIn("alice2", (STOCK,), "anyone"))
    assert where(held, "alice4") == (1, 9, 3, (2, 4))
    held.refuses("ERC7943InsufficientUnfrozenBalance", ins.Transfer(STOCK, "alice4", "bob", units(2)))


def test_what_is_bound_goes_to_the_successor_alone(held: World) -> None:
    held.apply(frozen(3))
    held.apply(ins.RecoverWallet("alice", "alice", "alice2", 4, "wallet lost"))
    *_, call = held.ledger.calls(ins.RecoverIn("alice", (STOCK,), "anyone"))
    names = held.program.accounts_of(call)
    for place, wrong, error in (
        (names.index("new"), local_address("bob"), "NoSuccessor"),
        (names.index("new_wallet"), held.program.at.wallet(local_address("bob")), "UnknownWallet"),
        (len(names), held.listing.mint, "NotAStock"),
        (len(names) + 1, local_address("bob"), "NotAStock"),
        (len(names) + 2, local_address("bob"), "UnknownLocks"),
        (len(names) + 3, local_address("bob"), "UnknownLocks"),
        (len(names) + 4, local_address("bob"), "UnknownLocks"),
        (len(names) + 5, local_address("bob"), "UnknownLocks"),
    ):
        metas = list(call.accounts)
        metas[place] = type(metas[place])(wrong, False, metas[place].is_writable)
        held.fails(error, [type(call)(call.program_id, bytes(call.data), metas)], "anyone")
    held.send([call], "anyone")
    assert where(held, "alice2")[1:] == (3, 3, ())
    held.fails("NoLocks", [call], "anyone")


# --- against the model -----------------------------------------------------------------------------------------------


def test_the_chain_answers_as_the_model_does(held: World) -> None:
    """Sixty orders of every kind at hand, with days that pass, drawn once: answers and what is bound are the model's.

    It takes 3 CPU-seconds: each order is a transaction, and every second one has what has ended released by somebody.
    """
    chance, model = Random(7), ModelLedger(SOLANA, held.now())
    model.apply(ins.CreateStock(STOCK, "Microsoft", "US5949181045"))
    for name in ("alice", "bob"):
        model.apply(ins.Onboard(name, name, 840, "retail", held.now() + 5_000 * DAY))
    model.stocks[STOCK].token.create("alice", 10 * UNIT)
    for _ in range(60):
        account, to, amount = *chance.choice((("alice", "bob"), ("bob", "alice"))), units(chance.randrange(6))
        order = chance.choice(
            (
                ins.SetFrozenTokens(STOCK, account, amount, *WHY),
                ins.Lock(STOCK, account, amount, held.now() + chance.randrange(1, 9) * DAY, *WHY),
                ins.Lock(STOCK, account, amount, held.now() + chance.randrange(1, 9) * DAY, *WHY),
                ins.ReleaseLocks(STOCK, account, *WHY),
                ins.ForcedTransfer(STOCK, account, to, amount, *WHY),
                ins.Transfer(STOCK, account, to, amount),
            )
        )
        answers = []
        for ledger in (model, held.ledger):
            try:
                ledger.apply(order)
                answers.append("")
            except Refusal as refusal:
                answers.append(refusal.name)
        assert answers[0] == answers[1], (order, answers)
        if chance.random() < 0.5:
            held.wait(chance.randrange(3) * DAY)
            model.advance_to(held.now())
            for name in ("alice", "bob"):
                record = held.ledger.bound(held.listing, local_address(name))
                if any(one.until <= held.now() for one in tranches_of(record)):
                    ended(held, name)
        for name in ("alice", "bob"):
            expected = model.stocks[STOCK].token.account(name)
            record = held.ledger.bound(held.listing, local_address(name))
            running = tuple(Tranche(*one) for one in expected.lockups if held.now() < one.until)
            assert held.ledger.balance(STOCK, name).value == expected.balance
            assert (record.frozen if record else 0) == expected.frozen_tokens
            assert tuple(one for one in tranches_of(record) if held.now() < one.until) == running
