"""How long the desk waits, measured on chains of this machine (``make bench``): build/bench_desk.json.

`halt_s` is a halt by `ape run`, asked for in the middle of an onboarding of 1,000 rows, until it stands and is
recorded; `show_s` is `stock show`; `onboard_evm_ms` and `onboard_solana_ms` are an onboarding by `ape run`, a row.
`first_picture_s` is what the last demonstration noted, and is left out where it noted nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "solana")]

from eth_utils import keccak  # noqa: E402
from solana_network_world import deployed_solana_world  # noqa: E402
from support.network_world import deployed_world  # noqa: E402

from scrip.evm.accounts import local_account  # noqa: E402
from scrip.solana.addresses import local_address  # noqa: E402

WRITTEN = ROOT / "build" / "bench_desk.json"
ROWS, SOLANA_ROWS = 1_000, 400
TARGETS = {"halt_s": 3.0, "show_s": 1.5, "onboard_evm_ms": 16.7, "onboard_solana_ms": 25.0, "first_picture_s": 180.0}
"""On two cores that do nothing else."""
PICTURE = "first_picture_s"


class Desk:
    """`ape run` in a folder of its own, against one node."""

    def __init__(self, folder: Path, variable: str, url: str) -> None:
        self.folder = folder
        self._environment = os.environ | {variable: url, "PYTHONPATH": str(ROOT)}
        for name in ("scripts", "ape-config.yaml", "manifests"):
            (folder / name).symlink_to(ROOT / name)

    def start(self, line: str) -> subprocess.Popen[bytes]:
        """A command that runs by itself."""
        command = [str(Path(sys.executable).with_name("ape")), "run", *line.split()]
        return subprocess.Popen(command, cwd=self.folder, env=self._environment, stdout=subprocess.DEVNULL)

    def took(self, line: str) -> float:
        """Seconds of a command that has to end well."""
        started = time.monotonic()
        if (code := self.start(line).wait()) != 0:
            raise SystemExit(f"ape run {line}: exit {code}")
        return time.monotonic() - started

    def write(self, name: str, wallets: list[str]) -> None:
        """A file of investors."""
        rows = [f"{name}-{n},{wallet},CH,professional,2029-12-31" for n, wallet in enumerate(wallets)]
        (self.folder / f"{name}.csv").write_text("\n".join(["investor,wallet,country,class,expiry", *rows]))


def evm() -> dict[str, float]:
    """A halt in the middle of an onboarding, a view, and an onboarding by itself."""
    with tempfile.TemporaryDirectory() as name, deployed_world(Path(name)) as world:
        desk = Desk(Path(name), "SCRIP_LOCAL_RPC", world.url)
        for batch in ("first", "second"):
            desk.write(batch, ["0x" + keccak(text=f"{batch} {n}")[12:].hex() for n in range(ROWS)])
        onboarding = desk.took("compliance onboard first.csv --apply --yes")
        show = min(desk.took("stock show MSFT") for _ in range(3))
        node, sender = world.open().node, local_account("compliance-desk").address
        before = node.nonce(sender)
        process = desk.start("compliance onboard second.csv --apply --yes")
        while node.nonce(sender) < before + 2:
            time.sleep(0.01)
        halt = desk.took("emergency halt --apply --yes")
        if process.wait() != 0 or not world.open().views().halted():
            raise SystemExit("the onboarding or the halt did not end well")
    return {"halt_s": halt, "show_s": show, "onboard_evm_ms": 1_000 * onboarding / ROWS}


def solana() -> dict[str, float]:
    """An onboarding by itself."""
    with tempfile.TemporaryDirectory() as name, deployed_solana_world(Path(name)) as world:
        desk = Desk(Path(name), "SCRIP_SOLANA_LOCAL_RPC", world.served.url)
        desk.write("rows", [str(local_address(f"row {n}")) for n in range(SOLANA_ROWS)])
        onboarding = desk.took("compliance onboard rows.csv --network solana-local --apply --yes")
    return {"onboard_solana_ms": 1_000 * onboarding / SOLANA_ROWS}


def first_picture() -> dict[str, float]:
    """What the demonstration noted of its last run; nothing where it has not run, or did not measure that."""
    noted = ROOT / "build" / "demo.json"
    found = json.loads(noted.read_text()).get(PICTURE) if noted.is_file() else None
    return {} if found is None else {PICTURE: float(found)}


def main() -> None:
    """Measure, write, and say what is over its target."""
    found = {name: round(value, 2) for name, value in {**evm(), **solana(), **first_picture()}.items()}
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(json.dumps(found, indent=2) + "\n")
    for name, target in TARGETS.items():
        value = found.get(name)
        said = "not measured: the demonstration noted none" if value is None else f"{value:8.2f}  target {target:g}"
        print(f"{name:18} {said}{'' if value is None or value <= target else '  OVER'}")


if __name__ == "__main__":
    main()
