"""The sanctions list on Solana: who signs it, how it is replaced, whom it blocks and whom a strict issuer lets in.

The digest is made here byte by byte. Each story is told to the model, too, with the addresses that the cluster has.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

import pytest
from solana_world import DAY, ISSUER, LATER, STOCK, World, coins, shares, units
from solders.instruction import AccountMeta, Instruction
from solders.system_program import TransferParams, transfer
from test_invariants import WALLETS, put, spoil

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.holder_limits import HolderLimits
from scrip.instructions.subjects import subjects_of
from scrip.ledger import SOLANA
from scrip.model.laws.sanctions_list import ListTree
from scrip.model.ledger import ModelLedger
from scrip.model.state import ModelConfig, Rules
from scrip.solana.addresses import SYSTEM, investor_id, local_address, local_keypair
from scrip.solana.encoding import messages
from scrip.solana.encoding.program import StockProgram
from scrip.solana.handlers import sanctions
from scrip.solana.state.snapshot import load_model

ORACLE = "list-signer"
SERIAL = 8 + 1 + 32 + 8 + 32
"""Where a list's record has its number."""
STRICT = Rules(strict_list=True)
PEOPLE = ("alice", "bob", "carol", "dave", "erin", "mallory", "second", ORACLE, "issuer")


def tree(*listed: str) -> ListTree:
    """The tree over people."""
    return ListTree(bytes(local_address(one)) for one in listed)


def published(world: World, of: ListTree, serial: int, life: int = DAY, **changes: object) -> ins.PublishList:
    """A list that was issued now, good but for the changes."""
    now = world.now()
    terms: dict = {
        "root": f"0x{of.root.hex()}",
        "serial": serial,
        "issued": now,
        "expiry": now + life,
        "oracle": ORACLE,
    }
    return ins.PublishList(**(terms | changes))


def looked_up(of: ListTree, *wallets: str, gaps: Iterable[str] = (), by: str = "") -> ins.Screen:
    """Wallets, each with its gap of a list, or with the gaps of these others."""
    named = (tree_gap(of, one) for one in gaps or wallets)
    return ins.Screen(wallets, by, tuple(named))


def tree_gap(of: ListTree, wallet: str) -> ins.ListGap:
    return of.gap(bytes(local_address(wallet))).named()


@pytest.fixture
def heard(world: World) -> World:
    """Whoever signs lists is named; alice and bob are known."""
    world.apply(ins.SetSanctionsOracle(ORACLE))
    return world


@pytest.fixture
def strict() -> World:
    """The same of a strict issuer, with a list that names mallory, and a reserve."""
    world = World.with_holders(rules=STRICT)
    world.apply(ins.SetSanctionsOracle(ORACLE))
    world.apply(published(world, tree("mallory"), 1))
    world.back()
    return world


def model_of(world: World, rules: Rules | None = None) -> ModelLedger:
    """The model at the same second, with the same people at the same addresses."""
    model = ModelLedger(SOLANA, world.now(), ModelConfig(rules=rules or Rules()))
    model.state.words = {one: bytes(local_address(one)) for one in PEOPLE}
    for one in ("alice", "bob"):
        model.apply(ins.Onboard(one, one, 840, "retail", LATER))
    return model


def listed_as(world: World) -> object:
    return world.stored(world.program.at.sanctions_list)


def frozen(world: World, account: str) -> bool:
    held = world.ledger.holding(world.listing, account)
    assert held is not None
    return held.frozen


def test_anyone_publishes_what_the_oracle_signed(heard: World) -> None:
    """The bytes that are signed are put together here, and hashed, by nothing of the project's."""
    world, at, now = heard, heard.program.at, heard.now()
    root = tree("mallory").root
    parts = b"scrip sanctions v1", world.chain.genesis, bytes(world.program.id), bytes(at.issuer), root
    message = b"".join(parts) + struct.pack("<Qqq", 5, now, now + DAY)
    signed = messages.signed_by(local_keypair(ORACLE), sha256(message).digest())
    said = messages.SignedList(root, 5, now, now + DAY)
    sent = world.send([signed, sanctions.publishing(world.ledger, said, "bob")], "bob")
    (told,) = world.program.events(sent.inner)
    assert (told.name, bytes(told.data.root), told.data.serial) == ("SanctionsListPublished", root, 5)
    assert (told.data.oracle, told.data.issued, told.data.expiry) == (local_address(ORACLE), now, now + DAY)
    found = listed_as(world)
    assert (bytes(found.root), found.serial, found.issued, found.expiry) == (root, 5, now, now + DAY)
    assert (found.oracle, found.suspended) == (local_address(ORACLE), False)


def test_nothing_but_what_was_signed_is_published(heard: World) -> None:
    """Each term changed after it was signed, another cluster, program or issuer, no signature, and another's."""
    world, now, at = heard, heard.now(), heard.program.at
    right = messages.SignedList(tree("mallory").root, 1, now, now + DAY)
    places = (world.chain.genesis, world.program.id, at.issuer)
    signed = messages.signed_by(local_keypair(ORACLE), right.digest(*places))
    world.wait(1)
    for change in ({"root": bytes(32)}, {"serial": 2}, {"issued": now + 1}, {"expiry": now + DAY - 1}):
        bent = sanctions.publishing(world.ledger, replace(right, **change), "bob")
        world.fails("BadSignature", [signed, bent], "bob")
    call = sanctions.publishing(world.ledger, right, "bob")
    world.fails("SignatureMissing", [call], "bob")
    other = local_address("elsewhere")
    for place in ((b"\7" * 32, *places[1:]), (places[0], other, places[2]), (*places[:2], other)):
        elsewhere = messages.signed_by(local_keypair(ORACLE), right.digest(*place))
        world.fails("BadSignature", [elsewhere, call], "bob")
    world.fails("ListNotSigned", [messages.signed_by(local_keypair(ISSUER), right.digest(*places)), call], "bob")
    world.send([signed, call], "bob")
    world.fails("ListSuperseded", [signed, call], "bob")


def test_each_fault_is_refused_as_the_model_says(world: World) -> None:
    """What is wrong with a list, one at a time, in order, on both; then the right one replaces another, and none comes
    back, not by naming its signer again either."""
    model, of = model_of(world), tree("mallory", "dave")
    both = world.ledger, model

    def refused(name: str, order: ins.Instruction) -> None:
        for ledger in both:
            with pytest.raises(Refusal) as found:
                ledger.apply(order)
            assert found.value.name == name

    def done(order: ins.Instruction) -> None:
        for ledger in both:
            ledger.apply(order)

    def waits(seconds: int) -> None:
        for ledger in both:
            ledger.advance_to(ledger.now() + seconds)

    refused("sanctions: no oracle", published(world, of, 1))
    refused("sanctions: no oracle", looked_up(of, "alice"))
    refused("sanctions: no oracle", ins.SuspendSanctionsOracle())
    refused("roles: not authorised", ins.SetSanctionsOracle(ORACLE, by="mallory"))
    done(ins.SetSanctionsOracle(ORACLE))
    refused("roles: not authorised", ins.SuspendSanctionsOracle(by="mallory"))
    refused("sanctions: bad proof", looked_up(of, "alice"))
    waits(10)
    now = world.now()
    refused("sanctions: old list", published(world, of, 0))
    refused("sanctions: expired", published(world, of, 1, life=0))
    refused("sanctions: bad term", published(world, of, 1, issued=now + 1))
    refused("sanctions: bad term", published(world, of, 1, issued=now - 11))
    refused("sanctions: bad term", published(world, of, 1, life=30 * DAY + 1))
    refused("sanctions: bad signature", published(world, of, 1, forged=True))
    first = published(world, of, 1, life=30 * DAY)
    done(first)
    refused("sanctions: old list", first)
    refused("sanctions: bad term", published(world, of, 2, issued=now - 1))
    done(published(world, tree("mallory"), 2**64 - 1))
    refused("sanctions: bad proof", looked_up(of, "dave"))
    done(ins.SuspendSanctionsOracle())
    refused("sanctions: suspended", ins.SuspendSanctionsOracle())
    refused("sanctions: suspended", published(world, of, 3))
    refused("sanctions: suspended", looked_up(tree("mallory"), "mallory"))
    waits(1)
    done(ins.SetSanctionsOracle(ORACLE))
    # The numbers begin anew, and what was signed before counts no more.
    refused("sanctions: bad term", first)
    done(published(world, of, 1))
    done(ins.SetSanctionsOracle(ORACLE))
    assert bytes(listed_as(world).root) == model.investors.sanctions_list.root == of.root
    done(ins.SetSanctionsOracle("second"))
    refused("sanctions: bad signature", published(world, of, 2))
    done(published(world, of, 1, oracle="second"))
    done(ins.SetSanctionsOracle(""))
    refused("sanctions: no oracle", published(world, of, 2, oracle="second"))


def test_a_hit_blocks_the_investor_with_all_wallets_and_strangers_alike(funded: World) -> None:
    """Alice holds units; her second wallet is on the list. Anyone shows it; her accounts are frozen and stay so."""
    world, at = funded, funded.program.at
    world.apply(ins.SetSanctionsOracle(ORACLE))
    world.apply(ins.LinkWallet("alice", "second"))
    of = tree("second", "mallory", "dave")
    world.apply(published(world, of, 1))
    world.transfer("alice", "second", 5)
    order = looked_up(of, "second", by="bob")
    sent = world.send(sanctions.screen(world.ledger, order), "bob")
    told, said = world.program.events(sent.inner)
    assert (told.name, told.data.blocked, told.data.reason) == ("InvestorBlocked", True, 65_535)
    assert bytes(told.data.document) == bytes(said.data.root) == of.root
    assert (said.name, said.data.listed, said.data.holder) == ("SanctionsAnswer", True, local_address("second"))
    assert world.stored(at.investor(investor_id("alice"))).blocked
    # Again is no fault, and is not told again.
    assert not world.program.events(world.send(sanctions.screen(world.ledger, order), "bob").inner)
    world.apply(order)
    assert frozen(world, "alice")
    assert frozen(world, "second")
    world.refuses("ERC7943CannotSend", ins.Transfer(STOCK, "alice", "bob", units(1)))
    # A stranger on the list belongs to nobody from now on, until compliance says otherwise.
    world.apply(looked_up(of, "mallory", "dave"))
    record = world.stored(at.wallet(local_address("mallory")))
    assert (record.investor, record.successor, record.recoveries) == (SYSTEM, None, 0)
    for order in (ins.Onboard("m", "mallory", 840, "retail", LATER), ins.LinkWallet("bob", "mallory")):
        world.refuses("registry: wallet blocked", order)
    world.refuses("registry: wallet blocked", ins.RecoverWallet("bob", "bob", "mallory", 4, "lost"))
    world.refuses("registry: unknown wallet", ins.UnlinkWallet("bob", "mallory", 1, "d"))
    world.refuses("roles: not authorised", ins.UnblockWallet("mallory", 1, "false hit", by="mallory"))
    world.refuses("registry: reason and document", ins.UnblockWallet("mallory", 0, "false hit"))
    world.refuses("registry: wallet known", ins.UnblockWallet("bob", 1, "false hit"))
    world.refuses("registry: not blocked", ins.UnblockWallet("erin", 1, "false hit"))
    world.apply(ins.UnblockWallet("mallory", 1, "false hit"))
    assert world.chain.account(at.wallet(local_address("mallory"))) in (None, b"")
    world.apply(ins.Onboard("m", "mallory", 840, "retail", LATER))
    world.apply(looked_up(of, "mallory"))
    assert world.stored(at.investor(investor_id("m"))).blocked
    world.apply(ins.RecoverWallet("bob", "bob", "erin", 4, "lost"))
    world.refuses("registry: wallet recovered", ins.UnblockWallet("bob", 1, "false hit"))


def test_a_stranger_with_units_of_an_open_stock_is_frozen() -> None:
    """Where strangers hold, a hit on one reaches all its accounts, and neither thaws nor mints for it go on."""
    world = World.with_holders("BLOCKLIST")
    world.back()
    world.apply(ins.FundStablecoin("mallory", coins(9)))
    world.mint("mallory", 5)
    world.apply(ins.SetSanctionsOracle(ORACLE))
    of = tree("mallory")
    world.apply(published(world, of, 1))
    assert not frozen(world, "mallory")
    world.apply(looked_up(of, "mallory"))
    assert frozen(world, "mallory")
    world.fails("CannotReceive", [world.ledger.investors.crank_call("thaw", world.listing, "mallory")])
    world.refuses("ERC7943CannotReceive", ins.Mint(STOCK, "mallory", units(1), coins(1), world.quote()))
    world.refuses("ERC7943CannotSend", ins.Redeem(STOCK, "mallory", units(1), coins(1), world.quote()))
    page = world.ledger.investors.page_call(
        [(world.listing, "mallory", world.ledger.units(world.listing, "mallory"))], True
    )
    world.send([page])
    assert list(world.ledger.investors.left_open(world.now())) == []
    world.apply(ins.UnblockWallet("mallory", 1, "false hit"))
    world.redeem("mallory", 5)


def test_an_expired_list_blocks_and_lets_nobody_new_in(strict: World) -> None:
    """Expiry stops thaws and mints alone: who is in transfers, redeems, is frozen, seized and recovered as before."""
    world, of = strict, tree("mallory")
    for one in ("alice", "bob"):
        world.refuses("ERC7943CannotReceive", ins.Mint(STOCK, one, units(1), coins(1), world.quote()))
    world.apply(looked_up(of, "alice", "bob"))
    world.mint("alice", 10)
    world.transfer("alice", "bob", 4)
    world.apply(ins.Onboard("carol", "carol", 840, "retail", LATER))
    world.wait(DAY)
    world.apply(ins.AttestReserve(STOCK, shares(10**6)))
    world.transfer("bob", "alice", 1)
    world.redeem("bob", 1)
    world.refuses("sanctions: expired", ins.Mint(STOCK, "alice", units(1), coins(1), world.quote()))
    world.refuses("sanctions: expired", looked_up(of, "carol"))
    world.ledger.investors.open(world.listing, "carol")
    world.fails("ListExpired", [world.ledger.investors.crank_call("thaw", world.listing, "carol")])
    world.fails("StillCleared", [world.ledger.investors.crank_call("freeze", world.listing, "alice")])
    world.apply(ins.Freeze(STOCK, "bob", True, 1, "order"))
    assert frozen(world, "bob")
    world.apply(ins.ForcedTransfer(STOCK, "bob", "carol", units(1), 1, "order"))
    world.apply(ins.RecoverWallet("alice", "alice", "erin", 4, "lost", stocks=(STOCK,)))
    world.apply(ins.ForcedBurn(STOCK, "bob", units(1), 1, "order"))
    world.apply(ins.Freeze(STOCK, "bob", False, 1, "order"))
    assert frozen(world, "bob")
    assert frozen(world, "erin")
    assert frozen(world, "carol")
    world.apply(looked_up(of, "mallory"))
    assert world.stored(world.program.at.wallet(local_address("mallory"))).investor == SYSTEM
    # A fresh list opens the door again, to whoever is shown absent from it.
    world.apply(published(world, tree("mallory", "bob"), 2))
    world.refuses("ERC7943CannotSend", ins.Transfer(STOCK, "erin", "carol", units(1)))
    world.apply(looked_up(tree("mallory", "bob"), "erin", "carol"))
    world.transfer("erin", "carol", 1)


def test_what_a_strict_thaw_and_mint_ask_for(strict: World) -> None:
    """Every way to have no proof: none named, another's, of another list, suspended, and a list that is none."""
    world, at, of = strict, strict.program.at, tree("mallory")
    world.apply(looked_up(of, "alice"))
    world.ledger.investors.open(world.listing, "alice")
    thaw = world.ledger.investors.crank_call("thaw", world.listing, "alice")
    named, (listing, shown) = list(thaw.accounts[:-2]), thaw.accounts[-2:]
    assert (listing.pubkey, shown.pubkey) == (at.sanctions_list, at.unlisted(local_address("alice")))

    def with_rest(*rest: AccountMeta) -> list[Instruction]:
        return [Instruction(thaw.program_id, bytes(thaw.data), [*named, *rest])]

    bobs, forged = (AccountMeta(one, False, False) for one in (at.unlisted(local_address("bob")), at.issuer))
    world.fails("NotShownUnlisted", with_rest())
    world.fails("NotShownUnlisted", with_rest(listing))
    world.fails("NotShownUnlisted", with_rest(listing, shown, shown))
    world.fails("NotShownUnlisted", with_rest(listing, bobs))
    world.fails("NotShownUnlisted", with_rest(listing, forged))
    world.fails("NoOracle", with_rest(forged, shown))
    world.fails("NoOracle", with_rest(shown, listing))
    world.apply(looked_up(of, "bob"))
    world.fails("NotShownUnlisted", with_rest(listing, bobs))
    world.apply(ins.SuspendSanctionsOracle())
    world.fails("OracleSuspended", [thaw])
    world.refuses("ERC7943CannotReceive", ins.Mint(STOCK, "alice", units(1), coins(1), world.quote()))
    world.wait(1)
    world.apply(ins.SetSanctionsOracle(ORACLE))
    world.fails("ListExpired", [thaw])
    world.apply(published(world, tree("mallory", "dave"), 1))
    world.fails("NotShownUnlisted", [thaw])
    world.apply(looked_up(tree("mallory", "dave"), "alice"))
    world.send([thaw])
    world.mint("alice", 3)
    world.apply(published(world, tree("dave"), 2))
    world.refuses("sanctions: not shown unlisted", ins.Mint(STOCK, "alice", units(1), coins(1), world.quote()))
    world.redeem("alice", 1)


def test_a_strict_mint_of_a_limited_stock_is_shown_proof_and_what_is_bound(strict: World) -> None:
    """Each is known for what it is before the other or behind it; neither stands for the other, or is left out."""
    world, at = strict, strict.program.at
    world.apply(looked_up(tree("mallory"), "alice"))
    world.apply(ins.SetHolderLimits(STOCK, HolderLimits(0, units(5), units(0))))
    world.mint("alice", 3)
    world.apply(ins.Lock(STOCK, "alice", units(2), world.now() + 100, 6, "plan"))
    above = ins.Mint(STOCK, "alice", units(3), coins(3), world.quote())
    world.refuses("holders: above the maximum", above)
    paid, call = world.ledger.calls(ins.Mint(STOCK, "alice", units(1), coins(1), world.quote()))
    named, (listing, shown, locked) = list(call.accounts[:-3]), call.accounts[-3:]
    assert locked.pubkey == at.locked(world.listing.stock, local_address("alice"))

    def with_rest(*rest: AccountMeta) -> list[Instruction]:
        return [paid, Instruction(call.program_id, bytes(call.data), [*named, *rest])]

    world.fails("UnknownLocks", with_rest(listing, shown), "alice")
    bobs = AccountMeta(at.locked(world.listing.stock, local_address("bob")), False, False)
    for rest in ((), (locked,), (listing, locked), (listing, shown, bobs), (listing, locked, shown), (locked, locked)):
        world.fails("NotShownUnlisted", with_rest(*rest), "alice")
    world.fails("NoOracle", with_rest(locked, shown, listing), "alice")
    world.send(with_rest(locked, listing, shown), "alice")
    world.mint("alice", 1)
    world.refuses("holders: above the maximum", ins.Mint(STOCK, "alice", units(1), coins(1), world.quote()))
    world.apply(published(world, tree("dave"), 2))
    world.refuses("sanctions: not shown unlisted", ins.Mint(STOCK, "alice", units(1), coins(1), world.quote()))


def test_a_gap_says_nothing_of_others(heard: World) -> None:
    """Another's gap, ends that are swapped or moved, a path that is cut, and the records of others."""
    world, at = heard, heard.program.at
    of = tree("mallory", "dave", "carol")
    world.apply(published(world, of, 1))
    for one in ("mallory", "alice"):
        world.refuses("sanctions: bad proof", looked_up(of, "bob", gaps=(one,)))
    right = tree_gap(of, "bob")
    for bent in (
        replace(right, low=right.high, high=right.low), replace(right, low=f"0x{1:064x}"),
        replace(right, path=right.path[:-1]), replace(right, path=(*right.path, right.path[0])),
    ):  # fmt: skip
        world.refuses("sanctions: bad proof", ins.Screen(("bob",), gaps=(bent,)))
    with pytest.raises(InputError, match="one for each wallet"):
        world.apply(ins.Screen(("bob", "alice"), gaps=(right,)))
    first = ListTree(of.words).gap((1).to_bytes(32))
    zero = sanctions.screening(world.ledger, SYSTEM, first, "bob")
    world.fails("BadListProof", [zero], "bob")
    # A look-up that names another's records.
    absent, hit = (sanctions.screen(world.ledger, looked_up(of, one, by="bob"))[0] for one in ("alice", "mallory"))
    fields = {one: number for number, one in enumerate(names(world.program, "screen"))}
    for call, field, value, error in (
        (hit, "wallet", at.wallet(local_address("bob")), "UnknownWallet"),
        (hit, "wallet", at.wallet(local_address("carol")), "UnknownWallet"),
        (hit, "provider", at.issuer, "NoOracle"),
    ):  # fmt: skip
        metas = list(call.accounts)
        metas[fields[field]] = AccountMeta(value, False, True)
        world.fails(error, [Instruction(call.program_id, bytes(call.data), metas)], "bob")
    metas = list(absent.accounts)
    metas[fields["used_nonce"]] = AccountMeta(at.unlisted(local_address("bob")), False, True)
    world.fails("UnknownListing", [Instruction(absent.program_id, bytes(absent.data), metas)], "bob")
    world.apply(ins.Onboard("mallory", "mallory", 840, "retail", LATER))
    hit = sanctions.screen(world.ledger, looked_up(of, "mallory", by="bob"))[0]
    metas = list(hit.accounts)
    metas[fields["investor"]] = AccountMeta(at.investor(investor_id("alice")), False, True)
    world.fails("UnknownInvestor", [Instruction(hit.program_id, bytes(hit.data), metas)], "bob")


def test_a_list_of_tomorrow_is_none_yet(heard: World) -> None:
    heard.refuses("sanctions: bad term", published(heard, tree("mallory"), 1, issued=heard.now() + 1))


def test_lamports_sent_ahead_stop_nothing(heard: World) -> None:
    """The records of a hit and of an absence are made where somebody has sent money before."""
    world, of = heard, tree("mallory")
    world.apply(published(world, of, 1))
    for place in (world.program.at.wallet(local_address("mallory")), world.program.at.unlisted(local_address("bob"))):
        given = {"from_pubkey": world.chain.payer.pubkey(), "to_pubkey": place, "lamports": 1_000_000}
        world.chain.send([transfer(TransferParams(**given))], [])
    world.apply(looked_up(of, "mallory", "bob"))
    assert bytes(world.stored(world.program.at.unlisted(local_address("bob"))).root) == of.root


def test_the_model_of_the_cluster_answers_as_it_does(strict: World) -> None:
    """A preview of a mint, before and after the proof, on a model that was read from the cluster."""
    world, of = strict, tree("mallory")

    def said(*before: ins.Instruction) -> str:
        mint = ins.Mint(STOCK, "alice", units(1), coins(1), world.quote())
        model = load_model(world.ledger, subjects_of([*before, mint]))
        for one in before:
            model.apply(one)
        try:
            model.apply(mint)
        except Refusal as refusal:
            return refusal.name
        return ""

    assert said() == "ERC7943CannotReceive"
    assert said(looked_up(of, "alice")) == ""
    assert said(looked_up(of, "alice"), published(world, tree(), 2)) == "ERC7943CannotReceive"
    world.apply(looked_up(of, "alice"))
    assert said() == ""
    world.mint("alice", 1)
    world.apply(published(world, tree("bob"), 2))
    assert said() == "sanctions: not shown unlisted"
    assert said(ins.SuspendSanctionsOracle()) == "sanctions: suspended"
    world.apply(looked_up(tree("bob"), "bob", "alice"))
    model_says = said(ins.Block("alice", 1, "d"), ins.Unblock("alice", 1, "d"))
    assert model_says == ""


def names(program: StockProgram, instruction: str) -> list[str]:
    return list(program._names[instruction])


def test_a_stop_works_whatever_is_wrong_with_the_list(heard: World) -> None:
    """Suspending asks no invariant, and neither does a hit of the investor's record."""
    world, at, of = heard, heard.program.at, tree("alice")
    world.apply(published(world, of, 1))
    place = at.investor(investor_id("alice"))
    before = spoil(world, place, WALLETS, b"\x09")
    world.apply(looked_up(of, "alice"))
    assert world.stored(place).blocked
    put(world, place, before)
    spoil(world, at.sanctions_list, SERIAL, bytes(8))
    world.apply(ins.SuspendSanctionsOracle())
    assert listed_as(world).suspended
    world.apply(ins.SetSanctionsOracle(ORACLE))
    assert not listed_as(world).suspended
