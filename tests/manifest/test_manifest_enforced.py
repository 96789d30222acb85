"""What a manifest says is read by code that acts on it, or is told to be enforced by nothing yet."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from manifest_files import MANIFESTS

from scrip.manifest import EvmManifest, SolanaManifest, load
from scrip.manifest.describe import describe
from scrip.manifest.enforced import NOT_YET, not_yet_enforced
from scrip.manifest.mistakes import KINDS, field_paths
from scrip.manifest.rules import FIELDS

ROOT = MANIFESTS.parent
RULES = "stocks.*.rules."
FORM = {"schema"}
"""What says how a file is written, and nothing about a network."""
CHECKED = {"settlement.regime"}
"""What the loader itself acts on: it refuses a coin that the list of that name has not (test_manifest_regimes)."""

READ: dict[str, str] = {
    # Each scope is read whole, by the property that makes the market's limits of it.
    **{
        f"limits.{scope}.{name}": rf"manifest\.limits\.{scope}\b"
        for scope in ("issuer", "stock", "investor")
        for name in ("net", "gross", "window")
    },
    # What the custodian is told, which a flow takes from the section.
    "voting.custodian": r"\bwanted\.custodian\b",
    "voting.safekeeping_account": r"\bwanted\.safekeeping_account\b",
    # What an election is opened with, which a flow takes from the section.
    "elections.default": r"\belections\.default\b",
    "limits.max_fee_bps": r"\blimits\.quote_terms\b",
    "limits.second_signer_from": r"\blimits\.quote_terms\b",
    "accounts.*.address": r"\baccount\.address\b",
    "accounts.*.alias": r"\b(account|one)\.alias\b",
    "accounts.*.local": r"\baccount\.local\b",
    "emergency": r"\bmanifest\.emergency_holders\(",
    "roles": r"\bmanifest\.(roles\b|role_holders\()",
    "safe.owners": r"\bmanifest\.safe\.owners\b",
    "sequencer.feed": r"\bmanifest\.sequencer\.feed\b",
    "sequencer.grace": r"\b(wanted|named)\.grace\b",
    **{f"settlement.pegs.*.{one}": rf"\bpeg\.{one}\b" for one in ("feed", "band_bps", "max_age")},
    "stocks.*.price.source": r"\bwanted\.source\b",
    "stocks.*.price.basis": r"\bwanted\.basis\b",
    "stocks.*.price.hours": r"\bwanted\.hours\b",
    "stocks.*.price.max_age": r"\bwanted\.max_age\b",
    "stocks.*.price.band_bps": r"\bwanted\.band_bps\b",
    "stocks.*.price.second": r"\bwanted\.second\b",
    "stocks.*.price.second_basis": r"\bwanted\.second_basis\b",
    "stocks.*.price.deviation_bps": r"\bwanted\.deviation_bps\b",
    **{
        f"stocks.*.price.stream.{one}": rf"\bwanted\.{one}\b" for one in ("verifier", "feed_id", "statuses", "decimals")
    },
    "stocks.*.price.trade_band_bps": r"\bprice\.trade_band_bps\b",
    "stocks.*.price.adapters": r"\bwanted\.adapters\b",
    "dividends.tax": r"\bwanted\.tax\b",
    "offers.treasury": r"\bwanted\.treasury if wanted\b",
    "dividends.in_stock": r"\bwanted\.in_stock\b",
    "dividends.escheat": r"\bwanted\.escheat\b",
    "timelock.delay": r"\bwished\.delay\b|\btimelock\.delay\b",
    "timelock.canceller": r"\bwished\.canceller\b",
    "settlement.custodians.*.account": r"\bout\.account\b",
    "settlement.custodians.*.daily": r"\bout\.daily\b",
    "stocks.*.isin": r"\b(stock|one)\.isin\b",
    "stocks.*.birth_isin": r"\bstock\.born\b",
    "stocks.*.default_frozen": r"\bstock\.default_frozen\b",
    "stocks.*.uri": r"\bstock\.uri\b",
    "stocks.*.name": r"\bstock\.name\b",
    "stocks.*.series": r"\bstock\.series\b",
    "stocks.*.reserve.ceiling": r"\b(wanted|wish)\.ceiling\b",
    "stocks.*.reserve.margin_bps": r"\b(wanted|wish)\.margin_bps\b",
    "stocks.*.reserve.max_age": r"\b(wanted|wish)\.max_age\b",
    "stocks.*.reserve.others": r"\b(wanted|wish)\.others\b",
    "stocks.*.reserve.source": r"\b(wanted|reserve)\.source\b|\"reserve source\"",
    "stocks.*.holders.excluded": r"\bwanted\.excluded\b",
    "stocks.*.holders.look_through.*.rule": r"\bone\.rule\b",
    "stocks.*.holders.look_through.*.file": r"\bone\.file\b",
    "stocks.*.redemption.minimum": r"\bwish\.minimum\b",
    "stocks.*.redemption.patience": r"\bwish\.patience\b",
    "stocks.*.redemption.band_bps": r"\bwish\.band_bps\b",
    "stocks.*.redemption.reference": r"\bwish\.reference\b",
    "stocks.*.quotes": r"\bstocks\[stock\]\.quotes\b",
    "stocks.*.redemption.in_kind": r"\bwish\.in_kind\b",
    "stocks.*.subscription.minimum": r"\bwish_in\.minimum\b",
    "stocks.*.subscription.patience": r"\bwish_in\.patience\b",
    "stocks.*.subscription.band_bps": r"\bwish_in\.band_bps\b",
    "stocks.*.subscription.reference": r"\bwish_in\.reference\b",
    "stocks.*.reserve.oracle": r"\bstock\.reserve\.oracle\b",
}
"""Code that reads a field, where it is not `manifest.` and the field."""
SETTINGS = "corporate_actions."
READ_IN_A_ROW = {"evm": r"for name in BORN\b", "solana": r"\bpolicy\.(?P<name>\w+)"}
"""Code that reads the settings of corporate actions, by kind of chain: all of them, or the one that is named."""


def code_of(kind: str) -> str:
    """The production code that acts on a manifest of this kind: not the manifest's own, nor another kind's."""
    other = next(name for name in KINDS if name != kind)
    aside = {("scrip", "manifest"), ("scrip", other)}
    paths = sorted([*(ROOT / "scrip").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")])
    kept = [path for path in paths if path.relative_to(ROOT).parts[:2] not in aside and path.stem != other]
    return "\n".join(path.read_text() for path in kept)


SHOWN = {"issuer"}
"""Fields that a page shows, and that nothing acts on."""


def leaves(kind: str) -> Iterator[str]:
    """The fields that hold a value, not a part."""
    paths = field_paths(KINDS[kind])
    for path in paths:
        if not any(other.startswith(f"{path}.") for other in paths):
            yield path


def reads(kind: str, code: str, path: str) -> bool:
    if path.startswith(SETTINGS):
        found = {match.groupdict().get("name") for match in re.finditer(READ_IN_A_ROW[kind], code)}
        return bool(found & {None, path.removeprefix(SETTINGS)})
    return re.search(READ.get(path, rf"\bmanifest\.{re.escape(path)}\b"), code) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_is_read_by_what_acts_on_it_or_told_to_be_enforced_by_nothing(kind) -> None:
    code = code_of(kind)
    unread = {
        path
        for path in leaves(kind)
        if path not in FORM | CHECKED and not path.startswith(RULES) and not reads(kind, code, path)
    }
    assert unread | SHOWN == set(NOT_YET[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_of_a_stock_is_told_one_by_one(kind) -> None:
    assert {path.removeprefix(RULES) for path in leaves(kind) if path.startswith(RULES)} == {"preset", *FIELDS}


@pytest.mark.parametrize("path", sorted(MANIFESTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_description_names_what_nothing_enforces(path: Path) -> None:
    manifest = load(path)
    told = [line for line in describe(manifest) if line.startswith("not yet enforced: ")]
    assert told == [f"not yet enforced: {name}: {why}" for name, why in not_yet_enforced(manifest).items()]
    assert {"withholding", "calendar", "stocks.MSFT.calendar"} <= not_yet_enforced(manifest).keys()
    assert ("safe.owners" in not_yet_enforced(manifest)) == isinstance(manifest, SolanaManifest)
    assert ("timelock.delay" in not_yet_enforced(manifest)) == isinstance(manifest, SolanaManifest)
    if isinstance(manifest, SolanaManifest):
        own = manifest.timelock.model_copy(update={"canceller": "duty-officer"})
        assert "timelock.delay" not in not_yet_enforced(manifest.model_copy(update={"timelock": own}))


def test_what_a_manifest_does_not_say_is_not_told(files) -> None:
    files.edit("withholding:\n  CH: 1500\n  DE: 1500\n  GB: 1500\n  SG: 3000\n", "withholding: {}\n")
    files.edit("US0378331005\n    calendar: XNAS", "US0378331005")
    manifest = files.load()
    assert isinstance(manifest, EvmManifest)
    assert list(not_yet_enforced(manifest)) == ["issuer", "calendar", "stocks.MSFT.calendar"]
