"""Two proposals, written before either was carried out, had the same nonce: the signatures under one were wasted.

A proposal comes behind what waits in its folder and in the Safe's service, and says so; and it is weighed, for what
exceeds a transaction's gas can be signed by everybody and carried out by nobody.
"""

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from support.network_cli import Cli, fresh
from support.network_world import START, NetworkWorld, deployed_world

from scrip import instructions as ins
from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError
from scrip.evm.accounts import local_account
from scrip.evm.handlers import transaction
from scrip.evm.ledger import EvmLedger
from scrip.evm.proposals.execution import plan_execution
from scrip.evm.proposals.proposing import propose
from scrip.evm.proposals.queue import draw
from scrip.evm.rpc.node import GAS_CAP
from scrip.evm.rpc.signers import LocalSigner
from scrip.evm.safe.file import read
from scrip.evm.safe.signing import sign_file
from scrip.plan import Plan, Step

DAY = 86_400


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWorld]:
    with deployed_world(tmp_path_factory.mktemp("network")) as world:
        yield world


@pytest.fixture
def world(standing: NetworkWorld) -> Iterator[NetworkWorld]:
    yield standing
    standing.back()


@pytest.fixture
def cli(world: NetworkWorld, monkeypatch: pytest.MonkeyPatch) -> Cli:
    found = Cli(world)
    fresh(found.folder)
    monkeypatch.chdir(found.folder)
    monkeypatch.setenv("SCRIP_LOCAL_RPC", world.url)
    return found


def pause(network: EvmNetwork, stock: str = "MSFT") -> Plan:
    one = transaction(ins.Pause(stock, by="safe"), network.ledger())
    return Plan("emergency pause", stock, (Step("pause", "pause", "safe", one.contract, one.function, (), one.to),))


def freezes(network: EvmNetwork, count: int) -> Plan:
    """So many accounts frozen, each by a call of its own."""
    ledger = network.ledger()
    steps = []
    for place in range(count):
        order = ins.Freeze("MSFT", local_account(f"holder {place}").address, True, 1, "order", by="safe")
        one = transaction(order, ledger)
        title = f"freeze holder {place}"
        steps.append(Step(title, title, "safe", one.contract, one.function, one.args, one.to))
    return Plan("compliance freeze", "many", tuple(steps))


# --- the nonce -------------------------------------------------------------------------------------------------------


def test_a_second_proposal_comes_behind_the_first(cli: Cli) -> None:
    first = cli.run("emergency unpause MSFT --propose a.json --yes")
    assert "nothing to do" in first.out
    cli.done("emergency pause MSFT --apply")
    cli.done("emergency pause AAPL --apply")
    said = cli.run("emergency unpause MSFT --propose a.json --yes").out
    assert "a.json: nonce 0 (the Safe's next, and nothing waits for it)" in said
    said = cli.run("emergency unpause AAPL --propose b.json --yes").out
    assert "b.json: nonce 1 (behind a.json)" in said
    for name in ("a.json", "b.json"):
        for owner in ("owner-1", "owner-2"):
            assert cli.run(f"safe sign {name} --as {owner} --yes").code == 0
    for name in ("a.json", "b.json"):
        cli.done(f"safe execute {name} --apply")


def test_a_nonce_is_said_and_what_has_it_is_named(cli: Cli) -> None:
    cli.done("emergency pause MSFT --apply")
    cli.run("emergency unpause MSFT --propose a.json --yes")
    found = cli.run("emergency unpause MSFT --propose b.json --nonce 0 --yes")
    assert "as --nonce says, and the Safe's next is 0; a.json has it, too, and only one" in found.out
    assert cli.run("emergency unpause MSFT --propose c.json --nonce 7 --yes").code == 0
    assert read(Path("c.json")).tx.nonce == 7
    found = cli.run("emergency unpause MSFT --propose d.json --yes")
    assert "d.json: nonce 1 (behind a.json, b.json)" in found.out
    assert cli.run("emergency unpause MSFT --nonce 1").code == 64


def test_the_lowest_that_nothing_waiting_has(world: NetworkWorld, tmp_path: Path) -> None:
    """Of other Safes and chains, of what was carried out and of what is no proposal nothing is counted."""
    network = world.open()
    safe, chain = network.chain.address("safe"), str(network.chain.chain_id())

    def lies(name: str, nonce: object, safe: str = safe, chain: str = chain) -> None:
        (tmp_path / name).write_text(json.dumps({"scrip": {"tx": {"chainId": chain, "safe": safe, "nonce": nonce}}}))

    for name, text in {"n.txt": "notes", "l.json": "[1]", "d.json": '{"scrip": 1}', "x.json": "[" * 5_000}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "b.bin").write_bytes(b"\xff\xfe")
    (tmp_path / "folder").mkdir()
    lies("other-safe.json", 0, safe="0x" + "11" * 20)
    lies("other-chain.json", 0, chain="1")
    lies("no-number.json", "0")
    assert draw(network, tmp_path).nonce == 0
    lies("a.json", 0)
    lies("b.json", 1)
    lies("d.json", 3)
    assert (draw(network, tmp_path).nonce, draw(network, tmp_path).why) == (2, "behind a.json, b.json")
    assert draw(network, tmp_path / "not-there").nonce == 0


def test_a_nonce_that_was_used_is_refused(world: NetworkWorld, tmp_path: Path) -> None:
    network = world.open()
    propose(network, pause(network), tmp_path / "a.json")
    for owner in ("owner-1", "owner-2"):
        sign_file(tmp_path / "a.json", LocalSigner(owner), [network.chain.address("multisend")])
    world.run(plan_execution(world.open(), read(tmp_path / "a.json")))
    with pytest.raises(InputError, match="was used: the Safe's next is 1"):
        draw(world.open(), tmp_path, 0)
    assert draw(world.open(), tmp_path).nonce == 1


# --- the service -----------------------------------------------------------------------------------------------------


class Service:
    """A Safe transaction service: `queued` by nonce, two to a page; `asked` are the paths and tokens of its askers."""

    def __init__(self) -> None:
        self.queued: list[object] = []
        self.asked: list[tuple[str, str | None]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append((self.path, self.headers.get("Authorization")))
                page = int(self.path.partition("offset=")[2] or 0)
                shown = service.queued[page : page + 2]
                following = f"{service.url}{self.path.partition('?')[0]}?offset={page + 2}"
                last = page + 2 >= len(service.queued)
                results = [{"nonce": one, "isExecuted": False} for one in shown]
                body = json.dumps({"results": results, "next": None if last else following}).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/eth"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    found = Service()
    monkeypatch.setenv("SCRIP_TEST_SERVICE", found.url)
    yield found
    found.server.shutdown()
    found.server.server_close()


def served(world: NetworkWorld) -> EvmNetwork:
    network = world.open()
    safe = network.manifest.safe.model_copy(update={"service_env": "SCRIP_TEST_SERVICE"})
    return world.open(network.manifest.model_copy(update={"safe": safe}))


def test_what_the_service_has_queued_is_counted(world: NetworkWorld, service: Service, tmp_path: Path) -> None:
    network = served(world)
    service.queued = [0, "1", 2, 4]
    drawn = draw(network, tmp_path)
    assert (drawn.nonce, drawn.why) == (3, "behind the Safe's service")
    assert len(service.asked) == 2, "both pages"
    assert "/eth/api/v1/safes/0x" in service.asked[0][0]
    assert "executed=false&nonce__gte=0" in service.asked[0][0]
    found = draw(network, tmp_path, 2)
    assert "the Safe's service has it, too" in found.why


def test_a_key_of_the_service_is_sent_and_never_shown(
    world: NetworkWorld, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRIP_TEST_SERVICE", service.url.replace("://", "://:s3cret@"))
    draw(served(world), tmp_path)
    assert service.asked[0][1] == "Bearer s3cret"
    monkeypatch.setenv("SCRIP_TEST_SERVICE", "http://:s3cret@127.0.0.1:1/eth")
    with pytest.raises(InputError, match=r"does not answer .*say --nonce") as caught:
        draw(served(world), tmp_path)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("queued", [["x"], [None], [-1], [{}]])
def test_a_service_that_answers_nonsense_or_is_not_named_is_not_passed_over(
    world: NetworkWorld, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, queued: list[object]
) -> None:
    service.queued = queued
    with pytest.raises(InputError, match="say --nonce"):
        draw(served(world), tmp_path)
    monkeypatch.delenv("SCRIP_TEST_SERVICE")
    with pytest.raises(InputError, match="is not set: it names the Safe's service; or say --nonce"):
        draw(served(world), tmp_path)
    assert draw(served(world), tmp_path, 5).nonce == 5


# --- the weight ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [250, 400], ids=["a block has gas for it", "no block has"])
def test_what_no_transaction_has_gas_for_is_not_written(world: NetworkWorld, tmp_path: Path, count: int) -> None:
    network = world.open()
    with pytest.raises(InputError, match=rf"needs about [\d,]+ gas, and a transaction is given {GAS_CAP:,}") as caught:
        propose(network, freezes(network, count), tmp_path / "many.json")
    assert not (tmp_path / "many.json").exists()
    fitting = int(str(caught.value).rpartition("about ")[2].split()[0])
    assert 150 < fitting < 250
    lines, _ = propose(network, freezes(network, fitting), tmp_path / "some.json")
    assert f"gas of the {GAS_CAP:,}" in lines[1]


def test_what_was_weighed_is_what_is_needed(world: NetworkWorld, tmp_path: Path) -> None:
    network = world.open()
    lines, _ = propose(network, freezes(network, 100), tmp_path / "some.json")
    weighed = int(lines[1].split()[3].replace(",", ""))
    for owner in ("owner-1", "owner-2"):
        sign_file(tmp_path / "some.json", LocalSigner(owner), [network.chain.address("multisend")])
    result = world.run(plan_execution(world.open(), read(tmp_path / "some.json")))
    record = result.outcomes[0].record
    assert record is not None
    assert record.gas < weighed < record.gas * 5 // 4


def test_what_fails_in_the_present_state_is_said(world: NetworkWorld, tmp_path: Path) -> None:
    """It may wait for what comes before it in the queue."""
    network = world.open()
    ledger = network.ledger()
    split = ins.Announce("MSFT", "SPLF", "s-0", date(2027, 2, 24), START + 41 * DAY, num=2, den=1, by="safe")
    schedules = (ins.Schedule("MSFT", "SPLF", name, by="safe") for name in ("s-0", "never-announced"))
    plan = Plan("x", "y", tuple(_step(order, ledger) for order in (split, *schedules)))
    lines, _ = propose(network, plan, tmp_path / "a.json")
    assert lines[1].startswith('its gas cannot be estimated now: "schedule never-announced" fails in the present state')


def _step(order: ins.Announce | ins.Schedule, ledger: EvmLedger) -> Step:
    one = transaction(order, ledger)
    title = f"{type(order).__name__.lower()} {order.reference}"
    return Step(title, title, "safe", one.contract, one.function, one.args, one.to)


def test_a_node_that_limits_gas_itself_is_understood(world: NetworkWorld, tmp_path: Path) -> None:
    """Of a batch that runs out of gas a node says no more than of one that fails: the part that it can tell decides."""
    network = world.open()
    ask = network.node.ask

    def limited(method: str, *params: Any) -> Any:
        answer = ask(method, *params)
        if method == "eth_estimateGas" and int(answer.get("result", "0x0"), 16) > GAS_CAP:
            return {"error": {"code": 3, "message": "execution reverted", "data": "0x"}}
        return answer

    network.node.ask = limited  # type: ignore[method-assign]
    with pytest.raises(InputError, match="propose it in parts"):
        propose(network, freezes(network, 400), tmp_path / "many.json")
