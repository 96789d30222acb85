"""Devices that sign on Solana, found by their plug-ins: a made-up one, registered as a package would register it."""

from __future__ import annotations

import re
import struct
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from solana_network_world import START, SolanaNetworkWorld, deployed_solana_world, solana_manifest
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.transaction import Transaction

from scrip import flows
from scrip.chains.solana import SolanaNetwork
from scrip.errors import InputError
from scrip.executor import Executor
from scrip.inputs.batch import Batch, Newcomer
from scrip.manifest.model import Account
from scrip.solana.addresses import local_address, local_keypair
from scrip.solana.connection.keys import VARIABLE, ManifestKeys
from scrip.solana.signing import devices, signed
from scrip.solana.signing.devices import DeviceError
from scrip.solana.signing.ledger import Ledger

ALIAS, DESK = "desk-wallet", "compliance-desk"
PLUG_IN = """
from test_device_signers import made_up

def opened(url):
    return made_up(url)
"""


class MadeUp:
    """A device that has the compliance desk's key, and answers as it is told to."""

    def __init__(self) -> None:
        self.key = local_keypair(DESK)
        self.asked: list[bytes] = []
        self.urls: list[str] = []
        self.answer: Callable[[bytes], bytes] = lambda message: bytes(self.key.sign_message(message))

    def pubkey(self) -> bytes:
        self.asked.append(b"key")
        return bytes(self.key.pubkey())

    def sign(self, message: bytes) -> bytes:
        self.asked.append(message)
        return self.answer(message)


_one = MadeUp()


def made_up(url: str) -> MadeUp:
    _one.urls.append(url)
    return _one


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MadeUp:
    """The device, its plug-in installed, and the variable that names its key."""
    global _one
    _one = MadeUp()
    monkeypatch.setitem(sys.modules, "test_device_signers", sys.modules[__name__])
    register(tmp_path, "made-up", "made_up_signer:opened")
    (tmp_path / "made_up_signer.py").write_text(PLUG_IN)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "made_up_signer", raising=False)
    monkeypatch.setenv(VARIABLE + "DESK_WALLET", "usb://made-up?key=0/0")
    return _one


def register(folder: Path, name: str, place: str, package: str = "signer") -> None:
    """Do what the installation of a package does: its metadata, with the entry point."""
    found = folder / f"{package}-1.0.dist-info"
    found.mkdir()
    (found / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (found / "entry_points.txt").write_text(f"[{devices.GROUP}]\n{name} = {place}\n")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SolanaNetworkWorld]:
    with deployed_solana_world(tmp_path_factory.mktemp("devices")) as found:
        yield found


def manifest():
    """The local manifest, whose compliance desk has a device."""
    found = solana_manifest()
    return found.model_copy(update={"accounts": {**found.accounts, DESK: Account(alias=ALIAS)}})


def onboarding(network: SolanaNetwork, name: str):
    rows = [Newcomer(name, str(local_address(name)), 276, "retail", START + 365 * 86_400)]
    return flows.investors.onboard(network, Batch(f"{name}.csv", name, tuple(enumerate(rows, start=2))))


def test_a_device_signs_what_an_operation_sends(device: MadeUp, world: SolanaNetworkWorld) -> None:
    network = world.open(manifest())
    # To read a network no device is asked.
    assert device.urls == []
    result = Executor(network.transactions()).run(onboarding(network, "by device"))
    assert [one.status for one in result.outcomes] == ["done"]
    assert device.urls == ["usb://made-up?key=0/0"]
    key, message = device.asked
    assert key == b"key"
    assert Message.from_bytes(message).account_keys[0] == local_address(DESK)
    assert network.records.all()[-1].action.sender == str(local_address(DESK))


def another(message: bytes) -> bytes:
    return bytes(Keypair.from_seed(bytes(32)).sign_message(message))


def something_else(message: bytes) -> bytes:
    return bytes(local_keypair(DESK).sign_message(message + b"!"))


def declined(message: bytes) -> bytes:
    raise RuntimeError("declined by its holder")


def bare(message: bytes) -> bytes:
    raise BaseException("Error while writing")


def sent(signed: bytes) -> None:
    raise AssertionError("sent")


WRONG = {
    "another key": (another, "answered with what is no signature of this by"),
    "something else": (something_else, "answered with what is no signature of this by"),
    "too short": (lambda _: b"\1" * 63, "answered with 63 bytes, and a signature has 64"),
    "declined": (declined, "refused: declined by its holder"),
    "broken": (bare, "refused: Error while writing"),
}


@pytest.mark.parametrize("answer", WRONG)
def test_nothing_is_sent_that_a_device_did_not_sign(answer: str, device: MadeUp, world: SolanaNetworkWorld) -> None:
    device.answer, told = WRONG[answer]
    network = world.open(manifest())
    plan = onboarding(network, f"wrong {answer}")
    network.cluster.send = sent
    with pytest.raises(DeviceError, match=f"the device of 'desk-wallet' {told}.*; nothing was sent"):
        Executor(network.transactions()).run(plan)
    assert network.records.open_intents() == []
    # Once it signs, the same operation goes on.
    device.answer = lambda message: bytes(device.key.sign_message(message))
    again = world.open(manifest())
    assert [one.status for one in Executor(again.transactions()).run(plan).outcomes] == ["done"]


def test_a_device_that_answers_late_is_not_waited_for(
    device: MadeUp, world: SolanaNetworkWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "FOR_A_PERSON", 0.05)
    pressed = threading.Event()

    def late(message: bytes) -> bytes:
        pressed.wait(10)
        return bytes(device.key.sign_message(message))

    device.answer = late
    network = world.open(manifest())
    plan = onboarding(network, "late")
    with pytest.raises(DeviceError, match="did not answer within 0 s; nothing was sent"):
        Executor(network.transactions()).run(plan)
    with pytest.raises(DeviceError, match="is still asked what it did not answer before: decline that on the device"):
        Executor(network.transactions()).run(plan)
    pressed.set()
    assert network.records.open_intents() == []
    assert network.chain.account(network.program.at.wallet(local_address("late"))) is None


def test_a_quote_is_signed_by_a_device_that_can(device: MadeUp, world: SolanaNetworkWorld) -> None:
    keys = ManifestKeys(manifest())
    digest = b"\7" * 32
    assert keys.signer(DESK).sign_message(digest).verify(local_address(DESK), digest)
    assert device.asked == [b"key", digest]


def test_a_device_whose_address_is_said_is_asked_only_to_sign(
    device: MadeUp, world: SolanaNetworkWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No emergency waits for a device that another account has."""
    url = f"usb://made-up?key=0/0&address={local_address(DESK)}"
    monkeypatch.setenv(VARIABLE + "DESK_WALLET", url)
    network = world.open(manifest())
    assert network.name(DESK) == DESK
    assert network.signs(DESK)
    assert (device.urls, device.asked) == ([], [])
    device.key = Keypair.from_seed(bytes(32))
    with pytest.raises(DeviceError, match=f"no signature of this by {local_address(DESK)}"):
        network.keys.signer(DESK).sign_message(b"x" * 32)
    assert device.urls == [url]


def test_a_device_that_is_not_there_keeps_nobody_from_reading(
    device: MadeUp, world: SolanaNetworkWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "FOR_A_KEY", 0.05)
    hangs = threading.Event()
    tries = []

    def silent() -> bytes:
        tries.append(1)
        hangs.wait(10)
        return b""

    device.pubkey = silent  # type: ignore[method-assign]
    network = world.open(manifest())
    assert network.views().ledger.coverage("MSFT")
    assert not network.signs(DESK)
    with pytest.raises(InputError, match=r"has no device that answers: .* did not answer within 0 s") as refused:
        network.keys.signer(DESK)
    assert (refused.value.field, refused.value.value) == ("alias", ALIAS)
    hangs.set()
    # It was asked once: each further account would have waited as long.
    assert tries == [1]


# --- which plug-in ---


def test_a_key_without_a_plug_in_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        devices.opened("ops", "kms://eu-west/0f1e?token=secret")
    assert str(refused.value) == (
        "alias: has a key of 'kms', for which no plug-in is installed "
        "(group scrip.solana_signers; there are: ledger) (got 'ops')"
    )
    register(tmp_path, "kms", "nowhere_at_all:opened")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match="needs nowhere_at_all, which is not installed"):
        devices.opened("ops", "kms://eu-west/0f1e")
    register(tmp_path, "kms", "nowhere_either:opened", "other")
    with pytest.raises(InputError, match="has a key of 'kms', which 2 plug-ins offer"):
        devices.opened("ops", "kms://eu-west/0f1e")


def test_a_ledger_without_its_library_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ledgerblue", None)
    with pytest.raises(InputError, match="needs ledgerblue, which is not installed: `make setup WITH=ledger`"):
        devices.opened("ops", "usb://ledger?key=0/0")


# --- a Ledger ---


class Status(Exception):
    """As ledgerblue tells how a command ended."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"Invalid status {sw:04x}")
        self.sw = sw


class Nano:
    """The Solana app's side of the wire, by its specification."""

    def __init__(self) -> None:
        self.held = b""
        self.key = Keypair.from_seed(b"\5" * 32)
        self.ends_with = 0

    def exchange(self, command: bytes) -> bytes:
        kind, instruction, first, last, length = command[:5]
        assert (kind, length) == (0xE0, len(command) - 5)
        assert length <= 255
        if self.ends_with:
            raise Status(self.ends_with)
        self.held = (self.held if last & 1 else b"") + command[5:]
        if last & 2:
            return b""
        if instruction == 5:
            assert (first, self.held) == (0, self.path)
            return bytes(self.key.pubkey())
        assert (instruction, first) == (6, 1)
        assert self.held.startswith(b"\1" + self.path)
        return bytes(self.key.sign_message(self.held[1 + len(self.path) :]))

    @property
    def path(self) -> bytes:
        """m/44'/501'/3'/0'"""
        return bytes([4]) + struct.pack(">4I", *((1 << 31) | one for one in (44, 501, 3, 0)))


def test_what_must_be_installed_for_a_wallet_is_locked() -> None:
    """The extras of the package are the inputs of the locks, and what is locked beside main.txt is of its versions."""
    root = Path(__file__).resolve().parents[2]
    extras = tomllib.loads((root / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    main = pins((root / "requirements/main.txt").read_text())
    for name, wanted in extras.items():
        asked = (root / f"requirements/{name}.in").read_text().splitlines()
        assert [one.partition("#")[0].strip() for one in asked if one[:1].isalnum()] == wanted
        locked = pins((root / f"requirements/{name}.txt").read_text())
        assert {one: locked[one] for one in locked if one in main} == {one: main[one] for one in locked if one in main}
        assert {one.partition("=")[0] for one in wanted} <= set(locked)
    assert "ledgerblue" in pins((root / "requirements/ledger.txt").read_text())


def pins(lock: str) -> dict[str, str]:
    """A lock's packages and their versions."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, flags=re.M))


def message(payer: Pubkey, size: int) -> Message:
    call = Instruction(Pubkey.default(), b"\1" * size, [AccountMeta(payer, True, True)])
    return Message.new_with_blockhash([call], payer, Hash.default())


@pytest.mark.parametrize("size", [1, 200, 800])
def test_a_ledger_signs_a_transaction_in_as_many_commands_as_it_takes(size: int) -> None:
    nano = Nano()
    ledger = Ledger("usb://ledger?key=3/0", nano.exchange)
    signer = devices.DeviceSigner("ops", lambda: ledger)
    signer.key = signer.ask_key()
    assert signer.pubkey() == nano.key.pubkey()
    asked = message(signer.pubkey(), size)
    assert signed(asked, [signer]) == Transaction([nano.key], asked, Hash.default())


def test_a_ledger_signs_no_quote(monkeypatch: pytest.MonkeyPatch) -> None:
    nano = Nano()
    signer = devices.DeviceSigner("ops", lambda: Ledger("usb://ledger?key=3/0", nano.exchange))
    with pytest.raises(DeviceError, match="a Ledger signs transactions alone, no quote and no attestation"):
        signer.sign_message(b"\7" * 32)
    assert nano.held == b""


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (0x6985, "declined on the device"),
        (0x6808, "switch blind signing on"),
        (0x6E00, "open the Solana app"),
        (0x5515, "it is locked"),
        (0x6F42, "it ends with the status 0x6f42"),
    ],
)
def test_what_a_ledger_ends_with_is_said_with_what_to_do(status: int, told: str) -> None:
    nano = Nano()
    nano.ends_with = status
    signer = devices.DeviceSigner("ops", lambda: Ledger("usb://ledger?key=3/0", nano.exchange))
    with pytest.raises(DeviceError, match=told):
        signer.sign_message(bytes(message(nano.key.pubkey(), 1)))


@pytest.mark.parametrize("url", ["usb://ledger", "usb://ledger?key=", "usb://ledger?key=1/2/3", "usb://ledger?key=-1",
                                 "usb://ledger?key=2147483648", "usb://ledger/AbC?key=0"])  # fmt: skip
def test_a_key_url_that_names_no_one_key_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="key URL"):
        Ledger(url, Nano().exchange)


def test_a_transaction_that_nobody_here_signs_for_is_refused() -> None:
    nano = Nano()
    with pytest.raises(InputError, match=f"must sign, and does not sign on this machine .got '{nano.key.pubkey()}'"):
        signed(message(nano.key.pubkey(), 1), [])
