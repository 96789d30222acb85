"""Keys that make an instruction unrepeatable."""

from __future__ import annotations

from scrip.errors import Refusal


class KeyBook:
    """Keys that have served. Each contract keeps its own book."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def check(self, key: str) -> None:
        """Refuses a key that has served: keys: used. The key "" is a fresh one."""
        if key in self._used:
            raise Refusal("keys: used", key)

    def consume(self, key: str) -> None:
        """Mark a key that check() passed; call it once nothing can refuse any more."""
        if key:
            self._used.add(key)
