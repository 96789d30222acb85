"""The register by command: read at a record, written, shown, exported, and built again from its files and the node."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from eth_utils import keccak
from support.desk_people import buy, give_coins, onboard
from support.foreign_venues import TRANSFER, Market
from support.kept_desk import KeptDesk, opened_desk
from support.network_cli import Cli
from support.network_orders import attest
from support.network_world import START

from scrip.chains import agreement
from scrip.chains.evm import EvmNetwork
from scrip.errors import Unconfirmed
from scrip.evm.rpc.connect import connect
from scrip.flows import register as flow
from scrip.holders import evm
from scrip.holders.look_through import Weights
from scrip.model.laws import merkle_sum as law

EX = "2027-01-19"
"""The first session after the chain's start: the Monday before is a holiday."""
OPENING = 1_800_369_000
UNIT = 10**18
LOCKED = 1_000
"""Of its shares a v2 pair sends so many to the zero address at its first deposit: MINIMUM_LIQUIDITY."""
STRANGER = "0x" + "57" * 20


def address(cli: Cli, name: str) -> str:
    return str(cli.world.open().chain.address(name)).lower()


def transfer(cli: Cli, sender: str, to: str, units: int) -> None:
    network = cli.world.open()
    network.chain.send(network.ledger().stocks["MSFT"].token, "transfer", address(cli, to), units, sender=sender)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptDesk]:
    """Owners hold MSFT, one with a second wallet, whose 5 units wait to be delivered; 10 wait to be redeemed, 3 to be
    fetched, 7 are a broker's and 3 the issuer's."""
    with opened_desk(tmp_path_factory.mktemp("register"), edited, ready) as cli:
        yield KeptDesk(cli)


@pytest.fixture
def desk(kept: KeptDesk) -> Cli:
    """As it was made ready, for each test."""
    return kept.again()


def edited(content: dict[str, Any]) -> None:
    content["stocks"]["MSFT"]["redemption"] = {"minimum": "5", "reference": "400", "in_kind": True}
    content["stocks"]["MSFT"]["subscription"] = {"minimum": "100", "reference": "400"}
    content["stocks"]["MSFT"]["holders"] = {
        "excluded": ["treasury"],
        "look_through": {"owner-3": {"rule": "file", "file": "broker.csv"}},
    }


def ready(cli: Cli) -> None:
    filled(cli, cli.folder)


def filled(cli: Cli, folder: Path) -> None:
    network = cli.world.open()
    attest(network, 200)
    give_coins(cli, "owner-1", "owner-2")
    names = {"owner-1": "professional", "owner-2": "institutional", "owner-3": "venue", "treasury": "institutional"}
    onboard(cli, {one: ("CH", kind) for one, kind in names.items()}, until="2029-12-31")
    (folder / "more.csv").write_text(f"investor,wallet\ninv-owner-1,{address(cli, 'deployer')}\n")
    cli.done("compliance link more.csv --apply")
    buy(cli, "owner-1", "owner-2")
    cli.done("subscription request MSFT 1200 --as owner-2 --apply")
    cli.pass_time(60)
    cli.done("subscription fill MSFT 400 --reference first --apply")
    # Struck for the second's request and not for the first's, who asks later; another strike is over by the record.
    cli.done("redemption request MSFT 2 --as owner-2 --apply")
    # No price is struck for what is asked for in kind, however old it is.
    transfer(cli, "owner-1", "deployer", 5 * UNIT)
    cli.done("redemption request MSFT 5 --as deployer --in-kind delivery-1 --apply")
    vault = cli.world.open().ledger().vaults["vault-MSFT"]
    for name, before, life in (("past", 90_000, 80_000), ("open", 3_600, 7_200)):
        network.chain.advance_to(OPENING - before)
        terms = (keccak(text=name), 400 * 10**6, OPENING - before + life)
        network.chain.send(vault, "strike", *terms, sender="quote-key")
    cli.done("redemption request MSFT 10 --as owner-1 --apply")
    transfer(cli, "owner-2", "owner-3", 7 * UNIT)
    transfer(cli, "owner-2", "treasury", 3 * UNIT)
    (folder / "manifests" / "broker.csv").write_text(f"account,units\nowner-2,2\n{address(cli, 'owner-3')},1\n")
    network.chain.advance_to(OPENING)
    transfer(cli, "owner-2", "owner-1", UNIT)


def test_a_register_is_built_shown_verified_and_exported(desk: Cli) -> None:
    built = desk.done(f"register build MSFT --ex {EX}")["register"]
    subject = built["subject"]
    assert subject["instant"] == OPENING
    assert START < subject["timestamp"] < OPENING
    assert desk.world.open().node.block(subject["block"] + 1).timestamp >= OPENING
    share = 7 * UNIT * 2 // 3
    expected = {
        "owner-1": 35 * UNIT + 10 * UNIT,
        "deployer": 5 * UNIT,
        "owner-2": 38 * UNIT + share + 3 * UNIT,
        "owner-3": 7 * UNIT - share,
        "treasury": 3 * UNIT,
        "vault-MSFT": 2 * UNIT,
    }
    rows = {one["account"]: one for one in desk.done("register holders registers/local/MSFT/2027-01-19")["holders"]}
    assert {one: int(row["units"]) for one, row in rows.items()} == {
        address(desk, name): units for name, units in expected.items()
    }
    kinds = {name: rows[address(desk, name)]["kind"] for name in expected}
    assert kinds == {
        "owner-1": "holder",
        "deployer": "holder",
        "owner-2": "holder",
        "owner-3": "venue",
        "treasury": "excluded",
        "vault-MSFT": "vault",
    }
    table = desk.done("register cap-table registers/local/MSFT/2027-01-19")["cap_table"]
    assert [(one["tokens"], one["accounts"], one["percent"]) for one in table[:1]] == [("50", 2, "48.54")]
    assert built["tree"]["sum"] == str(98 * UNIT), "what is excluded, or sold, is no leaf"
    assert sorted(one["name"] for one in built["inputs"])[-1] == "broker.csv"

    # Who looks it up finds the newest register, and shares beside tokens; without a node, tokens alone.
    shown = desk.done("show holders MSFT")
    assert shown["register"]["folder"] == "registers/local/MSFT/2027-01-19"
    assert [one["tokens"] for one in shown["holders"]] == sorted(
        (one["tokens"] for one in shown["holders"]), key=float, reverse=True
    )
    assert all(one["shares"] == one["tokens"] for one in shown["holders"]), "a token is a share here"
    alone = desk.done("show holders MSFT --offline")
    assert [one["tokens"] for one in alone["holders"]] == [one["tokens"] for one in shown["holders"]]
    assert {one["shares"] for one in alone["holders"]} == {""}
    assert alone["read_at"] == []
    assert desk.run("show holders AAPL --register registers/local/MSFT/2027-01-19").code == 64

    # The same again is the same; another engine writes the same.
    assert desk.done(f"register build MSFT --ex {EX} --engine polars")["register"]["digest"] == built["digest"]
    assert desk.done("register verify registers/local/MSFT/2027-01-19")["register"]["tree"] == built["tree"]
    again = desk.done("register verify registers/local/MSFT/2027-01-19 --from-node")["register"]
    assert again["digest"] == built["digest"]

    desk.done("register export registers/local/MSFT/2027-01-19 holders out.csv")
    assert len(list(csv.DictReader((desk.folder / "out.csv").open()))) == len(expected)
    one = address(desk, "owner-1")
    desk.done(f"register export registers/local/MSFT/2027-01-19 proofs proofs.json --account {one}")
    [proof] = json.loads((desk.folder / "proofs.json").read_text())["proofs"]
    amounts = [int(proof[name]) for name in ("gross", "withheld", "net")]
    leaf = law.Leaf(proof["index"], bytes.fromhex(proof["word"][2:]), *amounts, proof["pushable"])
    pairs = zip(proof["hashes"], proof["sums"], strict=True)
    siblings = [law.Node(bytes.fromhex(at[2:]), int(units)) for at, units in pairs]
    root = law.Root(bytes.fromhex(built["tree"]["root"][2:]), int(built["tree"]["sum"]), built["tree"]["depth"])
    assert law.fault(root, leaf, siblings) == ""


def test_the_sql_for_an_engine_elsewhere_is_shown(desk: Cli) -> None:
    assert '"t0"."block" <= 7 AND' in desk.done("register sql trino --block 7")["sql"]


def test_what_a_command_refuses(desk: Cli) -> None:
    desk.done(f"register build MSFT --ex {EX} --out told")
    for line, code, said in (
        ("register build MSFT --ex 2027-01-18", 64, "is no day on which XNAS has a session: the next is 2027-01-19"),
        ("register build MSFT --ex 2027-06-01", 3, "wait for a later one"),
        ("register build XXXX --ex 2027-01-19", 64, "stock: is no stock of the manifest"),
        ("register build AAPL --ex 2027-01-19", 64, "leaves: a tree has 1 to"),
        ("register build MSFT --ex 2027-01-19 --out manifests", 64, "holds something else already"),
        ("register build MSFT --ex 2027-01-19 --engine sqlite", 64, "engine: is none of duckdb, polars, spark"),
        ("register build MSFT --ex 2027-01-19 --movements none.parquet", 1, "there is no such file"),
        ("register sql trino --block x", 64, "is no whole number"),
        ("register build MSFT --ex 2027-01-19 --movements a --balances b", 64, "exclude each other"),
        ("register build MSFT", 64, "told by --ex or by --record: one of the two"),
        ("register build MSFT --ex 2027-01-19 --record 2027-01-19", 64, "told by --ex or by --record: one of the two"),
        ("register verify none", 1, "it has no summary"),
        ("register holders told --account 0x00", 64, "holds nothing at this record"),
        ("register export told proofs p.json", 64, "says whose proofs"),
        ("register export told proofs p.json --account 0x00", 64, "has no leaf"),
        ("register export told tree t.txt", 64, "is neither .parquet nor .csv"),
        ("register export told tree owners.csv", 64, "is there already"),
    ):
        found = desk.run(line)
        assert (found.code, said in found.err) == (code, True), (line, found)
    (desk.folder / "told" / "tree.csv").write_text("index\n")
    assert desk.run("register cap-table told").code == 3
    (desk.folder / "told" / "holders.csv").write_text("account\n")
    assert desk.run("show holders MSFT --register told").code == 3


def test_files_of_the_operators_own_take_the_pages_place(desk: Cli) -> None:
    """The same movements from elsewhere give the same digest; one that is missing is found."""
    built = desk.done(f"register build MSFT --ex {EX} --out first")["register"]
    pages = sorted((desk.folder / "registers/pages/local").rglob("*.parquet"))
    given = " ".join(f"--movements {path}" for path in pages)
    assert desk.done(f"register build MSFT --ex {EX} --out second {given}")["register"]["digest"] == built["digest"]
    said = desk.run(f"register build MSFT --ex {EX} --out third --movements {pages[0]} --movements {pages[0]}")
    assert (said.code, "some are there twice" in said.err or "add up to" in said.err) == (3, True), said
    assert not (desk.folder / "third").exists()


def test_a_record_at_an_instant_of_its_own(desk: Cli) -> None:
    """Of a dividend that names its record a register could be built where a session opens then, and nowhere else."""
    opened = desk.done("register build MSFT --record 2027-01-19T14:30:00Z --out opened")["register"]
    assert opened["digest"] == desk.done(f"register build MSFT --ex {EX} --out by-day")["register"]["digest"]
    own = desk.done("register build MSFT --record 2027-01-19T14:29:59Z")["register"]
    assert (own["subject"]["instant"], own["digest"]) == (OPENING - 1, opened["digest"])
    [folder] = (desk.folder / "registers" / "local" / "MSFT").glob(f"{OPENING - 1}")
    assert "what the node says" in desk.run(f"register verify {folder} --from-node").out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("account\nowner-2\n", "the first line must be account,units"),
        ("account,units\nowner-2,1.5\n", "broker.csv:2: units: is no whole number"),
        ("account,units\nowner-2,-1\n", "broker.csv:2: units: is no whole number"),
        ("account,units\nnobody-here,1\n", "broker.csv:2: account: "),
        ("account,units\nowner-2,1\nowner-2,1\n", "broker.csv:3: account: stands in line 2 already"),
        ("account,units\nowner-2,1\n{owner_2},1\n", "broker.csv:3: account: is listed under another name already"),
        ("account,units\n", "broker.csv: has no rows"),
    ],
)
def test_a_venues_list_is_read_whole_or_not_at_all(desk: Cli, text: str, said: str) -> None:
    path = desk.folder / "manifests" / "broker.csv"
    kept = path.read_text()
    try:
        path.write_text(text.format(owner_2=address(desk, "owner-2")))
        found = desk.run(f"register build MSFT --ex {EX} --out never")
    finally:
        path.write_text(kept)
    assert (found.code, said in found.err) == (1, True), found
    assert not (desk.folder / "never").exists()


class Lying:
    """A node that tells another hash of every block but the first."""

    def __init__(self, url: str) -> None:
        self._wire = connect(url)

    def make_request(self, method: str, params: Sequence[Any]) -> Any:
        answer = self._wire.make_request(method, params)
        if method == "eth_getBlockByNumber" and params[0] != "0x0":
            answer = dict(answer) | {"result": dict(answer["result"]) | {"hash": "0x" + "ee" * 32}}
        return answer

    def make_batch_request(self, requests: Sequence[Any]) -> Any:
        return self._wire.make_batch_request(requests)


def test_a_second_node_bears_the_record_out_or_there_is_none(
    desk: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement, "PAUSES", (0.0,))
    network = desk.world.open()
    order = flow.Order("MSFT", date.fromisoformat(EX), tmp_path, desk.folder / "manifests")
    network.witness = desk.world.open
    recorded = agreement.agreed(network, lambda one: flow.record(one, order), what="record")
    assert (recorded.subject.instant, recorded.supply) == (OPENING, 103 * UNIT)
    network.witness = lambda: EvmNetwork.open(network.manifest, Lying(desk.world.url), desk.world.records)
    with pytest.raises(Unconfirmed, match=r"record.subject.block_hash: the first, .* says '0xeeee"):
        agreement.agreed(network, lambda one: flow.record(one, order), what="record")


def test_a_pools_own_token_weighs_its_holders(desk: Cli, tmp_path: Path) -> None:
    """The shares of a venue that are a token: here the stock's own stands for one."""
    network = desk.world.open()
    source = flow.source_of(network, "MSFT")
    at = source.record(OPENING)
    weights = source.shares(network.ledger().stocks["AAPL"].token.address.lower(), at, tmp_path, flow.silent)
    assert weights == Weights({}, 0)
    weights = source.shares(source.token, at, tmp_path, flow.silent)
    assert weights.whole == sum(weights.of.values()) == 103 * UNIT


def test_a_wallet_that_is_taken_away_is_nobodys_from_then_on(desk: Cli) -> None:
    """By what the registry said up to a block, and not by what it says now."""
    network = desk.world.open()
    earlier = evm.At(network.node.block().number, "", 0)
    desk.done(f"compliance unlink inv-owner-1 {address(desk, 'deployer')} --reason 3 --document left --apply")
    later = evm.At(network.node.block().number, "", 0)
    source = evm.EvmSource(network, "MSFT")
    before, after = source.owners(earlier), source.owners(later)
    assert before.keys() - after.keys() == {address(desk, "deployer")}
    assert before[address(desk, "owner-3")].investor_class == "venue"
    assert before[address(desk, "owner-1")].investor == before[address(desk, "deployer")].investor


def _market(desk: Cli) -> Market:
    """Two investors of 50 AAPL each, and three venues that the manifest has looked through, still empty."""
    found = Market(desk.world.open(), "AAPL", "MSFT")
    path = desk.folder / "manifests" / "local.yaml"
    content, places = yaml.safe_load(path.read_text()), {"pool": found.pool, "empty": found.empty}
    places["vault"] = found.vault
    content["accounts"] |= {name: {"address": at} for name, at in places.items()}
    rules = {"pool": {"rule": "v2-pair"}, "empty": {"rule": "v2-pair"}, "vault": {"rule": "erc4626"}}
    content["stocks"]["AAPL"]["holders"] = {"look_through": rules}
    path.write_text(yaml.safe_dump(content))
    rows = [f"inv-{name},{at},CH,venue,2029-12-31\n" for name, at in places.items()]
    Path("venues.csv").write_text("investor,wallet,country,class,expiry\n" + "".join(rows))
    desk.done("compliance onboard venues.csv --apply")
    attest(found.network, 200, "AAPL")
    buy(desk, "owner-1", "owner-2", stock="AAPL", suffix="-2")
    return found


def test_what_lies_in_others_contracts_is_their_holders(desk: Cli) -> None:
    """A Uniswap v2 pair of its own bytecode and an ERC-4626 vault, whose shares say whose their balance is: but for
    shares nobody can ever move, the venue's own, and units that were given to it without a share.
    """
    market = _market(desk)
    market.supplied("owner-1", 10)
    market.supplied("owner-2", 5)
    # More than the pair knows of: once taken out by whoever asks first, once left in it.
    market.give("owner-2", market.pool, 2)
    market.send("owner-1", market.pool, "skim(address)", market.address("owner-1"))
    market.give("owner-2", market.pool, 3)
    # The pair's own shares, as before they are redeemed, and a stranger's.
    market.send("owner-1", market.pool, TRANSFER, market.pool, 10**12)
    market.send("owner-1", market.pool, TRANSFER, STRANGER, 7)
    market.give("owner-1", market.empty, 1)
    market.lent("owner-1", 4)
    market.lent("owner-2", 3)
    market.give("owner-2", market.vault, 1)
    market.send("owner-2", market.vault, TRANSFER, STRANGER, UNIT // 3)

    one, other = market.address("owner-1"), market.address("owner-2")
    units = {at: market.of(market.stock, at) for at in (one, other, market.pool, market.empty, market.vault)}
    assert units == {
        one: 37 * UNIT,  # 50 less 10, 1 and 4, and the 2 that were skimmed
        other: 36 * UNIT,  # 50 less 5, 2, 3, 3 and 1
        market.pool: 18 * UNIT,
        market.empty: UNIT,
        market.vault: 8 * UNIT,
    }
    assert market.of(market.pool, "0x" + "00" * 20) == LOCKED
    expected: list[tuple[str, str, str, int]] = []
    for venue, rule in ((market.pool, "v2-pair"), (market.vault, "erc4626")):
        whole = market.supply(venue)
        shares = {at: market.of(venue, at) for at in (one, other, STRANGER)}
        expected += [(venue, at, rule, units[venue] * held // whole) for at, held in shares.items()]
    assert market.supply(market.pool) > 15 * 10**12
    assert sum(market.of(market.vault, at) for at in (one, other, STRANGER)) == market.supply(market.vault) == 7 * UNIT
    market.chain.advance_to(OPENING + 86_400)
    market.give("owner-1", market.pool, 1)  # and what comes later does not count

    built = desk.done("register build AAPL --ex 2027-01-20 --out reg")["register"]
    rows = [tuple(row.values()) for row in csv.DictReader(Path("reg", "allocations.csv").read_text().splitlines())]
    assert sorted(rows) == sorted((*row[:3], str(row[3])) for row in expected if row[3])
    held = {
        row["account"]: int(row["units"]) for row in csv.DictReader(Path("reg", "holders.csv").read_text().splitlines())
    }
    got = {at: sum(row[3] for row in expected if row[1] == at) for at in (one, other, STRANGER)}
    kept = {venue: units[venue] - sum(row[3] for row in expected if row[0] == venue) for venue in units}
    assert held == {one: units[one] + got[one], other: units[other] + got[other], STRANGER: got[STRANGER]} | {
        venue: kept[venue] for venue in (market.pool, market.empty, market.vault) if kept[venue]
    }
    # By hand. Of the pair's 15 tokens' shares owner-1 had 10 less the locked ones and what it gave away, so of its
    # balance of 18 it has 12 less a trifle; the vault's 8 are shared as 4 to 3, a third of a seventh a stranger's.
    assert 11 * UNIT < got[one] - 8 * UNIT * 4 // 7 < 12 * UNIT
    assert got[STRANGER] == 8 * (UNIT // 3) // 7 + 18 * UNIT * 7 // market.supply(market.pool)
    assert kept[market.empty] == UNIT, "a pair of which nobody has a share keeps what it was given"
    assert 0 < kept[market.vault] < 4
    assert kept[market.pool] >= 18 * UNIT * (LOCKED + 10**12) // market.supply(market.pool)
    assert sum(held.values()) == 100 * UNIT
    again = desk.done("register verify reg --from-node")["register"]
    assert again["digest"] == built["digest"]
