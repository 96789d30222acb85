"""Reports of Chainlink's data streams: what a signed payload says, before anybody pays to have it verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from eth_abi.exceptions import DecodingError

from scrip.errors import InputError
from scrip.evm.encoding.words import decode
from scrip.manifest.prices import Statuses
from scrip.units import WAD, format_fixed

MARKET_STATUSES: Mapping[Statuses, int] = MappingProxyType(
    {"open": 1 << 2, "extended": 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4}
)
"""Bits of market statuses: 2 is open in every schema. In v11 of US equities 1 to 4 are pre-market, regular, post-market
and overnight, where in all others 1 is closed."""
NANO = 10**9
HEAD = ("bytes32", "uint32", "uint32", "uint192", "uint192", "uint32")
SCHEMAS: Mapping[int, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        8: (("updated", "uint64"), ("price", "int192"), ("status", "uint32")),
        10: (
            *(("updated", "uint64"), ("price", "int192"), ("status", "uint32"), ("multiplier", "int192")),
            *(("next", "int192"), ("activation", "uint32"), ("tokenized", "int192")),
        ),
        11: (
            *(("price", "int192"), ("updated", "uint64"), ("bid", "int192"), ("bid_volume", "int192")),
            *(("ask", "int192"), ("ask_volume", "int192"), ("last", "int192"), ("status", "uint32")),
        ),
    }
)
"""The fields of each schema after the six that all have."""
PAYLOAD = ("bytes32[3]", "bytes", "bytes32[]", "bytes32[]", "bytes32")


@dataclass(frozen=True, slots=True)
class StreamReport:
    """A report's price at the stream's decimals, the UTC second it is as of, and when it ends to be verified.

    `multiplier` is that of a v10 report at the second of its observations, a wad; 0 in other schemas.
    """

    feed: bytes
    price: int
    as_of: int
    status: int
    expires: int
    multiplier: int = 0

    def answer(self, raw: bool) -> int:
        """What a DataStream makes of it: the share's price, or the theoretical one of a token."""
        return self.price * self.multiplier // WAD if raw else self.price

    def told(self, decimals: int, raw: bool) -> str:
        """For people."""
        at = datetime.fromtimestamp(self.as_of, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return f"{format_fixed(self.answer(raw), decimals)} dollars as of {at}"


def schema_of(feed: bytes) -> int:
    """The number of a feed's schema, which its id begins with; InputError for one that nothing here reads."""
    version = int.from_bytes(feed[:2])
    if len(feed) != 32 or version not in SCHEMAS:
        known = ", ".join(f"v{one}" for one in SCHEMAS)
        raise InputError(f"is no stream of a schema that is read here ({known})", field="feed", value="0x" + feed.hex())
    return version


def read_payload(payload: bytes) -> StreamReport:
    """The report in a signed payload; InputError for what is none. Nobody has looked at its signatures."""
    try:
        _, words, *_ = decode(PAYLOAD, payload)
    except DecodingError:
        raise InputError(
            "is no signed report of a data stream", field="report", value=f"{len(payload)} bytes"
        ) from None
    return read_report(words)


def read_report(words: bytes) -> StreamReport:
    """A report from its own words; InputError for one of another schema than its feed's."""
    version = schema_of(words[:32])
    fields = SCHEMAS[version]
    if len(words) != 32 * (len(HEAD) + len(fields)):
        raise InputError(f"is no report of schema v{version}", field="report", value=f"{len(words)} bytes")
    try:
        feed, _, observed, _, _, expires, *rest = decode((*HEAD, *(kind for _, kind in fields)), words)
    except DecodingError:
        raise InputError(f"is no report of schema v{version}", field="report", value="0x" + words.hex()) from None
    found = dict(zip((name for name, _ in fields), rest, strict=True))
    multiplier = found.get("multiplier", 0)
    if found.get("next") and 0 < found["activation"] <= observed:
        multiplier = found["next"]
    as_of = min(found["updated"] // NANO, observed)
    return StreamReport(feed, found["price"], as_of, found["status"], expires, multiplier)
