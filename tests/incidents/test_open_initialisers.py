"""Backed: initialize_v2, v3 and v4 are open to anyone. Ours has one initialiser, for the factory, once, and the
implementations are born initialised."""

from support.contract_calls import Handle, deploy, refuses
from support.contract_world import EVERYONE, World

ARGUMENTS = ("Evil", "EVIL", "US0000000001", 1, 1)


def test_there_is_one_initialiser(world: World) -> None:
    names = {entry["name"] for entry in world.stock.abi if entry["type"] == "function"}
    assert {name for name in names if "init" in name.lower() or "upgrade" in name.lower()} == {"initialize"}


def test_nobody_initialises_a_stock_or_an_implementation(world: World) -> None:
    for target in (world.stock, world.open_stock, *world.implementations):
        for actor in EVERYONE.values():
            with refuses("roles: not authorised"):
                target.initialize(*ARGUMENTS, sender=actor)
        with refuses("token: initialised"):
            target.initialize(*ARGUMENTS, sender=world.factory.address)


def test_nobody_initialises_a_proxy_before_the_factory(world: World) -> None:
    proxy = Handle(deploy("StockProxy", world.beacon).address, world.stock.abi)
    for actor in EVERYONE.values():
        with refuses("roles: not authorised"):
            proxy.initialize(*ARGUMENTS, sender=actor)
    assert (proxy.epoch(), proxy.name()) == (0, "")
