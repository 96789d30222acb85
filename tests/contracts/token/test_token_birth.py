"""A stock's birth: what it is born with, in every mode of the fleet, and that it is born once."""

import pytest
from eth_utils import keccak
from support.contract_calls import MAX, ZERO, ZERO32, Handle, deploy, named, refuses
from support.contract_world import ACTIONS, BLOCKLIST, GUARDIAN, ISSUER, NORMAL, STRICT, UNIT, World

FACTORY = keccak(text="FACTORY")


def _typehash(name: str) -> bytes:
    """EIP-712, from the words of ERC-3009."""
    fields = "address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce"
    return keccak(text=f"{name}({fields})")


def _at_birth(world: World, stock: Handle, mode: int) -> dict[str, object]:
    """Every view without arguments, and what it answers for a stock that nobody has touched."""
    return {
        "name": "International Business Machines",
        "symbol": "IBM",
        "decimals": 18,
        "isin": "US4592001014",
        "series": 1,
        "totalSupply": 0,
        "totalSupplyUI": 0,
        "uiMultiplier": UNIT,
        "newUIMultiplier": UNIT,
        "effectiveAt": 0,
        "multiplierGeneration": 0,
        "multiplierTerms": (UNIT, 1, 1, UNIT, 1, 1, 0),
        "policy": 0,
        "mode": mode,
        "paused": False,
        "capped": False,
        "mintsSuspended": False,
        "mintsEnd": 0,
        "epoch": 1,
        "registry": world.registry.address,
        "corporateActions": ACTIONS,
        "reserveFeed": world.feed.address,
        "accessControl": world.roles.address,
        "extension": world.implementations[mode].extension(),
        "TRANSFER_WITH_AUTHORIZATION_TYPEHASH": _typehash("TransferWithAuthorization"),
        "RECEIVE_WITH_AUTHORIZATION_TYPEHASH": _typehash("ReceiveWithAuthorization"),
        "CANCEL_AUTHORIZATION_TYPEHASH": keccak(text="CancelAuthorization(address authorizer,bytes32 nonce)"),
        "DOMAIN_SEPARATOR": stock.DOMAIN_SEPARATOR(),
        "eip712Domain": (b"\x0f", "International Business Machines", "1", 1, stock.address, ZERO32, ()),
    }


@pytest.mark.parametrize("mode", [0, 1, 2])
def test_every_default_reads_right_through_the_proxy(world: World, mode: int) -> None:
    stock = world.create_stock("US4592001014", name="International Business Machines", symbol="IBM")
    if mode == STRICT:
        world.beacon.enterStrict(sender=world.registry.address)
    elif mode != NORMAL:
        world.halt()
    expected = _at_birth(world, stock, mode)
    state_changing = {"pause", "unpause", "bumpEpoch", "cancelMultiplier"}
    assert set(expected) == set(stock.views()) - state_changing
    assert {name: getattr(stock, name)() for name in expected} == expected
    for account in (ZERO, named("alice"), stock.address):
        assert stock.balanceOf(account) == stock.balanceOfUI(account) == 0
        assert stock.accountWord(account) == stock.nonces(account) == stock.getFrozenTokens(account) == 0
        assert stock.caseOf(account) == (0, ZERO32)
        assert stock.allowance(account, named("bob")) == 0
    assert stock.toUIAmount(7) == stock.fromUIAmount(7) == 7
    assert stock.keyUsed(ZERO32) is False


def test_the_implementations_are_not_a_stock(world: World) -> None:
    for mode, implementation in enumerate(world.implementations):
        assert (implementation.mode(), implementation.name(), implementation.isin()) == (mode, "", "")
        assert implementation.series() == 0
        assert (implementation.epoch(), implementation.totalSupply(), implementation.uiMultiplier()) == (0, 0, 0)


def test_only_the_factory_initialises(world: World) -> None:
    proxy = Handle(deploy("StockProxy", world.beacon).address, world.stock.abi)
    for actor in ("admin", "issuer", "minter", "mallory"):
        with refuses("roles: not authorised"):
            proxy.initialize("X", "X", "US0000000001", 1, 0, sender=named(actor))
    proxy.initialize("X", "X", "US0000000001", 1, 0, sender=world.factory.address)
    assert proxy.epoch() == 1
    with refuses("token: initialised"):
        proxy.initialize("Y", "Y", "US0000000002", 1, 1, sender=world.factory.address)
    assert (proxy.name(), proxy.policy()) == ("X", 0)


def test_no_stock_and_no_implementation_is_initialised_again(world: World) -> None:
    for stock in (world.stock, world.open_stock, *world.implementations):
        with refuses("token: initialised"):
            stock.initialize("X", "X", "US0000000001", 1, MAX, sender=world.factory.address)
        with refuses("roles: not authorised"):
            stock.initialize("X", "X", "US0000000001", 1, 0, sender=ISSUER)


@pytest.mark.parametrize("policy", [2, MAX])
def test_an_unknown_policy_is_refused(world: World, policy: int) -> None:
    proxy = Handle(deploy("StockProxy", world.beacon).address, world.stock.abi)
    with refuses("token: bad policy"):
        proxy.initialize("X", "X", "US0000000001", 1, policy, sender=world.factory.address)


@pytest.mark.parametrize("series", [0, 2**24, MAX])
def test_an_impossible_series_is_refused(world: World, series: int) -> None:
    proxy = Handle(deploy("StockProxy", world.beacon).address, world.stock.abi)
    with refuses("token: bad series"):
        proxy.initialize("X", "X", "US0000000001", series, 0, sender=world.factory.address)


@pytest.mark.parametrize("symbol", ["", "X", "SIXTEEN-LETTERS!"])
@pytest.mark.parametrize("series", [1, 2**24 - 1])
def test_what_shares_a_word_is_read_apart(world: World, symbol: str, series: int) -> None:
    address = world.factory.createStock("X", symbol, "US0000000001", series, 0, sender=ISSUER)
    stock = Handle(address, world.stock.abi)
    assert (stock.symbol(), stock.isin(), stock.series()) == (symbol, "US0000000001", series)


def test_the_policies_are_kept(world: World) -> None:
    assert (world.stock.policy(), world.open_stock.policy()) == (0, BLOCKLIST)


def test_a_proxy_that_nobody_initialised_is_useless(world: World) -> None:
    """Its epoch is 0 and the registry does not know it: it enrols nobody and moves nothing."""
    proxy = Handle(deploy("StockProxy", world.beacon).address, world.stock.abi)
    for call in (
        lambda: proxy.transfer(named("bob"), 1, sender=named("alice")),
        lambda: proxy.mint(named("alice"), 1, sender=named("minter")),
    ):
        with refuses("registry: not a stock"):
            call()
    assert proxy.canTransfer(named("mallory"), named("mallory"), 0) is False


@pytest.mark.parametrize(
    ("position", "value", "refusal"),
    [
        (0, 3, "token: bad mode"),
        (0, MAX, "token: bad mode"),
        (1, ZERO, "roles: zero address"),
        (2, ZERO, "token: no registry"),
        (3, ZERO, "token: no actions"),
        (4, ZERO, "token: no feed"),
    ],
)
def test_an_implementation_needs_its_counterparts(world: World, position: int, value: object, refusal: str) -> None:
    arguments = [0, world.roles.address, world.registry.address, ACTIONS, world.feed.address]
    extension = deploy("StockExtension", *arguments)
    arguments[position] = value
    with refuses(refusal):
        deploy("StockToken", *arguments, extension)
    with refuses(refusal):
        deploy("StockExtension", *arguments)


@pytest.mark.parametrize("position", range(5))
def test_the_two_halves_are_made_with_the_same_counterparts(world: World, position: int) -> None:
    arguments = [0, world.roles, world.registry, ACTIONS, world.feed]
    extension = deploy("StockExtension", *arguments)
    arguments[position] = 1 if position == 0 else named("another")
    with refuses("token: wrong extension"):
        deploy("StockToken", *arguments, extension)


def test_the_extension_is_not_a_stock(world: World) -> None:
    """Its own storage is initialised and belongs to nobody."""
    extension = Handle(world.stock.extension(), world.stock.abi)
    with refuses(""):
        extension.initialize("X", "X", "US0000000001", 1, 0, sender=world.factory.address)
    with refuses("token: not the registry"):
        extension.recover(named("alice"), named("bob"), 1, b"\x01" * 32, sender=named("admin"))


def test_a_halted_fleet_answers_every_view(world: World) -> None:
    before = {name: getattr(world.stock, name)() for name in _at_birth(world, world.stock, 0)}
    world.beacon.halt(sender=GUARDIAN)
    after = {name: getattr(world.stock, name)() for name in before}
    assert after == before | {"mode": 2, "extension": world.implementations[2].extension()}
