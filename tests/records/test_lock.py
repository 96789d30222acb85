"""One operator at a time, and no lock outlives its process."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scrip.records import lock

HOLDER = """
import sys, time
from pathlib import Path
from scrip.records import lock
with lock.held(Path(sys.argv[1]), "compliance onboard"):
    print("held", flush=True)
    time.sleep(60)
"""


def _hold(folder: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_second_operator_is_refused_and_told_who_works_here(tmp_path: Path) -> None:
    process = _hold(tmp_path)
    try:
        who = f"process {process.pid} on {socket.gethostname()}, 'compliance onboard', since "
        with pytest.raises(lock.Locked, match=who), lock.held(tmp_path, "deploy"):
            pass
    finally:
        process.kill()
        process.wait()


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    process = _hold(tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with lock.held(tmp_path, "deploy"):
        pass


def test_the_lock_is_free_again_after_the_work_and_after_an_error(tmp_path: Path) -> None:
    started = time.time()
    for _ in range(2):
        with pytest.raises(ValueError, match="broke"), lock.held(tmp_path, "deploy"):
            raise ValueError("broke")
    assert (tmp_path / "lock").read_text() == ""
    assert time.time() - started < 5


def test_a_lock_whose_holder_said_nothing_is_a_lock_all_the_same(tmp_path: Path) -> None:
    with lock.held(tmp_path, "deploy"):
        (tmp_path / "lock").write_text("")
        with pytest.raises(lock.Locked, match="another process"), lock.held(tmp_path, "second"):
            pass
