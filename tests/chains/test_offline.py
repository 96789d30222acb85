"""What is known of a network without a node: its accounts' keys and addresses, and what its records know."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.network_world import MANIFESTS, local_manifest
from support.record_samples import action

from scrip.chains.offline import OfflineNetwork
from scrip.errors import InputError
from scrip.evm.accounts import local_account
from scrip.manifest.load import load
from scrip.records import Records

REGISTRY = "0x" + "11" * 20
OTHER = "0x" + "22" * 20


def network(records: Path) -> OfflineNetwork:
    return OfflineNetwork(local_manifest(), records)


def deployed(root: Path, genesis: str, label: str, address: str) -> None:
    """Records of a chain of the local network, on which one contract was made."""
    records = Records(root, "local", genesis)
    with records.locked("test"):
        records.append("done", action(genesis=genesis, label=label, address=address), "0x")


def test_an_account_with_a_derived_key_signs_and_others_do_not(tmp_path: Path) -> None:
    assert network(tmp_path).signer("owner-1").address == local_account("owner-1").address.lower()
    with pytest.raises(InputError, match="is no account of the manifest"):
        network(tmp_path).signer("nobody")
    solana = OfflineNetwork(load(MANIFESTS / "solana-local.yaml"), tmp_path)
    with pytest.raises(InputError, match="is a Solana network"):
        solana.signer("issuer")


def test_an_address_is_itself_and_a_name_is_the_accounts(tmp_path: Path) -> None:
    assert network(tmp_path).address(OTHER) == OTHER
    assert network(tmp_path).address("treasury") == local_account("treasury").address.lower()
    with pytest.raises(InputError, match="is neither an address nor an account") as refused:
        network(tmp_path).address("nobody")
    assert refused.value.field == "wallet"


def test_the_registry_is_the_records_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not in the records: name it with --registry"):
        network(tmp_path).registry()
    deployed(tmp_path, "0x" + "aa" * 32, "registry", REGISTRY)
    assert network(tmp_path).registry() == REGISTRY
    deployed(tmp_path, "0x" + "bb" * 32, "registry", OTHER)
    with pytest.raises(InputError, match="the records have several"):
        network(tmp_path).registry()


def test_addresses_have_the_names_of_accounts_and_of_what_was_deployed(tmp_path: Path) -> None:
    deployed(tmp_path, "0x" + "aa" * 32, "registry", REGISTRY)
    deployed(tmp_path, "0x" + "bb" * 32, "multisend", OTHER)
    names = network(tmp_path).names()
    assert names.name(REGISTRY) == "registry"
    assert names.name(local_account("treasury").address) == "treasury"
    assert names.name("0x" + "33" * 20) == "0x" + "33" * 20
    with pytest.raises(InputError):
        names.address("nobody")
