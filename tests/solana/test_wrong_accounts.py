"""Each account of the newer instructions, replaced by a wrong one, is refused by a name: ours, or Anchor's.

Wrong are an address of nobody, the same account of another stock, an account of the program's of another kind, and
one of another program's; and a signer who does not sign. Which accounts an instruction has is told by the interface, so
that a new one has its cases at once; those that may be any address are listed with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from compute_units import free_seat
from delayed_world import DELAY, Delayed, drift, set_timelock
from solana_world import DAY, ISSUER, World, coins, units
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from treasury_world import DESK, naming, open_account
from treasury_world import taking as withdrawing

from scrip import instructions as ins
from scrip.holder_limits import HolderLimits, StockRules
from scrip.solana.addresses import local_address, reference_word
from scrip.solana.chain import Failed
from scrip.solana.encoding.operations import as_call, scheduled
from scrip.solana.handlers.enforcement import release_ended
from scrip.units import WAD

NAMED = 2_000
"""The least number of an error that says what was wrong: Anchor's constraints, then ours."""
WHY = 7, [1] * 32


def repairing(name: str, *args: object) -> Callable[[World], Instruction]:
    """One of ADMIN's repairs."""

    def call(world: World) -> Instruction:
        code = {"correct_index": "CORR", "fold_pair": "FOLD"}[name]
        action = world.program.at.action(world.listing.stock, code, reference_word("r"))
        return world.signed(name, ISSUER, list(reference_word("r")), *args, *WHY, action=action)

    return call


def thawing(world: World) -> Instruction:
    """Alice's account, frozen by nobody."""
    accounts = world.ledger.investors.control(world.listing, "alice", "", bytes(32))
    return world.program.build("thaw", accounts=accounts, listing=world.listing)


def scheduling(world: World) -> Instruction:
    """A pause is scheduled by the proposer."""
    return Delayed(world).schedule(Delayed(world).signed("pause"))


def executing(world: World) -> Instruction:
    """The taking of ADMIN, which waits."""
    return Delayed(world).execute(taking(world))


def taking(world: World) -> Instruction:
    """The address without a key takes ADMIN."""
    return Delayed(world).signed("accept_role", world.role("Admin"))


def waiting(world: World) -> None:
    """An operation waits, and is ready."""
    world.send([set_timelock(world, ISSUER, DELAY, "proposer", "canceller")], ISSUER)
    world.send([world.signed("offer_role", ISSUER, world.role("Admin"), world.program.at.admin)], ISSUER)
    world.send([Delayed(world).schedule(taking(world))], "proposer")
    world.wait(DELAY)


def named(world: World) -> None:
    """Somebody proposes and cancels."""
    world.send([set_timelock(world, ISSUER, DELAY, "proposer", "canceller")], ISSUER)


def split(world: World) -> None:
    """A split is in effect and confirmed, so that there is a pair to fold."""
    world.ledger.advance_to(world.split(3, 2))


def halted(world: World) -> None:
    """A halt stands."""
    world.apply(ins.Halt())


def pausing(world: World) -> Instruction:
    """The stock's mint is paused in a halt."""
    return world.program.build("pause_halted", accounts={}, rest=[AccountMeta(world.listing.mint, False, True)])


def paying(world: World) -> None:
    """The treasury has coins, and a custodian that is paid out of it."""
    world.back()
    open_account(world, DESK)
    world.apply(ins.SetCustodian("stablecoin", DESK, coins(1_000)))


def custodial(world: World) -> None:
    """The custodian has an account."""
    open_account(world, DESK)


def blocked(world: World) -> None:
    """Alice holds units, and is blocked; her account is left thawed."""
    world.back()
    world.mint("alice", 1)
    investors = world.ledger.investors
    pages, investors.first_pages = investors.first_pages, lambda *_: []  # type: ignore[method-assign]
    crank, investors.crank_all = investors.crank_all, lambda _: None  # type: ignore[method-assign]
    world.apply(ins.Block("alice", 7, "order"))
    investors.first_pages, investors.crank_all = pages, crank  # type: ignore[method-assign]


def paging(world: World) -> Instruction:
    """Her account is frozen in a page."""
    wallet, at = local_address("alice"), world.program.at
    accounts = {
        "holder": wallet,
        "wallet": at.wallet(wallet),
        "investor": world.ledger.investors.record_of(wallet),
    }
    rest = [
        AccountMeta(world.listing.mint, False, False),
        AccountMeta(world.ledger.units(world.listing, "alice"), False, True),
    ]
    return world.program.build("freeze_page", accounts=accounts, rest=rest)


def holding(world: World) -> None:
    """Alice has units, and bob an account."""
    world.back()
    world.mint("alice", 10)
    world.ledger.investors.prepare(world.listing, "bob")


def ordered(order: ins.KeyedInstruction) -> Callable[[World], Instruction]:
    """An order of an enforcer's or a recoverer's, alone in its transaction."""
    return lambda world: world.ledger.calls(order)[0]


def lost(world: World) -> None:
    """Alice's wallet was recovered, and her units are left behind."""
    holding(world)
    world.apply(ins.RecoverWallet("alice", "alice", "alice2", 4, "wallet lost"))
    world.ledger.investors.open(world.listing, "alice2")


def open_heir(world: World) -> None:
    """Alice has units, and who is to succeed her an account."""
    holding(world)
    world.ledger.investors.open(world.listing, "alice2")


def fetching(world: World) -> Instruction:
    """What alice has left goes to her successor."""
    return world.ledger.calls(ins.RecoverIn("alice", ("MSFT",), "anyone"))[0]


def seated(world: World) -> None:
    """Alice has a seat, and no units."""
    world.apply(ins.SetHolderLimits("MSFT", HolderLimits(5, units(0), units(0))))
    world.ledger.investors.prepare(world.listing, "alice")


def locking(world: World) -> None:
    """Some of alice's units are locked."""
    holding(world)
    world.apply(ins.Lock("MSFT", "alice", units(3), world.now() + DAY, 6, "plan"))


def unlocked(world: World) -> None:
    """The same, and the day is over."""
    locking(world)
    world.wait(DAY)


def lost_locks(world: World) -> None:
    """Alice's wallet was recovered, and what is locked of her units is left behind."""
    locking(world)
    world.apply(ins.RecoverWallet("alice", "alice", "alice2", 4, "wallet lost"))


def provided(world: World) -> None:
    """A KYC provider lets investors in."""
    world.apply(ins.SetProvider("kyc", 2))


Before = Callable[[World], None]


def nothing(_: World) -> None:
    """Nothing has to be done before."""


CASES: dict[str, tuple[Before, Callable[[World], Instruction], str]] = {
    "correct_index": (nothing, repairing("correct_index", WAD // 2, 1_000_000_000 + 10 * DAY), ISSUER),
    "fold_pair": (split, repairing("fold_pair", 3 * WAD // 2, 1, 1), ISSUER),
    "resync_multiplier": (drift, lambda world: world.signed("resync_multiplier", ISSUER), ISSUER),
    "set_timelock": (nothing, lambda world: set_timelock(world, ISSUER, DELAY, "a", "b"), ISSUER),
    "schedule_operation": (named, scheduling, "proposer"),
    "execute_operation": (waiting, executing, "anyone"),
    "cancel_operation": (waiting, lambda world: Delayed(world).call("cancel_operation"), "proposer"),
    "revoke_role": (
        nothing,
        lambda world: world.signed("revoke_role", ISSUER, world.role("Pauser"), local_address(ISSUER)),
        ISSUER,
    ),
    "halt": (nothing, lambda world: world.signed("halt", ISSUER), ISSUER),
    "unhalt": (halted, lambda world: world.signed("unhalt", ISSUER), ISSUER),
    "pause_halted": (halted, pausing, ""),
    "set_custodian": (custodial, naming, ISSUER),
    "withdraw": (paying, withdrawing, ISSUER),
    "freeze_page": (blocked, paging, ""),
    "hold_account": (holding, ordered(ins.Freeze("MSFT", "alice", True, 4, "order")), ISSUER),
    "release_account": (holding, ordered(ins.Freeze("MSFT", "alice", False, 4, "order")), ISSUER),
    "seize": (holding, ordered(ins.ForcedTransfer("MSFT", "alice", "bob", units(1), 6, "judgment")), ISSUER),
    "forced_burn": (holding, ordered(ins.ForcedBurn("MSFT", "alice", units(1), 6, "judgment")), ISSUER),
    "freeze_tokens": (holding, ordered(ins.SetFrozenTokens("MSFT", "alice", units(2), 6, "judgment")), ISSUER),
    "lock": (holding, ordered(ins.Lock("MSFT", "alice", units(2), 1_000_000_000 + 9 * DAY, 6, "plan")), ISSUER),
    "release_locks": (locking, ordered(ins.ReleaseLocks("MSFT", "alice", 6, "plan")), ISSUER),
    "release_ended": (unlocked, lambda world: release_ended(world.ledger, "MSFT", "alice"), ""),
    "recover_locks": (
        lost_locks,
        lambda world: world.ledger.calls(ins.RecoverIn("alice", ("MSFT",), "anyone"))[-1],
        "anyone",
    ),
    "recover_wallet": (
        open_heir,
        ordered(ins.RecoverWallet("alice", "alice", "alice2", 4, "wallet lost", ("MSFT",))),
        ISSUER,
    ),
    "recover_in": (lost, fetching, "anyone"),
    "set_rules": (nothing, ordered(ins.SetStockRules("MSFT", StockRules(frozenset({"retail"})))), ISSUER),
    "set_limits": (nothing, ordered(ins.SetHolderLimits("MSFT", HolderLimits(5, units(0), units(0)))), ISSUER),
    "set_provider": (nothing, ordered(ins.SetProvider("kyc", 2)), ISSUER),
    "drop_provider": (provided, ordered(ins.DropProvider("kyc", 7, "why")), ISSUER),
    "cancel_attestation": (nothing, ordered(ins.CancelAttestation("kyc", 2)), "kyc"),
    "free_seat": (seated, lambda world: free_seat(world, "alice", "alice"), ISSUER),
}
"""What is done before, the instruction as it is right, and who signs it."""
ANY = {
    ("set_timelock", "operation"): "no operation is concerned",
    ("set_timelock", "payer"): "no operation ends",
    ("schedule_operation", "payer"): "no operation ends; the signer pays",
    ("cancel_operation", "signer"): "refused by its role, as a stranger's signature is below",
    ("execute_operation", "signer"): "anyone may",
    ("recover_in", "signer"): "anyone may; whoever it is pays for a hold's record and has that of the old one",
    ("recover_in", "investor"): "no investor's record is read",
    ("recover_in", "used_key"): "nothing is ordered",
    ("recover_locks", "signer"): "anyone may; whoever it is pays for the successor's record and vault",
    ("recover_locks", "investor"): "no investor's record is read",
    ("recover_locks", "used_key"): "nothing is ordered",
    **{
        (name, account): "what is bound is the wallet's own"
        for name in ("freeze_tokens", "lock", "release_locks")
        for account in ("to", "wallet", "investor", "to_hold")
    },
    **{
        (name, account): "gives nothing to anybody"
        for name in ("hold_account", "release_account", "forced_burn")
        for account in ("to", "wallet", "investor", "to_hold", "to_account")
    },
    ("forced_burn", "hold"): "no hold is concerned",
    **{
        ("cancel_attestation", account): "a nonce alone is concerned, the signer's own"
        for account in ("signer", "provider", "investor", "wallet")
    },
    **{
        (name, account): "nobody enters, and no nonce serves"
        for name in ("set_provider", "drop_provider")
        for account in ("investor", "wallet", "used_nonce")
    },
    ("free_seat", "holder"): "no wallet is concerned",
    ("free_seat", "wallet"): "derived of an address that is anybody's",
    ("seize", "hold"): "the holder's own hold keeps no units in",
}
"""Accounts that may be any address, and why."""
UNNAMED = {
    "system_program": "Anchor's InvalidProgramId, a number of its own",
    "token_program": "the same",
}


OLDER = {"block_investor", "unblock_investor", "unblock_wallet"}
"""Instructions whose names have one of the words of the newer ones, and which are tried elsewhere."""


def wrong(world: World, name: str) -> Iterator[tuple[str, Pubkey]]:
    """What may stand wrongly in an account's place."""
    yield "nobody's", local_address("nowhere")
    yield "another kind of the program's", world.program.at.asset(world.suite.stablecoin)
    yield "another program's", world.suite.treasury
    other = world.ledger.listing("OTHER")
    same = {"stock": other.stock, "mint": other.mint, "calendar": other.calendar, "reserve": other.reserve}
    if name in same:
        yield "another stock's", same[name]


@cache
def world_for(name: str) -> World:
    """A world in which the instruction is right, of two stocks."""
    world = World.with_holders()
    world.apply(ins.CreateStock("OTHER", "Other", "US0378331005", "ALLOWLIST"))
    CASES[name][0](world)
    return world


def refusal(world: World, call: Instruction, *signers: str) -> int:
    """The number of the error by which it is refused, -1 for none; 0 where it is carried out."""
    try:
        world.send([call], *signers)
    except Failed as failed:
        return failed.custom or -1
    return 0


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_account_is_refused_by_a_name(name: str) -> None:
    world = world_for(name)
    _, build, signer = CASES[name]
    right = build(world)
    accounts = world.program.accounts_of(right)
    assert len(accounts) <= len(right.accounts)
    for place, account in enumerate(accounts):
        if (name, account) in ANY or account in UNNAMED or account in ("program", "event_authority"):
            continue
        for what, address in wrong(world, account):
            metas = list(right.accounts)
            before = metas[place]
            if before.pubkey == address:
                continue
            bent = AccountMeta(address, False, before.is_writable)
            metas[place] = bent
            call = Instruction(right.program_id, bytes(right.data), metas)
            found = refusal(world, call, *([signer] if signer and not before.is_signer else []))
            assert found >= NAMED, (name, account, what, found)
    if signer and (name, "signer") not in ANY:
        metas = [AccountMeta(local_address("mallory"), True, right.accounts[0].is_writable), *right.accounts[1:]]
        stranger = Instruction(right.program_id, bytes(right.data), metas)
        world.fails("NotAuthorised", [stranger], "mallory")
    assert refusal(world, right, *([signer] if signer else [])) == 0, "it was right"


def test_what_the_newer_instructions_do_not_name_is_covered_elsewhere(world: World) -> None:
    """Every instruction of the timelock, of the halt and of repairs has its case."""
    every = {entry["name"] for entry in world.program.idl["instructions"]}
    words = (
        "timelock",
        "operation",
        "halt",
        "correct",
        "fold",
        "resync",
        "revoke",
        "seize",
        "burn",
        "recover",
        "_account",
        "rules",
        "limits",
        "seat",
        "custodian",
        "withdraw",
        "page",
        "lock",
        "freeze_tokens",
        "ended",
        "provider",
        "cancel_attest",
    )
    assert {name for name in every if any(word in name for word in words)} - OLDER == set(CASES)


def test_a_call_that_is_carried_out_names_its_own_accounts() -> None:
    """The accounts behind an execution are compared with those that waited, one by one."""
    world = World.with_holders()
    waiting(world)
    rest = scheduled(taking(world))
    for place, meta in enumerate(rest):
        bent = [*rest[:place], AccountMeta(local_address("nowhere"), False, meta.is_writable), *rest[place + 1 :]]
        world.fails("BadCall", [Delayed(world).call("execute_operation", by="anyone", rest=bent)], "anyone")
    assert as_call(taking(world))["accounts"][0]["signs"]
