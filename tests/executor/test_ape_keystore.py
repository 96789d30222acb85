"""A keystore of Ape's signs a plan, and neither its key nor its passphrase is found anywhere afterwards."""

import os
import subprocess
import sys
from pathlib import Path

from support.execution_world import opened_network

from scrip.evm.tx.verify import verify

HERE = Path(__file__).resolve().parent
PASSPHRASE = "correct horse battery staple 2013"


def test_a_keystore_signs_without_being_asked_and_leaves_no_secret(url: str, tmp_path: Path) -> None:
    records, home = tmp_path / "records", tmp_path / "ape"
    environment = os.environ | {"APE_DATA_FOLDER": str(home), "APE_ACCOUNTS_scrip-test-deployer_PASSPHRASE": PASSPHRASE}
    command = [sys.executable, "-W", "ignore", str(HERE / "keystore_network.py"), url, str(records)]
    run = subprocess.run(command, env=environment, cwd=HERE.parents[1], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    told = [line.removeprefix("told: ") for line in run.stdout.splitlines() if line.startswith("told: ")]
    unknown, wrong, statuses, address, length, key = told
    assert unknown.startswith("alias: Ape knows no account of that alias on this machine; of a hardware wallet it has")
    assert unknown.endswith("(ape-ledger, ape-trezor) and has added one (got 'nobody-here')")
    assert wrong == "APE_ACCOUNTS_scrip-test-deployer_PASSPHRASE: does not unlock the account"
    assert statuses == str(["done"] * 8)
    assert length == "65"
    opened = opened_network(url, records)
    assert {one.action.sender for one in opened.records.all()} == {address}
    assert verify(opened.records, opened.node) == []
    secrets = (key.removeprefix("0x"), PASSPHRASE)
    assert len(secrets[0]) == 64
    shown = run.stdout.replace(key, "") + run.stderr
    texts = [path.read_text() for path in records.rglob("*") if path.is_file()]
    texts += [path.read_text(errors="replace") for path in home.rglob("*") if path.is_file()]
    assert not any(secret in text for secret in secrets for text in (shown, *texts))
