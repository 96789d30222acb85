"""`ape run report`: a page and its facts, which follow from the chain to the byte, and what is forged is found."""

import json
import re
import threading
import urllib.error
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

import fastjsonschema
import pytest
from support.network_cli import Cli

from scrip.site import charts, page
from scrip.site.page import grouped
from scrip.site.report import json_schema
from scrip.site.serve import server

ROOT = Path(__file__).resolve().parents[2]
VOID = {"meta", "br", "hr", "img", "input", "link"}


class Outline(HTMLParser):
    """Texts of a page, what it would fetch, and whether what it opens it closes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.fetched, self.ids, self.cells = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.fetched += [str(named[one]) for one in ("src", "srcset", "data", "action", "poster") if one in named]
        if tag in ("script", "iframe", "object", "embed", "link", "base", "form") or any(
            one.startswith("on") for one in named
        ):
            self.fetched.append(tag)
        if "id" in named:
            self.ids.append(named["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.cells.append(data.strip())


def written(cli: Cli, folder: str = "page") -> tuple[dict[str, object], str]:
    cli.done(f"report site --out {folder}")
    place = cli.folder / folder
    return json.loads((place / "report.json").read_text()), (place / "index.html").read_text()


def clean(cli: Cli, *names: str) -> None:
    import shutil

    for name in names:
        shutil.rmtree(cli.folder / name, ignore_errors=True)


def test_a_report_says_what_is_held_and_owed_and_follows_its_schema(trading: Cli) -> None:
    clean(trading, "page", "again")
    found, shown = written(trading)
    fastjsonschema.compile(json.loads((ROOT / "docs/report.schema.json").read_text()))(found)
    (stock,) = (one for one in found["stocks"] if one["ticker"] == "MSFT")
    # 200 shares are attested, less the margin of 50 bps, and 100 tokens of one share were minted.
    told = [stock[one] for one in ("supply", "attested", "required", "coverage", "covered", "source")]
    assert told == ["100", "199", "100", "1.99", "yes", "aggregator"]
    assert [one["coverage"] for one in found["past"] if one["stock"] == "MSFT"][-1] == "1.99"
    holders = {(one["of"], one["role"], one["name"]) for one in found["powers"]}
    assert {
        ("roles", "ADMIN", "timelock"),
        ("roles", "PAUSER", "duty-officer"),
        ("timelock", "EXECUTOR", ""),
    } <= holders
    assert sum(role.startswith("OWNER, 2 of 3") for of, role, _ in holders if of == "safe") == 3
    cells = Outline(shown).cells
    assert {f"{stock['name']} (MSFT, US5949181045)", "1.99", "199", stock["address"]} <= set(cells)
    # The same block gives the same bytes, and a second folder the same as the first.
    trading.done("report verify page")
    assert written(trading, "again") == (found, shown)


def test_a_page_fetches_nothing_runs_nothing_and_closes_what_it_opens(trading: Cli) -> None:
    _, shown = written(trading)
    outline = Outline(shown)
    assert (outline.fetched, outline.open) == ([], [])
    assert len(set(outline.ids)) == len(outline.ids)
    assert "default-src 'none'" in shown
    assert set(re.findall(r'(?:xlink:)?href="([^"#][^"]*)"', shown)) == set(), "nothing leads elsewhere here"
    assert not re.search(r"url\((?!#)", shown)


def test_what_is_stopped_pending_and_changed_is_on_the_page(trading: Cli) -> None:
    trading.done(
        "action announce MSFT SPLF split-1 --ex 2027-01-25 --effective 2027-01-25T14:30:00Z --new 2 --old 1 --apply"
    )
    trading.signed("stock bump-epoch MSFT", "bump.json")
    trading.done("emergency pause MSFT --apply")
    found, shown = written(trading)
    assert found["stopped"] == [{"network": "local", "what": "MSFT: paused, until `emergency unpause MSFT`"}]
    assert {(one["kind"], one["what"].split()[0]) for one in found["pending"]} >= {("action", "SPLF")}
    assert any(one["kind"] == "timelock" for one in found["pending"])
    (action,) = found["actions"]
    assert (action["terms"]["num"], action["status"]) == ("2 new for 1 old", "announced")
    assert "2 new for 1 old" in shown
    assert "Stopped" in Outline(shown).cells


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("report.json", '"attested": "199"', '"attested": "299"', "report.stocks[0].attested: expected 199, found 299"),
        ("report.json", '"schema": 1', '"schema":  1', "report: expected the bytes that its facts give"),
        ("index.html", ">199<", ">299<", "index.html: expected the page of this report, found another"),
    ],
)
def test_one_byte_that_is_not_the_chains_is_found(trading: Cli, file: str, before: str, after: str, said: str) -> None:
    written(trading)
    path = trading.folder / "page" / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    found = trading.run("report verify page")
    assert (found.code, said in found.out) == (3, True), found


def test_a_report_is_of_its_block_whatever_came_later(trading: Cli) -> None:
    written(trading)
    trading.done("emergency pause MSFT --apply")
    trading.pass_time(60)
    assert trading.run("report verify page").code == 0
    path = trading.folder / "page/report.json"
    found = json.loads(path.read_text())
    found["read_at"][0]["hash"] = "0x" + "11" * 32
    path.write_text(json.dumps(found))
    said = trading.run("report verify page")
    assert (said.code, "has the hash" in said.err) == (64, True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("{", "is no report"),
        ('{"schema": 1}', "is no report"),
        ('{"schema": 1, "read_at": [{"network": "x", "block": 1, "hash": "", "at": "yesterday"}]}', "is no report"),
        ('{"schema": 2, "read_at": []}', "schema: is none of 1"),
        (
            '{"schema": 1, "read_at": [{"network": "far", "block": 1, "hash": "", "at": "2027-01-01 00:00:00 UTC"}]}',
            "names far, which neither is local nor is spanned",
        ),
    ],
)
def test_what_is_no_report_is_named(trading: Cli, content: str | None, said: str) -> None:
    clean(trading, "other")
    (trading.folder / "other").mkdir()
    if content is not None:
        (trading.folder / "other/report.json").write_text(content)
    found = trading.run("report verify other")
    assert (found.code, said in found.err) == (1, True), found


def test_a_folder_of_something_else_is_left_alone(trading: Cli) -> None:
    clean(trading, "mine")
    (trading.folder / "mine").mkdir()
    (trading.folder / "mine/letter.txt").write_text("x")
    said = trading.run("report site --out mine")
    assert (said.code, "holds something else already, letter.txt" in said.err) == (64, True)
    assert [one.name for one in (trading.folder / "mine").iterdir()] == ["letter.txt"]


def test_foreign_text_is_text_on_a_page() -> None:
    """A name, a term or an address that somebody else wrote runs nothing and leads nowhere it should not."""
    content = {
        "schema": 1,
        "issuer": "<script>alert(1)</script>",
        "read_at": [{"network": "local", "block": 1, "hash": "0x", "at": "2027-01-01 00:00:00 UTC"}],
        "stopped": [],
        **{part: [] for part in ("stocks", "venues", "past", "actions", "payments", "pending", "powers")},
        "documents": [
            {"network": "n", "stock": "S", "uri": uri, "document": "0x", "subject": "0x", "publisher": "p"}
            for uri in ("javascript:alert(1)", 'https://a.example/"onclick="x', "data:text/html,x")
        ],
    }
    shown = page(content)
    assert "<script" not in shown
    outline = Outline(shown)
    assert outline.fetched == []
    assert re.findall(r'<a href="([^#"][^"]*)"', shown) == ["https://a.example/&#34;onclick=&#34;x"]


def test_a_chart_is_the_same_twice_and_takes_the_pages_colours() -> None:
    points = [(f"2027-01-{day:02} 00:00:00 UTC", 1 + day / 100) for day in range(1, 9)]
    drawn = charts.over_time("Coverage of <A> & co", {"local": points, "other": points[:4]}, 1.0)
    assert drawn == charts.over_time("Coverage of <A> & co", {"local": points, "other": points[:4]}, 1.0)
    assert "var(--line-1)" in drawn
    assert "var(--line-2)" in drawn
    assert "#0" not in drawn.replace('="#', "")
    assert 'aria-label="Coverage of &lt;A&gt; &amp; co"' in drawn
    assert charts.over_time("x", {"local": points[:1]}) == ""


def test_it_is_served_here_read_only_and_to_nobody_elsewhere(trading: Cli) -> None:
    found, shown = written(trading)
    asked: list[int] = []
    live = server(lambda: asked.append(1) or found, 0)
    thread = threading.Thread(target=live.serve_forever)
    thread.start()
    try:
        port = live.server_address[1]
        assert live.server_address[0] == "127.0.0.1"
        url = f"http://127.0.0.1:{port}"
        with urllib.request.urlopen(f"{url}/") as answer:
            assert (answer.read().decode(), answer.headers["Content-Type"]) == (shown, "text/html; charset=utf-8")
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        with urllib.request.urlopen(f"{url}/report.json") as answer:
            assert json.loads(answer.read()) == found
        assert asked == [1], "one reading serves who looks again at once"
        for path, host, method, code in (
            ("/../secrets", "127.0.0.1", "GET", 404),
            ("/", "rebound.example", "GET", 421),
            ("/", "127.0.0.1", "POST", 501),
        ):
            request = urllib.request.Request(f"{url}{path}", method=method, headers={"Host": f"{host}:{port}"})
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request)
            assert refused.value.code == code
    finally:
        live.shutdown()
        thread.join()
        live.server_close()


def test_thousands_stand_apart_and_nothing_is_rounded() -> None:
    told = {"1000000": "1,000,000", "1234.000000000000000001": "1,234.000000000000000001", "0": "0", "": "", "x": "x"}
    assert {one: grouped(one) for one in told} == told


def test_the_committed_schema_is_what_is_written() -> None:
    assert json.loads((ROOT / "docs/report.schema.json").read_text()) == json_schema()
