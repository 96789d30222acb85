"""A Ledger with the Solana app, over USB: the commands of the app's own specification, carried by Ledger's ledgerblue.

The app signs transactions whose signer its key is, and shows them; of programs that it does not know it shows a hash,
once its setting "blind signing" is on. The 32 bytes of a quote or an attestation it signs under no setting.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import parse_qs, urlsplit

from solders.message import Message, MessageV0

from scrip.errors import InputError, ScripError

Exchange = Callable[[bytes], bytes]
"""Sends one command to the device; its answer, without the status. Any status but success is an exception's `sw`."""

CLASS = 0xE0
GET_PUBKEY, SIGN_TRANSACTION = 0x05, 0x06
SILENTLY, CONFIRMED = 0x00, 0x01
CONTINUED, MORE = 0x01, 0x02
"""Bits of a command's last parameter: what it carries goes on from the one before, and goes on in the next."""
MOST = 255
"""Bytes that one command carries."""
HARDENED = 1 << 31
PURPOSE, COIN = 44, 501
"""How every path of Solana's begins (BIP 44)."""
LONGEST = 2
"""Numbers of a path after those two: account, and change."""
WHY = {
    0x6985: "declined on the device",
    0x6808: "its Solana app shows no such transaction: switch blind signing on in the app's settings",
    0x6D00: "another app is open on it: open the Solana app",
    0x6E00: "another app is open on it: open the Solana app",
    0x6E01: "another app is open on it: open the Solana app",
    0x5515: "it is locked: unlock it",
}
"""What people can do about a status that the device ends a command with."""
VERSION_0 = b"\x80"
"""How a message begins that names accounts by lookup tables; such a device shows their places."""


class Ledger:
    """The key of a Ledger that a URL names, `usb://ledger?key=ACCOUNT[/CHANGE]`, as Solana's command line has it."""

    def __init__(self, url: str, exchange: Exchange | None = None) -> None:
        self._path = path_of(url)
        self._exchange = exchange or connected()

    def pubkey(self) -> bytes:
        """The key's 32 bytes."""
        return self._ask(GET_PUBKEY, SILENTLY, self._path)

    def sign(self, message: bytes) -> bytes:
        """Have a transaction's message signed; ScripError for anything else."""
        try:
            (MessageV0 if message[:1] == VERSION_0 else Message).from_bytes(message[message[:1] == VERSION_0 :])
        except ValueError:
            reason = "a Ledger signs transactions alone, no quote and no attestation: those are signed by another key"
            raise ScripError(reason) from None
        return self._ask(SIGN_TRANSACTION, CONFIRMED, b"\x01" + self._path + message)

    def _ask(self, instruction: int, first: int, data: bytes) -> bytes:
        """Send data in as many commands as it takes; the answer to the last."""
        answer = b""
        for last, part in _commands(data):
            try:
                answer = bytes(self._exchange(bytes([CLASS, instruction, first, last, len(part)]) + part))
            except Exception as refused:
                status = getattr(refused, "sw", None)
                if status is None:
                    raise
                raise ScripError(WHY.get(status, f"it ends with the status 0x{status:04x}")) from None
        return answer


def _commands(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The parts of data that one command carries each, with how each hangs together with its neighbours."""
    for start in range(0, len(data), MOST):
        more = MORE if start + MOST < len(data) else 0
        yield (CONTINUED if start else 0) | more, data[start : start + MOST]


def path_of(url: str) -> bytes:
    """A URL's derivation path as the device takes it: how many numbers, then each; InputError."""
    parts = urlsplit(url)
    if parts.path.strip("/"):
        raise InputError("names one of several Ledgers: connect one alone, and leave its id out", field="key URL")
    key = parse_qs(parts.query).get("key", [""])[0]
    numbers = key.split("/")
    if not 1 <= len(numbers) <= LONGEST or not all(one.isascii() and one.isdecimal() for one in numbers):
        raise InputError("is not ACCOUNT or ACCOUNT/CHANGE, as in ?key=0/0", field="key URL", value=key)
    steps = [PURPOSE, COIN, *map(int, numbers)]
    if max(steps) >= HARDENED:
        raise InputError(f"has a number of {HARDENED} or more", field="key URL", value=key)
    return bytes([len(steps)]) + b"".join(struct.pack(">I", HARDENED | one) for one in steps)


@cache
def connected() -> Exchange:
    """The one device that is connected: it is opened once. ImportError without ledgerblue."""
    from ledgerblue.comm import getDongle

    exchange: Exchange = getDongle().exchange
    return exchange
