"""How long the desk waits, measured on chains of this machine (``make bench``): build/bench_desk.json.

`halt_s` is a halt by `ape run`, asked for in the middle of an onboarding of 1,000 rows, until it stands and is
recorded; `show_s` is `stock show`; `onboard_evm_ms` and `onboard_solana_ms` are an onboarding by `ape run`, a row.
`site_s`, `watch_s` and `holders_s` are tools/bench_looking.py's.
`first_picture_s` is `make demo` from a clone, of which nothing is built and nothing set up, until the picture stands;
what package managers and Cargo have downloaded before stays in their caches.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools"), str(ROOT / "tests"), str(ROOT / "tests" / "solana")]

from bench_looking import TARGETS as LOOKING  # noqa: E402
from bench_looking import looking  # noqa: E402
from eth_utils import keccak  # noqa: E402
from solana_network_world import deployed_solana_world  # noqa: E402
from support.network_world import deployed_world  # noqa: E402

from scrip.evm.accounts import local_account  # noqa: E402
from scrip.solana.addresses import local_address  # noqa: E402

WRITTEN = ROOT / "build" / "bench_desk.json"
ROWS, SOLANA_ROWS = 1_000, 400
TARGETS = {"halt_s": 3.0, "show_s": 1.5, "onboard_evm_ms": 16.7, "onboard_solana_ms": 25.0, "first_picture_s": 180.0}
TARGETS |= LOOKING
"""On two cores that do nothing else."""
DEADLINE = 1_800
"""Seconds within which the picture has to stand."""


class Desk:
    """`ape run` in a folder of its own, against one node."""

    def __init__(self, folder: Path, variable: str, url: str) -> None:
        self.folder = folder
        self._environment = os.environ | {variable: url, "PYTHONPATH": str(ROOT)}
        for name in ("scripts", "ape-config.yaml", "manifests"):
            if not (folder / name).exists():
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


def looked_up() -> dict[str, float]:
    """A page, a round of the watch and a stock's holders, of many."""
    return looking(lambda folder, url, line: Desk(folder, "SCRIP_LOCAL_RPC", url).took(line))


def first_picture() -> dict[str, float]:
    """From a clone of what is committed to the first picture of the demonstration, which is ended there."""
    with tempfile.TemporaryDirectory() as name:
        clone = Path(name) / "scrip"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        picture, log, started = clone / "build" / "demo.png", Path(name) / "log", time.monotonic()
        with log.open("wb") as said:
            demo = subprocess.Popen(
                ["make", "demo"], cwd=clone, env=_plain(), stdout=said, stderr=subprocess.STDOUT, start_new_session=True
            )
        try:
            while not picture.is_file():
                if demo.poll() is not None or time.monotonic() > started + DEADLINE:
                    raise SystemExit(f"make demo came to no picture:\n{log.read_text(errors='replace')[-2_000:]}")
                time.sleep(0.1)
            return {"first_picture_s": time.monotonic() - started}
        finally:
            if demo.poll() is None:
                # It ends the compilers that it started, which a signal to its group does not reach.
                os.killpg(demo.pid, signal.SIGINT)
                demo.wait()


def _plain() -> dict[str, str]:
    """The environment without what make and this clone's own .venv put into it."""
    own = str(ROOT / ".venv")
    path = os.pathsep.join(one for one in os.environ["PATH"].split(os.pathsep) if not one.startswith(own))
    hidden = ("MAKE", "MFLAGS", "VIRTUAL_ENV", "PYTHON", "CARGO_TARGET")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)} | {"PATH": path}


def main() -> None:
    """Measure, write, and say what is over its target."""
    found = {name: round(value, 2) for name, value in {**evm(), **solana(), **looked_up(), **first_picture()}.items()}
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(json.dumps(found, indent=2) + "\n")
    for name, target in TARGETS.items():
        value = found[name]
        print(f"{name:18} {value:8.2f}  target {target:g}{'' if value <= target else '  OVER'}")
    print("first_picture_s is of `make demo` in a clone of what is committed, with the caches of packages as they are")


if __name__ == "__main__":
    main()
