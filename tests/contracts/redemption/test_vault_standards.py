"""RequestVault and VaultFactory: what the standards ask, how a vault is born, and who calls it back."""

from __future__ import annotations

import boa
import pytest
from eth_abi import encode
from eth_utils import keccak
from support.contract_calls import MAX, ZERO, Event, Handle, Refused, deploy, deploy_blueprint, named, refuses
from support.issuance_world import ADMIN, ALICE, BOB, ISSUER, MALLORY, OTHERS, WAD
from support.redemption_world import DESK, PRICE, TERMS, Redemption, fresh

from scrip.evm.compiled.artifacts import artifact

FUNCTIONS = {
    "0xe3bc4e65": "setOperator(address,bool) isOperator(address,address)",
    "0x620ee8e4": (
        "requestRedeem(uint256,address,address) pendingRedeemRequest(uint256,address)"
        " claimableRedeemRequest(uint256,address)"
    ),
    "0x2f0a18c5": (
        "asset() share() convertToShares(uint256) convertToAssets(uint256) totalAssets() maxDeposit(address)"
        " previewDeposit(uint256) deposit(uint256,address) maxMint(address) previewMint(uint256) mint(uint256,address)"
        " maxWithdraw(address) previewWithdraw(uint256) withdraw(uint256,address,address) maxRedeem(address)"
        " previewRedeem(uint256) redeem(uint256,address,address)"
    ),
    "0xe76cffc7": (
        "cancelRedeemRequest(uint256,address) pendingCancelRedeemRequest(uint256,address)"
        " claimableCancelRedeemRequest(uint256,address) claimCancelRedeemRequest(uint256,address,address)"
    ),
}
EVENTS = (
    "OperatorSet(address,address,bool)",
    "RedeemRequest(address,address,uint256,address,uint256)",
    "CancelRedeemRequest(address,uint256,address)",
    "CancelRedeemClaim(address,address,uint256,address,uint256)",
    "Withdraw(address,address,address,uint256,uint256)",
)
TEN = 10 * WAD


def selector(signature: str) -> bytes:
    return keccak(text=signature)[:4]


@pytest.mark.parametrize("identity", FUNCTIONS)
def test_an_id_is_answered_and_its_functions_are_there(world: Redemption, identity: str) -> None:
    signatures = FUNCTIONS[identity].split()
    combined = 0
    for one in signatures:
        combined ^= int.from_bytes(selector(one))
    assert combined == int(identity, 16)
    assert {selector(one) for one in signatures} <= set(world.vault.selectors())
    assert world.vault.supportsInterface(bytes.fromhex(identity[2:])) is True


def test_no_other_id_is(world: Redemption) -> None:
    for identity in ("ce3bbe50", "8bf840e3", "ffffffff", "00000000"):
        assert world.vault.supportsInterface(bytes.fromhex(identity)) is False
    assert world.vault.supportsInterface(bytes.fromhex("01ffc9a7")) is True


def test_events_are_the_standards() -> None:
    known = {
        f"{one['name']}({','.join(item['type'] for item in one['inputs'])})"
        for one in artifact("RequestVault").abi
        if one["type"] == "event"
    }
    assert set(EVENTS) <= known


@pytest.mark.parametrize("amount", [0, 1, TEN, MAX])
def test_previews_revert_and_limits_do_not(world: Redemption, amount: int) -> None:
    for view in (world.vault.previewRedeem, world.vault.previewWithdraw):
        with refuses("vault: asynchronous"):
            view(amount)
    for view in (world.vault.previewDeposit, world.vault.previewMint):
        with refuses("vault: no subscriptions"):
            view(amount)
    for enter in (world.vault.deposit, world.vault.mint):
        with refuses("vault: no subscriptions"):
            enter(amount, ALICE, sender=ALICE)
    assert [world.vault.maxDeposit(ALICE), world.vault.maxMint(ALICE)] == [0, 0]


@pytest.mark.parametrize("how", ["", "pause", "halt", "block", "freeze", "lapse", "broken"])
def test_what_may_not_revert_does_not(world: Redemption, how: str) -> None:
    """Broken: the stock and the registry answer nothing, or revert."""
    world.ask()
    if how == "broken":
        boa.env.set_code(world.vault.share(), bytes.fromhex("60006000fd"))
        boa.env.set_code(world.registry.address, bytes.fromhex("60006000fd"))
    elif how:
        getattr(world, how)()
    for account in (ALICE, MALLORY, ZERO, world.vault.address):
        for amount in (0, 1, TEN, MAX):
            assert world.vault.canRequest(account, amount) in (True, False)
            world.vault.pendingRedeemRequest(amount, account)
            world.vault.claimableRedeemRequest(amount, account)
            world.vault.pendingCancelRedeemRequest(amount, account)
            world.vault.claimableCancelRedeemRequest(amount, account)
        assert world.vault.canClaim(account) is False
        assert [world.vault.maxRedeem(account), world.vault.maxWithdraw(account)] == [0, 0]


# --- birth -----------------------------------------------------------------------------------------------------------


def test_a_vault_is_where_its_stock_and_coin_say(world: Redemption) -> None:
    assert world.vaults.vaultOf(world.stock, world.coin) == world.vault.address
    salt = keccak(encode(["address", "address"], [world.stock.address, world.coin.address]))
    code = bytes.fromhex("602d3d8160093d39f3363d3d373d3d3d363d73") + bytes.fromhex(world.vaults.IMPLEMENTATION()[2:])
    initcode = code + bytes.fromhex("5af43d82803e903d91602b57fd5bf3")
    at = keccak(b"\xff" + bytes.fromhex(world.vaults.address[2:]) + salt + keccak(initcode))[-20:]
    assert world.vault.address == "0x" + at.hex()
    assert (world.vault.share(), world.vault.asset()) == (world.stock.address, world.coin.address)
    assert (world.vault.minimum(), world.vault.patience(), world.vault.band()) == TERMS
    assert world.vault.accessControl() == world.roles.address
    assert world.vault.reference()[0] == PRICE


def test_a_second_one_a_strange_stock_and_an_unlisted_coin_are_refused(world: Redemption) -> None:
    with refuses("factory: vault is there"):
        world.vaults.createVault(world.stock, world.coin, *TERMS, PRICE, sender=ADMIN)
    with refuses("factory: unknown stock"):
        world.vaults.createVault(world.coin, world.coin, *TERMS, PRICE, sender=ADMIN)
    with refuses("factory: asset not listed"):
        world.vaults.createVault(world.stock, world.stock, *TERMS, PRICE, sender=ADMIN)
    other = deploy("MockStablecoin")
    for listed in (other, world.stock):
        world.market.listAsset(listed, True, sender=ADMIN)
    with refuses("factory: pays in itself"):
        world.vaults.createVault(world.stock, world.stock, *TERMS, PRICE, sender=ADMIN)
    for terms, refusal in (((0, *TERMS[1:], PRICE), "vault: bad terms"), ((*TERMS, 0), "vault: bad price")):
        with refuses(refusal):
            world.vaults.createVault(world.stock, other, *terms, sender=ADMIN)
    for who in set(OTHERS.values()) - {ADMIN}:
        with refuses("roles: not authorised"):
            world.vaults.createVault(world.stock, other, *TERMS, PRICE, sender=who)


@pytest.mark.parametrize(("decimals", "fits"), [(24, True), (25, False), (36, False)])
def test_a_coin_of_too_many_decimals_has_no_vault(world: Redemption, decimals: int, fits: bool) -> None:
    """In 128 bits a coin of 36 has 340 dollars: whoever had asked for them kept everybody else out."""
    asset = deploy("MockReserveOracle", decimals)  # which has decimals, whatever it is
    world.market.listAsset(asset, True, sender=ADMIN)
    if fits:
        world.vaults.createVault(world.stock, asset, *TERMS, PRICE, sender=ADMIN)
    else:
        with refuses("factory: bad decimals"):
            world.vaults.createVault(world.stock, asset, *TERMS, PRICE, sender=ADMIN)


def test_an_address_that_was_funded_before_becomes_a_vault_all_the_same(world: Redemption) -> None:
    other = world.create_stock("US0378331005")
    with boa.env.anchor():
        at = world.vaults.createVault(other, world.coin, *TERMS, PRICE, sender=ADMIN)
    boa.env.set_balance(at, 10**18)
    world.coin.mint(at, 7)
    assert world.vaults.createVault(other, world.coin, *TERMS, PRICE, sender=ADMIN) == at
    vault = Handle(at, world.vault.abi)
    assert vault.totalAssets() == 0
    assert vault.skim(sender=MALLORY) == 7


def test_a_vault_is_initialised_once_and_its_code_never(world: Redemption) -> None:
    args = (world.stock, world.coin, *TERMS, PRICE)
    for at in (world.vault.address, world.vaults.IMPLEMENTATION()):
        one = Handle(at, world.vault.abi)
        for who in (MALLORY, ADMIN, DESK, ISSUER):
            with refuses("vault: not the factory"):
                one.initialize(*args, sender=who)
    with refuses("vault: initialised"):
        world.vault.initialize(*args, sender=world.vaults.address)


def test_a_vault_without_its_role_takes_nothing(world: Redemption) -> None:
    other = world.create_stock("US0378331005")
    world.market.listAsset(other, True, sender=ADMIN)
    at = world.vaults.createVault(world.stock, other, *TERMS, PRICE, sender=ADMIN)
    with refuses("roles: not authorised"):
        Handle(at, world.vault.abi).requestRedeem(TEN, ALICE, ALICE, sender=ALICE)


def test_counterparts_of_another_issuer_and_no_blueprint_are_refused(world: Redemption) -> None:
    other = deploy("Roles")
    blueprint = deploy_blueprint("RequestVault")
    parts = [world.roles, world.registry, world.market, blueprint]
    for place, refusal in ((1, "factory: bad registry"), (2, "factory: bad market"), (3, "factory: bad blueprint")):
        for wrong in (deploy("ReserveFeed", other), named("nobody")):
            with refuses(refusal):
                deploy("VaultFactory", *parts[:place], wrong, *parts[place + 1 :])
    with refuses("roles: zero address"):
        deploy("VaultFactory", ZERO, *parts[1:])
    made = deploy("VaultFactory", *parts)
    assert made.vaultOf(world.stock, world.coin) == ZERO


def test_its_birth_is_said(world: Redemption) -> None:
    other = world.create_stock("US0378331005")
    at = world.vaults.createVault(other, world.coin, *TERMS, PRICE, sender=ADMIN)
    vault = Handle(at, world.vault.abi)
    assert world.vaults.events(vault) == [
        Event(at, "TermsSet", dict(zip(("minimum", "patience", "band"), TERMS, strict=True))),
        Event(at, "ReferenceSet", {"price": PRICE}),
        Event(world.vaults.address, "VaultCreated", {"vault": at, "token": other.address, "asset": world.coin.address}),
    ]


# --- a coin that calls back ------------------------------------------------------------------------------------------


def inner_calls(world: Redemption, vault: Handle, coin: Handle) -> dict[str, bytes]:
    """What the coin tries while it moves; it is itself an investor with a claim, and Alice's operator."""

    def call(name: str, kinds: list[str], *values: object) -> bytes:
        return vault.selector(name, len(kinds)) + encode(kinds, values)

    return {
        "redeem": call("redeem", ["uint256", "address", "address"], WAD, coin.address, coin.address),
        "withdraw": call("withdraw", ["uint256", "address", "address"], 1, coin.address, coin.address),
        "claimAll": call("claimAll", ["address[]"], [coin.address, ALICE]),
        "cancel": call("cancelRedeemRequest", ["uint256", "address"], 0, ALICE),
        "request": call("requestRedeem", ["uint256", "address", "address"], 1, ALICE, ALICE),
        "skim": call("skim", []),
        "resume": call("resume", []),
        "suspend": call("suspend", ["address"], ALICE),
    }


@pytest.mark.parametrize("inner", ["redeem", "withdraw", "claimAll", "cancel", "request", "skim", "resume", "suspend"])
@pytest.mark.parametrize("outer", ["fill", "redeem", "claimAll"])
def test_a_coin_that_calls_back_is_refused_whatever_it_calls(world: Redemption, outer: str, inner: str) -> None:
    coin, vault = world.unruly()
    world.registry.onboard(fresh(), [(9, coin.address, 840, 1, 2**40 - 1)], sender=named("compliance"))
    world.stock.mint(coin, TEN, sender=named("minter"))
    vault.setOperator(coin.address, True, sender=ALICE)
    world.ask(TEN, coin.address, vault=vault)
    world.ask(TEN, vault=vault)
    world.fill(coin.address, ALICE, vault=vault)
    world.ask(TEN, vault=vault)
    world.ask(TEN, BOB, vault=vault)
    coin.set_callback(vault, inner_calls(world, vault, coin)[inner])
    if outer == "fill":
        assert world.fill(BOB, vault=vault) == TEN
    elif outer == "redeem":
        vault.redeem(TEN, ALICE, ALICE, sender=ALICE)
    else:
        assert vault.claimAll([ALICE], sender=ALICE) == 1
    assert coin.callback_result()[0] is False
    world.check(coin.address, vault=vault, coin=coin)


def test_a_refusal_without_words_is_one(world: Redemption) -> None:
    with pytest.raises(Refused):
        world.vault.send(b"\x12\x34\x56\x78", ALICE)
