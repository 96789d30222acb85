"""Whatever becomes of a manifest, it is loaded or refused: one change of any node, or of any line, never crashes."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manifest_files import MANIFESTS

from scrip.errors import InputError, InputErrors
from scrip.manifest import Manifest, load, resolve
from scrip.manifest.describe import describe
from scrip.manifest.document import read

NAMES = ("local", "mainnet", "solana-mainnet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("spoiled")
    shutil.copytree(MANIFESTS / "presets", place / "presets")
    return place


def plain(name: str) -> object:
    """A shipped manifest as JSON, which is YAML."""
    return json.loads(json.dumps(read(MANIFESTS / f"{name}.yaml").value))


def places(value: object, where: tuple = ()) -> list[tuple]:
    """Every node below the top, by its keys and positions."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in inner for place in [(*where, key), *places(item, (*where, key))]]


PLACES = {name: places(plain(name)) for name in NAMES}
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(["safe", "deployer", "mock", "", "0", "24h", "XNYS", "US", "BLOCKLIST", "solana", "0x" + "0" * 40]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def spoil(tree: object, where: tuple, change: str, value: object) -> None:
    """Take a node away, put another in its place, or another beside it."""
    for step in where[:-1]:
        tree = tree[step]
    if change == "delete":
        del tree[where[-1]]
    elif change == "replace":
        tree[where[-1]] = value
    elif isinstance(tree, dict):
        tree[str(value)] = tree[where[-1]]
    else:
        tree.append(value)


def loaded(path: Path) -> Manifest | None:
    """The manifest, or None when it is refused as it should be: with its file, and each error with a line and words."""
    try:
        return load(path)
    except InputErrors as several:
        errors, least = several.errors, 1
    except InputError as error:
        errors, least = (error,), 0
    last = path.read_bytes().count(b"\n") + 1
    for error in errors:
        assert error.message
        assert (error.file, least <= error.line <= last) == (str(path), True)
    return None


@given(
    name=st.sampled_from(NAMES), data=st.data(), change=st.sampled_from(["delete", "replace", "beside"]), value=VALUES
)
def test_a_node_changed(folder: Path, name: str, data: st.DataObject, change: str, value: object) -> None:
    tree = plain(name)
    spoil(tree, data.draw(st.sampled_from(PLACES[name])), change, value)
    path = folder / f"{name}.yaml"
    path.write_text(json.dumps(tree, indent=1, ensure_ascii=False, allow_nan=True), encoding="utf-8", errors="replace")
    if (manifest := loaded(path)) is not None:
        for ticker in manifest.stocks:
            assert resolve(manifest, ticker).policy in ("ALLOWLIST", "BLOCKLIST")
        assert list(describe(manifest))


@pytest.mark.parametrize("where", PLACES["local"], ids=lambda where: ".".join(map(str, where)))
def test_a_node_taken_away(folder: Path, where: tuple) -> None:
    tree = plain("local")
    spoil(tree, where, "delete", None)
    path = folder / "local.yaml"
    path.write_text(json.dumps(tree, indent=1))
    manifest = loaded(path)
    assert manifest is None or manifest != load(MANIFESTS / "local.yaml") or is_default(where)


def is_default(where: tuple) -> bool:
    """Nodes of local.yaml that say what would hold without them."""
    return where in DEFAULTS


DEFAULTS = {
    ("corporate_actions", "split_notice"),
    ("corporate_actions", "dividend_announce_notice"),
    ("corporate_actions", "dividend_strike_notice"),
    ("corporate_actions", "correction_notice"),
    ("corporate_actions", "grace"),
    ("limits", "batch"),
}


@given(
    line=st.integers(0, MANIFESTS.joinpath("local.yaml").read_text().count("\n") - 1),
    text=st.text(max_size=40)
    | st.sampled_from(["---", "  - x", "\t", "&a", "*a", "<<: {}", "? x", "'", '"', "{", "!!set"]),
    instead=st.booleans(),
)
def test_a_line_changed(folder: Path, line: int, text: str, instead: bool) -> None:
    lines = MANIFESTS.joinpath("local.yaml").read_text().splitlines()
    lines[line : line + instead] = [text]
    path = folder / "local.yaml"
    path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    loaded(path)


@given(st.binary(max_size=200))
def test_any_bytes(folder: Path, content: bytes) -> None:
    path = folder / "local.yaml"
    path.write_bytes(content)
    assert loaded(path) is None
