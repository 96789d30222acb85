"""Records follow one another by hash; intents are put on disk first and kept until a record settles them."""

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from support.record_samples import GENESIS, action, intent

from scrip.errors import InputError
from scrip.records import Record, Records, files
from scrip.records.files import TEMPORARY
from scrip.records.record import FIRST, RecordError


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "records", "local", GENESIS)


def write(records: Records, count: int) -> list[Record]:
    with records.locked("deploy"):
        return [records.append("done", action(n), f"0x{n:064x}", block=n, gas=21_000) for n in range(1, count + 1)]


def again(records: Records) -> Records:
    """As another process finds them."""
    return Records(records.folder.parent, records.network, records.genesis)


def test_nothing_is_written_by_looking(records: Records) -> None:
    assert records.all() == []
    assert records.open_intents() == []
    assert records.intent("0x" + "00" * 32) is None
    assert not records.folder.exists()


def test_each_record_has_a_file_and_the_hash_of_the_one_before(records: Records) -> None:
    written = write(records, 3)
    assert [path.name for path in records.paths()] == [f"000{n}-deploy-contract-{n}.json" for n in (1, 2, 3)]
    assert [one.previous for one in written] == [FIRST, written[0].hash, written[1].hash]
    assert again(records).all() == written
    assert records.folder.name == "local-abababab"
    stored = json.loads(records.paths()[2].read_text())
    assert stored["hash"] == written[2].hash
    assert stored["action"]["arguments"] == [1, str(2**60), ["0x00", True]]


def test_records_go_on_where_another_process_left_them(records: Records) -> None:
    write(records, 2)
    later = again(records)
    with later.locked("deploy"):
        third = later.append("done", action(3), "0x03")
    assert (third.number, third.previous) == (3, records.all()[1].hash)
    assert len(again(records).all()) == 3


def test_what_another_process_recorded_in_between_is_not_overlooked(records: Records) -> None:
    write(records, 1)
    later = again(records)
    assert len(later.all()) == 1
    with records.locked("deploy"):
        second = records.append("done", action(2), "0x02")
    with later.locked("deploy"):
        third = later.append("done", action(3), "0x03")
    assert (third.number, third.previous) == (3, second.hash)


def test_the_folder_of_a_network_reaches_the_disk_before_anything_in_it(records: Records, monkeypatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(files, "sync_folder", synced.append)
    with records.locked("deploy"):
        assert synced == [records.folder.parent, records.folder]


def test_a_folder_says_whose_records_it_holds(records: Records) -> None:
    assert Records.at(records.folder).all() == []
    written = write(records, 2)
    found = Records.at(records.folder)
    assert (found.all(), found.network, found.genesis) == (written, "local", GENESIS)
    moved = records.folder.with_name("local-12345678")
    records.folder.rename(moved)
    with pytest.raises(InputError, match="is not the folder"):
        Records.at(moved)


def test_after_ten_thousand_records_the_order_is_that_of_the_numbers(records: Records, tmp_path: Path) -> None:
    records.folder.mkdir(parents=True)
    for name in ("10000-deploy-x.json", "9999-deploy-x.json"):
        (records.folder / name).write_text("{}")
    assert [path.name for path in records.paths()] == ["9999-deploy-x.json", "10000-deploy-x.json"]


@pytest.mark.parametrize(
    ("old", "new"),
    [('"gas": 21000', '"gas": 21001'), ('"deployer"', '"somebody"'), ('"reason": ""', '"reason": "because"')],
)
def test_an_edited_record_is_not_read(records: Records, old: str, new: str) -> None:
    write(records, 2)
    path = records.paths()[1]
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(RecordError, match=r"0002-deploy-contract-2\.json: was edited"):
        again(records).all()


def test_a_record_edited_with_its_hash_breaks_the_chain(records: Records) -> None:
    written = write(records, 3)
    records.paths()[1].write_text(replace(written[1], gas=1).text())
    with pytest.raises(RecordError, match="record 3 does not follow record 2"):
        again(records).all()


def test_a_removed_record_is_missed(records: Records) -> None:
    write(records, 3)
    records.paths()[1].unlink()
    with pytest.raises(RecordError, match="record 2 is missing or double: number 3 stands in its place"):
        again(records).all()


def test_a_record_of_another_network_is_refused(records: Records) -> None:
    with records.locked("deploy"):
        records.append("done", action(1, genesis="0x" + "cd" * 32), "0x01")
    with pytest.raises(RecordError, match="of another network"):
        again(records).all()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 2}', '{"schema": 1, "action": 5}', '{"schema": 1}'])
def test_what_is_no_record_is_said_to_be_none(records: Records, text: str) -> None:
    write(records, 2)  # the last one could have been cut off
    records.paths()[0].write_text(text)
    with pytest.raises(RecordError, match=r"0001-deploy-contract-1\.json: is no"):
        again(records).all()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"status"', '"stat_us"', "is no record: stat_us: is no field: did you mean status?"),
        ('"number": 1', '"number": "1"', "is no record: number: is no whole number (got '1')"),
        ('"status": "done"', '"status": "dune"', "is no record: status: is no status: done, failed or abandoned"),
        ('"found": false', '"found": 0', "is no record: found: is no true or false (got '0')"),
        ('"step": "contract 1"', '"step": null', "is no record: action.step: is no text (got 'None')"),
        ('"contract": "Roles",', "", "is no record: action.contract: is missing"),
        ('"action": {', '"action": [], "step": {', "is no record: step: is no field"),
    ],
)
def test_a_field_that_is_wrong_is_named(records: Records, old: str, new: str, told: str) -> None:
    """It said: Record.__init__() got an unexpected keyword argument 'stat_us'."""
    write(records, 2)
    path = records.paths()[0]
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(RecordError) as refused:
        again(records).all()
    assert str(refused.value).startswith(f"0001-deploy-contract-1.json: {told}")


def test_nothing_is_appended_to_a_broken_chain(records: Records) -> None:
    write(records, 2)
    records.paths()[0].unlink()
    later = again(records)
    with later.locked("deploy"), pytest.raises(RecordError, match="missing"):
        later.append("done", action(3), "0x03")
    assert len(records.paths()) == 1


def test_an_intent_is_its_owners_alone_and_on_disk(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    born, real = {}, os.mkdir

    def made(path: Path, *mode: int) -> None:
        real(path, *mode)
        born[Path(path).name] = stat.S_IMODE(os.stat(path).st_mode)

    monkeypatch.setattr(os, "mkdir", made)
    with records.locked("deploy"):
        records.write_intent(intent())
    # Nobody else could look in while it was being made either.
    assert born["intents"] == 0o700
    path = records.folder / "intents" / f"{intent().action.step_id}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert again(records).intent(intent().action.step_id) == intent()


def test_the_last_records_are_missed_though_nothing_else_tells_of_them(records: Records) -> None:
    write(records, 3)
    for path in records.paths()[1:]:
        path.unlink()
    with pytest.raises(RecordError, match="record 2 is missing, and 3 were written"):
        again(records).all()
    records.paths()[0].unlink()
    with pytest.raises(RecordError, match="record 1 is missing, and 3 were written"):
        again(records).all()


def test_a_last_record_in_the_place_of_another_is_noticed(records: Records) -> None:
    written = write(records, 2)
    records.paths()[1].write_text(replace(written[1], tx="0xff").text())
    with pytest.raises(RecordError, match="record 2 is another than was written"):
        again(records).all()


def test_a_stop_before_the_count_is_noted_leaves_nothing_missing(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(records, 2)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "replace", stop)
    with again(records).locked("deploy"), pytest.raises(KeyboardInterrupt):
        again(records).append("done", action(3), "0x03")
    monkeypatch.undo()
    assert again(records).head()[0] == 2
    assert len(again(records).all()) == 3


def test_records_of_before_there_was_a_count_are_read(records: Records) -> None:
    written = write(records, 2)
    (records.folder / "head").unlink()
    assert again(records).all() == written


def test_a_record_that_was_cut_off_needs_an_intent_that_says_what_it_was(records: Records) -> None:
    write(records, 1)
    with records.locked("deploy"):
        records.write_intent(intent(2))
        records.append("done", intent(2).action, intent(2).tx)
    last = records.paths()[-1]
    last.write_text(last.read_text()[:100])
    assert len(again(records).all()) == 1  # what came of the intent is recorded again
    for path in (records.folder / "intents").iterdir():
        path.unlink()
    with pytest.raises(RecordError, match="record 2 was cut off, and no intent says what it was"):
        again(records).all()
    with again(records).locked("deploy"):
        assert last.with_name(last.name + ".damaged").is_file()
    with pytest.raises(RecordError, match="record 2 was cut off"):
        again(records).all()


def test_an_intent_is_open_until_a_record_settles_it(records: Records) -> None:
    one, two = intent(1), intent(2)
    with records.locked("deploy"):
        records.write_intent(two)
        records.write_intent(one)
        assert records.open_intents() == [one, two]
        records.append("failed", one.action, one.tx, reason="market: paused")
        assert records.open_intents() == [two]
    assert again(records).open_intents() == [two]


def test_an_open_intent_is_never_replaced_and_a_settled_one_may_be(records: Records) -> None:
    first, second = intent(), intent(tx="0x" + "22" * 32, nonce=9)
    with records.locked("deploy"):
        records.write_intent(first)
        with pytest.raises(RecordError, match="an intent stands that no record has settled"):
            records.write_intent(second)
        records.append("failed", first.action, first.tx)
        records.write_intent(second)
        # What became of the first attempt settles no other of the same step.
        with pytest.raises(RecordError, match="an intent stands that no record has settled"):
            records.write_intent(intent(tx="0x" + "33" * 32, nonce=10))
    assert again(records).intent(first.action.step_id) == second
    assert again(records).open_intents() == [second]


def test_a_layout_is_kept_once_for_everybody_to_read(records: Records) -> None:
    with records.locked("deploy"):
        records.keep_layout("0xab", "{}")
        records.keep_layout("0xab", "another")
    path = records.layout_path("0xab")
    assert path.read_text() == "{}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 1, "tx": "0x01"}', '{"schema": 1, "action": {}}'])
def test_what_is_no_intent_is_said_to_be_none(records: Records, text: str) -> None:
    with records.locked("deploy"):
        records.write_intent(intent())
    (records.folder / "intents" / f"{intent().action.step_id}.json").write_text(text)
    with pytest.raises(RecordError, match=r"json: is no"):
        again(records).open_intents()


def test_an_action_that_is_none_is_named(records: Records) -> None:
    """It said: Action() argument after ** must be a mapping."""
    with records.locked("deploy"):
        records.write_intent(intent())
    text = json.dumps(json.loads(intent().text()) | {"action": 5})
    (records.folder / "intents" / f"{intent().action.step_id}.json").write_text(text)
    with pytest.raises(RecordError, match=r"is no intent: action: is not a mapping of fields to values"):
        again(records).open_intents()


def test_no_path_leads_out_of_the_folder(records: Records) -> None:
    with pytest.raises(InputError, match="is no step id"):
        records.intent("0x/../../secret")


def test_half_written_files_are_ignored_and_removed_by_the_next_operation(records: Records) -> None:
    write(records, 1)
    halves = [records.folder / f"0002-x.json{TEMPORARY}", records.folder / "intents" / f"0x00.json{TEMPORARY}"]
    for half in halves:
        half.write_text('{"half')
    assert len(again(records).all()) == 1
    assert again(records).open_intents() == []
    assert not again(records).is_whole
    with again(records).locked("deploy"):
        pass
    assert again(records).is_whole
    assert not any(half.exists() for half in halves)


def test_the_latest_record_of_a_step_counts(records: Records) -> None:
    with records.locked("deploy"):
        records.append("failed", action(1), "0x01")
        records.append("done", action(1), "0x02")
        records.append("done", action(2), "0x03")
    latest = records.latest(action(1).step_id)
    assert latest is not None
    assert (latest.tx, latest.done) == ("0x02", True)
    assert records.latest("0x" + "99" * 32) is None


def test_an_open_intent_is_found_by_its_step(records: Records) -> None:
    one = intent(1)
    with records.locked("deploy"):
        records.write_intent(one)
    assert records.left(one.action.step_id)[1] == one
    assert (one.validity, intent(2, last_height=9).validity) == ("nonce 1", "good up to block 9")
    with records.locked("deploy"):
        records.append("abandoned", one.action, one.tx)
    with pytest.raises(InputError, match="has no open intent") as refused:
        again(records).left(one.action.step_id)
    assert refused.value.field == "step"
