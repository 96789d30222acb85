"""The two types of manifest: what only one kind of chain has is no field of the other, and is said to be none."""

from typing import Any

import pytest
import yaml
from manifest_files import ManifestFiles

from scrip.manifest import EvmManifest, Manifest, SolanaManifest
from scrip.manifest.document import read
from scrip.manifest.mistakes import ELSEWHERE, field_paths

EVM, SOLANA, BOTH = (set(field_paths(kind)) for kind in (EvmManifest, SolanaManifest, Manifest))
ONLY = {"solana-local": (SOLANA, EVM - SOLANA), "local": (EVM, SOLANA - EVM)}
"""A manifest of each kind, its fields, and the fields that only the other kind has."""


def tops(paths: set[str], known: set[str]) -> list[str]:
    """The fields whose part the other kind has: what is inside of an unknown part is not looked at."""
    return sorted(path for path in paths if "." not in path or path.rpartition(".")[0].removesuffix(".*") in known)


PLANTED = [(name, path) for name, (own, other) in ONLY.items() for path in tops(other, own)]


def plant(files: ManifestFiles, name: str, path: str, value: object) -> str:
    """Give a manifest a field, that of its first stock where any stock may have it; the field's place."""

    def plain(one: Any) -> Any:
        if isinstance(one, dict):
            return {key: plain(item) for key, item in one.items()}
        return [plain(item) for item in one] if isinstance(one, tuple) else one

    content = inside = plain(read(files.path(name)).value)
    *parts, last = ["MSFT" if part == "*" else part for part in path.split(".")]
    for part in parts:
        inside = inside[part]
    inside[last] = value
    files.path(name).write_text(yaml.safe_dump(content, sort_keys=False))
    return ".".join((*parts, last))


@pytest.mark.parametrize(("name", "path"), PLANTED)
def test_a_field_of_the_other_kind_is_refused_by_its_name(files, name, path) -> None:
    where = plant(files, name, path, "anything")
    error = files.error(name)
    own = "solana" if name.startswith("solana") else "evm"
    assert (error.field, error.value) == (where, "anything")
    assert error.message == ELSEWHERE[own].get(path, ELSEWHERE[own][""])
    assert error.line > 1


def test_the_fields_of_one_kind_alone_are_these() -> None:
    """A new one is a decision: it is added here, too."""
    assert {path for name, path in PLANTED if name == "solana-local"} == {
        "chain.chain_id",
        "chain.ape",
        "limits.issuer",
        "limits.stock",
        "limits.investor",
        "limits.max_fee_bps",
        "limits.second_signer_from",
        "safe.service_env",
        "timelock.cancellers",
        "settlement.pegs",
        "settlement.treasury",
        "stocks.*.redemption",
        "stocks.*.subscription",
        "stocks.*.quotes",
        "emergency",
        "corporate_actions.correction_notice",
        "stocks.*.reserve.oracle",
        "stocks.*.price",
        "sequencer",
        "dividends",
        "voting",
        "offers",
        "wind_up",
        "region_exit",
        "elections",
    }
    assert {path for name, path in PLANTED if name == "local"} == {
        "chain.cluster",
        "program",
        "providers",
        "strict_list",
        "settlement.custodians",
        "stocks.*.uri",
        "stocks.*.default_frozen",
        "timelock.address",
        "timelock.canceller",
    }


def test_what_both_kinds_have_is_what_every_manifest_has() -> None:
    assert EVM & SOLANA == BOTH


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_a_reason_is_given_for_a_field_that_the_other_kind_has(kind) -> None:
    only = {"evm": SOLANA - EVM, "solana": EVM - SOLANA}[kind]
    assert set(ELSEWHERE[kind]) - {""} <= only


KINDLESS = {
    "no chain at all": ("chain", None, "chain", "is empty", ""),
    "a chain in a word": ("chain", "evm", "chain", "is not a mapping", "evm"),
    "a kind that is a number": ("chain.kind", 1, "chain.kind", "'evm' or 'solana'", "1"),
    "a kind that is none": ("chain.kind", "bitcoin", "chain.kind", "'evm' or 'solana'", "bitcoin"),
    "an empty kind": ("chain.kind", None, "chain.kind", "is empty", ""),
}


@pytest.mark.parametrize("case", KINDLESS)
def test_a_manifest_of_no_kind_is_refused_for_that(files, case) -> None:
    path, value, field, message, shown = KINDLESS[case]
    plant(files, "local", path, value)
    error = files.error()
    assert message in error.message
    assert (error.field, error.value, error.line) == (field, shown, files.line_of(f"{path.rpartition('.')[2]}:"))


@pytest.mark.parametrize(("old", "field"), [("  kind: evm\n", "chain.kind"), ("chain:\n  kind: evm\n", "chain")])
def test_a_manifest_that_says_no_kind_is_refused_for_that(files, old, field) -> None:
    kept = "" if field == "chain.kind" else "other:\n"
    files.edit(old, kept)
    assert (files.error().field, files.error().message) == (field, "is missing")


def test_solana_leaves_something_of_every_dividend(files) -> None:
    files.edit("withholding_bps: 1500", "withholding_bps: 10000", "solana-local")
    error = files.error("solana-local")
    assert (error.field, error.value) == ("corporate_actions.withholding_bps", "10000")
    assert error.line == files.line_of("withholding_bps:", "solana-local")
    files.edit("withholding_bps: 10000", "withholding_bps: 9999", "solana-local")
    assert files.load("solana-local").corporate_actions.withholding_bps == 9_999
    files.edit("withholding_bps: 1500", "withholding_bps: 10000")
    assert files.load().corporate_actions.withholding_bps == 10_000
