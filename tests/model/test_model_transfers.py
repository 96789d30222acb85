from dataclasses import replace

import pytest
from model_world import EXPIRY, START, STOCK, World, small_world, units

from scrip.errors import InputError, Refusal
from scrip.instructions.enforcement import Freeze, SetFrozenTokens
from scrip.instructions.fleet import CreateStock, Halt, Pause, Unhalt, Unpause
from scrip.instructions.investors import Block, BlockWallet, LinkWallet, Renew, Unblock, UnblockWallet
from scrip.instructions.market import Mint, Redeem
from scrip.instructions.reserve import ConfigureReserve
from scrip.instructions.transfers import Approve, Transfer, TransferFrom
from scrip.ledger import EVM, SOLANA
from scrip.model.market import check_mint
from scrip.model.transfers import UNLIMITED
from scrip.units import RawUnits, Shares


def block(investor: str) -> Block:
    return Block(investor, 3, "order")


def freeze(account: str, frozen: bool = True) -> Freeze:
    return Freeze(STOCK, account, frozen, 3, "order")


# --- transfer ---


def test_a_transfer_moves_raw_units(funded: World) -> None:
    funded.do(funded.transfer("alice", "bob", 30))
    assert funded.ledger.balance(STOCK, "alice") == units(70)
    assert funded.ledger.balance(STOCK, "bob") == units(30)
    assert funded.ledger.supply(STOCK) == units(100)


def test_one_raw_unit_moves(funded: World) -> None:
    funded.do(Transfer(STOCK, "alice", "bob", RawUnits(1, 18)))
    assert funded.balance("bob") == 1


def test_a_transfer_of_nothing_and_one_to_oneself_change_nothing(funded: World) -> None:
    funded.do(funded.transfer("bob", "alice", 0), funded.transfer("alice", "alice", 100))
    assert (funded.balance("alice"), funded.balance("bob")) == (units(100).value, 0)


def test_of_several_faults_in_a_transfer_the_first_is_named(funded: World) -> None:
    funded.do(SetFrozenTokens(STOCK, "alice", units(50), 1, "d"), freeze("carol"), Pause(STOCK), Halt())
    bad = Transfer(STOCK, "carol", "", units(1000))
    assert funded.refused(bad) == "token: halted"
    funded.do(Unhalt())
    assert funded.refused(bad) == "token: paused"
    funded.do(Unpause(STOCK))
    order = funded.ladder(
        bad,
        ("ERC20InvalidReceiver", {"to": "mallory"}),
        ("ERC7943CannotSend", {"sender": "alice"}),
        ("ERC7943CannotReceive", {"to": "bob"}),
        ("ERC20InsufficientBalance", {"amount": units("50.000000000000000001")}),
        ("ERC7943InsufficientUnfrozenBalance", {"amount": units(50)}),
    )
    funded.do(order)


def test_one_unit_more_than_the_balance_is_refused(funded: World) -> None:
    assert funded.refused(Transfer(STOCK, "alice", "bob", units(100) + RawUnits(1, 18))) == "ERC20InsufficientBalance"
    funded.do(funded.transfer("alice", "bob", 100))


# --- who may ---


@pytest.mark.parametrize("party", ["alice", "bob"])
def test_clearance_ends_at_its_second(funded: World, party: str) -> None:
    funded.do(Renew(party.capitalize(), START + 100))
    funded.at(START + 99)
    funded.do(funded.transfer("alice", "bob"))
    funded.at(START + 100)
    name = "ERC7943CannotSend" if party == "alice" else "ERC7943CannotReceive"
    assert funded.refused(funded.transfer("alice", "bob")) == name
    funded.do(Renew(party.capitalize(), START + 101), funded.transfer("alice", "bob"))


@pytest.mark.parametrize("stop", ["block", "freeze"])
def test_the_stopped_neither_send_nor_receive_until_it_is_lifted(funded: World, stop: str) -> None:
    on, off = (block("Bob"), Unblock("Bob", 3, "d")) if stop == "block" else (freeze("bob"), freeze("bob", False))
    funded.do(funded.transfer("alice", "bob", 10), on)
    assert funded.refused(funded.transfer("bob", "alice")) == "ERC7943CannotSend"
    assert funded.refused(funded.transfer("alice", "bob")) == "ERC7943CannotReceive"
    funded.do(off, funded.transfer("bob", "alice", 10))


def test_a_block_stops_every_wallet_of_the_investor_in_every_stock(funded: World) -> None:
    funded.do(LinkWallet("Bob", "bob2"), CreateStock("IBM", "IBM", "US4592001014", "BLOCKLIST"), block("Bob"))
    for stock in (STOCK, "IBM"):
        for wallet in ("bob", "bob2"):
            assert funded.refused(Transfer(stock, "alice", wallet, units(0))) == "ERC7943CannotReceive"
    assert funded.ledger.may_hold(STOCK, "alice")


def test_a_freeze_is_of_one_stock_only(funded: World) -> None:
    funded.do(CreateStock("IBM", "IBM", "US4592001014"), freeze("bob"))
    assert not funded.ledger.may_hold(STOCK, "bob")
    assert funded.ledger.may_hold("IBM", "bob")


def test_a_blocklist_stock_takes_strangers_and_ignores_expiry(world: World) -> None:
    reserve = ConfigureReserve("OPEN", 10**9, 0, Shares.of(10**9))
    world.do(CreateStock("OPEN", "Open", "US0000000001", "BLOCKLIST"), Renew("Alice", START + 1))
    world.at(START + 1)
    world.do(Transfer("OPEN", "alice", "mallory", units(0)), Transfer("OPEN", "mallory", "alice", units(0)), reserve)
    world.do(BlockWallet("mallory", 3, "list"))
    assert world.refused(Transfer("OPEN", "alice", "mallory", units(0))) == "ERC7943CannotReceive"
    assert world.refused(Transfer("OPEN", "mallory", "alice", units(0))) == "ERC7943CannotSend"
    world.do(UnblockWallet("mallory", 3, "list"), Transfer("OPEN", "mallory", "alice", units(0)))


# --- allowances ---


def test_a_spender_moves_what_it_was_allowed_and_no_more(funded: World) -> None:
    funded.do(Approve(STOCK, "alice", "carol", units(10)))
    order = TransferFrom(STOCK, "carol", "alice", "bob", units(6))
    funded.do(order)
    assert funded.refused(order) == "ERC20InsufficientAllowance"
    funded.do(TransferFrom(STOCK, "carol", "alice", "bob", units(4)))
    assert funded.ledger.balance(STOCK, "bob") == units(10)


def test_an_unlimited_allowance_is_not_counted_down(funded: World) -> None:
    funded.do(Approve(STOCK, "alice", "carol", RawUnits(UNLIMITED, 18)))
    for _ in range(2):
        funded.do(TransferFrom(STOCK, "carol", "alice", "bob", units(50)))
    assert funded.refused(TransferFrom(STOCK, "carol", "alice", "bob", units(1))) == "ERC20InsufficientBalance"


def test_the_allowance_is_asked_after_the_pause_and_before_the_receiver(funded: World) -> None:
    order = TransferFrom(STOCK, "carol", "alice", "", units(1))
    funded.do(Pause(STOCK))
    assert funded.refused(order) == "token: paused"
    funded.do(Unpause(STOCK))
    assert funded.refused(order) == "ERC20InsufficientAllowance"
    funded.do(Approve(STOCK, "alice", "carol", units(1)))
    assert funded.refused(order) == "ERC20InvalidReceiver"


def test_a_holder_can_revoke_in_a_pause_but_not_in_a_halt(funded: World) -> None:
    revoke = Approve(STOCK, "alice", "carol", units(0))
    funded.do(Pause(STOCK), revoke, Halt())
    assert funded.refused(replace(revoke, spender="")) == "token: halted"
    funded.do(Unhalt())
    assert funded.refused(replace(revoke, spender="")) == "ERC20InvalidSpender"


# --- mint and burn, through the market ---


def test_a_mint_creates_and_a_redemption_destroys(world: World) -> None:
    world.do(world.mint("alice", 100))
    world.do(world.redeem("alice", 40))
    assert world.ledger.supply(STOCK) == world.ledger.balance(STOCK, "alice") == units(60)


def test_of_several_faults_in_a_mint_the_first_is_named(world: World) -> None:
    huge = RawUnits(2**128, 18)
    world.do(Pause(STOCK), Halt())
    assert world.refused(world.mint("mallory", 0)) == "token: halted"
    world.do(Unhalt())
    assert world.refused(world.mint("mallory", 0)) == "token: paused"
    world.do(Unpause(STOCK))
    world.ladder(
        world.mint("mallory", 0),
        ("token: zero amount", {"amount": huge}),
        ("ERC7943CannotReceive", {"account": "alice"}),
        ("token: supply too large", {"amount": RawUnits(2**128 - 1, 18)}),
        ("reserve: insufficient", {"amount": units(1)}),
    )


def test_the_zero_address_is_minted_nothing(world: World) -> None:
    stock = world.ledger.stocks[STOCK]
    with pytest.raises(Refusal, match="ERC20InvalidReceiver"):
        check_mint(stock, "", 1, START)


def test_the_supply_stays_below_2_to_the_128(world: World) -> None:
    most = 2**128 - 1
    world.do(ConfigureReserve(STOCK, 10**9, 0, Shares.from_wad(most)))
    world.ledger.stocks[STOCK].token.feed.publish(most, START)
    order = world.mint("alice", 0)
    world.do(replace(order, amount=RawUnits(most, 18)))
    assert world.refused(world.mint("alice", "0.000000000000000001")) == "token: supply too large"


def test_of_several_faults_in_a_redemption_the_first_is_named(funded: World) -> None:
    funded.do(SetFrozenTokens(STOCK, "alice", units(50), 1, "d"), freeze("carol"), Pause(STOCK), Halt())
    assert funded.refused(funded.redeem("carol", 0)) == "token: halted"
    funded.do(Unhalt())
    assert funded.refused(funded.redeem("carol", 0)) == "token: paused"
    funded.do(Unpause(STOCK))
    order = funded.ladder(
        funded.redeem("carol", 0),
        ("token: zero amount", {"amount": units(101)}),
        ("ERC7943CannotSend", {"account": "alice"}),
        ("ERC20InsufficientBalance", {"amount": units(51)}),
        ("ERC7943InsufficientUnfrozenBalance", {"amount": units(50)}),
    )
    funded.do(order)


def test_the_lapsed_may_redeem_and_nothing_else(funded: World) -> None:
    funded.at(EXPIRY)
    assert funded.refused(funded.transfer("alice", "bob")) == "ERC7943CannotSend"
    assert funded.refused(funded.mint("alice", 1)) == "ERC7943CannotReceive"
    funded.do(funded.redeem("alice", 100))


@pytest.mark.parametrize("stop", [block("Alice"), freeze("alice")], ids=["blocked", "frozen"])
def test_the_stopped_may_not_redeem(funded: World, stop: Block | Freeze) -> None:
    funded.do(stop)
    assert funded.refused(funded.redeem("alice", 1)) == "ERC7943CannotSend"


# --- amounts of the right kind ---


def test_amounts_of_another_chain_are_a_type_error(funded: World) -> None:
    wrong = RawUnits(1, 8)
    for order in (
        Transfer(STOCK, "alice", "bob", wrong),
        Approve(STOCK, "alice", "bob", wrong),
        Mint(STOCK, "alice", wrong, funded.mint().settlement, funded.terms()),
        Redeem(STOCK, "alice", wrong, funded.mint().settlement, funded.terms()),
    ):
        with pytest.raises(TypeError):
            funded.do(order)


def test_a_name_that_is_no_stock_is_an_input_error(world: World) -> None:
    for call in (
        lambda: world.do(Transfer("NONE", "alice", "bob", units(1))),
        lambda: world.ledger.balance("NONE", "alice"),
        lambda: world.ledger.supply("NONE"),
        lambda: world.ledger.multiplier("NONE"),
        lambda: world.ledger.coverage("NONE"),
    ):
        with pytest.raises(InputError, match="NONE"):
            call()


@pytest.mark.parametrize("traits", [EVM, SOLANA], ids=lambda traits: traits.name)
def test_each_chain_counts_in_its_own_decimals(traits: object) -> None:
    world = small_world(traits)  # type: ignore[arg-type]
    world.do(world.mint("alice", 100), world.transfer("alice", "bob", "0.00000001"))
    assert world.ledger.balance(STOCK, "bob").to_decimals(18) == RawUnits(10**10, 18)
    assert world.ledger.coverage(STOCK).required == 100 * 10**18
