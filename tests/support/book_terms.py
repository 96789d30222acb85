"""Terms of every code that ActionBook records, over the world of dividend_world."""

from __future__ import annotations

from typing import Any

from support.contract_calls import ZERO, ZERO32, word32
from support.days import ex_of, number_of
from support.dividend_world import EX, EXPIRY, PAY, RECORD, SOURCE, Dividends
from support.issuance_world import DAY, DESK, WAD

from scrip.action_codes import BOOK_CODES

FIELDS = {
    "ex": "ex",
    "ex_at": "exAt",
    "record_at": "recordAt",
    "deadline": "deadline",
    "pay": "pay",
    "expiry": "expiry",
    "gross": "gross",
    "fee": "fee",
    "currency": "currency",
    "asset": "coin",
    "rate": "rate",
    "source": "source",
    "num": "num",
    "den": "den",
    "other": "other",
    "price": "price",
    "most": "most",
    "document": "document",
}
"""What the package calls a term, and what the contract does."""
NONE = dict.fromkeys(FIELDS.values(), 0) | {
    "currency": "",
    "coin": ZERO,
    "source": ZERO32,
    "other": ZERO,
    "document": ZERO32,
}
DEADLINE = RECORD + 5 * DAY
SAMPLE: dict[str, Any] = {
    "ex": number_of(ex_of(EX)),
    "exAt": EX,
    "recordAt": RECORD,
    "deadline": DEADLINE,
    "pay": PAY,
    "expiry": EXPIRY,
    "gross": 26 * WAD // 100,
    "fee": WAD // 100,
    "currency": "EUR",
    "rate": 108 * WAD // 100,
    "source": SOURCE,
    "num": 1,
    "den": 3,
    "price": 19 * WAD,
    "most": 10**6 * WAD,
    "document": word32("notice"),
}
"""A value for every term, but for the contracts among them."""
CHANGE = ("GE Aerospace", "GE", "US3696043013")
NO_CHANGE = ("", "", "")
TOGETHER = {"rate": "source", "source": "rate", "num": "den", "den": "num", "ex": "exAt", "exAt": "ex"}
"""Terms that come together or not at all."""


def sample(world: Dividends) -> dict[str, Any]:
    """A value for every term; the coin is the world's, the other stock its second one."""
    return SAMPLE | {"coin": world.coin.address, "other": world.other.address}


def terms_of(world: Dividends, code: str, more: bool = False) -> dict[str, Any]:
    """The terms that a code needs, and those that it may have too."""
    kind, given = BOOK_CODES[code], sample(world)
    names = [*kind.needs, *(kind.more if more else ())]
    found = NONE | {FIELDS[name]: given[FIELDS[name]] for name in names if name in FIELDS}
    if code == "MRGR" and not more:
        found |= {"gross": given["gross"], "currency": "EUR"}
    if code == "LIQU":
        # A payment of several, which a root pays.
        found |= {"recordAt": given["recordAt"]}
    return found


def record(world: Dividends, code: str, reference: str, sender: str = DESK, **changes: Any) -> bytes:
    """Announce an action of a code with the terms that it needs, or others; its id."""
    change = changes.pop("change", CHANGE if code == "CHAN" else NO_CHANGE)
    stock = changes.pop("stock", world.stock)
    given = changes.pop("terms", None) or terms_of(world, code)
    return world.book.announce(stock, code, word32(reference), tuple((given | changes).values()), change, sender=sender)
