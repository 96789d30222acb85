"""An onboarding of 500 over the endpoint: as many to a transaction as fit, and how far it has come and how fast.

Here fewer; the 500 are the campaign's.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.progress import Progress
from solana_network_world import deployed_solana_world
from support.network_cli import Cli, fresh

from scrip import flows
from scrip.inputs.batch import read_newcomers
from scrip.solana.addresses import local_address
from scrip.solana.tx.manager import SolanaTransactionManager

EACH = 3
"""Investors that fit into a transaction's 1,232 bytes; the manifest would allow eight."""


@pytest.mark.parametrize("rows", [20, pytest.param(500, marks=pytest.mark.campaign)])
def test_a_batch_is_packed_and_its_progress_and_rate_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, record_property
) -> None:
    # Ten frames a second are too few to see how far a batch of a fraction of a second is.
    monkeypatch.setitem(Progress.__init__.__kwdefaults__, "refresh_per_second", 1_000)
    with deployed_solana_world(tmp_path) as world:
        fresh(tmp_path)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("SCRIP_SOLANA_LOCAL_RPC", world.served.url)
        monkeypatch.setenv("FORCE_COLOR", "1")
        file, names = tmp_path / "many.csv", [f"newcomer {number}" for number in range(rows)]
        lines = [f"{name},{local_address(name)},CH,professional,2029-12-31" for name in names]
        file.write_text("\n".join(["investor,wallet,country,class,expiry", *lines, ""]))
        network = world.open()
        plan = flows.investors.onboard(network, read_newcomers(file, "solana"))
        count = -(-rows // EACH)
        assert [len(step.calls) for step in plan.steps] == [EACH] * (count - 1) + [rows - EACH * (count - 1)]
        payer = network.keys.address(plan.steps[0].sender)
        first, second = (SolanaTransactionManager(network).prepare(plan, step).calls for step in plan.steps[:2])
        assert network.manifest.limits.batch > EACH
        assert network.chain.fits(first, payer)
        assert not network.chain.fits([*first, second[0]], payer)

        said = Cli(world).run(f"compliance onboard {file} --apply --yes --network solana-local")  # type: ignore[arg-type]
        assert said.code == 0, said
        shown = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", said.out)
        seen = [int(number) for number in re.findall(rf"(\d+)/{rows} +[\d.]+ a second", shown)]
        assert seen == sorted(seen)
        assert seen[-1] == rows
        assert len(set(seen)) > count // 2
        end = re.search(rf"{rows} orders in {count} transactions, \d+ s: ([\d.]+) a second", shown)
        assert end is not None
        record_property("summary", f"{rows} onboardings over RPC, {EACH} to a transaction: {end[1]} a second")
        again = flows.investors.onboard(world.open(), read_newcomers(file, "solana"))
        assert not again.steps
        assert again.same == (f"{rows} rows",)
