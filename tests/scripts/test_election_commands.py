"""Elections by command: from the announcement of a dividend in cash or stock to the results, with a cap and a
signature.

100 tokens at the record: owner-1 has 53, owner-2 40, a venue 7; stock for 30 of them at most. By hand, in tokens:

    owner-1    SECU 53, signed and handed in       floor(53 × 30 ÷ 60) = 26.5    CASH 26.5
    owner-2    nothing said, after a change        0                             CASH 40
    owner-3    SECU 6.999…9 and 10^-18 CASH, …     of its 7: SECU 7              7 × 30 ÷ 60 = 3.5, CASH 3.5
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.desk_people import buy, give_coins, onboard
from support.kept_desk import KeptDesk, opened_desk
from support.network_cli import Cli
from support.network_orders import attest
from support.runbook import follow

from scrip import flows
from scrip.elections import results
from scrip.errors import Drift, InputError
from scrip.evm.audit.run import audit
from scrip.model.laws.elections import Split

EX, RECORD = "2027-01-19", 1_800_369_000
OVER = 1_800_369_000 + 8 * 86_400
UNIT = 10**18
DIVIDEND = """stock: MSFT
CAEV: DVOP
CORP: div-1
XDTE: 2027-01-19
MKDT: 2027-01-26T22:00:00Z
PAYD: 2027-01-28
GRSS: USD 0.75
OFFR: USD 400
QTSO: "30"
"""
OPEN = "election open MSFT div-1 --register reg"
ELECT = "election elect MSFT div-1 {} --register reg {}"
SIGN = "election sign MSFT div-1 {} --register reg {} --out {}"
RESULTS = "election results MSFT div-1 --register reg --out {}"
CSV = f"""account,option,raw_units
{{0}},CASH,{265 * UNIT // 10}
{{0}},SECU,{265 * UNIT // 10}
{{1}},CASH,{40 * UNIT}
{{2}},CASH,{35 * UNIT // 10}
{{2}},SECU,{35 * UNIT // 10}
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptDesk]:
    """A desk whose manifest has elections; owner-1 has 53 tokens of MSFT, owner-2 40, a venue 7."""
    with opened_desk(tmp_path_factory.mktemp("elections"), edited, ready) as cli:
        yield KeptDesk(cli)


@pytest.fixture
def before(kept: KeptDesk) -> Cli:
    """As it was made ready, for each test."""
    return kept.again()


@pytest.fixture
def desk(before: Cli) -> Cli:
    """The desk on the day of a dividend's record, with its register."""
    announced(before)
    return before


def edited(content: dict[str, Any]) -> None:
    content["dividends"] = {"tax": "custodian"}
    content["elections"] = {}


def ready(cli: Cli) -> None:
    network = cli.world.open()
    attest(network, 200)
    onboard(cli, {"owner-1": ("DE", "professional"), "owner-2": ("JP", "retail"), "owner-3": ("CH", "venue")})
    give_coins(cli, "owner-1", "owner-2")
    buy(cli, "owner-1", "owner-2")
    token = network.ledger().stocks["MSFT"].token
    for to, units in (("owner-3", 7), ("owner-1", 3)):
        network.chain.send(token, "transfer", network.chain.address(to), units * UNIT, sender="owner-2")


def announced(cli: Cli) -> None:
    """The dividend, its record, and the register of it."""
    network = cli.world.open()
    (cli.folder / "div.yaml").write_text(DIVIDEND)
    cli.done("action announce div.yaml --apply")
    assert "no election opened" in cli.run("election show MSFT div-1").out
    network.chain.advance_to(RECORD)
    network.chain.send(network.suite().stablecoin, "mint", network.chain.address("owner-1"), 1, sender="deployer")
    cli.done(f"register build MSFT --ex {EX} --out reg")


def test_from_the_opening_to_the_results(desk: Cli) -> None:
    """One story: each step again does nothing, and every unit is where the hand-made table says."""
    said = desk.run(OPEN)
    assert "3 accounts choose between cash and stock for MSFT div-1" in said.out
    assert "until 2027-01-26 22:00:00" in said.out
    desk.done(f"{OPEN} --apply")
    assert "is open, as 0x" in desk.run(f"{OPEN} --apply").out
    assert "on other terms: void it first" in desk.run(f"{OPEN} --default SECU").err
    assert audit(desk.world.open()) == []
    assert "says what its action says" in desk.run("election follow MSFT div-1").out

    # A wrong default is voided, and opened again on the right one.
    desk.done("election void MSFT div-1 --reason 7 --document wrong --apply")
    assert "MSFT div-1: void 0x" in desk.run("election show MSFT div-1").out
    assert "has no election" in desk.run(ELECT.format("owner-1", "--choose SECU")).err
    desk.done(f"{OPEN} --default CASH --uri https://example.com/div-1 --apply")

    desk.done(ELECT.format("owner-2", "--choose SECU --apply"))
    assert "says so already" in desk.run(ELECT.format("owner-2", "--choose SECU")).out
    desk.done(ELECT.format("owner-2", "--take-back --apply"))
    desk.done(ELECT.format("owner-3", "--cash 1.5 --secu 5 --apply"))
    assert "SECU 5\n" in desk.run("election show MSFT div-1").out
    shown = desk.done("election show MSFT div-1")["election"]
    assert (shown["totals"], shown["DFLT"], shown["status"]) == (
        {"CASH": str(95 * UNIT), "SECU": str(5 * UNIT)},
        "CASH",
        "open",
    )
    for wrong, why in (
        ("", "is one of: --choose option"),
        ("--choose SECU --cash 1", "is one of: --choose option"),
        ("--cash 40 --secu 0.000000000000000001", "more than the account's 40 tokens"),
        ("--cash nothing", "cash"),
    ):
        found = desk.run(ELECT.format("owner-2", wrong))
        assert (found.code != 0, why in found.err.lower()) == (True, True), (wrong, found.err)
    assert "has no leaf in this register" in desk.run(ELECT.format("treasury", "--choose CASH")).err

    # A signature that was not handed in is worth nothing once its signer has said anything else.
    assert "--apply signs it" in desk.run(SIGN.format("owner-1", "--choose CASH", "old.json")).out
    desk.done(SIGN.format("owner-1", "--choose CASH", "old.json") + " --apply")
    desk.done(ELECT.format("owner-1", "--secu 1 --apply"))
    assert "something was said after it was signed" in desk.run("election relay old.json --as owner-2").err
    desk.done(SIGN.format("owner-1", "--choose SECU", "new.json") + " --apply")
    desk.done("election relay new.json --as owner-2 --apply")
    assert "says so already" in desk.run("election relay new.json --as owner-2").out
    desk.done(ELECT.format("owner-3", "--choose SECU --apply"))
    files = desk.done("election proof MSFT div-1 owner-2 --register reg --out proofs")["files"]
    paper = json.loads(Path(files[0]).read_text())
    assert (paper["leaf"]["units"], len(paper["proof"]), paper["nonce"]) == (str(40 * UNIT), 7, 2)

    # The results are written once, when nothing can change them.
    assert "is open until" in desk.run(RESULTS.format("out")).err
    desk.world.open().chain.advance_to(OVER)
    assert "elections: over" in desk.run(ELECT.format("owner-2", "--choose CASH")).err
    told = desk.run(RESULTS.format("out"))
    assert "prorated" in told.out, told
    desk.done(RESULTS.format("out"))
    network = desk.world.open()
    addresses = [network.chain.address(f"owner-{number}").lower() for number in (1, 2, 3)]
    table = CSV.format(*addresses)
    rows = sorted(table.splitlines()[1:])
    assert sorted(Path("out/elections.csv").read_text().splitlines()[1:]) == rows
    found = flows.elections.demand_results(network, "MSFT", "div-1", Path("reg"), Path("out"))
    assert (found.chosen, found.totals) == (
        Split(40 * UNIT, 60 * UNIT),
        Split(70 * UNIT, 30 * UNIT),
    )

    # Somebody's choice left out: the totals are right, and the leaf is not.
    swapped = {addresses[0]: Split(0, 30 * UNIT), addresses[2]: Split(7 * UNIT, 0), addresses[1]: Split(40 * UNIT)}
    swapped[addresses[0]] = Split(23 * UNIT, 30 * UNIT)
    mine = tuple(swapped[one] for one in found.accounts)
    forged = results.Results(found.subject, found.accounts, mine, found.chosen, "")
    assert forged.totals == found.totals
    digest = results.make(found.subject, *_as_chosen(found.accounts, mine)).digest
    results.write(Path("forged"), results.Results(found.subject, found.accounts, mine, found.chosen, digest))
    with pytest.raises(Drift):
        flows.elections.demand_results(network, "MSFT", "div-1", Path("reg"), Path("forged"))

    # Nor is a root made of it; of the true results cash is due for 70 tokens, a dividend in the hand of its holders.
    root = "dividend root MSFT div-1 --code DVOP --register reg --elections {} --out {}"
    said = desk.run(root.format("forged", "forged-cash"))
    assert (said.code, "chose CASH" in said.err) == (3, True), said
    assert not Path("forged-cash").exists()
    assert desk.run(root.format("out", "cash")).code == 0
    with pytest.raises(InputError, match="has no election"):
        flows.elections.demand_results(network, "MSFT", "div-2", Path("reg"), Path("out"))


def _as_chosen(accounts: tuple[str, ...], mine: tuple[Split, ...]) -> tuple[tuple[str, ...], list[int], list[Split]]:
    return accounts, [one.total for one in mine], list(mine)


def test_a_cancellation_names_the_election_that_ends_with_it(desk: Cli) -> None:
    """One was voided and stays so; the other, with what holders chose, ends with the dividend."""
    desk.done(f"{OPEN} --apply")
    desk.done("election void MSFT div-1 --reason 7 --document wrong --apply")
    desk.done(f"{OPEN} --default CASH --uri https://example.com/div-1 --apply")
    desk.done(ELECT.format("owner-1", "--cash 13 --secu 40 --apply"))
    rows = desk.done("action history MSFT")["history"]
    linked = next(one["linked"] for one in rows if one["reference"] == "div-1").split()
    assert linked.count("election") == 2
    said = desk.done("action cancel MSFT DVOP div-1 --reason 7 --document d")["changes"]
    (ended,) = (one for one in said if one["what"].startswith("election 0x"))
    assert (ended["what"].split()[1], ended["after"]) == (linked[3], "void")
    assert "units for cash and" in ended["before"]


def test_the_runbook_does_what_it_says(before: Cli) -> None:
    """A dividend in cash or stock, from the announcement to the results."""
    Path("dividend.yaml").write_text(DIVIDEND)

    def meanwhile(line: str) -> None:
        network = before.world.open()
        network.chain.advance_to({"# the record comes": RECORD, "# the deadline is past": OVER}[line])
        coin = network.suite().stablecoin
        network.chain.send(coin, "mint", network.chain.address("owner-1"), 1, sender="deployer")

    said = follow(before, "A dividend in cash or stock", tool=meanwhile)
    # A unit is left over by rounding down, and is paid in cash.
    assert "3 accounts: CASH 70.000000000000000001, SECU 29.999999999999999999, prorated" in said[-1]
    rows = Path("elections/local/MSFT/div-1/elections.csv").read_text().splitlines()
    # owner-1 SECU 2.5 and owner-2 SECU 40, of 42.5: 2.5 × 30 ÷ 42.5 and 40 × 30 ÷ 42.5, each rounded down.
    stock = sorted(int(row.rsplit(",", 1)[1]) for row in rows if ",SECU," in row)
    assert stock == [25 * 30 * UNIT // 425, 400 * 30 * UNIT // 425]


def test_a_network_without_such_a_dividend_says_so(desk: Cli) -> None:
    assert "is no announced dividend of MSFT in cash or stock" in desk.run("election show MSFT div-9").err
    assert "is no announced dividend" in desk.run(OPEN.replace("div-1", "div-9")).err
