"""A token account, a mint, a program, a sysvar or a derived address was onboarded as a wallet: nobody signs for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from solders.pubkey import Pubkey

from scrip import flows
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputErrors
from scrip.inputs.batch import Link, Newcomer
from scrip.manifest.model import Account
from scrip.solana.addresses import INSTRUCTIONS, TOKEN_2022, local_address, token_account

sys.path.append(str(Path(__file__).resolve().parents[1] / "solana"))
from every_operation import YEAR, batch, prepared
from solana_network_world import START, SolanaNetworkWorld, deployed_solana_world

POOL = Pubkey.find_program_address([b"pool"], local_address("an exchange"))[0]
CLOCK = Pubkey.from_string("SysvarC1ock11111111111111111111111111111111")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("unfit")) as found:
        prepared(found)
        yield found


def places(network: SolanaNetwork) -> dict[str, tuple[Pubkey, str]]:
    """What is no wallet, and how it is called."""
    mint, at, alice = network.listing("MSFT").mint, network.program.at, local_address("owner-1")
    return {
        "token account": (token_account(alice, mint), f"is a token account of {alice}: nobody can sign for it"),
        "mint": (mint, "is a mint"),
        "coin": (network.ledger().suite.stablecoin, "is a mint"),
        "program": (TOKEN_2022, "is a program"),
        "our program": (network.program.id, "is the program's own address"),
        "authority": (at.authority, "is the program's own address"),
        "clock": (CLOCK, "is a sysvar"),
        "instructions": (INSTRUCTIONS, "is a sysvar"),
        "record": (at.wallet(alice), "is a record of the program's"),
        "unopened token account": (
            token_account(local_address("nobody"), mint),
            "an address that a program derived: nobody can sign",
        ),
        "derived": (POOL, "an address that a program derived: nobody can sign"),
    }


def row(wallet: Pubkey, kind: Any = "professional") -> Newcomer:
    return Newcomer(f"investor of {wallet}", str(wallet), 756, kind, START + YEAR)


@pytest.mark.parametrize("what", ["token account", "mint", "coin", "program", "our program", "authority", "clock",
                                  "instructions", "record", "unopened token account", "derived"])  # fmt: skip
def test_no_investor_has_it_as_a_wallet(world: SolanaNetworkWorld, what: str) -> None:
    network = world.open()
    place, told = places(network)[what]
    for flow, wrong in ((flows.investors.onboard, row(place)), (flows.investors.link, Link("alice", str(place)))):
        with pytest.raises(InputErrors, match=told) as refused:
            flow(network, batch("unfit", wrong))
        assert (refused.value.file, refused.value.line) == ("unfit.csv", 2)


def test_a_key_that_nobody_has_used_yet_is_a_wallet(world: SolanaNetworkWorld) -> None:
    assert flows.investors.onboard(world.open(), batch("fit", row(local_address("never seen")))).steps


def test_a_program_signs_for_a_venue_that_the_manifest_names(world: SolanaNetworkWorld) -> None:
    accounts = {**world.manifest.accounts, "pool": Account(address=str(POOL))}
    naming = world.open(world.manifest.model_copy(update={"accounts": accounts}))
    with pytest.raises(InputErrors, match="a program derived"):
        flows.investors.onboard(world.open(), batch("venue", row(POOL, "venue")))
    with pytest.raises(InputErrors, match="a program derived"):
        flows.investors.onboard(naming, batch("venue", row(POOL)))
    assert flows.investors.onboard(naming, batch("venue", row(POOL, "venue"))).steps
    mint = naming.listing("MSFT").mint
    named = {**accounts, "mint": Account(address=str(mint))}
    wrong = world.open(world.manifest.model_copy(update={"accounts": named}))
    with pytest.raises(InputErrors, match="is a mint"):
        flows.investors.onboard(wrong, batch("mint", row(mint, "venue")))
