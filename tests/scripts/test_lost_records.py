"""Records that are missing, deleted or cut off are found before anything is planned, and made again from the chain."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from eth_utils import keccak
from support.deployed_network import call_as
from support.network_cli import Cli
from support.record_samples import lose_the_last

from scrip.evm.rpc.node import Node
from scrip.records import Records, files
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


def test_a_deployment_that_was_signed_and_not_recorded_is_finished(cli: Cli) -> None:
    """Stopped before its first record was written, it was refused for ever: what stood was in no record."""
    found = journal(cli)
    before = found.all()
    for path in (*found.paths(), found.folder / "head"):
        path.unlink()
    assert len(cli.done("deploy suite")["steps"]) > 10
    cli.done("deploy suite --apply")
    assert {one.tx for one in journal(cli).all()} >= {one.tx for one in before}
    assert cli.done("audit records")["drift"] == []


def test_an_empty_folder_is_a_finding_where_a_suite_stands(cli: Cli) -> None:
    """`audit records` had nothing to say of it."""
    shutil.rmtree(folder(cli))
    said = cli.run("audit records --json")
    assert said.code == 3
    (found,) = said.object["drift"]
    assert (found["what"], found["severity"]) == ("records", "critical")
    assert "a suite of the deployer's stands" in found["found"]


def test_a_last_record_that_is_gone_with_its_intent_stops_every_plan(cli: Cli) -> None:
    cli.done("market ceiling MSFT 90 --apply")
    count = len(journal(cli).all())
    lose_the_last(journal(cli))
    for line in ("market ceiling MSFT 70", "deploy suite", "market unpause"):
        said = cli.run(line)
        assert (said.code, f"record {count} is missing, and {count} were written" in said.err) == (3, True), line
    said = cli.run("audit records")
    assert (said.code, f"record {count} is missing" in said.out) == (3, True)
    cli.done("market pause --apply")


def test_an_operation_that_is_gone_from_the_middle_with_its_intent_is_missed(cli: Cli) -> None:
    cli.done("market ceiling MSFT 90 --apply")
    lose = journal(cli).all()[-1]
    cli.done("market ceiling MSFT 80 --apply")
    found = journal(cli)
    found.paths()[lose.number - 1].unlink()
    (found.folder / "intents" / f"{lose.action.step_id}.json").unlink()
    for line in ("market ceiling MSFT 70", "audit records"):
        said = cli.run(line)
        assert (said.code, f"record {lose.number} is missing" in said.out + said.err) == (3, True), line


@pytest.mark.parametrize("line", ["market ceiling MSFT 90", "compliance profile house DE retail"])
def test_what_nothing_on_disk_tells_the_chain_does(trading: Cli, line: str) -> None:
    """The last record, its intent and the count of records were deleted: one under a key, one without."""
    attested = trading.run("audit records --json").object["drift"]
    trading.done(f"{line} --apply")
    tx = lose_the_last(journal(trading), "head")
    found = [one for one in trading.run("audit records --json").object["drift"] if one not in attested]
    assert [(one["what"], one["expected"]) for one in found] == [("records", f"a record of {tx}")]
    assert "-desk" in found[0]["found"] or "-manager" in found[0]["found"]


def test_emergencies_are_read_behind_a_journal_that_is_missing(cli: Cli) -> None:
    cli.done("market pause --apply")
    home = journal(cli).folder
    (home / "emergency-1").rename(home / "emergency-2")
    assert [one.lane for one in journal(cli).lanes()] == [2]
    for line in ("market unpause", "audit records"):
        said = cli.run(line)
        assert (said.code, "the journal emergency-1 is missing" in said.out + said.err) == (3, True), line


def test_blocks_without_the_deployment_make_no_records(cli: Cli) -> None:
    """Given a later block, records of what came after the deployment looked whole."""
    kept = folder(cli)
    shutil.rmtree(kept)
    said = cli.run(f"records rebuild --since {cli.world.open().node.block().number} --apply --yes")
    assert (said.code, "hold no deployment of this manifest's" in said.err) == (3, True)
    assert not list(kept.glob("*.json"))


def test_a_block_that_the_node_lacks_makes_no_records(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A block that was not there was taken for an empty one."""
    kept = folder(cli)
    shutil.rmtree(kept)
    real = Node.batch

    def batch(node: Node, requests: Iterable[tuple[str, Sequence[object]]]) -> list[Mapping[str, object]]:
        asked = list(requests)
        return [
            {"result": None} if one[0] == "eth_getBlockByNumber" and one[1][0] == "0x5" else answer
            for one, answer in zip(asked, real(node, asked), strict=True)
        ]

    monkeypatch.setattr(Node, "batch", batch)
    said = cli.run("records rebuild --apply --yes")
    assert (said.code, "the node does not have block 5" in said.err) == (3, True)
    assert not list(kept.glob("*.json"))


def test_a_rebuild_that_stops_in_between_does_not_look_whole(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = folder(cli)
    shutil.rmtree(kept)
    real, written = files.create, []

    def create(path: Path, text: str, mode: int = 0o644) -> None:
        if len(written) == 5:
            raise OSError("no space left on device")
        written.append(path)
        real(path, text, mode)

    monkeypatch.setattr(files, "create", create)
    assert "no space left" in cli.run("records rebuild --apply --yes").err
    monkeypatch.undo()
    monkeypatch.chdir(cli.folder)
    monkeypatch.setenv("SCRIP_LOCAL_RPC", cli.world.url)
    assert len(list(kept.glob("*.json"))) == 5
    for line in ("deploy suite", "market ceiling MSFT 70", "audit records"):
        said = cli.run(line)
        assert (said.code, "record 6 is missing" in said.out + said.err) == (3, True), line
    assert cli.run("records rebuild --apply --yes").code == 64


def test_what_was_done_under_a_key_and_sent_by_another_is_told(trading: Cli) -> None:
    """A Safe's transaction is sent by whoever pays for it, who need be no account of the manifest."""
    network = trading.world.open()
    token, owner = network.ledger().stocks["MSFT"].token, network.chain.address("owner-1")
    key = keccak(text="an order of the Safe's")
    before = trading.run("audit records --json").object["drift"]
    safe = network.book.contract("safe").address
    call_as(network, safe, token, "setFrozen", owner, True, 3, keccak(text="order-9"), key)
    (found,) = [one for one in trading.run("audit records --json").object["drift"] if one not in before]
    assert "none: KeyUsed" in found["found"]
    shutil.rmtree(folder(trading))
    trading.done("records rebuild --apply")
    assert journal(trading).all()[-1].action.step_id == "0x" + key.hex()
    assert trading.done("audit records")["drift"] == []
