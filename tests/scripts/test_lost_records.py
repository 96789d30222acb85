"""Records that are missing, deleted or cut off are found before anything is planned, and made again from the chain."""

import shutil
from pathlib import Path

import pytest
from support.network_cli import Cli

from scrip.records import Records
from scrip.records.journal import SET_ASIDE

REASON = "--reason 3 --document order-9"


def folder(cli: Cli) -> Path:
    return next(cli.world.records.glob("local-*"))


def journal(cli: Cli) -> Records:
    return Records(cli.world.records, "local", cli.world.open().genesis)


def test_a_suite_that_stands_is_not_planned_a_second_time(cli: Cli) -> None:
    """An empty folder made `deploy suite` plan everything anew."""
    shutil.rmtree(folder(cli))
    for line in ("deploy suite", "deploy suite --apply --yes", "stock show MSFT", "market pause"):
        said = cli.run(line)
        assert said.code == 3, line
        assert "no record in " in said.err
        assert "ape run records rebuild" in said.err


def test_lost_records_are_made_again_from_the_chain(trading: Cli) -> None:
    before = trading.world.open()
    book, kept = dict(before.book), len(before.records.all())
    said = trading.run("records rebuild --apply --yes")
    assert (said.code, "holds records: move it away first" in said.err) == (64, True)
    shutil.rmtree(folder(trading))
    assert trading.done("records rebuild")["roles"] == [book["roles"].address]
    assert not folder_stands(trading)
    written = trading.done("records rebuild --apply")["records"]
    # What the tests sent of their own accord, beside the records, is found as well.
    assert written >= kept
    found = journal(trading).all()
    assert {one.reason for one in found} == {"rebuilt"}
    assert dict(trading.world.open().book) == book
    assert trading.done("audit chain")["drift"] == []
    assert trading.done("audit records")["drift"] == []
    assert trading.done("deploy suite")["steps"] == []
    assert trading.done("compliance onboard owner.csv")["steps"] == []
    assert trading.done("market mint quote.json --as owner-1")["steps"] == []
    trading.done("emergency halt --apply")


def folder_stands(cli: Cli) -> bool:
    return any(cli.world.records.glob("local-*"))


def test_a_key_that_was_used_is_not_used_again(cli: Cli) -> None:
    cli.done("market ceiling MSFT 90 --apply")
    cli.done("market ceiling MSFT 80 --reference second --apply")
    shutil.rmtree(folder(cli))
    cli.done("records rebuild --apply")
    assert trading_codes(cli, "market ceiling MSFT 90 --reference second") == 0
    operations = [one.action.function for one in journal(cli).all()]
    assert operations.count("setCeiling") >= 2


def trading_codes(cli: Cli, line: str) -> int:
    return cli.run(line).code


def test_a_last_record_that_was_cut_off_is_set_aside_and_made_again(cli: Cli) -> None:
    cli.done("market ceiling MSFT 90 --apply")
    last = journal(cli).paths()[-1]
    text = last.read_text()
    last.write_text(text[: len(text) // 2])
    found = cli.run("audit records")
    assert (found.code, last.name in found.out) == (3, True)
    cli.done("market ceiling MSFT 80 --apply")
    assert (last.parent / (last.name + SET_ASIDE)).read_text() == text[: len(text) // 2]
    assert last.read_text() == text
    assert cli.done("audit records")["drift"] == []


def test_nothing_is_planned_on_broken_records_but_an_emergency(cli: Cli) -> None:
    cli.done("market ceiling MSFT 90 --apply")
    journal(cli).paths()[3].unlink()
    for line in ("market ceiling MSFT 70", "market unpause", "deploy settings"):
        said = cli.run(line)
        assert (said.code, "record 4 is missing" in said.err) == (3, True), line
    assert cli.run("audit records").code == 3
    cli.done("emergency halt --apply")
    cli.done("market pause --apply")
    assert cli.world.open().views().halted()


@pytest.mark.parametrize("name", ["solana-local"])
def test_on_solana_nothing_needs_to_be_rebuilt(cli: Cli, name: str) -> None:
    said = cli.run(f"records rebuild --network {name}")
    assert (said.code, "has no equivalent" in said.err) == (64, True)
