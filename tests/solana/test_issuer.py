"""The issuer: initialisation that nobody can front-run, roles in two steps, settings with floors."""

from __future__ import annotations

import pytest
from solana_world import ISSUER, START, STOCK, World, coins, fresh, shares, units
from solders.account import Account
from solders.pubkey import Pubkey

from scrip.instructions.market import Mint, PauseMarket, UnpauseMarket
from scrip.instructions.reserve import AttestReserve
from scrip.solana.addresses import local_address
from scrip.solana.chain import Failed
from scrip.solana.deploy.suite import ROLES, deploy_suite
from scrip.solana.keys import CUSTODIAN
from scrip.solana.local.litesvm import UPGRADER


def initialise(program, signer: str, holders: dict[str, Pubkey] | None = None, **settings: int):
    """The first instruction, with `signer` as the upgrade authority."""
    chosen = {
        "split_notice": 86_400,
        "dividend_announce": 86_400,
        "dividend_strike": 3_600,
        "grace": 432_000,
        "withholding_bps": 0,
        "strict_list": False,
    }
    args = {
        "genesis": list(bytes(32)),
        "roles": holders or {role: local_address(ISSUER) for role in ROLES},
        "settings": chosen | settings,
    }
    accounts = {
        "payer": local_address("payer"),
        "upgrade_authority": local_address(signer),
        "program_account": program.id,
        "program_data": program.at.program_data,
    }
    return program.build("initialise", args, accounts=accounts)


@pytest.fixture
def bare() -> World:
    """A cluster whose program nobody has initialised."""
    world = World.__new__(World)
    world.chain, world.program = fresh(START)
    return world


def test_nobody_but_the_upgrade_authority_initialises(bare: World) -> None:
    bare.fails("NotTheUpgradeAuthority", [initialise(bare.program, "mallory")], "mallory")
    assert bare.chain.account(bare.program.at.issuer) is None
    bare.send([initialise(bare.program, UPGRADER)], UPGRADER)
    assert bare.stored(bare.program.at.issuer).roles.admin == local_address(ISSUER)


def test_the_program_account_cannot_be_another_program(bare: World) -> None:
    call = initialise(bare.program, UPGRADER)
    at = next(i for i, meta in enumerate(call.accounts) if meta.pubkey == bare.program.at.program_data)
    accounts = list(call.accounts)
    accounts[at] = type(accounts[at])(Pubkey.default(), False, False)
    with pytest.raises(Failed):
        bare.send([type(call)(call.program_id, bytes(call.data), accounts)], UPGRADER)


def test_it_initialises_once(bare: World) -> None:
    deploy_suite(bare.chain, bare.program)
    bare.fails("AlreadyInitialised", [initialise(bare.program, UPGRADER)], UPGRADER)


def test_a_prefunded_issuer_address_stops_nothing(bare: World) -> None:
    bare.chain.svm.set_account(bare.program.at.issuer, Account(1, b"", Pubkey.default(), False, 0))
    bare.send([initialise(bare.program, UPGRADER)], UPGRADER)


def test_every_role_has_a_holder(bare: World) -> None:
    holders = {role: local_address(ISSUER) for role in ROLES} | {"pauser": Pubkey.default()}
    bare.fails("ZeroAddress", [initialise(bare.program, UPGRADER, holders)], UPGRADER)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("split_notice", 3_599),
        ("dividend_announce", 3_599),
        ("dividend_strike", 599),
        ("grace", -1),
        ("withholding_bps", 10_000),
        ("split_notice", 2_592_001),
        ("grace", 2_592_001),
    ],
)
def test_settings_have_floors_and_limits(bare: World, field: str, value: int) -> None:
    bare.fails("BadSetting", [initialise(bare.program, UPGRADER, None, **{field: value})], UPGRADER)


def test_a_role_changes_hands_in_two_steps(world: World) -> None:
    role, carol = world.role("Pauser"), local_address("carol")
    offer = world.signed("offer_role", ISSUER, role, carol)
    world.fails("NothingOffered", [world.signed("accept_role", "carol", role)], "carol")
    world.send([offer], ISSUER)
    assert world.stored(world.program.at.issuer).roles.pauser == local_address(ISSUER)
    world.fails("NothingOffered", [world.signed("accept_role", "mallory", role)], "mallory")
    world.fails("NothingOffered", [world.signed("accept_role", "carol", world.role("Admin"))], "carol")
    sent = world.send([world.signed("accept_role", "carol", role)], "carol")
    assert [event.name for event in world.program.events(sent.inner)] == ["RoleTaken"]
    assert world.stored(world.program.at.issuer).roles.pauser == carol
    world.fails("NothingOffered", [world.signed("accept_role", "carol", role)], "carol")
    world.fails("NotAuthorised", [world.signed("pause", ISSUER)], ISSUER)
    world.send([world.signed("pause", "carol")], "carol")


def test_a_role_is_taken_or_given_up_without_a_successor(funded: World) -> None:
    world, issuer = funded, local_address(ISSUER)
    role = world.role("Pauser")
    world.fails("NotAuthorised", [world.signed("revoke_role", "mallory", role, issuer)], "mallory")
    world.fails("NotTheHolder", [world.signed("revoke_role", ISSUER, role, local_address("carol"))], ISSUER)
    world.fails("BadSetting", [world.signed("revoke_role", ISSUER, world.role("Admin"), issuer)], ISSUER)
    sent = world.send([world.signed("revoke_role", ISSUER, role, issuer)], ISSUER)
    (event,) = world.program.events(sent.inner)
    assert (event.name, event.data.from_, event.data.to) == ("RoleTaken", issuer, Pubkey.default())
    world.fails("NotAuthorised", [world.signed("pause", ISSUER)], ISSUER)
    # Somebody takes it, and gives it up alone.
    world.send([world.signed("offer_role", ISSUER, role, local_address("carol"))], ISSUER)
    world.send([world.signed("accept_role", "carol", role)], "carol")
    world.fails("NotAuthorised", [world.signed("revoke_role", "carol", world.role("Actions"), issuer)], "carol")
    world.send([world.signed("revoke_role", "carol", role, local_address("carol"))], "carol")
    assert world.stored(world.program.at.issuer).roles.pauser == Pubkey.default()


def test_a_key_that_only_signs_papers_is_named_at_once_and_nobody_signs_for_none(funded: World) -> None:
    world, custodian = funded, local_address(CUSTODIAN)
    quotes, attestor = world.role("QuoteSigner"), world.role("Attestor")
    world.fails("ZeroAddress", [world.signed("offer_role", ISSUER, quotes, Pubkey.default())], ISSUER)
    world.fails("NotAuthorised", [world.signed("offer_role", "mallory", quotes, local_address("mallory"))], "mallory")
    world.send([world.signed("offer_role", ISSUER, world.role("Pauser"), local_address("carol"))], ISSUER)
    sent = world.send([world.signed("offer_role", ISSUER, quotes, local_address("desk"))], ISSUER)
    assert [event.name for event in world.program.events(sent.inner)] == ["RoleTaken"]
    roles = world.stored(world.program.at.issuer)
    assert (roles.roles.quote_signer, roles.offered_to) == (local_address("desk"), local_address("carol"))
    world.refuses("market: not a quote signer", Mint(STOCK, "alice", units(1), coins(1), world.quote()))
    world.send([world.signed("revoke_role", ISSUER, attestor, custodian)], ISSUER)
    world.wait(1)
    world.refuses("reserve: not an attestor", AttestReserve(STOCK, shares(1)))


def test_an_offer_can_be_withdrawn(world: World) -> None:
    role = world.role("Pauser")
    world.send([world.signed("offer_role", ISSUER, role, local_address("carol"))], ISSUER)
    world.send([world.signed("offer_role", ISSUER, role, Pubkey.default())], ISSUER)
    world.fails("NothingOffered", [world.signed("accept_role", "carol", role)], "carol")


def test_only_the_admin_offers_roles(world: World) -> None:
    call = world.signed("offer_role", "mallory", world.role("Admin"), local_address("mallory"))
    world.fails("NotAuthorised", [call], "mallory")


def test_settings_change_within_bounds(world: World) -> None:
    settings = {
        "split_notice": 7_200,
        "dividend_announce": 7_200,
        "dividend_strike": 600,
        "grace": 0,
        "withholding_bps": 1_500,
        "strict_list": True,
    }
    world.fails("NotAuthorised", [world.signed("change_settings", "mallory", settings)], "mallory")
    bad = settings | {"split_notice": 0}
    world.fails("BadSetting", [world.signed("change_settings", ISSUER, bad)], ISSUER)
    world.send([world.signed("change_settings", ISSUER, settings)], ISSUER)
    kept = world.stored(world.program.at.issuer).settings
    assert (kept.withholding_bps, kept.strict_list) == (1_500, True)


def test_the_market_stops_and_starts(funded: World) -> None:
    funded.fails("NotAuthorised", [funded.signed("pause_market", "mallory")], "mallory")
    funded.fails("NotAuthorised", [funded.signed("resume_market", "mallory")], "mallory")
    funded.fails("MarketNotPaused", [funded.signed("resume_market", ISSUER)], ISSUER)
    funded.apply(PauseMarket())
    funded.fails("MarketPaused", [funded.signed("pause_market", ISSUER)], ISSUER)
    funded.transfer("alice", "bob", 1)
    funded.apply(UnpauseMarket())
    funded.mint("alice", 1)


def test_only_the_admin_lists_assets(world: World) -> None:
    accounts = {
        "settlement_mint": world.suite.stablecoin,
        "treasury": world.suite.treasury,
        "asset": world.program.at.asset(world.suite.stablecoin),
    }
    world.fails("NotAuthorised", [world.signed("list_asset", "mallory", False, **accounts)], "mallory")
    world.send([world.signed("list_asset", ISSUER, False, **accounts)], ISSUER)
