"""Attestations without a node, providers that are dropped, screenings, lost wallets: the commands of who enters."""

import json
from pathlib import Path

import pytest
from eth_utils import keccak
from support.network_cli import Cli

from scrip.evm.compiled.artifacts import artifact
from scrip.evm.rpc.node import GAS_CAP

CASE = "compliance attest inv-9 treasury CH professional 2029-12-31 --deadline 2027-12-31"
REASON = "--reason 5 --document notice-3"


def test_an_attestation_is_signed_without_a_node(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRIP_LOCAL_RPC", "http://127.0.0.1:1")
    planned = cli.run(f"{CASE} --out case.json --reference case-1")
    assert (planned.code, Path("case.json").exists()) == (0, False)
    assert "--apply signs it" in planned.out
    made = cli.done(f"{CASE} --out case.json --reference case-1 --apply")["attestation"]
    found = json.loads(Path("case.json").read_text())
    assert (found["wallet"], found["provider"], made["file"]) == (made["wallet"], made["provider"], "case.json")
    assert found["transaction"]["to"] == found["registry"]
    elsewhere = f"{CASE} --out other.json --reference case-1 --registry 0x{'22' * 20} --apply"
    cli.done(elsewhere)
    assert json.loads(Path("other.json").read_text())["registry"] == "0x" + "22" * 20


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"{CASE} --out x.json", "reference: is missing"),
        (f"{CASE.replace('professional', 'venue')} --out x.json --reference c", "no attestation makes a venue"),
        (f"{CASE.replace('2027-12-31', '2030-01-01')} --out x.json --reference c", "is not after the deadline"),
        (f"{CASE.replace(' CH ', ' XX ')} --out x.json --reference c", "XX"),
        (f"{CASE.replace('treasury', 'nobody')} --out x.json --reference c", "is neither an address nor an account"),
        (f"{CASE} --out x.json --reference c --as compliance-desk", "does not hold KYC_PROVIDER"),
        (f"{CASE} --out x.json --reference c --records none", "is not in the records: name it with --registry"),
        (f"{CASE} --out x.json --reference c --propose y.json", "neither proposed nor rehearsed"),
        ("compliance enter x.json", "--as must name the attestation's wallet"),
        ("compliance recover house owner-1 owner-2 --reason 4", "Missing option '--document'"),
        ("compliance recover-in owner-1", "was not recovered"),
        ("compliance drop-provider kyc-provider --document d", "Missing option '--reason'"),
    ],
)
def test_what_cannot_be_used_is_told(cli: Cli, line: str, told: str) -> None:
    said = cli.run(line)
    assert (said.code, told in said.err) == (64, True), said.err


def test_a_provider_is_dropped_at_once_and_readmitted_by_the_timelock(cli: Cli) -> None:
    cli.done(f"{CASE} --out case.json --reference case-1 --apply")
    line = f"compliance drop-provider kyc-provider {REASON} --apply"
    asked = cli.run(line, "\n")
    assert (asked.code, "Type kyc-provider to go on" in asked.err) == (1, True)
    changes = cli.done(line)["changes"]
    assert changes == [{"what": "kyc-provider is believed as a KYC provider", "before": "none", "after": "no"}]
    refused = cli.run("compliance enter case.json --as treasury --apply --yes")
    assert (refused.code, "attestation: provider dropped" in refused.err) == (1, True)
    (drift,) = cli.run("audit chain --json").object["drift"]
    assert (drift["what"], drift["found"]) == ("roles.KYC_PROVIDER", "dropped")
    back = cli.run("compliance readmit-provider kyc-provider --apply --yes --json")
    assert (back.code, back.object["error"]["value"]) == (64, "timelock")


def test_an_oracle_is_suspended_and_comes_back_with_the_settings(cli: Cli) -> None:
    assert cli.done("compliance screen")["steps"] == []
    asked = cli.run("compliance suspend-oracle --apply", "\n")
    assert "Type local to go on" in asked.err
    cli.done("compliance suspend-oracle --apply")
    said = cli.run("compliance screen")
    assert (said.code, "is suspended" in said.err) == (64, True)
    cli.signed("deploy settings --reference oracle-1", "oracle.json")
    cli.pass_time(48 * 3600)
    cli.done(f"safe execute {cli.folder}/oracle.json --apply")
    assert cli.done("compliance suspend-oracle")["steps"] != []
    assert cli.run("audit chain").code == 0


def test_two_hundred_fit_whatever_stocks_are_counted(cli: Cli) -> None:
    """With 64 counted stocks past the registry's first 128, a transaction of 200 rows needed more gas than it is given.

    The list is written into the registry's storage: 200 stocks would take longer than all other tests here.
    """
    path = cli.folder / "manifests/local.yaml"
    path.write_text(path.read_text().replace("batch: 50", "batch: 200"))
    network = cli.world.open()
    kept = artifact("ComplianceRegistry").layout["storage_layout"]["holder_limits_totals"]
    registry, slot = network.suite().registry.address, kept["capped"]["slot"]
    for place, number in enumerate([64, *range(128, 128 + 64 * 62, 62)]):
        network.node.rpc("anvil_setStorageAt", registry, f"0x{slot + place:064x}", f"0x{number:064x}")
    rows = [f"n-{n},0x{keccak(text=f'newcomer {n}')[12:].hex()},CH,professional,2029-12-31" for n in range(200)]
    (cli.folder / "rows.csv").write_text("\n".join(["investor,wallet,country,class,expiry", *rows]))
    done = cli.done("compliance onboard rows.csv --apply")
    assert [one["status"] for one in done["transactions"]] == ["done", "done"]
    assert max(one["gas"] for one in done["transactions"]) > GAS_CAP // 2
    assert cli.done("compliance onboard rows.csv")["steps"] == []
