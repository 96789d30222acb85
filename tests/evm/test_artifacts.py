"""A kept artifact is that of the present sources, however deep a change lies, and needs no compiler."""

import json
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from scrip.errors import InputError
from scrip.evm import mocks, outside
from scrip.evm.compiled import artifacts
from scrip.evm.compiled.artifacts import abi, artifact
from scrip.evm.encoding.abi import Abi
from scrip.evm.local.boa_loader import deployer

VERSION = "# pragma version ==0.4.3\n"
TOP = f"{VERSION}import middle\nstored: uint256\n@external\ndef answer() -> uint256:\n    return middle._answer()\n"
MIDDLE = f"{VERSION}import bottom\ndef _answer() -> uint256:\n    return bottom.ANSWER\n"
BOTTOM = f"{VERSION}ANSWER: constant(uint256) = "


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "contracts"
    folder.mkdir()
    (folder / "Top.vy").write_text(TOP)
    (folder / "middle.vy").write_text(MIDDLE)
    (folder / "bottom.vy").write_text(f"{BOTTOM}41\n")
    return folder


def found(sources: Path) -> artifacts.Artifact:
    """As another process finds it."""
    artifact.cache_clear()
    return artifact("Top", sources)


def test_a_change_in_a_module_of_a_module_is_compiled(sources: Path) -> None:
    first = found(sources)
    (sources / "bottom.vy").write_text(f"{BOTTOM}42\n")
    second = found(sources)
    assert first.initcode != second.initcode
    assert found(sources) == second


def test_a_kept_artifact_is_what_was_compiled(sources: Path) -> None:
    first = found(sources)
    kept = sources.parent / "artifacts" / "Top.json"
    before = kept.stat().st_mtime_ns
    assert found(sources) == first
    assert kept.stat().st_mtime_ns == before
    assert [entry["name"] for entry in first.abi] == ["answer"]
    assert set(first.layout["storage_layout"]) == {"stored"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 0}'])
def test_a_kept_file_that_is_none_is_written_again(sources: Path, text: str) -> None:
    first = found(sources)
    kept = sources.parent / "artifacts" / "Top.json"
    whole = kept.read_text()
    kept.write_text(text)
    assert found(sources) == first
    assert kept.read_text() == whole


def test_another_compiler_is_another_artifact(sources: Path) -> None:
    found(sources)
    kept = sources.parent / "artifacts" / "Top.json"
    entry = json.loads(kept.read_text())
    kept.write_text(json.dumps(entry | {"compiler": "vyper 0.4.2", "initcode": "0x00"}))
    assert found(sources).initcode != b"\0"


def test_what_was_read_is_what_is_kept_though_a_source_changes_meanwhile(sources: Path, monkeypatch) -> None:
    """The digest is of the text that was compiled, not of what stands there afterwards."""
    keep = artifacts._keep

    def edit_and_keep(*args: object) -> None:
        (sources / "bottom.vy").write_text(f"{BOTTOM}42\n")
        keep(*args)

    with monkeypatch.context() as patch:
        patch.setattr(artifacts, "_keep", edit_and_keep)
        old = found(sources)
    assert found(sources).initcode != old.initcode


def test_an_unknown_contract_is_an_input_error() -> None:
    with pytest.raises(InputError, match=r"contract: is no contract of the project \(got 'Nothing'\)"):
        artifact("Nothing")


def test_an_interface_has_an_abi_and_no_code() -> None:
    functions = {entry["name"] for entry in abi("IStablecoin")}
    assert functions == {
        *("decimals", "totalSupply", "balanceOf", "allowance"),
        *("approve", "transfer", "transferFrom"),
    }
    with pytest.raises(InputError, match="is an interface, of which there is no code"):
        artifact("IStablecoin")


@pytest.mark.parametrize(
    ("mock", "interface"),
    [
        (mocks.STABLECOIN, outside.STABLECOIN),
        (mocks.RESERVE_ORACLE, outside.RESERVE_ORACLE),
        (mocks.SANCTIONS_ORACLE, outside.SANCTIONS_ORACLE),
    ],
)
def test_a_mock_has_every_function_of_its_interface_and_more(mock: str, interface: str) -> None:
    full, needed = Abi(mock, abi(mock)), Abi(interface, abi(interface))
    wanted = [needed.function(one["name"], len(one["inputs"])) for one in needed.entries()]
    assert [full.function(one.name, len(one.inputs)) for one in wanted] == wanted
    assert len(list(full.entries())) > len(wanted)


def test_no_contract_is_named_a_mock_but_in_one_place() -> None:
    """What an issuer's commands call on a real chain, they call by an interface."""
    package = Path(artifacts.__file__).parents[1]
    naming = [path.name for path in package.rglob("*.py") if re.search(r"\bMock[A-Z]", path.read_text())]
    assert naming == ["mocks.py"]
    named = {mocks.STABLECOIN, mocks.RESERVE_ORACLE, mocks.PRICE_SOURCE, mocks.SANCTIONS_ORACLE, mocks.VERIFIER}
    assert named == set(artifacts.mocks())


def test_titanoboa_compiles_to_the_same_code() -> None:
    warnings.filterwarnings("ignore", message="Use of large arrays")
    for name in ("StockBeacon", "StockProxy", "MockStablecoin"):
        assert deployer(name).compiler_data.bytecode == artifact(name).initcode
        assert deployer(name).compiler_data.bytecode_runtime == artifact(name).runtime


def test_a_network_opens_without_compiler_ape_or_web3() -> None:
    artifact("StockToken")
    script = (
        "import sys; import scrip.executor; from scrip.evm.compiled.artifacts import artifact; artifact('StockToken');"
        "print([name for name in ('boa', 'vyper', 'ape', 'web3') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
