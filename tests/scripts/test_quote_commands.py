"""Quotes: what is signed is seen first, noted, listed while it is open, and as wallets take it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support.network_cli import Cli

REASON = "--reason 3 --document order-9"
SCRIPT = Path(__file__).resolve().parents[1] / "support" / "wallet_files.mjs"


def read_by_wallets(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """A file for wallets, and what ethers and viem read in it."""
    found = json.loads(path.read_text())
    done = subprocess.run(
        ["node", str(SCRIPT)], input=json.dumps(found), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return found, json.loads(done.stdout)


def send(cli: Cli, transaction: dict[str, Any]) -> None:
    """Have a wallet send what stands in its file, as it stands there."""
    node = cli.world.open().node
    node.rpc("anvil_impersonateAccount", transaction["from"])
    receipt = node.wait(node.rpc("eth_sendTransaction", transaction | {"gas": hex(2_000_000), "gasPrice": "0x0"}))
    assert int(receipt["status"], 16) == 1


def test_the_price_of_a_share_is_seen_and_typed_before_a_quote_is_signed(trading: Cli) -> None:
    """61,000 shares for 1 dollar were signed unasked."""
    line = "market quote mint MSFT owner-1 61000 1.00 --out slip.json --reference slip"
    said = trading.run(line)
    assert "mint 61000 MSFT, which are 61000 shares, for 1" in said.out
    assert "price per share  0.000016" in said.out
    assert "good until       2027-" in said.out
    assert "as things stand the chain refuses it: " in said.out
    assert trading.run(f"{line} --apply", "MSFT\n").code == 1
    assert not (trading.folder / "slip.json").exists()
    next_to_nothing = trading.run(line.replace("mint", "redeem").replace("61000", "41000000"))
    assert "price per share  0.000000024" in next_to_nothing.out
    assert trading.run(f"{line} --apply", "0.00002\n").code == 1
    assert trading.run(f"{line} --apply", ".000016\n").code == 0
    assert (trading.folder / "slip.json").exists()


def test_quotes_are_noted_when_they_are_signed_and_listed_while_they_are_open(trading: Cli) -> None:
    assert trading.done("market quotes")["quotes"] == []
    assert [one["state"] for one in trading.done("market quotes --all")["quotes"]] == ["used"]
    trading.done("market quote redeem MSFT owner-1 10 900.00 --out a.json --reference a --apply")
    trading.done("market quote redeem MSFT owner-1 5 455.00 --out b.json --reference b --life 60s --apply")
    found = trading.done("market quotes")["quotes"]
    assert [(one["reference"], one["price"], one["shares"]) for one in found] == [
        ("b", "91.000000", "5"),
        ("a", "90.000000", "10"),
    ]
    trading.pass_time(61)
    assert [one["reference"] for one in trading.done("market quotes")["quotes"]] == ["a"]
    trading.done("market redeem a.json --as owner-1 --apply")
    states = {one["reference"]: one["state"] for one in trading.done("market quotes --all")["quotes"]}
    assert states == {"q-1": "used", "a": "used", "b": "expired"}


def test_a_quote_is_revoked_and_all_are(trading: Cli) -> None:
    trading.done("market quote redeem MSFT owner-1 10 900.00 --out a.json --reference a --apply")
    trading.done("market quote redeem MSFT owner-1 5 455.00 --out b.json --reference b --apply")
    trading.done("market revoke a --apply")
    assert [one["reference"] for one in trading.done("market quotes")["quotes"]] == ["b"]
    said = trading.run("market redeem a.json --as owner-1 --apply --yes")
    assert (said.code, "quote: was revoked: ask the desk for another" in said.err) == (64, True)
    trading.done("market revoke --all --apply")
    states = {one["reference"]: one["state"] for one in trading.done("market quotes --all")["quotes"]}
    assert states == {"q-1": "used", "a": "revoked", "b": "revoked"}
    for line in ("market revoke", "market revoke a --all", "market revoke a --signer quote-key"):
        assert trading.run(line).code == 64


def test_what_limits_trades_is_shown(trading: Cli) -> None:
    shown = trading.done("market limits MSFT owner-1")
    assert (shown["limits"], shown["band"], shown["most"]) == ([], None, {"mint": "no limit", "redeem": "9000"})
    network = trading.world.open()
    args = (1, network.ledger().token("MSFT").address, 50_000, 0, 86_400)
    network.node.rpc("anvil_impersonateAccount", network.chain.address("timelock"))
    data = network.chain.abi("PrimaryMarket").function("setLimit", 5).calldata(args)
    at = {"from": network.chain.address("timelock"), "to": network.suite().market.address, "data": "0x" + data.hex()}
    send(trading, at)
    shown = trading.done("market limits MSFT owner-1")
    assert shown["most"] == {"mint": "500", "redeem": "500"}
    (found,) = shown["limits"]
    assert found == {
        "scope": "stock",
        "limits": "500.00 net within 86400 s",
        "net": "0.00",
        "gross": "0.00",
        "mint": "500.00",
        "redeem": "500.00",
    }
    said = trading.run("market quote redeem MSFT owner-1 10 900.00 --out a.json --reference a --apply --yes")
    assert "is over the stock's limit, 500.00 net within 86400 s: 500.00 is left now, it never fits" in said.err
    assert not Path("a.json").exists()


def test_a_reference_is_one_quote_and_a_file_is_written_once(trading: Cli) -> None:
    line = "market quote redeem MSFT owner-1 10 900.00 --reference a --apply"
    trading.done(f"{line} --out a.json")
    for out, price in (("a.json", "900.00"), ("other.json", "901.00")):
        said = trading.run(f"market quote redeem MSFT owner-1 10 {price} --reference a --out {out} --apply --yes")
        assert said.code == 64
        expected = "out: stands already" if out == "a.json" else "reference: names another quote that was signed"
        assert expected in said.err
    # A file that was lost is written again: the same quote, not a second one.
    trading.done(f"{line} --out again.json")
    assert (trading.folder / "again.json").read_text() == (trading.folder / "a.json").read_text()


@pytest.mark.parametrize("side", ["mint", "redeem"])
def test_who_is_blocked_gets_no_quote(trading: Cli, side: str) -> None:
    trading.done(f"compliance block house {REASON} --apply")
    said = trading.run(f"market quote {side} MSFT owner-1 1 90.00 --out b.json --reference b --apply --yes")
    assert said.code == 64
    assert "account: gets no quote of MSFT now: ERC7943Cannot" in said.err
    assert not (trading.folder / "b.json").exists()
    said = trading.run("market quote mint MSFT treasury 1 90.00 --out b.json --reference b --apply --yes")
    assert (said.code, "gets no quote" in said.err) == (64, True)


def test_a_quote_is_written_as_wallets_take_it(trading: Cli) -> None:
    """ethers and viem read the signature in it, and a wallet sends what stands in it."""
    network = trading.world.open()
    owner, market = network.chain.address("owner-1"), network.suite().market.address
    trading.done("market quote mint MSFT owner-1 10 900.00 --out m.json --reference m --apply")
    found, said = read_by_wallets(trading.folder / "m.wallet.json")
    signer = network.chain.address("quote-key")
    assert {said["ethers"].lower(), said["viem"].lower()} == {signer}
    assert said["digests"][0] == said["digests"][1]
    assert found["transaction"]["to"] == market
    for one in ("approval", "transaction"):
        send(trading, found[one])
    assert str(trading.world.open().ledger().balance("MSFT", owner)) == "110"
    assert trading.done("market mint m.json --as owner-1 --apply")["steps"] == []


def test_an_attestation_is_written_as_wallets_take_it(cli: Cli) -> None:
    cli.done(
        "compliance attest inv-0002 treasury CH institutional 2029-12-31 --deadline 2027-12-31 --reference case-17 "
        "--out entry.json --apply"
    )
    found, said = read_by_wallets(cli.folder / "entry.json")
    network = cli.world.open()
    assert {said["ethers"].lower(), said["viem"].lower()} == {network.chain.address("kyc-provider")}
    send(cli, found["transaction"])
    assert cli.done("compliance enter entry.json --as treasury --apply")["steps"] == []


def test_a_quote_of_another_network_is_refused_field_by_field(trading: Cli) -> None:
    """It said: SignedQuote.__init__() got an unexpected keyword argument 'genesis'."""
    trading.done("market quote mint MSFT owner-1 10 900.00 --out m.json --reference m --apply")
    found = json.loads((trading.folder / "m.json").read_text())
    del found["chain_id"], found["market"]
    (trading.folder / "m.json").write_text(json.dumps(found | {"genesis": "0x12", "program": "abc"}))
    said = trading.run("market mint m.json --as owner-1")
    assert said.code == 1
    assert "m.json: genesis: is no field of a quote of an Ethereum-family chain's: is it another network's?" in said.err


def test_no_quote_is_signed_for_a_file_that_cannot_be_written(trading: Cli) -> None:
    """It said FileNotFoundError, and the quote was noted as signed and open."""
    said = trading.run("market quote mint MSFT owner-1 1 90.00 --out nowhere/zz.json --reference z --apply --yes")
    assert said.code == 64
    assert "out: cannot be written: there is no folder nowhere (got 'nowhere/zz.json')" in said.err
    assert trading.done("market quotes")["quotes"] == []
    said = trading.run(
        "compliance attest inv-2 treasury CH institutional 2029-12-31 --deadline 2027-12-31 --reference c "
        "--out nowhere/zz.json --apply"
    )
    assert "out: cannot be written: there is no folder nowhere" in said.err


@pytest.mark.parametrize("text", ["1" + "0" * 86, "1" + "0" * 47, "-1"])
def test_shares_that_no_chain_holds_are_refused_by_their_name(cli: Cli, text: str) -> None:
    """It said: reserve: bad config, or does not fit push(int256)."""
    wrong = "is negative" if text == "-1" else "is more than the chain's 128 bits hold"
    for line, field in (
        (f"market ceiling MSFT -- {text}", "shares"),
        (f"market ceiling --others {text} MSFT 1", "others"),
        (f"market attest --ceiling {text} MSFT 1", "ceiling"),
        (f"market surplus --sell {text} MSFT", "sell"),
    ):
        said = cli.run(line)
        assert said.code == 64
        assert f"{field}: {wrong}" in said.err
    if text != "-1":
        said = cli.run(f"market quote mint MSFT owner-1 1 {'1' + '0' * 86} --out q.json --reference q")
        assert "settlement: is more than the chain's 256 bits hold" in said.err
