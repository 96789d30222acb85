"""Files stand whole or not at all."""

import json
import os
import stat
from pathlib import Path

import pytest

from scrip.records import files


def test_a_created_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    files.create(path, "first\n")
    with pytest.raises(FileExistsError):
        files.create(path, "second\n")
    assert path.read_text() == "first\n"
    assert os.listdir(tmp_path) == ["one.json"]


def test_the_content_and_the_folder_reach_the_disk_before_it_is_said_to_stand(tmp_path: Path, monkeypatch) -> None:
    order: list[str] = []
    real_sync, real_link, real_replace = os.fsync, os.link, os.replace

    def sync(descriptor: int) -> None:
        order.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real_sync(descriptor)

    def link(a: Path, b: Path) -> None:
        order.append("name")
        real_link(a, b)

    def replace(a: Path, b: Path) -> None:
        order.append("name")
        real_replace(a, b)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "link", link)
    monkeypatch.setattr(os, "replace", replace)
    files.create(tmp_path / "one", "x")
    files.replace(tmp_path / "two", "x")
    assert order == ["file", "name", "folder"] * 2


def test_what_was_being_written_never_counts_and_is_swept(tmp_path: Path) -> None:
    left = tmp_path / f"one.json{files.TEMPORARY}"
    left.write_text('{"half')
    files.create(tmp_path / "one.json", "whole\n")
    assert (tmp_path / "one.json").read_text() == "whole\n"
    left.write_text('{"half')
    files.sweep(tmp_path)
    assert os.listdir(tmp_path) == ["one.json"]


@pytest.mark.parametrize(("write", "mode"), [(files.create, 0o644), (files.replace, 0o600)])
def test_modes_are_set_from_the_first_byte(tmp_path: Path, monkeypatch, write, mode: int) -> None:
    path, born = tmp_path / "one", []
    real = os.open

    def opened(*args: object, **more: object) -> int:
        descriptor = real(*args, **more)
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode):
            born.append((stat.S_IMODE(found.st_mode), found.st_size))
        return descriptor

    monkeypatch.setattr(os, "open", opened)
    mask = os.umask(0)
    try:
        write(path, "x")
    finally:
        os.umask(mask)
    # As it was made, before anything stood in it, and as it is in the end.
    assert born == [(mode, 0)]
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_json_keeps_every_digit() -> None:
    text = files.text_of({"b": 2**53, "a": 2**53 - 1, "c": (b"\x01", [True, None, -(2**53)])})
    assert json.loads(text) == {"a": 2**53 - 1, "b": str(2**53), "c": ["0x01", [True, None, str(-(2**53))]]}
    assert text.index('"a"') < text.index('"b"')
    with pytest.raises(TypeError, match="nothing that a record holds"):
        files.plain(1.5)
