"""Compute units of every instruction, seeds fixed. `python tests/solana/compute_units.py` writes the snapshot."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
from delayed_world import drift, handed_over
from solana_world import DAY, ISSUER, LATER, STOCK, World, coins, fresh, shares, units
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from treasury_world import DESK, open_account

from scrip import instructions as ins
from scrip.holder_limits import HolderLimits, StockRules
from scrip.model.laws.sanctions_list import ListTree
from scrip.model.state import Rules
from scrip.solana.addresses import TOKEN_2022, document_hash, investor_id, local_address, local_keypair, token_account
from scrip.solana.chain import Sent
from scrip.solana.deploy.suite import deploy_suite, settings_of
from scrip.solana.encoding import tokens
from scrip.solana.encoding.program import StockProgram
from scrip.solana.handlers.enforcement import release_ended
from scrip.solana.local.litesvm import TOKEN_2022_VERSION, LiteSvmChain
from scrip.units import WAD, RawUnits, Wad

SNAPSHOT = Path(__file__).resolve().parents[1] / "snapshots/compute_units.json"
SEED = "sha256('scrip local account NAME')"


def listen(chain: LiteSvmChain, program: StockProgram, cases: dict[str, int]) -> None:
    """Note the compute units of the first transaction that carries each of the program's instructions."""
    names = {bytes(entry["discriminator"]): entry["name"] for entry in program.idl["instructions"]}
    send: Callable[..., Sent] = chain.send

    def noting(calls: Sequence[Instruction], signers: Sequence[Keypair]) -> Sent:
        sent = send(calls, signers)
        for call in calls:
            if call.program_id == program.id:
                cases.setdefault(names[bytes(call.data)[:8]], sent.compute_units)
        return sent

    chain.send = noting  # type: ignore[method-assign]


def measure() -> dict[str, int]:
    """Every case: an instruction's name → compute units of its transaction."""
    cases: dict[str, int] = {}
    chain, program = fresh()
    listen(chain, program, cases)
    deploy_suite(chain, program)
    world = World()
    listen(world.chain, world.program, cases)
    cases |= play(world)
    return dict(sorted(cases.items()))


def play(world: World) -> dict[str, int]:
    """A history that has every instruction but the first; what its cases that are no one instruction cost."""
    _investors_and_market(world)
    cases = {
        "token.transferChecked": world.transfer("alice", "bob", 1).compute_units or 0,
        "token.transferChecked.plainSameExtensions": plain_transfer(world),
    }
    _actions_and_reserve(world)
    _forced(world, cases)
    _repairs(world)
    _issuer(world)
    _sanctions(world, cases)
    _timelock(world)
    return cases


def plain_transfer(world: World) -> int:
    """A transfer of a mint that our program does not know: the same extensions, every authority a plain key."""
    mint, key = local_address("plain mint"), local_address("plain authority")
    ours, account = world.listing, world.chain.svm.get_account(world.listing.mint)
    assert account is not None
    data = (
        bytes(account.data)
        .replace(bytes(world.program.at.authority), bytes(key))
        .replace(bytes(ours.mint), bytes(mint))
    )
    world.chain.svm.set_account(mint, Account(account.lamports, data, TOKEN_2022, False, 0))
    for name in ("alice", "bob"):
        world.send([tokens.create_account(world.chain.payer.pubkey(), local_address(name), mint)])
        held, like = token_account(local_address(name), mint), world.ledger.units(ours, name)
        source = world.chain.svm.get_account(like)
        assert source is not None
        state = bytes(mint) + bytes(source.data)[32:]
        world.chain.svm.set_account(held, Account(source.lamports, state, TOKEN_2022, False, 0))
    source, target = (token_account(local_address(name), mint) for name in ("alice", "bob"))
    call = tokens.transfer(source, mint, target, local_address("alice"), 10**8, 8)
    return world.chain.send([call], [local_keypair("alice")]).compute_units


def _investors_and_market(world: World) -> None:
    apply = world.apply
    apply(ins.CreateStock(STOCK, "Microsoft", "US5949181045"))
    for name in ("alice", "bob"):
        apply(ins.Onboard(name, name, 840, "retail", LATER))
    _set_investor(world)
    _attested(world)
    world.back()
    quote = world.quote(id="measured")
    apply(ins.Mint(STOCK, "alice", units(100), coins(100), quote))
    world.redeem("alice", 1)
    world.transfer("alice", "bob", 1)
    open_account(world, DESK)
    apply(ins.SetCustodian("stablecoin", DESK, coins(5)))
    apply(ins.WithdrawTreasury("stablecoin", coins(1), key="measured"))
    apply(ins.LinkWallet("alice", "second"))
    apply(ins.UnlinkWallet("alice", "second", 1, "doc"))
    apply(ins.Block("alice", 1, "doc"))
    apply(ins.Unblock("alice", 1, "doc"))
    apply(ins.Freeze(STOCK, "alice", True, 1, "doc"))
    apply(ins.Freeze(STOCK, "alice", False, 1, "doc"))
    apply(ins.Renew("bob", world.now()))
    world.ledger.investors.crank(STOCK, "bob")
    _page(world)
    apply(ins.Renew("bob", LATER))
    world.ledger.investors.prepare(world.listing, "bob")
    apply(ins.Pause(STOCK))
    apply(ins.Unpause(STOCK))


def _attested(world: World) -> None:
    """A KYC provider lets one in, takes another attestation back, and is dropped."""
    world.apply(ins.SetProvider("kyc", 5))
    terms = ins.AttestationTerms(1, LATER, "kyc")
    world.apply(ins.OnboardAttested("erin", "erin", 276, "retail", LATER, terms))
    world.apply(ins.CancelAttestation("kyc", 2))
    world.apply(ins.DropProvider("kyc", 1, "doc"))


def _page(world: World) -> None:
    """Bob's account, which is frozen already, named in a page, and frozen in one."""
    wallet, at, mint = local_address("bob"), world.program.at, world.listing.mint
    named = {"holder": wallet, "wallet": at.wallet(wallet), "investor": at.investor(investor_id("bob"))}
    # As a transfer of the accounts of a wallet that may hold again would, before it lapses anew.
    world.apply(ins.Renew("bob", LATER))
    world.ledger.investors.prepare(world.listing, "bob")
    world.apply(ins.Renew("bob", world.now()))
    rest = [AccountMeta(one, False, False) for one in (world.listing.stock, mint)]
    rest.append(AccountMeta(world.ledger.units(world.listing, "bob"), False, True))
    world.send([world.program.build("freeze_page", accounts=named, rest=rest)])


def _set_investor(world: World) -> None:
    at, key, identity = world.program.at, bytes([7]) * 32, investor_id("alice")
    accounts = {
        "investor": at.investor(identity),
        "holder": local_address("alice"),
        "wallet": at.wallet(local_address("alice")),
        "used_key": at.key(key),
    }
    kind = world.program.type["InvestorClass"].Professional()
    call = world.signed("set_investor", ISSUER, list(key), list(identity), 276, kind, LATER, **accounts)
    world.send([call], ISSUER)


def _actions_and_reserve(world: World) -> None:
    at = world.split(2, 1)
    world.dividend(WAD, 25 * WAD, at=at)
    world.apply(ins.Cancel(STOCK, "DRIP", "dividend", 1, "doc"))
    world.ledger.advance_to(at)
    world.apply(ins.AttestReserve(STOCK, shares(2_000_000)))
    world.apply(ins.ConfirmBasis(STOCK))
    world.send([world.signed("apply_multiplier", "anyone")], "anyone")
    world.ledger.advance_to(world.split(1, 2, reference="back"))
    world.apply(ins.SetBasis(STOCK))
    world.apply(ins.SetCeiling(STOCK, shares(1_000_000)))
    for name, args in (("ui_amount", (1,)), ("raw_amount", (1,)), ("multiplier", ()), ("coverage", ())):
        world.send([world.program.build(name, *args, accounts={}, listing=world.listing)])
    quote = world.program.at.quote(document_hash("measured"))
    accounts = {"payer": local_address("alice"), "used_quote": quote}
    world.send([world.program.build("close_quote", accounts=accounts)])


def _forced(world: World, cases: dict[str, int]) -> None:
    """Units taken where both accounts are frozen and the mint is paused, the dearest case; a wallet that was lost."""
    apply = world.apply
    apply(ins.Onboard("carol", "carol", 840, "retail", LATER))
    world.ledger.investors.open(world.listing, "carol")
    apply(ins.Freeze(STOCK, "alice", True, 1, "doc"))
    apply(ins.Pause(STOCK))
    apply(ins.ForcedTransfer(STOCK, "alice", "carol", units(1), 1, "doc"))
    apply(ins.ForcedBurn(STOCK, "alice", units(1), 1, "doc"))
    apply(ins.SetFrozenTokens(STOCK, "alice", units(3), 1, "doc"))
    apply(ins.Lock(STOCK, "alice", units(2), world.now() + DAY, 1, "doc"))
    apply(ins.ReleaseLocks(STOCK, "alice", 1, "doc"))
    apply(ins.Unpause(STOCK))
    apply(ins.Freeze(STOCK, "alice", False, 1, "doc"))
    apply(ins.Lock(STOCK, "alice", units(2), world.now() + DAY, 1, "doc"))
    world.wait(DAY)
    world.send([release_ended(world.ledger, STOCK, "alice")])
    # What is bound is seized together with what is not: two transfers.
    apply(ins.Pause(STOCK))
    apply(ins.Freeze(STOCK, "alice", True, 1, "doc"))
    free = world.ledger.holding(world.listing, "alice")
    assert free is not None
    seizure = ins.ForcedTransfer(STOCK, "alice", "carol", RawUnits(free.amount + 1, 8), 1, "doc")
    (call,) = world.ledger.calls(seizure)
    cases["seize.ofTheVaultToo"] = world.send([call], ISSUER).compute_units
    apply(ins.SetFrozenTokens(STOCK, "carol", units(1), 1, "doc"))
    apply(ins.RecoverWallet("carol", "carol", "heir", 1, "doc"))
    apply(ins.RecoverIn("carol", (STOCK,), "anyone"))
    apply(ins.SetStockRules(STOCK, StockRules(frozenset({"retail"}))))
    apply(ins.SetHolderLimits(STOCK, HolderLimits(9, units(10**6), units(0))))
    apply(ins.Onboard("dave", "dave", 840, "retail", LATER))
    world.ledger.investors.prepare(world.listing, "dave")
    free = free_seat(world, "dave", "dave")
    world.send([free], ISSUER)
    apply(ins.RemoveHolderLimits(STOCK))
    apply(ins.Unpause(STOCK))
    apply(ins.Freeze(STOCK, "alice", False, 1, "doc"))


def free_seat(world: World, investor: str, wallet: str, key: bytes = bytes([8]) * 32) -> Instruction:
    """The seat of an investor with one wallet, which holds nothing, is taken."""
    at, listing = world.program.at, world.listing
    record, units_of = at.wallet(local_address(wallet)), world.ledger.units(listing, wallet)
    rest = [AccountMeta(one, False, written) for one, written in ((listing.stock, True), (listing.mint, False))]
    rest += [AccountMeta(record, False, False), AccountMeta(units_of, False, True)]
    accounts = {
        "signer": local_address(ISSUER),
        "investor": at.investor(investor_id(investor)),
        "holder": local_address("nobody"),
        "wallet": at.wallet(local_address("nobody")),
        "used_key": at.key(key),
    }
    return world.program.build("free_seat", list(key), list(investor_id(investor)), accounts=accounts, rest=rest)


def _sanctions(world: World, cases: dict[str, int]) -> None:
    """A list of a thousand, of which one is a stranger's; then a thaw and a mint of a strict issuer."""
    words = [bytes(local_address("mallory")), *(document_hash(f"listed {number}") for number in range(999))]
    tree, now = ListTree(words), world.now()
    world.apply(ins.Unpause(STOCK))
    world.apply(ins.SetSanctionsOracle("lister"))
    world.apply(ins.PublishList(f"0x{tree.root.hex()}", 1, now, now + DAY, "lister", by="anyone"))
    for name in ("mallory", "dave"):
        gap = tree.gap(bytes(local_address(name))).named()
        done = world.apply(ins.Screen((name,), "anyone", (gap,)))
        cases[f"screen.{'listed' if name == 'mallory' else 'absent'}OfAThousand"] = done.compute_units or 0
    world.apply(ins.UnblockWallet("mallory", 1, "doc"))
    settings = settings_of(Rules(strict_list=True))
    world.send([world.signed("change_settings", ISSUER, settings)], ISSUER)
    world.apply(ins.Renew("dave", now))
    world.ledger.investors.crank(STOCK, "dave")
    world.apply(ins.Renew("dave", LATER))
    thaw = world.ledger.investors.crank_call("thaw", world.listing, "dave")
    cases["thaw.ofAStrictIssuer"] = world.send([thaw]).compute_units
    world.apply(ins.AttestReserve(STOCK, shares(3_000_000)))
    world.apply(ins.FundStablecoin("dave", coins(9)))
    cases["mint.ofAStrictIssuer"] = world.mint("dave", 1).compute_units or 0
    world.send([world.signed("change_settings", ISSUER, settings | {"strict_list": False})], ISSUER)
    world.apply(ins.SuspendSanctionsOracle())


def _repairs(world: World) -> None:
    """An index corrected, a pair folded, and a mint that is made to show its multiplier again."""
    at = world.now() + DAY
    world.apply(ins.Correct(STOCK, "c", Wad(3 * WAD // 2), at, 1, "doc"))
    world.ledger.advance_to(at)
    world.ledger.advance_to(world.split(3, 2, reference="to fold"))
    world.apply(ins.SetBasis(STOCK))
    world.apply(ins.Fold(STOCK, "f", Wad(9 * WAD // 4), 1, 1, 1, "doc"))
    world.wait(1)
    drift(world)
    world.send([world.signed("resync_multiplier", ISSUER)], ISSUER)


def _timelock(world: World) -> None:
    """What is scheduled, carried out and cancelled, ADMIN handed over among it: the last of all."""
    delayed = handed_over(world)
    inner = delayed.signed("set_isin", list(b"US5949181053"))
    world.send([delayed.schedule(inner)], "proposer")
    world.send([delayed.call("cancel_operation", by="canceller")], "canceller")


def _issuer(world: World) -> None:
    role, settings = world.role("Pauser"), world.stored(world.program.at.issuer).settings
    world.send([world.signed("offer_role", ISSUER, role, local_address(ISSUER))], ISSUER)
    world.send([world.signed("accept_role", ISSUER, role)], ISSUER)
    world.send([world.signed("revoke_role", ISSUER, role, local_address(ISSUER))], ISSUER)
    world.send([world.signed("offer_role", ISSUER, role, local_address(ISSUER))], ISSUER)
    world.send([world.signed("accept_role", ISSUER, role)], ISSUER)
    fields = ("split_notice", "dividend_announce", "dividend_strike", "grace", "withholding_bps", "strict_list")
    plain = {name: getattr(settings, name) for name in fields}
    world.send([world.signed("change_settings", ISSUER, plain)], ISSUER)
    world.send([world.signed("set_isin", ISSUER, list(b"US5949181052"))], ISSUER)
    label = world.program.type["Label"]
    world.send(
        [world.signed("describe_stock", ISSUER, label.Name(), "Microsoft Corporation, as it is called now")], ISSUER
    )
    world.apply(ins.PublishDocument(STOCK, "MEET", "meeting", "notice", "https://stocks.example/notice"))
    world.apply(ins.PauseMarket())
    world.apply(ins.UnpauseMarket())
    world.apply(ins.Halt())
    rest = [AccountMeta(world.listing.mint, False, True)]
    world.send([world.program.build("pause_halted", accounts={}, rest=rest)], "anyone")
    world.apply(ins.Unhalt())


def main() -> None:
    """Write the snapshot."""
    content = {"schema": 1, "token_2022": TOKEN_2022_VERSION, "seed": SEED, "cases": measure()}
    SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
    partial = SNAPSHOT.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")
    partial.replace(SNAPSHOT)


if __name__ == "__main__":
    main()
