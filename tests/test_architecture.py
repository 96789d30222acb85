"""The lists of docs/architecture.md are true: what they name is there, and an example of a change touches just that."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from house import changes, imports  # noqa: E402

CODE = ("scrip/", "scripts/", "contracts/", "programs/stock-token/src/")
SUFFIXES = {".py", ".vy", ".vyi", ".rs", ".yaml"}
WORD = re.compile(r"INAME|CONTRACT|[A-Z]{3,}")
"""What stands for a name in a path of the lists; README and the like stand for themselves and are not listed."""
MEANT = {"INAME": "I[A-Z][A-Za-z0-9]*", "CONTRACT": "[A-Z][A-Za-z0-9]*"}
NOTES = {
    ".py": re.compile(r'"""(?:[^\\]|\\.)*?"""|#[^\n]*', re.DOTALL),
    ".vy": re.compile(r'"""(?:[^\\]|\\.)*?"""|#[^\n]*', re.DOTALL),
    ".rs": re.compile(r"//[^\n]*"),
    ".yaml": re.compile(r"#[^\n]*"),
}
"""What people read in a file, by its kind: a name there is no use of it."""


@dataclass(frozen=True)
class Example:
    """Something that is there, as an example of a kind of change.

    `words` is what its name looks like in code; `names` what the words in capitals of the list's paths are for it;
    `roots` where its name is looked for; `beside` are files that name it for a reason of their own.
    """

    kind: str
    words: str
    names: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = CODE
    beside: Mapping[str, str] = field(default_factory=dict)


EXAMPLES = (
    Example(
        "action",
        r"\bDRIP\b",
        beside={
            "scrip/replay/derive.py": "what the replay finds in a stock's prices",
            "scrip/replay/events.py": "what the replay reads of a stock's history",
            "scrip/local/furnish.py": "the dividend that a desk begins with",
        },
    ),
    Example("network", r"\bsepolia\b", {"NETWORK": "sepolia"}, (*CODE, "manifests/sepolia.yaml")),
    Example(
        "bound",
        r"(?m)^(?:pub const )?MAX_SPLIT\b[^\n=]*=|^_?MAX_SPLIT: constant",
        {"STEM": "actions|shared", "MODULE": r"\w+"},
    ),
    Example(
        "role",
        r"\b(?:UNPAUSER|unpauser|Unpauser)\b",
        {
            "STEM": "actions|dividends|feeds|fleet|market|offers|subscriptions|token",
            "CONTRACT": r"\w+",
            "NAME": "resume|resume_market|resync_multiplier",
            "NETWORK": "[a-z-]+",
        },
        (*CODE, "manifests/"),
        beside={"scrip/flows/actions.py": "the sender of what no instruction is"},
    ),
    Example(
        "instruction",
        r"\b(?:PauseMarket|pause_market)\b",
        {"STEM": "market", "NAME": "pause_market"},
        ("scrip/", "scripts/", "programs/stock-token/src/"),
    ),
    Example(
        "field",
        r"\bsanctions_oracle\b",
        {},
        ("scrip/", "scripts/", "manifests/schema.json"),
        beside={
            "scrip/flows/sanctions.py": "an error of who asks the oracle, which names the field",
            "scrip/manifest/keys.py": "on Solana it is a key, which is kept apart from others",
            "scrip/solana/deploy/settings.py": "on Solana the order is a step of its own",
            "scrip/solana/deploy/deployment.py": "the same",
            "scrip/solana/deploy/sanctions.py": "the same",
            "scrip/flows/list_files.py": "who signs a list there, and an error of who looks somebody up in it",
            "scrip/solana/audit/issuer.py": "what the audit of the other kind of chain reads",
        },
    ),
)


@cache
def names() -> tuple[str, ...]:
    """The project's files, as paths from its root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(sorted(name for name in set(listing.split("\0")) if name and (ROOT / name).is_file()))


@cache
def lists() -> Mapping[str, list[str]]:
    return changes.lists((ROOT / changes.PAGE).read_text(encoding="utf-8"))


@cache
def code(name: str) -> str:
    """A file without what is written in it for people."""
    suffix = Path(name).suffix.replace(".vyi", ".vy")
    text = (ROOT / name).read_text(encoding="utf-8")
    return NOTES[suffix].sub("", text) if suffix in NOTES else text


def matching(path: str, meant: Mapping[str, str]) -> set[str]:
    """The project's files that a path of the lists stands for, where its words in capitals are `meant` so."""
    parts = re.split(rf"({WORD.pattern})", path)
    pattern = "".join(
        f"(?:{meant.get(part, MEANT.get(part, '[a-z][a-z0-9_-]*'))})" if WORD.fullmatch(part) else re.escape(part)
        for part in parts
    )
    return {name for name in names() if re.fullmatch(pattern, name)}


ROW = re.compile(r"^\| ((?:`[^`]+` ?)+)\|", re.MULTILINE)
"""A layer in the page's table: what stands in it, as paths."""


def layers() -> list[tuple[str, ...]]:
    """The layers of the page, from the bottom up: paths of files, or of folders with a slash at the end."""
    page = (ROOT / changes.PAGE).read_text(encoding="utf-8")
    return [tuple(re.findall(r"`([^`]+)`", found)) for found in ROW.findall(page)]


def layer_of(path: str) -> int | None:
    """The layer that a file stands in, by the longest path of the table that it begins with; None for none."""
    known = [(len(start), place) for place, row in enumerate(layers()) for start in row if path.startswith(start)]
    return max(known)[1] if known else None


def test_a_module_imports_from_its_own_layer_and_those_below() -> None:
    imported = imports.read(ROOT, "scrip")
    place = {module: layer_of(path) for module, path in imported.files.items()}
    assert {module for module, found in place.items() if found is None} == {"scrip"}
    upwards = [
        f"{where}: {module} imports {other}"
        for module, targets in imported.modules.items()
        for other, where in targets.items()
        if place[module] is not None and place[other] is not None and place[module] < place[other]
    ]
    assert upwards == []


def test_neither_kind_of_chain_imports_the_other() -> None:
    imported = imports.read(ROOT, "scrip")
    kinds = ("scrip.evm", "scrip.solana")
    across = [
        (module, other)
        for module, targets in imported.modules.items()
        for other in targets
        if module.startswith(kinds) and other.startswith(kinds) and module.split(".")[1] != other.split(".")[1]
    ]
    assert across == []


@pytest.mark.parametrize("kind", changes.KINDS)
def test_every_listed_file_is_there(kind: str) -> None:
    assert [path for path in lists()[kind] if not matching(path, {})] == []


@pytest.mark.parametrize("kind", [example.kind for example in EXAMPLES])
def test_an_example_stands_in_the_listed_files_and_in_no_others(kind: str) -> None:
    example = next(one for one in EXAMPLES if one.kind == kind)
    looked = {
        name
        for name in names()
        if name.startswith(example.roots) and (Path(name).suffix in SUFFIXES or name in example.roots)
    }
    found = {name for name in looked if re.search(example.words, code(name))}
    listed = {path: matching(path, example.names) & looked for path in lists()[kind] if not changes.is_test(path)}
    assert found - set().union(*listed.values()) - set(example.beside) == set(), "named, and not listed"
    there = {path for path in listed if path.startswith(example.roots)}
    assert {path for path in there if not listed[path] & found} == set(), "listed, and not named"
    assert set(example.beside) <= found, "an exception of nothing"


def test_the_page_has_a_list_of_each_kind() -> None:
    assert list(changes.check(lists())) == []
    assert list(lists()) == list(changes.KINDS)


def test_what_is_counted(record_property: pytest.RecordProperty) -> None:
    counts = changes.counts(lists())
    record_property("summary", "files that a change touches: " + ", ".join(f"{kind} {n}" for kind, n in counts.items()))
    assert all(counts.values())
