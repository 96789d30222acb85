"""Devices that sign, by the URL of a key: found among the plug-ins that are installed, asked with a limit, and checked.

`usb://NAME?key=0/0` is how Solana's own tools name a key of a hardware wallet: NAME is the plug-in. Of any other URL
its scheme is. A plug-in is an entry point of the group `scrip.solana_signers`: something that makes a Device of a URL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from solders.pubkey import Pubkey
from solders.signature import Signature

from scrip.errors import InputError, ScripError
from scrip.solana.signing.signer import Device

GROUP = "scrip.solana_signers"
"""The group of entry points in which plug-ins offer themselves."""
OWN = {"ledger": "scrip.solana.signing.ledger:Ledger"}
"""Those that come with Scrip; what each needs may have to be installed."""
USB = "usb"
PINNED = "address"
"""The URL's parameter that says the key's address, so that no device is asked for it."""
FOR_A_KEY = 5.0
"""Seconds that a device may take to tell its key."""
FOR_A_PERSON = 120.0
"""Seconds that a device may take to sign: a person reads its screen. A transaction is good for about a minute."""
KEY, SIGNATURE = 32, 64
"""Bytes of a public key, and of a signature."""

T = TypeVar("T")


class DeviceError(ScripError):
    """A device did not sign, or not what it was asked to sign: nothing was sent."""


def is_url(text: str) -> bool:
    """Whether what names a key is a URL and no file."""
    return "://" in text


def opened(alias: str, url: str) -> DeviceSigner:
    """The signer of an alias whose key a URL names; InputError where no plug-in, or no device, is there for it.

    A URL that says the key's address asks no device before something is to be signed.
    """
    point = _plug_in(alias, url)

    def make() -> Device:
        try:
            device: Device = point.load()(url)
        except ImportError as missing:
            how = f": `make setup WITH={point.name}`" if point.name in OWN else ""
            package = (missing.name or "").partition(".")[0]
            reason = f"needs {package}, which is not installed{how}"
            raise InputError(reason, field="alias", value=alias) from None
        return device

    found = DeviceSigner(alias, make)
    pinned = parse_qs(urlsplit(url).query).get(PINNED, [""])[0]
    try:
        found.key = Pubkey.from_string(pinned) if pinned else found.ask_key()
    except DeviceError as silent:
        raise InputError(f"has no device that answers: {silent}", field="alias", value=alias) from None
    except ValueError:
        raise InputError(f"has a URL whose {PINNED} is none", field="alias", value=alias) from None
    return found


def _plug_in(alias: str, url: str) -> EntryPoint:
    """The one plug-in for a URL, which may hold what nobody else should read: it is not repeated."""
    parts = urlsplit(url)
    name = (parts.hostname or "") if parts.scheme == USB else parts.scheme
    installed = entry_points(group=GROUP)
    own = [EntryPoint(label, value, GROUP) for label, value in OWN.items()]
    found: list[EntryPoint] = [one for one in (*own, *installed) if one.name == name]
    if not found:
        there = ", ".join(sorted({one.name for one in (*own, *installed)}))
        reason = f"has a key of {name!r}, for which no plug-in is installed (group {GROUP}; there are: {there})"
        raise InputError(reason, field="alias", value=alias)
    if len(found) > 1:
        raise InputError(f"has a key of {name!r}, which {len(found)} plug-ins offer", field="alias", value=alias)
    return found[0]


@dataclass
class DeviceSigner:
    """A device as a signer, whose answers are checked before anybody has them. Errors call it by its `alias`."""

    alias: str
    make: Callable[[], Device] = field(repr=False)
    key: Pubkey = field(default_factory=Pubkey.default, init=False)
    _device: Device | None = field(default=None, init=False, repr=False)
    _asked: Thread | None = field(default=None, init=False, repr=False)

    def pubkey(self) -> Pubkey:
        """The address that it signs for."""
        return self.key

    def sign_message(self, message: bytes) -> Signature:
        """Its signature; DeviceError where it refuses, is silent, or answers with anything else than that."""
        answer = bytes(self._answer(lambda device: device.sign(message), FOR_A_PERSON))
        if len(answer) != SIGNATURE:
            raise self._wrong(f"answered with {len(answer)} bytes, and a signature has {SIGNATURE}")
        signature = Signature.from_bytes(answer)
        if not signature.verify(self.key, message):
            raise self._wrong(f"answered with what is no signature of this by {self.key}")
        return signature

    def ask_key(self) -> Pubkey:
        """The device's key; DeviceError."""
        answer = bytes(self._answer(lambda device: device.pubkey(), FOR_A_KEY))
        if len(answer) != KEY:
            raise self._wrong(f"told a key of {len(answer)} bytes, and one has {KEY}")
        return Pubkey.from_bytes(answer)

    def _answer(self, ask: Callable[[Device], T], seconds: float) -> T:
        """What the device answers in time. What it answers later nobody hears."""
        if self._asked is not None and self._asked.is_alive():
            raise self._wrong("is still asked what it did not answer before: decline that on the device")
        answers: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

        def run() -> None:
            try:
                if self._device is None:
                    self._device = self.make()
                answers.put((ask(self._device), None))
            except BaseException as refused:  # noqa: BLE001 - of any plug-in; ledgerblue raises bare ones
                answers.put((None, refused))

        self._asked = Thread(target=run, daemon=True)
        self._asked.start()
        try:
            found, refused = answers.get(timeout=seconds)
        except Empty:
            raise self._wrong(f"did not answer within {seconds:.0f} s") from None
        self._asked.join()
        if isinstance(refused, InputError):
            raise refused
        if refused is not None:
            raise self._wrong(f"refused: {refused or type(refused).__name__}") from None
        return found  # type: ignore[return-value]

    def _wrong(self, what: str) -> DeviceError:
        return DeviceError(f"the device of {self.alias!r} {what}; nothing was sent")
