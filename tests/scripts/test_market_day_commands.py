"""A market maker's day by command: quotes within a band, fees, a second key, revocation."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from support.network_cli import Cli, fresh, prepared
from support.network_orders import attest, claimed
from support.network_world import NetworkWorld, deployed_world

from scrip import flows
from scrip.chains.agreement import agreed
from scrip.errors import Refusal
from scrip.evm.chain import Contract
from scrip.evm.vaults import ENTERING, LEAVING
from scrip.manifest.load import load
from scripts import market

KEY = "second-key"


@pytest.fixture(scope="module")
def trading_floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[NetworkWorld, dict[str, bytes]]]:
    """MSFT with a price, a band of 2 %, limits and vaults both ways; fees to 50 bps; two keys from 1,000 on.

    MSFT is at 90 dollars; owner-1 is an investor with money.
    """
    folder = tmp_path_factory.mktemp("trading-floor")
    fresh(folder)
    write_manifest(folder)
    with deployed_world(folder, load(folder / "manifests" / "local.yaml")) as world:
        network = world.open()
        attest(network, 10_000)
        claimed(world)
        for account in ("owner-1", "treasury"):
            network.chain.send(
                network.suite().stablecoin, "mint", network.chain.address(account), 10**12, sender="deployer"
            )
        yield world, prepared(world, opened)


def write_manifest(folder: Path) -> None:
    """The local manifest with all that a market maker meets."""
    path = folder / "manifests" / "local.yaml"
    content = yaml.safe_load(path.read_text())
    content["accounts"][KEY] = {"local": True}
    content["roles"]["QUOTE_SIGNER"].append(KEY)
    content["limits"] |= {
        "max_fee_bps": 50,
        "second_signer_from": "1000",
        "stock": {"net": "50000", "window": "1d"},
    }
    content["stocks"]["MSFT"] |= {
        "price": {
            "source": "mock",
            "basis": "share",
            "hours": "24/7",
            "max_age": "1h",
            "band_bps": 1_000,
            "trade_band_bps": 200,
        },
        "redemption": {"minimum": "5", "reference": "90"},
        "subscription": {"minimum": "100", "reference": "90"},
    }
    path.write_text(yaml.safe_dump(content))


@pytest.fixture
def desk(trading_floor: tuple[NetworkWorld, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """Commands there."""
    world, files = trading_floor
    folder = world.records.parent
    fresh(folder, files)
    write_manifest(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SCRIP_LOCAL_RPC", world.url)
    yield Cli(world)
    world.back()


def opened(cli: Cli) -> None:
    """Onboard the owner, and have the price read."""
    row = f"house,{cli.world.open().chain.address('owner-1')},CH,professional,2029-12-31\n"
    (cli.folder / "owners.csv").write_text(f"investor,wallet,country,class,expiry\n{row}")
    cli.done("compliance onboard owners.csv --apply")
    worth(cli, 90)


def worth(cli: Cli, dollars: int) -> None:
    """What a share of MSFT is worth from now on."""
    network = cli.world.open()
    source = Contract("MockReserveOracle", network.book.contract("price-MSFT").address)
    network.chain.send(source, "push", dollars * 10**8, sender="deployer")
    cli.done("feeds poke MSFT --as deployer --apply")


def send(cli: Cli, name: str) -> int:
    """Have owner-1's wallet send what a file for wallets holds, as it stands there; the status of the last receipt."""
    node, found, status = cli.world.open().node, json.loads((cli.folder / name).read_text()), 0
    for sent in (found["approval"], found["transaction"]):
        node.rpc("anvil_impersonateAccount", sent["from"])
        fields = {"gas": hex(2_000_000), "gasPrice": "0x0"}
        status = int(node.wait(node.rpc("eth_sendTransaction", sent | fields))["status"], 16)
    return status


def test_a_price_outside_the_band_is_refused_unless_it_is_overridden_and_noted(desk: Cli) -> None:
    line = "market quote mint MSFT owner-1 10 918.10 --out q.json --reference q"
    said = desk.run(f"{line} --apply --yes")
    assert said.code == 1
    for told in ("market: outside the band", "91.810000 a share, and the price is 90.000000", "88.200000 to 91.800000"):
        assert told in said.err
    assert not (desk.folder / "q.json").exists()
    made = desk.done(f"{line} --override --apply")
    assert made["override"]["highest"] == "91.800000"
    (note,) = (desk.world.open().records.folder / "quotes" / "overrides").glob("*.json")
    assert json.loads(note.read_text())["reference"] == "q"
    # The chain's own band holds.
    refused = desk.run("market mint q.json --as owner-1 --apply --yes")
    assert (refused.code, "market: outside the band" in refused.err) == (1, True)
    shown = desk.done("market limits MSFT owner-1")
    assert shown["band"] == {"price": 90 * 10**18, "band_bps": 200}
    assert [one["mint"] for one in shown["limits"]] == ["50000.00"]


def test_a_fee_is_asked_shown_paid_and_summed(desk: Cli) -> None:
    assert "nothing was traded on a quote" in desk.run("market fees").out
    line = "market quote mint MSFT owner-1 10 900.00 --out q.json --reference q --fee"
    for fee in ("51", "501", "-1"):
        assert desk.run(f"{line} {fee}").code == 64
    assert "fee              2.25, on top" in desk.run(f"{line} 25").out
    desk.done(f"{line} 25 --apply")
    desk.done("market mint q.json --as owner-1 --apply")
    fees = desk.done("market fees")["fees"]
    assert [(one["side"], one["trades"], one["settlement"], one["fees"]) for one in fees] == [
        ("mint", 1, "900", "2.25")
    ]
    assert "MSFT     mint   1 trades, 900" in desk.run("market fees").out


def test_from_the_threshold_on_a_second_key_signs(desk: Cli) -> None:
    said = desk.run("market quote mint MSFT owner-1 20 1800.00 --out one.json --reference q --apply", "90\n")
    assert (said.code, "the chain refuses it: market: no second signature" in said.out) == (0, True), said
    alone = desk.run("market mint one.json --as owner-1 --apply --yes")
    assert "from 1000.00 on two keys sign, and `market countersign` adds the second" in alone.err
    # Nor does the chain take it of who goes round the command.
    assert send(desk, "one.wallet.json") == 0
    line = "market countersign one.json --out both.json"
    first = desk.run(f"{line} --as quote-key --apply --yes")
    assert (first.code, "as: is who signed it first" in first.err) == (64, True)
    assert "this is the quote: --apply signs it" in desk.run(f"{line} --as {KEY}").out
    assert desk.run(f"{line} --as {KEY} --apply", "89\n").code == 1
    assert [Path(one).name for one in desk.done(f"{line} --as {KEY} --apply")["files"]] == [
        "both.json",
        "both.wallet.json",
    ]
    assert send(desk, "both.wallet.json") == 1
    assert desk.done("market mint both.json --as owner-1 --apply")["steps"] == []
    assert str(desk.world.open().ledger().balance("MSFT", "owner-1")) == "20"


def test_a_second_key_signs_the_quote_that_it_was_shown(desk: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first desk, whose file it is, lays another quote of its own there while the second looks at the price."""
    for name, amount in (("one", 20), ("other", 100)):
        terms = f"mint MSFT owner-1 {amount} 1800.00 --override"
        desk.done(f"market quote {terms} --out {name}.json --reference {name} --apply")
    monkeypatch.setattr(market, "confirm", lambda *_: shutil.copy("other.json", "one.json"))
    desk.run(f"market countersign one.json --out both.json --as {KEY} --apply")
    assert json.loads(Path("both.json").read_text())["amount"] == "20"


def test_one_quote_is_revoked_and_then_all(desk: Cli) -> None:
    for name in ("a", "b"):
        desk.done(f"market quote mint MSFT owner-1 1 90.00 --out {name}.json --reference {name} --apply")
    assert desk.run("market revoke nothing").code == 64
    desk.done("market revoke a --apply")
    assert [one["reference"] for one in desk.done("market quotes")["quotes"]] == ["b"]
    assert "cannot be used: it is revoked" in desk.run("market revoke a --apply").out
    asked = desk.run("market revoke --all --apply", "no\n")
    assert asked.code == 1
    desk.done("market revoke --all --apply")
    assert desk.done("market quotes")["quotes"] == []
    assert desk.run("market mint b.json --as owner-1 --apply --yes").code == 64
    desk.done("market quote mint MSFT owner-1 1 90.00 --out c.json --reference c --apply")
    assert desk.done("market mint c.json --as owner-1 --apply")["steps"]


def test_a_quote_at_a_spread_from_the_price(desk: Cli) -> None:
    line = "market quote mint MSFT owner-1 10 --spread 25bp --out q.json --reference q"
    said = desk.run(line)
    for told in ("90.000000 a share as of 2027-", "25 bps over it", "mint 10 MSFT, which are 10 shares, for 902.25"):
        assert told in said.out
    assert desk.run(f"{line} --apply", "90\n").code == 1
    assert desk.run(f"{line} --apply", "90.225\n").code == 0
    desk.done("market mint q.json --as owner-1 --apply")
    # Of one that pays out the spread is kept, and the fee on top of that.
    back = desk.done("market quote redeem MSFT owner-1 3.3 --spread 25bps --fee 10 --out b.json --reference b --apply")
    assert (back["terms"]["settlement"], back["terms"]["fee"]) == ("296.2575", "0.296258")
    assert back["at"]["spread_bps"] == 25
    # Wider than the band is refused as any other price is.
    wide = desk.run(line.replace("25bp", "201bp").replace("reference q", "reference w").replace("q.json", "w.json"))
    assert (wide.code, "market: outside the band" in wide.err) == (1, True)


def test_a_spread_is_of_a_price(desk: Cli) -> None:
    for terms, reason in (
        ("MSFT owner-1 10 900.00 --spread 25bp", "state the SETTLEMENT, or a --spread"),
        ("MSFT owner-1 10", "state the SETTLEMENT, or a --spread"),
        ("MSFT owner-1 10 --spread 25", "names no unit: 25bp is 25 basis points"),
        ("MSFT owner-1 10 --spread 5001bp", "is over 5000bp"),
        ("MSFT owner-1 10 --spread -1bp", "is no whole number"),
        ("AAPL owner-1 10 --spread 25bp", "stock: has no price in the manifest: state the settlement"),
        ("NONE owner-1 10 --spread 25bp", "is not a known stock"),
    ):
        said = desk.run(f"market quote mint {terms} --out q.json --reference q")
        assert (said.code, reason in said.err) == (64, True), said.err


def test_no_quote_is_at_a_spread_from_no_price(desk: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    line = "market quote redeem MSFT owner-1 10 --spread 25bp --out q.json --reference q"

    def refused(reason: str) -> None:
        said = desk.run(line)
        assert said.code == 1
        assert reason in said.err

    with monkeypatch.context() as at_night:
        at_night.setattr(flows.market, "read_strict", lambda *_: (90 * 10**18, 1_800_000_000, False))
        refused("market: closed (the exchange of MSFT does not trade now: state the settlement)")
    desk.pass_time(3_601)
    refused("`feeds poke` asks the sources")
    desk.done("feeds suspend MSFT --apply")
    refused("feeds: suspended")


def test_the_desk_page_of_a_stock_without_anything_and_of_all(desk: Cli) -> None:
    said = desk.run("market desk AAPL").out
    for told in ("price            none", "open quotes      none", "waits            nobody", "nothing was traded"):
        assert told in said
    assert "limit, stock     50000.00 net within 86400 s; left 50000.00 to mint, 50000.00 to redeem" in said
    assert set(desk.done("market desk")["stocks"]) == {"MSFT", "AAPL"}
    missing = desk.run("market desk NONE")
    assert (missing.code, "is not a known stock" in missing.err) == (64, True)


def test_the_desk_page_of_a_days_trade(desk: Cli) -> None:
    sign = "market quote {} MSFT owner-1 {} --out {}.json --reference {} --apply"
    desk.done(sign.format("mint", "11 990.00 --fee 50", "a", "a"))
    desk.done("market mint a.json --as owner-1 --apply")
    desk.done(sign.format("mint", "2 180.00", "b", "b"))
    for name in ("c", "d"):
        desk.done(sign.format("redeem", "3 --spread 0bp", name, name))
    desk.done("redemption request MSFT 5 --as owner-1 --apply")
    desk.done("subscription request MSFT 900 --as owner-1 --apply")
    desk.pass_time(60)

    found = desk.done("market desk MSFT")
    msft = found["stocks"]["MSFT"]
    assert [(one["side"], one["count"], one["amount"], one["settlement"]) for one in msft["quotes"]] == [
        ("mint", 1, "2", "180"),
        ("redeem", 2, "6", "540"),
    ]
    # What was minted counts, and drains.
    (limit,) = msft["limits"]
    assert (limit["scope"], 900 < float(limit["net"]) < 990) == ("stock", True)
    assert (msft["trades"], msft["band_bps"]) == (True, 200)
    assert [(one["kind"], one["waiting"]) for one in msft["queue"]] == [
        ("redemption", "5 MSFT"),
        ("subscription", "900 USDC"),
    ]
    assert [(one["side"], one["fees"]) for one in msft["fees"]] == [("mint", "4.95")]
    purse = found["treasury"]["coins"]["USDC"]
    assert (purse["owed"], purse["quoted"], purse["short"]) == ("450", "540", "0")
    assert set(purse["allowances"].values()) == {"without limit"}
    said = desk.run("market desk MSFT").out
    for told in ("90 dollars, good until", "trades           yes", "quotes within 200 bps", "2 to redeem 6 for 540"):
        assert told in said
    assert "redemption   5 MSFT of owner-1 in vault-MSFT, for 1 min" in said

    # Two nodes that have the same chain say the same page.
    network = desk.world.open()
    network.witness = desk.world.open
    page = agreed(network, flows.market_desk.page, lambda one: one.facts)
    assert page.stocks[-1].stock == "MSFT"
    assert page.purses[0].owed == "450"

    # A week later: nobody poked, who waits is overdue, the treasury cannot pay it, and the fees are of before.
    desk.pass_time(7 * 86_400)
    network = desk.world.open()
    coin, treasury = network.suite().stablecoin, network.chain.address("treasury")
    balance = network.ledger().stablecoin("treasury").value
    network.node.rpc("anvil_impersonateAccount", treasury)
    network.chain.send(coin, "transfer", network.chain.address("owner-2"), balance - 10**6, sender="treasury")
    said = desk.run("market desk MSFT").out
    for told in (
        "OVERDUE: anyone can stop new mints for it",
        "LATE: anyone can send it back",
        "trades           NO: feeds: ",
        "open quotes      none",
        "treasury         1 USDC",
        "SHORT            of 449 USDC",
        "nothing was traded on a quote",
    ):
        assert told in said
    later = desk.done("market desk MSFT --period 30d")["stocks"]["MSFT"]
    assert ([one["fees"] for one in later["fees"]], later["trades"]) == (["4.95"], False)


# --- narrower at once ------------------------------------------------------------------------------------------------


def test_bounds_are_tightened_at_once_and_loosened_by_the_timelock_alone(desk: Cli) -> None:
    limits = "market tighten MSFT --scope stock"
    first = "market tighten MSFT --band 150 --max-fee 20 --two-keys-from 500 --scope stock --net 400 --gross 900"
    said = desk.run(first)
    for told in (
        "band of MSFT",
        "200 bps",
        "150 bps",
        "400.00 net, 900.00 gross within 86400 s",
        "two keys from 500.00",
    ):
        assert told in said.out
    steps = desk.done(f"{first} --apply")["steps"]
    assert {one["sender"] for one in steps} == {"duty-officer"}
    assert desk.done("market limits MSFT owner-1")["band"]["band_bps"] == 150
    assert desk.done(first)["steps"] == []
    # Longer drains no faster.
    desk.done(f"{limits} --window 2d --apply")
    assert "within 172800 s" in desk.run("market limits MSFT owner-1").out
    for line, reason in (
        ("market tighten MSFT --band 151", "market: would loosen"),
        (f"{limits} --gross 901", "limits: would loosen"),
        (f"{limits} --window 1d", "limits: would loosen"),
        ("market tighten --two-keys-from 501", "limits: would loosen"),
        ("market tighten --max-fee 21", "limits: would loosen"),
    ):
        refused = desk.run(f"{line} --apply --yes")
        assert (refused.code, reason in refused.err) == (1, True), (line, refused)
    # The audit names each, and says that none is looser; the manifest follows, or the timelock widens again.
    found = {one["what"]: one["severity"] for one in desk.run("audit chain --json").object["drift"]}
    assert found == {
        "limits.max_fee_bps": "drift",
        "limits.second_signer_from": "drift",
        "limits.stock of MSFT": "drift",
        "stocks.MSFT.price.trade_band_bps": "drift",
    }
    assert {one["sender"] for one in desk.done("deploy settings --reference wider")["steps"]} == {"timelock"}
    # The same numbers once more, after they were widened, are another order.
    desk.by_the_timelock("deploy settings --reference wide")
    desk.done(f"{first} --apply")
    assert desk.done("market limits MSFT owner-1")["band"]["band_bps"] == 150
    assert desk.done("audit records")["drift"] == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", "says nothing that is to be tightened"),
        ("MSFT", "has nothing tightened"),
        ("--band 5", "name the stock"),
        ("MSFT --band 0", "would be no band"),
        ("AAPL --band 5", "has no band: the manifest's trade_band_bps gives it one"),
        ("--gross 5", "goes with --net, --gross or --window"),
        ("--scope issuer", "goes with --net, --gross or --window"),
        ("--scope stock --gross 5", "is one stock's: name the stock"),
        ("--scope issuer --gross 5", "cannot be kept"),
        ("--scope investor --window 1d", "cannot be kept"),
        ("--coin USDC", "goes with --peg-band or --peg-age"),
        ("--peg-band 5", "goes with --peg-band or --peg-age"),
        ("--coin EURC --peg-band 5", "is no coin of settlement.assets (USDC)"),
        ("--coin USDC --peg-band 5", "has no guard: settlement.pegs gives it one"),
    ],
)
def test_what_cannot_be_tightened_is_said(desk: Cli, words: str, reason: str) -> None:
    said = desk.run(f"market tighten {words}")
    assert (said.code, reason in said.err) == (64, True), said


# --- prices that fill ------------------------------------------------------------------------------------------------


def strike(cli: Cli, group: str, name: str, price: int) -> None:
    """What a fill of that reference begins with, whoever waits."""
    network = cli.world.open()
    desk = flows.requests.Desk(network, "MSFT", "", LEAVING if group == "redemption" else ENTERING)
    word = bytes.fromhex(flows.requests.strike_of(desk, name)[2:])
    expiry = network.chain.now() + 3_600
    network.chain.send(desk.vault, "strike", word, price * 10**6, expiry, sender="quote-key")


@pytest.mark.parametrize("group", ["redemption", "subscription"])
def test_a_price_is_void_by_its_fill_by_its_word_or_with_all(desk: Cli, group: str) -> None:
    for name, price in (("a", 91), ("b", 92), ("c", 93), ("d", 94)):
        strike(desk, group, name, price)
    assert desk.run(f"{group} void-strike MSFT").code == 64
    assert desk.run(f"{group} void-strike MSFT a --every").code == 64
    prices = desk.done(f"{group} queue MSFT")["queue"]["prices"]
    assert [one["price"] for one in prices] == ["91", "92", "93", "94"]
    assert "price now        91 a token until 2" in desk.run(f"{group} queue MSFT").out
    (step,) = desk.done(f"{group} void-strike MSFT a --apply")["steps"]
    assert step["sender"] == "duty-officer"
    assert "no price of a stands in" in desk.run(f"{group} void-strike MSFT a").out
    (step,) = desk.done(f"{group} void-strike MSFT {prices[1]['strike']} --as quote-key --apply")["steps"]
    assert step["sender"] == "quote-key"
    refused = desk.run(f"{group} void-strike MSFT c --as owner-1")
    assert "does not hold PAUSER" in refused.err
    desk.done(f"{group} void-strike MSFT --every --apply")
    assert desk.done(f"{group} queue MSFT")["queue"]["prices"] == []
    assert "no price fills requests now" in desk.run(f"{group} void-strike MSFT --every").out
    # What was struck by the chain's own word is struck once.
    with pytest.raises(Refusal, match="keys: used"):
        strike(desk, group, "a", 91)


@pytest.mark.parametrize("group", ["redemption", "subscription"])
def test_the_timelock_holds_prices_to_another(desk: Cli, group: str) -> None:
    with pytest.raises(Refusal, match="vault: price outside band"):
        strike(desk, group, "far", 120)
    line = f"{group} set-reference MSFT 120 --reference moved"
    said = desk.run(line)
    for told in ("what ", "'s prices are held to", "90", "120"):
        assert told in said.out
    assert {one["sender"] for one in desk.done(line)["steps"]} == {"timelock"}
    desk.by_the_timelock(line)
    assert desk.done(f"{group} queue MSFT")["queue"]["reference"] == "120"
    assert "are held to 120, since" in desk.run(line).out
    strike(desk, group, "far", 120)
    zero = desk.run(f"{group} set-reference MSFT 0 --reference none")
    assert (zero.code, "vault: bad price" in zero.err) == (1, True)


@pytest.mark.parametrize(("group", "label"), [("redemption", "vault-MSFT"), ("subscription", "entry-MSFT")])
def test_coins_that_are_nobodys_go_to_the_treasury(desk: Cli, group: str, label: str) -> None:
    line = f"{group} skim MSFT --as deployer"
    assert desk.run(f"{group} skim MSFT").code == 64
    assert f"every coin in {label} is somebody's" in desk.run(line).out
    network = desk.world.open()
    coin, vault = network.suite().stablecoin, network.book.contract(label).address
    network.chain.send(coin, "mint", vault, 5 * 10**6, sender="deployer")
    before = network.chain.call(coin, "balanceOf", network.chain.address("treasury"))
    assert "5 that nobody's request stands for go to the treasury" in desk.run(line).out
    desk.done(f"{line} --apply")
    assert network.chain.call(coin, "balanceOf", network.chain.address("treasury")) == before + 5 * 10**6
    assert desk.done(line)["steps"] == []
