"""Operations on Solana as plans: what they put into a transaction, what they leave for the next, what they refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from solana_network_world import START, SolanaNetworkWorld, deployed_solana_world
from solders.transaction import Transaction

from scrip import flows
from scrip import instructions as ins
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError, InputErrors, ScripError
from scrip.inputs.batch import Batch, Link, Newcomer, Renewal
from scrip.manifest.model import Account, Manifest
from scrip.plan import Plan
from scrip.plan.draft import Reason
from scrip.solana.addresses import local_address
from scrip.solana.build import Build
from scrip.solana.encoding import loader, tokens
from scrip.units import RawUnits, Shares, Stablecoin

DAY = 86_400
YEAR = 365 * DAY
OWNERS = ("owner-1", "owner-2", "owner-3")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("operations")) as found:
        found.mark()
        yield found


@pytest.fixture
def world(built: SolanaNetworkWorld) -> SolanaNetworkWorld:
    """As it was deployed, for each test."""
    built.back()
    return built


@pytest.fixture
def network(world: SolanaNetworkWorld) -> SolanaNetwork:
    return world.open()


def done(world: SolanaNetworkWorld, flow: Callable[..., Plan], *asked: object, **named: object) -> Plan:
    """Plan it as the next command would, and carry it out."""
    plan = flow(world.open(), *asked, **named)
    world.run(plan)
    return plan


def batch(name: str, *rows: object) -> Batch:
    return Batch(f"{name}.csv", name, tuple(enumerate(rows, start=2)))


def newcomer(investor: str, account: str, expiry: int = START + YEAR) -> Newcomer:
    return Newcomer(investor, str(local_address(account)), 756, "professional", expiry)


def frozen(network: SolanaNetwork, stock: str, account: str) -> bool:
    ledger = network.ledger()
    held = tokens.holding(network.chain.account(ledger.units(ledger.listing(stock), account)))
    assert held is not None
    return held.frozen


def test_as_many_rows_as_fit_into_a_transaction(network: SolanaNetwork) -> None:
    rows = [newcomer(f"fit {n}", f"fit {n}") for n in range(8)]
    plan = flows.investors.onboard(network, batch("fit", *rows))
    assert [step.name for step in plan.steps] == ["rows 1-3", "rows 4-6", "rows 7-8"]
    payer = network.keys.signer("compliance-desk")
    chain = replace(network.chain, payer=network.chain.rich(payer))
    first, second = plan.steps[:2]
    assert len(Transaction.from_bytes(chain.prepare(first.calls, [payer]).signed).message.instructions) == 5
    assert chain.fits(first.calls, payer.pubkey())
    assert not chain.fits((*first.calls, second.calls[0]), payer.pubkey())


def test_a_file_is_held_against_what_stands(world: SolanaNetworkWorld, network: SolanaNetwork) -> None:
    done(world, flows.investors.onboard, batch("known", newcomer("known", "known")))
    wrong = [
        newcomer("known", "known", START + 2 * YEAR),
        newcomer("somebody", "known"),
        newcomer("known", "not its wallet"),
    ]
    for row, told in zip(wrong, ("another record", "another investor", "is not this investor's"), strict=True):
        with pytest.raises(InputErrors, match=told) as refused:
            flows.investors.onboard(network, batch("wrong", newcomer("fresh", "fresh"), row))
        assert (refused.value.file, refused.value.line) == ("wrong.csv", 3)
    assert not flows.investors.onboard(network, batch("again", newcomer("known", "known"))).steps
    for what, row in (
        (flows.investors.renew, Renewal("nobody", START + YEAR)),
        (flows.investors.link, Link("nobody", "x")),
    ):
        with pytest.raises(ScripError, match=r"is not in the registry|is no account"):
            what(network, batch("nobody", row))
    done(world, flows.investors.onboard, batch("other", newcomer("other", "other")))
    with pytest.raises(InputErrors, match="another investor"):
        flows.investors.link(world.open(), batch("taken", Link("known", str(local_address("other")))))


def test_a_block_freezes_all_that_its_investor_holds(world: SolanaNetworkWorld) -> None:
    """Three wallets in two stocks: all six accounts fit into the block's own transaction, a page a wallet."""
    done(world, flows.investors.onboard, batch("holder", newcomer("holder", "owner-1")))
    others = [Link("holder", str(local_address(name))) for name in OWNERS[1:]]
    done(world, flows.investors.link, batch("wallets", *others))
    ledger = world.open().ledger()
    assert ledger.investors.wallets_of("holder") == sorted(str(local_address(name)) for name in OWNERS)
    for stock in ("MSFT", "AAPL"):
        for name in OWNERS:
            ledger.investors.prepare(ledger.listing(stock), name)
            assert not frozen(world.open(), stock, name)
    plan = done(world, flows.investors.block, "holder", Reason(3, "order-1"))
    assert [step.function for step in plan.steps] == ["block holder"]
    assert all(frozen(world.open(), stock, name) for stock in ("MSFT", "AAPL") for name in OWNERS)
    assert not flows.investors.block(world.open(), "holder", Reason(3, "order-1")).steps
    done(world, flows.investors.unblock, "holder", Reason(3, "order-2"))
    with pytest.raises(InputError, match="names an operation that did this before"):
        flows.investors.block(world.open(), "holder", Reason(3, "order-1"))


def test_who_lapsed_is_frozen_by_whoever_asks(world: SolanaNetworkWorld) -> None:
    done(world, flows.investors.onboard, batch("lapsing", newcomer("lapsing", "duty-officer", START + 30 * DAY)))
    ledger = world.open().ledger()
    ledger.investors.prepare(ledger.listing("MSFT"), "duty-officer")
    assert not flows.investors.push(world.open(), "lapsing").steps
    done(world, partial(flows.investors.renew, lapsed=True), batch("earlier", Renewal("lapsing", START - DAY)))
    assert not frozen(world.open(), "MSFT", "duty-officer")
    assert len(done(world, flows.investors.push, "lapsing", "duty-officer").steps) == 1
    assert frozen(world.open(), "MSFT", "duty-officer")


def test_a_hold_freezes_what_a_wallet_has_beside_its_canonical_account(
    network: SolanaNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the next transactions: the hold's own names the canonical one alone."""
    views, other = network.views(), local_address("another account")
    ledger, name = views.ledger, str(local_address("owner-1"))
    held, elsewhere = ledger.listing("MSFT"), ledger.listing("AAPL")
    thawed = [(held, name, ledger.units(held, name)), (held, name, other), (elsewhere, name, other)]
    monkeypatch.setattr(ledger.investors, "thawed", lambda wallets: thawed if list(wallets) == [name] else [])
    steps = views.consequences(ins.Freeze("MSFT", name, True, 4, "order"), "enforcer")
    assert [(step.function, step.sender) for step in steps] == [("freeze", "enforcer")]
    assert str(other) in steps[0].title
    assert any(meta.pubkey == other and meta.is_writable for meta in steps[0].calls[0].accounts)
    assert views.consequences(ins.Freeze("MSFT", name, False, 4, "order"), "enforcer") == []


def test_an_enforcer_holds_a_wallet_that_has_no_account(world: SolanaNetworkWorld) -> None:
    done(world, flows.investors.onboard, batch("enforced", newcomer("enforced", "custodian")))
    plan = done(world, flows.enforcement.freeze, "AAPL", "custodian", True, Reason(4, "order-9"))
    assert len(plan.steps[0].calls) == 1
    ledger = world.open().ledger()
    ledger.investors.prepare(ledger.listing("AAPL"), "custodian")
    assert frozen(world.open(), "AAPL", "custodian")
    done(world, flows.enforcement.freeze, "AAPL", "custodian", False, Reason(4, "order-10"))
    ledger.investors.prepare(ledger.listing("AAPL"), "custodian")
    assert not frozen(world.open(), "AAPL", "custodian")


def test_a_splits_basis_is_confirmed_by_the_attestations_around_it(
    world: SolanaNetworkWorld, network: SolanaNetwork
) -> None:
    done(world, flows.reserve.attest, "AAPL", Shares.of(100))
    at = START + 4 * DAY + 23_400
    order = ins.Announce("AAPL", "SPLF", "basis", date(2027, 1, 19), at, 2, 1)
    done(world, flows.actions.announce, order)
    with pytest.raises(InputError, match="with other terms"):
        flows.actions.announce(network, replace(order, num=3))
    done(world, flows.actions.schedule, ins.Schedule("AAPL", "SPLF", "basis"))
    assert flows.reserve.confirm_basis(network, "AAPL", "deployer").same
    world.pass_time(5 * DAY)
    assert flows.actions.show(network, "AAPL", "SPLF", "basis").status == "effective"
    done(world, flows.reserve.attest, "AAPL", Shares.of(200), basis=ins.Basis(2, 1, 1))
    plan = done(world, flows.reserve.confirm_basis, "AAPL", "deployer")
    assert len(plan.steps) == 1
    sheet = flows.fleet.show(world.open(), "AAPL").facts
    assert (sheet["split factor"], sheet["ceiling"]) == ("2:1", "1000000 shares")
    assert sheet["attestation"].endswith("fresh")
    with pytest.raises(InputError, match="is effective"):
        flows.actions.cancel(world.open(), ins.Cancel("AAPL", "SPLF", "basis", 1, "doc"))


def test_a_quote_is_for_one_account_of_one_chain(
    world: SolanaNetworkWorld, network: SolanaNetwork, tmp_path: Path
) -> None:
    done(world, flows.investors.onboard, batch("holder", newcomer("holder", "owner-1")))
    asked = ("mint", "MSFT", "owner-1", RawUnits(5 * 10**18, 18), Stablecoin.parse("5"), "q-1", 300)
    quote = flows.market.draft(network, *asked)
    assert quote.amount == "5"
    file = tmp_path / "quote.json"
    flows.market.sign_into(network, quote, file)
    for sender, told in (("owner-2", "is not the quote's account"), ("nobody", "is no account of the manifest")):
        with pytest.raises(InputError, match=told):
            flows.market.submit_file(network, file, "mint", sender)
    with pytest.raises(InputError, match="is to mint"):
        flows.market.submit_file(network, file, "redeem", "owner-1")
    text = file.read_text()
    for old, new, told in (
        (network.genesis, "0x" + "00" * 32, "is of genesis"),
        ('"amount": "5"', '"amount": "6"', "is not the signer's"),
        ('"schema": 1', '"schema": 2', "this version reads"),
        ('"signature": "0x', '"signature": "0xzz', "is not hexadecimal"),
        ("{", "[", "is no quote"),
    ):
        file.write_text(text.replace(old, new, 1))
        with pytest.raises(InputError, match=told):
            flows.market.submit_file(network, file, "mint", "owner-1")
    for changes, told in (
        ({3: RawUnits(1, 18)}, "does not convert exactly"), ({3: RawUnits(0, 18)}, "is 0"),
        ({3: RawUnits(10**24, 18)}, "limits.max_mint"), ({5: ""}, "is missing"), ({6: 0}, "is not between"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=told):
            flows.market.draft(network, *(changes.get(place, one) for place, one in enumerate(asked)))


def with_account(manifest: Manifest, name: str, account: Account) -> Manifest:
    return manifest.model_copy(update={"accounts": {**manifest.accounts, name: account}})


def test_another_program_than_the_built_one_is_refused(network: SolanaNetwork) -> None:
    found = loader.deployed(network.chain, network.program)
    assert network.keys.name(found.authority) == "timelock"
    with pytest.raises(InputError, match="another program than this build's: solana program deploy"):
        loader.check_code(replace(found, code=found.code[:-1] + b"\7"), Build().note)
    padded = replace(found, code=found.code + bytes(64))
    loader.check_code(padded, Build().note)
    with pytest.raises(ScripError, match="is not built"):
        loader.check_code(found, Build().note.with_name("nothing.json"))


def test_roles_go_to_whom_the_manifest_says(world: SolanaNetworkWorld, network: SolanaNetwork) -> None:
    with pytest.raises(InputError, match="does not hold COMPLIANCE"):
        flows.investors.onboard(network, batch("as", newcomer("as", "as")), "actions-desk")
    for name, field, senders in (
        ("duty-officer", "pauser", ["timelock", "duty-officer"]),
        ("custodian", "attestor", ["timelock"]),
    ):
        elsewhere = with_account(world.manifest, name, Account(address=str(local_address("far away"))))
        far = SolanaNetwork.open(elsewhere, world.served.url, world.records)
        plan = far.settings("elsewhere")
        # What a split before has done to a ceiling comes first.
        assert [step.sender for step in plan.steps][-len(senders) :] == senders
        assert far.signs("timelock")
        assert not far.signs(name)
        assert (f"role {field}", name) in {(one.what, one.after) for one in plan.changes}
