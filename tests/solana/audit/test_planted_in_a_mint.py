"""Another authority, another extension, another multiplier on a stock's mint: each plant is found, and nothing else."""

import struct

import pytest
from manifest_world import DAY, Standing
from solders.pubkey import Pubkey
from support.days import ex_of

from scrip import instructions as ins
from scrip.reports.findings import Finding
from scrip.solana.addresses import SYSTEM, TOKEN, local_address
from scrip.solana.encoding.mint import FIRST, NAMES, Mint, Unreadable
from scrip.units import WAD

STRANGER = local_address("stranger")
NUMBERS = {name: number for number, name in NAMES.items()}
MSFT = "stocks.MSFT.mint"


def mint_of(standing: Standing) -> Pubkey:
    return standing.ledger.listing("MSFT").mint


def data_of(standing: Standing) -> bytes:
    return standing.ledger.mint_data(standing.ledger.listing("MSFT"))


def place(data: bytes, extension: str) -> int:
    """Where an extension's value begins."""
    at = FIRST
    while True:
        kind, length = struct.unpack_from("<HH", data, at)
        assert kind, extension
        if kind == NUMBERS[extension]:
            return at + 4
        at += 4 + length


def plant(standing: Standing, extension: str, at: int, value: bytes) -> None:
    """Overwrite a part of an extension; of the mint itself for ""."""
    start = place(data_of(standing), extension) if extension else 0
    standing.edit(mint_of(standing), start + at, value)


def test_a_deployment_gives_no_finding(standing: Standing) -> None:
    assert standing.audit() == []


def test_one_in_use_gives_none_either(standing: Standing) -> None:
    """A split and a dividend are announced, pending in one slot, in effect, and folded by the next action."""
    ledger = standing.ledger
    at = ledger.now() + 2 * DAY
    split = ("MSFT", "SPLF", "split-1")
    dividend = ("MSFT", "DRIP", "dividend-1")
    for order in (
        ins.Announce(*split, ex_of(at), at, 2, 1, by="actions-desk"),
        ins.Announce(*dividend, ex_of(at), at, gross=WAD, pay=at, by="actions-desk"),
        ins.Schedule(*split, by="actions-desk"),
        ins.Schedule(*dividend, price=30 * WAD, by="actions-desk"),
    ):
        ledger.apply(order)
        assert standing.audit() == []
    ledger.advance_to(at)
    assert standing.audit() == []
    standing.send("anyone", "apply_multiplier", listing=ledger.listing("MSFT"))
    assert standing.audit() == []


# --- authorities ---


@pytest.mark.parametrize(
    ("extension", "at", "field"),
    [
        ("", 4, "mint_authority"),
        ("", 50, "freeze_authority"),
        ("ScaledUiAmount", 0, "ScaledUiAmount.authority"),
        ("PermanentDelegate", 0, "PermanentDelegate.delegate"),
        ("Pausable", 0, "Pausable.authority"),
        ("MetadataPointer", 0, "MetadataPointer.authority"),
        ("TokenMetadata", 0, "TokenMetadata.update_authority"),
        ("TransferHook", 0, "TransferHook.authority"),
    ],
)
def test_a_foreign_authority(standing: Standing, extension: str, at: int, field: str) -> None:
    plant(standing, extension, at, bytes(STRANGER))
    finding = standing.only()
    assert (finding.field, finding.severity) == (f"{MSFT}.{field}", "critical")
    assert finding.expected == f"the program's authority ({standing.program.at.authority})"
    assert finding.found == f"{STRANGER}, a key"


@pytest.mark.parametrize(("at", "field"), [(0, "mint_authority"), (46, "freeze_authority")])
def test_an_authority_that_was_given_up(standing: Standing, at: int, field: str) -> None:
    """Nobody can mint, or freeze and thaw: not what the manifest wants, though nobody has gained a power."""
    plant(standing, "", at, bytes(4))
    assert (standing.only().field, standing.only().found) == (f"{MSFT}.{field}", "nobody")


def test_a_hook_that_was_armed(standing: Standing) -> None:
    plant(standing, "TransferHook", 32, bytes(STRANGER))
    assert standing.only() == Finding(
        f"{MSFT}.TransferHook.program", "an empty slot for a hook", str(STRANGER), "critical"
    )


def test_a_slot_for_a_hook_that_was_given_up_is_fine(standing: Standing) -> None:
    plant(standing, "TransferHook", 0, bytes(32))
    assert standing.audit() == []


# --- extensions ---


@pytest.mark.parametrize("extension", ["MintCloseAuthority", "TransferFeeConfig", "PermissionedBurn"])
def test_an_extension_more(standing: Standing, extension: str) -> None:
    more = struct.pack("<HH", NUMBERS[extension], 32) + bytes(STRANGER)
    standing.put(mint_of(standing), data_of(standing) + more)
    assert standing.only() == Finding(f"{MSFT}.{extension}", "no such extension", "one", "critical")


def test_an_extension_that_no_table_knows(standing: Standing) -> None:
    standing.put(mint_of(standing), data_of(standing) + struct.pack("<HH", 999, 0))
    assert standing.only().field == f"{MSFT}.extension 999"


def test_an_extension_less(standing: Standing) -> None:
    plant(standing, "PermanentDelegate", -4, struct.pack("<H", NUMBERS["NonTransferable"]))
    assert standing.found() == [(f"{MSFT}.NonTransferable", "critical"), (f"{MSFT}.PermanentDelegate", "critical")]


def test_an_extension_that_stands_there_twice(standing: Standing) -> None:
    more = struct.pack("<HH", NUMBERS["Pausable"], 33) + bytes(33)
    standing.put(mint_of(standing), data_of(standing) + more)
    assert standing.only() == Finding(
        MSFT, "a mint of Token-2022's form", "an extension stands there twice", "critical"
    )


def test_accounts_that_start_open(standing: Standing) -> None:
    plant(standing, "DefaultAccountState", 0, b"\1")
    assert standing.only() == Finding(f"{MSFT}.DefaultAccountState", "frozen", "open", "critical")


def test_a_name_and_a_pointer_elsewhere(standing: Standing) -> None:
    plant(standing, "TokenMetadata", 68, b"Macrosoft")
    plant(standing, "MetadataPointer", 32, bytes(STRANGER))
    assert standing.found() == [
        (f"{MSFT}.MetadataPointer.address", "critical"),
        (f"{MSFT}.TokenMetadata.name", "drift"),
    ]


def test_an_isin_a_series_and_an_address_of_another_stock(standing: Standing) -> None:
    data = data_of(standing)
    standing.put(mint_of(standing), data.replace(b"US5949181045", b"US0000000000").replace(b"series", b"serial"))
    found = [(one.field.removeprefix(f"{MSFT}.TokenMetadata."), one.found) for one in standing.audit()]
    assert found == [("isin", "US0000000000"), ("serial", "1"), ("series", "no such field")]
    stock = standing.manifest.stocks["MSFT"].model_copy(update={"uri": "https://issuer.example/msft.json"})
    manifest = standing.manifest.model_copy(update={"stocks": {**standing.manifest.stocks, "MSFT": stock}})
    assert [one.field for one in standing.audit(manifest) if one.field.endswith("uri")] == [f"{MSFT}.TokenMetadata.uri"]


def test_other_decimals(standing: Standing) -> None:
    plant(standing, "", 44, b"\6")
    assert standing.only() == Finding(f"{MSFT}.decimals", "8", "6", "critical")


def test_a_mint_of_another_program_and_none_at_all(standing: Standing) -> None:
    standing.put(mint_of(standing), data_of(standing), TOKEN)
    assert standing.only().found == f"an account of {TOKEN}"
    standing.put(mint_of(standing), b"", SYSTEM)
    assert (standing.only().field, standing.only().severity) == (MSFT, "critical")


# --- the multiplier ---


def test_a_multiplier_that_was_moved_past_us(standing: Standing) -> None:
    plant(standing, "ScaledUiAmount", 32, struct.pack("<dqd", 2.0, 0, 2.0))
    assert standing.only() == Finding(
        f"{MSFT}.ScaledUiAmount.multiplier", "1.0, as the program wrote it", "2.0 (MultiplierDrift)", "critical"
    )


def test_a_next_multiplier_that_was_put_there_past_us(standing: Standing) -> None:
    plant(standing, "ScaledUiAmount", 32, struct.pack("<dqd", 1.0, 2**31, 3.0))
    assert standing.only().found == "1.0, 3.0 from 2147483648 (MultiplierDrift)"


def test_a_multiplier_that_the_exact_pair_does_not_give(standing: Standing) -> None:
    """Mint and program agree, but not with the program's own pair: a program that writes what it likes."""
    stock = standing.ledger.listing("MSFT").stock
    data = standing.chain.account(stock) or b""
    bits = struct.pack("<d", 1.0)
    first = data.index(bits)
    standing.edit(stock, first, struct.pack("<d", 1.5))
    plant(standing, "ScaledUiAmount", 32, struct.pack("<d", 1.5))
    finding = standing.only()
    assert (finding.field, finding.severity) == (f"{MSFT}.multiplier", "critical")


# --- bytes that are no mint ---


@pytest.mark.parametrize("size", [0, 82, 166, 300])
def test_what_is_no_mint_is_said_to_be_none(standing: Standing, size: int) -> None:
    standing.put(mint_of(standing), data_of(standing)[:size])
    found = standing.found()
    assert found
    assert all(field.startswith(MSFT) and severity == "critical" for field, severity in found)


def test_every_cut_is_read_or_refused(standing: Standing) -> None:
    data = data_of(standing)
    for size in range(len(data)):
        try:
            mint = Mint(data[:size])
        except Unreadable:
            continue
        lacks, _ = mint.unlike_ours()
        assert lacks, size
