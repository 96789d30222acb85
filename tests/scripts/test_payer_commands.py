"""Mints that another account pays, and mints paid by a signature, from the quote to the coins."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.network_cli import Cli
from test_quote_commands import SCRIPT, send

from scrip import flows
from scripts import market

QUOTE = "market quote mint MSFT owner-1 10 900.00 --out q.json --reference q --apply"
NAMED = QUOTE + " --payer owner-3"
DUE = 900_000_000


@pytest.fixture
def paying(trading: Cli) -> Cli:
    """Another investor, whose wallet is owner-3, has coins and has approved nobody."""
    network = trading.world.open()
    payer = network.chain.address("owner-3")
    network.chain.send(network.suite().stablecoin, "mint", payer, 10**12, sender="deployer")
    file = trading.folder / "payer.csv"
    file.write_text(f"investor,wallet,country,class,expiry\npayer,{payer},CH,professional,2029-12-31\n")
    trading.done(f"compliance onboard {file} --apply")
    return trading


def held(cli: Cli) -> tuple[int, str]:
    """The payer's coins, and the account's units."""
    network = cli.world.open()
    coins = network.chain.call(network.suite().stablecoin, "balanceOf", network.chain.address("owner-3"))
    return coins, str(network.ledger().balance("MSFT", network.chain.address("owner-1")))


def read(typed: dict[str, Any]) -> dict[str, Any]:
    """What ethers and viem read in a typed message and its signature."""
    done = subprocess.run(
        ["node", str(SCRIPT)], input=json.dumps(typed), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["digests"][0] == found["digests"][1]
    return found


def test_a_payer_submits_the_quote_itself(paying: Cli) -> None:
    terms = paying.done(NAMED)["terms"]
    network = paying.world.open()
    payer = network.chain.address("owner-3")
    assert terms["payer"] == payer
    wallets = json.loads(Path("q.wallet.json").read_text())
    assert wallets["typed_data"]["primaryType"] == "QuotePaidBy"
    assert read(wallets)["viem"].lower() == network.chain.address("quote-key")
    said = paying.run("market mint q.json --as owner-1")
    assert (said.code, f"payment: names the file in which {payer} agrees to pay" in said.err) == (64, True)
    said = paying.run("market mint q.json --as quote-key")
    assert (said.code, "as: is neither the quote's account" in said.err) == (64, True)
    made = paying.done("market mint q.json --as owner-3 --apply")
    assert [one["title"] for one in made["steps"]] == ["let the market take 900", "mint 10 MSFT for 900"]
    assert held(paying) == (10**12 - DUE, "110")
    assert paying.done("market mint q.json --as owner-3 --apply")["steps"] == []
    assert paying.done("market quotes --all")["quotes"][0]["state"] == "used"


@pytest.mark.parametrize("way", ["permit", "authorization"])
def test_the_account_submits_it_with_what_the_payer_signed(paying: Cli, way: str) -> None:
    """The payer sends nothing; ethers and viem read what it signed, and a wallet sends the mint."""
    paying.done(NAMED)
    said = paying.run(f"market pay q.json --way {way} --as owner-1 --out p.json")
    assert (said.code, "as: does not pay this quote" in said.err) == (64, True)
    messages = paying.done(f"market pay q.json --way {way} --as owner-3 --out p.json")["messages"]
    assert list(messages) == (["consent", "signature"] if way == "permit" else ["signature"])
    assert not Path("p.json").exists()
    paying.done(f"market pay q.json --way {way} --as owner-3 --out p.json --apply")
    wallets = json.loads(Path("p.wallet.json").read_text())
    payer = paying.world.open().chain.address("owner-3")
    for one in [wallets] + [wallets[name] for name in messages if name in wallets and name != "signature"]:
        assert {read(one)[name].lower() for name in ("ethers", "viem")} == {payer}
    if way == "permit":
        paying.done("market mint q.json --payment p.json --as owner-1 --apply")
    else:
        send(paying, wallets["transaction"])
    assert held(paying) == (10**12 - DUE, "110")
    assert paying.done("market mint q.json --payment p.json --as owner-1 --apply")["steps"] == []


def test_a_payer_agrees_in_its_own_wallet_and_approves(paying: Cli) -> None:
    paying.done(NAMED)
    line = "market pay q.json --as owner-3 --out p.json"
    (message,) = paying.done(line)["messages"].values()
    assert message["primaryType"] == "Payment"
    signed = "0x" + paying.world.open().chain.signer("owner-3").sign_typed(message).hex()
    for wrong, told in ((signed[:-2], "consent: is not the payer's"), ("0xzz", "is no signature")):
        said = paying.run(f"{line} --signature {wrong} --apply --yes")
        assert (said.code, told in said.err) == (64, True), said.err
    said = paying.run(f"{line} --signature {signed} --apply --yes")
    assert (said.code, "payer: has let the market take 0, and 900 are due" in said.err) == (64, True), said.err
    network = paying.world.open()
    network.chain.send(network.suite().stablecoin, "approve", network.suite().market.address, DUE, sender="owner-3")
    paying.done(f"{line} --signature {signed} --apply")
    # A payment of another quote is none of this one.
    paying.done(NAMED.replace("q.json", "r.json").replace("--reference q", "--reference r"))
    said = paying.run("market mint r.json --payment p.json --as owner-1")
    assert (said.code, "payment: is of quote q, payer" in said.err) == (64, True), said.err
    paying.done("market mint q.json --payment p.json --as owner-1 --apply")
    assert held(paying) == (10**12 - DUE, "110")


def test_an_account_pays_by_a_signature_in_one_transaction(paying: Cli) -> None:
    paying.done(QUOTE.replace("owner-1", "owner-3"))
    paying.done("market pay q.json --way permit --as owner-3 --out p.json --apply")
    made = paying.done("market mint q.json --payment p.json --as owner-3 --apply")
    assert len(made["steps"]) == 1
    assert held(paying)[0] == 10**12 - DUE
    said = paying.run("market pay q.json --as owner-3 --out other.json")
    assert (said.code, "quote: was carried out" in said.err) == (64, True)


def test_a_payer_signs_the_quote_that_it_was_shown(paying: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose file it is lays another quote there while the payer looks at the price."""
    paying.done(NAMED)
    paying.done(NAMED.replace("10 900", "1 9000").replace("q.json", "r.json").replace("--reference q", "--reference r"))
    monkeypatch.setattr(market, "confirm", lambda *_: shutil.copy("r.json", "q.json"))
    paying.run("market pay q.json --way authorization --as owner-3 --out p.json --apply")
    assert json.loads(Path("p.json").read_text())["reference"] == "q"
    assert json.loads(Path("p.wallet.json").read_text())["typed_data"]["message"]["value"] in (DUE, str(DUE))


@pytest.mark.parametrize("stands", ["tighten --two-keys-from 1", "pause"])
def test_who_may_not_is_told_whatever_else_stands_against_the_quote(paying: Cli, stands: str) -> None:
    """Two keys are to sign it, and the second has not yet; the market is paused for the night."""
    paying.done(f"market {stands} --apply")
    paying.done("compliance block house --reason 1 --document why --apply")
    for line, told in (
        (QUOTE.replace("owner-1", "owner-3") + " --payer quote-key", "payer: could not hold MSFT itself"),
        (QUOTE, "account: gets no quote of MSFT now: ERC7943CannotReceive"),
        (QUOTE.replace("mint", "redeem"), "account: gets no quote of MSFT now: ERC7943CannotSend"),
    ):
        said = paying.run(f"{line} --yes")
        assert (said.code, told in said.err) == (64, True), said
    assert not Path("q.json").exists()


def test_who_is_named_as_payer(paying: Cli) -> None:
    """One that could not hold the stock pays for nobody, a redemption has none, and a changed name is no quote."""
    for line, told in (
        (QUOTE + " --payer quote-key", "payer: could not hold MSFT itself"),
        (NAMED.replace("mint", "redeem"), "payer: pays a mint alone"),
    ):
        said = paying.run(f"{line} --yes")
        assert (said.code, told in said.err) == (64, True), said.err
    paying.done(QUOTE + " --payer owner-1")
    found = json.loads(Path("q.json").read_text())
    assert found["payer"] == ""
    payer = paying.world.open().chain.address("owner-3")
    Path("q.json").write_text(json.dumps(found | {"payer": payer}))
    said = paying.run("market mint q.json --as owner-3")
    assert (said.code, "signature: is not the signer's, of this quote" in said.err) == (64, True)
    said = paying.run("market pay q.json --as owner-3 --out p.json")
    assert (said.code, "signature: is not the signer's, of this quote" in said.err) == (64, True)
    Path("q.json").write_text(json.dumps(found))
    paying.pass_time(600)
    said = paying.run("market pay q.json --way permit --as owner-1 --out p.json")
    assert (said.code, "quote: is expired: ask the desk for another" in said.err) == (64, True), said.err


def test_an_approval_that_another_quote_used_up_is_given_again(paying: Cli) -> None:
    """A run that stopped after it had approved goes on, though the approval went to another quote meanwhile."""
    for name in ("q", "r"):
        paying.done(NAMED.replace("q.json", f"{name}.json").replace("--reference q", f"--reference {name}"))
    plan = flows.market_payment.submit_file(paying.world.open(), Path("q.json"), "owner-3", None)
    paying.world.run(replace(plan, steps=plan.steps[:1]))
    assert len(paying.done("market mint r.json --as owner-3 --apply")["steps"]) == 1
    paying.done("market mint q.json --as owner-3 --apply")
    assert held(paying) == (10**12 - 2 * DUE, "120")


def test_an_approval_of_too_little_is_taken_back_first(paying: Cli) -> None:
    """USDT changes no allowance into another: only from nothing, or to nothing."""
    network = paying.world.open()
    for name, quote in (("q", NAMED), ("r", QUOTE.replace("owner-1", "owner-3"))):
        paying.done(quote.replace("q.json", f"{name}.json").replace("--reference q", f"--reference {name}"))
        network.chain.send(network.suite().stablecoin, "approve", network.suite().market.address, 1, sender="owner-3")
        titles = [one["title"] for one in paying.done(f"market mint {name}.json --as owner-3 --apply")["steps"]]
        assert titles[0] == "take back what market may take, too little"
        assert len(titles) == 3
    assert held(paying)[0] == 10**12 - 2 * DUE


def test_an_approval_that_was_taken_back_is_given_again(paying: Cli) -> None:
    """The same of the quote's own account, which had let the market take all that it has."""
    paying.done(QUOTE.replace("owner-1", "owner-3"))
    network = paying.world.open()
    plan = flows.market_payment.submit_file(network, Path("q.json"), "owner-3", None)
    paying.world.run(replace(plan, steps=plan.steps[:1]))
    network.chain.send(network.suite().stablecoin, "approve", network.suite().market.address, 0, sender="owner-3")
    paying.done("market mint q.json --as owner-3 --apply")
    assert held(paying)[0] == 10**12 - DUE
