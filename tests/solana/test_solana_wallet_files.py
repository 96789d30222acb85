"""A quote on Solana is written as wallets take it, and a wallet that nobody here wrote carries it out."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest
from served import ROOT
from solana_cli import SolanaCli, fresh_cli, onboarded, wallet
from solana_network_world import SolanaNetworkWorld, deployed_solana_world
from solders.hash import Hash
from solders.message import Message
from solders.signature import Signature
from solders.transaction import VersionedTransaction

from scrip import instructions as ins
from scrip.solana.addresses import local_keypair
from scrip.solana.rpc.chain import SIZE, RpcChain
from scrip.units import Stablecoin


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("wallets")) as found, pytest.MonkeyPatch.context() as patch:
        cli = fresh_cli(found, patch)
        onboarded(cli, "owner-1")
        found.open().ledger().apply(ins.FundStablecoin("owner-1", Stablecoin.parse("100000")))
        cli.done("market attest MSFT 200 --apply")
        found.mark()
        yield found


@pytest.fixture
def cli(world: SolanaNetworkWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[SolanaCli]:
    yield fresh_cli(world, monkeypatch)
    world.back()


def quoted(cli: SolanaCli, name: str, side: str = "mint") -> dict[str, Any]:
    """The wallet's file of a quote for ten."""
    found = cli.done(f"market quote {side} MSFT owner-1 10 900.00 --out {name}.json --reference {name} --apply")
    assert found["files"] == [f"{name}.json", f"{name}.wallet.json"]
    return json.loads((cli.folder / f"{name}.wallet.json").read_text())


def sent_by_a_wallet(cli: SolanaCli, name: str) -> list[dict[str, Any]]:
    """What web3.js says of each transaction of a file, which it signs and sends."""
    network = cli.world.open()
    network.chain.rich(local_keypair("owner-1"))
    # Bytes of a key that anybody can derive from a name.
    seed = bytes(local_keypair("owner-1"))[:32].hex()
    command = ["node", "tests/solana/wallet_client.mjs", cli.world.served.url, seed]
    command.append(str(cli.folder / f"{name}.wallet.json"))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def supply(cli: SolanaCli) -> str:
    return cli.done("stock show MSFT")["stock"]["supply"]


def test_a_wallet_carries_out_a_mint_and_a_redemption(cli: SolanaCli) -> None:
    for side, after in (("mint", "10 tokens"), ("redeem", "0 tokens")):
        found = quoted(cli, side, side)
        (told,) = sent_by_a_wallet(cli, side)
        assert told.pop("bytes") <= SIZE
        assert told == {
            "name": "transaction",
            "version": "legacy",
            "empty": True,
            "signers": 1,
            "payer": wallet("owner-1"),
            "blockhash": found["blockhash"],
            "error": None,
        }
        assert supply(cli) == after
        assert cli.done(f"market {side} {side}.json --as owner-1 --apply")["steps"] == []
        assert cli.done("audit records")["drift"] == []


def test_what_a_wallet_signs_is_what_the_command_sends(cli: SolanaCli) -> None:
    """Read by solders: the accounts are opened, the one that receives is thawed, and the quote is shown and used."""
    found = quoted(cli, "read")
    transaction = VersionedTransaction.from_bytes(b64decode(found["transaction"]))
    assert transaction.signatures == [Signature.default()]
    message = transaction.message
    assert isinstance(message, Message)
    assert (found["account"], found["message"]) == (wallet("owner-1"), "mint 10 MSFT for 900")
    network = cli.world.open()
    views = network.views()
    quote = views.quotes.read(cli.folder / "read.json")
    calls = [call for step in views.quote_steps(quote, "owner-1", "x") for call in step.calls]
    assert message == Message.new_with_blockhash(calls, message.account_keys[0], Hash.from_string(found["blockhash"]))
    assert [network.program.name_of(call) for call in calls][-3:] == ["thaw", "", "mint"]
    assert found["expiry"] == quote.expiry


def test_what_has_no_room_goes_before(cli: SolanaCli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RpcChain, "fits", lambda *_: False)
    assert {"opening", "transaction"} <= set(quoted(cli, "two"))
    assert [(one["name"], one["error"]) for one in sent_by_a_wallet(cli, "two")] == [
        ("opening", None),
        ("transaction", None),
    ]
    assert supply(cli) == "10 tokens"


def test_an_altered_transaction_is_refused(cli: SolanaCli) -> None:
    """The quote's signature is over its terms: a wallet that is given others cannot use it."""
    found = quoted(cli, "altered")
    data = b64decode(found["transaction"])
    amount = (10 * 10**8).to_bytes(8, "little")
    assert data.count(amount) == 1
    more = data.replace(amount, (11 * 10**8).to_bytes(8, "little"))
    transaction = VersionedTransaction.from_bytes(more)
    done = cli.world.open().cluster.simulate(transaction.message)
    assert done.err is not None
    assert supply(cli) == "0 tokens"
