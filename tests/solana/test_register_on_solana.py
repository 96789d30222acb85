"""The register of a stock on Solana: from what accounts hold, and from every transaction, at one and the same slot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from solana_cli import SolanaCli, fresh_cli, onboarded, wallet
from solana_network_world import SolanaNetworkWorld, deployed_solana_world
from solders.instruction import AccountMeta, Instruction

from scrip import instructions as ins
from scrip.errors import Drift, InputError
from scrip.flows import register as flow
from scrip.holders.instant import At
from scrip.holders.solana import SolanaSource
from scrip.solana.addresses import TOKEN_2022, token_account
from scrip.solana.local.endpoint.bank import FINALITY
from scrip.units import RawUnits, Stablecoin

EX, OPENING = "2027-01-19", 1_800_369_000
UNIT = 10**8


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("register")) as found:
        yield found


@pytest.fixture(scope="module")
def desk(world: SolanaNetworkWorld) -> Iterator[SolanaCli]:
    """Before the record: a mint, a transfer, a burn by the holder itself, and units that are frozen. After it: another
    of each, and fewer are frozen. What is frozen is its wallet's all along."""
    with pytest.MonkeyPatch.context() as patch:
        cli = fresh_cli(world, patch)
        onboarded(cli, "owner-1", "owner-2")
        cli.done("market attest MSFT 200 --apply")
        minted(cli, world, 50)
        moved(world, 20)
        burnt(world, 3)
        frozen(cli, 12)
        world.served.advance(FINALITY)
        world.served.set_time(OPENING)
        cli.done("market attest MSFT 200 --apply")
        minted(cli, world, 10)
        moved(world, 5)
        burnt(world, 1)
        frozen(cli, 4)
        world.served.advance(FINALITY + 1)
        yield cli


def minted(cli: SolanaCli, world: SolanaNetworkWorld, tokens: int) -> None:
    world.open().ledger().apply(ins.FundStablecoin("owner-1", Stablecoin.parse("10000")))
    quote = f"--out {tokens}.json --reference m-{tokens} --apply"
    cli.done(f"market quote mint MSFT owner-1 {tokens} 900.00 {quote}")
    cli.done(f"market mint {tokens}.json --as owner-1 --apply")


def moved(world: SolanaNetworkWorld, tokens: int) -> None:
    world.open().ledger().apply(ins.Transfer("MSFT", "owner-1", "owner-2", RawUnits(tokens * UNIT, 8)))


def frozen(cli: SolanaCli, tokens: int) -> None:
    cli.done(f"compliance freeze-tokens MSFT owner-1 {tokens} --reason 7 --document order-{tokens} --apply")


def burnt(world: SolanaNetworkWorld, tokens: int) -> None:
    """As the token program lets every holder, without the issuer's program."""
    network = world.open()
    signer, mint = network.keys.signer("owner-2"), network.listing("MSFT").mint
    accounts = [
        AccountMeta(token_account(signer.pubkey(), mint), False, True),
        AccountMeta(mint, False, True),
        AccountMeta(signer.pubkey(), True, False),
    ]
    data = bytes([15]) + (tokens * UNIT).to_bytes(8, "little") + bytes([8])
    network.chain.send([Instruction(TOKEN_2022, data, accounts)], [signer])


def held(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {row["account"]: int(row["units"]) for row in rows}


def test_accounts_and_transactions_say_the_same_of_the_record(desk: SolanaCli) -> None:
    built = desk.done(f"register build MSFT --ex {EX}")["register"]
    whole = desk.done(f"register build MSFT --ex {EX} --out whole --whole")["register"]
    assert built["digest"] == whole["digest"]
    assert [one["name"].split("-")[0] for one in built["inputs"] + whole["inputs"]] == ["accounts", "transactions"]
    found = flow.holdings(desk.folder / "whole")
    assert held(found) == {wallet("owner-1"): 30 * UNIT, wallet("owner-2"): 17 * UNIT}
    assert {row["kind"] for row in found} == {"holder"}
    assert len({row["investor"] for row in found} - {""}) == 2
    assert built["subject"]["timestamp"] < OPENING
    assert flow.verify(desk.folder / "whole").digest == built["digest"]


def test_a_slot_without_a_block_and_one_that_is_not_final(desk: SolanaCli, world: SolanaNetworkWorld) -> None:
    source = SolanaSource.of(world.open(), "MSFT")
    first = source._look(1_300)
    assert first is not None
    assert source._look(999) is None
    assert first.timestamp <= OPENING
    with pytest.raises(InputError, match="is before the chain's block"):
        source.record(1)
    with pytest.raises(Drift, match="wait for a later one"):
        source.record(OPENING + 1)


def test_what_solana_lacks_is_said(desk: SolanaCli, world: SolanaNetworkWorld, tmp_path: Path) -> None:
    source = SolanaSource.of(world.open(), "MSFT")
    assert source.vaults(At(1, "", 1), 2) == ({}, ())
    with pytest.raises(InputError, match="by a file alone on Solana"):
        source.shares(source.token, At(1, "", 1), tmp_path, flow.silent)
    with pytest.raises(InputError, match="is no stock of this network"):
        SolanaSource.of(world.open(), "XXXX")
