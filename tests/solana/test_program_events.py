"""Every event of the program, word for word: what an auditor reads has no field that nobody looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import delayed_world
import pytest
from compute_units import free_seat
from delayed_world import DELAY, Delayed, drift, set_timelock
from eth_utils import keccak
from solana_world import DAY, ISIN, ISSUER, LATER, STOCK, World, coins, fresh, shares, units
from solders.instruction import AccountMeta
from solders.instruction import Instruction as Call
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from support.days import ex_of
from treasury_world import DESK, open_account

from scrip import instructions as ins
from scrip.holder_limits import Countries, HolderLimits, StockRules
from scrip.instructions.base import TREASURY, Instruction
from scrip.model.laws import arithmetic as law
from scrip.model.laws.sanctions_list import ListTree
from scrip.model.state import Rules
from scrip.solana.addresses import document_hash, investor_id, local_address, reference_word, token_account
from scrip.solana.chain import Sent
from scrip.solana.deploy.suite import deploy_suite, list_asset, settings_of
from scrip.solana.handlers.enforcement import release_ended
from scrip.solana.local.litesvm import LiteSvmChain
from scrip.units import WAD, Wad

Event = tuple[str, dict[str, Any]]
KEY = "0x" + "4b" * 32
WORD = b"\x4b" * 32
PAPER = {"reason": 7, "document": document_hash("court order"), "key": WORD}
ONE = {"index": WAD, "num": 1, "den": 1}
FIRST = {"num": 1, "den": 1, "counter": 0}


def plain(value: object) -> Any:
    """A decoded value without anchorpy's types: bytes, mappings, and a variant by its name."""
    if isinstance(value, list):
        return bytes(value) if all(isinstance(one, int) for one in value) else [plain(one) for one in value]
    if isinstance(value, int | str | bytes | Pubkey):
        return value
    return {name: plain(one) for name, one in vars(value).items()} or type(value).__name__


class Told(World):
    """A world whose events are kept, and taken as they were heard."""

    def __init__(self, rules: Rules | None = None) -> None:
        super().__init__(rules)
        self.heard: list[Event] = []
        self.names: set[str] = set()
        self.listen(self.chain)

    def listen(self, chain: LiteSvmChain) -> None:
        """Keep from now on what is said on a chain."""
        send = chain.send

        def sending(calls: Sequence[Call], signers: Sequence[Keypair]) -> Sent:
            sent = send(calls, signers)
            self.heard += [(event.name, plain(event.data)) for event in self.program.events(sent.inner)]
            return sent

        chain.send = sending  # type: ignore[method-assign]

    def hears(self, *expected: Event) -> None:
        """These were said since the last time, each whole, and nothing else."""
        heard, self.heard = self.heard, []
        self.names |= {name for name, _ in heard}
        assert heard == list(expected)

    def says(self, what: Instruction | Call, *expected: Event, by: str = ISSUER) -> None:
        """An instruction says these, each whole, and nothing else."""
        self.heard = []
        self.apply(what) if isinstance(what, Instruction) else self.send([what], by)
        self.hears(*expected)

    def owned(self, account: str) -> Pubkey:
        """An account's units."""
        return token_account(local_address(account), self.listing.mint)


# --- what is said, subject by subject --------------------------------------------------------------------------------


def of_the_issuer(told: Told) -> None:
    """Its birth, roles and settings."""
    chain, program = fresh()
    told.listen(chain)
    suite = deploy_suite(chain, program)
    listed = {"mint": suite.stablecoin, "treasury": suite.treasury, "listed": True}
    born = {"issuer": program.at.issuer, "genesis": chain.genesis, "settings": settings_of(Rules())}
    born |= {"roles": plain(program.decode(chain.account(program.at.issuer) or b"").roles)}
    told.hears(("IssuerInitialised", born), ("AssetListed", listed))
    rules = Rules(withholding_bps=1_600)
    call = told.signed("change_settings", ISSUER, settings_of(rules))
    told.says(call, ("SettingsChanged", {"settings": settings_of(rules)}))
    carol, issuer = local_address("carol"), local_address(ISSUER)
    offer = told.signed("offer_role", ISSUER, told.role("Pauser"), carol)
    told.says(offer, ("RoleOffered", {"role": "Pauser", "to": carol}))
    accept = told.signed("accept_role", "carol", told.role("Pauser"))
    told.says(accept, ("RoleTaken", {"role": "Pauser", "from_": issuer, "to": carol}), by="carol")


def of_the_fleet(told: Told) -> None:
    """A stock's birth and its pauses."""
    listing = told.program.listing("US0378331005", 2)
    word = list(b"US0378331005")
    kind = told.program.type["Policy"].Blocklist()
    args = {"isin": word, "series": 2, "policy": kind, "default_frozen": True, "name": "Apple", "symbol": "AAPL"}
    args |= {"uri": "https://issuer.example/aapl.json", "arm_hook": False}
    call = told.program.build("create_stock", args, accounts={"signer": local_address(ISSUER)}, listing=listing)
    born = {
        "isin": bytes(word),
        "series": 2,
        "policy": "Blocklist",
        "default_frozen": True,
        "name": "Apple",
        "symbol": "AAPL",
    }
    born |= {"uri": "https://issuer.example/aapl.json", "arm_hook": False}
    told.says(call, ("StockCreated", {"mint": listing.mint} | born))
    carried = {"mint": told.listing.mint, "isin": b"US5949181052"}
    told.says(told.signed("set_isin", ISSUER, list(b"US5949181052")), ("IsinChanged", carried))
    label, name = told.program.type["Label"], "Microsoft Corporation"
    described = {"mint": told.listing.mint, "label": "Name", "text": name}
    told.says(told.signed("describe_stock", ISSUER, label.Name(), name), ("StockDescribed", described))
    uri = "https://issuer.example/notice"
    subject = keccak(ISIN.encode() + (1).to_bytes(8, "big") + b"CHAN" + reference_word("rename"))
    notice = {"mint": told.listing.mint, "subject": subject, "document": document_hash("notice"), "uri": uri}
    notice["publisher"] = local_address(ISSUER)
    told.says(ins.PublishDocument(STOCK, "CHAN", "rename", "notice", uri), ("DocumentPublished", notice))
    told.says(ins.Pause(STOCK), ("StockStopped", {"mint": told.listing.mint, "stopped": True}))
    told.says(ins.Unpause(STOCK), ("StockStopped", {"mint": told.listing.mint, "stopped": False}))
    told.says(ins.Halt(), ("FleetStopped", {"halted": True}))
    rest = [AccountMeta(told.listing.mint, False, True)]
    call = told.program.build("pause_halted", accounts={}, rest=rest)
    told.says(call, ("StocksHalted", {"mints": [told.listing.mint]}), by="anyone")
    told.says(ins.Unhalt(), ("FleetStopped", {"halted": False}))


def of_the_market(told: Told) -> None:
    """Mints and redemptions, the stop of both, and the assets that settle them."""
    told.back()
    told.ledger.investors.prepare(told.listing, "alice")
    asset = told.suite.stablecoin
    for order, name, quote in ((ins.Mint, "Minted", "one"), (ins.Redeem, "Redeemed", "two")):
        said = {
            "mint": told.listing.mint,
            "account": local_address("alice"),
            "amount": units(7).value,
            "settlement_mint": asset,
            "settlement": coins(21).value,
            "quote": document_hash(f"quote {quote}"),
        }
        terms = told.quote(id="0x" + document_hash(f"quote {quote}").hex())
        told.says(order(STOCK, "alice", units(7), coins(21), terms), (name, said))
    told.says(ins.PauseMarket(), ("MarketStopped", {"stopped": True}))
    told.says(ins.UnpauseMarket(), ("MarketStopped", {"stopped": False}))
    for listed in (False, True):
        call = list_asset(told.program, local_address(ISSUER), asset, told.suite.treasury, listed)
        told.says(call, ("AssetListed", {"mint": asset, "treasury": told.suite.treasury, "listed": listed}))


def of_the_treasury(told: Told) -> None:
    """To whom it pays, and what it paid."""
    coin, account = told.suite.stablecoin, open_account(told, DESK)
    said = {"mint": coin, "account": account}
    told.heard = []
    told.says(ins.SetCustodian("stablecoin", DESK, coins(5)), ("CustodianSet", said | {"daily": 5 * 10**6}))
    told.apply(ins.FundStablecoin(TREASURY, coins(9)))
    paid = said | {"amount": 3 * 10**6, "key": WORD}
    told.says(ins.WithdrawTreasury("stablecoin", coins(3), key=KEY), ("TreasuryWithdrawn", paid))


def of_the_register(told: Told) -> None:
    """Investors and their wallets."""
    erin = {"investor": investor_id("erin")}
    retail = {"country": 840, "class_": "Retail", "expiry": LATER, "key": WORD}
    linked = erin | {"holder": local_address("erin"), "key": WORD}
    order = ins.Onboard("erin", "erin", 840, "retail", LATER, key=KEY)
    told.says(order, ("InvestorSet", erin | retail), ("WalletLinked", linked))
    word, key = b"\x4c" * 32, "0x" + "4c" * 32
    renewed = erin | retail | {"expiry": LATER + DAY, "key": word}
    told.says(ins.Renew("erin", LATER + DAY, key=key), ("InvestorSet", renewed))
    word, key = b"\x4d" * 32, "0x" + "4d" * 32
    moved = erin | {"country": 276, "class_": "Professional", "expiry": LATER + DAY, "key": word}
    told.says(ins.SetProfile("erin", 276, "professional", key=key), ("InvestorSet", moved))
    word, key = b"\x4e" * 32, "0x" + "4e" * 32
    second = {"holder": local_address("frank"), "key": word}
    told.says(ins.LinkWallet("erin", "frank", key=key), ("WalletLinked", erin | second))
    word, key = b"\x4f" * 32, "0x" + "4f" * 32
    left = {"holder": local_address("frank")} | PAPER | {"key": word}
    told.says(ins.UnlinkWallet("erin", "frank", 7, "court order", key=key), ("WalletUnlinked", erin | left))


def of_attestations(told: Told) -> None:
    """KYC providers, and whom they let in."""
    key, word = local_address("kyc"), (5).to_bytes(32, "big")
    told.says(ins.SetProvider("kyc", 3), ("ProviderSet", {"provider": key, "limit": 3, "entered": 0}))
    gina = {"investor": investor_id("gina")}
    entry = {"country": 276, "class_": "Professional", "expiry": LATER, "key": word}
    told.says(
        ins.OnboardAttested("gina", "gina", 276, "professional", LATER, ins.AttestationTerms(5, LATER, "kyc")),
        ("Attested", gina | {"provider": key, "nonce": word}),
        ("InvestorSet", gina | entry),
        ("WalletLinked", gina | {"holder": local_address("gina"), "key": word}),
    )
    told.says(ins.SetProvider("kyc", 4), ("ProviderSet", {"provider": key, "limit": 4, "entered": 1}))
    nonce = (6).to_bytes(32, "big")
    told.says(ins.CancelAttestation("kyc", 6), ("AttestationCancelled", {"provider": key, "nonce": nonce}))
    why = {"reason": 7, "document": document_hash("court order")}
    told.says(ins.DropProvider("kyc", 7, "court order"), ("ProviderDropped", {"provider": key} | why))


def of_enforcement(told: Told) -> None:
    """Blocks, holds, and what is frozen and thawed by them."""
    bob = {"investor": investor_id("bob")}
    account = {"mint": told.listing.mint, "holder": local_address("bob"), "account": told.owned("bob")}
    frozen, thawed = (("AccountFrozen", account | {"frozen": one}) for one in (True, False))
    told.heard = []
    told.ledger.investors.prepare(told.listing, "bob")
    told.hears(thawed)
    blocked = bob | PAPER | {"blocked": True}
    at_once = {"holder": account["holder"], "accounts": [account["account"]]}
    told.says(ins.Block("bob", 7, "court order", key=KEY), ("InvestorBlocked", blocked), ("AccountsFrozen", at_once))
    word, key = b"\x4c" * 32, "0x" + "4c" * 32
    freed = bob | PAPER | {"blocked": False, "reason": 8, "key": word}
    told.says(ins.Unblock("bob", 8, "court order", key=key), ("InvestorBlocked", freed))
    told.ledger.investors.prepare(told.listing, "bob")
    pairs = [AccountMeta(told.listing.mint, False, False), AccountMeta(told.owned("bob"), False, True)]
    word, key = b"\x5a" * 32, "0x" + "5a" * 32
    register = told.ledger.investors
    pages, register.first_pages = register.first_pages, lambda *_: []  # type: ignore[method-assign]
    crank, register.crank_all = register.crank_all, lambda _: None  # type: ignore[method-assign]
    told.says(ins.Block("bob", 7, "court order", key=key), ("InvestorBlocked", blocked | {"key": word}))
    register.first_pages, register.crank_all = pages, crank  # type: ignore[method-assign]
    wallet = local_address("bob")
    named = {
        "holder": wallet,
        "wallet": told.program.at.wallet(wallet),
        "investor": told.program.at.investor(investor_id("bob")),
    }
    page = told.program.build("freeze_page", accounts=named, rest=pairs)
    told.says(page, ("AccountsFrozen", {"holder": wallet, "accounts": [told.owned("bob")]}), by="anyone")
    told.apply(ins.Unblock("bob", 8, "court order", key="0x" + "5b" * 32))
    told.heard = []
    told.ledger.investors.prepare(told.listing, "bob")
    held = account | PAPER
    for number, wished in enumerate((True, False)):
        word, key = bytes([0x50 + number]) * 32, "0x" + f"{0x50 + number:x}" * 32
        change = ("HoldChanged", held | {"held": wished, "key": word})
        told.says(ins.Freeze(STOCK, "bob", wished, 7, "court order", key=key), change, *([] if wished else [thawed]))
    told.says(ins.Renew("bob", told.now() + 1, key="0x" + "52" * 32), ("InvestorSet", of_bob(told.now() + 1, b"\x52")))
    told.wait(1)
    told.heard = []
    assert told.ledger.investors.crank(STOCK, "bob")
    told.hears(frozen)


def of_bob(expiry: int, key: bytes) -> dict[str, Any]:
    """The investor as the world began with it."""
    return {"investor": investor_id("bob"), "country": 840, "class_": "Retail", "expiry": expiry, "key": key * 32}


def of_actions(told: Told) -> None:
    """Announced, scheduled, cancelled and applied; a dividend of 2 at 50 less 15 % joins a split of 3:2."""
    told.back()
    mint, at = told.listing.mint, told.now() + 3 * DAY
    ex, ex_at, gross, price = date(2001, 9, 12), at - 3_600, Wad(2 * WAD), Wad(50 * WAD)

    def named(code: str) -> dict[str, Any]:
        return {
            "mint": mint,
            "id": bytes(keccak(ISIN.encode() + (1).to_bytes(8) + code.encode() + reference_word("r"))),
        }

    common = {"reference": reference_word("r"), "ex": 20010912, "ex_at": ex_at, "effective_at": at}
    terms = {"pay": 0, "buy": 0, "num": 3, "den": 2, "gross": 0}
    order = ins.Announce(STOCK, "SPLF", "r", ex, at, 3, 2, ex_at=ex_at)
    told.says(order, ("ActionAnnounced", named("SPLF") | {"code": b"SPLF"} | common | terms))
    terms = {"pay": at + 5 * DAY, "buy": at + 6 * DAY, "num": 0, "den": 0, "gross": gross}
    order = ins.Announce(STOCK, "DRIP", "r", ex, at, gross=gross, pay=at + 5 * DAY, buy=at + 6 * DAY, ex_at=ex_at)
    told.says(order, ("ActionAnnounced", named("DRIP") | {"code": b"DRIP"} | common | terms))
    nothing = {"price": 0, "withheld": 0, "net": 0}
    split = ONE | {"num": 3, "den": 2}
    change = {"current": ONE, "next": split, "effective_at": at}
    told.says(ins.Schedule(STOCK, "SPLF", "r"), ("ActionScheduled", named("SPLF") | nothing | change))
    withheld = gross * 15 // 100
    both = split | {"index": law.next_index(Wad(WAD), price, Wad(gross - withheld))}
    struck = {"price": price, "withheld": withheld, "net": gross - withheld}
    change = {"current": ONE, "next": both, "effective_at": at}
    told.says(ins.Schedule(STOCK, "DRIP", "r", price), ("ActionScheduled", named("DRIP") | struck | change))
    cancelled = {"reason": 7, "document": document_hash("board")}
    told.says(ins.Cancel(STOCK, "DRIP", "r", 7, "board"), ("ActionCancelled", named("DRIP") | cancelled))
    told.ledger.advance_to(at)
    call = told.signed("apply_multiplier", "anyone")
    told.says(call, ("MultiplierApplied", {"mint": mint, "current": split, "generation": 1}), by="anyone")
    # What took effect is told by the schedule that folds it, too.
    told.ledger.advance_to(told.dividend(reference="first"))
    at = told.now() + 3 * DAY
    told.apply(ins.Announce(STOCK, "DRIP", "second", ex_of(at), at, gross=WAD, pay=at))
    told.heard = []
    told.apply(ins.Schedule(STOCK, "DRIP", "second", Wad(25 * WAD)))
    applied, (name, _) = told.heard
    risen = split | {"index": law.next_index(Wad(WAD), Wad(25 * WAD), Wad(WAD * 85 // 100))}
    assert name == "ActionScheduled"
    assert applied == ("MultiplierApplied", {"mint": mint, "current": risen, "generation": 2})


def of_the_reserve(told: Told) -> None:
    """How it is judged, what was attested, its ceilings and its basis."""
    mint = {"mint": told.listing.mint}
    ceilings = {"own": shares(900).to_wad(), "others": shares(40).to_wad(), "counter": 0}
    judged = mint | {"max_age": 7 * DAY, "margin_bps": 25}
    order = ins.ConfigureReserve(STOCK, 7 * DAY, 25, shares(900), shares(40))
    told.says(order, ("ReserveConfigured", judged | {"ceilings": ceilings}))
    ceilings = ceilings | {"own": shares(800).to_wad(), "others": shares(50).to_wad()}
    told.says(ins.SetCeiling(STOCK, shares(800), shares(50)), ("CeilingSet", mint | {"ceilings": ceilings}))
    nonce = int(told.stored(told.listing.reserve).nonce)
    ceilings = ceilings | {"own": shares(700).to_wad(), "others": shares(60).to_wad()}
    paper = {"shares": shares(1_000).to_wad(), "as_of": told.now(), "counter": 0}
    order = ins.AttestReserve(STOCK, shares(1_000), None, shares(700), shares(60))
    said = mint | {"attestation": paper, "ceilings": ceilings, "nonce": nonce}
    told.says(order, ("ReserveAttested", said))
    for counter, confirmed in ((1, False), (2, True)):
        told.ledger.advance_to(told.split(3, 2, f"split {counter}"))
        basis = {"num": 3**counter, "den": 2**counter, "counter": counter}
        if confirmed:
            told.apply(ins.AttestReserve(STOCK, shares(2_250)))
        order = ins.ConfirmBasis(STOCK) if confirmed else ins.SetBasis(STOCK)
        # This chain's ceiling counts in the new basis from then on, rounded down, and the others' rounded up.
        own, others = (shares(one * 3**counter // 2**counter) for one in (700, 60))
        ceilings = {"own": own.to_wad(), "others": others.to_wad(), "counter": counter}
        told.says(order, ("BasisConfirmed", mint | {"basis": basis, "ceilings": ceilings}))


def of_repairs(told: Told) -> None:
    """An index corrected, a pair folded, and a mint made to show what is kept."""
    mint, why = told.listing.mint, {"reason": 7, "document": document_hash("minutes")}

    def repaired(code: str, before: dict[str, int], after: dict[str, int], at: int) -> Event:
        word = reference_word("r")
        name = {"id": bytes(keccak(ISIN.encode() + (1).to_bytes(8) + code.encode() + word)), "reference": word}
        terms = {"before": before, "after": after, "effective_at": at}
        return ("MultiplierRepaired", {"mint": mint} | name | terms | why)

    at, index = told.now() + 2 * DAY, Wad(WAD * 3 // 4)
    corrected = ONE | {"index": index}
    told.says(ins.Correct(STOCK, "r", index, at, 7, "minutes"), repaired("CORR", ONE, corrected, at))
    told.ledger.advance_to(at)
    told.ledger.advance_to(told.split(4, 3))
    order = ins.Fold(STOCK, "r", Wad(WAD), 1, 1, 7, "minutes")
    applied = ("MultiplierApplied", {"mint": mint, "current": corrected | {"num": 4, "den": 3}, "generation": 2})
    told.says(order, applied, repaired("FOLD", corrected | {"num": 4, "den": 3}, ONE, told.now() + 1))
    told.wait(1)
    drift(told)
    shown = {"shown_current": law.f64_bits(5 * WAD), "shown_next": law.f64_bits(WAD)}
    kept = {"mint": mint, "current": ONE, "generation": 3, "effective_at": 0}
    told.says(told.signed("resync_multiplier", ISSUER), ("MultiplierResynced", kept | shown))


def of_the_timelock(told: Told) -> None:
    """Who schedules and who cancels; an operation that is carried out, and one that is cancelled."""
    at, people = told.program.at, {name: local_address(name) for name in ("proposer", "canceller")}
    call = set_timelock(told, ISSUER, DELAY, *people)
    told.says(call, ("TimelockSet", {"delay": DELAY} | people))
    delayed, operation = Delayed(told), at.operation(delayed_world.KEY)
    told.send([told.signed("offer_role", ISSUER, told.role("Admin"), at.admin)], ISSUER)
    inner = delayed.signed("accept_role", told.role("Admin"))
    told.heard = []
    for executed, by in ((False, "canceller"), (True, "anyone")):
        told.heard = []
        told.send([delayed.schedule(inner)], "proposer")
        ((name, said),) = told.heard
        call = said.pop("call")
        assert call["accounts"] == [
            {"account": one.pubkey, "signs": one.is_signer, "written": one.is_writable} for one in inner.accounts
        ]
        assert (name, said) == ("OperationScheduled", {"operation": operation, "ready_at": told.now() + DELAY})
        assert bytes(call["data"]) == bytes(inner.data)
        told.names.add(name)
        ended = ("OperationEnded", {"operation": operation, "executed": executed, "by": local_address(by)})
        if executed:
            told.wait(DELAY)
            taken = ("RoleTaken", {"role": "Admin", "from_": local_address(ISSUER), "to": at.admin})
            told.says(delayed.execute(inner), taken, ended, by=by)
        else:
            told.says(delayed.call("cancel_operation", by=by), ended, by=by)


def of_forced_actions(told: Told) -> None:
    """Units taken from their holders, and a lost wallet's successor."""
    told.back()
    told.mint("alice", 10)
    told.ledger.investors.prepare(told.listing, "bob")
    alice, bob, heir, nobody = *map(local_address, ("alice", "bob", "alice2")), Pubkey.default()
    said = {
        "mint": told.listing.mint,
        "holder": alice,
        "account": told.owned("alice"),
        "amount": units(3).value,
        **PAPER,
    }
    given = {"to": bob, "to_account": told.owned("bob")}
    order = ins.ForcedTransfer(STOCK, "alice", "bob", units(3), 7, "court order", key=KEY)
    told.says(order, ("UnitsTaken", said | given))
    other = "0x" + "4c" * 32
    burn = ins.ForcedBurn(STOCK, "alice", units(3), 7, "court order", key=other)
    told.says(burn, ("UnitsTaken", said | {"to": nobody, "to_account": nobody, "key": b"\x4c" * 32}))
    last = "0x" + "4d" * 32
    paper = PAPER | {"key": b"\x4d" * 32}
    told.ledger.investors.open(told.listing, "alice2")
    lost = ins.RecoverWallet("alice", "alice", "alice2", 7, "court order", (STOCK,), key=last)
    moved = said | paper | {"to": heir, "to_account": told.owned("alice2"), "amount": units(4).value}
    recovered = {"investor": told.program.at.investor(investor_id("alice")), "old": alice, "new": heir}
    told.says(lost, ("UnitsTaken", moved), ("WalletRecovered", recovered | paper))
    empty = {"amount": 0, "reason": 0, "document": bytes(32), "key": bytes(32)}
    told.says(ins.RecoverIn("alice", (STOCK,)), ("UnitsTaken", moved | empty))


def of_bound_units(told: Told) -> None:
    """Units frozen in part, locked, released, seized out of the vault, and fetched for a successor."""
    told.back()
    told.mint("alice", 10)
    told.ledger.investors.prepare(told.listing, "bob")
    at, listing, alice = told.program.at, told.listing, local_address("alice")
    said = {"mint": listing.mint, "holder": alice, "vault": at.vault(listing.stock, alice), "frozen": units(3).value}
    until = told.now() + DAY
    key = lambda number: "0x" + f"{number:02x}" * 32  # noqa: E731
    paper = lambda number: PAPER | {"key": bytes([number]) * 32}  # noqa: E731
    none = [{"until": 0, "amount": 0}] * 3
    running = {"tranches": [{"until": until, "amount": units(2).value}, *none]}
    nothing = {"tranches": [{"until": 0, "amount": 0}, *none]}
    why = (7, "court order")
    frozen = ins.SetFrozenTokens(STOCK, "alice", units(3), *why, key=key(1))
    told.says(frozen, ("UnitsBound", said | nothing | paper(1)))
    lock = ins.Lock(STOCK, "alice", units(2), until, *why, key=key(2))
    told.says(lock, ("UnitsBound", said | running | paper(2)))
    told.says(ins.ReleaseLocks(STOCK, "alice", *why, key=key(3)), ("UnitsBound", said | nothing | paper(3)))
    told.says(replace(lock, key=key(4)), ("UnitsBound", said | running | paper(4)))
    told.wait(DAY)
    unsaid = {"reason": 0, "document": bytes(32), "key": bytes(32)}
    told.says(release_ended(told.ledger, STOCK, "alice"), ("UnitsBound", said | nothing | unsaid))
    taken = {"mint": listing.mint, "holder": alice, "to": local_address("bob"), "to_account": told.owned("bob")}
    first = taken | paper(5) | {"account": told.owned("alice"), "amount": units(7).value}
    second = taken | paper(5) | {"account": said["vault"], "amount": units(1).value}
    left = said | nothing | {"frozen": units(2).value}
    seize = ins.ForcedTransfer(STOCK, "alice", "bob", units(8), *why, key=key(5))
    told.says(seize, ("UnitsTaken", first), ("UnitsTaken", second), ("UnitsBound", left | paper(5)))
    burn = ins.ForcedBurn(STOCK, "alice", units(1), *why, key=key(6))
    gone = second | paper(6) | {"to": Pubkey.default(), "to_account": Pubkey.default()}
    left |= {"frozen": units(1).value}
    told.says(burn, ("UnitsTaken", gone), ("UnitsBound", left | paper(6)))
    told.apply(ins.RecoverWallet("alice", "alice", "alice2", *why))
    heir = local_address("alice2")
    *_, fetch = told.ledger.calls(ins.RecoverIn("alice", (STOCK,)))
    given = left | unsaid | {"holder": heir, "vault": at.vault(listing.stock, heir)}
    told.says(fetch, ("UnitsBound", left | unsaid | {"frozen": 0}), ("UnitsBound", given))


def of_holder_limits(told: Told) -> None:
    """Rules, limits, and seats that are taken and freed."""
    mint, alice = told.listing.mint, told.program.at.investor(investor_id("alice"))
    rules = ins.SetStockRules(STOCK, StockRules(frozenset({"retail"}), Countries.only([840])))
    bits = (1 << 840).to_bytes(128, "little")
    told.says(rules, ("RulesChanged", {"mint": mint, "classes": 1, "countries": bits}))
    limits = ins.SetHolderLimits(STOCK, HolderLimits(5, units(9), units(0)))
    told.says(limits, ("LimitsChanged", {"mint": mint, "most": 5, "maximum": units(9).value}))
    told.ledger.investors.open(told.listing, "alice")
    thaw = told.ledger.investors.crank_call("thaw", told.listing, "alice")
    seat = {"mint": mint, "investor": alice}
    opened = {"mint": mint, "holder": local_address("alice"), "account": told.owned("alice"), "frozen": False}
    told.says(thaw, ("SeatChanged", seat | {"taken": True, "seats": 1}), ("AccountFrozen", opened))
    told.says(free_seat(told, "alice", "alice"), ("SeatChanged", seat | {"taken": False, "seats": 0}))


def of_sanctions(told: Told) -> None:
    """Who signs lists, a list, whom it names and whom not, and a block that is lifted."""
    at, oracle, mallory = told.program.at, local_address("lister"), local_address("mallory")
    tree, now = ListTree([bytes(mallory), bytes(local_address("bob"))]), told.now()
    told.says(ins.SetSanctionsOracle("lister"), ("SanctionsOracleSet", {"oracle": oracle}))
    terms = {"serial": 4, "issued": now, "expiry": now + DAY}
    publish = ins.PublishList(f"0x{tree.root.hex()}", **terms, oracle="lister")
    told.says(publish, ("SanctionsListPublished", {"oracle": oracle, "root": tree.root} | terms))
    why = {"blocked": True, "reason": 65_535, "document": tree.root, "key": bytes(32)}

    def looked_up(name: str) -> ins.Screen:
        return ins.Screen((name,), gaps=(tree.gap(bytes(local_address(name))).named(),))

    def answer(name: str, listed: bool) -> Event:
        return "SanctionsAnswer", {"holder": local_address(name), "listed": listed, "root": tree.root}

    told.says(looked_up("mallory"), ("WalletBlocked", {"holder": mallory} | why), answer("mallory", True))
    told.says(looked_up("bob"), ("InvestorBlocked", {"investor": investor_id("bob")} | why), answer("bob", True))
    told.says(looked_up("bob"))
    told.says(looked_up("alice"), answer("alice", False))
    kept = plain(told.stored(at.unlisted(local_address("alice"))))
    assert (kept["holder"], kept["root"]) == (local_address("alice"), tree.root)
    freed = ins.UnblockWallet("mallory", 7, "court order", key=KEY)
    told.says(freed, ("WalletBlocked", {"holder": mallory, "blocked": False, "key": WORD} | PAPER))
    told.says(ins.SuspendSanctionsOracle(), ("SanctionsOracleSuspended", {"oracle": oracle}))


SUBJECTS: tuple[Callable[[Told], None], ...] = (
    of_the_issuer,
    of_the_fleet,
    of_the_market,
    of_the_treasury,
    of_the_register,
    of_attestations,
    of_enforcement,
    of_forced_actions,
    of_bound_units,
    of_holder_limits,
    of_sanctions,
    of_actions,
    of_the_reserve,
    of_repairs,
    of_the_timelock,
)


@cache
def heard(subject: Callable[[Told], None]) -> frozenset[str]:
    """The names of what was said of a subject, each event looked at whole."""
    told = Told.with_holders(rules=Rules(withholding_bps=1_500))
    assert isinstance(told, Told)
    told.heard = []
    subject(told)
    return frozenset(told.names)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.__name__)
def test_an_event_says_all_of_what_happened(subject: Callable[[Told], None]) -> None:
    assert heard(subject)


def test_no_event_is_left_out() -> None:
    _, program = fresh()
    assert frozenset[str]().union(*map(heard, SUBJECTS)) == {one["name"] for one in program.idl["events"]}
