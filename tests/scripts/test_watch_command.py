"""`ape run watch`: each thing is told once, is over once, outlives failed deliveries, and holds no secret."""

import json
import shutil
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from support.network_cli import Cli

from scrip.watch import Alert, Limits, WebhookSink
from scrip.watch.look import Look, look
from scrip.watch.metrics import Metrics

REASON = "--reason 4 --document order-4"
DAY = 86_400
SPLIT = "--ex 2027-01-25 --effective 2027-01-25T14:30:00Z --new 2 --old 1"
EFFECT = 1_800_887_400
"""2027-01-25 14:30:00 UTC."""


@pytest.fixture
def desk(trading: Cli) -> Cli:
    """A desk that was told of the one thing that is so from the start: AAPL's reserve has no answer yet."""
    shutil.rmtree(trading.folder / "watch", ignore_errors=True)
    (trading.folder / "alerts.jsonl").unlink(missing_ok=True)
    assert told(trading) == {("reserve stale", "AAPL")}
    return trading


def told(cli: Cli, more: str = "") -> set[tuple[str, str]]:
    """What one round says anew: kind and subject."""
    found = cli.done(f"watch --once {more}")
    return {(one["kind"], one["subject"]) for one in found["alerts"] if one["id"] in found["fresh"]}


def test_a_quiet_network_says_nothing_and_each_thing_is_told_once_until_it_is_over(desk: Cli) -> None:
    assert told(desk) == set()
    desk.done("emergency pause MSFT --apply")
    assert told(desk) == {("stopped", "MSFT")}
    assert told(desk) == set(), "it was told"
    desk.signed("emergency unpause MSFT", "unpause.json")
    found = desk.done("watch --once")
    assert (found["fresh"], len(found["over"])) == ([], 1)
    assert desk.done("watch --once")["over"] == []
    desk.done("emergency pause MSFT --reference again --apply")
    assert told(desk) == {("stopped", "MSFT")}, "a second time is another"


def test_people_are_given_what_to_run(desk: Cli) -> None:
    desk.done("emergency pause MSFT --apply")
    said = desk.run("watch --once")
    line = "CRITICAL local, stopped: MSFT: paused, until `emergency unpause MSFT`; run: ape run emergency unpause MSFT"
    assert (said.code, line in said.out) == (0, True), said
    assert desk.run("watch --once").out == ""


def test_a_reserve_that_is_old_short_and_fresh_again(desk: Cli) -> None:
    # The local manifest takes answers of up to 4 days.
    desk.pass_time(4 * DAY + 60)
    assert ("reserve stale", "MSFT") in told(desk)
    from support.network_orders import attest

    # 80 shares are fewer than the 100 that are owed.
    attest(desk.world.open(), 80)
    found = desk.done("watch --once")
    kinds = {(one["kind"], one["severity"]) for one in found["alerts"] if one["subject"] == "MSFT"}
    assert (kinds, len(found["over"])) == ({("reserve short", "critical")}, 1)
    attest(desk.world.open(), 200)
    found = desk.done("watch --once")
    assert [one for one in found["alerts"] if one["subject"] == "MSFT"] == []
    assert (found["fresh"], len(found["over"])) == ([], 1)


def test_an_action_that_nobody_scheduled_and_one_that_takes_effect(desk: Cli) -> None:
    desk.done(f"action announce MSFT SPLF split-1 {SPLIT} --apply")
    assert told(desk) == set(), "it is far off"
    assert told(desk, "--soon 20d") == {("action soon", "MSFT SPLF split-1")}
    shown = desk.done("watch --once --soon 20d")["alerts"]
    assert [one["severity"] for one in shown if one["kind"] == "action soon"] == ["critical"]
    desk.done("action schedule MSFT SPLF split-1 --apply")
    # Until the source shows the split, 100 tokens may stand for 200 shares, and 199 are attested: that is no shortage.
    assert told(desk, "--soon 20d") == {("action soon", "MSFT SPLF split-1"), ("reserve in doubt", "MSFT")}
    desk.world.open().chain.advance_to(EFFECT + 1)
    kinds = {one["kind"] for one in desk.done("watch --once --soon 20d")["alerts"] if one["subject"] == "MSFT"}
    assert "basis unconfirmed" in kinds, "the aggregator has not shown the split"


def test_the_timelock_from_the_schedule_to_the_lapse(desk: Cli) -> None:
    desk.signed("stock bump-epoch MSFT", "bump.json")
    assert {kind for kind, _ in told(desk)} == {"timelock waits"}
    desk.pass_time(2 * DAY)
    assert {kind for kind, _ in told(desk)} >= {"timelock ready"}
    desk.pass_time(15 * DAY)
    assert {kind for kind, _ in told(desk)} >= {"timelock lapsed"}


def test_a_role_that_changed_hands_is_told_once_and_is_never_over(desk: Cli) -> None:
    assert told(desk) == set()
    desk.done("emergency renounce PAUSER duty-officer --apply")
    found = desk.done("watch --once")
    (one,) = (one for one in found["alerts"] if one["kind"] == "role")
    assert "duty-officer" in one["text"]
    assert "no longer has PAUSER" in one["text"]
    again = desk.done("watch --once")
    assert (again["fresh"], again["over"]) == ([], [])


def test_clearances_that_end_are_told_by_the_day(desk: Cli) -> None:
    assert told(desk) == set()
    assert told(desk, "--days 3650") == {("clearance ends", "2029-12-31")}
    desk.world.open().chain.advance_to(1_893_456_001)  # 2030-01-01 00:00:01 UTC
    assert ("clearance ended", "2029-12-31") in told(desk, "--days 30")


class _Hook(HTTPServer):
    """A webhook that keeps what it was sent, and refuses as long as it is told to."""

    def __init__(self) -> None:
        self.got, self.status = list[dict[str, Any]](), 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)


@pytest.fixture
def hook() -> Iterator[_Hook]:
    server = _Hook()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_a_webhook_did_not_take_is_said_again_and_no_secret_is_in_it(
    desk: Cli, hook: _Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "T00-secret-token"
    monkeypatch.setenv("HOOK", f"http://127.0.0.1:{hook.server_address[1]}/{secret}")
    desk.done("emergency pause MSFT --apply")
    hook.status = 500
    line = "watch --once --webhook HOOK --to alerts.jsonl"
    said = desk.run(line)
    assert (said.code, "the webhook in HOOK answers 500" in said.err) == (1, True)
    assert secret not in said.out + said.err
    hook.status = 200
    assert desk.run(line).code == 0
    first, second = hook.got
    assert first == second
    assert [one["subject"] for one in second["alerts"]] == ["MSFT"]
    assert "ape run emergency unpause MSFT" in second["text"]
    assert desk.run(line).code == 0
    assert len(hook.got) == 2, "it was told"
    rows = [json.loads(one) for one in (desk.folder / "alerts.jsonl").read_text().splitlines()]
    assert [(one["event"], one["subject"]) for one in rows] == [("alert", "MSFT")]
    hooked = json.dumps(hook.got) + (desk.folder / "watch/local/watch.json").read_text()
    assert secret not in hooked
    assert desk.world.url not in hooked


@pytest.mark.parametrize(
    ("value", "said"),
    [("", "HOOK: is not set"), ("http://example.org/x", "not https"), ("nonsense", "is not set")],
)
def test_a_webhook_that_is_none(desk: Cli, monkeypatch: pytest.MonkeyPatch, value: str, said: str) -> None:
    monkeypatch.setenv("HOOK", value)
    found = desk.run("watch --once --webhook HOOK")
    assert (found.code, said in found.err) == (64, True), found


def test_a_webhook_that_is_not_there_is_named_by_its_variable_alone() -> None:
    sink = WebhookSink("http://127.0.0.1:9/secret", "HOOK")
    with pytest.raises(Exception, match="the webhook in HOOK does not answer: ConnectError") as refused:
        sink.say([Alert("n", "k", "s", "t", "c")], [])
    assert "secret" not in str(refused.value)
    sink.say([], [])  # nothing new is not posted


def test_a_memory_that_is_none_and_one_that_another_watches_with(desk: Cli) -> None:
    folder = desk.folder / "watch/local"
    for content in ("{", "[]", '{"schema": 2}', '{"schema": 1, "standing": [], "powers": {"local": [{}]}}'):
        (folder / "watch.json").write_text(content)
        said = desk.run("watch --once")
        assert (said.code, "watch.json" in said.err) == (1, True), (content, said)
    (folder / "watch.json").unlink()
    from scrip.records import lock

    with lock.held(folder, "watch"):
        said = desk.run("watch --once")
        assert (said.code, "is being worked on" in said.err) == (1, True)


def test_a_network_that_does_not_answer_hides_nothing_of_the_others(desk: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from scrip.chains import opening
    from scrip.errors import NodeError

    desk.done("emergency pause MSFT --apply")
    assert told(desk) == {("stopped", "MSFT")}

    def silent(*_: object) -> None:
        raise NodeError("the node does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(opening, "opened", silent)
        found = desk.done("watch --once")
    assert [(one["kind"], one["severity"]) for one in found["alerts"]] == [("unanswered", "critical")]
    assert (found["over"], found["answered"]) == ([], {"local": False}), "nobody knows whether the pause is over"
    again = desk.done("watch --once")
    assert (again["fresh"], len(again["over"])) == ([], 1), "the node answers again, and the pause was told"


def test_prometheus_reads_what_the_round_found(desk: Cli) -> None:
    from contextlib import nullcontext

    metrics = Metrics()
    found = look({"local": lambda: nullcontext(desk.world.open())}, Limits(), {})
    found.alerts.append(Alert("local", "stopped", "x", "t", "c", "critical"))
    metrics.show(found)
    port, end = metrics.serve(0)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            text = answer.read().decode()
    finally:
        end()
    for line in (
        'scrip_supply_tokens{network="local",stock="MSFT"} 100.0',
        'scrip_reserve_there_shares{network="local",stock="MSFT"} 199.0',
        'scrip_reserve_covered{network="local",stock="MSFT"} 1.0',
        'scrip_network_up{network="local"} 1.0',
        'scrip_alerts{kind="stopped",network="local",severity="critical"} 1.0',
        "scrip_rounds_total 1.0",
    ):
        assert line in text
    metrics.show(Look(answered={"local": False}))
    from prometheus_client import generate_latest

    later = generate_latest(metrics.registry).decode()
    assert 'scrip_supply_tokens{network="local"' not in later, "a silent network shows its past"
    assert 'scrip_network_up{network="local"} 0.0' in later
