"""What all stocks share beside the register of investors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Fleet:
    """What holds for all stocks: whether every one is stopped at once."""

    halted: bool = False
