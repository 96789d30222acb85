"""The manifests that ship, and the facts that stand in a manifest's checks and in a contract or program alike."""

import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import fastjsonschema
import pytest
from eth_utils import to_checksum_address
from exchange_calendars import get_calendar_names
from manifest_files import MANIFESTS

from scrip import labels
from scrip.errors import InputErrors
from scrip.evm.compiled import artifacts
from scrip.evm.compiled.safe import CANONICAL
from scrip.evm.deploy import suite
from scrip.manifest import AnyManifest, EvmManifest, SolanaManifest, gaps, keys, load, resolve
from scrip.manifest.checks import CALENDARS
from scrip.manifest.describe import NOT_REACHED, describe
from scrip.manifest.document import read
from scrip.manifest.load import load_preset
from scrip.manifest.schema import SCHEMAS, schema_of
from scrip.roles import EVM_ROLES, SOLANA_ADMIN, SOLANA_ROLES

ROOT = MANIFESTS.parent
NETWORKS = ("local", "fork", "sepolia", "mainnet", "arbitrum", "solana-local", "solana-devnet", "solana-mainnet")
PUBLIC = {"sepolia", "mainnet", "arbitrum", "solana-devnet", "solana-mainnet"}


def manifest_of(name: str) -> AnyManifest:
    return load(MANIFESTS / f"{name}.yaml")


def source(path: str) -> str:
    return (ROOT / path).read_text()


def test_each_network_has_its_manifest_and_there_is_no_other() -> None:
    assert {path.stem for path in MANIFESTS.glob("*.yaml")} == set(NETWORKS)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_shipped_manifest_is_sound(name) -> None:
    manifest = manifest_of(name)
    assert manifest.chain.public is (name in PUBLIC)
    assert manifest.stocks.keys() == {"MSFT", "AAPL"}
    assert all(manifest.role_holders(role) for role in manifest.known_roles)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_public_manifest_says_that_the_network_was_never_reached(name) -> None:
    said = "was never reached" in " ".join(source(f"manifests/{name}.yaml").split("schema: 1")[0].split())
    shown = NOT_REACHED in list(describe(manifest_of(name)))
    assert (said, shown) == (name in PUBLIC, name in PUBLIC)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_on_public_networks_only_the_safe_cancels_what_waits(name) -> None:
    """A stolen canceller could cancel its own removal for ever."""
    manifest = manifest_of(name)
    cancellers = manifest.timelock.cancellers if isinstance(manifest, EvmManifest) else ()
    assert {*manifest.timelock.proposers, *cancellers} == {"safe"}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_description_names_every_role_stock_and_gap(name) -> None:
    manifest = manifest_of(name)
    lines = list(describe(manifest))
    assert lines[0].startswith(f"{name}: {manifest.deployment} of {manifest.issuer}")
    for role, holders in manifest.roles.items():
        assert f"{role}: {', '.join(holders)}" in lines
    assert sum(line.startswith("open: ") for line in lines) == len(manifest.gaps)
    promised = [rule for ticker in manifest.stocks for rule in resolve(manifest, ticker).not_enforced]
    assert [line.strip() for line in lines if "NOT ENFORCED" in line] == [str(rule) for rule in promised]


def test_the_error_that_the_readme_shows_is_the_one_that_comes(files) -> None:
    files.edit("  delay: 48h", "  delay: 1h", "mainnet")
    shown = str(files.error("mainnet")).replace(str(files.folder), "manifests")
    assert f"```\n{shown}\n```" in source("manifests/README.md")


def test_a_stock_is_the_same_on_every_network() -> None:
    kept = [[(t, s.name, s.isin, s.series, s.rules) for t, s in manifest_of(n).stocks.items()] for n in NETWORKS]
    assert all(one == kept[0] for one in kept)


def test_only_what_an_issuer_must_fill_in_is_open() -> None:
    open_fields = {name: [gap.field for gap in manifest_of(name).gaps] for name in NETWORKS}
    oracles = ["stocks.MSFT.reserve.oracle", "stocks.AAPL.reserve.oracle"]
    vaults = ["safe.address", "timelock.address"]
    assert open_fields == {
        "local": [], "fork": [], "solana-local": [], "sepolia": oracles, "mainnet": oracles, "arbitrum": oracles,
        "solana-devnet": vaults, "solana-mainnet": vaults,
    }  # fmt: skip


def test_a_manifest_with_gaps_is_not_complete(files) -> None:
    files.edit("  assets: {USDC: mock}", "  assets: {}")
    files.edit(
        'oracle: mock, max_age: 4d, margin_bps: 50, ceiling: "500000"', 'max_age: 4d, margin_bps: 50, ceiling: "5"'
    )
    with pytest.raises(InputErrors) as refused:
        files.load().demand_complete()
    assert [(error.field, error.line) for error in refused.value.errors] == [
        ("settlement.assets", files.line_of("assets:")),
        ("stocks.AAPL.reserve.oracle", files.line_of('ceiling: "5"')),
    ]
    manifest_of("local").demand_complete()


def test_a_roles_holders_stand_in_the_files_order() -> None:
    assert manifest_of("local").role_holders("ACTIONS") == ("actions-desk", "safe")
    assert manifest_of("local").role_holders("ATTESTOR") == ("custodian",)
    assert manifest_of("solana-local").role_holders("GUARDIAN") == ("halt-desk",)
    assert manifest_of("solana-local").role_holders("RECOVERER") == ("safe",)
    assert manifest_of("solana-local").role_holders("CEILING") == ()


def test_a_stock_without_a_calendar_keeps_the_manifests(files) -> None:
    files.edit("US0378331005\n    calendar: XNAS", "US0378331005")
    manifest = files.load()
    assert (manifest.calendar_of("MSFT"), manifest.calendar_of("AAPL")) == ("XNAS", "XNYS")


@pytest.mark.parametrize("path", sorted((MANIFESTS / "presets").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_preset_is_sound(path) -> None:
    assert load_preset(path).rules.policy == ("BLOCKLIST" if path.stem == "open" else "ALLOWLIST")


def test_the_presets_are_those_of_three_regimes_and_of_two_kinds_of_issuers() -> None:
    found = {path.stem: load_preset(path).rules for path in (MANIFESTS / "presets").glob("*.yaml")}
    assert found.keys() == {"reg-s-no-us", "eu-mica-retail", "professional-only", "open", "allowlist"}
    assert found["open"].model_fields_set == found["allowlist"].model_fields_set == {"policy"}
    assert len(found["eu-mica-retail"].countries_allowed) == 27 + 3
    assert "NO" in found["eu-mica-retail"].countries_allowed
    assert "retail" not in found["professional-only"].classes


# --- the schema for editors ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_is_that_of_the_model(name) -> None:
    text = json.dumps(schema_of(name), indent=2, sort_keys=True) + "\n"
    assert source(f"manifests/{name}") == text, "python tools/manifest_schema.py writes it again"


def lists(value: object) -> object:
    """As an editor reads it: JSON has no tuples."""
    if isinstance(value, dict):
        return {key: lists(item) for key, item in value.items()}
    return [lists(item) for item in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("path", sorted(MANIFESTS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_the_schema_takes_what_ships_and_each_file_names_it(path: Path) -> None:
    schema = json.loads((path.parent / "schema.json").read_text())
    fastjsonschema.compile(schema)(lists(read(path).value))
    assert path.read_text().startswith("# yaml-language-server: $schema=schema.json\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("limits:", "limit:"),
        ("  CEILING:", "  ROOF:"),
        ("  delay: 48h", "  delay: two days"),
        ("  owner-1: {", "  Owner-1: {"),
        ('ceiling: "500000"', "ceiling: 500000"),
        ("  CH: 1500", "  CHE: 1500"),
        ("  threshold: 2\n", ""),
    ],
)
def test_the_schema_refuses_what_the_loader_does(files, old, new) -> None:
    files.edit(old, new)
    assert files.errors()
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        fastjsonschema.compile(schema_of("schema.json"))(lists(read(files.path()).value))


# --- facts that stand elsewhere, too ---------------------------------------------------------------------------------
def test_the_contracts_ask_for_the_roles_that_a_manifest_names() -> None:
    named = re.findall(
        r'^(\w+): constant\(bytes32\) = keccak256\("(\w+)"\)', artifacts.source("roles").read_text(), re.M
    )
    assert all(constant == name for constant, name in named)
    assert sorted(name for _, name in named) == sorted([*EVM_ROLES, "MINTER", "FACTORY", "VAULT"])


def test_a_manifest_may_name_just_the_roles_that_the_contracts_ask_for() -> None:
    assert manifest_of("local").known_roles == EVM_ROLES
    assert manifest_of("local").roles.keys() == set(EVM_ROLES)


def test_the_program_asks_for_the_roles_that_a_manifest_names() -> None:
    struct = re.search(r"pub struct Roles \{(.*?)\}", source("programs/stock-token/src/state/issuer.rs"), re.S)
    assert re.findall(r"pub (\w+): Pubkey", struct.group(1)) != []
    assert set(re.findall(r"pub (\w+): Pubkey", struct.group(1))) == {SOLANA_ADMIN, *SOLANA_ROLES.values()}
    assert all(field == role.lower() for role, field in SOLANA_ROLES.items())


def test_no_account_takes_a_contracts_label() -> None:
    several = {"implementations", "extensions"}
    one = {field.name for field in fields(suite.Suite)} - several
    made = [labels.asset_label(1, "700"), labels.oracle_label("700"), *(safe.label for safe in CANONICAL.values())]
    for label in (*one, *labels.IMPLEMENTATIONS, *labels.EXTENSIONS, *made):
        assert label in keys.RESERVED or label.startswith(keys.RESERVED_STEMS), label


def test_a_solana_manifest_names_the_program_that_is_built() -> None:
    declared = re.search(r'declare_id!\("(\w+)"\)', source("programs/stock-token/src/lib.rs")).group(1)
    for name in NETWORKS:
        manifest = manifest_of(name)
        assert isinstance(manifest, SolanaManifest) == name.startswith("solana")
        assert not isinstance(manifest, SolanaManifest) or manifest.program.address == declared


def test_addresses_on_public_evm_networks_carry_their_checksum() -> None:
    for name in PUBLIC:
        for address in manifest_of(name).settlement.assets.values():
            assert not address.startswith("0x") or to_checksum_address(address) == address


def test_no_two_networks_are_mistaken_for_each_other() -> None:
    chains = {name: manifest_of(name).chain for name in NETWORKS}
    assert len({chains[name].genesis for name in PUBLIC}) == len(PUBLIC)
    assert len({chain.rpc_env for chain in chains.values()}) == len(NETWORKS)
    assert {chains[name].chain_id for name in ("local", "fork")} == {31337}
    assert {name: chains[name].chain_id for name in ("mainnet", "sepolia", "arbitrum")} == {
        "mainnet": 1, "sepolia": 11_155_111, "arbitrum": 42_161,
    }  # fmt: skip


def test_what_is_missing_for_a_deployment_is_no_fault_of_the_file(files) -> None:
    manifest = files.load("mainnet")
    assert [fault.where for fault in gaps.gaps(manifest)] == [
        ("stocks", ticker, "reserve", "oracle") for ticker in manifest.stocks
    ]


def test_exchanges_known_without_the_library_are_exchanges_of_the_library() -> None:
    assert set(get_calendar_names(include_aliases=True)) >= CALENDARS


def test_a_manifest_of_usual_exchanges_is_read_without_loading_the_calendars() -> None:
    code = "import sys; from pathlib import Path; from scrip.manifest import load; load(Path(sys.argv[1]))"
    words = [sys.executable, "-c", code + "; print('pandas' in sys.modules)", str(MANIFESTS / "local.yaml")]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "False\n"


def test_each_of_several_networks_counts_the_ceilings_of_the_others() -> None:
    """What the shipped manifests of public networks say of one stock adds up to the same on each."""
    for ticker in ("MSFT", "AAPL"):
        reserves = [manifest_of(name).stocks[ticker].reserve for name in ("mainnet", "arbitrum", "solana-mainnet")]
        together = sum(int(one.ceiling) for one in reserves)
        assert {int(one.ceiling) + int(one.others) for one in reserves} == {together}
