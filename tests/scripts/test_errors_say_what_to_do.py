"""A refusal names the field, the value, the limit and what to do; and what is wrong is told at once."""

import json
from pathlib import Path

import pytest
from support.network_cli import Cli
from support.network_world import MANIFESTS

from scrip import flows
from scrip.errors import InputErrors, Refusal
from scrip.manifest import load
from scrip.reports.advice import ADVICE, told

ANNOUNCE = "action announce MSFT SPLF {} --ex 2027-02-16 --effective 2027-02-16T14:30:00Z --new {} --old {}"


def test_terms_that_are_refused_are_named_one_by_one(cli: Cli) -> None:
    """It said: bad terms (Announce(by=…."""
    said = cli.run(ANNOUNCE.format("a", 1, 2))
    assert "actions: bad terms (new 1 for old 2 is not more, as SPLF is)" in said.err
    said = cli.run("action announce MSFT SPLF b --ex 2027-02-16 --effective 2027-06-16T14:30:00Z --new 2 --old 1")
    assert "effective 2027-06-16T14:30:00Z is not between ex_at, 2027-02-16T14:30:00Z, and 2027-03-18" in said.err
    assert "Announce(" not in said.err


def test_a_bound_is_told_with_what_breaks_it(cli: Cli) -> None:
    """It said: split bound (2000000:1)."""
    said = cli.run(ANNOUNCE.format("a", 2_000_000, 1))
    assert "actions: split bound (2000000:1, and one step is 1:100 to 100:1): split in several steps" in said.err


def test_money_is_told_in_its_unit(trading: Cli) -> None:
    """It said: insufficient (has 0 of 4100000000)."""
    row = f"two,{trading.world.open().chain.address('owner-2')},CH,professional,2029-12-31"
    (trading.folder / "two.csv").write_text(f"investor,wallet,country,class,expiry\n{row}\n")
    trading.done("compliance onboard two.csv --apply")
    trading.done("market quote mint MSFT owner-2 41 4100.00 --out q.json --reference q --apply")
    said = trading.run("market mint q.json --as owner-2 --apply --yes")
    assert "stablecoin: insufficient (owner-2 has 0 of 4100): fund the account that pays, or quote less" in said.err


def test_a_mint_beyond_the_reserve_says_how_much_is_there(trading: Cli) -> None:
    said = trading.run("market quote mint MSFT owner-1 150 1.00 --out q.json --reference q")
    assert "250 shares are needed, and 199 are there: attested 199, receivable 0, ceiling 1000000" in said.out


def test_an_altered_quote_fails_before_its_preview(trading: Cli) -> None:
    trading.done("market quote mint MSFT owner-1 10 900.00 --out q.json --reference q --apply")
    path = trading.folder / "q.json"
    found = json.loads(path.read_text())
    path.write_text(json.dumps(found | {"settlement": "9"}))
    said = trading.run("market mint q.json --as owner-1 --apply --yes")
    assert said.code == 64
    assert "signature: is not the signer's, of this quote: it was altered, or signed by another" in said.err
    assert "now" not in said.out
    path.write_text(json.dumps(found | {"generation": "0"}))
    assert "q.json: generation: is no whole number (got '0')" in trading.run("market mint q.json --as owner-1").err


def test_a_manifests_faults_are_told_in_one_round(tmp_path: Path) -> None:
    """There were three: what looks like a secret, what has a wrong form, what contradicts another field."""
    text = (MANIFESTS / "local.yaml").read_text()
    for old, new in (
        ("issuer: Example Securities AG", "issuer: " + "0x" + "ab" * 32),
        ("chain_id: 31337", "chain_id: many"),
        ("threshold: 2", "threshold: 9"),
        ("isin: US0378331005", "isin: US0378331006"),
        ("grace: 5d", "grace: 5 days"),
        ("PAUSER: [duty-officer, safe]", "PAUSER: [nobody]"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "local.yaml"
    path.write_text(text)
    (tmp_path / "presets").symlink_to(MANIFESTS / "presets")
    with pytest.raises(InputErrors) as refused:
        load(path)
    fields = [one.field for one in refused.value.errors]
    assert fields == [
        "issuer",
        "chain.chain_id",
        "safe.threshold",
        "roles.PAUSER.0",
        "corporate_actions.grace",
        "stocks.AAPL.isin",
    ]
    assert "abab" not in str(refused.value)


def test_a_long_plan_is_shown_in_part(cli: Cli) -> None:
    rows = [f"n-{n},0x{n:02x}{n:038x},CH,professional,2029-12-31" for n in range(16, 76)]
    (cli.folder / "many.csv").write_text("\n".join(["investor,wallet,country,class,expiry", *rows]))
    ran = cli.run("compliance onboard many.csv")
    assert ran.code == 0, ran.err
    said = ran.out
    assert "more changes" in said
    assert "--all shows them" in said
    whole = cli.run("compliance onboard many.csv --all").out
    assert "--all shows them" not in whole
    assert len(whole.splitlines()) > len(said.splitlines()) + 30
    assert len(cli.done("compliance onboard many.csv")["changes"]) > 30


def test_what_stands_is_not_to_be_created(cli: Cli) -> None:
    said = cli.run("deploy show").out
    assert "to be created" not in said
    assert cli.world.open().book.contract("safe").address in said


def test_advice_is_about_refusals_that_there_are() -> None:
    known = "\n".join(path.read_text() for path in (Path(flows.__file__).parents[1]).rglob("*.py"))
    known += "\n".join(path.read_text() for path in (MANIFESTS.parent / "contracts").rglob("*.vy"))
    advice = (Path(flows.__file__).parents[1] / "reports" / "advice.py").read_text()
    known = known.replace(advice, "")
    assert [name for name in ADVICE if name not in known] == []
    assert told(Refusal("actions: split bound", "7")) == "actions: split bound (7): split in several steps"
    assert told(Refusal("unheard of")) == "unheard of"


def test_units_are_told_as_people_count_them(trading: Cli) -> None:
    """It said: owner-1 has 100000000000000000000 of 141000000000000000000."""
    trading.done("market quote redeem MSFT owner-1 141 4100.00 --out q.json --reference q --apply")
    said = trading.run("market redeem q.json --as owner-1 --apply --yes")
    assert "ERC20InsufficientBalance (owner-1 has 100 MSFT of 141 MSFT)" in said.err


def test_the_part_of_a_ratio_that_is_0_is_named(cli: Cli) -> None:
    said = cli.run(ANNOUNCE.format("a", 2, 0))
    assert "old: is 0, and SPLF takes new and old, and no gross or pay" in said.err
