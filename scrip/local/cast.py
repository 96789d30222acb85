"""Twenty investors that nobody is: for a register that looks like one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrip.holder_limits import InvestorClass


@dataclass(frozen=True, slots=True)
class Person:
    """An investor: the name is also that of its wallet's key, which anyone can derive. `days` is its clearance's."""

    name: str
    country: str
    investor_class: InvestorClass
    days: int = 730


SIGNING = ("ada", "ben")
"""Those who are accounts of the local manifests: they sign on this machine."""
PEOPLE = (
    Person("ada", "DE", "professional"),
    Person("ben", "CH", "professional"),
    Person("carla", "FR", "retail"),
    Person("dmitri", "EE", "retail"),
    Person("elena", "ES", "professional"),
    Person("farid", "NL", "retail"),
    Person("greta", "SE", "institutional"),
    Person("hiroshi", "JP", "professional"),
    Person("ilda", "PT", "retail"),
    Person("jonas", "DK", "retail"),
    Person("kavita", "SG", "institutional"),
    Person("liam", "IE", "retail"),
    Person("marta", "PL", "retail"),
    Person("noor", "GB", "professional"),
    Person("oskar", "AT", "retail"),
    Person("petra", "CZ", "professional"),
    Person("quentin", "BE", "retail"),
    # of whom a stock under Regulation S is not for this one
    Person("rosa", "US", "institutional"),
    Person("sven", "FI", "retail"),
    # whose clearance lapses first
    Person("tomoko", "JP", "retail", 30),
)


def write_file(path: Path, now: int, wallet: Callable[[str], str]) -> None:
    """Write the batch file that onboards them, once; `wallet` is the address of a name. It is left as it is if it is
    there: its hash is the operation's reference."""
    if path.exists():
        return
    today = datetime.fromtimestamp(now, UTC).date()
    rows = [
        f"{one.name},{wallet(one.name)},{one.country},{one.investor_class},{today + timedelta(one.days)}"
        for one in PEOPLE
    ]
    path.write_text("\n".join(["investor,wallet,country,class,expiry", *rows]) + "\n", encoding="utf-8")
