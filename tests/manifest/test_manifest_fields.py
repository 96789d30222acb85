"""Every field of the wrong type or form is refused with file, line, field and value."""

import pytest

from scrip.errors import InputErrors
from scrip.manifest.model import Manifest

# an edit of local.yaml: what, by what, the text whose line is to be named, the field, the value, words of the message
CASES = {
    "unknown field": ("limits:", "limit:", "limit:", "limit", "", "no field: did you mean limits?"),
    "unknown field within": ("  batch: 50", "  batches: 50", "batches", "limits.batches", "50", "did you mean batch?"),
    "unknown, like nothing": ("  batch: 50", "  zzz: 50", "zzz: 50", "limits.zzz", "50", "is no field"),
    "missing": ("issuer: Example Securities AG\n", "", "schema: 1", "issuer", "", "is missing"),
    "missing within": ("  threshold: 2\n", "", "safe:\n", "safe.threshold", "", "is missing"),
    "missing in a stock": ("    isin: US5949181045\n", "", "MSFT:", "stocks.MSFT.isin", "", "is missing"),
    "empty": ("    isin: US5949181045", "    isin:", "    isin:\n", "stocks.MSFT.isin", "", "is empty"),
    "other schema": ("schema: 1", "schema: 2", "schema: 2", "schema", "2", "is not 1"),
    "schema as text": ("schema: 1", 'schema: "1"', 'schema: "1"', "schema", "1", "is not 1"),
    "schema as a truth": ("schema: 1", "schema: true", "schema: true", "schema", "True", "is not 1"),
    "other kind": ("kind: evm", "kind: bitcoin", "kind: bitcoin", "chain.kind", "bitcoin", "'evm' or 'solana'"),
    "number as text": ("  threshold: 2", '  threshold: "2"', "threshold:", "safe.threshold", "2", "without quotes"),
    "number as a fraction": ("  batch: 50", "  batch: 50.5", "batch:", "limits.batch", "50.5", "no whole number"),
    "number as a truth": (
        "  threshold: 2",
        "  threshold: true",
        "threshold:",
        "safe.threshold",
        "True",
        "whole number",
    ),
    "amount as a number": (
        'ceiling: "1000000"',
        "ceiling: 1000000",
        "ceiling: 1000000}",
        "stocks.MSFT.reserve.ceiling",
        "1000000",
        "quotes",
    ),
    "amount as a fraction": (
        'ceiling: "1000000"',
        "ceiling: 0.5",
        "ceiling: 0.5}",
        "stocks.MSFT.reserve.ceiling",
        "0.5",
        "put it in quotes",
    ),
    "amount with an exponent": (
        'ceiling: "1000000"',
        'ceiling: "1e6"',
        '"1e6"',
        "stocks.MSFT.reserve.ceiling",
        "1e6",
        "digits with at most 18",
    ),
    "negative amount": (
        'ceiling: "1000000"',
        'ceiling: "-1"',
        '"-1"',
        "stocks.MSFT.reserve.ceiling",
        "-1",
        "digits with at most 18",
    ),
    "amount too exact": (
        'max_mint: "100000"',
        'max_mint: "0.1234567890123456789"',
        "max_mint",
        "limits.max_mint",
        "0.1234567890123456789",
        "at most 18 decimals",
    ),
    "text as a number": ("deployment: local-1", "deployment: 1", "deployment:", "deployment", "1", "put it in quotes"),
    "text as a truth": ("deployment: local-1", "deployment: true", "deployment:", "deployment", "True", "in quotes"),
    "text as a list": ("deployment: local-1", "deployment: [a]", "deployment:", "deployment", "", "is not text"),
    "list as text": (
        "  proposers: [safe]",
        "  proposers: safe",
        "proposers:",
        "timelock.proposers",
        "safe",
        "not a list",
    ),
    "mapping as a list": (
        "    rules: {preset: reg-s-no-us}",
        "    rules: []",
        "rules: []",
        "stocks.MSFT.rules",
        "",
        "not a mapping",
    ),
    "mapping of names as text": (
        "  assets: {USDC: mock}",
        "  assets: mock",
        "assets:",
        "settlement.assets",
        "mock",
        "not a mapping",
    ),
    "truth as text": (
        "  owner-1: {local: true}",
        "  owner-1: {local: 'yes'}",
        "owner-1: {",
        "accounts.owner-1.local",
        "yes",
        "neither true nor false",
    ),
    "duration in words": ("  delay: 48h", "  delay: two days", "delay:", "timelock.delay", "two days", "such as"),
    "duration with a fraction": ("  delay: 48h", "  delay: 1.5h", "delay:", "timelock.delay", "1.5h", "such as"),
    "duration below nothing": (
        "  delay: 48h",
        "  delay: -1",
        "delay:",
        "timelock.delay",
        "-1",
        "-1 what?",
    ),
    "duration of no unit": ("  delay: 48h", "  delay: 4", "delay:", "timelock.delay", "4", "4 what? A duration"),
    "duration of no unit, as text": ("  delay: 48h", '  delay: "4"', "delay:", "timelock.delay", "4", "4 what?"),
    "rate above all": ("  CH: 1500", "  CH: 10001", "CH:", "withholding.CH", "10001", "is more than 10000"),
    "margin of all": (
        'margin_bps: 50, ceiling: "1000000"',
        'margin_bps: 10000, ceiling: "1000000"',
        "margin_bps: 10000",
        "stocks.MSFT.reserve.margin_bps",
        "10000",
        "is not less than 10000",
    ),
    "account in capitals": (
        "  owner-1: {",
        "  Owner-1: {",
        "Owner-1: {",
        "accounts.Owner-1",
        "Owner-1",
        "no account name",
    ),
    "ticker in small letters": ("  MSFT:", "  Msft:", "Msft:", "stocks.Msft", "Msft", "no symbol"),
    "batch of none": ("  batch: 50", "  batch: 0", "batch:", "limits.batch", "0", "is less than 1"),
    "batch over the contract's": ("  batch: 50", "  batch: 201", "batch:", "limits.batch", "201", "is more than 200"),
    "series zero": (
        "    isin: US5949181045",
        "    isin: US5949181045\n    series: 0",
        "series:",
        "stocks.MSFT.series",
        "0",
        "is less than 1",
    ),
    "policy of another name": (
        "rules: {preset: reg-s-no-us}",
        "rules: {policy: OPEN}",
        "policy: OPEN",
        "stocks.MSFT.rules.policy",
        "OPEN",
        "'ALLOWLIST' or 'BLOCKLIST'",
    ),
    "class of another name": (
        "      max_holders: 500",
        "      classes: [wholesale]",
        "wholesale",
        "stocks.AAPL.rules.classes.0",
        "wholesale",
        "'retail'",
    ),
    "a URL for its variable": (
        "rpc_env: SCRIP_LOCAL_RPC",
        "rpc_env: local-rpc",
        "rpc_env:",
        "chain.rpc_env",
        "local-rpc",
        "environment variable",
    ),
    "a choice that is none of Ape's": ("ethereum:local:foundry", "Ethereum", "  ape:", "chain.ape", "Ethereum", "Ape"),
    "issuer of no name": ("issuer: Example Securities AG", 'issuer: ""', "issuer:", "issuer", "", "is empty"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_field_is_named_with_its_line(files, case) -> None:
    old, new, at, field, value, message = CASES[case]
    files.edit(old, new)
    error = files.error()
    assert message in error.message, error.message
    assert (error.file, error.line, error.field) == (str(files.path()), files.line_of(at), field)
    assert error.value == value


def test_all_that_is_wrong_is_told_in_the_order_of_the_lines(files) -> None:
    files.edit('ceiling: "500000"', "ceiling: 500000")
    files.edit("  threshold: 2", "  threshold: two")
    files.edit("network: local", "network: 7")
    errors = files.errors()
    assert [error.field for error in errors] == ["network", "safe.threshold", "stocks.AAPL.reserve.ceiling"]
    assert [error.line for error in errors] == sorted(error.line for error in errors)


def test_the_error_of_a_file_reads_as_its_first_and_prints_them_all(files) -> None:
    files.edit("  threshold: 2", "  threshold: two")
    files.edit("network: local", "network: 7")
    with pytest.raises(InputErrors) as refused:
        files.load()
    assert str(refused.value).splitlines() == [str(error) for error in files.errors()]
    assert (refused.value.field, refused.value.line) == ("network", files.line_of("network: 7"))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("48h", 172_800), ("2d", 172_800), ("2880m", 172_800), ("172800s", 172_800), ("0s", 0)],
)
def test_a_duration_is_seconds_however_it_is_written(files, written, seconds) -> None:
    files.edit("  delay: 48h", f"  delay: {written}")
    assert files.load().timelock.delay == seconds


def test_a_manifest_does_not_change_once_it_is_loaded(files) -> None:
    manifest: Manifest = files.load()
    with pytest.raises(Exception, match="frozen"):
        manifest.network = "mainnet"
