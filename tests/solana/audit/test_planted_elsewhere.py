"""Another program, other roles, settings, assets, stocks and reserves: each plant is found, and nothing else."""

from collections.abc import Sequence

import pytest
from manifest_world import COIN, Standing
from solders.account import Account
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError, ScripError
from scrip.manifest.model import Manifest
from scrip.reports.findings import Finding
from scrip.solana.addresses import SYSTEM, TOKEN, local_address, token_account
from scrip.solana.audit import Built, examine
from scrip.solana.build import Build
from scrip.solana.encoding.loader import HEADER
from scrip.solana.rpc.cluster import Unreachable
from scrip.units import Shares

STRANGER = local_address("stranger")
USDC = "settlement.assets.USDC"


# --- the program ---


def code_account(standing: Standing) -> tuple[Pubkey, bytes]:
    """Where the code is, and what stands there."""
    at = standing.program.at.program_data
    return at, standing.chain.account(at) or b""


def replaced(data: bytes, at: int, part: bytes) -> bytes:
    return data[:at] + part + data[at + len(part) :]


def test_a_changed_program(standing: Standing) -> None:
    at, data = code_account(standing)
    place = HEADER + 500_000
    standing.claim(at, replaced(data, place, bytes([data[place] ^ 1])))
    finding = standing.only()
    assert (finding.field, finding.severity) == ("program.code", "critical")
    assert finding.expected == f"sha256 {Built.of(Build()).digest}, as built"


@pytest.mark.parametrize("room", [0, 1, 4_096])
def test_room_behind_the_code_is_empty(standing: Standing, room: int) -> None:
    at, data = code_account(standing)
    standing.claim(at, data + bytes(room))
    assert standing.audit() == []
    standing.claim(at, data + bytes(room) + b"\1")
    assert standing.only().found == f"{room + 1} bytes more"


def test_a_program_that_was_cut(standing: Standing) -> None:
    at, data = code_account(standing)
    standing.claim(at, data[:-1])
    assert standing.only().field == "program.code"


def test_another_may_upgrade(standing: Standing) -> None:
    at, data = code_account(standing)
    standing.claim(at, replaced(data, 13, bytes(STRANGER)))
    timelock = local_address("timelock")
    assert standing.only() == Finding(
        "program.upgrade_authority", f"timelock ({timelock}), a key", f"{STRANGER}, a key", "critical"
    )


def test_nobody_may_upgrade(standing: Standing) -> None:
    at, data = code_account(standing)
    standing.claim(at, replaced(data, 12, b"\0"))
    finding = standing.only()
    assert (finding.field, finding.found, finding.severity) == ("program.upgrade_authority", "nobody", "drift")


def test_code_that_is_elsewhere(standing: Standing) -> None:
    """A program account that points at other code than its own address's."""
    pointer = standing.chain.account(standing.program.id) or b""
    standing.claim(standing.program.id, replaced(pointer, 4, bytes(STRANGER)))
    assert (standing.only().field, standing.only().severity) == ("program", "critical")


@pytest.mark.parametrize("place", ["id", "data"])
def test_code_of_another_loader(standing: Standing, place: str) -> None:
    at = standing.program.id if place == "id" else standing.program.at.program_data
    standing.claim(at, standing.chain.account(at) or b"", TOKEN)
    assert (standing.only().field, standing.only().severity) == ("program", "critical")


def test_the_manifest_names_another_program(standing: Standing) -> None:
    assert standing.manifest.program is not None
    other = standing.manifest.program.model_copy(update={"address": str(STRANGER)})
    (finding,) = standing.audit(standing.manifest.model_copy(update={"program": other}))
    assert (finding.field, finding.expected, finding.severity) == ("program.address", str(STRANGER), "critical")


def test_what_was_built_is_read_or_refused(tmp_path) -> None:
    with pytest.raises(ScripError, match="is not built"):
        Built.of(Build(tmp_path))
    (tmp_path / "build").mkdir()
    (tmp_path / "build/program.json").write_text('{"bytes": 1}')
    with pytest.raises(ScripError, match="is not what make program writes"):
        Built.of(Build(tmp_path))


# --- the issuer ---


@pytest.mark.parametrize("number", range(10))
def test_a_role_on_another_key(standing: Standing, number: int) -> None:
    standing.edit(standing.program.at.issuer, 9 + 32 + 32 * number, bytes(STRANGER))
    order = ("ADMIN", "ISSUER", "COMPLIANCE", "ENFORCER", "PAUSER", "UNPAUSER", "ACTIONS", "QUOTE_SIGNER", "ATTESTOR")
    order = (*order, "GUARDIAN")
    finding = standing.only()
    assert (finding.field, finding.found, finding.severity) == (
        f"roles.{order[number]}",
        f"{STRANGER}, a key",
        "critical",
    )


def test_a_role_that_was_taken(standing: Standing) -> None:
    """As the program itself does it: offered, open to be taken; then taken."""
    standing.send("timelock", "offer_role", standing.role("Pauser"), STRANGER)
    (offer,) = standing.audit()
    assert (offer.field, offer.severity) == ("roles.offered", "critical")
    assert offer.found == f"pauser is offered to {STRANGER}, a key"
    standing.send("stranger", "accept_role", standing.role("Pauser"))
    assert standing.only().field == "roles.PAUSER"


def test_a_role_that_was_named_and_one_that_nobody_has(standing: Standing) -> None:
    standing.send("timelock", "offer_role", standing.role("QuoteSigner"), STRANGER)
    assert (standing.only().field, standing.only().severity) == ("roles.QUOTE_SIGNER", "critical")
    standing.send("timelock", "revoke_role", standing.role("QuoteSigner"), STRANGER)
    assert (standing.only().field, standing.only().found) == ("roles.QUOTE_SIGNER", "nobody")


def test_a_role_on_its_way_back_to_its_holder(standing: Standing) -> None:
    standing.send("timelock", "offer_role", standing.role("Pauser"), local_address("duty-officer"))
    assert (standing.only().field, standing.only().severity) == ("roles.offered", "drift")


def test_a_key_where_a_multisig_should_be(standing: Standing) -> None:
    """On a public network: whoever holds such a key holds all that the manifest gives to the owners together."""
    public = standing.manifest.chain.model_copy(update={"public": True})
    found = standing.audit(standing.manifest.model_copy(update={"chain": public}))
    assert {one.field for one in found} == {
        f"roles.{one}" for one in ("ADMIN", "ISSUER", "ENFORCER", "RECOVERER", "UNPAUSER")
    }
    assert {one.expected for one in found} == {"a multisig's vault, which no key signs for"}


def test_a_holder_whose_address_nobody_knows_here(standing: Standing) -> None:
    """One such role is not proven, and the others are all the same."""
    standing.edit(standing.program.at.issuer, 9 + 32 + 32 * 4, bytes(STRANGER))
    evidence = standing.evidence()
    known = evidence.address_of

    def address_of(name: str) -> Pubkey:
        if name == "compliance-desk":
            raise InputError("has no keypair on this machine", field="alias", value=name)
        return known(name)

    evidence.address_of = address_of
    found = examine(evidence, Built.of(Build()))
    assert [(one.field, one.severity) for one in found] == [
        ("roles.PAUSER", "critical"),
        ("roles.COMPLIANCE", "unproven"),
    ]


def test_other_settings_and_a_stop(standing: Standing) -> None:
    settings = {
        "split_notice": 7_200,
        "dividend_announce": 86_400,
        "dividend_strike": 3_600,
        "grace": 1,
        "withholding_bps": 3_000,
        "strict_list": True,
    }
    standing.send("timelock", "change_settings", settings)
    standing.send("duty-officer", "pause_market")
    assert standing.audit() == [
        Finding("corporate_actions.grace", "432000 s", "1 s"),
        Finding("corporate_actions.split_notice", "86400 s", "7200 s"),
        Finding("corporate_actions.withholding_bps", "1500 bps", "3000 bps"),
        Finding("market.paused", "no", "yes"),
        Finding("strict_list", "no", "yes"),
    ]


def test_an_issuer_of_another_cluster(standing: Standing) -> None:
    standing.edit(standing.program.at.issuer, 9, bytes(STRANGER))
    assert (standing.only().field, standing.only().severity) == ("issuer.genesis", "critical")


def test_an_issuer_that_is_none(standing: Standing) -> None:
    issuer = standing.program.at.issuer
    data = standing.chain.account(issuer) or b""
    standing.put(issuer, data, SYSTEM)
    assert (standing.only().field, standing.only().severity) == ("issuer", "critical")
    standing.put(issuer, b"\0" * 8 + data[8:], standing.program.id)
    assert (standing.only().field, standing.only().severity) == ("issuer", "unproven")
    standing.put(issuer, data[:40], standing.program.id)
    assert "is no Issuer" in standing.only().found


# --- settlement ---


def test_other_assets(standing: Standing) -> None:
    treasury = token_account(standing.program.at.authority, COIN.pubkey(), TOKEN)
    standing.put(STRANGER, standing.chain.account(COIN.pubkey()) or b"", TOKEN)
    standing.list(COIN.pubkey(), treasury, listed=False)
    standing.list(STRANGER, treasury)
    assert standing.audit() == [
        Finding("settlement.assets", "none that the manifest does not name", str(STRANGER), "critical"),
        Finding(USDC, f"{COIN.pubkey()} listed", "not listed"),
    ]


def test_a_treasury_of_somebody_else(standing: Standing) -> None:
    theirs = token_account(STRANGER, COIN.pubkey(), TOKEN)
    standing.list(COIN.pubkey(), theirs)
    assert standing.only().found == "no account of the token"
    ours = token_account(standing.program.at.authority, COIN.pubkey(), TOKEN)
    data = standing.chain.account(ours) or b""
    standing.put(theirs, data[:32] + bytes(STRANGER) + data[64:], TOKEN)
    finding = standing.only()
    assert (finding.field, finding.severity) == (f"{USDC}.treasury", "critical")
    assert finding.found == f"{theirs} of {STRANGER}, a key"


@pytest.mark.parametrize(("name", "at"), [("delegate", 72), ("close_authority", 129)])
def test_a_treasury_that_another_may_spend_or_close(standing: Standing, name: str, at: int) -> None:
    ours = token_account(standing.program.at.authority, COIN.pubkey(), TOKEN)
    standing.edit(ours, at, b"\1\0\0\0" + bytes(STRANGER))
    assert standing.only() == Finding(f"{USDC}.treasury.{name}", "nobody", f"{STRANGER}, a key", "critical")


def test_an_asset_without_a_mint(standing: Standing) -> None:
    standing.put(COIN.pubkey(), b"", SYSTEM)
    assert standing.only().found == "no such token"


# --- stocks and reserves ---


def test_a_stock_that_the_manifest_does_not_name(standing: Standing) -> None:
    try:
        standing.ledger.apply(ins.CreateStock("OTHR", "Other Inc", "US0000000001", by="safe"))
        finding = standing.only()
        assert finding.severity == "critical"
        assert finding.found.startswith("US0000000001, series 1, mint ")
    finally:
        standing.ledger.stocks.pop("OTHR", None)


AAPL_CLASSES = "institutional, professional, venue"


def test_stocks_that_are_missing_or_differ(standing: Standing) -> None:
    stocks = dict(standing.manifest.stocks)
    rules = stocks["AAPL"].rules.model_copy(update={"policy": "BLOCKLIST", "preset": "", "max_holders": 0})
    stocks["AAPL"] = stocks["AAPL"].model_copy(update={"rules": rules})
    stocks["META"] = stocks["AAPL"].model_copy(update={"isin": "US30303M1027"})
    assert standing.audit(_with(standing, stocks)) == [
        Finding("stocks.AAPL.default_frozen", "open", "frozen", "critical"),
        Finding("stocks.AAPL.limits", "none", "500 holders, each of any amount", "critical"),
        Finding("stocks.AAPL.mint.DefaultAccountState", "open", "frozen", "critical"),
        Finding("stocks.AAPL.policy", "BLOCKLIST", "ALLOWLIST", "critical"),
        Finding("stocks.AAPL.rules", "every class; every country", f"{AAPL_CLASSES}; every country", "critical"),
        Finding("stocks.META", "a mint of US30303M1027", "none on the chain"),
    ]


def test_accounts_that_are_born_open_against_the_manifest(standing: Standing) -> None:
    stocks = dict(standing.manifest.stocks)
    rules = stocks["AAPL"].rules.model_copy(update={"policy": "BLOCKLIST", "preset": "", "max_holders": 0})
    born = {"rules": rules, "isin": "US4592001014", "default_frozen": True}
    stocks["IBM"] = stocks["AAPL"].model_copy(update=born)
    order = ins.CreateStock("IBM", stocks["IBM"].name, "US4592001014", "BLOCKLIST", uri=stocks["IBM"].uri, by="safe")
    try:
        standing.ledger.apply(order)
        found = {one.field: one for one in standing.audit(_with(standing, stocks))}
    finally:
        standing.ledger.stocks.pop("IBM", None)
    for field in ("stocks.IBM.default_frozen", "stocks.IBM.mint.DefaultAccountState"):
        assert found[field] == Finding(field, "frozen", "open", "critical")
    assert "stocks.IBM.policy" not in found


def test_a_stopped_stock(standing: Standing) -> None:
    standing.ledger.apply(ins.Pause("MSFT", by="duty-officer"))
    assert standing.only() == Finding("stocks.MSFT.paused", "no", "yes")


def test_another_reserve(standing: Standing) -> None:
    standing.ledger.apply(ins.ConfigureReserve("AAPL", 99, 0, Shares.of(1), by="timelock"))
    assert standing.audit() == [
        Finding("stocks.AAPL.reserve.ceiling", "500000 shares", "1 shares"),
        Finding("stocks.AAPL.reserve.margin_bps", "50 bps", "0 bps"),
        Finding("stocks.AAPL.reserve.max_age", "345600 s", "99 s"),
    ]


def test_a_reserve_that_nobody_configured(standing: Standing) -> None:
    standing.edit(standing.ledger.listing("AAPL").reserve, 9 + 32, bytes(8))
    assert standing.only().field == "stocks.AAPL.reserve"


def _with(standing: Standing, stocks: dict) -> Manifest:
    return standing.manifest.model_copy(update={"stocks": stocks})


# --- what is not proven ---


class Mute:
    """A node that hands nothing out."""

    def accounts(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        raise Unreachable("the node does not answer")

    def owned(self, program: Pubkey, at: int, data: bytes) -> list[tuple[Pubkey, bytes]]:
        raise Unreachable("the node does not answer")


def test_a_node_that_answers_nothing_proves_nothing(standing: Standing) -> None:
    evidence = standing.evidence()
    evidence.source = Mute()
    found = examine(evidence, Built.of(Build()))
    assert [(one.field, one.severity) for one in found] == [
        (part, "unproven") for part in ("issuer", "program", "settlement", "stocks")
    ]
