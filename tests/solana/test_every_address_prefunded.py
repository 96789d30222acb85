"""Whoever sends lamports to an address that an operation names, or a node that does not have it once, changes nothing.

For each operation, each address that its instructions name and no key signs for is met once with lamports at it where
nothing is, once with another program's account, and once with a node that has nothing there in its first answer. The
operation does what it does without, to the byte, or is refused by name; it is never taken for done. Each operation
meets one address of each kind here, another one from operation to operation; all of them are the campaign's.
"""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from every_operation import BARE, ELSEWHERE, OPERATIONS, Operation, operations_of, prepared, without_apple
from landing import State, accounts
from solana.rpc.async_api import AsyncClient
from solana_network_world import SolanaNetworkWorld, deployed_solana_world, empty_solana_world
from solders.pubkey import Pubkey

from scrip import flows
from scrip.errors import ScripError
from scrip.plan import Plan
from scrip.solana.addresses import SYSTEM, local_address
from scrip.solana.tx.verify import verify

RENT = 890_880
"""Lamports for which a system account of no bytes stays."""
VACANT = [str(SYSTEM), ""]
UNLISTED = "are listed by this node"
REFUSALS = ("would fail and was not sent", "the program does not tell", UNLISTED)
"""What is said where the program finds it, or what is left of a list: before anything is sent."""
STRANGER = local_address("another program")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("prefunded"), without_apple()) as world:
        prepared(world)
        world.mark()
        yield world


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with empty_solana_world(tmp_path_factory.mktemp("bare")) as world:
        yield world


def standing(world: SolanaNetworkWorld) -> State:
    """Every account that is more than lamports."""
    return {place: one for place, one in accounts(world.served, world.open()).items() if one != VACANT}


def begin(world: SolanaNetworkWorld, operation: Operation) -> None:
    """The world in which the operation is planned."""
    if operation in [OPERATIONS[name] for name in BARE]:
        world.served.ask("endpoint_restart")
        shutil.rmtree(world.records, ignore_errors=True)
        return
    world.back()
    for one in operation.before:
        if isinstance(one, int):
            world.pass_time(one)
        else:
            world.run(one(world.open()))


def carried_out(world: SolanaNetworkWorld, operation: Operation) -> State:
    """Every account once the operation is carried out: sent by us, step by step, and recorded as that."""
    plan = operation.plan(world.open())
    assert plan.steps
    outcomes = world.run(plan).outcomes
    assert [one.status for one in outcomes] == ["done"] * len(plan.steps)
    assert not any(one.record.found for one in outcomes if one.record)
    network = world.open()
    assert verify(network.records, network.chain) == []
    return standing(world)


def named(plan: Plan) -> list[Pubkey]:
    """The addresses that its instructions name and that no key signs for."""
    found = {meta.pubkey for step in plan.steps for call in step.calls for meta in call.accounts}
    known = {str(one) for one in found if str(one).startswith("Sysvar")}
    return sorted((one for one in found if not one.is_on_curve() and str(one) not in known), key=bytes)


def put(world: SolanaNetworkWorld, address: Pubkey, lamports: int, data: bytes, owner: Pubkey) -> None:
    account = {"lamports": lamports, "data": b64encode(data).decode(), "owner": str(owner)}
    world.served.ask("endpoint_setAccount", str(address), account)


def modules() -> list[ModuleType]:
    return [getattr(flows, name) for name in flows.__all__]


def test_no_operation_is_missing() -> None:
    every = {name for module in modules() for name in operations_of(module)}
    known = {name.partition(",")[0] for name in OPERATIONS}
    left = {name for name in every if name not in ELSEWHERE and name.partition(".")[0] not in ELSEWHERE}
    assert left == known - {"deploy", "settings"}


@dataclass
class Trial:
    """An operation, and the world that it begins in. `every` address is met, or one."""

    world: SolanaNetworkWorld
    operation: Operation
    number: int
    every: bool

    def begin(self) -> None:
        """The world in which the operation is planned."""
        begin(self.world, self.operation)

    def done(self) -> State:
        """Every account once it is carried out."""
        return carried_out(self.world, self.operation)

    @cached_property
    def usual(self) -> tuple[list[Pubkey], State, State]:
        """The addresses that it names; every account before it, and after it."""
        self.begin()
        before, plan = standing(self.world), self.operation.plan(self.world.open())
        return named(plan), before, self.done()

    def some(self, places: Sequence[Pubkey]) -> list[Pubkey]:
        """The addresses that are met."""
        return list(places) if self.every or not places else [places[self.number % len(places)]]


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.campaign)], ids=["one", "every"])
def every(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture(params=OPERATIONS)
def trial(request: pytest.FixtureRequest, every: bool) -> Trial:
    world = request.getfixturevalue("empty" if request.param in BARE else "deployed")
    return Trial(world, OPERATIONS[request.param], list(OPERATIONS).index(request.param), every)


def lamports(trial: Trial) -> None:
    places, before, expected = trial.usual
    vacant = [one for one in places if str(one) not in before]
    for together in [vacant, *([one] for one in vacant if trial.every)]:
        trial.begin()
        for address in together:
            put(trial.world, address, RENT if len(together) == 1 else 10**10, b"", SYSTEM)
        assert trial.done() == expected, together


def another_programs_account(trial: Trial) -> None:
    places, before, expected = trial.usual
    for address in trial.some(places):
        trial.begin()
        put(trial.world, address, 10**10, b"\1" * 200, STRANGER)
        steps = 0
        try:
            plan = trial.operation.plan(trial.world.open())
            steps = len(plan.steps)
            found = trial.done()
        except ScripError as refused:
            said = str(refused)
            assert str(address) in said or any(one in said for one in REFUSALS), said
            # Of several steps the first may be done: they are carried out one by one.
            if steps < 2:
                left = {place: one for place, one in standing(trial.world).items() if place != str(address)}
                assert left == {place: one for place, one in before.items() if place != str(address)}, address
            continue
        # A block does not wait for what a node does not list; it says so.
        told = any(UNLISTED in change.before for change in plan.changes)
        assert told or {**found, str(address): ""} == {**expected, str(address): ""}, address


def nothing_at_once(trial: Trial) -> None:
    places, _, expected = trial.usual
    for address in trial.some(places):
        trial.begin()
        with answering("get_multiple_accounts", address):
            assert trial.done() == expected, address


def nothing_listed_once(trial: Trial) -> None:
    expected = trial.usual[-1]
    trial.begin()
    with answering("get_program_accounts", None):
        assert trial.done() == expected


@contextmanager
def answering(method: str, gone: Pubkey | None) -> Iterator[None]:
    """The node's first answer that could tell of an address has nothing there; of None, a list has nothing at all."""
    real, left = getattr(AsyncClient, method), [True]

    async def asked(client: AsyncClient, keys: Any, *more: Any, **options: Any) -> Any:
        answer = await real(client, keys, *more, **options)
        if not left or (gone is not None and gone not in keys):
            return answer
        left.clear()
        if gone is None:
            return SimpleNamespace(value=[])
        value = [None if key == gone else one for key, one in zip(keys, answer.value, strict=True)]
        return SimpleNamespace(context=answer.context, value=value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AsyncClient, method, asked)
        yield


def test_an_operation_does_what_it_does(trial: Trial) -> None:
    lamports(trial)
    another_programs_account(trial)
    nothing_at_once(trial)
    nothing_listed_once(trial)
