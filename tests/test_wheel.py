"""The wheel as an integrator gets it: installed in an environment of its own, with nothing beside it."""

import json
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from eth_utils import keccak
from support.edited_sources import VERSION_2, edited

from scrip.evm.compiled.artifacts import artifact, deployables, source
from scrip.evm.compiled.layout import COMMITTED

ROOT = Path(__file__).resolve().parent.parent
BUILD = "import sys; sys.path.insert(0, 'tools/wheel'); import scrip_wheel; print(scrip_wheel.build_{}(sys.argv[1]))"
TUTORIAL = """
import doctest, re, sys
blocks = re.findall(r"^```python\\n(.*?)^```", open(sys.argv[1], encoding="utf-8").read(), flags=re.M | re.S)
names = {}
failed = run = 0
for block in blocks:
    if block.startswith(">>>"):
        runner = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
        runner.run(doctest.DocTestParser().get_doctest(block, names, "tutorial", None, 0), clear_globs=False)
        failed, run = failed + runner.failures, run + runner.tries
        names |= runner.test.globs
    else:
        exec(compile(block, "tutorial", "exec"), names)
print(len(blocks), run, failed, names["ins"].__file__)
"""
UPGRADE = """
import sys
from pathlib import Path
sys.path.append(sys.argv[1])  # what the package needs; the package itself comes first
from scrip.evm.compiled.layout import COMMITTED, read_layout
from scrip.evm.compiled.release import Release
from scrip.evm.deploy.upgrade import check_release
for sources in sys.argv[2:]:
    print(*[finding.field for finding in check_release(read_layout(COMMITTED), Release.of(Path(sources)))] or ["fits"])
print(COMMITTED)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wheel"), "wheel")


def built(folder: Path, kind: str, root: Path = ROOT) -> Path:
    """As a build front end asks the project's backend for it."""
    said = subprocess.run(
        [sys.executable, "-c", BUILD.format(kind), folder], cwd=root, check=True, capture_output=True, text=True
    )
    return folder / said.stdout.split()[-1]


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a clean environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True)
    found = folder / "bin" / "python"
    command = [found, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run(command, check=True, cwd=folder, capture_output=True)
    return found


def test_the_wheel_holds_the_interfaces_and_its_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    vyi = {path.name for path in (ROOT / "contracts" / "interfaces").glob("*.vyi")}
    deployable = set(deployables())
    assert {f"scrip/interfaces/vyi/{name}" for name in vyi} <= names
    assert {f"scrip/interfaces/abi/{name}.json" for name in deployable} <= names
    assert {f"scrip/interfaces/{name}.json" for name in ("idl/stock_token", "layout/StockToken")} <= names
    assert "scrip/py.typed" in names
    assert not any("mock" in name.lower() for name in names if "interfaces" in name)


def test_the_tutorial_does_what_it_says_on_the_installed_wheel(python: Path) -> None:
    said = subprocess.run(
        [python, "-I", "-c", TUTORIAL, ROOT / "docs" / "tutorial.md"], cwd=python.parent, capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr
    blocks, run, failed, place = said.stdout.split()[-4:]
    assert (int(blocks), int(run), int(failed)) == (4, 6, 0), said.stdout
    assert place.startswith(str(python.parent.parent)), "another scrip than the installed one"


def test_the_tutorial_has_ten_lines() -> None:
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    assert len(text.split("```python\n")[2].split("```")[0].splitlines()) == 10


def test_a_stocks_interface_has_both_halves(python: Path) -> None:
    program = """
from scrip import interfaces
names = [entry.get("name") for entry in interfaces.abi("StockToken")]
print(sum(name == "transfer" for name in names), sum(name == "forcedBurn" for name in names))
print(sum(entry["type"] == "constructor" for entry in interfaces.abi("StockToken")))
"""
    said = subprocess.run([python, "-I", "-c", program], cwd=python.parent, check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["1", "1", "1"]


def test_a_stocks_interface_has_the_errors_that_its_code_raises(python: Path) -> None:
    """As a client decodes them: an error for each selector that erc_errors.vy raises, and for no other."""
    program = "import json; from scrip import interfaces; print(json.dumps(interfaces.abi('StockToken')))"
    said = subprocess.run([python, "-I", "-c", program], cwd=python.parent, check=True, capture_output=True, text=True)
    errors = [entry for entry in json.loads(said.stdout) if entry["type"] == "error"]
    listed = {f"{one['name']}({','.join(given['type'] for given in one['inputs'])})" for one in errors}
    raised = set(re.findall(r'method_id\("(\w+\([a-z0-9,]*\))"\)', source("erc_errors").read_text(encoding="utf-8")))
    assert len(errors) == len(listed) == 11
    assert listed == raised
    code = artifact("StockToken").runtime + artifact("StockExtension").runtime
    assert all(keccak(text=signature)[:4].lstrip(b"\0") in code for signature in listed)
    assert {one["name"]: [given["name"] for given in one["inputs"]] for one in errors}["ERC2612InvalidSigner"] == [
        "signer",
        "owner",
    ]


def test_answers_that_come_several_at_once_have_names(python: Path) -> None:
    """As a client shows them; a stock's from either half."""
    program = """
import json
from scrip import interfaces
answers = {}
for contract in interfaces.contracts():
    for entry in interfaces.abi(contract):
        if len(entry.get("outputs", ())) > 1:
            answers[contract, entry["name"]] = [one["name"] for one in entry["outputs"]]
assert all(name for names in answers.values() for name in names), answers
print(json.dumps([answers["StockToken", "caseOf"], answers["ReserveFeed", "basis"]]))
"""
    said = subprocess.run([python, "-I", "-c", program], cwd=python.parent, check=True, capture_output=True, text=True)
    assert json.loads(said.stdout) == [["reason", "document"], ["num", "den", "counter"]]


def test_a_name_that_is_not_there_is_said(python: Path) -> None:
    program = "from scrip import interfaces; interfaces.abi('../secret')"
    said = subprocess.run([python, "-I", "-c", program], cwd=python.parent, capture_output=True, text=True)
    assert "KeyError: 'abi/../secret.json is not among the interfaces" in said.stderr


def test_the_storage_layout_is_the_committed_one(python: Path) -> None:
    program = "import json; from scrip import interfaces; print(json.dumps(interfaces.layout('StockToken')))"
    said = subprocess.run([python, "-I", "-c", program], cwd=python.parent, check=True, capture_output=True, text=True)
    assert json.loads(said.stdout) == json.loads(COMMITTED.read_text(encoding="utf-8"))


def test_a_release_is_checked_with_the_data_of_the_installed_package(python: Path) -> None:
    """The sources of a release are all that it takes besides; those that it replaces are not needed."""
    moved = {"token_config": (("PAUSED: constant(uint256) = 1 << 168", "PAUSED: constant(uint256) = 1 << 172"),)}
    releases = [edited("version-2", VERSION_2), edited("paused-elsewhere", moved)]
    said = subprocess.run(
        [python, "-I", "-c", UPGRADE, sysconfig.get_path("purelib"), *releases],
        cwd=python.parent,
        check=True,
        capture_output=True,
        text=True,
    )
    good, bad, place = said.stdout.splitlines()
    assert (good, bad) == ("fits", "words.token_config.PAUSED")
    assert place.startswith(str(python.parent.parent))


def test_a_wheel_from_the_source_archive_holds_the_same(wheel: Path, tmp_path: Path) -> None:
    import tarfile

    archive = built(tmp_path, "sdist")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    again = built(tmp_path, "wheel", tmp_path / archive.name.removesuffix(".tar.gz"))
    assert set(zipfile.ZipFile(again).namelist()) == set(zipfile.ZipFile(wheel).namelist())
