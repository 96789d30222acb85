"""What stands at an address is told in one place: nothing, something else, or what is looked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from served import Served, running
from solana.rpc.async_api import AsyncClient
from solana_world import World
from solders.account import Account
from solders.pubkey import Pubkey

from scrip.solana.addresses import SYSTEM, TOKEN, TOKEN_2022, local_address
from scrip.solana.encoding import tokens
from scrip.solana.encoding.coins import coin_at
from scrip.solana.encoding.places import Foreign, Found, Kind, Misplaced, Vacant, data_of, place
from scrip.solana.rpc import cluster as rpc
from scrip.solana.rpc.cluster import Cluster, Unreachable

SOURCE = Path(__file__).resolve().parents[2] / "scrip/solana"
READERS = {
    "encoding/places.py": "the one reader",
    "rpc/cluster.py": "a node's answers",
    "rpc/chain.py": "the same, as a chain",
    "local/litesvm.py": "a cluster in this process",
    "local/endpoint/bank.py": "is such a cluster itself, with blocks",
    "rehearse/clone.py": "copies every account, whatever it is",
    "rehearse/venues.py": "looks at a venue's accounts in such a copy, whoever's they are",
    "audit/evidence.py": "keeps what it has read, and asks the one reader what it is",
}
"""Files that ask a cluster for accounts as they are."""
WHOLE = {"views/views.py": 2}
"""How often others read accounts of any kind: whether anybody signs for a wallet, of those that are entered and of the
one whose token account is opened."""
HERE = local_address("somewhere")


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Each method call: what it is asked of, and the method."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr


def test_nobody_else_asks_whether_there_is_an_account() -> None:
    asked: dict[str, int] = {}
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        for of, method in calls(path):
            source = of.rpartition(".")[2] in ("chain", "cluster", "origin", "source", "svm", "clone")
            if source and method in ("account", "accounts", "read", "get_account", "balance") and name not in READERS:
                asked[name] = asked.get(name, 0) + 1
    assert asked == WHOLE


def test_the_three_answers() -> None:
    kind = Kind("thing", TOKEN, lambda data: data == b"thing")
    assert place(HERE, None, kind) == Vacant(HERE)
    assert place(HERE, Account(890_880, b"", SYSTEM), kind) == Vacant(HERE)
    assert place(HERE, Account(1, b"thing", TOKEN), kind) == Found(HERE, b"thing")
    wrong = (
        Account(1, b"thing", TOKEN_2022),
        Account(1, b"other", TOKEN),
        Account(1, b"", TOKEN),
        Account(1, b"x", SYSTEM),
    )
    for one in wrong:
        found = place(HERE, one, kind)
        assert found == Foreign(HERE, one.owner, kind)
        with pytest.raises(Misplaced, match=str(one.owner)):
            data_of(found)
    assert data_of(Vacant(HERE)) is None


def test_records_and_token_accounts_are_told_apart(world: World) -> None:
    alice, listing, at = local_address("alice"), world.listing, world.program.at
    world.ledger.investors.prepare(listing, "alice")
    kinds = {
        "Wallet": at.wallet(alice), "Stock": listing.stock, "Reserve": listing.reserve, "Calendar": listing.calendar,
        "Issuer": at.issuer,
    }  # fmt: skip
    wanted: dict[Pubkey, Kind] = {address: world.program.kind(name) for name, address in kinds.items()}
    wanted |= {listing.mint: tokens.STOCK, world.ledger.units(listing, "alice"): tokens.UNITS}
    wanted |= {world.suite.stablecoin: tokens.COIN, world.suite.treasury: tokens.COINS}
    accounts = dict(zip(wanted, world.chain.read(list(wanted)), strict=True))
    for address, account in accounts.items():
        for belongs in wanted.values():
            found = place(address, account, belongs)
            assert isinstance(found, Found if belongs == wanted[address] else Foreign), (address, belongs.name)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with running() as endpoint:
        yield endpoint


def answers(monkeypatch: pytest.MonkeyPatch, *changes: Any) -> list[int]:
    """Change a node's next answers about accounts, each by a function; how many were asked for is counted."""
    real, left, asked = AsyncClient.get_multiple_accounts, list(changes), []

    async def answer(client: AsyncClient, keys: Sequence[Pubkey], *more: Any, **options: Any) -> Any:
        found = await real(client, list(keys), *more, **options)
        asked.append(len(keys))
        return left.pop(0)(found) if left else found

    monkeypatch.setattr(AsyncClient, "get_multiple_accounts", answer)
    monkeypatch.setattr(rpc, "PAUSE", 0.001)
    return asked


def older(found: Any) -> Any:
    return SimpleNamespace(context=SimpleNamespace(slot=found.context.slot - 10_000), value=found.value)


def partial(found: Any) -> Any:
    return SimpleNamespace(context=found.context, value=found.value[:-1])


def empty(found: Any) -> Any:
    return SimpleNamespace(context=found.context, value=[None] * len(found.value))


def as_it_is(found: Any) -> Any:
    return found


@pytest.mark.parametrize("change", [older, partial])
def test_an_answer_that_lags_or_lacks_some_is_asked_for_again(
    served: Served, monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    cluster = Cluster(served.url)
    asked = answers(monkeypatch, as_it_is, change, change)
    first, second = cluster.accounts([TOKEN, TOKEN_2022]), cluster.accounts([TOKEN, TOKEN_2022])
    assert first == second
    assert None not in first
    assert len(asked) == 4
    answers(monkeypatch, *[change] * rpc.ATTEMPTS)
    with pytest.raises(Unreachable, match="told of slot"):
        cluster.accounts([TOKEN, TOKEN_2022])


def test_what_a_node_does_not_have_it_is_asked_for_once_more(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(served.url)
    asked = answers(monkeypatch, empty)
    assert None not in cluster.accounts([TOKEN, TOKEN_2022])
    assert asked == [2, 2]
    asked = answers(monkeypatch)
    assert cluster.accounts([TOKEN, HERE])[1] is None
    assert asked == [2, 1]


def test_a_coin_is_a_mint_of_a_token_programs_alone(world: World) -> None:
    """What another program keeps may look like a mint, byte for byte."""
    (mint,) = world.chain.read([world.suite.stablecoin])
    assert mint is not None
    assert coin_at(world.chain, world.suite.stablecoin) == bytes(mint.data)
    assert coin_at(world.chain, world.listing.mint) == world.chain.account(world.listing.mint)
    assert coin_at(world.chain, world.suite.treasury) is None
    assert coin_at(world.chain, HERE) is None
    world.chain.svm.set_account(HERE, Account(mint.lamports, bytes(mint.data), local_address("another program")))
    assert coin_at(world.chain, HERE) is None
