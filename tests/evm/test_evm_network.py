"""What is opened is the network of its manifest and no other, and signs for nobody but those it was given."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support import execution_world

from scrip.chains.evm import EvmNetwork
from scrip.errors import InputError
from scrip.evm.accounts import local_account
from scrip.evm.connection import signers_of
from scrip.evm.rpc.signers import LocalSigner
from scrip.evm.rpc.wire import RpcError
from scrip.executor import Executor
from scrip.manifest import Manifest
from scrip.manifest.model import Account
from scrip.records import lock

SOMEBODY = "0x" + "Ab" * 20


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with execution_world.running_anvil() as found:
        yield found


def changed(**chain: object) -> Manifest:
    found = execution_world.manifest()
    return found.model_copy(update={"chain": found.chain.model_copy(update=chain)})


def with_accounts(**accounts: Account) -> Manifest:
    found = execution_world.manifest()
    return found.model_copy(update={"accounts": found.accounts | accounts})


def test_another_chain_or_genesis_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"chain\.chain_id: the node is of chain 31337 \(got '1'\)"):
        EvmNetwork.open(changed(chain_id=1), url, tmp_path)
    with pytest.raises(InputError, match=r"chain\.genesis: the node's genesis is 0x"):
        EvmNetwork.open(changed(genesis="0x" + "11" * 32), url, tmp_path)
    with pytest.raises(RpcError, match="does not answer"):
        EvmNetwork.open(changed(), "http://127.0.0.1:1", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_records_are_kept_by_network_and_genesis(url: str, tmp_path: Path) -> None:
    network = EvmNetwork.open(changed(), url, tmp_path)
    assert network.genesis == network.node.genesis()
    assert network.records.folder == tmp_path / f"local-{network.genesis[2:10]}"


def test_nobody_signs_on_a_public_network_with_a_key_that_anyone_can_derive() -> None:
    with pytest.raises(InputError, match=r"accounts\.[a-z0-9-]+: is a local account on a public network"):
        signers_of(changed(public=True))


def test_an_address_has_a_name_and_no_signer(url: str, tmp_path: Path) -> None:
    manifest = with_accounts(cold=Account(address=SOMEBODY), warm=Account(alias="warm"))
    network = EvmNetwork.open(manifest, url, tmp_path, {"warm": LocalSigner("somewhere")})
    assert network.chain.address("cold") == SOMEBODY.lower()
    assert network.chain.name(SOMEBODY) == "cold"
    assert network.chain.address("warm") == local_account("somewhere").address.lower()
    assert network.chain.signer("warm").address == network.chain.address("warm")
    for name in ("cold", "stranger"):
        with pytest.raises(InputError, match="nobody here signs for it"):
            network.chain.signer(name)
    with pytest.raises(InputError, match="stranger: is no account of the manifest"):
        network.chain.address("stranger")


def test_two_operators_at_once(url: str, tmp_path: Path) -> None:
    first, second = (EvmNetwork.open(changed(), url, tmp_path) for _ in range(2))
    nonce = second.node.nonce(second.chain.address("deployer"))
    with first.records.locked("stock mint"), pytest.raises(lock.Locked, match="'stock mint'"):
        Executor(second.transactions()).run(execution_world.foundation())
    assert second.node.nonce(second.chain.address("deployer")) == nonce
    assert second.records.all() == second.records.open_intents() == []
