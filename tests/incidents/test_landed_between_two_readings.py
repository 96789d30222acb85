"""A run was stopped after it had sent; its transaction landed while the next run read who is known.

The investor was read before, the wallet after, and the plan was refused: the wallet "belongs to another investor".
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_utils import keccak
from support.deployed_network import planted

from scrip import flows
from scrip.chains.evm import EvmNetwork
from scrip.evm.views import EvmViews
from scrip.executor import Executor
from scrip.inputs.batch import Batch, Newcomer
from scrip.solana.addresses import local_address

sys.path.append(str(Path(__file__).resolve().parents[1] / "solana"))
from solana_network_world import START, deployed_solana_world

YEAR = 365 * 86_400


def newcomers(wallets: Sequence[str], expiry: int) -> Batch[Newcomer]:
    """A file of new investors."""
    rows = [Newcomer(f"late {n}", wallet, 276, "retail", expiry) for n, wallet in enumerate(wallets)]
    return Batch("late.csv", "late", tuple(enumerate(rows, start=2)))


def test_on_solana_investor_and_wallet_are_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with deployed_solana_world(tmp_path) as world:
        batch = newcomers([str(local_address(f"late {n}")) for n in range(60)], START + YEAR)
        first, second = world.open(), world.open()
        plan, real, read = flows.investors.onboard(first, batch), second.cluster.accounts, []

        def landing(addresses: Sequence[Any]) -> list[Any]:
            found = []
            for start in range(0, len(addresses), 2):
                found += real(addresses[start : start + 2])
                # Two addresses a row: their entries.
                if start == 20 and len(addresses) == 2 * len(batch.rows):
                    read.append(Executor(first.transactions()).run(plan))
            return found

        monkeypatch.setattr(second.cluster, "accounts", landing)
        again = flows.investors.onboard(second, batch)
        assert len(read) == 1
        assert 0 < len(again.steps) < len(plan.steps)


def test_on_the_evm_they_are_read_again(populated_network: EvmNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    with planted(populated_network):
        batch = newcomers(
            ["0x" + keccak(text=f"late {n}")[-20:].hex() for n in range(3)], populated_network.chain.now() + YEAR
        )
        ledger = populated_network.ledger()
        orders = [
            order for step in flows.investors.onboard(populated_network, batch).steps for order in step.instructions
        ]
        real, read = EvmViews.owners, []

        def landing(*asked: Any) -> Any:
            if not read:
                read.extend(ledger.apply(replace(order, key=order.investor)) for order in orders)
            return real(*asked)

        monkeypatch.setattr(EvmViews, "owners", landing)
        assert not flows.investors.onboard(populated_network, batch).steps
        assert len(read) == 3
