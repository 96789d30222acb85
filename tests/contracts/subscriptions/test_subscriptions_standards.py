"""SubscriptionVault: what the standards ask, what may not revert, and what a coin that calls back can reach."""

from __future__ import annotations

import boa
import pytest
from eth_abi import encode
from eth_utils import keccak
from support.contract_calls import MAX, ZERO, Handle, refuses
from support.issuance_world import ADMIN, ALICE, BOB, ISSUER, MALLORY, MINTER, WAD
from support.redemption_world import DESK, PRICE
from support.subscription_world import COINS, TERMS, Subscription

from scrip.evm.compiled.artifacts import artifact

FUNCTIONS = {
    "0xe3bc4e65": "setOperator(address,bool) isOperator(address,address)",
    "0xce3bbe50": (
        "requestDeposit(uint256,address,address) pendingDepositRequest(uint256,address)"
        " claimableDepositRequest(uint256,address) deposit(uint256,address,address) mint(uint256,address,address)"
    ),
    "0x2f0a18c5": (
        "asset() share() convertToShares(uint256) convertToAssets(uint256) totalAssets() maxDeposit(address)"
        " previewDeposit(uint256) deposit(uint256,address) maxMint(address) previewMint(uint256) mint(uint256,address)"
        " maxWithdraw(address) previewWithdraw(uint256) withdraw(uint256,address,address) maxRedeem(address)"
        " previewRedeem(uint256) redeem(uint256,address,address)"
    ),
    "0x8bf840e3": (
        "cancelDepositRequest(uint256,address) pendingCancelDepositRequest(uint256,address)"
        " claimableCancelDepositRequest(uint256,address) claimCancelDepositRequest(uint256,address,address)"
    ),
}
EVENTS = (
    "OperatorSet(address,address,bool)",
    "DepositRequest(address,address,uint256,address,uint256)",
    "CancelDepositRequest(address,uint256,address)",
    "CancelDepositClaim(address,address,uint256,address,uint256)",
    "Deposit(address,address,uint256,uint256)",
)


@pytest.mark.parametrize("identity", FUNCTIONS)
def test_an_id_is_answered_and_its_functions_are_there(world: Subscription, identity: str) -> None:
    signatures = FUNCTIONS[identity].split()
    combined = 0
    for one in signatures:
        combined ^= int.from_bytes(keccak(text=one)[:4])
    assert combined == int(identity, 16)
    assert {keccak(text=one)[:4] for one in signatures} <= set(world.entry.selectors())
    assert world.entry.supportsInterface(bytes.fromhex(identity[2:])) is True


def test_a_way_in_is_no_way_out_and_the_other_way_round(world: Subscription) -> None:
    for identity in ("620ee8e4", "e76cffc7", "ffffffff", "00000000"):
        assert world.entry.supportsInterface(bytes.fromhex(identity)) is False
    for identity in ("ce3bbe50", "8bf840e3"):
        assert world.vault.supportsInterface(bytes.fromhex(identity)) is False
    for leave in (world.entry.redeem, world.entry.withdraw):
        with refuses("vault: no redemptions"):
            leave(1, ALICE, ALICE, sender=ALICE)
    assert [world.entry.maxRedeem(ALICE), world.entry.maxWithdraw(ALICE), world.entry.totalAssets()] == [0, 0, 0]


def test_events_are_the_standards() -> None:
    known = {
        f"{one['name']}({','.join(item['type'] for item in one['inputs'])})"
        for one in artifact("SubscriptionVault").abi
        if one["type"] == "event"
    }
    assert set(EVENTS) <= known


@pytest.mark.parametrize("amount", [0, 1, COINS, MAX])
def test_previews_revert(world: Subscription, amount: int) -> None:
    for view in (world.entry.previewDeposit, world.entry.previewMint):
        with refuses("vault: asynchronous"):
            view(amount)
    for view in (world.entry.previewRedeem, world.entry.previewWithdraw):
        with refuses("vault: no redemptions"):
            view(amount)


@pytest.mark.parametrize("how", ["", "pause", "halt", "block", "freeze", "lapse", "broken"])
def test_what_may_not_revert_does_not_and_says_what_can_be_fetched(world: Subscription, how: str) -> None:
    """Broken: the stock and the registry answer nothing, or revert."""
    world.pay_in()
    world.fill_in(ALICE)
    world.pay_in()
    if how == "broken":
        boa.env.set_code(world.entry.share(), bytes.fromhex("60006000fd"))
        boa.env.set_code(world.registry.address, bytes.fromhex("60006000fd"))
    elif how:
        getattr(world, how)()
    for account in (ALICE, MALLORY, ZERO, world.entry.address):
        for number in (0, 1, MAX):
            world.entry.pendingDepositRequest(number, account)
            world.entry.claimableDepositRequest(number, account)
            assert world.entry.pendingCancelDepositRequest(number, account) is False
            world.entry.claimableCancelDepositRequest(number, account)
    assert world.entry.maxDeposit(ALICE) == (0 if how else COINS)
    assert world.entry.maxMint(ALICE) == (0 if how else 10 * WAD)
    assert [world.entry.maxDeposit(MALLORY), world.entry.maxMint(ZERO)] == [0, 0]


def test_it_is_born_as_its_sister_is(world: Subscription) -> None:
    assert world.entries.vaultOf(world.stock, world.coin) == world.entry.address
    assert world.entry.address != world.vault.address
    assert (world.entry.share(), world.entry.asset()) == (world.stock.address, world.coin.address)
    assert (world.entry.minimum(), world.entry.patience(), world.entry.band()) == TERMS
    args = (world.stock, world.coin, *TERMS, PRICE)
    for at in (world.entry.address, world.entries.IMPLEMENTATION()):
        for who in (MALLORY, ADMIN, DESK, ISSUER):
            with refuses("vault: not the factory"):
                Handle(at, world.entry.abi).initialize(*args, sender=who)
    with refuses("vault: initialised"):
        world.entry.initialize(*args, sender=world.entries.address)


@pytest.mark.parametrize(
    "terms",
    [(0, 86_400, 1), (2**128, 86_400, 1), (1, 86_399, 1), (1, 2_592_001, 1), (1, 86_400, 0), (1, 86_400, 5_001)],
)
def test_terms_are_bounded_and_the_timelocks(world: Subscription, terms: tuple[int, int, int]) -> None:
    with refuses("vault: bad terms"):
        world.entry.setTerms(*terms, sender=ADMIN)
    for who in (DESK, MINTER, MALLORY):
        with refuses("roles: not authorised"):
            world.entry.setTerms(*TERMS, sender=who)
        with refuses("roles: not authorised"):
            world.entry.setReference(PRICE, sender=who)


def test_coins_that_were_sent_by_mistake_are_the_treasurys(world: Subscription) -> None:
    world.pay_in()
    world.coin.mint(world.entry, 7)
    assert world.entry.skim(sender=MALLORY) == 7
    assert world.entry.skim(sender=MALLORY) == 0
    world.check_in()


# --- a coin that calls back ------------------------------------------------------------------------------------------


def inner_calls(vault: Handle, coin: Handle) -> dict[str, bytes]:
    """What the coin tries while it moves; it is itself an investor, and Alice's operator."""

    def call(name: str, kinds: list[str], *values: object) -> bytes:
        return vault.selector(name, len(kinds)) + encode(kinds, values)

    three = ["uint256", "address", "address"]
    return {
        "deposit": call("deposit", three, 1, ALICE, ALICE),
        "mint": call("mint", three, 1, ALICE, ALICE),
        "claimAll": call("claimAll", ["address[]"], [ALICE]),
        "cancel": call("cancelDepositRequest", ["uint256", "address"], 0, ALICE),
        "refund": call("claimCancelDepositRequest", three, 0, ALICE, ALICE),
        "request": call("requestDeposit", three, COINS, ALICE, ALICE),
        "sendBack": call("sendBack", ["address[]"], [ALICE]),
        "skim": call("skim", []),
    }


@pytest.mark.parametrize("inner", ["deposit", "mint", "claimAll", "cancel", "refund", "request", "sendBack", "skim"])
@pytest.mark.parametrize("outer", ["request", "fill", "refund", "claimAll"])
def test_a_coin_that_calls_back_is_refused_whatever_it_calls(world: Subscription, outer: str, inner: str) -> None:
    coin, _ = world.unruly()
    vault = world.entry = world.create_entry(coin)
    vault.setOperator(coin.address, True, sender=ALICE)
    world.pay_in()
    world.fill_in(ALICE)
    world.pay_in()
    vault.cancelDepositRequest(0, ALICE, sender=ALICE)
    world.pay_in()
    world.pay_in(account=BOB)
    coin.set_callback(vault, inner_calls(vault, coin)[inner])
    if outer == "request":
        world.pay_in()
    elif outer == "fill":
        assert world.fill_in(BOB) == 10 * WAD
    elif outer == "refund":
        vault.claimCancelDepositRequest(0, ALICE, ALICE, sender=ALICE)
    else:
        assert vault.claimAll([ALICE], sender=ALICE) == 1
    assert coin.callback_result()[0] is False
    world.check_in(coin=coin)
