"""One operator at a time on a network: a lock that the kernel drops with its process."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from scrip.errors import ScripError


class Locked(ScripError):
    """Another operator works on this network. It says who, where and since when."""


def _holder(text: str) -> str:
    try:
        found = json.loads(text)
        since = datetime.fromtimestamp(found["since"], UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return f"process {found['pid']} on {found['host']}, {found['operation']!r}, since {since}"
    except (ValueError, LookupError, TypeError):
        return "another process"


@contextmanager
def held(folder: Path, operation: str) -> Iterator[None]:
    """Hold a network's lock while the context lasts; Locked when another process does.

    The lock is the open file's (flock), so that a crash leaves none; what stands in the file is for people.
    """
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    with os.fdopen(descriptor, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(f"{folder.name} is being worked on by {_holder(file.read())}") from None
        me = {"pid": os.getpid(), "host": socket.gethostname(), "operation": operation, "since": int(time.time())}
        file.seek(0)
        file.truncate()
        file.write(json.dumps(me))
        file.flush()
        try:
            yield
        finally:
            file.seek(0)
            file.truncate()
