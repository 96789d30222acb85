"""A manifest names KYC providers: deployed, audited, changed; what one signs goes by file to its wallet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from solana_cli import fresh_cli
from solana_network_world import START, SolanaNetworkWorld, deployed_solana_world, solana_manifest

from scrip import flows
from scrip.errors import InputError
from scrip.manifest.checks import check
from scrip.manifest.model import SolanaManifest
from scrip.plan.draft import Reason
from scrip.reports.findings import Finding
from scrip.solana.addresses import investor_id, local_address
from scrip.solana.audit import audit

YEAR = 365 * 86_400
NAMED = {"duty-officer": 1}


def manifest_with(providers: Mapping[str, int]) -> SolanaManifest:
    """The manifest with these providers."""
    found = solana_manifest().model_copy(update={"providers": dict(providers)})
    assert isinstance(found, SolanaManifest)
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("providers"), manifest_with(NAMED)) as found:
        yield found


def drift(world: SolanaNetworkWorld, manifest: SolanaManifest) -> dict[str, Finding]:
    """What an audit says of providers, by field."""
    return {one.field: one for one in audit(world.open(manifest)) if one.field.startswith("providers")}


def signed(world: SolanaNetworkWorld, path: Path, reference: str, wallet: str = "owner-3", name: str = "zoe") -> Path:
    """The file of what the provider signed."""
    drafted = flows.attestations.draft(
        world.open(), name, wallet, "DE", "professional", START + YEAR, reference, START + YEAR // 2
    )
    drafted.sign_into(path)
    return path


def test_what_a_provider_signed_lets_its_wallet_in_once(world: SolanaNetworkWorld, tmp_path: Path) -> None:
    assert drift(world, manifest_with(NAMED)) == {}
    assert "whom the KYC provider duty-officer lets in" in world.open().settings("again").same
    path = signed(world, tmp_path / "entry.json", "case-1")
    with pytest.raises(InputError, match="is not the attestation's wallet"):
        flows.attestations.enter_file(world.open(), path, "owner-2")
    plan = flows.attestations.enter_file(world.open(), path, "owner-3")
    assert world.open().preview(plan).refusal is None
    assert world.run(plan).changed
    network = world.open()
    record = network.program.record(network.chain, network.program.at.wallet(local_address("owner-3")), "Wallet")
    assert record.investor == network.program.at.investor(investor_id("zoe"))
    assert flows.attestations.enter_file(world.open(), path, "owner-3").same == ("zoe is on the register",)
    # One may let one in: the next is refused before anything is sent.
    second = signed(world, tmp_path / "second.json", "case-2", "custodian", "yan")
    refused = world.open().preview(flows.attestations.enter_file(world.open(), second, "custodian")).refusal
    assert refused is not None
    assert refused.name == "attestation: limit reached"


def test_a_file_that_was_altered_is_refused_by_field(world: SolanaNetworkWorld, tmp_path: Path) -> None:
    path = signed(world, tmp_path / "entry.json", "case-3")
    text = path.read_text()
    for field, value, reason in (
        ("country", 840, "is not the provider's"),
        ("country", 1_000, "is more than"),
        ("country", "DE", "whole number"),
        ("deadline", START + 1, "is not the provider's"),
        ("wallet", "nobody", "base58"),
        ("signature", "", "is not the provider's"),
        ("genesis", "0x" + "07" * 32, "is of genesis"),
        ("kind", "other", "no attestation for Solana"),
        ("colour", "red", "is no field"),
    ):
        path.write_text(json.dumps(json.loads(text) | {field: value}))
        with pytest.raises(InputError, match=reason):
            flows.attestations.enter_file(world.open(), path, "owner-3")
    path.write_text("[]")
    with pytest.raises(InputError, match="no attestation"):
        flows.attestations.enter_file(world.open(), path, "owner-3")


def test_who_may_not_attest_and_whom_nobody_may(world: SolanaNetworkWorld) -> None:
    terms = "zoe", "owner-3", "DE"
    for manifest, kind, expiry, reference, sender, reason in (
        (manifest_with({}), "retail", YEAR, "c", "", "names nobody"),
        (manifest_with(NAMED), "retail", YEAR, "c", "owner-1", "is no KYC provider"),
        (manifest_with(NAMED), "venue", YEAR, "c", "", "no attestation makes a venue"),
        (manifest_with(NAMED), "retail", 1, "c", "", "is not after the deadline"),
        (manifest_with(NAMED), "retail", YEAR, "", "", "is missing"),
    ):
        with pytest.raises(InputError, match=reason):
            flows.attestations.draft(
                world.open(manifest), *terms, kind, START + expiry, reference, START + YEAR // 2, sender=sender
            )


def test_a_case_is_taken_back_and_a_provider_dropped_and_readmitted(world: SolanaNetworkWorld, tmp_path: Path) -> None:
    world.run(flows.attestations.cancel(world.open(), "case-4"))
    assert flows.attestations.cancel(world.open(), "case-4").same == (
        "case-4 of duty-officer has served, or was cancelled",
    )
    path = signed(world, tmp_path / "entry.json", "case-4", "custodian", "yan")
    with pytest.raises(InputError, match="has served, or was cancelled"):
        flows.attestations.enter_file(world.open(), path, "custodian")
    why = Reason(7, "order-1")
    world.run(flows.attestations.drop(world.open(), "duty-officer", why))
    assert flows.attestations.drop(world.open(), "duty-officer", why).same == ("duty-officer is dropped",)
    assert set(drift(world, manifest_with(NAMED))) == {"providers.duty-officer.dropped"}
    # The settings do not lift what COMPLIANCE did for a reason.
    assert not [one for one in world.open().settings("later").steps if one.what == "set_provider"]
    world.run(flows.attestations.readmit(world.open(), "duty-officer"))
    assert flows.attestations.readmit(world.open(), "duty-officer").same == ("duty-officer is not dropped",)
    assert drift(world, manifest_with(NAMED)) == {}


def test_another_limit_and_another_provider_wait_for_the_settings(world: SolanaNetworkWorld) -> None:
    for wished, severities in (
        ({"duty-officer": 0}, {"providers.duty-officer": "critical"}),
        ({"duty-officer": 5}, {"providers.duty-officer": "drift"}),
        ({"duty-officer": 1, "owner-1": 3}, {"providers.owner-1": "drift"}),
    ):
        found = drift(world, manifest_with(wished))
        assert {field: finding.severity for field, finding in found.items()} == severities
    wished = manifest_with({"owner-1": 3, "duty-officer": 5})
    world.run(world.open(wished).settings("more"))
    assert drift(world, wished) == {}
    assert {one: finding.severity for one, finding in drift(world, manifest_with({})).items()} == {
        "providers": "critical"
    }
    world.run(world.open(manifest_with({})).settings("none"))
    assert drift(world, manifest_with({})) == {}


def test_a_provider_is_an_account_of_the_manifest() -> None:
    for name, reason in (("deployer", "holds nothing"), ("nobody", "is no account")):
        assert any(reason in fault.message for fault in check(manifest_with({name: 1}), "solana-local"))


def test_the_command_says_where_nobody_attests(world: SolanaNetworkWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command on a manifest that names nobody says so, by field."""
    said = fresh_cli(world, monkeypatch).run(
        "compliance attest zoe owner-3 DE retail 2029-12-31 --deadline 2028-12-31 --reference case-9 --out entry.json"
    )
    assert said.code == 64
    assert "names nobody who attests" in said.err
