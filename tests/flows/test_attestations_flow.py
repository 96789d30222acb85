"""Attestations: signed by a provider, carried by the investor, and good once for whom they name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.network_orders import DOCUMENT, carried_out, wallet
from support.network_world import NetworkWorld

from scrip import flows
from scrip.errors import InputError
from scrip.evm.rehearse.forecast import preview_plan
from scrip.evm.rpc.signers import LocalSigner
from scrip.plan.draft import Reason


def attested(world: NetworkWorld, name: str = "treasury", reference: str = "case-1") -> flows.attestations.Attested:
    network = world.open()
    provider = LocalSigner("kyc-provider")
    where = (network.chain.chain_id(), network.suite().registry.address)
    made = flows.attestations.Attested(
        "inv-own", network.chain.address(name), 276, "professional", 1_900_000_000, reference, 1_850_000_000,
        provider.address, *where,
    )  # fmt: skip
    return flows.attestations.sign(made, provider)


def test_an_investor_enters_with_what_a_provider_signed(world: NetworkWorld, tmp_path: Path) -> None:
    path = tmp_path / "attestation.json"
    flows.attestations.write(attested(world), path)
    read = flows.attestations.read(path)
    network = carried_out(world, flows.attestations.enter(world.open(), read, "treasury"))
    assert network.views().owners(["treasury"])["treasury"]
    assert flows.attestations.enter(world.open(), read, "treasury").same == ("inv-own is on the register",)


def test_the_transaction_in_the_file_is_what_the_wallet_sends(world: NetworkWorld) -> None:
    sent = attested(world).transaction()
    network = world.open()
    network.node.rpc("anvil_impersonateAccount", sent["from"])
    fields = {key: sent[key] for key in ("from", "to", "value")} | {"data": "0x" + sent["data"].hex()}
    tx = network.node.rpc("eth_sendTransaction", fields | {"gas": hex(300_000), "gasPrice": "0x0"})
    assert int(network.node.wait(tx)["status"], 16) == 1
    assert network.views().owners(["treasury"])["treasury"]


def test_a_file_that_was_altered_is_refused_by_field(world: NetworkWorld, tmp_path: Path) -> None:
    path = tmp_path / "attestation.json"
    flows.attestations.write(attested(world), path)
    text = path.read_text()
    for before, after, field in (
        ('"country": 276', '"country": 840', "transaction"),
        ('"country": 276', '"country": "DE"', "country"),
        ('"country": 276', '"country": 1000', "country"),
        ('"investor_class": "professional"', '"investor_class": "king"', "investor_class"),
        ('"schema": 1', '"schema": 2', "schema"),
        ('"provider": "0x', '"provider": "x', "provider"),
    ):
        assert before in text
        path.write_text(text.replace(before, after))
        with pytest.raises(InputError) as caught:
            flows.attestations.read(path)
        assert (caught.value.file, caught.value.field) == (str(path), field)


def test_an_attestation_is_good_here_for_its_wallet_and_by_its_provider(world: NetworkWorld) -> None:
    network, good = world.open(), attested(world)
    for wrong, sender, reason in (
        (replace(good, chain_id=1), "treasury", "is of chain 1"),
        (good, "owner-1", "is not the attestation's wallet"),
        (replace(good, country=840), "treasury", "is not the provider's"),
        (replace(good, signature="0x"), "treasury", "is not the provider's"),
    ):
        with pytest.raises(InputError, match=reason):
            flows.attestations.enter(network, wrong, sender)
    for wrong, reason in (
        (replace(good, investor_class="venue"), "no attestation makes a venue"),
        (replace(good, deadline=good.expiry), "is not after the deadline"),
        (replace(good, reference=""), "is missing"),
        (replace(good, provider=wallet("bob")), "is not the provider"),
    ):
        with pytest.raises(InputError, match=reason):
            flows.attestations.sign(wrong, LocalSigner("kyc-provider"))


def test_a_provider_takes_back_what_it_signed(world: NetworkWorld) -> None:
    carried_out(world, flows.attestations.cancel(world.open(), "case-1"))
    assert not flows.attestations.cancel(world.open(), "case-1").steps
    with pytest.raises(InputError, match="has served, or was cancelled"):
        flows.attestations.enter(world.open(), attested(world), "treasury")


def test_a_dropped_provider_is_not_believed(world: NetworkWorld) -> None:
    carried_out(world, flows.attestations.drop(world.open(), "kyc-provider", Reason(5, DOCUMENT)))
    assert not flows.attestations.drop(world.open(), "kyc-provider", Reason(5, DOCUMENT)).steps
    shown = preview_plan(world.open(), flows.attestations.enter(world.open(), attested(world), "treasury"))
    assert shown.refusal is not None
    assert shown.refusal.name == "attestation: provider dropped"
    (step,) = flows.attestations.readmit(world.open(), "kyc-provider").steps
    assert (step.sender, step.function) == ("timelock", "readmitProvider")
