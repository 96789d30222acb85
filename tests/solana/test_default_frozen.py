"""A block-list stock whose accounts are born frozen: nobody who is blocked or held makes itself an open one.

Strangers, pools and vaults have theirs opened by anyone, once; of a block-list stock whose accounts are born thawed a
blocked or held wallet makes itself an open one whenever it likes. What was opened before the block or the hold is
frozen with it or after it, as of every stock.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from solana_network_world import SolanaNetworkWorld, deployed_solana_world, solana_manifest
from solana_world import STOCK, World, coins, units
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from test_accounts import auxiliary, control, is_frozen, open_account

from scrip import flows
from scrip import instructions as ins
from scrip.errors import InputError
from scrip.executor.executor import StepFailed
from scrip.manifest.model import Manifest
from scrip.plan.draft import Reason
from scrip.solana.addresses import TOKEN_2022, local_address
from scrip.solana.encoding import tokens


@pytest.fixture
def world() -> World:
    """A stock of that kind, of which alice and bob, investors, have nothing yet."""
    return World.with_holders("BLOCKLIST", default_frozen=True)


def again(world: World, owner: str) -> None:
    """A wallet closes its canonical account, which is empty, and makes it anew."""
    wallet, at = local_address(owner), world.ledger.units(world.listing, owner)
    metas = [AccountMeta(at, False, True), AccountMeta(wallet, False, True), AccountMeta(wallet, True, False)]
    close = Instruction(TOKEN_2022, bytes([9]), metas)
    world.send([close, tokens.create_account(wallet, wallet, world.listing.mint)], owner)


@pytest.mark.parametrize("owner", ["alice", "stranger"])
def test_an_account_is_born_frozen_and_anyone_thaws_it(world: World, owner: str) -> None:
    address = open_account(world, owner)
    assert is_frozen(world, address)
    world.send([control(world, "thaw", owner)])
    assert not is_frozen(world, address)
    world.fails("NotFrozen", [control(world, "thaw", owner)])
    world.fails("StillCleared", [control(world, "freeze", owner)])


def test_whoever_is_not_blocked_or_held_holds_and_trades(world: World) -> None:
    world.back()
    world.mint("alice", 10)
    world.transfer("alice", "stranger", 4)
    world.apply(ins.Renew("alice", world.now()))
    world.transfer("stranger", "alice", 1)
    world.redeem("alice", 7)
    assert world.ledger.balance(STOCK, "stranger") == units(3)


def test_a_mint_to_an_account_that_nobody_thawed_is_refused_by_name(world: World) -> None:
    world.back()
    open_account(world, "alice")
    calls = world.ledger.calls(ins.Mint(STOCK, "alice", units(1), coins(1), world.quote()))
    world.fails("CannotReceive", calls, "alice")
    world.send([control(world, "thaw", "alice")])
    world.send(calls, "alice")


def test_a_blocked_wallet_makes_itself_no_open_account(world: World) -> None:
    world.apply(ins.Block("alice", 1, "doc"))
    address = open_account(world, "alice")
    assert is_frozen(world, address)
    world.fails("CannotReceive", [control(world, "thaw", "alice")])
    other = auxiliary(world, "alice", immutable=True)
    assert is_frozen(world, other)
    world.fails("CannotReceive", [control(world, "thaw", "alice", token_account=other)])


def test_a_held_wallet_closes_its_account_and_has_a_frozen_one_again(world: World) -> None:
    """Where accounts are born thawed, this one is open, and a keeper has to freeze it."""
    address = open_account(world, "eve")
    world.send([control(world, "thaw", "eve")])
    world.apply(ins.Freeze(STOCK, "eve", True, 4, "order"))
    again(world, "eve")
    assert is_frozen(world, address)
    world.fails("CannotReceive", [control(world, "thaw", "eve")])


def test_a_vault_beside_the_canonical_account_is_thawed(world: World) -> None:
    vault = auxiliary(world, "a pool", immutable=True)
    assert is_frozen(world, vault)
    world.send([control(world, "thaw", "a pool", token_account=vault)])
    assert not is_frozen(world, vault)


def test_an_account_that_can_be_handed_over_stays_frozen(world: World) -> None:
    """Or a stranger had it opened and gave it to whoever is blocked."""
    vault = auxiliary(world, "a pool", immutable=False)
    world.fails("OwnerNotImmutable", [control(world, "thaw", "a pool", token_account=vault)])


def test_an_allow_list_stock_is_of_that_kind_whatever_is_said() -> None:
    for said in (False, True):
        world = World.with_holders("ALLOWLIST", default_frozen=said)
        assert world.stored(world.listing.stock).default_frozen
        other = auxiliary(world, "alice", immutable=True)
        world.fails("NotCanonicalAccount", [control(world, "thaw", "alice", token_account=other)])


# --- the desk --------------------------------------------------------------------------------------------------------


def manifest() -> Manifest:
    """The local one, of whose stocks MSFT is of that kind and AAPL an open one."""
    found = solana_manifest()
    stocks = dict(found.stocks)
    for ticker, frozen in (("MSFT", True), ("AAPL", False)):
        rules = stocks[ticker].rules.model_copy(update={"policy": "BLOCKLIST", "preset": "", "max_holders": 0})
        stocks[ticker] = stocks[ticker].model_copy(update={"rules": rules, "default_frozen": frozen})
    return found.model_copy(update={"stocks": stocks})


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("desk"), manifest()) as found:
        yield found


def state(desk: SolanaNetworkWorld, ticker: str, at: Pubkey | None = None) -> bool:
    """Whether an account, a pool's canonical one where none is named, is frozen."""
    network = desk.open()
    held = tokens.holding_at(network.chain, at or network.ledger().units(network.listing(ticker), POOL))
    assert held is not None
    return held.frozen


POOL = str(local_address("a pool"))


def test_the_deployment_makes_what_the_manifest_says_and_the_audit_agrees(desk: SolanaNetworkWorld) -> None:
    network = desk.open()
    for ticker, frozen in (("MSFT", True), ("AAPL", False)):
        assert network.program.record(network.chain, network.listing(ticker).stock, "Stock").default_frozen is frozen
    fields = {one.field for one in network.audit(network.build(None))}
    assert not {field for field in fields if "rozen" in field or "DefaultAccountState" in field}


@pytest.mark.parametrize("ticker", ["MSFT", "AAPL"])
def test_the_desk_opens_an_account_for_whoever_asks_once(desk: SolanaNetworkWorld, ticker: str) -> None:
    desk.run(flows.enforcement.thaw(desk.open(), ticker, POOL))
    assert not state(desk, ticker)
    assert flows.enforcement.thaw(desk.open(), ticker, POOL).steps == ()


def test_the_desk_opens_no_other_wallets_account(desk: SolanaNetworkWorld) -> None:
    network = desk.open()
    theirs = str(network.ledger().units(network.listing("MSFT"), str(local_address("another"))))
    with pytest.raises(InputError) as refused:
        flows.enforcement.thaw(network, "MSFT", POOL, theirs)
    assert (refused.value.field, refused.value.value) == ("token_account", theirs)


def test_the_desk_makes_no_account_for_a_vault_or_a_mint(desk: SolanaNetworkWorld) -> None:
    """A vault's address in the place of its owner's: an account that nobody signs for was made, and the vault stayed
    frozen."""
    desk.run(flows.enforcement.thaw(desk.open(), "AAPL", POOL))
    network = desk.open()
    vault, mint = network.ledger().units(network.listing("AAPL"), POOL), network.listing("AAPL").mint
    for named, what in ((vault, f"is a token account of {POOL}"), (mint, "is a mint")):
        with pytest.raises(InputError, match=what) as refused:
            flows.enforcement.thaw(network, "AAPL", str(named))
        assert (refused.value.field, refused.value.value) == ("account", str(named))


def test_the_desk_opens_nothing_of_a_held_wallet(desk: SolanaNetworkWorld) -> None:
    held = str(local_address("held"))
    desk.run(flows.enforcement.freeze(desk.open(), "MSFT", held, True, Reason(4, "order-1", "")))
    with pytest.raises(StepFailed, match="was not sent: ERC7943CannotReceive"):
        desk.run(flows.enforcement.thaw(desk.open(), "MSFT", held))
