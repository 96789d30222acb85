"""A network on Solana: names from the manifest, keys from files, and what stands found on the chain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from served import running
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError
from scrip.executor import Executor
from scrip.manifest.load import load
from scrip.manifest.model import Account, Manifest
from scrip.solana.addresses import local_address, local_keypair
from scrip.solana.connection.keys import ManifestKeys, read_keypair
from scrip.solana.rpc.cluster import Cluster, NodeRefused

MANIFESTS = Path(__file__).resolve().parents[2] / "manifests"
ADDRESS = "4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU"


def local() -> Manifest:
    return load(MANIFESTS / "solana-local.yaml")


def changed(accounts: dict[str, Account]) -> Manifest:
    return local().model_copy(update={"accounts": {**local().accounts, **accounts}})


def test_a_node_of_another_kind_is_named_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Cluster) -> bytes:
        raise NodeRefused("Method not found")

    monkeypatch.setattr(Cluster, "genesis", refused)
    with pytest.raises(InputError, match=r"SCRIP_SOLANA_LOCAL_RPC: names a node that is no Solana cluster's"):
        SolanaNetwork.open(local(), "http://127.0.0.1:1", tmp_path)


def test_a_network_before_anything_is_initialised(tmp_path: Path) -> None:
    with running() as served:
        network = SolanaNetwork.open(local(), served.url, tmp_path)
        assert network.records.folder.name == f"solana-local-{network.chain.genesis.hex()[:8]}"
        assert not network.initialised
        assert network.stocks() == {}
        with pytest.raises(InputError, match="is not initialised"):
            network.ledger()
        other = local().chain.model_copy(update={"genesis": ADDRESS})
        with pytest.raises(InputError, match="the node is of genesis"):
            SolanaNetwork.open(local().model_copy(update={"chain": other}), served.url, tmp_path)
        wrong = local().program.model_copy(update={"address": ADDRESS})
        with pytest.raises(InputError, match="built in"):
            SolanaNetwork.open(local().model_copy(update={"program": wrong}), served.url, tmp_path)


def test_names_are_the_manifests() -> None:
    keys = ManifestKeys(changed({"vault": Account(address=ADDRESS)}))
    assert keys.address("deployer") == local_address("deployer")
    assert keys.address("safe") == local_address("safe")
    assert keys.address("vault") == keys.address(ADDRESS) == Pubkey.from_string(ADDRESS)
    assert keys.address("") == Pubkey.default()
    assert [keys.name(keys.address(one)) for one in ("vault", "timelock")] == ["vault", "timelock"]
    assert keys.name(local_address("stranger")) == str(local_address("stranger"))
    assert keys.signs("deployer")
    assert not keys.signs("vault")
    with pytest.raises(InputError, match="signs elsewhere"):
        keys.signer("vault")
    with pytest.raises(InputError, match="is no account of the manifest"):
        keys.address("stranger")


def test_nobody_signs_with_a_derived_key_on_a_public_network() -> None:
    public = load(MANIFESTS / "solana-devnet.yaml")
    with pytest.raises(InputError, match="has no address in the manifest yet"):
        ManifestKeys(public).address("safe")
    accounts = {**public.accounts, "deployer": Account(local=True)}
    with pytest.raises(InputError, match="anyone can sign for it"):
        ManifestKeys(public.model_copy(update={"accounts": accounts}))


def test_a_keypair_is_read_from_its_file_and_its_content_never_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, file = local_keypair("somebody"), tmp_path / "key.json"
    monkeypatch.setenv("SCRIP_KEYPAIR_DESK_KEY", str(file))
    keys = ManifestKeys(changed({"desk": Account(alias="desk-key")}))
    with pytest.raises(InputError, match="has no keypair on this machine"):
        keys.signer("desk")
    for content in ("not json", "[1, 2, 3]", json.dumps([256] * 64), json.dumps([7] * 64), "{}"):
        file.write_text(content)
        file.chmod(0o600)
        with pytest.raises(InputError, match="holds no keypair") as wrong:
            read_keypair("desk-key")
        assert content not in str(wrong.value)
    file.write_text(json.dumps(list(bytes(known))))
    file.chmod(0o644)
    with pytest.raises(InputError, match="chmod 600"):
        keys.signer("desk")
    file.chmod(0o600)
    assert keys.signer("desk") == known
    assert keys.address("desk") == known.pubkey()


def test_whoever_signs_here_pays() -> None:
    assert ManifestKeys(local()).payer() == local_keypair("deployer")
    public = load(MANIFESTS / "solana-devnet.yaml")
    mine = Keypair()
    assert ManifestKeys(public, {"actions-desk": mine}).payer() == mine
    assert ManifestKeys(public).payer().pubkey() == Pubkey.default()


def test_no_secret_is_in_what_a_network_or_its_executor_shows(tmp_path: Path) -> None:
    """A keypair's own repr holds its secret."""
    with running() as served:
        secret = Keypair()
        network = SolanaNetwork.open(
            changed({"vault": Account(address=ADDRESS)}), served.url, tmp_path, {"vault": secret}
        )
        executor = Executor(network.transactions({"vault": secret}))
        executor._transactions = network.transactions({"vault": secret})
        texts = [
            repr(one)
            for one in (network, network.keys, network.chain, executor, network.transactions({"vault": secret}))
        ]
        assert repr(secret).startswith("Keypair(")
        assert not [text for text in texts if "Keypair(" in text or str(secret) in text]
